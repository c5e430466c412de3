package check

import (
	"slices"
	"sort"

	"lectern/internal/diag"
)

// Mend is what is to be done to one file.
type Mend struct {
	Path  string
	Edits []diag.Edit
	// Findings is how many findings it mends.
	Findings int
}

// Mends gathers the fixes of those findings that take wants, by file, in order
// of path. Of fixes that touch the same bytes the first is taken: the others'
// findings are still there when the file is checked again.
func Mends(ds []diag.Diagnostic, take func(*diag.Diagnostic) bool) []Mend {
	byFile := map[string]*Mend{}
	var paths []string
	for i := range ds {
		d := &ds[i]
		if d.Fix == nil || len(d.Fix.Edits) == 0 || !take(d) {
			continue
		}
		m := byFile[d.File]
		if m == nil {
			m = &Mend{Path: d.File}
			byFile[d.File] = m
			paths = append(paths, d.File)
		}
		if m.free(d.Fix.Edits) {
			m.Edits = append(m.Edits, d.Fix.Edits...)
			m.Findings++
		}
	}
	sort.Strings(paths)
	out := make([]Mend, 0, len(paths))
	for _, p := range paths {
		m := byFile[p]
		slices.SortFunc(m.Edits, func(a, b diag.Edit) int { return a.Start - b.Start })
		out = append(out, *m)
	}
	return out
}

// free reports whether edits touch nothing that others do.
func (m *Mend) free(edits []diag.Edit) bool {
	for _, e := range edits {
		for _, o := range m.Edits {
			if e.Start < o.End && o.Start < e.End || e.Start == o.Start || e.Start == o.End || e.End == o.Start {
				return false
			}
		}
	}
	return true
}

// SureFix takes the findings whose fix has the one right answer.
func SureFix(d *diag.Diagnostic) bool { return d.Fix.Sure }
