package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// writer carries a plan out, in steps of which each leaves a directory that
// the manifest on disk describes:
//
//  1. remove the temporary files that a killed build left;
//  2. write a manifest that has old and new files, with those that are about
//     to change marked, to be checked by content should this build not end;
//  3. write everything new under temporary names;
//  4. rename it into place, and remove what is stale;
//  5. write the final manifest.
type writer struct {
	*plan
	opts WriteOptions

	mu   sync.Mutex // guards done and calls of Progress
	done int
}

func (w *writer) run(ctx context.Context, stats WriteStats) (WriteStats, error) {
	if err := w.removeLeftovers(); err != nil {
		return stats, err
	}
	if len(w.writes) > 0 || len(w.stale) > 0 {
		if err := writeManifest(w.out.root, w.intent()); err != nil {
			return stats, err
		}
	}
	if err := w.stage(ctx); err != nil {
		err = fmt.Errorf("%w; the site there is as it was", err)
		return stats, errors.Join(err, w.undo())
	}
	for _, i := range w.writes {
		stats.Bytes += w.files[i].Size()
	}
	stats.Written = len(w.writes)
	// From here on ctx counts no more: to go on is quicker than to go back.
	removed, err := w.commit(context.WithoutCancel(ctx))
	stats.Removed = removed
	if err != nil {
		return stats, fmt.Errorf("%w; some files are new and some old, build again", err)
	}
	return stats, writeManifest(w.out.root, w.final())
}

// removeLeftovers removes what a killed build had under temporary names.
func (w *writer) removeLeftovers() error {
	errs := []error{w.removeIfThere(settingsTemp)}
	for _, tree := range w.before.trees {
		if w.dirOf(tree).exists {
			errs = append(errs, w.out.root.RemoveAll(tempName(tree)))
		}
	}
	for i := range w.before.Files {
		if e := &w.before.Files[i]; e.flux && w.dirOf(e.Path).exists {
			errs = append(errs, w.removeIfThere(tempName(e.Path)))
		}
	}
	return errors.Join(errs...)
}

