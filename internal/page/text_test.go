package page

import (
	"encoding/xml"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"lectern/internal/config"
	"lectern/internal/note"
	"lectern/internal/site"
	"lectern/internal/snapshot"
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
	})
}

func TestFontAwesome(t *testing.T) {
	for html, want := range map[string]string{
		`<i class='fab fa-fw fa-github'></i> Source`:  "brands-github",
		`<i class="fa-fw fas fa-train"></i> `:         "solid-train",
		`<i class=fa-video></i>`:                      "solid-video",
		`<b class="mine"></b><i class="fas fa-code">`: "solid-code",
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
	menus := New(cfg, Options{}).Pass(smallSite(cfg)).findShortcuts()
	if len(menus) != 1 || menus[0].title != "More" {
		t.Fatalf("menus %+v", menus)
	}
	got := menus[0].entries
	want := []shortcut{
		{text: "Source & more", icon: "brands-github", url: "https://git.example.org/"},
		{text: "Day 1", url: "/day1/"},
		{text: "Opening", url: "/day1/01_opening/"},
		{text: "Feed", url: "/index.xml"},
		{text: "hallway", url: "/hallway/"},
		{text: "people", url: "/speakers/"},
		{text: "changes", url: "/changes/"},
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
		{"https://g/edit/main/content/", "content", "content/a.md", "https://g/edit/main/content/a.md"},
		{"https://g/${FilePath}?x", ".", "content/a.md", "https://g/content/a.md?x"},
	} {
		cfg := &config.Config{EditURL: c.edit, ContentDir: c.dir}
		v := view{r: New(cfg, Options{}), page: &site.Page{Note: &note.Note{Path: c.path}}}
		if got := string(v.editURL()); got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}

// TestAssets holds the manifest to the files and a site to what it needs.
func TestAssets(t *testing.T) {
	cfg := testConfig()
	cfg.Offline = true
	full := New(cfg, Options{}).Pass(smallSite(cfg)).Assets()
	// Its lists are too short for filters, and the service worker stands at the root.
	if filters := int(filterJS - filterCSS + 1); len(full)+filters != int(assetCount)-1 {
		t.Errorf("a site with code and diagrams has %d assets", len(full))
	}
	for _, f := range full {
		if f.Body.Len() == 0 || f.Body.Hash() != f.Hash {
			t.Errorf("%s is not what the manifest says: run go generate ./internal/page", f.Path)
		}
		if !strings.HasPrefix(f.Path, "lectern/") || !strings.Contains(f.Path, f.Hash.String()[len("sha256:"):][:8]) {
			t.Errorf("%s does not name its hash", f.Path)
		}
	}
	cfg.Offline = false
	lists := New(testConfig(), Options{}).Pass(filterSite(testConfig())).Assets()
	if !slices.ContainsFunc(lists, func(f *snapshot.File) bool { return strings.HasPrefix(f.Path, "lectern/filter.") }) {
		t.Error("a site with long lists has no filter")
	}
	if lean := New(cfg, Options{}).Pass(bigSite(cfg, 1, 1)).Assets(); len(lean) != 5 {
		t.Errorf("a site of mere text has %d assets", len(lean))
	}
}

// TestIcon prefers the author's icon to the theme's.
func TestIcon(t *testing.T) {
	cfg := testConfig()
	s := bigSite(cfg, 1, 1)
	r := New(cfg, Options{})
	own := r.Pass(s)
	s.Files = []*site.File{{OutPath: "a.png"}, {OutPath: "images/favicon.png"}, {OutPath: "z.png"}}
	p := r.Pass(s)
	o := Output{Path: "index.html", Page: s.Home}
	if body := string(p.Render(o).Bytes()); !strings.Contains(body, `<link rel="icon" href="./images/favicon.png">`) {
		t.Error("the author's icon is not shown")
	}
	if own.Key(o) == p.Key(o) || len(p.Assets()) != len(own.Assets())-1 {
		t.Error("the theme's icon is still there")
	}
}
