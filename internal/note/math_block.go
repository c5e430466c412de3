package note

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"lectern/internal/mathml"
)

// mathBlockParser finds formulas that begin a line.
type mathBlockParser struct{ trigger []byte }

func (p mathBlockParser) Trigger() []byte { return p.trigger }

func (mathBlockParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	r, ok := pc.Get(renderKey).(*render)
	if !ok {
		return nil, parser.NoChildren
	}
	line, seg := reader.PeekLine()
	d, display, ok := r.marks().opening(line)
	if !ok || !display {
		return nil, parser.NoChildren
	}
	from := len(d.Open)
	n := &mathBlock{closing: []byte(d.Close), off: seg.Start}
	if end := closing(line[from:], d.Close); end >= 0 {
		rest := line[from+end+len(d.Close):]
		if len(bytes.TrimSpace(rest)) > 0 || len(bytes.TrimSpace(line[from:from+end])) == 0 {
			return nil, parser.NoChildren // a formula in a paragraph, or none
		}
		n.Lines().Append(text.NewSegment(seg.Start+from, seg.Start+from+end))
		n.done = true
	} else {
		if !closes(reader.Source()[seg.Stop:], d.Close) {
			return nil, parser.NoChildren
		}
		n.Lines().Append(text.NewSegment(seg.Start+from, seg.Stop))
	}
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

// closes is true if the delimiter stands in the text before its next blank
// line, and no farther away than a formula may be long.
func closes(rest []byte, mark string) bool {
	rest = rest[:min(len(rest), mathml.MaxLength)]
	for line := range bytes.Lines(rest) {
		if len(bytes.Trim(line, " \t\n>")) == 0 {
			return false
		}
		if closing(line, mark) >= 0 {
			return true
		}
	}
	return false
}

func (mathBlockParser) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	n, ok := node.(*mathBlock)
	if !ok || n.done {
		return parser.Close
	}
	line, seg := reader.PeekLine()
	end := closing(line, string(n.closing))
	if end < 0 {
		if len(bytes.TrimSpace(line)) == 0 {
			return parser.Close
		}
		n.Lines().Append(seg)
		reader.AdvanceToEOL()
		return parser.Continue | parser.NoChildren
	}
	n.Lines().Append(text.NewSegment(seg.Start, seg.Start+end))
	n.done = true
	if behind := end + len(n.closing); len(bytes.TrimSpace(line[behind:])) > 0 {
		reader.Advance(behind) // what follows on the line is a paragraph
		return parser.Close
	}
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

func (mathBlockParser) Close(ast.Node, text.Reader, parser.Context) {}
func (mathBlockParser) CanInterruptParagraph() bool                 { return true }
func (mathBlockParser) CanAcceptIndentedLine() bool                 { return false }
