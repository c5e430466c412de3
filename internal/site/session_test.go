package site_test

import (
	"fmt"
	"strings"
	"testing"

	"lectern/internal/note"
	"lectern/internal/site"
)

// session makes a note of one session by one author, whose text has a heading
// and links.
func session(path, id, author string, edit ...func(*note.Note)) *note.Note {
	n := one(path, edit...)
	n.Front.Session, n.Front.Authors = id, []string{author}
	n.Headings = []note.Heading{{Level: 2, ID: "demo", Text: "Demo"}}
	html := `<h2 id="demo">Demo</h2><p>`
	for i := range n.Links {
		n.Body.Holes = append(n.Body.Holes, note.Hole{Pos: len(html), Kind: note.LinkOpen, Link: i}, note.Hole{Pos: len(html) + 1, Kind: note.LinkClose, Link: i})
		html += "x"
	}
	n.Body.HTML = []byte(html + "</p>")
	return n
}

func TestSessions(t *testing.T) {
	withTag := func(n *note.Note) { n.Front.Taxonomies = map[string][]string{"tags": {"go"}} }
	s := build(hugo(), nil,
		session("content/day1/a.md", "s1", "Ann", links(note.Anchor, "#demo", "../b/#demo", "gone")),
		session("content/day1/b.md", " s1 ", "Bob", links(note.Anchor, "#demo", "../c/", "lost"), withTag),
		session("content/guests/c.md", "s1", "Cem", links(note.Anchor, "../../day1/a/#demo")),
		session("content/day1/draft.md", "s1", "Draft", func(n *note.Note) { n.Front.Draft = true }),
		session("content/day1/hidden.md", "s1", "Hidden", func(n *note.Note) { n.Front.Hidden = true }),
		session("content/day1/private.md", "s1", "Private", private),
		session("content/day1/unlisted.md", "s1", "Unlisted", func(n *note.Note) { n.Front.Visibility = note.Unlisted }),
		session("content/day1/z.md", "s2", "Zoe"),
		one("content/day2/d.md", links(note.Anchor, "../../day1/b/#demo")))
	lead := page(t, s, "content/day1/a.md")
	day := lead.Parent
	if got := urls(day.Notes); got != "/day1/a/ /day1/z/" {
		t.Errorf("the day lists %s", got)
	}
	if got := strings.Join(lead.Note.Front.Authors, " "); got != "Ann Bob Cem" {
		t.Errorf("authors %s", got)
	}
	if got := lead.Next.URL; got != "/day1/z/" {
		t.Errorf("after it comes %s", got)
	}
	if len(lead.Terms) != 1 || urls(lead.Terms[0].Members) != "/day1/a/" {
		t.Errorf("terms %v", lead.Terms)
	}
	for _, path := range []string{"content/day1/b.md", "content/guests/c.md"} {
		if p := page(t, s, path); p.Lead != lead || !p.Unlisted || p.Note.Path != path || p.Next != nil {
			t.Errorf("%s: %+v", path, p)
		}
	}
	if z := page(t, s, "content/day1/z.md"); z.Parts != nil || z.Note.Body.HTML == nil || strings.Contains(string(z.Note.Body.HTML), "section") {
		t.Error("a session of one note was joined")
	}
	var to []string
	for _, l := range lead.Links {
		to = append(to, l.URL)
	}
	if got, want := strings.Join(to, " "), "#demo /day1/b/#demo gone #by-bob-demo ../c/ lost /day1/a/#demo"; got != want {
		t.Errorf("links to %s, want %s", got, want)
	}
	// Each finding is told once, where it is.
	for path, want := range map[string]string{"content/day1/a.md": "gone", "content/day1/b.md": "../c/ lost"} {
		var got []string
		for _, d := range page(t, s, path).Diags {
			if d.File != path {
				t.Errorf("%s tells of %s", path, d.File)
			}
			got = append(got, strings.Split(d.Message, `"`)[1])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: findings about %s", path, got)
		}
	}
	for _, p := range s.Pages {
		if text := fmt.Sprint(p.Title, p.Note); p != lead && p.Kind.Special() && (strings.Contains(text, "Private") || strings.Contains(text, "Draft")) {
			t.Errorf("%s names a withheld note", p.URL)
		}
	}
	if html := string(lead.Note.Body.HTML); strings.Count(html, "<section") != 3 || strings.Contains(html, "Private") || strings.Contains(html, "Hidden") {
		t.Errorf("its text: %s", html)
	}
	// No note of a group may be put into the model by itself.
	for _, path := range []string{"content/day1/a.md", "content/day1/b.md"} {
		if n := page(t, s, path).Note; s.Replaceable(n, n) {
			t.Errorf("%s is replaceable", path)
		}
	}
}

func TestSessionPartNames(t *testing.T) {
	by := func(path, author, title string) *note.Note {
		n := session(path, "s", author)
		if author == "" {
			n.Front.Authors = nil
		}
		n.Title = title
		return n
	}
	s := build(hugo(), nil, by("content/ann-b/talk.md", "", "Talk"), by("content/cem/talk.md", "", "Talk"), by("content/fay/talk.md", "", "My view"), by("content/dee/x.md", "Dee, Eva", "Talk"))
	var got []string
	for _, h := range page(t, s, "content/ann-b/talk.md").Note.Headings {
		if h.Level == 2 {
			got = append(got, h.Text)
		}
	}
	if want := "Ann b|Cem|Dee, Eva|My view"; strings.Join(got, "|") != want {
		t.Errorf("got %q", got)
	}
	if p := page(t, s, "content/ann-b/talk.md"); p.Kind != site.Single || len(p.Parts) != 3 {
		t.Errorf("%+v", p)
	}
}

