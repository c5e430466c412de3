package page

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lectern/internal/icon"
	"lectern/internal/site"
)

// symbol returns the icon of a canonical name as an element of a page's sprite,
// made once and shared by all pages; nil for an icon nobody knows.
func (r *Renderer) symbol(name string) []byte {
	if b, ok := r.symbols.Load(name); ok {
		return b.([]byte)
	}
	var b []byte
	if box, shapes, ok := icon.SVG(name); ok {
		b = append(b, `<symbol id="icon-`...)
		b = appendEscaped(b, name)
		b = append(b, `" viewBox="`+box+`">`+shapes+`</symbol>`...)
	}
	kept, _ := r.symbols.LoadOrStore(name, b)
	return kept.([]byte)
}

// putSprite puts the icons of the given names into s, for the text's
// <use href="#icon-…">, and what their licence asks for.
func (r *Renderer) putSprite(s *sheet, names []string) {
	if len(names) == 0 {
		return
	}
	s.own = append(s.own, icon.Attribution...)
	for _, name := range names {
		s.share(r.symbol(name))
	}
}

// inlineIcon returns the icon as an element that stands where it is shown, for
// menus, whose bytes are shared by pages with different sprites.
func inlineIcon(name string) string {
	box, shapes, ok := icon.SVG(name)
	if !ok {
		return ""
	}
	return `<svg class="icon" viewBox="` + box + `" aria-hidden="true">` + shapes + `</svg>`
}

// fontAwesome returns the first icon that HTML in Font Awesome's manner names
// (<i class="fas fa-fw fa-train"></i>) and that exists; "" for none.
func fontAwesome(html string) string {
	for {
		_, rest, ok := strings.Cut(html, "class=")
		if !ok || rest == "" {
			return ""
		}
		end := strings.IndexByte(rest, '>')
		if quote := rest[0]; quote == '"' || quote == '\'' {
			rest = rest[1:]
			end = strings.IndexByte(rest, quote)
		}
		if end < 0 {
			return ""
		}
		if name, ok := icon.Lookup(rest[:end]); ok {
			return name
		}
		html = rest[end:]
	}
}

// menuIcon returns the icon that a page's front matter wants before its line
// in the menu.
func menuIcon(pg *site.Page) string {
	if pg == nil || pg.Note == nil || pg.Note.Front.MenuPre == "" {
		return ""
	}
	return fontAwesome(pg.Note.Front.MenuPre)
}

// menuIconAfter is the same behind the line.
func menuIconAfter(pg *site.Page) string {
	if pg == nil || pg.Note == nil || pg.Note.Front.MenuPost == "" {
		return ""
	}
	return fontAwesome(pg.Note.Front.MenuPost)
}

// after is the icon behind the line.
func (l menuLine) after() string {
	if l.text != "" {
		return ""
	}
	return menuIconAfter(l.page)
}

// words are a line's words with an icon behind them.
func (m *menuView) words(text, icon string) templ.Component {
	html := templ.EscapeString(text)
	if icon != "" {
		html += " " + inlineIcon(icon)
	}
	return templ.Raw(html)
}

// hasIcons reports whether the menu shows any, and so has to name their authors.
func (m *menuView) hasIcons() bool {
	return slices.ContainsFunc(m.lines, func(l menuLine) bool { return l.text == "" && menuIcon(l.page)+menuIconAfter(l.page) != "" }) ||
		slices.ContainsFunc(m.pass.shortcuts(), func(menu shortcutMenu) bool {
			return slices.ContainsFunc(menu.entries, func(s shortcut) bool { return s.icon != "" || s.after != "" })
		})
}
