package site

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/note"
)

// Build makes the site's model. It does not keep or change in's slices. With
// several languages it is the default language's site that is returned, and
// [Site.Languages] are all of them.
func Build(in Input) *Site {
	all := builders(in)
	main := all[0]
	if len(in.Notes) == 0 {
		main.s.Diags = append(main.s.Diags, diag.Diagnostic{
			Severity: diag.Error, Rule: "no-notes", Message: fmt.Sprintf("there is no note in %s", strings.Join(in.Config.ContentDirs(), " or ")),
			Hint: "write a Markdown file there, or name the folder that has them",
		})
	}
	main.ix.dirs[assetsDir] = true
	for _, b := range all {
		b.sort()
		b.withhold()
	}
	shareFolders(all)
	for _, b := range all {
		b.withholdAll()
	}
	withholdIncluders(all)
	for _, b := range all {
		b.placeSections()
		b.placeNotes()
		b.joinSessions()
		b.order()
		b.placeTaxonomies()
		b.collect()
	}
	tellUnlisted(all)
	for _, b := range all {
		b.redirects()
	}
	for _, b := range all {
		b.placeSpecials()
	}
	placeFiles(all)
	for _, b := range all {
		b.finishIndex()
	}
	join(all)
	for _, b := range all {
		for _, p := range b.s.Pages {
			b.s.link(p)
		}
		b.silence()
	}
	relate(all)
	main.s.Tell(in.History)
	return main.s
}

// newBuilder returns the builder of one language's site. What stands where, and
// what must leave no trace, is one thing for all languages: first's.
func newBuilder(in Input, cfg *config.Config, first *builder) *builder {
	b := &builder{
		in:  in,
		cfg: cfg,
		s:   &Site{Config: cfg},
		ix: &index{
			key:   cfg.LanguageKey,
			pages: make(map[string]*Page, len(in.Notes)+len(in.Notes)/8),
			notes: make(map[string]*Page, len(in.Notes)),
		},
		sections: map[string]*Page{},
		bundles:  map[string]*Page{},
		away:     map[string]string{},
	}
	b.s.index = b.ix
	b.ix.withheld.folders = map[string]bool{}
	if first != nil {
		b.ix.outs, b.ix.dirs, b.ix.withheld.keys = first.ix.outs, first.ix.dirs, first.ix.withheld.keys
		return b
	}
	b.ix.outs = make(map[string]owner, len(in.Notes)+len(in.Notes)/8)
	b.ix.dirs = make(map[string]bool, len(in.Notes)+len(in.Notes)/8)
	b.ix.withheld.keys = map[string]reason{}
	return b
}

type builder struct {
	in  Input
	cfg *config.Config
	s   *Site
	ix  *index

	entries  []entry
	sections map[string]*Page // by folder below the content folder, "" for home
	// bundles are the pages that are folders, by folder below the content folder.
	bundles map[string]*Page
	// away are the folders of the output that withheld bundles and sections would
	// have, by their own: what names a file in one is known to name such a file.
	away map[string]string
	// keys are what translations have in common, by page.
	keys map[*Page]string
}

// entry is one note and what its path says about it.
type entry struct {
	note *note.Note
	// dir is the folder below the content folder, name the file's without extension.
	dir, name string
	role      role
	// unkeyed is true where the language's key was taken off the name, foreign
	// for a file in another language than the site's.
	unkeyed, foreign bool
	withheld         reason
}

func (b *builder) report(n *note.Note, sev diag.Severity, rule, msg, hint string) {
	b.s.Diags = append(b.s.Diags, diag.Diagnostic{
		Position: diag.Position{File: n.Path, Line: 1, Col: 1}, Severity: sev, Rule: rule, Message: msg, Hint: hint,
	})
}

// placeSections makes home, and the sections of all folders that hold a
// published note or have an index of their own.
func (b *builder) placeSections() {
	// Home first: it has an address whatever happens.
	b.section("")
	for i := range b.entries {
		e := &b.entries[i]
		if e.withheld != published || e.role == resource || b.isTaxonomy(e.dir) {
			continue
		}
		dir := e.dir
		if e.role == bundle {
			dir = parentFolder(dir)
		}
		b.section(dir)
		if e.role == sectionIndex {
			b.sections[e.dir].Note = e.note
		}
	}
	// Addresses only now that each section knows its text; parents first.
	for _, dir := range sortedKeys(b.sections) {
		p := b.sections[dir]
		a := b.pageAddress(b.folder(dir))
		if p.Note != nil {
			p.adopt(p.Note)
			if p.Note.Front.URL != "" && dir != "" {
				a = b.fixed(p.Note.Front.URL)
			}
			if p.Note.TitleSource == note.TitleFromName {
				// The note's own guess can't tell a folder's readable name from home's title.
				p.Title, p.LinkTitle = b.sectionTitle(dir), ""
			}
		} else {
			p.Title = b.sectionTitle(dir)
		}
		if p.LinkTitle == "" {
			p.LinkTitle = p.Title
		}
		b.translates(p, dir)
		if !b.claim(p, a) && p.Note != nil && p.Note.Front.URL != "" {
			// Its notes must stand somewhere: back to where the folder is.
			b.claim(p, b.pageAddress(b.folder(dir)))
		}
	}
	b.s.Home = b.sections[""]
}

