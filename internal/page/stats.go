package page

import (
	"cmp"
	"slices"
	"time"

	"lectern/internal/note"
	"lectern/internal/site"
)

// What bounds the lists of terms on pages that are not about terms.
const (
	topTerms   = 4
	cloudTerms = 48
)

// stats count what a section holds, its sections' included.
type stats struct {
	notes, videos int
	// minutes are the reading time of all; eighths, their sum, makes them.
	minutes, eighths int
	// first and last are the days of its sessions; zero where none has one.
	first, last time.Time
	// top are the terms that most of its notes carry.
	top []*site.Page

	terms map[*site.Page]int
}

// countAll counts every section and home, from the leaves up.
func (p *Pass) countAll() map[*site.Page]*stats {
	all := make(map[*site.Page]*stats, p.site.Sections+1)
	for _, pg := range p.site.Pages {
		if pg.Kind == site.Section || pg.Kind == site.Home {
			count(pg, all)
		}
	}
	for _, st := range all {
		st.finish()
	}
	return all
}

func count(sec *site.Page, all map[*site.Page]*stats) *stats {
	if st := all[sec]; st != nil {
		return st
	}
	st := &stats{terms: map[*site.Page]int{}}
	all[sec] = st
	for _, pg := range sec.Notes {
		st.notes++
		if n := pg.Note; n != nil {
			if !isStub(pg) {
				st.eighths += n.Eighths()
				st.minutes = max(st.minutes, min(n.Minutes(), 1)) // any words at all are a minute
			}
			if n.Resources.Video != "" {
				st.videos++
			}
			// A page beside the sections (the venue's) is of no day of the event,
			// unless it says when it begins.
			if sec.Kind != site.Home || len(sec.Sections) == 0 || !n.Front.Start.IsZero() {
				day := sessionDay(n)
				st.span(day, day)
			}
		}
		for _, t := range pg.Terms {
			st.terms[t]++
		}
	}
	for _, sub := range sec.Sections {
		below := count(sub, all)
		st.notes += below.notes
		st.videos += below.videos
		st.eighths += below.eighths
		st.minutes = max(st.minutes, min(below.minutes, 1))
		st.span(below.first, below.last)
		for t, n := range below.terms {
			st.terms[t] += n
		}
	}
	return st
}

// span widens the section's days to hold those from first to last.
func (st *stats) span(first, last time.Time) {
	if first.IsZero() {
		return
	}
	if st.first.IsZero() || first.Before(st.first) {
		st.first = first
	}
	if st.last.IsZero() || last.After(st.last) {
		st.last = last
	}
}

// sessionDay is the day that a note is about: its start, else its date. When it
// was last changed says nothing of that.
func sessionDay(n *note.Note) time.Time {
	switch {
	case !n.Front.Start.IsZero():
		return n.Front.Start
	case n.Front.DateFromLastmod:
		return time.Time{}
	}
	return n.Front.Date
}

// finish rounds the sums and chooses the top terms; their counts have then done
// their work.
func (st *stats) finish() {
	st.minutes = max(st.minutes, (st.eighths+7)/8)
	for t := range st.terms {
		st.top = append(st.top, t)
	}
	slices.SortFunc(st.top, func(a, b *site.Page) int {
		return cmp.Or(cmp.Compare(st.terms[b], st.terms[a]), cmp.Compare(a.URL, b.URL))
	})
	st.top = slices.Clone(st.top[:min(topTerms, len(st.top))])
	st.terms = nil
}

// listed reports whether lists may name pg.
func listed(pg *site.Page) bool { return !pg.Hidden && !pg.Unlisted }

// cloud returns the terms of a taxonomy that home shows: all, or those with
// the most pages, in the taxonomy's order.
func (p *Pass) cloud(tax *site.Page) []*site.Page {
	if len(tax.Members) <= cloudTerms {
		return tax.Members
	}
	bySize := slices.Clone(tax.Members)
	slices.SortStableFunc(bySize, func(a, b *site.Page) int {
		return cmp.Compare(len(b.Members), len(a.Members))
	})
	most := make(map[*site.Page]bool, cloudTerms)
	for _, t := range bySize[:cloudTerms] {
		most[t] = true
	}
	return slices.DeleteFunc(slices.Clone(tax.Members), func(t *site.Page) bool { return !most[t] })
}
