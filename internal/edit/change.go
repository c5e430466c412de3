package edit

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	udiff "github.com/aymanbagabas/go-udiff"
)

// Change is what is to be done to one file. Paths are slash paths from the
// project's folder.
type Change struct {
	// Path is the file. It is a new one where Old is nil and From is empty.
	Path string
	// From is where the file stood until now, if it is moved.
	From string
	// Old is what the file held when the change was planned; what it is now must
	// be the same. It may be nil for a file that is moved as it is.
	Old []byte
	// New is what the file is to hold; nil removes it or, with From, leaves it
	// as it is.
	New []byte
	// Made says that a new file holds nothing that a person wrote: it could be made
	// again, and so is not waited for until it is on the disk for good.
	Made bool
}

// ErrChanged is found in the error of a [Write] that found a file otherwise
// than it was when the change was planned.
var ErrChanged = errors.New("changed by someone else in the meantime")

// Diff writes the changes as a unified diff with three lines around each place.
func Diff(changes []Change) string {
	var b strings.Builder
	for _, c := range changes {
		from, to := "a/"+c.Path, "b/"+c.Path
		switch {
		case c.From != "":
			from = "a/" + c.From
			if c.New == nil || bytes.Equal(c.Old, c.New) {
				fmt.Fprintf(&b, "rename from %s\nrename to %s\n", c.From, c.Path)
				continue
			}
		case c.Old == nil:
			from = "/dev/null"
		case c.New == nil:
			to = "/dev/null"
		}
		b.WriteString(udiff.Unified(from, to, string(c.Old), string(c.New)))
	}
	return b.String()
}

// Write makes the changes below root. All files are looked at, and all new
// contents are on the disk, before the first one takes its place; so an error
// up to then leaves everything as it was. Later ones name what was done. The
// changes are made in their order: a file can only go where another has left.
func Write(root *os.Root, changes []Change) error {
	w := write{root: root, temps: make([]string, len(changes))}
	defer w.clean()
	for i, c := range changes {
		if err := w.check(c, changes[:i]); err != nil {
			return fmt.Errorf("change %s: %w", c.name(), err)
		}
	}
	if err := w.putAll(changes); err != nil {
		w.cleanFolders()
		return err
	}
	for i, c := range changes {
		if err := w.take(i, c); err != nil {
			return errors.Join(fmt.Errorf("change %s: %w", c.name(), err), w.told(changes[:i]))
		}
	}
	return w.syncFolders(changes)
}

// name is the file that is changed, as it is called before.
func (c Change) name() string {
	if c.From != "" {
		return c.From
	}
	return c.Path
}

// write is one [Write].
type write struct {
	root *os.Root
	// temps are the files beside those that they are to replace; "" for none.
	temps []string
	// folders are those that were made, each behind the one that it lies in.
	folders []string
}

// check compares a file with what the change was planned for. before are the
// changes that come before it.
func (w *write) check(c Change, before []Change) error {
	for _, p := range []string{c.Path, c.From} {
		if p != "" && (!fs.ValidPath(p) || p == ".") {
			return errors.New("its path leads out of the project")
		}
	}
	if err := w.checkFree(c, before); err != nil {
		return err
	}
	if c.From == "" && c.Old == nil {
		return nil // new
	}
	info, err := w.root.Lstat(c.name())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("it is not there any more: %w", ErrChanged)
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0:
		return errors.New("it is a link to another file: change that one, or replace the link by the file")
	case !info.Mode().IsRegular():
		return errors.New("it is not a plain file")
	}
	if c.Old == nil {
		return nil
	}
	now, err := w.root.ReadFile(c.name())
	if err != nil {
		return err
	}
	if !bytes.Equal(now, c.Old) {
		return fmt.Errorf("it was %w; nothing of that was touched", ErrChanged)
	}
	return nil
}

