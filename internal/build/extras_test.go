package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/snapshot"
)

// counter is an extra: a file that says how many notes there are, made when
// there is time.
type counter struct {
	made     int // what the file says; -1 for none yet
	finished int // calls
	broken   error
	endless  bool
}

func (c *counter) ready(b *Builder, _ *language) ([]*snapshot.File, bool) {
	if c.made < 0 {
		return nil, false
	}
	body := snapshot.MakeBody(fmt.Append(nil, c.made))
	return []*snapshot.File{{Path: "count.txt", Body: body, Hash: body.Hash()}}, c.made == len(b.input.Notes) && !c.endless
}

func (c *counter) finish(ctx context.Context, b *Builder, _ *language) (bool, error) {
	c.finished++
	if err := errors.Join(ctx.Err(), c.broken); err != nil {
		return false, err
	}
	c.made = len(b.input.Notes)
	return false, nil
}

func (c *counter) diagnostics() []diag.Diagnostic { return nil }

func withCounter(t *testing.T) (*Builder, *counter, string) {
	t.Helper()
	dir := t.TempDir()
	c := &counter{made: -1}
	b, err := Open(Options{
		Dir: dir, extras: []extra{c},
		Load: func(fsys fs.FS) (*config.Config, []diag.Diagnostic, error) {
			return config.Load(fsys, config.Options{Name: "x"})
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	write(t, dir, "a.md", "# A\n")
	return b, c, dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func count(r *Result) string {
	if f := r.Snapshot.Lookup("count.txt"); f != nil {
		return string(f.Body.Bytes())
	}
	return ""
}

func TestExtras(t *testing.T) {
	ctx := context.Background()
	b, c, dir := withCounter(t)
	if _, err := b.Finish(ctx); err == nil {
		t.Error("nothing was built, and yet it was finished")
	}
	r, err := b.Build(ctx)
	if err != nil || !r.Pending || count(r) != "" || r.Snapshot.Lookup("a/index.html") == nil {
		t.Fatalf("first build: %+v, %v", r, err)
	}
	if r, err = b.Finish(ctx); err != nil || r.Pending || count(r) != "1" || r.Stats.Rendered != 0 {
		t.Fatalf("finished: %+v, %v", r, err)
	}
	whole := r.Snapshot.Digest()
	if r, err = b.Finish(ctx); err != nil || c.finished != 1 || r.Snapshot.Digest() != whole {
		t.Errorf("finished again: %+v, %v, %d calls", r, err, c.finished)
	}
	// An edit is shown with what was made before.
	write(t, dir, "b.md", "# B\n")
	if r, err = b.Update(ctx, []string{"b.md"}); err != nil || !r.Pending || count(r) != "1" || r.Snapshot.Lookup("b/index.html") == nil {
		t.Fatalf("after an edit: %+v, %v", r, err)
	}
	// Broken off, it goes on from there.
	off, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := b.Finish(off); !errors.Is(err, context.Canceled) {
		t.Errorf("broken off: %v", err)
	}
	if r, err = b.Update(ctx, []string{"a.md"}); err != nil || !r.Pending {
		t.Fatalf("after it was broken off: %+v, %v", r, err)
	}
	if r, err = b.Finish(ctx); err != nil || r.Pending || count(r) != "2" {
		t.Errorf("finished at last: %+v, %v", r, err)
	}
}

func TestExtrasFail(t *testing.T) {
	ctx := context.Background()
	b, c, _ := withCounter(t)
	if _, err := b.Build(ctx); err != nil {
		t.Fatal(err)
	}
	c.broken = errors.New("no ink")
	if _, err := b.Finish(ctx); !errors.Is(err, c.broken) {
		t.Errorf("got %v", err)
	}
	c.broken, c.endless = nil, true
	if _, err := b.Finish(ctx); !errors.Is(err, errEndless) {
		t.Errorf("got %v", err)
	}
	c.endless = false
	if r, err := b.Finish(ctx); err != nil || r.Pending {
		t.Errorf("%+v, %v", r, err)
	}
}

// What an author put at the place of an extra's file stays there.
func TestAuthorsWinOverExtras(t *testing.T) {
	ctx := context.Background()
	b, _, dir := withCounter(t)
	write(t, dir, "count.txt", "mine")
	write(t, dir, "a.md", "# A\n\n[count](count.txt)\n")
	if _, err := b.Build(ctx); err != nil {
		t.Fatal(err)
	}
	r, err := b.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if f := r.Snapshot.Lookup("count.txt"); f == nil || f.Source == nil {
		t.Error("the author's file is gone")
	}
}
