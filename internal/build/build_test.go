package build_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"lectern/internal/build"
	"lectern/internal/config"
	"lectern/internal/diag"
)

// options completes o with what the command line would give.
func options(o build.Options) build.Options {
	if o.Load == nil {
		o.Load = func(fsys fs.FS) (*config.Config, []diag.Diagnostic, error) {
			return config.Load(fsys, config.Options{Name: "notes"})
		}
	}
	if o.Now == nil {
		o.Now = func(context.Context) (time.Time, error) { return time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC), nil }
	}
	return o
}

func open(t testing.TB, o build.Options) *build.Builder {
	t.Helper()
	b, err := build.Open(options(o))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func buildOnce(t testing.TB, o build.Options) *build.Result {
	t.Helper()
	b := open(t, o)
	if _, err := b.Build(context.Background()); err != nil {
		t.Fatal(err)
	}
	r, err := b.Finish(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// project writes files (path → text) to a new folder.
func project(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		put(t, dir, name, text)
	}
	return dir
}

func put(t testing.TB, dir, name, text string) {
	t.Helper()
	p := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
