package edit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
)

// editJSON makes the edits of front matter in JSON.
func (w *writer) editJSON(fields []Field) ([]diag.Edit, error) {
	var out []diag.Edit
	var added []string
	for _, f := range fields {
		old := w.layout.Field(strings.ToLower(f.Name))
		if list, ok := f.Value.([]string); ok && old != nil {
			if edits, ok := w.editList(old, list); ok {
				out = append(out, edits...)
				continue
			}
		}
		if f.Value == nil {
			e, err := w.removeJSON(old)
			if err != nil {
				return nil, fmt.Errorf("the front matter's %s: %w", f.Name, err)
			}
			out = append(out, e)
			continue
		}
		text, err := scalar(f.Value, "json", nil)
		if err != nil {
			return nil, err
		}
		if old == nil {
			name, err := quoted(f.Name)
			if err != nil {
				return nil, err
			}
			added = append(added, name+": "+text)
			continue
		}
		from, to, err := w.valueJSON(old)
		if err != nil {
			return nil, fmt.Errorf("the front matter's %s: %w", f.Name, err)
		}
		out = append(out, diag.Edit{Start: from, End: to, New: text})
	}
	if len(added) == 0 {
		return out, nil
	}
	return append(out, w.appendJSON(added)), nil
}

// appendJSON puts fields before the last brace, as the others stand: a line for
// each, or all in one.
func (w *writer) appendJSON(added []string) diag.Edit {
	line := w.lines.text(w.layout.Close)
	end := w.lines.start(w.layout.Close) + bytes.LastIndexByte(line, '}')
	at := end
	for at > 0 && strings.IndexByte(" \t\r\n", w.src[at-1]) >= 0 {
		at--
	}
	glue := ", "
	if bytes.IndexByte(w.src[at:end], '\n') >= 0 && len(w.layout.Fields) > 0 {
		first := w.layout.Fields[0]
		indent := w.src[w.lines.start(first.Line):][:first.Col-1]
		glue = "," + w.lines.end + string(indent)
	}
	text := strings.Join(added, glue)
	if len(w.layout.Fields) > 0 {
		text = glue + text
	}
	return diag.Edit{Start: at, End: at, New: text}
}

// valueJSON is where a field's value stands.
func (w *writer) valueJSON(f *note.FrontField) (from, to int, err error) {
	from = w.lines.start(f.ValueLine) + f.ValueCol - 1
	dec := json.NewDecoder(bytes.NewReader(w.src[from:]))
	var skipped json.RawMessage
	if err := dec.Decode(&skipped); err != nil {
		return 0, 0, errNotSet
	}
	return from, from + int(dec.InputOffset()), nil
}

// removeJSON takes a field away, with the comma behind it, or before it where
// it is the last one.
func (w *writer) removeJSON(f *note.FrontField) (diag.Edit, error) {
	_, to, err := w.valueJSON(f)
	if err != nil {
		return diag.Edit{}, err
	}
	space := func(i int) bool { return strings.IndexByte(" \t\r\n", w.src[i]) >= 0 }
	from := w.lines.start(f.Line) + f.Col - 1
	next := to
	for next < len(w.src) && space(next) {
		next++
	}
	if next < len(w.src) && w.src[next] == ',' {
		for next++; next < len(w.src) && space(next); next++ {
		}
		return diag.Edit{Start: from, End: next}, nil
	}
	before := from
	for before > 0 && space(before-1) {
		before--
	}
	if before > 0 && w.src[before-1] == ',' {
		from = before - 1
	}
	return diag.Edit{Start: from, End: to}, nil
}
