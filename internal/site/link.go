package site

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
)

// link resolves the links of p's note.
func (s *Site) link(p *Page) {
	p.Links, p.Lists, p.Diags, p.linked = nil, nil, nil, nil
	if p.Note == nil || len(p.Note.Links) == 0 && len(p.Note.Calls) == 0 {
		return
	}
	l := linker{s: s, ix: s.index, p: p, n: p.Note, path: p.Note.Path, base: p.base()}
	p.Links = make([]Target, len(p.Note.Links))
	own := p.Note.Links
	if p.Parts != nil {
		own = own[:p.own]
	}
	for i := range own {
		l.at = i
		p.Links[i] = l.resolve(&own[i])
	}
	l.checkPatterns()
	p.Lists = l.lists()
	p.Diags = l.diags
	s.linkParts(p)
}

type linker struct {
	s     *Site
	ix    *index
	p     *Page
	n     *note.Note
	base  string // the decoded path of the document
	path  string // the note's
	diags []diag.Diagnostic
	// hinted counts the hints looked for.
	hinted int
	// at is the index of the link being resolved.
	at int
}

func (l *linker) resolve(k *note.Link) Target {
	if k.External {
		return Target{Kind: TargetExternal, URL: k.Dest}
	}
	broken := Target{Kind: TargetBroken, URL: k.Dest}
	d, ok := parseDest(k.Dest)
	switch {
	case !ok || strings.TrimSpace(k.Dest) == "":
		l.report(k, diag.Error, "link-missing", "this link leads nowhere", "write where it leads")
		return broken
	case d.path == "" && d.fragment == "":
		return Target{Kind: TargetSelf, URL: k.Dest}
	case d.path == "" && strings.HasPrefix(d.suffix, "#"):
		l.fragment(k, d, l.p)
		return Target{Kind: TargetSelf, URL: d.suffix}
	case k.Kind == note.Ref:
		return l.ref(k, d)
	}
	return l.resolved(k, d)
}

// resolved looks up what k names, which d says.
func (l *linker) resolved(k *note.Link, d dest) Target {
	byURL, atURL := l.atURL(d)
	byFile, atFile := l.atFile(d)
	switch {
	case atURL && atFile && byURL != byFile:
		l.report(k, diag.Warning, "link-ambiguous",
			fmt.Sprintf("%q is %s as an address and %s as a file; the address is taken", k.Dest, describe(byURL), describe(byFile)),
			"write the full address, such as "+describe(byURL))
	case !atURL && !atFile && k.Kind == note.Cover && d.path != "" && d.path[0] != '/':
		d.path = "/" + d.path // Hugo counts from the root
		return l.resolved(k, d)
	case !atURL && !atFile:
		if out, ok := l.generated(d); ok {
			return Target{Kind: TargetFile, URL: escape(out) + d.suffix}
		}
		return l.missing(k, d)
	case !atURL:
		byURL = byFile
	}
	if image(k.Kind) && byURL.page != nil {
		return l.missing(k, d)
	}
	return l.target(k, d, byURL)
}

func image(k note.LinkKind) bool { return k == note.Image || k == note.AttrImage || k == note.Cover }

func describe(o owner) string {
	if o.page != nil {
		return o.page.URL
	}
	return "/" + o.file.OutPath
}

func (l *linker) target(k *note.Link, d dest, o owner) Target {
	if o.page != nil {
		if d.fragment != "" {
			l.fragment(k, d, o.page)
		}
		l.p.linked = append(l.p.linked, linked{l.at, o.page})
		return Target{Kind: TargetPage, URL: o.page.URL + d.suffix}
	}
	return Target{Kind: TargetFile, URL: escape("/"+o.file.OutPath) + d.suffix, File: o.file}
}

// atURL looks d up as the address that a browser would ask for.
func (l *linker) atURL(d dest) (owner, bool) {
	key := d.fromURL(l.base)
	if o, ok := l.ix.at(key); ok {
		return o, true
	}
	if strings.HasPrefix(d.path, "/") {
		// It may leave out the language's folder, as content paths do.
		if dir := l.s.Config.LanguageDir; dir != "" {
			if o, ok := l.ix.at(path.Clean("/" + dir + key)); ok {
				return o, true
			}
		}
		// It may begin with the path of the site's own address.
		if rest, ok := strings.CutPrefix(key+"/", l.s.Config.BasePath()); ok {
			return l.ix.at(path.Clean("/" + rest))
		}
	}
	return owner{}, false
}