// section returns the section of folder dir, which it makes with all above it.
func (b *builder) section(dir string) *Page {
	if p := b.sections[dir]; p != nil {
		return p
	}
	p := &Page{Kind: Section}
	if dir == "" {
		p.Kind = Home
	} else {
		p.Parent = b.section(parentFolder(dir))
	}
	b.sections[dir] = p
	return p
}

func parentFolder(dir string) string {
	if i := strings.LastIndexByte(dir, '/'); i >= 0 {
		return dir[:i]
	}
	return ""
}

// folder returns the address of a content folder, without slashes at its ends.
func (b *builder) folder(dir string) string {
	switch p := b.folderPath(dir); {
	case b.cfg.LanguageDir == "":
		return p
	case p == "":
		return b.cfg.LanguageDir
	default:
		return b.cfg.LanguageDir + "/" + p
	}
}

// folderPath is folder without the language's own folder.
func (b *builder) folderPath(dir string) string {
	if dir == "" || plainPath(dir) {
		return dir
	}
	parts := strings.Split(dir, "/")
	for i, p := range parts {
		parts[i] = segment(p, b.cfg)
	}
	return strings.Join(parts, "/")
}

// adopt takes from n what a page shows of it.
func (p *Page) adopt(n *note.Note) {
	p.Note, p.Title, p.LinkTitle = n, n.Title, n.Front.LinkTitle
	if p.LinkTitle == "" {
		p.LinkTitle = p.Title
	}
	p.Hidden = n.Front.Hidden
	p.Unlisted = n.Front.Visibility != note.Public
	if list := buildParam(n, "list"); list == "never" || list == false {
		p.Unlisted = true
	}
}

func (b *builder) placeNotes() {
	pages := make([]Page, len(b.entries)) // one allocation for all
	for i := range b.entries {
		e := &b.entries[i]
		if e.withheld != published || e.role == sectionIndex || e.role == resource || b.isTaxonomy(e.dir) {
			continue
		}
		dir := e.dir
		if e.role == bundle {
			dir = parentFolder(dir)
		}
		parent := b.sections[dir]
		p := &pages[i]
		p.Kind, p.Parent = Single, parent
		p.adopt(e.note)
		if e.unkeyed && e.note.TitleSource == note.TitleFromName {
			// The note's own guess has the language's key in it.
			name := e.name
			if e.role == bundle {
				name = path.Base(e.dir)
			}
			p.Title = note.ReadableName(name)
			p.LinkTitle = cmp.Or(e.note.Front.LinkTitle, p.Title)
		}
		b.translates(p, e.path())
		p.Unlisted = p.Unlisted || parent.unlistedAbove()
		if !b.claim(p, b.address(e)) {
			continue
		}
		if e.role == bundle {
			b.bundles[e.dir] = p
		}
		if p.Unlisted {
			continue
		}
		if p.Hidden {
			parent.Concealed = append(parent.Concealed, p)
		} else {
			parent.Notes = append(parent.Notes, p)
		}
	}
}

func (p *Page) unlistedAbove() bool {
	for ; p != nil; p = p.Parent {
		if p.Unlisted {
			return true
		}
	}
	return false
}

// address is where a note stands, published or not.
func (b *builder) address(e *entry) address {
	front := &e.note.Front
	dir, name := e.dir, e.name
	if e.role == bundle {
		dir, name = parentFolder(dir), path.Base(dir)
	}
	name = segment(name, b.cfg)
	if slug := strings.Trim(sanitizeTitle(path.Clean("/"+front.Slug), b.cfg), "/-"); slug != "" {
		name = slug
	}
	switch pattern := b.permalink(e.dir); {
	case strings.Contains(front.URL, ":"):
		return b.expandPermalink(front.URL, e, name, true)
	case front.URL != "":
		return b.fixed(front.URL)
	case e.role == sectionIndex:
		return b.pageAddress(b.folder(e.dir))
	case pattern != "":
		return b.expandPermalink(pattern, e, name, false)
	}
	return noteAddress(b.folder(dir), name, b.cfg)
}

// collect lists all pages in order of their addresses.
func (b *builder) collect() {
	b.s.Pages = make([]*Page, 0, len(b.ix.pages))
	for _, p := range b.ix.pages {
		b.s.Pages = append(b.s.Pages, p)
		if p.Kind == Section {
			b.s.Sections++
		}
	}
	slices.SortFunc(b.s.Pages, func(p, q *Page) int { return strings.Compare(p.URL, q.URL) })
}

// finishIndex completes what links are looked up in.
func (b *builder) finishIndex() {
	b.ix.sections = b.sections
	b.ix.byPath = make([]*File, 0, len(b.ix.files))
	for _, f := range b.ix.files {
		b.ix.byPath = append(b.ix.byPath, f)
	}
	slices.SortFunc(b.ix.byPath, func(f, g *File) int { return strings.Compare(f.Path, g.Path) })
	for i := range b.entries {
		e := &b.entries[i]
		if p := b.ix.notes[e.note.Path]; e.unkeyed && p != nil {
			if b.ix.unkeyed == nil {
				b.ix.unkeyed = map[string]*Page{}
			}
			ext := path.Ext(e.note.Path)
			bare := strings.TrimSuffix(e.note.Path, ext)
			b.ix.unkeyed[strings.TrimSuffix(bare, path.Ext(bare))+ext] = p
		}
	}
}

// silence drops the findings that would name a private note.
func (b *builder) silence() {
	b.s.Diags = slices.DeleteFunc(b.s.Diags, func(d diag.Diagnostic) bool {
		return b.ix.withheld.keys["file:"+d.File] == private
	})
}
