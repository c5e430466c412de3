package recording

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// proposals weighs all pairs, chooses and decides what is sure.
func (m *matcher) proposals() []Proposal {
	m.weigh()
	m.choose()
	m.settle()
	out := make([]Proposal, 0, len(m.sessions))
	for s := range m.sessions {
		out = append(out, m.proposal(s))
	}
	return out
}

// weigh judges each session against the recordings that share its words.
func (m *matcher) weigh() {
	ids, links := m.identities()
	m.verdicts = make([][]verdict, len(m.sessions))
	m.rivals = make([][]rival, len(m.recordings))
	worth := make([]float64, len(m.recordings))
	for s := range m.sessions {
		near := m.shortlist(s, worth)
		if id := m.sessions[s].ID; id != "" {
			near = append(near, ids[id]...)
		}
		for _, k := range [...]Kind{Video, Slides} {
			if l := m.sessions[s].Link(k); l != "" {
				near = append(near, links[linkKey(l)]...)
			}
		}
		slices.Sort(near)
		for _, r := range slices.Compact(near) {
			v := m.judge(s, r)
			if v.barred || v.raw < least {
				continue
			}
			m.verdicts[s] = append(m.verdicts[s], v)
			m.rivals[r] = append(m.rivals[r], rival{s, v.raw, v.a.matched})
		}
		slices.SortFunc(m.verdicts[s], func(a, b verdict) int {
			return cmp.Or(cmp.Compare(b.raw, a.raw), cmp.Compare(a.r, b.r))
		})
	}
}

// identities lists recordings by their ids and by their links.
func (m *matcher) identities() (ids, links map[string][]int) {
	ids, links = map[string][]int{}, map[string][]int{}
	for r := range m.recordings {
		if id := m.recordings[r].ID; id != "" {
			ids[id] = append(ids[id], r)
		}
		for _, k := range [...]Kind{Video, Slides} {
			if l := m.recordings[r].Link(k); l != "" {
				key := linkKey(l)
				links[key] = append(links[key], r)
			}
		}
	}
	return ids, links
}

// shortlist returns the recordings that share most with a session's title. worth
// is all noughts, and is again when it returns.
func (m *matcher) shortlist(s int, worth []float64) []int {
	var found []int
	add := func(r int32, w float64) {
		if worth[r] == 0 {
			found = append(found, int(r))
		}
		worth[r] += w
	}
	t, total := m.st[s], 0.0
	for i, w := range t.words {
		weight := m.c.weight[w.id]
		total += weight
		if isStop(w.text) {
			continue
		}
		for _, v := range m.c.near[w.id] {
			for _, r := range m.c.postings[v.id] {
				add(r, weight*v.sim)
			}
		}
		for _, r := range m.c.joined[w.text] {
			add(r, weight)
		}
		if i+1 < len(t.words) {
			if id, ok := m.c.ids[w.text+t.words[i+1].text]; ok {
				for _, r := range m.c.postings[id] {
					add(r, weight+m.c.weight[t.words[i+1].id])
				}
			}
		}
	}
	kept := slices.DeleteFunc(slices.Clone(found), func(r int) bool { return worth[r] < 0.2*total })
	slices.SortFunc(kept, func(a, b int) int { return cmp.Or(cmp.Compare(worth[b], worth[a]), cmp.Compare(a, b)) })
	for _, r := range found {
		worth[r] = 0
	}
	return kept[:min(len(kept), candidates)]
}

// choose gives each session the recording that makes the whole worth most. Those
// that have their link already take part: their recording is nobody else's.
func (m *matcher) choose() {
	edges := make([][]edge, len(m.sessions))
	for s, vs := range m.verdicts {
		for _, v := range vs {
			edges[s] = append(edges[s], edge{v.r, int64(v.raw * 1e6)})
		}
	}
	m.sure, m.gone = make([]bool, len(m.sessions)), make([]bool, len(m.recordings))
	m.twins = make([][]int, len(m.recordings))
	byLink := map[string][]int{}
	for r := range m.recordings {
		key := linkKey(m.recordings[r].Link(m.kind))
		byLink[key] = append(byLink[key], r)
	}
	for _, all := range byLink {
		for _, r := range all {
			m.twins[r] = all
		}
	}
	held := map[string]int{}
	for s := range m.sessions {
		if l := m.sessions[s].Link(m.kind); l != "" {
			held[linkKey(l)] = s
		}
	}
	for r := range m.recordings {
		if s, ok := held[linkKey(m.recordings[r].Link(m.kind))]; ok {
			edges[s] = append(edges[s], edge{r, 1e9})
			m.gone[r], m.sure[s] = true, true
		}
	}
	m.chosen = assign(edges, len(m.recordings))
}

