package note

import (
	"bytes"
	"strings"
)

// tag is one {{% … %}} or {{< … >}}.
type tag struct {
	name                          string
	args                          []arg
	end                           int
	closing, selfClosing, percent bool
	comment                       string
	want                          string // what ends it
}

// The limits of one tag.
const (
	maxTagSize     = 64 << 10
	maxCommentSize = 4 << 10
	maxArgs        = 200
)

// lexTag reads the tag at data[pos:], which begins with {{< or {{%, by the
// rules of Hugo's lexer: name, then parameters, positional or name=value, each
// a bare word, a "string" or a `raw string`.
func lexTag(data []byte, pos int) (tag, bool) {
	t := tag{percent: data[pos+2] == '%', want: ">}}"}
	if t.percent {
		t.want = "%}}"
	}
	limit := data[:min(len(data), pos+maxTagSize)]
	l := lexer{data: limit, pos: pos + 3, want: []byte(t.want)}
	if l.has("/*") {
		from := l.pos + 2
		end := bytes.Index(limit[from:min(len(limit), from+maxCommentSize)], []byte("*/"+t.want))
		if end < 0 {
			return t, false
		}
		t.comment = string(data[pos:pos+3]) + string(limit[from:from+end]) + t.want
		t.end = from + end + 2 + len(t.want)
		return t, true
	}
	l.space()
	if l.has("/") {
		t.closing = true
		l.pos++
		l.space()
	}
	if t.name = l.name(); t.name == "" {
		return t, false
	}
	for len(t.args) <= maxArgs {
		l.space()
		switch {
		case l.has(t.want):
			t.end = l.pos + len(t.want)
			return t, true
		case l.has("/" + t.want):
			t.selfClosing = true
			t.end = l.pos + 1 + len(t.want)
			return t, true
		}
		a, ok := l.arg()
		if !ok {
			return t, false
		}
		t.args = append(t.args, a)
	}
	return t, false
}

type lexer struct {
	data []byte
	pos  int
	want []byte
}

func (l *lexer) has(s string) bool {
	return strings.HasPrefix(string(l.data[l.pos:min(len(l.data), l.pos+len(s))]), s)
}

func (l *lexer) space() {
	for l.pos < len(l.data) && (l.data[l.pos] == ' ' || l.data[l.pos] == '\t' || l.data[l.pos] == '\n') {
		l.pos++
	}
}

func (l *lexer) name() string {
	start := l.pos
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		if !isLetter(c) && !(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '.' && c < 0x80 &&
			!(c == '/' && l.pos > start && l.pos+1 < len(l.data) && isLetter(l.data[l.pos+1])) {
			break
		}
		l.pos++
	}
	return string(l.data[start:l.pos])
}

// arg reads one parameter.
func (l *lexer) arg() (arg, bool) {
	a := arg{off: l.pos}
	if q := l.quote(); q != 0 {
		v, ok := l.quoted(q)
		a.value = v
		return a, ok
	}
	word, ok := l.word(true)
	if !ok {
		return a, false
	}
	save := l.pos
	l.space()
	if l.pos >= len(l.data) || l.data[l.pos] != '=' {
		l.pos = save
		a.value = word
		return a, true
	}
	l.pos++
	l.space()
	a.name = strings.ToLower(word)
	a.off = l.pos
	if q := l.quote(); q != 0 {
		a.off++
		a.value, ok = l.quoted(q)
		return a, ok
	}
	a.value, ok = l.word(false)
	return a, ok
}

func (l *lexer) quote() byte {
	if l.pos < len(l.data) {
		if c := l.data[l.pos]; c == '"' || c == '`' || c == '\'' {
			return c
		}
	}
	return 0
}

// quoted reads a string in quotes q; in double ones a backslash keeps a quote.
func (l *lexer) quoted(q byte) (string, bool) {
	l.pos++
	var b []byte
	for start := l.pos; l.pos < len(l.data); l.pos++ {
		switch c := l.data[l.pos]; {
		case c == q:
			b = append(b, l.data[start:l.pos]...)
			l.pos++
			return string(b), true
		case c == '\\' && q == '"' && l.pos+1 < len(l.data) && l.data[l.pos+1] == '"':
			b = append(b, l.data[start:l.pos]...)
			l.pos++
			start = l.pos
		case c == '\n' && q != '`':
			return "", false
		}
	}
	return "", false
}

// word reads up to a space, the end of the tag or, for a name, an equals sign.
func (l *lexer) word(name bool) (string, bool) {
	start := l.pos
	for l.pos < len(l.data) {
		c := l.data[l.pos]
		rest := l.data[l.pos:]
		if c <= ' ' || name && c == '=' || bytes.HasPrefix(rest, l.want) ||
			c == '/' && bytes.HasPrefix(rest[1:], l.want) {
			break
		}
		if c == '{' && bytes.HasPrefix(rest, []byte("{{")) || c == '}' && bytes.HasPrefix(rest, []byte("}}")) {
			return "", false // another tag begins, or one of the other kind ends
		}
		l.pos++
	}
	return string(l.data[start:l.pos]), l.pos > start
}

// findEndTag finds the end tag of name behind pos: where it begins and ends.
func findEndTag(data []byte, pos int, name string) (from, end int) {
	for pos < len(data) {
		i := bytes.Index(data[pos:], []byte("{{"))
		if i < 0 {
			return 0, 0
		}
		pos += i
		if pos+2 < len(data) && (data[pos+2] == '<' || data[pos+2] == '%') {
			p := pos + 3
			for p < len(data) && (data[p] == ' ' || data[p] == '\t') {
				p++
			}
			if p < len(data) && data[p] == '/' {
				if t, ok := lexTag(data, pos); ok && t.closing && t.name == name {
					return pos, t.end
				}
			}
		}
		pos += 2
	}
	return 0, 0
}
