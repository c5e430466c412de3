package page

import (
	"lectern/internal/note"
	"lectern/internal/site"
)

// programme reports whether a section's page lists its notes below the text. It
// does not where the author lists them by the shortcode children, as Relearn's
// users do on each such page, and the programme would only repeat it: where
// nothing below is a session.
func (v *view) programme() bool {
	if v.page.Note == nil || !listsChildren(v.page.Note) {
		return true
	}
	for _, pg := range v.page.Notes {
		if isSession(pg) {
			return true
		}
	}
	for _, sec := range v.page.Sections {
		if st := v.stats(sec); st != nil && (st.videos > 0 || !st.first.IsZero()) {
			return true
		}
	}
	return false
}

// listsChildren is true for a note with a list of all pages below its own.
func listsChildren(n *note.Note) bool {
	for i := range n.Calls {
		if p := n.Calls[i].Pages; p != nil && p.Ref == "" && (p.Axis == "" || p.Axis == "descendants") &&
			p.Kind == "all" && p.Limit == 0 && p.Where.Op == "" {
			return true
		}
	}
	return false
}

// isSession is true for a note that rows show more of than its title, its terms and
// how long it is.
func isSession(pg *site.Page) bool {
	if pg.Note == nil {
		return false
	}
	f := &pg.Note.Front
	return !f.Start.IsZero() || len(f.Speakers) > 0 || f.Room != "" || f.Track != "" || pg.Recommended != nil ||
		pg.Note.Resources != (note.Resources{})
}
