package page

import (
	"cmp"
	"slices"
	"time"
	"unicode/utf8"

	"lectern/internal/site"
)

// maxSitemap is the number of addresses that one sitemap may hold, from
// https://www.sitemaps.org/protocol.html.
const maxSitemap = 50_000

// published is the time that feeds give for a page; zero where nothing tells it.
func published(pg *site.Page) time.Time {
	if pg.Note == nil {
		return time.Time{}
	}
	f := &pg.Note.Front
	for _, t := range [...]time.Time{f.Date, f.PublishDate, f.Start} {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// modified is the time of a page's last change; zero where nothing tells it.
func modified(pg *site.Page) time.Time {
	if pg.Note != nil && !pg.Note.Front.Lastmod.IsZero() {
		return pg.Note.Front.Lastmod
	}
	if !pg.Changed.IsZero() {
		return pg.Changed
	}
	return published(pg)
}

// feedPages returns what the feed of pg may hold, in reading order. As with
// Hugo, home's has all notes, a section's its own, a taxonomy's its terms.
func (p *Pass) feedPages(pg *site.Page) []*site.Page {
	switch pg.Kind {
	case site.Home:
		return p.allNotes()
	case site.Section:
		return pg.Notes
	default:
		return pg.Members
	}
}

// allNotes returns every note that feeds may name: the listed ones in reading
// order, then the hidden ones.
func (p *Pass) allNotes() []*site.Page {
	out := make([]*site.Page, 0, len(p.site.Pages))
	var walk func(*site.Page)
	walk = func(sec *site.Page) {
		out = append(out, sec.Notes...)
		for _, s := range sec.Sections {
			walk(s)
		}
	}
	walk(p.site.Home)
	return slices.Concat(p.hidden(), out)
}

// hidden returns the notes that no list shows but feeds may name.
func (p *Pass) hidden() []*site.Page {
	var out []*site.Page
	for _, pg := range p.site.Pages {
		if pg.Kind == site.Single && pg.Hidden && !pg.Unlisted {
			out = append(out, pg)
		}
	}
	return out
}

// newestFirst returns pages with the latest first, those without a date last
// and otherwise in the opposite of the reading order, for what a conference
// brings last is the newest; at most limit (if that is above zero).
func newestFirst(pages []*site.Page, limit int) []*site.Page {
	out := make([]*site.Page, 0, len(pages))
	for _, pg := range pages {
		if !pg.Unlisted {
			out = append(out, pg)
		}
	}
	if len(out) > 0 && out[0].Kind != site.Term {
		slices.Reverse(out)
	}
	slices.SortStableFunc(out, func(a, b *site.Page) int { return published(b).Compare(published(a)) })
	if limit > 0 && len(out) > limit {
		out = out[:limit]
	}
	return out
}

// hashFeed covers what writeFeed reads. It takes all pages that the feed might
// hold: to find those that it does hold costs more than a feed too many.
func (p *Pass) hashFeed(h *hash, pg *site.Page) {
	h.num(uint64(pg.Kind))
	h.str(pg.URL)
	h.str(pg.Title)
	switch pg.Kind {
	case site.Changes:
		p.hashChanges(h, len(p.site.Changes))
	case site.Home:
		h.num(p.digests()[pg].deep)
		for _, hidden := range p.hidden() {
			hashRow(h, hidden)
		}
	case site.Taxonomy:
		h.num(hashRows(pg.Members))
		for _, t := range pg.Members {
			hashLink(h, t)
		}
	default:
		h.num(p.digests()[pg].rows)
	}
}

// writeFeed renders RSS 2.0 (https://www.rssboard.org/rss-specification).
func (p *Pass) writeFeed(s *sheet, o Output) {
	pg := o.Page
	if pg.Kind == site.Changes {
		p.writeChangesRSS(s, pg)
		return
	}
	title := p.siteTitle()
	if pg.Kind != site.Home {
		title = pg.Title + " · " + title
	}
	items := newestFirst(p.feedPages(pg), p.r.cfg.RSSLimit)
	b := append(s.own, xmlHeader+`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>`...)
	b = appendElement(b, "title", title)
	b = appendElement(b, "link", absolute(p.r.base, pg.URL))
	b = appendElement(b, "description", cmp.Or(p.feedAbout(pg), title))
	b = appendElement(b, "generator", "Lectern")
	b = appendElement(b, "language", p.r.lang)
	if c := plain(p.r.cfg.Copyright); c != "" {
		b = appendElement(b, "copyright", c)
	}
	if len(items) > 0 {
		if t := published(items[0]); !t.IsZero() {
			b = appendElement(b, "lastBuildDate", t.Format(time.RFC1123Z))
		}
	}
	b = append(b, `<atom:link href="`...)
	b = appendXML(b, absolute(p.r.base, feedPath(pg.URL)))
	b = append(b, `" rel="self" type="application/rss+xml"/>`...)
	for _, item := range items {
		b = p.appendItem(b, item)
	}
	s.own = append(b, "</channel></rss>\n"...)
}

func (p *Pass) feedAbout(pg *site.Page) string {
	if pg.Kind == site.Home && p.r.cfg.Description != "" {
		return plain(p.r.cfg.Description)
	}
	return ""
}

func (p *Pass) appendItem(b []byte, pg *site.Page) []byte {
	link := absolute(p.r.base, pg.URL)
	b = append(b, "\n<item>"...)
	b = appendElement(b, "title", pg.Title)
	b = appendElement(b, "link", link)
	if t := published(pg); !t.IsZero() {
		b = appendElement(b, "pubDate", t.Format(time.RFC1123Z))
	}
	b = p.appendGUID(b, link)
	for _, t := range pg.Terms {
		b = appendElement(b, "category", t.LinkTitle)
	}
	if pg.Note != nil {
		b = appendElement(b, "description", cmp.Or(pg.Note.Front.Description, pg.Note.Summary))
	}
	return append(b, "</item>"...)
}

func (p *Pass) appendGUID(b []byte, link string) []byte {
	if p.r.known {
		return appendElement(b, "guid", link)
	}
	b = append(b, `<guid isPermaLink="false">`...)
	return append(appendXML(b, link), "</guid>"...)
}

// hashSitemap covers what writeSitemap reads.
func (p *Pass) hashSitemap(h *hash) {
	for _, pg := range p.site.Pages {
		h.str(pg.URL)
		h.flag(pg.Unlisted || p.r.hides(pg))
		h.num(uint64(pg.Kind))
		h.time(modified(pg))
		hashTranslations(h, pg)
	}
}

// writeSitemap renders sitemap.xml: all pages but unlisted ones.
func (p *Pass) writeSitemap(s *sheet) {
	b := append(s.own, xmlHeader+`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"`...)
	if len(p.site.Languages) > 0 {
		b = append(b, ` xmlns:xhtml="http://www.w3.org/1999/xhtml"`...)
	}
	b = append(b, '>')
	n := 0
	for _, pg := range p.site.Pages {
		if pg.Unlisted || p.r.hides(pg) || !p.r.html[pg.Kind] {
			continue
		}
		if n++; n > maxSitemap {
			break
		}
		b = append(b, "\n<url>"...)
		b = appendElement(b, "loc", absolute(p.r.base, pg.URL))
		if t := modified(pg); !t.IsZero() {
			b = appendElement(b, "lastmod", t.Format(time.RFC3339))
		}
		for _, a := range p.alternates(pg) {
			b = append(b, `<xhtml:link rel="alternate" hreflang="`...)
			b = appendXML(b, a.lang)
			b = append(b, `" href="`...)
			b = appendXML(b, absolute(p.r.base, a.url))
			b = append(b, `"/>`...)
		}
		b = append(b, "</url>"...)
	}
	s.own = append(b, "\n</urlset>\n"...)
}

// writeRobots renders robots.txt: everything may be read, and, where the
// format's demand for a complete address can be met, where the sitemap is.
func (p *Pass) writeRobots(s *sheet) {
	s.own = append(s.own, "User-agent: *\nDisallow:\n"...)
	if p.r.known && !p.r.disabled("sitemap") {
		s.own = append(s.own, "\nSitemap: "+p.r.base+"sitemap.xml\n"...)
	}
}

const xmlHeader = `<?xml version="1.0" encoding="utf-8"?>` + "\n"

func appendElement(b []byte, name, text string) []byte {
	b = append(append(append(b, '<'), name...), '>')
	b = appendXML(b, text)
	return append(append(append(b, "</"...), name...), '>')
}

// appendXML appends text as XML 1.0 allows it: marks as entities, characters
// that no document may hold as U+FFFD.
func appendXML(b []byte, text string) []byte {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			b = appendXMLByte(b, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == 0xFFFE || r == 0xFFFF {
			r = utf8.RuneError
		}
		b = utf8.AppendRune(b, r)
		i += size
	}
	return b
}

func appendXMLByte(b []byte, c byte) []byte {
	switch {
	case c == '&':
		return append(b, "&amp;"...)
	case c == '<':
		return append(b, "&lt;"...)
	case c == '>':
		return append(b, "&gt;"...)
	case c == '"':
		return append(b, "&#34;"...)
	case c < ' ' && c != '\t' && c != '\n' && c != '\r':
		return utf8.AppendRune(b, utf8.RuneError)
	default:
		return append(b, c)
	}
}
