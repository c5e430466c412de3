package site

import (
	"cmp"
	"slices"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
)

// isTaxonomy reports whether the content folder dir holds the texts of a
// taxonomy or its terms (content/tags/go/_index.md) rather than a section's.
func (b *builder) isTaxonomy(dir string) bool {
	first, _, _ := strings.Cut(dir, "/")
	if first == "" || b.disabled("taxonomy") {
		return false
	}
	return slices.ContainsFunc(b.cfg.Taxonomies, func(t taxonomy) bool { return strings.EqualFold(t.Plural, first) })
}

func (b *builder) disabled(kind string) bool { return slices.Contains(b.cfg.DisableKinds, kind) }

// placeTaxonomies makes a page for each taxonomy and each of its terms. Two
// spellings of one address ("Go", "go") are one term, named as most notes
// write it.
func (b *builder) placeTaxonomies() {
	if b.disabled("taxonomy") && b.disabled("term") {
		return
	}
	texts := map[string]*note.Note{}
	for i := range b.entries {
		e := &b.entries[i]
		if e.role == sectionIndex && e.withheld == published && b.isTaxonomy(e.dir) {
			texts[strings.ToLower(b.folder(e.dir))] = e.note
		}
	}
	for _, t := range b.cfg.Taxonomies {
		b.placeTaxonomy(t, texts)
	}
	// The notes of a taxonomy's folder that are not an index are no pages in
	// Hugo either; say so rather than lose them in silence.
	for i := range b.entries {
		e := &b.entries[i]
		if e.withheld == published && e.role == single && b.isTaxonomy(e.dir) {
			b.report(e.note, diag.Warning, "taxonomy-note", "a note in the folder of a taxonomy has no page", "move it to a section")
		}
	}
}

func (b *builder) placeTaxonomy(t taxonomy, texts map[string]*note.Note) {
	root := b.folder(t.Plural)
	list := &Page{Kind: Taxonomy, Parent: b.s.Home, Title: titleCase(t.Plural, b.listStyle())}
	list.LinkTitle = list.Title
	if n := texts[strings.ToLower(root)]; n != nil {
		list.adopt(n)
	}
	if !b.disabled("taxonomy") && b.claim(list, folderAddress(root)) {
		b.s.Taxonomies = append(b.s.Taxonomies, list)
	}
	if b.disabled("term") {
		return
	}
	terms := b.terms(t)
	for _, key := range sortedKeys(terms) {
		m := terms[key]
		p := &Page{Kind: Term, Parent: list, Title: titleCase(m.name(), b.listStyle())}
		p.LinkTitle = m.name()
		if n := texts[strings.ToLower(root+"/"+key)]; n != nil {
			p.adopt(n)
		}
		if !b.claim(p, folderAddress(root+"/"+key)) {
			continue
		}
		p.Members = m.pages
		for _, member := range m.pages {
			member.Terms = append(member.Terms, p)
		}
		list.Members = append(list.Members, p)
	}
	slices.SortFunc(list.Members, func(p, q *Page) int {
		return cmp.Or(natural(p.LinkTitle, q.LinkTitle), strings.Compare(p.URL, q.URL))
	})
}

func (b *builder) listStyle() string {
	if !b.cfg.CapitalizeListTitles && b.cfg.Hugo {
		return "none"
	}
	return b.cfg.TitleCaseStyle
}

// term gathers the pages of one term, in reading order, and its spellings.
type term struct {
	pages     []*Page
	spellings map[string]int
}

// name is the most frequent spelling, the first in order among equals.
func (t *term) name() string {
	best, most := "", 0
	for _, s := range sortedKeys(t.spellings) {
		if t.spellings[s] > most {
			best, most = s, t.spellings[s]
		}
	}
	return best
}

// terms finds the terms of taxonomy t by their addresses.
func (b *builder) terms(t taxonomy) map[string]*term {
	terms := map[string]*term{}
	addresses := map[string]string{} // of each spelling
	add := func(p *Page) {
		if p.Note == nil || p.Hidden || p.Unlisted {
			return
		}
		for _, name := range p.Note.Front.Taxonomies[t.Plural] {
			key, ok := addresses[name]
			if !ok {
				key = strings.Trim(segment(name, b.cfg), "/")
				addresses[name] = key
			}
			if key == "" {
				continue
			}
			m := terms[key]
			if m == nil {
				m = &term{spellings: map[string]int{}}
				terms[key] = m
			}
			m.spellings[name]++
			if n := len(m.pages); n == 0 || m.pages[n-1] != p { // "Go" and "go" in one note
				m.pages = append(m.pages, p)
			}
		}
	}
	b.walk(b.s.Home, add)
	return terms
}
