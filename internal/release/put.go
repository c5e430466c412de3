package release

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"lectern/internal/snapshot"
)

// Put keeps snap as a release. Only what no other release has is written. The
// same site of the same commit as the newest release is that release. It does
// not become live: see [Store.Activate].
func (s *Store) Put(ctx context.Context, snap *snapshot.Snapshot, meta Meta) (Release, error) {
	t, err := s.Begin()
	if err != nil {
		return Release{}, err
	}
	defer t.Abort()
	if err := t.addAll(ctx, snap.Files()); err != nil {
		return Release{}, fmt.Errorf("store a release: %w", err)
	}
	return t.Commit(ctx, snap.Files(), meta)
}

// Transaction puts a release together from single files, in any order, by one
// or many goroutines. It has to end with Commit or Abort.
type Transaction struct {
	store *Store
	mu    sync.Mutex
	temp  string
	w     *packWriter // nil until there is something to write
	err   error       // after which nothing more can be written
	done  bool
}

// Begin begins a release. Objects that are there stay until it ends.
func (s *Store) Begin() (*Transaction, error) {
	s.gc.RLock()
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		s.gc.RUnlock()
		return nil, ErrClosed
	}
	return &Transaction{store: s}, nil
}

// Has reports whether the content with this hash is there already.
func (t *Transaction) Has(h snapshot.Digest) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.has(h)
}

func (t *Transaction) has(h snapshot.Digest) bool {
	if t.w != nil {
		if _, ok := t.w.places[h]; ok {
			return true
		}
	}
	t.store.mu.RLock()
	defer t.store.mu.RUnlock()
	at, ok := t.store.objects[h]
	return ok && !at.isDamaged()
}

// Add keeps the content of r, which has to be of this hash and size. After an
// error the transaction can only be aborted, unless it is
// [snapshot.ErrChanged] for a file of up to four megabytes.
func (t *Transaction) Add(h snapshot.Digest, size int64, r io.Reader) error {
	if t.Has(h) {
		return nil
	}
	if size > maxWhole {
		t.mu.Lock()
		defer t.mu.Unlock()
		return t.writing(func() error { return t.w.addStream(h, size, r) })
	}
	content, err := io.ReadAll(io.LimitReader(r, size+1))
	if err != nil {
		return err
	}
	if int64(len(content)) != size || sha256.Sum256(content) != h {
		return snapshot.ErrChanged
	}
	form, stored := t.store.codec.pack(content)
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.addPacked(h, form, size, stored)
}

func (t *Transaction) addPacked(h snapshot.Digest, form byte, size int64, stored []byte) error {
	if t.has(h) {
		return nil
	}
	return t.writing(func() error { return t.w.add(h, form, size, stored) })
}

// writing calls fn with a pack to write to. The caller holds mu.
func (t *Transaction) writing(fn func() error) error {
	if t.done {
		return ErrClosed
	}
	if t.err != nil {
		return t.err
	}
	if t.w == nil {
		t.temp, t.w, t.err = t.store.newPack()
	}
	if t.err == nil {
		t.err = fn()
	}
	return t.err
}

// newPack begins a pack under a temporary name.
func (s *Store) newPack() (string, *packWriter, error) {
	s.mu.Lock()
	n := s.nextPack
	s.nextPack++
	s.mu.Unlock()
	temp := packDir + "/" + tempPrefix + path.Base(packName(n))
	f, err := s.root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return "", nil, err
	}
	w, err := newPackWriter(f)
	return temp, w, err
}

// batch is how many files are compressed before they are written.
const batch = 256

// addAll keeps all files that are not there yet: compressed by all processors,
// written in the order of their paths.
func (t *Transaction) addAll(ctx context.Context, files []*snapshot.File) error {
	var missing []*snapshot.File
	seen := map[snapshot.Digest]bool{}
	for _, f := range files {
		if !seen[f.Hash] && !t.has(f.Hash) {
			seen[f.Hash] = true
			missing = append(missing, f)
		}
	}
	for len(missing) > 0 {
		n := min(batch, len(missing))
		if err := t.addBatch(ctx, missing[:n]); err != nil {
			return err
		}
		missing = missing[n:]
	}
	return nil
}

type packed struct {
	form   byte
	stored []byte
}

