package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lectern/internal/config"
	"lectern/internal/note"
	"lectern/internal/site"
)

// The tests of this package build sites by hand: what a page shows depends on
// the model alone, and so every field of it can be set.

func testConfig() *config.Config {
	return &config.Config{
		Title: "GopherCamp & Friends", BaseURL: "https://camp.example.org/2025/", Language: "en",
		Description: "Two days of talks.", Copyright: "CC BY 4.0",
		ContentDir: "content", EditURL: "https://git.example.org/camp/_edit/main/content/${FilePath}",
		Taxonomies: []config.Taxonomy{{Singular: "tag", Plural: "tags"}}, RSSLimit: 20,
		Menus: map[string][]config.MenuEntry{"shortcuts": {
			{Name: "<i class='fab fa-fw fa-github'></i> Source", URL: "https://git.example.org/camp"},
			{Name: "Day 1", PageRef: "/day1"},
		}},
	}
}

// builder makes a site by hand, with what site.Build would fill in.
type builder struct {
	s     *site.Site
	terms map[string]*site.Page
	nextK uint64
}

func newBuilder(cfg *config.Config) *builder {
	home := &site.Page{Kind: site.Home, URL: "/", OutPath: "index.html", Title: cfg.Title, LinkTitle: cfg.Title}
	tags := &site.Page{Kind: site.Taxonomy, URL: "/tags/", OutPath: "tags/index.html", Title: "Tags", LinkTitle: "Tags", Parent: home}
	return &builder{
		s:     &site.Site{Config: cfg, Home: home, Pages: []*site.Page{home, tags}, Taxonomies: []*site.Page{tags}},
		terms: map[string]*site.Page{},
	}
}

func (b *builder) key() uint64 { b.nextK++; return b.nextK }

func (b *builder) note(title string, body string) *note.Note {
	k := b.key()
	return &note.Note{
		Path: "content/" + strings.ToLower(title) + ".md", Key: k, FactsKey: k, Readable: true, Title: title,
		Body: note.Fragment{HTML: []byte(body)}, Summary: "About " + title + ".", Words: len(strings.Fields(body)) * 20,
	}
}

func (b *builder) section(parent *site.Page, name, title string, n *note.Note) *site.Page {
	pg := &site.Page{
		Kind: site.Section, URL: parent.URL + name + "/", Title: title, LinkTitle: title, Note: n, Parent: parent,
	}
	pg.OutPath = pg.URL[1:] + "index.html"
	parent.Sections = append(parent.Sections, pg)
	b.s.Pages = append(b.s.Pages, pg)
	b.s.Sections++
	return pg
}

// special adds a page beside the tree of sections, about of.
func (b *builder) special(kind site.Kind, of *site.Page, name string, shown ...*site.Page) *site.Page {
	pg := &site.Page{Kind: kind, URL: of.URL + name + "/", Title: kind.String(), LinkTitle: kind.String(), Parent: of, Members: shown}
	pg.OutPath = pg.URL[1:] + "index.html"
	b.s.Specials = append(b.s.Specials, pg)
	b.s.Pages = append(b.s.Pages, pg)
	return pg
}

func (b *builder) single(sec *site.Page, name string, n *note.Note, tags ...string) *site.Page {
	pg := &site.Page{
		Kind: site.Single, URL: sec.URL + name + "/", Title: n.Title, LinkTitle: n.Title, Note: n, Parent: sec,
	}
	pg.OutPath = pg.URL[1:] + "index.html"
	n.Path = "content" + sec.URL + name + ".md"
	for _, t := range tags {
		term := b.terms[t]
		if term == nil {
			tax := b.s.Taxonomies[0]
			term = &site.Page{
				Kind: site.Term, URL: "/tags/" + t + "/", OutPath: "tags/" + t + "/index.html",
				Title: strings.ToUpper(t[:1]) + t[1:], LinkTitle: t, Parent: tax,
			}
			b.terms[t] = term
			tax.Members = append(tax.Members, term)
			b.s.Pages = append(b.s.Pages, term)
		}
		term.Members = append(term.Members, pg)
		pg.Terms = append(pg.Terms, term)
	}
	sec.Notes = append(sec.Notes, pg)
	b.s.Pages = append(b.s.Pages, pg)
	return pg
}

