package site

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/note"
)

// lists finds out what p's calls are about.
func (l *linker) lists() []List {
	calls := l.n.Calls
	if l.p.Parts != nil {
		calls = calls[:l.p.ownCalls]
	}
	if len(calls) == 0 {
		return nil
	}
	out := make([]List, len(calls))
	for i := range calls {
		c := &calls[i]
		ref := ""
		if c.Pages != nil {
			ref = c.Pages.Ref
		} else {
			ref = c.Files.Ref
		}
		of := l.p
		if ref != "" {
			of = l.refPage(ref, c)
		}
		out[i].Of = of
		if c.Files != nil && of != nil && of.Note != nil {
			out[i].Files = l.ix.listed(of.Note, c.Files, l.s.Config)
			if len(out[i].Files) == 0 {
				l.report(&note.Link{Line: c.Line, Col: c.Col}, diag.Warning, "resources-none", "there are no files to list here",
					"put them into the folder of a page bundle, or into a folder "+strings.TrimSuffix(path.Base(of.Note.Path), path.Ext(of.Note.Path))+".files beside the note")
			}
		}
	}
	return out
}

// refPage returns the page that a call names, as ref would.
func (l *linker) refPage(ref string, c *note.Call) *Page {
	k := &note.Link{Kind: note.Ref, Dest: ref, Line: c.Line, Col: c.Col}
	d, ok := parseDest(ref)
	if !ok || d.path == "" {
		l.report(k, diag.Error, "link-missing", fmt.Sprintf("no such page %q", ref), "")
		return nil
	}
	t := l.ref(k, d)
	if t.Kind != TargetPage {
		return nil
	}
	return l.ix.byURL(t.URL)
}

// byURL returns the page with that address.
func (ix *index) byURL(url string) *Page {
	d, ok := parseDest(url)
	if !ok {
		return nil
	}
	o, ok := ix.at(d.fromURL("/"))
	if !ok {
		return nil
	}
	return o.page
}

// folders are where the files of the note at p lie: the folders that Relearn
// once had for attachments, and the note's own, if it is a bundle. With deep
// the folders below that belong to it too.
func resourceFolders(p string, cfg *config.Config) (attached []string, own string, deep bool) {
	dir, file := path.Split(p)
	dir = strings.TrimSuffix(dir, "/")
	name := strings.TrimSuffix(file, path.Ext(file))
	names := []string{name}
	if ext := path.Ext(name); ext != "" && cfg.Hugo {
		names = append(names, strings.TrimSuffix(name, ext)) // talk.en.md
	}
	for _, n := range names {
		attached = append(attached, path.Join(dir, n+".files"))
		switch n {
		case "index", "_index":
			attached = append(attached, path.Join(dir, "files"))
			own, deep = cmp.Or(dir, "."), n == "index" && cfg.Hugo && dir != cfg.ContentDir
		}
	}
	if own == "" && strings.EqualFold(name, "readme") {
		own = cmp.Or(dir, ".")
	}
	if !cfg.Hugo && own == cfg.ContentDir {
		own = "" // beside the notes of a plain folder may lie anything, such as keys
	}
	return attached, own, deep
}

// inFolder returns the files of the project below dir, in order of their paths.
func (ix *index) inFolder(dir string, deep bool) []*File {
	prefix := dir + "/"
	if dir == "." || dir == "" {
		prefix = ""
	}
	all := ix.byPath
	from, _ := slices.BinarySearchFunc(all, prefix, func(f *File, p string) int { return strings.Compare(f.Path, p) })
	var out []*File
	for ; from < len(all) && strings.HasPrefix(all[from].Path, prefix); from++ {
		if deep || strings.IndexByte(all[from].Path[len(prefix):], '/') < 0 {
			out = append(out, all[from])
		}
	}
	return out
}

// resources returns the files of a note, published or not, and the folder that
// their names count from.
func (ix *index) resources(notePath string, attachments bool, cfg *config.Config) (files []*File, base string) {
	attached, own, deep := resourceFolders(notePath, cfg)
	if attachments || own == "" {
		for _, dir := range attached {
			if files = ix.inFolder(dir, false); len(files) > 0 {
				return files, dir
			}
		}
	}
	if own == "" {
		return nil, ""
	}
	return ix.inFolder(own, deep), own
}

