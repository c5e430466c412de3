package diag

import (
	"cmp"
	"slices"
)

// Edit replaces the bytes from Start up to End of the finding's file with New.
// The offsets count bytes of the file as it is on disk, from 0, byte order mark
// and line ends included; Start equals End where something is put in.
type Edit struct {
	Start, End int
	New        string
}

// Fix is a way to mend what a finding is about: edits of the file that the
// finding is in, and of no other.
type Fix struct {
	// Title says what the fix does, as a command: `write "./05_x"`.
	Title string
	// Edits are in order and do not overlap.
	Edits []Edit
	// Sure is true where this is the one right answer: it may be applied without
	// asking. Of other fixes a person has to decide.
	Sure bool
}

// Bare returns d without its fix: two findings that say the same are equal by ==
// when they are bare.
func (d Diagnostic) Bare() Diagnostic {
	d.Fix = nil
	return d
}

// compareFix puts findings with a fix before the same ones without.
func compareFix(a, b *Fix) int {
	if a == nil || b == nil {
		return cmp.Compare(rank(a), rank(b))
	}
	return cmp.Or(
		cmp.Compare(a.Title, b.Title),
		slices.CompareFunc(a.Edits, b.Edits, func(x, y Edit) int {
			return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(x.End, y.End), cmp.Compare(x.New, y.New))
		}),
	)
}

func rank(f *Fix) int {
	if f == nil {
		return 1
	}
	return 0
}
