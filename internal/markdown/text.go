package markdown

import (
	"bytes"
	"html"
)

// text writes words.
func (w *writer) text(s []byte) {
	switch {
	case w.skip > 0:
		return
	case w.pre > 0:
		w.fence = appendText(w.fence, s)
		return
	}
	if bytes.IndexByte(s, '&') >= 0 {
		s = bytes.ReplaceAll(appendText(nil, s), []byte("\u00a0"), []byte{' '})
	}
	for len(s) > 0 {
		if isSpace(s[0]) {
			s = bytes.TrimLeft(s, " \n\t\r")
			w.space = w.space || !w.atLineStart() && len(w.out) != w.opened
			continue
		}
		end := 0
		for end < len(s) && !isSpace(s[end]) {
			end++
		}
		w.word(s[:end])
		s = s[end:]
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// word writes one word with what Markdown would take for a mark escaped.
func (w *writer) word(s []byte) {
	first := w.atLineStart()
	w.due()
	if w.code > 0 {
		w.out = append(w.out, s...)
		return
	}
	if first && opensBlock(s) {
		if s[0] >= '0' && s[0] <= '9' { // 1. would open a list: the dot gets the backslash
			i := bytes.IndexAny(s, ".)")
			w.out = append(w.out, s[:i]...)
			s = s[i:]
		}
		w.out = append(w.out, '\\')
		w.out = append(w.out, s[0])
		s = s[1:]
	}
	for i, c := range s {
		switch c {
		case '\\', '`', '*', '[', ']', '<', '|':
			if c != '|' || w.table.depth > 0 {
				w.out = append(w.out, '\\')
			}
		case '_':
			if i == 0 || i == len(s)-1 { // between letters it is a letter
				w.out = append(w.out, '\\')
			}
		}
		w.out = append(w.out, c)
	}
}

// opensBlock is true for a word that would make a block at the head of a line.
func opensBlock(s []byte) bool {
	switch s[0] {
	case '#', '>':
		return true
	case '-', '+', '=', '~':
		return len(s) == 1 || s[1] == s[0]
	}
	digits := 0
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	return digits > 0 && digits == len(s)-1 && (s[digits] == '.' || s[digits] == ')')
}

// writeFence writes a block of code, with a fence longer than any in it.
func (w *writer) writeFence() {
	code := bytes.Trim(w.fence, "\n")
	w.fence = w.fence[:0]
	if len(bytes.TrimSpace(code)) == 0 || w.skip > 0 {
		return
	}
	marks := "```"
	for bytes.Contains(code, []byte(marks)) && len(marks) < 100 {
		marks += "`"
	}
	w.line(2)
	w.write(marks + w.lang)
	for line := range bytes.Lines(code) {
		w.line(1)
		w.due()
		w.out = append(w.out, bytes.TrimRight(line, "\n")...)
	}
	w.line(1)
	w.write(marks)
	w.line(2)
	w.lang = ""
}

// appendText appends text with its entities resolved.
func appendText(dst, s []byte) []byte {
	if bytes.IndexByte(s, '&') < 0 {
		return append(dst, s...)
	}
	return append(dst, html.UnescapeString(string(s))...)
}
