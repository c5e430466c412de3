package move

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"lectern/internal/note"
	"lectern/internal/site"
)

// pointer is one place in a note that names something of the project: a link,
// the page of a list, an included file.
type pointer struct {
	line, col int
	// dest is what it names, as far as it is a path: without query and fragment,
	// which are rest.
	dest, rest string
	kind       note.LinkKind
	lang       string
	include    bool
}

// pointers are those of a note, always in the same order.
func pointers(n *note.Note) []pointer {
	out := make([]pointer, 0, len(n.Links))
	for i := range n.Links {
		k := &n.Links[i]
		p := pointer{line: k.Line, col: k.Col, kind: k.Kind, lang: k.Lang}
		p.dest, p.rest = k.Dest, ""
		if i := strings.IndexAny(k.Dest, "?#"); i >= 0 {
			p.dest, p.rest = k.Dest[:i], k.Dest[i:]
		}
		out = append(out, p)
	}
	for i := range n.Calls {
		c := &n.Calls[i]
		p := pointer{line: c.Line, col: c.Col, kind: note.Ref}
		if c.Pages != nil {
			p.dest = c.Pages.Ref
		} else if c.Files != nil {
			p.dest = c.Files.Ref
		}
		out = append(out, p)
	}
	for _, i := range n.Includes {
		if i.Name != "" {
			out = append(out, pointer{dest: i.Name, include: true, line: 1, col: 1})
		}
	}
	return out
}

// link is the pointer with another destination, as a link.
func (p pointer) link(dest string) *note.Link {
	return &note.Link{Kind: p.kind, Lang: p.lang, Dest: dest + p.rest, External: p.external(), Line: p.line, Col: p.col}
}

func (p pointer) external() bool {
	u, err := url.Parse(p.dest)
	return strings.HasPrefix(p.dest, "//") || err == nil && u.Scheme != ""
}

// links rewrites the links that would lead elsewhere.
func (m *mover) links() error {
	for _, n := range m.Input.Notes {
		before := m.Site.Page(n.Path)
		to := m.moved(n.Path)
		after := m.after.Page(to)
		if before == nil || after == nil {
			continue
		}
		now := m.notes[to]
		ps, next := pointers(n), pointers(now)
		if len(ps) != len(next) {
			m.left(n.Path, 0, 0, "link-missing", "what this note includes changed, so its links were left alone", "look at its links")
			continue
		}
		wants := make([]string, len(next))
		work := false
		for i := range next {
			wants[i] = next[i].dest
			if next[i].include || next[i].dest == "" || next[i].external() {
				continue
			}
			want, ok := m.target(m.Site, before, n, ps[i], ps[i].dest)
			if !ok {
				continue
			}
			if m.stands(n, now, before, after, ps[i], next[i], want) {
				continue
			}
			dest, ok := m.choose(before, after, n, now, ps[i], next[i], want)
			if !ok {
				m.left(to, next[i].line, next[i].col, "link-missing", fmt.Sprintf("no way was found to write %q so that it leads to the same", next[i].dest), "write this link anew")
				continue
			}
			if dest != next[i].dest {
				wants[i], work = dest, true
			}
		}
		if work {
			if err := m.rewrite(to, wants); err != nil {
				return err
			}
		}
	}
	return nil
}

// stands is true for a pointer that leads where it did if it stays as it is.
func (m *mover) stands(n, now *note.Note, before, after *site.Page, was, at pointer, want led) bool {
	got, ok := m.target(m.after, after, now, at, at.dest)
	if !ok || got.id != m.goal(want) || got.findings > want.findings {
		return false
	}
	if want.page == nil {
		return true
	}
	// An address that is a redirect now, or a path that is none any more and is
	// found by its last part alone, is no help to others who read the note.
	spelt := func(p place, t thing, dest string) bool {
		return slices.ContainsFunc(spellings(p, t, at.kind), func(s spelling) bool { return s.text == unescape(dest) })
	}
	if (got.id != want.id || n != now || at.kind == note.Ref) && !spelt(m.placeOf(after, now), got.thing, at.dest) && spelt(m.placeOf(before, n), want.thing, was.dest) {
		return false
	}
	return m.told(n, now, was, at, at.dest)
}

