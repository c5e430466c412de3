package build_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"lectern/internal/build"
)

// The languages of the random edits: by the files' names, by folders, by both.
const (
	byName   = "[languages.en]\nweight = 1\n[languages.de]\nweight = 2\ntitle = \"Titel\"\n"
	inFolder = "defaultContentLanguageInSubdir = true\n[languages.de]\ncontentDir = \"content/de\"\n[languages.en]\nweight = 2\n"
	oneOff   = "[languages.en]\n[languages.de]\ndisabled = true\n"
)

// What holds for a site of one language holds for one of several, and when
// languages come and go.
func TestIncrementalIsCleanInLanguages(t *testing.T) {
	rounds, steps := 3, 100
	if testing.Short() {
		rounds = 1
	}
	for range rounds {
		seed := rand.Uint64()
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			e := &editor{
				languages: []string{byName, byName, inFolder, oneOff},
				keys:      []string{"", "", ".de", ".de", ".en", ".fr"},
				folders:   []string{"content/de", "content/de/day1", "content/de/day2"},
			}
			e.atRandom(t, seed, steps)
		})
	}
}

// twoLanguages is a project in English and German, by the names of its files.
func twoLanguages(t testing.TB) map[string]string {
	return map[string]string{
		"hugo.toml":                    "title = \"Camp\"\nbaseURL = \"https://x.example.org/sub/\"\n[languages.en]\nweight = 1\n[languages.de]\nweight = 2\ntitle = \"Lager\"\nstaticDir = [\"static_de\"]\n[languages.fr]\ndisabled = true\n",
		"content/_index.md":            "---\ntitle: Home\n---\n",
		"content/_index.de.md":         "---\ntitle: Heim\n---\n",
		"content/day1/_index.md":       "---\ntitle: Day 1\n---\n",
		"content/day1/talk.md":         "---\ntitle: Talk\ntags: [go, shared]\n---\n![p](_img/p.png)\n",
		"content/day1/talk.de.md":      "---\ntitle: Vortrag\ntags: [go]\n---\n![p](_img/p.png) [en]({{< relref path=\"talk\" lang=\"en\" >}})\n",
		"content/day1/talk.fr.md":      "---\ntitle: Discours\n---\nbonjour\n",
		"content/day1/_img/p.png":      drawing(t, 3, 2),
		"content/bundle/index.md":      "---\ntitle: B\n---\n",
		"content/bundle/index.de.md":   "---\ntitle: B de\n---\n![b](b.png)\n",
		"content/bundle/b.png":         drawing(t, 2, 3),
		"content/bundle/b.de.png":      drawing(t, 4, 3),
		"content/onlyde/x.de.md":       "---\ntitle: X\n---\n",
		"static/s.txt":                 "s",
		"static_de/s.txt":              "s de",
		"layouts/shortcodes/ours.html": "",
	}
}

// The paths are those that Hugo 0.145.0 makes of the same project, with what
// Lectern alone has: robots.txt, pages for printing and searching, files for programs.
func TestLanguagesStandWhereHugoHasThem(t *testing.T) {
	r := buildOnce(t, build.Options{Dir: project(t, twoLanguages(t))})
	var got []string
	for _, f := range r.Snapshot.Files() {
		if !strings.HasPrefix(f.Path, "lectern/") && !strings.Contains(f.Path, "print/") && !strings.Contains(f.Path, "search") &&
			path.Base(f.Path) != "index.md" && path.Base(f.Path) != "index.json" && path.Base(f.Path) != "llms.txt" {
			got = append(got, f.Path)
		}
	}
	want := strings.Fields(`404.html bundle/b.png bundle/index.html categories/index.html categories/index.xml day1/_img/p.png
		day1/index.html day1/index.xml day1/talk/index.html de/404.html de/bundle/b.de.png de/bundle/index.html de/categories/index.html
		de/categories/index.xml de/day1/index.html de/day1/index.xml de/day1/talk/index.html de/index.html de/index.xml
		de/onlyde/index.html de/onlyde/index.xml de/onlyde/x/index.html de/sitemap.xml de/tags/go/index.html de/tags/go/index.xml
		de/tags/index.html de/tags/index.xml en/index.html en/sitemap.xml index.html index.xml manifest.webmanifest robots.txt s.txt sitemap.xml sw.js
		tags/go/index.html tags/go/index.xml tags/index.html tags/index.xml tags/shared/index.html tags/shared/index.xml`)
	slices.Sort(got)
	for _, p := range want {
		if !slices.Contains(got, p) {
			t.Errorf("there is no %s", p)
		}
	}
	for _, p := range got {
		if !slices.Contains(want, p) {
			t.Errorf("there is a %s", p)
		}
	}
	text := func(path string) string { return string(r.Snapshot.Lookup(path).Body.Bytes()) }
	for path, want := range map[string]string{
		"de/day1/talk/index.html": `<img src="../../../day1/_img/p.png"`,
		"de/bundle/index.html":    `<img src="../../de/bundle/b.de.png"`,
		"de/index.xml":            `<language>de</language>`,
		"en/index.html":           `content="0; url=../"`,
		"de/tags/go/index.html":   `<h1>Go</h1>`,
		"index.html":              `<title>Camp</title>`,
		"de/index.html":           `<title>Lager</title>`,
	} {
		if !strings.Contains(text(path), want) {
			t.Errorf("%s lacks %s:\n%s", path, want, text(path))
		}
	}
	for path, not := range map[string]string{"index.xml": "Vortrag", "de/index.xml": ">Talk<", "de/day1/index.html": ">Talk<", "day1/index.html": "Vortrag", "sitemap.xml": "<urlset"} {
		if strings.Contains(text(path), not) {
			t.Errorf("%s has %s", path, not)
		}
	}
	if r.Title != "Camp" || r.Stats.Notes != 8 || r.Stats.HeldBack != 1 || r.SourceOf("de/day1/talk/index.html") != "content/day1/talk.de.md" {
		t.Errorf("%+v", r.Stats)
	}
	if got := findings(r.Diags); got != "unpublished::0 layouts-ignored:layouts:0" { // the templates are for Hugo
		t.Errorf("findings %s", got)
	}
}

