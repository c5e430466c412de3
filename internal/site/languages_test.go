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

// several makes the configurations of a site of several languages: en, the
// default one, at the root, and de; edit changes them.
func several(edit ...func(en, de *config.Config)) *config.Config {
	en, de := hugo(), hugo()
	en.Language, en.LanguageKey = "en", "en"
	de.Language, de.LanguageKey, de.LanguageDir, de.Title = "de", "de", "de", "Konferenz"
	for _, c := range []*config.Config{en, de} {
		c.Languages = []*config.Config{en, de}
		c.DisabledLanguages = []string{"fr"}
	}
	for _, e := range edit {
		e(en, de)
	}
	return en
}

func inFolders(en, de *config.Config) {
	en.ContentDir, en.LanguageDir, de.ContentDir = "content/en", "en", "content/de"
}

func urlOf(s *site.Site, path string) string {
	if p := s.Page(path); p != nil {
		return p.URL
	}
	return ""
}

func outs(s *site.Site) string {
	var out []string
	for _, f := range s.Files {
		out = append(out, f.OutPath)
	}
	return strings.Join(out, " ")
}

func target(s *site.Site, path string, i int) string {
	return s.Page(path).Links[i].URL
}

func title(t string) func(*note.Note) { return func(n *note.Note) { n.Title = t } }

func param(name string, v any) func(*note.Note) {
	return func(n *note.Note) { n.Front.Params = map[string]any{name: v} }
}

// The addresses are those that Hugo 0.145.0 gives the same files.
func TestLanguagesByName(t *testing.T) {
	s := build(several(),
		[]string{
			"content/bundle/a.png", "content/bundle/b.png", "content/bundle/b.de.png", "content/bundle/c.de.png", "content/bundle/d.fr.png",
			"content/bundle/e.es.png", "content/loose.png", "static/s.txt",
		},
		one("content/_index.md"), one("content/_index.de.md"),
		one("content/day1/_index.md"), one("content/day1/talk.md", tags("go", "shared")), one("content/day1/talk.de.md", tags("go")),
		one("content/day1/talk.fr.md"), one("content/day1/talk.es.md"),
		one("content/day1/other.de.md", func(n *note.Note) { n.Front.Slug, n.Front.Aliases = "anderes", []string{"/alt/x", "rel"} }),
		one("content/bundle/index.md"), one("content/bundle/index.de.md"),
		one("content/fixed.de.md", func(n *note.Note) { n.Front.URL = "/fixed/" }),
		one("content/free.de.md", func(n *note.Note) { n.Front.URL = "free/x/" }),
		one("content/onlyde/x.de.md"),
	)
	if got, want := urls(s.Pages), "/ /bundle/ /categories/ /day1/ /day1/talk.es/ /day1/talk/ /tags/ /tags/go/ /tags/shared/"; got != want {
		t.Errorf("en: got  %s\nwant %s", got, want)
	}
	de := s.Languages[1]
	if got, want := urls(de.Pages), "/de/ /de/bundle/ /de/categories/ /de/day1/ /de/day1/anderes/ /de/day1/talk/ /de/free/x/ /de/onlyde/ /de/onlyde/x/ /de/tags/ /de/tags/go/ /fixed/"; got != want {
		t.Errorf("de: got  %s\nwant %s", got, want)
	}
	if got, want := outs(s), "bundle/a.png bundle/b.png bundle/e.es.png de/bundle/b.de.png de/bundle/c.de.png loose.png s.txt"; got != want {
		t.Errorf("files: got  %s\nwant %s", got, want)
	}
	if got, want := fmt.Sprint(redirects(s), redirects(de)), "[en/index.html:/] [alt/x/index.html:/de/day1/anderes/ de/day1/rel/index.html:/de/day1/anderes/]"; got != want {
		t.Errorf("redirects: got  %s\nwant %s", got, want)
	}
	if got := de.Home.Title; got != "Title of _index.de" {
		t.Errorf("home is %q", got)
	}
	for path, want := range map[string]string{
		"content/_index.md": "/de/", "content/day1/_index.md": "/de/day1/", "content/day1/talk.md": "/de/day1/talk/",
		"content/bundle/index.de.md": "/bundle/", "content/onlyde/x.de.md": "", "content/day1/other.de.md": "",
	} {
		if got := translations(s.Page(path)); got != want {
			t.Errorf("%s is translated at %q, want %q", path, got, want)
		}
	}
	if got := translations(pageAt(de, "/de/tags/go/")) + translations(pageAt(de, "/de/categories/")); got != "/tags/go//categories/" {
		t.Errorf("terms are translated at %q", got)
	}
}

func redirects(s *site.Site) []string {
	var out []string
	for _, r := range s.Redirects {
		out = append(out, r.OutPath+":"+r.To.URL)
	}
	return out
}

