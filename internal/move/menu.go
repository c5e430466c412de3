package move

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/site"
)

// menus warns of what the configuration's menus say of moved pages. The
// configuration is a person's own, in one of several formats, so it is left alone.
func (m *mover) menus() {
	for _, s := range m.Site.All() {
		if len(s.Config.Menus) == 0 {
			continue
		}
		moved := m.movedPages(s)
		for _, name := range slices.Sorted(maps.Keys(s.Config.Menus)) {
			for _, e := range s.Config.Menus[name] {
				m.menu(s, name, e, moved)
			}
		}
	}
}

// movedPages are the pages that get another address, by their old one without
// case; private ones, which no menu shows, are left out.
func (m *mover) movedPages(s *site.Site) map[string]*site.Page {
	after := map[string]*site.Page{}
	for _, t := range m.after.All() {
		for _, p := range t.Pages {
			after[m.pageID(t, p)] = p
		}
	}
	out := map[string]*site.Page{}
	for _, p := range s.Pages {
		q := after[m.goal(led{id: m.pageID(s, p)})]
		if q != nil && q.OutPath != p.OutPath && (p.Note == nil || !m.secret(p.Note.Path)) {
			out[strings.ToLower(address(p.OutPath))] = q
		}
	}
	return out
}

// menu warns of one entry.
func (m *mover) menu(s *site.Site, menu string, e config.MenuEntry, moved map[string]*site.Page) {
	field, ref := "pageRef", strings.TrimSuffix(strings.TrimSuffix(strings.Trim(e.PageRef, "/"), ".md"), "/_index")
	what := "shows nothing any more"
	if e.PageRef != "" {
		ref = s.Config.LanguageDir + "/" + ref
	} else if at, _, _ := strings.Cut(e.URL, "#"); strings.HasPrefix(at, "/") && !strings.HasPrefix(at, "//") {
		field, ref, what = "url", "/"+strings.TrimPrefix(at, s.Config.BasePath()), "leads there by a redirect alone"
	} else {
		return
	}
	to := moved[strings.ToLower(address(ref))]
	if to == nil {
		return
	}
	file := "the configuration"
	if len(s.Config.Files) > 0 {
		file = s.Config.Files[0]
	}
	key := m.after.Key(to)
	if field == "pageRef" {
		key = "/" + strings.TrimPrefix(strings.TrimPrefix(key, "/"+s.Config.LanguageDir), "/")
	}
	m.plan.Left = append(m.plan.Left, diag.Diagnostic{
		Position: diag.Position{File: file}, Severity: diag.Warning, Rule: "menu-moved",
		Message: fmt.Sprintf("the entry %q of the menu %q names %s, and %s", cmp.Or(e.Name, e.Title, e.Identifier, e.PageRef, e.URL), menu, cmp.Or(e.PageRef, e.URL), what),
		Hint:    fmt.Sprintf("write %s %q there", field, key),
	})
}