// The first is the one that knows most, whatever the files' order in a listing.
func TestSessionLead(t *testing.T) {
	s := build(hugo(), nil, session("content/day1/talk-ann.md", "s", "Ann"), session("content/day1/talk.md", "s", "Bob"),
		session("content/day2/a.md", "t", "Ann"), session("content/day2/b.md", "t", "Bob", at(1, 9)))
	for path, want := range map[string]string{"content/day1/talk-ann.md": "/day1/talk/", "content/day2/a.md": "/day2/b/"} {
		if p := page(t, s, path); p.Lead == nil || p.Lead.URL != want {
			t.Errorf("%s belongs to %+v", path, p.Lead)
		}
	}
}

func TestSessionOfTooMany(t *testing.T) {
	var notes []*note.Note
	for i := range 40 {
		notes = append(notes, session(fmt.Sprintf("content/day1/n%02d.md", i), "talk", "Ann"))
	}
	s := build(hugo(), nil, notes...)
	if n := len(page(t, s, "content/day1/n00.md").Parts); n != 29 {
		t.Errorf("%d further notes", n)
	}
	if len(s.Diags) != 1 || s.Diags[0].Rule != "session-many" || s.Diags[0].File != "content/day1/n30.md" {
		t.Errorf("findings %v", s.Diags)
	}
}

// A folder of one person's notes that all became parts of sessions elsewhere is in
// no list; with a note or a text of its own it is.
func TestSessionLeavesNoEmptyFolder(t *testing.T) {
	s := build(plain(), nil,
		session("day1/ann/talk.md", "talk", "Ann", at(1, 9)), session("day1/bob/deep/talk.md", "talk", "Bob"),
		session("day1/cem/talk.md", "talk", "Cem"), one("day1/cem/lunch.md"),
		session("day1/dee/talk.md", "talk", "Dee"), one("day1/dee/_index.md"))
	day := page(t, s, "day1/cem/lunch.md").Parent.Parent
	if got, want := urls(day.Children), "/day1/ann/talk/ /day1/cem/ /day1/dee/"; got != want {
		t.Errorf("the day has %q, want %q", got, want)
	}
	if p := page(t, s, "day1/bob/deep/talk.md"); !p.Parent.Unlisted || !p.Parent.Parent.Unlisted || p.URL != "/day1/bob/deep/talk/" {
		t.Errorf("%+v", p)
	}
}

// A session of notes in people's folders is in the programme of the day that has
// these; one in other folders stays where its first note is.
func TestSessionIsOfTheDay(t *testing.T) {
	by := func(path, author string, edit ...func(*note.Note)) *note.Note {
		n := session(path, "talk", author, edit...)
		if author == "" {
			n.Front.Authors = nil
		}
		return n
	}
	for name, c := range map[string]struct {
		notes []*note.Note
		want  string
	}{
		"folders of people": {[]*note.Note{by("day1/ann/talk.md", "Ann"), by("day1/bob/talk.md", "Bob")}, "/day1/"},
		"deep folders":      {[]*note.Note{by("day1/ann/a/talk.md", "Ann"), by("day1/bob/b/talk.md", "Bob")}, "/day1/"},
		"one in the day":    {[]*note.Note{by("day1/ann/talk.md", "Ann", at(1, 9)), by("day1/talk.md", "Bob")}, "/day1/"},
		"parts of names":    {[]*note.Note{by("day1/ann/talk.md", "Ann Boateng"), by("day1/jgrosz/talk.md", "Jürgen Grosz"), by("day1/joerg/talk.md", "Jörg Özil")}, "/day1/"},
		"nameless":          {[]*note.Note{by("day1/ann/talk.md", ""), by("day1/bob/talk.md", "")}, "/day1/"},
		"on home":           {[]*note.Note{by("ann/talk.md", "Ann"), by("bob/talk.md", "Bob")}, "/"},
		"on two days":       {[]*note.Note{by("day1/talk.md", ""), by("day2/talk.md", "")}, "/day1/"},
		"a track":           {[]*note.Note{by("day1/track-a/talk.md", "Ann"), by("day1/bob/talk.md", "Bob", at(1, 9)), by("day1/cem/talk.md", "Cem")}, "/day1/bob/"},
		"same folder":       {[]*note.Note{by("day1/ann/talk.md", "Ann"), by("day1/ann/talk2.md", "Ann")}, "/day1/ann/"},
	} {
		t.Run(name, func(t *testing.T) {
			s := build(plain(), nil, append(c.notes, one("day1/z.md"))...)
			lead := page(t, s, c.notes[0].Path)
			if lead.Lead != nil {
				lead = lead.Lead
			}
			if lead.Parts == nil || lead.Parent.URL != c.want || strings.Count(" "+urls(lead.Parent.Notes)+" ", " "+lead.URL+" ") != 1 {
				t.Errorf("%s is in %s of %s, want %s", lead.URL, urls(lead.Parent.Notes), lead.Parent.URL, c.want)
			}
			for _, sec := range s.Pages {
				if sec != lead.Parent && strings.Contains(" "+urls(sec.Notes)+" ", " "+lead.URL+" ") {
					t.Errorf("%s lists it too", sec.URL)
				}
			}
		})
	}
	// A day that no list names is no place for a session that lists do name, nor are
	// there any sessions to join in it.
	s := build(plain(), nil, by("day1/ann/talk.md", "Ann"), by("day1/bob/talk.md", "Bob"), one("day1/_index.md", func(n *note.Note) { n.Front.Hidden = true }))
	if p := page(t, s, "day1/ann/talk.md"); p.Parts != nil || p.Parent.URL != "/day1/ann/" {
		t.Errorf("%+v", p)
	}
}
