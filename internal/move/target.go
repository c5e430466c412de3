package move

import (
	"path"
	"strings"

	"lectern/internal/note"
	"lectern/internal/site"
)

// led is what a pointer leads to.
type led struct {
	id       string
	findings int
	thing    thing
	target   site.Target
	page     *site.Page
}

// target follows a pointer of a page's note.
func (m *mover) target(s *site.Site, p *site.Page, n *note.Note, at pointer, dest string) (led, bool) {
	t, page, diags := s.Resolve(p, n, at.link(dest))
	l := led{findings: len(diags), target: t, page: page}
	switch {
	case page != nil:
		l.id = m.pageID(s, page)
	case t.Kind == site.TargetFile && t.File != nil:
		l.id = "file " + t.File.Path
	case t.Kind == site.TargetFile:
		l.id = "made " + t.URL // a feed, the sitemap
	default:
		return l, false
	}
	l.thing, _ = m.thingOf(s, t, page)
	return l, true
}

// pageID names a page by what it is made from, so that it is the same before
// and after.
func (m *mover) pageID(s *site.Site, p *site.Page) string {
	if p.Note != nil {
		return "note " + p.Note.Path
	}
	if dir := m.folderOf(s, p); dir != "" {
		return "folder " + dir + " " + m.Input.Config.LanguageKey
	}
	id := p.Kind.String() + " " + p.LinkTitle
	if p.Parent != nil && p.Parent != p {
		id += " of " + m.pageID(s, p.Parent)
	}
	return id
}

// folderOf is the folder in the project that a generated section stands for.
func (m *mover) folderOf(s *site.Site, p *site.Page) string {
	known := m.sections[s]
	if known == nil {
		known = map[*site.Page]string{}
		for _, l := range s.All() {
			for dir, q := range l.Folders() {
				known[q] = path.Join(l.Config.ContentDir, dir)
			}
		}
		m.sections[s] = known
	}
	return known[p]
}

// goal is the id that something of the present site has afterwards.
func (m *mover) goal(l led) string {
	for _, prefix := range []string{"note ", "file "} {
		if p, ok := strings.CutPrefix(l.id, prefix); ok {
			return prefix + m.moved(p)
		}
	}
	if at := strings.Index(l.id, "folder "); at >= 0 {
		head, rest := l.id[:at+len("folder ")], l.id[at+len("folder "):]
		for _, d := range m.dirs {
			if tail, ok := strings.CutPrefix(rest, d[0]); ok && (tail[0] == '/' || tail[0] == ' ') {
				if dir, _, _ := strings.Cut(d[1]+tail, " "+m.Input.Config.LanguageKey); m.made[dir] != "" {
					return "note " + m.made[dir]
				}
				return head + d[1] + tail
			}
		}
	}
	if at := strings.Index(l.id, " of note "); at >= 0 {
		return l.id[:at+len(" of note ")] + m.moved(l.id[at+len(" of note "):])
	}
	if u, ok := strings.CutPrefix(l.id, "made "); ok {
		return "made " + m.madeAt(u)
	}
	return l.id
}

// madeAt is where a generated file of a page that moves will be.
func (m *mover) madeAt(u string) string {
	i := strings.LastIndexByte(u, '/') + 1
	for _, s := range m.Site.All() {
		for _, p := range s.Pages {
			if p.URL != u[:i] {
				continue
			}
			id := m.goal(led{id: m.pageID(s, p)})
			for _, t := range m.after.All() {
				for _, q := range t.Pages {
					if m.pageID(t, q) == id {
						return q.URL + u[i:]
					}
				}
			}
		}
	}
	return u
}

// newThing is what a pointer is to lead to.
func (m *mover) newThing(want led, goal string) (thing, bool) {
	if p, ok := strings.CutPrefix(goal, "note "); ok {
		page := m.after.Page(p)
		if page == nil {
			return thing{}, false
		}
		return m.thingOf(m.after, site.Target{}, page)
	}
	if p, ok := strings.CutPrefix(goal, "file "); ok {
		for _, f := range m.after.Files {
			if f.Path == p {
				return m.thingOf(m.after, site.Target{File: f}, nil)
			}
		}
		return thing{}, false
	}
	if u, ok := strings.CutPrefix(goal, "made "); ok {
		return thing{key: u, file: strings.TrimPrefix(u, "/")}, true
	}
	for _, s := range m.after.All() {
		for _, p := range s.Pages {
			if p.Note == nil && m.pageID(s, p) == goal {
				return m.thingOf(s, site.Target{}, p)
			}
		}
	}
	return thing{}, false
}
