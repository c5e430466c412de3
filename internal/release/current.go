package release

import (
	"context"
	"fmt"
	"time"

	"lectern/internal/snapshot"
)

// List returns all releases, the oldest first.
func (s *Store) List() []Release {
	s.mu.RLock()
	defer s.mu.RUnlock()
	list := make([]Release, len(s.releases))
	for i, r := range s.releases {
		list[i] = r.Release
	}
	return list
}

// Current is which release is live.
type Current struct {
	// Number is 0 where none is.
	Number int `json:"number"`
	// Pinned says that it stays, whatever is built.
	Pinned bool `json:"pinned"`
	// Since is when it went live, By who had it so.
	Since time.Time `json:"since,omitzero"`
	By    string    `json:"by,omitempty"`
}

// Current returns which release is live.
func (s *Store) Current() Current {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return Current{s.state.Live, s.state.Pinned, s.state.Since, s.state.By}
}

// Activate makes the release with this number the live one, pinned or not, by
// the word of by.
func (s *Store) Activate(number int, pinned bool, by string) error {
	s.write.Lock()
	defer s.write.Unlock()
	s.mu.RLock()
	known, next := s.find(number) != nil, s.state
	closed := s.closed
	s.mu.RUnlock()
	switch {
	case closed:
		return ErrClosed
	case !known:
		return fmt.Errorf("%w: %d", ErrUnknown, number)
	}
	if next.Live != number {
		next.Since = time.Now().UTC()
	}
	next.Live, next.Pinned, next.By = number, pinned, by
	data, err := encodeRecord(stateKind, next)
	if err != nil {
		return err
	}
	if err := s.replace(stateName, data); err != nil {
		return fmt.Errorf("say that release %d is live: %w", number, err)
	}
	s.mu.Lock()
	s.state = next
	s.mu.Unlock()
	return nil
}

// Open returns the site of a release. Its files are read from the store as they
// are asked for, also after the release was pruned.
func (s *Store) Open(ctx context.Context, number int) (*snapshot.Snapshot, Release, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return nil, Release{}, ErrClosed
	}
	r := s.find(number)
	if r == nil {
		return nil, Release{}, fmt.Errorf("%w: %d", ErrUnknown, number)
	}
	snap, err := s.openStored(ctx, r)
	if err != nil {
		return nil, Release{}, fmt.Errorf("open %s: %w", &r.Release, err)
	}
	return snap, r.Release, nil
}

func (s *Store) openStored(ctx context.Context, r *stored) (*snapshot.Snapshot, error) {
	entries := make([]entry, 0, r.Files)
	var err error
	for _, h := range r.Pieces {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if entries, err = s.piece(entries, h); err != nil {
			return nil, err
		}
	}
	files := make([]snapshot.File, len(entries))
	objects := make([]object, len(entries))
	list := make([]*snapshot.File, len(entries))
	for i := range entries {
		e := &entries[i]
		at, ok := s.objects[e.hash]
		if !ok || at.size != e.size {
			return nil, fmt.Errorf("%w: the content of %s is missing", ErrDamaged, e.path)
		}
		objects[i] = object{s.codec, e.hash, at}
		files[i] = snapshot.File{Path: e.path, Hash: e.hash, Source: &objects[i], Rendered: e.rendered}
		list[i] = &files[i]
	}
	snap, err := snapshot.New(list)
	if err == nil && snap.Digest() != r.Digest {
		err = fmt.Errorf("%w: its files are not those of its digest", ErrDamaged)
	}
	return snap, err
}
