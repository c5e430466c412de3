package note

import (
	"bytes"
	"strings"
)

// attribute writes the attribute at h.pos, with its value.
func (h *htmlWriter) attribute(tag string) {
	r := h.r
	start := h.pos
	for h.pos < len(h.src) && h.src[h.pos] > ' ' && !strings.ContainsRune("=>/\"'", rune(h.src[h.pos])) {
		h.pos++
	}
	name := strings.ToLower(string(h.src[start:h.pos]))
	h.named = h.named || name == "alt" || name == "role" || name == "aria-hidden" || strings.HasPrefix(name, "aria-label")
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
	if name == "id" || name == "name" && tag == "a" {
		r.anchor(string(unescapeEntities(r.withTokenText(nil, value))))
	}
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
			if tag == "img" && name == "src" && !external(d.url) {
				h.imgLink = len(r.links)
			}
			r.urlHole(d)
		}
	default:
		if tag == "img" {
			h.img.attribute(name, string(value))
		}
		h.words(value, off)
	}
	if name == "srcset" {
		h.img.Sources = true
	}
	r.out = append(r.out, '"')
}

// words writes a value that is no address; a ref in it still is one.
func (h *htmlWriter) words(value []byte, off int) {
	r := h.r
	text := func(s []byte) {
		r.out = append(r.out, bytes.ReplaceAll(r.withTokenText(nil, s), []byte{'"'}, []byte("&quot;"))...)
	}
	start := 0
	for i := 0; i < len(value); i++ {
		if value[i] != tokenStart {
			continue
		}
		if id, n := tokenAt(value[i:]); n > 0 && r.calls[id].isRef() {
			text(value[start:i])
			d := r.rawDestination(value[i : i+n])
			d.off = off
			r.urlHole(d)
			start = i + n
			i = start - 1
		}
	}
	text(value[start:])
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
	rest := 0
	if len(value) > 0 && value[0] == tokenStart {
		if id, n := tokenAt(value); n > 0 && r.calls[id].isRef() {
			d.kind = Ref
			d.url, d.lang = r.calls[id].target(), r.calls[id].language()
			r.calls[id].check(r)
			value = value[n:]
			rest = len(value)
		}
	}
	more := string(unescapeEntities(r.withTokenText(nil, value)))
	if rest > 0 {
		d.behindRef(more)
	} else {
		d.url += more
	}
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
