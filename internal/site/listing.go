package site

import (
	"cmp"
	"slices"

	"lectern/internal/note"
)

// List is what one of a note's [note.Call]s is about.
type List struct {
	// Of is the page whose pages or files are listed; nil where the call names
	// one that there is not.
	Of *Page
	// Files are the files to list, for a call that asks for files.
	Files []ListedFile
}

// ListedFile is a file of a page under the name that lists show.
type ListedFile struct {
	Name string
	File *File
}

// ListGroup is a part of a list of pages; Label is "" where nothing is grouped
// and, with Other, for the pages that have no value to group by.
type ListGroup struct {
	Label string
	Other bool
	Items []ListItem
}

// ListItem is a page of a list, with those below it.
type ListItem struct {
	Page  *Page
	Items []ListItem
}

// List answers a note's call for pages, as seen from of. Unlisted pages are in
// no list.
func (s *Site) List(of *Page, c *note.PagesCall) []ListGroup {
	if of == nil {
		return nil
	}
	l := lister{c: c}
	items := l.collect(of)
	if c.Flatten {
		items = flatten(items, nil)
		items = slices.DeleteFunc(items, func(i ListItem) bool { return !l.keeps(i.Page) })
		for i := range items {
			items[i].Items = nil
		}
		l.sort(items)
	}
	if c.Limit > 0 && len(items) > c.Limit {
		items = items[:c.Limit]
	}
	if len(items) == 0 {
		return nil
	}
	if c.GroupBy == nil {
		return []ListGroup{{Items: items}}
	}
	return l.group(items)
}

type lister struct{ c *note.PagesCall }

// collect finds the pages along the axis.
func (l *lister) collect(of *Page) []ListItem {
	axis := l.c.Axis
	if axis == "" {
		switch of.Kind {
		case Taxonomy, Term:
			axis = "term"
		default:
			axis = "descendants"
		}
	}
	switch axis {
	case "siblings":
		if of.Parent == nil {
			return nil
		}
		pages := slices.DeleteFunc(slices.Clone(l.children(of.Parent)), func(p *Page) bool { return p == of })
		return l.items(pages, 1)
	case "ancestors":
		var up []*Page
		for p := of.Parent; p != nil && len(up) < l.c.Levels; p = p.Parent {
			up = append(up, p)
		}
		return l.items(up, 1)
	case "term", "taxonomy":
		var listed []*Page
		for _, m := range of.Members {
			if !m.unlistedAbove() {
				listed = append(listed, m)
			}
		}
		return l.items(listed, 1)
	}
	return l.items(l.children(of), l.c.Levels)
}

// items makes items of pages and of what is below them. With Flatten nothing is
// left out or put in order yet: that is done for all levels together.
func (l *lister) items(pages []*Page, levels int) []ListItem {
	out := make([]ListItem, 0, len(pages))
	for _, p := range pages {
		if !l.c.Flatten && !l.keeps(p) || p.Hidden && !l.c.Hidden {
			continue
		}
		item := ListItem{Page: p}
		if levels > 1 {
			item.Items = l.items(l.children(p), levels-1)
		}
		out = append(out, item)
	}
	if !l.c.Flatten {
		l.sort(out)
	}
	return out
}

// children are the pages below p, hidden ones among them where they are asked for.
func (l *lister) children(p *Page) []*Page {
	if !l.c.Hidden || len(p.Concealed) == 0 {
		return p.Children
	}
	notes, sections := slices.Clone(p.Notes), slices.Clone(p.Sections)
	for _, h := range p.Concealed {
		if h.Kind == Section {
			sections = append(sections, h)
		} else {
			notes = append(notes, h)
		}
	}
	p.sorting.sort(notes)
	p.sorting.sort(sections)
	return p.sorting.merge(notes, sections)
}

func (l *lister) keeps(p *Page) bool {
	switch {
	case p.Hidden && !l.c.Hidden,
		l.c.Kind == "leaf" && len(p.Children) > 0,
		l.c.Kind == "branch" && len(p.Children) == 0:
		return false
	}
	return meets(p, &l.c.Where)
}

func flatten(items, out []ListItem) []ListItem {
	for _, i := range items {
		out = flatten(i.Items, append(out, i))
	}
	return out
}

// sort puts items into the order that is asked for. Pages without a value come
// last, whichever way it goes.
func (l *lister) sort(items []ListItem) {
	orders := l.c.OrderBy
	if len(orders) == 0 {
		return
	}
	type row struct {
		item   ListItem
		values []value
	}
	rows := make([]row, len(items))
	for i, item := range items {
		rows[i] = row{item, make([]value, len(orders))}
		for k := range orders {
			rows[i].values[k] = evaluate(item.Page, &orders[k].Expr)
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		for k := range orders {
			if c := a.values[k].compare(b.values[k], orders[k].Desc); c != 0 {
				return c
			}
		}
		return 0
	})
	for i := range rows {
		items[i] = rows[i].item
	}
}

// group puts items into groups by their values, in order of these.
func (l *lister) group(items []ListItem) []ListGroup {
	type bucket struct {
		key   value
		items []ListItem
	}
	var buckets []bucket
	at := map[value]int{}
	for _, item := range items {
		v := evaluate(item.Page, l.c.GroupBy)
		i, ok := at[v]
		if !ok {
			i = len(buckets)
			at[v] = i
			buckets = append(buckets, bucket{key: v})
		}
		buckets[i].items = append(buckets[i].items, item)
	}
	slices.SortStableFunc(buckets, func(a, b bucket) int { return a.key.compare(b.key, l.c.GroupDesc) })
	groups := make([]ListGroup, len(buckets))
	for i, b := range buckets {
		groups[i] = ListGroup{Label: b.key.text, Other: b.key.none(), Items: b.items}
		if l.c.GroupLabel != nil && !groups[i].Other {
			groups[i].Label = cmp.Or(evaluate(b.items[0].Page, l.c.GroupLabel).text, b.key.text)
		}
	}
	return groups
}
