package note

import (
	"bytes"
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

// wordsOf counts the words of what appendText made.
func wordsOf(text []byte) int {
	if len(text) == 0 {
		return 0
	}
	return 1 + bytes.Count(text, []byte{' '}) + bytes.Count(text, []byte{'\n'})
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

// summarize cuts text at the last whole word within summaryRunes runes, with one
// space for each run of blanks.
func summarize(text []byte) string {
	out := make([]byte, 0, min(len(text), 2*summaryRunes))
	runes := 0
	for {
		var word []byte
		if word, text = cutWord(text); len(word) == 0 {
			return string(out)
		}
		n := utf8.RuneCount(word)
		switch {
		case len(out) == 0 && n > summaryRunes:
			for range summaryRunes {
				_, size := utf8.DecodeRune(word)
				out, word = append(out, word[:size]...), word[size:]
			}
			return string(out) + "…"
		case len(out) > 0 && runes+1+n > summaryRunes:
			return string(out) + "…"
		case len(out) > 0:
			out = append(out, ' ')
			runes++
		}
		out = append(out, word...)
		runes += n
	}
}

// cutWord returns the first run of letters in text, empty if there is none, and
// what follows it.
func cutWord(text []byte) (word, rest []byte) {
	start := -1
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		switch space := unicode.IsSpace(r); {
		case space && start >= 0:
			return text[start:i], text[i:]
		case !space && start < 0:
			start = i
		}
		i += size
	}
	if start < 0 {
		return nil, nil
	}
	return text[start:], nil
}

// foldSpace appends text with one space for each run of blanks, none at the ends.
func foldSpace(dst, text []byte) []byte {
	start := len(dst)
	for {
		var word []byte
		if word, text = cutWord(text); len(word) == 0 {
			return dst
		}
		if len(dst) > start {
			dst = append(dst, ' ')
		}
		dst = append(dst, word...)
	}
}

// appendText appends text to dst, which is empty, with one blank for each run of
// them, a line's end where the run has one, and moves the headings' places along.
func appendText(dst, text []byte, headings []Heading) []byte {
	at := 0
	blank := byte(0) // what is due before the next letter
	move := func(place *int) {
		to := min(max(*place, at), len(text))
		dst, blank = squeeze(dst, text[at:to], blank)
		at, *place = to, len(dst)
	}
	for i := range headings {
		move(&headings[i].At)
		move(&headings[i].End)
	}
	dst, _ = squeeze(dst, text[at:], blank)
	return dst
}

// squeeze appends text with one blank for each run of them; a run at the end is
// still due when it returns.
func squeeze(dst, text []byte, blank byte) ([]byte, byte) {
	for len(text) > 0 {
		n := 0 // letters, and single spaces between them
		for n < len(text) && (plainLetter(text[n]) || n > 0 && n+1 < len(text) && text[n] == ' ' && plainLetter(text[n+1])) {
			n++
		}
		size := n
		if n == 0 {
			var r rune
			r, size = utf8.DecodeRune(text)
			switch {
			case r == '\n':
				blank = '\n'
			case unicode.IsSpace(r):
				if blank == 0 {
					blank = ' '
				}
			default:
				n = size
			}
		}
		if n > 0 {
			if blank != 0 && len(dst) > 0 {
				dst = append(dst, blank)
			}
			blank = 0
			dst = append(dst, text[:n]...)
		}
		text = text[size:]
	}
	return dst, blank
}

func plainLetter(c byte) bool { return c > ' ' && c < utf8.RuneSelf }
