package recording

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// corpus is what all titles of one match say together: which words are rare,
// which are misspellings of which, and where each stands.
type corpus struct {
	ids   map[string]int32
	words []string
	// docs counts the recordings, uses the sessions, that have the word.
	docs, uses []int32
	weight     []float64
	sign       []uint64 // the letters of a word, as bits
	postings   [][]int32
	// rare is the weight of a word that stands in one title alone.
	rare float64
	// near maps a word of a session to the recordings' words that it may stand for.
	near map[int32][]variant
	// joined maps words to the two that they are made of in some recording.
	joined map[string][]int32
	// named says that most recordings end with their speakers' names.
	named bool
}

// variant is another spelling of a word, and how like it is: 1 is the same.
type variant struct {
	id  int32
	sim float64
}

// leastTitles is how many titles a conference is taken to have at least: in a
// short list every word is rare, which says little about the world's other talks.
const leastTitles = 80

func newCorpus(sessions, recordings []*title) *corpus {
	c := &corpus{ids: map[string]int32{}, near: map[int32][]variant{}, joined: map[string][]int32{}}
	tails := 0
	for d, t := range recordings {
		c.add(t, &c.docs)
		for i, w := range t.words {
			if p := c.postings[w.id]; len(p) == 0 || p[len(p)-1] != int32(d) {
				c.postings[w.id] = append(p, int32(d))
			}
			if i > 0 && t.words[i-1].seg == w.seg {
				if j := t.words[i-1].text + w.text; len(j) >= 4 {
					if p := c.joined[j]; len(p) == 0 || p[len(p)-1] != int32(d) {
						c.joined[j] = append(p, int32(d))
					}
				}
			}
		}
		if n := len(t.segs); n > 1 && (t.segs[n-1].who || t.segs[n-1].maybeWho) {
			tails++
		}
	}
	c.named = tails*10 > len(recordings)*6
	for _, t := range sessions {
		c.add(t, &c.uses)
	}
	c.weigh(max(len(sessions), len(recordings), leastTitles))
	c.spell(sessions)
	return c
}

// add gives the words of a title their numbers and counts them.
func (c *corpus) add(t *title, count *[]int32) {
	seen := make(map[int32]bool, len(t.words))
	for i := range t.words {
		w := &t.words[i]
		id, ok := c.ids[w.text]
		if !ok {
			id = int32(len(c.words))
			c.ids[w.text] = id
			c.words = append(c.words, w.text)
			c.sign = append(c.sign, signature(w.text))
			c.docs, c.uses, c.postings = append(c.docs, 0), append(c.uses, 0), append(c.postings, nil)
		}
		w.id = id
		if !seen[id] {
			seen[id] = true
			(*count)[id]++
		}
	}
}

// weigh gives each word its weight: the rarer, the more it says.
func (c *corpus) weigh(titles int) {
	c.rare = math.Log(1 + float64(titles))
	c.weight = make([]float64, len(c.words))
	for i, w := range c.words {
		f := math.Log(1 + float64(titles)/float64(max(c.docs[i], c.uses[i], 1)))
		switch {
		case isStop(w):
			f = min(f, c.rare) * 0.08
		case isGeneric(w):
			f *= 0.3
		case len(w) == 1:
			f *= 0.4
		}
		c.weight[i] = f
	}
}

// spell finds for each word that only sessions have the recordings' words that it
// may be a misspelling or another form of. A word that recordings have as well is
// a word of its own: "interference" is no "inference". Other forms of one stem
// count for these, too.
func (c *corpus) spell(sessions []*title) {
	byLength := map[int][]int32{}
	for id := range c.words {
		if c.docs[id] > 0 {
			n := len(c.words[id])
			byLength[n] = append(byLength[n], int32(id))
		}
	}
	for _, t := range sessions {
		for _, w := range t.words {
			if _, done := c.near[w.id]; done {
				continue
			}
			vs := []variant{{w.id, 1}}
			if n := len(w.text); n >= 4 && n <= 40 && !isNumber(w.text) && !isStop(w.text) {
				unknown := c.docs[w.id] == 0
				for l := n - 4; l <= n+4; l++ {
					for _, id := range byLength[l] {
						if id == w.id {
							continue
						}
						if sim := c.alike(w.id, id, unknown); sim > 0 {
							vs = append(vs, variant{id, sim})
						}
					}
				}
				slices.SortFunc(vs, func(a, b variant) int {
					return cmp.Or(cmp.Compare(b.sim, a.sim), strings.Compare(c.words[a.id], c.words[b.id]))
				})
				vs = vs[:min(len(vs), 6)]
			}
			c.near[w.id] = vs
		}
	}
}

// alike says how far the session's word a may stand for the recordings' word b.
func (c *corpus) alike(a, b int32, unknown bool) float64 {
	s, t := c.words[a], c.words[b]
	if sameStem(s, t) {
		return 0.92
	}
	if !unknown {
		return 0
	}
	n := min(len(s), len(t))
	allowed := 0
	switch {
	case n >= 11:
		allowed = 3
	case n >= 8:
		allowed = 2
	case n >= 5:
		allowed = 1
	case n == 4 && s[0] == t[0]:
		allowed = 1
	}
	if allowed == 0 || max(len(s), len(t))-n > allowed || bits.OnesCount64(c.sign[a]^c.sign[b]) > 2*allowed {
		return 0
	}
	d := distance(s, t, allowed)
	if d > allowed || strings.ContainsAny(s, "0123456789") || strings.ContainsAny(t, "0123456789") {
		return 0
	}
	return 1 - 0.1 - 0.05*float64(d-1)
}

// sameStem is true for forms of one word: equal but for an ending.
func sameStem(s, t string) bool {
	if len(s) > len(t) {
		s, t = t, s
	}
	n := 0
	for n < len(s) && s[n] == t[n] {
		n++
	}
	if n < 3 {
		return false
	}
	ending := func(e string) bool {
		switch e {
		case "", "s", "es", "ed", "d", "ing", "e", "er", "ers", "ion", "ions", "ation", "y", "ies", "ment", "ly", "ating", "ate", "ated", "n", "en", "ting", "ning":
			return true
		}
		return false
	}
	for k := n; k >= max(3, n-3); k-- { // "migrating" and "migration" have "migrati" in common, but their stem is shorter
		if (k >= 4 || t[k:] == "s" && s[k:] == "") && k*2 > len(t) && ending(s[k:]) && ending(t[k:]) {
			return true
		}
	}
	return false
}

func signature(w string) uint64 {
	var s uint64
	for i := 0; i < len(w); i++ {
		s |= 1 << (w[i] & 63)
	}
	return s
}

// distance is how many letters have to be changed, put in, left out or swapped
// with their neighbour to make t of s (optimal string alignment), or more than
// most if it is more than that.
func distance(s, t string, most int) int {
	a, b := []rune(s), []rune(t)
	if len(b) > 60 || len(a) > 60 {
		return most + 1
	}
	var rows [3][64]int
	prev2, prev, cur := &rows[0], &rows[1], &rows[2]
	for j := range b {
		prev[j+1] = j + 1
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, prev2[j-2]+1)
			}
			cur[j] = d
			least = min(least, d)
		}
		if least > most {
			return most + 1
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
