package markdown

import (
	"bytes"
	"strings"
)

// open begins an element.
func (w *writer) open(name string, a attrs) {
	e := element{name: name, prefix: len(w.prefix)}
	if isVoid(name) {
		w.void(name, a)
		return
	}
	more := ""
	switch name {
	case "script", "style", "template", "svg", "button", "select", "textarea", "noscript", "iframe", "object", "math":
		if name == "math" && a.get("display") == "block" {
			e.breaks = 2
			w.line(2)
		}
		e.skips = true
		w.skip++
	case "annotation":
		w.formula()
		return
	case "p", "section", "article", "header", "main", "nav", "aside", "figure", "figcaption", "dl", "dt", "dd", "label", "address", "fieldset", "form":
		e.breaks = w.paragraph(&e, &more, a)
	case "div", "details", "summary":
		e.breaks = w.box(name, &e, &more, a)
	case "h1", "h2", "h3", "h4", "h5", "h6":
		w.line(2)
		w.write(strings.Repeat("#", int(name[1]-'0')) + " ")
		e.breaks = 2
	case "blockquote":
		w.line(2)
		more, e.breaks = "> ", 2
	case "ul", "ol":
		w.list(name, &e, a)
	case "li":
		more = w.item(&e, a)
	case "pre":
		w.line(2)
		w.pre++
		w.lang = ""
		if a.has("mermaid") {
			w.lang = "mermaid"
		}
		e.action, e.breaks = endFence, 2
	case "code", "kbd", "samp", "tt":
		w.codeSpan(&e, a)
	case "span":
		if a.has("ln") || a.has("lnt") { // numbers of lines
			e.skips = true
			w.skip++
		}
	case "strong", "b", "em", "i", "del", "s", "mark":
		w.openMark(&e, mark(name))
	case "a":
		w.openLink(&e, a)
	case "table", "thead", "tbody", "tr", "th", "td":
		w.tablePart(name, &e, a)
	case "sup":
		if strings.HasPrefix(a.get("id"), "fnref") {
			e.name = name
		}
	}
	w.push(e, more)
}

func isVoid(name string) bool {
	switch name {
	case "br", "hr", "img", "input", "meta", "link", "source", "track", "wbr", "area", "base", "col", "embed", "param", "use", "path":
		return true
	}
	return false
}

// void writes an element without an end.
func (w *writer) void(name string, a attrs) {
	switch name {
	case "br":
		if w.pre > 0 {
			w.fence = append(w.fence, '\n')
		} else if w.table.depth > 0 {
			w.space = true
		} else if len(w.out) > w.start && w.breaks == 0 && w.skip == 0 {
			w.out = append(w.out, '\\')
			w.line(1)
		}
	case "hr":
		w.line(2)
		w.write("---")
		w.line(2)
	case "img":
		if src := a.get("src"); src != "" {
			w.write("![" + escapeLabel(a.get("alt")) + "](" + target(src) + ")")
		}
	case "input":
		if a.get("type") == "checkbox" {
			box := "[ ]"
			if _, checked := a.find("checked"); checked {
				box = "[x]"
			}
			w.write(box)
			w.space = true
		}
	}
}

// paragraph begins a block of text.
func (w *writer) paragraph(e *element, more *string, a attrs) int {
	switch {
	case e.name == "p" && a.has("notice-title"):
		w.line(2)
		w.openMark(e, "**")
	case e.name == "dt":
		w.line(2)
		return 1
	case e.name == "dd":
		w.line(1)
		w.write(": ")
		*more = "  "
		return 1
	case e.name == "figcaption" || e.name == "label":
		w.line(1)
		return 1
	case w.table.depth > 0:
		w.space = true
		return 0
	default:
		w.line(2)
	}
	return 2
}

// box begins a notice or a fold, which becomes a quotation with its title
// in bold, or a mere division.
func (w *writer) box(name string, e *element, more *string, a attrs) int {
	switch {
	case name == "details" || a.has("notice"):
		w.line(2)
		*more = "> "
		return 2
	case name == "summary":
		w.line(2)
		w.openMark(e, "**")
		return 2
	case a.has("footnotes"):
		return 2
	case w.table.depth > 0:
		return 0
	}
	w.line(2)
	return 2
}