func (t *Transaction) addBatch(ctx context.Context, files []*snapshot.File) error {
	done := make([]packed, len(files))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	const share = 16
	for from := 0; from < len(files); from += share {
		g.Go(func() error {
			for i := from; i < min(from+share, len(files)); i++ {
				if err := ctx.Err(); err != nil {
					return err
				}
				if files[i].Size() > maxWhole {
					continue
				}
				content, err := contentOf(files[i])
				if err != nil {
					return err
				}
				done[i].form, done[i].stored = t.store.codec.pack(content)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, f := range files {
		var err error
		if f.Size() > maxWhole {
			err = t.addLarge(f)
		} else {
			err = t.addPacked(f.Hash, done[i].form, f.Size(), done[i].stored)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addLarge copies a large file as it is.
func (t *Transaction) addLarge(f *snapshot.File) error {
	if f.Source == nil {
		return t.addPacked(f.Hash, formRaw, f.Size(), f.Body.Bytes())
	}
	r, err := f.Source.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	if err := t.writing(func() error { return t.w.addStream(f.Hash, f.Size(), r) }); err != nil {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	return nil
}

// contentOf returns the content of f in one piece.
func contentOf(f *snapshot.File) ([]byte, error) {
	if f.Source == nil {
		return f.Body.Bytes(), nil
	}
	var b writeBuffer
	b.content = make([]byte, 0, f.Size())
	if _, err := f.WriteTo(&b); err != nil {
		return nil, err
	}
	return b.content, nil
}

type writeBuffer struct{ content []byte }

func (b *writeBuffer) Write(p []byte) (int, error) {
	b.content = append(b.content, p...)
	return len(p), nil
}

// Commit makes a release of files, whose content is there or was added; of
// their content nothing is read. Whatever it returns, the transaction is over.
func (t *Transaction) Commit(ctx context.Context, files []*snapshot.File, meta Meta) (Release, error) {
	defer t.Abort()
	r, err := t.commit(ctx, files, meta)
	if err != nil {
		return Release{}, fmt.Errorf("store a release: %w", err)
	}
	return r, nil
}

func (t *Transaction) commit(ctx context.Context, files []*snapshot.File, meta Meta) (Release, error) {
	snap, err := snapshot.New(files)
	if err != nil {
		return Release{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.store
	if last, ok := s.newest(); ok && last.Digest == snap.Digest() && last.Commit == meta.Commit && last.Origin == meta.Origin {
		return last, nil
	}
	r := &stored{Release: Release{
		Digest: snap.Digest(), Stored: time.Now().UTC(), Files: len(snap.Files()), Size: snap.Size(), Meta: meta,
	}}
	r.Settings.Authored, r.Settings.Parts = nil, 0
	if r.Pieces, err = t.addPieces(entriesOf(snap.Files())); err != nil {
		return Release{}, err
	}
	if err := ctx.Err(); err != nil {
		return Release{}, err
	}
	// From here on it is quicker to go on than to go back.
	if err := t.keepPack(); err != nil {
		return Release{}, err
	}
	s.write.Lock()
	defer s.write.Unlock()
	s.mu.Lock()
	r.Number = s.nextRelease
	s.nextRelease++
	s.mu.Unlock()
	data, err := encodeRecord(releaseKind, r)
	if err != nil {
		return Release{}, err
	}
	if err := s.replace(recordName(r.Number), data); err != nil {
		return Release{}, err
	}
	s.mu.Lock()
	s.releases = append(s.releases, r)
	s.mu.Unlock()
	return r.Release, nil
}

func (s *Store) newest() (Release, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(s.releases) == 0 {
		return Release{}, false
	}
	return s.releases[len(s.releases)-1].Release, true
}

// addPieces keeps the list of a release's files, and looks whether all that it
// names is there.
func (t *Transaction) addPieces(all []entry) (pieces []snapshot.Digest, err error) {
	for i := range all {
		if err := checkPath(all[i].path); err != nil {
			return nil, err
		}
		if !t.has(all[i].hash) {
			return nil, fmt.Errorf("%s: its content was not added", all[i].path)
		}
	}
	err = eachPiece(all, func(piece []byte) error {
		h := snapshot.Digest(sha256.Sum256(piece))
		pieces = append(pieces, h)
		if t.has(h) {
			return nil
		}
		form, stored := t.store.codec.pack(piece)
		return t.addPacked(h, form, int64(len(piece)), stored)
	})
	return pieces, err
}

// keepPack makes what was added last and gives it its name.
func (t *Transaction) keepPack() error {
	if t.done {
		return ErrClosed
	}
	if t.w == nil || t.err != nil {
		return t.err
	}
	if t.err = t.store.keep(t.temp, t.w); t.err != nil {
		return t.err
	}
	t.w = nil
	return nil
}

// keep finishes a pack and takes it into the store.
func (s *Store) keep(temp string, w *packWriter) error {
	if err := w.finish(); err != nil {
		return err
	}
	name := packDir + "/" + path.Base(temp)[len(tempPrefix):]
	if err := s.root.Rename(temp, name); err != nil {
		return err
	}
	if err := syncDir(s.root, packDir); err != nil {
		return err
	}
	p := &pack{name: name, file: w.file, data: w.at - int64(len(packHeader))}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.packs = append(s.packs, p)
	for h, at := range w.places {
		at.pack = p
		s.objects[h] = at
	}
	return nil
}

// Abort gives up what was not committed; after Commit it does nothing.
func (t *Transaction) Abort() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done {
		return
	}
	t.done = true
	if t.w != nil {
		// What cannot be removed is when the store is opened next.
		_ = errors.Join(t.w.file.Close(), t.store.root.Remove(t.temp))
		t.w = nil
	}
	t.store.gc.RUnlock()
}

// replace makes the file name hold data, now and after a loss of power.
func (s *Store) replace(name string, data []byte) error {
	dir, base := path.Split(name)
	dir = path.Clean(dir)
	temp := path.Join(dir, tempPrefix+base)
	f, err := s.root.OpenFile(temp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = s.root.Rename(temp, name)
	}
	if err != nil {
		return errors.Join(err, s.root.Remove(temp))
	}
	return syncDir(s.root, dir)
}
