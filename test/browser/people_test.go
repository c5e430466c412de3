package browser

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"lectern/internal/server"
)

// rowsShown counts the rows of a list that a reader sees.
const rowsShown = `[...document.querySelectorAll(".row")].filter((r) => r.checkVisibility()).length`

// Lists are narrowed down by the keyboard alone, with and without script.
func TestFilters(t *testing.T) {
	base := host(t, build(t, example, true), "/2026/", strict)
	for _, noScript := range []bool{false, true} {
		v := desk
		v.noScript = noScript
		tb := newTab(t, v)
		tb.open(base + "sessions/")
		all := eval[int](tb, rowsShown)
		tabTo(tb, ".filter input.k1")
		tb.press(" ")
		some := eval[int](tb, rowsShown)
		want := eval[int](tb, `document.querySelectorAll(".row:has([href='#i-video'])").length`)
		if some != want || some == 0 || some == all {
			t.Errorf("with video there are %d of %d sessions, want %d", some, all, want)
		}
		if got := eval[string](tb, `document.querySelector(".filter-count").textContent`); !noScript && got != fmt.Sprintf("%d sessions", some) {
			t.Errorf("it says %q of %d sessions", got, some)
		}
		// A track beside it leaves those that meet both.
		tb.press(kb.Tab, kb.Tab, kb.Tab)
		tb.press(kb.ArrowDown)
		tb.screenshot("filter-" + v.String())
		chosen := eval[string](tb, `document.querySelector("select").selectedOptions[0].className.replace("k", "f")`)
		both := eval[int](tb, rowsShown)
		if want := eval[int](tb, `document.querySelectorAll(".row.f1.`+chosen+`").length`); both != want || both >= some {
			t.Errorf("with the track %s too there are %d, want %d", chosen, both, want)
		}
		if !noScript {
			if n := eval[int](tb, `[...document.querySelectorAll(".group")].filter((g) => g.checkVisibility() && ![...g.querySelectorAll(".row")].some((r) => r.checkVisibility())).length`); n > 0 {
				t.Errorf("%d headings with nothing below them", n)
			}
		}
		tb.checkQuiet("filters")
	}
}

// What takes place now is marked, on the reader's clock where nobody tells the
// conference's zone.
func TestTimetableNow(t *testing.T) {
	now := time.Now()
	moment := func(d time.Duration) string { return now.Add(d).UTC().Format(time.RFC3339) }
	local := func(d time.Duration) string { return now.Add(d).Format("2006-01-02T15:04:05") }
	notes := func(at func(time.Duration) string) map[string]string {
		note := func(room string, from, to time.Duration) string {
			return "---\nroom: " + room + "\nstart: " + at(from) + "\nend: " + at(to) + "\n---\nText\n"
		}
		return map[string]string{
			"day1/on.md":   note("Hall", -2*time.Hour, 2*time.Hour),
			"day1/over.md": note("Attic", -5*time.Hour, -3*time.Hour),
			"day1/next.md": note("Attic", 3*time.Hour, 5*time.Hour),
		}
	}
	zoned := notes(moment)
	zoned["lectern.yaml"] = "timeZone: Asia/Tokyo\n"
	for name, files := range map[string]map[string]string{"zone": zoned, "no zone": notes(local)} {
		t.Run(name, func(t *testing.T) {
			tb := newTab(t, desk)
			if name == "no zone" { // the browser's clock is the machine's
				offset := eval[int](tb, "-new Date().getTimezoneOffset() * 60 || 0")
				if _, here := now.Zone(); here != offset {
					t.Skipf("the browser is %d s off UTC, the test %d", offset, here)
				}
			}
			tb.open(host(t, build(t, project(t, files), true), "/", strict) + "day1/timetable/")
			tb.waitFor("the mark", `document.querySelector(".tt-now")`)
			if got := eval[string](tb, `[...document.querySelectorAll(".tt-now")].map((c) => c.querySelector("a").textContent + ": " + c.querySelector(".tt-word").textContent).join()`); got != "On: Now" {
				t.Errorf("marked as now: %q", got)
			}
			tb.checkQuiet("timetable")
		})
	}
}

