package snapshot

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// output is an output directory, locked and open.
type output struct {
	path string // absolute, without symbolic links
	root *os.Root
	lock *flock.Flock
	// foldCase says that names which differ in case alone are one file here.
	foldCase bool
}

// openOutput makes dir if it has to, and locks it. What is not allowed is
// refused before anything is made.
func openOutput(dir, source string) (*output, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := checkOutput(path, source); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, err
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return nil, err
	}
	out := &output{path: path}
	if out.root, err = os.OpenRoot(path); err != nil {
		return nil, err
	}
	if err := out.takeLock(); err != nil {
		return nil, errors.Join(err, out.root.Close())
	}
	// The lock is a file that exists now: seen under another case, case does not count.
	if _, err := out.root.Lstat(strings.ToUpper(lockName)); err == nil {
		out.foldCase = true
	}
	return out, nil
}

// checkOutput refuses a file system's root, and a directory that is or holds
// the notes'.
func checkOutput(path, source string) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if filepath.Dir(path) == path {
		return fmt.Errorf("%w: it is the root of a file system; choose a directory for the site alone", ErrRefused)
	}
	if source == "" {
		return nil
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // what does not exist holds nothing
	}
	if err != nil {
		return err
	}
	at, err := filepath.Abs(source)
	if err != nil {
		return err
	}
	if at, err = filepath.EvalSymlinks(at); err != nil {
		return err
	}
	for {
		if other, err := os.Stat(at); err == nil && os.SameFile(info, other) {
			return fmt.Errorf("%w: the notes are in it (%s); choose a directory for the site alone", ErrRefused, source)
		}
		up := filepath.Dir(at)
		if up == at {
			return nil
		}
		at = up
	}
}

func (o *output) takeLock() error {
	if info, err := o.root.Lstat(lockName); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%w: %s is not a plain file", ErrRefused, lockName)
	}
	o.lock = flock.New(filepath.Join(o.path, lockName), flock.SetPermissions(0o666))
	ok, err := o.lock.TryLock()
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	if !ok {
		return fmt.Errorf("%w; wait until it is done or choose another directory", ErrBusy)
	}
	return nil
}

func (o *output) close() error {
	return errors.Join(o.root.Close(), o.lock.Unlock())
}

func (o *output) readManifest() (*Manifest, error) {
	m, err := readManifest(o.root)
	if m == nil && err == nil {
		m = &Manifest{Complete: true}
	}
	return m, err
}

// key is equal for names that are one file here.
func (o *output) key(path string) string {
	if o.foldCase {
		return strings.ToLower(path)
	}
	return path
}

// abs is the full path of a slash path in the directory.
func (o *output) abs(path string) string {
	return o.path + string(filepath.Separator) + filepath.FromSlash(path)
}

// replaceFile makes the file name hold data, by way of temp.
func replaceFile(root *os.Root, temp, name string, data []byte) error {
	f, err := root.OpenFile(temp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = root.Rename(temp, name)
	}
	if err != nil {
		return errors.Join(err, root.Remove(temp))
	}
	return nil
}
