package note

import (
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
	folded := foldSpace(make([]byte, 0, min(len(text), summaryBytes)), text)
	runes, word := 0, 0 // word is where the last whole word ends
	for i := 0; i < len(folded); {
		if folded[i] == ' ' {
			word = i
		}
		if runes == summaryRunes {
			if word == 0 {
				word = i
			}
			return string(folded[:word]) + "…"
		}
		_, size := utf8.DecodeRune(folded[i:])
		i += size
		runes++
	}
	return string(folded)
}

// foldSpace appends text with one space for each run of blanks, none at the ends.
func foldSpace(dst, text []byte) []byte {
	start := len(dst)
	blank := false
	for len(text) > 0 {
		r, size := rune(text[0]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text)
		}
		if unicode.IsSpace(r) {
			blank = true
		} else {
			if blank && len(dst) > start {
				dst = append(dst, ' ')
			}
			blank = false
			dst = append(dst, text[:size]...)
		}
		text = text[size:]
	}
	return dst
}

// appendText appends text with one blank for each run of them, a line's end
// where the run has one, to dst, which is empty, and moves the headings' places
// along.
func appendText(dst, text []byte, headings []Heading) []byte {
	next := 0 // index of the place to be moved: At and End of each heading in turn
	move := func(at int) {
		for ; next < 2*len(headings); next++ {
			place := &headings[next/2].At
			if next%2 == 1 {
				place = &headings[next/2].End
			}
			if *place > at {
				return
			}
			*place = len(dst)
		}
	}
	blank := byte(0)
	for i := 0; i < len(text); {
		move(i)
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		switch {
		case r == '\n':
			blank = '\n'
		case unicode.IsSpace(r):
			if blank == 0 {
				blank = ' '
			}
		default:
			if blank != 0 && len(dst) > 0 {
				dst = append(dst, blank)
			}
			blank = 0
			dst = append(dst, text[i:i+size]...)
		}
		i += size
	}
	move(len(text))
	return dst
}
