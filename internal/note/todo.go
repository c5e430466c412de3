package note

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	emoji "github.com/yuin/goldmark-emoji/ast"
	"github.com/yuin/goldmark/ast"
	xast "github.com/yuin/goldmark/extension/ast"
)

// prose writes the inline nodes of a block. Lines that begin with TODO get a
// class, or are left out if the options ask for that. With whole, a block that
// begins so is one such line to its end: a heading, the point of a list.
func (r *render) prose(n ast.Node, whole bool) {
	if r.p.exact {
		r.children(n)
		return
	}
	base := r.tagBase
	r.tagBase = len(r.openTags)
	last := false // is left out
	for c := n.FirstChild(); c != nil; {
		todo := r.todo(c)
		if todo {
			r.markTodo(c)
		}
		end := lineEnd(c)
		if whole && todo {
			end = nil
		}
		switch {
		case !todo:
			for ; c != end; c = c.NextSibling() {
				r.node(c)
			}
		case !r.p.opts.HideTodos:
			r.todoLine(c, end)
		}
		if last = todo && r.p.opts.HideTodos; last {
			r.hidden++
		}
		c = end
	}
	if last {
		r.out = bytes.TrimSuffix(bytes.TrimRight(r.out, "\n"), []byte("<br"+r.void(">")))
	}
	r.closeTags(r.tagBase)
	r.tagBase = base
}

// todoLine writes the nodes from c to before end as a line that is yet to be done.
func (r *render) todoLine(c, end ast.Node) {
	base, para := r.tagBase, r.para
	r.tagBase, r.para = len(r.openTags), -1
	r.str(`<span class="todo">`)
	start := r.beginAside()
	for ; c != end; c = c.NextSibling() {
		r.node(c)
	}
	r.endAside(start)
	r.closeTags(r.tagBase)
	r.tagBase, r.para = base, para
	r.str("</span>")
}

// lineEnd returns the node behind the line that begins with c; nil at the end
// of the block. A break inside an element ends no line.
func lineEnd(c ast.Node) ast.Node {
	for ; c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok && (t.SoftLineBreak() || t.HardLineBreak()) {
			return c.NextSibling()
		}
	}
	return nil
}

// todo reports whether the line that begins with n says that it is yet to be
// done. A check box says so by itself, for the reader; where such lines are left
// out, one that is not checked makes no difference.
func (r *render) todo(n ast.Node) bool {
	for n != nil {
		switch x := n.(type) {
		case *ast.Text:
			text := trimSigns(r.src[x.Segment.Start:x.Segment.Stop])
			if len(text) > 0 {
				// What follows may stand behind the asterisks around the word.
				return isTodo(r.src[x.Segment.Stop-len(text):])
			}
			if x.SoftLineBreak() || x.HardLineBreak() {
				return false
			}
			n = n.NextSibling()
		case *ast.Emphasis:
			n = n.FirstChild()
		case *emoji.Emoji:
			n = n.NextSibling()
		case *xast.TaskCheckBox:
			if x.IsChecked || !r.p.opts.HideTodos {
				return false
			}
			n = n.NextSibling()
		default:
			return false
		}
	}
	return false
}

// progress is how much of the note was written at a point.
type progress struct{ out, plain, summary, holes, links, anchors, hidden int }

func (r *render) progress() progress {
	return progress{len(r.out), len(r.plain), len(r.summary), len(r.holes), len(r.links), len(r.anchors), r.hidden}
}

// emptied takes back what was written since before, a quotation or a box, if
// its inside, which began at inner, is empty because only lines that are yet to
// be done stood there.
func (r *render) emptied(before progress, inner int) bool {
	if r.hidden == before.hidden || len(bytes.TrimSpace(r.out[inner:])) > 0 || len(r.holes) > 0 && r.holes[len(r.holes)-1].Pos >= inner {
		return false
	}
	r.out, r.plain, r.summary = r.out[:before.out], r.plain[:before.plain], r.summary[:before.summary]
	r.holes, r.links, r.anchors = r.holes[:before.holes], r.links[:before.links], r.anchors[:before.anchors]
	return true
}

