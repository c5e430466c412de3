package edit

import (
	"bytes"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
)

// item is where one text of a list stands.
type item struct {
	// from and to are the ends of the text, with its quotes.
	from, to int
	// comma is the offset of the comma behind it, -1 for none; in a list that has
	// a line for each item, line and next are the ends of that line.
	comma, line, next int
}

// maxListEdits bounds the lists that are compared item by item.
const maxListEdits = 200

// editList gives a list other items by edits of those that differ, so that the
// others keep their quotes, remarks and line breaks. ok is false where it cannot
// be told for sure where they stand.
func (w *writer) editList(old *note.FrontField, items []string) (edits []diag.Edit, ok bool) {
	values, _ := old.Value.([]any)
	if len(values) == 0 || len(items) == 0 || len(values) > maxListEdits || len(items) > maxListEdits {
		return nil, false
	}
	had := make([]string, len(values))
	for i, v := range values {
		if had[i], ok = v.(string); !ok {
			return nil, false
		}
	}
	from := w.valueStart(old)
	var at []item
	var put lister
	if from < len(w.src) && w.src[from] == '[' {
		at, _ = w.flowItems(from)
		put = &flow{w, at, placeOf(had)}
	} else {
		at = w.blockItems(old)
		put = &block{w, at, placeOf(had)}
	}
	if len(at) != len(had) {
		return nil, false
	}
	edits = listEdits(had, items, put)
	return edits, edits != nil && w.verify(edits, []Field{{Name: old.Name, Value: items}}) == nil
}

// placeOf is where each text of a list stands.
func placeOf(list []string) map[string]int {
	out := map[string]int{}
	for i, s := range list {
		out[s] = i
	}
	return out
}

// valueStart is where a field's value begins.
func (w *writer) valueStart(f *note.FrontField) int {
	from := w.lines.start(f.ValueLine) + f.ValueCol - 1
	if w.layout.Format == "toml" && f.ValueLine == f.Line && f.ValueCol == f.Col {
		// Of a list only the name's place is known.
		text := w.lines.text(f.Line)[f.Col-1:]
		if size, ok := scalarLen(text, "toml"); ok && (text[0] == '"' || text[0] == '\'') {
			from += size
		}
		from += bytes.IndexByte(w.src[from:], '=') + 1
		for from < len(w.src) && (w.src[from] == ' ' || w.src[from] == '\t') {
			from++
		}
	}
	return from
}

// lister makes the edits of one way to write lists.
type lister interface {
	// replace gives an item another text.
	replace(i int, text string) diag.Edit
	// remove takes items away; the list keeps others.
	remove(gone []int) []diag.Edit
	// insert adds texts behind an item, or before the first for -1.
	insert(behind int, texts []string) diag.Edit
}

// listEdits makes of one list another one; nil if no item is left.
func listEdits(had, want []string, put lister) []diag.Edit {
	var edits []diag.Edit
	var gone []int
	i, j := 0, 0
	kept := 0
	for _, pair := range append(common(had, want), [2]int{len(had), len(want)}) {
		for ; i < pair[0] && j < pair[1]; i, j = i+1, j+1 {
			edits = append(edits, put.replace(i, want[j]))
			kept++
		}
		for ; i < pair[0]; i++ {
			gone = append(gone, i)
		}
		if j < pair[1] {
			edits = append(edits, put.insert(i-1, want[j:pair[1]]))
		}
		if pair[0] < len(had) {
			kept++
		}
		i, j = pair[0]+1, pair[1]+1
	}
	if kept == 0 {
		return nil
	}
	return append(edits, put.remove(gone)...)
}

// common is the longest sequence that two lists share, as pairs of indexes.
func common(a, b []string) [][2]int {
	most := make([][]int, len(a)+1)
	for i := range most {
		most[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if most[i][j] = max(most[i+1][j], most[i][j+1]); a[i] == b[j] {
				most[i][j] = most[i+1][j+1] + 1
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case most[i+1][j] >= most[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// block is a list with a line for each item, behind a dash.
type block struct {
	w   *writer
	at  []item
	had map[string]int
}

func (b *block) replace(i int, text string) diag.Edit {
	it := b.at[i]
	return diag.Edit{Start: it.from, End: it.to, New: yamlString(text, b.w.src[it.from:it.to])}
}

func (b *block) remove(gone []int) []diag.Edit {
	var out []diag.Edit
	for _, i := range gone {
		out = append(out, diag.Edit{Start: b.at[i].line, End: b.at[i].next})
	}
	return out
}

func (b *block) insert(behind int, texts []string) diag.Edit {
	like := b.at[max(behind, 0)]
	at := like.next
	if behind < 0 {
		at = like.line
	}
	lead := b.w.src[like.line:like.from] // the indent and the dash
	var s strings.Builder
	for _, text := range texts {
		if i, ok := b.had[text]; ok {
			s.Write(b.w.src[b.at[i].line:b.at[i].next]) // it moves as it is
			continue
		}
		s.Write(lead)
		s.WriteString(yamlString(text, nil) + b.w.lines.end)
	}
	return diag.Edit{Start: at, End: at, New: s.String()}
}

// blockItems finds the items of a list with a line for each.
func (w *writer) blockItems(old *note.FrontField) []item {
	var out []item
	for line := old.Line + 1; line < w.behind(old); line++ {
		text := w.lines.text(line)
		trimmed := bytes.TrimLeft(text, " ")
		if len(trimmed) == 0 || trimmed[0] == '#' {
			continue
		}
		value := bytes.TrimLeft(bytes.TrimPrefix(trimmed, []byte("-")), " ")
		size, ok := scalarLen(value, w.layout.Format)
		if !ok || size == 0 || trimmed[0] != '-' {
			return nil
		}
		start := w.lines.start(line)
		from := start + len(text) - len(value)
		out = append(out, item{from: from, to: from + size, comma: -1, line: start, next: w.lines.start(line + 1)})
	}
	return out
}
