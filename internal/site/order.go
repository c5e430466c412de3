package site

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"
)

// order puts the children of each section into reading order and chains all
// listed pages.
func (b *builder) order() {
	for _, dir := range sortedKeys(b.sections) {
		p := b.sections[dir]
		switch {
		case p.Parent == nil || p.unlistedAbove():
		case p.Hidden:
			p.Parent.Concealed = append(p.Parent.Concealed, p)
		default:
			p.Parent.Sections = append(p.Parent.Sections, p)
		}
	}
	for _, p := range b.sections {
		p.sorting = b.sortingOf(p)
		b.s.byLength = b.s.byLength || p.sorting == "length"
		p.sorting.sort(p.Notes)
		p.sorting.sort(p.Sections)
		p.sorting.sort(p.Concealed)
		p.Children = p.sorting.merge(p.Notes, p.Sections)
	}
	var last *Page
	b.walk(b.s.Home, func(p *Page) {
		if last != nil {
			last.Next, p.Prev = p, last
		}
		last = p
	})
}

// walk visits the listed pages in reading order.
func (b *builder) walk(p *Page, visit func(*Page)) {
	visit(p)
	for _, c := range p.Children {
		b.walk(c, visit)
	}
}

// merge puts a section's notes and sections into one order: by what their
// author gave them, weight or number; without either the notes come first.
func merge(notes, sections []*Page) []*Page {
	if len(sections) == 0 {
		return notes
	}
	all := slices.Concat(notes, sections)
	slices.SortStableFunc(all, func(p, q *Page) int {
		return cmp.Or(cmp.Compare(p.rank(), q.rank()), cmp.Compare(p.prefix(), q.prefix()))
	})
	return all
}

// sortPages orders siblings by weight (those without one last), the number in
// their file's name, start time, date, title, address.
func sortPages(pages []*Page) {
	if len(pages) < 2 {
		return
	}
	slices.SortFunc(pages, comparePages)
}

func comparePages(p, q *Page) int {
	if c := cmp.Compare(p.rank(), q.rank()); c != 0 {
		return c
	}
	if c := cmp.Compare(p.prefix(), q.prefix()); c != 0 {
		return c
	}
	if p.Note != nil && q.Note != nil {
		f, g := &p.Note.Front, &q.Note.Front
		if !f.Start.Equal(g.Start) {
			return lateIfZero(f.Start.IsZero(), g.Start.IsZero(), f.Start.Compare(g.Start))
		}
		if !f.Date.Equal(g.Date) {
			return lateIfZero(f.Date.IsZero(), g.Date.IsZero(), f.Date.Compare(g.Date))
		}
	}
	return cmp.Or(natural(p.LinkTitle, q.LinkTitle), strings.Compare(p.OutPath, q.OutPath))
}

func lateIfZero(p, q bool, otherwise int) int {
	switch {
	case p:
		return 1
	case q:
		return -1
	}
	return otherwise
}

const unranked = int(^uint(0) >> 1)

func (p *Page) rank() int {
	if p.Note == nil || p.Note.Front.Weight == 0 {
		return unranked
	}
	return p.Note.Front.Weight
}

// prefix is the number that the name of a page's file or folder begins with;
// for a section also one that it ends with, as in day2.
func (p *Page) prefix() int {
	name := strings.TrimSuffix(strings.TrimSuffix(p.OutPath, "/index.html"), ".html")
	if p.Note != nil {
		name = p.Note.Path
		if p.Kind != Single || path.Base(name) == "index.md" {
			name = path.Dir(name)
		}
	}
	name = strings.TrimSuffix(path.Base(name), ".md")
	if n, ok := number(name); ok {
		return n
	}
	if end := name[len(strings.TrimRight(name, "0123456789")):]; p.Kind == Section && end != "" && len(end) < 9 {
		n, err := strconv.Atoi(end)
		if err == nil {
			return n
		}
	}
	return unranked
}
