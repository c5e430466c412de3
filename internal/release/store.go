package release

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"lectern/internal/snapshot"
)

// Names in the data folder and in the store's part of it.
const (
	storeDir   = "releases"
	packDir    = "packs"
	recordDir  = "records"
	stateName  = "live"
	tempPrefix = "tmp-"
)

// Store is a folder of releases. It may be used by many goroutines.
type Store struct {
	dir   string // of all data
	lock  *folderLock
	root  *os.Root // of the store
	codec *codec

	// gc is held for reading while a release is put together, which counts on the
	// objects that are there, and for writing while objects go.
	gc sync.RWMutex
	// write serialises what changes records and state.
	write sync.Mutex

	mu       sync.RWMutex // guards what follows; held for moments only
	closed   bool
	objects  map[snapshot.Digest]place
	packs    []*pack
	releases []*stored // whole ones, by number
	state    state
	problems []error
	// Numbers that nothing has yet.
	nextPack, nextRelease int
	// dead are files that are of no use, to be removed with the next pruning.
	dead []string
	// since counts the releases that were pruned since objects were.
	since int
}

// Open opens the store in the data folder dir, which it makes if it has to, and
// keeps it for this process alone until [Store.Close]: another one gets
// [ErrBusy]. What is damaged there is left out; [Store.Problems] says so.
func Open(dir string) (*Store, error) {
	s := &Store{dir: dir, objects: map[snapshot.Digest]place{}, nextPack: 1, nextRelease: 1}
	if err := s.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("open the releases in %s: %w", dir, err), s.Close())
	}
	return s, nil
}

func (s *Store) open() (err error) {
	base := filepath.Join(s.dir, storeDir)
	for _, d := range []string{s.dir, base, filepath.Join(base, packDir), filepath.Join(base, recordDir)} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return err
		}
	}
	if s.lock, err = lockFolder(s.dir); err != nil {
		return err
	}
	if s.root, err = os.OpenRoot(base); err != nil {
		return err
	}
	if s.codec, err = newCodec(); err != nil {
		return err
	}
	if err := s.openPacks(); err != nil {
		return err
	}
	if err := s.openRecords(); err != nil {
		return err
	}
	return s.openState()
}

// Close lets go of the folder. What was opened from it cannot be read any more.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	var errs []error
	for _, p := range s.packs {
		errs = append(errs, p.file.Close())
	}
	s.packs, s.objects, s.releases = nil, nil, nil
	if s.codec != nil {
		s.codec.dec.Close()
		errs = append(errs, s.codec.enc.Close())
	}
	if s.root != nil {
		errs = append(errs, s.root.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	return errors.Join(errs...)
}

// Problems are what was found damaged since the store was opened.
func (s *Store) Problems() []error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.problems)
}

// names lists the files of a folder and removes what a killed process left half
// written.
func (s *Store) names(dir string) ([]string, error) {
	entries, err := fs.ReadDir(s.root.FS(), dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		name := dir + "/" + e.Name()
		if dir == "." {
			name = e.Name()
		}
		switch {
		case e.IsDir():
		case strings.HasPrefix(e.Name(), tempPrefix):
			if err := s.root.Remove(name); err != nil {
				return nil, err
			}
		default:
			names = append(names, name)
		}
	}
	return names, nil
}

func (s *Store) openPacks() error {
	names, err := s.names(packDir)
	if err != nil {
		return err
	}
	for _, name := range names {
		n, ok := number(name, packDir, ".pack")
		if !ok {
			continue // not ours
		}
		s.nextPack = max(s.nextPack, n+1)
		f, err := s.root.Open(name)
		if err != nil {
			return err
		}
		p, places, err := readPack(f, name)
		switch {
		case errors.Is(err, ErrDamaged):
			s.skip(name, err)
			if err := f.Close(); err != nil {
				return err
			}
			continue
		case err != nil:
			return errors.Join(err, f.Close())
		}
		for h, at := range places {
			s.objects[h] = at
		}
		s.packs = append(s.packs, p)
	}
	return nil
}

