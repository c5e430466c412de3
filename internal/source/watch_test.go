package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// tooLong is when a test gives up; nothing is expected to take nearly so long.
const tooLong = 20 * time.Second

// watched is a folder with a watcher on it.
type watched struct {
	t    *testing.T
	root string
	w    *Watcher
	end  context.CancelFunc
}

// watch starts a watcher on a folder with files and folders ("x/") of these names.
func watch(t *testing.T, opts WatchOptions, names ...string) *watched {
	t.Helper()
	f := &watched{t: t, root: t.TempDir()}
	for _, n := range names {
		f.write(n, "old")
	}
	ctx, cancel := context.WithCancel(t.Context())
	w, err := Watch(ctx, f.root, opts)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	f.w, f.end = w, cancel
	t.Cleanup(f.close)
	return f
}

func (f *watched) close() {
	f.end()
	for range f.w.Changes() { // closed when all has ended
	}
}

func (f *watched) path(name string) string { return filepath.Join(f.root, filepath.FromSlash(name)) }

func (f *watched) write(name, text string) {
	f.t.Helper()
	p := f.path(name)
	dir := filepath.Dir(p)
	if strings.HasSuffix(name, "/") {
		dir = p
	}
	f.must(os.MkdirAll(dir, 0o755))
	if dir != p {
		f.must(os.WriteFile(p, []byte(text), 0o644))
	}
}

func (f *watched) rename(from, to string) { f.must(os.Rename(f.path(from), f.path(to))) }
func (f *watched) remove(name string)     { f.must(os.RemoveAll(f.path(name))) }

func (f *watched) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

// next returns the next message.
func (f *watched) next() []string {
	f.t.Helper()
	select {
	case paths, ok := <-f.w.Changes():
		if !ok {
			f.t.Fatal("the watcher ended")
		}
		return paths
	case <-time.After(tooLong):
		f.t.Fatal("no message")
	}
	return nil
}

// expect reads messages until each of names was in one, and returns all paths
// they held. A message for "anything" counts for every name only with anything.
func (f *watched) expect(anything bool, names ...string) []string {
	f.t.Helper()
	var got []string
	for {
		missing := slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(got, n) })
		if !missing && len(got) > 0 {
			return got
		}
		paths := f.next()
		if len(paths) == 0 {
			if anything {
				return got
			}
			f.t.Fatalf("a message for anything, after %q; want %q", got, names)
		}
		if !slices.IsSorted(paths) || len(slices.Compact(slices.Clone(paths))) != len(paths) {
			f.t.Fatalf("not a sorted set: %q", paths)
		}
		got = append(got, paths...)
	}
}

// barrier writes a file of its own and waits until it is told of; messages
// before it are returned, so that a test can say what was not told.
func (f *watched) barrier() []string {
	f.t.Helper()
	name := fmt.Sprintf("barrier%d", time.Now().UnixNano())
	f.write(name, "x")
	return f.expect(true, name)
}

