package webhook

import (
	"crypto/sha256"
	"sync"
)

// remembered is how many deliveries are remembered: 200 kB, and weeks of a
// busy repository.
const remembered = 4096

// seen remembers the newest deliveries.
type seen struct {
	mu   sync.Mutex
	set  map[[sha256.Size]byte]struct{}
	ring [][sha256.Size]byte
	at   int
}

// add reports whether key is new, and remembers it.
func (s *seen) add(key [sha256.Size]byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.set[key]; ok {
		return false
	}
	if s.set == nil {
		s.set = make(map[[sha256.Size]byte]struct{})
	}
	if len(s.ring) < remembered {
		s.ring = append(s.ring, key)
	} else {
		delete(s.set, s.ring[s.at])
		s.ring[s.at] = key
		s.at = (s.at + 1) % remembered
	}
	s.set[key] = struct{}{}
	return true
}
