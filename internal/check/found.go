package check

import (
	"lectern/internal/diag"
	"lectern/internal/note"
)

// findings are those of the build. Rules that know more about one replace it,
// or say how it is mended.
type findings struct {
	all []diag.Diagnostic
	// at finds those about links and shortcodes by their place.
	at map[spot][]int
	// gone are those that were replaced.
	gone map[int]bool
}

type spot struct {
	file      string
	line, col int
}

func newFindings(all []diag.Diagnostic) *findings {
	f := &findings{all: append([]diag.Diagnostic(nil), all...), at: map[spot][]int{}, gone: map[int]bool{}}
	for i := range f.all {
		switch d := &f.all[i]; d.Rule {
		case "link-missing", "image-missing", "link-fragment", "link-unpublished", "shortcode-unknown":
			key := spot{d.File, d.Line, d.Col}
			f.at[key] = append(f.at[key], i)
		}
	}
	return f
}

// find returns the finding of one of rules at a place of a file, or nil.
func (f *findings) find(file string, at note.Place, rules ...string) *diag.Diagnostic {
	if len(f.at) == 0 {
		return nil
	}
	for _, i := range f.at[spot{file, at.Line, at.Col}] {
		for _, r := range rules {
			if f.all[i].Rule == r && !f.gone[i] {
				return &f.all[i]
			}
		}
	}
	return nil
}

// drop takes out what the build found at a place, which is said better.
func (f *findings) drop(file string, at note.Place, rules ...string) {
	for _, i := range f.at[spot{file, at.Line, at.Col}] {
		for _, r := range rules {
			if f.all[i].Rule == r {
				f.gone[i] = true
			}
		}
	}
}

func (f *findings) left() []diag.Diagnostic {
	out := make([]diag.Diagnostic, 0, len(f.all))
	for i, d := range f.all {
		if !f.gone[i] {
			out = append(out, d)
		}
	}
	return out
}
