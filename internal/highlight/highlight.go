// Package highlight colours source code with classes.
package highlight

// Options say how a block of code is shown.
type Options struct {
	LineNumbers       bool
	LineNumbersTable  bool
	LineNumberStart   int
	HighlightLines    [][2]int
	AnchorLineNumbers bool
	LineAnchors       string
	TabWidth          int
	Inline            bool
	Attrs             string
}

// Highlighter colours code.
type Highlighter struct{}

// New returns a Highlighter.
func New() *Highlighter { return &Highlighter{} }

// HTML appends code as HTML.
func (h *Highlighter) HTML(dst []byte, lang, code string, o Options) ([]byte, bool) {
	return dst, false
}
