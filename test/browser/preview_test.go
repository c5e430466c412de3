package browser

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// branched returns a repository of the example with a branch that adds, changes
// and removes a note.
func branched(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is missing, so this was not tested")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(example)); err != nil {
		t.Fatal(err)
	}
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
			"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.org", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@example.org")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	edit := func(name string, change func(string) string) {
		t.Helper()
		name = filepath.Join(dir, "content", filepath.FromSlash(name))
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(name, []byte(change(string(text))), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	git("init", "-q", "-b", "main")
	git("add", ".")
	git("commit", "-q", "-m", "first")
	git("checkout", "-q", "-b", "feature/a_long_name_of_a_branch-that_does-not-fit_on-one_line")
	edit("day1/05_wasm-plugins.md", func(s string) string {
		return strings.Replace(s, "Debugging. A trap gives you a stack of offsets.", "Debugging, of course. A trap gives you `offsets`.", 1)
	})
	if err := os.WriteFile(filepath.Join(dir, "content", "day2", "09_fresh.md"), []byte("# A fresh note\n\nWith words of its own.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	git("rm", "-q", "content/day2/04_rollouts-that-stop.md")
	git("add", ".")
	git("commit", "-q", "-m", "A fresh note")
	git("checkout", "-q", "main")
	return dir
}

// ready waits until the address is there.
func ready(t *testing.T, url string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		resp, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return
		}
	}
	t.Fatalf("%s never came", url)
}

// A preview's bar and its pages: at both widths and in both schemes axe finds
// nothing, nothing moves or sticks out, and the browser has nothing to complain of.
func TestPreview(t *testing.T) {
	source := axe(t)
	base := startServe(t, "--git", branched(t), "--data", t.TempDir(), "--previews", "feature/*")
	const name = "_preview/feature-a-long-name-of-a-branch-that-does-not-fit-on-one-line/"
	ready(t, base)
	ready(t, base+name)
	for _, v := range views() {
		t.Run(v.String(), func(t *testing.T) {
			tb := newTab(t, v)
			tb.watch()
			for _, k := range []struct{ name, path string }{
				{"home", ""},
				{"note", "day1/05_wasm-plugins/"},
				{"german", "de/day1/"},
				{"search", "search/"},
				{"diff", "_lectern/diff"},
				{"missing", "nothing/"},
			} {
				where := "preview-" + k.name + "-" + v.String()
				tb.open(base + name + k.path)
				tb.checkStill(where)
				checkLoaded(tb, where, k.name == "missing")
				checkNoOverflow(tb, where)
				tb.checkAccessible(where, source)
				tb.checkOrigin(where, base)
				tb.screenshot(where)
			}
		})
	}
	// By keyboard from a page to what differs, and from there to the changed page.
	tb := newTab(t, desk)
	tb.open(base + name + "day1/05_wasm-plugins/")
	eval[bool](tb, `document.querySelector(".lectern-preview a").focus(), true`)
	tb.press("\r")
	tb.waitFor("what differs", `location.pathname.endsWith("/_lectern/diff")`)
	if got := eval[[]string](tb, `[...document.querySelectorAll(".change")].map((c) => c.querySelector(".mark").textContent + " " + c.querySelector("summary code").textContent)`); strings.Join(got, ", ") != "changed /day1/05_wasm-plugins/, removed /day2/04_rollouts-that-stop/, new /day2/09_fresh/" {
		t.Errorf("what differs is %q", got)
	}
	if got := eval[string](tb, `[...document.querySelectorAll("ins")].map((e) => e.lastChild.textContent).join("|")`); !strings.Contains(got, ", of course") {
		t.Errorf("added is %q", got)
	}
	eval[bool](tb, `document.querySelector(".change a").focus(), true`)
	tb.press("\r")
	tb.waitFor("the changed page", `location.pathname.endsWith("/day1/05_wasm-plugins/") && document.querySelector(".lectern-preview") !== null`)
	tb.checkQuiet("by keyboard")
}

// The live website's service worker leaves previews alone, and a preview brings
// none.
func TestPreviewBesideServiceWorker(t *testing.T) {
	base := startServe(t, "--git", branched(t), "--data", t.TempDir(), "--previews", "feature/*")
	const name = "_preview/feature-a-long-name-of-a-branch-that-does-not-fit-on-one-line/"
	ready(t, base)
	ready(t, base+name)
	tb := newTab(t, desk)
	worker(tb, base)
	tb.open(base + name + "day1/05_wasm-plugins/")
	tb.open(base + "day1/05_wasm-plugins/")
	if got := eval[[]string](tb, `caches.keys().then((all) => Promise.all(all.map((n) => caches.open(n).then((c) => c.keys())))).then((k) => k.flat().map((r) => r.url).filter((u) => u.includes("_preview")))`); len(got) > 0 {
		t.Errorf("kept of previews is %q", got)
	}
	if got := eval[[]string](tb, `navigator.serviceWorker.getRegistrations().then((all) => all.map((r) => r.scope))`); len(got) != 1 || got[0] != base {
		t.Errorf("there are service workers for %q", got)
	}
	tb.checkQuiet("beside a service worker")
}
