package schedule

import (
	"strings"
	"time"
	"unicode"
)

// Pairs returns for each session of new the index in old of the one that it
// was, or -1. Sessions are the same by their ID. Where a programme came from
// another export, which calls its sessions otherwise, they are the same by any
// name that they share, if title or time agree too.
//
// Sessions that lie months apart are two if their titles differ, or if what they
// share is a number: those are given out anew each year.
func Pairs(old, new []Session) []int {
	out := make([]int, len(new))
	byID := make(map[string]int, len(old))
	for i := range old {
		if _, twice := byID[old[i].ID]; !twice {
			byID[old[i].ID] = i
		}
	}
	paired := make([]bool, len(old))
	for i := range new {
		out[i] = -1
		if o, ok := byID[new[i].ID]; ok && !paired[o] && !otherYear(&old[o], &new[i]) {
			out[i], paired[o] = o, true
		}
	}
	pairByNames(old, new, paired, out)
	return out
}

// pairByNames pairs what is left.
func pairByNames(old, new []Session, paired []bool, out []int) {
	byName := map[string]int{}
	for i := range old {
		if paired[i] {
			continue
		}
		for _, name := range old[i].names() {
			if before, ok := byName[name]; ok && before != i {
				byName[name] = -1 // of two: it names neither
			} else {
				byName[name] = i
			}
		}
	}
	if len(byName) == 0 {
		return
	}
	for i := range new {
		if out[i] >= 0 {
			continue
		}
		for _, name := range new[i].names() {
			o, ok := byName[name]
			if !ok || o < 0 || paired[o] || otherYear(&old[o], &new[i]) {
				continue
			}
			if SameTitle(old[o].Title, new[i].Title) || !old[o].Start.IsZero() && old[o].Start.Equal(new[i].Start) {
				out[i], paired[o] = o, true
				break
			}
		}
	}
}

// names are all that a session goes by.
func (s *Session) names() []string { return append([]string{s.ID}, s.OtherIDs...) }

// apart is how far a session is never moved.
const apart = 60 * 24 * time.Hour

func otherYear(a, b *Session) bool {
	return FarApart(a.Start, b.Start) && (strings.Trim(a.ID, "0123456789") == "" || !SameTitle(a.Title, b.Title))
}

// FarApart is true for times so far from each other that they are not of one
// conference. What has no time is far from nothing.
func FarApart(a, b time.Time) bool {
	return !a.IsZero() && !b.IsZero() && a.Sub(b).Abs() > apart
}

// SameTitle compares titles by their letters and digits.
func SameTitle(a, b string) bool { return a == b || FoldTitle(a) == FoldTitle(b) }

// FoldTitle leaves a title's letters and digits, in lower case.
func FoldTitle(title string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, title)
}
