package page

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"lectern/internal/note"
	"lectern/internal/site"
)

// listing is a list of pages or files that a note's shortcode asks for.
type listing struct {
	pass   *Pass
	w      *words
	root   string
	c      *note.PagesCall
	groups []site.ListGroup
	files  []site.ListedFile
	// more is how many pages or files there are beyond those shown.
	more int
}

// maxListed is how many pages and files all lists of one page show together, so
// that a site with lists of everything everywhere does not grow with its square
// without end. Each list may have its share.
const maxListed = 10_000

// listing answers the call with index i of pg's note. hashLists reads no less
// than what is shown of it.
func (p *Pass) listing(pg *site.Page, i int, root string) *listing {
	if i >= len(pg.Lists) || i >= len(pg.Note.Calls) {
		return nil
	}
	call, list := &pg.Note.Calls[i], &pg.Lists[i]
	l := &listing{pass: p, w: p.r.words, root: root, c: call.Pages, files: list.Files}
	if call.Pages != nil {
		l.groups = p.site.List(list.Of, call.Pages)
	}
	l.cut(max(maxListed/len(pg.Lists), 1))
	return l
}

// cut leaves most pages or files in the list.
func (l *listing) cut(most int) {
	if n := len(l.files); n > most {
		l.files, l.more = l.files[:most], n-most
	}
	for i := range l.groups {
		l.groups[i].Items = l.cutItems(l.groups[i].Items, &most)
	}
}

func (l *listing) cutItems(items []site.ListItem, left *int) []site.ListItem {
	for i := range items {
		if *left == 0 {
			l.more += len(flat(items[i:]))
			return items[:i]
		}
		*left--
		items[i].Items = l.cutItems(items[i].Items, left)
	}
	return items
}

// list puts the list into s.
func (p *Pass) list(s *sheet, pg *site.Page, i int, root string) {
	switch l := p.listing(pg, i, root); {
	case l == nil:
	case l.c != nil:
		p.must(s, listedPages(l))
	case len(l.files) > 0:
		p.must(s, listedFiles(l))
	}
}

// hashLists covers all lists in pg's text.
func (p *Pass) hashLists(h *hash, pg *site.Page) {
	for i := range pg.Lists {
		l := p.listing(pg, i, "")
		if l == nil {
			continue
		}
		h.num(uint64(len(l.groups)))
		for _, g := range l.groups {
			h.str(g.Label)
			h.flag(g.Other)
			l.hashItems(h, g.Items)
		}
		h.num(uint64(l.more))
		h.num(uint64(len(l.files)))
		for _, f := range l.files {
			h.str(f.Name)
			h.str(f.File.OutPath)
			h.num(uint64(f.File.Size))
		}
	}
}

func (l *listing) hashItems(h *hash, items []site.ListItem) {
	h.num(uint64(len(items)))
	for _, item := range items {
		hashLink(h, item.Page)
		h.str(l.about(item.Page))
		h.str(l.path(item.Page))
		h.str(l.image(item.Page))
		l.hashItems(h, item.Items)
	}
}

func (l *listing) rel(url string) templ.SafeURL { return templ.SafeURL(rel(l.root, url)) }

func (l *listing) fileURL(f site.ListedFile) templ.SafeURL {
	return templ.SafeURL(rel(l.root, f.File.URL()))
}

// about is a page's description or the beginning of its text, where the list
// is to have it.
func (l *listing) about(pg *site.Page) string {
	if !l.c.Description || pg.Note == nil {
		return ""
	}
	return cmp.Or(pg.Note.Front.Description, pg.Note.Summary)
}

// path names the sections above a page, where the list is to have them.
func (l *listing) path(pg *site.Page) string {
	if !l.c.Breadcrumb {
		return ""
	}
	var names []string
	for up := pg.Parent; up != nil; up = up.Parent {
		name := up.LinkTitle
		if up.Kind == site.Home {
			name = l.w.home
		}
		names = append([]string{name}, names...)
	}
	return strings.Join(names, " › ")
}

// image is the address of a card's picture.
func (l *listing) image(pg *site.Page) string {
	if l.c.Display != "cards" || !l.c.Image {
		return ""
	}
	return l.pass.site.Featured(pg)
}

func (l *listing) label(g site.ListGroup) string {
	if g.Other {
		return l.w.other
	}
	return g.Label
}

// heading returns the component of a heading; level 0 is the list's own.
func (l *listing) heading(below int) int {
	level := l.c.Heading + below
	if l.c.GroupBy != nil {
		level++
	}
	return min(level, 6)
}

func (l *listing) listClass(columns bool) string {
	if columns && l.c.Columns > 1 {
		return "pages pages-columns"
	}
	return "pages"
}

func (l *listing) deckClass() string {
	if l.c.Columns < 3 {
		return "deck deck-" + strconv.Itoa(l.c.Columns)
	}
	return "deck"
}

// flat are all items, one after the other, with their levels from 0.
func flat(items []site.ListItem) []levelled {
	var out []levelled
	var walk func([]site.ListItem, int)
	walk = func(items []site.ListItem, level int) {
		for _, i := range items {
			out = append(out, levelled{i.Page, level})
			walk(i.Items, level+1)
		}
	}
	walk(items, 0)
	return out
}

type levelled struct {
	page  *site.Page
	level int
}

// fileSize is a length for people.
func fileSize(n int64) string {
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + " B"
	case n < 1_000_000:
		return strconv.FormatInt((n+500)/1000, 10) + " kB"
	}
	return strconv.FormatFloat(float64((n+50_000)/100_000)/10, 'f', 1, 64) + " MB"
}
