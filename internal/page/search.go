package page

import (
	"cmp"

	"github.com/a-h/templ"

	"lectern/internal/note"
	"lectern/internal/site"
)

// SearchFolder is where the files of the search index belong that may be kept
// for ever: beside the theme's.
const SearchFolder = assetFolder + "search/"

// SearchEntry is where its entry belongs, which names them. It does not lie with
// them, for hosts are told to let browsers keep whatever is there.
func (r *Renderer) SearchEntry() string {
	if dir := r.cfg.LanguageDir; dir != "" {
		return dir + "/" + searchEntry
	}
	return searchEntry
}

const searchEntry = "search-index.bin"

// SearchPrefix sets the files of one language apart from the others'.
func (r *Renderer) SearchPrefix() string {
	if r.many {
		return r.cfg.LanguageKey + "-"
	}
	return ""
}

func (v *view) searchIndex() templ.SafeURL {
	return v.rel("/" + v.r.SearchEntry())
}

// SearchWords are the words that the search's script shows, by its names for them.
func (r *Renderer) SearchWords() map[string]string {
	w := r.words
	return map[string]string{
		"type": w.searchType, "none": w.searchNone, "one": w.nResults.one, "many": w.nResults.other,
		"more": w.searchMore, "keys": w.searchKeys, "page": w.searchPage,
	}
}

// SectionKind is the label that search shows with a result below a heading of
// the mark.
func (r *Renderer) SectionKind(m note.Mark) string {
	switch m {
	case note.Questions:
		return r.words.markQuestions
	case note.People:
		return r.words.markPeople
	}
	return ""
}

func (v *view) searches() bool { return !v.r.cfg.Search.Off }

// searchURL is the page for searching, "" where there is none.
func (v *view) searchURL() templ.SafeURL {
	if at := v.pass.searchURL(); at != "" {
		return v.rel(at)
	}
	return ""
}

func (p *Pass) searchURL() string {
	if pg := p.special(site.Search, p.site.Home); pg != nil {
		return pg.URL
	}
	return ""
}

// describesSearch reports whether browsers can be told to search the site: they
// want to know its address.
func (p *Pass) describesSearch() bool { return p.r.known && p.searchURL() != "" }

// openSearchPath is the file that tells them.
func (p *Pass) openSearchPath() string {
	if dir := p.r.cfg.LanguageDir; dir != "" {
		return dir + "/opensearch.xml"
	}
	return "opensearch.xml"
}

func (v *view) offersSearch() bool {
	return v.page != nil && (v.page.Kind == site.Home || v.page.Kind == site.Search) && v.pass.describesSearch()
}

// writeOpenSearch describes the search to browsers, as OpenSearch 1.1 has it.
func (p *Pass) writeOpenSearch(s *sheet) {
	name := []rune(p.siteTitle())
	b := append(s.own, xmlHeader+`<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">`...)
	b = appendElement(b, "ShortName", string(name[:min(len(name), 16)])) // the standard allows no more
	b = appendElement(b, "LongName", string(name[:min(len(name), 48)]))
	b = appendElement(b, "Description", cmp.Or(plain(p.r.cfg.Description), p.siteTitle()))
	b = appendElement(b, "InputEncoding", "UTF-8")
	b = append(b, `<Url type="text/html" template="`...)
	b = appendXML(b, absolute(p.r.base, p.searchURL())+"?q={searchTerms}")
	s.own = append(b, "\"/></OpenSearchDescription>\n"...)
}

func (p *Pass) hashSearchPage(h *hash) {
	p.hashClouds(h)
	for _, sec := range p.site.Home.Sections {
		hashLink(h, sec)
	}
}

// searchAssets are what searching loads.
func (p *Pass) searchAssets() []assetID {
	if p.r.cfg.Search.Off {
		return nil
	}
	return []assetID{searchJS, searchCSS}
}
