package server

import (
	"cmp"
	"context"
	"path"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"lectern/internal/snapshot"
)

// keptBodies is how much compressed text is kept in memory. Ten thousand notes
// take 55 MB in one coding.
const keptBodies = 112 << 20

// eagerAsks is how often a body has to be asked for before brotli is worth its time.
const eagerAsks = 2

// brotliRest is how much longer than a brotli run the pause after it is, so that
// readers have the processor.
const brotliRest = 2

// bodies keeps compressed bodies by the hash of what they are of, so that all
// releases of a site share those of files that they share. One goroutine makes
// them: what was asked for first, then all else of the newest site with zstd and
// then gzip, then with brotli what is read often. Nobody waits for it. What it keeps is
// bounded; what was not asked for longest goes first.
type bodies struct {
	mu      sync.RWMutex
	known   map[snapshot.Digest]*encoded
	size    int64 // of all bodies in known
	most    int64
	site    *snapshot.Snapshot // whose files are to be compressed
	clock   atomic.Int64       // counts requests, to tell what was asked for last
	pending chan *snapshot.File
	popular chan *snapshot.File
	swapped chan struct{}
	pause   func(context.Context, time.Duration)
}

// encoded is one file's body in each coding; nil where it does not pay or was
// not made yet.
type encoded struct {
	forms [numCodings][]byte
	done  [numCodings]bool // it was tried
	plain *snapshot.Body   // the file as it is, where it is on disk and was asked for
	asked atomic.Int32     // requests that would have taken brotli
	used  atomic.Int64     // the clock at the last request
}

func (e *encoded) size() (n int64) {
	for _, b := range e.forms {
		n += int64(len(b))
	}
	if e.plain != nil {
		n += int64(e.plain.Len())
	}
	return n
}

func newBodies() *bodies {
	return &bodies{
		known:   map[snapshot.Digest]*encoded{},
		most:    keptBodies,
		pending: make(chan *snapshot.File, 256),
		popular: make(chan *snapshot.File, 256),
		swapped: make(chan struct{}, 1),
		pause:   pause,
	}
}

// ask returns what there is of f, and has made what is missing.
func (b *bodies) ask(f *snapshot.File, a *accepted) (forms [numCodings][]byte) {
	b.mu.RLock()
	e := b.known[f.Hash]
	var done [numCodings]bool
	if e != nil {
		forms, done = e.forms, e.done
	}
	b.mu.RUnlock()
	if e == nil || !done[gzipCoding] || !done[zstdCoding] {
		offer(b.pending, f)
	}
	if e == nil {
		return forms
	}
	e.used.Store(b.clock.Add(1))
	if a.weight[brotliCoding] > 0 && !done[brotliCoding] && e.asked.Add(1) >= eagerAsks {
		offer(b.popular, f)
	}
	return forms
}

// offer puts f into the queue unless it is full: then a later request will.
func offer(queue chan<- *snapshot.File, f *snapshot.File) {
	select {
	case queue <- f:
	default:
	}
}

// follow has the files of snap compressed from now on.
func (b *bodies) follow(snap *snapshot.Snapshot) {
	b.mu.Lock()
	b.site = snap
	b.mu.Unlock()
	select {
	case b.swapped <- struct{}{}:
	default:
	}
}

// run makes bodies until ctx ends.
func (b *bodies) run(ctx context.Context) {
	var enc encoders
	var ahead plan
	for ctx.Err() == nil {
		select {
		case <-b.swapped:
			ahead = b.sweep()
		case f := <-b.pending:
			b.make(&enc, f, zstdCoding, gzipCoding)
		default:
			if !b.ahead(&enc, &ahead) {
				b.idle(ctx, &enc, &ahead)
			}
		}
	}
}

// idle waits for something to do; only now is it brotli's turn.
func (b *bodies) idle(ctx context.Context, enc *encoders, ahead *plan) {
	rest := time.NewTimer(time.Second)
	defer rest.Stop()
	for {
		select {
		case <-ctx.Done():
		case <-b.swapped:
			*ahead = b.sweep()
		case f := <-b.pending:
			b.make(enc, f, zstdCoding, gzipCoding)
		case f := <-b.popular:
			began := time.Now()
			b.make(enc, f, brotliCoding)
			b.pause(ctx, brotliRest*time.Since(began))
		case <-rest.C:
			enc.forget()
			continue
		}
		return
	}
}

