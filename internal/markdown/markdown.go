// Package markdown writes as Markdown what package note made HTML of, for
// readers that are programs.
//
// It reads the published HTML, not the author's source: so links are resolved,
// shortcodes are what they show, and what is left out of the page (remarks,
// links to private notes, hidden lines) is left out here as well, whatever it
// is. HTML that an author wrote badly gives worse Markdown, never an error.
package markdown

import (
	"bytes"
	"strconv"
	"strings"
)

// maxNesting is how deeply quotations and lists are kept apart. The rest is at
// that level: each level is written before each line.
const maxNesting = 24

// Append appends the HTML src as Markdown.
func Append(dst, src []byte) []byte {
	w := writer{out: dst, start: len(dst)}
	w.run(src)
	return bytes.TrimRight(w.out, " \n")
}

// Text appends a line of plain text, with what Markdown would take for a mark
// escaped.
func Text(dst []byte, s string) []byte {
	w := writer{out: dst, start: len(dst)}
	w.breaks = 1 // it may begin a line
	w.text(bytes.ReplaceAll([]byte(s), []byte("&"), []byte("&amp;")))
	return w.out
}

// writer writes Markdown. Block elements ask for a number of line ends, which
// are written with the prefix of all open quotations and items when the next
// text comes.
type writer struct {
	out   []byte
	start int

	prefix []byte // of each line
	marker []byte // of the first line of an item
	breaks int    // line ends that the next text needs before it
	low    int    // the least length of prefix since they were asked for
	space  bool   // a blank is due between two words
	opened int    // where an opening mark ends, behind which no blank may stand
	// unclosed is true once a tag had an attribute without an end: from then on
	// quotes count for nothing, so that no text is looked through again and again.
	unclosed bool
	// plain is true once no tag can end any more.
	plain bool

	stack []element
	skip  int // > 0 in an element that is not shown
	pre   int // > 0 in a block of code
	code  int // > 0 in a code span
	table tableState

	fence []byte // the block of code so far
	lang  string
	link  []string // the targets of open links
}

// element is an open element and what its end has to do.
type element struct {
	name string
	// prefix is the length of w.prefix before it.
	prefix int
	ends   string // what is written at its end
	breaks int    // the line ends after it
	skips  bool
	items  int // of a list: the number of the next item, -1 for dots
	action action
}

// action is what an element's end does besides.
type action uint8

const (
	nothing action = iota
	endCode
	endCodeOnly
	endFence
	endLink
	endRow
	endTable
	endSpan
)

type tableState struct {
	depth, row, cells int
}

func (w *writer) run(src []byte) {
	for len(src) > 0 {
		i := bytes.IndexByte(src, '<')
		if i < 0 {
			i = len(src)
		}
		if i > 0 {
			w.text(src[:i])
			if src = src[i:]; len(src) == 0 {
				break
			}
		}
		if bytes.HasPrefix(src, []byte("<!--")) {
			end := bytes.Index(src, []byte("-->"))
			if end < 0 {
				break
			}
			src = src[end+3:]
			continue
		}
		end := w.tagEnd(src)
		if end < 0 {
			w.text(src[:1])
			src = src[1:]
			continue
		}
		w.tag(src[1 : end-1])
		src = src[end:]
	}
	for len(w.stack) > 0 {
		w.pop()
	}
}

// tagEnd returns the offset behind the tag that s begins with; -1 for none.
func (w *writer) tagEnd(s []byte) int {
	if w.plain || len(s) < 3 || s[1] != '/' && s[1] != '!' && s[1]|0x20 < 'a' || s[1]|0x20 > 'z' {
		return -1
	}
	quote := byte(0)
	for i, c := range s {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && !w.unclosed:
			quote = c
		case c == '>':
			return i + 1
		}
	}
	if w.unclosed = true; quote != 0 {
		return w.tagEnd(s)
	}
	w.plain = true
	return -1
}

// tag handles what stands between the brackets of a tag.
func (w *writer) tag(t []byte) {
	if len(t) == 0 || t[0] == '!' {
		return
	}
	if t[0] == '/' {
		w.close(strings.ToLower(string(bytes.TrimSpace(t[1:]))))
		return
	}
	name, rest, _ := bytes.Cut(t, []byte{' '})
	if i := bytes.IndexAny(name, "\n\t/"); i >= 0 {
		name, rest = name[:i], t[i:]
	}
	w.open(strings.ToLower(string(name)), attributes(rest))
}

// close ends the innermost open element of the name, and those in it.
func (w *writer) close(name string) {
	for i := len(w.stack) - 1; i >= 0; i-- {
		if w.stack[i].name == name {
			for len(w.stack) > i {
				w.pop()
			}
			return
		}
	}
}

func (w *writer) pop() {
	e := w.stack[len(w.stack)-1]
	w.stack = w.stack[:len(w.stack)-1]
	if e.skips {
		w.skip--
	}
	switch e.action {
	case endCode:
		w.code--
		w.write("`")
	case endCodeOnly: // the source of a formula
		w.code--
	case endFence:
		w.pre--
		w.writeFence()
	case endLink:
		w.endLink()
	case endRow:
		w.endRow()
	case endTable:
		w.table.depth--
	case endSpan:
		w.closeMark(e.ends)
	default:
		if e.ends != "" {
			w.write(e.ends)
		}
	}
	w.prefix = w.prefix[:e.prefix]
	w.low = min(w.low, e.prefix)
	w.line(e.breaks)
}

// line asks for at least n line ends before the next text.
func (w *writer) line(n int) {
	if w.breaks == 0 {
		w.low = len(w.prefix)
	}
	// What an item begins with stands behind its mark.
	if n > w.breaks && len(w.marker) == 0 {
		w.breaks = n
	}
}

// push opens an element.
func (w *writer) push(e element, more string) {
	if len(w.stack) == 0 || len(w.prefix) < 3*maxNesting {
		w.prefix = append(w.prefix, more...)
	}
	w.stack = append(w.stack, e)
}

// start of a line, or of the text: what is due is written now.
func (w *writer) due() {
	if w.breaks > 0 {
		if len(w.out) > w.start {
			w.out = bytes.TrimRight(w.out, " ")
			for i := range w.breaks {
				w.out = append(w.out, '\n')
				switch {
				case i < w.breaks-1:
					w.out = append(w.out, bytes.TrimRight(w.prefix[:w.low], " ")...)
				default:
					w.out = append(w.out, w.linePrefix()...)
				}
			}
		} else {
			w.out = append(w.out, w.linePrefix()...)
		}
		w.out = append(w.out, w.marker...)
		w.marker = w.marker[:0]
		w.breaks, w.space = 0, false
	}
	if w.space {
		w.out = append(w.out, ' ')
		w.space = false
	}
}

// linePrefix is the prefix without what the marker of a new item stands for.
func (w *writer) linePrefix() []byte { return w.prefix[:max(len(w.prefix)-len(w.marker), 0)] }

// write puts s there as it is.
func (w *writer) write(s string) {
	if w.skip > 0 {
		return
	}
	w.due()
	w.out = append(w.out, s...)
}

// atLineStart is true before the first text of a line.
func (w *writer) atLineStart() bool { return w.breaks > 0 || len(w.out) == w.start }

func itoa(n int) string { return strconv.Itoa(n) }
