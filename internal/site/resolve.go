package site

import (
	"maps"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
)

// Resolve says where the link k would lead if it stood in n, the note of p: the
// page if it leads to one, and what would be found about it. It changes nothing.
func (s *Site) Resolve(p *Page, n *note.Note, k *note.Link) (Target, *Page, []diag.Diagnostic) {
	own := s.owner(n.Path)
	as := *p // what leads where is noted in the page
	as.linked = nil
	l := linker{s: own, ix: own.index, p: &as, n: n, path: n.Path, base: "/" + strings.TrimSuffix(p.OutPath, "index.html"), hinted: maxHints}
	t := l.resolve(k)
	if len(as.linked) > 0 {
		return t, as.linked[0].page, l.diags
	}
	if t.Kind == TargetSelf {
		return t, p, l.diags
	}
	return t, nil, l.diags
}

// Folders returns the pages of the sections by their folders below the content
// folder; home's is "".
func (s *Site) Folders() map[string]*Page { return maps.Clone(s.index.sections) }

// Key returns the decoded address of p without a trailing slash, as links name
// it: "/" for home.
func (s *Site) Key(p *Page) string { return s.index.keyOf(p) }
