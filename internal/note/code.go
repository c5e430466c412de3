package note

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"lectern/internal/highlight"
)

// lines joins a raw block's lines.
func (r *render) lines(n ast.Node) []byte {
	lines := n.Lines()
	var code []byte
	for i := range lines.Len() {
		seg := lines.At(i)
		code = append(code, seg.Value(r.src)...)
	}
	return code
}

func (r *render) indentedCode(n *ast.CodeBlock) {
	r.shows()
	r.quiet++
	r.str("<pre><code>")
	r.codeText(r.lines(n))
	r.str("</code></pre>\n")
	r.quiet--
	r.gap()
}

// fence writes a fenced block of code.
func (r *render) fence(n *ast.FencedCodeBlock) {
	var info []byte
	if n.Info != nil {
		info = n.Info.Segment.Value(r.src)
	}
	lang := r.withTokenText(nil, appendUnescaped(nil, n.Language(r.src), false))
	if i := bytes.IndexAny(lang, "{ \t\n"); i >= 0 {
		lang = lang[:i]
	}
	r.fenced(n, string(lang), info)
}

// fenced writes a block of code in the language lang, with the attributes of
// its info string.
func (r *render) fenced(n *ast.FencedCodeBlock, lang string, info []byte) {
	r.shows()
	if r.p.exact {
		r.str("<pre><code")
		if lang != "" {
			r.str(` class="language-`)
			r.out = appendHTML(r.out, lang)
			r.str(`"`)
		}
		r.str(">")
		r.codeText(r.lines(n))
		r.str("</code></pre>\n")
		return
	}
	code := r.withLiterals(r.lines(n))
	switch {
	case isMermaid(lang):
		r.mermaid(code, fenceAlign(n, info))
		return
	case strings.EqualFold(lang, "tree"):
		r.tree(code, r.fenceOffset(n))
		return
	case strings.EqualFold(lang, "math"):
		r.mathFence(code, r.fenceOffset(n), fenceAlign(n, info))
		return
	case strings.EqualFold(lang, "openapi") || strings.EqualFold(lang, "swagger"):
		if s, ok := readSpec(code, ""); ok {
			r.spec(s, nil, r.fenceOffset(n))
			return
		}
	}
	attrs := n.Attributes()
	if attrs == nil {
		attrs = infoAttributes(info)
	}
	opts := r.codeOptions()
	for _, a := range attrs {
		r.codeOption(&opts, string(a.Name), a.Value)
	}
	r.code(lang, code, opts)
}

// fenceOffset is where in the file the text of a fenced block begins.
func (r *render) fenceOffset(n *ast.FencedCodeBlock) int {
	if n.Lines().Len() == 0 {
		return r.doc.offset(max(n.Pos(), 0))
	}
	return r.doc.offset(n.Lines().At(0).Start)
}

// infoAttributes reads the {…} of an info string.
func infoAttributes(info []byte) []ast.Attribute {
	open := bytes.IndexByte(info, '{')
	if open < 0 {
		return nil
	}
	attrs, ok := parser.ParseAttributes(text.NewReader(info[open:]))
	if !ok {
		return nil
	}
	out := make([]ast.Attribute, len(attrs))
	for i, a := range attrs {
		out[i] = ast.Attribute{Name: a.Name, Value: a.Value}
	}
	return out
}

func isMermaid(lang string) bool { return strings.EqualFold(lang, "mermaid") }

// mermaid writes a diagram's source. It stands in the middle unless align says
// otherwise.
func (r *render) mermaid(code []byte, align string) {
	r.quiet++
	r.n.HasMermaid = true
	switch align = strings.ToLower(strings.TrimSpace(align)); align {
	case "left", "right":
		r.str(`<pre class="mermaid mermaid-` + align + `">`)
	default:
		r.str(`<pre class="mermaid">`)
	}
	r.out = appendHTML(r.out, bytes.Trim(code, "\n"))
	r.str("</pre>\n")
	r.say(code)
	r.quiet--
	r.gap()
}

// codeBox begins the element round a block of code that has a title or whose
// lines fold, and returns what ends it.
func (r *render) codeBox(inline bool) (end string) {
	title, fold := r.codeTitle, r.codeFold
	r.codeTitle, r.codeFold = "", false
	if title == "" && !fold || inline {
		return ""
	}
	r.n.HasParts = true
	r.str(`<div class="code-box`)
	if fold {
		r.str(" code-fold")
	}
	r.str(`">`)
	if title != "" {
		r.str(`<p class="code-title">`)
		r.literalText(title)
		r.gap()
		r.str("</p>")
	}
	return "</div>\n"
}

// code writes a block of code, highlighted where the language is known.
func (r *render) code(lang string, code []byte, opts highlight.Options) {
	r.quiet++
	defer func() { r.quiet-- }()
	r.say(code)
	r.gap()
	code = append(bytes.TrimRight(code, "\n"), '\n')
	if end := r.codeBox(opts.Inline); end != "" {
		defer func() { r.str(end) }()
	}
	if opts.LineAnchors == "" {
		opts.LineAnchors = "hl-" + strconv.Itoa(r.fences)
	}
	r.fences++
	if lang != "" {
		if out, ok := r.p.highlight.HTML(r.out, lang, string(code), opts); ok {
			start := len(r.out)
			r.out = append(out, '\n')
			r.n.HasCode = true
			if opts.AnchorLineNumbers || strings.Contains(opts.Attrs, ` id="`) {
				r.writtenIDs(start)
			}
			return
		}
	}
	r.str(`<pre tabindex="0"><code`)
	if lang != "" {
		r.str(` class="language-`)
		r.out = appendHTML(r.out, lang)
		r.str(`" data-lang="`)
		r.out = appendHTML(r.out, lang)
		r.str(`"`)
	}
	r.str(">")
	r.out = appendHTML(r.out, code)
	r.str("</code></pre>\n")
}