// settle finds what is sure. What is surely somebody's competes for nothing else
// any more, so it goes on until nothing changes.
func (m *matcher) settle() {
	for {
		var now []int
		for s := range m.sessions {
			if !m.sure[s] && m.sessions[s].Link(m.kind) == "" && m.chosen[s] >= 0 && m.doubt(s) == "" {
				now = append(now, s)
			}
		}
		if len(now) == 0 {
			return
		}
		// One video may be listed under two titles; it is one session's all the same.
		claims := map[int]int{}
		for _, s := range now {
			claims[m.twins[m.chosen[s]][0]]++
		}
		for _, s := range now {
			r := m.chosen[s]
			m.sure[s] = claims[m.twins[r][0]] == 1
			for _, t := range m.twins[r] {
				m.gone[t] = true
			}
		}
	}
}

// doubt says what keeps the recording chosen for s from being sure; "" for nothing.
func (m *matcher) doubt(s int) string {
	v := m.verdict(s, m.chosen[s])
	switch {
	case v == nil:
		return "too little in common"
	case v.against != 0:
		return strings.Join(m.misfits(v), ", ")
	case v.raw < sureFrom:
		return "too little in common"
	case m.gone[v.r]:
		return "the recording is surely another session's"
	case !v.strong:
		return "the words in common are too few, or too common, to be sure"
	}
	for _, o := range m.verdicts[s] {
		if slices.Contains(m.twins[v.r], o.r) || v.for_&(fitID|fitLink) != 0 {
			continue
		}
		// What is surely another's does not compete with the whole title, but with
		// a part of one, which both may have, it does.
		whole := v.a.same && v.a.dropped == 0
		switch {
		case o.raw > v.raw-margin && !(m.gone[o.r] && whole):
			return fmt.Sprintf("%q fits nearly as well", m.recordings[o.r].Title)
		case !whole && (o.a.missing == 0 && o.a.total > 0 && o.against == 0 || titleScore(&o.a) > titleScore(&v.a)+0.05):
			return fmt.Sprintf("%q has the words of the title, too", m.recordings[o.r].Title)
		}
	}
	for _, o := range m.competitors(v.r) {
		// Who has "A: B" goes before who has "A", though that is "A: B" without its end.
		whole := v.a.missing == 0 && v.a.matched > o.info+m.c.rare
		if o.s != s && !m.sure[o.s] && o.raw > v.raw-margin && !whole {
			return fmt.Sprintf("it fits %q (%s) nearly as well", m.sessions[o.s].Title, m.sessions[o.s].Path)
		}
	}
	return ""
}

// competitors are the sessions that a recording's link may belong to.
func (m *matcher) competitors(r int) []rival {
	if len(m.twins[r]) == 1 {
		return m.rivals[r]
	}
	var out []rival
	for _, t := range m.twins[r] {
		out = append(out, m.rivals[t]...)
	}
	return out
}

func (m *matcher) verdict(s, r int) *verdict {
	for i := range m.verdicts[s] {
		if v := &m.verdicts[s][i]; v.r == r {
			return v
		}
	}
	return nil
}

func (m *matcher) proposal(s int) Proposal {
	p := Proposal{Session: m.sessionAt[s], Kind: m.kind, Class: None}
	if l := m.sessions[s].Link(m.kind); l != "" {
		p.Class, p.Link = Kept, l
		if r := m.chosen[s]; m.sure[s] && r >= 0 {
			p.Candidates = []Candidate{{Recording: m.recordingAt[r], Score: 1, For: []string{"the note has this link"}}}
		}
		return p
	}
	if m.sure[s] {
		v := m.verdict(s, m.chosen[s])
		p.Class, p.Link = Sure, m.recordings[v.r].Link(m.kind)
		p.Candidates = []Candidate{m.candidate(v)}
		return p
	}
	for i := range m.verdicts[s] {
		v := &m.verdicts[s][i]
		if (m.gone[v.r] || len(p.Candidates) == listed) && v.r != m.chosen[s] {
			continue
		}
		if v.r == m.chosen[s] {
			p.Candidates = slices.Insert(p.Candidates, 0, m.candidate(v))
		} else {
			p.Candidates = append(p.Candidates, m.candidate(v))
		}
	}
	if len(p.Candidates) == 0 {
		return p
	}
	p.Candidates = p.Candidates[:min(len(p.Candidates), listed)]
	p.Class, p.Link = Unsure, m.recordings[m.own(p.Candidates[0].Recording)].Link(m.kind)
	if m.chosen[s] >= 0 {
		p.Why = m.doubt(s)
	} else {
		p.Why = "what fits best fits another session better"
	}
	return p
}

// own returns the matcher's own number of the caller's recording r.
func (m *matcher) own(r int) int { return slices.Index(m.recordingAt, r) }

func (m *matcher) candidate(v *verdict) Candidate {
	return Candidate{Recording: m.recordingAt[v.r], Score: v.score(), For: m.fits(v), Against: m.misfits(v)}
}
