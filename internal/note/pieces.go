package note

import (
	"bytes"
	"slices"
	"strings"
)

// source is a piece of a text that was put together: what begins at out in it
// begins at src in file.
type source struct {
	out, src int
	file     *included
}

// included is one file of a text that was put together.
type included struct {
	path string
	data []byte
	// at is where in the note the first include stands that led here.
	at int
}

// join appends an included text, its further lines behind margin.
func join(out []byte, pieces []source, text []byte, inner []source, margin string) ([]byte, []source) {
	if margin == "" {
		for _, p := range inner {
			p.out += len(out)
			pieces = append(pieces, p)
		}
		return append(out, text...), pieces
	}
	next := 0
	for start := 0; start < len(text); {
		end := len(text)
		if i := bytes.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i + 1
		}
		if start > 0 {
			out = append(out, margin...)
		}
		for next+1 < len(inner) && inner[next+1].out <= start {
			next++
		}
		pieces = append(pieces, source{len(out), inner[next].src + start - inner[next].out, inner[next].file})
		for i := next + 1; i < len(inner) && inner[i].out < end; i++ {
			pieces = append(pieces, source{len(out) + inner[i].out - start, inner[i].src, inner[i].file})
		}
		out = append(out, text[start:end]...)
		start = end
	}
	return out, pieces
}

// continuation is what stands before the further lines of what begins at off,
// so that they stay in the same list or quotation.
func continuation(data []byte, off int) string {
	prefix := data[bytes.LastIndexByte(data[:off], '\n')+1 : off]
	if len(prefix) == 0 || markersWidth(prefix) != len(prefix) {
		return ""
	}
	return strings.Map(func(c rune) rune {
		if c == '>' || c == '\t' {
			return c
		}
		return ' '
	}, string(prefix))
}

// trimText takes blank lines off both ends.
func trimText(text []byte, pieces []source) ([]byte, []source) {
	n := 0
	for n < len(text) && text[n] == '\n' {
		n++
	}
	return bytes.TrimRight(text[n:], "\n"), cutPieces(pieces, 0, n)
}

// cutPieces are the pieces of a text that lost from..to. There is one at its
// beginning.
func cutPieces(pieces []source, from, to int) []source {
	if from == to {
		return pieces
	}
	var out, rest []source
	last := pieces[0]
	for _, p := range pieces {
		if p.out < from {
			out = append(out, p)
		}
		if p.out <= to {
			last = p
		} else {
			p.out -= to - from
			rest = append(rest, p)
		}
	}
	out = append(out, source{from, last.src + to - last.out, last.file})
	return append(out, rest...)
}

// dropHeading takes the first heading out of a text.
func dropHeading(text []byte, pieces []source) ([]byte, []source) {
	fence := byte(0)
	before := -1 // where the line before begins, if it may be a heading's
	for start := 0; start < len(text); {
		end := len(text)
		if i := bytes.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i + 1
		}
		line := bytes.TrimSpace(text[start:end])
		switch {
		case len(line) >= 3 && (line[0] == '`' || line[0] == '~') && line[1] == line[0] && line[2] == line[0]:
			if fence == 0 {
				fence = line[0]
			} else if fence == line[0] {
				fence = 0
			}
			before = -1
		case fence != 0:
		case isHeadingLine(line):
			return cut(text, pieces, start, end)
		case before >= 0 && len(line) > 0 && (len(bytes.Trim(line, "=")) == 0 || len(bytes.Trim(line, "-")) == 0):
			return cut(text, pieces, before, end)
		case len(line) == 0:
			before = -1
		default:
			before = start
		}
		start = end
	}
	return text, pieces
}

func isHeadingLine(line []byte) bool {
	n := len(line) - len(bytes.TrimLeft(line, "#"))
	return n >= 1 && n <= 6 && (n == len(line) || line[n] == ' ' || line[n] == '\t')
}

func cut(text []byte, pieces []source, from, to int) ([]byte, []source) {
	return slices.Concat(text[:from], text[to:]), cutPieces(pieces, from, to)
}

// whence returns the file that an offset of r.data comes from, and its place in
// it; at is where that stands in the note itself.
func (r *render) whence(off int) (file string, line, col, at int) {
	i := len(r.sources) - 1
	for i > 0 && r.sources[i].out > off {
		i--
	}
	s := r.sources[i]
	line, col = position(s.file.data, s.src+off-s.out)
	at = s.file.at
	if at < 0 {
		at = s.src + off - s.out
	}
	return s.file.path, line, col, at
}
