package note

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"lectern/internal/diag"
)

// BoxStyle is a style that a site defines for itself (Relearn's boxStyle): its
// Title, Icon and Color stand in for those of Style, a style defined before it.
type BoxStyle struct{ Identifier, Style, Title, Icon, Color string }

// tone is how a shortcode is coloured, and what comes with that.
type tone struct {
	style string
	// hue is a class that stands over the style's colour; "" for none.
	hue  string
	look look
}

// look is what a style brings by itself.
type look struct{ title, icon string }

// class returns the classes for an element of the given kind.
func (t tone) class(kind string) string {
	c := kind + " " + kind + "-" + t.style
	if t.hue != "" {
		c += " hue " + t.hue
	}
	return c
}

// tint returns the classes of an element that has its colour by the style alone.
func (t tone) tint() string {
	c := "tint tint-" + t.style
	if t.hue != "" {
		c += " hue " + t.hue
	}
	return c
}

// looks returns what the theme's styles bring.
func (o *Options) looks(style string) look {
	icon := ""
	switch style {
	case "info":
		icon = "circle-info"
	case "note":
		icon = "circle-exclamation"
	case "tip":
		icon = "lightbulb"
	case "warning":
		icon = "triangle-exclamation"
	case "caution":
		icon = "hand"
	case "important":
		icon = "bell"
	default:
		return look{}
	}
	return look{o.word(style), icon}
}

// styles are the looks that boxes, buttons and badges may have.
func styles() []string {
	return []string{
		"accent", "action", "blue", "caution", "code", "cyan", "default", "green", "grey", "important", "info", "inline",
		"link", "magenta", "note", "orange", "primary", "red", "secondary", "tip", "transparent", "warning",
	}
}

// tone returns the colours that the call asks for by style and color.
func (r *render) tone(c *call, fallback string) tone {
	t := tone{style: fallback}
	if a, given := c.arg("style"); given && strings.TrimSpace(a.value) != "" {
		if named, ok := r.styleNamed(a.value); ok {
			t = named
		} else {
			r.noStyle(a)
		}
	} else {
		t.look = r.p.opts.looks(fallback)
	}
	if a, given := c.arg("color"); given {
		r.paint(&t, a.value, func() { r.noColor(a) })
	}
	return t
}

func (r *render) noColor(a arg) {
	r.report(diag.Warning, ruleParameter, a.off, "no such colour \""+a.value+"\"", "write a CSS colour such as teal or #0a6378, or a style's name")
}

// paint gives t the colour value, the name of a style or of CSS; wrong is called
// for what is neither.
func (r *render) paint(t *tone, value string, wrong func()) {
	value = strings.ToLower(strings.TrimSpace(value))
	switch {
	case value == "":
		return
	case value == "gray":
		value = "grey"
	}
	if slices.Contains(styles(), value) {
		// Its colour alone: the style still says what kind of thing this is.
		if t.style == "default" || t.style == "transparent" || t.style == "" {
			t.style = value
			return
		}
		value = styleColor(value)
	}
	hue, ok := hueClass(value)
	switch {
	case !ok && strings.HasPrefix(value, "var("):
		// A variable of the theme's style sheets, which are not used.
	case !ok:
		wrong()
	case hue == "grey":
		t.hue = "h-grey"
	default:
		t.hue = hue
	}
	r.n.HasParts = r.n.HasParts || t.hue != ""
}

// styleColor is a CSS colour for a style that is used as one.
func styleColor(style string) string {
	switch style {
	case "info", "note":
		return "blue"
	case "tip":
		return "green"
	case "warning":
		return "orange"
	case "caution":
		return "red"
	case "important":
		return "magenta"
	case "primary", "accent", "link", "action":
		return "teal"
	case "blue", "cyan", "green", "grey", "magenta", "orange", "red":
		return style
	}
	return "grey"
}

// styleNamed finds a style of the site's own, else one of the theme's.
func (r *render) styleNamed(name string) (tone, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "gray" {
		name = "grey"
	}
	own := r.p.opts.BoxStyles
	for i := len(own) - 1; i >= 0; i-- {
		if strings.EqualFold(own[i].Identifier, name) {
			return r.ownStyle(own[:i+1]), true
		}
	}
	if slices.Contains(styles(), name) {
		return tone{style: name, look: r.p.opts.looks(name)}, true
	}
	return tone{}, false
}

// ownStyle resolves the last of the given styles, which may build on those
// before it.
func (r *render) ownStyle(list []BoxStyle) tone {
	b := list[len(list)-1]
	t := tone{style: "default"}
	switch base := strings.ToLower(strings.TrimSpace(b.Style)); {
	case base == "":
	case slices.Contains(styles(), base):
		t = tone{style: base, look: r.p.opts.looks(base)}
	default:
		for i := len(list) - 2; i >= 0; i-- {
			if strings.EqualFold(list[i].Identifier, base) {
				t = r.ownStyle(list[:i+1])
				break
			}
		}
	}
	// Blanks mean none; nothing means as before.
	if b.Title != "" {
		t.look.title = strings.TrimSpace(b.Title)
	}
	if b.Icon != "" {
		t.look.icon = strings.TrimSpace(b.Icon)
	}
	if b.Color != "" {
		t.hue = ""
		r.paint(&t, b.Color, func() {})
	}
	return t
}

func (r *render) noStyle(a arg) {
	known := styles()
	for _, s := range r.p.opts.BoxStyles {
		known = append(known, s.Identifier)
	}
	hint := "known are " + strings.Join(known, ", ")
	if near := diag.Nearest(strings.ToLower(a.value), known); near != "" {
		hint = "the nearest is \"" + near + "\""
	}
	r.report(diag.Warning, ruleParameter, a.off, "no such style \""+a.value+"\"", hint)
}

// iconOf returns the icon that the call asks for, else its style's. Blanks mean
// none.
func (r *render) iconOf(c *call, t tone) string {
	if a, given := c.arg("icon"); given && a.value != "" {
		if strings.TrimSpace(a.value) == "" {
			return ""
		}
		return r.iconName(a)
	}
	return r.defaultIcon(t.look.icon)
}

// titleOf returns the title that the call asks for, else its style's. Blanks
// mean none.
func (c *call) titleOf(t tone) arg {
	a, given := c.arg("title")
	if !given || a.value == "" {
		a = arg{value: t.look.title, off: c.start}
	}
	a.value = strings.TrimSpace(a.value)
	return a
}

// title writes a title, which is one line of Markdown. What would be a block
// (a heading, a list) is shown as it was written.
func (r *render) title(a arg) {
	if isPlain([]byte(a.value)) {
		r.literalText(a.value)
		return
	}
	doc, src, para := r.doc, r.src, r.para
	d := document{text: []byte(a.value), at: []piece{{0, a.off}}}
	r.doc, r.src, r.para = d, d.text, -1
	root, _ := r.parse(d.text)
	if p := root.FirstChild(); p != nil && p.NextSibling() == nil && isParagraph(p) {
		r.children(p)
	} else {
		r.literalText(a.value)
	}
	r.doc, r.src, r.para = doc, src, para
}

func isParagraph(n ast.Node) bool {
	_, is := n.(*ast.Paragraph)
	return is
}