func pageAt(s *site.Site, url string) *site.Page {
	for _, p := range s.Pages {
		if p.URL == url {
			return p
		}
	}
	return &site.Page{}
}

func translations(p *site.Page) string {
	var out []string
	for _, t := range p.Translations {
		out = append(out, t.Page.URL)
	}
	return strings.Join(out, " ")
}

func TestLanguagesInFolders(t *testing.T) {
	cfg := several(inFolders, func(en, de *config.Config) { de.Permalinks = map[string]string{"posts": "/p/:slug/"} })
	s := build(cfg,
		[]string{"content/de/day1/x.png", "content/en/day1/x.png", "content/de/day1/g.en.png"},
		one("content/en/_index.md"), one("content/en/day1/a.md"), one("content/de/day1/a.md"), one("content/de/day1/c.en.md"),
		one("content/de/day1/d.de.md"), one("content/de/posts/q.md", title("Q")),
		one("content/en/day1/one.md", param("translationKey", "same")), one("content/de/day1/eins.md", param("TranslationKey", "same")),
	)
	if got, want := urls(s.Pages)+" "+urls(s.Languages[1].Pages), "/en/ /en/categories/ /en/day1/ /en/day1/a/ /en/day1/c/ /en/day1/one/ /en/tags/"+
		" /de/ /de/categories/ /de/day1/ /de/day1/a/ /de/day1/d/ /de/day1/eins/ /de/p/q/ /de/posts/ /de/tags/"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := outs(s), "de/day1/x.png en/day1/g.en.png en/day1/x.png"; got != want {
		t.Errorf("files: got  %s\nwant %s", got, want)
	}
	if got, want := fmt.Sprint(redirects(s)), "[index.html:/en/]"; got != want {
		t.Errorf("redirects: got %s, want %s", got, want)
	}
	if got := translations(s.Page("content/en/day1/one.md")) + translations(s.Page("content/de/day1/a.md")); got != "/de/day1/eins//en/day1/a/" {
		t.Errorf("translated at %s", got)
	}
}

func TestLinksBetweenLanguages(t *testing.T) {
	ref := func(dest, lang string) func(*note.Note) {
		return func(n *note.Note) {
			n.Links = append(n.Links, note.Link{Kind: note.Ref, Dest: dest, Lang: lang, Line: 3, Col: 1})
		}
	}
	files := []string{"content/day1/_img/p.png", "content/day1/q.png", "content/day1/b.png", "content/day1/b.de.png", "content/day1/c.en.png"}
	for _, tt := range []struct {
		name  string
		link  func(*note.Note)
		url   string
		rules string
	}{
		{"own, by address", links(note.Anchor, "../both/"), "/de/day1/both/", ""},
		{"own, by file", links(note.Anchor, "both.md"), "/de/day1/both/", ""},
		{"own, by whole file name", links(note.Anchor, "both.de.md"), "/de/day1/both/", ""},
		{"other, by whole file name", links(note.Anchor, "onlyen.en.md"), "/day1/onlyen/", ""},
		{"other, for want of it", links(note.Anchor, "../plain"), "/day1/plain/", "link-language"},
		{"own under another name", links(note.Anchor, "../named"), "/de/day1/benannt/", ""},
		{"other, by address", links(note.Anchor, "/day1/plain/"), "/day1/plain/", ""},
		{"own, by address without its folder", links(note.Anchor, "/tags/go/"), "/de/tags/go/", ""},
		{"own, by whole address", links(note.Anchor, "/de/day1/both/#x"), "/de/day1/both/#x", "link-fragment"},
		{"ref to own", ref("both", ""), "/de/day1/both/", ""},
		{"ref by path", ref("/day1/both.md", ""), "/de/day1/both/", ""},
		{"ref to a language", ref("both", "en"), "/day1/both/", ""},
		{"ref to its own language", ref("both", "de"), "/de/day1/both/", ""},
		{"ref to what a language lacks", ref("onlyde", "en"), "onlyde", "link-missing"},
		{"ref to no language", ref("both", "xx"), "both", "link-missing"},
		{"ref for want of it", ref("plain", ""), "/day1/plain/", "link-language"},
		{"common picture, by file", links(note.Image, "_img/p.png"), "/day1/_img/p.png", ""},
		{"common picture, by address", links(note.Image, "../q.png"), "/day1/q.png", ""},
		{"picture of the language", links(note.Image, "b.png"), "/de/day1/b.de.png", ""},
		{"picture of another language", links(note.Image, "c.png"), "/day1/c.en.png", ""},
		{"feed", links(note.Anchor, "../index.xml"), "/de/day1/index.xml", ""},
		{"sitemap", links(note.Anchor, "/en/sitemap.xml"), "/en/sitemap.xml", ""},
		{"nothing", links(note.Anchor, "../nothing"), "../nothing", "link-missing"},
		{"not to be named", links(note.Anchor, "../secret"), "", ""},
		{"not to be named, by file", links(note.Anchor, "secret.md"), "", ""},
		{"not to be named in this language", links(note.Anchor, "../halfsecret"), "", ""},
		{"draft", links(note.Anchor, "../draft"), "/day1/draft/", "link-language"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := build(several(), files,
				one("content/day1/from.de.md", tt.link, tags("go")), one("content/day1/both.md"), one("content/day1/both.de.md"),
				one("content/day1/plain.md"), one("content/day1/onlyen.en.md"), one("content/day1/onlyde.de.md"),
				one("content/day1/named.md"), one("content/day1/named.de.md", func(n *note.Note) { n.Front.Slug = "benannt" }),
				one("content/day1/secret.md", private), one("content/day1/halfsecret.md"), one("content/day1/halfsecret.de.md", private),
				one("content/day1/draft.md"), one("content/day1/draft.de.md", func(n *note.Note) { n.Front.Draft = true }),
			)
			if got := target(s, "content/day1/from.de.md", 0); got != tt.url {
				t.Errorf("leads to %q, want %q", got, tt.url)
			}
			var rules []string
			for _, d := range s.Page("content/day1/from.de.md").Diags {
				rules = append(rules, d.Rule)
			}
			if got := strings.Join(rules, " "); got != tt.rules {
				t.Errorf("findings %q, want %q", got, tt.rules)
			}
		})
	}
}

