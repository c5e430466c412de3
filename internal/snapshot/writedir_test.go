package snapshot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// site makes a snapshot of paths and contents.
func site(t testing.TB, content map[string]string) *Snapshot {
	t.Helper()
	var files []*File
	for p, c := range content {
		// Two parts, as a page has.
		body := MakeBody([]byte(c[:len(c)/2]), []byte(c[len(c)/2:]))
		files = append(files, &File{Path: p, Hash: body.Hash(), Body: body})
	}
	s, err := New(files)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t testing.TB, s *Snapshot, dir string) WriteStats {
	t.Helper()
	stats, err := WriteDir(context.Background(), s, dir, WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return stats
}

// tree reads everything below dir: files by their content, directories as
// "dir", symbolic links as "-> target". Lectern's manifest and lock are left out.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	got := make(map[string]string)
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		switch {
		case rel == "." || rel == ManifestName || rel == lockName:
		case e.IsDir():
			got[rel] = "dir"
		case e.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(p)
			if err != nil {
				return err
			}
			got[rel] = "-> " + target
		default:
			data, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			got[rel] = string(data)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// want is what tree gives for a site and what else should be there.
func want(content map[string]string, others map[string]string) map[string]string {
	all := make(map[string]string)
	for _, m := range []map[string]string{others, content} {
		for p, c := range m {
			all[p] = c
			for d := filepath.ToSlash(filepath.Dir(p)); d != "."; d = filepath.ToSlash(filepath.Dir(d)) {
				all[d] = "dir"
			}
		}
	}
	return all
}

func equalTrees(t testing.TB, got, want map[string]string) {
	t.Helper()
	if msg := treeDiff(got, want); msg != "" {
		t.Fatal(msg)
	}
}

func treeDiff(got, want map[string]string) string {
	var b strings.Builder
	for _, p := range sortedKeys(got) {
		if w, ok := want[p]; !ok {
			fmt.Fprintf(&b, "%s should not be there (%.40q)\n", p, got[p])
		} else if w != got[p] {
			fmt.Fprintf(&b, "%s: %.40q, want %.40q\n", p, got[p], w)
		}
	}
	for _, p := range sortedKeys(want) {
		if _, ok := got[p]; !ok {
			fmt.Fprintf(&b, "%s is missing\n", p)
		}
	}
	return b.String()
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func put(t testing.TB, dir, name, content string) {
	t.Helper()
	p := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

func modTime(t testing.TB, dir, name string) time.Time {
	t.Helper()
	info, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return info.ModTime()
}

var day = map[string]string{
	"index.html": "home", "day1/index.html": "day one", "day1/01_a/index.html": "talk a",
	"day1/01_a/a.png": "picture", "tags/go/index.html": "go", "lectern/x.css": "css",
}

func with(m map[string]string, changes ...string) map[string]string {
	c := make(map[string]string, len(m))
	for k, v := range m {
		c[k] = v
	}
	for i := 0; i < len(changes); i += 2 {
		if changes[i+1] == "" {
			delete(c, changes[i])
		} else {
			c[changes[i]] = changes[i+1]
		}
	}
	return c
}

func TestWriteDirFirstAndSecond(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "yet", "there")
	stats := write(t, site(t, day), dir)
	if stats != (WriteStats{Written: 6, Bytes: 29}) {
		t.Errorf("first: %+v", stats)
	}
	equalTrees(t, tree(t, dir), want(day, nil))

	manifest := modTime(t, dir, ManifestName)
	old := make(map[string]time.Time)
	for p := range day {
		old[p] = modTime(t, dir, p)
	}
	if stats = write(t, site(t, day), dir); stats != (WriteStats{Unchanged: 6}) {
		t.Errorf("the same again: %+v", stats)
	}
	if !modTime(t, dir, ManifestName).Equal(manifest) {
		t.Error("the manifest was written although nothing changed")
	}

	next := with(day, "day1/01_a/index.html", "talk A", "day1/01_a/a.png", "", "tags/go/index.html", "", "day2/index.html", "day two")
	if stats = write(t, site(t, next), dir); stats != (WriteStats{Written: 2, Unchanged: 3, Removed: 2, Bytes: 13}) {
		t.Errorf("a change: %+v", stats)
	}
	equalTrees(t, tree(t, dir), want(next, nil))
	for _, p := range []string{"index.html", "day1/index.html", "lectern/x.css"} {
		if !modTime(t, dir, p).Equal(old[p]) {
			t.Errorf("%s is unchanged and has another modification time", p)
		}
	}
	if stats = write(t, site(t, nil), dir); stats.Removed != 5 {
		t.Errorf("nothing left: %+v", stats)
	}
	equalTrees(t, tree(t, dir), nil)
}

func TestWriteDirPutsRight(t *testing.T) {
	tests := map[string]func(t *testing.T, dir string){
		"deleted": func(t *testing.T, dir string) {
			if err := os.RemoveAll(filepath.Join(dir, "day1")); err != nil {
				t.Fatal(err)
			}
		},
		"edited":            func(t *testing.T, dir string) { put(t, dir, "day1/index.html", "something else") },
		"edited, size kept": func(t *testing.T, dir string) { put(t, dir, "index.html", "HOME") },
		"edited in the tick of the clock in which the manifest was written": func(t *testing.T, dir string) {
			// Nothing but the content tells: size and time are what they were.
			old := modTime(t, dir, "index.html")
			put(t, dir, "index.html", "HOME")
			for _, p := range []string{"index.html", ManifestName} {
				if err := os.Chtimes(filepath.Join(dir, p), old, old); err != nil {
					t.Fatal(err)
				}
			}
		},
		"touched": func(t *testing.T, dir string) {
			if err := os.Chtimes(filepath.Join(dir, "index.html"), time.Time{}, time.Unix(1e9, 0)); err != nil {
				t.Fatal(err)
			}
		},
		"leftovers without a manifest": func(t *testing.T, dir string) {
			put(t, dir, tempName("index.html"), "half a fi")
			put(t, dir, tempName("day1")+"/01_a/index.html", "half a fi")
			for _, p := range []string{"day1", "index.html", ManifestName} {
				if err := os.RemoveAll(filepath.Join(dir, p)); err != nil {
					t.Fatal(err)
				}
			}
		},
	}
	for name, harm := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, site(t, day), dir)
			harm(t, dir)
			write(t, site(t, day), dir)
			equalTrees(t, tree(t, dir), want(day, nil))
			if stats := write(t, site(t, day), dir); stats.Written != 0 {
				t.Errorf("a third build wrote %d files", stats.Written)
			}
		})
	}
}

