package site

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"lectern/internal/diag"
)

// role is what a Markdown file is to its folder.
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
		rel := strings.TrimPrefix(n.Path, contentDir(b.cfg, n.Path)+"/")
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

// language takes the language's own key off a name such as talk.en.md, and
// marks the files of the languages that are not published.
func (b *builder) language(e *entry) {
	ext := path.Ext(e.name)
	if !b.cfg.Hugo && b.keys == nil || ext == "" || ext == e.name {
		return
	}
	switch key := strings.ToLower(ext[1:]); {
	case key == b.cfg.LanguageKey:
		e.name, e.unkeyed = strings.TrimSuffix(e.name, ext), true
	case slices.Contains(b.cfg.DisabledLanguages, key):
		e.foreign = true
	}
}

// folderNotes makes a note that stands beside a folder of its name, and would
// get the address of that folder's generated page, the text of that page.
func (b *builder) folderNotes(indexes map[string]int) {
	folders := map[string]bool{}
	for i := range b.entries {
		for dir := b.entries[i].dir; dir != "" && !folders[dir] && !b.entries[i].foreign; dir = parentFolder(dir) {
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
