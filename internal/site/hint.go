package site

import (
	"fmt"
	"path"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
)

// Looking for what a dead link may have meant costs time for each name there
// is, so it is done for so many links of a page, and by likeness over the
// whole site only where that is small. (A site with thousands of dead links
// has one cause, and needs one hint.)
const (
	maxHints       = 50
	maxLikenessAll = 2000
)

// hint names the nearest thing that exists: what has the same name elsewhere,
// else what is spelled almost so in the same folder, else anywhere.
func (l *linker) hint(k *note.Link, d dest) string {
	if l.hinted++; l.hinted > maxHints {
		return ""
	}
	want := d.fromURL(l.base)
	names := l.ix.names(image(k.Kind), k.Kind == note.Ref)
	base := strings.TrimSuffix(path.Base(want), ".md")
	var found string
	if same := names.byBase[base]; len(same) > 0 {
		found = nearestFolder(want, same)
	}
	if found == "" {
		if near := diag.Nearest(base, names.byDir[path.Dir(want)]); near != "" {
			found = path.Join(path.Dir(want), near)
		}
	}
	if found == "" {
		// The file interpretation's folder, where the link's depth is right for a file.
		dir := path.Dir("/" + strings.TrimPrefix(path.Join(path.Dir(l.n.Path), d.path), l.s.Config.ContentDir+"/"))
		if near := diag.Nearest(base, names.byDir[dir]); near != "" {
			found = path.Join(dir, near)
		}
	}
	if found == "" && len(names.bases) <= maxLikenessAll {
		if near := diag.Nearest(base, names.bases); near != "" {
			found = nearestFolder(want, names.byBase[near])
		}
	}
	switch {
	case found == "", found == l.ix.keyOf(l.p): // a note is never what it links to itself
		return ""
	case k.Kind == note.Ref:
		return fmt.Sprintf("did you mean %q?", strings.TrimPrefix(found, "/"))
	}
	return fmt.Sprintf("did you mean %q?", relative(l.base, found))
}

// nearestFolder picks, of addresses with one base name, the one that shares
// the longest beginning with want; the first among equals.
func nearestFolder(want string, keys []string) string {
	best, most := "", -1
	for _, k := range keys {
		n := 0
		for n < len(k) && n < len(want) && k[n] == want[n] {
			n++
		}
		if n > most {
			best, most = k, n
		}
	}
	return best
}

// names are the published addresses in the shapes that hints need.
type names struct {
	bases  []string
	byBase map[string][]string
	byDir  map[string][]string
}

// names returns those of files only for pictures, of pages only for refs, and
// of both for other links. They are made when the first hint asks for them.
func (ix *index) names(files, pages bool) *names {
	i := 0
	switch {
	case files:
		i = 1
	case pages:
		i = 2
	}
	if ix.hints[i] != nil {
		return ix.hints[i]
	}
	n := &names{byBase: map[string][]string{}, byDir: map[string][]string{}}
	for _, out := range sortedKeys(ix.outs) {
		o := ix.outs[out]
		if files && o.file == nil || pages && o.page == nil {
			continue
		}
		key := "/" + out
		if o.page != nil && o.file == nil {
			key = "/" + strings.TrimSuffix(strings.TrimSuffix(out, "index.html"), "/")
		}
		base := path.Base(key)
		if len(n.byBase[base]) == 0 {
			n.bases = append(n.bases, base)
		}
		n.byBase[base] = append(n.byBase[base], key)
		n.byDir[path.Dir(key)] = append(n.byDir[path.Dir(key)], base)
	}
	ix.hints[i] = n
	return n
}
