package cli

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lectern/internal/gitrepo"
	"lectern/internal/note"
)

// output is what a command printed so far.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// watched is a project, a clone of a repository, that `save --watch` may save.
type watched struct {
	t    *testing.T
	base string
	out  output
}

func newWatched(t *testing.T) *watched {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	w := &watched{t: t, base: t.TempDir()}
	w.write("gitconfig", "[user]\nname = Ada\nemail = ada@example.org\n[init]\ndefaultBranch = main\n")
	t.Setenv("GIT_CONFIG_GLOBAL", filepath.Join(w.base, "gitconfig"))
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	w.git("init", "-q", "--bare", "remote.git")
	w.git("clone", "-q", "remote.git", "ada")
	w.write("ada/hugo.toml", "title = 'N'\n")
	return w
}

func (w *watched) write(name, text string) {
	w.t.Helper()
	name = filepath.Join(w.base, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		w.t.Fatal(err)
	}
}

func (w *watched) rename(from, to string) {
	w.t.Helper()
	if err := os.Rename(filepath.Join(w.base, from), filepath.Join(w.base, to)); err != nil {
		w.t.Fatal(err)
	}
}

// git returns what git says, its failure included.
func (w *watched) git(args ...string) string {
	cmd := exec.Command("git", args...)
	cmd.Dir = w.base
	out, err := cmd.CombinedOutput()
	if err != nil {
		return err.Error() + string(out)
	}
	return string(out)
}

// pushed is the subjects of what arrived.
func (w *watched) pushed() string { return w.git("-C", "remote.git", "log", "--format=%s", "main") }

func (w *watched) until(what string, ok func() bool) {
	w.t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("never: %s\n%s", what, w.out.String())
		}
	}
}

func (w *watched) streams() Streams {
	return Streams{Out: &w.out, Err: &w.out, Dir: filepath.Join(w.base, "ada"), Env: func(name string) string {
		if name == "LECTERN_CACHE" {
			return filepath.Join(w.base, "cache")
		}
		return ""
	}}
}

// TestSaveWatch writes notes while `save --watch` runs, with and without a
// network, and ends it.
func TestSaveWatch(t *testing.T) {
	w := newWatched(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan int)
	go func() { done <- Run(ctx, []string{"save", "--watch", "--delay", "20ms"}, w.streams()) }()
	w.until("the first push", func() bool { return strings.Contains(w.pushed(), "1 file") })
	w.write("ada/content/day1/01_a.md", "# Alpha\n")
	w.until("a push after a change", func() bool { return strings.Contains(w.pushed(), "Notes: day1/01 Alpha") })
	w.rename("remote.git", "away.git")
	w.write("ada/content/day1/02_b.md", "# Beta\n")
	w.until("a word about the network", func() bool { return strings.Contains(w.out.String(), "not pushed") })
	w.rename("away.git", "remote.git")
	w.write("ada/content/day1/03_c.md", "# Gamma\n")
	w.until("a push of both", func() bool {
		log := w.pushed()
		return strings.Contains(log, "Beta") && strings.Contains(log, "Gamma")
	})
	cancel()
	if code := <-done; code != exitDone {
		t.Errorf("exit code %d\n%s", code, w.out.String())
	}
	if status := w.git("-C", "ada", "status", "--porcelain"); status != "" {
		t.Errorf("left: %s", status)
	}
}

// TestSaveWatchRetries loses the network for a while in which nobody writes.
func TestSaveWatchRetries(t *testing.T) {
	w := newWatched(t)
	w.rename("remote.git", "away.git")
	dir := filepath.Join(w.base, "ada")
	s := &saver{
		app: newApp(w.streams()), dir: dir, flags: saveFlags{watch: true, delay: 20 * time.Millisecond},
		work: gitrepo.OpenWork(dir), retries: retries{50 * time.Millisecond, 200 * time.Millisecond},
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error)
	go func() { done <- s.watch(ctx) }()
	w.until("that it goes on", func() bool { return strings.Count(w.out.String(), "not pushed") > 1 })
	w.rename("away.git", "remote.git")
	w.until("the push", func() bool { return strings.Contains(w.pushed(), "1 file") })
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestRetries(t *testing.T) {
	r := usualRetries()
	var waited []time.Duration
	for d := time.Duration(0); len(waited) < 7; {
		d = r.next(d)
		waited = append(waited, d/time.Second)
	}
	if want := []time.Duration{10, 20, 40, 80, 160, 300, 300}; !slices.Equal(waited, want) {
		t.Errorf("%d, want %d", waited, want)
	}
}

func TestSaveMessage(t *testing.T) {
	s := &saver{notes: map[string]*note.Note{
		"day1/01_a.md":    {Title: "Alpha"},
		"day1/keynote.md": {Title: "The keynote"},
		"day1/_index.md":  {Title: "Day 1"},
		"day1/02_s.md":    {Title: "Secret", Front: note.FrontMatter{Visibility: note.Private}},
		"day2/07_l.md":    {Title: strings.Repeat("long ", 20) + "title"},
	}}
	for _, c := range []struct {
		paths []string
		want  string
	}{
		{[]string{"day1/01_a.md"}, "Notes: day1/01 Alpha"},
		{[]string{"day1/keynote.md", "day1/_index.md"}, "Notes: day1, day1 The keynote"},
		{[]string{"day1/02_s.md"}, "Notes"},
		{[]string{"day1/02_s.md", "day1/01_a.md", "day1/p.png"}, "Notes: day1/01 Alpha"},
		{[]string{"day1/p.png", "q.png"}, "Notes: 2 files"},
		{[]string{"gone.md"}, "Notes"},
		{[]string{"day1/01_a.md", "day2/07_l.md"}, "Notes: day1/01 Alpha and 1 more"},
	} {
		var changed []gitrepo.Changed
		for _, p := range c.paths {
			changed = append(changed, gitrepo.Changed{Path: p, Kind: 'M'})
		}
		if got := firstLine(s.message(changed)); got != c.want {
			t.Errorf("%q: %q, want %q", c.paths, got, c.want)
		}
	}
}
