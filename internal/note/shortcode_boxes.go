package note

import (
	"strings"
)

// boxes are the shortcodes that set a piece of text off: notices and what can
// be opened, with the parameters that Hugo's Relearn theme had in its versions
// 5 to 8.
func boxes() []*shortcode {
	defs := []*shortcode{
		{
			name: "notice", aliases: []string{"callout"}, inner: innerRequired, block: true,
			about:  "A box with a title, an icon and a colour.",
			params: append([]param{{name: "style", pos: 1}, {name: "title", pos: 2}, {name: "icon", pos: 3}}, boxParams()...),
			show:   func(r *render, c *call) { r.notice(c, "") },
		},
		{
			name: "expand", inner: innerRequired, block: true,
			about: "A text that the reader opens.",
			params: []param{
				{name: "title", pos: 1, aliases: []string{"summary", "default"}},
				{name: "expanded", pos: 2, flag: true, aliases: []string{"open", "display"}},
				{name: "groupid", aliases: []string{"name"}},
				{name: "class"},
			},
			show: func(r *render, c *call) {
				title, _ := c.arg("title")
				r.expandBox(c, title, "")
			},
		},
		{
			name: "details", inner: innerRequired, block: true,
			about: "A text that the reader opens, with the parameters of Hugo's own.",
			params: []param{
				{name: "summary", pos: 1},
				{name: "open", pos: 2, flag: true, aliases: []string{"expanded"}},
				{name: "name", aliases: []string{"groupid"}},
				{name: "title"},
				{name: "class"},
			},
			show: (*render).details,
		},
	}
	// The styles are shortcodes too, as other themes have them.
	for _, style := range []string{"info", "note", "tip", "warning", "caution", "important"} {
		var aliases []string
		if style == "warning" {
			aliases = []string{"warn"}
		}
		defs = append(defs, &shortcode{
			name: style, aliases: aliases, inner: innerRequired, block: true,
			about:  "A notice in the style " + style + ".",
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
	tone  tone
	icon  string
	title func(r *render) // writes the title; nil for none
	fold  bool
	open  bool
	// group names boxes of which only one is open.
	group string
	body  func(r *render)
}

func (r *render) notice(c *call, style string) {
	var t tone
	if style == "" {
		t = r.tone(c, "default")
	} else if t, _ = r.styleNamed(style); true {
		if a, given := c.arg("color"); given {
			r.paint(&t, a.value, func() { r.noColor(a) })
		}
	}
	b := box{tone: t, icon: r.iconOf(c, t), body: func(r *render) { r.inner(c, false) }}
	if title := c.titleOf(t); title.value != "" {
		b.title = func(r *render) { r.title(title) }
	}
	if expanded, given := c.get("expanded"); given && strings.TrimSpace(expanded) != "" {
		b.fold, b.open, b.group = true, isTrue(expanded), strings.TrimSpace(c.str("groupid"))
	}
	r.box(b)
}

// box writes a notice.
func (r *render) box(b box) {
	before := r.progress()
	tag, titleTag, role := "div", "p", ` role="note"`
	if b.fold {
		tag, titleTag, role = "details", "summary", ""
		if b.open {
			role = " open"
		}
	}
	r.str("<" + tag + ` class="` + b.tone.class("notice") + `"`)
	r.attr("name", b.group)
	r.str(role + ">")
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
			r.literalText(r.p.opts.word("details"))
		}
		r.quiet--
		r.gap()
		r.str("</" + titleTag + ">")
	}
	if b.body == nil {
		r.str("</" + tag + ">\n")
		return
	}
	r.str(`<div class="notice-body">` + "\n")
	inner := len(r.out)
	b.body(r)
	if r.emptied(before, inner) {
		return
	}
	r.str("</div></" + tag + ">\n")
}

// details is Hugo's: its title is a hint. Relearn once took it for the summary.
func (r *render) details(c *call) {
	summary, given := c.arg("summary")
	hint := c.str("title")
	if !given {
		summary, _ = c.arg("title")
		hint = ""
	}
	r.expandBox(c, summary, hint)
}

func (r *render) expandBox(c *call, title arg, hint string) {
	r.str(`<details class="expand`)
	if class := c.str("class"); class != "" {
		r.str(" ")
		r.out = appendHTML(r.out, class)
	}
	r.str(`"`)
	group, open := "groupid", "expanded"
	if c.def.name == "details" {
		group, open = "name", "open"
	}
	r.attr("name", c.str(group))
	r.attr("title", hint)
	if c.flag(open) {
		r.str(" open")
	}
	r.str("><summary>")
	if title.value = strings.TrimSpace(title.value); title.value == "" {
		title.value = r.p.opts.word("expand")
	}
	r.quiet++
	r.title(title)
	r.quiet--
	r.gap()
	r.str(`</summary><div class="expand-body">` + "\n")
	if isAbstract(title.value) {
		start := r.beginAside()
		r.inner(c, false)
		r.endAside(start)
	} else {
		r.inner(c, false)
	}
	r.str("</div></details>\n")
}
