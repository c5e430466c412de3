package page

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lectern/internal/config"
	"lectern/internal/markdown"
	"lectern/internal/site"
)

// formatWords are the words about other forms of a page.
type formatWords struct{ day, asPrint, asMarkdown, asSource string }

// asks reports whether the site, or the page's own front matter, asks for one
// of Relearn's outputs: print, markdown, source.
func (r *Renderer) asks(pg *site.Page, format string) bool {
	if own := config.Texts(config.OwnParam(front(pg), "outputs")); own != nil {
		return slices.ContainsFunc(own, func(s string) bool { return strings.EqualFold(s, format) })
	}
	formats, given := r.cfg.Outputs[pg.Kind.String()]
	return given && slices.Contains(formats, format)
}

// isContent is true for the pages that Relearn has further outputs for.
func isContent(pg *site.Page) bool {
	return pg.Kind == site.Home || pg.Kind == site.Section || pg.Kind == site.Single
}

// hasMarkdown reports whether pg stands there as Markdown too: because programs
// shall read it, or because the site asks for it.
func (p *Pass) hasMarkdown(pg *site.Page) bool {
	return isContent(pg) && p.r.html[pg.Kind] && (p.writesMarkdown && !pg.Unlisted || p.r.asks(pg, "markdown"))
}

func (p *Pass) hasPrint(pg *site.Page) bool {
	return isContent(pg) && p.r.html[pg.Kind] && p.r.asks(pg, "print")
}

func (p *Pass) hasSource(pg *site.Page) bool {
	return pg.Note != nil && isContent(pg) && p.r.html[pg.Kind] && p.r.asks(pg, "source")
}

// beside returns the path or URL of a file beside the page at the path or URL
// of: in its folder, or for go.html in the folder of its name.
func beside(of, name string) string {
	return strings.TrimSuffix(feedPath(of), "index.xml") + name
}

// formatOutputs lists the further files of pg.
func (p *Pass) formatOutputs(out []Output, pg *site.Page) []Output {
	if p.hasMarkdown(pg) {
		out = append(out, Output{Path: beside(pg.OutPath, "index.md"), Form: Markdown, Page: pg})
	}
	if p.hasPrint(pg) {
		out = append(out, Output{Path: beside(pg.OutPath, "index.print.html"), Form: PrintHTML, Page: pg})
	}
	if p.hasSource(pg) {
		out = append(out, Output{Path: beside(pg.OutPath, "index.source.md"), Form: Source, Page: pg})
	}
	return out
}

// format is a link to another form of the page.
type format struct {
	text string
	url  templ.SafeURL
}

// formats are those that the site asks for and the page does not hide.
func (v *view) formats() []format {
	var out []format
	add := func(has bool, off, name, text string) {
		if has && !v.flag(off) {
			out = append(out, format{text, v.rel(beside(v.page.URL, name))})
		}
	}
	add(v.pass.hasPrint(v.page), "disableprintbutton", "index.print.html", v.w.asPrint)
	add(isContent(v.page) && v.r.asks(v.page, "markdown"), "disablemarkdownbutton", "index.md", v.w.asMarkdown)
	add(v.pass.hasSource(v.page), "disablesourcebutton", "index.source.md", v.w.asSource)
	return out
}

// markdownURL is the page as Markdown; "" where there is none.
func (v *view) markdownURL() templ.SafeURL {
	if v.page == nil || !v.pass.hasMarkdown(v.page) {
		return ""
	}
	if strings.HasSuffix(v.page.URL, "/") {
		return "index.md" // short, for each page has it
	}
	return v.rel(beside(v.page.URL, "index.md"))
}

// writePrint renders a page, and all below it, for a printer.
func (p *Pass) writePrint(s *sheet, o Output) {
	v := p.view(s, p.printPage(o.Page))
	v.root = rootFrom(strings.Count(o.Path, "/"))
	v.canonical, v.noindex = "", true
	if p.r.known && !o.Page.Unlisted {
		v.canonical = templ.SafeURL(absolute(p.r.base, o.Page.URL))
	}
	p.must(s, document(v))
}

// printPage is a page that shows pg with all below it: the site's own, if it
// has one about pg, or one made for the purpose.
func (p *Pass) printPage(pg *site.Page) *site.Page {
	if own := p.special(site.Print, pg); own != nil {
		return own
	}
	page := &site.Page{
		Kind: site.Print, Title: pg.Title, LinkTitle: pg.LinkTitle, Parent: pg.Parent,
		URL: beside(pg.URL, "index.print.html"), OutPath: beside(pg.OutPath, "index.print.html"), Unlisted: pg.Unlisted,
	}
	if page.Parent == nil {
		page.Parent = pg
	}
	page.Members = []*site.Page{pg}
	if pg.Kind != site.Single {
		page.Members = withBelow(page.Members[:0], pg)
	}
	return page
}

// maxPrinted is how many pages one page for printing shows.
const maxPrinted = 500

func withBelow(out []*site.Page, pg *site.Page) []*site.Page {
	if len(out) >= maxPrinted {
		return out
	}
	out = append(out, pg)
	for _, c := range pg.Children {
		out = withBelow(out, c)
	}
	return out
}

