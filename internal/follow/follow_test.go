package follow

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// world is what a follower looks at, in a bubble of its own time.
type world struct {
	mu    sync.Mutex
	name  string
	err   error
	looks int
	slow  time.Duration

	found  []string
	states []string
}

func (w *world) set(name string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.name, w.err = name, err
}

func (w *world) follower(every time.Duration) *Follower {
	f := &Follower{
		Every: every,
		Look: func(ctx context.Context) (string, error) {
			w.mu.Lock()
			w.looks++
			name, err := w.name, w.err
			w.mu.Unlock()
			time.Sleep(w.slow)
			return name, err
		},
		Found: func(name string) { w.found = append(w.found, name) },
		State: func(err error) {
			if err == nil {
				w.states = append(w.states, "well")
			} else {
				w.states = append(w.states, err.Error())
			}
		},
	}
	f.Init()
	return f
}

func in(t *testing.T, f func(w *world, run func(*Follower))) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var done sync.WaitGroup
		f(&world{name: "a"}, func(fo *Follower) { done.Go(func() { fo.Run(ctx) }) })
		cancel()
		done.Wait()
	})
}

func TestPolls(t *testing.T) {
	in(t, func(w *world, run func(*Follower)) {
		run(w.follower(30 * time.Second))
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if w.looks < 18 || w.looks > 23 {
			t.Errorf("%d looks in ten minutes", w.looks)
		}
		w.set("b", nil)
		time.Sleep(time.Minute)
		synctest.Wait()
		if !slices.Equal(w.found, []string{"a", "b"}) || len(w.states) != 0 {
			t.Errorf("%v, %v", w.found, w.states)
		}
	})
}

func TestWakes(t *testing.T) {
	in(t, func(w *world, run func(*Follower)) {
		f := w.follower(0)
		w.slow = time.Second
		run(f)
		time.Sleep(time.Hour)
		synctest.Wait()
		if w.looks != 1 {
			t.Errorf("%d looks without being told to", w.looks)
		}
		f.Wake()
		time.Sleep(time.Second / 2)
		for range 50 { // a burst, while it looks
			w.set("z", nil)
			f.Wake()
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if w.looks != 3 || !slices.Equal(w.found, []string{"a", "z"}) {
			t.Errorf("%d looks, %v", w.looks, w.found)
		}
	})
}

func TestBacksOff(t *testing.T) {
	in(t, func(w *world, run func(*Follower)) {
		f := w.follower(30 * time.Second)
		run(f)
		time.Sleep(time.Second)
		w.set("", errors.New("gone"))
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if w.looks > 45 { // every five minutes, and some at first
			t.Errorf("%d looks in two hours", w.looks)
		}
		before := w.looks
		for range 100 { // a flood of webhooks
			f.Wake()
			time.Sleep(100 * time.Millisecond)
		}
		synctest.Wait()
		if n := w.looks - before; n < 5 || n > 11 {
			t.Errorf("%d looks in ten seconds of a flood", n)
		}
		w.set("b", nil)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if !slices.Equal(w.states, []string{"gone", "well"}) || !slices.Equal(w.found, []string{"a", "b"}) {
			t.Errorf("%v, %v", w.states, w.found)
		}
	})
}
