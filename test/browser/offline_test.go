package browser

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lectern/internal/server"
)

// copied copies a built site, so that a test may change it.
func copied(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}

func policy(h http.Header, name string) {
	if !isFrame(name) {
		h.Set("Content-Security-Policy", server.Policy)
	}
}

// worker waits until the site's service worker answers for the page.
func worker(tb *tab, url string) {
	tb.t.Helper()
	tb.open(url)
	tb.waitFor("the service worker", "navigator.serviceWorker.controller")
}

// What was read can be read without a network; what was not, says so; and while
// there is a network, the newest page is shown.
func TestOfflineReading(t *testing.T) {
	dir := copied(t, build(t, example, true))
	srv := started(t, dir, "/2026/", policy)
	base := srv.URL + "/2026/"
	tb := newTab(t, phone)
	worker(tb, base)
	tb.open(base + "day1/02_inside-maps/")
	note := filepath.Join(dir, "day1", "02_inside-maps", "index.html")
	data, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(note, []byte(strings.Replace(string(data), "<h1", `<p id="news">News</p><h1`, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	// Hosts tell times of change in seconds.
	if err := os.Chtimes(note, time.Time{}, time.Now().Add(5*time.Second)); err != nil {
		t.Fatal(err)
	}
	tb.open(base + "day1/02_inside-maps/")
	if !eval[bool](tb, `document.getElementById("news") !== null`) {
		t.Error("an old page is shown while the network has a newer one")
	}
	tb.checkQuiet("online")
	srv.CloseClientConnections()
	srv.Close()
	tb.open(base + "day1/02_inside-maps/?from=here#top")
	if !eval[bool](tb, `document.getElementById("news") !== null && getComputedStyle(document.body).display === "flex"`) {
		t.Errorf("the page that was read is not there, or without its style: %s", eval[string](tb, "document.body.textContent.slice(0, 200)"))
	}
	tb.complained() // what cannot be fetched is no surprise
	tb.open(base + "day2/06_panel/")
	if got := eval[string](tb, "document.querySelector('h1').textContent"); got != "You are offline" {
		t.Errorf("a page that was never read shows %q", got)
	}
}

// On request all of the site is kept; what changes is renewed, and what is
// withdrawn goes.
func TestKeepEverything(t *testing.T) {
	dir := copied(t, build(t, example, true))
	srv := started(t, dir, "/", policy)
	base := srv.URL + "/"
	tb := newTab(t, desk)
	worker(tb, base)
	tb.open(base)
	if eval[bool](tb, `document.querySelector(".offline").hidden`) {
		t.Fatal("nobody is offered to keep the site")
	}
	eval[bool](tb, `document.querySelector(".offline summary").click(), true`)
	tb.waitFor("the sizes", `document.querySelector(".offline-do button")?.textContent.includes("MB")`)
	tb.screenshot("offline-desk")
	tb.checkAccessible("the part for reading offline", axe(t))
	eval[bool](tb, `document.querySelector(".offline-do button:last-child").click(), true`)
	tb.waitFor("everything to be kept", `document.querySelector(".offline [role=status]").textContent.startsWith("Everything")`)
	tb.checkQuiet("keeping everything")
	srv.CloseClientConnections()
	srv.Close()
	tb.open(base + "day2/06_panel/")
	if got := eval[string](tb, "document.querySelector('h1').textContent"); got == "You are offline" {
		t.Error("a page is missing although everything was kept")
	}
	broken := eval[int](tb, `[...document.images].filter((i) => i.complete && i.naturalWidth === 0).length`)
	tb.open(base + "day1/02_inside-maps/")
	broken += eval[int](tb, `[...document.images].filter((i) => i.complete && i.naturalWidth === 0).length`)
	if broken > 0 {
		t.Errorf("%d pictures are missing", broken)
	}
}

// A page that is withdrawn does not stay on the reader's device.
func TestWithdrawnPagesAreNotKept(t *testing.T) {
	dir := copied(t, build(t, example, true))
	srv := started(t, dir, "/", policy)
	base := srv.URL + "/"
	tb := newTab(t, desk)
	worker(tb, base)
	tb.open(base + "day2/06_panel/")
	if err := os.RemoveAll(filepath.Join(dir, "day2", "06_panel")); err != nil {
		t.Fatal(err)
	}
	tb.open(base + "day2/06_panel/")
	srv.CloseClientConnections()
	srv.Close()
	tb.open(base + "day2/06_panel/")
	if got := eval[string](tb, "document.querySelector('h1').textContent"); got != "You are offline" {
		t.Errorf("a withdrawn page shows %q", got)
	}
}