// A timetable is a table on a desk and a list on a phone.
func TestTimetableShape(t *testing.T) {
	base := host(t, build(t, example, true), "/2026/", strict)
	lefts := `new Set([...document.querySelectorAll(".tt-on")].map((c) => Math.round(c.getBoundingClientRect().left))).size`
	for v, want := range map[view]string{desk: "true", phone: "false"} {
		tb := newTab(t, v)
		tb.open(base + "timetable/")
		if got := eval[bool](tb, lefts+" > 1"); fmt.Sprint(got) != want {
			t.Errorf("%s: sessions stand in several columns: %t", v, got)
		}
		checkNoOverflow(tb, "timetable "+v.String())
	}
}

// playerSite has a recording at another site, one of the notes' own that can't
// be played, and one in the text.
func playerSite(t *testing.T) string {
	t.Helper()
	return build(t, project(t, map[string]string{
		"tube.md":  "# Tube\n\n[Recording](https://youtu.be/RBMRU8rtxfI)\n",
		"own.md":   "# Own\n\n[Recording](rec.webm)\n",
		"rec.webm": "This is no video.",
		"text.md":  "# Text\n\n{{< youtube RBMRU8rtxfI >}}\n",
	}), true)
}

// Nothing is asked of another site before a reader clicks; then the player
// stands where the plate was, and has the focus.
func TestPlayer(t *testing.T) {
	base := host(t, playerSite(t), "/", server.Policy)
	for _, path := range []string{"tube/", "text/"} {
		tb := newTab(t, desk)
		tb.open(base + path)
		if n := eval[int](tb, `performance.getEntriesByType("resource").filter((e) => !e.name.startsWith(location.origin)).length`); n > 0 {
			t.Errorf("%s: %d requests to other sites", path, n)
		}
		tb.checkQuiet(path)
		tabTo(tb, "a[data-player]")
		tb.press(kb.Enter)
		tb.waitFor("the player", `document.querySelector("main iframe.player")`)
		if got := eval[string](tb, `document.querySelector("iframe.player").src`); !strings.HasPrefix(got, "https://www.youtube-nocookie.com/embed/RBMRU8rtxfI?autoplay=1") {
			t.Errorf("%s: the player is %s", path, got)
		}
		if !eval[bool](tb, `document.activeElement.matches("iframe.player") && document.activeElement.title !== ""`) {
			t.Errorf("%s: the player has no focus or no name", path)
		}
	}
}

// Where the policy forbids the player, and where there is nothing to play, the
// plate leads to where the recording is.
func TestPlayerThatCannotPlay(t *testing.T) {
	base := host(t, playerSite(t), "/", strict)
	tb := newTab(t, desk)
	tb.open(base + "tube/")
	eval[bool](tb, `document.querySelector("a.watch").click(), true`)
	tb.waitFor("the other site", `!document.URL.startsWith("`+base+`")`)
	tb = newTab(t, desk)
	tb.open(base + "own/")
	eval[bool](tb, `document.querySelector("a.watch").click(), true`)
	tb.waitFor("the file", `document.URL.endsWith("/rec.webm")`)
	// Without script the plate is a link.
	v := phone
	v.noScript = true
	tb = newTab(t, v)
	tb.open(base + "own/")
	if got := eval[string](tb, `document.querySelector("a.watch").href`); got != base+"rec.webm" {
		t.Errorf("the plate leads to %s", got)
	}
}

// Several people's notes of one session: one entry in lists, one page with all
// texts, and each part's own page leads there.
func TestJoinedSession(t *testing.T) {
	base := host(t, build(t, example, true), "/2026/", strict)
	tb := newTab(t, desk)
	tb.open(base + "day2/")
	if n := eval[int](tb, `[...document.querySelectorAll(".row-title")].filter((a) => a.textContent.startsWith("Rollouts that")).length`); n != 1 {
		t.Errorf("the day lists it %d times", n)
	}
	tb.open(base + "day2/04_rollouts-that-stop-tomasz/#my-takeaway")
	if eval[bool](tb, `document.querySelector("#my-takeaway") === null`) {
		t.Error("a part's page has lost its headings")
	}
	eval[bool](tb, `document.querySelector(".part-of a").click(), true`)
	tb.waitFor("the session", `document.querySelector(".by + .by h2")`)
	if got := eval[[]string](tb, `[...document.querySelectorAll(".by > h2")].map((h) => h.textContent)`); strings.Join(got, " ") != "Elif Tomasz" {
		t.Errorf("the texts are by %q", got)
	}
	if n := eval[int](tb, `((ids) => ids.length - new Set(ids).size)([...document.querySelectorAll("[id]")].map((e) => e.id))`); n > 0 {
		t.Errorf("%d ids stand twice", n)
	}
	tb.checkQuiet("session")
}
