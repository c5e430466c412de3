package site_test

import (
	"fmt"
	"strings"
	"testing"

	"lectern/internal/note"
	"lectern/internal/site"
)

// specials lists the special pages with what they show.
func specials(s *site.Site) string {
	var out []string
	for _, p := range s.Specials {
		if p.Kind == site.Search {
			continue // a site always has one
		}
		var shown []string
		for _, m := range p.Members {
			shown = append(shown, m.URL)
		}
		out = append(out, fmt.Sprintf("%s %s %v", p.Kind, p.URL, shown))
	}
	return strings.Join(out, "\n")
}

func TestPrintPages(t *testing.T) {
	s := build(hugo(), nil, one("content/day1/_index.md"), one("content/day1/a.md"), one("content/day1/b.md"),
		one("content/day1/secret.md", private), one("content/day2/c.md"))
	want := "print /day1/print/ [/day1/a/ /day1/b/]\n" +
		"print /day2/print/ [/day2/c/]\n" +
		"print /print/ [/day1/ /day1/a/ /day1/b/ /day2/ /day2/c/]"
	if got := specials(s); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, p := range s.Specials {
		if !p.Unlisted {
			t.Errorf("%s is listed; it says nothing that is not said elsewhere", p.URL)
		}
	}
}

// What an author put at the address of a generated page stays there, and
// nothing is said of it.
func TestAuthorsWinOverSpecials(t *testing.T) {
	alias := one("content/day2/c.md")
	alias.Front.Aliases = []string{"/day2/print/"}
	s := build(hugo(), nil, one("content/print.md"), one("content/day1/a.md"), one("content/day1/print/b.md"), alias)
	// Where an author's page is called print, only the page below it gets one.
	if got, want := specials(s), "print /day1/print/print/ [/day1/print/b/]"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(s.Diags) > 0 {
		t.Errorf("findings: %v", s.Diags)
	}
}

func TestNoPrintPageOfHugeSites(t *testing.T) {
	var notes []*note.Note
	for i := range 501 {
		notes = append(notes, one(fmt.Sprintf("content/day%d/n%03d.md", i%2, i)))
	}
	s := build(hugo(), nil, notes...)
	if n := strings.Count(specialsOf(s, site.Print), "print /"); n != 2 {
		t.Errorf("%d pages, want one for each day and none for all", n)
	}
}

func TestSearchPage(t *testing.T) {
	find := func(s *site.Site) string {
		for _, p := range s.Specials {
			if p.Kind == site.Search {
				return fmt.Sprintf("%s %s unlisted=%t", p.URL, p.Title, p.Unlisted)
			}
		}
		return "none"
	}
	german, off, without := hugo(), hugo(), hugo()
	german.Language = "de"
	off.Search.Off = true
	without.Search.NoPage = true
	for _, c := range []struct {
		want string
		s    *site.Site
	}{
		{"/search/ Search unlisted=true", build(hugo(), nil, one("content/a.md"))},
		{"/search/ Suche unlisted=true", build(german, nil, one("content/a.md"))},
		{"none", build(off, nil, one("content/a.md"))},
		{"none", build(without, nil, one("content/a.md"))},
		{"none", build(hugo(), nil, one("content/search.md"))},
	} {
		if got := find(c.s); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
