package check

import (
	"bytes"
	"slices"

	"lectern/internal/diag"
	"lectern/internal/note"
)

// file is a note's bytes as they are on disk, for edits. The parser's places
// are turned into offsets in it.
type file struct {
	path string
	data []byte
	// lines are the offsets where lines begin; made when first needed.
	lines []int
}

// open returns the bytes of the subject's file, or nil where no fixes are
// wanted or it can't be read any more: then there is a finding without a fix.
func (c *checker) open(s *subject) *file {
	if c.file != nil && c.file.path == s.note.Path {
		return c.file
	}
	if c.in.Read == nil {
		return nil
	}
	data, err := c.in.Read(s.note.Path)
	if err != nil {
		return nil
	}
	c.file = &file{path: s.note.Path, data: data}
	return c.file
}

// offset returns where a place of the parser is in the bytes, or -1. It counts
// lines as the parser does: a lone carriage return ends one too, and what marks
// the byte order is no column.
func (f *file) offset(at note.Place) int {
	if f == nil || at.Line < 1 || at.Col < 1 {
		return -1
	}
	if f.lines == nil {
		f.findLines()
	}
	if at.Line > len(f.lines) {
		return -1
	}
	off := f.lines[at.Line-1] + at.Col - 1
	if off > len(f.data) || at.Line < len(f.lines) && off >= f.lines[at.Line] {
		return -1
	}
	return off
}

func (f *file) findLines() {
	lead := 0
	for bytes.HasPrefix(f.data[lead:], []byte("\xef\xbb\xbf")) {
		lead += 3
	}
	f.lines = append(f.lines, lead)
	for i := lead; i < len(f.data); i++ {
		c := f.data[i]
		if c == '\n' || c == '\r' && (i+1 >= len(f.data) || f.data[i+1] != '\n') {
			f.lines = append(f.lines, i+1)
		}
	}
}

// has reports whether text stands at off.
func (f *file) has(off int, text string) bool {
	return off >= 0 && text != "" && bytes.HasPrefix(f.data[off:], []byte(text))
}

// replace returns an edit that puts what in the place of old, which must stand
// at each of the places; ok is false where it does not.
func (c *checker) replace(s *subject, old, what string, places ...note.Place) (edits []diag.Edit, ok bool) {
	f := c.open(s)
	for _, at := range places {
		off := f.offset(at)
		if !f.has(off, old) {
			return nil, false
		}
		edits = append(edits, diag.Edit{Start: off, End: off + len(old), New: what})
	}
	return edits, len(edits) > 0
}

// destination finds where the destination dest of the link at a place is
// written, or -1: the place is that of the link itself, or of an attribute's
// value.
func (f *file) destination(at note.Place, dest string) int {
	off := f.offset(at)
	switch {
	case off < 0 || dest == "":
		return -1
	case f.has(off, dest):
		return off
	case off+1 < len(f.data) && (f.data[off] == '"' || f.data[off] == '\'' || f.data[off] == '<') && f.has(off+1, dest):
		return off + 1
	}
	if f.data[off] == '!' {
		off++
	}
	if off >= len(f.data) || f.data[off] != '[' {
		return -1
	}
	end := closingBracket(f.data, off)
	if end < 0 || end+1 >= len(f.data) || f.data[end+1] != '(' {
		return -1
	}
	off = end + 2
	for off < len(f.data) && (f.data[off] == ' ' || f.data[off] == '\t' || f.data[off] == '\n' || f.data[off] == '\r') {
		off++
	}
	if off < len(f.data) && f.data[off] == '<' {
		off++
	}
	if !f.has(off, dest) {
		return -1
	}
	if after := off + len(dest); after >= len(f.data) || bytes.IndexByte([]byte(" \t\r\n)>"), f.data[after]) < 0 {
		return -1
	}
	return off
}

// closingBracket returns where the bracket at off is closed, or -1. Brackets in
// a code span do not count.
func closingBracket(data []byte, off int) int {
	depth, tick := 0, 0
	for i := off; i < len(data) && i < off+10_000; i++ {
		switch c := data[i]; {
		case c == '`':
			n := 1
			for i+n < len(data) && data[i+n] == '`' {
				n++
			}
			switch tick {
			case 0:
				if bytes.Contains(data[i+n:min(len(data), off+10_000)], bytes.Repeat([]byte{'`'}, n)) {
					tick = n
				}
			case n:
				tick = 0
			}
			i += n - 1
		case tick > 0:
		case c == '\\':
			i++
		case c == '[':
			depth++
		case c == ']':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// place is the reverse of offset.
func (f *file) place(off int) note.Place {
	if f.lines == nil {
		f.findLines()
	}
	line, found := slices.BinarySearch(f.lines, off)
	if !found {
		line--
	}
	line = max(line, 0)
	return note.Place{Line: line + 1, Col: off - f.lines[line] + 1}
}
