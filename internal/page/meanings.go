package page

import (
	"github.com/a-h/templ"

	"lectern/internal/note"
	"lectern/internal/site"
)

// recommendationsBy are the recommendations of one page.
type recommendationsBy struct {
	from *site.Page
	all  []site.Recommendation
}

// recommendations are those of the whole site, in the order in which they are written.
func (v *view) recommendations() []recommendationsBy {
	all := v.pass.site.Recommended
	var out []recommendationsBy
	for i := 0; i < len(all); {
		end := i + 1
		for end < len(all) && all[end].From == all[i].From {
			end++
		}
		out = append(out, recommendationsBy{all[i].From, all[i:end]})
		i = end
	}
	return out
}

// hashRecommendations covers the recommendations of the whole site.
func (p *Pass) hashRecommendations(h *hash) {
	h.num(uint64(len(p.site.Recommended)))
	for i := range p.site.Recommended {
		r := &p.site.Recommended[i]
		h.str(r.Page.URL)
		h.str(r.Page.Title)
		h.str(r.Reason)
		h.num(uint64(r.From.Kind))
		hashLink(h, r.From)
	}
}

// hashRelated covers what a note's own page says of its relations to others.
func hashRelated(h *hash, pg *site.Page) {
	h.flag(pg.Recommended != nil)
	if r := pg.Recommended; r != nil {
		h.str(r.Reason)
		h.str(r.From.URL)
	}
	h.num(uint64(len(pg.Backlinks)))
	for _, b := range pg.Backlinks {
		h.str(b.Title)
		h.num(uint64(b.Kind))
		hashLink(h, b)
		if b.Parent != nil {
			hashLink(h, b.Parent)
		}
	}
}

// hashHallway covers the page of what was learned outside the talks.
func (p *Pass) hashHallway(h *hash, pg *site.Page) {
	for _, m := range pg.Members {
		p.hashEmbedded(h, m)
		h.num(uint64(m.Kind))
		hashLink(h, m)
		if m.Parent != nil {
			hashLink(h, m.Parent)
		}
	}
}

// isStub reports whether pg has nothing of its own to read yet. A section has
// its notes.
func isStub(pg *site.Page) bool { return pg.Kind == site.Single && pg.Note != nil && pg.Note.Stub }

// saysNothing reports whether a stub's own page should say that there is nothing
// to read: where its author promises more, that says it.
func saysNothing(pg *site.Page) bool {
	return isStub(pg) && (pg.Note.Summary == "" || pg.Note.Front.Description != "")
}

// where is the section of a note, in words; "" for what is a section itself.
func (v *view) where(pg *site.Page) string {
	if pg.Kind != site.Single || pg.Parent == nil || pg.Parent.Kind == site.Home {
		return ""
	}
	return pg.Parent.LinkTitle
}

// passageTitle is the heading of a passage; "" where the whole note is meant.
func passageTitle(pg *site.Page, p note.Passage) string {
	if p.Heading < 0 {
		return ""
	}
	return pg.Note.Headings[p.Heading].Text
}

// passageLink leads to a passage in its note.
func (v *view) passageLink(pg *site.Page, p note.Passage) templ.SafeURL {
	if p.Heading < 0 || pg.Note.Headings[p.Heading].ID == "" {
		return v.rel(pg.URL)
	}
	return v.rel(pg.URL) + fragment(pg.Note.Headings[p.Heading].ID)
}

// passage shows a part of the text of one of the page's members.
func (v *view) passage(pg *site.Page, p note.Passage) templ.Component {
	return slot{v.s, func(s *sheet) { v.embedder().appendPart(s, pg, p) }}
}

// longTitle is a page's title in a list with pages of all kinds.
func (v *view) longTitle(pg *site.Page) string {
	if pg.Kind == site.Home {
		return v.w.home
	}
	return pg.Title
}
