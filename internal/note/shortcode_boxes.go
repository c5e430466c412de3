package note

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"lectern/internal/diag"
)

// boxes are the shortcodes that set a piece of text off: notices and what can
// be opened, with the parameters that Hugo's Relearn theme had in its versions
// 5 to 8.
func boxes() []*shortcode {
	defs := []*shortcode{
		{
			name: "notice", inner: innerRequired, block: true,
			params: append([]param{{name: "style", pos: 1}, {name: "title", pos: 2}, {name: "icon", pos: 3}}, boxParams()...),
			show:   func(r *render, c *call) { r.notice(c, "") },
		},
		{
			name: "expand", aliases: []string{"details"}, inner: innerRequired, block: true,
			params: []param{
				{name: "title", pos: 1, aliases: []string{"summary"}},
				{name: "expanded", pos: 2, flag: true, aliases: []string{"open"}},
				{name: "groupid"},
				{name: "name"},
				{name: "class"},
			},
			show: (*render).expandBox,
		},
	}
	// The styles are shortcodes too, as other themes have them.
	for _, style := range []string{"info", "note", "tip", "warning", "caution", "important"} {
		defs = append(defs, &shortcode{
			name: style, inner: innerRequired, block: true,
			params: append([]param{{name: "title", pos: 1}, {name: "icon", pos: 2}}, boxParams()...),
			show:   func(r *render, c *call) { r.notice(c, style) },
		})
	}
	return defs
}

func boxParams() []param {
	return []param{{name: "color"}, {name: "groupid"}, {name: "expanded", flag: true, aliases: []string{"open"}}}
}

// box is how a notice or an alert shows.
type box struct {
	style, icon string
	title       func(r *render) // writes the title; nil for none
	fold, open  bool
	body        func(r *render)
}

func (r *render) notice(c *call, style string) {
	if style == "" {
		style = r.style(c, "default")
	}
	look := looks(style)
	b := box{style: style, icon: look.icon, body: func(r *render) { r.inner(c, false) }}
	if title, given := c.get("title"); given {
		b.title = r.titleFunc(title)
	} else if look.title != "" {
		b.title = r.titleFunc(look.title)
	}
	if a, given := c.arg("icon"); given {
		b.icon = strings.TrimSpace(a.value)
		if b.icon != "" {
			b.icon = r.iconName(a)
		}
	} else {
		b.icon = r.defaultIcon(b.icon)
	}
	if expanded, given := c.get("expanded"); given && expanded != "" {
		b.fold, b.open = true, isTrue(expanded)
	}
	r.box(b)
}

// titleFunc writes a title given as a parameter; blanks mean none.
func (r *render) titleFunc(title string) func(*render) {
	title = strings.TrimSpace(title)
	if title == "" {
		return nil
	}
	return func(r *render) { r.literalText(title) }
}

// box writes a notice.
func (r *render) box(b box) {
	tag, titleTag, role := "div", "p", ` role="note"`
	if b.fold {
		tag, titleTag, role = "details", "summary", ""
		if b.open {
			role = " open"
		}
	}
	r.str("<" + tag + ` class="notice notice-` + b.style + `"` + role + ">")
	if b.title != nil || b.fold {
		r.str("<" + titleTag + ` class="notice-title">`)
		r.iconSVG(b.icon)
		if b.icon != "" && b.title != nil {
			r.str(" ")
		}
		r.quiet++
		if b.title != nil {
			b.title(r)
		} else {
			r.literalText("Details")
		}
		r.quiet--
		r.gap()
		r.str("</" + titleTag + ">")
	}
	r.str(`<div class="notice-body">` + "\n")
	b.body(r)
	r.str("</div></" + tag + ">\n")
}

func (r *render) expandBox(c *call) {
	r.str(`<details class="expand`)
	if class := c.str("class"); class != "" {
		r.str(" ")
		r.out = appendHTML(r.out, class)
	}
	r.str(`"`)
	if name := c.str("groupid") + c.str("name"); name != "" {
		r.str(` name="`)
		r.out = appendHTML(r.out, name)
		r.str(`"`)
	}
	if c.flag("expanded") {
		r.str(" open")
	}
	r.str("><summary>")
	title := strings.TrimSpace(c.str("title"))
	if title == "" {
		title = "Expand me…"
	}
	r.quiet++
	r.literalText(title)
	r.quiet--
	r.gap()
	r.str(`</summary><div class="expand-body">` + "\n")
	r.inner(c, false)
	r.str("</div></details>\n")
}

// look is what a style brings by itself.
type look struct{ title, icon string }

func looks(style string) look {
	switch style {
	case "info":
		return look{"Info", "circle-info"}
	case "note":
		return look{"Note", "circle-exclamation"}
	case "tip":
		return look{"Tip", "lightbulb"}
	case "warning":
		return look{"Warning", "triangle-exclamation"}
	case "caution":
		return look{"Caution", "hand"}
	case "important":
		return look{"Important", "bell"}
	}
	return look{}
}

// styles are the looks that boxes, buttons and badges may have.
func styles() []string {
	return []string{
		"accent", "action", "blue", "caution", "code", "cyan", "default", "green", "grey", "important", "info", "inline",
		"link", "magenta", "note", "orange", "primary", "red", "secondary", "tip", "transparent", "warning",
	}
}

// style returns the style that the call asks for. A colour counts when it is
// the name of a style; others would need a style in the page, which a strict
// policy forbids.
func (r *render) style(c *call, fallback string) string {
	for _, name := range []string{"style", "color"} {
		a, given := c.arg(name)
		value := strings.ToLower(strings.TrimSpace(a.value))
		if !given || value == "" {
			continue
		}
		if value == "gray" {
			value = "grey"
		}
		if slices.Contains(styles(), value) {
			return value
		}
		if name == "style" {
			hint := "known are " + strings.Join(styles(), ", ")
			if near := diag.Nearest(value, styles()); near != "" {
				hint = "the nearest is \"" + near + "\""
			}
			r.report(diag.Warning, ruleParameter, a.off, "no such style \""+a.value+"\"", hint)
		}
	}
	return fallback
}

// alert writes a quotation that begins with [!STYLE].
func (r *render) alert(n *ast.Blockquote, title *alertTitle) {
	style := alertStyle(title.style)
	b := box{style: style, icon: r.defaultIcon(looks(style).icon), fold: title.fold != 0, open: title.fold == '+'}
	if title.HasChildren() {
		b.title = func(r *render) { r.children(title) }
	} else {
		b.title = r.titleFunc(strings.ToUpper(title.style[:1]) + title.style[1:])
	}
	b.body = func(r *render) { r.siblings(title.NextSibling()) }
	r.box(b)
}

// alertStyle maps the types of GitHub's and Obsidian's alerts to styles.
func alertStyle(typ string) string {
	switch typ {
	case "note", "tip", "important", "warning", "caution", "info":
		return typ
	case "abstract", "summary", "tldr", "todo":
		return "info"
	case "hint", "success", "check", "done":
		return "tip"
	case "question", "help", "faq", "attention":
		return "warning"
	case "failure", "fail", "missing", "danger", "error", "bug":
		return "caution"
	case "example", "quote", "cite":
		return "default"
	}
	if slices.Contains(styles(), typ) {
		return typ
	}
	return "note"
}