// generated returns the address that d names if one of the site's generated
// files stands there: a feed, the sitemap, robots.txt or the 404 page.
func (l *linker) generated(d dest) (string, bool) {
	key := d.fromURL(l.base)
	switch key {
	case "/sitemap.xml", "/robots.txt", "/404.html":
		return key, true
	}
	for _, s := range l.s.All() {
		if s.Config.LanguageDir != "" && key == "/"+s.Config.LanguageDir+"/404.html" ||
			l.s.Languages != nil && key == "/"+s.Config.LanguageKey+"/sitemap.xml" {
			return key, true
		}
	}
	switch key {
	case "/llms.txt", "/index.json":
		return key, l.s.Config.Markdown != "off"
	}
	for _, name := range []string{"/index.md", "/index.print.html", "/index.source.md"} {
		if dir, ok := strings.CutSuffix(key, name); ok {
			return key, l.ix.pages[cmp.Or(dir, "/")] != nil
		}
	}
	if dir, ok := strings.CutSuffix(key, "/index.xml"); ok {
		p := l.ix.pages[cmp.Or(dir, "/")]
		return key, p != nil && p.Kind != Single
	}
	return "", false
}

// at returns what stands at a decoded address.
func (ix *index) at(key string) (owner, bool) {
	if p := ix.pages[key]; p != nil {
		return owner{page: p}, true
	}
	if o, ok := ix.outs[key[1:]]; ok {
		if o.file != nil {
			return owner{file: o.file}, true
		}
		return o, true
	}
	return owner{}, false
}

// atFile looks d up as a file beside the note.
func (l *linker) atFile(d dest) (owner, bool) {
	for _, name := range d.fromFile(l.path, l.s.Config) {
		if o, ok := l.s.file(name); ok {
			return o, true
		}
	}
	return owner{}, false
}

// file returns what is published from a path in the project: a note, with or
// without .md, a bundle, a folder's section, or any other file.
func (s *Site) file(name string) (owner, bool) {
	ix, contentDir := s.index, s.Config.ContentDir
	for _, notes := range [...]map[string]*Page{ix.notes, ix.unkeyed} {
		if p := notes[name]; p != nil {
			return owner{page: p}, true
		}
		if p := notes[name+".md"]; p != nil {
			return owner{page: p}, true
		}
		if p := notes[name+"/index.md"]; p != nil { // a bundle
			return owner{page: p}, true
		}
	}
	if f := ix.files[s.fileNamed(name)]; f != nil && ix.outs[f.OutPath].file == f {
		return owner{file: f}, true
	}
	dir, ok := strings.CutPrefix(name, contentDir+"/")
	if name == contentDir {
		dir, ok = "", true
	}
	if contentDir == "." {
		dir, ok = name, true
		if name == "." {
			dir = ""
		}
	}
	if p := ix.sections[dir]; ok && p != nil && p.URL != "" {
		return owner{page: p}, true
	}
	return owner{}, false
}

// ref resolves the argument of ref and relref: a page by its path beside the
// note or from the content folder, with or without extension, or by its name
// alone where that is unique.
func (l *linker) ref(k *note.Link, d dest) Target {
	m := l
	if k.Lang != "" {
		if m = l.language(k.Lang); m == nil {
			l.report(k, diag.Error, "link-missing", fmt.Sprintf("this site has no language %q", k.Lang), "")
			return Target{Kind: TargetBroken, URL: k.Dest}
		}
	}
	if o, ok := m.atRef(d); ok {
		return l.target(k, d, o)
	}
	if same := m.sameName(d); len(same) == 1 {
		return l.target(k, d, owner{page: same[0]})
	} else if len(same) > 1 && !strings.Contains(d.path, "/") {
		l.report(k, diag.Error, "link-ambiguous", fmt.Sprintf("%d notes are named %q", len(same), d.path),
			fmt.Sprintf("name the folder too, such as %q", l.ix.keyOf(same[0])))
		return Target{Kind: TargetBroken, URL: k.Dest}
	}
	return l.missing(k, d)
}

// atRef looks d up by its path.
func (l *linker) atRef(d dest) (owner, bool) {
	if o, ok := l.atFile(d); ok && o.page != nil {
		return o, true
	}
	if o, ok := l.s.file(path.Join(l.s.Config.ContentDir, path.Clean("/"+d.path))); ok && o.page != nil {
		return o, true
	}
	if o, ok := l.atURL(d); ok && o.page != nil {
		return o, true
	}
	o, ok := l.ix.at(path.Clean("/" + d.path))
	return o, ok && o.page != nil
}

