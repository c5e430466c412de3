package release

import (
	"slices"
	"time"

	"lectern/internal/snapshot"
)

// Status is how things stand. Subjects and errors may speak of private notes:
// all of it is for those who run the site, [Status.Public] for everybody.
type Status struct {
	// Shown is what visitors see, nil for nothing yet.
	Shown *Shown `json:"live"`
	// Attempts are the last builds, the newest first.
	Attempts []Attempt `json:"builds"`
	// Origin is where releases come from, Looked when that was asked last and
	// OriginError why that failed.
	Origin      string    `json:"origin,omitempty"`
	Looked      time.Time `json:"looked,omitzero"`
	OriginError string    `json:"originError,omitempty"`
	// NotStored says why the newest release could not be kept.
	NotStored string `json:"notStored,omitempty"`
	// Problems are what was found damaged in the store.
	Problems []string `json:"problems,omitempty"`
	// Releases are all that are kept, the newest first.
	Releases []Release `json:"releases"`
}

// Shown is what visitors see.
type Shown struct {
	// Number is the release's, 0 while it is not stored.
	Number int             `json:"number,omitempty"`
	Digest snapshot.Digest `json:"digest"`
	// Since is when it went live, By who had it so.
	Since  time.Time `json:"since"`
	By     string    `json:"by,omitempty"`
	Pinned bool      `json:"pinned"`
	Meta
}

// Attempt is one build.
type Attempt struct {
	// When it ended.
	When time.Time `json:"when"`
	// Error says why it failed; "" if it did not.
	Error string `json:"error,omitempty"`
	// Failed is true if it did.
	Failed bool `json:"failed"`
	// Number is the release it made, 0 for none.
	Number int             `json:"number,omitempty"`
	Digest snapshot.Digest `json:"digest,omitzero"`
	Meta
	build int // of the publication
}

// Took is the sum of all phases.
func (m *Meta) Took() (sum time.Duration) {
	for _, p := range m.Phases {
		sum += p.Took
	}
	return sum
}

// maxAttempts is how many builds are remembered.
const maxAttempts = 20

func (s *Status) note(a Attempt) {
	s.Attempts = slices.Insert(s.Attempts, 0, a)
	s.Attempts = s.Attempts[:min(len(s.Attempts), maxAttempts)]
}

func (s *Status) noteBuilt(p *publication) {
	s.note(Attempt{When: p.since, Digest: p.snap.Digest(), Meta: p.meta, build: p.build})
}

// noteStored says of the build of p which release it became.
func (s *Status) noteStored(p *publication, took time.Duration) {
	for i := range s.Attempts {
		if a := &s.Attempts[i]; !a.Failed && a.build == p.build {
			a.Number = p.number
			if took > 0 {
				a.Phases = append(slices.Clone(a.Phases), Phase{"store", took})
			}
		}
	}
}

func (s *Status) noteFailed(meta Meta, err error) {
	s.note(Attempt{When: time.Now().UTC(), Failed: true, Error: err.Error(), Meta: meta})
}

// Status returns how things stand.
func (l *Live) Status() Status {
	l.mu.Lock()
	s := l.status
	s.Attempts = slices.Clone(s.Attempts)
	if p := l.shown; p != nil {
		s.Shown = &Shown{p.number, p.snap.Digest(), p.since, p.by, p.pinned, p.meta}
	}
	l.mu.Unlock()
	for _, p := range l.opts.Store.Problems() {
		s.Problems = append(s.Problems, p.Error())
	}
	s.Releases = l.opts.Store.List()
	slices.Reverse(s.Releases)
	return s
}

// Public returns what anybody may know: digests, times and states, no words and
// no counts.
func (s *Status) Public() Status {
	out := Status{Looked: s.Looked, Attempts: []Attempt{}, Releases: []Release{}}
	if s.Shown != nil {
		out.Shown = &Shown{Number: s.Shown.Number, Digest: s.Shown.Digest, Since: s.Shown.Since, Pinned: s.Shown.Pinned}
	}
	for _, a := range s.Attempts {
		out.Attempts = append(out.Attempts, Attempt{When: a.When, Failed: a.Failed, Number: a.Number, Digest: a.Digest})
	}
	for _, r := range s.Releases {
		out.Releases = append(out.Releases, Release{Number: r.Number, Digest: r.Digest, Stored: r.Stored})
	}
	if s.OriginError != "" {
		out.OriginError = "it cannot be reached or read"
	}
	if s.NotStored != "" {
		out.NotStored = "it could not be written"
	}
	return out
}
