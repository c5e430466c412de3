package search

import "strings"

// Word is a run of a text as both sides of search see it.
type Word struct {
	Folded, Umlauts string
	Glued           bool
	// Parts are what it is cut into, pairs of letters where it is unspaced.
	Parts [][]string
}

// WordsOf cuts a text into words.
func WordsOf(text string) []Word {
	var out []Word
	s := scanner{text: []byte(text)}
	for {
		run, glued := s.next()
		if run == nil {
			return out
		}
		w := Word{Folded: fold(string(run)), Glued: glued}
		w.Umlauts = umlauts(w.Folded)
		split(strings.ToLower(string(run)), func(part string, paired bool) {
			if !paired {
				w.Parts = append(w.Parts, []string{fold(part)})
				return
			}
			var all []string
			pairs(fold(part), func(p string) { all = append(all, p) })
			w.Parts = append(w.Parts, all)
		})
		out = append(out, w)
	}
}

// Stem is the stem of a word in a language.
func Stem(lang, word string) string { return speak(lang).stemOf(strings.ToLower(word)) }
