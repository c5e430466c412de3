package site

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/note"
)

// placeFiles gives the files that are not notes their addresses. In a project
// of Hugo's shape all of them are published, below the address of their
// folder; in a plain folder, which may hold anything, only those that a
// published note uses. What only withheld notes use, or so much as mention,
// stays out in both.
//
// All languages have the files in common: one stands at the address that its
// folder has in its own language, the default one where its name says none.
func placeFiles(all []*builder) {
	b := all[0]
	files := make(map[string]*File, len(b.in.Files))
	for _, name := range b.in.Files {
		if slices.Contains(b.cfg.Files, name) && !b.isStatic(name) {
			continue // Lectern's own settings are for nobody else
		}
		if out, ok := fileAddress(all, name); ok {
			f := &File{Path: name, OutPath: out}
			if b.in.Size != nil {
				f.Size = b.in.Size(name)
			}
			files[name] = f
		}
	}
	w := &b.ix.withheld
	w.files, w.outs = map[string]bool{}, map[string]bool{}
	for _, l := range all {
		l.ix.files, l.ix.withheld.files, l.ix.withheld.outs = files, w.files, w.outs
	}
	u := findUsed(all)
	listed := findListed(all, u)
	for _, name := range sortedKeys(files) {
		f := files[name]
		static := b.isStatic(name)
		switch {
		case u.secret[name] && u.used[name] == 0 || !static && u.inPrivateFolder(all, name):
			w.files[name], w.outs[f.OutPath] = true, true
			continue
		case !static && !b.cfg.Hugo && u.used[name] == 0 && !isLogo(b.cfg, name) && !listed[name]:
			continue
		}
		b.placeFile(f, static)
	}
	slices.SortFunc(b.s.Files, func(f, g *File) int { return strings.Compare(f.OutPath, g.OutPath) })
	for _, l := range all {
		l.s.Files = b.s.Files
		l.findLogo()
	}
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

// fileAddress returns where a file is published; "" and false for one that is
// none of the site's. With Hugo it stands below the page that it belongs to,
// the nearest bundle or section above it, under the names that it has there. In
// a plain folder the folder's part of the address is made as for pages.
func fileAddress(all []*builder, name string) (string, bool) {
	cfg := all[0].cfg
	for _, dir := range cfg.StaticDirs {
		if within(name, dir) {
			return strings.TrimPrefix(name, dir+"/"), true
		}
	}
	b := ofFile(all, name)
	content := contentDir(cfg, name)
	if content == "" || slices.Contains(cfg.DisabledLanguages, config.FileKey(name)) {
		return "", false
	}
	dir, base := path.Split(strings.TrimPrefix(name, content+"/"))
	dir = strings.TrimSuffix(dir, "/")
	if !cfg.Hugo {
		return path.Join(b.folder(dir), base), true
	}
	at, owner := b.fileOwner(dir)
	return path.Join(at, strings.TrimPrefix(dir, owner), base), true
}

// fileOwner returns the folder of the output for the files of the page that
// those in folder dir belong to, and that page's own folder in the content.
func (b *builder) fileOwner(dir string) (out, owner string) {
	for ; dir != ""; dir = parentFolder(dir) {
		if p := b.bundles[dir]; p != nil {
			return p.folder(), dir
		}
		if out := b.away[dir]; out != "" {
			return out, dir
		}
		top := !strings.Contains(dir, "/")
		if p := b.sections[dir]; p != nil && p.URL != "" && (top || p.Note != nil) {
			return p.folder(), dir
		}
		if top && b.isTaxonomy(dir) {
			return b.folder(dir), dir
		}
	}
	return b.cfg.LanguageDir, ""
}

// uses is what notes do with files: for which languages a published note uses
// one, as bits in the order of the languages, and which ones withheld notes use
// or mention.
type uses struct {
	used   map[string]uint64
	secret map[string]bool
}

// inPrivateFolder reports whether the file lies in a folder that is private in
// some language, unless a published note uses it in whose language it is not.
func (u uses) inPrivateFolder(all []*builder, name string) bool {
	var open uint64
	private := false
	for i, b := range all {
		if b.inPrivateFolder(name) {
			private = true
		} else {
			open |= 1 << i
		}
	}
	return private && (len(all) == 1 || u.used[name]&open == 0)
}

func (b *builder) inPrivateFolder(name string) bool {
	if len(b.ix.withheld.folders) == 0 || !within(name, b.cfg.ContentDir) {
		return false
	}
	dir := path.Dir(strings.TrimPrefix(name, b.cfg.ContentDir+"/"))
	if dir == "." {
		dir = ""
	}
	return inFolders(b.ix.withheld.folders, dir)
}

// findUsed finds out which files the notes use.
func findUsed(all []*builder) uses {
	u := uses{map[string]uint64{}, map[string]bool{}}
	ix := all[0].ix
	if len(ix.files) == 0 {
		return u
	}
	addresses := make(map[string]string, len(ix.files))
	named := map[string][]string{} // by the last part of their path
	for name, f := range ix.files {
		addresses[f.OutPath] = name
		named[path.Base(name)] = append(named[path.Base(name)], name)
	}
	for i, b := range all {
		b.uses(addresses, named, func(name string) { u.used[name] |= 1 << i }, func(name string) { u.secret[name] = true })
	}
	return u
}

// uses calls used for each file that a published note uses, secret for each
// that a withheld one does.
func (b *builder) uses(addresses map[string]string, named map[string][]string, used, secret func(string)) {
	others := b.s.others()
	mark := func(set func(string), base string, n *note.Note) {
		for k := range n.Links {
			if n.Links[k].External {
				continue
			}
			d, ok := parseDest(n.Links[k].Dest)
			if !ok || d.path == "" {
				continue
			}
			if n.Links[k].Kind == note.Cover {
				if name, found := addresses[strings.Trim(d.path, "/")]; found {
					set(name)
				}
			}
			key := d.fromURL(base)
			name, found := addresses[strings.TrimPrefix(key, "/")]
			for _, o := range others {
				if !found {
					name, found = addresses[strings.TrimPrefix(o.address(b.s, key), "/")]
				}
			}
			if found {
				set(name)
			}
			for _, name := range d.fromFile(n.Path, b.cfg) {
				if name = b.s.fileNamed(name); name != "" {
					set(name)
				}
			}
		}
	}
	for i := range b.entries {
		e := &b.entries[i]
		n := e.note
		secretive := e.withheld != published && e.withheld != notRendered // a headless bundle's files are there for others
		if b.ix.notes[n.Path] == nil && secretive {
			for _, base := range n.Mentions {
				for _, name := range named[base] {
					secret(name)
				}
			}
		}
		if p := b.ix.notes[n.Path]; p != nil {
			mark(used, "/"+strings.TrimSuffix(p.OutPath, "index.html"), n)
		} else if secretive {
			mark(secret, "/"+strings.TrimSuffix(b.address(e).out, "index.html"), n)
		}
	}
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
			if !strings.HasSuffix(full, ".html") && a.key != "/" { // Hugo takes this alone for a file
				a = noteAddress("", strings.Trim(a.key, "/"), b.cfg)
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
	b.redirectHome()
	slices.SortFunc(b.s.Redirects, func(r, q Redirect) int { return strings.Compare(r.OutPath, q.OutPath) })
}

// keyOf returns the decoded address of p without a trailing slash.
func (ix *index) keyOf(p *Page) string {
	return "/" + strings.TrimSuffix(strings.TrimSuffix(p.OutPath, "index.html"), "/")
}
