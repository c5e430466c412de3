package browser

import (
	"testing"

	"lectern/internal/server"
)

// A reader gets from home to a recommended talk, from there to who mentions
// it, and from the menu to the hallway, without script and under a strict policy.
func TestWayThroughMeanings(t *testing.T) {
	base := host(t, build(t, example, true), "/2026/", server.Policy)
	for _, v := range []view{phone, desk} {
		v.noScript = true
		t.Run(v.String(), func(t *testing.T) {
			tb := newTab(t, v)
			follow := func(from, selector, want string) {
				t.Helper()
				tb.open(base + from)
				href := eval[string](tb, `document.querySelector("`+selector+`")?.href ?? ""`)
				if href != base+want {
					t.Fatalf("on %q %s leads to %q, want %q", from, selector, href, want)
				}
			}
			follow("", ".recs-list a", "day1/02_inside-maps/")
			follow("day1/02_inside-maps/", ".why a", "day1/")
			follow("day1/02_inside-maps/", ".backlinks a", "day2/03_profile-guided-builds/")
			follow("hallway/", ".hallway-at a", "day1/#people-met")
			follow("", "nav a[href$='hallway/']", "hallway/")
			tb.checkQuiet("the way")
		})
	}
}

// A line that is yet to be done shows as one, and reads on as text.
func TestTodoShows(t *testing.T) {
	base := host(t, build(t, example, true), "/2026/", server.Policy)
	tb := newTab(t, desk)
	tb.open(base + "day1/05_wasm-plugins/")
	if got := eval[string](tb, `document.querySelector(".todo").textContent`); got != "TODO: ask Ludovica for the same bars with TinyGo" {
		t.Errorf("the line reads %q", got)
	}
	if got := eval[string](tb, `((s, p) => s.fontStyle + (s.backgroundColor === p.backgroundColor ? " plain" : ""))(getComputedStyle(document.querySelector(".todo")), getComputedStyle(document.body))`); got != "italic" {
		t.Errorf("it looks %q", got)
	}
}
