package page

import (
	"strings"

	"github.com/a-h/templ"

	"lectern/internal/site"
)

// hashSpecial covers what specialMain reads of pg and the pages it shows.
func (p *Pass) hashSpecial(h *hash, pg *site.Page) {
	switch pg.Kind {
	case site.Print:
		for _, m := range pg.Members {
			p.hashEmbedded(h, m)
		}
	case site.Timetable:
		h.num(hashRows(pg.Members))
	case site.People:
		hashPeopleList(h, pg)
	case site.Sessions:
		hashMembers(h, pg)
	case site.Person:
		h.str(pg.Person.URL)
		h.str(pg.Person.Company)
		hashMembers(h, pg)
	case site.Changes:
		p.hashChanges(h, len(p.site.Changes))
	case site.Hallway:
		p.hashHallway(h, pg)
	case site.Search:
		p.hashSearchPage(h)
	}
}

// homeSpecials are the special pages about the whole site that menus name.
func (p *Pass) homeSpecials() []*site.Page {
	var out []*site.Page
	for _, pg := range p.site.Specials {
		if pg.Parent == p.site.Home && listed(pg) && p.r.html[pg.Kind] {
			out = append(out, pg)
		}
	}
	return out
}

// special returns the special page of kind about of, or nil.
func (p *Pass) special(kind site.Kind, of *site.Page) *site.Page {
	pg := p.specials()[specialOf{kind, of}]
	if pg != nil && !p.r.html[kind] {
		return nil
	}
	return pg
}

// specialOf names a special page by what it is and what it is about.
type specialOf struct {
	kind site.Kind
	of   *site.Page
}

func (p *Pass) findSpecials() map[specialOf]*site.Page {
	all := make(map[specialOf]*site.Page, len(p.site.Specials))
	for _, pg := range p.site.Specials {
		all[specialOf{pg.Kind, pg.Parent}] = pg
	}
	return all
}

// printLabel is what leads to the page with all of v's notes.
func (v *view) printLabel() string {
	if v.page.Kind == site.Home {
		return v.w.printSite
	}
	return v.w.printDay
}

// printed names what a page for printing is of, which is its title on paper; "" where
// the page's own title does.
func (v *view) printed() string {
	if v.page.Parent == nil || v.pass.special(site.Print, v.page.Parent) != v.page {
		return "" // Relearn's output has the title of what it prints
	}
	if v.page.Parent.Kind == site.Home {
		return v.pass.siteTitle()
	}
	return v.page.Parent.LinkTitle
}

// printSub is the line below a session's title.
func (v *view) printSub(pg *site.Page) string {
	n := pg.Note
	if n == nil || pg.Kind != site.Single {
		return ""
	}
	when := v.when(n)
	var parts []string
	for _, s := range []string{when.day, when.clock(), n.Front.Room, names(n.Front.Speakers)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}

func (v *view) partID(pg *site.Page) string { return v.embedder().partID(pg) }

func (v *view) partLink(pg *site.Page) templ.SafeURL { return templ.SafeURL("#" + v.partID(pg)) }

func (v *view) printClass(pg *site.Page) string {
	if pg.Kind == site.Single {
		return "print-single"
	}
	return "print-section"
}
