package page

import (
	"cmp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"

	"lectern/internal/site"
)

// A calendar is written as RFC 5545 has it. Its times are in UTC, so that it
// needs no definition of a zone; where nobody knows the conference's zone they
// are "floating": the same numbers on whatever clock.

// calendarPath is the path or URL of the calendar that belongs to a page: of a
// note its own session, of a timetable all that it shows.
func calendarPath(kind site.Kind, of string) string {
	dir, name := "", "session"
	if kind == site.Timetable {
		name = "calendar"
	}
	if i := strings.LastIndexByte(of, '/'); i >= 0 {
		dir = of[:i+1]
	}
	switch base := of[len(dir):]; {
	case base != "" && base != "index.html":
		return strings.TrimSuffix(of, ".html") + ".ics"
	case kind == site.Timetable: // beside the page of what it is about
		up := strings.LastIndexByte(strings.TrimSuffix(dir, "/"), '/')
		return dir[:up+1] + name + ".ics"
	}
	return dir + name + ".ics"
}

// hasCalendar reports whether pg has one: a session that says when it begins,
// or a timetable.
func (p *Pass) hasCalendar(pg *site.Page) bool {
	switch pg.Kind {
	case site.Single:
		return p.r.html[site.Single] && pg.Lead == nil && pg.Note != nil && !pg.Note.Front.Start.IsZero()
	case site.Timetable:
		return p.r.html[site.Timetable]
	}
	return false
}

// calendarLink leads from the view's page to the calendar of pg.
func (v *view) calendarLink(pg *site.Page) templ.SafeURL {
	return v.rel(calendarPath(pg.Kind, pg.URL))
}

// hashCalendar covers what writeCalendar reads.
func (p *Pass) hashCalendar(h *hash, pg *site.Page) {
	if pg.Kind == site.Timetable {
		h.num(hashRows(pg.Members))
		hashLink(h, pg.Parent)
		return
	}
	hashRow(h, pg)
}

// writeCalendar renders the calendar of a session or of all in a timetable.
func (p *Pass) writeCalendar(s *sheet, o Output) {
	c := ics{s.own}
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//Lectern//Conference notes//EN")
	c.line("CALSCALE", "GREGORIAN")
	c.line("METHOD", "PUBLISH")
	sessions := []*site.Page{o.Page}
	if o.Page.Kind == site.Timetable {
		sessions = o.Page.Members
		name := p.siteTitle()
		if o.Page.Parent != p.site.Home {
			name += " · " + o.Page.Parent.LinkTitle
		}
		c.text("X-WR-CALNAME", name)
	}
	for _, pg := range sessions {
		p.event(&c, pg)
	}
	c.line("END", "VCALENDAR")
	s.own = c.b
}

func (p *Pass) event(c *ics, pg *site.Page) {
	f := &pg.Note.Front
	c.line("BEGIN", "VEVENT")
	c.text("UID", p.eventID(pg))
	// No clock: the event's data are as old as what the note says of itself.
	stamp := f.Start
	for _, t := range [...]time.Time{f.Date, f.Lastmod} {
		if !t.IsZero() {
			stamp = t
		}
	}
	c.line("DTSTAMP", stamp.UTC().Format(icsUTC))
	c.line("DTSTART", p.r.icsTime(f.Start))
	if f.End.After(f.Start) {
		c.line("DTEND", p.r.icsTime(f.End))
	}
	c.text("SUMMARY", pg.Title)
	if f.Cancelled {
		c.line("STATUS", "CANCELLED")
	}
	if f.Room != "" {
		c.text("LOCATION", f.Room)
	}
	about := make([]string, 0, 3)
	for _, s := range [...]string{strings.Join(f.Speakers, ", "), cmp.Or(f.Description, pg.Note.Summary), p.known(pg)} {
		if s != "" {
			about = append(about, s)
		}
	}
	if len(about) > 0 {
		c.text("DESCRIPTION", strings.Join(about, "\n\n"))
	}
	if url := p.known(pg); url != "" {
		c.line("URL", url)
	}
	var kinds []string
	if f.Track != "" {
		kinds = append(kinds, icsText(f.Track))
	}
	for _, t := range pg.Terms {
		kinds = append(kinds, icsText(t.LinkTitle))
	}
	if len(kinds) > 0 {
		c.line("CATEGORIES", strings.Join(kinds, ","))
	}
	c.line("END", "VEVENT")
}

// known is the page's address where the site's is known.
func (p *Pass) known(pg *site.Page) string {
	if !p.r.known {
		return ""
	}
	return absolute(p.r.base, pg.URL)
}

// eventID stays the same for as long as the note's address does.
func (p *Pass) eventID(pg *site.Page) string {
	host := "lectern.invalid"
	if _, rest, ok := strings.Cut(p.r.base, "://"); ok {
		host = strings.TrimSuffix(rest, "/")
	} else if title := p.siteTitle(); title != "" {
		host = strings.Join(strings.Fields(title), "-") + "." + host
	}
	return strings.Trim(pg.URL, "/") + "@" + host
}

const icsUTC = "20060102T150405Z"

func (r *Renderer) icsTime(t time.Time) string {
	if r.floating(t) {
		return t.Format("20060102T150405")
	}
	return t.UTC().Format(icsUTC)
}

// ics is a calendar as it is written.
type ics struct{ b []byte }

// text adds a property whose value is free text.
func (c *ics) text(name, value string) { c.line(name, icsText(value)) }

// line adds a property, folded so that no line is longer than 75 octets.
func (c *ics) line(name, value string) {
	const most = 75
	rest := name + ":" + value
	room := most
	for len(rest) > room {
		cut := room
		for cut > 1 && !utf8.RuneStart(rest[cut]) {
			cut--
		}
		c.b = append(append(c.b, rest[:cut]...), "\r\n "...)
		rest, room = rest[cut:], most-1
	}
	c.b = append(append(c.b, rest...), "\r\n"...)
}

// icsText escapes text as RFC 5545, 3.3.11 asks. Control characters, which
// could begin a line of their own, are left out.
func icsText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\\' || r == ';' || r == ',':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ' && r != '\t' || r == 0x7f:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
