package page

import (
	"html"
	"strings"

	"lectern/internal/site"
)

// shortcut is one entry of a configured menu, shown below the sections.
type shortcut struct {
	text, icon string
	// after is the icon behind the words.
	after string
	level int
	// url begins at the site's root or is complete.
	url string
}

// unsafeScheme reports whether a link to url would run something.
func unsafeScheme(url string) bool {
	scheme, _, ok := strings.Cut(url, ":")
	if !ok || strings.ContainsAny(scheme, "/?#") {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(scheme)) {
	case "http", "https", "mailto", "tel", "matrix", "xmpp", "irc", "ircs":
		return false
	}
	return true
}

// pageAt returns the page that a pageRef means: its address, or the path of
// its file below the content folder.
func (p *Pass) pageAt(ref string) *site.Page {
	ref = strings.TrimSuffix(strings.TrimSuffix(strings.Trim(ref, "/"), ".md"), "/_index")
	url := strings.ToLower(p.site.Home.URL + ref)
	for _, pg := range p.site.Pages {
		if pg.Unlisted {
			continue
		}
		if strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(pg.URL), "/"), ".html") == strings.TrimSuffix(url, "/") {
			return pg
		}
	}
	return nil
}

// hashMenuFrame covers what every menu shows besides its lines.
func (p *Pass) hashMenuFrame() uint64 {
	h := hash(p.r.key)
	for _, tax := range p.taxonomies() {
		hashLink(&h, tax)
	}
	for _, menu := range p.shortcuts() {
		h.str(menu.title)
		h.num(uint64(len(menu.entries)))
		for _, s := range menu.entries {
			h.num(uint64(s.level))
			h.str(s.text)
			h.str(s.url)
			h.str(s.icon)
			h.str(s.after)
		}
	}
	return uint64(h)
}

// taxonomies returns those that have terms and a page.
func (p *Pass) taxonomies() []*site.Page {
	if !p.r.html[site.Taxonomy] {
		return nil
	}
	var out []*site.Page
	for _, tax := range p.site.Taxonomies {
		if len(tax.Members) > 0 {
			out = append(out, tax)
		}
	}
	return out
}

// plain returns the text of a short piece of HTML, such as a menu's name:
// Relearn's users write icons into them.
func plain(s string) string {
	var b strings.Builder
	for s != "" {
		text, rest, ok := strings.Cut(s, "<")
		b.WriteString(text)
		if !ok {
			break
		}
		if _, s, ok = strings.Cut(rest, ">"); !ok {
			break
		}
	}
	return strings.TrimSpace(html.UnescapeString(b.String()))
}
