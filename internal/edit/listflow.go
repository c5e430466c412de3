package edit

import (
	"bytes"
	"strings"

	"lectern/internal/diag"
)

// flow is a list in brackets.
type flow struct {
	w   *writer
	at  []item
	had map[string]int
}

func (f *flow) replace(i int, text string) diag.Edit {
	it := f.at[i]
	return diag.Edit{Start: it.from, End: it.to, New: f.text(text, f.w.src[it.from:it.to])}
}

// text writes an item in the quotes of another.
func (f *flow) text(s string, like []byte) string {
	var text string
	if f.w.layout.Format == "yaml" {
		text = yamlString(s, like)
		if text == s && strings.ContainsAny(s, ",[]{}") {
			text = yamlString(s, []byte{'"'})
		}
		return text
	}
	text, err := scalar(s, f.w.layout.Format, like)
	if err != nil {
		return `""` // cannot be: every text can be written; and what was written is read again
	}
	return text
}

func (f *flow) remove(gone []int) []diag.Edit {
	var out []diag.Edit
	left := len(f.at)
	for n := len(gone) - 1; n >= 0 && gone[n] == left-1; n-- {
		left--
	}
	for _, i := range gone {
		if i < left {
			out = append(out, diag.Edit{Start: f.at[i].from, End: f.at[i+1].from})
			continue
		}
		if i == left {
			comma := f.at[i-1].comma
			out = append(out, diag.Edit{Start: comma, End: comma + 1})
		}
		out = append(out, f.removeLast(i))
	}
	return out
}

// removeLast takes away an item with none behind it that stays. Remarks behind
// the ones before stay, and a line of its own goes.
func (f *flow) removeLast(i int) diag.Edit {
	src, it := f.w.src, f.at[i]
	start, end := it.from, max(it.to, it.comma+1)
	for start > 0 && (src[start-1] == ' ' || src[start-1] == '\t') {
		start--
	}
	if src[start-1] != '\n' {
		return diag.Edit{Start: start, End: end} // in one line with the one before
	}
	rest, _, _ := bytes.Cut(src[end:], []byte{'\n'})
	if rest = bytes.TrimSpace(rest); len(rest) > 0 && rest[0] != '#' {
		return diag.Edit{Start: it.from, End: end} // the bracket has to stay behind remarks
	}
	if start--; src[start-1] == '\r' {
		start--
	}
	return diag.Edit{Start: start, End: end}
}

func (f *flow) insert(behind int, texts []string) diag.Edit {
	glue := ", "
	if len(f.at) > 1 {
		between := f.w.src[f.at[0].comma+1 : f.at[1].from]
		if n := bytes.LastIndexByte(between, '\n'); n >= 0 {
			glue = "," + f.w.lines.end + string(between[n+1:])
		}
	}
	var s strings.Builder
	for _, text := range texts {
		like := f.at[0]
		if i, ok := f.had[text]; ok {
			like = f.at[i]
		}
		text = f.text(text, f.w.src[like.from:like.to])
		if behind < 0 {
			s.WriteString(text + glue)
		} else {
			s.WriteString(glue + text)
		}
	}
	at := f.at[0].from
	if behind >= 0 {
		at = f.at[behind].to
	}
	return diag.Edit{Start: at, End: at, New: s.String()}
}

// flowItems finds the items of a list in brackets that begins at an offset, and
// the offset behind it. end is 0 where that cannot be told.
func (w *writer) flowItems(from int) (items []item, end int) {
	limit := w.lines.start(w.layout.Close)
	if w.layout.Format == "json" {
		limit = w.lines.start(w.layout.Close + 1)
	}
	for i := from + 1; i < limit; {
		switch c := w.src[i]; c {
		case ']':
			return items, i + 1
		case ',':
			if len(items) == 0 || items[len(items)-1].comma >= 0 {
				return nil, 0
			}
			items[len(items)-1].comma = i
			i++
		case ' ', '\t', '\r', '\n':
			i++
		case '#':
			i += bytes.IndexByte(w.src[i:], '\n') + 1
		case '[', '{':
			return nil, 0
		default:
			size := w.flowScalar(w.src[i:limit])
			if size == 0 || len(items) > 0 && items[len(items)-1].comma < 0 {
				return nil, 0
			}
			items = append(items, item{from: i, to: i + size, comma: -1})
			i += size
		}
	}
	return nil, 0
}

// flowScalar is how long a text of a list in brackets is.
func (w *writer) flowScalar(text []byte) int {
	if text[0] != '"' && text[0] != '\'' {
		if n := bytes.IndexAny(text, ",]\r\n"); n >= 0 {
			text = text[:n]
		}
	} else if n := bytes.IndexByte(text, '\n'); n >= 0 {
		text = text[:n]
	}
	size, ok := scalarLen(text, w.layout.Format)
	if !ok {
		return 0
	}
	return size
}
