package note

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"lectern/internal/diag"
)

// render writes one note's HTML. Goldmark's own renderer is not used: one walk
// over its tree gives the HTML, the holes, the plain text, the headings and the
// resources, without an interface call and a copy for each piece.
//
// A render is used for one note after another, to keep its buffers; what a Note
// holds is copied out of them.
type render struct {
	p    *Parser
	n    *Note
	data []byte // the file, cleaned, with what it includes
	// sources say where pieces of data come from; none where all is the note's own.
	sources []source
	open    Opener // nil where there are no files
	doc     document
	src     []byte // doc.text
	tokened []byte // memory for the text of the whole note with tokens

	out   []byte
	holes []Hole
	links []Link
	icons []string
	ids   ids
	// anchors are the ids in the text that are not headings'.
	anchors []string

	// sections are the open ones, sectionBase the first of them that lies in the
	// present element; recommending counts those for recommendations.
	sections     []openSection
	sectionBase  int
	recommending int
	said         [][2]int // the texts of the block's recommended links, in plain
	// The note's share that is not its own to read: see stub.go.
	asides, aside, things int
	hidden, tags          int // lines left out as yet to be done; tags of the author's HTML so far

	// overview is true where the note stands for its folder.
	overview bool

	plain   []byte // all text, for counting words and for headings
	summary []byte // the text of paragraphs, as far as it is needed
	quiet   int    // > 0 where text is no part of the summary

	calls []call
	refs  []parser.Reference // of the whole note, for shortcodes' inner text
	depth int                // of shortcodes in shortcodes

	para      int      // where in out the open paragraph begins; -1 outside of one
	footnotes int      // notes numbered so far, in all fragments
	fnBase    int      // added to the numbers of the fragment being written
	openTags  []string // of the author's HTML, where it is sanitised
	tagBase   int      // the first of them that the present element opened
	alt       bool     // a picture's alternative text is being collected
	pictures  int      // shown so far
	inLink    int      // > 0 inside a link
	verbatim  int      // > 0 inside of the author's HTML for code
	ascii     bool     // typographic marks go into plain as they were typed

	// The guards' accounts: see guard.go.
	block     ast.Node // the block whose size is blockSize
	blockSize int
	work      int
	defined   int // footnotes
	padded    int // empty cells of tables
	reported  bool
	cell      bool // inside a cell of a table

	// tabset is the tabs shortcode whose tabs are being written; tabsets counts them.
	tabset   *tabset
	tabsets  int
	inDeck   bool   // in cards, and not in a card
	math     *marks // of formulas; nil until the first may begin
	formulas int    // so far

	inlines int // open inline elements
	fences  int // blocks of code so far
	dropped int // findings beyond maxDiags

	// codeTitle and codeFold are options of the block of code about to be written.
	codeTitle string
	codeFold  bool

	scratch []byte
	scanned scanner
	// The place that position was last asked for.
	lastOff, lastLine, lineStart int
}

// maxDiags is how many findings of one note are kept.
const maxDiags = 100

func (r *render) begin(n *Note, data []byte) {
	*r = render{
		p: r.p, n: n, data: data, para: -1, lastLine: 1,
		out: r.out[:0], holes: r.holes[:0], links: r.links[:0], icons: r.icons[:0], anchors: r.anchors[:0],
		plain: r.plain[:0], summary: r.summary[:0], calls: r.calls[:0],
		openTags: r.openTags[:0], scratch: r.scratch[:0], scanned: r.scanned,
		sections: r.sections[:0], said: r.said[:0], tokened: r.tokened,
		ids: r.ids, overview: r.p.overview(n.Path),
	}
	clear(r.ids.used)
}

// finish moves the results into the note, at their right size.
func (r *render) finish() {
	n := r.n
	n.Body = Fragment{HTML: bytes.Clone(r.out), Holes: slices.Clone(r.holes)}
	n.Links = slices.Clone(r.links)
	if len(r.icons) > 0 {
		slices.Sort(r.icons)
		n.Icons = slices.Clone(slices.Compact(r.icons))
	}
	if len(r.anchors) > 0 {
		slices.Sort(r.anchors)
		n.Anchors = slices.Clone(slices.Compact(r.anchors))
	}
	n.Headings = slices.Clip(n.Headings)
	r.scratch = appendText(r.scratch[:0], r.plain, n.Headings)
	n.Text = bytes.Clone(r.scratch)
	n.Words = wordsOf(n.Text)
	n.Stub = r.stub(n.Words)
	r.hallway()
	n.Summary = n.Front.Description
	if n.Summary == "" {
		n.Summary = summarize(r.summary)
	}
	n.Diags = diag.Sort(n.Diags)
	if r.dropped > 0 {
		n.report(diag.Warning, ruleMany, 0, 0, fmt.Sprintf("%d further findings in this note are not listed", r.dropped), "")
	}
	r.n, r.data, r.src, r.refs, r.block = nil, nil, nil, nil, nil
	r.sources, r.open = nil, nil
	r.doc = document{}
	clear(r.links)
	clear(r.calls)
	clear(r.anchors)
}

// note renders the file's text, which begins at offset body.
func (r *render) note(body int) {
	r.scan(body)
	r.doc = r.document(r.tokened, body, len(r.data), margin{})
	if len(r.doc.at) > 1 { // else it is a slice of the file
		r.tokened = r.doc.text[:0]
	}
	r.fragment(true)
	if len(r.n.Front.Params) > 0 {
		r.cover()
	}
}

