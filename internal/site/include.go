package site

import (
	"fmt"
	"slices"

	"lectern/internal/diag"
	"lectern/internal/note"
)

// withholdIncluders leaves out the notes whose text has text of a note that is
// private, or not published now, in it. The finding does not name that one.
func withholdIncluders(all []*builder) {
	including := false
	for _, b := range all {
		for i := range b.entries {
			including = including || len(b.entries[i].note.Includes) > 0
		}
	}
	if !including {
		return
	}
	reasons := map[string]reason{}
	for _, b := range all {
		for i := range b.entries {
			reasons[b.entries[i].note.Path] = max(reasons[b.entries[i].note.Path], b.entries[i].withheld)
		}
	}
	for _, b := range all {
		for i := range b.entries {
			e := &b.entries[i]
			if e.withheld != published {
				continue
			}
			why := published
			for _, inc := range e.note.Includes {
				why = max(why, whyNotIncluded(all, reasons, &inc))
			}
			if why != published {
				b.withholdIncluder(e, why)
			}
		}
	}
}

// whyNotIncluded says why a file's text may not be in another note. What is
// never a page of its own, or one in another language, may.
func whyNotIncluded(all []*builder, reasons map[string]reason, inc *note.Include) reason {
	if inc.Hash == 0 {
		return published // there is no such file
	}
	why := reasons[inc.Path]
	switch {
	case inc.Private && !all[0].in.Private,
		slices.ContainsFunc(all, func(b *builder) bool { return b.inPrivateFolder(inc.Path) }):
		return private
	case why == foreign, why == notRendered:
		return published
	}
	return why
}

func (b *builder) withholdIncluder(e *entry, why reason) {
	what := "something that is private"
	if why != private && why != unreadable {
		what = "a note that is " + why.String()
	}
	b.report(e.note, diag.Error, "include-private", fmt.Sprintf("this note is left out, because it includes %s", what),
		"take the include out of it, or keep this note back too")
	// Its own findings could name what it includes: they are not told.
	e.withheld = unreadable
	w := &b.ix.withheld
	if e.role == bundle {
		w.folders[e.dir] = true
	}
	w.keys[b.address(e).key] = unreadable
	w.keys["file:"+e.note.Path] = unreadable
}

// tellUnlisted tells of notes that lists name and that have the text of an
// unlisted one in them: whoever finds them reads it. That may be just what is
// meant, so they stay.
func tellUnlisted(all []*builder) {
	for _, b := range all {
		for i := range b.entries {
			n := b.entries[i].note
			if len(n.Includes) == 0 {
				continue
			}
			if p := b.ix.notes[n.Path]; p == nil || p.whole().unlistedAbove() {
				continue
			}
			for _, inc := range n.Includes {
				for _, other := range all {
					if q := other.ix.notes[inc.Path]; q != nil && q.Lead == nil && q.unlistedAbove() {
						b.report(n, diag.Info, "include-unlisted", fmt.Sprintf("this note is listed and has the text of %s in it, which is unlisted", inc.Path),
							"make this note unlisted too, or take the include out of it, if nobody shall find the text")
						break
					}
				}
			}
		}
	}
}
