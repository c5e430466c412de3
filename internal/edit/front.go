package edit

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"lectern/internal/diag"
	"lectern/internal/note"
)

// Field is what a field at the top of the front matter is to be.
type Field struct {
	// Name is as it is to be written where the field is new; letters' case does
	// not count when it is looked for.
	Name string
	// Value is a string, a bool, an int, a time.Time or a []string; nil takes the
	// field away.
	Value any
	// After are the fields behind which a new one goes: the last of them that the
	// front matter has. Without any of them it goes to the end.
	After []string
	// Exact says that a time in another zone is another value, even if it is the
	// same moment.
	Exact bool
}

// SetFields returns the edits that give src's front matter the fields, the
// smallest ones: of a list, those items that differ. What has its value already is not touched; a file
// without front matter gets some, in YAML. An error says why that cannot be
// done without harm.
func SetFields(src []byte, fields ...Field) ([]diag.Edit, error) {
	layout, err := note.ReadFrontLayout(src)
	if err != nil {
		return nil, fmt.Errorf("the front matter: %w", err)
	}
	wanted := fields[:0:0]
	for _, f := range fields {
		old := layout.Field(strings.ToLower(f.Name))
		if old == nil && f.Value == nil || old != nil && f.Value != nil && Equal(old.Value, f.Value) && (!f.Exact || sameOffset(old.Value, f.Value)) {
			continue
		}
		wanted = append(wanted, f)
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	w := writer{src: src, lines: newLines(src), layout: layout}
	edits, err := w.edits(wanted)
	if err != nil {
		return nil, err
	}
	return edits, w.verify(edits, wanted)
}

// Equal reports whether a value of front matter, as package note reads it, is
// the one that a [Field] has. Times are equal that are the same moment.
func Equal(have, want any) bool {
	if list, ok := have.([]string); ok {
		if other, ok := want.([]string); ok {
			return slices.Equal(list, other)
		}
		return false
	}
	switch want := want.(type) {
	case nil:
		return have == nil
	case int:
		return have == want || have == int64(want)
	case time.Time:
		t, ok := TimeOf(have)
		return ok && t.Equal(want)
	case []string:
		list, ok := have.([]any)
		return ok && slices.EqualFunc(list, want, func(a any, b string) bool { return a == b })
	}
	return reflect.DeepEqual(have, want)
}

// sameOffset compares the zones of two times; other values have none.
func sameOffset(have, want any) bool {
	a, ok := TimeOf(have)
	b, isTime := want.(time.Time)
	if !ok || !isTime {
		return true
	}
	_, x := a.Zone()
	_, y := b.Zone()
	return x == y
}

// TimeOf is a time that front matter holds, as such or as a text.
func TimeOf(v any) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v, true
	case string:
		t, err := time.Parse(time.RFC3339, v)
		return t, err == nil
	}
	return time.Time{}, false
}

// writer makes the edits of one file's front matter.
type writer struct {
	src    []byte
	lines  *lines
	layout note.FrontLayout
}

func (w *writer) edits(fields []Field) ([]diag.Edit, error) {
	switch w.layout.Format {
	case "":
		return w.begin(fields)
	case "json":
		return w.editJSON(fields)
	}
	var out []diag.Edit
	for _, f := range fields {
		old := w.layout.Field(strings.ToLower(f.Name))
		if list, ok := f.Value.([]string); ok && old != nil {
			if edits, ok := w.editList(old, list); ok {
				out = append(out, edits...)
				continue
			}
		}
		var e diag.Edit
		var err error
		switch {
		case old == nil:
			e, err = w.insert(f)
		case f.Value == nil:
			e = diag.Edit{Start: w.lines.start(old.Line), End: w.lines.start(w.behind(old))}
		default:
			e, err = w.replace(old, f)
		}
		if err != nil {
			return nil, fmt.Errorf("the front matter's %s: %w", f.Name, err)
		}
		out = append(out, e)
	}
	return out, nil
}

// begin gives a file its front matter.
func (w *writer) begin(fields []Field) ([]diag.Edit, error) {
	var b strings.Builder
	b.WriteString("---" + w.lines.end)
	for _, f := range fields {
		text, err := w.entry(f, "yaml")
		if err != nil {
			return nil, err
		}
		b.WriteString(text)
	}
	b.WriteString("---" + w.lines.end)
	at := 0
	if bytes.HasPrefix(w.src, []byte(byteOrderMark)) {
		at = len(byteOrderMark)
	}
	if first := w.lines.text(1); len(bytes.TrimSpace(first[min(at, len(first)):])) > 0 {
		b.WriteString(w.lines.end)
	}
	return []diag.Edit{{Start: at, End: at, New: b.String()}}, nil
}

const byteOrderMark = "\xef\xbb\xbf"

// behind is the line behind a field: that of the next field or of the fence,
// but for remarks and empty lines, which belong to what follows.
func (w *writer) behind(f *note.FrontField) int {
	end := w.layout.Close
	for _, other := range w.layout.Fields {
		if other.Line > f.Line {
			end = min(end, other.Line)
		}
	}
	if w.layout.Format == "toml" {
		for line := f.Line + 1; line < end; line++ {
			// A table begins another field, whose name stands in brackets.
			if t := w.lines.text(line); len(t) > 0 && t[0] == '[' {
				end = line
			}
		}
	}
	for end > f.Line+1 {
		t := w.lines.text(end - 1)
		if len(bytes.TrimSpace(t)) > 0 && t[0] != '#' {
			break
		}
		end--
	}
	return end
}

