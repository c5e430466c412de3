package edit

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
)

// at returns the folder of a file, and the file's name there. Folders are kept
// open, for a way from the root to each file, and back, would cost more than
// what is done with it. One that is not there leaves the way as it is.
func (w *write) at(name string) (*os.Root, string) {
	dir, base := path.Split(name)
	if dir == "" {
		return w.root, name
	}
	if r := w.open[dir]; r != nil {
		return r, base
	}
	r, err := w.root.OpenRoot(path.Clean(dir))
	if err != nil {
		return w.root, name
	}
	if w.open == nil {
		w.open = map[string]*os.Root{}
	}
	w.open[dir] = r
	return r, base
}

// makeFolder makes a folder, and those above it.
func (w *write) makeFolder(dir string) error {
	if dir == "." || w.open[dir+"/"] != nil || slices.Contains(w.folders, dir) {
		return nil
	}
	if _, err := w.root.Stat(dir); err == nil {
		return nil
	}
	if err := w.makeFolder(path.Dir(dir)); err != nil {
		return err
	}
	if err := w.root.Mkdir(dir, 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the folder %s: %w", dir, cause(err))
	}
	w.folders = append(w.folders, dir)
	return nil
}

// cleanFolders removes the folders that were made in vain.
func (w *write) cleanFolders() {
	_ = w.close() // some systems remove no folder that stands open
	w.clean()
	for _, dir := range slices.Backward(w.folders) {
		_ = w.root.Remove(dir) // someone may have put something into it
	}
}

// close lets go of the folders.
func (w *write) close() error {
	var errs []error
	for _, r := range w.open {
		errs = append(errs, r.Close())
	}
	w.open = nil
	return errors.Join(errs...)
}

// syncFolders makes the new names last, on systems that can.
func (w *write) syncFolders(changes []Change) error {
	seen := map[string]bool{}
	for _, c := range changes {
		for _, p := range []string{c.Path, c.From} {
			dir := path.Dir(p)
			if p == "" || seen[dir] {
				continue
			}
			seen[dir] = true
			f, err := w.root.Open(dir)
			if err != nil {
				continue // the folder went away with its last file
			}
			_ = f.Sync() // not every system syncs folders, and the names stand already
			if err := f.Close(); err != nil {
				return err
			}
		}
	}
	return nil
}
