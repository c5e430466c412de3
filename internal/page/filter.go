package page

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"lectern/internal/site"
)

// What bounds the filters of a list: the style sheet has a rule for each
// choice, and a list of a few is read faster than it is filtered.
const (
	fewestFiltered = 5
	mostChoices    = 60
	mostTags       = 20
)

// filter lets a reader narrow a list down without script: a rule in the style
// sheet hides the rows that lack the class of a choice that is made.
type filter struct {
	// have are the choices that stand for themselves: with video, slides, code.
	have []choice
	// among are those of which one is chosen: a track, a room, a tag.
	among []choices
	// classes are each row's.
	classes map[*site.Page]string
}

// choice is one thing that rows have or lack; number is that of its class.
type choice struct {
	number, count int
	label, icon   string
	has           func(*site.Page) bool
}

type choices struct {
	label, all string
	of         []choice
}

// pick is the class of the choice's control.
func (c choice) pick() string { return "k" + strconv.Itoa(c.number) }

func (c choice) text() string { return c.label + " (" + strconv.Itoa(c.count) + ")" }

// useFilter makes the filter of a list of pages, and has rows give them their
// classes. It returns nil where there is nothing to choose.
func (v *view) useFilter(pages []*site.Page) *filter {
	v.filter = nil
	if len(pages) < fewestFiltered {
		return nil
	}
	f := &filter{}
	number := 0
	// keep numbers the choices that part the list, and only as many as there are rules for.
	keep := func(all []choice) []choice {
		out := all[:0]
		for _, c := range all {
			c.count = 0
			for _, pg := range pages {
				if c.has(pg) {
					c.count++
				}
			}
			if c.count > 0 && c.count < len(pages) && number < mostChoices {
				number++
				c.number = number
				out = append(out, c)
			}
		}
		return out
	}
	f.have = keep([]choice{
		{label: v.w.video, icon: "#i-video", has: func(pg *site.Page) bool { return pg.Note != nil && pg.Note.Resources.Video != "" }},
		{label: v.w.slides, icon: "#i-slides", has: func(pg *site.Page) bool { return pg.Note != nil && pg.Note.Resources.Slides != "" }},
		{label: v.w.code, icon: "#i-code", has: func(pg *site.Page) bool { return pg.Note != nil && pg.Note.Resources.Code != "" }},
	})
	for _, g := range []choices{
		{v.w.track, v.w.allTracks, byText(pages, func(pg *site.Page) string { return pg.Note.Front.Track })},
		{v.w.room, v.w.allRooms, byText(pages, func(pg *site.Page) string { return pg.Note.Front.Room })},
		{v.w.tag, v.w.allTags, v.byTerm(pages)},
	} {
		if g.of = keep(g.of); len(g.of) > 1 {
			f.among = append(f.among, g)
		}
	}
	if len(f.have)+len(f.among) == 0 {
		return nil
	}
	f.classify(pages)
	v.filter = f
	return f
}

// classify gives each row the classes of the choices that it meets.
func (f *filter) classify(pages []*site.Page) {
	f.classes = make(map[*site.Page]string, len(pages))
	for _, pg := range pages {
		class := "row"
		add := func(all []choice) {
			for _, c := range all {
				if c.has(pg) {
					class += " f" + strconv.Itoa(c.number)
				}
			}
		}
		add(f.have)
		for _, g := range f.among {
			add(g.of)
		}
		f.classes[pg] = class
	}
}

// rowClass is the class of a page's row.
func (v *view) rowClass(pg *site.Page) string {
	if v.filter != nil {
		if class := v.filter.classes[pg]; class != "" {
			return class
		}
	}
	return "row"
}

// byText makes a choice of each text that pages have.
func byText(pages []*site.Page, of func(*site.Page) string) []choice {
	var texts []string
	for _, pg := range pages {
		if pg.Note != nil && of(pg) != "" {
			texts = append(texts, of(pg))
		}
	}
	slices.SortFunc(texts, site.Natural)
	var out []choice
	for _, text := range slices.Compact(texts) {
		out = append(out, choice{label: text, has: func(pg *site.Page) bool { return pg.Note != nil && of(pg) == text }})
	}
	return out[:min(len(out), mostTags)]
}

// byTerm makes a choice of each of the terms that most pages have.
func (v *view) byTerm(pages []*site.Page) []choice {
	counts := map[*site.Page]int{}
	for _, pg := range pages {
		for _, t := range pg.Terms {
			counts[t]++
		}
	}
	var terms []*site.Page
	for t, n := range counts {
		if n > 1 && t != v.page {
			terms = append(terms, t)
		}
	}
	slices.SortFunc(terms, func(a, b *site.Page) int {
		return cmp.Or(counts[b]-counts[a], strings.Compare(a.URL, b.URL))
	})
	terms = terms[:min(len(terms), mostTags)]
	slices.SortFunc(terms, func(a, b *site.Page) int {
		return cmp.Or(site.Natural(a.LinkTitle, b.LinkTitle), strings.Compare(a.URL, b.URL))
	})
	var out []choice
	for _, t := range terms {
		out = append(out, choice{label: t.LinkTitle, has: func(pg *site.Page) bool { return slices.Contains(pg.Terms, t) }})
	}
	return out
}

// filtered are the pages of the page's list that a filter is for.
func (v *view) filtered() []*site.Page {
	if v.page == nil {
		return nil
	}
	switch v.page.Kind {
	case site.Home, site.Section:
		return v.page.Notes
	case site.Term, site.Sessions:
		return sessionsOf(v.page)
	}
	return nil
}

// hasFilter reports whether the page's list has one.
func (v *view) hasFilter() bool { return v.useFilter(v.filtered()) != nil }
