package edit

import "lectern/internal/note"

// isTable is true for a line of TOML that is a table's head, and not part of a
// list's value.
func (w *writer) isTable(line int) bool {
	for _, f := range w.layout.Fields {
		if f.Line < line && line < w.behindValue(&f) {
			return false
		}
	}
	return true
}

// behindValue is the line behind a TOML value that ends where its brackets do.
func (w *writer) behindValue(f *note.FrontField) int {
	text := w.src[w.lines.start(f.ValueLine)+f.ValueCol-1:]
	depth, quote := 0, byte(0)
	line := f.ValueLine
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n':
			if line++; depth <= 0 {
				return line
			}
			quote = 0
		case quote != 0:
			if c == '\\' && quote == '"' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			depth--
		}
	}
	return line
}
