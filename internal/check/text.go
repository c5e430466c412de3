package check

import (
	"fmt"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
	"lectern/internal/site"
)

// headings looks for levels that are left out. What is included may have some
// of them, so notes with includes are not judged.
func (c *checker) headings(s *subject) {
	if len(s.note.Includes) > 0 {
		return
	}
	last := 1 // the page's own
	for _, h := range s.note.Marks.Headings {
		if h.Level > last+1 {
			c.report(s, "heading-skip", h.Place, fmt.Sprintf("this heading is of level %d, below one of level %d", h.Level, last),
				fmt.Sprintf("begin it with %s", strings.Repeat("#", last+1)))
		}
		last = h.Level
	}
}

func (c *checker) todos(s *subject) {
	for _, t := range s.note.Marks.Todos {
		c.report(s, "todo", t.Place, "yet to be done: "+t.Text, "")
	}
	for _, k := range s.note.Marks.Comments {
		if line, ok := todoComment(k.Text); ok {
			c.report(s, "todo", k.Place, "yet to be done, in a comment: "+line, "")
		}
	}
}

// todoComment reports whether a comment begins with a word for what is yet to
// be done, and returns its first line.
func todoComment(text string) (line string, ok bool) {
	line, _, _ = strings.Cut(text, "\n")
	for _, w := range []string{"TODO", "FIXME", "TBD", "XXX"} {
		if rest, found := strings.CutPrefix(line, w); found && (rest == "" || strings.IndexByte(" :(", rest[0]) >= 0) {
			if r := []rune(line); len(r) > 60 {
				line = strings.TrimSpace(string(r[:60])) + "…"
			}
			return line, true
		}
	}
	return "", false
}

// stub reports notes that only promise to say something. Of a folder's own note
// nobody expects words, but if it has some, they should say something.
func (c *checker) stub(s *subject) {
	if !s.note.Stub || s.page.Kind != site.Single && len(s.note.Marks.Todos) == 0 && s.note.Words == 0 {
		return
	}
	if s.page.Kind != site.Single && onlyHeadings(s.note) {
		return
	}
	msg := "this note has nothing to read yet"
	if s.note.Words > 0 && s.note.Summary != "" && len(s.note.Marks.Todos) == 0 && s.note.Front.Description == "" {
		msg = fmt.Sprintf("this note only says that there will be more: %q", s.note.Summary)
	}
	c.report(s, "stub", s.note.Marks.Text, msg, "")
}

// onlyHeadings reports whether the text has headings alone, and nothing that is
// yet to be done.
func onlyHeadings(n *note.Note) bool {
	if len(n.Marks.Todos) > 0 {
		return false
	}
	words := 0
	for i := range n.Headings {
		words += len(strings.Fields(n.Headings[i].Text))
	}
	return n.Words <= words
}

// comments looks at shortcodes that were commented out in HTML's way, which
// Hugo runs all the same. Buttons are placeholders: see there.
func (c *checker) comments(s *subject) {
	for _, k := range s.note.Marks.Comments {
		for _, call := range k.Calls {
			if call.Escaped || isPlaceholderCall(&call) {
				continue
			}
			c.report(s, "html-comment-shortcode", call.Place,
				fmt.Sprintf("the shortcode %q stands in an HTML comment: Hugo runs it all the same", call.Name),
				"take it out, or write it {{%/* … */%}}")
		}
	}
}

func (c *checker) datedShortcodes(s *subject) {
	for _, m := range s.note.Marks.Dated {
		d := c.report(s, "shortcode-deprecated", m.Place, fmt.Sprintf("the %s %q is called %q today", m.What, m.Old, m.New), "")
		if edits, ok := c.replace(s, m.Old, m.New, m.Ends...); ok {
			d.Fix = &diag.Fix{Title: fmt.Sprintf("write %q", m.New), Sure: m.Same, Edits: edits}
		}
	}
}

// unknownShortcodes turns the nearest name that the parser found into a fix.
func (c *checker) unknownShortcodes(s *subject) {
	for _, m := range s.note.Marks.Unknown {
		d := c.found.find(s.note.Path, m.Place, "shortcode-unknown")
		if d == nil || d.Fix != nil {
			continue
		}
		if edits, ok := c.replace(s, m.Old, m.New, m.Ends...); ok {
			d.Fix = &diag.Fix{Title: fmt.Sprintf("write %q", m.New), Edits: edits}
		}
	}
}

func (c *checker) title(s *subject) {
	if s.note.TitleSource == note.TitleFromName {
		c.report(s, "title-missing", start(), fmt.Sprintf("this note has no title: %q is made of its file's name", s.page.Title),
			"write title: … into its front matter, or begin it with a heading")
	}
}
