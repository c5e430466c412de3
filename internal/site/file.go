package site

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"lectern/internal/diag"
)

// placeFiles gives the files that are not notes their addresses. In a project
// of Hugo's shape all of them are published, below the address of their
// folder; in a plain folder, which may hold anything, only those that a
// published note uses. What only withheld notes use, or so much as mention,
// stays out in both.
func (b *builder) placeFiles() {
	ix := b.ix
	ix.files = make(map[string]*File, len(b.in.Files))
	for _, name := range b.in.Files {
		if out, ok := b.fileAddress(name); ok {
			ix.files[name] = &File{Path: name, OutPath: out}
		}
	}
	used, secret := b.usedFiles()
	b.withheld.files, b.withheld.outs = map[string]bool{}, map[string]bool{}
	for _, name := range sortedKeys(ix.files) {
		f := ix.files[name]
		static := b.isStatic(name)
		switch {
		case secret[name] && !used[name] || !static && b.inPrivateFolder(name):
			b.withheld.files[name], b.withheld.outs[f.OutPath] = true, true
			continue
		case !static && !b.cfg.Hugo && !used[name]:
			continue
		}
		b.placeFile(f, static)
	}
	slices.SortFunc(b.s.Files, func(f, g *File) int { return strings.Compare(f.OutPath, g.OutPath) })
}

// placeFile claims f's address. A page made from a note wins over a file of
// the content folder; a file in a static folder wins over what is generated.
func (b *builder) placeFile(f *File, static bool) {
	o, taken := b.ix.outs[f.OutPath]
	switch problem := b.ix.conflict(f.OutPath); {
	case problem != "":
		b.fileReport(f, problem+", so this file is left out")
		return
	case taken && o.page != nil && (o.page.Note != nil || !static):
		b.fileReport(f, fmt.Sprintf("the page %s stands at the address of this file, which is left out", o.page.URL))
		return
	case taken && o.file != nil:
		// The first in order of paths wins; Hugo's order of static folders is
		// that of the configuration.
		if b.staticRank(o.file.Path) >= b.staticRank(f.Path) {
			if !static { // among static folders, to win is what the later one is for
				b.fileReport(f, fmt.Sprintf("%s has the same address, so this file is left out", o.file.Path))
			}
			return
		}
		if !b.isStatic(o.file.Path) {
			b.fileReport(o.file, fmt.Sprintf("%s has the same address, so this file is left out", f.Path))
		}
		b.s.Files = slices.DeleteFunc(b.s.Files, func(g *File) bool { return g == o.file })
	}
	b.ix.reserve(f.OutPath, owner{file: f, page: o.page})
	b.s.Files = append(b.s.Files, f)
}

func (b *builder) fileReport(f *File, msg string) {
	b.s.Diags = append(b.s.Diags, diag.Diagnostic{
		Position: diag.Position{File: f.Path}, Severity: diag.Warning, Rule: "url-duplicate", Message: msg, Hint: "rename one of them",
	})
}

// staticRank is 0 for content, then higher for each later static folder.
func (b *builder) staticRank(name string) int {
	for i, dir := range b.cfg.StaticDirs {
		if within(name, dir) {
			return i + 1
		}
	}
	return 0
}

func (b *builder) isStatic(name string) bool { return b.staticRank(name) > 0 }

// within reports whether the slash path name lies in folder dir.
func within(name, dir string) bool {
	return dir == "." || strings.HasPrefix(name, dir) && len(name) > len(dir) && name[len(dir)] == '/'
}

// fileAddress returns where a file is published. Hugo makes the folder's part
// of the address as it does for pages, and keeps the file's own name.
func (b *builder) fileAddress(name string) (string, bool) {
	for _, dir := range b.cfg.StaticDirs {
		if within(name, dir) {
			return strings.TrimPrefix(name, dir+"/"), true
		}
	}
	if !within(name, b.cfg.ContentDir) {
		return "", false
	}
	rel := strings.TrimPrefix(name, b.cfg.ContentDir+"/")
	dir, base := path.Split(rel)
	if dir == "" {
		return base, true
	}
	return b.folder(strings.TrimSuffix(dir, "/")) + "/" + base, true
}

