package markdown

import "strings"

// tablePart begins a table or a part of one. Of several rows of heads the first
// is the table's.
func (w *writer) tablePart(name string, e *element, a attrs) {
	switch name {
	case "table":
		w.line(2)
		if a.has("lntable") { // numbers of lines and code side by side
			return
		}
		w.table = tableState{depth: w.table.depth + 1}
		e.action, e.breaks = endTable, 2
	case "tr":
		if w.table.depth == 0 {
			return
		}
		w.line(1)
		w.write("|")
		w.table.cells = 0
		e.action, e.breaks = endRow, 1
	case "th", "td":
		if w.table.depth == 0 {
			return
		}
		w.table.cells++
		w.space = true
		e.ends = " |"
	}
}

func (w *writer) endRow() {
	if w.table.row++; w.table.row > 1 || w.skip > 0 {
		return
	}
	w.line(1)
	w.write("|" + strings.Repeat(" --- |", w.table.cells))
}
