package note

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// summaryRunes is the length of a summary; summaryBytes is how much text is
// kept for it.
const (
	summaryRunes = 200
	summaryBytes = 6 * summaryRunes
)

// literalText writes s as it is, to the page and to the plain text.
func (r *render) literalText(s string) {
	r.out = appendHTML(r.out, s)
	r.say([]byte(s))
}

// countWords counts what is between blanks.
func countWords(s []byte) int {
	n := 0
	in := false
	for i := 0; i < len(s); {
		c := s[i]
		space := c == ' ' || c == '\n' || c == '\t'
		size := 1
		if c >= utf8.RuneSelf {
			var ch rune
			ch, size = utf8.DecodeRune(s[i:])
			space = unicode.IsSpace(ch)
		}
		if !space && !in {
			n++
		}
		in = !space
		i += size
	}
	return n
}

// summarize cuts text at the last whole word within summaryRunes runes.
func summarize(text []byte) string {
	words := bytes.Fields(text)
	var b strings.Builder
	runes := 0
	for i, w := range words {
		n := utf8.RuneCount(w)
		if i > 0 {
			n++
		}
		if runes+n > summaryRunes {
			if i == 0 {
				b.WriteString(string([]rune(string(w))[:summaryRunes]))
			}
			b.WriteString("…")
			break
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.Write(w)
		runes += n
	}
	return b.String()
}
