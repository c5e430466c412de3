package gitrepo

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// BenchmarkHistory reads 10,000 commits of 2,000 notes in 20 folders: all of
// them, those that are kept, and one that is new.
func BenchmarkHistory(b *testing.B) {
	dir := b.TempDir()
	importMany(b, dir, 10_000, 2_000)
	read := func(b *testing.B, r *Repo) {
		b.Helper()
		if h, err := r.History(context.Background(), HistoryOptions{}); err != nil || len(h.Commits) != 10_000 {
			b.Fatal(err)
		}
	}
	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			read(b, Open(dir, ""))
		}
	})
	b.Run("warm", func(b *testing.B) {
		cache := b.TempDir()
		read(b, Open(dir, cache))
		for b.Loop() {
			read(b, Open(dir, cache))
		}
	})
	b.Run("again", func(b *testing.B) {
		r := Open(dir, "")
		read(b, r)
		for b.Loop() {
			read(b, r)
		}
	})
}

// importMany makes a repository whose first commit adds all notes and whose
// others edit one each.
func importMany(tb testing.TB, dir string, commits, notes int) {
	tb.Helper()
	var in bytes.Buffer
	put := func(i, version int) {
		text := fmt.Sprintf("# Note %d\n\nVersion %d.\n", i, version)
		fmt.Fprintf(&in, "M 100644 inline content/day%02d/%04d.md\ndata %d\n%s\n", i/100, i, len(text), text)
	}
	for c := range commits {
		message := fmt.Sprintf("Commit %d", c)
		fmt.Fprintf(&in, "commit refs/heads/main\ncommitter A <a@example.org> %d +0000\ndata %d\n%s\n", 1_700_000_000+600*c, len(message), message)
		if c > 0 {
			put(c*7919%notes, c)
			continue
		}
		for i := range notes {
			put(i, 0)
		}
	}
	for _, args := range [][]string{{"init", "-q"}, {"symbolic-ref", "HEAD", "refs/heads/main"}, {"fast-import", "--quiet"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Env = dir, environment(os.Environ())
		if args[0] == "fast-import" {
			cmd.Stdin = &in
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			tb.Fatalf("git %s: %v\n%s", args[0], err, out)
		}
	}
}
