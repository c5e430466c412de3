package page

import (
	"strings"
	"testing"

	"lectern/internal/site"
)

// body returns the main part of a page.
func mainOf(t *testing.T, out map[string]string, path string) string {
	t.Helper()
	_, text, ok := strings.Cut(out[path], `<main id="l-main">`)
	if !ok {
		t.Fatalf("%s has no main part", path)
	}
	text, _, _ = strings.Cut(text, "</main>")
	return text
}

// Parts of notes on the page of the hallway: their ids are kept apart, and
// links that stay in the note lead to the note.
func TestHallwayPage(t *testing.T) {
	cfg := testConfig()
	got := mainOf(t, rendered(t, New(cfg, Options{}).Pass(smallSite(cfg))), "hallway/index.html")
	for _, want := range []string{
		`<section class="print-note" id="n-day1">`, `<a href="../day1/">Day 1</a>`, `<a href="../day1/#met">Met</a>`,
		`<p id="n-day1-ann">Ann <a href="../day1/#fn">1</a>`, `<a href="../day1/01_opening/">talk</a>`, `<a href="../day1/#met">self</a>`,
		`<a href="../day1/">Booths</a>`, `<a href="../day1/">Read it in the note</a>`,
		`<a href="../day1/02_next/">Next</a>`, `<p>More.</p>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s:\n%s", want, got)
		}
	}
	for _, no := range []string{"Bo</p>", `id="met"`, "<h2 id"} {
		if strings.Contains(got, no) {
			t.Errorf("the page has %s:\n%s", no, got)
		}
	}
}

// Home lists what is recommended, by whom and why; the notes say so, too.
func TestRecommendations(t *testing.T) {
	cfg := testConfig()
	out := rendered(t, New(cfg, Options{}).Pass(smallSite(cfg)))
	home := mainOf(t, out, "index.html")
	at := 0
	for _, want := range []string{
		"<h2>Recommended talks</h2>", `<a href="./">Home</a>`, "Opening &lt;keynote&gt;</a> <p>Sets the &lt;tone&gt;</p>",
		`<a href="./day1/">Day 1</a>`, `>Closing</a> </li>`, `>Next</a> <p>Short</p>`,
	} {
		i := strings.Index(home[at:], want)
		if i < 0 {
			t.Fatalf("home lacks %s behind\n%s", want, home[:at])
		}
		at += i
	}
	for path, want := range map[string]bool{"day1/01_opening/index.html": true, "day2/01_closing/index.html": true, "day2/evening/party/index.html": false} {
		if got := strings.Contains(mainOf(t, out, path), `class="have star"`); got != want {
			t.Errorf("%s is recommended: %t", path, got)
		}
	}
	if n := strings.Count(mainOf(t, out, "day1/index.html"), `<span class="have star">`); n != 2 {
		t.Errorf("the day marks %d notes as recommended", n)
	}
	s := smallSite(cfg)
	s.Recommended = s.Recommended[:1]
	if home := mainOf(t, rendered(t, New(cfg, Options{}).Pass(s)), "index.html"); strings.Contains(home, "recs-by") {
		t.Error("where home alone recommends, it names itself")
	}
}

func TestStubsSaySo(t *testing.T) {
	cfg := testConfig()
	s := smallSite(cfg)
	s.Home.Sections[0].Note.Stub = true // a section has its notes
	out := rendered(t, New(cfg, Options{}).Pass(s))
	for path, want := range map[string]bool{
		"day2/01_closing/index.html": true, "day2/index.html": true, "tags/keynote/index.html": true,
		"day1/index.html": false, "day1/02_next/index.html": false, "index.html": false,
	} {
		if got := strings.Contains(mainOf(t, out, path), `class="stub`); got != want {
			t.Errorf("%s tells of a stub: %t", path, got)
		}
	}
	if page := mainOf(t, out, "day2/01_closing/index.html"); strings.Contains(page, "min read") || !strings.Contains(page, "There are no notes here yet.") {
		t.Error(page)
	}
}

func TestBacklinks(t *testing.T) {
	cfg := testConfig()
	out := rendered(t, New(cfg, Options{}).Pass(smallSite(cfg)))
	_, got, _ := strings.Cut(mainOf(t, out, "day1/01_opening/index.html"), "Mentioned in</h2>")
	for _, want := range []string{`<a href="../../">Home</a>`, `<a href="../../day1/02_next/">Next</a> <span>Day 1</span>`, `<a href="../../day2/">Day 2</a>`} {
		i := strings.Index(got, want)
		if i < 0 {
			t.Fatalf("no %s in %s", want, got)
		}
		got = got[i:]
	}
	if strings.Contains(out["day1/02_next/index.html"], "backlinks") {
		t.Error("a note that nobody mentions says so")
	}
}

// The words are there in German.
func TestMeaningsInGerman(t *testing.T) {
	cfg := testConfig()
	cfg.Language = "de"
	out := rendered(t, New(cfg, Options{}).Pass(smallSite(cfg)))
	for path, want := range map[string]string{
		"index.html": "Empfohlene Vorträge", "day1/01_opening/index.html": "Erwähnt in", "day2/01_closing/index.html": "Hier gibt es noch keine Notizen.",
		"day2/index.html": "Notizen folgen", "hallway/index.html": "In der Notiz lesen",
	} {
		if !strings.Contains(out[path], want) {
			t.Errorf("%s lacks %q", path, want)
		}
	}
}

// A page of a disabled kind is no part of the site's pages, and nothing leads there.
func TestNoHallway(t *testing.T) {
	cfg := testConfig()
	cfg.DisableKinds = []string{site.Hallway.String()}
	out := rendered(t, New(cfg, Options{}).Pass(smallSite(cfg)))
	for path, body := range out {
		if strings.Contains(body, "hallway/") {
			t.Errorf("%s names the hallway's page", path)
		}
	}
}
