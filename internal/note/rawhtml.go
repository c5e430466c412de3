package note

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// htmlBlock writes HTML that stands as a block.
func (r *render) htmlBlock(n *ast.HTMLBlock) {
	var raw []byte
	var at []piece
	lines := n.Lines()
	for i := range lines.Len() {
		seg := lines.At(i)
		at = append(at, piece{len(raw), r.doc.offset(seg.Start)})
		raw = append(raw, seg.Value(r.src)...)
	}
	if n.HasClosure() {
		at = append(at, piece{len(raw), r.doc.offset(n.ClosureLine.Start)})
		raw = append(raw, n.ClosureLine.Value(r.src)...)
	}
	r.rawText(raw, at)
	r.gap()
}

func (r *render) rawHTML(n *ast.RawHTML) {
	var raw []byte
	var at []piece
	for i := range n.Segments.Len() {
		seg := n.Segments.At(i)
		at = append(at, piece{len(raw), r.doc.offset(seg.Start)})
		raw = append(raw, seg.Value(r.src)...)
	}
	r.rawText(raw, at)
}

// rawText writes HTML of the author's: comments dropped, addresses of links and
// pictures resolved, shortcodes in their place.
func (r *render) rawText(raw []byte, at []piece) {
	if r.p.exact {
		r.out = append(r.out, raw...)
		return
	}
	if !r.p.opts.UnsafeHTML {
		r.markComments(raw, at)
		raw = r.sanitized(raw)
		at = at[:1]
	}
	h := htmlWriter{r: r, src: raw, at: at}
	for h.pos < len(raw) {
		i := bytes.IndexByte(raw[h.pos:], '<')
		if i < 0 {
			i = len(raw) - h.pos
		}
		if r.p.opts.UnsafeHTML { // else nobody knows where it stands
			r.markWords(raw, h.pos, h.pos+i, at)
		}
		h.text(raw[h.pos : h.pos+i])
		if h.pos += i; h.pos < len(raw) {
			h.markup()
		}
	}
}

// htmlWriter goes through one piece of HTML. It is as lenient as a browser and
// copies what it does not understand.
type htmlWriter struct {
	r   *render
	src []byte
	at  []piece
	pos int

	// img is what the attributes of the present img tag say, and imgLink the index
	// of its address among the links; -1 for none.
	img     Look
	imgLink int
	// named is true where it has an alternative text, be it empty.
	named bool
}

// text writes what is between tags.
func (h *htmlWriter) text(s []byte) {
	r := h.r
	for len(s) > 0 {
		i := bytes.IndexByte(s, tokenStart)
		if i < 0 {
			i = len(s)
		}
		r.out = append(r.out, s[:i]...)
		if t := s[:i]; bytes.IndexByte(t, '&') >= 0 {
			r.say(unescapeEntities(t))
		} else {
			r.say(t)
		}
		if s = s[i:]; len(s) == 0 {
			return
		}
		id, n := tokenAt(s)
		if n == 0 {
			return
		}
		r.call(id)
		s = s[n:]
	}
}

// markup handles what begins with the < at h.pos.
func (h *htmlWriter) markup() {
	s := h.src[h.pos:]
	switch {
	case bytes.HasPrefix(s, []byte("<!--")):
		n := commentLength(s)
		h.r.markComment(s[:n], h.offset(h.pos))
		h.pos += n
	case len(s) > 1 && (s[1] == '!' || s[1] == '?'):
		h.copyThrough(bytes.IndexByte(s, '>'))
	case len(s) > 1 && s[1] == '/':
		h.endTag()
	case len(s) > 1 && isLetter(s[1]):
		h.startTag()
	default:
		h.r.out = append(h.r.out, '<')
		h.pos++
	}
}

// commentLength is the length of the comment s begins with, or of s.
func commentLength(s []byte) int {
	for _, short := range []string{"<!-->", "<!--->"} {
		if bytes.HasPrefix(s, []byte(short)) {
			return len(short)
		}
	}
	if end := bytes.Index(s[4:], []byte("-->")); end >= 0 {
		return 4 + end + 3
	}
	return len(s)
}

