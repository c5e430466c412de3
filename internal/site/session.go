package site

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
)

// maxParts is how many notes one session's page can have.
const maxParts = 30

// joinSessions makes one session of the notes that name the same one. The page
// of the first (one that says when the session began, then by its path) shows
// the texts of all; lists, menus, feeds and neighbours know that page alone.
// Only what lists may name is joined: a hidden, unlisted or withheld note of a
// session stays by itself.
func (b *builder) joinSessions() {
	sessions := map[string][]*Page{}
	for _, sec := range b.sections {
		if sec.hiddenAbove() {
			continue
		}
		for _, p := range sec.Notes {
			if id := strings.TrimSpace(p.Note.Front.Session); id != "" {
				sessions[id] = append(sessions[id], p)
			}
		}
	}
	for _, id := range sortedKeys(sessions) {
		if all := sessions[id]; len(all) > 1 {
			slices.SortFunc(all, func(p, q *Page) int {
				f, g := &p.Note.Front, &q.Note.Front
				if f.Start.IsZero() != g.Start.IsZero() {
					return lateIfZero(f.Start.IsZero(), g.Start.IsZero(), 0)
				}
				return strings.Compare(withoutExt(p.Note.Path), withoutExt(q.Note.Path))
			})
			if len(all) > maxParts {
				b.report(all[maxParts].Note, diag.Warning, "session-many",
					fmt.Sprintf("%d notes are of the session %q; the first %d are joined", len(all), id, maxParts), "give each session a name of its own")
				all = all[:maxParts]
			}
			b.lift(all[0], joinPages(all))
			for _, p := range all[1:] {
				b.leave(p.Parent)
			}
		}
	}
}

// leave takes a folder out of all lists whose notes are all parts of sessions that
// stand elsewhere: one for each person, as people keep who write side by side.
func (b *builder) leave(sec *Page) {
	if sec.Note != nil || sec.Parent == nil || len(sec.Notes)+len(sec.Concealed) > 0 {
		return
	}
	for _, below := range b.sections {
		if below.Parent == sec && !below.Unlisted {
			return
		}
	}
	sec.Unlisted = true
	b.leave(sec.Parent)
}

func withoutExt(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

func (p *Page) hiddenAbove() bool {
	for ; p != nil; p = p.Parent {
		if p.Hidden || p.Unlisted {
			return true
		}
	}
	return false
}

// joinPages joins the pages of one session. It returns its notes as they were.
func joinPages(all []*Page) []note.Part {
	parts := make([]note.Part, len(all))
	for i, p := range all {
		parts[i] = note.Part{Note: p.Note, Name: partName(p, all)}
	}
	lead := all[0]
	lead.own, lead.ownCalls, lead.Parts = len(lead.Note.Links), len(lead.Note.Calls), all[1:]
	lead.Note = note.Join(parts)
	for i, p := range lead.Parts {
		p.Lead, p.idPrefix, p.Unlisted = lead, parts[i+1].Prefix, true
		p.Parent.Notes = slices.DeleteFunc(p.Parent.Notes, func(q *Page) bool { return q == p })
	}
	return parts
}

// partName says whose text a part is: its authors, else what tells its file
// from the others'.
func partName(p *Page, all []*Page) string {
	if authors := p.Note.Front.Authors; len(authors) > 0 {
		return strings.Join(authors, ", ")
	}
	same := func(of func(*Page) string) bool {
		return slices.ContainsFunc(all, func(q *Page) bool { return q != p && of(q) == of(p) })
	}
	title := func(q *Page) string { return q.Title }
	dir := func(q *Page) string { return path.Base(path.Dir(q.Note.Path)) }
	switch {
	case !same(title):
		return p.Title
	case !same(dir):
		return note.ReadableName(dir(p))
	}
	return note.ReadableName(path.Base(withoutExt(p.Note.Path)))
}

// linkParts resolves the links in the further texts that p shows: they lead
// where they lead on the parts' own pages, but for those to a place in their
// own text, which stay on p.
func (s *Site) linkParts(p *Page) {
	at := p.own
	for _, part := range p.Parts {
		s.link(part)
		for i, t := range part.Links {
			if t.Kind == TargetSelf && len(t.URL) > 1 {
				t.URL = "#" + part.idPrefix + t.URL[1:]
			}
			p.Links[at+i] = t
		}
		for _, l := range part.linked {
			p.linked = append(p.linked, linked{at + l.link, l.page})
		}
		at += len(part.Note.Links)
		p.Lists = append(p.Lists, part.Lists...)
	}
}
