package recording

import (
	"cmp"
	"slices"
	"strings"
)

// Class says what is to be done with a proposal.
type Class uint8

// The classes.
const (
	// Sure: to be applied.
	Sure Class = iota
	// Unsure: for a person to decide.
	Unsure
	// None: nothing fits.
	None
	// Kept: the session has its link already.
	Kept
)

// String returns "sure", "unsure", "none" or "kept".
func (c Class) String() string {
	return [...]string{"sure", "unsure", "none", "kept"}[c]
}

// Candidate is a recording that may be a session's.
type Candidate struct {
	// Recording is the index in what Match was given.
	Recording int
	// Score is from 0 to 1, rounded to hundredths.
	Score float64
	// For and Against say why and why not, in words for a terminal.
	For, Against []string
}

// Proposal says which recording belongs to a session, as far as one kind of link
// is concerned.
type Proposal struct {
	// Session is the index in what Match was given.
	Session int
	Kind    Kind
	Class   Class
	// Link is the address exactly as published; empty for None.
	Link string
	// Candidates are the recordings in question, the best first: the one alone
	// where the proposal is Sure or Kept.
	Candidates []Candidate
	// Why says what keeps the proposal from being sure.
	Why string
}

// Options say what else is known.
type Options struct {
	// Event is the name of the conference; a year in it is the sessions' year
	// where they have no date.
	Event string
	// Year is the conference's year; 0 is unknown.
	Year int
}

// The limits of the search.
const (
	// candidates is how many recordings a session is weighed against.
	candidates = 24
	// least is the score below which a pair is none.
	least = 0.4
	// sureFrom is the score from which a pair can be sure.
	sureFrom = 0.7
	// margin is how far the second best has to stay behind.
	margin = 0.12
	// listed is how many candidates an unsure proposal shows.
	listed = 3
)

// Match says for each session and each kind of link which recording it is, in the
// order of sessions and then of kinds. Kinds that no recording has are left out.
//
// It looks at all sessions at once: a recording is given to one session only, and
// the whole is the best there is. The order of recordings and sessions does not
// matter for what belongs to what.
func Match(sessions []Session, recordings []Recording, opts Options) []Proposal {
	var out []Proposal
	for _, k := range [...]Kind{Video, Slides, Code} {
		m := newMatcher(sessions, recordings, k, opts)
		if len(m.recordings) > 0 {
			out = append(out, m.proposals()...)
		}
	}
	agree(out)
	slices.SortStableFunc(out, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(a.Session, b.Session), cmp.Compare(a.Kind, b.Kind))
	})
	return out
}

// agree makes proposals unsure that give one recording's links to several
// sessions.
func agree(ps []Proposal) {
	owner := map[int]int{}
	disputed := map[int]bool{}
	for _, p := range ps {
		if p.Class != Sure {
			continue
		}
		r := p.Candidates[0].Recording
		if s, ok := owner[r]; ok && s != p.Session {
			disputed[r] = true
		}
		owner[r] = p.Session
	}
	for i := range ps {
		if p := &ps[i]; p.Class == Sure && disputed[p.Candidates[0].Recording] {
			p.Class, p.Why = Unsure, "its links fit several sessions"
		}
	}
}

// matcher matches one kind of link.
type matcher struct {
	kind Kind
	// sessions and recordings stand in an order of their own, which does not
	// depend on that of the caller; sessionAt and recordingAt lead back.
	sessions               []Session
	recordings             []Recording
	sessionAt, recordingAt []int

	c       *corpus
	st, rt  []*title
	years   []int      // of each session, 0 for unknown
	regions [][]string // of each session
	mixed   bool       // the recordings are of several years
	texts   map[int]map[string]bool
	heard   map[int][]string

	verdicts [][]verdict // of each session, the best first
	rivals   [][]rival   // of each recording
	chosen   []int       // of each session: a recording or -1
	sure     []bool
	gone     []bool // recordings that are surely somebody's
	// twins are, for each recording, those with its link, itself included.
	twins [][]int
}

// rival is a session that a recording may belong to.
type rival struct {
	s   int
	raw float64
	// info is how much the two titles have in common.
	info float64
}

