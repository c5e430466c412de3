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
	// Allow, unless nil, says why a stored release must not be shown.
	Allow func(Release) error
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
	queued sync.WaitGroup
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
	// unfinished says that it never becomes a release.
	unfinished bool
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
	if l.opts.Allow != nil {
		if err := l.opts.Allow(r); err != nil {
			return nil, fmt.Errorf("%s must not be shown: %w", &r, err)
		}
	}
	return &publication{snap: snap, meta: r.Meta, number: r.Number, since: time.Now().UTC()}, nil
}

// show makes p what visitors see. The caller holds mu.
func (l *Live) show(p *publication) {
	l.opts.Show(p.snap, p.meta.Settings)
	was := l.shown
	l.shown = p
	if was != nil && was.snap.Digest() == p.snap.Digest() && was.meta.Commit == p.meta.Commit && was.pinned == p.pinned {
		return // only more is known of it
	}
	attrs := []any{"digest", p.snap.Digest().Short(), "commit", p.meta.Commit, "by", p.by, "pinned", p.pinned}
	if p.number > 0 { // else it is still to be stored
		attrs = append(attrs, "number", p.number)
	}
	l.log.Info("live", attrs...)
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
