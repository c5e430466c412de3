package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"lectern/internal/diag"
	"lectern/internal/snapshot"
)

// looped is a loop with a build of the test's own, in a bubble of fake time.
type looped struct {
	*Loop
	t       *testing.T
	changes chan []string
	mu      sync.Mutex
	build   func(paths []string) (Update, error)
	calls   [][]string // the paths of each build
	told    []Outcome
	snaps   []*snapshot.Snapshot
}

// loop runs f beside a loop with the clock now, and ends the loop after it.
func loop(t *testing.T, now func() time.Time, f func(l *looped)) {
	synctest.Test(t, func(t *testing.T) {
		l := &looped{t: t, changes: make(chan []string)}
		for i := range 5 {
			l.snaps = append(l.snaps, site(t, map[string]string{"index.html": fmt.Sprint(i)}))
		}
		l.build = func([]string) (Update, error) { return Update{Snapshot: l.snaps[len(l.calls)%5]}, nil }
		l.Loop = &Loop{
			Server:  New(Options{}),
			Changes: l.changes,
			Build: func(_ context.Context, paths []string) (Update, error) {
				l.mu.Lock()
				l.calls = append(l.calls, paths)
				build := l.build
				l.mu.Unlock()
				return build(paths)
			},
			Report: func(o Outcome) {
				l.mu.Lock()
				defer l.mu.Unlock()
				l.told = append(l.told, o)
			},
			Now: now,
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- l.Run(ctx) }()
		synctest.Wait()
		f(l)
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("Run: %v", err)
		}
	})
}

// builds says what a build does from now on. Sleeping orders nothing for the
// race detector, so there is a lock.
func (l *looped) builds(build func(paths []string) (Update, error)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.build = build
}

// made returns the paths of the builds so far.
func (l *looped) made() [][]string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.calls)
}

func (l *looped) reports() []Outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.told)
}

// change sends changed paths and waits until all is idle again.
func (l *looped) change(paths ...string) {
	l.changes <- paths
	synctest.Wait()
}

func (l *looped) expect(calls ...[]string) {
	l.t.Helper()
	if got := l.made(); !slices.EqualFunc(got, calls, slices.Equal) {
		l.t.Errorf("builds of %q, want %q", got, calls)
	}
}

func (l *looped) shown() *snapshot.Snapshot { return l.Server.(*Server).state.Load().update.Snapshot }

func TestLoop(t *testing.T) {
	loop(t, nil, func(l *looped) {
		l.expect(nil)
		if l.shown() != l.snaps[1] || len(l.reports()) != 1 || !l.reports()[0].Changed || l.reports()[0].Paths != nil {
			t.Errorf("after the first build: %v, told %+v", l.shown(), l.reports())
		}
		l.change("b", "a")
		l.expect(nil, []string{"a", "b"})
		if l.shown() != l.snaps[2] || !slices.Equal(l.reports()[1].Paths, []string{"a", "b"}) {
			t.Errorf("after a change: %v, told %+v", l.shown(), l.reports()[1])
		}
		l.change()
		l.expect(nil, []string{"a", "b"}, nil)

		l.builds(func([]string) (Update, error) { return Update{Snapshot: l.shown()}, nil })
		l.change("c")
		if l.reports()[3].Changed {
			t.Error("the same site is said to have changed")
		}
		time.Sleep(1000 * time.Hour)
		synctest.Wait()
		if len(l.made()) != 4 {
			t.Errorf("%d builds without a reason", len(l.made())-4)
		}
		close(l.changes)
		synctest.Wait()
	})
}

func TestLoopCollectsChangesWhileItBuilds(t *testing.T) {
	loop(t, nil, func(l *looped) {
		gate := make(chan struct{})
		l.builds(func([]string) (Update, error) {
			<-gate
			return Update{Snapshot: l.snaps[0]}, nil
		})
		l.change("a")
		for _, paths := range [][]string{{"c"}, {"b", "c"}, {"a"}} {
			l.change(paths...)
		}
		l.expect(nil, []string{"a"})
		gate <- struct{}{}
		synctest.Wait()
		l.expect(nil, []string{"a"}, []string{"a", "b", "c"})
		l.change("x")
		l.change() // anything
		l.change("y")
		gate <- struct{}{}
		synctest.Wait()
		l.expect(nil, []string{"a"}, []string{"a", "b", "c"}, nil)
		close(gate)
		synctest.Wait()
		if len(l.made()) != 4 {
			t.Errorf("%d builds", len(l.made()))
		}
	})
}

func TestLoopKeepsTheLastGoodSite(t *testing.T) {
	loop(t, nil, func(l *looped) {
		good := l.shown()
		broken := []diag.Diagnostic{{Message: "broken"}}
		l.builds(func([]string) (Update, error) { return Update{Diags: broken}, errors.New("no configuration") })
		l.change("lectern.yaml")
		st := l.Server.(*Server).state.Load()
		if l.shown() != good || st.failed != "no configuration" || len(st.update.Diags) != 1 {
			t.Errorf("after a failed build: %+v", st)
		}
		if o := l.reports()[1]; o.Err == nil || o.Changed || len(o.Diags) != 1 {
			t.Errorf("told %+v", o)
		}
		// The failed build may have lost changes: the next looks at everything.
		l.builds(func([]string) (Update, error) { return Update{Snapshot: l.snaps[4]}, nil })
		l.change("lectern.yaml")
		l.change("a")
		l.expect(nil, []string{"lectern.yaml"}, nil, []string{"a"})
		if st := l.Server.(*Server).state.Load(); l.shown() != l.snaps[4] || st.failed != "" {
			t.Errorf("after a good build: %+v", st)
		}
		l.builds(func([]string) (Update, error) { return Update{}, nil })
		l.change("a")
		if l.shown() != l.snaps[4] || l.reports()[4].Err == nil {
			t.Error("no site and no error was taken for a site")
		}
	})
}