// plan is what to compress ahead of requests: files in one coding, then in another.
type plan struct {
	files []*snapshot.File
	next  int
	pass  int
}

// passes are the codings of a plan: browsers take zstd, everybody else gzip.
var passes = [...]coding{zstdCoding, gzipCoding}

// ahead takes one step of the plan, and reports whether there was one.
func (b *bodies) ahead(enc *encoders, p *plan) bool {
	if p.next == len(p.files) {
		p.next = 0
		p.pass++
	}
	if p.pass >= len(passes) || len(p.files) == 0 || b.full() {
		*p = plan{}
		return false
	}
	f := p.files[p.next]
	p.next++
	if encodable(f, contentType(f.Path)) {
		b.make(enc, f, passes[p.pass])
		if isAsset(f.Path) {
			offer(b.popular, f) // every reader has it
		}
	}
	return true
}

// isAsset reports whether name is one of the theme's own files.
func isAsset(name string) bool { return path.Dir(name)+"/" == assetDir }

// make makes those of f's bodies in the codings that are missing. A file that
// can't be read is sent as it is, which says what is the matter.
func (b *bodies) make(enc *encoders, f *snapshot.File, codings ...coding) {
	b.mu.RLock()
	var e encoded
	if k := b.known[f.Hash]; k != nil {
		e.forms, e.done = k.forms, k.done
	}
	b.mu.RUnlock()
	codings = slices.DeleteFunc(slices.Clone(codings), func(c coding) bool { return e.done[c] })
	if len(codings) == 0 || enc.read(f) != nil {
		return
	}
	for _, c := range codings {
		most := enc.plain.Len() * 9 / 10
		if c == brotliCoding {
			for _, other := range e.forms {
				if other != nil {
					most = min(most, len(other))
				}
			}
		}
		var body []byte
		if c != brotliCoding || enc.plain.Len() <= quickBrotliMost {
			var err error
			if body, err = enc.encode(c, most); err != nil {
				return
			}
		}
		e.forms[c], e.done[c] = body, true
	}
	b.keep(f.Hash, &e)
}

// keep takes what was made of a file in, and makes room for it.
func (b *bodies) keep(hash snapshot.Digest, made *encoded) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.known[hash]
	if e == nil {
		e = &encoded{}
		e.used.Store(b.clock.Load())
		b.known[hash] = e
	}
	b.size -= e.size()
	e.forms, e.done = made.forms, made.done
	b.size += e.size()
	if b.size > b.most {
		b.evict(b.most * 9 / 10)
	}
}

// evict drops what was not asked for longest until no more than most bytes are kept.
func (b *bodies) evict(most int64) {
	type item struct {
		hash snapshot.Digest
		used int64
	}
	items := make([]item, 0, len(b.known))
	for h, e := range b.known {
		items = append(items, item{h, e.used.Load()})
	}
	slices.SortFunc(items, func(x, y item) int { return cmp.Compare(x.used, y.used) })
	for _, it := range items {
		if b.size <= most {
			return
		}
		b.size -= b.known[it.hash].size()
		delete(b.known, it.hash)
	}
}

// full reports whether no more is made ahead: what is asked for needs room, too.
func (b *bodies) full() bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.size >= b.most*3/4
}

// sweep forgets what is of no file of the site, and returns the plan for the site.
func (b *bodies) sweep() plan {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.site == nil {
		return plan{}
	}
	files := b.site.Files()
	kept := make(map[snapshot.Digest]*encoded, len(b.known))
	b.size = 0
	for _, f := range files {
		if e := b.known[f.Hash]; e != nil && kept[f.Hash] == nil {
			kept[f.Hash] = e
			b.size += e.size()
		}
	}
	b.known = kept
	return plan{files: files}
}

// pause waits for d or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
