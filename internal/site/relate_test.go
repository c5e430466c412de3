package site_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lectern/internal/note"
	"lectern/internal/site"
)

// written makes a note of its text.
func written(path, text string) *note.Note {
	return note.Parse(path, []byte(text), &note.Options{Hugo: true})
}

func recommended(s *site.Site) string {
	var out []string
	for _, r := range s.Recommended {
		out = append(out, fmt.Sprintf("%s by %s: %s", r.Page.URL, r.From.URL, r.Reason))
	}
	return strings.Join(out, "\n")
}

func backlinks(s *site.Site) string {
	var out []string
	for _, p := range s.Pages {
		if len(p.Backlinks) > 0 {
			out = append(out, fmt.Sprintf("%s from %s", p.URL, urls(p.Backlinks)))
		}
	}
	return strings.Join(out, "\n")
}

const recommends = "\n## Talk recommendations\n\n"

func TestRecommended(t *testing.T) {
	s := build(hugo(), nil,
		written("content/_index.md", "# Conf\n"+recommends+"- [C](/day2/c/)\n"),
		written("content/day1/_index.md", "---\nweight: 2\n---\n"+recommends+
			"- Two: [B](./b)\n- One: [A](./a)\n- [C](../day2/c): third\n- [B again](b.md) too\n"+
			"- TODO: [D](./d)\n- Day: [Day 2](/day2)\n- Gone: [X](./x)\n- Own: [own](#talk-recommendations)\n"+
			"- Secret: [P](./private)\n- Unlisted: [U](./unlisted)\n- Hidden: [H](./hidden)\n- Draft: [W](./draft)\n- Attic: [G](../attic/g)\n"),
		written("content/day1/a.md", "# A\n"), written("content/day1/b.md", "# B\n"+recommends+"- Me: [B](.)\n- [D](./d): see also\n"),
		written("content/day1/d.md", "# D\n"),
		written("content/day1/private.md", "---\nvisibility: private\n---\n# P\n"+recommends+"- Private reason: [A](./a)\n"),
		written("content/day1/unlisted.md", "---\nvisibility: unlisted\n---\n# U\n"+recommends+"- Unlisted reason: [E](../day2/e)\n"),
		written("content/day1/hidden.md", "---\nhidden: true\n---\n# H\n"+recommends+"- Hidden reason: [E](../day2/e)\n"),
		written("content/day1/draft.md", "---\ndraft: true\n---\n# W\n"),
		written("content/day2/_index.md", "---\nweight: 1\n---\n"), written("content/day2/c.md", "# C\n"), written("content/day2/e.md", "# E\n"),
		written("content/attic/_index.md", "---\nhidden: true\n---\n"), written("content/attic/g.md", "# G\n"),
		written("content/crew/_index.md", "---\nvisibility: unlisted\n---\n"+recommends+"- Crew: [E](../day2/e)\n"),
	)
	want := "/day2/c/ by /: third\n/day1/b/ by /day1/: Two\n/day1/a/ by /day1/: One\n/day1/d/ by /day1/b/: see also"
	if got := recommended(s); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, p := range s.Pages {
		in := slices.ContainsFunc(s.Recommended, func(r site.Recommendation) bool { return r.Page == p })
		if in != (p.Recommended != nil) || in && p.Recommended.Page != p {
			t.Errorf("%s: %+v", p.URL, p.Recommended)
		}
	}
}

