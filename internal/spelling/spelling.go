// Package spelling knows words that are known to be misspelt, and nothing else:
// a word that it does not list is right, or a name, or nobody's business. So
// what it finds is hardly ever wrong, in texts that are full of new words.
//
// The lists are files in the binary. Nothing is made of them before the first
// word is asked for; then most words are told apart by one bit.
package spelling

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:generate go run ./gen

var (
	//go:embed own.txt
	ownText string
	//go:embed english.txt
	englishText string
	//go:embed american.txt
	americanText string
	//go:embed british.txt
	britishText string
	//go:embed german.txt
	germanText string
)

// List is one of the lists.
type List uint8

// The lists.
const (
	// English has words that are wrong in all of English.
	English List = iota
	// American has British words, and what an American writes.
	American
	// British has American words, and what a Briton writes.
	British
	// German has words that are wrong in German.
	German
	lists
)

// tables are the lists, made ready.
type tables struct {
	// words have the corrections of each misspelt word, as in the file.
	words [lists]map[string]string
	// bits has one set for the hash of each word of all lists.
	bits [1 << bitsSize / 64]uint64
}

// bitsSize makes one of fifty words that are right look like a listed one.
const bitsSize = 20

var load = sync.OnceValue(func() *tables {
	t := &tables{}
	t.add(English, englishText)
	t.add(English, ownText) // which overrules the other list
	t.add(American, americanText)
	t.add(British, britishText)
	t.add(German, germanText)
	return t
})

func (t *tables) add(list List, text string) {
	if t.words[list] == nil {
		t.words[list] = make(map[string]string, strings.Count(text, "\n")+600)
	}
	for len(text) > 0 {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		word, corrections, found := strings.Cut(line, " ")
		if !found || word == "#" {
			continue
		}
		t.words[list][word] = corrections
		h := hash([]byte(word))
		t.bits[h/64] |= 1 << (h % 64)
	}
}

// hash is that of a word in lower case: FNV-1a, folded. What is no ASCII is
// taken as it is.
func hash(word []byte) uint32 {
	h := uint32(2166136261)
	for _, c := range word {
		if c-'A' < 26 {
			c |= 0x20
		}
		h = (h ^ uint32(c)) * 16777619
	}
	return (h ^ h>>bitsSize) & (1<<bitsSize - 1)
}

// The lengths in bytes of words that are listed.
const (
	shortest = 3
	longest  = 24
)

// Speller looks words up. It is good for all texts; its zero value is not.
type Speller struct{ t *tables }

// Open returns a Speller. The first one makes the lists ready.
func Open() Speller { return Speller{load()} }

// Listed reports whether any of the lists has the word, in whatever case it is
// written.
func (s Speller) Listed(word []byte) bool {
	if len(word) < shortest || len(word) > longest {
		return false
	}
	h := hash(word)
	if s.t.bits[h/64]&(1<<(h%64)) == 0 {
		return false
	}
	var lower [longest]byte
	for i, c := range word {
		if c-'A' < 26 {
			c |= 0x20
		}
		lower[i] = c
	}
	for _, words := range s.t.words {
		if _, ok := words[string(lower[:len(word)])]; ok {
			return true
		}
	}
	return false
}

// Corrections returns what is meant by a word that is on a list, the most
// probable first and each in the case of the word; none if it is not on it. If
// there is exactly one, the list knows no other.
func (s Speller) Corrections(list List, word string) []string {
	line, ok := s.t.words[list][strings.ToLower(word)]
	if !ok {
		return nil
	}
	out := strings.Fields(line)
	for i := range out {
		out[i] = likeCase(strings.ReplaceAll(out[i], "_", " "), word)
	}
	return out
}

// likeCase writes a correction as the word is written: in capitals, with one
// at its head, or as the list has it.
func likeCase(correction, word string) string {
	first, n := utf8.DecodeRuneInString(word)
	if !unicode.IsUpper(first) {
		return correction
	}
	if len(word) > n && strings.ToUpper(word) == word {
		return strings.ToUpper(correction)
	}
	first, n = utf8.DecodeRuneInString(correction)
	return string(unicode.ToUpper(first)) + correction[n:]
}
