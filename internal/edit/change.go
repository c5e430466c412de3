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
func Write(root *os.Root, changes []Change) (err error) {
	w := write{root: root, temps: make([]string, len(changes))}
	defer func() {
		w.clean()
		err = errors.Join(err, w.close())
	}()
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

// again is true for a file that could be made again.
func (c Change) again() bool { return c.Made && c.Old == nil && c.From == "" }

// write is one [Write].
type write struct {
	root *os.Root
	// temps are the files beside those that they are to replace; "" for none.
	temps []string
	// folders are those that were made, each behind the one that it lies in.
	folders []string
	// open are folders that stand open, by their paths with a slash behind.
	open map[string]*os.Root
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
	dir, base := w.at(c.name())
	info, err := dir.Lstat(base)
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
	now, err := dir.ReadFile(base)
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
	dir, base := w.at(c.Path)
	info, err := dir.Lstat(base)
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

// How many files are brought onto the disk at once. It takes them together, so
// that many cost little more than one; where it is not waited for, more would
// only stand in each other's way.
const (
	writers      = 32
	quickWriters = 4
)

// putAll writes beside the files what they are to hold.
func (w *write) putAll(changes []Change) error {
	var wg sync.WaitGroup
	slow, quick := make(chan struct{}, writers), make(chan struct{}, quickWriters)
	errs := make([]error, len(changes))
	for i, c := range changes {
		if c.New == nil {
			continue
		}
		if err := w.makeFolder(path.Dir(c.Path)); err != nil {
			errs[i] = err
			break
		}
		dir, base := w.at(c.Path)
		slots := slow
		if c.again() {
			slots = quick
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if w.temps[i], errs[i] = w.put(c, i, dir, path.Dir(base)); errs[i] != nil {
				errs[i] = fmt.Errorf("write %s: %w", c.Path, cause(errs[i]))
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// cause is an error of the file system without the name of the call and the
// file: the message names the file.
func cause(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// put writes what a file is to hold beside it, on the disk for good: into a
// folder below dir. temp is the name from the root.
func (w *write) put(c Change, number int, dir *os.Root, below string) (temp string, err error) {
	mode := fs.FileMode(0o666)
	if c.Old != nil || c.From != "" {
		if info, err := w.root.Stat(c.name()); err == nil {
			mode = info.Mode().Perm()
		}
	}
	var f *os.File
	var name string
	for i := 0; i < 100; i++ { // a process of the same number may have left some
		name = fmt.Sprintf(".lectern-%d-%d-%d.tmp", os.Getpid(), number, i)
		f, err = dir.OpenFile(path.Join(below, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
		if !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	if err != nil {
		return "", err
	}
	temp = path.Join(path.Dir(c.Path), name)
	_, err = f.Write(c.New)
	if err == nil && mode != 0o666 {
		err = f.Chmod(mode) // whatever the umask
	}
	if err == nil && !c.again() {
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
	dir, base := w.at(c.Path)
	err := dir.Rename(path.Join(path.Dir(base), path.Base(w.temps[i])), base)
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
