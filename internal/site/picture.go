package site

import "lectern/internal/note"

// Picture is what pages must know of a picture to show it.
type Picture struct {
	// Width and Height are its size in pixels; 0 where it has none of its own.
	Width, Height int
	// Linked says that a page must not show the picture, but may link to it: most
	// browsers don't know its format, or it is too large for them.
	Linked bool
	// Script says that the file, opened by itself, could run a script: no page
	// leads there by itself.
	Script bool
	// Smaller are the same picture in smaller sizes, in order of their widths.
	Smaller []Rendition
}

// Rendition is a picture in a smaller size.
type Rendition struct {
	Width int
	// OutPath is where it is published.
	OutPath string
}

// Equal reports whether a and b, which may be nil, are shown alike.
func (a *Picture) Equal(b *Picture) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Width != b.Width || a.Height != b.Height || a.Linked != b.Linked || a.Script != b.Script || len(a.Smaller) != len(b.Smaller) {
		return false
	}
	for i := range a.Smaller {
		if a.Smaller[i] != b.Smaller[i] {
			return false
		}
	}
	return true
}

// Uses returns the author's files that pages of any language show as pictures,
// with the first place, in order of languages and pages, where each is used.
func (s *Site) Uses() map[*File]Use {
	uses := map[*File]Use{}
	for _, l := range s.All() {
		for _, p := range l.Pages {
			for i := range p.Links {
				f := p.Links[i].File
				if f == nil || !image(p.Note.Links[i].Kind) || p.Note.Links[i].Kind == note.Cover {
					continue
				}
				if _, ok := uses[f]; !ok {
					uses[f] = Use{p, i}
				}
			}
		}
	}
	return uses
}

// Use is a place where a file is used: a link of a page's note.
type Use struct {
	Page *Page
	// Link is the index in Page.Note.Links.
	Link int
}