// copyThrough writes up to and with the byte at offset end from h.pos.
func (h *htmlWriter) copyThrough(end int) {
	if end < 0 {
		end = len(h.src) - h.pos - 1
	}
	h.r.out = append(h.r.out, h.r.withTokenText(nil, h.src[h.pos:h.pos+end+1])...)
	h.pos += end + 1
}

func (h *htmlWriter) endTag() {
	h.r.tags++
	name := tagName(h.src[h.pos+2:])
	if !h.r.p.opts.UnsafeHTML && !h.r.popTag(name) {
		if end := bytes.IndexByte(h.src[h.pos:], '>'); end >= 0 {
			h.pos += end + 1
		} else {
			h.pos = len(h.src)
		}
		return
	}
	if name == "a" && h.r.inLink > 0 {
		h.r.inLink--
	}
	if isVerbatim(name) && h.r.verbatim > 0 {
		h.r.verbatim--
	}
	h.copyThrough(bytes.IndexByte(h.src[h.pos:], '>'))
}

// completeImg leaves a hole at the end of an img tag, for the attributes that
// its author left out.
func (h *htmlWriter) completeImg(tag string) {
	r := h.r
	if tag != "img" || h.imgLink < 0 || r.p.exact {
		return
	}
	r.pictures++
	h.img.InLink = true // around what the author wrote nothing is put
	look := h.img
	r.links[h.imgLink].Look = &look
	r.holes = append(r.holes, Hole{Pos: len(r.out), Kind: ImageMore, Link: h.imgLink})
}

func tagName(s []byte) string {
	i := 0
	for i < len(s) && s[i] > ' ' && s[i] != '>' && s[i] != '/' {
		i++
	}
	return strings.ToLower(string(s[:i]))
}

func (h *htmlWriter) startTag() {
	r := h.r
	name := tagName(h.src[h.pos+1:])
	r.tags++
	switch name {
	case "img", "video", "audio", "iframe", "svg", "object", "embed", "canvas", "table", "picture":
		r.shows()
	}
	h.img = Look{Large: true}
	h.imgLink = -1
	h.named = false
	start := h.pos
	r.out = append(r.out, h.src[h.pos:h.pos+1+len(name)]...)
	h.pos += 1 + len(name)
	closed := false
	for h.pos < len(h.src) {
		c := h.src[h.pos]
		if c == '>' {
			h.completeImg(name)
			if name == "img" && !h.named {
				r.markUnnamed(h.offset(start))
			}
			r.out = append(r.out, '>')
			h.pos++
			closed = true
			break
		}
		if c <= ' ' || c == '/' || c == '=' || c == '"' || c == '\'' {
			r.out = append(r.out, c)
			h.pos++
			continue
		}
		h.attribute(name)
	}
	if closed && name == "a" {
		r.inLink++
	}
	if closed && isVerbatim(name) {
		r.verbatim++
	}
	if closed && !r.p.opts.UnsafeHTML && !voidElement(name) {
		r.openTags = append(r.openTags, name)
	}
	if name == "script" || name == "style" {
		h.rawElement(name)
	}
}

// rawElement copies a script or a style with its end tag.
func (h *htmlWriter) rawElement(name string) {
	rest := h.src[h.pos:]
	end := indexFold(rest, "</"+name)
	if end < 0 {
		end = len(rest)
	}
	h.r.out = append(h.r.out, h.r.withLiterals(rest[:end])...)
	h.pos += end
}

// indexFold is strings.Index without regard to case; needle is lower case.
func indexFold(s []byte, needle string) int {
	for i := 0; i+len(needle) <= len(s); i++ {
		j := bytes.IndexByte(s[i:], needle[0])
		if j < 0 || i+j+len(needle) > len(s) {
			return -1
		}
		i += j
		if strings.EqualFold(string(s[i:i+len(needle)]), needle) {
			return i
		}
	}
	return -1
}

// isVerbatim is true for elements whose text is code, or what somebody typed.
func isVerbatim(name string) bool {
	switch name {
	case "code", "pre", "kbd", "samp", "var", "tt", "textarea":
		return true
	}
	return false
}

func voidElement(name string) bool {
	switch name {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr":
		return true
	}
	return false
}
