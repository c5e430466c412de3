package source_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"lectern/internal/source"
)

var whole = source.Scope{Roots: []string{"."}}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	p := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, dir string) *source.Dir {
	t.Helper()
	d, err := source.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func scan(t *testing.T, d *source.Dir, scope source.Scope) *source.Tree {
	t.Helper()
	tree, err := d.Scan(context.Background(), scope)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// list shows a tree: paths, then rules with their paths.
func list(tree *source.Tree) string {
	var out []string
	for _, f := range tree.Files() {
		out = append(out, f.Path)
	}
	for _, d := range tree.Diags() {
		out = append(out, d.Rule+":"+d.File)
	}
	return strings.Join(out, " ")
}

func TestScanLeavesOut(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{
		"a.md", "day1/02_x.md", "day1/_img/p.png", ".git/config", ".hidden.md", "a.md~", "#a.md#",
		"node_modules/x/readme.md", "public/index.html", "old/" + source.Marker, "old/index.html",
	} {
		write(t, dir, name, name)
	}
	d := open(t, dir)
	tree := scan(t, d, source.Scope{Roots: []string{".", "day1"}, Skip: []string{"public"}})
	if got, want := list(tree), "a.md day1/02_x.md day1/_img/p.png"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := list(scan(t, d, source.Scope{Roots: []string{"day1", "absent"}})), "day1/02_x.md day1/_img/p.png"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	data, err := tree.Lookup("day1/02_x.md").Read(100)
	if err != nil || string(data) != "day1/02_x.md" {
		t.Errorf("read %q, %v", data, err)
	}
	if _, err := tree.Lookup("day1/02_x.md").Read(3); !errors.Is(err, source.ErrTooLarge) {
		t.Errorf("a file above the limit: %v", err)
	}
	if tree.Lookup("day1") != nil {
		t.Error("a folder was found as a file")
	}
}

func TestLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("making symbolic links needs a right that users of Windows may not have")
	}
	outside := t.TempDir()
	write(t, outside, "secret.md", "secret")
	dir := t.TempDir()
	write(t, dir, "a/x.md", "x")
	write(t, dir, "b/y.md", "y")
	for link, target := range map[string]string{
		"a/out.md":  filepath.Join(outside, "secret.md"),
		"a/up.md":   "../../" + filepath.Base(outside) + "/secret.md",
		"a/outdir":  outside,
		"a/loop":    "..",
		"a/self":    "self",
		"a/broken":  "nowhere.md",
		"a/fine.md": "../b/y.md",
		"fine":      "b",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	d := open(t, dir)
	tree := scan(t, d, whole)
	want := "a/fine.md a/x.md b/y.md fine/y.md symlink-loop:a/loop symlink-refused:a/out.md symlink-refused:a/outdir symlink-refused:a/self symlink-refused:a/up.md"
	if got := list(tree); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	for _, name := range []string{"a/fine.md", "fine/y.md"} {
		if data, err := tree.Lookup(name).Read(100); err != nil || string(data) != "y" {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
	// A file that becomes a link out of the folder after it was listed.
	if err := os.Remove(filepath.Join(dir, "a/x.md")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(outside, "secret.md"), filepath.Join(dir, "a/x.md")); err != nil {
		t.Fatal(err)
	}
	if data, err := tree.Lookup("a/x.md").Read(100); err == nil {
		t.Errorf("read %q through a link that leaves the folder", data)
	}
}

// Update must list what Scan lists, after any edits.
func TestUpdateIsScan(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	dir := t.TempDir()
	d := open(t, dir)
	tree := scan(t, d, whole)
	for step := range 300 {
		name := fmt.Sprintf("d%d", rnd.IntN(3))
		if rnd.IntN(2) == 0 {
			name += fmt.Sprintf("/e%d", rnd.IntN(3))
		}
		var changed []string
		switch file := fmt.Sprintf("%s/f%d.md", name, rnd.IntN(3)); rnd.IntN(5) {
		case 0, 1:
			if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() {
				continue
			}
			write(t, dir, file, fmt.Sprint(step))
			changed = []string{file}
			if rnd.IntN(2) == 0 {
				changed = []string{name} // a watcher that saw only the folder
			}
		case 2:
			os.Remove(filepath.Join(dir, file))
			changed = []string{file}
		case 3:
			os.RemoveAll(filepath.Join(dir, name))
			changed = []string{name}
		case 4:
			to := fmt.Sprintf("d%d", rnd.IntN(3))
			if os.Rename(filepath.Join(dir, name), filepath.Join(dir, to)) != nil {
				continue
			}
			changed = []string{name, to}
		}
		var err error
		if tree, err = d.Update(context.Background(), whole, tree, changed); err != nil {
			t.Fatal(err)
		}
		fresh := scan(t, d, whole)
		if list(tree) != list(fresh) {
			t.Fatalf("step %d, changed %v: %s, want %s", step, changed, list(tree), list(fresh))
		}
		if !slices.EqualFunc(tree.Files(), fresh.Files(), (*source.File).Same) {
			t.Fatalf("step %d: files that are not the same as those on disk", step)
		}
	}
}

func TestUnreadableFolder(t *testing.T) {
	if os.Geteuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("permissions mean nothing to this user")
	}
	dir := t.TempDir()
	write(t, dir, "a/x.md", "x")
	write(t, dir, "b/y.md", "y")
	if err := os.Chmod(filepath.Join(dir, "a"), 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Join(dir, "a"), 0o755)
	if got, want := list(scan(t, open(t, dir), whole)), "b/y.md file-unreadable:a"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestScanEnds(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, strings.Repeat("d/", 80)+"x.md", "x")
	write(t, dir, "y.md", "y")
	tree := scan(t, open(t, dir), whole)
	if len(tree.Files()) != 1 || len(tree.Diags()) != 1 || tree.Diags()[0].Rule != "folder-depth" {
		t.Error(list(tree))
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := open(t, dir).Scan(ctx, whole); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled scan: %v", err)
	}
}
