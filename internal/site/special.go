package site

import (
	"slices"
	"strings"
)

// maxPrinted is how many notes the page of the whole site for printing may
// hold. Beyond that nobody prints it, and no phone shows it.
const maxPrinted = 500

// placeSpecials makes the pages that stand beside the tree of sections. They
// come last: what an author put at their address stays there.
func (b *builder) placeSpecials() {
	b.placePrints()
	b.placeTimetables()
	b.placeSessions()
	b.placePeople()
	b.placeHallway()
	b.placeChanges()
	b.placeSearch()
	b.s.Pages = append(b.s.Pages, b.s.Specials...)
	slices.SortFunc(b.s.Pages, func(p, q *Page) int { return strings.Compare(p.URL, q.URL) })
}

// special makes a page of kind below parent, at the address of a folder called
// name, and says whether it has that place. The author's own page or file
// there, or a folder of that name, wins without a finding: nobody asked for
// this page.
func (b *builder) special(kind Kind, parent *Page, name string) (*Page, bool) {
	a := folderAddress(parent.folder() + name)
	if _, taken := b.ix.outs[a.out]; taken || b.ix.conflict(a.out) != "" || b.disabled(kind.String()) {
		return nil, false
	}
	title := specialTitle(kind, b.cfg.Language)
	p := &Page{Kind: kind, Parent: parent, Title: title, LinkTitle: title, Unlisted: parent.unlistedAbove()}
	if !b.claim(p, a) {
		return nil, false
	}
	if b.keys != nil {
		b.keys[p] = b.keys[parent] + "/" + name
	}
	b.s.Specials = append(b.s.Specials, p)
	return p, true
}

// placePrints makes a page of all notes of each day, and one of the whole site.
func (b *builder) placePrints() {
	total := 0
	for _, dir := range sortedKeys(b.sections) {
		sec := b.sections[dir]
		total += len(sec.Notes)
		if dir != "" && len(sec.Notes) > 0 && len(sec.Notes) <= maxPrinted && !sec.Hidden {
			b.print(sec, sec.Notes)
		}
	}
	if total == 0 || total > maxPrinted {
		return
	}
	var all []*Page
	b.walk(b.s.Home, func(p *Page) {
		if p != b.s.Home {
			all = append(all, p)
		}
	})
	b.print(b.s.Home, all)
}

func (b *builder) print(of *Page, pages []*Page) {
	if p, ok := b.special(Print, of, "print"); ok {
		p.Members, p.Unlisted = pages, true // it says nothing that is not said elsewhere
	}
}

// placeSearch makes the page for searching. No menu names it: the head of every
// page does.
func (b *builder) placeSearch() {
	if b.cfg.Search.Off || b.cfg.Search.NoPage {
		return
	}
	if p, ok := b.special(Search, b.s.Home, "search"); ok {
		p.Unlisted = true
	}
}

// specialTitle names a special page in the site's language.
func specialTitle(kind Kind, lang string) string {
	german := strings.HasPrefix(strings.ToLower(lang), "de")
	switch {
	case kind == Print && german:
		return "Zum Drucken"
	case kind == Print:
		return "For printing"
	case kind == Timetable && german:
		return "Zeitplan"
	case kind == Timetable:
		return "Timetable"
	case kind == Sessions && german:
		return "Alle Vorträge"
	case kind == Sessions:
		return "All sessions"
	case kind == Changes && german:
		return "Was ist neu"
	case kind == Changes:
		return "What changed"
	case kind == Hallway && german:
		return "Abseits der Vorträge"
	case kind == Hallway:
		return "Hallway track"
	case kind == Search && german:
		return "Suche"
	case kind == Search:
		return "Search"
	}
	return kind.String()
}