func TestWriteDirTouchedIsNotWritten(t *testing.T) {
	dir := t.TempDir()
	write(t, site(t, day), dir)
	then := time.Unix(1e9, 0)
	if err := os.Chtimes(filepath.Join(dir, "index.html"), then, then); err != nil {
		t.Fatal(err)
	}
	if stats := write(t, site(t, day), dir); stats.Written != 0 {
		t.Errorf("%+v, want nothing written: the content is right", stats)
	}
	if got := modTime(t, dir, "index.html"); !got.Equal(then) {
		t.Errorf("modification time %v, want it left alone", got)
	}
}

func TestWriteDirForeign(t *testing.T) {
	dir := t.TempDir()
	others := map[string]string{
		"CNAME": "notes.example.org", ".git/config": "[core]", "day1/mine.txt": "mine", "keep/empty.txt": "x",
		"day1/index.html": "day one", // the content that is wanted: taken over
	}
	for p, c := range others {
		put(t, dir, p, c)
	}
	if err := os.Mkdir(filepath.Join(dir, "tags"), 0o777); err != nil {
		t.Fatal(err)
	}
	stats := write(t, site(t, day), dir)
	if stats.Written != 5 || stats.Unchanged != 1 {
		t.Errorf("%+v", stats)
	}
	equalTrees(t, tree(t, dir), want(day, others))
	write(t, site(t, nil), dir)
	delete(others, "day1/index.html")
	others["tags"] = "dir" // was there before Lectern
	got := tree(t, dir)
	equalTrees(t, got, want(nil, others))
}

