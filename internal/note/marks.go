package note

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// Marks are what a check of a note has to know of its text and no page shows:
// where things stand as they were written. They are made by the walk that makes
// the HTML, so nothing in code is ever taken for text.
//
// What an included file brings is not among them: it is checked where it stands.
type Marks struct {
	// Text is where the text begins: its first line that is not blank, else the
	// end of the file.
	Text Place
	// Fields are the front matter's, in the order of the file.
	Fields []FieldMark
	// Headings are those of Markdown, in order, the one that became the title
	// included.
	Headings []HeadingMark
	// Todos are the lines that say that they are yet to be done, in order.
	Todos []TextMark
	// Comments are the HTML comments, in order.
	Comments []Comment
	// Unnamed are the pictures in HTML without any alt attribute.
	Unnamed []Place
	// Dated are names in shortcodes that have another name today; Unknown those
	// of unknown shortcodes that are nearly that of one: Place is then the
	// shortcode's.
	Dated, Unknown []DatedMark
	// Words are those on a list of misspelt words, in any order; some may stand
	// here twice.
	Words []WordMark
}

// Place is a line and a column of the note's file, both from 1; columns count
// bytes.
type Place struct{ Line, Col int }

// FieldMark is where a field of the front matter stands. Name is in lower case.
type FieldMark struct {
	Name       string
	Key, Value Place
}

// HeadingMark is where a heading of Level begins.
type HeadingMark struct {
	Place
	Level int
}

// TextMark is a piece of text and where it begins.
type TextMark struct {
	Place
	Text string
}

// Comment is an HTML comment; its place is that of the <.
type Comment struct {
	Place
	// Text is what stands between the marks, without blanks around it.
	Text string
	// Calls are the shortcodes in it, which are not run.
	Calls []CommentedCall
}

// CommentedCall is the start of a shortcode in a comment.
type CommentedCall struct {
	Place
	Name string
	// Href is where a button leads, Kind what it would be of the session: video,
	// slides, code, or nothing of these.
	Href, Kind string
	// Target is where the value of Href begins; zero where there is none.
	Target Place
	// Escaped is true for {{%/* … */%}}, which no program runs.
	Escaped bool
}

// DatedMark is a name that was written, and what the same is called now.
type DatedMark struct {
	Place
	// What says what it names: a shortcode or a parameter of one.
	What     string
	Old, New string
	// Same is true where both mean the same to every program.
	Same bool
	// Ends are all places where Old has to become New.
	Ends []Place
}

// maxMarks bounds the marks of each kind in one note.
const maxMarks = 1000

// place is where off stands in the note's own file; ok is false for what was
// included, and where no marks are wanted.
func (r *render) place(off int) (at Place, ok bool) {
	if r.n.Marks == nil {
		return Place{}, false
	}
	if len(r.sources) > 0 {
		file, line, col, _ := r.whence(off)
		return Place{line, col}, file == r.n.Path
	}
	line, col := r.position(off)
	return Place{line, col}, true
}

// markText notes where the text begins that stands at offset body of data.
func (n *Note) markText(data []byte, body int) {
	if n.Marks == nil {
		return
	}
	if rest := bytes.TrimLeft(data[body:], " \t\n"); len(rest) > 0 {
		body = len(data) - len(rest)
		body = bytes.LastIndexByte(data[:body], '\n') + 1
	} else {
		body = len(data)
	}
	n.Marks.Text.Line, n.Marks.Text.Col = position(data, body)
}

func (n *Note) markFields(fields []field) {
	if n.Marks == nil {
		return
	}
	n.Marks.Fields = make([]FieldMark, len(fields))
	for i := range fields {
		f := &fields[i]
		n.Marks.Fields[i] = FieldMark{f.name, Place{f.key.line, f.key.col}, Place{f.at.line, f.at.col}}
	}
}

// Field returns the mark of the first of the named fields that the front matter
// has.
func (m *Marks) Field(names ...string) (f FieldMark, ok bool) {
	for _, name := range names {
		for _, f := range m.Fields {
			if f.Name == name {
				return f, true
			}
		}
	}
	return FieldMark{}, false
}

