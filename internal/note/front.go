package note

import (
	"bytes"
	"fmt"
	"strings"

	"lectern/internal/diag"
)

// field is one top-level entry of the front matter, as read.
type field struct {
	name  string // lower case
	value any    // string, bool, int64, float64, time.Time, nil, []any, map[string]any
	key   place
	at    place // of the value
}

// place is a line and a column in the file, from 1.
type place struct{ line, col int }

// frontError is what is wrong with front matter that cannot be read.
type frontError struct {
	place
	message, hint string
}

// The limits of front matter.
const (
	maxFront       = 256 << 10
	maxFrontDepth  = 50
	maxFrontValues = 20_000
)

// readFront reads the front matter that data begins with into n.Front and
// n.Readable. It returns its bytes and the offset of the text behind it.
func (p *Parser) readFront(n *Note, data []byte) (front []byte, body int) {
	format, from, to, body, ferr := splitFront(data)
	if ferr == nil && to-from > maxFront {
		ferr = &frontError{place{1, 1}, fmt.Sprintf("the front matter has %d bytes; at most %d are read", to-from, maxFront), ""}
	}
	var fields []field
	if ferr == nil {
		switch format {
		case yamlFront:
			fields, ferr = readYAML(data[from:to], 1+bytes.Count(data[:from], []byte{'\n'}))
		case tomlFront:
			fields, ferr = readTOML(data[from:to], 1+bytes.Count(data[:from], []byte{'\n'}), p.opts.location())
		case jsonFront:
			fields, ferr = readJSON(data[:to])
		}
	}
	if ferr == nil {
		fields, ferr = n.duplicates(fields)
	}
	if ferr != nil {
		hint := "the note is left out until this can be read, because it might say that it is private"
		if ferr.hint != "" {
			hint = ferr.hint + "; " + hint
		}
		n.report(diag.Error, ruleFront, ferr.line, ferr.col, ferr.message, hint)
		return nil, 0
	}
	n.Readable = true
	n.markFields(fields)
	p.fill(n, fields)
	return data[:body], body
}

type frontFormat uint8

const (
	noFront frontFormat = iota
	yamlFront
	tomlFront
	jsonFront
)

// splitFront finds the front matter: its format, its bytes and where the text
// begins. Blanks and empty lines may stand before it, as for Hugo.
func splitFront(data []byte) (format frontFormat, from, to, body int, ferr *frontError) {
	lead := len(data) - len(bytes.TrimLeft(data, " \t\n"))
	first, _, _ := bytes.Cut(data[lead:], []byte{'\n'})
	var fence string
	switch strings.TrimRight(string(first[:min(len(first), 80)]), " \t") {
	case "---":
		format, fence = yamlFront, "---"
	case "+++":
		format, fence = tomlFront, "+++"
	default:
		if end, is := jsonEnd(data[lead:]); is {
			if end < 0 {
				line, col := position(data, lead)
				return noFront, 0, 0, 0, &frontError{place{line, col}, "the JSON front matter has no end", "close its last brace"}
			}
			end += lead
			return jsonFront, lead, end, skipLine(data, end), nil
		}
		return noFront, 0, 0, 0, nil
	}
	from = min(lead+len(first)+1, len(data))
	for pos := from; pos < len(data); {
		end := bytes.IndexByte(data[pos:], '\n')
		if end < 0 {
			end = len(data) - pos
		}
		if line := bytes.TrimRight(data[pos:pos+end], " \t"); string(line) == fence {
			return format, from, pos, min(pos+end+1, len(data)), nil
		}
		pos += end + 1
	}
	line, col := position(data, lead)
	return noFront, 0, 0, 0, &frontError{
		place{line, col},
		"the front matter that begins here has no end",
		"close it with a line " + fence + ", or write *** for a rule",
	}
}

func skipLine(data []byte, pos int) int {
	for pos < len(data) && (data[pos] == ' ' || data[pos] == '\t') {
		pos++
	}
	if pos < len(data) && data[pos] == '\n' {
		pos++
	}
	return pos
}