func TestWriteDirConflict(t *testing.T) {
	tests := []struct {
		name  string
		make  func(t *testing.T, dir, outside string)
		paths []string
	}{
		{"a file with other content", func(t *testing.T, dir, _ string) {
			put(t, dir, "index.html", "mine")
			put(t, dir, "lectern/x.css", "CSS") // of the same length
		}, []string{"index.html", "lectern/x.css"}},
		{"a directory for a file", func(t *testing.T, dir, _ string) { put(t, dir, "index.html/mine", "mine") }, []string{"index.html"}},
		{"a file for a directory", func(t *testing.T, dir, _ string) { put(t, dir, "day1", "mine") }, []string{"day1"}},
		{"a link for a directory", func(t *testing.T, dir, outside string) {
			symlink(t, outside, filepath.Join(dir, "day1"))
		}, []string{"day1"}},
		{"a link within for a directory", func(t *testing.T, dir, _ string) {
			put(t, dir, "elsewhere/x", "x")
			symlink(t, "elsewhere", filepath.Join(dir, "day1"))
		}, []string{"day1"}},
		{"a link for a file", func(t *testing.T, dir, outside string) {
			put(t, outside, "victim", "home")
			symlink(t, filepath.Join(outside, "victim"), filepath.Join(dir, "index.html"))
		}, []string{"index.html"}},
		{"a dangling link", func(t *testing.T, dir, _ string) {
			symlink(t, "nowhere", filepath.Join(dir, "index.html"))
		}, []string{"index.html"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir, outside := t.TempDir(), t.TempDir()
			test.make(t, dir, outside)
			inside, without := tree(t, dir), tree(t, outside)
			_, err := WriteDir(context.Background(), site(t, day), dir, WriteOptions{})
			var conflict *ConflictError
			if !errors.As(err, &conflict) {
				t.Fatalf("error %v, want a conflict", err)
			}
			var paths []string
			for _, c := range conflict.Conflicts {
				paths = append(paths, c.Path)
				if !strings.Contains(err.Error(), c.Path) || !strings.Contains(err.Error(), c.Reason) {
					t.Errorf("%q does not name %+v", err, c)
				}
			}
			if !slices.Equal(paths, test.paths) {
				t.Errorf("conflicts %q, want %q", paths, test.paths)
			}
			equalTrees(t, tree(t, dir), inside)
			equalTrees(t, tree(t, outside), without)
		})
	}
}

func symlink(t testing.TB, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
}

// What replaces a directory of ours by a link after a build must not make the
// next build write or remove anything on the other side.
func TestWriteDirLinkInPlaceOfOurs(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	write(t, site(t, day), dir)
	if err := os.Rename(filepath.Join(dir, "day1"), filepath.Join(outside, "day1")); err != nil {
		t.Fatal(err)
	}
	symlink(t, filepath.Join(outside, "day1"), filepath.Join(dir, "day1"))
	without := tree(t, outside)
	var conflict *ConflictError
	if _, err := WriteDir(context.Background(), site(t, with(day, "day1/index.html", "changed")), dir, WriteOptions{}); !errors.As(err, &conflict) {
		t.Errorf("error %v, want a conflict", err)
	}
	equalTrees(t, tree(t, outside), without)
	gone := with(day, "day1/index.html", "", "day1/01_a/index.html", "", "day1/01_a/a.png", "")
	write(t, site(t, gone), dir) // nothing of day1 is wanted: nothing is in the way
	equalTrees(t, tree(t, outside), without)
	equalTrees(t, tree(t, dir), want(gone, map[string]string{"day1": "-> " + filepath.Join(outside, "day1")}))
}