func TestWatchEdits(t *testing.T) {
	for _, tc := range []struct {
		name  string
		files []string
		edit  func(f *watched)
		want  []string
		not   []string
	}{
		{
			name: "write", files: []string{"content/a.md", "content/b.md"},
			edit: func(f *watched) { f.write("content/a.md", "new") },
			want: []string{"content/a.md"}, not: []string{"content/b.md"},
		},
		{
			name: "new file", files: []string{"content/"},
			edit: func(f *watched) { f.write("content/new.md", "new") },
			want: []string{"content/new.md"},
		},
		{
			name: "remove", files: []string{"a.md"},
			edit: func(f *watched) { f.remove("a.md") },
			want: []string{"a.md"},
		},
		{
			name: "rename", files: []string{"a.md"},
			edit: func(f *watched) { f.rename("a.md", "b.md") },
			want: []string{"a.md", "b.md"},
		},
		{
			name: "atomic save", files: []string{"a.md"},
			edit: func(f *watched) {
				f.write(".a.md.tmp", "new")
				f.rename(".a.md.tmp", "a.md")
			},
			want: []string{"a.md"}, not: []string{".a.md.tmp"},
		},
		{
			name: "vim with a backup", files: []string{"a.md"},
			edit: func(f *watched) {
				f.rename("a.md", "a.md~")
				f.write("a.md", "new")
				f.remove("a.md~")
			},
			want: []string{"a.md"}, not: []string{"a.md~"},
		},
		{
			name: "attributes", files: []string{"a.md"},
			edit: func(f *watched) {
				if runtime.GOOS != "linux" {
					f.write("a.md", "elsewhere attributes don't count")
				}
				f.must(os.Chmod(f.path("a.md"), 0o600))
			},
			want: []string{"a.md"},
		},
		{
			name: "new folder with files at once", files: []string{"content/"},
			edit: func(f *watched) {
				f.write("content/day1/talks/a.md", "new")
				f.write("content/day1/b.md", "new")
			},
			want: []string{"content/day1", "content/day1/talks/a.md", "content/day1/b.md"},
		},
		{
			name: "folder removed", files: []string{"content/day1/a.md", "content/day2/a.md"},
			edit: func(f *watched) { f.remove("content/day1") },
			want: []string{"content/day1"}, not: []string{"content/day2"},
		},
		{
			name: "ignored", files: []string{".git/", "node_modules/x/"},
			edit: func(f *watched) {
				f.write(".git/index", "new")
				f.write("node_modules/x/y.md", "new")
				f.write("#a.md#", "new")
				f.write("a.md~", "new")
				f.write("a.md", "new")
			},
			want: []string{"a.md"}, not: []string{".git/index", ".git", "node_modules/x/y.md", "#a.md#", "a.md~"},
		},
		{
			name: "output of a build", files: []string{"public/" + Marker, "public/index.html", "a.md"},
			edit: func(f *watched) {
				f.write("public/index.html", "new")
				f.write("a.md", "new")
			},
			want: []string{"a.md"}, not: []string{"public/index.html"},
		},
		{
			name: "names with spaces and other letters", files: []string{"Tag 1/"},
			edit: func(f *watched) { f.write("Tag 1/Größe 🙂.md", "new") },
			want: []string{"Tag 1/Größe 🙂.md"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := watch(t, WatchOptions{}, tc.files...)
			tc.edit(f)
			got := f.expect(false, tc.want...)
			got = append(got, f.barrier()...)
			for _, n := range tc.not {
				if slices.Contains(got, n) {
					t.Errorf("told of %q: %q", n, got)
				}
			}
		})
	}
}

// TestWatchUnfinished looks at what holds a message back: a site without the
// note, or with an empty one, would be shown in the middle of a save.
func TestWatchUnfinished(t *testing.T) {
	f := watch(t, WatchOptions{}, "a.md")
	f.write("empty.md", "")
	for _, tc := range []struct {
		name    string
		changes []change
		want    bool
	}{
		{"a.md", []change{written}, false},
		{"a.md", []change{gone, created}, false},
		{"empty.md", []change{written}, true},
		{"gone.md", []change{gone}, true},
		{"temporary.md", []change{created, written, gone}, false},
	} {
		w := Watcher{root: f.root}
		for _, c := range tc.changes {
			w.batch.touch(tc.name, c)
		}
		if got := w.unfinished(); got != tc.want {
			t.Errorf("%s %v: %v, want %v", tc.name, tc.changes, got, tc.want)
		}
		w.batch.reset()
	}
}