// A page's translation is told to those alone who may know of it.
func TestTranslationsKeepQuiet(t *testing.T) {
	unlisted := func(n *note.Note) { n.Front.Visibility = note.Unlisted }
	hidden := func(n *note.Note) { n.Front.Hidden = true }
	s := build(several(), nil,
		one("content/a.md"), one("content/a.de.md", private), one("content/b.md"), one("content/b.de.md", unlisted),
		one("content/c.md"), one("content/c.de.md", hidden), one("content/d.md", hidden), one("content/d.de.md", hidden),
	)
	for path, want := range map[string]string{
		"content/a.md": "", "content/b.md": "", "content/b.de.md": "/b/", "content/c.md": "", "content/c.de.md": "/c/", "content/d.md": "/de/d/",
	} {
		if got := translations(s.Page(path)); got != want {
			t.Errorf("%s is translated at %q, want %q", path, got, want)
		}
	}
}

// What a private note uses stays private, whatever language it is in, unless
// another language's note shows it.
func TestPrivateFilesInLanguages(t *testing.T) {
	s := build(several(),
		[]string{"content/x/own.png", "content/x/open.png", "content/x/b.png", "content/x/b.de.png", "content/y/z.png", "content/y/w.png"},
		one("content/x/_index.md", private), one("content/x/a.md", links(note.Image, "own.png", "open.png", "b.png")),
		one("content/x/_index.de.md"), one("content/x/a.de.md", links(note.Image, "open.png")),
		one("content/y/_index.md", private), one("content/y/_index.de.md", private), one("content/a.md", links(note.Image, "y/z.png")),
	)
	if got, want := outs(s), "x/open.png"; got != want {
		t.Errorf("published %q, want %q", got, want)
	}
}

// Two languages can't have one place: the default one keeps it.
func TestLanguagesClash(t *testing.T) {
	s := build(several(), nil, one("content/de/x.md"), one("content/x.de.md"), one("content/_index.de.md"))
	if got := urlOf(s, "content/de/x.md"); got != "/de/x/" {
		t.Errorf("at %q", got)
	}
	if got := rules(s) + rules(s.Languages[1]); !strings.Contains(got, "url-duplicate") {
		t.Errorf("findings %q", got)
	}
}

func TestReplaceInLanguages(t *testing.T) {
	from := one("content/from.md", links(note.Anchor, "/de/to/#new"))
	to := one("content/to.de.md")
	s := build(several(), nil, from, to)
	if len(s.Page("content/from.md").Diags) != 1 {
		t.Fatal("the heading is not missed")
	}
	with := *to
	with.Headings = []note.Heading{{Level: 2, ID: "new"}}
	if !s.Replaceable(to, &with) {
		t.Fatal("a heading can't be replaced")
	}
	s.Replace(s.Page(to.Path), &with)
	if p := s.Page("content/from.md"); len(p.Diags) != 0 || s.SourceOf("de/to/index.html") != "content/to.de.md" {
		t.Errorf("%v, %q", p.Diags, s.SourceOf("de/to/index.html"))
	}
}

// The next change of any language is the site's.
func TestNextOfLanguages(t *testing.T) {
	at := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	s := build(several(), nil, one("content/a.md"), one("content/a.de.md", func(n *note.Note) { n.Front.PublishDate = at }))
	if !s.Next.Equal(at) || urlOf(s, "content/a.de.md") != "" {
		t.Errorf("next at %v", s.Next)
	}
}
