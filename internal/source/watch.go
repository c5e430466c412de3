package source

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

// WatchOptions configure [Watch].
type WatchOptions struct {
	// Ignore says what is not watched: path is a slash path from the root; of
	// what is gone isDir may be false though it was a folder. Nil means what
	// [Ignored] says of the path.
	Ignore func(path string, isDir bool) bool
	// Poll, unless 0, is how often to look at all files instead of being told
	// by the system, for file systems that tell nothing (some network and
	// virtual machine mounts).
	Poll time.Duration
	// Warn, unless nil, is told, from the watcher's goroutine or from Watch,
	// when the system can't watch so many folders and they are polled from
	// then on (an error that says so and what to do), or failed in passing.
	Warn func(error)
}

// ErrWatchLimit says that the system refuses to watch more folders.
var ErrWatchLimit = errors.New("the system's limit on watched folders is reached")

const (
	// pollEvery is the pace of polling where the system's limit forced it.
	pollEvery = time.Second
	// pollShare bounds polling to a twentieth of one processor's time.
	pollShare = 20
)

// Watcher tells of changed files in a folder and all folders in it.
//
// A message is a set of slash paths, sorted; a path that is or was a folder
// stands for all in it. An empty set says that anything may have changed (the
// system lost count, a folder was moved, the root itself was replaced), and
// that everything has to be looked at. A change made after Watch returned is
// never missed; one may be told of twice.
//
// A message is sent when there was no further event for 3 ms, or 30 ms after
// the first. A file that vanished or was emptied is waited for until then:
// that is how editors begin to save. While nobody takes a message, changes are
// added to it. Symbolic links are not followed: a change behind one is told of
// under its own path, if that is in the root.
type Watcher struct {
	opts    WatchOptions
	root    string // absolute, without links
	changes chan []string

	// All below is owned by run.
	events *fsnotify.Watcher   // nil while polling or while the root is gone
	dirs   map[string]struct{} // the folders watched; "." is the root
	batch  batch
	resync bool // the watches may be at wrong folders and have to be made anew

	polling bool
	seen    listing     // what the last poll saw
	tick    *time.Timer // the next poll or the next look for a lost root
}

// Watch begins to watch the folder root. The watcher ends with ctx.
func Watch(ctx context.Context, root string, opts WatchOptions) (*Watcher, error) {
	abs, err := filepath.Abs(root)
	if err == nil {
		abs, err = filepath.EvalSymlinks(abs)
	}
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", root, err)
	}
	if info, err := os.Stat(abs); err != nil {
		return nil, fmt.Errorf("watch %s: %w", root, err)
	} else if !info.IsDir() {
		return nil, fmt.Errorf("watch %s: not a folder", root)
	}
	if opts.Ignore == nil {
		opts.Ignore = func(path string, _ bool) bool { return Ignored(path) }
	}
	w := &Watcher{opts: opts, root: abs, changes: make(chan []string)}
	if opts.Poll > 0 {
		w.poll()
	} else if err := w.open(); err != nil {
		if !errors.Is(err, ErrWatchLimit) {
			return nil, fmt.Errorf("watch %s: %w", root, err)
		}
		w.fallBack(err)
		w.batch.reset() // nothing was missed yet
	}
	go w.run(ctx)
	return w, nil
}

// Changes brings the sets of changed paths. It is closed when the watcher has
// ended and released all it held.
func (w *Watcher) Changes() <-chan []string { return w.changes }

func (w *Watcher) run(ctx context.Context) {
	defer close(w.changes)
	defer w.stop()
	for {
		// A nil channel is never ready: what does not apply waits for ever.
		var out chan []string
		var paths []string
		if w.batch.ready {
			out, paths = w.changes, w.batch.paths()
		}
		var events chan fsnotify.Event
		var errs chan error
		if w.events != nil {
			events, errs = w.events.Events, w.events.Errors
		}
		select {
		case <-ctx.Done():
			return
		case out <- paths:
			w.batch.reset()
		case e, ok := <-events:
			if ok {
				w.handle(e)
			} else {
				w.lost(fsnotify.ErrClosed)
			}
		case err, ok := <-errs:
			if !ok {
				err = fsnotify.ErrClosed
			}
			w.lost(err)
		case <-w.batch.fired():
			w.settle()
		case <-channel(w.tick):
			w.look()
		}
	}
}