// checkFree makes sure that a file that is new at its place overwrites none.
func (w *write) checkFree(c Change, before []Change) error {
	if c.From == "" && c.Old != nil || c.From == c.Path {
		return nil
	}
	info, err := w.root.Lstat(c.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if c.From != "" {
		if from, err := w.root.Lstat(c.From); err == nil && os.SameFile(info, from) {
			return nil // another spelling of its own name, where case does not count
		}
	}
	if slices.ContainsFunc(before, func(o Change) bool {
		return o.From == c.Path && o.Path != c.Path || o.Path == c.Path && o.From == "" && o.New == nil
	}) {
		return nil // it will have left
	}
	return fmt.Errorf("%s is there already", c.Path)
}

// writers is how many files are brought onto the disk at once: it takes them
// together, so that many cost little more than one.
const writers = 32

// putAll writes beside the files what they are to hold.
func (w *write) putAll(changes []Change) error {
	var wg sync.WaitGroup
	slots := make(chan struct{}, writers)
	errs := make([]error, len(changes))
	for i, c := range changes {
		if c.New == nil {
			continue
		}
		if err := w.makeFolder(path.Dir(c.Path)); err != nil {
			errs[i] = err
			break
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if w.temps[i], errs[i] = w.put(c, i); errs[i] != nil {
				errs[i] = fmt.Errorf("write %s: %w", c.Path, cause(errs[i]))
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// makeFolder makes a folder, and those above it.
func (w *write) makeFolder(dir string) error {
	if dir == "." || slices.Contains(w.folders, dir) {
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
	w.clean()
	for _, dir := range slices.Backward(w.folders) {
		_ = w.root.Remove(dir) // someone may have put something into it
	}
}

// cause is an error of the file system without the name of the call and the
// file: the message names the file.
func cause(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// put writes what a file is to hold beside it, on the disk for good.
func (w *write) put(c Change, number int) (temp string, err error) {
	mode := fs.FileMode(0o666)
	if info, err := w.root.Stat(c.name()); err == nil {
		mode = info.Mode().Perm()
	}
	var f *os.File
	for i := 0; i < 100; i++ { // a process of the same number may have left some
		temp = path.Join(path.Dir(c.Path), fmt.Sprintf(".lectern-%d-%d-%d.tmp", os.Getpid(), number, i))
		f, err = w.root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
		if !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	if err != nil {
		return "", err
	}
	_, err = f.Write(c.New)
	if err == nil && mode != 0o666 {
		err = f.Chmod(mode) // whatever the umask
	}
	if err == nil && !(c.Made && c.Old == nil && c.From == "") {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, w.root.Remove(temp))
	}
	return temp, nil
}

// take puts what is ready in its place. The file is looked at once more, for
// writing the others took its time.
func (w *write) take(i int, c Change) error {
	if err := w.check(c, nil); err != nil {
		return err
	}
	if c.From != "" && c.From != c.Path {
		if err := w.root.MkdirAll(path.Dir(c.Path), 0o777); err != nil {
			return err
		}
		if err := w.root.Rename(c.From, c.Path); err != nil {
			return err
		}
	}
	if c.New == nil {
		if c.From != "" {
			return nil
		}
		return w.root.Remove(c.Path)
	}
	err := w.root.Rename(w.temps[i], c.Path)
	if err == nil {
		w.temps[i] = ""
	}
	return err
}

// clean removes what did not come to its place. What cannot be removed is
// hidden, and named so that people see whose it is.
func (w *write) clean() {
	for _, temp := range w.temps {
		if temp != "" {
			_ = w.root.Remove(temp)
		}
	}
}

// told says which changes stand although a later one failed.
func (w *write) told(done []Change) error {
	if len(done) == 0 {
		return nil
	}
	var names []string
	for _, c := range done[:min(len(done), 5)] {
		names = append(names, c.Path)
	}
	if len(done) > 5 {
		names = append(names, fmt.Sprintf("%d more", len(done)-5))
	}
	return fmt.Errorf("changed before that: %s", strings.Join(names, ", "))
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