// A private note leaves no trace in another language, nor one in a language
// that is not published.
func TestPrivateLeavesNoTraceInLanguages(t *testing.T) {
	files := twoLanguages(t)
	files["content/day1/talk.md"] = "---\ntitle: xanthippe\nvisibility: private\ntags: [xenolith]\n---\nxylem ![x](_img/xeric.png)\n"
	files["content/day1/_img/xeric.png"] = "xray"
	files["content/day1/open.de.md"] = "---\ntitle: Offen\n---\n[here](talk.md) [there](/day1/talk/) {{% relref path=\"talk\" lang=\"en\" %}}\n"
	files["content/xmas/_index.md"] = "---\ntitle: xyst\nvisibility: private\n---\n"
	files["content/xmas/pic.png"] = "xiphoid"
	files["content/xmas/party.de.md"] = "---\ntitle: xylophon\n---\nxenophil\n"
	files["content/xmas/sub/deep.de.md"] = "---\ntitle: xerox\n---\nWorte\n"
	// A language's own index may say otherwise.
	files["content/yule/_index.md"] = "---\ntitle: xxx\nvisibility: private\n---\n"
	files["content/yule/_index.de.md"] = "---\ntitle: Julfest\n---\n"
	r := buildOnce(t, build.Options{Dir: project(t, files)})
	all := strings.ToLower(string(everything(t, r.Snapshot)) + fmt.Sprint(r.Diags))
	for _, word := range []string{"xanthippe", "xenolith", "xylem", "xeric", "xray", "xyst", "xmas", "xiphoid", "xylophon", "xenophil", "xerox", "xxx", "discours", "bonjour"} {
		if i := strings.Index(all, word); i >= 0 {
			t.Errorf("%q is in the output: …%s…", word, all[max(0, i-80):min(len(all), i+40)])
		}
	}
	if !strings.Contains(all, "vortrag") || !strings.Contains(all, "offen") || !strings.Contains(all, "julfest") {
		t.Error("the German notes are gone")
	}
}

// A home whose address another page has is on no page, but its folder's lists
// know its text: an edit of it is seen in every language.
func TestHomeWithoutPlaceInLanguage(t *testing.T) {
	ctx := context.Background()
	dir := project(t, map[string]string{
		"hugo.toml": byName, "content/_index.de.md": "before\n", "content/a.de.md": "Worte\n",
		"content/de/a.md": "in an English section at the same address\n", "content/_index.md": "---\ntitle: Home\n---\n",
	})
	b := open(t, build.Options{Dir: dir})
	if _, err := b.Build(ctx); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"after\n", "at last {{% children %}}\n"} {
		put(t, dir, "content/_index.de.md", text)
		if _, err := b.Update(ctx, []string{"content/_index.de.md"}); err != nil {
			t.Fatal(err)
		}
		got, err := b.Finish(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if want := buildOnce(t, build.Options{Dir: dir}); got.Snapshot.Digest() != want.Snapshot.Digest() {
			t.Errorf("%q: the site differs from a clean build: %s", text, differing(got.Snapshot, want.Snapshot))
		}
		if llms, ok := textOf(got.Snapshot, "de/llms.txt"); !ok || strings.Contains(llms, "]()") {
			t.Errorf("a link leads nowhere: %s", llms)
		}
	}
}

// Where there is no default language's folder there is nothing to build.
func TestLanguagesWithoutFolder(t *testing.T) {
	files := map[string]string{
		"hugo.toml":       "[languages.en]\ncontentDir = \"content/en\"\n[languages.de]\ncontentDir = \"content/de\"\n",
		"content/de/a.md": "words\n",
	}
	b := open(t, build.Options{Dir: project(t, files)})
	if _, err := b.Build(context.Background()); !errors.Is(err, build.ErrFolders) {
		t.Errorf("got %v", err)
	}
	files["content/en/a.md"] = "words\n"
	delete(files, "content/de/a.md")
	if r := buildOnce(t, build.Options{Dir: project(t, files)}); r.Snapshot.Lookup("de/index.html") == nil || r.Snapshot.Lookup("a/index.html") == nil {
		t.Error("a language without notes yet has no home")
	}
}
