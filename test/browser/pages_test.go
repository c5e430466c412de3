package browser

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"lectern/internal/server"
)

// kinds are pages of the example, one of each kind and some with much in them.
var kinds = []struct{ name, path string }{
	{"home", ""},
	{"day", "day1/"},
	{"note", "day1/02_inside-maps/"},
	{"note-diagram", "day1/03_context-is-a-leash/"},
	{"note-figure", "day1/05_wasm-plugins/"},
	{"note-picture", "day2/03_profile-guided-builds/"},
	{"note-nested", "day2/workshop/"},
	{"note-plain", "day2/hallway-track/"},
	{"note-bundle", "venue/"},
	{"note-joined", "day2/04_rollouts-that-stop/"},
	{"note-part", "day2/04_rollouts-that-stop-tomasz/"},
	{"timetable", "timetable/"},
	{"timetable-day", "day1/timetable/"},
	{"sessions", "sessions/"},
	{"speakers", "speakers/"},
	{"authors", "authors/"},
	{"stub", "day2/08_release-party/"},
	{"hallway", "hallway/"},
	{"unlisted", "day2/organisers-dinner/"},
	{"tag", "tags/performance/"},
	{"taxonomy", "tags/"},
	{"speaker", "speakers/mirela-odobescu/"},
	{"author", "authors/elif/"},
	{"changes", "changes/"},
	{"search", "search/"},
	{"print", "print/"},
	{"print-day", "day1/print/"},
	{"home-de", "de/"},
	{"day-de", "de/day1/"},
	{"note-de", "de/day1/02_inside-maps/"},
	{"404", "no/such/page/"},
}

// Every kind of page, at both widths and in both schemes: axe finds nothing,
// nothing sticks out or moves while it loads and is read, every picture shows,
// no request leaves the site, and the browser has nothing to complain of.
func TestPages(t *testing.T) {
	source := axe(t)
	base := host(t, committed(t), "/2026/", server.Policy)
	for _, v := range views() {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			tb := newTab(t, v)
			tb.watch()
			for _, k := range kinds {
				tb.open(base + k.path)
				where := k.name + " " + v.String()
				tb.checkStill(where)
				checkLoaded(tb, where, k.name == "404")
				checkNoOverflow(tb, where)
				tb.checkAccessible(where, source)
				tb.checkOrigin(where, base)
				tb.screenshot(k.name + "-" + v.String())
			}
			tb.open(base + "day1/03_context-is-a-leash/")
			eval[bool](tb, scrollThrough)
			tb.waitFor("the diagram", `document.querySelector(".diagram[data-state=drawn]")`)
			eval[bool](tb, `document.querySelectorAll("details").forEach((d) => { d.open = true }), true`)
			tb.checkAccessible("drawn diagram "+v.String(), source)
			tb.screenshot("drawn-" + v.String())
		})
	}
}

// checkLoaded fails the test if the page is not the one that was meant, or a
// picture or style sheet of it is missing.
func checkLoaded(tb *tab, where string, missing bool) {
	tb.t.Helper()
	for _, c := range tb.complained() {
		if missing && strings.Contains(c, "404 (Not Found)") {
			continue // the document's own status
		}
		tb.t.Errorf("%s: the browser complains: %s", where, c)
	}
	if n := eval[int](tb, `document.querySelectorAll("h1").length`); n != 1 {
		tb.t.Errorf("%s has %d headings of the first level, want one", where, n)
	}
	eval[bool](tb, `Promise.all([...document.images].map((i) => (i.loading = "eager", i.decode().catch(() => 0)))).then(() => true)`)
	for _, src := range eval[[]string](tb, `[...document.images].filter((i) => i.naturalWidth === 0).map((i) => i.src)`) {
		tb.t.Errorf("%s: the picture %s does not show", where, src)
	}
}

// checkNoOverflow fails the test if the page is wider than the screen, and
// names what sticks out.
func checkNoOverflow(tb *tab, where string) {
	tb.t.Helper()
	type size struct{ Page, Screen float64 }
	s := eval[size](tb, `({Page: document.documentElement.scrollWidth, Screen: document.documentElement.clientWidth})`)
	if s.Page <= s.Screen {
		return
	}
	out := eval[[]string](tb, `[...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
		.slice(0, 5).map((e) => e.outerHTML.slice(0, 120))`)
	tb.t.Errorf("%s is %v wide on a screen of %v; what sticks out: %q", where, s.Page, s.Screen, out)
}

// Real notes: whatever people wrote, no page is wider than a phone and no
// script fails. (Accessibility depends on what their authors wrote.)
func TestRealNotes(t *testing.T) {
	if _, err := os.Stat(kubecon); err != nil {
		t.Skipf("no corpus of real notes here, so they were not tested: %v", err)
	}
	site := build(t, kubecon, false)
	base := host(t, site, "/", server.Policy)
	for _, v := range views() {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			tb := newTab(t, v)
			tb.watch()
			for i, p := range []string{"", "day0/", "day0/10_abstractions/", "day-1/01_security-baseline/", "tags/", "tags/platform/", "hallway/"} {
				tb.open(base + p)
				where := p + " " + v.String()
				tb.checkStill(where)
				tb.checkQuiet(where)
				checkNoOverflow(tb, where)
				tb.checkOrigin(where, base)
				tb.screenshot(fmt.Sprintf("real-%d-%s", i, v))
			}
		})
	}
}
