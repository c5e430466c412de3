package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// handle takes one event of the system.
func (w *Watcher) handle(e fsnotify.Event) {
	name, ok := w.rel(e.Name)
	if !ok || e.Op == 0 {
		return
	}
	_, isDir := w.dirs[name]
	if e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename) {
		w.vanished(name, isDir, e.Has(fsnotify.Rename))
		return
	}
	if e.Has(fsnotify.Create) {
		w.appeared(name)
		return
	}
	if isDir || w.opts.Ignore(name, false) {
		return // a folder is "written" when something in it is
	}
	if e.Op == fsnotify.Chmod && runtime.GOOS == "darwin" {
		return // Spotlight touches the attributes of every file that is saved
	}
	w.batch.touch(name, written)
}

func (w *Watcher) vanished(name string, isDir, renamed bool) {
	switch {
	case name == ".":
		w.batch.touchAll()
		w.resync = true
	case isDir:
		w.forget(name)
		w.batch.touch(name, gone)
		if renamed {
			// Where it went, the system goes on to watch it, under its old
			// name: only new watches are at the right names for sure.
			w.batch.touchAll()
			w.resync = true
		}
	case !w.opts.Ignore(name, false):
		w.batch.touch(name, gone)
	}
}

func (w *Watcher) appeared(name string) {
	info, err := os.Lstat(w.abs(name))
	isDir := err == nil && info.IsDir()
	if w.opts.Ignore(name, isDir) {
		return
	}
	w.batch.touch(name, created)
	if !isDir {
		return // or gone again, which the next event says
	}
	if err := w.add(name, true); err != nil {
		w.fallBack(err)
	}
}

// lost is called when the system could not say what changed, because of err.
func (w *Watcher) lost(err error) {
	if errors.Is(err, fsnotify.ErrClosed) {
		w.close() // its channels would be ready for ever; settle opens it anew
	}
	w.batch.touchAll()
	w.resync = true
	if !errors.Is(err, fsnotify.ErrEventOverflow) && w.opts.Warn != nil {
		w.opts.Warn(err)
	}
}

// settle is called when the time to wait for further events is over.
func (w *Watcher) settle() {
	w.batch.settle(time.Now(), w.unfinished)
	if !w.batch.ready || !w.resync {
		return
	}
	w.resync = false
	if w.polling {
		return
	}
	// From here on nothing is missed, and the message, which is yet to be
	// sent, says that anything may have changed.
	w.close()
	err := w.open()
	switch {
	case err == nil:
	case errors.Is(err, fs.ErrNotExist):
		w.tick = time.NewTimer(pollEvery) // the root is gone; it may come back
	default:
		w.fallBack(err)
	}
}

// maxProbe is how many files are looked at before a message; a change of more
// is no save in an editor.
const maxProbe = 64

// unfinished reports whether some file seems to be in the middle of being
// saved: gone, though it was there before, or empty.
func (w *Watcher) unfinished() bool {
	if len(w.batch.changed) > maxProbe {
		return false
	}
	for name, c := range w.batch.changed {
		if c&gone != 0 {
			if c&created == 0 {
				return true
			}
			continue
		}
		info, err := os.Lstat(w.abs(name))
		if err == nil && info.Mode().IsRegular() && info.Size() == 0 {
			return true
		}
	}
	return false
}

// fallBack goes over to polling because of err.
func (w *Watcher) fallBack(err error) {
	if w.opts.Warn != nil {
		w.opts.Warn(fmt.Errorf("watch the files: %w; until then all files are looked at every second", err))
	}
	w.close()
	w.poll()
	w.batch.touchAll()
}

// poll starts polling; what is there now counts as known.
func (w *Watcher) poll() {
	w.polling = true
	w.seen = listing{}
	began := time.Now()
	w.list(".", w.seen)
	w.schedule(time.Since(began))
}

// schedule sets when to look the next time, after a look that took so long.
func (w *Watcher) schedule(took time.Duration) {
	every := w.opts.Poll
	if every <= 0 {
		every = pollEvery
	}
	w.tick = time.NewTimer(max(every, pollShare*took))
}

// look is called by the tick: for a poll, or to see whether a lost root is back.
func (w *Watcher) look() {
	if !w.polling {
		if _, err := os.Stat(w.root); err != nil {
			w.tick = time.NewTimer(pollEvery)
			return
		}
		w.tick, w.resync = nil, true
		w.batch.touchAll()
		return
	}
	began := time.Now()
	now := listing{}
	w.list(".", now)
	for name, was := range w.seen {
		if is, ok := now[name]; !ok {
			w.batch.touch(name, gone)
		} else if is != was {
			w.batch.touch(name, written)
		}
	}
	for name := range now {
		if _, ok := w.seen[name]; !ok {
			w.batch.touch(name, created)
		}
	}
	w.seen = now
	w.schedule(time.Since(began))
}

// listing is what a poll sees: of each file by its slash path what changes when it is written.
type listing map[string]stamp

type stamp struct {
	size int64
	mod  int64 // in nanoseconds
	mode fs.FileMode
}

// list adds all files under the folder name to l. What can't be listed counts
// as not there.
func (w *Watcher) list(name string, l listing) {
	entries, err := os.ReadDir(w.abs(name))
	if err != nil || name != "." && isOutput(entries) {
		return
	}
	for _, e := range entries {
		child := join(name, e.Name())
		if w.opts.Ignore(child, e.IsDir()) || len(l) >= maxFiles {
			continue
		}
		if e.IsDir() {
			if strings.Count(child, "/") < maxDepth {
				w.list(child, l)
			}
			continue
		}
		if info, err := e.Info(); err == nil {
			l[child] = stamp{size: info.Size(), mod: info.ModTime().UnixNano(), mode: info.Mode()}
		}
	}
}
