package preview

import (
	"crypto/sha256"
	"sync"

	"lectern/internal/snapshot"
)

// articles remembers what the articles in files are, by the files' hashes: where
// all pages have another menu, they need not be read again each time that the live
// site changes.
type articles struct {
	mu   sync.Mutex
	sums map[snapshot.Digest]snapshot.Digest // of a file and of its article; zero for none
}

// maxArticles is how many are remembered.
const maxArticles = 100_000

// sum returns the hash of f's article, if it is known.
func (a *articles) sum(f *snapshot.File) (sum snapshot.Digest, known bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	sum, known = a.sums[f.Hash]
	return sum, known
}

// read is readPage, and remembers what it read.
func (a *articles) read(f *snapshot.File) (page, bool) {
	if f == nil || !isPage(f) {
		return page{}, false
	}
	if sum, known := a.sum(f); known && sum == (snapshot.Digest{}) {
		return page{}, false
	}
	p, ok, err := readPage(f)
	if err != nil {
		return page{}, false // its readers miss it, too
	}
	var sum snapshot.Digest
	if ok {
		sum = sha256.Sum256(append(append([]byte(p.title), 0), p.article...))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.sums == nil || len(a.sums) >= maxArticles {
		a.sums = map[snapshot.Digest]snapshot.Digest{}
	}
	a.sums[f.Hash] = sum
	return p, ok
}

// same reports whether both files are known to hold the same article, or none.
func (a *articles) same(old, fresh *snapshot.File) bool {
	if old == nil || fresh == nil {
		return false
	}
	was, known := a.sum(old)
	is, too := a.sum(fresh)
	return known && too && was == is
}

func (a *articles) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sums = nil
}