// writeSource writes the note as its author wrote it. Where anything of the
// project is withheld, it could be named there: then, and where the note has
// remarks or lines that are not published, the text is that of the page.
func (p *Pass) writeSource(s *sheet, o Output) {
	n := o.Page.Note
	if n.Source == nil || p.site.Withholds() || p.r.cfg.HideTodos {
		p.writeMarkdown(s, o)
		return
	}
	s.share(n.Source)
}

// writeMarkdown writes the page's title, what is known of it, its text and,
// for a section, what it holds.
func (p *Pass) writeMarkdown(s *sheet, o Output) {
	pg, root := o.Page, rootFrom(strings.Count(o.Path, "/"))
	b := append(s.own, "# "...)
	b = append(markdown.Text(b, pg.Title), '\n')
	b = p.appendFacts(b, pg)
	s.own = b
	if pg.Note != nil && len(pg.Note.Body.HTML) > 0 {
		text := p.r.sheets.get()
		text.words = p.r.words
		appendNote(text, pg.Note, pg.Links, root, func(i int) { p.list(text, pg, i, root) })
		s.own = markdown.Append(append(s.own, '\n'), text.flat())
		p.r.sheets.put(text)
		s.own = append(s.own, '\n')
	}
	if pg.Kind != site.Single && len(pg.Children) > 0 {
		s.own = append(s.own, "\n## "+p.r.words.contents+"\n\n"...)
		for _, c := range pg.Children {
			s.own = p.appendEntry(s.own, c, root)
		}
	}
}

// flat returns the sheet's bytes in one piece.
func (s *sheet) flat() []byte {
	if len(s.parts) == 0 {
		return s.own
	}
	body := s.body()
	return body.Bytes()
}

// inline keeps a text on one line.
func inline(s string) string { return strings.Join(strings.Fields(s), " ") }

// appendFacts writes a list of what is known of a page.
func (p *Pass) appendFacts(b []byte, pg *site.Page) []byte {
	n := pg.Note
	if n == nil || pg.Kind != site.Single {
		return b
	}
	v := view{r: p.r, pass: p, w: p.r.words, page: pg}
	w, f := p.r.words, &n.Front
	first := true
	fact := func(name, value string) {
		if value == "" {
			return
		}
		if first {
			b = append(b, '\n')
			first = false
		}
		b = append(append(append(b, "- "...), name...), ": "...)
		if strings.HasPrefix(value, "http") {
			b = append(b, inline(value)...)
		} else {
			b = markdown.Text(b, value)
		}
		b = append(b, '\n')
	}
	when := v.when(n)
	day := when.machineDay
	if clock := when.clock(); clock != "" {
		day += ", " + clock
	}
	fact(w.day, day)
	fact(w.speakers, strings.Join(f.Speakers, ", "))
	fact(w.room, f.Room)
	fact(w.track, f.Track)
	fact(w.authors, strings.Join(f.Authors, ", "))
	terms := make([]string, len(pg.Terms))
	for i, t := range pg.Terms {
		terms[i] = t.LinkTitle
	}
	fact(w.tags, strings.Join(terms, ", "))
	fact(w.video, web(n.Resources.Video))
	fact(w.slides, web(n.Resources.Slides))
	fact(w.code, web(n.Resources.Code))
	return b
}

// web leaves out an address that leads elsewhere from another place.
func web(url string) string {
	if isWeb(url) {
		return url
	}
	return ""
}

// appendEntry writes a line of a list of pages: a link to the page as Markdown,
// if it stands there as such, and what it is about.
func (p *Pass) appendEntry(b []byte, pg *site.Page, root string) []byte {
	url := pg.URL
	if p.hasMarkdown(pg) {
		url = beside(url, "index.md")
	}
	b = append(markdown.Text(append(b, "- ["...), pg.Title), "]("...)
	b = append(append(b, rel(root, url)...), ')')
	if pg.Note != nil && pg.Note.Summary != "" {
		b = markdown.Text(append(b, ": "...), pg.Note.Summary)
	}
	return append(b, '\n')
}

// hashMarkdown covers what writeMarkdown reads of pg.
func (p *Pass) hashMarkdown(h *hash, pg *site.Page) {
	h.str(pg.URL)
	h.str(pg.Title)
	h.num(uint64(pg.Kind))
	h.flag(p.writesMarkdown)
	if pg.Note != nil {
		h.num(pg.Note.Key)
	}
	for i := range pg.Links {
		h.num(uint64(pg.Links[i].Kind))
		h.str(pg.Links[i].URL)
		hashPicture(h, &pg.Links[i])
	}
	p.hashLists(h, pg)
	hashTerms(h, pg)
	for _, c := range pg.Children {
		hashRow(h, c)
	}
}

// hashPrint covers what writePrint reads.
func (p *Pass) hashPrint(h *hash, pg *site.Page) {
	h.str(pg.URL)
	h.flag(pg.Unlisted)
	p.hashPage(h, p.printPage(pg))
}
