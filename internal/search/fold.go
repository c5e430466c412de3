package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold returns a word as it is compared: lower case, without the accents that
// people leave out when they type. web/src/search-words.ts does the same.
func fold(word string) string {
	ascii := true
	for i := range len(word) {
		c := word[i]
		ascii = ascii && c < utf8.RuneSelf
	}
	word = strings.ToLower(word)
	if ascii {
		return word
	}
	out := make([]byte, 0, len(word)+4)
	for _, r := range norm.NFKD.String(word) {
		switch {
		case r >= 0x300 && r <= 0x36f, r >= 0x591 && r <= 0x5c7, r >= 0x64b && r <= 0x652, r == 0x670, r == 0x640:
			// accents, the points of Hebrew and Arabic, Arabic's lengthening
		default:
			if s := foldLetter(r); s != "" {
				out = append(out, s...)
			} else {
				out = utf8.AppendRune(out, unicode.ToLower(r))
			}
		}
	}
	return string(norm.NFC.Bytes(out))
}

// foldLetter returns what stands for a letter that has no accent to take off.
func foldLetter(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'þ':
		return "th"
	case 'ı':
		return "i"
	case 'ς':
		return "σ"
	}
	return ""
}
