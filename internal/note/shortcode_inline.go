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
			params: []param{
				{name: "href"},
				{name: "style"},
				{name: "color"},
				{name: "icon"},
				{name: "iconposition", aliases: []string{"icon-position"}},
				{name: "target"},
				{name: "type"},
				{name: "title"},
				{name: "hint"},
			},
			show: (*render).button,
		},
		{
			name: "badge", inner: innerRequired,
			params: []param{{name: "style", pos: 1}, {name: "title", pos: 2}, {name: "icon", pos: 3}, {name: "color"}},
			show:   (*render).badge,
		},
		{
			name:   "icon",
			params: []param{{name: "icon", pos: 1, aliases: []string{"name"}}, {name: "style"}, {name: "color"}},
			show: func(r *render, c *call) {
				if a, ok := c.arg("icon"); ok {
					r.iconSVG(r.iconName(a))
				}
			},
		},
	}
}

func (r *render) button(c *call) {
	href, given := c.arg("href")
	target := strings.TrimSpace(href.value)
	iconArg, hasIcon := c.arg("icon")
	icon := ""
	if hasIcon {
		icon = r.iconName(iconArg)
	}
	class := "btn btn-" + r.style(c, "default")
	attrs := ` class="` + class + `"`
	if t := c.str("target"); t != "" {
		attrs += ` target="` + string(appendHTML(nil, t)) + `"`
		if t == "_blank" {
			attrs += ` rel="noopener"`
		}
	}
	if t := c.str("title") + c.str("hint"); t != "" {
		attrs += ` title="` + string(appendHTML(nil, t)) + `"`
	}
	end := func() { r.str("</span>") }
	if given && target != "" && r.allowed(target) {
		end = r.openLink(destination{url: target, kind: Anchor, off: href.off}, attrs)
	} else {
		r.str(`<span class="` + class + `">`)
	}
	right := strings.EqualFold(c.str("iconposition"), "right")
	if !right {
		r.iconSVG(icon)
	}
	r.str("<span>")
	start := len(r.plain)
	r.quiet++
	if c.innerFrom >= 0 {
		r.inner(c, true)
	} else if target != "" {
		r.literalText(target)
	}
	r.quiet--
	label := string(r.plain[start:])
	r.str("</span>")
	if right {
		r.iconSVG(icon)
	}
	end()
	r.say([]byte{' '})
	r.n.Resources.add(target, label, iconArg.value)
}

func (r *render) badge(c *call) {
	style := r.style(c, "default")
	look := looks(style)
	title, given := c.get("title")
	if !given {
		title = look.title
	}
	title = strings.TrimSpace(title)
	icon := ""
	if a, ok := c.arg("icon"); ok {
		if strings.TrimSpace(a.value) != "" {
			icon = r.iconName(a)
		}
	} else if look.icon != "" {
		icon = r.defaultIcon(look.icon)
	}
	r.str(`<span class="badge badge-` + style + `">`)
	if title != "" || icon != "" {
		r.str(`<span class="badge-title">`)
		r.iconSVG(icon)
		r.literalText(title)
		r.str("</span>")
		r.say([]byte{' '})
	}
	r.str(`<span class="badge-value">`)
	r.inner(c, true)
	r.str("</span></span>")
}

// iconName returns the canonical name of the icon that a parameter names, or ""
// and a finding.
func (r *render) iconName(a arg) string {
	if r.p.opts.Icon != nil {
		if name, ok := r.p.opts.Icon(a.value); ok {
			return name
		}
	}
	r.report(diag.Warning, ruleIcon, a.off, "no such icon \""+a.value+"\"", "the names are those of Font Awesome's free icons")
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
