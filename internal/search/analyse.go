package search

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// The fields that a word may stand in, beside the text.
const (
	inTitle = 1 << iota
	inPeople
	inTerms
	inHeading
)

// maxTimes is how often a word is counted in a passage.
const maxTimes = 15

// analysis is what the index keeps of a document.
type analysis struct {
	key      uint64
	passages []passage
	// words and title are how many words the text and the title have.
	words, title int
	// postings are one for each word of each passage, by passage; see posting.
	postings []posting
}

// posting packs a word's id (32 bits), the passage's number in its document
// (16), the fields (8) and how often the word stands in the passage's text (8).
type posting uint64

func (p posting) word() uint32 { return uint32(p >> 32) }
func (p posting) passage() int { return int(p >> 16 & 0xffff) }
func (p posting) fields() byte { return byte(p >> 8) }
func (p posting) times() byte  { return byte(p) }

// passage is a piece of a section's text.
type passage struct {
	section  int
	from, to int
}

// A passage's length in bytes at most, but for one long word, and the number
// of them in one document; the last one has all that is left.
const (
	maxPassage  = 2000
	maxPassages = 1 << 15
)

// analyser analyses one document after another and keeps its memory.
type analyser struct {
	vocabulary *vocabulary
	languages  map[string]*dialect
	lang       *dialect
	postings   []posting
	latest     []uint32 // by word, where its latest posting is in postings, if it is there
	count      int      // words of what is being read
}

// dialect is a language with the words that the analyser met in it.
type dialect struct {
	language *language
	// known are the ids of words as they are written.
	known map[string][]uint32
}

func newAnalyser(v *vocabulary) *analyser {
	return &analyser{vocabulary: v, languages: map[string]*dialect{}}
}

func (a *analyser) analyse(d *Document) *analysis {
	a.lang = a.languages[d.Lang]
	if a.lang == nil {
		a.lang = &dialect{language: a.vocabulary.language(d.Lang), known: map[string][]uint32{}}
		a.languages[d.Lang] = a.lang
	}
	a.postings = a.postings[:0]
	out := &analysis{key: d.Key, passages: passages(d)}
	a.read([]byte(d.Title), 0, inTitle)
	out.title = a.count
	for _, s := range d.People {
		a.read([]byte(s), 0, inPeople)
	}
	for _, s := range d.Terms {
		a.read([]byte(s), 0, inTerms)
	}
	a.read([]byte(d.About), 0, 0)
	section := -1
	for i, p := range out.passages {
		if p.section >= 0 && p.section != section {
			section = p.section
			a.read([]byte(d.Sections[section].Heading), i, inHeading)
		}
		a.read(d.Text[p.from:p.to], i, 0)
		out.words += a.count
	}
	out.postings = slices.Clone(a.postings)
	return out
}

// passages cuts a document's sections; there is always at least one.
func passages(d *Document) []passage {
	if len(d.Sections) == 0 {
		return []passage{{section: -1}}
	}
	out := make([]passage, 0, len(d.Sections)+1)
	for i, s := range d.Sections {
		from := s.From
		for s.To-from > maxPassage && len(out) < maxPassages {
			to := from + breakAt(d.Text[from:from+maxPassage])
			out = append(out, passage{i, from, to})
			from = to
		}
		if len(out) <= maxPassages {
			out = append(out, passage{i, from, s.To})
		} else {
			out[len(out)-1].to = s.To
		}
	}
	return out
}

// breakAt returns where a text that is too long is best cut: behind a line,
// else behind a blank, else between two letters.
func breakAt(text []byte) int {
	for _, blank := range []byte{'\n', ' '} {
		if i := bytes.LastIndexByte(text, blank); i > len(text)/2 {
			return i + 1
		}
	}
	end := len(text)
	for end > 1 && !utf8.RuneStart(text[end-1]) {
		end--
	}
	return max(end-1, 1)
}

// read counts the words of a text.
func (a *analyser) read(text []byte, passage int, field byte) {
	a.count = 0
	s := scanner{text: text}
	var before []byte
	for {
		run, glued := s.next()
		if run == nil {
			return
		}
		a.count++
		a.add(run, passage, field)
		// "multi-cluster" is found as "multicluster" too.
		if glued && len(before)+len(run) <= maxWord {
			a.add(slices.Concat(before, run), passage, field)
		}
		before = run
	}
}

// add counts the words in a run.
func (a *analyser) add(run []byte, passage int, field byte) {
	ids, ok := a.lang.known[string(run)]
	if !ok {
		ids = a.learn(run)
		a.lang.known[string(run)] = ids
	}
	for _, id := range ids {
		if field != 0 || id&commonWord == 0 {
			a.post(id&^commonWord, passage, field)
		}
	}
}

// post counts a word in a passage, or marks its field. Passages come in order.
func (a *analyser) post(word uint32, passage int, field byte) {
	if int(word) >= len(a.latest) {
		a.latest = append(a.latest, make([]uint32, int(word)+1-len(a.latest))...)
	}
	p := posting(word)<<32 | posting(passage)<<16
	at := a.latest[word]
	if int(at) >= len(a.postings) || a.postings[at]>>16 != p>>16 {
		at = uint32(len(a.postings))
		a.latest[word] = at
		a.postings = append(a.postings, p)
	}
	switch q := &a.postings[at]; {
	case field != 0:
		*q |= posting(field) << 8
	case q.times() < maxTimes:
		*q++
	}
}

// commonWord marks the ids of words that are counted outside of texts alone.
const commonWord = 1 << 31

// learn gives the words in a run their ids.
func (a *analyser) learn(run []byte) []uint32 {
	var ids []uint32
	l := a.lang.language
	word := func(lower string) {
		if len(lower) > maxWord {
			return
		}
		folded := fold(lower)
		id := a.vocabulary.id(l.transcribed(folded), l.transcribed(l.stemOf(lower)))
		if l.common[folded] {
			id |= commonWord
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	if len(run) > 100*maxWord {
		return nil
	}
	humps(run, func(part []byte) { word(strings.ToLower(string(part))) })
	split(strings.ToLower(string(run)), func(part string, paired bool) {
		if !paired {
			word(part)
			return
		}
		pairs(fold(part), func(pair string) {
			if id := a.vocabulary.id(pair, pair); !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		})
	})
	return ids
}
