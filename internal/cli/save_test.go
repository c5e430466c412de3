package cli

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
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

// TestSaveWatch writes notes while `save --watch` runs, with and without a
// network, and ends it.
func TestSaveWatch(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	base := t.TempDir()
	gitconfig := filepath.Join(base, "gitconfig")
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write(gitconfig, "[user]\nname = Ada\nemail = ada@example.org\n[init]\ndefaultBranch = main\n")
	t.Setenv("GIT_CONFIG_GLOBAL", gitconfig)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	git := func(args ...string) string {
		cmd := exec.Command("git", args...)
		cmd.Dir = base
		out, err := cmd.CombinedOutput()
		if err != nil {
			return err.Error() + string(out)
		}
		return string(out)
	}
	git("init", "-q", "--bare", "remote.git")
	git("clone", "-q", "remote.git", "ada")
	notes := filepath.Join(base, "ada")
	write(filepath.Join(notes, "hugo.toml"), "title = 'N'\n")

	var out output
	env := func(name string) string {
		if name == "LECTERN_CACHE" {
			return filepath.Join(base, "cache")
		}
		return ""
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan int)
	go func() {
		done <- Run(ctx, []string{"save", "--watch", "--delay", "20ms"}, Streams{Out: &out, Err: &out, Dir: notes, Env: env})
	}()
	until := func(what string, ok func() bool) {
		t.Helper()
		for end := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("never: %s\n%s", what, out.String())
			}
		}
	}
	until("the first push", func() bool { return strings.Contains(git("-C", "remote.git", "log", "--format=%s", "main"), "1 file") })
	write(filepath.Join(notes, "content/day1/01_a.md"), "# Alpha\n")
	until("a push after a change", func() bool {
		return strings.Contains(git("-C", "remote.git", "log", "--format=%s", "main"), "Notes: day1/01 Alpha")
	})
	if err := os.Rename(filepath.Join(base, "remote.git"), filepath.Join(base, "away.git")); err != nil {
		t.Fatal(err)
	}
	write(filepath.Join(notes, "content/day1/02_b.md"), "# Beta\n")
	until("a word about the network", func() bool { return strings.Contains(out.String(), "not pushed") })
	if err := os.Rename(filepath.Join(base, "away.git"), filepath.Join(base, "remote.git")); err != nil {
		t.Fatal(err)
	}
	write(filepath.Join(notes, "content/day1/03_c.md"), "# Gamma\n")
	until("a push of both", func() bool {
		log := git("-C", "remote.git", "log", "--format=%s", "main")
		return strings.Contains(log, "Beta") && strings.Contains(log, "Gamma")
	})
	cancel()
	if code := <-done; code != exitDone {
		t.Errorf("exit code %d\n%s", code, out.String())
	}
	if status := git("-C", "ada", "status", "--porcelain"); status != "" {
		t.Errorf("left: %s", status)
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
