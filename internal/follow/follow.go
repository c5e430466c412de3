// Package follow looks at something elsewhere again and again: a branch of a
// repository, a tag of an image.
//
// It looks when it is told to ([Follower.Wake], for webhooks) and from time to
// time by itself, a little earlier or later each time, so that many servers that
// were started together don't all ask together. While it fails it asks less and
// less often, and says so once, not each time. However many calls of Wake come
// while it looks, one more look follows: so a burst of pushes is found at its
// newest.
package follow

import (
	"context"
	"math/rand/v2"
	"time"
)

// Follower says what to look at and whom to tell.
type Follower struct {
	// Look returns the name of what is there now, such as a commit's.
	Look func(context.Context) (string, error)
	// Found is called with each name that is another than the last one.
	Found func(string)
	// State, unless nil, is called when looking begins to fail, fails in another
	// way, or works again (nil).
	State func(error)
	// Every is how often to look; 0 is only when told to.
	Every time.Duration
	// Last is the name that is known already.
	Last string

	after func(time.Duration) <-chan time.Time // a clock of a test
	wake  chan struct{}
}

// The least and the longest waits after a failure.
const (
	leastRetry = time.Second
	mostRetry  = 5 * time.Minute
)

// Init makes f ready. It comes before everything else.
func (f *Follower) Init() {
	f.wake = make(chan struct{}, 1)
	if f.after == nil {
		f.after = time.After
	}
}

// Wake makes it look soon. It does not wait, and may be called by any goroutine.
func (f *Follower) Wake() {
	select {
	case f.wake <- struct{}{}:
	default: // it was told to already
	}
}

// Run looks until ctx ends. Only one goroutine may call it.
func (f *Follower) Run(ctx context.Context) {
	failures, said := 0, ""
	for ctx.Err() == nil {
		name, err := f.Look(ctx)
		if ctx.Err() != nil {
			return
		}
		text := ""
		if err != nil {
			text = err.Error()
			failures++
		} else {
			failures = 0
		}
		if text != said && f.State != nil {
			f.State(err)
		}
		said = text
		if err == nil && name != f.Last {
			f.Last = name
			f.Found(name)
		}
		if !f.rest(ctx, failures) {
			return
		}
	}
}

// rest waits until it is time to look again, and reports whether it is.
func (f *Follower) rest(ctx context.Context, failures int) bool {
	if failures > 0 {
		// Not even a flood of webhooks makes it ask more often.
		select {
		case <-ctx.Done():
			return false
		case <-f.after(leastRetry):
		}
	}
	var timer <-chan time.Time
	if d := f.pause(failures); d > 0 {
		timer = f.after(jitter(d))
	}
	select {
	case <-ctx.Done():
		return false
	case <-f.wake:
	case <-timer:
	}
	return true
}

// pause is how long to wait after so many failures in a row.
func (f *Follower) pause(failures int) time.Duration {
	if failures == 0 {
		return f.Every
	}
	longest := max(f.Every, mostRetry)
	d := leastRetry
	for range failures {
		if d *= 2; d >= longest {
			return longest
		}
	}
	return d
}

// jitter is d, up to a tenth more or less.
func jitter(d time.Duration) time.Duration {
	return d - d/10 + rand.N(d/5+1)
}
