package release

import (
	"context"
	"slices"
	"time"

	"lectern/internal/snapshot"
)

// Pinned reports whether what is shown stays, whatever is built.
func (l *Live) Pinned() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.shown != nil && l.shown.pinned
}

// Preview shows a site that is not all that it will be, unless a release is
// pinned. It becomes no release: Publish follows.
func (l *Live) Preview(snap *snapshot.Snapshot, meta Meta) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shown == nil || !l.shown.pinned {
		l.show(&publication{snap: snap, meta: meta, since: time.Now().UTC(), by: builtBy, unfinished: true})
	}
}

// Publish takes a site that was built: it is live when Publish returns, unless
// another one is pinned, and is stored after that ([Live.Settle]). It waits only
// while very many sites are still to be stored. After Close nothing is stored
// any more.
func (l *Live) Publish(snap *snapshot.Snapshot, meta Meta) {
	p := &publication{snap: snap, meta: meta, since: time.Now().UTC(), by: builtBy}
	l.mu.Lock()
	l.offer(p)
	l.built++
	p.build = l.built
	l.latest = p
	l.status.noteBuilt(p)
	l.mu.Unlock()
	l.queued.Add(1)
	select {
	case l.jobs <- p:
	case <-l.stop:
		l.queued.Done()
	}
}

// offer shows p unless a release is pinned. The caller holds mu.
func (l *Live) offer(p *publication) {
	if l.shown != nil && l.shown.pinned {
		l.log.Info("kept, but another release is pinned", "digest", p.snap.Digest().Short(), "commit", p.meta.Commit, "pinned", l.shown.number)
		return
	}
	if l.shown != nil && l.shown.snap.Digest() == p.snap.Digest() {
		p.since = l.shown.since // the same site, of another commit
	}
	l.show(p)
}

// Adopt takes a release that someone else put into the store, as Publish takes
// what was built.
func (l *Live) Adopt(ctx context.Context, r Release) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, err := l.open(ctx, r.Number)
	if err != nil {
		return err
	}
	p.by = builtBy
	l.built++
	p.build = l.built
	l.status.noteBuilt(p)
	l.status.noteStored(p, 0)
	if l.shown == nil || !l.shown.pinned {
		if err := l.opts.Store.Activate(r.Number, false, p.by); err != nil {
			return err
		}
	}
	l.latest = p
	l.offer(p)
	return l.opts.Store.Prune(l.opts.Keep)
}

// Settle waits until all that was published is stored and what is shown of it
// needs nothing beside the store, so that the files it was built of may change.
func (l *Live) Settle() { l.queued.Wait() }

// keep stores a publication and says so.
func (l *Live) keep(p *publication) {
	defer l.queued.Done()
	start := time.Now()
	r, err := l.opts.Store.Put(context.Background(), p.snap, p.meta)
	var stable *snapshot.Snapshot
	if err == nil {
		stable, err = l.stable(p.snap, r)
	}
	if err != nil {
		l.log.Error("a release is not stored; it is gone after a restart, until it is built again", "commit", p.meta.Commit, "error", err)
		l.mu.Lock()
		l.status.NotStored = err.Error()
		l.mu.Unlock()
		return
	}
	took := time.Since(start)
	l.mu.Lock()
	p.number, p.snap = r.Number, stable
	l.status.NotStored = ""
	l.status.noteStored(p, took)
	if l.shown == p {
		l.opts.Show(p.snap, p.meta.Settings) // the same bytes
		err = l.opts.Store.Activate(r.Number, false, p.by)
	}
	l.mu.Unlock()
	l.log.Info("stored", "number", r.Number, "digest", r.Digest.Short(), "commit", r.Commit, "took", took.Round(100*time.Microsecond))
	if err == nil {
		err = l.opts.Store.Prune(l.opts.Keep)
	}
	if err != nil {
		l.log.Error("releases", "error", err)
	}
}

// stable is snap with what it would read from elsewhere read from the store.
// What is in memory stays there.
func (l *Live) stable(snap *snapshot.Snapshot, r Release) (*snapshot.Snapshot, error) {
	kept, _, err := l.opts.Store.Open(context.Background(), r.Number)
	if err != nil {
		return nil, err
	}
	files := slices.Clone(kept.Files())
	for i, f := range snap.Files() {
		if f.Source == nil {
			files[i] = f
		}
	}
	return snapshot.New(files)
}