func channel(t *time.Timer) <-chan time.Time {
	if t == nil {
		return nil
	}
	return t.C
}

// stop releases what the watcher holds, but not its channel.
func (w *Watcher) stop() {
	w.batch.reset()
	w.close()
	if w.tick != nil {
		w.tick.Stop()
	}
}

func (w *Watcher) close() {
	if w.events != nil {
		// It ends in any case; the system has nothing to add that would help.
		_ = w.events.Close()
	}
	w.events, w.dirs = nil, nil
}

// open asks the system to watch all folders.
func (w *Watcher) open() error {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return limited(err)
	}
	w.events, w.dirs = events, map[string]struct{}{}
	if err := w.add(".", false); err != nil {
		w.close()
		return err
	}
	return nil
}

// limited returns err as [ErrWatchLimit], with what to do about it, if it is that.
func limited(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("%w (%w); raise it with: sudo sysctl fs.inotify.max_user_watches=524288", ErrWatchLimit, err)
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		hint := "raise it with: ulimit -n 8192"
		if runtime.GOOS == "linux" {
			hint = "raise it with: sudo sysctl fs.inotify.max_user_instances=512 (or: ulimit -n 8192)"
		}
		return fmt.Errorf("%w (%w); %s", ErrWatchLimit, err, hint)
	}
	return err
}

// add watches the folder name and all in it. With report, the files in them
// count as changed: they may have come before the watch.
func (w *Watcher) add(name string, report bool) error {
	// Watch first and list then, so that no file falls between.
	if err := w.events.Add(w.abs(name)); err != nil {
		if name != "." && skippable(err) {
			return nil
		}
		return limited(err)
	}
	w.dirs[name] = struct{}{}
	entries, err := os.ReadDir(w.abs(name))
	if err != nil {
		if name != "." && skippable(err) {
			return nil
		}
		return err
	}
	if name != "." && isOutput(entries) {
		w.forget(name)
		return nil
	}
	for _, e := range entries {
		child := join(name, e.Name())
		if w.opts.Ignore(child, e.IsDir()) {
			continue
		}
		if !e.IsDir() {
			if report {
				w.batch.touch(child, created)
			}
			continue
		}
		if strings.Count(child, "/") >= maxDepth {
			continue
		}
		if err := w.add(child, report); err != nil {
			return err
		}
	}
	return nil
}

// skippable reports whether err concerns one folder alone: it is gone or
// closed to us, which the next scan will say.
func skippable(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.ENOTDIR)
}

// isOutput reports whether a folder of these entries is one that Lectern wrote.
func isOutput(entries []fs.DirEntry) bool {
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == Marker })
}

// forget ends the watches of the folder name and all in it.
func (w *Watcher) forget(name string) {
	for d := range w.dirs {
		if d == name || strings.HasPrefix(d, name+"/") {
			delete(w.dirs, d)
			// The system has ended it already where the folder is gone.
			_ = w.events.Remove(w.abs(d))
		}
	}
}

func (w *Watcher) abs(name string) string {
	if name == "." {
		return w.root
	}
	return filepath.Join(w.root, filepath.FromSlash(name))
}

// rel returns the slash path of an event's absolute one.
func (w *Watcher) rel(abs string) (string, bool) {
	rest, ok := strings.CutPrefix(abs, w.root)
	if !ok {
		return "", false
	}
	rest = strings.Trim(filepath.ToSlash(rest), "/")
	if rest == "" {
		return ".", true
	}
	return rest, true
}

func join(dir, base string) string {
	if dir == "." {
		return base
	}
	return dir + "/" + base
}
