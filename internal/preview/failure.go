package preview

import (
	"fmt"

	"lectern/internal/diag"
)

// Reason is why a commit can't be built, as far as its readers may know.
type Reason int

// The reasons.
const (
	// BrokenConfig is a configuration that can't be read.
	BrokenConfig Reason = iota
	// NoNotes is a commit without the folder of the notes.
	NoNotes
	// TooLarge is a commit that takes more room than it may.
	TooLarge
)

// String says it in a clause.
func (r Reason) String() string {
	switch r {
	case BrokenConfig:
		return "the configuration can't be read"
	case NoNotes:
		return "there are no notes where the live website has them"
	case TooLarge:
		return "it is larger than there is room for"
	}
	return fmt.Sprintf("reason %d", int(r))
}

// Failure is an error that a preview's readers may see: it names only what they
// could see anyway. It lasts as long as the commit.
type Failure struct {
	Reason Reason
	Found  []diag.Diagnostic
}

func (f *Failure) Error() string { return f.Reason.String() }
