package page

import (
	"html"
	"slices"
	"strings"

	"lectern/internal/site"
)

// shortcut is one entry of a configured menu, shown below the sections.
type shortcut struct {
	text, icon string
	// url begins at the site's root or is complete.
	url string
}

// shortcutMenus are the configured menus that are shown: Relearn's and Hugo's
// usual one.
var shortcutMenus = [...]string{"shortcuts", "main"}

// findShortcuts resolves the configured entries and adds the special pages. One without words or without
// an address is left out; so is a second one to the same address.
func (p *Pass) findShortcuts() []shortcut {
	var out []shortcut
	for _, name := range shortcutMenus {
		for _, e := range p.r.cfg.Menus[name] {
			s := shortcut{text: plain(e.Name), url: e.URL, icon: fontAwesome(e.Pre + e.Name)}
			if e.PageRef != "" {
				if pg := p.pageAt(e.PageRef); pg != nil {
					s.url = pg.URL
					s.text = cmpOr(s.text, plain(e.Title), pg.LinkTitle)
				}
			}
			s.text = cmpOr(s.text, plain(e.Title), e.Identifier)
			if s.url == "" || s.text == "" || unsafeScheme(s.url) ||
				slices.ContainsFunc(out, func(o shortcut) bool { return o.url == s.url }) {
				continue
			}
			out = append(out, s)
		}
	}
	for _, pg := range p.homeSpecials() {
		out = append(out, shortcut{text: pg.LinkTitle, url: pg.URL})
	}
	return out
}

func cmpOr(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// unsafeScheme reports whether a link to url would run something.
func unsafeScheme(url string) bool {
	scheme, _, ok := strings.Cut(url, ":")
	if !ok || strings.ContainsAny(scheme, "/?#") {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(scheme)) {
	case "http", "https", "mailto", "tel", "matrix", "xmpp", "irc", "ircs":
		return false
	}
	return true
}

// pageAt returns the page that a pageRef means: its address, or the path of
// its file below the content folder.
func (p *Pass) pageAt(ref string) *site.Page {
	ref = strings.TrimSuffix(strings.TrimSuffix(strings.Trim(ref, "/"), ".md"), "/_index")
	url := strings.ToLower(p.site.Home.URL + ref)
	for _, pg := range p.site.Pages {
		if pg.Unlisted {
			continue
		}
		if strings.TrimSuffix(strings.TrimSuffix(strings.ToLower(pg.URL), "/"), ".html") == strings.TrimSuffix(url, "/") {
			return pg
		}
	}
	return nil
}

// hashMenuFrame covers what every menu shows besides its lines.
func (p *Pass) hashMenuFrame() uint64 {
	h := hash(p.r.key)
	for _, tax := range p.taxonomies() {
		hashLink(&h, tax)
	}
	for _, s := range p.shortcuts() {
		h.str(s.text)
		h.str(s.url)
		h.str(s.icon)
	}
	return uint64(h)
}

// taxonomies returns those that have terms and a page.
func (p *Pass) taxonomies() []*site.Page {
	if !p.r.html[site.Taxonomy] {
		return nil
	}
	var out []*site.Page
	for _, tax := range p.site.Taxonomies {
		if len(tax.Members) > 0 {
			out = append(out, tax)
		}
	}
	return out
}

// plain returns the text of a short piece of HTML, such as a menu's name:
// Relearn's users write icons into them.
func plain(s string) string {
	var b strings.Builder
	for s != "" {
		text, rest, ok := strings.Cut(s, "<")
		b.WriteString(text)
		if !ok {
			break
		}
		if _, s, ok = strings.Cut(rest, ">"); !ok {
			break
		}
	}
	return strings.TrimSpace(html.UnescapeString(b.String()))
}
