package edit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"lectern/internal/diag"
)

// editJSON makes the edits of front matter in JSON.
func (w *writer) editJSON(fields []Field) ([]diag.Edit, error) {
	var out []diag.Edit
	var added []string
	for _, f := range fields {
		old := w.layout.Field(strings.ToLower(f.Name))
		if f.Value == nil {
			return nil, fmt.Errorf("the front matter's %s: %w", f.Name, errNotSet)
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
		from := w.lines.start(old.ValueLine) + old.ValueCol - 1
		dec := json.NewDecoder(bytes.NewReader(w.src[from:]))
		var skipped json.RawMessage
		if err := dec.Decode(&skipped); err != nil {
			return nil, fmt.Errorf("the front matter's %s: %w", f.Name, errNotSet)
		}
		out = append(out, diag.Edit{Start: from, End: from + int(dec.InputOffset()), New: text})
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
