package note

import (
	"strings"

	"lectern/internal/diag"
)

// references are the shortcodes that stand for the address of a page.
func references() []*shortcode {
	return []*shortcode{{
		about: "The address of a page, by its path or its name.",
		name:  "ref", aliases: []string{"relref"}, text: true, ref: true,
		params: []param{
			{name: "path", pos: 1},
			{name: "lang", pos: 2},
			{name: "outputformat", pos: 3},
		},
		show: func(r *render, c *call) {
			start := len(r.out)
			r.urlHole(destination{url: c.target(), kind: Ref, lang: c.language(), off: c.start})
			r.say(r.out[start:])
		},
	}}
}

// target is the page that a ref or relref names.
func (c *call) target() string { return strings.TrimSpace(c.str("path")) }

// language is the key of the language that a ref or relref asks for.
func (c *call) language() string { return strings.ToLower(strings.TrimSpace(c.str("lang"))) }

// media are pictures, code and diagrams, with the parameters of Hugo's figure
// and highlight and of Relearn's mermaid and highlight.
func media() []*shortcode {
	return []*shortcode{
		{
			about: "A picture with a caption.",
			name:  "figure", block: true,
			params: []param{
				{name: "src", pos: 1},
				{name: "caption"},
				{name: "title"},
				{name: "alt"},
				{name: "link"},
				{name: "target"},
				{name: "rel"},
				{name: "class"},
				{name: "width"},
				{name: "height"},
				{name: "loading"},
				{name: "attr"},
				{name: "attrlink"},
			},
			show: (*render).figure,
		},
		{
			about: "A block of code in colours, with line numbers or a title.",
			name:  "highlight", inner: innerRequired, raw: true, block: true,
			params: []param{
				{name: "type", pos: 1, aliases: []string{"lang"}},
				{name: "options", pos: 2},
				{name: "title", pos: 3},
				{name: "linenos"},
				{name: "linenostart"},
				{name: "hl_lines"},
				{name: "hl_inline"},
				{name: "anchorlinenos"},
				{name: "lineanchors"},
				{name: "linenumbersintable"},
				{name: "tabwidth"},
				{name: "style"},
				{name: "noclasses"},
				{name: "guesssyntax"},
				{name: "class"},
				{name: "wrap"},
			},
			show: (*render).highlightCode,
		},
		{
			about: "A diagram.",
			name:  "mermaid", inner: innerRequired, raw: true, block: true,
			params: []param{{name: "align", pos: 1}, {name: "zoom"}, {name: "config"}, {name: "class"}, {name: "show"}},
			show:   func(r *render, c *call) { r.mermaid(r.rawInner(c), r.align(c)) },
		},
		{
			about: "A formula.",
			name:  "math", aliases: []string{"katex", "mathjax"}, inner: innerRequired, raw: true, block: true,
			params: []param{{name: "align", pos: 1}},
			inLine: mathInLine,
			show:   (*render).mathCall,
		},
	}
}

func (r *render) figure(c *call) {
	if !c.has("src") {
		r.report(diag.Warning, ruleParameter, c.start, "shortcode \""+c.name+"\" needs the address of a picture", c.def.usage())
	}
	r.str("<figure")
	r.attr("class", c.str("class"))
	r.str(">")
	end := func() {}
	if link, ok := c.arg("link"); ok && link.value != "" {
		attrs := ""
		for _, name := range []string{"target", "rel"} {
			if v := c.str(name); v != "" {
				attrs += " " + name + `="` + string(appendHTML(nil, v)) + `"`
			}
		}
		end = r.openLink(destination{url: link.value, kind: Anchor, off: link.off}, attrs)
	}
	if src, ok := c.arg("src"); ok && src.value != "" {
		r.figureImage(c, src)
	}
	end()
	r.figureCaption(c)
	r.str("</figure>\n")
	r.gap()
}

func (r *render) attr(name, value string) {
	if value == "" {
		return
	}
	r.str(" " + name + `="`)
	r.out = appendHTML(r.out, value)
	r.str(`"`)
}

func (r *render) figureImage(c *call, src arg) {
	alt := c.str("alt")
	if alt == "" {
		alt = c.str("caption")
	}
	d := destination{url: src.value, kind: Image, off: src.off}
	look, classes, lazy := r.look(&d)
	start := len(r.out)
	r.str(` alt="`)
	r.out = appendHTML(r.out, alt)
	r.str(`"`)
	r.attr("width", c.str("width"))
	r.attr("height", c.str("height"))
	r.attr("loading", c.str("loading"))
	attrs := string(r.out[start:])
	r.out = r.out[:start]
	r.picture(d, alt, r.pictureAttrs(attrs, &look, classes, lazy), look)
}

func (r *render) figureCaption(c *call) {
	title, _ := c.arg("title")
	caption, _ := c.arg("caption")
	credit, _ := c.arg("attr")
	if title.value == "" && caption.value == "" && credit.value == "" {
		return
	}
	r.quiet++
	r.str("<figcaption>")
	if title.value != "" {
		r.str(`<p class="figure-title">`)
		r.literalText(title.value)
		r.str("</p>")
		r.gap()
	}
	if caption.value != "" || credit.value != "" {
		r.str("<p>")
		r.markdownArg(caption, true)
		if credit.value != "" {
			r.credit(c, credit)
		}
		r.str("</p>")
	}
	r.str("</figcaption>")
	r.quiet--
}

func (r *render) credit(c *call, credit arg) {
	r.str(" ")
	r.say([]byte{' '})
	end := func() {}
	if link, ok := c.arg("attrlink"); ok && link.value != "" {
		end = r.openLink(destination{url: link.value, kind: Anchor, off: link.off}, "")
	}
	r.markdownArg(credit, true)
	end()
}

// highlightCode is Hugo's highlight: language, options "linenos=table,hl_lines=1 3-5".
func (r *render) highlightCode(c *call) {
	r.checkHighlight(c)
	lang := strings.TrimSpace(c.str("type"))
	code := trimCode(r.rawInner(c))
	if isMermaid(lang) {
		r.mermaid(code, "")
		return
	}
	opts := r.codeOptions()
	for _, option := range strings.Split(c.str("options"), ",") {
		if name, value, ok := strings.Cut(strings.TrimSpace(option), "="); ok {
			r.codeOption(&opts, name, strings.Trim(value, `"`))
		}
	}
	for _, a := range c.args {
		if a.name != "" && a.name != "type" && a.name != "lang" && a.name != "options" {
			r.codeOption(&opts, a.name, a.value)
		}
	}
	r.code(lang, code, opts)
}

// trimCode takes away the line of the start tag and the line of the end tag.
func trimCode(code []byte) []byte {
	i := 0
	for i < len(code) && (code[i] == ' ' || code[i] == '\t') {
		i++
	}
	if i < len(code) && code[i] == '\n' {
		code = code[i+1:]
	}
	for len(code) > 0 {
		switch code[len(code)-1] {
		case ' ', '\t', '\n':
			code = code[:len(code)-1]
			continue
		}
		break
	}
	return code
}
