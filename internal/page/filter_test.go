package page

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"lectern/internal/config"
	"lectern/internal/site"
)

// filterSite has a day of sessions in two tracks and rooms, some with a video.
func filterSite(cfg *config.Config) *site.Site {
	b := newBuilder(cfg)
	day := b.section(b.s.Home, "day1", "Day 1", nil)
	for i := range 8 {
		n := b.note(fmt.Sprint("Talk ", i), "<p>Text.</p>")
		n.Front.Track = []string{"Main", "Data & AI"}[i%2]
		n.Front.Room = []string{"Room 10", "Room 9", ""}[i%3]
		if i < 3 {
			n.Resources.Video = "https://video.example.org/1"
		}
		n.Resources.Slides = "https://video.example.org/all"
		tags := []string{"all", "go"}[:1+i%2]
		b.single(day, fmt.Sprint("t", i), n, tags...)
	}
	b.special(site.Sessions, b.s.Home, "sessions", day.Notes...)
	b.s.Redirects = []site.Redirect{{OutPath: "old.html", To: day}}
	return b.done()
}

func TestFilter(t *testing.T) {
	cfg := testConfig()
	out := rendered(t, New(cfg, Options{}).Pass(filterSite(cfg)))
	for path, wants := range map[string][]string{
		"day1/index.html": {
			`<label class="chip"><input type="checkbox" class="k1" autocomplete="off">`, "Video (3)</label>",
			`<option>All tracks</option> <option class="k2">Data &amp; AI (4)</option><option class="k3">Main (4)</option>`,
			`<option>All rooms</option> <option class="k4">Room 9 (3)</option><option class="k5">Room 10 (3)</option>`,
			`<li class="row f1 f3 f5">`, `<li class="row f2">`,
			"lectern/filter.",
		},
		"sessions/index.html": {`class="k1"`, `<li class="row f1 f3 f5">`, "lectern/filter."},
		"tags/all/index.html": {`class="k1"`},
	} {
		for _, want := range wants {
			if !strings.Contains(out[path], want) {
				t.Errorf("%s has no %s:\n%s", path, want, breakLines(out[path]))
			}
		}
	}
	// What all have, or one alone of its kind, is no choice.
	if strings.Contains(out["day1/index.html"], "Slides (") || strings.Contains(out["day1/index.html"], "All tags") {
		t.Error("a choice that leaves the list as it is")
	}
	if strings.Contains(out["tags/go/index.html"], "<select") || strings.Contains(out["tags/go/index.html"], "lectern/filter.") {
		t.Error("four rows need no filter")
	}
}

// Whatever changes what a list may be filtered by, the page's key sees it.
func TestKeySeesFilters(t *testing.T) {
	cfg := testConfig()
	r := New(cfg, Options{})
	before := keysAndBytes(r.Pass(filterSite(cfg)))
	for seed := range uint64(300) {
		s := filterSite(cfg)
		did := editSite(s, rand.New(rand.NewPCG(seed, 2)))
		for path, now := range keysAndBytes(r.Pass(s)) {
			if was, ok := before[path]; ok && now.key == was.key && now.body != was.body {
				t.Fatalf("seed %d: %s: %s has other bytes and the same key:\n%s", seed, did, path, firstDifference(breakLines(now.body), breakLines(was.body)))
			}
		}
	}
}

// A list with more to choose from than the style sheet has rules for.
func TestFilterIsBounded(t *testing.T) {
	cfg := testConfig()
	b := newBuilder(cfg)
	day := b.section(b.s.Home, "day1", "Day 1", nil)
	for i := range 200 {
		n := b.note(fmt.Sprint("Talk ", i), "<p>Text.</p>")
		n.Front.Track, n.Front.Room = fmt.Sprint("T", i), fmt.Sprint("R", i)
		b.single(day, fmt.Sprint("t", i), n, fmt.Sprint("a", i/2), fmt.Sprint("b", i/2))
	}
	body := rendered(t, New(cfg, Options{}).Pass(b.done()))["day1/index.html"]
	if n := strings.Count(body, "<option class="); n == 0 || n > mostChoices {
		t.Errorf("%d choices", n)
	}
	css := string(readManifest()[filterCSS].data())
	for i := 1; i <= mostChoices; i++ {
		if want := fmt.Sprintf(".filtered:has(.k%d:checked) .row:not(.f%d)", i, i); !strings.Contains(css, want) {
			t.Fatalf("the style sheet has no rule for choice %d", i)
		}
	}
}
