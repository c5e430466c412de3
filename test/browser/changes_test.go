package browser

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"lectern/internal/server"
)

// history is the example as a repository of its own, which a test can commit to.
type history struct {
	t       *testing.T
	dir     string
	commits int
}

// committed returns the folder with the example's site as it is built, once for all
// tests, from a repository of its own, so that what changed is the same everywhere.
func committed(t *testing.T) string {
	t.Helper()
	outsLock.Lock()
	defer outsLock.Unlock()
	const key = "the example with a history"
	if out, ok := outs[key]; ok {
		return out
	}
	out, err := os.MkdirTemp("", "lectern-site")
	if err != nil {
		t.Fatal(err)
	}
	shared.cleanup = append(shared.cleanup, func() { _ = os.RemoveAll(out) })
	newHistory(t).publish(out)
	outs[key] = out
	return out
}

func newHistory(t *testing.T) *history {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	h := &history{t: t, dir: t.TempDir()}
	if err := os.CopyFS(h.dir, os.DirFS(example)); err != nil {
		t.Fatal(err)
	}
	h.git("init", "-q")
	h.git("add", "-A")
	h.git("commit", "-q", "-m", "All notes of both days")
	return h
}

func (h *history) git(args ...string) {
	h.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = h.dir
	date := fmt.Sprintf("2026-10-%02dT12:00:00+02:00", 20+h.commits)
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.org", "GIT_AUTHOR_DATE="+date,
		"GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.org", "GIT_COMMITTER_DATE="+date)
	if out, err := cmd.CombinedOutput(); err != nil {
		h.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// edit adds a line to a note and commits it.
func (h *history) edit(note, subject string) {
	h.t.Helper()
	f, err := os.OpenFile(filepath.Join(h.dir, "content", filepath.FromSlash(note)), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		h.t.Fatal(err)
	}
	fmt.Fprintf(f, "\nWritten later: %s.\n", subject)
	if err := f.Close(); err != nil {
		h.t.Fatal(err)
	}
	h.commits++
	h.git("commit", "-q", "-a", "-m", subject)
}

// publish builds the site into the folder out.
func (h *history) publish(out string) {
	h.t.Helper()
	bin, err := shared.binary()
	if err != nil {
		h.t.Fatal(err)
	}
	if text, err := exec.Command(bin, "build", h.dir, "-o", out, "--cache", "off").CombinedOutput(); err != nil {
		h.t.Fatalf("build: %v\n%s", err, text)
	}
}

const marked = `[...document.querySelectorAll(".change.is-new > h3")].map((e) => e.firstChild.textContent.trim()).join()`

// The page of changes marks what is new since the reader's last visit, for as
// long as this visit lasts.
func TestLastVisit(t *testing.T) {
	h := newHistory(t)
	h.edit("day1/02_inside-maps.md", "Maps")
	out := t.TempDir()
	h.publish(out)
	base := host(t, out, "/2026/", server.Policy)
	tb := newTab(t, desk)
	tb.open(base + "changes/")
	if got := eval[string](tb, marked); got != "" {
		t.Errorf("the first visit marks %q", got)
	}
	h.edit("day1/02_inside-maps.md", "More maps")
	h.edit("venue/index.md", "The venue")
	h.publish(out)
	tb.open(base + "changes/")
	for range 2 { // the second time by loading it again: the same visit
		if got := eval[string](tb, marked); got != "The venue,More maps" {
			t.Errorf("marked are %q", got)
		}
		if got := eval[string](tb, `document.querySelector(".changes-new").textContent`); got != "2 changes since your last visit" {
			t.Errorf("it says %q", got)
		}
		tb.open(base + "changes/")
	}
	tabTo(tb, ".changes-new a")
	tb.press(kb.Enter)
	tb.waitFor("the first of them", `location.hash === "#" + document.querySelector(".change.is-new").id`)
	eval[bool](tb, `sessionStorage.clear(), true`) // as when the tab is closed
	tb.open(base + "changes/")
	if got := eval[string](tb, marked); got != "" {
		t.Errorf("the next visit marks %q again", got)
	}
	tb.checkQuiet("changes")
}

// The page of changes, as the other kinds are looked at.
func TestChangesPage(t *testing.T) {
	source := axe(t)
	h := newHistory(t)
	h.edit("day1/02_inside-maps.md", "A subject that is far longer than any line of a phone could ever hold, with_a_word_that_is_too_long_as_well_for_it")
	out := t.TempDir()
	h.publish(out)
	base := host(t, out, "/2026/", strict)
	for _, v := range views() {
		for _, v.noScript = range []bool{false, true} {
			name := v.String()
			t.Run(name, func(t *testing.T) {
				tb := newTab(t, v)
				tb.open(base + "changes/")
				checkLoaded(tb, "changes", false)
				checkNoOverflow(tb, "changes")
				if !v.noScript {
					eval[bool](tb, `Object.keys(localStorage).filter((k) => k.startsWith("lectern-changes")).forEach((k) => localStorage.setItem(k, "x")), sessionStorage.clear(), true`)
					tb.open(base + "changes/")
					tb.checkAccessible("changes "+name, source)
				}
				tb.screenshot("changes-" + name)
			})
		}
	}
}
