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
			fields, ferr = readYAML(data[from:to], 2)
		case tomlFront:
			fields, ferr = readTOML(data[from:to], 2, p.opts.location())
		case jsonFront:
			fields, ferr = readJSON(data[from:to])
		}
	}
	if ferr == nil {
		ferr = duplicate(fields)
	}
	if ferr != nil {
		hint := ferr.hint
		if hint == "" {
			hint = "the note is left out until this can be read, because it might say that it is private"
		}
		n.report(diag.Error, ruleFront, ferr.line, ferr.col, ferr.message, hint)
		return nil, 0
	}
	n.Readable = true
	p.fill(n, fields)
	return data[:body], body
}

// duplicate finds a name that stands twice, whatever its case: the two could
// say different things about who may see the note.
func duplicate(fields []field) *frontError {
	seen := make(map[string]place, len(fields))
	for i := range fields {
		f := &fields[i]
		if first, ok := seen[f.name]; ok {
			return &frontError{f.key, fmt.Sprintf("front matter field %q stands twice, first in line %d", f.name, first.line), "keep one of them"}
		}
		seen[f.name] = f.key
	}
	return nil
}

type frontFormat uint8

const (
	noFront frontFormat = iota
	yamlFront
	tomlFront
	jsonFront
)

// splitFront finds the front matter: its format, its bytes and where the text
// begins.
func splitFront(data []byte) (format frontFormat, from, to, body int, ferr *frontError) {
	first, _, _ := bytes.Cut(data, []byte{'\n'})
	var fence string
	switch strings.TrimRight(string(first[:min(len(first), 80)]), " \t") {
	case "---":
		format, fence = yamlFront, "---"
	case "+++":
		format, fence = tomlFront, "+++"
	default:
		if end, is := jsonEnd(data); is {
			if end < 0 {
				line, col := position(data, 0)
				return noFront, 0, 0, 0, &frontError{place{line, col}, "the JSON front matter has no end", "close its last brace"}
			}
			return jsonFront, 0, end, skipLine(data, end), nil
		}
		return noFront, 0, 0, 0, nil
	}
	from = min(len(first)+1, len(data))
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
	return noFront, 0, 0, 0, &frontError{
		place{1, 1},
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

// fill puts the fields into the typed front matter, the rest into Params.
func (p *Parser) fill(n *Note, fields []field) {
	d := decoder{p: p, n: n, f: &n.Front}
	for i := range fields {
		f := &fields[i]
		if f.value == nil {
			if f.name == "visibility" {
				d.visibility(f)
			}
			continue
		}
		if set, ok := p.fields[f.name]; ok {
			set(&d, f)
			continue
		}
		if n.Front.Params == nil {
			n.Front.Params = map[string]any{}
		}
		n.Front.Params[f.name] = f.value
	}
	d.finish()
}
