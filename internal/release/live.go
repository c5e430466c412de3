package release

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"lectern/internal/snapshot"
)

// LiveOptions are what a [Live] works with.
type LiveOptions struct {
	// Store keeps the releases; it stays the caller's to close, after the Live.
	Store *Store
	// Keep is how many releases are kept; 0 means [DefaultKeep].
	Keep int
	// Show makes a site the one that visitors see, at once: server.Server.Swap.
	// Calls come one at a time.
	Show func(*snapshot.Snapshot, snapshot.Settings)
	// Log gets a line for all that goes live, fails or is damaged; nil drops it.
	Log *slog.Logger
}

// Live owns which release is shown: the newest one, unless one is pinned. It may
// be used by many goroutines.
//
// What is published is shown at once, from memory, and stored right after, so
// that nobody waits for a disk. A process that is killed in between comes back
// with the last release that was stored, and whoever builds finds the rest again
// where it came from.
type Live struct {
	opts LiveOptions
	log  *slog.Logger

	jobs   chan *publication // what is to be stored, in order
	worker sync.WaitGroup
	checks sync.WaitGroup
	closed sync.Once
	stop   chan struct{}

	mu     sync.Mutex // guards what follows, and calls of Show
	shown  *publication
	latest *publication // published last; nil until something is
	built  int          // how many were published
	status Status
}

// publication is a site that was handed over or opened.
type publication struct {
	snap   *snapshot.Snapshot
	meta   Meta
	build  int // counts what was published
	number int // 0 while it is not stored
	since  time.Time
	by     string
	pinned bool
}

// maxQueued bounds what waits to be stored: each holds a site in memory, though
// sites share what did not change.
const maxQueued = 8

// builtBy is who has what was built so.
const builtBy = "build"

// NewLive returns a Live that shows nothing yet. It has to be closed.
func NewLive(opts LiveOptions) *Live {
	if opts.Keep <= 0 {
		opts.Keep = DefaultKeep
	}
	l := &Live{opts: opts, log: opts.Log, jobs: make(chan *publication, maxQueued), stop: make(chan struct{})}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	for _, p := range opts.Store.Problems() {
		l.log.Warn("stored releases are damaged", "problem", p)
	}
	l.worker.Go(l.store)
	return l
}

// store stores what is published, in order, until Close, and then what is left.
func (l *Live) store() {
	for {
		select {
		case p := <-l.jobs:
			l.keep(p)
			continue
		case <-l.stop:
		}
		select {
		case p := <-l.jobs:
			l.keep(p)
		default:
			return
		}
	}
}

// Close waits until all that was published is stored.
func (l *Live) Close() {
	l.closed.Do(func() { close(l.stop) })
	l.worker.Wait()
	l.checks.Wait()
}

