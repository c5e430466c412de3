package site

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/note"
)

// Build makes the site's model. It does not keep or change in's slices.
func Build(in Input) *Site {
	b := &builder{
		in:  in,
		cfg: in.Config,
		s:   &Site{Config: in.Config},
		ix: &index{
			pages: make(map[string]*Page, len(in.Notes)+len(in.Notes)/8),
			notes: make(map[string]*Page, len(in.Notes)),
			outs:  make(map[string]owner, len(in.Notes)+len(in.Notes)/8),
		},
		sections: map[string]*Page{},
		withheld: withheld{folders: map[string]bool{}, keys: map[string]reason{}},
	}
	b.s.index = b.ix
	b.sort()
	b.withhold()
	b.placeSections()
	b.placeNotes()
	b.order()
	b.placeTaxonomies()
	b.collect()
	b.redirects()
	b.placeFiles()
	b.ix.withheld, b.ix.sections = b.withheld, b.sections
	for _, p := range b.s.Pages {
		b.s.link(p)
	}
	b.silence()
	return b.s
}

type builder struct {
	in  Input
	cfg *config.Config
	s   *Site
	ix  *index

	entries  []entry
	sections map[string]*Page // by folder below the content folder, "" for home
	withheld withheld
}

// entry is one note and what its path says about it.
type entry struct {
	note *note.Note
	// dir is the folder below the content folder, name the file's without extension.
	dir, name string
	role      role
	// foreign is true for a file in another language than the site's.
	foreign  bool
	withheld reason
}

type role uint8

const (
	single role = iota
	// sectionIndex is the text of its folder's section.
	sectionIndex
	// bundle is a page that is a folder (Hugo's index.md).
	bundle
	// resource is a Markdown file inside a bundle, which is no page.
	resource
)

// sort finds out each note's role.
func (b *builder) sort() {
	b.entries = make([]entry, 0, len(b.in.Notes))
	bundles := map[string]bool{}
	indexes := map[string]int{} // entry that is a folder's index
	for _, n := range b.in.Notes {
		rel := strings.TrimPrefix(n.Path, b.cfg.ContentDir+"/")
		dir, file := path.Split(rel)
		e := entry{note: n, dir: strings.TrimSuffix(dir, "/"), name: strings.TrimSuffix(file, path.Ext(file))}
		b.language(&e)
		rank := b.indexRank(e.name, e.dir)
		if rank > 0 {
			e.role = sectionIndex
			if b.cfg.Hugo && e.name == "index" && e.dir != "" {
				e.role = bundle
			}
			if old, taken := indexes[e.dir]; taken {
				e, rank = b.twoIndexes(old, e, rank)
			}
			if rank > 0 {
				indexes[e.dir] = len(b.entries)
			}
			if e.role == bundle {
				bundles[e.dir] = true
			}
		}
		b.entries = append(b.entries, e)
	}
	b.folderNotes(indexes)
	if len(bundles) == 0 {
		return
	}
	for i := range b.entries {
		e := &b.entries[i]
		dir := e.dir
		if e.role == bundle {
			dir = parentFolder(dir) // a bundle in another one's folder belongs to that
		}
		if inFolders(bundles, dir) {
			e.role = resource
		}
	}
}

// language takes the default language's key off a name such as talk.en.md, and
// marks the files of the other languages, which are no part of the site.
func (b *builder) language(e *entry) {
	ext := path.Ext(e.name)
	if !b.cfg.Hugo || ext == "" || ext == e.name {
		return
	}
	switch key := strings.ToLower(ext[1:]); {
	case key == b.cfg.LanguageKey:
		e.name = strings.TrimSuffix(e.name, ext)
	case slices.Contains(b.cfg.OtherLanguages, key):
		e.foreign = true
	}
}