func TestWatchMergesWhileNobodyListens(t *testing.T) {
	f := watch(t, WatchOptions{}, "content/")
	var want []string
	for i := range 40 {
		name := fmt.Sprintf("content/%02d.md", i)
		want = append(want, name)
		f.write(name, "x")
		if i%10 == 0 {
			time.Sleep(2 * patience) // a message is ready by now, and not taken
		}
	}
	time.Sleep(2 * patience)
	if got := f.next(); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestWatchFolderComesAndGoes(t *testing.T) {
	f := watch(t, WatchOptions{}, "a/")
	for i := range 20 {
		f.write("a/day/x.md", fmt.Sprint(i))
		f.expect(true, "a/day/x.md")
		f.write("a/day/y.md", fmt.Sprint(i))
		f.expect(true, "a/day/y.md")
		f.remove("a/day")
		f.expect(true, "a/day")
	}
}

func TestWatchFolderRenamed(t *testing.T) {
	f := watch(t, WatchOptions{}, "content/day1/talks/a.md")
	for i := range 5 {
		from, to := fmt.Sprintf("content/day%d", i+1), fmt.Sprintf("content/day%d", i+2)
		f.rename(from, to)
		f.expect(true, from, to)
		// What is in it must still be watched, under its new name.
		name := to + "/talks/a.md"
		f.write(name, fmt.Sprint("new", i))
		if got := f.expect(true, name); slices.Contains(got, from+"/talks/a.md") {
			t.Fatalf("told of the old name: %q", got)
		}
		f.barrier()
	}
}

func TestWatchFolderMovedIntoNewFolder(t *testing.T) {
	f := watch(t, WatchOptions{}, "day1/a.md")
	f.must(os.Mkdir(f.path("conf"), 0o755))
	f.rename("day1", "conf/day1")
	for len(f.next()) > 0 { // the message that says "anything"
	}
	f.write("conf/day1/a.md", "new")
	f.expect(false, "conf/day1/a.md")
}

func TestWatchRootComesBack(t *testing.T) {
	for _, how := range []string{"removed", "renamed"} {
		t.Run(how, func(t *testing.T) {
			f := watch(t, WatchOptions{}, "a.md")
			if how == "removed" {
				f.remove("")
			} else {
				away := f.root + "-away"
				f.must(os.Rename(f.root, away))
				t.Cleanup(func() { os.RemoveAll(away) })
			}
			f.expect(true, "nothing of this name") // until "anything"
			f.write("a.md", "back")
			f.expect(true, "nothing of this name")
			f.write("a.md", "again")
			f.expect(false, "a.md")
		})
	}
}

func TestWatchSymlinksAreNotFollowed(t *testing.T) {
	outside := t.TempDir()
	f := watch(t, WatchOptions{}, "a.md")
	if err := os.Symlink(outside, f.path("link")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	f.expect(false, "link")
	f.must(os.WriteFile(filepath.Join(outside, "secret.md"), []byte("x"), 0o644))
	if got := f.barrier(); slices.ContainsFunc(got, func(p string) bool { return strings.Contains(p, "secret") }) {
		t.Errorf("told of what is outside: %q", got)
	}
}

func TestWatchManyFolders(t *testing.T) {
	var dirs []string
	for i := range 250 {
		dirs = append(dirs, fmt.Sprintf("content/%03d/", i))
	}
	f := watch(t, WatchOptions{Warn: func(err error) { t.Log(err) }}, dirs...)
	for _, i := range []int{0, 123, 249} {
		name := fmt.Sprintf("content/%03d/a.md", i)
		f.write(name, "x")
		f.expect(false, name)
	}
}

func TestWatchOverflow(t *testing.T) {
	text, err := os.ReadFile("/proc/sys/fs/inotify/max_queued_events")
	if err != nil {
		t.Skip("how to make the system lose count is known on Linux only:", err)
	}
	limit, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if limit > 100_000 {
		t.Skip("the system's queue is too long to be filled in a test:", limit)
	}
	f := watch(t, WatchOptions{}, "a.md", "b.md")
	f.close()
	f.w.changes = make(chan []string)
	f.must(f.w.open())
	// Nobody reads the events but the library, which has room for 4096; equal
	// ones in succession would count as one.
	for i := range limit + 10_000 {
		f.must(os.Chmod(f.path([]string{"a.md", "b.md"}[i%2]), 0o600))
	}
	ctx, cancel := context.WithCancel(t.Context())
	f.end = cancel
	go f.w.run(ctx)
	f.expect(true, "nothing of this name") // until "anything"
	f.write("sub/c.md", "x")
	f.expect(true, "sub/c.md")
}

func TestWatchOutlivesItsLibrary(t *testing.T) {
	f := watch(t, WatchOptions{}, "a.md")
	f.close()
	f.w.changes = make(chan []string)
	f.must(f.w.open())
	f.must(f.w.events.Close())
	ctx, cancel := context.WithCancel(t.Context())
	f.end = cancel
	go f.w.run(ctx)
	if got := f.next(); len(got) != 0 {
		t.Errorf("got %q, want an empty set", got)
	}
	f.write("a.md", "new")
	f.expect(false, "a.md")
}

func TestWatchPolls(t *testing.T) {
	f := watch(t, WatchOptions{Poll: 5 * time.Millisecond}, "content/a.md", "content/b.md", ".hidden/x")
	f.write("content/a.md", "longer than before")
	if got := f.expect(false, "content/a.md"); slices.Contains(got, "content/b.md") {
		t.Errorf("told of what did not change: %q", got)
	}
	f.write(".hidden/x", "longer than before")
	f.write("content/sub/c.md", "x")
	if got := f.expect(false, "content/sub/c.md"); slices.Contains(got, ".hidden/x") {
		t.Errorf("told of what is ignored: %q", got)
	}
	f.remove("content/b.md")
	f.expect(false, "content/b.md")
}

func TestWatchFallsBackToPolling(t *testing.T) {
	for _, errno := range []syscall.Errno{syscall.ENOSPC, syscall.EMFILE} {
		var warned error
		f := watch(t, WatchOptions{Poll: time.Hour, Warn: func(err error) { warned = err }}, "a.md")
		f.close()
		// A limit can't be reached without taking it from all other programs;
		// so go on from where the watcher is when it was told of one.
		f.w.opts.Poll = 5 * time.Millisecond
		f.w.changes = make(chan []string)
		f.w.fallBack(limited(&os.PathError{Op: "watch", Path: "x", Err: errno}))
		if !errors.Is(warned, ErrWatchLimit) || !errors.Is(warned, errno) {
			t.Errorf("%v: warned %v", errno, warned)
		}
		if errno == syscall.ENOSPC && !strings.Contains(warned.Error(), "fs.inotify.max_user_watches") {
			t.Errorf("no hint in %q", warned)
		}
		ctx, cancel := context.WithCancel(t.Context())
		f.end = cancel
		go f.w.run(ctx)
		if got := f.next(); len(got) != 0 {
			t.Errorf("first %q, want an empty set", got)
		}
		f.write("a.md", "longer than before")
		f.expect(false, "a.md")
	}
}

func TestWatchRefusesWhatIsNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.md")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, root := range []string{file, file + "-absent"} {
		if w, err := Watch(t.Context(), root, WatchOptions{}); err == nil {
			t.Errorf("%s: %v, want an error", root, w)
		}
	}
}

func TestWatchEndsWhileAMessageIsReady(t *testing.T) {
	f := watch(t, WatchOptions{}, "a.md")
	f.write("a.md", "new")
	time.Sleep(patience)
	f.end()
	select {
	case <-time.After(tooLong):
		t.Fatal("the watcher did not end")
	case _, ok := <-drained(f.w.Changes()):
		if ok {
			t.Error("not closed")
		}
	}
}

// drained returns a channel that is closed when c is.
func drained(c <-chan []string) <-chan struct{} {
	end := make(chan struct{})
	go func() {
		defer close(end)
		for range c {
		}
	}()
	return end
}

func BenchmarkWatchSave(b *testing.B) {
	root := b.TempDir()
	file := filepath.Join(root, "a.md")
	ctx, cancel := context.WithCancel(b.Context())
	w, err := Watch(ctx, root, WatchOptions{})
	if err != nil {
		cancel()
		b.Fatal(err)
	}
	for b.Loop() {
		if err := os.WriteFile(file, []byte("x"), 0o644); err != nil {
			b.Fatal(err)
		}
		<-w.Changes()
	}
	cancel()
	<-drained(w.Changes())
}
