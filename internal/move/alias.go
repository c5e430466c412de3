package move

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"lectern/internal/edit"
	"lectern/internal/site"
)

// aliases leaves the old addresses of moved pages in their front matter.
func (m *mover) aliases() error {
	m.plan.Notes = map[string]string{}
	for _, n := range m.Input.Notes {
		to, moves := m.to[n.Path]
		if !moves {
			continue
		}
		m.plan.Notes[n.Path] = to
		before, after := m.Site.Page(n.Path), m.after.Page(to)
		if before == nil || after == nil {
			continue
		}
		list := m.keep(before, after, n.Front.Aliases)
		if before.OutPath != after.OutPath {
			m.releaseAlias(to, after.OutPath)
			list = m.add(to, list, before.OutPath)
		}
		if err := m.setAliases(to, list); err != nil {
			return err
		}
	}
	return nil
}

// keep returns the aliases that a moved page has, each for the address that it
// has now; its own new address is none.
func (m *mover) keep(before, after *site.Page, had []string) []string {
	var out []string
	for _, alias := range had {
		written := alias
		if alias = strings.TrimSpace(alias); alias == "" {
			continue
		}
		if alias[0] != '/' && path.Dir(m.Site.Key(before)) != path.Dir(m.after.Key(after)) {
			written = path.Join(path.Dir(m.Site.Key(before)), alias)
			if path.Ext(written) == "" {
				written += "/"
			}
		}
		if address(written) != address(after.OutPath) {
			out = append(out, written)
		}
	}
	return out
}

// address is what tells the addresses of pages apart.
func address(s string) string {
	s = strings.Trim(strings.TrimSpace(s), "/")
	s = strings.TrimSuffix(s, ".html")
	if s == "index" {
		return ""
	}
	return strings.TrimSuffix(s, "/index")
}

// add adds the address of out to a list of aliases, unless another page has it now.
func (m *mover) add(file string, list []string, out string) []string {
	alias := "/" + out
	if dir, ok := strings.CutSuffix(alias, "index.html"); ok && !m.Input.Config.UglyURLs {
		alias = dir
	}
	if slices.ContainsFunc(list, func(a string) bool { return address(a) == address(alias) }) {
		return list
	}
	if !m.after.Free(out) && !m.redirects(out) {
		return list
	}
	if strings.ContainsAny(alias, "<>:\"|?*\\") {
		m.left(file, 1, 1, "alias-unportable", fmt.Sprintf("the old address %s can't be kept: a file can't have that name everywhere", alias), "")
		return list
	}
	m.plan.Aliases++
	return append(list, alias)
}

// redirects is true where an alias stands at out afterwards.
func (m *mover) redirects(out string) bool {
	for _, s := range m.after.All() {
		if slices.ContainsFunc(s.Redirects, func(r site.Redirect) bool { return r.OutPath == out }) {
			return true
		}
	}
	return false
}

// releaseAlias takes the address that a moved page now has from the aliases of others.
func (m *mover) releaseAlias(file, out string) {
	for _, s := range m.Site.All() {
		for _, r := range s.Redirects {
			if r.OutPath != out || r.To.Note == nil {
				continue
			}
			other := m.moved(r.To.Note.Path)
			if other == file {
				continue
			}
			list := slices.DeleteFunc(slices.Clone(m.notes[other].Front.Aliases), func(a string) bool { return address(a) == address(out) })
			if err := m.setAliases(other, list); err != nil {
				m.left(other, 1, 1, "alias-duplicate", "its alias is now the address of "+file, "remove the alias")
			}
		}
	}
}

// setAliases writes the list into a note's front matter.
func (m *mover) setAliases(p string, list []string) error {
	if slices.Equal(list, m.notes[p].Front.Aliases) {
		return nil
	}
	data, err := m.bytes(p)
	if err != nil {
		return err
	}
	field := edit.Field{Name: "aliases", Value: list}
	if len(list) == 0 {
		field.Value = nil
	}
	edits, err := edit.SetFields(data, field)
	if err == nil {
		var out []byte
		if out, err = edit.Apply(data, edits); err == nil {
			n := m.Parse(p, out, m.open)
			if slices.Equal(n.Front.Aliases, list) {
				m.data[p], m.notes[p] = out, n
				return nil
			}
			field.Name = "alias" // as some write it
			if edits, err = edit.SetFields(data, field); err == nil {
				if out, err = edit.Apply(data, edits); err == nil {
					m.data[p] = out
					m.notes[p] = m.Parse(p, out, m.open)
					return nil
				}
			}
		}
	}
	return refuse("mend the front matter, or set `url` in it to keep the address", "the alias can't be written into %s: %v", p, err)
}

// folders gives moved sections without a text one that holds their alias, where
// readers know the section.
func (m *mover) folders() (made bool, err error) {
	for _, s := range m.public.All() {
		for dir, p := range s.Folders() {
			if p == nil || p.Note != nil || p.URL == "" {
				continue
			}
			full := path.Join(s.Config.ContentDir, dir)
			for _, d := range m.dirs {
				tail, ok := strings.CutPrefix(full, d[0])
				if !ok || tail != "" && tail[0] != '/' {
					continue
				}
				name := "_index.md"
				if key := s.Config.LanguageKey; len(s.Config.Languages) > 0 && s.Secondary && m.Input.Config.ContentDir == s.Config.ContentDir {
					name = "_index." + key + ".md"
				}
				file := d[1] + tail + "/" + name
				if !m.IsNote(file) || m.data[file] != nil {
					continue
				}
				list := m.add(file, nil, p.OutPath)
				if len(list) == 0 {
					continue
				}
				m.data[file] = []byte{}
				m.notes[file] = m.Parse(file, nil, m.open)
				if err := m.setAliases(file, list); err != nil {
					return false, err
				}
				m.made[d[1]+tail] = file
				made = true
			}
		}
	}
	return made, nil
}

// check makes the model of what was planned and looks at it as a whole.
func (m *mover) check() error {
	links := m.after
	m.build()
	for _, n := range m.Input.Notes {
		to := m.moved(n.Path)
		before, after := m.Site.Page(n.Path), m.after.Page(to)
		if before == nil {
			continue
		}
		if after == nil {
			return fmt.Errorf("%s would have no page: this is a mistake of the program; nothing was changed", to)
		}
		if links.Page(to) != nil && links.Page(to).OutPath != after.OutPath {
			return fmt.Errorf("%s would be at %s: this is a mistake of the program; nothing was changed", to, after.URL)
		}
	}
	return nil
}
