package recording

import "strings"

// alignment is how the words of a session's title and those of a recording's
// stand for each other.
type alignment struct {
	// matched is what the words in common say; typos counts those spelled
	// differently.
	// substance is the part of it that tells talks apart.
	matched, substance float64
	typos              int
	// solid counts the words in common, spelled alike, that few titles have.
	solid int
	// words counts the words in common but for stop words.
	words int
	// exact: not even a stop word is missing on either side.
	exact bool
	// lostSegment: a part of the session's title has no word in common.
	lostSegment bool
	// missing is what the session's other words say, extra what the recording's
	// other words do in the segments that have any in common. dropped counts the
	// segments that have none.
	missing, extra float64
	dropped        int
	// total is what the session's title says in all, names aside.
	total float64
	// run is true where the words in common follow each other in the recording.
	run bool
	// left are the recording's unmatched words and heard its segments.
	left []word
	// leftText is the text of the first dropped segment.
	leftText string
	// numbers are set where a number has no like on the other side.
	lostNumber, extraNumber bool
	endNumber               bool
	// extraLevel is a word such as "intro" that the recording's title alone has.
	extraLevel bool
	// named: the recording's last part names people and has no word in common.
	named string
	// strangers: both titles end with names, which are not the same.
	strangers bool
	// same: not a word is missing on either side, dropped segments aside.
	same bool
}

// align compares the titles s of a session and r of a recording.
func (c *corpus) align(s, r *title) alignment {
	var a alignment
	var used [maxWords]bool
	var hit [maxWords]bool
	at := make([]int, len(s.words)) // where each of them stands in r
	said := make([]float64, len(s.words))
	first, last := -1, -1
	take := func(j int) {
		used[j] = true
		if first < 0 || j < first {
			first = j
		}
		last = max(last, j)
	}
	for i := 0; i < len(s.words); i++ {
		if hit[i] {
			continue
		}
		w := s.words[i]
		if j, sim := c.find(w, r, used[:], last); j >= 0 {
			hit[i], at[i] = true, j
			take(j)
			said[i] = c.weight[w.id]
			if sim < 1 {
				a.typos++
				// A misspelled word says what the right one does.
				said[i] = min(c.weight[w.id], c.weight[r.words[j].id]) * sim
			}
			continue
		}
		if i+1 < len(s.words) && s.words[i+1].seg == w.seg && !hit[i+1] { // "cluster api" for ClusterAPI
			if j := findText(w.text+s.words[i+1].text, r, used[:]); j >= 0 {
				hit[i], hit[i+1] = true, true
				at[i], at[i+1] = j, j
				take(j)
				said[i] = max(c.weight[w.id]+c.weight[s.words[i+1].id], c.weight[r.words[j].id]) / 1.1
				continue
			}
		}
		if j := findJoined(w.text, r, used[:]); j >= 0 { // ClusterAPI for "cluster api"
			hit[i], at[i] = true, j
			take(j)
			take(j + 1)
			said[i] = c.weight[w.id]
		}
	}
	c.context(&a, s, r, hit[:], used[:], at, said)
	a.run = first >= 0 && last-first+1-skipped(r, used[:], first, last) == countUsed(used[:])
	c.remains(&a, s, r, hit[:], used[:], at, said)
	return a
}

// find looks for the word of r that stands for w: the nearest behind the last one.
func (c *corpus) find(w word, r *title, used []bool, last int) (int, float64) {
	for _, v := range c.near[w.id] {
		best := -1
		for j, x := range r.words {
			if x.id == v.id && !used[j] && (best < 0 || best <= last && j > last) {
				best = j
			}
		}
		if best >= 0 {
			return best, v.sim
		}
	}
	return -1, 0
}

// context takes a word that no recording has for the one that stands between the
// same neighbours, though it is badly misspelled.
func (c *corpus) context(a *alignment, s, r *title, hit, used []bool, at []int, said []float64) {
	for i, w := range s.words {
		if hit[i] || c.docs[w.id] > 0 || len(w.text) < 3 || isNumber(w.text) {
			continue
		}
		before, after := i > 0 && hit[i-1], i+1 < len(s.words) && hit[i+1]
		j := 0
		switch {
		case before:
			j = at[i-1] + 1
		case after:
			j = at[i+1] - 1
		}
		if !before && !after || j < 0 || j >= len(r.words) || used[j] || before && after && at[i+1] != j+1 {
			continue
		}
		x := r.words[j]
		n := min(len(x.text), len(w.text))
		if n < 3 || isNumber(x.text) || strings.ContainsAny(w.text+x.text, "0123456789") {
			continue
		}
		if allowed := 1 + n/4; distance(w.text, x.text, allowed) <= allowed {
			hit[i], used[j], at[i] = true, true, j
			a.typos++
			said[i] = 0.7 * min(c.weight[w.id], c.weight[x.id])
		}
	}
}