// listed returns the published files that a call lists, in its order.
func (ix *index) listed(n *note.Note, c *note.FilesCall, cfg *config.Config) []ListedFile {
	files, base := ix.resources(n.Path, c.Attachments, cfg)
	var pattern *regexp.Regexp
	if c.Pattern != "" {
		pattern, _ = regexp.Compile(c.Pattern) // note has compiled it before
	}
	var out []ListedFile
	for _, f := range files {
		if o := ix.outs[f.OutPath]; o.file != f {
			continue // not published
		}
		name := resourceName(n, strings.TrimPrefix(f.Path, strings.TrimPrefix(base+"/", "./")))
		if pattern == nil || pattern.MatchString(name) {
			out = append(out, ListedFile{name, f})
		}
	}
	slices.SortStableFunc(out, func(a, b ListedFile) int {
		if c.Desc {
			a, b = b, a
		}
		return natural(a.Name, b.Name)
	})
	return out
}

// resourceName is the name that front matter gives a file (Hugo's
// resources: - src, name), else its own.
func resourceName(n *note.Note, file string) string {
	list, _ := n.Front.Params["resources"].([]any)
	for _, item := range list {
		m, _ := item.(map[string]any)
		src, _ := m["src"].(string)
		name, _ := m["name"].(string)
		if ok, err := path.Match(strings.ToLower(src), strings.ToLower(file)); err == nil && ok && name != "" {
			return name
		}
	}
	return file
}

// findListed returns the files that lists of published notes show, if nothing
// keeps them back. It adds to u those that lie in folders of withheld notes.
func findListed(all []*builder, u uses) map[string]bool {
	listed := map[string]bool{}
	ix := index{}
	for _, name := range sortedKeys(all[0].ix.files) {
		ix.byPath = append(ix.byPath, all[0].ix.files[name])
	}
	for _, b := range all {
		for i := range b.entries {
			e := &b.entries[i]
			published := b.ix.notes[e.note.Path] != nil
			if published && !listsFiles(e.note) || !published && e.withheld == 0 {
				continue
			}
			attached, own, deep := resourceFolders(e.note.Path, b.cfg)
			for _, dir := range attached {
				for _, f := range ix.inFolder(dir, !published) {
					listed[f.Path] = listed[f.Path] || published
					u.secret[f.Path] = u.secret[f.Path] || !published
				}
			}
			if published && own != "" {
				for _, f := range ix.inFolder(own, deep) {
					listed[f.Path] = true
				}
			}
		}
	}
	return listed
}

// listsFiles reports whether a note lists its files.
func listsFiles(n *note.Note) bool {
	return slices.ContainsFunc(n.Calls, func(c note.Call) bool { return c.Files != nil })
}

// Featured returns the address of the picture that stands for p in cards: one
// of its folder that is called feature, cover or thumbnail, else the first that
// its front matter names; "" for none.
func (s *Site) Featured(p *Page) string {
	if p.Note == nil {
		return ""
	}
	_, own, _ := resourceFolders(p.Note.Path, s.Config)
	if own != "" && own != "." {
		for _, word := range []string{"feature", "cover", "thumbnail"} {
			for _, f := range s.index.inFolder(own, false) {
				base := strings.ToLower(path.Base(f.Path))
				if strings.Contains(base, word) && isPicture(base) && s.index.outs[f.OutPath].file == f {
					return f.URL()
				}
			}
		}
	}
	list, _ := p.Note.Front.Params["images"].([]any)
	if len(list) == 0 {
		return ""
	}
	name, _ := list[0].(string)
	d, ok := parseDest(name)
	if !ok || name == "" {
		return ""
	}
	for _, file := range d.fromFile(p.Note.Path, s.Config) {
		if f := s.index.files[file]; f != nil && s.index.outs[f.OutPath].file == f {
			return f.URL()
		}
	}
	return ""
}

func isPicture(name string) bool {
	switch path.Ext(name) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif":
		return true
	}
	return false
}
