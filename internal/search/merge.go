package search

import (
	"slices"
	"strings"
)

// index is all analyses put together.
type index struct {
	rows []row
	// postings of all words: those of a word stand together, in order.
	postings []located
	first    []int // each document's first passage; one more for the end
	speaks   []*language
}

// row is one word.
type row struct {
	word  string
	stems []string
	// common words say little: see language.common.
	common bool
	// lists are the places of its postings in index.postings; more than one
	// where the word has several stems.
	lists []span
}

type span struct{ from, to int }

// located is a posting with its passage counted over all documents.
type located struct {
	passage uint32
	fields  byte
	times   byte
}

func merge(all []*analysis, speaks []*language, v *vocabulary) *index {
	x := &index{speaks: speaks, first: make([]int, len(all)+1)}
	// Two passes: count, then put each posting where its word's begin.
	at := make([]int, len(v.terms)+1)
	for i, a := range all {
		x.first[i+1] = x.first[i] + len(a.passages)
		for _, p := range a.postings {
			at[p.word()+1]++
		}
	}
	for i := range v.terms {
		at[i+1] += at[i]
	}
	x.postings = make([]located, at[len(v.terms)])
	next := slices.Clone(at)
	for i, a := range all {
		for _, p := range a.postings {
			id := p.word()
			x.postings[next[id]] = located{uint32(x.first[i] + p.passage()), p.fields(), p.times()}
			next[id]++
		}
	}
	x.order(v, at)
	return x
}

// order lists the words that occur in the order of their letters.
func (x *index) order(v *vocabulary, at []int) {
	ids := make([]int32, 0, len(v.terms))
	for id := range v.terms {
		if at[id+1] > at[id] {
			ids = append(ids, int32(id))
		}
	}
	slices.SortFunc(ids, func(i, j int32) int {
		s, t := &v.terms[i], &v.terms[j]
		if s.word != t.word {
			return compareUTF16(s.word, t.word)
		}
		return strings.Compare(s.stem, t.stem)
	})
	x.rows = make([]row, 0, len(ids))
	stems := make([]string, len(ids)) // one allocation for all
	lists := make([]span, len(ids))
	for k, id := range ids {
		t := &v.terms[id]
		stems[k], lists[k] = t.stem, span{at[id], at[id+1]}
		if n := len(x.rows); n > 0 && x.rows[n-1].word == t.word {
			r := &x.rows[n-1]
			r.stems = stems[k-len(r.stems) : k+1]
			r.lists = lists[k-len(r.lists) : k+1]
			continue
		}
		common := slices.ContainsFunc(x.speaks, func(l *language) bool { return l.common[t.word] })
		x.rows = append(x.rows, row{t.word, stems[k : k+1], common, lists[k : k+1]})
	}
}

// compareUTF16 compares two texts as browsers do: by UTF-16 units, which
// differs from UTF-8's order only where surrogates meet what comes behind them.
func compareUTF16(s, t string) int {
	for i := range min(len(s), len(t)) {
		if a, b := s[i], t[i]; a != b {
			if a >= 0xee && b >= 0xee && (a >= 0xf0) != (b >= 0xf0) {
				return int(b) - int(a)
			}
			return int(a) - int(b)
		}
	}
	return len(s) - len(t)
}

// list returns the postings of a word, one for each passage.
func (x *index) list(r *row) []located {
	if len(r.lists) == 1 {
		return x.postings[r.lists[0].from:r.lists[0].to]
	}
	var all []located
	for _, l := range r.lists {
		all = append(all, x.postings[l.from:l.to]...)
	}
	slices.SortStableFunc(all, func(a, b located) int { return int(a.passage) - int(b.passage) })
	n := 0
	for i, p := range all {
		if i > 0 && all[n-1].passage == p.passage {
			all[n-1].fields |= p.fields
			all[n-1].times = min(all[n-1].times+p.times, maxTimes)
			continue
		}
		all[n] = p
		n++
	}
	return all[:n]
}
