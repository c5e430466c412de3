package build_test

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"regexp"
	"strings"
	"testing"

	"lectern/internal/build"
)

func cardsOf(r *build.Result) []string {
	var out []string
	for _, f := range r.Snapshot.Files() {
		if strings.HasPrefix(f.Path, "lectern/cards/") {
			out = append(out, f.Path)
		}
	}
	return out
}

var ogImage = regexp.MustCompile(`<meta property="og:image" content="([^"]*)">`)

// imageOf is the address of the picture that a page names for itself.
func imageOf(t testing.TB, r *build.Result, path string) string {
	t.Helper()
	m := ogImage.FindAllStringSubmatch(text(t, r, path), -1)
	if len(m) > 1 {
		t.Errorf("%s names %d pictures", path, len(m))
	}
	if len(m) == 0 {
		return ""
	}
	return m[0][1]
}

func TestCards(t *testing.T) {
	files := map[string]string{
		"hugo.toml":              "title = \"Camp\"\nbaseURL = \"https://camp.example.org/25/\"\n",
		"content/_index.md":      "# Camp\n",
		"content/day1/_index.md": "# Day one\n",
		"content/day1/a.md":      "---\ntitle: Talk A\nspeakers: [Ada]\n---\n",
		"content/day1/b.md":      "---\ntitle: 日本語\n---\n",
		"content/day1/own.md":    "---\ntitle: Own\nimages: [pic.png]\n---\n",
		"content/day1/pic.png":   drawing(t, 20, 10),
		"content/day1/root.md":   "---\ntitle: Root\nimages: [img/r.png]\n---\n",
		"static/img/r.png":       drawing(t, 20, 11),
		"content/day1/out.md":    "---\ntitle: Out\nimage: https://cdn.example.org/x.png\n---\n",
		"content/day1/gone.md":   "---\ntitle: Gone\nimages: [none.png]\n---\n",
		"content/day1/hide.md":   "---\ntitle: Whispered\nvisibility: private\n---\n",
		"content/day1/link.md":   "---\ntitle: By link\nvisibility: unlisted\n---\n",
	}
	dir := project(t, files)
	b := open(t, build.Options{Dir: dir})
	first, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if !first.Pending || len(cardsOf(first)) > 0 {
		t.Errorf("the first stage drew %v", cardsOf(first))
	}
	r, err := b.Finish(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if r.Stats.Rendered > 0 {
		t.Errorf("%d pages were rendered again for cards", r.Stats.Rendered)
	}
	const at = "https://camp.example.org/25/"
	own := map[string]string{}
	for _, path := range []string{"index.html", "day1/index.html", "day1/a/index.html", "day1/gone/index.html"} {
		url := imageOf(t, r, path)
		if own[url] != "" {
			t.Errorf("%s has the card of %s", path, own[url])
		}
		own[url] = path
		rel, ok := strings.CutPrefix(url, at)
		if !ok {
			t.Errorf("%s names %q", path, url)
			continue
		}
		c, err := png.DecodeConfig(bytes.NewReader([]byte(text(t, r, rel))))
		if err != nil || c.Width != 1200 || c.Height != 630 {
			t.Errorf("%s: %+v, %v", rel, c, err)
		}
	}
	for path, want := range map[string]string{
		"day1/b/index.html":    imageOf(t, r, "index.html"), // its letters can't be drawn
		"day1/own/index.html":  at + "day1/pic.png",
		"day1/root/index.html": at + "img/r.png",
		"day1/out/index.html":  "https://cdn.example.org/x.png",
		"day1/link/index.html": "",
	} {
		if got := imageOf(t, r, path); got != want {
			t.Errorf("%s names %q, want %q", path, got, want)
		}
	}
	if got := cardsOf(r); len(got) != 4 {
		t.Errorf("%v", got)
	}
	if d := ruled(r, "image-missing"); len(d) != 1 || d[0].File != "content/day1/gone.md" || d[0].Line != 3 {
		t.Errorf("%v", r.Diags)
	}
	// A title that changes has another card, and the old one goes.
	before := imageOf(t, r, "day1/a/index.html")
	put(t, dir, "content/day1/a.md", "---\ntitle: Talk B\n---\n")
	if _, err := b.Update(context.Background(), []string{"content/day1/a.md"}); err != nil {
		t.Fatal(err)
	}
	if r, err = b.Finish(context.Background()); err != nil {
		t.Fatal(err)
	}
	if now := imageOf(t, r, "day1/a/index.html"); now == before || len(cardsOf(r)) != 4 {
		t.Errorf("%s, %v", now, cardsOf(r))
	}
}

func TestCardSetting(t *testing.T) {
	many := map[string]string{}
	for i := range 501 {
		many[fmt.Sprintf("n%03d.md", i)] = "# N\n"
	}
	for name, tt := range map[string]struct {
		config string
		files  map[string]string
		want   bool
	}{
		"no address":   {"", map[string]string{"a.md": "# A\n"}, false},
		"an address":   {"baseURL: https://e.org/\n", map[string]string{"a.md": "# A\n"}, true},
		"off":          {"baseURL: https://e.org/\ncards: off\n", map[string]string{"a.md": "# A\n"}, false},
		"many":         {"baseURL: https://e.org/\n", many, false},
		"many, but on": {"baseURL: https://e.org/\ncards: on\n", many, true},
	} {
		dir := project(t, tt.files)
		put(t, dir, "lectern.yaml", tt.config)
		r := buildOnce(t, build.Options{Dir: dir})
		if got := len(cardsOf(r)) > 0; got != tt.want {
			t.Errorf("%s: %v", name, cardsOf(r))
		}
		if got := imageOf(t, r, "index.html") != ""; got != tt.want {
			t.Errorf("%s: home names %q", name, imageOf(t, r, "index.html"))
		}
	}
}
