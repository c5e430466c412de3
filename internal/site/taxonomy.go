package site

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"lectern/internal/diag"
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
	texts := map[string]*entry{} // by the address that a term of their name has
	for i := range b.entries {
		e := &b.entries[i]
		if e.withheld != published || e.role == resource || !b.isTaxonomy(e.dir) {
			continue
		}
		name := e.dir
		if e.role == single {
			name = path.Join(e.dir, e.name)
		}
		texts[strings.ToLower(b.folder(name))] = e
	}
	for _, t := range b.cfg.Taxonomies {
		b.placeTaxonomy(t, texts)
	}
}

// text takes from texts what is the text of p, and from its front matter the
// address that p shall have instead of a.
func (b *builder) text(p *Page, texts map[string]*entry, key string, a address) address {
	e := texts[strings.ToLower(key)]
	if e == nil {
		return a
	}
	delete(texts, strings.ToLower(key))
	p.adopt(e.note)
	if e.note.Front.URL != "" {
		return b.fixed(e.note.Front.URL)
	}
	return a
}

func (b *builder) placeTaxonomy(t taxonomy, texts map[string]*entry) {
	root := b.folder(t.Plural)
	list := &Page{Kind: Taxonomy, Parent: b.s.Home, Title: titleCase(t.Plural, b.listStyle())}
	list.LinkTitle = list.Title
	at := b.text(list, texts, root, b.pageAddress(root))
	b.translates(list, t.Plural)
	if !b.disabled("taxonomy") && b.claim(list, at) {
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
		at := b.text(p, texts, root+"/"+key, b.pageAddress(root+"/"+key))
		b.translates(p, t.Plural+"/"+key)
		if !b.claim(p, at) {
			continue
		}
		p.Members = m.pages
		for _, member := range slices.Concat(m.pages, m.hidden) {
			member.Terms = append(member.Terms, p)
		}
		if len(m.pages) > 0 {
			list.Members = append(list.Members, p)
		}
	}
	b.placeTexts(list, root, texts)
	slices.SortFunc(list.Members, func(p, q *Page) int {
		return cmp.Or(natural(p.LinkTitle, q.LinkTitle), strings.Compare(p.URL, q.URL))
	})
}

// placeTexts places what lies in the taxonomy's folder and is no term's text: a
// folder's index as a term that no note has yet, a note as a page of its own.
func (b *builder) placeTexts(list *Page, root string, texts map[string]*entry) {
	for _, key := range sortedKeys(texts) {
		if !strings.HasPrefix(key, strings.ToLower(root)+"/") {
			continue
		}
		e := texts[key]
		delete(texts, key)
		p := &Page{Kind: Single, Parent: list}
		if e.role == sectionIndex {
			p.Kind = Term
		}
		p.adopt(e.note)
		b.translates(p, e.path())
		if b.claim(p, b.address(e)) && p.Kind == Term && !p.Hidden && !p.Unlisted {
			list.Members = append(list.Members, p)
		}
	}
}

func (b *builder) listStyle() string {
	if !b.cfg.CapitalizeListTitles && b.cfg.Hugo {
		return "none"
	}
	return b.cfg.TitleCaseStyle
}

// maxTerms is how many terms of one taxonomy a note may have. Each one's page
// shows all of them, so that their number counts twice.
const maxTerms = 100

// term gathers the pages of one term, in reading order, and its spellings.
type term struct {
	pages []*Page
	// hidden are notes that no list shows; the term has a page for them all the same.
	hidden    []*Page
	spellings map[string]int
}

// name is the most frequent spelling, the first in order among equals.
func (t *term) name() string {
	best, most := "", -1
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
		if p.Note == nil {
			return
		}
		names := p.Note.Front.Taxonomies[t.Plural]
		if len(names) > maxTerms {
			b.report(p.Note, diag.Warning, "terms-many", fmt.Sprintf("%d %s; the first %d count", len(names), t.Plural, maxTerms), "a note about everything is found under nothing")
			names = names[:maxTerms]
		}
		for _, name := range names {
			key, ok := addresses[name]
			if !ok {
				key = strings.Trim(path.Clean("/"+segment(name, b.cfg)), "/")
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
			if p.Hidden {
				m.spellings[name] += 0 // it names the term if no other note does
				if n := len(m.hidden); n == 0 || m.hidden[n-1] != p {
					m.hidden = append(m.hidden, p)
				}
				continue
			}
			m.spellings[name]++
			if n := len(m.pages); n == 0 || m.pages[n-1] != p { // "Go" and "go" in one note
				m.pages = append(m.pages, p)
			}
		}
	}
	b.walk(b.s.Home, add)
	for _, path := range sortedKeys(b.ix.notes) {
		if p := b.ix.notes[path]; p.Hidden && !p.unlistedAbove() && p.Kind == Single {
			add(p)
		}
	}
	return terms
}
