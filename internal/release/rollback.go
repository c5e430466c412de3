package release

import (
	"context"
	"errors"
	"time"
)

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

// before reports whether r came before what is shown, and is another site: of
// another commit too, where commits are known, for one commit may be built twice.
func (l *Live) before(r Release) bool {
	p := l.shown
	if p == nil {
		return true
	}
	return (p.number == 0 || r.Number < p.number) && r.Digest != p.snap.Digest() && (r.Commit == "" || r.Commit != p.meta.Commit)
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