// done chains the pages and puts them in order.
func (b *builder) done() *site.Site {
	var last *site.Page
	var walk func(*site.Page)
	walk = func(sec *site.Page) {
		sec.Children = append(append([]*site.Page{}, sec.Notes...), sec.Sections...)
		for _, pg := range append([]*site.Page{sec}, sec.Notes...) {
			pg.Prev = last
			if last != nil {
				last.Next = pg
			}
			last = pg
		}
		for _, s := range sec.Sections {
			walk(s)
		}
	}
	walk(b.s.Home)
	slices.SortFunc(b.s.Pages, func(p, q *site.Page) int { return strings.Compare(p.URL, q.URL) })
	return b.s
}

// smallSite shows each feature once.
func smallSite(cfg *config.Config) *site.Site {
	b := newBuilder(cfg)
	home := b.note("GopherCamp", `<p>Welcome to <strong>GopherCamp</strong>.</p><h2 id="how">How?</h2><p>By train.</p>`)
	home.Headings = []note.Heading{{Level: 2, ID: "how", Text: "How?"}}
	b.s.Home.Note, home.Path = home, "content/_index.md"

	dayNote := b.note("Day 1", "<p>The first day.</p>")
	dayNote.Front.Description = "Compilers & concurrency"
	dayNote.HasParts = true
	dayNote.Body.Holes = []note.Hole{{Kind: note.CallHole, Link: 0}, {Kind: note.CallHole, Link: 1}}
	dayNote.Calls = []note.Call{
		{Pages: &note.PagesCall{
			Levels: 9, Kind: "all", Display: "headings", Heading: 2, Description: true, Breadcrumb: true,
			GroupBy: &note.Expr{Field: "linktitle", Steps: []note.Step{{Func: "left", N: 1}}},
		}},
		{Files: &note.FilesCall{}},
	}
	dayNote.Front.MenuPre = "<i class='fa-fw fas fa-train'></i> "
	day1 := b.section(b.s.Home, "day1", "Day 1", dayNote)
	day1.Lists = []site.List{
		{Of: b.s.Home},
		{Of: day1, Files: []site.ListedFile{{Name: "Slides & more", File: &site.File{OutPath: "day1/_img/a b.png", Size: 1234567}}}},
	}
	day2 := b.section(b.s.Home, "day2", "Day 2", nil)
	evening := b.section(day2, "evening", "Evening", nil)

	zone := time.FixedZone("CEST", 2*60*60)
	opening := b.note("Opening <keynote>", `<p>See  and </p><p></p><p>A note: x</p>`+strings.Repeat("<p>Long text.</p>", 30))
	opening.Front.Start = time.Date(2025, 5, 20, 9, 0, 0, 0, zone)
	opening.Front.End = opening.Front.Start.Add(45 * time.Minute)
	opening.Front.Date = opening.Front.Start
	opening.Front.Lastmod = time.Date(2025, 5, 22, 0, 0, 0, 0, time.UTC)
	opening.Front.Speakers = []string{"Ada L.", "Grace H."}
	opening.Front.Room, opening.Front.Track = "Main hall", "Plenary"
	opening.Resources = note.Resources{Video: "https://video.example.org/1", Slides: "slides.pdf"}
	opening.Icons = []string{"solid-video"}
	opening.HasMermaid, opening.HasCode, opening.HasMath = true, true, true
	opening.HasParts, opening.HasTabGroups = true, true
	opening.Headings = []note.Heading{
		{Level: 1, ID: "top", Text: "Top"},
		{Level: 2, ID: "first", Text: "First & last"},
		{Level: 3, ID: "deep-ü\"", Text: "Deep"},
		{Level: 4, ID: "deeper", Text: "Deeper"},
	}
	opening.Links = []note.Link{
		{Kind: note.Anchor, Dest: "../02_next", Attrs: ` title="Go on"`},
		{Kind: note.Image, Dest: "_img/a b.png", Attrs: ` alt="A &amp; B"`, Alt: "A & B", Look: &note.Look{Large: true}},
		{Kind: note.Anchor, Dest: "../gone"},
		{Kind: note.Ref, Dest: "02_next#end"},
	}
	opening.Body.Holes = []note.Hole{
		{Pos: 7, Kind: note.LinkOpen, Link: 0},
		{Pos: 7, Kind: note.LinkClose, Link: 0},
		{Pos: 12, Kind: note.LinkOpen, Link: 2},
		{Pos: 12, Kind: note.LinkClose, Link: 2},
		{Pos: 19, Kind: note.ImageTag, Link: 1},
		{Pos: 23, Kind: note.URLOnly, Link: 3},
	}
	o := b.single(day1, "01_opening", opening, "go", "keynote")
	o.Links = []site.Target{
		{Kind: site.TargetPage, URL: "/day1/02_next/"},
		{Kind: site.TargetFile, URL: "/day1/_img/a%20b.png", File: testPicture()},
		{Kind: site.TargetBroken, URL: "../gone"},
		{Kind: site.TargetPage, URL: "/day1/02_next/?q=1&r=2#end"},
	}
	next := b.note("Next", "<p>More.</p>")
	next.Front.Language = "de"
	b.single(day1, "02_next", next, "go")
	b.single(day2, "01_closing", b.note("Closing", "<p>Bye.</p>"), "keynote")
	b.single(evening, "party", b.note("Party", "<p>Cheers.</p>"))
	unlisted := &site.Page{
		Kind: site.Single, URL: "/day2/secret/", OutPath: "day2/secret/index.html", Title: "Backstage",
		LinkTitle: "Backstage", Parent: day2, Note: b.note("Backstage", "<p>Shh.</p>"), Unlisted: true,
	}
	hidden := &site.Page{
		Kind: site.Single, URL: "/day2/hidden/", OutPath: "day2/hidden/index.html", Title: "Attic",
		LinkTitle: "Attic", Parent: day2, Note: b.note("Attic", "<p>Dust.</p>"), Hidden: true,
	}
	b.s.Pages = append(b.s.Pages, unlisted, hidden)
	b.s.Redirects = []site.Redirect{{OutPath: "old/opening.html", To: o}}
	b.s.Recommended = []site.Recommendation{
		{Page: o, From: b.s.Home, Reason: "Sets the <tone>"}, {Page: day2.Notes[0], From: day1}, {Page: day1.Notes[1], From: day1, Reason: "Short"},
	}
	for i := range b.s.Recommended {
		b.s.Recommended[i].Page.Recommended = &b.s.Recommended[i]
	}
	o.Backlinks = []*site.Page{b.s.Home, day1.Notes[1], day2}
	day2.Notes[0].Note.Stub, day2.Notes[0].Note.Summary = true, ""
	meet(dayNote)
	day1.Links = []site.Target{{Kind: site.TargetPage, URL: "/day1/01_opening/"}, {Kind: site.TargetSelf, URL: "#met"}}
	next.Hallway = []note.Passage{{Heading: -1, To: len(next.Body.HTML)}}
	b.special(site.Hallway, b.s.Home, "hallway", day1, day1.Notes[1])
	b.special(site.Print, day1, "print", day1.Notes...).Unlisted = true
	next.Front.Start = opening.Front.Start.Add(30 * time.Minute)
	b.special(site.Timetable, day1, "timetable", day1.Notes...)
	speakers := b.special(site.People, b.s.Home, "speakers")
	ada := b.special(site.Person, speakers, "ada-l", o)
	ada.Person = note.Person{Name: "Ada L.", URL: "https://ada.example.org/", Company: "Engines & Co"}
	speakers.Members = []*site.Page{ada}
	o.Speakers = []*site.Page{ada, nil}
	b.special(site.Changes, b.s.Home, "changes")
	b.s.Changes = smallChanges(day1.Notes[0], day1.Notes[1], zone)
	o.Changed = time.Date(2025, 5, 21, 8, 0, 0, 0, zone)
	day1.Notes[1].Changed = time.Date(2025, 5, 23, 23, 0, 0, 0, zone)
	b.special(site.Search, b.s.Home, "search").Unlisted = true
	return b.done()
}

