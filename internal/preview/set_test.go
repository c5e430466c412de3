package preview

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"lectern/internal/snapshot"
)

// yard is a builder, in a bubble of its own time.
type yard struct {
	t      *testing.T
	mu     sync.Mutex
	built  []string // what was begun
	now    int      // builds under way
	most   int      // and the most at once
	took   time.Duration
	fails  map[string]error // by commit
	opened atomic.Int32
	idled  atomic.Int32
	lost   bool // what was built can't be opened again
}

func (y *yard) set(idle time.Duration, most int) *Set {
	return New(Options{
		Idle: idle, Most: most, Live: func() *snapshot.Snapshot { return nil }, Idled: func() { y.idled.Add(1) },
		Build: func(ctx context.Context, label string, ref Ref) (*Site, error) {
			y.mu.Lock()
			y.built = append(y.built, label+"@"+ref.Commit)
			y.now++
			y.most = max(y.most, y.now)
			err := y.fails[ref.Commit]
			y.mu.Unlock()
			defer func() {
				y.mu.Lock()
				y.now--
				y.mu.Unlock()
			}()
			select {
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-time.After(y.took):
			}
			if err != nil {
				return nil, err
			}
			snap := siteOf(y.t, "f", map[string]string{"index.html": "article:" + ref.Commit})
			return &Site{Ref: ref, Snapshot: snap, Reopen: func(context.Context) (*snapshot.Snapshot, error) {
				y.opened.Add(1)
				if y.lost {
					return nil, errors.New("gone from the disk")
				}
				return snap, nil
			}}, nil
		},
	})
}

func within(t *testing.T, idle time.Duration, most int, f func(t *testing.T, y *yard, s *Set)) {
	synctest.Test(t, func(t *testing.T) {
		y := &yard{t: t, took: time.Second, fails: map[string]error{}}
		s := y.set(idle, most)
		ctx, cancel := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { s.Run(ctx) })
		f(t, y, s)
		cancel()
		done.Wait()
	})
}

func branch(name, commit string) Ref { return Ref{Name: "refs/heads/" + name, Commit: commit} }

// ask waits as a request does, and says what it got.
func ask(t *testing.T, s *Set, label string) string {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	v := s.wait(ctx, label)
	if v.site != nil {
		if err := s.open(ctx, &v); err != nil {
			return err.Error()
		}
	}
	switch {
	case v.unknown:
		return "unknown"
	case v.gone != "":
		return "gone " + v.gone
	case v.entry == nil:
		return "none"
	case v.site == nil && v.failed != nil:
		return "failed: " + v.failed.Error()
	case v.site == nil:
		return "building"
	case v.stale && v.failed != nil:
		return "outdated " + v.site.Ref.Commit
	case v.stale:
		return "stale " + v.site.Ref.Commit
	}
	return v.site.Ref.Commit
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestBuiltWhenAskedFor(t *testing.T) {
	within(t, time.Hour, 9, func(t *testing.T, y *yard, s *Set) {
		expect(t, "before anything is listed", ask(t, s, "a"), "unknown")
		s.Update([]Ref{branch("a", "1"), branch("b", "1"), branch("c", "1")})
		time.Sleep(time.Minute)
		if len(y.built) > 0 {
			t.Errorf("%v were built, and nobody asked", y.built)
		}
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() { expect(t, "a", ask(t, s, "a"), "1") })
			all.Go(func() { expect(t, "b", ask(t, s, "b"), "1") })
		}
		all.Wait()
		if len(y.built) != 2 || y.most != 1 {
			t.Errorf("built %v, %d at once", y.built, y.most)
		}
		expect(t, "none", ask(t, s, "x"), "none")
	})
}

func TestBranchMoves(t *testing.T) {
	within(t, time.Hour, 9, func(t *testing.T, y *yard, s *Set) {
		s.Update([]Ref{branch("a", "1")})
		expect(t, "first", ask(t, s, "a"), "1")
		s.Update([]Ref{branch("a", "2")})
		time.Sleep(time.Minute)
		expect(t, "asked for again", ask(t, s, "a"), "stale 1")
		time.Sleep(2 * time.Second)
		expect(t, "and once it is built", ask(t, s, "a"), "2")
		y.fails["3"] = &Failure{Reason: TooLarge}
		s.Update([]Ref{branch("a", "3")})
		expect(t, "a broken one", ask(t, s, "a"), "stale 2")
		time.Sleep(2 * time.Second)
		expect(t, "once that is known", ask(t, s, "a"), "outdated 2")
		n := len(y.built)
		time.Sleep(time.Minute)
		expect(t, "later", ask(t, s, "a"), "outdated 2")
		if len(y.built) != n {
			t.Error("a commit that can't be built was tried again")
		}
		s.Update(nil)
		expect(t, "without its branch", ask(t, s, "a"), "gone refs/heads/a")
		s.Update([]Ref{branch("a", "4")})
		expect(t, "again there", ask(t, s, "a"), "4")
	})
}

