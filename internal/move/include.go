package move

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"lectern/internal/note"
)

// includes rewrites the names of included files where another file, or none,
// would be included.
func (m *mover) includes() error {
	changed := false
	for _, n := range m.Input.Notes {
		to := m.moved(n.Path)
		now := m.notes[to]
		if len(n.Includes) == 0 || now == n {
			continue
		}
		found := map[string]string{}
		for _, i := range now.Includes {
			if i.Name != "" {
				found[i.Name] = i.Path
			}
		}
		edits := map[string]string{}
		for _, i := range n.Includes {
			if want := m.moved(i.Path); i.Name != "" && found[i.Name] != want {
				edits[i.Name] = m.includeName(to, i.Name, want)
			}
		}
		if len(edits) == 0 {
			continue
		}
		changed = true
		if err := m.rename(to, edits); err != nil {
			return err
		}
	}
	if changed {
		m.build()
	}
	return nil
}

// includeName names a file for an include in the note at p.
func (m *mover) includeName(p, old, want string) string {
	if strings.HasPrefix(old, "/") {
		return "/" + strings.TrimPrefix(want, m.contentDir(p)+"/")
	}
	text, _ := relPath(dirOf(p), want, 0)
	if strings.HasPrefix(old, "./") && !strings.HasPrefix(text, ".") {
		text = "./" + text
	}
	if !strings.HasSuffix(old, ".md") {
		text = strings.TrimSuffix(text, ".md")
	}
	return text
}

func dirOf(p string) string {
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		return p[:i]
	}
	return "."
}

// rename changes the names of included files in a note.
func (m *mover) rename(p string, names map[string]string) error {
	data, err := m.bytes(p)
	if err != nil {
		return err
	}
	for _, old := range slices.Sorted(maps.Keys(names)) {
		count := 0
		for m.renameOne(p, &data, old, names[old]) {
			count++
		}
		if count == 0 {
			m.left(p, 0, 0, "include-missing", fmt.Sprintf("the include of %q was left alone", old), "name the file anew")
		}
	}
	m.data[p] = data
	return nil
}

// renameOne changes the first place where that has one more file included.
func (m *mover) renameOne(p string, data *[]byte, old, name string) bool {
	for _, at := range occurrences(*data, 0, old) {
		try := slices.Concat((*data)[:at.start], []byte(name), (*data)[at.end:])
		if n := m.Parse(p, try, m.open); missing(n) < missing(m.notes[p]) {
			*data, m.notes[p] = try, n
			return true
		}
	}
	return false
}

// missing counts the files that a note includes in vain.
func missing(n *note.Note) (count int) {
	for _, d := range n.Diags {
		if d.Rule == "include-missing" {
			count++
		}
	}
	return count
}
