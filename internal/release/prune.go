package release

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"lectern/internal/snapshot"
)

const (
	// DefaultKeep is how many releases are kept.
	DefaultKeep = 20
	// compactEvery is after how many pruned releases the packs are looked through.
	compactEvery = 16
	// smallPart is which part of the largest pack another one has to have, to be
	// left alone.
	smallPart = 8
)

// Prune removes all releases but the newest keep and the live one, and from
// time to time the files that no release has any more. While a release is
// being put together, files stay; a later call removes them.
func (s *Store) Prune(keep int) error {
	keep = max(keep, 1)
	if err := s.pruneRecords(keep); err != nil {
		return fmt.Errorf("remove old releases: %w", err)
	}
	s.mu.RLock()
	due := s.since >= compactEvery || len(s.dead) > 0
	s.mu.RUnlock()
	if !due || !s.gc.TryLock() {
		return nil
	}
	defer s.gc.Unlock()
	if err := s.compact(); err != nil {
		return fmt.Errorf("remove files of old releases: %w", err)
	}
	return nil
}

func (s *Store) pruneRecords(keep int) error {
	s.write.Lock()
	defer s.write.Unlock()
	s.mu.RLock()
	var old []*stored
	if s.closed {
		s.mu.RUnlock()
		return ErrClosed
	}
	for _, r := range s.releases[:max(0, len(s.releases)-keep)] {
		if r.Number != s.state.Live {
			old = append(old, r)
		}
	}
	s.mu.RUnlock()
	for _, r := range old {
		if err := s.remove(recordName(r.Number)); err != nil {
			return err
		}
		s.mu.Lock()
		s.releases = slices.DeleteFunc(slices.Clone(s.releases), func(o *stored) bool { return o == r })
		s.since++
		s.mu.Unlock()
	}
	if len(old) == 0 {
		return nil
	}
	// Files go later, so the records have to be gone for good before.
	return syncDir(s.root, recordDir)
}

func (s *Store) remove(name string) error {
	if err := s.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// compact rewrites packs of which little is needed or that are small, and
// removes those of which nothing is. The caller holds gc.
func (s *Store) compact() error {
	needed, err := s.needed()
	if err != nil {
		return err
	}
	gone := s.toRewrite(needed)
	if err := s.rewrite(needed, gone); err != nil {
		return err
	}
	s.mu.Lock()
	dead := s.dead
	for _, p := range gone {
		dead = append(dead, p.name)
	}
	s.packs = slices.DeleteFunc(slices.Clone(s.packs), func(p *pack) bool { return slices.Contains(gone, p) })
	for h, at := range s.objects {
		if slices.Contains(gone, at.pack) {
			delete(s.objects, h)
		}
	}
	s.dead, s.since = nil, 0
	s.mu.Unlock()
	var left []string
	for _, name := range dead {
		if err := s.remove(name); err != nil {
			left = append(left, name) // in use, where that matters; again next time
		}
	}
	s.mu.Lock()
	s.dead = append(s.dead, left...)
	s.mu.Unlock()
	return nil
}

// needed are the objects that releases have.
func (s *Store) needed() (map[snapshot.Digest]place, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return nil, ErrClosed
	}
	needed := make(map[snapshot.Digest]place, len(s.objects))
	for _, r := range s.releases {
		for _, h := range r.Pieces {
			if _, ok := needed[h]; ok {
				continue // shared with another release
			}
			entries, err := s.piece(nil, h)
			if err != nil {
				return nil, err
			}
			needed[h] = s.objects[h]
			for i := range entries {
				needed[entries[i].hash] = s.objects[entries[i].hash]
			}
		}
	}
	return needed, nil
}

// toRewrite are the packs that are not worth their place.
func (s *Store) toRewrite(needed map[snapshot.Digest]place) []*pack {
	used := map[*pack]int64{}
	for _, at := range needed {
		used[at.pack] += at.stored
	}
	s.mu.RLock()
	packs := slices.Clone(s.packs)
	s.mu.RUnlock()
	largest := int64(0)
	for _, p := range packs {
		largest = max(largest, used[p])
	}
	var small, out []*pack
	for _, p := range packs {
		switch {
		case used[p] == 0 || used[p] < p.data/2:
			out = append(out, p)
		case used[p] < largest/smallPart:
			small = append(small, p)
		}
	}
	if len(small) > 1 {
		out = append(out, small...)
	}
	return out
}

// rewrite copies what is needed of packs into a new one.
func (s *Store) rewrite(needed map[snapshot.Digest]place, packs []*pack) (err error) {
	type moved struct {
		hash snapshot.Digest
		at   place
	}
	var all []moved
	for h, at := range needed {
		if slices.Contains(packs, at.pack) {
			all = append(all, moved{h, at})
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortFunc(all, func(a, b moved) int {
		return cmp.Or(cmp.Compare(a.at.pack.name, b.at.pack.name), cmp.Compare(a.at.offset, b.at.offset))
	})
	temp, w, err := s.newPack()
	if err != nil {
		return err
	}
	for i := range all {
		m := &all[i]
		if err = w.copyFrom(m.hash, m.at.form, m.at.size, m.at.stored, (&object{s.codec, m.hash, m.at}).section()); err != nil {
			break
		}
	}
	if err == nil {
		err = s.keep(temp, w)
	}
	if err != nil {
		return errors.Join(err, w.file.Close(), s.remove(temp))
	}
	return nil
}
