// Package cache keeps on disk what is slow to make and can be made again:
// bytes by the name of what they were made from.
//
// Nothing depends on it. It may be deleted at any time, by anyone, whole or in
// part; an entry that is not what was put there is as good as none; where the
// folder can't be written, nothing is kept. A name is a hash ([Key]), so that
// the folder tells nothing about what is in it, and an entry is written whole
// before it gets its name, so that several processes may share a folder.
package cache

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Key names an entry by all that it was made from.
type Key [sha256.Size]byte

// KeyOf returns the key of an entry made from parts, the first of which says
// what it is and in which version. Their order and their ends count.
func KeyOf(parts ...[]byte) Key {
	h := sha256.New()
	for _, p := range parts {
		sum := sha256.Sum256(p)
		h.Write(sum[:])
	}
	return Key(h.Sum(nil))
}

// The bounds that [Store.Prune] keeps a folder in.
const (
	// MaxBytes is how much is kept; what was used longest ago goes first.
	MaxBytes = 1 << 30
	// MaxAge is how long an entry is kept that nobody uses.
	MaxAge = 90 * 24 * time.Hour
	// pruneEvery is how often a folder is looked through at most, and how coarse the
	// note is of when an entry was used.
	pruneEvery = 24 * time.Hour
)

// Store is a folder of entries. It may be used by many goroutines. A nil Store
// keeps nothing.
type Store struct{ dir string }

// Open returns the store in the folder dir, which need not exist; nil, which
// keeps nothing, for "".
func Open(dir string) *Store {
	if dir == "" {
		return nil
	}
	return &Store{filepath.Join(dir, "made")}
}

func (s *Store) path(k Key) string {
	name := hex.EncodeToString(k[:])
	return filepath.Join(s.dir, name[:2], name[2:])
}

// Get returns the entry under k, if it is there and whole.
func (s *Store) Get(k Key) ([]byte, bool) {
	if s == nil {
		return nil, false
	}
	path := s.path(k)
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, false
	}
	if len(b) < sha256.Size || sha256.Sum256(b[sha256.Size:]) != [sha256.Size]byte(b) {
		os.Remove(path) // as good as none; if it can't be removed, it still is
		return nil, false
	}
	if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > pruneEvery {
		now := time.Now()
		_ = os.Chtimes(path, now, now) // so that it is not taken for unused
	}
	return b[sha256.Size:], true
}

// Put keeps data under k. It reports whether that is so: a full disk or a
// folder that can't be written is no failure of what was to be kept.
func (s *Store) Put(k Key, data []byte) bool {
	if s == nil {
		return false
	}
	path := s.path(k)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false
	}
	f, err := os.CreateTemp(filepath.Dir(path), tempPrefix+"*")
	if err != nil {
		return false
	}
	sum := sha256.Sum256(data)
	_, err = io.Copy(f, io.MultiReader(bytes.NewReader(sum[:]), bytes.NewReader(data)))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return false
	}
	return true
}

const tempPrefix = "tmp-"

// OpenAt opens the entry under k for reading from the offset off of what was
// put there. It does not look whether the entry is whole.
func (s *Store) OpenAt(k Key, off, size int64) (io.ReadSeekCloser, error) {
	if s == nil {
		return nil, fs.ErrNotExist
	}
	f, err := os.Open(s.path(k))
	if err != nil {
		return nil, err
	}
	return &section{io.NewSectionReader(f, sha256.Size+off, size), f}, nil
}

type section struct {
	*io.SectionReader
	io.Closer
}

// Prune removes entries that were not used for long, what was left half
// written, and, while there is more than MaxBytes, what was used longest ago.
// It does so once a day, whoever asks.
func (s *Store) Prune() {
	if s == nil {
		return
	}
	mark := filepath.Join(s.dir, "pruned")
	if info, err := os.Stat(mark); err == nil && time.Since(info.ModTime()) < pruneEvery {
		return
	}
	if os.WriteFile(mark, nil, 0o600) != nil {
		return // nothing is kept here, or by someone else
	}
	now := time.Now()
	_ = os.Chtimes(mark, now, now)
	s.prune(now, MaxBytes)
}

type entry struct {
	path string
	size int64
	used time.Time
}

func (s *Store) prune(now time.Time, most int64) {
	var all []entry
	total := int64(0)
	// What can't be read can't be removed either.
	_ = filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Dir(path) == s.dir {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return nil
		}
		age := now.Sub(info.ModTime())
		if age > MaxAge || strings.HasPrefix(d.Name(), tempPrefix) && age > time.Hour {
			os.Remove(path)
			return nil
		}
		all = append(all, entry{path, info.Size(), info.ModTime()})
		total += info.Size()
		return nil
	})
	slices.SortFunc(all, func(a, b entry) int {
		return cmp.Or(a.used.Compare(b.used), strings.Compare(a.path, b.path))
	})
	for i := 0; i < len(all) && total > most; i++ {
		os.Remove(all[i].path)
		total -= all[i].size
	}
}
