// Package edit changes people's files by the smallest step: all bytes that an
// edit does not name stay as they are, line ends and encoding marks included.
//
// It guarantees that nothing that a person wrote is lost. Edits that overlap or
// lie outside the file are refused; a field of the front matter is read again
// after it was set, and where that does not give what was asked for, nothing is
// changed; files are written only where they still are what they were when the
// change was planned, each whole, beside the old one and then in its place.
package edit

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"lectern/internal/diag"
)

// Apply returns src with the edits made. They may come in any order but must
// not overlap; several at one place are made in the order given.
func Apply(src []byte, edits []diag.Edit) ([]byte, error) {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b diag.Edit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	size, last := len(src), 0
	for _, e := range sorted {
		if e.Start < 0 || e.End < e.Start || e.End > len(src) {
			return nil, fmt.Errorf("an edit of the bytes %d to %d does not fit a file of %d", e.Start, e.End, len(src))
		}
		if e.Start < last {
			return nil, errOverlap
		}
		last = e.End
		size += len(e.New) - (e.End - e.Start)
	}
	out := make([]byte, 0, size)
	last = 0
	for _, e := range sorted {
		out = append(append(out, src[last:e.Start]...), e.New...)
		last = e.End
	}
	return append(out, src[last:]...), nil
}

var errOverlap = errors.New("two edits are of the same bytes")

// lines knows where the lines of a file begin.
type lines struct {
	src    []byte
	starts []int
	// end is what ends a line here.
	end string
}

func newLines(src []byte) *lines {
	l := &lines{src: src, starts: []int{0}, end: "\n"}
	for i, c := range src {
		if c == '\n' || c == '\r' && (i+1 == len(src) || src[i+1] != '\n') {
			if len(l.starts) == 1 && i > 0 && src[i-1] == '\r' {
				l.end = "\r\n"
			}
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

// start is the offset at which a line, from 1, begins; the file's end for lines
// behind the last.
func (l *lines) start(line int) int {
	if line > len(l.starts) {
		return len(l.src)
	}
	return l.starts[max(line, 1)-1]
}

// text is a line without its end.
func (l *lines) text(line int) []byte {
	from, to := l.start(line), l.start(line+1)
	for to > from && (l.src[to-1] == '\n' || l.src[to-1] == '\r') {
		to--
	}
	return l.src[from:to]
}
