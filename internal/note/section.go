package note

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
)

// Recommendation is a link to a note below a heading for [Recommendations].
type Recommendation struct {
	// Link is the index in Note.Links.
	Link int
	// Reason is what the point of the list says beside its links, plain, in one
	// line; empty where the link stands alone or in no list.
	Reason string
}

// Passage is a part of a note's text that is also shown elsewhere.
type Passage struct {
	// Heading is the index in Note.Headings of the heading that it stands below;
	// -1 where the note as a whole is meant, by its title.
	Heading int
	// From and To are its place in Body.HTML, FirstHole and EndHole in Body.Holes.
	From, To           int
	FirstHole, EndHole int
	// LinkOnly is true where the author's own HTML has elements that begin or end
	// outside of it: it can't be shown apart from the rest.
	LinkOnly bool
}

// openSection is the text below a marked heading, while it is written.
type openSection struct {
	level, heading int
	mark           Mark
	// todo is true below a heading that says nothing but TODO; plain is where the
	// aside began, then.
	todo  bool
	plain int
	// What there was when it began.
	from, holes, aside, things, tags int
}

// openSection begins the text below the heading last written.
func (r *render) openSection(n *ast.Heading, mark Mark, todo bool) {
	if mark == Unmarked && !todo || r.p.exact {
		return
	}
	s := openSection{
		level: n.Level, heading: len(r.n.Headings) - 1, mark: mark, todo: todo,
		from: len(r.out), holes: len(r.holes), plain: len(r.plain), aside: r.aside, things: r.things, tags: r.tags,
	}
	if todo {
		s.plain = r.beginAside()
	} else if mark == Recommendations {
		r.recommending++
	}
	r.sections = append(r.sections, s)
}

// closeSections ends the sections of the element being written whose headings
// are not above one of the given level.
func (r *render) closeSections(level int) {
	for len(r.sections) > r.sectionBase && r.sections[len(r.sections)-1].level >= level {
		s := &r.sections[len(r.sections)-1]
		switch {
		case s.todo:
			r.endAside(s.plain)
		case s.mark == Recommendations:
			r.recommending--
		case s.mark == People:
			r.passage(s)
		}
		r.sections = r.sections[:len(r.sections)-1]
	}
}

// passage keeps the section that ends here, if there is anything in it.
func (r *render) passage(s *openSection) {
	if r.asides > 0 || countWords(r.plain[s.plain:]) <= r.aside-s.aside && r.things == s.things {
		return
	}
	p := Passage{Heading: s.heading, From: s.from, To: len(r.out), FirstHole: s.holes, EndHole: len(r.holes)}
	p.LinkOnly = r.tags > s.tags && !balanced(r.out[p.From:p.To])
	r.n.Hallway = append(r.n.Hallway, p)
}

// hallway orders the passages, and makes the whole text one if the note's
// title says that it is about nothing else.
func (r *render) hallway() {
	n := r.n
	if !n.Stub && r.p.meanings.of(n.Title, r.overview) == People {
		n.Hallway = []Passage{{Heading: -1, To: len(n.Body.HTML), EndHole: len(n.Body.Holes)}}
		return
	}
	slices.SortFunc(n.Hallway, func(a, b Passage) int { return a.Heading - b.Heading })
	// What lies in another one is shown with it.
	end := 0
	n.Hallway = slices.DeleteFunc(n.Hallway, func(p Passage) bool {
		inside := p.From < end
		end = max(end, p.To)
		return inside
	})
	n.Hallway = slices.Clip(n.Hallway)
}

// balanced reports whether all elements in a piece of HTML begin and end in it.
func balanced(html []byte) bool {
	var open []string
	for {
		i := bytes.IndexByte(html, '<')
		if i < 0 {
			return len(open) == 0
		}
		if html = html[i+1:]; len(html) == 0 || html[0] != '/' && !isLetter(html[0]) {
			continue
		}
		end := tagEnd(html)
		if end < 0 {
			return false
		}
		tag := html[:end]
		html = html[end+1:]
		switch {
		case tag[0] == '/':
			if len(open) == 0 || open[len(open)-1] != tagName(tag[1:]) {
				return false
			}
			open = open[:len(open)-1]
		case isLetter(tag[0]):
			name := tagName(tag)
			if name == "script" || name == "style" {
				return false // what is in there may look like anything
			}
			if !voidElement(name) && tag[len(tag)-1] != '/' {
				open = append(open, name)
			}
		}
	}
}

// tagEnd returns the offset of the > that ends the tag whose inside html
// begins with; -1 where there is none.
func tagEnd(html []byte) int {
	quote := byte(0)
	for i, c := range html {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>' && i > 0:
			return i
		}
	}
	return -1
}

// recommended keeps a link below a heading for recommendations; from and to
// are where its text stands in the plain text.
func (r *render) recommended(link, from, to int) {
	l := &r.links[link]
	if r.asides > 0 || l.External || l.Kind == Image || strings.HasPrefix(l.Dest, "#") {
		return
	}
	r.n.Recommendations = append(r.n.Recommendations, Recommendation{Link: link})
	r.said = append(r.said, [2]int{from, to})
}

// reason gives the recommendations of the block that began at start of the
// plain text what it says beside them.
func (r *render) reason(n ast.Node, start int) {
	if len(r.said) == 0 {
		return
	}
	if _, item := n.Parent().(*ast.ListItem); !item {
		return
	}
	text := ""
	for _, s := range append(r.said, [2]int{len(r.plain), len(r.plain)}) {
		text = joinAround(text, string(r.plain[start:s[0]]))
		start = s[1]
	}
	if text = strings.Trim(text, " …"); !strings.ContainsFunc(text, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }) {
		return
	}
	text = summarize([]byte(text))
	recs := r.n.Recommendations[len(r.n.Recommendations)-len(r.said):]
	for i := range recs {
		recs[i].Reason = text
	}
}

// joinAround joins what stands before a link and what stands behind it,
// without the signs that set the link off.
func joinAround(before, after string) string {
	const signs = " \t\n:;,–—-|→=>·•*"
	before, after = strings.Trim(before, signs), strings.Trim(after, signs)
	if inner, open := strings.CutSuffix(before, "("); open {
		before = strings.TrimRight(inner, signs)
		after = strings.TrimLeft(strings.TrimPrefix(after, ")"), signs)
	}
	after = strings.TrimLeft(after, ".")
	if before == "" || after == "" {
		return before + after
	}
	return before + " … " + strings.TrimLeft(after, " ")
}
