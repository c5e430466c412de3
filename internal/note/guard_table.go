package note

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// maxPadded is how many cells of a note's tables may be empty because their rows
// are shorter than the first: each row is filled up to its width, so that a
// wide head over short lines makes a table of their product.
const maxPadded = 100_000

// tableGuard makes no table of a paragraph that would need too many such cells.
type tableGuard struct{ parser.ParagraphTransformer }

func (g tableGuard) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := p.Lines()
	cells, widest := 0, 0
	for i := range lines.Len() {
		seg := lines.At(i)
		line := seg.Value(reader.Source())
		n := bytes.Count(line, []byte{'|'}) + 1
		cells += n
		if n > widest && i > 0 && len(bytes.Trim(line, " \t\n|:-")) == 0 {
			widest = n
		}
	}
	if r, ok := pc.Get(renderKey).(*render); ok && widest > 0 {
		if padded := widest*lines.Len() - cells; padded > 0 {
			r.padded += padded
		}
		if r.padded > maxPadded {
			r.limited(lines.At(0).Start, "this table is much wider than most of its rows; it shows as text")
			return
		}
	}
	g.ParagraphTransformer.Transform(p, reader, pc)
}
