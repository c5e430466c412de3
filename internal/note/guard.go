package note

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"lectern/internal/diag"
)

// Goldmark takes quadratic time for some texts: each delimiter of a paragraph
// may look at all of it. The guards around its parsers keep that bounded: what
// goes beyond a limit is text without a meaning, and a finding says so.
const (
	// maxOpen is how many blocks may be open in each other.
	maxOpen = 100
	// maxWork is the sum, over all delimiters of a note, of the bytes of the
	// block each stands in. A long honest note has some ten millions.
	maxWork = 400 << 20
	// maxParagraph is how many lines a paragraph may have in which definitions of
	// links are looked for.
	maxParagraph = 10_000
	// maxFootnotes is how many footnotes a note may define: each reference looks
	// through all.
	maxFootnotes = 500
)

// guarded puts guards around the parsers of cfg.
func guarded(cfg *parser.Config) {
	for i, p := range cfg.BlockParsers {
		bp, ok := p.Value.(parser.BlockParser)
		if !ok {
			continue
		}
		switch bp {
		case parser.NewListParser(), parser.NewBlockquoteParser():
			cfg.BlockParsers[i] = util.Prioritized(nestGuard{bp}, p.Priority)
		}
	}
	for i, p := range cfg.ParagraphTransformers {
		if t, ok := p.Value.(parser.ParagraphTransformer); ok && t == parser.LinkReferenceParagraphTransformer {
			cfg.ParagraphTransformers[i] = util.Prioritized(definitionGuard{t}, p.Priority)
		}
	}
	for i, p := range cfg.InlineParsers {
		ip, ok := p.Value.(parser.InlineParser)
		if !ok {
			continue
		}
		g := workGuard{ip}
		if c, ok := ip.(parser.CloseBlocker); ok {
			cfg.InlineParsers[i] = util.Prioritized(closingGuard{g, c}, p.Priority)
		} else {
			cfg.InlineParsers[i] = util.Prioritized(g, p.Priority)
		}
	}
}

// definitionGuard looks for definitions of links only in paragraphs of sensible
// length that may begin with one: looking costs memory, however soon it ends.
type definitionGuard struct{ parser.ParagraphTransformer }

func (g definitionGuard) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := p.Lines()
	if lines.Len() > maxParagraph {
		return
	}
	if lines.Len() > 0 {
		first := lines.At(0)
		if line := bytes.TrimLeft(first.Value(reader.Source()), " \t"); len(line) > 0 && line[0] != '[' && line[0] != '\n' {
			return
		}
	}
	g.ParagraphTransformer.Transform(p, reader, pc)
}

// nestGuard opens no further block where too many are open. It is not for items:
// goldmark needs one in each list.
type nestGuard struct{ parser.BlockParser }

func (g nestGuard) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if len(pc.OpenedBlocks()) < maxOpen {
		return g.BlockParser.Open(parent, reader, pc)
	}
	if r, ok := pc.Get(renderKey).(*render); ok {
		_, seg := reader.PeekLine()
		r.limited(seg.Start, "quotations and lists are nested too deeply here; the rest shows as text")
	}
	return nil, parser.NoChildren
}

// footnoteGuard defines no more footnotes than a note may have.
type footnoteGuard struct{ parser.BlockParser }

func (g footnoteGuard) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	r, ok := pc.Get(renderKey).(*render)
	if ok && r.defined >= maxFootnotes {
		_, seg := reader.PeekLine()
		r.limited(seg.Start, "the note has too many footnotes; the rest shows as text")
		return nil, parser.NoChildren
	}
	n, state := g.BlockParser.Open(parent, reader, pc)
	if n != nil && ok {
		r.defined++
	}
	return n, state
}

// workGuard counts the work that inline parsers may cause.
type workGuard struct{ parser.InlineParser }

func (g workGuard) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if r, ok := pc.Get(renderKey).(*render); ok && !r.worth(parent, block) {
		return nil
	}
	return g.InlineParser.Parse(parent, block, pc)
}

// closingGuard is workGuard for a parser that wants to know the end of a block.
type closingGuard struct {
	workGuard
	parser.CloseBlocker
}

// worth accounts for one attempt of an inline parser in the block parent, and
// is false once the note has used up its work.
func (r *render) worth(parent ast.Node, block text.Reader) bool {
	if parent != r.block {
		r.block, r.blockSize = parent, 0
		lines := parent.Lines()
		for i := range lines.Len() {
			seg := lines.At(i)
			r.blockSize += seg.Len()
		}
	}
	if r.work += r.blockSize; r.work <= maxWork {
		return true
	}
	_, pos := block.Position()
	r.limited(pos.Start, "the note has too many marks in too long paragraphs; the rest shows as text")
	return false
}

// limited reports, once, that a limit was reached at offset off of the text
// being parsed.
func (r *render) limited(off int, message string) {
	if !r.reported {
		r.reported = true
		r.report(diag.Error, ruleNesting, r.doc.offset(off), message, "")
	}
}