// folderNotes makes a note that stands beside a folder of its name, and would
// get the address of that folder's generated page, the text of that page.
func (b *builder) folderNotes(indexes map[string]int) {
	folders := map[string]bool{}
	for i := range b.entries {
		for dir := b.entries[i].dir; dir != "" && !folders[dir]; dir = parentFolder(dir) {
			folders[dir] = true
		}
	}
	for i := range b.entries {
		e := &b.entries[i]
		dir := path.Join(e.dir, e.name)
		if _, taken := indexes[dir]; e.role == single && folders[dir] && !taken && e.note.Front.URL == "" && e.note.Front.Slug == "" {
			e.role, e.dir = sectionIndex, dir
			indexes[dir] = i
		}
	}
}

// indexRank says how strong a file's claim is to be its folder's text: 3 for
// _index, 2 for index, 1 for README (in a plain folder only), 0 for none.
func (b *builder) indexRank(name, dir string) int {
	switch {
	case name == "_index":
		return 3
	case name == "index":
		return 2
	case !b.cfg.Hugo && strings.EqualFold(name, "readme"):
		return 1
	}
	return 0
}

// twoIndexes decides between the index that a folder has already and another
// one: the loser becomes a page of its own. It returns e as it shall be added
// and its rank, 0 where the old one stays.
func (b *builder) twoIndexes(old int, e entry, rank int) (entry, int) {
	o := &b.entries[old]
	winner, loser := o, &e
	if rank > b.indexRank(o.name, o.dir) {
		winner, loser = &e, o
	}
	loser.role = single
	b.report(loser.note, diag.Warning, "index-duplicate",
		fmt.Sprintf("%s is this folder's page already", path.Base(winner.note.Path)), "this file becomes a page of its own; merge the two")
	if loser == &e {
		return e, 0
	}
	return e, rank
}

// inFolders reports whether dir is one of folders or lies in one.
func inFolders(folders map[string]bool, dir string) bool {
	for {
		if folders[dir] {
			return true
		}
		i := strings.LastIndexByte(dir, '/')
		if i < 0 {
			return dir != "" && folders[""]
		}
		dir = dir[:i]
	}
}

func (b *builder) report(n *note.Note, sev diag.Severity, rule, msg, hint string) {
	b.s.Diags = append(b.s.Diags, diag.Diagnostic{
		Position: diag.Position{File: n.Path, Line: 1, Col: 1}, Severity: sev, Rule: rule, Message: msg, Hint: hint,
	})
}