func (b *builder) inPrivateFolder(name string) bool {
	if len(b.withheld.folders) == 0 {
		return false
	}
	dir := path.Dir(strings.TrimPrefix(name, b.cfg.ContentDir+"/"))
	if dir == "." {
		dir = ""
	}
	return inFolders(b.withheld.folders, dir)
}

// usedFiles returns the files that published notes use, and those that
// withheld ones do.
func (b *builder) usedFiles() (used, secret map[string]bool) {
	used, secret = map[string]bool{}, map[string]bool{}
	if len(b.ix.files) == 0 {
		return used, secret
	}
	addresses := make(map[string]string, len(b.ix.files))
	named := map[string][]string{} // by the last part of their path
	for name, f := range b.ix.files {
		addresses[f.OutPath] = name
		named[path.Base(name)] = append(named[path.Base(name)], name)
	}
	mark := func(set map[string]bool, base, notePath string, links []string) {
		for _, dest := range links {
			d, ok := parseDest(dest)
			if !ok || d.path == "" {
				continue
			}
			if name, ok := addresses[strings.TrimPrefix(d.fromURL(base), "/")]; ok {
				set[name] = true
			}
			for _, name := range d.fromFile(notePath, b.cfg) {
				if b.ix.files[name] != nil {
					set[name] = true
				}
			}
		}
	}
	for i := range b.entries {
		e := &b.entries[i]
		n := e.note
		if b.ix.notes[n.Path] == nil && e.withheld != published {
			for _, base := range n.Mentions {
				for _, name := range named[base] {
					secret[name] = true
				}
			}
		}
		var dests []string
		for k := range n.Links {
			if !n.Links[k].External {
				dests = append(dests, n.Links[k].Dest)
			}
		}
		if len(dests) == 0 {
			continue
		}
		if p := b.ix.notes[n.Path]; p != nil {
			mark(used, "/"+strings.TrimSuffix(p.OutPath, "index.html"), n.Path, dests)
		} else if e.withheld != published {
			mark(secret, "/"+strings.TrimSuffix(b.address(e).out, "index.html"), n.Path, dests)
		}
	}
	return used, secret
}

// unportable are the characters that file names must not have on some system
// that a site is built or served on.
const unportable = "<>:\"|?*\\\x00\n\r\t"

// redirects places the aliases. One without a leading slash counts from the
// section of its page.
func (b *builder) redirects() {
	for _, p := range b.s.Pages {
		if p.Note == nil {
			continue
		}
		for _, alias := range p.Note.Front.Aliases {
			if alias = strings.TrimSpace(alias); alias == "" {
				continue
			}
			if i := strings.IndexAny(alias, unportable); i >= 0 {
				b.report(p.Note, diag.Warning, "alias-unportable",
					fmt.Sprintf("the alias %q is left out: %q can't stand in a file's name everywhere", alias, alias[i]), "")
				continue
			}
			full := alias
			if alias[0] != '/' {
				full = path.Join(path.Dir(strings.TrimSuffix(b.ix.keyOf(p), "/")), alias)
			}
			a := fixedAddress(full)
			if path.Ext(a.out) != ".html" { // Hugo takes this alone for a file
				a = folderAddress(strings.Trim(a.key, "/"))
			}
			if o, taken := b.ix.outs[a.out]; taken {
				if o.page != p {
					b.report(p.Note, diag.Warning, "alias-duplicate", fmt.Sprintf("the alias %q is the address of another page", alias), "remove the alias")
				}
				continue
			}
			if problem := b.ix.conflict(a.out); problem != "" {
				b.report(p.Note, diag.Warning, "alias-duplicate", fmt.Sprintf("the alias %q is left out: %s", shorten(alias), problem), "")
				continue
			}
			b.ix.reserve(a.out, owner{page: p, redirect: true})
			if b.ix.pages[a.key] == nil {
				b.ix.pages[a.key] = p
			}
			b.s.Redirects = append(b.s.Redirects, Redirect{OutPath: a.out, To: p})
		}
	}
	slices.SortFunc(b.s.Redirects, func(r, q Redirect) int { return strings.Compare(r.OutPath, q.OutPath) })
}

// keyOf returns the decoded address of p without a trailing slash.
func (ix *index) keyOf(p *Page) string {
	return "/" + strings.TrimSuffix(strings.TrimSuffix(p.OutPath, "index.html"), "/")
}
