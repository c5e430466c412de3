package build

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
	"lectern/internal/page"
	"lectern/internal/search"
	"lectern/internal/site"
	"lectern/internal/snapshot"
)

// searchIndex is the extra that makes the notes searchable. Until an edit is
// in it, the index from before the edit stands.
type searchIndex struct {
	indexer search.Indexer
	words   map[string]string
	seed    maphash.Seed

	files []*snapshot.File
	// The index was made of this site with these notes, in step with its pages.
	site  *site.Site
	notes []*note.Note
}

func newSearchIndex(b *Builder, l *language) *searchIndex {
	return &searchIndex{
		indexer: search.Indexer{Jobs: b.opts.Jobs, Prefix: l.renderer.SearchPrefix()}, words: l.renderer.SearchWords(), seed: maphash.MakeSeed(),
	}
}

func (x *searchIndex) diagnostics() []diag.Diagnostic { return nil }

func (x *searchIndex) ready(_ *Builder, l *language) ([]*snapshot.File, bool) {
	same := x.site == l.site
	for i := 0; same && i < len(x.notes); i++ {
		same = x.notes[i] == l.site.Pages[i].Note
	}
	return x.files, same
}

func (x *searchIndex) finish(ctx context.Context, b *Builder, l *language) (bool, error) {
	if _, all := x.ready(b, l); all {
		return false, nil
	}
	notes := make([]*note.Note, len(l.site.Pages))
	found := make([]*site.Page, 0, len(l.site.Pages))
	places := make(map[string]string, len(l.site.Pages)) // of pages, by address
	for i, p := range l.site.Pages {
		notes[i] = p.Note
		if searchable(p, l.cfg.Search.NoHidden) {
			found = append(found, p)
			places[p.URL] = p.OutPath
		}
	}
	docs := make([]search.Document, len(found))
	err := b.each(ctx, len(found), 0, 0, func(i int) error {
		docs[i] = x.document(l, found[i])
		return nil
	})
	if err != nil {
		return false, err
	}
	files, err := x.indexer.Index(ctx, docs, x.words)
	if err != nil {
		return false, fmt.Errorf("make the search index: %w", err)
	}
	x.site, x.notes = l.site, notes
	x.files = make([]*snapshot.File, len(files))
	for i, f := range files {
		to := page.SearchFolder + f.Name
		if f.Name == search.EntryName {
			to = l.renderer.SearchEntry()
		}
		x.files[i] = &snapshot.File{Path: to, Hash: f.Sum, Body: snapshot.MakeBody(f.Parts...)}
		if x.files[i].With = places[f.URL]; f.FirstWord != "" {
			x.files[i].With = x.indexer.Prefix + " " + f.FirstWord
		}
	}
	return false, nil
}

// searchable reports whether readers may find p: what is unlisted has no place
// where it is listed, and private notes have no page at all.
func searchable(p *site.Page, noHidden bool) bool {
	switch p.Kind {
	case site.Home, site.Section, site.Single, site.Person:
	default:
		return false
	}
	for up := p; up != nil; up = up.Parent {
		if up.Unlisted || noHidden && up.Hidden {
			return false
		}
	}
	return true
}

// document is what search knows of a page.
func (x *searchIndex) document(l *language, p *site.Page) search.Document {
	d := search.Document{URL: p.URL, Title: p.Title, Lang: l.cfg.Language}
	for _, t := range p.Terms {
		d.Terms = append(d.Terms, t.LinkTitle)
	}
	var trail []string
	if p.Parent != nil && p.Parent.Kind != site.Home {
		trail = append(trail, p.Parent.LinkTitle)
	}
	h := newDocHash(x.seed)
	if n := p.Note; n != nil {
		f := &n.Front
		d.Lang = cmp.Or(f.Language, d.Lang)
		d.About, d.Text = f.Description, n.Text
		d.People = append(append(d.People, f.Speakers...), f.Authors...)
		for _, t := range []string{f.Room, f.Track} {
			if t != "" {
				d.Terms = append(d.Terms, t)
			}
		}
		if len(f.Speakers) > 0 {
			trail = append(trail, strings.Join(f.Speakers, ", "))
		}
		d.Sections = sections(l, n)
		h.num(n.Key)
	}
	d.Trail = strings.Join(trail, " · ")
	// All else that the document is made of is the note's or the configuration's.
	h.text(d.URL, d.Title, d.Trail)
	h.text(d.Terms...)
	d.Key = h.sum()
	return d
}

// sections are the parts of a note's text, by its headings.
func sections(l *language, n *note.Note) []search.Section {
	all := make([]search.Section, 0, len(n.Headings)+1)
	end := len(n.Text)
	if len(n.Headings) > 0 {
		end = n.Headings[0].At
	}
	all = append(all, search.Section{To: end})
	for i, h := range n.Headings {
		end := len(n.Text)
		if i+1 < len(n.Headings) {
			end = n.Headings[i+1].At
		}
		all = append(all, search.Section{
			ID: h.ID, Heading: h.Text, Kind: l.renderer.SectionKind(h.Mark), From: min(h.End, end), To: end,
		})
	}
	return all
}

// docHash makes a document's key, which means nothing to another process.
type docHash struct{ h maphash.Hash }

func newDocHash(seed maphash.Seed) *docHash {
	d := &docHash{}
	d.h.SetSeed(seed)
	return d
}

func (d *docHash) num(n uint64) { maphash.WriteComparable(&d.h, n) }

// text adds texts, each with its length, so that none can flow into the next.
func (d *docHash) text(texts ...string) {
	d.num(uint64(len(texts)))
	for _, t := range texts {
		d.num(uint64(len(t)))
		_, _ = d.h.WriteString(t) // a hash never fails
	}
}

func (d *docHash) sum() uint64 { return d.h.Sum64() }