// smallChanges has each sort of change once, on two days.
func smallChanges(a, b *site.Page, zone *time.Location) []site.Change {
	at := time.Date(2025, 5, 23, 23, 30, 0, 0, zone)
	many := make([]site.NoteChange, changeNotes+2)
	for i := range many {
		many[i] = site.NoteChange{Page: b, Words: i}
	}
	return []site.Change{
		{ID: "aaaaaaaaaaaa", Time: at, Author: "Ada <L>", Subject: "Mend <b>typos</b> & more", Notes: []site.NoteChange{
			{Page: a, Words: 1}, {Page: b, New: true, Words: 1200, Video: true},
		}, Pictures: 1},
		{ID: "bbbbbbbbbbbb", Time: at.Add(-time.Minute), Author: "Grace", Notes: []site.NoteChange{{Page: a}}},
		{ID: "cccccccccccc", Time: at.Add(-24 * time.Hour), Subject: "Pictures", Pictures: 3, Videos: 1},
		{ID: "dddddddddddd", Time: at.Add(-25 * time.Hour), Author: "Ada <L>", Subject: "Import", Notes: many},
	}
}

func testPicture() *site.File {
	return &site.File{OutPath: "day1/_img/a b.png", Picture: &site.Picture{
		Width: 900, Height: 600, Smaller: []site.Rendition{{Width: 480, OutPath: "lectern/pictures/480-0123.png"}},
	}}
}

