package search

import (
	"sync"
)

// vocabulary numbers the words of all documents. The numbers depend on the
// order in which goroutines come by and never reach a file.
type vocabulary struct {
	mu        sync.Mutex
	ids       map[term]uint32
	terms     []term
	languages map[string]*language
}

// term is a folded word with its folded stem. One word may have several: in
// two languages, or with and without an accent.
type term struct{ word, stem string }

func newVocabulary() *vocabulary {
	return &vocabulary{ids: map[term]uint32{}, languages: map[string]*language{}}
}

func (v *vocabulary) id(word, stem string) uint32 {
	v.mu.Lock()
	defer v.mu.Unlock()
	t := term{word, stem}
	id, ok := v.ids[t]
	if !ok {
		id = uint32(len(v.terms))
		v.ids[t] = id
		v.terms = append(v.terms, t)
	}
	return id
}

func (v *vocabulary) language(code string) *language {
	v.mu.Lock()
	defer v.mu.Unlock()
	l := v.languages[code]
	if l == nil {
		l = speak(code)
		v.languages[code] = l
	}
	return l
}

// stale reports whether the words of documents that are gone may outweigh
// those of the present ones.
func (v *vocabulary) stale(docs int) bool { return len(v.terms) > 200_000+500*docs }
