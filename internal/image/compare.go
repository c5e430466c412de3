package image

import (
	"context"
	"html"
	"io"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"lectern/internal/snapshot"
)

// Difference is what changed between two images, seen from the older one.
type Difference struct {
	// Reference and Digest are those of the older one.
	Reference string `json:"reference"`
	Digest    string `json:"digest"`
	// Added, Changed and Removed are notes' pages, by address.
	Added   []Page `json:"added"`
	Changed []Page `json:"changed"`
	Removed []Page `json:"removed"`
	// Others counts the other files of the site, but for the texts of notes.
	Others Counts `json:"others"`
	// Layers is how many are new, Bytes how large they are: what a cluster that has
	// the older image has to fetch.
	Layers int   `json:"layers"`
	Bytes  int64 `json:"bytes"`
}

// Page is a note's page.
type Page struct {
	// Path is its address below the site's, Title what it calls itself.
	Path  string `json:"path"`
	Title string `json:"title,omitempty"`
}

// Counts are numbers of files.
type Counts struct {
	Added   int `json:"added"`
	Changed int `json:"changed"`
	Removed int `json:"removed"`
}

// Compare says what changed in this image since the older one. Of both only
// layers are read that the other one has not.
func (f *Found) Compare(ctx context.Context, in *Inspection, older *Found, was *Inspection) (*Difference, error) {
	d := &Difference{Reference: was.Reference, Digest: was.Digest, Added: []Page{}, Changed: []Page{}, Removed: []Page{}}
	fresh, gone := in.without(was), was.without(in)
	for _, l := range fresh {
		d.Layers++
		d.Bytes += l.Size
	}
	now, before := listOf(fresh), listOf(gone)
	notes := notesIn(in, was)
	titles := newTitles()
	for path, e := range now {
		old, there := before[path]
		switch {
		case there && old.Hash == e.Hash, notes.isText(path):
			continue
		case there && notes.has(path) && notes.changed(path, now, before):
			titles.want(path)
			d.Changed = append(d.Changed, Page{Path: path})
		case !there && notes.has(path):
			titles.want(path)
			d.Added = append(d.Added, Page{Path: path})
		case there:
			d.Others.Changed++
		default:
			d.Others.Added++
		}
	}
	goneTitles := newTitles()
	for path := range before {
		if _, there := now[path]; there || notes.isText(path) {
			continue
		}
		if notes.has(path) {
			goneTitles.want(path)
			d.Removed = append(d.Removed, Page{Path: path})
		} else {
			d.Others.Removed++
		}
	}
	if err := titles.read(ctx, f, fresh); err != nil {
		return nil, f.at.explain(ctx, err)
	}
	if err := goneTitles.read(ctx, older, gone); err != nil {
		return nil, older.at.explain(ctx, err)
	}
	titles.put(d.Added, in.Labels[titleLabel])
	titles.put(d.Changed, in.Labels[titleLabel])
	goneTitles.put(d.Removed, was.Labels[titleLabel])
	return d, nil
}

// without are the layers of in that the other image does not have.
func (in *Inspection) without(other *Inspection) []InspectedLayer {
	has := map[string]bool{}
	for _, l := range other.Layers {
		has[l.Digest] = true
	}
	return slices.DeleteFunc(slices.Clone(in.Layers), func(l InspectedLayer) bool { return has[l.Digest] })
}

// listOf are the files of layers by path.
func listOf(layers []InspectedLayer) map[string]snapshot.Entry {
	all := map[string]snapshot.Entry{}
	for _, l := range layers {
		for _, e := range l.part.entries {
			all[e.Path] = e
		}
	}
	return all
}

// noteIndex knows the notes' pages of two images.
type noteIndex struct{ pages, texts map[string]bool }

