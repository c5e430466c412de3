package note

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	emoji "github.com/yuin/goldmark-emoji/ast"
	"github.com/yuin/goldmark/ast"
	xast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"github.com/gohugoio/hugo-goldmark-extensions/extras"
)

// inline writes the inline nodes but for text.
func (r *render) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Emphasis:
		tag := "em"
		if n.Level == 2 {
			tag = "strong"
		}
		r.span(tag, n)
	case *ast.CodeSpan:
		r.codeSpan(n)
	case *ast.Link:
		r.link(n)
	case *ast.AutoLink:
		r.autoLink(n)
	case *ast.Image:
		r.image(n, n)
	case *ast.RawHTML:
		r.rawHTML(n)
	case *xast.Strikethrough:
		r.span("del", n)
	case *xast.TaskCheckBox:
		// As goldmark writes it, with a name for those who cannot see the box.
		if n.IsChecked {
			r.str(`<input checked="" disabled="" type="checkbox" aria-label="done"` + r.void("> "))
		} else {
			r.str(`<input disabled="" type="checkbox" aria-label="to do"` + r.void("> "))
		}
	case *xast.FootnoteLink:
		num := strconv.Itoa(r.fnBase + n.Index)
		id := "fnref" + refIndex(n.RefIndex) + ":" + num
		r.anchor(id)
		r.str(`<sup id="` + id + `"><a href="#fn:` + num +
			`" class="footnote-ref" role="doc-noteref">` + num + "</a></sup>")
	case *xast.FootnoteBacklink:
		r.str(`&#160;<a href="#fnref` + refIndex(n.RefIndex) + ":" + strconv.Itoa(r.fnBase+n.Index) +
			`" class="footnote-backref" role="doc-backlink">&#x21a9;&#xfe0e;</a>`)
	case *emoji.Emoji:
		r.emoji(n)
	case *mathSpan:
		r.formula(r.withLiterals(n.tex), n.display, r.doc.offset(n.off))
	default:
		if tag := extraTag(n.Kind()); tag != "" {
			r.span(tag, n)
			return
		}
		r.inside(n)
	}
}

// extraTag returns the element of Hugo's extra inline marks.
func extraTag(k ast.NodeKind) string {
	switch k {
	case extras.KindSuperscript:
		return "sup"
	case extras.KindSubscript:
		return "sub"
	case extras.KindInsert:
		return "ins"
	case extras.KindMark:
		return "mark"
	case extras.KindDelete:
		return "del"
	}
	return ""
}

func (r *render) span(tag string, n ast.Node) {
	r.str("<" + tag)
	r.attrs(n, html.GlobalAttributeFilter)
	r.str(">")
	r.inside(n)
	r.str("</" + tag + ">")
}

// refIndex is the number that sets the further references to one footnote apart.
func refIndex(i int) string {
	if i == 0 {
		return ""
	}
	return strconv.Itoa(i)
}

func (r *render) emoji(n *emoji.Emoji) {
	if !n.Value.IsUnicode() {
		r.str(":" + string(n.ShortName) + ":")
		return
	}
	s := []byte(string(n.Value.Unicode))
	r.out = append(r.out, s...)
	r.say(s)
}

func (r *render) textNode(n *ast.Text) {
	v := n.Segment.Value(r.src)
	r.markWords(r.src, n.Segment.Start, n.Segment.Stop, r.doc.at)
	if n.IsRaw() {
		r.out = appendHTML(r.out, v)
		r.say(v)
	} else {
		r.text(v)
	}
	switch {
	case n.HardLineBreak() || n.SoftLineBreak() && r.p.opts.HardWraps:
		r.str("<br" + r.void(">\n"))
	case n.SoftLineBreak():
		if r.joinsLines(n, v) {
			return
		}
		r.str("\n")
	default:
		return
	}
	r.say([]byte{' '})
}

// joinsLines is true for a line's end between two wide characters where the
// options have such lines joined without a space.
func (r *render) joinsLines(n *ast.Text, v []byte) bool {
	if !r.p.opts.CJK || !r.p.opts.CJKEastAsianLineBreaks || len(v) == 0 {
		return false
	}
	next, ok := n.NextSibling().(*ast.Text)
	if !ok || next.Segment.Len() == 0 {
		return true
	}
	last, _ := utf8.DecodeLastRune(v)
	first, _ := utf8.DecodeRune(next.Segment.Value(r.src))
	return util.IsEastAsianWideRune(last) && util.IsEastAsianWideRune(first)
}

// text writes Markdown text: escapes and entities resolved, shortcodes in
// their place.
func (r *render) text(v []byte) {
	for len(v) > 0 {
		i := bytes.IndexByte(v, tokenStart)
		if i < 0 {
			r.plainText(v)
			return
		}
		r.plainText(v[:i])
		id, n := tokenAt(v[i:])
		if n == 0 {
			return
		}
		r.call(id)
		v = v[i+n:]
	}
}

func (r *render) plainText(v []byte) {
	if bytes.IndexByte(v, '\\') >= 0 || bytes.IndexByte(v, '&') >= 0 {
		r.scratch = appendUnescaped(r.scratch[:0], v, r.p.opts.CJK && r.p.opts.CJKEscapedSpace)
		v = r.scratch
	}
	r.out = appendHTML(r.out, v)
	r.say(v)
}

