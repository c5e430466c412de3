package recording

import "container/heap"

// edge is a possible pair of a session with the recording r and what it is worth.
type edge struct {
	r     int
	value int64
}

// assign chooses for each session at most one recording and for each recording
// at most one session, so that the whole is worth most, and returns for each
// session its recording or -1.
//
// It is the method of shortest augmenting paths (Kuhn and Munkres; Jonker and
// Volgenant 1987) over the sparse graph of possible pairs, with potentials, so
// that a session's search stays among the few that compete with it. Each
// session also has a place of its own that is worth nothing.
func assign(edges [][]edge, recordings int) []int {
	n := len(edges)
	m := assignment{
		edges: edges, recordings: recordings,
		ofSession: make([]int, n), ofPlace: make([]int, recordings+n),
		u: make([]int64, n), v: make([]int64, recordings+n),
		dist: make([]int64, recordings+n), from: make([]int, recordings+n), stamp: make([]int, recordings+n),
	}
	for i := range m.ofPlace {
		m.ofPlace[i] = -1
	}
	for s, es := range edges {
		m.ofSession[s] = -1
		// The costs are the negated values; u is such that none is below nought.
		for _, e := range es {
			m.u[s] = min(m.u[s], -e.value)
		}
	}
	for s := range edges {
		m.augment(s)
	}
	for s, p := range m.ofSession {
		if p >= recordings {
			m.ofSession[s] = -1
		}
	}
	return m.ofSession
}

type assignment struct {
	edges      [][]edge
	recordings int
	ofSession  []int // the place of each session
	ofPlace    []int // the session of each place: recordings, then the sessions' own
	u, v       []int64
	dist       []int64
	from       []int // the session from which a place was reached
	stamp      []int // the search in which dist and from were set
	round      int
}

// augment finds the cheapest way to give session root a place, moving others.
func (m *assignment) augment(root int) {
	m.round++
	var q queue
	var reached []int // places taken off the queue, with their final distances
	var sessions []int
	s, base, last := root, int64(0), -1
	settled := map[int]bool{}
	for {
		sessions = append(sessions, s)
		relax := func(p int, cost int64) {
			d := base + cost - m.u[s] - m.v[p]
			if !settled[p] && (m.stamp[p] != m.round || d < m.dist[p]) {
				m.stamp[p], m.dist[p], m.from[p] = m.round, d, s
				heap.Push(&q, way{d, p})
			}
		}
		for _, e := range m.edges[s] {
			relax(e.r, -e.value)
		}
		relax(m.recordings+s, 0)
		var w way
		for w = heap.Pop(&q).(way); settled[w.place] || w.dist != m.dist[w.place]; {
			w = heap.Pop(&q).(way)
		}
		settled[w.place] = true
		if m.ofPlace[w.place] < 0 {
			last, base = w.place, w.dist
			break
		}
		reached = append(reached, w.place)
		s, base = m.ofPlace[w.place], w.dist
	}
	for _, p := range reached {
		m.v[p] -= base - m.dist[p]
	}
	for _, t := range sessions {
		if t == root {
			m.u[t] += base
		} else {
			m.u[t] += base - m.dist[m.ofSession[t]]
		}
	}
	for p := last; ; {
		s := m.from[p]
		before := m.ofSession[s]
		m.ofSession[s], m.ofPlace[p] = p, s
		if s == root {
			return
		}
		p = before
	}
}

// way is a place and how far it is.
type way struct {
	dist  int64
	place int
}

type queue []way

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].dist < q[j].dist || q[i].dist == q[j].dist && q[i].place < q[j].place
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(way)) }
func (q *queue) Pop() any {
	old := *q
	x := old[len(old)-1]
	*q = old[:len(old)-1]
	return x
}
