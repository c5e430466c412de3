package gitrepo

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"lectern/internal/history"
)

// put writes files into dir, or removes those with no text.
func put(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if text == "" {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// commit commits all that put has changed, at the given hour of the first day.
func commit(t *testing.T, dir string, hour int, message string) {
	t.Helper()
	at := written.Add(time.Duration(hour) * time.Hour)
	git(t, dir, at, at, "add", "-A")
	git(t, dir, at, at, "commit", "-q", "--cleanup=verbatim", "-m", message)
}

func read(t *testing.T, r *Repo, opts HistoryOptions) *History {
	t.Helper()
	h, err := r.History(context.Background(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// say writes commits as lines: "subject: path<from new old".
func say(h *History) string {
	var b strings.Builder
	for _, c := range h.Commits {
		b.WriteString(c.Subject + ":")
		for _, f := range c.Files {
			b.WriteString(" " + f.Path)
			if f.From != "" {
				b.WriteString("<" + f.From)
			}
			switch {
			case f.Old == "" && f.New != "":
				b.WriteString("+")
			case f.New == "":
				b.WriteString("-")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// story is a repository in which everything happens once.
func story(t *testing.T) string {
	dir := repository(t)
	long := strings.Repeat("A line of a note.\n", 20)
	put(t, dir, map[string]string{"notes/one.md": "One\n", "notes/dir/zwei ü\n.md": long, "code/x.go": "x"})
	commit(t, dir, 0, "First\x1b[31m   commit\n\nWith a body.")
	put(t, dir, map[string]string{"notes/one.md": "One more\n"})
	commit(t, dir, 1, "Edit")
	put(t, dir, map[string]string{"code/x.go": "y"})
	commit(t, dir, 2, "Outside")
	put(t, dir, map[string]string{"notes/dir/zwei ü\n.md": "", "notes/two.md": long + "End.\n"})
	commit(t, dir, 3, "Move")
	git(t, dir, written, written, "checkout", "-q", "-b", "side", "HEAD~1")
	put(t, dir, map[string]string{"notes/side.md": "Side\n"})
	commit(t, dir, 4, "Aside")
	git(t, dir, written, written, "checkout", "-q", "-")
	at := written.Add(5 * time.Hour)
	git(t, dir, at, at, "merge", "-q", "--no-ff", "-m", "Merge", "side")
	put(t, dir, map[string]string{"notes/one.md": ""})
	commit(t, dir, 6, "Remove")
	git(t, dir, at, at, "commit", "-q", "--allow-empty", "-m", "Empty")
	return dir
}

func TestHistory(t *testing.T) {
	dir := story(t)
	r := Open(filepath.Join(dir, "notes"), "")
	h := read(t, r, HistoryOptions{})
	want := "Remove: one.md-\nAside: side.md+\nMove: two.md<dir/zwei ü\n.md\nEdit: one.md\nFirst [31m commit: dir/zwei ü\n.md+ one.md+\n"
	if got := say(h); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	edit := h.Commits[3]
	if edit.Author != "A" || !edit.Time.Equal(written.Add(time.Hour)) || edit.Time.Format("-0700") != "+0200" {
		t.Errorf("author %q, time %v", edit.Author, edit.Time)
	}
	var texts []string
	err := r.Blobs(context.Background(), []history.ID{edit.Files[0].Old, history.ID(strings.Repeat("x", 20)), edit.Files[0].New}, 6, func(_ history.ID, data []byte) {
		texts = append(texts, fmt.Sprintf("%q", data))
	})
	if got := strings.Join(texts, " "); err != nil || got != `"One\n" "" ""` {
		t.Errorf("contents %s, %v; one is missing and one is too long", got, err)
	}
	whole := read(t, Open(dir, ""), HistoryOptions{})
	if got := say(whole); !strings.Contains(got, "Outside: code/x.go\n") || !strings.Contains(got, "Edit: notes/one.md\n") {
		t.Errorf("from the top:\n%s", got)
	}
}

func TestHistoryCache(t *testing.T) {
	dir := story(t)
	cache := t.TempDir()
	cold := read(t, Open(dir, cache), HistoryOptions{})
	files, err := filepath.Glob(filepath.Join(cache, "history", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%q, %v; want one file", files, err)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read what is kept: %v, %v", info.Mode(), err)
	}
	kept, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	warm := func() (h *History, asked bool) {
		return read(t, Open(dir, cache), HistoryOptions{Progress: func(int, int) { asked = true }}), asked
	}
	if h, asked := warm(); asked || !reflect.DeepEqual(h, cold) {
		t.Errorf("warm: git was asked: %v; history\n%s\nnot\n%s", asked, say(h), say(cold))
	}
	for name, data := range map[string][]byte{
		"empty": nil, "cut off": kept[:len(kept)-3], "rubbish": []byte("rubbish, of more than some bytes"),
		"changed": bytes.Replace(kept, []byte("Edit"), []byte("Edot"), 1),
	} {
		if err := os.WriteFile(files[0], data, 0o600); err != nil {
			t.Fatal(err)
		}
		if h, asked := warm(); !asked || !reflect.DeepEqual(h, cold) {
			t.Errorf("%s: git was asked: %v; history\n%s", name, asked, say(h))
		}
		if h, asked := warm(); asked || !reflect.DeepEqual(h, cold) {
			t.Errorf("%s, mended: git was asked: %v; history\n%s", name, asked, say(h))
		}
	}
	put(t, dir, map[string]string{"notes/two.md": "New\n"})
	commit(t, dir, 9, "Later")
	later, clean := read(t, Open(dir, cache), HistoryOptions{}), read(t, Open(dir, ""), HistoryOptions{})
	if !reflect.DeepEqual(later, clean) || later.Commits[0].Subject != "Later" {
		t.Errorf("after a commit:\n%s\nnot\n%s", say(later), say(clean))
	}
}

func TestHistoryStamp(t *testing.T) {
	dir := story(t)
	r := Open(filepath.Join(dir, "notes"), "")
	if r.Stamp() != "" {
		t.Error("a stamp before the history was read")
	}
	read(t, r, HistoryOptions{})
	before := r.Stamp()
	if before == "" || r.Stamp() != before {
		t.Errorf("stamp %q, then %q", before, r.Stamp())
	}
	put(t, dir, map[string]string{"notes/two.md": "New\n"})
	if r.Stamp() != before {
		t.Error("an edit changed the stamp")
	}
	commit(t, dir, 9, "Later")
	after := r.Stamp()
	if after == before {
		t.Error("a commit did not change the stamp")
	}
	git(t, dir, written, written, "pack-refs", "--all")
	packed := r.Stamp()
	put(t, dir, map[string]string{"notes/two.md": "Newer\n"})
	commit(t, dir, 10, "Later still")
	if r.Stamp() == packed {
		t.Error("a commit after pack-refs did not change the stamp")
	}
	git(t, dir, written, written, "checkout", "-q", "HEAD~2")
	if s := r.Stamp(); s == after || s == packed {
		t.Error("another commit checked out did not change the stamp")
	}
	linked := filepath.Join(t.TempDir(), "linked")
	git(t, dir, written, written, "worktree", "add", "-q", "-b", "linked", linked)
	lr := Open(linked, "")
	read(t, lr, HistoryOptions{})
	before = lr.Stamp()
	put(t, linked, map[string]string{"notes/two.md": "Linked\n"})
	commit(t, linked, 11, "Linked")
	if lr.Stamp() == before {
		t.Error("in a linked worktree a commit did not change the stamp")
	}
}

func TestHistoryNone(t *testing.T) {
	dir := repository(t)
	why := func(name, dir, want string) {
		t.Helper()
		_, err := Open(dir, "").History(context.Background(), HistoryOptions{})
		none, ok := errors.AsType[*NoHistoryError](err)
		if !ok || !strings.Contains(none.Why, want) {
			t.Errorf("%s: error %v, want one about %q", name, err, want)
		}
	}
	why("no commit", dir, "nothing is committed yet")
	put(t, dir, map[string]string{"a/x.md": "x"})
	commit(t, dir, 0, "First")
	put(t, dir, map[string]string{"b/y.md": "y"})
	why("untracked", filepath.Join(dir, "b"), "nothing in the folder")
	clone := filepath.Join(t.TempDir(), "clone")
	commit(t, dir, 1, "Second")
	git(t, dir, written, written, "clone", "-q", "--depth=1", "file://"+filepath.ToSlash(dir), clone)
	if h := read(t, Open(clone, ""), HistoryOptions{}); !h.Shallow || len(h.Commits) > 0 {
		t.Errorf("a shallow clone: %+v", h)
	}
	other := t.TempDir()
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(other))
	why("no repository", other, "no git repository")
	t.Setenv("PATH", t.TempDir())
	why("no git", dir, "not installed")
}

// TestHistoryMany has more commits than are looked at.
func TestHistoryMany(t *testing.T) {
	dir := repository(t)
	const commits = 3000
	importMany(t, dir, commits, 50)
	var told [][2]int
	h := read(t, Open(dir, ""), HistoryOptions{MaxCommits: 1000, Progress: func(done, total int) { told = append(told, [2]int{done, total}) }})
	if !h.Cut || len(h.Commits) != 1000 || h.Commits[0].Subject != "Commit 2999" || h.Commits[999].Subject != "Commit 2000" {
		t.Errorf("cut: %v, %d commits", h.Cut, len(h.Commits))
	}
	if want := [][2]int{{512, 1000}, {1000, 1000}}; !reflect.DeepEqual(told, want) {
		t.Errorf("progress %v, want %v", told, want)
	}
	if h := read(t, Open(dir, ""), HistoryOptions{MaxCommits: commits}); h.Cut || len(h.Commits) != commits {
		t.Errorf("not cut: %v, %d commits", h.Cut, len(h.Commits))
	}
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := Open(dir, "").History(ctx, HistoryOptions{Progress: func(int, int) { cancel() }}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled on the way: %v", err)
	}
}

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", " a\t\tb\r\n": "a b", "a\xffb": "a\uFFFDb", "x\u202Ey": "xy",
		strings.Repeat("ä", 9): "äääääää…",
	} {
		if got := line([]byte(in), 8); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzStore(f *testing.F) {
	id := history.ID(strings.Repeat("x", 20))
	f.Add(appendCommit(nil, &history.Commit{ID: id, Time: written, Author: "A", Subject: "S", Files: []history.Change{{Path: "a", From: "b", Old: id, New: id}}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := decoder{paths: map[string]string{}}
		if c, ok := d.commit(data, map[history.ID]bool{id: true}); ok && c != nil {
			again := appendCommit(nil, c)
			if c2, ok := (&decoder{paths: map[string]string{}}).commit(again, map[history.ID]bool{id: true}); !ok || !reflect.DeepEqual(c, c2) {
				t.Errorf("%+v became %+v", c, c2)
			}
		}
	})
}

func FuzzDiffTree(f *testing.F) {
	const id = "740d00d254b14652edf9273d8b34c0c8a9e91fc8"
	f.Add([]byte("\x01" + id + "\x001795408717 +0200\x00A\x00edit\x00\n:100644 100644 " + id + " " + id + " R100\x00a\x00b\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := differ{r: bufio.NewReader(bytes.NewReader(data)), prefix: "notes/", paths: map[string]string{}}
		_ = d.all(func(c *history.Commit) {
			if len(c.ID) != 20 && len(c.ID) != 32 {
				t.Errorf("a commit without a name: %+v", c)
			}
		})
	})
}
