package site_test

import (
	"strings"
	"testing"

	"lectern/internal/config"
	"lectern/internal/note"
	"lectern/internal/site"
)

// Where Hugo 0.145.0 puts files: below the page that they belong to, under the
// names that they have there.
func TestFilesStandBelowTheirPages(t *testing.T) {
	slug := func(s string) func(*note.Note) { return func(n *note.Note) { n.Front.Slug = s } }
	url := func(s string) func(*note.Note) { return func(n *note.Note) { n.Front.URL = s } }
	cfg := hugo()
	cfg.Permalinks = map[string]string{"perm": "/pp/:slug/"}
	s := build(cfg,
		[]string{
			"content/Day 2/My Img/P q.png", "content/Day 2/Top.png", "content/Day 2/Sub Dir/Img/Pic.png", "content/Day 2/Sub Sec/Pic.png",
			"content/Day 2/Leaf F/Im/P.png", "content/Day 3/My Img/P.png", "content/Sec/Img/p.png", "content/Sec/q.png",
			"content/Leaf A/Img X/p.png", "content/LeafB/Img X/p.png", "content/LeafC/Img X/p.png", "content/LeafD/Img X/p.png",
			"content/perm/Leaf E/Img X/p.png", "content/nur/deep/Er/P.png", "content/Top Img/P.png", "static/Sub St/A.png",
		},
		one("content/Day 2/_index.md"), one("content/Day 3/a.md"), one("content/Sec/_index.md", url("/u/")),
		one("content/Leaf A/index.md", slug("Sl")), one("content/LeafB/index.md", url("/ub/")), one("content/LeafC/index.md", url("/uc.html")),
		one("content/LeafD/index.md"), one("content/perm/Leaf E/index.md", slug("le")), one("content/Day 2/Sub Dir/x.md"),
		one("content/Day 2/Sub Sec/_index.md"), one("content/Day 2/Leaf F/index.md"), one("content/nur/deep/Er/x.md", links(note.Image, "P.png")),
	)
	want := []string{
		"Sub St/A.png", "Top Img/P.png", "day-2/My Img/P q.png", "day-2/Sub Dir/Img/Pic.png", "day-2/Top.png", "day-2/leaf-f/Im/P.png",
		"day-2/sub-sec/Pic.png", "day-3/My Img/P.png", "leafd/Img X/p.png", "nur/deep/Er/P.png", "pp/le/Img X/p.png", "sl/Img X/p.png",
		"u/Img/p.png", "u/q.png", "ub/Img X/p.png", "uc/Img X/p.png",
	}
	if got := outs(s); got != strings.Join(want, " ") {
		t.Errorf("got\n%s\nwant\n%s", strings.ReplaceAll(got, ".png ", ".png\n"), strings.Join(want, "\n"))
	}
	if got := target(s, "content/nur/deep/Er/x.md", 0); got != "/nur/deep/Er/P.png" {
		t.Errorf("a picture beside its note is at %s", got)
	}
}

// Ugly addresses as Hugo 0.145.0 makes them: of sections, terms, permalinks and
// aliases too, but not of homes.
func TestUglyURLs(t *testing.T) {
	cfg := several(func(en, de *config.Config) {
		for _, c := range []*config.Config{en, de} {
			c.UglyURLs = true
			c.Permalinks = map[string]string{"perm": "/pp/:slug/"}
		}
	})
	s := build(cfg, []string{"content/lf/p.png"},
		one("content/day1/a.md", tags("go"), func(n *note.Note) { n.Front.Aliases = []string{"/al1", "/al2/", "/al3.html", "al4", "../al6"} }),
		one("content/day1/a.de.md"), one("content/perm/p.md", title("One")), one("content/lf/index.md"),
		one("content/day1/sub/n.md", func(n *note.Note) { n.Front.URL = "y/" }),
	)
	if got, want := urls(s.Pages)+urls(s.Languages[1].Pages), "/ /categories.html /day1.html /day1/a.html /day1/sub.html /lf.html /perm.html /pp/one.html /tags.html /tags/go.html /y/"+
		"/de/ /de/categories.html /de/day1.html /de/day1/a.html /de/tags.html"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := strings.Join(redirects(s), " "), "al1.html:/day1/a.html al2.html:/day1/a.html al3.html:/day1/a.html al6.html:/day1/a.html day1/al4.html:/day1/a.html en/index.html:/"; got != want {
		t.Errorf("redirects: got  %s\nwant %s", got, want)
	}
	if got := outs(s); got != "lf/p.png" {
		t.Errorf("files: %s", got)
	}
}

// A link to a file of a private page tells nothing, by either address.
func TestFilesOfPrivatePages(t *testing.T) {
	s := build(hugo(), []string{"content/Leaf A/Img/p.png", "content/Sec B/Img/p.png"},
		one("content/Leaf A/index.md", private), one("content/Sec B/_index.md", private),
		one("content/a.md", links(note.Image, "/leaf-a/Img/p.png", "/sec-b/Img/p.png", "Leaf A/Img/p.png", "Sec B/Img/p.png")),
	)
	if len(s.Files) != 0 {
		t.Errorf("published %s", outs(s))
	}
	p := s.Page("content/a.md")
	for i, l := range p.Links {
		if l.Kind != site.TargetWithheld {
			t.Errorf("link %d leads to %+v", i, l)
		}
	}
	if len(p.Diags) != 0 {
		t.Errorf("%v", p.Diags)
	}
}

// A headless bundle has no page, but files for others to show, as with Hugo.
func TestHeadlessBundles(t *testing.T) {
	s := build(hugo(), []string{"content/shared/a.png", "content/shared/b.png", "content/gone/c.png", "content/secret/d.png", "content/sec/shared/e.png", "static/only.png"},
		one("content/shared/index.md", param("headless", true), links(note.Image, "b.png")),
		one("content/gone/index.md", func(n *note.Note) { n.Front.Draft = true }),
		one("content/secret/index.md", param("headless", true), private), one("content/sec/_index.md", private),
		one("content/sec/shared/index.md", param("headless", true), func(n *note.Note) { n.Mentions = []string{"only.png"} }),
		one("content/x.md", links(note.Image, "/shared/a.png")),
	)
	if got := urlOf(s, "content/shared/index.md"); got != "" {
		t.Errorf("it has a page at %s", got)
	}
	if got := outs(s); got != "shared/a.png shared/b.png" {
		t.Errorf("published %q", got)
	}
	if got := target(s, "content/x.md", 0); got != "/shared/a.png" {
		t.Errorf("a picture leads to %q", got)
	}
}