func TestFailures(t *testing.T) {
	within(t, time.Hour, 9, func(t *testing.T, y *yard, s *Set) {
		y.fails["1"] = errors.New("the disk is full")
		y.fails["9"] = ErrGone
		s.Update([]Ref{branch("a", "1"), branch("b", "9")})
		expect(t, "first", ask(t, s, "a"), "failed: the disk is full")
		expect(t, "at once again", ask(t, s, "a"), "failed: the disk is full")
		if len(y.built) != 1 {
			t.Errorf("built %v", y.built)
		}
		delete(y.fails, "1")
		time.Sleep(retryAfter)
		expect(t, "after a while", ask(t, s, "a"), "1")
		expect(t, "a branch that went meanwhile", ask(t, s, "b"), "gone refs/heads/b")
	})
}

func TestLiveComesFirst(t *testing.T) {
	within(t, time.Hour, 9, func(t *testing.T, y *yard, s *Set) {
		s.Update([]Ref{branch("a", "1")})
		s.Hold()
		var asked sync.WaitGroup
		asked.Go(func() { expect(t, "a", ask(t, s, "a"), "1") })
		time.Sleep(10 * time.Second)
		if len(y.built) > 0 {
			t.Errorf("%v was built while the live site was", y.built)
		}
		s.Release()
		time.Sleep(time.Second / 2)
		s.Hold() // breaks it off
		synctest.Wait()
		if y.now != 0 || len(y.built) != 1 {
			t.Errorf("%d go on of %v", y.now, y.built)
		}
		s.Release()
		asked.Wait()
		if len(y.built) != 2 {
			t.Errorf("built %v", y.built)
		}
	})
	// But not for ever.
	within(t, time.Hour, 9, func(t *testing.T, y *yard, s *Set) {
		s.Update([]Ref{branch("a", "1")})
		var asked sync.WaitGroup
		asked.Go(func() { expect(t, "a", ask(t, s, "a"), "1") })
		for range 30 {
			time.Sleep(time.Second / 2)
			s.Hold()
			synctest.Wait()
			s.Release()
		}
		asked.Wait()
		if len(y.built) != maxBroken+1 {
			t.Errorf("built %v", y.built)
		}
	})
}

func inMemory(s *Set) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.all {
		if e.site != nil && e.site.Snapshot != nil {
			n++
		}
	}
	return n
}

func TestIdleOnesLeaveMemory(t *testing.T) {
	within(t, 15*time.Minute, 3, func(t *testing.T, y *yard, s *Set) {
		var refs []Ref
		for i := range 5 {
			refs = append(refs, branch(fmt.Sprint("b", i), "1"))
		}
		s.Update(refs)
		for i := range 5 {
			expect(t, "first", ask(t, s, fmt.Sprint("b", i)), "1")
		}
		if n := inMemory(s); n != 3 {
			t.Errorf("%d sites in memory", n)
		}
		expect(t, "the oldest", ask(t, s, "b0"), "1")
		if n := inMemory(s); n != 3 || y.opened.Load() != 1 || len(y.built) != 5 {
			t.Errorf("%d in memory, %d opened again, built %v", n, y.opened.Load(), y.built)
		}
		for range 60 {
			time.Sleep(time.Minute)
			expect(t, "looked at all the time", ask(t, s, "b0"), "1")
		}
		if n := inMemory(s); n != 1 || y.idled.Load() != 0 {
			t.Errorf("%d in memory; told to rest %d times", n, y.idled.Load())
		}
		time.Sleep(time.Hour)
		if n := inMemory(s); n != 0 || y.idled.Load() != 1 {
			t.Errorf("%d in memory; told to rest %d times", n, y.idled.Load())
		}
		y.lost = true
		expect(t, "one that is lost on disk, too", ask(t, s, "b1"), "1")
		if len(y.built) != 6 {
			t.Errorf("built %v", y.built)
		}
	})
}