// trimSigns takes off blanks and emoji that text begins with.
func trimSigns(text []byte) []byte {
	for len(text) > 0 {
		c, size := rune(text[0]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRune(text)
		}
		if c != ' ' && c != '\u200d' && c != '\ufe0f' && (c < utf8.RuneSelf || !unicode.Is(unicode.So, c)) {
			break
		}
		text = text[size:]
	}
	return text
}

// isTodo reports whether text begins with a word for what is yet to be done. In
// capitals it may stand before anything; else people write of to-do lists, and
// it must end the line or have a colon.
func isTodo(text []byte) bool {
	n, capitals := todoWord(text)
	if n == 0 {
		return false
	}
	rest := bytes.TrimLeft(text[n:], "*_")
	if len(rest) == 0 || rest[0] == '\n' || rest[0] == ':' {
		return true
	}
	if rest[0] == '(' { // TODO(ann): …
		end := bytes.IndexAny(rest, ")\n")
		return capitals || end > 0 && bytes.HasPrefix(rest[end:], []byte("):"))
	}
	if !capitals {
		return len(bytes.TrimLeft(untilLine(rest), " \t.!…")) == 0
	}
	c, _ := utf8.DecodeRune(rest)
	if c == '-' || c == '/' || c == '\'' || c == '’' || c == '_' || c == '"' || unicode.IsLetter(c) || unicode.IsDigit(c) {
		return false
	}
	return !aboutTodos(bytes.TrimLeft(rest, " \t"))
}

func untilLine(text []byte) []byte {
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		return text[:i]
	}
	return text
}

// todoWord returns the length of the word that text begins with, or 0.
func todoWord(text []byte) (n int, capitals bool) {
	if len(text) < 3 {
		return 0, false
	}
	switch text[0] | 0x20 {
	case 't', 'f', 'z', 'n':
	default:
		return 0, false
	}
	for _, w := range [...]string{"TODOS", "TODO", "TO DO", "TO-DO", "FIXME", "TBD", "TBA", "ZU TUN", "NOCH ZU TUN"} {
		if len(text) < len(w) || !bytes.EqualFold(text[:len(w)], []byte(w)) {
			continue
		}
		// "TODOs" is written in capitals, too; words with a blank never are.
		return len(w), string(text[:min(4, len(w))]) == w[:min(4, len(w))] && !bytes.ContainsAny(text[:len(w)], " -")
	}
	return 0, false
}

// aboutTodos reports whether text goes on about a thing that is called after TODOs.
func aboutTodos(text []byte) bool {
	end := bytes.IndexFunc(text, func(c rune) bool { return !unicode.IsLetter(c) })
	if end < 0 {
		end = len(text)
	}
	switch string(bytes.ToLower(text[:end])) {
	case "list", "lists", "comment", "comments", "app", "apps", "item", "items", "marker", "markers", "tracker", "liste", "kommentar", "kommentare":
		return true
	}
	return false
}

// visible returns n or, where lines that are yet to be done are left out, the
// next of its siblings that is shown. A heading that says nothing but TODO
// takes what stands below it with it.
func (r *render) visible(n ast.Node) ast.Node {
	for n != nil {
		h, ok := n.(*ast.Heading)
		if !ok || !r.todo(h.FirstChild()) {
			return n
		}
		r.hidden++
		r.markTodo(h.FirstChild())
		n = n.NextSibling()
		if !r.bareTodo(h) {
			continue
		}
		for ; n != nil; n = n.NextSibling() {
			if next, ok := n.(*ast.Heading); ok && next.Level <= h.Level {
				break
			}
		}
	}
	return nil
}

// bareTodo reports whether the heading, which begins with a word for TODO, says
// nothing else.
func (r *render) bareTodo(h *ast.Heading) bool {
	if h.Lines().Len() != 1 {
		return false
	}
	line := h.Lines().At(0)
	text := bytes.Trim(trimSigns(line.Value(r.src)), "*_ \n")
	n, _ := todoWord(text)
	return len(bytes.Trim(text[n:], " :.…!")) == 0
}
