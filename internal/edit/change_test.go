package edit_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"lectern/internal/edit"
)

// project makes a folder with files and returns it, and what reads it.
func project(t *testing.T, files map[string]string) (root *os.Root, read func() map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root, func() map[string]string {
		out := map[string]string{}
		err := fs.WalkDir(root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := root.ReadFile(p)
			out[p] = string(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func TestWrite(t *testing.T) {
	before := map[string]string{"a.md": "A", "day1/b.md": "B", "c.png": "C"}
	b := func(s string) []byte { return []byte(s) }
	for _, c := range []struct {
		name    string
		changes []edit.Change
		want    map[string]string // nil for an error
		err     string
		changed bool
	}{
		{"all kinds", []edit.Change{
			{Path: "a.md", Old: b("A"), New: b("A2")},
			{Path: "x/y/new.md", New: b("N")},
			{Path: "day2/b.md", From: "day1/b.md", Old: b("B"), New: b("B2")},
			{Path: "d.png", From: "c.png"},
		}, map[string]string{"a.md": "A2", "x/y/new.md": "N", "day2/b.md": "B2", "d.png": "C"}, "", false},
		{"removed", []edit.Change{{Path: "a.md", Old: b("A")}}, map[string]string{"day1/b.md": "B", "c.png": "C"}, "", false},
		{"a file that is emptied stays", []edit.Change{{Path: "a.md", Old: b("A"), New: b("")}}, map[string]string{"a.md": "", "day1/b.md": "B", "c.png": "C"}, "", false},
		{"into a place that is left before", []edit.Change{{Path: "d.png", From: "c.png"}, {Path: "c.png", From: "a.md"}}, map[string]string{"d.png": "C", "c.png": "A", "day1/b.md": "B"}, "", false},
		{"into a place that is left later", []edit.Change{{Path: "c.png", From: "a.md"}, {Path: "d.png", From: "c.png"}}, nil, "there already", false},
		{"changed in between, nothing is done", []edit.Change{{Path: "c.png", Old: b("C"), New: b("C2")}, {Path: "a.md", Old: b("B"), New: b("A2")}}, nil, "a.md: it was changed by someone else", true},
		{"gone", []edit.Change{{Path: "e.md", Old: b("A"), New: b("A2")}}, nil, "not there any more", true},
		{"not new", []edit.Change{{Path: "a.md", New: b("A2")}}, nil, "there already", false},
		{"moved onto another", []edit.Change{{Path: "a.md", From: "c.png"}}, nil, "there already", false},
		{"out of the project", []edit.Change{{Path: "../a.md", New: b("A2")}}, nil, "out of the project", false},
		{"a folder", []edit.Change{{Path: "day1", Old: b("A"), New: b("A2")}}, nil, "not a plain file", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			root, read := project(t, before)
			err := edit.Write(root, c.changes)
			want := c.want
			if want == nil {
				want = before
				if err == nil || !strings.Contains(err.Error(), c.err) || errors.Is(err, edit.ErrChanged) != c.changed {
					t.Errorf("error %v", err)
				}
			} else if err != nil {
				t.Error(err)
			}
			if got := read(); !maps.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestWriteLeavesLinksAndModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need rights on Windows, and modes mean nothing there")
	}
	root, _ := project(t, map[string]string{"a.md": "A"})
	if err := root.Symlink("a.md", "link.md"); err != nil {
		t.Fatal(err)
	}
	err := edit.Write(root, []edit.Change{{Path: "link.md", Old: []byte("A"), New: []byte("B")}})
	if err == nil || !strings.Contains(err.Error(), "link") {
		t.Errorf("a link was replaced: %v", err)
	}
	if err := root.Chmod("a.md", 0o640); err != nil {
		t.Fatal(err)
	}
	if err := edit.Write(root, []edit.Change{{Path: "a.md", Old: []byte("A"), New: []byte("B")}}); err != nil {
		t.Fatal(err)
	}
	if info, err := root.Stat("a.md"); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestDiff(t *testing.T) {
	got := edit.Diff([]edit.Change{
		{Path: "a.md", Old: []byte("1\n2\n3\n4\n5\n"), New: []byte("1\n2\n3\n4\nfive\n")},
		{Path: "new.md", New: []byte("N\n")},
		{Path: "old.md", Old: []byte("O\n")},
		{Path: "d.png", From: "c.png"},
	})
	want := "--- a/a.md\n+++ b/a.md\n@@ -2,4 +2,4 @@\n 2\n 3\n 4\n-5\n+five\n" +
		"--- /dev/null\n+++ b/new.md\n@@ -0,0 +1 @@\n+N\n" +
		"--- a/old.md\n+++ /dev/null\n@@ -1 +0,0 @@\n-O\n" +
		"rename from c.png\nrename to d.png\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
