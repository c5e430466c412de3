package schedule

import (
	"slices"
	"time"
)

// Clash is two sessions that run at the same time.
type Clash struct {
	// A begins first, or else stands first in what was compared. Both point
	// into that.
	A, B *Session
	// From and To are the time that they share.
	From, To time.Time
}

// String tells the clash in one line.
func (c Clash) String() string {
	return c.From.Format("2006-01-02 15:04") + "–" + c.To.Format("15:04") + ": " + quote(c.A.Title) + in(c.A) + " and " + quote(c.B.Title) + in(c.B)
}

func in(s *Session) string {
	if s.Room == "" {
		return ""
	}
	return " (" + s.Room + ")"
}

// assumed is how long a session is taken to last when nothing says so.
const assumed = 15 * time.Minute

// clashing is how many clashes are told: more are no help for a person.
const clashing = 10_000

// Clashes returns the pairs that nobody can attend both of, by time. Sessions
// that are cancelled, all day, breaks or without a time clash with nothing. One
// that ends when the next begins does not clash.
func Clashes(sessions []Session) []Clash {
	var running, timed []*Session
	for i := range sessions {
		if s := &sessions[i]; !s.Start.IsZero() && !s.Cancelled && !s.AllDay && !s.Break {
			timed = append(timed, s)
		}
	}
	slices.SortStableFunc(timed, func(a, b *Session) int { return a.Start.Compare(b.Start) })
	var clashes []Clash
	for _, s := range timed {
		running = slices.DeleteFunc(running, func(r *Session) bool { return !ends(r).After(s.Start) })
		for _, r := range running {
			if len(clashes) == clashing {
				return clashes
			}
			to := ends(r)
			if e := ends(s); e.Before(to) {
				to = e
			}
			clashes = append(clashes, Clash{A: r, B: s, From: s.Start, To: to})
		}
		running = append(running, s)
	}
	return clashes
}

func ends(s *Session) time.Time {
	if s.End.IsZero() {
		return s.Start.Add(assumed)
	}
	return s.End
}
