// Package snapshot is the result of a build: every file of the site, complete
// and immutable, with a digest that says which site it is.
//
// A Snapshot either exists whole or not at all, may be read by any number of
// goroutines, and shares with the snapshot before it all that did not change.
package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Digest is a SHA-256.
type Digest [sha256.Size]byte

// String returns the digest as OCI writes it: "sha256:" and 64 hexadecimal digits.
func (d Digest) String() string { return "sha256:" + hex.EncodeToString(d[:]) }

// File is one file of a site.
type File struct {
	// Path is slash-separated, relative, clean: "day1/02_x/index.html".
	Path string
	// Hash is the SHA-256 of the content.
	Hash Digest
	// Body is the content of a rendered file; for one that is only copied it is
	// empty and Source is set.
	Body   Body
	Source Source
	// Rendered says of a file with a Source that a build made it: the author did
	// not put it there as it is.
	Rendered bool
	// With is set where Path has a hash of the content in it: the path of a page
	// that the file changes with, or another name for what it is of that stays the same.
	With string
}

// Source gives the content of a file that stays on disk, such as a picture.
type Source interface {
	// Open opens the content for reading from the start.
	Open() (io.ReadSeekCloser, error)
	// Size is its length in bytes.
	Size() int64
}

// Size returns the content's length in bytes.
func (f *File) Size() int64 {
	if f.Source != nil {
		return f.Source.Size()
	}
	return int64(f.Body.Len())
}

// WriteTo writes the content to w. A file on disk that no longer has the
// content that was promised gives [ErrChanged].
func (f *File) WriteTo(w io.Writer) (int64, error) {
	if f.Source == nil {
		return f.Body.WriteTo(w)
	}
	r, err := f.Source.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), io.LimitReader(r, f.Source.Size()+1))
	if err != nil {
		return n, err
	}
	if Digest(h.Sum(nil)) != f.Hash {
		return n, fmt.Errorf("%s: %w", f.Path, ErrChanged)
	}
	return n, nil
}

// ErrChanged says that a file on disk changed after the snapshot was made.
var ErrChanged = errors.New("changed while it was copied")

// Snapshot is a whole site.
type Snapshot struct {
	files  []*File // sorted by Path
	digest Digest
	size   int64
}

// New returns the snapshot of files, which it sorts and owns from then on. Two
// files with one path are the caller's mistake and give an error.
func New(files []*File) (*Snapshot, error) {
	if !slices.IsSortedFunc(files, comparePath) {
		slices.SortFunc(files, comparePath)
	}
	s := &Snapshot{files: files}
	h := sha256.New()
	buf := make([]byte, 0, 64<<10)
	for i, f := range files {
		if i > 0 && files[i-1].Path == f.Path {
			return nil, fmt.Errorf("snapshot: two files at %q", f.Path)
		}
		// The digest is that of a list of lines: hash, space, path, newline.
		// Paths have no newline: site refuses them.
		buf = append(hex.AppendEncode(buf, f.Hash[:]), ' ')
		buf = append(append(buf, f.Path...), '\n')
		if len(buf) > 60<<10 {
			h.Write(buf)
			buf = buf[:0]
		}
		s.size += f.Size()
	}
	h.Write(buf)
	h.Sum(s.digest[:0])
	return s, nil
}

func comparePath(a, b *File) int { return strings.Compare(a.Path, b.Path) }

// Digest identifies the site: equal digests, equal bytes at equal paths.
func (s *Snapshot) Digest() Digest { return s.digest }

// Files returns all files in order of their paths. The slice must not be changed.
func (s *Snapshot) Files() []*File { return s.files }

// Size returns the sum of all files' lengths in bytes.
func (s *Snapshot) Size() int64 { return s.size }

// Lookup returns the file at path, or nil.
func (s *Snapshot) Lookup(path string) *File {
	i, ok := slices.BinarySearchFunc(s.files, path, func(f *File, p string) int { return strings.Compare(f.Path, p) })
	if !ok {
		return nil
	}
	return s.files[i]
}
