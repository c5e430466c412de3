package server

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"lectern/internal/diag"
	"lectern/internal/snapshot"
)

// BuildFunc builds the site after the files at paths (slash-separated, from the
// project's folder; a folder stands for all in it) may have changed. No paths
// mean that anything may have. With an error, the Update's Diags still count.
type BuildFunc func(ctx context.Context, paths []string) (Update, error)

// FinishFunc makes what the last build left pending and returns the whole
// site. When ctx ends, because there is a new change to show first, it stops,
// and a later call goes on from there.
type FinishFunc func(ctx context.Context) (Update, error)

// Outcome is how one build went.
type Outcome struct {
	Update
	// Finished is true where the site was only brought to its whole: nothing in
	// the project had changed.
	Finished bool
	// Err is why it failed; the site shown is then the one before.
	Err error
	// Paths are the changed paths it was started for, sorted; none for a look
	// at everything (the first build, after an error, a note that was due).
	Paths []string
	// Elapsed is the time from start to swap.
	Elapsed time.Duration
	// Changed says that the site is another than before, to the byte.
	Changed bool
}

// Screen is what a [Loop] shows its results on, such as a [Server].
type Screen interface {
	// Swap shows a site.
	Swap(Update)
	// Fail says that a build failed; the site shown stays.
	Fail(err error, found []diag.Diagnostic)
}

// Loop rebuilds a site whenever its files change or a moment comes at which it
// changes by itself. It alone calls Build and Finish, one call at a time;
// changes that come in meanwhile are collected for the next.
type Loop struct {
	// Server is given the results.
	Server Screen
	// Show, unless nil, is given them in the place of Server's Swap.
	Show func(Update)
	// Build makes them.
	Build BuildFunc
	// Finish completes them. It is called while nothing has to be built, and
	// broken off when something has. It may be nil if no Update is Pending.
	Finish FinishFunc
	// Changes brings sets of changed paths, an empty one for "anything". It may
	// be nil, and may be closed.
	Changes <-chan []string
	// Report, unless nil, is called with each outcome, from Run's goroutine.
	Report func(Outcome)
	// Now is the clock that Update.Next refers to; nil means time.Now.
	Now func() time.Time
}

const (
	// recheck is the longest that the loop trusts a timer: timers stand still
	// while a machine sleeps, and don't notice when its clock is set.
	recheck = 30 * time.Second
	// minWake keeps a build that always says "again at once" from spinning.
	minWake = time.Second
)

// Run builds once and then after every change, until ctx ends; the build under
// way is waited for. It returns ctx's cause, and never ends before.
func (l *Loop) Run(ctx context.Context) error {
	r := run{Loop: l, done: make(chan Outcome), all: true, interrupt: func() {}}
	defer r.stopTimer()
	changes := l.Changes
	for {
		r.start(ctx)
		select {
		case <-ctx.Done():
			if r.building {
				<-r.done // it sees ctx, too
			}
			return context.Cause(ctx)
		case paths, ok := <-changes:
			if !ok {
				changes = nil
				continue
			}
			r.collect(paths)
			r.interrupt() // what has changed comes first
		case o := <-r.done:
			r.finish(ctx, o)
		case <-r.due():
			r.wake()
		}
	}
}

// run is the state of one Run, owned by its goroutine.
type run struct {
	*Loop
	done       chan Outcome
	building   bool
	incomplete bool                // the site shown is Pending
	interrupt  context.CancelFunc  // ends a Finish under way
	pending    map[string]struct{} // changed since the last build was started
	all        bool                // anything may have changed
	suspect    bool                // the last build failed
	began      time.Time           // when the build under way was started

	shown snapshot.Digest
	next  time.Time // when to build without a change; zero: never
	timer *time.Timer
}

func (r *run) collect(paths []string) {
	if len(paths) == 0 {
		r.all = true
	}
	if r.pending == nil {
		r.pending = map[string]struct{}{}
	}
	for _, p := range paths {
		r.pending[p] = struct{}{}
	}
}

// start begins a build if there is reason for one and none is under way, and
// where there is none, to finish what the last one left pending.
func (r *run) start(ctx context.Context) {
	switch {
	case r.building || ctx.Err() != nil:
		return
	case !r.all && len(r.pending) == 0:
		if r.incomplete && r.Finish != nil {
			r.startFinish(ctx)
		}
		return
	}
	var paths []string
	if !r.all && !r.suspect {
		paths = slices.Sorted(maps.Keys(r.pending))
	}
	r.pending, r.all, r.building = nil, false, true
	r.stopTimer()
	r.began = time.Now()
	go func() {
		u, err := r.Build(ctx, paths)
		if err == nil && u.Snapshot == nil {
			err = errors.New("the build gave no site")
		}
		r.done <- Outcome{Update: u, Err: err, Paths: paths}
	}()
}

// startFinish begins to finish the site.
func (r *run) startFinish(ctx context.Context) {
	r.building, r.incomplete = true, false
	r.began = time.Now()
	ctx, r.interrupt = context.WithCancel(ctx)
	go func() {
		u, err := r.Finish(ctx)
		if err == nil && u.Snapshot == nil {
			err = errors.New("finishing gave no site")
		}
		r.done <- Outcome{Update: u, Err: err, Finished: true}
	}()
}

// finish takes a build's outcome.
func (r *run) finish(ctx context.Context, o Outcome) {
	r.building = false
	r.interrupt()
	if ctx.Err() != nil && o.Err != nil {
		return // it was broken off, and says so
	}
	if o.Finished && errors.Is(o.Err, context.Canceled) {
		return // the build that comes now says anew what is pending
	}
	// What a failed build took in of the changes is not known; the next one,
	// whenever it comes, looks at everything.
	r.suspect = o.Err != nil && !o.Finished
	r.incomplete = o.Err == nil && o.Pending
	if o.Err == nil {
		if r.Show != nil {
			r.Show(o.Update)
		} else {
			r.Server.Swap(o.Update)
		}
		o.Changed = o.Snapshot.Digest() != r.shown
		r.shown, r.next = o.Snapshot.Digest(), o.Next
	} else {
		r.Server.Fail(o.Err, o.Diags)
		if now := r.now(); !r.next.IsZero() && !now.Before(r.next) {
			r.next = now.Add(recheck) // what was due still is
		}
	}
	o.Elapsed = time.Since(r.began)
	r.setTimer()
	if r.Report != nil {
		r.Report(o)
	}
}

// now returns the wall clock's time alone: a boundary is a date, and the
// monotonic clock knows nothing of dates.
func (r *run) now() time.Time {
	if r.Now != nil {
		return r.Now().Round(0)
	}
	return time.Now().Round(0)
}

// setTimer arranges for wake to be called when the next boundary may have come.
func (r *run) setTimer() {
	r.stopTimer()
	if r.next.IsZero() {
		return
	}
	d := r.next.Sub(r.now()) // a far one gives the longest duration there is
	if d <= 0 {
		d = minWake
	}
	r.timer = time.NewTimer(min(d, recheck))
}

func (r *run) stopTimer() {
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
	}
}

func (r *run) due() <-chan time.Time {
	if r.timer == nil {
		return nil
	}
	return r.timer.C
}

// wake asks for a build if the boundary has come, and else waits on.
func (r *run) wake() {
	if r.now().Before(r.next) {
		r.setTimer()
		return
	}
	r.stopTimer()
	r.all = true
}