// stringNode writes what an extension made, typographic marks above all.
func (r *render) stringNode(n *ast.String) {
	if !n.IsCode() {
		r.out = appendHTML(r.out, n.Value)
		r.say(n.Value)
		return
	}
	r.out = append(r.out, n.Value...)
	if r.ascii {
		r.say(typed(n.Value))
		return
	}
	r.say(appendUnescaped(nil, n.Value, false))
}

// typed returns what an author types for one of the typographer's default marks.
func typed(mark []byte) []byte {
	switch string(mark) {
	case "&lsquo;", "&rsquo;":
		return []byte("'")
	case "&ldquo;", "&rdquo;":
		return []byte(`"`)
	case "&ndash;":
		return []byte("--")
	case "&mdash;":
		return []byte("---")
	case "&hellip;":
		return []byte("...")
	case "&laquo;":
		return []byte("<<")
	case "&raquo;":
		return []byte(">>")
	}
	return appendUnescaped(nil, mark, false)
}

func (r *render) codeSpan(n *ast.CodeSpan) {
	r.str("<code")
	r.attrs(n, html.GlobalAttributeFilter)
	r.str(">")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		if !ok {
			continue
		}
		v, newline := bytes.CutSuffix(t.Segment.Value(r.src), []byte{'\n'})
		if r.cell {
			v = bytes.ReplaceAll(v, []byte(`\|`), []byte{'|'})
		}
		r.codeText(v)
		if newline {
			r.codeText([]byte{' '})
		}
	}
	r.str("</code>")
}

// codeText writes code outside of highlighting: shortcodes show as they were
// written, but for those that stand for a text.
func (r *render) codeText(v []byte) {
	for len(v) > 0 {
		i := bytes.IndexByte(v, tokenStart)
		if i < 0 {
			i = len(v)
		}
		r.out = appendHTML(r.out, v[:i])
		r.say(v[:i])
		if v = v[i:]; len(v) == 0 {
			return
		}
		id, n := tokenAt(v)
		if n == 0 {
			return
		}
		if c := &r.calls[id]; c.def != nil && c.def.plain != nil && c.comment == "" {
			c.check(r)
			text := c.def.plain(r, c)
			r.out = appendHTML(r.out, text)
			r.say([]byte(text))
		} else if c.isText() {
			r.call(id)
		} else {
			literal := r.literal(id)
			r.out = appendHTML(r.out, literal)
			r.say(literal)
		}
		v = v[n:]
	}
}

func (r *render) link(n *ast.Link) {
	d := r.destination(n.Destination)
	d.off = r.doc.offset(max(n.Pos(), 0))
	var attrs []byte
	if n.Title != nil {
		attrs = append(attrs, ` title="`...)
		attrs = appendHTML(attrs, r.withTokenText(nil, appendUnescaped(nil, n.Title, false)))
		attrs = append(attrs, '"')
	}
	end := r.openLink(d, string(attrs))
	link, start := len(r.links)-1, len(r.plain)
	r.inside(n)
	end()
	if r.recommending > 0 && !r.alt && r.allowed(d.url) {
		r.recommended(link, start, len(r.plain))
	}
}

func (r *render) autoLink(n *ast.AutoLink) {
	url := n.URL(r.src)
	if n.Protocol != nil && r.p.opts.LinkifyProtocol != "" {
		url = append([]byte(r.p.opts.LinkifyProtocol+"://"), n.Label(r.src)...)
	}
	if n.AutoLinkType == ast.AutoLinkEmail && !bytes.HasPrefix(bytes.ToLower(url), []byte("mailto:")) {
		url = append([]byte("mailto:"), url...)
	}
	d := destination{url: string(r.withTokenText(nil, url)), kind: Anchor}
	d.off = r.doc.offset(max(n.Pos(), 0))
	for d.off < len(r.data) && (r.data[d.off] == ' ' || r.data[d.off] == '\n') {
		d.off++ // the finder of bare links counts the space before
	}
	end := r.openLink(d, "")
	r.codeText(n.Label(r.src))
	end()
}

// image writes a picture; attrs are on the node from.
func (r *render) image(n *ast.Image, from ast.Node) {
	if r.alt {
		r.inside(n) // in another picture's text
		return
	}
	r.shows()
	d := r.destination(n.Destination)
	d.kind = Image
	d.off = r.doc.offset(max(n.Pos(), 0))
	alt := r.alternative(n)
	var look Look
	var classes []string
	lazy := false
	if !r.p.exact {
		look, classes, lazy = r.look(&d)
	}
	start := len(r.out)
	r.str(` alt="`)
	r.out = appendHTML(r.out, alt)
	r.str(`"`)
	if n.Title != nil {
		r.str(` title="`)
		r.out = appendHTML(r.out, r.withTokenText(nil, appendUnescaped(nil, n.Title, false)))
		r.str(`"`)
	}
	r.attrs(from, html.ImageAttributeFilter)
	attrs := string(r.out[start:])
	r.out = r.out[:start]
	r.picture(d, string(alt), r.pictureAttrs(attrs, &look, classes, lazy), look)
}

// alternative collects a picture's text without markup.
func (r *render) alternative(n ast.Node) []byte {
	out, holes, links, anchors := len(r.out), len(r.holes), len(r.links), len(r.anchors)
	plain, summary := len(r.plain), len(r.summary)
	r.quiet++
	r.alt = true
	r.inside(n)
	r.alt = false
	r.quiet--
	alt := bytes.Clone(r.plain[plain:])
	r.out, r.holes, r.links = r.out[:out], r.holes[:holes], r.links[:links]
	r.plain, r.summary, r.anchors = r.plain[:plain], r.summary[:summary], r.anchors[:anchors]
	return alt
}