// fragment parses r.doc and writes it. The note's own text (top) may begin with
// its title.
func (r *render) fragment(top bool) {
	r.src = r.doc.text
	root, refs := r.parse(r.doc.text)
	if top {
		r.refs = refs
	}
	base := r.fnBase
	r.fnBase = r.footnotes
	r.footnotes += countFootnotes(root)
	first := root.FirstChild()
	if h, ok := first.(*ast.Heading); top && ok && h.Level == 1 && r.n.TitleSource == TitleFromName && !r.p.exact {
		if r.takeTitle(h) {
			first = h.NextSibling()
		}
	}
	r.siblings(first)
	r.fnBase = base
}

func (r *render) parse(src []byte) (ast.Node, []parser.Reference) {
	pc := parser.NewContext()
	pc.Set(renderKey, r)
	for _, ref := range r.refs {
		pc.AddReference(ref)
	}
	md := r.p.unlinked
	if mayHaveAddress(src) {
		md = r.p.markdown
	}
	root := md.Parse(text.NewReader(src), parser.WithContext(pc))
	if len(r.calls) == 0 {
		return root, nil
	}
	return root, pc.References()
}

// mayHaveAddress reports whether src has what every address that Linkify makes
// a link of has: a scheme's colon and slashes, www. or an @.
func mayHaveAddress(src []byte) bool {
	return bytes.Contains(src, []byte("://")) || bytes.IndexByte(src, '@') >= 0 ||
		bytes.Contains(src, []byte("www.")) || bytes.Contains(src, []byte("mailto:"))
}

// position is position for offsets that mostly grow.
func (r *render) position(off int) (line, col int) {
	off = min(max(off, 0), len(r.data))
	if len(r.sources) > 0 {
		_, _, _, at := r.whence(off)
		return position(r.sources[0].file.data, at)
	}
	if off < r.lastOff {
		r.lastOff, r.lastLine, r.lineStart = 0, 1, 0
	}
	passed := r.data[r.lastOff:off]
	if n := bytes.Count(passed, []byte{'\n'}); n > 0 {
		r.lastLine += n
		r.lineStart = r.lastOff + bytes.LastIndexByte(passed, '\n') + 1
	}
	r.lastOff = off
	return r.lastLine, off - r.lineStart + 1
}

// report adds a finding at offset off of the file.
func (r *render) report(sev diag.Severity, rule string, off int, message, hint string) {
	if len(r.n.Diags) >= maxDiags {
		r.dropped++
		return
	}
	if len(r.sources) > 0 {
		file, line, col, _ := r.whence(off)
		r.n.reportIn(file, sev, rule, line, col, message, hint)
		return
	}
	line, col := r.position(off)
	r.n.report(sev, rule, line, col, message, hint)
}

// anchor keeps an id or a name that a link's fragment may ask for.
func (r *render) anchor(id string) {
	if id != "" {
		r.anchors = append(r.anchors, id)
	}
}

// writtenIDs keeps the ids in what was written since start, where no author
// wrote a tag.
func (r *render) writtenIDs(start int) {
	for rest := r.out[start:]; ; {
		_, behind, found := bytes.Cut(rest, []byte(` id="`))
		if !found {
			return
		}
		var id []byte
		id, rest, _ = bytes.Cut(behind, []byte{'"'})
		r.anchor(string(unescapeEntities(id)))
	}
}

func (r *render) str(s string) { r.out = append(r.out, s...) }

func (r *render) children(n ast.Node) { r.siblings(n.FirstChild()) }

// siblings renders n and what follows it. Where HTML is sanitised, tags that
// the author opens in there end in there.
func (r *render) siblings(n ast.Node) {
	base, sections := r.tagBase, r.sectionBase
	r.tagBase, r.sectionBase = len(r.openTags), len(r.sections)
	for ; n != nil; n = n.NextSibling() {
		if r.p.opts.HideTodos {
			if n = r.visible(n); n == nil {
				break
			}
		}
		r.node(n)
	}
	if len(r.sections) > r.sectionBase {
		r.closeSections(0)
	}
	r.closeTags(r.tagBase)
	r.tagBase, r.sectionBase = base, sections
}

// maxInline is how deeply inline elements may be nested.
const maxInline = 100

// inside renders the children of an inline element, in which no paragraph can
// be ended for a block.
func (r *render) inside(n ast.Node) {
	para := r.para
	r.para = -1
	if r.inlines++; r.inlines < maxInline {
		r.children(n)
	} else {
		r.leaves(n)
	}
	r.inlines--
	r.para = para
}

// leaves renders the text in n, without the elements around it and without
// recursion: a line of a million asterisks makes half a million elements, each
// in the next.
func (r *render) leaves(n ast.Node) {
	for c := n.FirstChild(); c != nil; {
		if c.HasChildren() {
			c = c.FirstChild()
			continue
		}
		r.node(c)
		for c != n && c.NextSibling() == nil {
			c = c.Parent()
		}
		if c == n {
			return
		}
		c = c.NextSibling()
	}
}

// gap separates the words of one block from those of the next.
func (r *render) gap() {
	r.plain = append(r.plain, '\n')
	if r.quiet == 0 && len(r.summary) < summaryBytes {
		r.summary = append(r.summary, ' ')
	}
}

// say adds plain text that the reader sees.
func (r *render) say(s []byte) {
	r.plain = append(r.plain, s...)
	if r.quiet == 0 && len(r.summary) < summaryBytes {
		r.summary = append(r.summary, s...)
	}
}

// inlineFragment parses r.doc and writes it; a single paragraph loses its tags.
func (r *render) inlineFragment() {
	r.src = r.doc.text
	root, _ := r.parse(r.doc.text)
	first := root.FirstChild()
	if p, ok := first.(*ast.Paragraph); ok && p.NextSibling() == nil {
		r.children(p)
		return
	}
	base := r.fnBase
	r.fnBase = r.footnotes
	r.footnotes += countFootnotes(root)
	r.siblings(first)
	r.fnBase = base
}