// skip notes what is damaged and will be removed.
func (s *Store) skip(name string, err error) {
	s.problems = append(s.problems, fmt.Errorf("%s is left out: %w", name, err))
	s.dead = append(s.dead, name)
}

func (s *Store) openRecords() error {
	names, err := s.names(recordDir)
	if err != nil {
		return err
	}
	whole := map[snapshot.Digest]error{} // pieces that were looked at
	for _, name := range names {
		n, ok := number(name, recordDir, "")
		if !ok {
			continue
		}
		s.nextRelease = max(s.nextRelease, n+1)
		data, err := readRecord(s.root, name)
		if err != nil && !errors.Is(err, ErrDamaged) {
			return err
		}
		var r *stored
		if err == nil {
			r, err = decodeRelease(data)
		}
		if err == nil && r.Number != n {
			err = fmt.Errorf("%w: it is of release %d", ErrDamaged, r.Number)
		}
		if err == nil {
			err = s.complete(r, whole)
		}
		if err != nil {
			s.skip(name, err)
			continue
		}
		s.releases = append(s.releases, r)
	}
	slices.SortFunc(s.releases, byNumber)
	return nil
}

// complete says what r misses. seen has what is known of pieces already.
func (s *Store) complete(r *stored, seen map[snapshot.Digest]error) error {
	for _, h := range r.Pieces {
		err, ok := seen[h]
		if !ok {
			err = s.completePiece(h)
			seen[h] = err
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) completePiece(h snapshot.Digest) error {
	entries, err := s.piece(nil, h)
	if err != nil {
		return err
	}
	for i := range entries {
		if at, ok := s.objects[entries[i].hash]; !ok || at.size != entries[i].size {
			return fmt.Errorf("%w: the content of %s is missing", ErrDamaged, entries[i].path)
		}
	}
	return nil
}

// piece adds the files of the piece h to all.
func (s *Store) piece(all []entry, h snapshot.Digest) ([]entry, error) {
	at, ok := s.objects[h]
	if !ok {
		return nil, fmt.Errorf("%w: a piece of the list of files is missing", ErrDamaged)
	}
	data, err := (&object{s.codec, h, at}).read()
	if err != nil {
		return nil, err
	}
	return decodePiece(all, data)
}

func (s *Store) openState() error {
	if _, err := s.names("."); err != nil {
		return err
	}
	data, err := readRecord(s.root, stateName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil && !errors.Is(err, ErrDamaged):
		return err
	default:
		if err == nil {
			err = decodeRecord(stateKind, data, &s.state)
		}
		if err != nil {
			s.problems = append(s.problems, fmt.Errorf("%s, which says what is live, is left out: %w", stateName, err))
			s.state = state{}
		}
	}
	if s.find(s.state.Live) == nil {
		if s.state.Live != 0 {
			s.problems = append(s.problems, fmt.Errorf("release %d, which was live, is not whole; the newest one that is takes its place", s.state.Live))
		}
		s.state = state{}
		if n := len(s.releases); n > 0 {
			s.state = state{Live: s.releases[n-1].Number, Since: time.Now().UTC()}
		}
	}
	return nil
}

// number reads the number in the name of a pack or record.
func number(name, dir, ext string) (int, bool) {
	base, ok := strings.CutSuffix(strings.TrimPrefix(name, dir+"/"), ext)
	n, err := strconv.Atoi(base)
	return n, ok && err == nil && n > 0
}

func packName(n int) string   { return packDir + "/" + strconv.Itoa(n) + ".pack" }
func recordName(n int) string { return recordDir + "/" + strconv.Itoa(n) }

// find returns the release with a number, or nil. The caller holds mu.
func (s *Store) find(n int) *stored {
	i, ok := slices.BinarySearchFunc(s.releases, n, func(r *stored, n int) int { return cmp.Compare(r.Number, n) })
	if !ok {
		return nil
	}
	return s.releases[i]
}
