package release

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path"
	"time"

	"lectern/internal/snapshot"
)

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