// choose finds the destination that leads to the same as before, in the form
// in which the pointer is written.
func (m *mover) choose(before, after *site.Page, n, now *note.Note, was, at pointer, want led) (string, bool) {
	goal := m.goal(want)
	th, ok := m.newThing(want, goal)
	if !ok {
		return "", false
	}
	written := unescape(was.dest)
	olds := map[form]bool{}
	for _, s := range spellings(m.placeOf(before, n), want.thing, was.kind) {
		if s.text == written {
			for ; s.spare >= 0; s.spare-- { // what was needless may be fewer now
				olds[s.form] = true
				if strings.HasPrefix(written, "../") { // it may become ./x
					dotted := s.form
					dotted.dot = true
					olds[dotted] = true
				}
			}
		}
	}
	ups := strings.Count(written, "../")
	rank := func(s spelling) int { // the nearest to how it was; a bare name may become ambiguous
		up := strings.Count(s.text, "../")
		n := max(up-ups, ups-up)
		switch {
		case s.kind == "name":
			n += 100
		case strings.HasPrefix(s.text, ".") != strings.HasPrefix(written, "."):
			n++
		}
		return n
	}
	var first, others []spelling
	for _, s := range spellings(m.placeOf(after, now), th, was.kind) {
		if olds[s.form] {
			first = append(first, s)
		} else if strings.HasSuffix(s.text, "/") == strings.HasSuffix(written, "/") {
			others = append(others, s)
		}
	}
	slices.SortStableFunc(first, func(a, b spelling) int { return cmp.Compare(rank(a), rank(b)) })
	// Where none of them leads there, the others may, the likest first.
	slices.SortStableFunc(others, func(a, b spelling) int { return cmp.Compare(score(a.text, written), score(b.text, written)) })
	for i, s := range slices.Concat(first, others) {
		if i > 300 {
			break
		}
		dest := respell(s.text, was.dest)
		got, ok := m.target(m.after, after, now, at, dest)
		if ok && got.id == goal && got.findings <= want.findings && (want.page == nil || m.told(n, now, was, at, dest)) {
			return dest, true
		}
	}
	return "", false
}

// told is true where readers of the site see no worse of a pointer to a page than
// before. Whether they see a file is not known before all links are rewritten.
func (m *mover) told(n, now *note.Note, was, at pointer, dest string) bool {
	before, after := m.public.Page(n.Path), m.publicAfter.Page(now.Path)
	if before == nil || after == nil {
		return true
	}
	old, _, oldFindings := m.public.Resolve(before, n, was.link(was.dest))
	new, _, findings := m.publicAfter.Resolve(after, now, at.link(dest))
	return old.Kind == new.Kind && len(findings) <= len(oldFindings)
}

// score says how unlike two destinations are written.
func score(a, written string) int {
	n := 0
	for _, like := range []func(string) bool{
		func(s string) bool { return strings.HasPrefix(s, "/") },
		func(s string) bool { return strings.HasSuffix(s, ".md") },
		func(s string) bool { return strings.HasPrefix(s, "./") },
		func(s string) bool { return strings.HasPrefix(s, "../") },
		func(s string) bool { return strings.HasSuffix(s, ".html") },
	} {
		if like(a) != like(written) {
			n += 10
		}
	}
	return n*10 + strings.Count(a, "/")
}

// respell writes a destination with the parts of the old one as they are
// written there.
func respell(text, old string) string {
	same := map[string]string{}
	for part := range strings.SplitSeq(old, "/") {
		same[unescape(part)] = part
	}
	parts := strings.Split(text, "/")
	for i, part := range parts {
		if w, ok := same[part]; ok {
			parts[i] = w
		} else {
			parts[i] = escape(part)
		}
	}
	return strings.Join(parts, "/")
}

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}