func (w *writer) removeIfThere(name string) error {
	if err := w.out.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// intent is the manifest that holds while the writer writes.
func (w *writer) intent() *Manifest {
	m := w.final()
	for _, i := range w.writes {
		m.Files[i].flux = true
	}
	for _, e := range w.stale {
		e.flux = true
		m.Files = append(m.Files, e)
	}
	slices.SortFunc(m.Files, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	m.foreignDirs = nil
	for _, d := range w.order[1:] {
		if d.exists && !d.owned {
			m.foreignDirs = append(m.foreignDirs, d.path)
		}
		if d.top == d {
			m.trees = append(m.trees, d.path)
		}
	}
	return m
}

// final is the manifest of the finished site.
func (w *writer) final() *Manifest {
	m := &Manifest{Files: make([]Entry, len(w.states), len(w.states)+len(w.stale))}
	for i := range w.states {
		m.Files[i] = w.states[i].entry
	}
	for _, d := range w.order[1:] {
		if d.exists && !d.owned && d.wanted {
			m.foreignDirs = append(m.foreignDirs, d.path)
		}
	}
	return m
}

// undo removes what stage made, after an error there, and brings the old
// manifest back.
func (w *writer) undo() error {
	errs := []error{w.removeIfThere(settingsTemp)}
	for _, d := range w.order {
		if d.top == d {
			errs = append(errs, w.out.root.RemoveAll(tempName(d.path)))
		}
	}
	for _, i := range w.writes {
		if w.states[i].dir.top == nil {
			errs = append(errs, w.removeIfThere(tempName(w.files[i].Path)))
		}
	}
	if w.before.modTime == 0 {
		return errors.Join(append(errs, w.removeIfThere(ManifestName))...)
	}
	// The manifest gets a new time, which says nothing about its racy files.
	for i := range w.before.Files {
		e := &w.before.Files[i]
		e.flux = e.flux || e.ModTime >= w.racy
	}
	return errors.Join(append(errs, writeManifest(w.out.root, w.before))...)
}

// stage writes all new content under temporary names.
func (w *writer) stage(ctx context.Context) error {
	if err := w.makeDirs(ctx); err != nil {
		return err
	}
	if err := w.stageSettings(); err != nil {
		return fmt.Errorf("write %s: %w", SettingsName, err)
	}
	return each(ctx, w.opts.Jobs, len(w.writes), 16, func(from, to int) error {
		var buf []byte
		for _, i := range w.writes[from:to] {
			// Once for each file: a picture may take its time.
			if err := ctx.Err(); err != nil {
				return err
			}
			var err error
			if buf, err = w.stageFile(i, buf); err != nil {
				return fmt.Errorf("write %s: %w", w.files[i].Path, err)
			}
		}
		return nil
	})
}

// makeDirs makes all new directories, each once, level by level: those of one
// level have their parents.
func (w *writer) makeDirs(ctx context.Context) error {
	var fresh []*directory
	for _, d := range w.order {
		if d.wanted && !d.exists {
			fresh = append(fresh, d)
		}
	}
	for len(fresh) > 0 {
		n := 1
		for n < len(fresh) && fresh[n].depth == fresh[0].depth {
			n++
		}
		err := each(ctx, w.opts.Jobs, n, 16, func(from, to int) error {
			for _, d := range fresh[from:to] {
				if err := w.makeDir(d); err != nil {
					return fmt.Errorf("make directory %s: %w", d.path, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		fresh = fresh[n:]
	}
	return nil
}

func (w *writer) makeDir(d *directory) error {
	err := os.Mkdir(d.stage, 0o777)
	if errors.Is(err, fs.ErrExist) && d.top == d {
		// Left by a build whose manifest was lost: the name is Lectern's own.
		if err := w.out.root.RemoveAll(tempName(d.path)); err != nil {
			return err
		}
		err = os.Mkdir(d.stage, 0o777)
	}
	return err
}

// stageFile writes file i. Files in new directories are reached by their full
// path, which is ours alone; those in directories that were there by way of
// the root, which no symbolic link leads out of. buf is used and returned.
func (w *writer) stageFile(i int, buf []byte) ([]byte, error) {
	s := &w.states[i]
	var f *os.File
	var err error
	if s.dir.top != nil {
		name := s.dir.stage + string(os.PathSeparator) + path.Base(w.files[i].Path)
		f, err = os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666)
	} else {
		f, err = w.createTemp(tempName(w.files[i].Path))
	}
	if err != nil {
		return buf, err
	}
	buf, err = writeFile(f, w.files[i], buf)
	if err == nil {
		var info fs.FileInfo
		if info, err = f.Stat(); err == nil {
			s.entry.ModTime = info.ModTime().UnixNano()
		}
	}
	if err = errors.Join(err, f.Close()); err == nil {
		w.progress()
	}
	return buf, err
}

func (w *writer) createTemp(name string) (*os.File, error) {
	const flags = os.O_CREATE | os.O_EXCL | os.O_WRONLY
	f, err := w.out.root.OpenFile(name, flags, 0o666)
	if errors.Is(err, fs.ErrExist) { // as in makeDir
		if err := w.out.root.Remove(name); err != nil {
			return nil, err
		}
		f, err = w.out.root.OpenFile(name, flags, 0o666)
	}
	return f, err
}

// writeFile writes a rendered file in one call, whatever its parts.
func writeFile(dst *os.File, f *File, buf []byte) ([]byte, error) {
	if f.Source != nil {
		_, err := f.WriteTo(dst)
		return buf, err
	}
	buf = f.Body.AppendTo(buf[:0])
	_, err := dst.Write(buf)
	return buf, err
}

func (w *writer) progress() {
	if w.opts.Progress == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done++
	w.opts.Progress(w.done, len(w.writes))
}

// commit renames what stage wrote into place and removes what is stale; it
// returns how many files it removed.
func (w *writer) commit(ctx context.Context) (int, error) {
	var removed atomic.Int64
	if w.blocking > 0 || w.replacesDir {
		if err := w.removeStale(ctx, w.stale[:w.blocking], &removed); err != nil {
			return int(removed.Load()), err
		}
		if err := w.removeEmptyDirs(); err != nil {
			return int(removed.Load()), err
		}
	}
	// New files before those that replace others, so that what a page links to
	// is there before the page.
	var names []string
	for _, d := range w.order {
		if d.top == d {
			names = append(names, d.path)
		}
	}
	for _, i := range w.writes[:w.creates] {
		if w.states[i].dir.top == nil {
			names = append(names, w.files[i].Path)
		}
	}
	if err := w.rename(ctx, names); err != nil {
		return int(removed.Load()), err
	}
	names = names[:0]
	for _, i := range w.writes[w.creates:] {
		names = append(names, w.files[i].Path)
	}
	if err := w.rename(ctx, names); err != nil {
		return int(removed.Load()), err
	}
	if err := w.commitSettings(); err != nil {
		return int(removed.Load()), err
	}
	if err := w.removeStale(ctx, w.stale[w.blocking:], &removed); err != nil {
		return int(removed.Load()), err
	}
	return int(removed.Load()), w.removeEmptyDirs()
}

func (w *writer) rename(ctx context.Context, names []string) error {
	return each(ctx, w.opts.Jobs, len(names), 16, func(from, to int) error {
		for _, name := range names[from:to] {
			if err := w.out.root.Rename(tempName(name), name); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *writer) removeStale(ctx context.Context, stale []Entry, removed *atomic.Int64) error {
	return each(ctx, w.opts.Jobs, len(stale), 16, func(from, to int) error {
		for i := range stale[from:to] {
			name := stale[from+i].Path
			if !w.dirs[w.out.key(path.Dir(name))].exists {
				continue
			}
			info, err := w.lstat(name)
			if err != nil {
				return err
			}
			if info == nil || !info.Mode().IsRegular() {
				continue // someone removed it, or put something else there
			}
			if err := w.out.root.Remove(name); err != nil {
				return err
			}
			removed.Add(1)
		}
		return nil
	})
}

// removeEmptyDirs removes directories that Lectern made and the snapshot does
// not need, unless something of someone else is in them.
func (w *writer) removeEmptyDirs() error {
	for _, d := range slices.Backward(w.order) {
		if !d.exists || !d.owned || d.wanted {
			continue
		}
		err := w.out.root.Remove(d.path)
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			d.exists = false // a file of the site may have its place soon
			continue
		}
		if entries, readErr := fs.ReadDir(w.out.root.FS(), d.path); readErr != nil || len(entries) == 0 {
			return err
		}
	}
	return nil
}
