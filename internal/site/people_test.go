package site_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lectern/internal/config"
	"lectern/internal/note"
	"lectern/internal/site"
)

func speakers(names ...string) func(*note.Note) {
	return func(n *note.Note) { n.Front.Speakers = names }
}

func authors(names ...string) func(*note.Note) {
	return func(n *note.Note) { n.Front.Authors = names }
}

// at lets a session begin on a day in May 2025 at an hour.
func at(day, hour int) func(*note.Note) {
	return func(n *note.Note) { n.Front.Start = time.Date(2025, 5, day, hour, 0, 0, 0, time.UTC) }
}

// specialsOf lists the special pages of some kinds, with what they show.
func specialsOf(s *site.Site, kinds ...site.Kind) string {
	var out []string
	for _, p := range s.Specials {
		for _, k := range kinds {
			if p.Kind == k {
				out = append(out, fmt.Sprintf("%s %s %q [%s]", p.Kind, p.URL, p.Title, urlsOf(p.Members)))
			}
		}
	}
	return strings.Join(out, "\n")
}

func urlsOf(pages []*site.Page) string {
	var out []string
	for _, p := range pages {
		if p == nil {
			out = append(out, "-")
		} else {
			out = append(out, p.URL)
		}
	}
	return strings.Join(out, " ")
}