func findText(text string, r *title, used []bool) int {
	for j, x := range r.words {
		if !used[j] && x.text == text {
			return j
		}
	}
	return -1
}

func findJoined(text string, r *title, used []bool) int {
	for j := 0; j+1 < len(r.words); j++ {
		a, b := r.words[j].text, r.words[j+1].text
		if !used[j] && !used[j+1] && len(a)+len(b) == len(text) && text[:len(a)] == a && text[len(a):] == b {
			return j
		}
	}
	return -1
}

func countUsed(used []bool) int {
	n := 0
	for _, u := range used {
		if u {
			n++
		}
	}
	return n
}

// skipped counts the stop words between first and last that nothing stands for.
func skipped(r *title, used []bool, first, last int) int {
	n := 0
	for j := max(first, 0); j <= last; j++ {
		if !used[j] && isStop(r.words[j].text) {
			n++
		}
	}
	return n
}

// remains weighs what has no like on the other side.
func (c *corpus) remains(a *alignment, s, r *title, hit, used []bool, at []int, said []float64) {
	sWho, rWho := c.people(s, hit, false), c.people(r, used, c.named)
	if rWho >= 0 {
		a.named = r.segs[rWho].text
	}
	var stops float64
	known := 0
	for i, w := range s.words {
		if w.seg == sWho {
			if hit[i] { // a company in common is no title in common
				known++
			}
			continue
		}
		a.total += c.weight[w.id]
		if hit[i] && r.words[at[i]].seg == rWho { // nor is a name
			hit[i] = false
		}
		if hit[i] {
			a.matched += said[i]
			if !isStop(w.text) {
				a.words++
			}
			if said[i] >= 0.9*c.weight[w.id] && c.weight[w.id] >= 0.5*c.rare && !isCommon(w.text) && !isGeneric(w.text) && !isNumber(w.text) {
				a.solid++
			}
			if !isStop(w.text) && !isGeneric(w.text) {
				a.substance += c.weight[w.id]
			}
			continue
		}
		if isStop(w.text) {
			stops += c.weight[w.id]
			continue
		}
		a.missing += c.weight[w.id]
		a.lostNumber = a.lostNumber || isNumber(w.text)
	}
	a.missing += stops / 2
	a.strangers = sWho >= 0 && rWho >= 0 && known < 2
	touched := make([]float64, len(r.segs))
	for j, w := range r.words {
		if used[j] && !isStop(w.text) {
			touched[w.seg] += c.weight[w.id]
		}
	}
	extras := false
	a.exact = a.lost(s, hit, sWho)
	for seg := range r.segs {
		if seg == rWho {
			continue
		}
		a.segment(c, r, seg, touched[seg], used, &extras)
	}
	a.same = a.missing <= stops && !extras
}

// lost looks for parts of the session's title that have nothing in common with the
// recording's, and reports whether each word has.
func (a *alignment) lost(s *title, hit []bool, who int) (whole bool) {
	whole = true
	any, said := make([]bool, len(s.segs)), make([]bool, len(s.segs))
	for i, w := range s.words {
		whole = whole && hit[i]
		if !isStop(w.text) {
			said[w.seg] = true
			any[w.seg] = any[w.seg] || hit[i]
		}
	}
	for seg := range s.segs {
		a.lostSegment = a.lostSegment || seg != who && said[seg] && !any[seg]
	}
	return whole
}

// segment weighs what a segment of the recording's title says beyond the session's.
func (a *alignment) segment(c *corpus, r *title, seg int, touched float64, used []bool, extras *bool) {
	if touched == 0 {
		a.dropped++
		if a.leftText == "" {
			a.leftText = r.segs[seg].text
		}
	}
	lastInSeg := -1
	for j, w := range r.words {
		if w.seg == seg {
			lastInSeg = j
		}
	}
	for j, w := range r.words {
		if w.seg != seg || used[j] {
			continue
		}
		a.left = append(a.left, w)
		a.exact = false
		if touched == 0 || isStop(w.text) {
			continue
		}
		*extras = true
		a.extraLevel = a.extraLevel || isLevel(w.text)
		a.extra += c.weight[w.id]
		if isNumber(w.text) {
			a.extraNumber = true
			a.endNumber = a.endNumber || j == lastInSeg
		}
	}
}

// people returns the segment of t that names people and has little in common
// with the other title, or -1.
// With named, the last segment is taken for people if it may be.
func (c *corpus) people(t *title, matched []bool, named bool) int {
	for seg := len(t.segs) - 1; seg > 0; seg-- {
		if !t.segs[seg].who && !(named && seg == len(t.segs)-1 && t.segs[seg].maybeWho) {
			continue
		}
		var all, hit float64
		for i, w := range t.words {
			if w.seg == seg {
				all += c.weight[w.id]
				if matched[i] {
					hit += c.weight[w.id]
				}
			}
		}
		if hit*2 < all {
			return seg
		}
	}
	return -1
}
