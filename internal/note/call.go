package note

import (
	"bytes"

	"lectern/internal/diag"
)

// isText is true for calls that stand for a text, in code too.
func (c *call) isText() bool { return c.comment != "" || c.def != nil && c.def.text }

func (c *call) isRef() bool { return c.def != nil && c.def.ref }

// isBlock is true for calls that show as a block.
func (c *call) isBlock(data []byte) bool {
	switch {
	case c.comment != "":
		return false
	case c.def != nil:
		return c.def.block && (c.def.inLine == nil || c.innerFrom < 0 || !c.def.inLine(data[c.innerFrom:c.innerTo]))
	default:
		return c.innerFrom < 0 || bytes.IndexByte(data[c.innerFrom:c.innerTo], '\n') >= 0
	}
}

// onlyBlocks is true for a line that holds nothing but block shortcodes.
func (r *render) onlyBlocks(line []byte) bool {
	found := false
	for len(line) > 0 {
		switch line[0] {
		case ' ', '\t', '\n':
			line = line[1:]
		case tokenStart:
			id, n := tokenAt(line)
			if n == 0 || id >= len(r.calls) || !r.calls[id].isBlock(r.data) {
				return false
			}
			found = true
			line = line[n:]
		default:
			return false
		}
	}
	return found
}

// tokens writes a line of block shortcodes.
func (r *render) tokens(n *tokenBlock) {
	seg := n.Lines().At(0)
	for line := seg.Value(r.src); len(line) > 0; {
		id, size := tokenAt(line)
		if size == 0 {
			line = line[1:]
			continue
		}
		r.call(id)
		line = line[size:]
	}
}

// maxDepth is how deeply shortcodes may be nested.
const maxDepth = 40

// call writes one call at its place.
func (r *render) call(id int) {
	if id >= len(r.calls) {
		return
	}
	c := &r.calls[id]
	c.check(r)
	c.markArgs(r)
	switch {
	case c.comment != "":
		r.out = appendHTML(r.out, c.comment)
		r.say([]byte(c.comment))
		return
	case r.depth >= maxDepth:
		r.report(diag.Error, ruleNesting, c.start, "shortcodes are nested too deeply here; the rest is shown as it stands", "")
		r.out = appendHTML(r.out, r.data[c.start:c.end])
		return
	}
	block := c.isBlock(r.data)
	broken := block && r.breakParagraph()
	r.depth++
	switch {
	case c.unclosed && block:
		// An empty box would be no help: its text follows as text.
	case c.def != nil:
		if c.def.showsThing() {
			r.shows()
		}
		c.def.show(r, c)
	case c.innerFrom >= 0:
		r.inner(c, !block)
	}
	r.depth--
	if broken {
		r.para = len(r.out)
		r.str("<p>")
	}
}

// breakParagraph ends the open paragraph before a block in the middle of it.
func (r *render) breakParagraph() bool {
	if r.para < 0 {
		return false
	}
	r.endParagraph()
	r.para = -1
	return true
}

// inner writes the text between a call's tags; inline without a paragraph
// around it, if it is only one.
func (r *render) inner(c *call, inline bool) {
	if c.innerFrom < 0 {
		return
	}
	m := r.margin(c)
	from, to := trimInner(r.data, c.innerFrom, c.innerTo, m)
	if isPlain(r.data[from:to]) {
		r.markPiece(from, to)
		r.plainInner(r.data[from:to], inline)
		return
	}
	r.markdown(r.document(nil, from, to, m), inline)
}

// plainInner writes text in which no rule of Markdown has anything to say.
func (r *render) plainInner(s []byte, inline bool) {
	if len(s) == 0 {
		return
	}
	if !inline {
		r.str("<p>")
	}
	r.out = append(r.out, s...)
	r.say(s)
	if !inline {
		r.str("</p>\n")
		r.gap()
	}
}

