package build_test

import (
	"bytes"
	"compress/flate"
	"io"
	"strings"
	"testing"

	"lectern/internal/build"
)

// indexText is all that the search index of a site says, inflated; prefix is
// that of one language.
func indexText(t *testing.T, r *build.Result, prefix string) string {
	t.Helper()
	var all strings.Builder
	for _, f := range r.Snapshot.Files() {
		if !strings.HasPrefix(f.Path, "lectern/search/"+prefix) && f.Path != "search-index.bin" {
			continue
		}
		body := f.Body.Bytes()
		if strings.HasSuffix(f.Path, ".bin") {
			var err error
			if body, err = io.ReadAll(flate.NewReader(bytes.NewReader(body))); err != nil {
				t.Fatal(err)
			}
		}
		all.Write(body)
		all.WriteByte('\n')
	}
	return all.String()
}

// What readers may not see, or must know the address of, is not in the index:
// neither a word nor a number of it.
func TestSearchKeepsSecrets(t *testing.T) {
	files := map[string]string{
		"hugo.toml":               "title = \"T\"\n",
		"content/a.md":            "---\ntitle: Open\n---\nAlpha words.\n",
		"content/day/_index.md":   "---\ntitle: Day\n---\nBeta words.\n",
		"content/day/b.md":        "---\ntitle: Hidden\nhidden: true\n---\nGammahidden words.\n",
		"content/z/_index.md":     "---\ntitle: Closed\nhidden: true\n---\n",
		"content/z/deep.md":       "---\ntitle: Deep\n---\nDeltadeep words.\n",
		"content/u.md":            "---\ntitle: Unlistedtitle\nvisibility: unlisted\n---\nUnlistedword.\n",
		"content/p.md":            "---\ntitle: Privatetitle\nvisibility: private\ntags: [privatetag]\n---\nPrivateword.\n",
		"content/d.md":            "---\ntitle: Drafttitle\ndraft: true\n---\nDraftword.\n",
		"content/quiet/_index.md": "---\ntitle: Quiet\nvisibility: unlisted\n---\n",
		"content/quiet/q.md":      "---\ntitle: Below\n---\nQuietword.\n",
	}
	secrets := []string{"unlisted", "private", "draft", "quiet", "below"}
	for name, c := range map[string]struct {
		config  string
		has     []string
		hasNone []string
	}{
		"as it is":       {"", []string{"alpha", "beta", "gammahidden", "deltadeep"}, secrets},
		"without hidden": {"[params]\ndisableSearchHiddenPages = true\n", []string{"alpha", "beta"}, append([]string{"gamma", "delta"}, secrets...)},
	} {
		files["hugo.toml"] = "title = \"T\"\n" + c.config
		text := strings.ToLower(indexText(t, buildOnce(t, build.Options{Dir: project(t, files)}), ""))
		for _, w := range c.has {
			if !strings.Contains(text, w) {
				t.Errorf("%s: nobody finds %q", name, w)
			}
		}
		for _, w := range c.hasNone {
			if strings.Contains(text, w) {
				t.Errorf("%s: the index says %q", name, w)
			}
		}
	}
}

func TestSearchOff(t *testing.T) {
	for _, config := range []string{"[params]\ndisableSearch = true\n", "[params]\ndisableSearchIndex = true\n"} {
		r := buildOnce(t, build.Options{Dir: project(t, map[string]string{"hugo.toml": config, "content/a.md": "x"})})
		for _, f := range r.Snapshot.Files() {
			if strings.Contains(f.Path, "search") {
				t.Errorf("%s: there is %s", config, f.Path)
			}
		}
		if page := string(r.Snapshot.Lookup("a/index.html").Body.Bytes()); strings.Contains(page, "search") {
			t.Errorf("%s: the page speaks of search: %s", config, page)
		}
	}
	// Without the page alone, script still opens search.
	r := buildOnce(t, build.Options{Dir: project(t, map[string]string{"hugo.toml": "[params]\ndisableSearchPage = true\n", "content/a.md": "x"})})
	page := string(r.Snapshot.Lookup("a/index.html").Body.Bytes())
	if r.Snapshot.Lookup("search/index.html") != nil || !strings.Contains(page, `<button class="top-search" type="button" hidden`) ||
		r.Snapshot.Lookup("search-index.bin") == nil {
		t.Errorf("without its page: %s", page)
	}
}

// Each language has an index of its own.
func TestSearchOfLanguages(t *testing.T) {
	r := buildOnce(t, build.Options{Dir: project(t, twoLanguages(t))})
	en, de := indexText(t, r, "en-"), indexText(t, r, "de-")
	if !strings.Contains(en, `"/day1/talk/"`) || strings.Contains(en, `"/de/`) || !strings.Contains(de, `"/de/day1/talk/"`) || strings.Contains(de, `"/day1/talk/"`) {
		t.Errorf("English:\n%q\nGerman:\n%q", en, de)
	}
	for path, want := range map[string]string{"day1/talk/index.html": `data-index="../../search-index.bin"`, "de/day1/talk/index.html": `data-index="../../../de/search-index.bin"`} {
		if page := string(r.Snapshot.Lookup(path).Body.Bytes()); !strings.Contains(page, want) {
			t.Errorf("%s lacks %s", path, want)
		}
	}
}

// What a heading means is said with what is found below it.
func TestSearchTellsQuestions(t *testing.T) {
	r := buildOnce(t, build.Options{Dir: project(t, map[string]string{
		"a.md": "# A\n\nText.\n\n## Q&A\n\n- Why? Because.\n\n## Fragen und Antworten\n\n- Warum?\n\n## Other\n\nMore.\n",
	})})
	text := indexText(t, r, "")
	for _, want := range []string{`["qa","Q&A","Q&A",`, `["fragen-und-antworten","Fragen und Antworten","Q&A",`, `["other","Other","",`} {
		if !strings.Contains(text, want) {
			t.Errorf("the index lacks %s: %q", want, text)
		}
	}
}
