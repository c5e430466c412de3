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
		raw = r.sanitized(raw)
		at = at[:1]
	}
	h := htmlWriter{r: r, src: raw, at: at}
	for h.pos < len(raw) {
		i := bytes.IndexByte(raw[h.pos:], '<')
		if i < 0 {
			i = len(raw) - h.pos
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
		h.pos += commentLength(s)
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
	name := tagName(h.src[h.pos+2:])
	if !h.r.p.opts.UnsafeHTML && !h.r.popTag(name) {
		if end := bytes.IndexByte(h.src[h.pos:], '>'); end >= 0 {
			h.pos += end + 1
		} else {
			h.pos = len(h.src)
		}
		return
	}
	h.copyThrough(bytes.IndexByte(h.src[h.pos:], '>'))
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
	r.out = append(r.out, h.src[h.pos:h.pos+1+len(name)]...)
	h.pos += 1 + len(name)
	closed := false
	for h.pos < len(h.src) {
		c := h.src[h.pos]
		if c == '>' {
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

// attribute writes the attribute at h.pos, with its value.
func (h *htmlWriter) attribute(tag string) {
	r := h.r
	start := h.pos
	for h.pos < len(h.src) && h.src[h.pos] > ' ' && !strings.ContainsRune("=>/\"'", rune(h.src[h.pos])) {
		h.pos++
	}
	name := strings.ToLower(string(h.src[start:h.pos]))
	r.out = append(r.out, r.withTokenText(nil, h.src[start:h.pos])...)
	p := h.skipSpace(h.pos)
	if p >= len(h.src) || h.src[p] != '=' {
		return
	}
	p = h.skipSpace(p + 1)
	h.pos = p
	value := h.value()
	r.out = append(r.out, '=', '"')
	off := h.offset(p)
	switch kind, is := addressKind(tag, name); {
	case is && name == "srcset":
		h.srcset(value, off)
	case is:
		d := r.rawDestination(value)
		if d.kind != Ref {
			d.kind = kind
		}
		d.off = off
		if r.allowed(d.url) {
			r.urlHole(d)
		}
	default:
		r.out = append(r.out, bytes.ReplaceAll(r.withTokenText(nil, value), []byte{'"'}, []byte("&quot;"))...)
	}
	r.out = append(r.out, '"')
}

func (h *htmlWriter) skipSpace(p int) int {
	for p < len(h.src) && h.src[p] <= ' ' && h.src[p] != tokenStart {
		p++
	}
	return p
}

// value reads an attribute's value, quoted or not, and moves past it.
func (h *htmlWriter) value() []byte {
	if h.pos >= len(h.src) {
		return nil
	}
	if q := h.src[h.pos]; q == '"' || q == '\'' {
		rest := h.src[h.pos+1:]
		end := bytes.IndexByte(rest, q)
		if end < 0 {
			h.pos = len(h.src)
			return rest
		}
		h.pos += end + 2
		return rest[:end]
	}
	start := h.pos
	for h.pos < len(h.src) && (h.src[h.pos] > ' ' || h.src[h.pos] == tokenStart || h.src[h.pos] == tokenEnd) && h.src[h.pos] != '>' {
		h.pos++
	}
	return h.src[start:h.pos]
}

// srcset writes a list of pictures, each with an optional size.
func (h *htmlWriter) srcset(value []byte, off int) {
	for i, part := range bytes.Split(value, []byte{','}) {
		if i > 0 {
			h.r.str(", ")
		}
		url, size, _ := bytes.Cut(bytes.TrimSpace(part), []byte{' '})
		if len(url) > 0 {
			d := h.r.rawDestination(url)
			d.kind, d.off = AttrImage, off
			if h.r.allowed(d.url) {
				h.r.urlHole(d)
			}
		}
		if len(size) > 0 {
			h.r.str(" ")
			h.r.out = appendHTML(h.r.out, size)
		}
	}
}

// offset turns an offset in h.src into one in the file.
func (h *htmlWriter) offset(p int) int { return pieceOffset(h.at, p) }

// addressKind says whether an attribute of a tag is an address of the site.
func addressKind(tag, attr string) (LinkKind, bool) {
	switch attr {
	case "href":
		return Attr, tag == "a" || tag == "area"
	case "srcset":
		return AttrImage, tag == "img" || tag == "source"
	case "poster":
		return AttrImage, tag == "video"
	case "src":
		switch tag {
		case "img":
			return AttrImage, true
		case "video", "audio", "source", "track", "iframe", "embed":
			return Attr, true
		}
	}
	return Attr, false
}

// rawDestination reads an address out of an attribute.
func (r *render) rawDestination(value []byte) destination {
	value = bytes.TrimSpace(value)
	d := destination{}
	if len(value) > 0 && value[0] == tokenStart {
		if id, n := tokenAt(value); n > 0 && r.calls[id].isRef() {
			d.kind = Ref
			d.url = r.calls[id].target()
			r.calls[id].check(r)
			value = value[n:]
		}
	}
	d.url += string(unescapeEntities(r.withTokenText(nil, value)))
	return d
}

// unescapeEntities resolves HTML's entities.
func unescapeEntities(s []byte) []byte {
	if bytes.IndexByte(s, '&') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); {
		if s[i] == '&' {
			if e, n := entity(s[i:]); n > 0 {
				out = append(out, e...)
				i += n
				continue
			}
		}
		out = append(out, s[i])
		i++
	}
	return out
}

func voidElement(name string) bool {
	switch name {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr":
		return true
	}
	return false
}
