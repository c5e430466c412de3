package preview

import (
	"bytes"
	"context"
	"path"
	"slices"
	"strings"

	"lectern/internal/snapshot"
)

// Kind says what happened to a page.
type Kind int

// The kinds of change.
const (
	Added Kind = iota
	Changed
	Removed
)

// PageChange is a page that one of two sites has otherwise, or alone.
type PageChange struct {
	Kind Kind
	// Path is the page's address in its site, "day1/talk/".
	Path, Title string
	// Lines are what changed of the text, with lines around it.
	Lines []Line
	// More says that there is more than Lines.
	More bool
}

// FileChange is another file of the authors' that changed.
type FileChange struct {
	Kind Kind
	Path string
}

// Difference is what a site says otherwise than another.
type Difference struct {
	Pages []PageChange
	Files []FileChange
	// MorePages and MoreFiles count those that are not listed.
	MorePages, MoreFiles int
	// Added, Changed and Removed count all pages.
	Added, Changed, Removed int
}

// Empty reports whether both say the same.
func (d *Difference) Empty() bool {
	return d.Added+d.Changed+d.Removed+len(d.Files) == 0
}

// Bounds of what is listed.
const (
	maxPages = 500
	maxFiles = 200
	// maxText is how much text of all pages is compared in detail.
	maxText = 4 << 20
)

// Compare says what the site after says otherwise than before. It goes by what
// readers find: pages that are in no list are in none here, and a page whose
// frame alone is another has not changed. Both are published sites, so nothing
// here was withheld in either.
func Compare(ctx context.Context, before, after *snapshot.Snapshot) (*Difference, error) {
	return new(articles).compare(ctx, before, after)
}

func (a *articles) compare(ctx context.Context, before, after *snapshot.Snapshot) (*Difference, error) {
	d := &Difference{}
	room := maxText
	err := pairs(before.Files(), after.Files(), func(old, fresh *snapshot.File) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !a.same(old, fresh) {
			d.page(a, old, fresh, &room)
		}
		d.file(old, fresh)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// pairs calls f with the files of both lists that are at one path, nil for none,
// and differ.
func pairs(before, after []*snapshot.File, f func(old, fresh *snapshot.File) error) error {
	for len(before) > 0 || len(after) > 0 {
		var old, fresh *snapshot.File
		switch {
		case len(after) == 0 || len(before) > 0 && before[0].Path < after[0].Path:
			old, before = before[0], before[1:]
		case len(before) == 0 || after[0].Path < before[0].Path:
			fresh, after = after[0], after[1:]
		default:
			old, before = before[0], before[1:]
			fresh, after = after[0], after[1:]
			if old.Hash == fresh.Hash {
				continue
			}
		}
		if err := f(old, fresh); err != nil {
			return err
		}
	}
	return nil
}

// page notes a page that changed.
func (d *Difference) page(a *articles, old, fresh *snapshot.File, room *int) {
	was, had := a.read(old)
	is, has := a.read(fresh)
	if !had && !has || had && has && was.title == is.title && bytes.Equal(was.article, is.article) {
		return
	}
	c := PageChange{}
	var from, to string
	switch {
	case had && has:
		if from, to = was.text(), is.text(); from == to && was.title == is.title {
			return
		}
		c.Kind, c.Title, c.Path = Changed, is.name(to), address(fresh.Path)
		d.Changed++
	case has:
		to = is.text()
		c.Kind, c.Title, c.Path = Added, is.name(to), address(fresh.Path)
		d.Added++
	default:
		from = was.text()
		c.Kind, c.Title, c.Path = Removed, was.name(from), address(old.Path)
		d.Removed++
	}
	if len(d.Pages) == maxPages {
		d.MorePages++
		return
	}
	if n := len(from) + len(to); n <= *room {
		*room -= n
		c.Lines, c.More = diffLines(from, to)
	} else {
		c.More = true
	}
	d.Pages = append(d.Pages, c)
}

func address(name string) string { return strings.TrimSuffix(name, "index.html") }

// made are the ends of files that say once more what pages say.
var made = []string{".html", ".xml", ".md", ".json", ".txt", ".bin", ".js", ".css", ".webmanifest", ".ics", ".map"}

// file notes a picture, or another file beside the pages.
func (d *Difference) file(old, fresh *snapshot.File) {
	c := FileChange{Kind: Changed}
	switch {
	case old == nil:
		c.Kind, c.Path = Added, fresh.Path
	case fresh == nil:
		c.Kind, c.Path = Removed, old.Path
	default:
		c.Path = fresh.Path
	}
	if strings.HasPrefix(c.Path, "lectern/") || slices.Contains(made, strings.ToLower(path.Ext(c.Path))) {
		return
	}
	if len(d.Files) == maxFiles {
		d.MoreFiles++
		return
	}
	d.Files = append(d.Files, c)
}