func (r *render) markHeading(n *ast.Heading) {
	if r.n.Marks == nil || n.Lines().Len() == 0 {
		return
	}
	off := r.doc.offset(n.Lines().At(0).Start)
	line := bytes.LastIndexByte(r.data[:off], '\n') + 1
	if i := line + markersWidth(r.data[line:off]); i < off && r.data[i] == '#' {
		off = i
	}
	if at, ok := r.place(off); ok && len(r.n.Marks.Headings) < maxMarks {
		r.n.Marks.Headings = append(r.n.Marks.Headings, HeadingMark{at, n.Level})
	}
}

// markTodo notes the line that begins with n, which says TODO.
func (r *render) markTodo(n ast.Node) {
	if r.n.Marks == nil {
		return
	}
	for n != nil && n.Kind() != ast.KindText {
		if e, ok := n.(*ast.Emphasis); ok {
			n = e.FirstChild()
			continue
		}
		n = n.NextSibling()
	}
	t, ok := n.(*ast.Text)
	if !ok {
		return
	}
	off := r.doc.offset(t.Segment.Start)
	off += len(r.data[off:]) - len(trimSigns(r.data[off:]))
	if at, ok := r.place(off); ok && len(r.n.Marks.Todos) < maxMarks {
		r.n.Marks.Todos = append(r.n.Marks.Todos, TextMark{at, excerpt(untilLine(r.data[off:]))})
	}
}

// excerpt is a piece of text for a message.
func excerpt(text []byte) string {
	const longest = 60
	s := strings.TrimSpace(string(text))
	if r := []rune(s); len(r) > longest {
		s = strings.TrimSpace(string(r[:longest])) + "…"
	}
	return s
}

// markComment notes the comment s, which begins at offset off.
func (r *render) markComment(s []byte, off int) {
	text := bytes.TrimSuffix(bytes.TrimPrefix(s, []byte("<!--")), []byte("-->"))
	if r.ignoreComment(text, off, off+len(s)) {
		return
	}
	at, ok := r.place(off)
	if !ok || len(r.n.Marks.Comments) >= maxMarks {
		return
	}
	c := Comment{Place: at, Text: strings.TrimSpace(string(text))}
	for pos := 0; len(c.Calls) < maxArgs; {
		i := bytes.Index(s[pos:], []byte("{{"))
		if i < 0 || pos+i+2 >= len(s) {
			break
		}
		if pos += i; s[pos+2] != '<' && s[pos+2] != '%' {
			pos += 2
			continue
		}
		t, ok := lexTag(s, pos)
		if !ok {
			pos += 3
			continue
		}
		if !t.closing {
			c.Calls = append(c.Calls, r.commentedCall(s, pos, off, t))
		}
		pos = t.end
	}
	r.n.Marks.Comments = append(r.n.Marks.Comments, c)
}

func (r *render) commentedCall(s []byte, pos, off int, t tag) CommentedCall {
	c := CommentedCall{Name: t.name, Escaped: t.comment != ""}
	c.Place, _ = r.place(off + pos)
	icon, label := "", ""
	for _, a := range t.args {
		switch a.name {
		case "href":
			c.Href = a.value
			c.Target, _ = r.place(off + a.off)
		case "icon":
			icon = a.value
		}
	}
	if end := bytes.Index(s[t.end:], []byte("{{")); end >= 0 {
		label = strings.TrimSpace(string(s[t.end : t.end+end]))
	}
	if strings.EqualFold(t.name, "button") {
		c.Kind = resourceKind(c.Href, label, icon)
	}
	return c
}

// markComments notes the comments in HTML that is going to be cleaned of them.
func (r *render) markComments(raw []byte, at []piece) {
	for pos := 0; ; {
		i := bytes.Index(raw[pos:], []byte("<!--"))
		if i < 0 {
			return
		}
		pos += i
		n := commentLength(raw[pos:])
		r.markComment(raw[pos:pos+n], pieceOffset(at, pos))
		pos += n
	}
}

// markUnnamed notes a picture in HTML, whose tag begins at off, that says
// nothing to those who cannot see it.
func (r *render) markUnnamed(off int) {
	if at, ok := r.place(off); ok && len(r.n.Marks.Unnamed) < maxMarks {
		r.n.Marks.Unnamed = append(r.n.Marks.Unnamed, at)
	}
}
