package page

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"lectern/internal/markdown"
	"lectern/internal/site"
)

// The files for programs: llms.txt, which leads to all notes as Markdown, and
// index.json, the table of sessions.

const (
	llmsPath     = "llms.txt"
	sessionsPath = "index.json"
)

// maxAutoMarkdown is up to how many pages a site has them as Markdown too if
// nothing is said about it.
const maxAutoMarkdown = 2000

// wantsMarkdown reports whether all pages stand there as Markdown.
func (p *Pass) wantsMarkdown() bool {
	switch p.r.cfg.Markdown {
	case "on":
		return true
	case "off":
		return false
	}
	return len(p.site.Pages) <= maxAutoMarkdown
}

// machineOutputs lists the files for programs. They are home's: what a list
// shows of a note, they show.
func (p *Pass) machineOutputs(out []Output) []Output {
	if p.r.cfg.Markdown == "off" {
		return out
	}
	dir := ""
	if d := p.r.cfg.LanguageDir; d != "" {
		dir = d + "/"
	}
	return append(out,
		Output{Path: dir + llmsPath, Form: LLMs, Page: p.site.Home},
		Output{Path: dir + sessionsPath, Form: SessionsJSON, Page: p.site.Home})
}

// writeLLMs writes the site's title, what it is about, and all sections with
// their notes, each with a link and what it is about.
func (p *Pass) writeLLMs(s *sheet, o Output) {
	root := rootFrom(strings.Count(o.Path, "/"))
	b := append(markdown.Text(append(s.own, "# "...), p.siteTitle()), '\n')
	home := p.site.Home
	about := plain(p.r.cfg.Description)
	placed := home.URL != "" // else another page stands at home's address
	if home.Note != nil && placed {
		about = cmp.Or(about, home.Note.Summary)
	}
	if about != "" {
		b = append(markdown.Text(append(b, "\n> "...), about), '\n')
	}
	b = append(b, "\n"...)
	if placed {
		b = p.appendEntry(b, home, root)
	}
	b = append(b, "- ["+p.r.words.sessions+"]("+sessionsPath+"): JSON\n"...)
	s.own = p.appendSections(b, home, root)
}

// appendSections writes the notes of sec, and those of the sections below it,
// each section under its name.
func (p *Pass) appendSections(b []byte, sec *site.Page, root string) []byte {
	if len(sec.Notes) > 0 {
		b = append(markdown.Text(append(b, "\n## "...), cmp.Or(sec.Title, p.r.words.notes)), "\n\n"...)
		for _, n := range sec.Notes {
			b = p.appendEntry(b, n, root)
		}
	}
	for _, sub := range sec.Sections {
		b = p.appendSections(b, sub, root)
	}
	return b
}

// session is an entry of index.json. Its fields are documented in
// docs/operations.md; none is ever taken away or given another meaning.
type session struct {
	Title    string   `json:"title"`
	URL      string   `json:"url"`
	Day      string   `json:"day,omitempty"`
	Start    string   `json:"start,omitempty"`
	End      string   `json:"end,omitempty"`
	Room     string   `json:"room,omitempty"`
	Track    string   `json:"track,omitempty"`
	Speakers []string `json:"speakers,omitempty"`
	Tags     []string `json:"tags,omitempty"`
	Video    string   `json:"video,omitempty"`
	Slides   string   `json:"slides,omitempty"`
	Code     string   `json:"code,omitempty"`
	Summary  string   `json:"summary,omitempty"`
}

// sessionSize is about as long as an entry of index.json is.
const sessionSize = 500

// writeSessions writes all listed notes, in reading order. An address is
// complete where the site's is known, else it begins at the file's folder.
func (p *Pass) writeSessions(s *sheet, o Output) {
	root := rootFrom(strings.Count(o.Path, "/"))
	s.own = append(slices.Grow(s.own, sessionSize*p.singles()), "[\n"...)
	first := true
	p.eachNote(p.site.Home, func(pg *site.Page) {
		if !first {
			s.own = append(s.own, ",\n"...)
		}
		first = false
		s.own = append(s.own, jsonOf(p.session(pg, root))...)
	})
	s.own = append(s.own, "\n]\n"...)
}

// eachNote visits the listed notes below sec in reading order.
func (p *Pass) eachNote(sec *site.Page, visit func(*site.Page)) {
	for _, c := range sec.Children {
		if c.Kind == site.Section {
			p.eachNote(c, visit)
		} else if c.Note != nil {
			visit(c)
		}
	}
}

func (p *Pass) session(pg *site.Page, root string) session {
	n := pg.Note
	f := &n.Front
	out := session{
		Title: pg.Title, URL: rel(root, pg.URL), Room: f.Room, Track: f.Track, Speakers: f.Speakers,
		Video: web(n.Resources.Video), Slides: web(n.Resources.Slides), Code: web(n.Resources.Code), Summary: n.Summary,
	}
	if p.r.known {
		out.URL = absolute(p.r.base, pg.URL)
	}
	if day := sessionDay(n); !day.IsZero() {
		out.Day = day.Format(time.DateOnly)
	}
	if !f.Start.IsZero() {
		out.Start = f.Start.Format(time.RFC3339)
	}
	if !f.End.IsZero() {
		out.End = f.End.Format(time.RFC3339)
	}
	for _, t := range pg.Terms {
		out.Tags = append(out.Tags, t.LinkTitle)
	}
	return out
}

// hashMachine covers what writeLLMs and writeSessions read.
func (p *Pass) hashMachine(h *hash) {
	home := p.site.Home
	h.flag(p.writesMarkdown)
	hashRow(h, home)
	d, ok := p.digests()[home]
	if !ok { // another page has home's address: it is none of the site's pages
		d = digestSection(home, map[*site.Page]digest{})
	}
	h.num(d.deep)
	p.hashOrder(h, home)
}

// hashOrder covers the order of notes and sections.
func (p *Pass) hashOrder(h *hash, sec *site.Page) {
	h.num(uint64(len(sec.Children)))
	for _, c := range sec.Children {
		h.str(c.URL)
		h.flag(p.hasMarkdown(c))
		if c.Kind == site.Section {
			p.hashOrder(h, c)
		}
	}
}
