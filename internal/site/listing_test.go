package site_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lectern/internal/note"
	"lectern/internal/site"
)

// parsed makes a note of a whole text.
func parsed(path, text string) *note.Note {
	return note.Parse(path, []byte(text), &note.Options{UnsafeHTML: true, Hugo: true})
}

// describe is a list of pages as text: labels with colons, levels as dots.
func describe(groups []site.ListGroup) string {
	var out []string
	var walk func(items []site.ListItem, level int)
	walk = func(items []site.ListItem, level int) {
		for _, i := range items {
			out = append(out, strings.Repeat(".", level)+i.Page.LinkTitle)
			walk(i.Items, level+1)
		}
	}
	for _, g := range groups {
		if g.Other {
			out = append(out, "other:")
		} else if g.Label != "" {
			out = append(out, g.Label+":")
		}
		walk(g.Items, 0)
	}
	return strings.Join(out, " ")
}

// TestLists asks for lists by shortcodes in the index of /day/.
func TestLists(t *testing.T) {
	for call, want := range map[string]string{
		// children, today's and earlier spellings
		"children":                             "Beta alpha Sub",
		"children depth=2":                     "Beta alpha Sub .Deep",
		`children depth="999" showhidden=true`: "Beta alpha Secretless Sub .Deep",
		"children sort=title":                  "alpha Beta Sub",
		"children sort=Name":                   "alpha Beta Sub",
		"children sort=Weight":                 "Beta alpha Sub",
		"children sort=date":                   "alpha Beta Sub",
		"children sort=modifieddate":           "Beta alpha Sub",
		"children sort=length":                 "Sub Beta alpha",
		"children type=group":                  "A: alpha B: Beta S: Sub",
		"children type=card depth=3":           "Beta alpha Sub",
		"children-cards":                       "Beta alpha Sub",
		`children page="sub"`:                  "Deep",
		`children page="/" depth=1`:            "Day Other",
		`children style="h2" depth="3"`:        "Beta alpha Sub .Deep",

		// pages
		"pages":                       "Beta alpha Sub",
		"pages levels=9 flatten=true": "Beta alpha Sub Deep",
		`pages levels=9 flatten=true orderby="title desc"`: "Sub Deep Beta alpha",
		`pages levels=2 kind=leaf`:                         "Beta alpha",
		`pages levels=2 kind=leaf flatten=true`:            "Beta alpha Deep",
		`pages kind=branch`:                                "Sub",
		`pages levels=9 flatten=true limit=2`:              "Beta alpha",
		`pages pageref="/"`:                                "Day Other",
		`pages pageref="sub"`:                              "Deep",
		`pages pageref="alpha" axis=siblings`:              "Beta Sub",
		`pages pageref="sub/deep" axis=ancestors levels=2`: "Sub Day",
		`pages where="params.kind = talk"`:                 "alpha",
		`pages where="params.kind != talk"`:                "Beta Sub",
		`pages where="weight >= 2"`:                        "alpha",
		`pages where="weight < 2"`:                         "Beta",
		`pages where="date > 2025-05-01"`:                  "Beta",
		`pages where="title in alpha, 'Sub'"`:              "alpha Sub",
		`pages groupby="linktitle | left 1 | upper"`:       "A: alpha B: Beta S: Sub",
		`pages groupby="date | year" grouporder=desc`:      "2025: Beta 2024: alpha other: Sub",
		`pages groupby="date | format 'January'"`:          "March: alpha June: Beta other: Sub",
		`pages groupby="params.kind | coalesce 'none'" grouplabel="params.kind | upper | default 'Nothing'"`: "Nothing: Beta Sub TALK: alpha",
		`pages orderby="weight desc, title"`:                                 "alpha Beta Sub",
		`pages orderby="date | weekday"`:                                     "alpha Beta Sub",
		`pages orderby="params.score"`:                                       "Beta alpha Sub",
		`pages pageref="/tags"`:                                              "Go",
		`pages pageref="/tags/go"`:                                           "alpha Deep",
		`pages pageref="/tags/go" where="section = day" orderby="path desc"`: "Deep alpha",
	} {
		s := build(hugo(), nil,
			parsed("content/_index.md", "# Home"),
			parsed("content/day/_index.md", "---\ntitle: Day\n---\n{{% "+call+" %}}"),
			parsed("content/day/alpha.md", "---\ntitle: alpha\nweight: 2\ndate: 2024-03-05\nlastmod: 2026-01-01\ntags: [go]\nparams: {kind: talk, score: 10}\n---\nThree words here."),
			parsed("content/day/beta.md", "---\ntitle: Beta\nweight: 1\ndate: 2025-06-07\nparams: {score: 9}\n---\nTwo words"),
			parsed("content/day/hid.md", "---\ntitle: Secretless\nhidden: true\n---\n"),
			parsed("content/day/unl.md", "---\ntitle: Unlisted\nvisibility: unlisted\n---\n"),
			parsed("content/day/priv.md", "---\ntitle: Private\nvisibility: private\n---\n"),
			parsed("content/day/sub/_index.md", "---\ntitle: Sub\n---\n"),
			parsed("content/day/sub/deep.md", "---\ntitle: Deep\ntags: [Go]\n---\n"),
			parsed("content/other/_index.md", "---\ntitle: Other\n---\n"),
		)
		p := s.Page("content/day/_index.md")
		if len(p.Lists) != 1 || len(p.Note.Diags)+len(p.Diags) > 0 {
			t.Errorf("%s: %d lists, findings %v %v", call, len(p.Lists), p.Note.Diags, p.Diags)
			continue
		}
		if got := describe(s.List(p.Lists[0].Of, p.Note.Calls[0].Pages)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", call, got, want)
		}
	}
}