// notesIn tells notes' pages from other files: pages in layers of notes, but for
// those that have no text for programs beside them where notes have that, such
// as redirects and pages for printing.
func notesIn(images ...*Inspection) *noteIndex {
	n := &noteIndex{map[string]bool{}, map[string]bool{}}
	for _, in := range images {
		for _, l := range in.Layers {
			ofNotes := false
			for name := range l.part.Parts {
				ofNotes = ofNotes || strings.HasPrefix(name, "notes")
			}
			for _, e := range l.part.entries {
				if page, ok := strings.CutSuffix(e.Path, ".html"); ok && ofNotes {
					n.pages[page] = true
				} else if page, ok := strings.CutSuffix(e.Path, ".md"); ok {
					n.texts[page] = true
				}
			}
		}
	}
	return n
}

func (n *noteIndex) has(path string) bool {
	page, ok := strings.CutSuffix(path, ".html")
	return ok && n.pages[page] && (n.texts[page] || len(n.texts) == 0 && !strings.HasSuffix(page, "/print/index"))
}

// isText reports whether a file is the text of a note's page.
func (n *noteIndex) isText(path string) bool {
	page, ok := strings.CutSuffix(path, ".md")
	return ok && n.pages[page]
}

// changed reports whether a note, whose page is another one, says something
// else, and does not only look different: then its text for programs, where it
// has one, is another, too.
func (n *noteIndex) changed(path string, now, before map[string]snapshot.Entry) bool {
	page := strings.TrimSuffix(path, ".html")
	if !n.texts[page] {
		return true
	}
	a, inNow := now[page+".md"]
	b, inBefore := before[page+".md"]
	// A text in neither list is in a layer that both images have.
	return inNow != inBefore || a.Hash != b.Hash
}

// titles are those of pages that somebody wants to know.
type titles struct {
	mu     sync.Mutex
	wanted map[string]string
}

func newTitles() *titles { return &titles{wanted: map[string]string{}} }

func (t *titles) want(path string) { t.wanted[path] = "" }

// read reads the layers that hold wanted pages.
func (t *titles) read(ctx context.Context, f *Found, layers []InspectedLayer) error {
	budget := newBudget(Limits{})
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, l := range layers {
		if !slices.ContainsFunc(l.part.entries, func(e snapshot.Entry) bool { _, ok := t.wanted[e.Path]; return ok }) {
			continue
		}
		g.Go(func() error {
			body, err := f.blob(ctx, l.descriptor)
			if err != nil {
				return err
			}
			defer body.Close()
			r := &layerReader{root: l.variant.root(), budget: budget, part: *l.part, listed: listOf([]InspectedLayer{l}), file: t.take}
			_, err = r.read(body)
			return err
		})
	}
	return g.Wait()
}

// take reads the title of a page, if it is wanted.
func (t *titles) take(e snapshot.Entry, r io.Reader) error {
	t.mu.Lock()
	_, wanted := t.wanted[e.Path]
	t.mu.Unlock()
	if !wanted {
		return nil
	}
	head, err := io.ReadAll(io.LimitReader(r, 16<<10))
	if err != nil {
		return err
	}
	t.mu.Lock()
	t.wanted[e.Path] = title(string(head))
	t.mu.Unlock()
	return nil
}

// put sorts pages and gives them their addresses, and their titles without the
// site's.
func (t *titles) put(pages []Page, site string) {
	for i := range pages {
		pages[i].Title = strings.TrimSuffix(t.wanted[pages[i].Path], " · "+site)
		pages[i].Path = strings.TrimSuffix(pages[i].Path, "index.html")
	}
	slices.SortFunc(pages, func(a, b Page) int { return strings.Compare(a.Path, b.Path) })
}

// title is what a page calls itself; "" where its beginning does not say.
func title(head string) string {
	_, rest, ok := strings.Cut(head, "<title>")
	if !ok {
		return ""
	}
	text, _, ok := strings.Cut(rest, "</title>")
	if !ok {
		return ""
	}
	return printable(strings.TrimSpace(html.UnescapeString(text)))
}
