package note

import (
	"strconv"
	"unicode/utf8"

	"github.com/yuin/goldmark/util"
)

// appendHTML appends s escaped for text and for attributes in double quotes.
func appendHTML[T string | []byte](dst []byte, s T) []byte {
	last := 0
	for i := 0; i < len(s); i++ {
		var esc string
		switch s[i] {
		case '&':
			esc = "&amp;"
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		case '"':
			esc = "&quot;"
		case 0:
			esc = "\uFFFD"
		default:
			continue
		}
		dst = append(dst, s[last:i]...)
		dst = append(dst, esc...)
		last = i + 1
	}
	return append(dst, s[last:]...)
}

// appendUnescaped appends Markdown text as it is meant: backslashes before
// punctuation taken away, entities resolved. With spaces, a backslash before a
// space goes with the space (goldmark's EscapedSpace).
func appendUnescaped(dst, s []byte, spaces bool) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s) && util.IsPunct(s[i+1]):
			dst = append(dst, s[i+1])
			i += 2
		case c == '\\' && spaces && i+1 < len(s) && s[i+1] == ' ':
			i += 2
		case c == '&':
			if r, n := entity(s[i:]); n > 0 {
				dst = append(dst, r...)
				i += n
				continue
			}
			dst = append(dst, c)
			i++
		default:
			dst = append(dst, c)
			i++
		}
	}
	return dst
}

// entity reads the entity or numeric reference that s begins with: what it
// stands for and its length, or 0.
func entity(s []byte) (string, int) {
	i := 1
	if i < len(s) && s[i] == '#' {
		i++
		base, limit := 10, 7
		if i < len(s) && s[i]|0x20 == 'x' {
			base, limit = 16, 6
			i++
		}
		start := i
		for i < len(s) && isDigit(s[i], base) {
			i++
		}
		if i == start || i-start > limit || i >= len(s) || s[i] != ';' {
			return "", 0
		}
		v, err := strconv.ParseUint(string(s[start:i]), base, 32)
		if err != nil {
			return "", 0
		}
		r := rune(v)
		if v > utf8.MaxRune || !utf8.ValidRune(r) || r < ' ' && r != '\n' && r != '\t' {
			r = utf8.RuneError
		}
		return string(r), i + 1
	}
	for i < len(s) && i < 40 && util.IsAlphaNumeric(s[i]) {
		i++
	}
	if i == 1 || i >= len(s) || s[i] != ';' {
		return "", 0
	}
	e, ok := util.LookUpHTML5EntityByName(string(s[1:i]))
	if !ok {
		return "", 0
	}
	return string(e.Characters), i + 1
}

func isDigit(c byte, base int) bool {
	return c >= '0' && c <= '9' || base == 16 && c|0x20 >= 'a' && c|0x20 <= 'f'
}
