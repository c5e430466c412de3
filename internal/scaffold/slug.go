package scaffold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxSlug is how many bytes a file's name has at most before its extension:
// file systems allow 255 of them, and people read far fewer.
const maxSlug = 60

// Slug makes of a title what can be part of a file's name everywhere: letters
// and digits of any script in lower case, without accents on Latin ones, and a
// dash between words. It holds no separators, no dots and no marks, is never
// longer than 60 bytes, and empty for a title without letters and digits.
func Slug(title string) string {
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	latin := false // the letter before, whose accents go
	for _, c := range norm.NFKD.String(spellOut(title)) {
		switch {
		case unicode.Is(unicode.Mn, c):
			if !latin && word.Len() > 0 {
				word.WriteRune(c) // other scripts' vowels are marks
			}
			continue
		case unicode.IsLetter(c), unicode.IsDigit(c), unicode.Is(unicode.Mc, c) && word.Len() > 0:
			word.WriteRune(unicode.ToLower(c))
		case c == '\'' || c == '’':
			// don't → dont
		case c == '+' && word.Len() > 0 && isPlusWord(word.String()):
			word.WriteString("p") // c++ → cpp
		default:
			end()
		}
		latin = unicode.Is(unicode.Latin, c)
	}
	end()
	return joinWords(words)
}

func isPlusWord(w string) bool { return w == "c" || w == "cp" || w == "g" || w == "gp" }

// spellOut replaces letters that have no accent to lose.
func spellOut(s string) string {
	return strings.NewReplacer("ß", "ss", "ä", "ae", "ö", "oe", "ü", "ue", "Ä", "ae", "Ö", "oe", "Ü", "ue",
		"ø", "o", "Ø", "o", "æ", "ae", "Æ", "ae", "œ", "oe", "Œ", "oe", "ł", "l", "Ł", "l", "đ", "d", "Đ", "d", "ı", "i").Replace(norm.NFC.String(s))
}

// joinWords puts as many words together as fit; the first one is cut if it
// does not fit by itself.
func joinWords(words []string) string {
	out := ""
	for _, w := range words {
		w = norm.NFC.String(w)
		if out == "" {
			for len(w) > maxSlug {
				_, size := utf8.DecodeLastRuneInString(w)
				w = w[:len(w)-size]
			}
			out = w
			continue
		}
		if len(out)+1+len(w) > maxSlug {
			break
		}
		out += "-" + w
	}
	return out
}
