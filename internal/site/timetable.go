package site

import (
	"cmp"
	"slices"
	"strings"
)

// fewestSessions is from how many notes on, in several sections, a list of all
// says more than the sections' own.
const fewestSessions = 10

// maxTimetable is how many sessions one page can show as a grid.
const maxTimetable = 1000

// placeTimetables makes a page of the sessions of each section, by time and
// room, and one of the whole site's, where notes say when they begin.
func (b *builder) placeTimetables() {
	for _, dir := range sortedKeys(b.sections) {
		sec := b.sections[dir]
		if sec.Hidden || sec.unlistedAbove() {
			continue
		}
		sessions := b.sessions(sec)
		if len(sessions) < 2 || len(sessions) > maxTimetable {
			continue // one session's time stands beside its name
		}
		if p, ok := b.special(Timetable, sec, "timetable"); ok {
			p.Members = sessions
			if sec != b.s.Home {
				p.Title += ": " + sec.LinkTitle
			}
		}
	}
}

// sessions returns the listed notes of a section and of all below it that say
// when they begin, in order of time.
func (b *builder) sessions(sec *Page) []*Page {
	var out []*Page
	b.walk(sec, func(p *Page) {
		if p.Note != nil && p.Kind == Single && !p.Note.Front.Start.IsZero() {
			out = append(out, p)
		}
	})
	slices.SortStableFunc(out, func(p, q *Page) int {
		f, g := &p.Note.Front, &q.Note.Front
		return cmp.Or(f.Start.Compare(g.Start), natural(f.Room, g.Room), strings.Compare(p.URL, q.URL))
	})
	return out
}

// placeSessions makes a page of all notes, to find one by what it has.
func (b *builder) placeSessions() {
	var all []*Page
	sections := map[*Page]bool{}
	b.walk(b.s.Home, func(p *Page) {
		if p.Kind == Single {
			all = append(all, p)
			sections[p.Parent] = true
		}
	})
	if len(sections) < 2 || len(all) < fewestSessions || len(all) > maxTimetable {
		return
	}
	if p, ok := b.special(Sessions, b.s.Home, "sessions"); ok {
		p.Members = all
	}
}
