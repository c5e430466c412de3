package note

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	xast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// node writes one node of the tree with all below it.
func (r *render) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		r.textNode(n)
	case *ast.String:
		r.stringNode(n)
	case *ast.Paragraph:
		r.paragraph(n)
	case *ast.TextBlock:
		r.textBlock(n)
	case *ast.Heading:
		r.heading(n)
	case *ast.List:
		r.list(n)
	case *ast.ListItem:
		r.listItem(n)
	case *ast.Blockquote:
		r.blockquote(n)
	case *ast.FencedCodeBlock:
		r.fence(n)
	case *ast.CodeBlock:
		r.indentedCode(n)
	case *ast.HTMLBlock:
		r.htmlBlock(n)
	case *ast.ThematicBreak:
		r.str("<hr")
		r.attrs(n, html.ThematicAttributeFilter)
		r.str(r.void(">\n"))
	case *tokenBlock:
		r.tokens(n)
	case *mathBlock:
		r.mathFence(r.lines(n), r.doc.offset(n.off), "")
	case *ast.LinkReferenceDefinition:
	default:
		if n.Type() == ast.TypeInline {
			r.inline(n)
		} else {
			r.extension(n)
		}
	}
}

// void ends the tag of an empty element.
func (r *render) void(end string) string {
	if r.p.opts.XHTML {
		return " /" + end
	}
	return end
}

func (r *render) paragraph(n *ast.Paragraph) {
	only := n.FirstChild()
	if only != nil && only.NextSibling() != nil {
		only = nil
	}
	if img, ok := only.(*ast.Image); ok && !r.p.opts.WrapStandAloneImage && !r.p.exact {
		r.image(img, n)
		r.gap()
		return
	}
	r.para = len(r.out)
	r.str("<p")
	r.attrs(n, html.ParagraphAttributeFilter)
	r.str(">")
	r.loneLink(n, only)
	r.endParagraph()
	r.para = -1
	r.gap()
}

// endParagraph closes the open paragraph, or takes it back when it is empty
// because it held nothing but block shortcodes.
func (r *render) endParagraph() {
	inner := r.out[r.para:]
	open := bytes.IndexByte(inner, '>') + 1
	inner = inner[open:]
	if n := len(r.holes); n > 0 && r.holes[n-1].Pos >= r.para {
		inner = r.out[r.holes[n-1].Pos:]
	} else if len(bytes.TrimSpace(inner)) == 0 {
		r.out = r.out[:r.para]
		return
	}
	r.out = r.out[:len(r.out)-len(inner)+len(bytes.TrimRight(inner, " \n"))]
	r.str("</p>\n")
}

// loneLink writes the children of a block; a link that is all of it may be one
// of the note's resources.
func (r *render) loneLink(n, only ast.Node) {
	start, summary := len(r.plain), len(r.summary)
	r.said = r.said[:0]
	_, point := n.Parent().(*ast.ListItem)
	r.prose(n, point && n.PreviousSibling() == nil)
	r.reason(n, start)
	found := false
	switch l := only.(type) {
	case *ast.Link:
		found = r.n.Resources.add(r.destination(l.Destination).url, string(r.plain[start:]), "")
	case *ast.AutoLink:
		found = r.n.Resources.add(string(l.URL(r.src)), "", "")
	}
	if found && r.asides == 0 { // like a button
		r.aside += countWords(r.plain[start:])
		r.summary = r.summary[:summary]
	}
}

func (r *render) textBlock(n *ast.TextBlock) {
	only := n.FirstChild()
	if only != nil && only.NextSibling() != nil {
		only = nil
	}
	r.loneLink(n, only)
	if n.NextSibling() != nil && n.FirstChild() != nil {
		r.str("\n")
	}
	r.gap()
}

func (r *render) heading(n *ast.Heading) {
	r.markHeading(n)
	r.closeSections(n.Level)
	level := strconv.Itoa(n.Level)
	r.str("<h" + level)
	id := r.idOf(n)
	if id != "" {
		r.str(` id="`)
		r.out = appendHTML(r.out, id)
		r.str(`"`)
	}
	r.attrs(n, html.HeadingAttributeFilter, "id")
	r.str(">")
	todo := !r.p.exact && r.todo(n.FirstChild())
	start := r.beginAside()
	r.prose(n, true)
	r.endAside(start)
	r.str("</h" + level + ">\n")
	r.scratch = foldSpace(r.scratch[:0], r.plain[start:])
	text := string(r.scratch)
	r.gap()
	mark := r.p.meanings.of(text, r.overview)
	r.n.Headings = append(r.n.Headings, Heading{Level: n.Level, ID: id, Text: text, Mark: mark, At: start, End: len(r.plain)})
	r.openSection(n, mark, todo && r.bareTodo(n))
}

func (r *render) blockquote(n *ast.Blockquote) {
	if title, ok := n.FirstChild().(*alertTitle); ok {
		r.alert(n, title)
		return
	}
	before := r.progress()
	r.str("<blockquote")
	r.attrs(n, html.BlockquoteAttributeFilter)
	r.str(">\n")
	inner := len(r.out)
	r.children(n)
	if r.emptied(before, inner) {
		return
	}
	if len(n.Attributes()) > 0 {
		r.attribution(n)
	}
	r.str("</blockquote>\n")
}

