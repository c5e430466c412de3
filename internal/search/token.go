package search

import (
	"unicode"
	"unicode/utf8"
)

// maxWord is the length in bytes beyond which what looks like a word is none
// that anyone types: a hash, a key, an encoded picture.
const maxWord = 40

// scanner cuts a text into runs of letters and digits.
type scanner struct {
	text []byte
	pos  int
}

// next returns the next run; glued is true if a hyphen alone stands between it
// and the one before. The run is nil at the text's end.
func (s *scanner) next() (run []byte, glued bool) {
	gap := s.pos
	for s.pos < len(s.text) {
		ok, size := wordRune(s.text[s.pos:], false)
		if ok {
			break
		}
		s.pos += size
	}
	if s.pos >= len(s.text) {
		return nil, false
	}
	glued = gap > 0 && s.pos == gap+1 && s.text[gap] == '-'
	start := s.pos
	for s.pos < len(s.text) {
		if asciiWord(s.text[s.pos]) {
			s.pos++
			continue
		}
		ok, size := wordRune(s.text[s.pos:], true)
		if !ok {
			break
		}
		s.pos += size
	}
	return s.text[start:s.pos], glued
}

// wordRune reports whether s begins with a rune that words are made of; marks
// only continue a word.
func wordRune(s []byte, inside bool) (ok bool, size int) {
	if s[0] < utf8.RuneSelf {
		return asciiWord(s[0]), 1
	}
	r, size := utf8.DecodeRune(s)
	return unicode.IsLetter(r) || unicode.IsNumber(r) || inside && unicode.IsMark(r), size
}

// asciiWord reports whether c is a letter or digit of ASCII.
func asciiWord(c byte) bool { return c|0x20-'a' < 26 || c-'0' < 10 }

// unspaced reports whether r belongs to a script that is written without
// spaces between words, or whose words are too long to be found whole.
func unspaced(r rune) bool {
	return r >= 0x0e00 && (r <= 0x0eff || // Thai, Lao
		r >= 0x1000 && r <= 0x109f || // Myanmar
		r >= 0x1780 && r <= 0x17ff || // Khmer
		r >= 0x3040 && r <= 0x30ff || // kana
		r >= 0x3400 && r <= 0x4dbf || r >= 0x4e00 && r <= 0x9fff || // Han
		r >= 0xac00 && r <= 0xd7af || // Hangul
		r >= 0xff66 && r <= 0xff9f || // narrow kana
		r >= 0xf900 && r <= 0xfaff || r >= 0x20000 && r <= 0x323af)
}

// split cuts a folded run where spaced and unspaced scripts meet.
func split(run string, yield func(part string, pairs bool)) {
	start, mode := 0, false
	for i, r := range run {
		is := unspaced(r)
		if i > start && is != mode {
			yield(run[start:i], mode)
			start = i
		}
		mode = is
	}
	if start < len(run) {
		yield(run[start:], mode)
	}
}

// pairs calls yield for each two neighbouring runes, and for the last one alone.
func pairs(s string, yield func(string)) {
	for i := 0; i < len(s); {
		_, n := utf8.DecodeRuneInString(s[i:])
		_, m := utf8.DecodeRuneInString(s[i+n:])
		yield(s[i : i+n+m])
		i += n
	}
}

// humps calls yield for the parts of a word in camel case, if it has several
// and each is long enough to be a word.
func humps(run []byte, yield func([]byte)) {
	start, cuts := 0, [8]int{}
	n := 0
	for i := 1; i < len(run); i++ {
		upper := 'A' <= run[i] && run[i] <= 'Z'
		if !upper || i-start < 3 || !('a' <= run[i-1] && run[i-1] <= 'z') {
			continue
		}
		if n == len(cuts) {
			return
		}
		cuts[n], start = i, i
		n++
	}
	if n == 0 || len(run)-start < 3 {
		return
	}
	start = 0
	for _, cut := range cuts[:n] {
		yield(run[start:cut])
		start = cut
	}
	yield(run[start:])
}