func TestBacklinks(t *testing.T) {
	s := build(hugo(), nil,
		written("content/_index.md", "[A](/day1/a/)\n"),
		written("content/day1/_index.md", "[A](./a) [C](../day2/c)\n"),
		written("content/day1/a.md", "[B](../b) [B](../b/#x) [me](./) [day](/day2/) [home](/) ![p](p.png) [out](https://x.example.net/)\n"),
		written("content/day1/b.md", "[A](../a) [secret](../secret) [U](../unlisted)\n"),
		written("content/day1/secret.md", "---\nvisibility: private\n---\n[A](../a)\n"),
		written("content/day1/unlisted.md", "---\nvisibility: unlisted\n---\n[A](../a)\n"),
		written("content/day1/hidden.md", "---\nhidden: true\n---\n[A](../a)\n"),
		written("content/day2/_index.md", "Else.\n"),
		written("content/day2/c.md", "[A](/day1/a) {{% relref \"day1/a\" %}} [B](b.md)\n"),
	)
	want := "/day1/a/ from /day1/b/ /day2/c/\n/day1/b/ from /day1/a/\n/day1/unlisted/ from /day1/b/\n/day2/c/ from /day1/"
	if got := backlinks(s); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestHallwayPage(t *testing.T) {
	met := "\n## People met\n\n- Ann\n"
	page := func(notes ...*note.Note) string {
		for _, p := range build(hugo(), nil, notes...).Specials {
			if p.Kind == site.Hallway {
				return fmt.Sprintf("%s %q %s", p.URL, p.Title, urls(p.Members))
			}
		}
		return ""
	}
	for want, notes := range map[string][]*note.Note{
		`/hallway/ "Hallway track" / /day1/ /day1/a/ /day2/`: {
			written("content/_index.md", met), written("content/day1/_index.md", met), written("content/day1/a.md", met),
			written("content/day1/b.md", "## People met\n\nTODO\n"), written("content/day2/_index.md", met),
			written("content/day1/c.md", "---\nvisibility: private\n---\n"+met), written("content/day1/d.md", "---\nvisibility: unlisted\n---\n"+met),
			written("content/day1/e.md", "---\nhidden: true\n---\n"+met), written("content/day3/a.md", "---\ndraft: true\n---\n"+met),
		},
		"": {written("content/day1/a.md", "# Hallway track\n\nAnn\n"), written("content/day1/b.md", "x\n")},
		`/hallway/ "Hallway track" /day1/b/ /day1/a/`: { // by their titles
			written("content/day1/a.md", "# Hallway track\n\nAnn\n"), written("content/day1/b.md", met),
		},
	} {
		if got := page(notes...); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := page(written("content/hallway.md", met)); got != "" {
		t.Errorf("beside the author's own page there is %q", got)
	}
}

// Links in an edited note change what is mentioned, without a new model, and
// as a new model would have it.
func TestReplaceMentions(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	text := func() string {
		var b strings.Builder
		for range rnd.IntN(6) {
			fmt.Fprintf(&b, "[x](/day%d/%c/) ", 1+rnd.IntN(2), 'a'+rune(rnd.IntN(4)))
		}
		return b.String()
	}
	texts := map[string]string{}
	for _, path := range []string{
		"content/_index.md", "content/day1/_index.md", "content/day1/a.md", "content/day1/b.md", "content/day1/c.md",
		"content/day2/_index.md", "content/day2/a.md", "content/day2/d.md",
	} {
		texts[path] = text()
	}
	texts["content/day1/d.md"] = "---\nvisibility: unlisted\n---\n" + text()
	notes := func() []*note.Note {
		var all []*note.Note
		for path, text := range texts {
			all = append(all, written(path, text))
		}
		return all
	}
	kept := build(hugo(), nil, notes()...)
	for range 300 {
		var paths []string
		for p := range texts {
			paths = append(paths, p)
		}
		slices.Sort(paths)
		path := paths[rnd.IntN(len(paths))]
		front, _, unlisted := strings.Cut(texts[path], "---\n[")
		texts[path] = text()
		if strings.HasPrefix(front, "---") || unlisted {
			texts[path] = "---\nvisibility: unlisted\n---\n" + texts[path]
		}
		page := kept.Page(path)
		was := map[*site.Page]string{}
		for _, p := range kept.Pages {
			was[p] = urls(p.Backlinks)
		}
		n := written(path, texts[path])
		if !kept.Replaceable(page.Note, n) {
			t.Fatalf("links in %s can't be replaced", path)
		}
		changed := kept.Replace(page, n)
		if got, want := backlinks(kept), backlinks(build(hugo(), nil, notes()...)); got != want {
			t.Fatalf("after an edit of %s\n%s\nwant\n%s", path, got, want)
		}
		for p, links := range was {
			if told := slices.Contains(changed, p); told != (links != urls(p.Backlinks)) {
				t.Fatalf("%s: told of a change: %t; before %q, now %q", p.URL, told, links, urls(p.Backlinks))
			}
		}
	}
}

// What others show of a note's text makes a new model.
func TestMeaningIsModel(t *testing.T) {
	base := "Text.\n" + recommends + "- One: [A](./a)\n\n## People met\n\nAnn\n"
	s := build(hugo(), nil, written("content/day1/_index.md", base), written("content/day1/a.md", "# A\n"))
	old := s.Page("content/day1/_index.md").Note
	for text, want := range map[string]bool{
		strings.Replace(base, "Text", "Words", 1):       true,
		strings.Replace(base, "Ann", "Bo", 1):           true,
		strings.Replace(base, "One", "Two", 1):          false,
		strings.Replace(base, "./a", "./b", 1):          false,
		strings.Replace(base, "Ann", "TODO", 1):         false,
		strings.Replace(base, "- One", "- TODO One", 1): false,
		strings.Replace(base, "Talk", "Two", 1):         false,
		base + "\n[A](./a)\n":                           true,
	} {
		if got := s.Replaceable(old, written("content/day1/_index.md", text)); got != want {
			t.Errorf("%q is replaceable: %t", text, got)
		}
	}
}

// A note that links to every other one costs time in proportion.
func TestManyMentions(t *testing.T) {
	var all strings.Builder
	var notes []*note.Note
	for i := range 200 {
		path := fmt.Sprintf("content/day1/n%03d.md", i)
		notes = append(notes, written(path, "# N\n"))
		fmt.Fprintf(&all, "[n](/day1/n%03d/) [again](/day1/n%03d/#top) ", i, i)
	}
	notes = append(notes, written("content/index-of-all.md", all.String()))
	s := build(hugo(), nil, notes...)
	for _, n := range notes[:200] {
		if got := urls(s.Page(n.Path).Backlinks); n.Path != "content/index-of-all.md" && got != "/index-of-all/" {
			t.Fatalf("%s is mentioned by %q", n.Path, got)
		}
	}
}

// A reader of one language is told of that language's notes.
func TestRelatedInLanguages(t *testing.T) {
	s := build(several(), nil,
		written("content/day1/_index.md", recommends+"- German: [A](/de/day1/a/)\n- [A](./a)\n"), written("content/day1/a.md", "# A\n"),
		written("content/day1/b.md", "[A](../a) [A](/de/day1/a/)\n"),
		written("content/day1/a.de.md", "# A\n\n[original](/day1/a/)\n"), written("content/day1/b.de.md", "[A](/de/day1/a/)\n"),
	)
	if got, want := recommended(s), "/day1/a/ by /day1/: "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	got := backlinks(s) + "\n" + backlinks(s.Languages[1])
	if want := "/day1/a/ from /day1/b/\n/de/day1/a/ from /de/day1/b/"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
