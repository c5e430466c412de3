package site

import (
	"fmt"
	"strings"
	"time"

	"lectern/internal/diag"
	"lectern/internal/note"
)

// withhold decides which notes are left out of the site, and why.
func (b *builder) withhold() {
	w := &b.ix.withheld
	for i := range b.entries {
		e := &b.entries[i]
		e.withheld = b.reason(e.note)
		if e.foreign && e.withheld != private {
			e.withheld = foreign
		}
		// What a section keeps private it keeps private with all that lies in
		// it; so does one whose front matter can't be read but speaks of it.
		if e.role == bundle && e.withheld != published && e.withheld != notRendered {
			w.folders[e.dir] = true // a bundle's files are its own
		}
		if e.role == sectionIndex {
			if e.withheld == private || e.withheld == unreadable && e.note.Suspect {
				w.folders[e.dir] = true
			}
		}
	}
}

// shareFolders makes a folder that is private in one language private in all:
// its index says so of all that lies in it. A language in which the folder has
// a published index of its own has its own word.
func shareFolders(all []*builder) {
	if len(all) == 1 {
		return
	}
	closed := make([][]string, len(all))
	for i, b := range all {
		closed[i] = sortedKeys(b.ix.withheld.folders)
	}
	for i, b := range all {
		open := map[string]bool{}
		for k := range b.entries {
			if e := &b.entries[k]; e.withheld == published && (e.role == sectionIndex || e.role == bundle) {
				open[e.dir] = true
			}
		}
		for j := range all {
			for _, dir := range closed[j] {
				if i != j && !open[dir] {
					b.ix.withheld.folders[dir] = true
				}
			}
		}
	}
}

// withholdAll leaves out what lies in private folders, and keeps in mind what
// is left out.
func (b *builder) withholdAll() {
	w := &b.ix.withheld
	var counts [private]int
	for i := range b.entries {
		e := &b.entries[i]
		if (e.withheld == published || e.withheld == notRendered) && len(w.folders) > 0 && inFolders(w.folders, e.dir) {
			e.withheld = private
		}
		if e.withheld == published {
			continue
		}
		switch e.withheld {
		case unreadable:
			b.s.Unreadable = append(b.s.Unreadable, e.note)
		case private:
		default:
			b.s.Unpublished = append(b.s.Unpublished, e.note)
			counts[e.withheld]++
		}
		a := b.address(e)
		w.keys[a.key] = e.withheld
		if e.role == bundle || e.role == sectionIndex {
			b.away[e.dir] = (&Page{OutPath: a.out}).folder()
		}
		w.keys["file:"+e.note.Path] = e.withheld
	}
	b.tell(counts[:])
}

// tell says how many notes are not published now, so that nobody looks for one
// in vain.
func (b *builder) tell(counts []int) {
	var parts []string
	for why, n := range counts {
		switch {
		case n == 0:
		case reason(why) == draft:
			parts = append(parts, fmt.Sprintf("%d as drafts", n))
		default:
			parts = append(parts, fmt.Sprintf("%d as %s", n, reason(why)))
		}
	}
	if len(parts) > 0 {
		b.s.Diags = append(b.s.Diags, diag.Diagnostic{
			Severity: diag.Info, Rule: "unpublished", Message: "notes that are not published now: " + strings.Join(parts, ", "),
		})
	}
}

// reason says whether a note is published now, and notes when that changes.
func (b *builder) reason(n *note.Note) reason {
	f := &n.Front
	switch {
	case !n.Readable:
		return unreadable
	case f.Visibility == note.Private && !b.in.Private:
		return private
	case f.Draft && !b.in.Drafts && !b.cfg.BuildDrafts:
		return draft
	}
	publish := f.PublishDate
	if publish.IsZero() && !f.DateFromLastmod {
		publish = f.Date
	}
	if !b.cfg.BuildFuture && publish.After(b.in.Now) {
		b.wake(publish)
		return future
	}
	if !b.cfg.BuildExpired && !f.ExpiryDate.IsZero() {
		if !f.ExpiryDate.After(b.in.Now) {
			return expired
		}
		b.wake(f.ExpiryDate)
	}
	if unrendered(n) { // last, for its files are published where it is
		return notRendered
	}
	return published
}

// unrendered reports whether Hugo would make no page of n: `headless: true`, or
// `build: {render: never}`.
func unrendered(n *note.Note) bool {
	if n.Front.Params["headless"] == true {
		return true
	}
	switch buildParam(n, "render") {
	case "never", "link", false:
		return true
	}
	return false
}

// buildParam returns a field of the front matter's build (once _build).
func buildParam(n *note.Note, field string) any {
	for _, name := range []string{"build", "_build"} {
		if m, ok := n.Front.Params[name].(map[string]any); ok {
			return m[field]
		}
	}
	return nil
}

func (b *builder) wake(t time.Time) {
	if b.s.Next.IsZero() || t.Before(b.s.Next) {
		b.s.Next = t
	}
}

// Withholds reports whether anything of the project is withheld, which what is
// published as it was written could name.
func (s *Site) Withholds() bool {
	w := &s.index.withheld
	return len(w.keys) > 0 || len(w.folders) > 0 || len(w.files) > 0
}
