package preview

import (
	"context"
	"time"
)

// view is a preview as one request sees it.
type view struct {
	entry *entry
	label string
	ref   Ref
	// site is what to show, nil while there is none.
	site *Site
	// stale says that site is of an older commit; failed why the newest has none.
	stale  bool
	failed error
	// unknown: nobody knows yet what there is. gone names what was there.
	unknown bool
	gone    string
}

// look finds the preview with that label, and has it built where that is due.
func (s *Set) look(label string) view {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.all[label]
	if e == nil {
		return view{label: label, unknown: !s.listed, gone: s.gone[label]}
	}
	now := time.Now()
	e.used, s.used = now, now
	v := view{entry: e, label: label, ref: e.ref, site: e.site}
	v.stale = e.site != nil && e.site.Ref != e.ref
	if e.failed != nil && e.of == e.ref.Commit && (e.until.IsZero() || now.Before(e.until)) {
		v.failed = e.failed
		return v
	}
	if e.site == nil || v.stale {
		e.wanted = true
		s.wake()
	}
	return v
}

// wait is look that waits for a first site for as long as ctx allows.
func (s *Set) wait(ctx context.Context, label string) view {
	for {
		s.mu.Lock()
		e := s.all[label]
		var done chan struct{}
		if e != nil {
			done = e.done
		}
		s.mu.Unlock()
		v := s.look(label)
		if v.entry == nil || v.site != nil || v.failed != nil || v.entry != e {
			if v.entry == nil || v.entry == e {
				return v
			}
			continue
		}
		select {
		case <-done:
		case <-ctx.Done():
			return v
		}
	}
}

// open sees to it that v's site is in memory.
func (s *Set) open(ctx context.Context, v *view) error {
	if v.site.Snapshot != nil {
		return nil
	}
	e := v.entry
	e.opening.Lock()
	defer e.opening.Unlock()
	s.mu.Lock()
	now := e.site
	s.mu.Unlock()
	if now != nil && now.Snapshot != nil {
		v.site = now
		return nil
	}
	snap, err := v.site.Reopen(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		// It is not kept any more: it is built anew.
		s.opts.Log.Info("preview is not kept any more", "preview", v.label, "error", err)
		s.mu.Lock()
		if e.site == now {
			e.site = nil
		}
		s.mu.Unlock()
		*v = s.wait(ctx, v.label)
		return nil
	}
	whole := *v.site
	whole.Snapshot = snap
	v.site = &whole
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.site == now {
		e.site = v.site
	}
	s.crowd()
	return nil
}

// difference compares v's site with the live one; nil where there is none.
func (s *Set) difference(ctx context.Context, v *view) (*Difference, error) {
	live := s.opts.Live()
	if live == nil {
		return nil, nil
	}
	e := v.entry
	e.compare.Lock()
	defer e.compare.Unlock()
	s.mu.Lock()
	c := e.diff
	s.mu.Unlock()
	if c.diff != nil && c.live == live.Digest() && c.site == v.site.Snapshot.Digest() {
		return c.diff, nil
	}
	d, err := s.articles.compare(ctx, live, v.site.Snapshot)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.site == v.site {
		e.diff = comparison{live.Digest(), v.site.Snapshot.Digest(), d}
	}
	return d, nil
}