func (w *writer) list(name string, e *element, a attrs) {
	e.items = -1
	if name == "ol" {
		e.items = 1
		if n := a.get("start"); n != "" && len(n) < 7 {
			e.items = 0
			for _, c := range n {
				if c < '0' || c > '9' {
					e.items = 1
					break
				}
				e.items = 10*e.items + int(c-'0')
			}
		}
	}
	e.breaks = 2
	if w.depthOf("li") > 0 {
		w.line(1)
		e.breaks = 1
		return
	}
	w.line(2)
}

// item begins a list's item; the result is what its further lines begin with.
func (w *writer) item(e *element, a attrs) string {
	e.breaks = 1
	w.line(1)
	mark := "- "
	if id, ok := strings.CutPrefix(a.get("id"), "fn:"); ok {
		mark = "[^" + id + "]: "
	} else if i := w.depthOf("ul", "ol"); i > 0 && w.stack[i-1].items >= 0 {
		mark = itoa(w.stack[i-1].items) + ". "
		w.stack[i-1].items++
	}
	if len(w.prefix) >= 3*maxNesting {
		w.write(mark)
		return ""
	}
	w.flushMarker()
	w.marker = append(w.marker[:0], mark...)
	return strings.Repeat(" ", len(mark))
}

// flushMarker writes the mark of an item that has begun and has no text yet.
func (w *writer) flushMarker() {
	if len(w.marker) > 0 && w.skip == 0 {
		w.due()
		w.line(1)
	}
}

// depthOf returns the place, from 1, of the innermost open element of one of
// the names; 0 for none.
func (w *writer) depthOf(names ...string) int {
	for i := len(w.stack); i > 0; i-- {
		for _, n := range names {
			if w.stack[i-1].name == n {
				return i
			}
		}
	}
	return 0
}

func (w *writer) codeSpan(e *element, a attrs) {
	if w.pre > 0 {
		if lang := a.get("data-lang"); lang != "" {
			w.lang = lang
		}
		return
	}
	w.write("`")
	w.code++
	e.action = endCode
}

func mark(name string) string {
	switch name {
	case "strong", "b":
		return "**"
	case "del", "s":
		return "~~"
	case "mark":
		return "=="
	}
	return "*"
}

func (w *writer) openMark(e *element, mark string) {
	if w.pre > 0 || w.code > 0 {
		return
	}
	e.ends, e.action = mark, endSpan
	w.write(mark)
	w.opened = len(w.out)
}

// closeMark ends emphasis; a blank that is due comes after it. Emphasis of
// nothing leaves nothing.
func (w *writer) closeMark(mark string) {
	if w.skip > 0 {
		return
	}
	if bytes.HasSuffix(w.out, []byte(mark)) && w.breaks == 0 {
		w.out = w.out[:len(w.out)-len(mark)]
		return
	}
	w.out = append(w.out, mark...)
}

func (w *writer) openLink(e *element, a attrs) {
	href := a.get("href")
	switch {
	case w.pre > 0 || w.skip > 0:
	case a.has("footnote-ref"):
		w.write("[^" + strings.TrimPrefix(href, "#fn:") + "]")
		e.skips = true
		w.skip++
	case a.has("footnote-backref"):
		e.skips = true
		w.skip++
	case href != "":
		w.write("[")
		w.link = append(w.link, href)
		e.action = endLink
	}
}

func (w *writer) endLink() {
	href := w.link[len(w.link)-1]
	w.link = w.link[:len(w.link)-1]
	if w.skip > 0 {
		return
	}
	if bytes.HasSuffix(w.out, []byte("[")) && w.breaks == 0 { // a link without words is for the eye
		w.out = w.out[:len(w.out)-1]
		return
	}
	w.out = append(w.out, "]("+target(href)+")"...)
}

// formula writes the source of the formula whose elements are being skipped.
func (w *writer) formula() {
	i := w.depthOf("math")
	if i == 0 {
		return
	}
	w.skip--
	w.stack[i-1].skips = false
	if w.stack[i-1].breaks > 0 {
		w.write("$$")
		w.stack[i-1].ends = "$$"
	} else {
		w.write("$")
		w.stack[i-1].ends = "$"
	}
	w.code++
	w.stack[i-1].action = nothing
	w.stack = append(w.stack, element{name: "annotation", prefix: len(w.prefix), action: endCodeOnly})
}