// claim gives an address to p, or says that another page has it.
func (b *builder) claim(p *Page, a address) bool {
	if o, taken := b.ix.outs[a.out]; taken {
		other := "a generated page"
		if o.page != nil && o.page.Note != nil {
			other = o.page.Note.Path
		}
		if p.Note != nil {
			b.report(p.Note, diag.Error, "url-duplicate",
				fmt.Sprintf("%s has the address %s already, so this note is left out", other, a.url), "give one of them another name, `slug` or `url`")
		}
		return false
	}
	p.URL, p.OutPath = a.url, a.out
	b.ix.outs[a.out] = owner{page: p}
	b.ix.pages[a.key] = p
	if p.Note != nil {
		b.ix.notes[p.Note.Path] = p
	}
	return true
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
		a := folderAddress(b.folder(dir))
		if p.Note != nil {
			p.adopt(p.Note)
			if p.Note.Front.URL != "" && dir != "" {
				a = fixedAddress(p.Note.Front.URL)
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
		if !b.claim(p, a) && p.Note != nil && p.Note.Front.URL != "" {
			// Its notes must stand somewhere: back to where the folder is.
			b.claim(p, folderAddress(b.folder(dir)))
		}
	}
	b.s.Home = b.sections[""]
}

func (b *builder) sectionTitle(dir string) string {
	if dir == "" {
		return cmp.Or(b.cfg.Title, b.cfg.FolderName)
	}
	return readable(path.Base(dir))
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
		if e.note.TitleSource == note.TitleFromName && e.role == single {
			p.Title = readable(e.name) // without the language's key
			p.LinkTitle = cmp.Or(e.note.Front.LinkTitle, p.Title)
		}
		p.Unlisted = p.Unlisted || parent.unlistedAbove()
		if b.claim(p, b.address(e)) && !p.Hidden && !p.Unlisted {
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
		return b.expandPermalink(front.URL, e, name)
	case front.URL != "":
		return fixedAddress(front.URL)
	case e.role == sectionIndex:
		return folderAddress(b.folder(e.dir))
	case pattern != "":
		return b.expandPermalink(pattern, e, name)
	}
	return noteAddress(b.folder(dir), name, b.cfg)
}

// withhold decides which notes are left out of the site, and why.
func (b *builder) withhold() {
	w := &b.withheld
	for i := range b.entries {
		e := &b.entries[i]
		e.withheld = b.reason(e.note)
		if e.foreign && e.withheld != private {
			e.withheld = foreign
		}
		// What a section keeps private it keeps private with all that lies in
		// it; so does one whose front matter can't be read but speaks of it.
		if e.role == bundle && e.withheld != published {
			w.folders[e.dir] = true // a bundle's files are its own
		}
		if e.role == sectionIndex {
			if e.withheld == private || e.withheld == unreadable && e.note.Suspect {
				w.folders[e.dir] = true
			}
		}
	}
	var counts [private]int
	for i := range b.entries {
		e := &b.entries[i]
		if e.withheld == published && len(w.folders) > 0 && inFolders(w.folders, e.dir) {
			e.withheld = private
		}
		if e.withheld == published {
			continue
		}
		switch e.withheld {
		case unreadable:
			b.s.Unreadable = append(b.s.Unreadable, e.note)
		case private:
		default:
			b.s.Unpublished = append(b.s.Unpublished, e.note)
			counts[e.withheld]++
		}
		w.keys[b.address(e).key] = e.withheld
		w.keys["file:"+e.note.Path] = e.withheld
		w.notes = append(w.notes, e.note)
	}
	b.tell(counts[:])
}

// tell says how many notes are not published now, so that nobody looks for one
// in vain.
func (b *builder) tell(counts []int) {
	var parts []string
	for why, n := range counts {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, reason(why)))
		}
	}
	if len(parts) > 0 {
		b.s.Diags = append(b.s.Diags, diag.Diagnostic{
			Severity: diag.Info, Rule: "unpublished", Message: "notes that are not published: " + strings.Join(parts, ", "),
		})
	}
}

// reason says whether a note is published now, and notes when that changes.
func (b *builder) reason(n *note.Note) reason {
	f := &n.Front
	switch {
	case !n.Readable:
		return unreadable
	case unrendered(n):
		return notRendered
	case f.Visibility == note.Private && !b.in.Private:
		return private
	case f.Draft && !b.in.Drafts && !b.cfg.BuildDrafts:
		return draft
	}
	publish := f.PublishDate
	if publish.IsZero() {
		publish = f.Date
	}
	if !b.cfg.BuildFuture && publish.After(b.in.Now) {
		b.wake(publish)
		return future
	}
	if !b.cfg.BuildExpired && !f.ExpiryDate.IsZero() {
		if !f.ExpiryDate.After(b.in.Now) {
			return expired
		}
		b.wake(f.ExpiryDate)
	}
	return published
}

// unrendered reports whether Hugo would make no page of n: `headless: true`, or
// `build: {render: never}`.
func unrendered(n *note.Note) bool {
	if n.Front.Params["headless"] == true {
		return true
	}
	switch buildParam(n, "render") {
	case "never", "link", false:
		return true
	}
	return false
}

// buildParam returns a field of the front matter's build (once _build).
func buildParam(n *note.Note, field string) any {
	for _, name := range []string{"build", "_build"} {
		if m, ok := n.Front.Params[name].(map[string]any); ok {
			return m[field]
		}
	}
	return nil
}

func (b *builder) wake(t time.Time) {
	if b.s.Next.IsZero() || t.Before(b.s.Next) {
		b.s.Next = t
	}
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

// silence drops the findings that would name a private note.
func (b *builder) silence() {
	b.s.Diags = slices.DeleteFunc(b.s.Diags, func(d diag.Diagnostic) bool {
		return b.withheld.keys["file:"+d.File] == private
	})
}