// sameName returns the pages that have the last part of d's path for a name.
func (l *linker) sameName(d dest) []*Page {
	return l.ix.byBase(strings.TrimSuffix(path.Base(d.path), ".md"))
}

// missing deals with a link that leads to nothing that is published.
func (l *linker) missing(k *note.Link, d dest) Target {
	why := l.withheld(k, d)
	if why != private && why != unreadable && k.Lang == "" {
		if t, ok := l.elsewhere(k, d); ok {
			return t
		}
	}
	switch why {
	case published:
	case private, unreadable:
		// Not a word: the finding itself would name what must not be named.
		return Target{Kind: TargetWithheld, URL: ""}
	default:
		l.report(k, diag.Warning, "link-unpublished", fmt.Sprintf("%q is %s, so only the link's text is shown", k.Dest, why), "")
		return Target{Kind: TargetWithheld, URL: ""}
	}
	rule, what := "link-missing", "no such note or file"
	switch {
	case image(k.Kind):
		rule, what = "image-missing", "no such picture"
	case k.Kind == note.Ref:
		what = "no such note"
	}
	if d.outside(l.n.Path) {
		l.report(k, diag.Error, rule, fmt.Sprintf("%q leaves the project's folder, which is refused", k.Dest), "put the file beside the note")
		return Target{Kind: TargetBroken, URL: k.Dest}
	}
	l.report(k, diag.Error, rule, fmt.Sprintf("%s %q", what, k.Dest), l.hint(k, d))
	return Target{Kind: TargetBroken, URL: k.Dest}
}

// withheld says why what d names is not published, or published where it does
// not exist at all.
func (l *linker) withheld(k *note.Link, d dest) reason {
	w := &l.ix.withheld
	if len(w.keys) == 0 && len(w.files) == 0 && len(w.folders) == 0 {
		return published
	}
	key := d.fromURL(l.base)
	if why, ok := w.keys[key]; ok {
		return why
	}
	names := d.fromFile(l.path, l.s.Config)
	if rest := path.Clean("/" + d.path); strings.HasPrefix(d.path, "/") || rest != "/" {
		names = append(names, path.Join(l.s.Config.ContentDir, rest)) // as ref looks for it
	}
	for _, name := range names {
		if w.files[name] {
			return private
		}
		for _, ext := range []string{"", ".md", "/_index.md", "/index.md"} {
			if why, ok := w.keys["file:"+name+ext]; ok {
				return why
			}
		}
		rel := strings.TrimPrefix(name, l.s.Config.ContentDir+"/")
		if len(w.folders) > 0 && inFolders(w.folders, rel) {
			return private
		}
	}
	if w.outs[key[1:]] || len(w.folders) > 0 && inFolders(w.folders, key[1:]) {
		return private
	}
	if k.Kind == note.Ref { // which finds notes by their names alone
		return l.ix.withheldBase(strings.TrimSuffix(path.Base(d.path), ".md"))
	}
	return published
}

// fragment checks that page to has a place named as d says.
func (l *linker) fragment(k *note.Link, d dest, to *Page) {
	if d.fragment == "" || d.fragment == "top" || strings.HasPrefix(d.fragment, ":~:") {
		return
	}
	var ids []string
	if n := to.Note; n != nil {
		if _, ok := slices.BinarySearch(n.Anchors, d.fragment); ok {
			return
		}
		for _, h := range n.Headings {
			if h.ID == d.fragment {
				return
			}
			ids = append(ids, h.ID)
		}
	}
	hint := ""
	if near := diag.Nearest(d.fragment, ids); near != "" {
		hint = fmt.Sprintf("did you mean %q?", "#"+near)
	}
	l.report(k, diag.Warning, "link-fragment", fmt.Sprintf("%s has no heading %q", to.URL, "#"+d.fragment), hint)
}

func (l *linker) report(k *note.Link, sev diag.Severity, rule, msg, hint string) {
	sev, ok := l.level(k, sev, rule)
	if !ok {
		return
	}
	l.diags = append(l.diags, diag.Diagnostic{
		Position: diag.Position{File: l.n.Path, Line: k.Line, Col: k.Col},
		Severity: sev, Rule: rule, Message: msg, Hint: hint,
	})
}