// isPlain is true for one line of words, with spaces, commas and slashes.
func isPlain(s []byte) bool {
	if len(s) == 0 {
		return true
	}
	if s[0] == ' ' || s[0] >= '0' && s[0] <= '9' || s[len(s)-1] == ' ' {
		return false
	}
	for _, c := range s {
		if !isLetter(c) && c < 0x80 && c != ' ' && c != ',' && c != '/' && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// markdown writes a piece of Markdown within the note.
func (r *render) markdown(d document, inline bool) {
	doc, src, para := r.doc, r.src, r.para
	r.doc, r.para = d, -1
	if inline {
		r.inlineFragment()
	} else {
		r.fragment(false)
	}
	r.doc, r.src, r.para = doc, src, para
}

// text of a parameter as Markdown, in place.
func (r *render) markdownArg(a arg, inline bool) {
	r.markdown(document{text: []byte(a.value), at: []piece{{0, a.off}}}, inline)
}

// trimInner leaves out the blanks around inner text, and the margin before an
// end tag on a line of its own.
func trimInner(data []byte, from, to int, m margin) (int, int) {
	for from < to && (data[from] == ' ' || data[from] == '\t') {
		from++
	}
	for to > from {
		c := data[to-1]
		if c != ' ' && c != '\t' && c != '\n' && (c != '>' || m.quotes == 0 || !quoteMark(data[from:to])) {
			break
		}
		to--
	}
	return from, to
}

// quoteMark is true when the last byte of s, a >, begins its line.
func quoteMark(s []byte) bool {
	line := s[bytes.LastIndexByte(s, '\n')+1:]
	return len(bytes.Trim(line, " >")) == 0
}

// margin finds what stands before the lines of a call's inner text.
func (r *render) margin(c *call) margin {
	if bytes.IndexByte(r.data[c.innerFrom:c.innerTo], '\n') < 0 {
		return margin{}
	}
	return r.marginAt(c.start)
}

func (r *render) marginAt(off int) margin {
	start := bytes.LastIndexByte(r.data[:off], '\n') + 1
	prefix := r.data[start:off]
	width := markersWidth(prefix)
	return margin{quotes: bytes.Count(prefix[:width], []byte{'>'}), indent: width}
}

// rawInner returns inner text as it stands, without the margin.
func (r *render) rawInner(c *call) []byte {
	if c.innerFrom < 0 {
		return nil
	}
	return r.cut(c.innerFrom, c.innerTo, r.margin(c))
}

// literal returns a call as it was written. What stands in for a call to be
// shown, in its inner text, is shown as that.
func (r *render) literal(id int) []byte {
	c := &r.calls[id]
	var m margin
	if bytes.IndexByte(r.data[c.start:c.end], '\n') >= 0 {
		m = r.marginAt(c.start)
	}
	var d document
	pos := c.start
	for i := id + 1; i < c.next; i++ {
		if inner := &r.calls[i]; inner.comment != "" {
			d.copy(r.data, pos, inner.start, m, true)
			d.text = append(d.text, inner.comment...)
			pos = inner.end
		}
	}
	d.copy(r.data, pos, c.end, m, true)
	return d.text
}

func (r *render) cut(from, to int, m margin) []byte {
	var d document
	d.copy(r.data, from, to, m, true)
	return d.text
}

// withLiterals puts calls in code back to what was written.
func (r *render) withLiterals(s []byte) []byte {
	return r.expand(s, func(dst []byte, id int) []byte {
		c := &r.calls[id]
		switch {
		case c.comment != "":
			return append(dst, c.comment...)
		case c.isRef():
			c.check(r)
			return append(dst, c.target()...)
		case c.def != nil && c.def.plain != nil:
			c.check(r)
			return append(dst, c.def.plain(r, c)...)
		}
		return append(dst, r.literal(id)...)
	})
}

// withTokenText appends s with calls replaced by their text, where only text
// can stand: in attributes and ids.
func (r *render) withTokenText(dst, s []byte) []byte {
	if bytes.IndexByte(s, tokenStart) < 0 {
		return append(dst, s...)
	}
	return append(dst, r.expand(s, func(dst []byte, id int) []byte {
		c := &r.calls[id]
		switch {
		case c.comment != "":
			return append(dst, c.comment...)
		case c.isRef():
			c.check(r)
			return append(dst, c.target()...)
		case c.def != nil && c.def.plain != nil:
			c.check(r)
			return append(dst, c.def.plain(r, c)...)
		case c.innerFrom >= 0 && (c.def == nil || !c.def.raw):
			return append(dst, r.innerText(c)...)
		}
		return dst
	})...)
}

func (r *render) expand(s []byte, one func(dst []byte, id int) []byte) []byte {
	if bytes.IndexByte(s, tokenStart) < 0 {
		return s
	}
	var out []byte
	for len(s) > 0 {
		i := bytes.IndexByte(s, tokenStart)
		if i < 0 {
			return append(out, s...)
		}
		out = append(out, s[:i]...)
		id, n := tokenAt(s[i:])
		if n == 0 || id >= len(r.calls) {
			n = 1
		} else {
			out = one(out, id)
		}
		s = s[i+n:]
	}
	return out
}

// innerText is a call's inner text without the tags of calls in it.
func (r *render) innerText(c *call) []byte {
	from, to := trimInner(r.data, c.innerFrom, c.innerTo, margin{})
	if r.depth >= maxDepth {
		return nil
	}
	r.depth++
	d := r.document(nil, from, to, margin{})
	text := r.withTokenText(nil, d.text)
	r.depth--
	return text
}