// extension writes the blocks of goldmark's extensions.
func (r *render) extension(n ast.Node) {
	switch n := n.(type) {
	case *xast.Table:
		r.table(n)
	case *xast.DefinitionList:
		r.element("dl", n, html.GlobalAttributeFilter, "\n")
	case *xast.DefinitionTerm:
		r.definitionTerm(n)
	case *xast.DefinitionDescription:
		after := "\n"
		if n.IsTight {
			after = ""
		}
		r.element("dd", n, html.GlobalAttributeFilter, after)
	case *xast.FootnoteList:
		r.footnoteList(n)
	case *attributesBlock:
	default:
		r.children(n)
	}
}

func (r *render) element(tag string, n ast.Node, filter util.BytesFilter, after string) {
	r.str("<" + tag)
	r.attrs(n, filter)
	r.str(">" + after)
	r.children(n)
	r.str("</" + tag + ">\n")
}

func (r *render) definitionTerm(n *xast.DefinitionTerm) {
	if _, ok := n.AttributeString("id"); !ok && r.p.opts.AutoDefinitionTermID {
		if text := r.idText(nil, n); len(text) > 0 {
			n.SetAttributeString("id", r.ids.unique(anchor(nil, text, r.p.opts.AutoIDType, "term")))
		}
	}
	r.element("dt", n, html.GlobalAttributeFilter, "")
	r.gap()
}

func (r *render) table(n *xast.Table) {
	r.shows()
	r.quiet++
	defer func() { r.quiet-- }()
	if !r.p.exact {
		r.str(`<div class="table-wrap" tabindex="0" role="group" aria-label="` + r.p.opts.word("table") + `">`)
	}
	r.str("<table")
	r.attrs(n, extension.TableAttributeFilter)
	r.str(">\n")
	body := false
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		_, head := row.(*xast.TableHeader)
		switch {
		case head:
			r.str("<thead>\n")
		case !body:
			body = true
			r.str("<tbody>\n")
		}
		r.tableRow(row, head)
		if head {
			r.str("</thead>\n")
		}
	}
	if body {
		r.str("</tbody>\n")
	}
	r.str("</table>")
	if !r.p.exact {
		r.str("</div>")
	}
	r.str("\n")
	r.gap()
}

func (r *render) tableRow(row ast.Node, head bool) {
	tag := "td"
	if head {
		tag = "th"
	}
	r.str("<tr>\n")
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		r.str("<" + tag)
		if cell, ok := c.(*xast.TableCell); ok && cell.Alignment != xast.AlignNone {
			// The attribute, not a style, so that a strict policy for styles holds.
			r.str(` align="` + cell.Alignment.String() + `"`)
		}
		r.str(">")
		r.cell = true
		r.children(c)
		r.cell = false
		r.str("</" + tag + ">\n")
		r.gap()
	}
	r.str("</tr>\n")
}

func countFootnotes(root ast.Node) int {
	if list, ok := root.LastChild().(*xast.FootnoteList); ok {
		return list.ChildCount()
	}
	return 0
}

func (r *render) footnoteList(n *xast.FootnoteList) {
	r.closeSections(0)
	r.quiet++
	r.str(`<div class="footnotes" role="doc-endnotes"`)
	r.attrs(n, html.GlobalAttributeFilter)
	r.str(">\n<hr" + r.void(">\n") + "<ol>\n")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		fn, ok := c.(*xast.Footnote)
		if !ok {
			continue
		}
		id := "fn:" + strconv.Itoa(r.fnBase+fn.Index)
		r.anchor(id)
		r.str(`<li id="` + id + `"`)
		r.attrs(fn, html.ListItemAttributeFilter, "id")
		r.str(">\n")
		r.children(fn)
		r.str("</li>\n")
	}
	r.str("</ol>\n</div>\n")
	r.quiet--
}

// attrs writes the attributes that filter allows, but for those named in skip.
// Without UnsafeHTML, styles and ids of the author's are left out: they could
// cover or pose as the site's own.
func (r *render) attrs(n ast.Node, filter util.BytesFilter, skip ...string) {
	for _, a := range n.Attributes() {
		name := string(a.Name)
		if !filter.Contains(a.Name) && !strings.HasPrefix(name, "data-") {
			continue
		}
		if len(skip) > 0 && name == skip[0] || !r.p.opts.UnsafeHTML && name == "style" {
			continue
		}
		value := r.attrValue(a.Value)
		if name == "id" {
			r.anchor(string(value))
		}
		r.str(" ")
		r.str(name)
		r.str(`="`)
		r.out = appendHTML(r.out, value)
		r.str(`"`)
	}
}

// attrValue is an attribute's value as text.
func (r *render) attrValue(v any) []byte {
	switch v := v.(type) {
	case []byte:
		return r.withTokenText(nil, v)
	case string:
		return []byte(v)
	case float64:
		return strconv.AppendFloat(nil, v, 'f', -1, 64)
	case bool:
		return strconv.AppendBool(nil, v)
	}
	return nil
}
