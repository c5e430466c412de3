package site

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"lectern/internal/config"
)

// sorting is an order of a section's pages, by Relearn's names.
type sorting string

// byWeight is the order where none is asked for.
const byWeight sorting = "weight"

// sortingOf returns the order that p's front matter asks for, else that of the
// section above it, else the site's.
func (b *builder) sortingOf(p *Page) sorting {
	for at := p; at != nil; at = at.Parent {
		if at.sorting != "" {
			return at.sorting
		}
		if at.Note == nil {
			continue
		}
		if s, ok := knownSorting(ownSorting(at)); ok {
			return s
		}
	}
	s, ok := knownSorting(b.cfg.ParamText(nil, "ordersectionsby"))
	if !ok {
		return byWeight
	}
	return s
}

// ownSorting is what p's own front matter says.
func ownSorting(p *Page) string {
	s, _ := config.OwnParam(p.Note.Front.Params, "ordersectionsby").(string)
	return s
}

func knownSorting(name string) (sorting, bool) {
	switch s := sorting(strings.ToLower(strings.TrimSpace(name))); s {
	case byWeight, "title", "linktitle", "lastmod", "expirydate", "publishdate", "date", "length", "default":
		return s, true
	case "modifieddate":
		return "lastmod", true
	}
	return "", false
}

// sort puts pages, which are siblings, into the order.
func (s sorting) sort(pages []*Page) {
	if s == byWeight || s == "" {
		sortPages(pages)
		return
	}
	slices.SortFunc(pages, s.compare)
}

// merge puts a section's notes and sections into one order.
func (s sorting) merge(notes, sections []*Page) []*Page {
	if s == byWeight || s == "" || len(sections) == 0 {
		return merge(notes, sections)
	}
	all := slices.Concat(notes, sections)
	slices.SortFunc(all, s.compare)
	return all
}

// compare compares by what the order is about, then as is usual.
func (s sorting) compare(p, q *Page) int {
	c := 0
	switch s {
	case "title":
		c = natural(p.Title, q.Title)
	case "linktitle":
		c = natural(p.LinkTitle, q.LinkTitle)
	case "length":
		c = cmp.Compare(p.length(), q.length())
	case "default": // Hugo's: weight, newest first, title, path
		c = cmp.Or(cmp.Compare(p.rank(), q.rank()), q.time("date").Compare(p.time("date")),
			natural(p.LinkTitle, q.LinkTitle), strings.Compare(p.OutPath, q.OutPath))
	default:
		c = p.time(s).Compare(q.time(s))
	}
	return cmp.Or(c, comparePages(p, q))
}

func (p *Page) length() int {
	if p.Note == nil {
		return 0
	}
	return len(p.Note.Body.HTML)
}

// time is the date that the order is about.
func (p *Page) time(s sorting) time.Time {
	if p.Note == nil {
		return time.Time{}
	}
	f := &p.Note.Front
	first := func(times ...time.Time) time.Time {
		for _, t := range times {
			if !t.IsZero() {
				return t
			}
		}
		return time.Time{}
	}
	switch s {
	case "lastmod":
		return first(f.Lastmod, f.Date, f.PublishDate)
	case "publishdate":
		return first(f.PublishDate, f.Date)
	case "expirydate":
		return f.ExpiryDate
	}
	return f.Date
}
