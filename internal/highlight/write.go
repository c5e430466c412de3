package highlight

import (
	"strconv"
	"strings"
)

// writer writes tokens in the markup of Hugo and chroma.
type writer struct {
	out  []byte
	lang string
	o    Options
}

func (w *writer) str(s string) { w.out = append(w.out, s...) }

func (w *writer) write(tokens []token) {
	if w.o.Inline {
		w.str(`<code class="code-inline language-`)
		w.text(w.lang)
		w.str(`">`)
		w.lines(tokens, false)
		w.str("</code>")
		return
	}
	attrs := w.o.Attrs
	class := "highlight"
	// The author's class joins the element's own.
	if before, after, ok := strings.Cut(attrs, ` class="`); ok {
		if own, rest, ok := strings.Cut(after, `"`); ok {
			class += " " + own
			attrs = before + rest
		}
	}
	w.str(`<div class="` + class + `"` + attrs + ">")
	table := w.o.LineNumbers && w.o.LineNumbersTable
	if table {
		w.numbers(tokens)
	}
	w.str(`<pre tabindex="0" class="chroma"><code class="language-`)
	w.text(w.lang)
	w.str(`" data-lang="`)
	w.text(w.lang)
	w.str(`">`)
	w.lines(tokens, w.o.LineNumbers && !table)
	w.str("</code></pre>")
	if table {
		w.str("</td></tr></table>\n</div>\n")
	}
	w.str("</div>")
}

// numbers writes the first column of the table.
func (w *writer) numbers(tokens []token) {
	n := countLines(tokens)
	digits := w.digits(n)
	w.str("<div class=\"chroma\">\n<table class=\"lntable\"><tr><td class=\"lntd\">\n" +
		`<pre tabindex="0" class="chroma"><code>`)
	for i := range n {
		if w.o.marked(i) {
			w.str(`<span class="hl">`)
		}
		w.str(`<span class="lnt"`)
		w.number(w.o.lineNumber(i), digits)
		w.str("\n</span>")
		if w.o.marked(i) {
			w.str("</span>")
		}
	}
	w.str("</code></pre></td>\n<td class=\"lntd\">\n")
}

func countLines(tokens []token) int {
	n, open := 0, false
	for _, t := range tokens {
		n += strings.Count(t.text, "\n")
		open = !strings.HasSuffix(t.text, "\n")
	}
	if open {
		n++
	}
	return n
}

func (w *writer) digits(lines int) int { return len(strconv.Itoa(w.o.lineNumber(lines - 1))) }

// number writes a line's number, behind the start of its tag.
func (w *writer) number(line, digits int) {
	if w.o.AnchorLineNumbers {
		w.str(` id="`)
		w.text(w.o.id(line))
		w.str(`"`)
	}
	w.str(">")
	if w.o.AnchorLineNumbers {
		w.str(`<a class="lnlinks" href="#`)
		w.text(w.o.id(line))
		w.str(`">`)
	}
	s := strconv.Itoa(line)
	for range digits - len(s) {
		w.str(" ")
	}
	w.str(s)
	if w.o.AnchorLineNumbers {
		w.str("</a>")
	}
}

// lines writes the code line by line; a token that spans lines is divided.
func (w *writer) lines(tokens []token, numbered bool) {
	digits := 0
	if numbered {
		digits = w.digits(countLines(tokens))
	}
	line, open := 0, false
	for i := 0; i < len(tokens); {
		typ := tokens[i].typ
		text := tokens[i].text
		j := i + 1
		for rest := text; ; {
			if rest == "" {
				// Neighbours of one type are one token.
				if j >= len(tokens) || tokens[j].typ != typ {
					break
				}
				rest = tokens[j].text
				j++
				continue
			}
			if !open {
				w.startLine(line, numbered, digits)
				open = true
			}
			class := className(typ)
			if class != "" {
				w.str(`<span class="` + class + `">`)
			}
			ended := false
			for rest != "" && !ended {
				part := rest
				if k := strings.IndexByte(rest, '\n'); k >= 0 {
					part, ended = rest[:k+1], true
				}
				w.text(part)
				rest = rest[len(part):]
				if rest == "" && !ended && j < len(tokens) && tokens[j].typ == typ {
					rest = tokens[j].text
					j++
				}
			}
			if class != "" {
				w.str("</span>")
			}
			if ended {
				w.endLine()
				open = false
				line++
			}
		}
		i = j
	}
	if open {
		w.endLine()
	}
}

func (w *writer) endLine() {
	if !w.o.Inline {
		w.str("</span></span>")
	}
}

func (w *writer) startLine(line int, numbered bool, digits int) {
	if w.o.Inline {
		return
	}
	w.str(`<span class="line`)
	if w.o.marked(line) {
		w.str(" hl")
	}
	w.str(`">`)
	if numbered {
		w.str(`<span class="ln"`)
		w.number(w.o.lineNumber(line), digits)
		w.str("</span>")
	}
	w.str(`<span class="cl">`)
}

// text writes s escaped, with the same entities as chroma.
func (w *writer) text(s string) {
	last := 0
	for i := range len(s) {
		var esc string
		switch s[i] {
		case '&':
			esc = "&amp;"
		case '<':
			esc = "&lt;"
		case '>':
			esc = "&gt;"
		case '"':
			esc = "&#34;"
		case '\'':
			esc = "&#39;"
		default:
			continue
		}
		w.out = append(w.out, s[last:i]...)
		w.out = append(w.out, esc...)
		last = i + 1
	}
	w.out = append(w.out, s[last:]...)
}