func TestLoopWakesWhenANoteIsDue(t *testing.T) {
	loop(t, nil, func(l *looped) {
		due := time.Now().Add(100 * time.Hour)
		l.builds(func([]string) (Update, error) {
			u := Update{Snapshot: l.snaps[0]}
			if time.Now().Before(due) {
				u.Next = due
			}
			return u, nil
		})
		l.change("a")
		time.Sleep(time.Until(due) - time.Nanosecond)
		synctest.Wait()
		l.expect(nil, []string{"a"})
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		l.expect(nil, []string{"a"}, nil)
		time.Sleep(1000 * time.Hour)
		l.expect(nil, []string{"a"}, nil)
	})
}

func TestLoopClockIsSet(t *testing.T) {
	var step atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(step.Load())) }
	loop(t, now, func(l *looped) {
		due := now().Add(100 * time.Hour)
		l.builds(func([]string) (Update, error) {
			u := Update{Snapshot: l.snaps[0]}
			if now().Before(due) {
				u.Next = due
			}
			return u, nil
		})
		l.change("a")
		step.Store(int64(200 * time.Hour)) // as after a machine slept
		time.Sleep(recheck)
		synctest.Wait()
		l.expect(nil, []string{"a"}, nil)
	})
}

func TestLoopFarAndPastBoundaries(t *testing.T) {
	loop(t, nil, func(l *looped) {
		next := func(at time.Time) {
			l.builds(func([]string) (Update, error) { return Update{Snapshot: l.snaps[0], Next: at}, nil })
		}
		next(time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC))
		l.change("a")
		time.Sleep(1000 * time.Hour)
		synctest.Wait()
		l.expect(nil, []string{"a"})

		// One that is always over must not make the loop spin.
		next(time.Unix(0, 0))
		l.change("b")
		time.Sleep(10 * minWake)
		synctest.Wait()
		if n := len(l.made()) - 3; n < 5 || n > 11 {
			t.Errorf("%d builds in ten times the shortest wait", n)
		}

		// A build that fails when a note is due is tried again.
		next(time.Now().Add(time.Hour))
		l.change("c")
		before := len(l.made())
		l.builds(func([]string) (Update, error) { return Update{}, errors.New("no") })
		time.Sleep(time.Hour + 10*recheck)
		synctest.Wait()
		if n := len(l.made()) - before; n < 9 || n > 11 {
			t.Errorf("%d tries in ten times the pace", n)
		}
	})
}

func TestLoopWaitsForItsBuild(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		built := false
		l := Loop{Server: New(Options{}), Build: func(ctx context.Context, _ []string) (Update, error) {
			<-ctx.Done()
			time.Sleep(time.Second)
			built = true
			return Update{}, ctx.Err()
		}, Report: func(o Outcome) { t.Errorf("told of a build that was broken off: %+v", o) }}
		ended := make(chan error)
		go func() { ended <- l.Run(ctx) }()
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) || !built {
			t.Errorf("Run: %v, built %v", err, built)
		}
	})
}

// A site that can be shown but lacks something is finished when there is
// nothing else to do, and a change breaks that off.
func TestLoopFinishes(t *testing.T) {
	loop(t, nil, func(l *looped) {
		finished, broken := 0, 0
		gate := make(chan struct{})
		l.mu.Lock()
		l.Finish = func(ctx context.Context) (Update, error) {
			select {
			case <-gate:
				finished++
				return Update{Snapshot: l.snaps[4]}, nil
			case <-ctx.Done():
				broken++
				return Update{}, fmt.Errorf("finish: %w", ctx.Err())
			}
		}
		l.mu.Unlock()
		pending := func([]string) (Update, error) { return Update{Snapshot: l.snaps[0], Pending: true}, nil }
		l.builds(pending)
		l.change("a")
		if l.shown() != l.snaps[0] {
			t.Error("the pages wait for the rest")
		}
		l.change("b")
		l.expect(nil, []string{"a"}, []string{"b"})
		if broken != 1 {
			t.Errorf("broken off %d times, want 1", broken)
		}
		gate <- struct{}{}
		synctest.Wait()
		last := l.reports()[len(l.reports())-1]
		if l.shown() != l.snaps[4] || finished != 1 || !last.Finished || !last.Changed || last.Err != nil {
			t.Errorf("finished %d times, told %+v", finished, last)
		}
		time.Sleep(1000 * time.Hour)
		synctest.Wait()
		if finished != 1 || len(l.made()) != 3 {
			t.Errorf("finished %d times, %d builds without a reason", finished, len(l.made())-3)
		}
	})
}

// What cannot be finished is reported, and neither tried again and again nor a
// reason to look at everything.
func TestLoopFinishFails(t *testing.T) {
	loop(t, nil, func(l *looped) {
		tries := 0
		l.mu.Lock()
		l.Finish = func(context.Context) (Update, error) {
			tries++
			return Update{}, errors.New("no ink")
		}
		l.mu.Unlock()
		l.builds(func([]string) (Update, error) { return Update{Snapshot: l.snaps[0], Pending: true}, nil })
		l.change("a")
		if o := l.reports()[len(l.reports())-1]; o.Err == nil || l.shown() != l.snaps[0] || tries != 1 {
			t.Errorf("tried %d times, told %+v", tries, o)
		}
		l.change("b")
		l.expect(nil, []string{"a"}, []string{"b"})
	})
}