func TestWriteDirFileAndDirectoryChangePlaces(t *testing.T) {
	dir := t.TempDir()
	a := map[string]string{"x": "file", "y/a/b": "1", "y/c": "2"}
	b := map[string]string{"x/index.html": "page", "x/z/q": "3", "y": "file"}
	for i := range 4 {
		content := a
		if i%2 == 1 {
			content = b
		}
		write(t, site(t, content), dir)
		equalTrees(t, tree(t, dir), want(content, nil))
	}
	put(t, dir, "x/mine", "mine")
	var conflict *ConflictError
	if _, err := WriteDir(context.Background(), site(t, a), dir, WriteOptions{}); !errors.As(err, &conflict) {
		t.Errorf("error %v, want a conflict: x has a file of someone else", err)
	}
	equalTrees(t, tree(t, dir), want(b, map[string]string{"x/mine": "mine"}))
}

func TestWriteDirRefuses(t *testing.T) {
	base := t.TempDir()
	source := filepath.Join(base, "notes")
	put(t, source, "content/a.md", "a")
	for _, dir := range []string{source, base, string(filepath.Separator), filepath.Join(source, "content", "..")} {
		if _, err := WriteDir(context.Background(), site(t, day), dir, WriteOptions{Source: source}); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: error %v, want ErrRefused", dir, err)
		}
	}
	equalTrees(t, tree(t, base), want(map[string]string{"notes/content/a.md": "a"}, nil))
	if _, err := WriteDir(context.Background(), site(t, day), filepath.Join(source, "public"), WriteOptions{Source: source}); err != nil {
		t.Errorf("a directory in the project: %v", err)
	}
	link := filepath.Join(base, "link")
	symlink(t, source, link)
	if _, err := WriteDir(context.Background(), site(t, day), link, WriteOptions{Source: source}); !errors.Is(err, ErrRefused) {
		t.Errorf("by way of a link: error %v, want ErrRefused", err)
	}
}

func TestWriteDirBadPaths(t *testing.T) {
	for _, p := range []string{"../x", "/x", "a/../b", "a//b", ".", "", ManifestName, "a/" + tempName("b"), "a\nb", "a\x00b"} {
		dir := t.TempDir()
		if _, err := WriteDir(context.Background(), site(t, map[string]string{p: "x"}), dir, WriteOptions{}); err == nil {
			t.Errorf("%q was written", p)
		}
		equalTrees(t, tree(t, dir), nil)
	}
	if _, err := WriteDir(context.Background(), site(t, map[string]string{"a": "x", "a-b": "x", "a/b": "y"}), t.TempDir(), WriteOptions{}); err == nil {
		t.Error("a file that is a directory too was written")
	}
}

func TestWriteDirBusy(t *testing.T) {
	dir := t.TempDir()
	started, release := make(chan struct{}), make(chan struct{})
	result := make(chan error)
	go func() {
		_, err := WriteDir(context.Background(), site(t, day), dir, WriteOptions{Progress: func(done, _ int) {
			if done == 1 {
				close(started)
				<-release
			}
		}})
		result <- err
	}()
	<-started
	if _, err := WriteDir(context.Background(), site(t, nil), dir, WriteOptions{}); !errors.Is(err, ErrBusy) {
		t.Errorf("second build: error %v, want ErrBusy", err)
	}
	close(release)
	if err := <-result; err != nil {
		t.Error(err)
	}
	equalTrees(t, tree(t, dir), want(day, nil))
}

// onDisk is a file beside the notes.
type onDisk struct {
	path string
	size int64
}

func (d onDisk) Open() (io.ReadSeekCloser, error) { return os.Open(d.path) }
func (d onDisk) Size() int64                      { return d.size }

