package page

import (
	"cmp"
	"slices"
	"strings"

	"lectern/internal/config"
	"lectern/internal/site"
)

// shortcutMenu is a configured menu: a heading, if it has one, and its entries.
type shortcutMenu struct {
	title   string
	entries []shortcut
}

// maxMenuDepth is how deeply the entries of a configured menu may be nested.
const maxMenuDepth = 8

// findShortcuts resolves the configured menus and adds the special pages.
// Relearn's sidebarmenus and its kin say which menus there are; without them
// they are Relearn's and Hugo's usual ones, under one heading.
func (p *Pass) findShortcuts() []shortcutMenu {
	all := p.menuEntries()
	heading := p.r.words.shortcuts
	if p.r.cfg.ParamFlag(nil, "disableshortcutstitle") {
		heading = ""
	}
	sidebar := p.sidebarMenus()
	var out []shortcutMenu
	if sidebar == nil {
		one := shortcutMenu{title: heading}
		for _, name := range [...]string{"shortcuts", "main"} {
			one.entries = p.shortcutTree(one.entries, all[name], "", 0)
		}
		one.entries = append(one.entries, p.specialShortcuts()...)
		out = append(out, one)
	}
	for _, m := range sidebar {
		menu := shortcutMenu{entries: p.shortcutTree(nil, all[m.identifier], "", 0)}
		if m.identifier == "shortcuts" {
			menu.title = heading
		}
		if m.title != "" {
			menu.title = m.title
		}
		if m.untitled {
			menu.title = ""
		}
		out = append(out, menu)
	}
	if sidebar != nil {
		out = append(out, shortcutMenu{entries: p.specialShortcuts()})
	}
	return slices.DeleteFunc(out, func(m shortcutMenu) bool { return len(m.entries) == 0 })
}

func (p *Pass) specialShortcuts() []shortcut {
	var out []shortcut
	for _, pg := range p.homeSpecials() {
		out = append(out, shortcut{text: pg.LinkTitle, url: pg.URL})
	}
	return out
}

// sidebarMenu is an entry of Relearn's sidebarmenus that shows a menu.
type sidebarMenu struct {
	identifier, title string
	untitled          bool
}

// sidebarMenus are the menus that the site asks for; nil where it asks for none.
func (p *Pass) sidebarMenus() []sidebarMenu {
	var out []sidebarMenu
	for _, name := range [...]string{"sidebarheadermenus", "sidebarmenus", "sidebarfootermenus"} {
		list, given := p.r.cfg.Param(nil, name).([]any)
		if !given {
			if name == "sidebarmenus" {
				out = append(out, sidebarMenu{identifier: "shortcuts"}, sidebarMenu{identifier: "main"})
			}
			continue
		}
		for _, item := range list {
			m, _ := item.(map[string]any)
			text := func(key string) string { s, _ := m[key].(string); return s }
			if text("type") != "menu" {
				continue
			}
			one := sidebarMenu{identifier: strings.ToLower(text("identifier")), title: plain(cmp.Or(text("title"), text("name")))}
			one.untitled, _ = m["disabletitle"].(bool)
			out = append(out, one)
		}
	}
	if len(out) == 2 && p.r.cfg.Param(nil, "sidebarmenus") == nil {
		return nil // nothing but the default
	}
	if out == nil {
		out = []sidebarMenu{}
	}
	return out
}

// menuEntries are the configured menus with the pages that put themselves into
// them.
func (p *Pass) menuEntries() map[string][]config.MenuEntry {
	var all map[string][]config.MenuEntry
	for _, pg := range p.site.Pages {
		params := front(pg)
		if params == nil || !listed(pg) {
			continue
		}
		for _, name := range [...]string{"menus", "menu"} {
			if v, given := params[name]; given {
				if all == nil {
					all = map[string][]config.MenuEntry{}
				}
				addMenus(all, pg, v)
			}
		}
	}
	if all == nil {
		return p.r.cfg.Menus
	}
	for name, entries := range p.r.cfg.Menus {
		all[name] = append(slices.Clone(entries), all[name]...)
	}
	for _, entries := range all {
		config.SortMenu(entries)
	}
	return all
}

// addMenus reads a page's menus: a name, a list of names, or a table with what
// the entry shall be.
func addMenus(all map[string][]config.MenuEntry, pg *site.Page, v any) {
	add := func(name string, e config.MenuEntry) {
		name = strings.ToLower(name)
		e.Name = cmp.Or(e.Name, pg.LinkTitle)
		e.URL = pg.URL
		all[name] = append(all[name], e)
	}
	switch v := v.(type) {
	case map[string]any:
		for name, fields := range v {
			m, _ := fields.(map[string]any)
			text := func(key string) string { s, _ := config.OwnParam(m, key).(string); return s }
			e := config.MenuEntry{
				Identifier: text("identifier"), Name: text("name"), Parent: text("parent"), Title: text("title"),
				Pre: text("pre"), Post: text("post"),
			}
			switch w := config.OwnParam(m, "weight").(type) {
			case int64:
				e.Weight = int(w)
			case float64:
				e.Weight = int(w)
			}
			add(name, e)
		}
	default:
		for _, name := range config.Texts(v) {
			add(name, config.MenuEntry{})
		}
	}
}

// shortcutTree adds the entries below parent, each with those below it. One
// without words is left out; so is one that leads nowhere and has nothing below
// it, and a second one to the same address.
func (p *Pass) shortcutTree(out []shortcut, entries []config.MenuEntry, parent string, level int) []shortcut {
	if level >= maxMenuDepth {
		return out
	}
	for _, e := range entries {
		if e.Parent != parent && (level > 0 || named(entries, e.Parent)) {
			continue
		}
		s := p.shortcutOf(e)
		s.level = level
		if s.text == "" || unsafeScheme(s.url) ||
			s.url != "" && slices.ContainsFunc(out, func(o shortcut) bool { return o.url == s.url }) {
			continue
		}
		out = append(out, s)
		if id := cmp.Or(e.Identifier, e.Name); id != "" && id != parent {
			out = p.shortcutTree(out, entries, id, level+1)
		}
		if s.url == "" && out[len(out)-1] == s {
			out = out[:len(out)-1]
		}
	}
	return out
}

// named reports whether an entry is there for others to name as their parent.
func named(entries []config.MenuEntry, parent string) bool {
	return parent != "" && slices.ContainsFunc(entries, func(e config.MenuEntry) bool { return cmp.Or(e.Identifier, e.Name) == parent })
}

func (p *Pass) shortcutOf(e config.MenuEntry) shortcut {
	s := shortcut{text: plain(e.Name), url: e.URL, icon: fontAwesome(e.Pre + e.Name), after: fontAwesome(e.Post)}
	if e.PageRef != "" {
		if pg := p.pageAt(e.PageRef); pg != nil {
			s.url = pg.URL
			s.text = cmp.Or(s.text, plain(e.Title), pg.LinkTitle)
		}
	}
	s.text = cmp.Or(s.text, plain(e.Title), e.Identifier)
	return s
}

// belowShortcut returns the end of the entries that nest below list[i].
func belowShortcut(list []shortcut, i int) int {
	end := i + 1
	for end < len(list) && list[end].level > list[i].level {
		end++
	}
	return end
}