// TestListedFiles lists the files of a page, and none that must not be named.
func TestListedFiles(t *testing.T) {
	files := []string{
		"content/day/talk/a10.pdf", "content/day/talk/a9.pdf", "content/day/talk/img/x.png", "content/day/talk/cover.png",
		"content/day/single.files/s.zip", "content/day/other.pdf", "content/day/draft.files/d.zip", "content/day/secret.png",
		"content/day/old/files/o.txt", "content/day/old/not.txt",
	}
	s := build(hugo(), files,
		parsed("content/day/_index.md", "{{% resources %}}"),
		parsed("content/day/talk/index.md", "{{% resources /%}}{{% resources sort=desc pattern=\"a.*\\.pdf\" /%}}"),
		parsed("content/day/single.md", "{{% attachments %}}{{% resources pageref=\"talk\" pattern=png /%}}"),
		parsed("content/day/old/index.md", "{{% attachments /%}}{{% resources /%}}"),
		parsed("content/day/none.md", "{{% attachments /%}}"),
		parsed("content/day/draft.md", "---\ndraft: true\n---\n"),
		parsed("content/day/private.md", "---\nvisibility: private\n---\n![](secret.png)"),
	)
	for path, want := range map[string]string{
		"content/day/_index.md":     "other.pdf",
		"content/day/talk/index.md": "a9.pdf a10.pdf cover.png img/x.png; a10.pdf a9.pdf",
		"content/day/single.md":     "s.zip; cover.png img/x.png",
		"content/day/old/index.md":  "o.txt; files/o.txt not.txt",
		"content/day/none.md":       "",
	} {
		var lists []string
		p := s.Page(path)
		for _, l := range p.Lists {
			var names []string
			for _, f := range l.Files {
				names = append(names, f.Name)
			}
			lists = append(lists, strings.Join(names, " "))
		}
		if got := strings.Join(lists, "; "); got != want {
			t.Errorf("%s: got %q, want %q; findings %v %v", path, got, want, p.Diags, p.Note.Diags)
		}
	}
	if got := fmt.Sprint(s.Page("content/day/none.md").Diags); !strings.Contains(got, "resources-none") {
		t.Errorf("nothing to list: %s", got)
	}
	for _, f := range s.Files {
		if strings.Contains(f.Path, "draft.files") || strings.Contains(f.Path, "secret") {
			t.Errorf("%s is published", f.Path)
		}
	}
	if got := s.Featured(s.Page("content/day/talk/index.md")); got != "/day/talk/cover.png" {
		t.Errorf("featured: %q", got)
	}
}

// TestListedFilesOfPlainFolder: there a list is what publishes a file.
func TestListedFilesOfPlainFolder(t *testing.T) {
	s := build(plain(), []string{"talk.files/a.pdf", "loose.pdf"}, parsed("talk.md", "{{% attachments %}}"), parsed("more.md", "x"))
	if len(s.Files) != 1 || s.Files[0].OutPath != "talk.files/a.pdf" {
		t.Errorf("published: %v", s.Files)
	}
}

func TestListOfNoPage(t *testing.T) {
	s := build(hugo(), nil, parsed("content/a.md", "{{% pages pageref=\"alpa\" %}}{{% pages pageref=\"private\" %}}"), parsed("content/alpha.md", ""),
		parsed("content/private.md", "---\nvisibility: private\n---\n"))
	p := s.Page("content/a.md")
	if got := fmt.Sprint(p.Diags); len(p.Diags) != 1 || !strings.Contains(got, `"alpa"`) || !strings.Contains(got, "alpha") {
		t.Errorf("findings: %s", got)
	}
	if slices.ContainsFunc(p.Lists, func(l site.List) bool { return s.List(l.Of, p.Note.Calls[0].Pages) != nil }) {
		t.Error("a list of nothing has pages")
	}
}

// TestListsOfJoinedNotes: each list in the joined notes of a session is about
// the note that it stands in.
func TestListsOfJoinedNotes(t *testing.T) {
	s := build(hugo(), []string{"content/day/a.files/a.pdf", "content/day/b.files/b.pdf"},
		parsed("content/day/a.md", "---\nsession: s\nauthors: [Ann]\n---\n{{% attachments /%}}"),
		parsed("content/day/b.md", "---\nsession: s\nauthors: [Bob]\n---\n[x](../a/)\n\n{{% pages pageref=\"/day\" %}}{{% attachments /%}}"))
	p := s.Page("content/day/a.md")
	if len(p.Note.Calls) != 3 || len(p.Lists) != 3 {
		t.Fatalf("%d calls, %d lists", len(p.Note.Calls), len(p.Lists))
	}
	calls := 0
	for _, h := range p.Note.Body.Holes {
		if h.Kind == note.CallHole {
			if h.Link != calls {
				t.Errorf("the hole of call %d is for call %d", calls, h.Link)
			}
			calls++
		}
	}
	if calls != 3 || p.Lists[0].Files[0].Name != "a.pdf" || p.Lists[1].Of != p.Parent || p.Lists[2].Files[0].Name != "b.pdf" {
		t.Errorf("%d holes, lists %+v", calls, p.Lists)
	}
}