func TestWriteDirSource(t *testing.T) {
	dir, src := t.TempDir(), t.TempDir()
	picture := bytes.Repeat([]byte("pixel"), 100_000)
	put(t, src, "a.png", string(picture))
	files := func() []*File {
		home := MakeBody([]byte("home, changed"))
		return []*File{
			{Path: "a.png", Hash: sha256.Sum256(picture), Source: onDisk{filepath.Join(src, "a.png"), int64(len(picture))}},
			{Path: "index.html", Hash: home.Hash(), Body: home},
			{Path: "new/index.html", Hash: home.Hash(), Body: home},
		}
	}
	snap, err := New(files())
	if err != nil {
		t.Fatal(err)
	}
	write(t, site(t, day), dir)
	for name, content := range map[string]string{"shorter": "pixel", "longer": string(picture) + "x", "other": strings.ToUpper(string(picture))} {
		t.Run(name, func(t *testing.T) {
			put(t, src, "a.png", content)
			_, err := WriteDir(context.Background(), snap, dir, WriteOptions{})
			if !errors.Is(err, ErrChanged) || !strings.Contains(err.Error(), "a.png") {
				t.Errorf("error %v, want ErrChanged", err)
			}
			equalTrees(t, tree(t, dir), want(day, nil))
			if stats := write(t, site(t, day), dir); stats.Written != 0 {
				t.Errorf("the old site had to be repaired: %+v", stats)
			}
		})
	}
	put(t, src, "a.png", string(picture))
	write(t, snap, dir)
	equalTrees(t, tree(t, dir), want(map[string]string{"a.png": string(picture), "index.html": "home, changed", "new/index.html": "home, changed"}, nil))
}

func TestWriteDirCancelled(t *testing.T) {
	dir := t.TempDir()
	write(t, site(t, day), dir)
	ctx, cancel := context.WithCancel(context.Background())
	next := with(day, "index.html", "new home", "new/a", "a", "new/b", "b", "day1/index.html", "")
	_, err := WriteDir(ctx, site(t, next), dir, WriteOptions{Jobs: 1, Progress: func(int, int) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want context.Canceled", err)
	}
	equalTrees(t, tree(t, dir), want(day, nil))
	m, err := ReadManifest(dir)
	if err != nil || len(m.Files) != len(day) {
		t.Errorf("manifest %+v, %v: want the old one", m, err)
	}
	write(t, site(t, next), dir)
	equalTrees(t, tree(t, dir), want(next, nil))
}

func TestWriteDirProgress(t *testing.T) {
	var calls []int
	_, err := WriteDir(context.Background(), site(t, day), t.TempDir(), WriteOptions{Progress: func(done, total int) {
		if total != 6 {
			t.Errorf("total %d, want 6", total)
		}
		calls = append(calls, done)
	}})
	if err != nil || !slices.Equal(calls, []int{1, 2, 3, 4, 5, 6}) {
		t.Errorf("calls %v, error %v", calls, err)
	}
}

func TestFoldCase(t *testing.T) {
	// The plan for a file system that ignores case, tried on one that need not.
	dir := t.TempDir()
	out, err := openOutput(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	defer out.close()
	out.foldCase = true
	if _, err := makePlan(t.Context(), out, site(t, map[string]string{"Tags/Go": "1", "tags/go": "2"}), &Manifest{}, 1); err == nil {
		t.Error("two files that differ in case alone can't both be written")
	}
	put(t, dir, "talk.html", "old")
	before := &Manifest{Files: []Entry{{Path: "Talk.html", Hash: sha256.Sum256([]byte("old")), Size: 3, flux: true}}}
	p, err := makePlan(t.Context(), out, site(t, map[string]string{"talk.html": "new"}), before, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.stale) != 0 || len(p.conflicts) != 0 || len(p.writes) != 1 {
		t.Errorf("stale %v, conflicts %v, writes %v: want the one file replaced", p.stale, p.conflicts, p.writes)
	}
}
