package release

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path"
	"runtime"
	"sync"

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