func TestSpeakers(t *testing.T) {
	about := func(n *note.Note) {
		n.Front.People = []note.Person{{Name: "José Ruiz", URL: "https://jose.example.org/", Company: "Acme"}}
	}
	s := build(hugo(), nil,
		one("content/day1/a.md", speakers("José Ruiz", "Bo O'Neil"), about),
		one("content/day1/b.md", speakers("JOSE  RUIZ")),
		one("content/day2/c.md", speakers("José Ruiz", "José Ruiz", "!?")),
		one("content/day2/draft.md", speakers("Di Draft"), func(n *note.Note) { n.Front.Draft = true }),
		one("content/day2/hidden.md", speakers("Hy Hidden"), func(n *note.Note) { n.Front.Hidden = true }),
		one("content/day2/private.md", speakers("Pat Private"), private),
		one("content/day2/unlisted.md", speakers("Bo O’Neil", "Una Unlisted"), func(n *note.Note) { n.Front.Visibility = note.Unlisted }))
	want := `people /speakers/ "Speakers" [/speakers/bo-oneil/ /speakers/jose-ruiz/]
person /speakers/bo-oneil/ "Bo O'Neil" [/day1/a/]
person /speakers/jose-ruiz/ "José Ruiz" [/day1/a/ /day1/b/ /day2/c/]`
	if got := specialsOf(s, site.People, site.Person); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	jose := page(t, s, "content/day1/a.md").Speakers[0]
	if jose.Person.URL != "https://jose.example.org/" || jose.Person.Company != "Acme" {
		t.Errorf("%+v", jose.Person)
	}
	for path, want := range map[string]string{
		"content/day1/b.md":        "/speakers/jose-ruiz/",
		"content/day2/c.md":        "/speakers/jose-ruiz/ /speakers/jose-ruiz/ -",
		"content/day2/hidden.md":   "-",
		"content/day2/unlisted.md": "/speakers/bo-oneil/ -",
	} {
		if got := urlsOf(page(t, s, path).Speakers); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestAuthorsWhereSeveralWrite(t *testing.T) {
	alone := build(hugo(), nil, one("content/day1/a.md", authors("Ann")), one("content/day1/b.md", authors("ann")))
	if got := specialsOf(alone, site.People, site.Person); got != "" {
		t.Errorf("one author got pages: %s", got)
	}
	cfg := hugo()
	cfg.Language = "de-CH"
	two := build(cfg, nil, one("content/day1/a.md", authors("Ann")), one("content/day1/b.md", authors("Bo", "Ann")))
	want := `people /authors/ "Notizen von" [/authors/ann/ /authors/bo/]
person /authors/ann/ "Ann" [/day1/a/ /day1/b/]
person /authors/bo/ "Bo" [/day1/b/]`
	if got := specialsOf(two, site.People, site.Person); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A taxonomy of that name makes the pages itself.
func TestSpeakersTaxonomyWins(t *testing.T) {
	cfg := hugo()
	cfg.Taxonomies = append(cfg.Taxonomies, config.Taxonomy{Singular: "speaker", Plural: "speakers"})
	s := build(cfg, nil, one("content/day1/a.md", speakers("Ann Lee", "Bo"), func(n *note.Note) {
		n.Front.Taxonomies = map[string][]string{"speakers": {"Ann Lee"}}
	}))
	if got := specialsOf(s, site.People, site.Person); got != "" {
		t.Errorf("beside the taxonomy: %s", got)
	}
	if got := urlsOf(page(t, s, "content/day1/a.md").Speakers); got != "/speakers/ann-lee/ -" {
		t.Errorf("links to %q", got)
	}
}

// Pages of the author's own about people are theirs, and get their sessions.
func TestSpeakersFolder(t *testing.T) {
	s := build(hugo(), nil,
		one("content/speakers/_index.md", func(n *note.Note) { n.Title = "Who spoke" }),
		one("content/speakers/01_lee.md", func(n *note.Note) { n.Title = "Ann Lee" }),
		one("content/speakers/zoe-zed.md", func(n *note.Note) { n.Title = "Dr. Z." }),
		one("content/speakers/shy.md", func(n *note.Note) { n.Title, n.Front.Visibility = "Shy", note.Unlisted }),
		one("content/day1/a.md", speakers("Ann Lee", "Bo", "Zoë Zed", "Shy")))
	want := `person /speakers/bo/ "Bo" [/day1/a/]`
	if got := specialsOf(s, site.People, site.Person); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	a := page(t, s, "content/day1/a.md")
	if got := urlsOf(a.Speakers); got != "/speakers/01_lee/ /speakers/bo/ /speakers/zoe-zed/ -" {
		t.Errorf("links to %q", got)
	}
	if got := urlsOf(a.Speakers[0].Members); got != "/day1/a/" {
		t.Errorf("her own page has %q", got)
	}
	if got := urlsOf(page(t, s, "content/speakers/_index.md").Members); got != "/speakers/bo/" {
		t.Errorf("the section has %q", got)
	}
}

func TestTimetables(t *testing.T) {
	s := build(hugo(), nil,
		one("content/day1/a.md", at(1, 11)), one("content/day1/b.md", at(1, 9)), one("content/day1/lunch.md"),
		one("content/day1/private.md", at(1, 8), private),
		one("content/day2/track/c.md", at(2, 9)), one("content/day2/d.md", at(2, 10)),
		one("content/venue/e.md", at(3, 9)))
	want := `timetable /timetable/ "Timetable" [/day1/b/ /day1/a/ /day2/track/c/ /day2/d/ /venue/e/]
timetable /day1/timetable/ "Timetable: Day 1" [/day1/b/ /day1/a/]
timetable /day2/timetable/ "Timetable: Day 2" [/day2/track/c/ /day2/d/]`
	if got := specialsOf(s, site.Timetable); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// page returns the page made from a note; it must be there.
func page(t *testing.T, s *site.Site, path string) *site.Page {
	t.Helper()
	p := s.Page(path)
	if p == nil {
		t.Fatalf("no page of %s", path)
	}
	return p
}

// Each language has people of its own.
func TestSpeakersOfLanguages(t *testing.T) {
	cfg, de := hugo(), hugo()
	cfg.LanguageKey, de.LanguageKey, de.Language, de.LanguageDir = "en", "de", "de", "de"
	cfg.Languages = []*config.Config{cfg, de}
	s := build(cfg, nil, one("content/a.md", speakers("Ann")), one("content/b.de.md", speakers("Ann", "Bo")))
	var got []string
	for _, l := range s.All() {
		got = append(got, specialsOf(l, site.People))
	}
	want := `people /speakers/ "Speakers" [/speakers/ann/]|people /de/speakers/ "Vortragende" [/de/speakers/ann/ /de/speakers/bo/]`
	if strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// In a plain folder such a folder is called as the page of all people is; with
// Hugo it keeps its name.
func TestSpeakersFolderHasAName(t *testing.T) {
	for _, c := range []struct {
		hugo           bool
		language, want string
	}{{false, "de-AT", "Vortragende"}, {false, "en", "Speakers"}, {true, "de", "Speakers"}} {
		cfg, root := plain(), ""
		if c.hugo {
			cfg, root = hugo(), "content/"
		}
		cfg.Language = c.language
		s := build(cfg, nil, one(root+"speakers/ann.md"), one(root+"day1/a.md", speakers("Ann Lee")))
		if got := page(t, s, root+"speakers/ann.md").Parent.LinkTitle; got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
