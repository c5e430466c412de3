package note

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// renderKey is where the block parsers find the render they work for.
var renderKey = parser.NewContextKey()

var (
	kindToken      = ast.NewNodeKind("Shortcode")
	kindAttributes = ast.NewNodeKind("Attributes")
	kindAlertTitle = ast.NewNodeKind("AlertTitle")
)

// tokenBlock is a line of nothing but block shortcodes.
type tokenBlock struct{ ast.BaseBlock }

func (*tokenBlock) Kind() ast.NodeKind         { return kindToken }
func (*tokenBlock) IsRaw() bool                { return true }
func (n *tokenBlock) Dump(src []byte, lvl int) { ast.DumpHelper(n, src, lvl, nil, nil) }

// tokenParser makes blocks of lines that hold only block shortcodes, so that
// they need no empty lines around them and get no paragraph.
type tokenParser struct{}

func (tokenParser) Trigger() []byte { return []byte{tokenStart} }

func (tokenParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, seg := reader.PeekLine()
	r, ok := pc.Get(renderKey).(*render)
	if !ok || !r.onlyBlocks(line) {
		return nil, parser.NoChildren
	}
	n := &tokenBlock{}
	n.Lines().Append(seg)
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

func (tokenParser) Continue(ast.Node, text.Reader, parser.Context) parser.State { return parser.Close }
func (tokenParser) Close(ast.Node, text.Reader, parser.Context)                 {}
func (tokenParser) CanInterruptParagraph() bool                                 { return true }
func (tokenParser) CanAcceptIndentedLine() bool                                 { return false }

// attributesBlock is a line {.class #id key=value} below a block.
type attributesBlock struct{ ast.BaseBlock }

func (*attributesBlock) Kind() ast.NodeKind         { return kindAttributes }
func (*attributesBlock) IsRaw() bool                { return true }
func (n *attributesBlock) Dump(src []byte, lvl int) { ast.DumpHelper(n, src, lvl, nil, nil) }

// attributeParser reads such lines (Hugo's markup.goldmark.parser.attribute.block).
type attributeParser struct{}

func (attributeParser) Trigger() []byte { return []byte{'{'} }

func (attributeParser) Open(_ ast.Node, reader text.Reader, _ parser.Context) (ast.Node, parser.State) {
	attrs, ok := parser.ParseAttributes(reader)
	if !ok {
		return nil, parser.NoChildren
	}
	if rest, _ := reader.PeekLine(); !util.IsBlank(rest) {
		return nil, parser.NoChildren
	}
	reader.AdvanceToEOL()
	n := &attributesBlock{}
	for _, a := range attrs {
		n.SetAttribute(a.Name, a.Value)
	}
	return n, parser.NoChildren
}

func (attributeParser) Continue(ast.Node, text.Reader, parser.Context) parser.State {
	return parser.Close
}
func (attributeParser) Close(ast.Node, text.Reader, parser.Context) {}
func (attributeParser) CanInterruptParagraph() bool                 { return true }
func (attributeParser) CanAcceptIndentedLine() bool                 { return false }

// attributeTransformer gives the attributes to the block above and removes
// their lines; a line with nothing above it disappears.
type attributeTransformer struct{}

func (attributeTransformer) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var found []*attributesBlock
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if a, ok := n.(*attributesBlock); ok && entering {
			found = append(found, a)
			return ast.WalkSkipChildren, nil
		}
		if n.Type() == ast.TypeInline {
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	for _, a := range found {
		if prev := a.PreviousSibling(); prev != nil && prev.Type() == ast.TypeBlock && !a.HasBlankPreviousLines() {
			for _, attr := range a.Attributes() {
				if _, exists := prev.Attribute(attr.Name); !exists {
					prev.SetAttribute(attr.Name, attr.Value)
				}
			}
		}
		a.Parent().RemoveChild(a.Parent(), a)
	}
}

// alertTitle is the line [!NOTE] of a quotation; its lines are the title that
// follows on it, if any.
type alertTitle struct {
	ast.BaseBlock
	style string // lower case
	fold  byte   // '+' or '-' where the alert can be folded, else 0
}

func (*alertTitle) Kind() ast.NodeKind         { return kindAlertTitle }
func (n *alertTitle) Dump(src []byte, lvl int) { ast.DumpHelper(n, src, lvl, nil, nil) }

// alertTransformer finds alerts, GitHub's > [!NOTE] and Obsidian's
// > [!tip]- Title, before the inline parsers make links of the brackets.
type alertTransformer struct{}

func (alertTransformer) Transform(para *ast.Paragraph, reader text.Reader, _ parser.Context) {
	quote, ok := para.Parent().(*ast.Blockquote)
	if !ok || quote.FirstChild() != ast.Node(para) {
		return
	}
	lines := para.Lines()
	first := lines.At(0)
	line := first.Value(reader.Source())
	style, fold, rest, ok := alertMark(line)
	if !ok {
		return
	}
	title := &alertTitle{style: style, fold: fold}
	if rest < len(line) && first.Padding == 0 {
		seg := text.NewSegment(first.Start+rest, first.Stop)
		if seg = seg.TrimRightSpace(reader.Source()); !seg.IsEmpty() {
			title.Lines().Append(seg)
		}
	}
	quote.InsertBefore(quote, para, title)
	if lines.Len() == 1 {
		quote.RemoveChild(quote, para)
		return
	}
	lines.SetSliced(1, lines.Len())
}

// alertMark reads "[!STYLE]", an optional sign and spaces; rest is where the
// title begins.
func alertMark(line []byte) (style string, fold byte, rest int, ok bool) {
	line = bytes.TrimRight(line, "\n")
	if len(line) < 4 || line[0] != '[' || line[1] != '!' {
		return "", 0, 0, false
	}
	end := bytes.IndexByte(line, ']')
	if end < 3 {
		return "", 0, 0, false
	}
	name, _, _ := bytes.Cut(line[2:end], []byte{'|'}) // Obsidian's themes take settings behind a bar
	name = bytes.TrimSpace(name)
	if len(name) == 0 {
		return "", 0, 0, false
	}
	for _, c := range name {
		if !isLetter(c) && (c < '0' || c > '9') && c != '-' && c != '_' {
			return "", 0, 0, false
		}
	}
	style = string(bytes.ToLower(name))
	rest = end + 1
	if rest < len(line) && (line[rest] == '-' || line[rest] == '+') {
		fold = line[rest]
		rest++
	}
	if rest < len(line) && line[rest] != ' ' && line[rest] != '\t' {
		return "", 0, 0, false
	}
	for rest < len(line) && (line[rest] == ' ' || line[rest] == '\t') {
		rest++
	}
	return style, fold, rest, true
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
