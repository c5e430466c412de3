package note

import (
	"strings"

	"lectern/internal/diag"
)

// inlines are the shortcodes that stand in a line of text.
func inlines() []*shortcode {
	return []*shortcode{
		{
			name: "button", inner: innerRequired,
			about: "A link that looks like a button. One with the icon or the address of a video, slides or code makes it the session's.",
			params: []param{
				{name: "href"},
				{name: "style"},
				{name: "color"},
				{name: "icon"},
				{name: "iconposition", aliases: []string{"icon-position"}},
				{name: "target"},
				{name: "type"},
				{name: "hint", aliases: []string{"title"}},
				{name: "borderless", flag: true},
			},
			show: (*render).button,
		},
		{
			name: "badge", inner: innerRequired,
			about:  "A small mark in the text.",
			params: []param{{name: "style", pos: 1}, {name: "title", pos: 2}, {name: "icon", pos: 3}, {name: "color"}},
			show:   (*render).badge,
		},
		{
			name:   "icon",
			about:  "An icon of Font Awesome's free set.",
			params: []param{{name: "icon", pos: 1, aliases: []string{"name"}}, {name: "style", pos: 2}, {name: "color"}},
			show:   (*render).icon,
		},
	}
}

func (r *render) button(c *call) {
	href, _ := c.arg("href")
	target := strings.TrimSpace(href.value)
	t := r.tone(c, "default")
	icon := r.iconOf(c, t)
	attrs := c.buttonAttrs(t.class("btn"))
	var end func()
	switch kind := strings.ToLower(strings.TrimSpace(c.str("type"))); {
	case scheme(target) == "javascript":
		r.report(diag.Warning, ruleScript, href.off, "this button would run a script, which the site's policy forbids; it does nothing",
			"link to a page instead")
		fallthrough
	case target == "" && kind != "submit" && kind != "reset" || !r.allowed(target):
		r.str("<span" + attrs + ">")
		end = func() { r.str("</span>") }
	case target == "":
		if !r.p.opts.UnsafeHTML {
			kind = "button"
		}
		r.str("<button" + attrs + ` type="` + kind + `">`)
		end = func() { r.str("</button>") }
	default:
		end = r.openLink(destination{url: target, kind: Anchor, off: href.off}, attrs)
	}
	right := strings.EqualFold(strings.TrimSpace(c.str("iconposition")), "right")
	if !right {
		r.iconSVG(icon)
	}
	label := r.buttonLabel(c, target, t)
	if right {
		r.iconSVG(icon)
	}
	end()
	r.say([]byte{' '})
	iconArg, _ := c.arg("icon")
	r.n.Resources.add(target, label, iconArg.value)
}

// buttonAttrs are the attributes of a button, whatever element it is.
func (c *call) buttonAttrs(class string) string {
	if c.flag("borderless") {
		class += " btn-borderless"
	}
	attrs := ` class="` + class + `"`
	if t := c.str("target"); t != "" {
		attrs += ` target="` + string(appendHTML(nil, t)) + `"`
		if t == "_blank" {
			attrs += ` rel="noopener"`
		}
	}
	if t := c.str("hint"); t != "" {
		attrs += ` title="` + string(appendHTML(nil, t)) + `"`
	}
	return attrs
}

// buttonLabel writes the words on a button and returns them: its inner text,
// else what its style is called, else, on a bare link, where it leads.
func (r *render) buttonLabel(c *call, target string, t tone) string {
	r.str("<span>")
	start, wrote := r.beginAside(), len(r.out)
	if c.innerFrom >= 0 {
		r.inner(c, true)
	}
	if len(r.out) == wrote {
		switch hint := c.str("hint"); {
		case t.look.title != "":
			r.literalText(t.look.title)
		case c.innerFrom < 0:
			r.literalText(target)
		case hint != "":
			r.str(`<span class="vh">`)
			r.literalText(hint)
			r.str("</span>")
		}
	}
	r.endAside(start)
	label := string(r.plain[start:])
	r.str("</span>")
	return label
}

func (r *render) badge(c *call) {
	t := r.tone(c, "default")
	title := c.titleOf(t)
	icon := r.iconOf(c, t)
	r.str(`<span class="` + t.class("badge") + `">`)
	if title.value != "" || icon != "" {
		r.str(`<span class="badge-title">`)
		r.iconSVG(icon)
		r.title(title)
		r.str("</span>")
		r.say([]byte{' '})
	}
	r.str(`<span class="badge-value">`)
	r.inner(c, true)
	r.str("</span></span>")
}

// icon writes an icon in a line, in the colour of its style, if it has one.
func (r *render) icon(c *call) {
	if !c.has("style") && !c.has("color") {
		if a, ok := c.arg("icon"); ok {
			r.iconSVG(r.iconName(a))
		}
		return
	}
	t := r.tone(c, "default")
	name := r.iconOf(c, t)
	if name == "" || t.style == "default" && t.hue == "" {
		r.iconSVG(name)
		return
	}
	r.n.HasParts = true
	r.str(`<span class="` + t.tint() + `">`)
	r.iconSVG(name)
	r.str("</span>")
}

// iconName returns the canonical name of the icon that a parameter names, or ""
// and a finding.
func (r *render) iconName(a arg) string {
	if r.p.opts.Icon != nil {
		if name, ok := r.p.opts.Icon(a.value); ok {
			return name
		}
	}
	hint := "the names are those of Font Awesome's free icons"
	if r.p.opts.IconNames != nil && len(r.n.Diags) < maxDiags {
		words := strings.Fields(a.value)
		if len(words) > 0 {
			word := strings.TrimPrefix(words[len(words)-1], "fa-")
			if near := diag.Nearest(word, r.p.opts.IconNames()); near != "" {
				hint = "the nearest is \"" + near + "\""
			}
		}
	}
	r.report(diag.Warning, ruleIcon, a.off, "no such icon \""+a.value+"\"", hint)
	return ""
}

// defaultIcon returns the canonical name of an icon that no author asked for,
// or "" where the set has none.
func (r *render) defaultIcon(name string) string {
	if name == "" || r.p.opts.Icon == nil {
		return ""
	}
	canonical, ok := r.p.opts.Icon(name)
	if !ok {
		return ""
	}
	return canonical
}

// iconSVG writes an icon by its canonical name; "" writes nothing.
func (r *render) iconSVG(name string) {
	if name == "" {
		return
	}
	r.str(`<svg class="icon" aria-hidden="true"><use href="#icon-`)
	r.out = appendHTML(r.out, name)
	r.str(`"></use></svg>`)
	r.icons = append(r.icons, name)
}