// meet gives n a text about people met, in two parts: one with links to another
// note, to itself, and in its own HTML; one that can't be shown apart.
func meet(n *note.Note) {
	html := `<h2 id="met">Met</h2><p id="ann">Ann <a href="#fn">1</a>, 'talk', 'self'</p><h2>Booths</h2></div><p>Bo</p>`
	at := func(s string) int { return strings.Index(html, s) }
	n.Body = note.Fragment{HTML: []byte(html), Holes: []note.Hole{
		{Pos: at("talk"), Kind: note.LinkOpen, Link: 0},
		{Pos: at("talk") + 4, Kind: note.LinkClose, Link: 0},
		{Pos: at("self"), Kind: note.LinkOpen, Link: 1},
		{Pos: at("self") + 4, Kind: note.LinkClose, Link: 1},
	}}
	n.Links = []note.Link{{Dest: "01_opening"}, {Dest: "#met"}}
	n.Headings = []note.Heading{{Level: 2, ID: "met", Text: "Met", Mark: note.People}, {Level: 2, Text: "Booths", Mark: note.People}}
	n.Hallway = []note.Passage{
		{Heading: 0, From: at("<p id"), To: at("<h2>B"), EndHole: 4},
		{Heading: 1, From: at("</div>"), To: len(html), FirstHole: 4, EndHole: 4, LinkOnly: true},
	}
}

// bigSite has sections of notesEach notes with bodies of about 2 kB.
func bigSite(cfg *config.Config, sections, notesEach int) *site.Site {
	b := newBuilder(cfg)
	for i := range sections {
		sec := b.section(b.s.Home, fmt.Sprintf("day%05d", i), "Day "+strconv.Itoa(10000+i), b.note("Day", "<p>A day.</p>"))
		for j := range notesEach {
			n := b.note(fmt.Sprintf("A talk about number %d on day %05d", 1000+j, i), strings.Repeat("<p>Lorem ipsum dolor sit amet.</p>", 60))
			n.Headings = []note.Heading{{Level: 2, ID: "a", Text: "Alpha"}, {Level: 2, ID: "b", Text: "Beta"}, {Level: 2, ID: "c", Text: "Gamma"}}
			n.Resources.Video = "https://video.example.org/x"
			b.single(sec, fmt.Sprintf("%04d_talk", j), n, fmt.Sprintf("tag%02d", (i+j)%30), fmt.Sprintf("tag%02d", (i+2*j)%30))
		}
	}
	return b.done()
}

// rendered is all outputs of a pass, by path.
func rendered(t testing.TB, p *Pass) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, o := range p.Outputs() {
		if _, twice := out[o.Path]; twice {
			t.Errorf("two outputs at %s", o.Path)
		}
		body := p.Render(o)
		b := body.Bytes()
		if len(b) != body.Len() {
			t.Errorf("%s: %d bytes, but Len says %d", o.Path, len(b), body.Len())
		}
		out[o.Path] = string(b)
	}
	return out
}
