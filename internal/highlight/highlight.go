// Package highlight colours source code in HTML, with classes, as Hugo does
// with chroma: same languages, same markup, same names of classes.
//
// Chroma itself is not linked in. Its registry reads and compiles some three
// hundred lexers when a program starts, 30 ms of every run; here they are one
// packed file, made at generate time, of which a language is opened when the
// first block of code asks for it. The engine that runs them is this package's
// own: it knows for most rules which characters they can begin with, so that
// few of them have to be tried, and writes HTML without steps between.
//
// What a lexer makes of a text is chroma's; tests compare the two for every
// language. Where a rule of chroma's is Go code it is replaced by what comes
// nearest: HTTP and reStructuredText leave the code inside them plain, Haxe does
// not tell the branches of #if apart, Raku has no colours at all.
package highlight

//go:generate go run ./gen

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed lexers.bin
var packed string

//go:embed chroma.css
var css string

// CSS returns the style sheet for highlighted code, for light and dark schemes:
// the system's, or the one that data-theme on an element above names.
func CSS() string { return css }

// The largest piece of code and the longest line that get colours. Beyond them
// stand data, not examples, and some rules take quadratic time.
const (
	maxCode = 64 << 10
	maxLine = 4 << 10
)

// Options say how a block of code is shown. The zero value shows it without
// line numbers.
type Options struct {
	// LineNumbers numbers the lines, beside them or, with LineNumbersTable, in
	// the first column of a table, from LineNumberStart (0 means 1).
	LineNumbers, LineNumbersTable bool
	LineNumberStart               int
	// HighlightLines are ranges of lines to set off, counted from the first line
	// as 1, both ends included.
	HighlightLines [][2]int
	// AnchorLineNumbers makes each number a link to itself; LineAnchors begins
	// the ids.
	AnchorLineNumbers bool
	LineAnchors       string
	// TabWidth is how many spaces stand for a tab; 0 keeps tabs.
	TabWidth int
	// Inline writes a <code> for the middle of a line.
	Inline bool
	// Attrs are further attributes of the element around the block, escaped,
	// each with a leading space. A class among them is added to its own.
	Attrs string
}

// Highlighter colours code. It may be used by many goroutines.
type Highlighter struct {
	index func() *index

	mu     sync.Mutex
	lexers []*lexer
}

// New returns a Highlighter. It costs next to nothing until it is used.
func New() *Highlighter {
	return &Highlighter{index: sync.OnceValue(readIndex)}
}

// HTML appends code in the language lang as HTML to dst. It returns false, and
// dst as it was, where the language is unknown (or has no colours), or the code
// is too large.
func (h *Highlighter) HTML(dst []byte, lang, code string, o Options) ([]byte, bool) {
	l := h.find(lang)
	if l == nil || len(code) > maxCode || !utf8.ValidString(code) || longLine(code) {
		return dst, false
	}
	if o.TabWidth > 0 && strings.IndexByte(code, '\t') >= 0 {
		code = strings.ReplaceAll(code, "\t", strings.Repeat(" ", min(o.TabWidth, 16)))
	}
	run := runs.Get().(*run)
	defer runs.Put(run)
	run.reset(h)
	tokens, ok := run.lex(l, code)
	if !ok {
		return dst, false
	}
	w := writer{out: dst, lang: lang, o: o}
	w.write(tokens)
	return w.out, true
}

// Known reports whether code in lang gets colours.
func (h *Highlighter) Known(lang string) bool { return h.find(lang) != nil }

func longLine(code string) bool {
	for len(code) > maxLine {
		i := strings.LastIndexByte(code[:maxLine], '\n')
		if i < 0 {
			return true
		}
		code = code[i+1:]
	}
	return false
}

// find returns the lexer for a language by name, alias, extension or file name.
func (h *Highlighter) find(lang string) *lexer {
	if lang == "" || len(lang) > 100 {
		return nil
	}
	ix := h.index()
	n, ok := ix.keys[lang]
	if !ok {
		if n, ok = ix.keys[strings.ToLower(lang)]; !ok {
			return nil
		}
	}
	return h.lexer(n)
}

// named returns the lexer that another one names.
func (h *Highlighter) named(name string) *lexer {
	n, ok := h.index().names[name]
	if !ok {
		return nil
	}
	return h.lexer(n)
}

// lexer opens the lexer of number n, once.
func (h *Highlighter) lexer(n int) *lexer {
	ix := h.index()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.lexers == nil {
		h.lexers = make([]*lexer, len(ix.entries))
	}
	if h.lexers[n] == nil {
		h.lexers[n] = ix.open(n)
	}
	return h.lexers[n]
}

// lineNumber is the number of the i-th line, from 0.
func (o *Options) lineNumber(i int) int {
	if o.LineNumberStart == 0 {
		return i + 1
	}
	return i + o.LineNumberStart
}

// marked is true for a line, from 0, that is to be set off.
func (o *Options) marked(i int) bool {
	for _, r := range o.HighlightLines {
		if i+1 >= r[0] && i+1 <= r[1] {
			return true
		}
	}
	return false
}

// id is the id of a line's number.
func (o *Options) id(line int) string {
	if o.LineAnchors == "" {
		return strconv.Itoa(line)
	}
	return o.LineAnchors + "-" + strconv.Itoa(line)
}
