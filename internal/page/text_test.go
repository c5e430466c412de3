package page

import (
	"encoding/xml"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"lectern/internal/config"
	"lectern/internal/note"
	"lectern/internal/site"
)

// FuzzText gives hostile titles and descriptions to what must stay well formed.
func FuzzText(f *testing.F) {
	f.Add("a & <b> \x00 ]]> \xff \uFFFE")
	f.Add("<i class='fab fa-fw fa-github'></i> Source")
	f.Add(`<i class=`)
	f.Fuzz(func(t *testing.T, s string) {
		var back struct {
			Text string `xml:",chardata"`
			Attr string `xml:"a,attr"`
		}
		doc := append(appendXML([]byte(`<x a="`), s), `">`...)
		doc = append(appendXML(doc, s), "</x>"...)
		if err := xml.Unmarshal(doc, &back); err != nil {
			t.Fatalf("%q: %v", doc, err)
		}
		if utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0xFFFD && r <= 0xFFFF }) && back.Text != s {
			t.Fatalf("%q came back as %q", s, back.Text)
		}
		if p := plain(s); strings.Count(p, "<") > strings.Count(s, "<")+strings.Count(s, "&") {
			t.Fatalf("plain(%q) = %q", s, p)
		}
		fontAwesome(s)
		if back, err := url.PathUnescape(escapeFragment(s)); err != nil || back != s {
			t.Fatalf("fragment %q came back as %q: %v", s, back, err)
		}
		if back, err := url.PathUnescape(escapePath(s)); err != nil || back != s {
			t.Fatalf("path %q came back as %q: %v", s, back, err)
		}
	})
}

func TestFontAwesome(t *testing.T) {
	for html, want := range map[string]string{
		`<i class='fab fa-fw fa-github'></i> Source`: "brands-github",
		`<i class="fa-fw fas fa-train"></i> `:        "solid-train",
		`<i class=fa-video></i>`:                     "solid-video",
		`<b class="mine"></b><i class="fas fa-code">`:   "solid-code",
		`Source`:          "",
		`<i class="fa-`:   "",
		`<i class=""></i`: "",
	} {
		if got := fontAwesome(html); got != want {
			t.Errorf("fontAwesome(%s) = %q, want %q", html, got, want)
		}
	}
}

func TestShortcuts(t *testing.T) {
	cfg := testConfig()
	cfg.Menus = map[string][]config.MenuEntry{
		"shortcuts": {
			{Name: "<i class='fab fa-github'></i> Source &amp; more", URL: "https://git.example.org/"},
			{PageRef: "/Day1/_index.md"},
			{Title: "Opening", PageRef: "day1/01_opening"},
			{Name: "Gone", PageRef: "/gone"},
			{Name: "Evil", URL: "javascript:alert(1)"},
			{Name: "", URL: "/x"},
			{Name: "Secret", PageRef: "/day2/secret"},
		},
		"main":  {{Name: "Again", URL: "https://git.example.org/"}, {Identifier: "Feed", URL: "/index.xml"}},
		"other": {{Name: "Other", URL: "/other"}},
	}
	got := New(cfg).Pass(smallSite(cfg)).findShortcuts()
	want := []shortcut{
		{text: "Source & more", icon: "brands-github", url: "https://git.example.org/"},
		{text: "Day 1", url: "/day1/"},
		{text: "Opening", url: "/day1/01_opening/"},
		{text: "Feed", url: "/index.xml"},
	}
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
	}
}

func TestEditURL(t *testing.T) {
	for _, c := range []struct{ edit, dir, path, want string }{
		{"", "content", "content/a.md", ""},
		{"https://g/_edit/${FilePath}", "content", "content/day 1/ü.md", "https://g/_edit/day%201/%C3%BC.md"},
		{"https://g/edit/main/content/", "content/", "content/a.md", "https://g/edit/main/content/a.md"},
		{"https://g/${FilePath}?x", ".", "content/a.md", "https://g/content/a.md?x"},
	} {
		cfg := &config.Config{EditURL: c.edit, ContentDir: c.dir}
		v := view{r: New(cfg), page: &site.Page{Note: &note.Note{Path: c.path}}}
		if got := string(v.editURL()); got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}

// TestFeedOrder puts the newest first, then those without a date as they come.
func TestFeedOrder(t *testing.T) {
	cfg := testConfig()
	s := smallSite(cfg)
	p := New(cfg).Pass(s)
	titles := func(limit int) string {
		var out []string
		for _, pg := range newestFirst(p.feedPages(s.Home), limit) {
			out = append(out, pg.Title)
		}
		return strings.Join(out, ", ")
	}
	if got, want := titles(0), "Opening <keynote>, Next, Closing, Party, Attic"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := titles(2); got != "Opening <keynote>, Next" {
		t.Errorf("with a limit: %s", got)
	}
}

// TestAssets holds the manifest to the files and a site to what it needs.
func TestAssets(t *testing.T) {
	cfg := testConfig()
	full := New(cfg).Pass(smallSite(cfg)).Assets()
	if len(full) != int(assetCount) {
		t.Errorf("a site with code and diagrams has %d assets", len(full))
	}
	for _, f := range full {
		if f.Body.Len() == 0 && !strings.Contains(f.Path, "code.") || f.Body.Hash() != f.Hash {
			t.Errorf("%s is not what the manifest says: run go generate ./internal/page", f.Path)
		}
		if !strings.HasPrefix(f.Path, "lectern/") || !strings.Contains(f.Path, f.Hash.String()[len("sha256:"):][:8]) {
			t.Errorf("%s does not name its hash", f.Path)
		}
	}
	if lean := New(cfg).Pass(bigSite(cfg, 1, 1)).Assets(); len(lean) != 2 {
		t.Errorf("a site of mere text has %d assets", len(lean))
	}
}
