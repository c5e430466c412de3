package site

import (
	"cmp"
	"slices"

	"lectern/internal/note"
)

// Recommendation is a note that another page recommends.
type Recommendation struct {
	// Page is the note, From the page whose author recommends it.
	Page, From *Page
	// Reason is why, in one line, plain; it may be empty.
	Reason string
}

// relate finds what the notes say of each other: which of them are
// recommended, and which are mentioned by others. Only listed pages count, so
// that nobody is told of what no list names.
func relate(all []*builder) {
	order := 0
	for _, b := range all {
		b.walk(b.s.Home, func(p *Page) {
			order++
			p.order = order
		})
	}
	for _, b := range all {
		recommended := map[*Page]int{} // by their place in the list
		b.walk(b.s.Home, func(p *Page) {
			b.recommend(p, recommended)
			for _, t := range p.mentions() {
				t.Backlinks = append(t.Backlinks, p)
			}
		})
		for i := range b.s.Recommended {
			r := &b.s.Recommended[i]
			r.Page.Recommended = r
		}
	}
}

// recommend lists what p recommends. A note is listed once, where it is
// recommended first, with the first reason that anybody gives.
func (b *builder) recommend(p *Page, at map[*Page]int) {
	if p.Note == nil {
		return
	}
	for _, r := range p.Note.Recommendations {
		t := p.leadsTo(r.Link)
		if t == nil || t == p || t.Kind != Single || t.order == 0 || t.root() != b.s.Home {
			continue
		}
		i, known := at[t]
		if !known {
			i = len(b.s.Recommended)
			at[t] = i
			b.s.Recommended = append(b.s.Recommended, Recommendation{Page: t, From: p})
		}
		if rec := &b.s.Recommended[i]; rec.Reason == "" {
			rec.Reason = r.Reason
		}
	}
}

// linked is the page that a link of a note leads to.
type linked struct {
	link int
	page *Page
}

// leadsTo returns the page that the link of this index leads to, or nil.
func (p *Page) leadsTo(link int) *Page {
	i, ok := slices.BinarySearchFunc(p.linked, link, func(l linked, link int) int { return cmp.Compare(l.link, link) })
	if !ok {
		return nil
	}
	return p.linked[i].page.whole()
}

// whole is the page that shows all texts of a session, for the page of one of them.
func (p *Page) whole() *Page {
	if p.Lead != nil {
		return p.Lead
	}
	return p
}

// root is the home page above p, which each language has its own of.
func (p *Page) root() *Page {
	for p.Parent != nil {
		p = p.Parent
	}
	return p
}

// mentions are the notes that the text of a listed page links to, each once. A
// section's text does not mention what lies in it: that is a list of contents.
// Nor does a note of another language, which above all names what it translates.
func (p *Page) mentions() []*Page {
	if p.order == 0 {
		return nil
	}
	root := p.root()
	var out []*Page
	var seen map[*Page]bool // for more than a few
	for _, l := range p.linked {
		t := l.page.whole()
		if t.Kind != Single || t == p || t.root() != root || p.holds(t) || seen[t] || seen == nil && slices.Contains(out, t) {
			continue
		}
		out = append(out, t)
		if seen == nil && len(out) == 16 {
			seen = make(map[*Page]bool, len(p.linked))
			for _, t := range out {
				seen[t] = true
			}
		} else if seen != nil {
			seen[t] = true
		}
	}
	return out
}

// holds reports whether q lies below p in the tree of sections.
func (p *Page) holds(q *Page) bool {
	for up := q.Parent; up != nil; up = up.Parent {
		if up == p {
			return true
		}
	}
	return false
}

// mentioned brings the backlinks of all notes up to date after p's links, which
// led to old before, were resolved anew. It returns the notes that have others now.
func (p *Page) mentioned(old []*Page) []*Page {
	var changed []*Page
	now := p.mentions()
	for _, t := range old {
		if !slices.Contains(now, t) {
			t.Backlinks = slices.DeleteFunc(slices.Clone(t.Backlinks), func(q *Page) bool { return q == p })
			changed = append(changed, t)
		}
	}
	for _, t := range now {
		if !slices.Contains(old, t) {
			i, _ := slices.BinarySearchFunc(t.Backlinks, p, func(q, p *Page) int { return cmp.Compare(q.order, p.order) })
			t.Backlinks = slices.Insert(slices.Clone(t.Backlinks), i, p)
			changed = append(changed, t)
		}
	}
	return changed
}

// sameMeaning reports whether two versions of a note recommend the same in the
// same words, and whether both or none have something for the hallway's page.
func sameMeaning(a, b *note.Note) bool {
	return (len(a.Hallway) > 0) == (len(b.Hallway) > 0) &&
		slices.EqualFunc(a.Recommendations, b.Recommendations, func(x, y note.Recommendation) bool {
			p, q := &a.Links[x.Link], &b.Links[y.Link]
			return x.Reason == y.Reason && p.Dest == q.Dest && p.Kind == q.Kind
		})
}

// placeHallway makes the page of all that was learned outside the talks.
func (b *builder) placeHallway() {
	var all []*Page
	b.walk(b.s.Home, func(p *Page) {
		if p.Note != nil && len(p.Note.Hallway) > 0 {
			all = append(all, p)
		}
	})
	if len(all) == 0 || len(all) == 1 && all[0].Note.Hallway[0].Heading < 0 {
		return // the one note about it is that page
	}
	if p, ok := b.special(Hallway, b.s.Home, "hallway"); ok {
		p.Members = all
	}
}