func newMatcher(sessions []Session, recordings []Recording, k Kind, opts Options) *matcher {
	m := &matcher{kind: k, texts: map[int]map[string]bool{}, heard: map[int][]string{}}
	m.sessionAt = order(len(sessions), func(i int) string { return sessions[i].Path + "\x00" + sessions[i].Title })
	for _, i := range m.sessionAt {
		m.sessions = append(m.sessions, sessions[i])
	}
	at := order(len(recordings), func(i int) string {
		r := &recordings[i]
		return strings.Join([]string{linkKey(r.Link(k)), r.Title, r.Link(k), r.ID, strings.Join(r.Speakers, "\x01"), r.Description}, "\x00")
	})
	for _, i := range at {
		if recordings[i].Link(k) == "" {
			continue
		}
		m.recordings = append(m.recordings, recordings[i])
		m.recordingAt = append(m.recordingAt, i)
	}
	m.unite()
	for i := range m.sessions {
		m.st = append(m.st, parseTitle(m.sessions[i].Title))
	}
	for i := range m.recordings {
		t := parseTitle(m.recordings[i].Title)
		if e := parseTitle(m.recordings[i].Event); len(t.years) == 0 {
			t.years = e.years
			if len(t.regions) == 0 {
				t.regions = e.regions
			}
		}
		m.rt = append(m.rt, t)
	}
	m.c = newCorpus(m.st, m.rt)
	m.edition(opts)
	return m
}

// order returns the numbers below n in the order of their keys.
func order(n int, key func(int) string) []int {
	at, keys := make([]int, n), make([]string, n)
	for i := range at {
		at[i], keys[i] = i, key(i)
	}
	slices.SortStableFunc(at, func(a, b int) int { return strings.Compare(keys[a], keys[b]) })
	return at
}

// unite makes one of recordings with the same link: one playlist may list what
// another does, and each may say what the other does not.
func (m *matcher) unite() {
	byLink := map[string]int{}
	n := 0
	for i := range m.recordings {
		r := m.recordings[i]
		key := linkKey(r.Link(m.kind))
		j, ok := byLink[key]
		if !ok || len(split(r.Title)) > 0 && !slices.Equal(split(r.Title), split(m.recordings[j].Title)) {
			byLink[key] = n
			m.recordings[n], m.recordingAt[n] = r, m.recordingAt[i]
			n++
			continue
		}
		into := &m.recordings[j]
		if len(into.Speakers) == 0 {
			into.Speakers = r.Speakers
		}
		if into.Day.IsZero() {
			into.Day, into.Timed = r.Day, r.Timed
		}
		if into.Duration == 0 {
			into.Duration = r.Duration
		}
		into.Description = cmp.Or(into.Description, r.Description)
		into.ID, into.Room, into.Track = cmp.Or(into.ID, r.ID), cmp.Or(into.Room, r.Room), cmp.Or(into.Track, r.Track)
		into.Video, into.Slides, into.Code = cmp.Or(into.Video, r.Video), cmp.Or(into.Slides, r.Slides), cmp.Or(into.Code, r.Code)
	}
	m.recordings, m.recordingAt = m.recordings[:n], m.recordingAt[:n]
}

// edition finds out of which year and part of the world each session is.
func (m *matcher) edition(opts Options) {
	site := parseTitle(opts.Event)
	years := map[int]bool{}
	for _, t := range m.rt {
		for _, y := range t.years {
			years[y] = true
		}
	}
	m.mixed = len(years) > 1
	known := opts.Year
	if known == 0 && len(site.years) == 1 {
		known = site.years[0]
	}
	for i := range m.sessions {
		s := &m.sessions[i]
		event := parseTitle(s.Event)
		y := known
		switch {
		case !s.day().IsZero():
			y = s.day().Year()
		case len(m.st[i].years) == 1:
			y = m.st[i].years[0]
		case len(event.years) == 1:
			y = event.years[0]
		}
		m.years = append(m.years, y)
		regions := m.st[i].regions
		if len(event.regions) > 0 {
			regions = event.regions
		} else if len(regions) == 0 {
			regions = site.regions
		}
		m.regions = append(m.regions, regions)
	}
}

// text returns the words of a session's note.
func (m *matcher) text(s int) map[string]bool {
	t, ok := m.texts[s]
	if !ok {
		t = map[string]bool{}
		text := m.sessions[s].Text
		for len(text) > 0 && len(t) < 5000 {
			n := min(len(text), 200)
			if n < len(text) {
				if i := strings.LastIndexAny(text[:n], " \n\t"); i > 0 {
					n = i + 1
				}
			}
			for _, w := range split(text[:n]) {
				t[w] = true
			}
			text = text[n:]
		}
		m.texts[s] = t
	}
	return t
}

// spoken returns the words in which a recording may name its speakers.
func (m *matcher) spoken(r int) []string {
	t, ok := m.heard[r]
	if !ok {
		t = split(m.recordings[r].Title)
		d := m.recordings[r].Description
		for i := 0; i < 5 && d != ""; i++ { // the first lines; bios of others may follow
			line, rest, _ := strings.Cut(d, "\n")
			t, d = append(t, split(line[:min(len(line), 400)])...), rest
		}
		m.heard[r] = t
	}
	return t
}