// Start shows the release that was live when the last process ended, or the
// newest one that is whole. It reports whether there is one. Its files are
// compared with their checksums while it is shown.
func (l *Live) Start(ctx context.Context) bool {
	cur := l.opts.Store.Current()
	candidates := []int{cur.Number}
	list := l.opts.Store.List()
	for i := len(list) - 1; i >= 0; i-- {
		candidates = append(candidates, list[i].Number)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, n := range candidates {
		if n == 0 {
			continue
		}
		p, err := l.open(ctx, n)
		if err != nil {
			l.log.Error("a stored release cannot be shown", "number", n, "error", err)
			continue
		}
		if p.pinned = cur.Pinned; n == cur.Number {
			p.since, p.by = cur.Since, cur.By
		}
		l.show(p)
		l.checks.Go(func() { l.verify(p) })
		return true
	}
	return false
}

// open returns a stored release as it can be shown.
func (l *Live) open(ctx context.Context, number int) (*publication, error) {
	snap, r, err := l.opts.Store.Open(ctx, number)
	if err != nil {
		return nil, err
	}
	return &publication{snap: snap, meta: r.Meta, number: r.Number, since: time.Now().UTC()}, nil
}

// show makes p what visitors see. The caller holds mu.
func (l *Live) show(p *publication) {
	l.opts.Show(p.snap, p.meta.Settings)
	l.shown = p
	l.log.Info("live", "digest", p.snap.Digest().Short(), "number", p.number, "commit", p.meta.Commit, "by", p.by, "pinned", p.pinned)
}

// verify reads all files of what was shown at the start, and shows another
// release if it is damaged.
func (l *Live) verify(p *publication) {
	err := l.check(p.snap)
	if err == nil || errors.Is(err, ErrClosed) {
		return
	}
	l.log.Error("the release that is live is damaged", "number", p.number, "error", err)
	list := l.opts.Store.List()
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Number == p.number {
			continue
		}
		q, err := l.open(context.Background(), list[i].Number)
		if err == nil {
			err = l.check(q.snap)
		}
		if err != nil {
			continue
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.shown == p { // nothing better came meanwhile
			q.pinned, q.by = p.pinned, "damage"
			l.show(q)
		}
		return
	}
}

// check compares all files of a stored site with their hashes.
func (l *Live) check(snap *snapshot.Snapshot) error {
	for _, f := range snap.Files() {
		select {
		case <-l.stop:
			return ErrClosed
		default:
		}
		if o, ok := f.Source.(*object); ok {
			if err := o.verify(); err != nil {
				return fmt.Errorf("%s: %w", f.Path, err)
			}
		}
	}
	return nil
}

// Publish takes a site that was built: it is live when Publish returns, unless
// another one is pinned, and is stored after that. It waits only while very
// many sites are still to be stored. After
// Close nothing is stored any more.
func (l *Live) Publish(snap *snapshot.Snapshot, meta Meta) {
	p := &publication{snap: snap, meta: meta, since: time.Now().UTC(), by: builtBy}
	l.mu.Lock()
	if l.shown != nil && l.shown.pinned {
		l.log.Info("built, but another release is pinned", "digest", snap.Digest().Short(), "commit", meta.Commit, "pinned", l.shown.number)
	} else {
		if l.shown != nil && l.shown.snap.Digest() == snap.Digest() {
			p.since = l.shown.since // the same site, of another commit
		}
		l.show(p)
	}
	l.latest = p
	l.built++
	p.build = l.built
	l.status.noteBuilt(p)
	l.mu.Unlock()
	select {
	case l.jobs <- p:
	case <-l.stop:
	}
}

// keep stores a publication and says so.
func (l *Live) keep(p *publication) {
	r, err := l.opts.Store.Put(context.Background(), p.snap, p.meta)
	if err != nil {
		l.log.Error("a release is not stored; it is gone after a restart, until it is built again", "commit", p.meta.Commit, "error", err)
		l.mu.Lock()
		l.status.NotStored = err.Error()
		l.mu.Unlock()
		return
	}
	l.mu.Lock()
	p.number = r.Number
	l.status.NotStored = ""
	l.status.noteStored(p)
	if l.shown == p {
		err = l.opts.Store.Activate(r.Number, false, p.by)
	}
	l.mu.Unlock()
	if err == nil {
		err = l.opts.Store.Prune(l.opts.Keep)
	}
	if err != nil {
		l.log.Error("releases", "error", err)
	}
}

// ErrNoOther says that there is nothing to roll back to.
var ErrNoOther = errors.New("there is no release before this one")

// Rollback shows another release and pins it: the one that text names (see
// [Find]), or with "" the one before what is live. By says whose wish it is.
func (l *Live) Rollback(ctx context.Context, text, by string) (Release, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := l.opts.Store.List()
	if text != "" {
		r, err := Find(list, text)
		if err != nil {
			return Release{}, err
		}
		return l.pin(ctx, r, by)
	}
	for i := len(list) - 1; i >= 0; i-- {
		if l.before(list[i]) {
			return l.pin(ctx, list[i], by)
		}
	}
	return Release{}, ErrNoOther
}

// before reports whether r came before what is shown, and is another site.
func (l *Live) before(r Release) bool {
	if l.shown == nil {
		return true
	}
	return (l.shown.number == 0 || r.Number < l.shown.number) && r.Digest != l.shown.snap.Digest()
}

func (l *Live) pin(ctx context.Context, r Release, by string) (Release, error) {
	return l.change(ctx, r, true, by)
}

// change shows r. The caller holds mu. When it fails, all is as it was.
func (l *Live) change(ctx context.Context, r Release, pinned bool, by string) (Release, error) {
	p, err := l.open(ctx, r.Number)
	if err != nil {
		return Release{}, err
	}
	if l.latest != nil && l.latest.number == r.Number {
		p.snap = l.latest.snap // it is in memory
	}
	p.pinned, p.by = pinned, by
	if err := l.opts.Store.Activate(r.Number, pinned, by); err != nil {
		return Release{}, err
	}
	l.show(p)
	return r, nil
}

// Activate shows the release that text names and pins it; "latest" is the one
// that was built last, and whatever is built after it.
func (l *Live) Activate(ctx context.Context, text, by string) (Release, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if text != "latest" {
		r, err := Find(l.opts.Store.List(), text)
		if err != nil {
			return Release{}, err
		}
		return l.pin(ctx, r, by)
	}
	if l.latest != nil && l.latest.number == 0 { // it is about to be stored
		return l.showLatest(by)
	}
	r, err := Find(l.opts.Store.List(), text)
	if err != nil {
		return Release{}, err
	}
	return l.change(ctx, r, false, by)
}

// showLatest shows what only memory holds; once it is stored, keep has that last.
func (l *Live) showLatest(by string) (Release, error) {
	if cur := l.opts.Store.Current(); cur.Pinned {
		if err := l.opts.Store.Activate(cur.Number, false, by); err != nil {
			return Release{}, err
		}
	}
	p := l.latest
	p.by, p.since = by, time.Now().UTC()
	l.show(p)
	return Release{Digest: p.snap.Digest(), Stored: p.since, Files: len(p.snap.Files()), Size: p.snap.Size(), Meta: p.meta}, nil
}

// Failed notes that a commit could not be built or shown, and why. What is live
// stays.
func (l *Live) Failed(meta Meta, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.status.noteFailed(meta, err)
	l.log.Error("a build failed; what is live stays", "commit", meta.Commit, "error", err)
}

// Following notes how the last look at where releases come from went.
func (l *Live) Following(origin string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.status.Origin = origin
	l.status.Looked = time.Now().UTC()
	l.status.OriginError = ""
	if err != nil {
		l.status.OriginError = err.Error()
	}
}
