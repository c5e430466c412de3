package highlight

import "strings"

// delegate lexes a language inside another: the inner lexer takes what is its
// own and leaves the rest as Other, which the root lexer then gets as one text.
func (r *run) delegate(l *lexer, text string, nested bool, depth int) {
	from := len(r.tokens)
	r.with(r.h.named(l.language), text, "root", nested, depth)
	inner := append([]token(nil), r.tokens[from:]...)
	r.tokens = r.tokens[:from]
	var others strings.Builder
	own := false
	for _, t := range inner {
		if t.typ == typeOther {
			others.WriteString(t.text)
		} else {
			own = true
		}
	}
	root := r.h.named(l.root)
	if !own {
		r.with(root, text, "root", nested, depth)
		return
	}
	r.with(root, others.String(), "root", nested, depth)
	outer := coalesce(append([]token(nil), r.tokens[from:]...))
	r.tokens = r.tokens[:from]
	r.interleave(inner, outer)
}

// interleave puts the inner lexer's own tokens between those of the outer one,
// which it splits where needed.
func (r *run) interleave(inner, outer []token) {
	for _, t := range inner {
		if t.typ != typeOther {
			r.put(t.typ, t.text)
			continue
		}
		for n := len(t.text); n > 0 && len(outer) > 0; {
			o := &outer[0]
			if len(o.text) > n {
				r.put(o.typ, o.text[:n])
				o.text = o.text[n:]
				break
			}
			r.put(o.typ, o.text)
			n -= len(o.text)
			outer = outer[1:]
		}
	}
	for _, o := range outer {
		r.put(o.typ, o.text)
	}
}

// maxRun is how long neighbours of one type may grow into one token.
const maxRun = 8192

// coalesce joins neighbours of one type, in place.
func coalesce(tokens []token) []token {
	out := tokens[:0]
	for i := 0; i < len(tokens); {
		t := tokens[i]
		j := i + 1
		size := len(t.text)
		for j < len(tokens) && tokens[j].typ == t.typ && size < maxRun {
			size += len(tokens[j].text)
			j++
		}
		if j > i+1 {
			var b strings.Builder
			b.Grow(size)
			for _, t := range tokens[i:j] {
				b.WriteString(t.text)
			}
			t.text = b.String()
		}
		out = append(out, t)
		i = j
	}
	return out
}
