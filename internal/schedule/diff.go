package schedule

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// ChangeKind is what happened to a session between two readings.
type ChangeKind string

// The kinds of changes, as they are called for people.
const (
	Added     ChangeKind = "new"
	Removed   ChangeKind = "removed"
	Cancelled ChangeKind = "cancelled"
	Restored  ChangeKind = "no longer cancelled"
	Moved     ChangeKind = "new time"
	Rehoused  ChangeKind = "new room"
	Renamed   ChangeKind = "new title"
	Recast    ChangeKind = "new speakers"
	Extended  ChangeKind = "new video or slides"
	Reworded  ChangeKind = "new text"
)

// Change is one difference between two programmes.
type Change struct {
	Kind ChangeKind
	// Old and New are the session before and after; Old is nil for an added
	// one, New for a removed one. They point into the programmes.
	Old, New *Session
	// Before and After are what changed, for people; they are empty where there
	// is nothing to tell beside the kind.
	Before, After string
}

// Session is the session as it is now, or was last.
func (c Change) Session() *Session {
	if c.New != nil {
		return c.New
	}
	return c.Old
}

// String tells the change in one line.
func (c Change) String() string {
	s := c.Session()
	line := string(c.Kind) + ": " + quote(s.Title)
	switch c.Kind {
	case Added, Removed, Cancelled, Restored:
		if where := strings.TrimPrefix(when(s)+", "+s.Room, ", "); where != "" {
			line += " (" + strings.TrimSuffix(where, ", ") + ")"
		}
	default:
		if c.Before != "" || c.After != "" {
			line += ": " + cmp.Or(c.Before, "none") + " → " + cmp.Or(c.After, "none")
		}
	}
	return line
}

// Diff returns what changed from old to new, by what [Pairs] pairs, in the order
// of the new programme; what was removed stands where it was. A session may have
// several changes. A nil programme has no sessions.
func Diff(old, new *Programme) []Change {
	before, now := sessionsOf(old), sessionsOf(new)
	kept := make([]bool, len(before))
	var changes []Change
	for i, o := range Pairs(before, now) {
		if o < 0 {
			changes = append(changes, Change{Kind: Added, New: &now[i]})
			continue
		}
		kept[o] = true
		changes = append(changes, compare(&before[o], &now[i])...)
	}
	for i := range before {
		if !kept[i] {
			changes = append(changes, Change{Kind: Removed, Old: &before[i]})
		}
	}
	slices.SortStableFunc(changes, func(a, b Change) int { return compareStart(a.Session(), b.Session()) })
	return changes
}

func sessionsOf(p *Programme) []Session {
	if p == nil {
		return nil
	}
	return p.Sessions
}

func compareStart(a, b *Session) int {
	if a.Start.IsZero() != b.Start.IsZero() {
		if a.Start.IsZero() {
			return 1
		}
		return -1
	}
	return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Title, b.Title), cmp.Compare(a.ID, b.ID))
}

// compare returns the changes of one session, those that matter most first.
func compare(old, new *Session) []Change {
	var changes []Change
	add := func(kind ChangeKind, before, after string) {
		changes = append(changes, Change{Kind: kind, Old: old, New: new, Before: before, After: after})
	}
	if old.Cancelled != new.Cancelled {
		kind := Restored
		if new.Cancelled {
			kind = Cancelled
		}
		add(kind, "", "")
	}
	if !old.Start.Equal(new.Start) || !old.End.Equal(new.End) {
		add(Moved, when(old), when(new))
	}
	if old.Room != new.Room {
		add(Rehoused, old.Room, new.Room)
	}
	if old.Title != new.Title {
		add(Renamed, old.Title, new.Title)
	}
	if a, b := names(old.Speakers), names(new.Speakers); a != b {
		add(Recast, a, b)
	}
	if a, b := recorded(old), recorded(new); a != b {
		add(Extended, a, b)
	}
	if old.Abstract != new.Abstract || old.Description != new.Description || old.Subtitle != new.Subtitle {
		add(Reworded, "", "")
	}
	return changes
}

// recorded lists where a session's videos and slides are.
func recorded(s *Session) string {
	var all []string
	for _, l := range s.Links {
		if l.Kind == KindVideo || l.Kind == KindSlides {
			all = append(all, l.URL)
		}
	}
	return strings.Join(all, " ")
}

func names(people []Person) string {
	all := make([]string, len(people))
	for i, p := range people {
		all[i] = p.Name
	}
	return strings.Join(all, ", ")
}

// when writes a session's time for people: 2026-03-24 09:00–09:30.
func when(s *Session) string {
	if s.Start.IsZero() {
		return ""
	}
	if s.AllDay {
		return s.Start.Format(time.DateOnly)
	}
	text := s.Start.Format("2006-01-02 15:04")
	switch {
	case s.End.IsZero():
	case s.End.Sub(s.Start) < 24*time.Hour:
		text += "–" + s.End.Format("15:04")
	default:
		text += "–" + s.End.Format("2006-01-02 15:04")
	}
	return text
}
