package cli

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"lectern/internal/gitrepo"
	"lectern/internal/note"
)

// subjectLength is how long the first line of a made message gets.
const subjectLength = 72

// message is the commit's message: the given one, or the notes that changed.
func (s *saver) message(changed []gitrepo.Changed) string {
	if s.flags.message != "" {
		return s.flags.message
	}
	var named []string
	others, notes := 0, 0
	for _, c := range changed {
		if !isMarkdown(c.Path) {
			others++
			continue
		}
		notes++
		if name := s.nameOf(c); name != "" {
			named = append(named, name)
		}
	}
	slices.Sort(named)
	named = slices.Compact(named)
	switch {
	case len(named) == 0 && notes == 0:
		return "Notes: " + plural(others, "file")
	case len(named) == 0:
		return "Notes" // nothing is told of what no reader sees
	}
	subject := "Notes: "
	for i, name := range named {
		sep := ""
		if i > 0 {
			sep = ", "
		}
		if i > 0 && len(subject)+len(sep)+len(name) > subjectLength {
			return subject + fmt.Sprintf(" and %d more", len(named)-i) + "\n\n" + strings.Join(named, "\n")
		}
		subject += sep + name
	}
	return subject
}

func isMarkdown(p string) bool {
	switch strings.ToLower(path.Ext(p)) {
	case ".md", ".markdown", ".mdown", ".mkd", ".mkdn":
		return true
	}
	return false
}

// nameOf names a note as its author speaks of it, "day1/03 Etcd reliability"; ""
// for one that readers do not see. What is gone is named only if the other
// changes are, for nobody knows any more whether it was private.
func (s *saver) nameOf(c gitrepo.Changed) string {
	n := s.notes[c.Path]
	if n == nil || n.Front.Visibility != note.Public {
		return ""
	}
	rel := c.Path
	if s.cfg != nil {
		rel = strings.TrimPrefix(rel, s.cfg.ContentDir+"/")
	}
	dir, base := path.Split(strings.TrimSuffix(rel, path.Ext(rel)))
	dir = strings.TrimSuffix(dir, "/")
	if b := strings.ToLower(base); b == "index" || b == "_index" || b == "readme" {
		return cmp.Or(dir, "start page")
	}
	digits := base[:len(base)-len(strings.TrimLeft(base, "0123456789"))]
	name := path.Join(dir, digits)
	return strings.Join(strings.Fields(name+" "+n.Title), " ")
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
