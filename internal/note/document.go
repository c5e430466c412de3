package note

import (
	"bytes"
	"slices"
	"sort"
	"strconv"
)

// Shortcode calls are taken out of the text before Markdown is parsed, and a
// token stands for each: tokenStart, the call's number, tokenEnd. Markdown takes
// a token for a word. No file has these bytes: clean replaces them.
const (
	tokenStart = 0x02
	tokenEnd   = 0x03
)

func appendToken(dst []byte, id int) []byte {
	dst = append(dst, tokenStart)
	dst = strconv.AppendInt(dst, int64(id), 10)
	return append(dst, tokenEnd)
}

// tokenAt reads the token that s begins with; n is its length, 0 for none.
func tokenAt(s []byte) (id, n int) {
	if len(s) < 3 || s[0] != tokenStart {
		return 0, 0
	}
	for i, c := range s[1:] {
		if c == tokenEnd && i > 0 {
			return id, i + 2
		}
		if c < '0' || c > '9' || i > 9 {
			return 0, 0
		}
		id = id*10 + int(c-'0')
	}
	return 0, 0
}

// document is a text to parse as Markdown, with the way back to the file.
type document struct {
	text []byte
	// at says for offsets in text what they are in the file; between two, both
	// grow alike.
	at []piece
}

type piece struct{ out, src int }

// offset turns an offset in text into one in the file.
func (d *document) offset(out int) int { return pieceOffset(d.at, out) }

func pieceOffset(at []piece, out int) int {
	if len(at) == 0 {
		return out
	}
	i := sort.Search(len(at), func(i int) bool { return at[i].out > out }) - 1
	i = max(i, 0)
	return at[i].src + max(out-at[i].out, 0)
}

// document makes the document of the file's bytes from..to: calls become tokens,
// and each line but the first loses the quotation marks and the indentation
// that the margin has. The text is written to the memory of buf, if it is not a
// slice of the file.
func (r *render) document(buf []byte, from, to int, m margin) document {
	first := r.firstCall(from)
	if m == (margin{}) && (first >= len(r.calls) || r.calls[first].start >= to) {
		return document{text: r.data[from:to], at: []piece{{0, from}}}
	}
	d := document{text: slices.Grow(buf[:0], to-from+16)}
	pos := from
	for i := first; i < len(r.calls) && r.calls[i].start < to; i = r.calls[i].next {
		c := &r.calls[i]
		d.copy(r.data, pos, c.start, m, pos == from)
		d.at = append(d.at, piece{len(d.text), c.start})
		d.text = appendToken(d.text, i)
		pos = c.end
	}
	d.copy(r.data, pos, to, m, true)
	return d
}

// copy appends data[from:to]. With inLine, from is not at the head of a line.
func (d *document) copy(data []byte, from, to int, m margin, inLine bool) {
	if m == (margin{}) {
		d.at = append(d.at, piece{len(d.text), from})
		d.text = append(d.text, data[from:to]...)
		return
	}
	for pos := from; pos < to; {
		end := to
		if i := bytes.IndexByte(data[pos:to], '\n'); i >= 0 {
			end = pos + i + 1
		}
		start := pos
		if pos > from {
			start += m.width(data[pos:end])
		}
		d.at = append(d.at, piece{len(d.text), start})
		d.text = append(d.text, data[start:end]...)
		pos = end
	}
}

// margin is what stands before the lines of a shortcode's inner text because
// the shortcode stands in a quotation or a list.
type margin struct{ quotes, indent int }

// width is how many bytes of the line belong to the margin.
func (m margin) width(line []byte) int {
	i, col := 0, 0
	for q := 0; q < m.quotes; q++ {
		j := i
		for j < len(line) && line[j] == ' ' {
			j++
		}
		if j >= len(line) || line[j] != '>' {
			break
		}
		i = j + 1
		if i < len(line) && line[i] == ' ' {
			i++
		}
		col = i
	}
	for ; i < len(line) && col < m.indent; i++ {
		switch line[i] {
		case ' ':
			col++
		case '\t':
			col += 4 - col%4
		default:
			return i
		}
	}
	return i
}
