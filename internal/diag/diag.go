// Package diag holds what Lectern has to say about a person's files: where,
// how bad, by which rule, and what to do about it.
//
// A problem in the notes is never an error that stops the work; it is a
// [Diagnostic], collected with all others, sorted and printed in one run.
// The package depends on nothing but the standard library and an edit
// distance, so that every other package can report.
package diag

import (
	"cmp"
	"slices"
)

// Severity says what a diagnostic means for the site.
type Severity uint8

// The severities, from the worst to the mildest.
const (
	// Error: something could not be published as written (a note left out,
	// a file refused). `--strict` turns any into exit code 1.
	Error Severity = iota
	// Warning: the page stands, but a reader will miss something (a dead
	// link, a missing picture).
	Warning
	// Info: worth knowing, nothing is lost.
	Info
)

// String returns "error", "warning" or "info".
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	default:
		return "info"
	}
}

// Position is a place in a file of the project.
type Position struct {
	// File is the slash-separated path from the project's folder.
	File string
	// Line and Col count from 1; Col counts bytes. Zero means unknown.
	Line, Col int
}

// Diagnostic is one finding.
type Diagnostic struct {
	Position
	Severity Severity
	// Rule is the stable name of what was checked, such as "link-missing".
	Rule string
	// Message says what is wrong, in one line, without a full stop.
	Message string
	// Hint says what to do, in one line; it may be empty.
	Hint string
	// Fix mends it; nil where only a person can. Whoever compares findings
	// compares them [Diagnostic.Bare].
	Fix *Fix
}

// Sort orders ds by file, line, column, rule and message, and returns them
// without duplicates: of several that say the same, one stays, with a fix if any
// has one. It works in place.
func Sort(ds []Diagnostic) []Diagnostic {
	slices.SortFunc(ds, Compare)
	return slices.CompactFunc(ds, func(a, b Diagnostic) bool { return a.Bare() == b.Bare() })
}

// Compare is the order that [Sort] puts findings in.
func Compare(a, b Diagnostic) int {
	// One at a time: most are told apart by the first.
	if c := cmp.Compare(a.File, b.File); c != 0 {
		return c
	}
	if c := cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col), cmp.Compare(a.Severity, b.Severity)); c != 0 {
		return c
	}
	return cmp.Or(
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Message, b.Message),
		cmp.Compare(a.Hint, b.Hint),
		compareFix(a.Fix, b.Fix),
	)
}

// Count returns how many of ds are errors and how many are warnings.
func Count(ds []Diagnostic) (errors, warnings int) {
	for _, d := range ds {
		switch d.Severity {
		case Error:
			errors++
		case Warning:
			warnings++
		}
	}
	return errors, warnings
}
