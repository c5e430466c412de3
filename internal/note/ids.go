package note

import (
	"bytes"
	"strconv"
	"unicode"
	"unicode/utf8"

	east "github.com/yuin/goldmark-emoji/ast"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
	"golang.org/x/text/unicode/norm"
)

// ids hands out the ids of one note's headings and terms, as Hugo 0.145 does
// (markup/goldmark/autoid.go): the second "x" is x-1, the third x-2.
type ids struct {
	used map[string]int // the id → the next number to try behind it
}

// unique returns id, or id with the first free number behind it, and keeps it.
func (s *ids) unique(id []byte) string {
	if s.used == nil {
		s.used = make(map[string]int, 16)
	}
	next, taken := s.used[string(id)]
	if !taken {
		key := string(id)
		s.used[key] = 1
		return key
	}
	for i := next; ; i++ {
		candidate := string(id) + "-" + strconv.Itoa(i)
		if _, taken := s.used[candidate]; !taken {
			s.used[string(id)] = i + 1
			s.used[candidate] = 1
			return candidate
		}
	}
}

// anchor turns text into an id in the manner of idType (github, github-ascii or
// blackfriday), without looking at what is taken; fallback stands for nothing.
func anchor(dst, text []byte, idType, fallback string) []byte {
	start := len(dst)
	if idType == "blackfriday" {
		dash := false
		for len(text) > 0 {
			r, size := utf8.DecodeRune(text)
			text = text[size:]
			if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
				dash = true
				continue
			}
			if dash && len(dst) > start {
				dst = append(dst, '-')
			}
			dash = false
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		}
	} else {
		ascii := idType == "github-ascii"
		if ascii {
			text = withoutAccents(text)
		}
		for text = bytes.TrimSpace(text); len(text) > 0; {
			r, size := utf8.DecodeRune(text)
			text = text[size:]
			switch {
			case ascii && size != 1:
			case r == '-' || r == ' ':
				dst = append(dst, '-')
			case r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				dst = utf8.AppendRune(dst, unicode.ToLower(r))
			}
		}
	}
	if len(dst) == start {
		dst = append(dst, fallback...)
	}
	return dst
}

// withoutAccents takes the marks off letters: é becomes e.
func withoutAccents(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for d := norm.NFD.Bytes(text); len(d) > 0; {
		r, size := utf8.DecodeRune(d)
		if !unicode.Is(unicode.Mn, r) {
			out = append(out, d[:size]...)
		}
		d = d[size:]
	}
	return norm.NFC.Bytes(out)
}

// idText appends what Hugo takes of a heading's (or term's) content for its
// id: the text as written, with the names of entities resolved, and of nested
// markup only what is in the first place.
func (r *render) idText(dst []byte, n ast.Node) []byte {
	start := len(dst)
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		dst = r.idTextOf(dst, c)
	}
	if bytes.IndexByte(dst[start:], '&') >= 0 {
		dst = append(dst[:start], util.ResolveEntityNames(dst[start:])...)
	}
	return dst
}

func (r *render) idTextOf(dst []byte, n ast.Node) []byte {
	for ; n != nil; n = n.FirstChild() {
		switch n := n.(type) {
		case *ast.RawHTML:
			return dst // tags alone: what is between them is text
		case *ast.String:
			return append(dst, n.Value...)
		case *ast.Text:
			dst = r.withTokenText(dst, n.Segment.Value(r.src))
			if n.HardLineBreak() || n.SoftLineBreak() {
				dst = append(dst, '\n')
			}
			return dst
		case *east.Emoji:
			return append(dst, n.ShortName...)
		}
	}
	return dst
}

// idOf returns a heading's id, its own or one made of its text; "" for none.
func (r *render) idOf(n *ast.Heading) string {
	if v, ok := n.AttributeString("id"); ok {
		return r.ids.unique(r.attrValue(v))
	}
	if r.p.opts.AutoHeadingID {
		return r.headingID(n)
	}
	return ""
}

// headingID returns the id for a heading without one of its own; "" for none.
func (r *render) headingID(n *ast.Heading) string {
	text := r.idText(r.scratch[:0], n)
	r.scratch = text
	if n.Lines().Len() > 1 {
		text = text[bytes.LastIndexByte(text, '\n')+1:]
	}
	if len(text) == 0 {
		return ""
	}
	return r.ids.unique(anchor(nil, text, r.p.opts.AutoIDType, "heading"))
}
