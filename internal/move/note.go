package move

import (
	"path"
	"slices"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
)

// names is true for a text that names a private note.
func (m *mover) names(text string) bool {
	return slices.ContainsFunc(m.Input.Notes, func(n *note.Note) bool {
		return strings.Contains(text, n.Path) && m.secret(n.Path) && m.to[n.Path] == ""
	})
}

// secret is true for a note that has a page only where private ones are shown.
func (m *mover) secret(p string) bool { return m.Site.Page(p) != nil && m.public.Page(p) == nil }

// left notes what could not be done about a note.
func (m *mover) left(file string, line, col int, rule, message, hint string) {
	if m.secret(file) && m.to[file] == "" {
		return
	}
	m.plan.Left = append(m.plan.Left, diag.Diagnostic{
		Position: diag.Position{File: file, Line: line, Col: col}, Severity: diag.Warning, Rule: rule, Message: message, Hint: hint,
	})
}

// stem is a note's path without extension and language.
func (m *mover) stem(p string) string {
	bare := strings.TrimSuffix(p, path.Ext(p))
	if key := m.key(p); key != "" {
		return bare[:len(bare)-len(key)-1]
	}
	return bare
}

// key is the language's key in a note's name, as written; "" for none.
func (m *mover) key(p string) string {
	bare := strings.TrimSuffix(p, path.Ext(p))
	ext := path.Ext(bare)
	if ext == "" || ext == path.Base(bare) || !m.Input.Config.Hugo && len(m.Input.Config.Languages) == 0 {
		return ""
	}
	for _, c := range m.Input.Config.All() {
		if strings.EqualFold(ext[1:], c.LanguageKey) {
			return ext[1:]
		}
	}
	return ""
}
