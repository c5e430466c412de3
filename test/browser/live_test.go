package browser

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// startServe runs `lectern serve` on the project, or as arguments say, and returns
// its address.
func startServe(t *testing.T, args ...string) string {
	t.Helper()
	bin, err := shared.binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, append([]string{"serve", "--port", "0"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // may have ended by itself
		_ = cmd.Wait()
	})
	address := make(chan string, 1)
	go func() {
		find := regexp.MustCompile(`http://\S+`)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if m := find.FindString(lines.Text()); m != "" {
				address <- m
			}
		}
	}()
	select {
	case a := <-address:
		return a
	case <-time.After(time.Minute):
		t.Fatal("lectern serve never said where it serves")
		return ""
	}
}

// A saved note shows in the open page by itself, where the reader was; a note
// that breaks stays as it was, and a badge says so.
func TestLiveReload(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(example)); err != nil {
		t.Fatal(err)
	}
	note := filepath.Join(dir, "content", "day1", "04_fuzz-the-parser.md")
	text, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	save := func(s string) {
		t.Helper()
		if err := os.WriteFile(note, []byte(s), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tb := newTab(t, desk)
	tb.open(startServe(t, dir) + "day1/04_fuzz-the-parser/")
	eval[bool](tb, `window.before = true, scrollTo(0, 400), true`)
	tb.waitFor("the place", `scrollY === 400`)

	save(strings.Replace(string(text), "## The bug of the year", "## The bug of the decade", 1))
	tb.waitFor("the new heading", `document.getElementById("the-bug-of-the-decade") !== null && !window.before`)
	tb.waitFor("the reader's place", `Math.abs(scrollY - 400) < 3`)
	tb.checkQuiet("after the first save")

	save("---\ntitle: [broken\n---\n\nNobody must see this.\n")
	const badge = `document.getElementById("lectern-live").shadowRoot.querySelector(".badge")`
	tb.waitFor("the badge", `document.getElementById("lectern-live") !== null && `+badge+`.textContent.includes("problem")`)
	if body := eval[string](tb, `document.querySelector("main").innerText`); !strings.Contains(body, "The bug of the decade") {
		t.Errorf("the broken note shows as %q, want its last good version", body)
	}
	eval[bool](tb, badge+`.click(), true`)
	tb.waitFor("the finding", `document.getElementById("lectern-live").shadowRoot.textContent.includes("04_fuzz-the-parser.md")`)
	tb.screenshot("overlay")

	save(string(text))
	tb.waitFor("the old heading", `document.getElementById("the-bug-of-the-year") !== null`)
	tb.waitFor("no badge", `(document.getElementById("lectern-live")?.hidden ?? true) || !`+badge+`.checkVisibility()`)
	tb.checkQuiet("at the end")
	tb.do(chromedp.Navigate("about:blank")) // ends the stream of events
}
