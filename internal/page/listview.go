package page

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"lectern/internal/note"
	"lectern/internal/site"
)

// rowSymbols are the theme's icons for what a session has.
const rowSymbols = `<symbol id="i-video" viewBox="0 0 24 24"><path d="M3 6h12v12H3zM15 10l6-3v10l-6-3"/></symbol>` +
	`<symbol id="i-slides" viewBox="0 0 24 24"><path d="M3 4h18M5 4v11h14V4M12 15v3M8 21l4-3 4 3"/></symbol>` +
	`<symbol id="i-code" viewBox="0 0 24 24"><path d="M8 7l-5 5 5 5M16 7l5 5-5 5M13 5l-2 14"/></symbol>`

// when is the time of a session, in words and for machines.
type when struct {
	day, machineDay       string
	from, to, machineFrom string
}

func (t when) clock() string {
	if t.to == "" {
		return t.from
	}
	return t.from + "–" + t.to
}

// when tells a session's time in the zone that its note gives it in.
func (v *view) when(n *note.Note) when {
	var w when
	f := &n.Front
	if day := sessionDay(n); !day.IsZero() {
		w.day, w.machineDay = v.w.date(day), day.Format(time.DateOnly)
	}
	if !f.Start.IsZero() {
		w.from, w.machineFrom = f.Start.Format("15:04"), f.Start.Format(time.RFC3339)
		if !f.End.IsZero() {
			w.to = f.End.Format("15:04")
		}
	}
	return w
}

// updated is the day of the last change where it is not the note's own day.
func (v *view) updated() string {
	t := v.changed()
	if t.IsZero() || v.flag("hideauthordate") || t.Format(time.DateOnly) == v.page.Note.Front.Date.Format(time.DateOnly) {
		return ""
	}
	return v.w.date(t)
}

func (v *view) updatedMachine() string { return v.changed().Format(time.DateOnly) }

// changed is when the note was last changed: what it says of itself, else what
// the project's history does.
func (v *view) changed() time.Time {
	if t := v.page.Note.Front.Lastmod; !t.IsZero() {
		return t
	}
	return v.page.Changed
}

func names(people []string) string {
	if len(people) == 1 {
		return people[0]
	}
	return strings.Join(people, ", ")
}

// reading is a reading time in words: minutes, and from two hours on, hours.
func (v *view) reading(minutes int) string {
	if minutes >= 120 {
		return v.w.nHours.of((minutes + 30) / 60)
	}
	return v.w.nMinutes.of(minutes)
}

// resource is one of the things a session has besides its notes.
type resource struct {
	text      string
	icon, url templ.SafeURL
}

// resources returns what pg's note has. The result is good until the next call.
func (v *view) resources(pg *site.Page) []resource {
	v.kept = v.kept[:0]
	if pg.Note == nil {
		return nil
	}
	r := &pg.Note.Resources
	v.keep(pg, v.w.video, "#i-video", r.Video)
	v.keep(pg, v.w.slides, "#i-slides", r.Slides)
	v.keep(pg, v.w.code, "#i-code", r.Code)
	return v.kept
}

// keep adds a resource, as a link where it leads anywhere.
func (v *view) keep(pg *site.Page, text string, icon templ.SafeURL, address string) {
	if address != "" {
		v.kept = append(v.kept, resource{text: text, icon: icon, url: v.resourceURL(pg, address)})
	}
}

// tagsOf are the terms that pg's row shows: all of its own, without the one
// whose page this is.
func (v *view) tagsOf(pg *site.Page) []*site.Page {
	if !v.r.html[site.Term] {
		return nil
	}
	for i, t := range pg.Terms {
		if t == v.page {
			return append(append(make([]*site.Page, 0, len(pg.Terms)-1), pg.Terms[:i]...), pg.Terms[i+1:]...)
		}
	}
	return pg.Terms
}

// track is the track of a page's session, unless one of the first tags beside it
// says the same.
func (v *view) track(pg *site.Page, tags int) string {
	track := pg.Note.Front.Track
	if track == "" {
		return ""
	}
	for _, t := range first(v.tagsOf(pg), tags) {
		if strings.EqualFold(t.LinkTitle, track) {
			return ""
		}
	}
	return track
}

func (v *view) listClass() string { return "list list-" + v.page.Kind.String() }

// longHome reports whether home's text is so long that its sections come
// first: whoever comes back wants the days, not the story once more.
func (v *view) longHome() bool {
	const long = 150 // words
	return v.isHome() && v.hasText() && len(v.page.Sections) > 0 && v.page.Note.Words > long
}

func (v *view) cardsClass(n int) string {
	if n > wholeTree {
		return "cards cards-many"
	}
	return "cards"
}

// about is a section's description, if its author wrote one.
func (v *view) about(sec *site.Page) string {
	if sec.Note == nil {
		return ""
	}
	return sec.Note.Front.Description
}

func (v *view) stats(sec *site.Page) *stats { return v.pass.stats()[sec] }

func (v *view) size(term *site.Page) string { return strconv.Itoa(v.pass.digests()[term].size) }

// days are the first and the last day of a section's sessions, in words.
func (v *view) days(st *stats) string {
	if st.first.IsZero() {
		return ""
	}
	return v.w.dates(st.first, st.last)
}

// counts say at a glance what the page holds.
func (v *view) counts() []string {
	var out []string
	switch v.page.Kind {
	case site.Home, site.Section:
		st := v.stats(v.page)
		if days := v.days(st); days != "" {
			out = append(out, days)
		}
		if n := len(v.page.Sections); n > 0 {
			out = append(out, v.w.nSections.of(n))
		}
		if st.notes > 0 {
			out = append(out, v.w.nNotes.of(st.notes))
		}
		if st.videos > 0 {
			out = append(out, v.w.nVideos.of(st.videos))
		}
		if st.minutes > 0 {
			out = append(out, v.reading(st.minutes))
		}
	case site.Taxonomy:
		out = append(out, v.w.nTerms.of(len(v.page.Members)))
	case site.Term:
		out = append(out, v.w.nNotes.of(v.pass.digests()[v.page].size))
	}
	return out
}

// group is the part of a term's notes that lies in one section.
type group struct {
	section *site.Page
	pages   []*site.Page
}

// groups orders a term's pages by section, in order of first appearance.
func (v *view) groups() []group {
	var out []group
	at := map[*site.Page]int{}
	for _, pg := range v.page.Members {
		if !listed(pg) {
			continue
		}
		section := pg.Parent
		if section == nil {
			section = v.pass.site.Home
		}
		i, ok := at[section]
		if !ok {
			i = len(out)
			at[section] = i
			out = append(out, group{section: section})
		}
		out[i].pages = append(out[i].pages, pg)
	}
	return out
}
