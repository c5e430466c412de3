package site

import (
	"slices"
	"strings"

	"lectern/internal/note"
)

// Replaceable reports whether an edit from a to b leaves alone all that the
// model was made of: front matter, title, and which files are used. What
// others merely show of a note (its summary, its reading time) is no part of
// the model, and its headings matter to links alone.
func (s *Site) Replaceable(a, b *note.Note) bool {
	s = s.owner(a.Path)
	if p := s.index.notes[a.Path]; p != nil && (p.Lead != nil || p.Parts != nil) {
		return false // its text stands in several pages
	} else if p == nil && s.isUnplaced(a) {
		return false
	}
	if s.byLength && len(a.Body.HTML) != len(b.Body.HTML) {
		return false
	}
	return a.Readable && b.Readable && a.Path == b.Path && a.FrontKey == b.FrontKey &&
		a.Title == b.Title && a.TitleSource == b.TitleSource && sameIncludes(a, b) &&
		// What a published note merely mentions withholds nothing.
		(s.index.notes[a.Path] != nil || slices.Equal(a.Mentions, b.Mentions)) && sameMeaning(a, b) && s.sameFiles(a, b)
}

// ReplaceUnpublished puts b in the place of a, which has no page: what is found
// in it is told all the same.
func (s *Site) ReplaceUnpublished(a, b *note.Note) {
	for _, l := range s.All() {
		if i := slices.Index(l.Unpublished, a); i >= 0 {
			l.Unpublished[i] = b
		}
	}
}

// isUnplaced reports whether n is the text of a section that has no page,
// because another one has its address: what lies in it shows it all the same.
func (s *Site) isUnplaced(n *note.Note) bool {
	for _, l := range s.All() {
		for _, sec := range l.index.sections {
			if sec.Note == n {
				return true
			}
		}
	}
	return false
}

// sameIncludes reports whether two versions of a note include the same files,
// whatever is in them.
func sameIncludes(a, b *note.Note) bool {
	return slices.EqualFunc(a.Includes, b.Includes, func(x, y note.Include) bool {
		return x.Path == y.Path && x.Private == y.Private && (x.Hash == 0) == (y.Hash == 0)
	})
}

// sameFiles reports whether two versions of a note use the same files, as far
// as links that only one of them has may name any.
func (s *Site) sameFiles(a, b *note.Note) bool {
	if len(s.index.files) == 0 {
		return true
	}
	if listsFiles(a) != listsFiles(b) {
		return false
	}
	old := make(map[string]int, len(a.Links))
	for i := range a.Links {
		if !a.Links[i].External {
			old[a.Links[i].Dest]++
		}
	}
	for i := range b.Links {
		if b.Links[i].External {
			continue
		}
		if dest := b.Links[i].Dest; old[dest] > 0 {
			old[dest] = -1 // in both
		} else if old[dest] == 0 && !s.namesNoFile(a.Path, dest) {
			return false
		}
	}
	for dest, n := range old {
		if n > 0 && !s.namesNoFile(a.Path, dest) {
			return false
		}
	}
	return true
}

// namesNoFile reports whether it is certain that dest, in the note at path,
// names a page or nothing, and no file of the project.
func (s *Site) namesNoFile(path, dest string) bool {
	d, ok := parseDest(dest)
	if !ok || d.path == "" {
		return true
	}
	p := s.index.notes[path]
	if p == nil {
		return false // a withheld note: too rare to be clever about
	}
	// By its address a file may be found through another folder's rules; its
	// own name stays the last part in all of them.
	base := d.path[strings.LastIndexByte(d.path, '/')+1:]
	return !s.index.fileNamed(base)
}

// Replace puts n in the place of the note that p was made from and resolves
// anew its links, and those of others that name a place in it. It may be used
// instead of Build where the edit is [Site.Replaceable]. It returns the other
// pages that show something of it in another way now: those that it mentions, or
// no longer does.
func (s *Site) Replace(p *Page, n *note.Note) []*Page {
	s = s.owner(n.Path)
	old, mentions := p.Note, p.mentions()
	p.Note = n
	s.link(p)
	changed := p.mentioned(mentions)
	if slices.Equal(old.Anchors, n.Anchors) &&
		slices.EqualFunc(old.Headings, n.Headings, func(x, y note.Heading) bool { return x.ID == y.ID }) {
		return changed
	}
	for _, l := range s.All() {
		for _, other := range l.Pages {
			if other != p && slices.ContainsFunc(other.Links, func(t Target) bool {
				return t.Kind == TargetPage && strings.HasPrefix(t.URL, p.URL) && strings.Contains(t.URL, "#")
			}) {
				l.link(other)
			}
		}
	}
	return changed
}
