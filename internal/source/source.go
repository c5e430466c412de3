// Package source lists and reads the files of a project, and watches them.
//
// A [Tree] is the state of the files at one moment. Paths are slash-separated
// and relative to the project's folder, on every system. Nothing outside that
// folder is ever opened: all access goes through an os.Root, so that neither a
// symbolic link nor a race with one leads out.
package source

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"lectern/internal/diag"
)

// ErrTooLarge says that a file is larger than the reader asked for.
var ErrTooLarge = errors.New("file is too large")

// File is one file of a tree.
type File struct {
	// Path is the slash path from the project's folder.
	Path string
	// Bytes is the length when the tree was listed.
	Bytes int64
	// ModTime is when it was last written; with Bytes and the identity of the
	// file it tells whether the content may have changed.
	ModTime time.Time

	info fs.FileInfo
	dir  *Dir
}

// Same reports whether f and g were, to all that the file system tells, the
// same unchanged file.
func (f *File) Same(g *File) bool {
	return f.Path == g.Path && f.Bytes == g.Bytes && f.ModTime.Equal(g.ModTime) && os.SameFile(f.info, g.info)
}

// Size returns the length in bytes when the tree was listed.
func (f *File) Size() int64 { return f.Bytes }

// Open opens the file for reading.
func (f *File) Open() (io.ReadSeekCloser, error) {
	g, _, err := f.dir.open(f.Path)
	if err != nil {
		return nil, err // the error names the path
	}
	return g, nil
}

// Read returns the content, and [ErrTooLarge] instead where it is longer than limit bytes.
func (f *File) Read(limit int64) ([]byte, error) { return f.ReadIn(nil, limit) }

// ReadIn is [File.Read] into the memory of buf, where it is large enough.
func (f *File) ReadIn(buf []byte, limit int64) ([]byte, error) {
	if f.Bytes > limit {
		return nil, fmt.Errorf("read %s: %w", f.Path, ErrTooLarge)
	}
	g, size, err := f.dir.open(f.Path)
	if err != nil {
		return nil, err
	}
	defer g.Close()
	if size > limit {
		return nil, fmt.Errorf("read %s: %w", f.Path, ErrTooLarge)
	}
	data := slices.Grow(buf[:0], int(size))[:size]
	n, err := io.ReadFull(g, data)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) { // it may have been cut
		return nil, fmt.Errorf("read %s: %w", f.Path, err)
	}
	return data[:n], nil
}

// Hash returns the SHA-256 of the content as it is now, and its length.
func (f *File) Hash() ([sha256.Size]byte, int64, error) {
	var sum [sha256.Size]byte
	g, _, err := f.dir.open(f.Path)
	if err != nil {
		return sum, 0, err
	}
	defer g.Close()
	h := sha256.New()
	n, err := io.Copy(h, g)
	if err != nil {
		return sum, n, fmt.Errorf("read %s: %w", f.Path, err)
	}
	h.Sum(sum[:0])
	return sum, n, nil
}

// Tree is the list of files at one moment, immutable.
type Tree struct {
	files []*File
	diags []diag.Diagnostic
	links bool
}

// HasLinks reports whether symbolic links stand in the tree. What is behind one
// may then change under another path than the one it is listed with, so that
// [Dir.Update] does not suffice.
func (t *Tree) HasLinks() bool { return t.links }

// Diags are the findings about files that could not be listed, by path.
func (t *Tree) Diags() []diag.Diagnostic { return t.diags }

// Files returns the files in order of their paths. The slice must not be changed.
func (t *Tree) Files() []*File { return t.files }

// Lookup returns the file at path, or nil.
func (t *Tree) Lookup(path string) *File {
	i, ok := slices.BinarySearchFunc(t.files, path, func(f *File, p string) int { return strings.Compare(f.Path, p) })
	if !ok {
		return nil
	}
	return t.files[i]
}

// Dir is a project's folder on disk.
type Dir struct {
	path string
	root *os.Root

	// Reading ten thousand notes through one root means a look-up of every
	// folder on the way for each; so folders that were read from are kept open.
	mu   sync.RWMutex // held for reading while a folder in subs is used
	subs map[string]*os.Root
}

// maxOpenDirs bounds the folders kept open, far below any system's limit on files.
const maxOpenDirs = 128

// OpenDir opens the project's folder at dir.
func OpenDir(dir string) (*Dir, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the project's folder: %w", err)
	}
	return &Dir{path: dir, root: root, subs: map[string]*os.Root{}}, nil
}

// Close releases the folder.
func (d *Dir) Close() error {
	d.Release()
	return d.root.Close()
}

// Release closes the folders that were kept open to read many files quickly.
func (d *Dir) Release() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for p, r := range d.subs {
		r.Close()
		delete(d.subs, p)
	}
}

// FS returns the folder as a file system, for what reads a handful of files.
func (d *Dir) FS() fs.FS { return d.root.FS() }

// open opens name for reading, which must be a regular file, and returns its
// length as it is now.
func (d *Dir) open(name string) (*os.File, int64, error) {
	f, err := d.openAny(name)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		// A named pipe would be waited for without end.
		err = &fs.PathError{Op: "open", Path: name, Err: errors.New("not a regular file")}
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

func (d *Dir) openAny(name string) (*os.File, error) {
	dir, base := path.Split(name)
	if dir == "" {
		return d.root.OpenFile(name, os.O_RDONLY|nonblock, 0)
	}
	dir = dir[:len(dir)-1]

	if err := d.keep(dir); err != nil {
		return nil, err
	}
	d.mu.RLock()
	r := d.subs[dir]
	f, err := (*os.File)(nil), error(nil)
	if r != nil {
		f, err = r.OpenFile(base, os.O_RDONLY|nonblock, 0)
	}
	d.mu.RUnlock()
	if r != nil && err == nil {
		return f, nil
	}
	// A link to a place in the project but outside of the folder is refused by
	// the folder's root and not by the project's; a folder that was replaced
	// since it was opened is another one now; and one may just have been closed.
	return d.root.OpenFile(name, os.O_RDONLY|nonblock, 0)
}

// keep opens the folder dir for the files that are read from it next.
func (d *Dir) keep(dir string) error {
	d.mu.RLock()
	_, ok := d.subs[dir]
	d.mu.RUnlock()
	if ok {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.subs[dir]; ok {
		return nil
	}
	if len(d.subs) >= maxOpenDirs {
		for p, old := range d.subs {
			old.Close()
			delete(d.subs, p)
		}
	}
	r, err := d.root.OpenRoot(dir)
	if err != nil {
		return err
	}
	d.subs[dir] = r
	return nil
}