// insert writes a field that the front matter lacks.
func (w *writer) insert(f Field) (diag.Edit, error) {
	line := w.layout.Close
	if w.layout.Format == "toml" {
		// What stands behind a table's head is that table's.
		for i := w.layout.Open + 1; i < w.layout.Close; i++ {
			if t := bytes.TrimSpace(w.lines.text(i)); len(t) > 0 && t[0] == '[' && w.isTable(i) {
				line = i
				break
			}
		}
	}
	for i := len(w.layout.Fields) - 1; i >= 0; i-- {
		field := &w.layout.Fields[i]
		if slices.Contains(f.After, field.Name) && field.Line < line {
			line = min(line, w.behind(field))
			break
		}
	}
	text, err := w.entry(f, w.layout.Format)
	at := w.lines.start(line)
	return diag.Edit{Start: at, End: at, New: text}, err
}

// replace gives a field of the front matter another value.
func (w *writer) replace(old *note.FrontField, f Field) (diag.Edit, error) {
	_, list := f.Value.([]string)
	from := w.lines.start(old.ValueLine) + old.ValueCol - 1
	end, single := w.scalarEnd(old, from)
	if single && !list {
		text, err := scalar(f.Value, w.layout.Format, w.src[from:end])
		return diag.Edit{Start: from, End: end, New: text}, err
	}
	text, err := w.entry(Field{Name: w.name(old), Value: f.Value}, w.layout.Format)
	if err != nil {
		return diag.Edit{}, err
	}
	if from := w.valueStart(old); list && from < len(w.src) && w.src[from] == '[' {
		// A list in brackets stays one.
		if _, end := w.flowItems(from); end > 0 {
			value, err := flowList(f.Value.([]string), w.layout.Format)
			return diag.Edit{Start: from, End: end, New: value}, err
		}
	}
	return diag.Edit{Start: w.lines.start(old.Line), End: w.lines.start(w.behind(old)), New: text}, nil
}

// name is a field's as it is written.
func (w *writer) name(f *note.FrontField) string {
	from := w.lines.start(f.Line) + f.Col - 1
	return string(w.src[from : from+len(f.Name)])
}

// scalarEnd finds the end of a value that stands in one line and is not a list
// or a table; single is false for all others.
func (w *writer) scalarEnd(f *note.FrontField, from int) (end int, single bool) {
	switch f.Value.(type) {
	case []any, map[string]any, nil:
		return 0, false
	}
	if f.ValueLine != f.Line || w.behind(f) != f.Line+1 {
		return 0, false
	}
	text := w.lines.text(f.Line)
	text = text[from-w.lines.start(f.Line):]
	if len(text) == 0 || bytes.IndexByte([]byte("|>&*!"), text[0]) >= 0 {
		return 0, false
	}
	size, ok := scalarLen(text, w.layout.Format)
	return from + size, ok
}

// scalarLen is how long the value is that a line begins with, without what
// stands behind it; false where it does not end in the line.
func scalarLen(text []byte, format string) (int, bool) {
	if len(text) == 0 {
		return 0, true
	}
	if q := text[0]; q == '"' || q == '\'' {
		for i := 1; i < len(text); i++ {
			switch {
			case text[i] == '\\' && q == '"':
				i++
			case text[i] == q && q == '\'' && format == "yaml" && i+1 < len(text) && text[i+1] == q:
				i++
			case text[i] == q:
				return i + 1, true
			}
		}
		return 0, false
	}
	remark := []byte(" #")
	if format == "toml" {
		remark = remark[1:]
	}
	if i := bytes.Index(text, remark); i >= 0 {
		text = text[:i]
	}
	return len(bytes.TrimRight(text, " \t\r")), true
}

var errNotSet = errors.New("it cannot be changed without touching more of the front matter: change it by hand")

// verify reads the front matter again, as it would be, and compares all its fields.
func (w *writer) verify(edits []diag.Edit, fields []Field) error {
	after, err := Apply(w.src, edits)
	if err != nil {
		return err
	}
	layout, err := note.ReadFrontLayout(after)
	if err != nil {
		return fmt.Errorf("the front matter: %w", errNotSet)
	}
	asked := map[string]bool{}
	for _, f := range fields {
		name := strings.ToLower(f.Name)
		asked[name] = true
		now := layout.Field(name)
		if f.Value == nil && now != nil || f.Value != nil && (now == nil || !Equal(now.Value, f.Value)) {
			return fmt.Errorf("the front matter's %s: %w", f.Name, errNotSet)
		}
	}
	others := func(l note.FrontLayout) map[string]any {
		m := map[string]any{}
		for _, f := range l.Fields {
			if !asked[f.Name] {
				m[f.Name] = f.Value
			}
		}
		return m
	}
	if !reflect.DeepEqual(others(w.layout), others(layout)) {
		return fmt.Errorf("the front matter: %w", errNotSet)
	}
	return nil
}
