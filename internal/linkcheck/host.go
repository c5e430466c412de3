package linkcheck

import (
	"context"
	"sync"
	"time"
)

// host is what is known of a host, and who may ask it now.
type host struct {
	places chan struct{}

	mu       sync.Mutex
	next     time.Time // before which nobody asks
	answered bool
	unknown  bool // its name is
	silent   int  // requests without an answer, one after the other
	// down is why it is not asked any more.
	down *Answer
}

// tooSilent is how many requests in a row a host may leave without an answer.
const tooSilent = 4

func (c *Checker) host(name string) *host {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.hosts[name]
	if h == nil {
		h = &host{places: make(chan struct{}, perHost)}
		c.hosts[name] = h
	}
	return h
}

// enter waits until the host may be asked, and returns what ends that. If the
// host is known to be down there is nothing to wait for.
func (c *Checker) enter(ctx context.Context, h *host) (leave func(), down *Answer, err error) {
	select {
	case h.places <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	for {
		h.mu.Lock()
		down, now := h.down, time.Now()
		wait := h.next.Sub(now)
		if down == nil && wait <= 0 {
			h.next = now.Add(c.opts.Pause)
		}
		h.mu.Unlock()
		if down != nil {
			<-h.places
			return nil, down, nil
		}
		if wait <= 0 {
			break
		}
		if err := sleep(ctx, wait); err != nil {
			<-h.places
			return nil, nil, err
		}
	}
	select {
	case c.places <- struct{}{}:
		return func() { <-c.places; <-h.places }, nil, nil
	case <-ctx.Done():
		<-h.places
		return nil, nil, ctx.Err()
	}
}

// later keeps everybody from asking the host for a time.
func (h *host) later(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if t := time.Now().Add(d); t.After(h.next) {
		h.next = t
	}
}

// heard notes that the host answered.
func (h *host) heard() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answered, h.silent = true, 0
}

// unheard notes that it did not, and with final that it never will.
func (h *host) unheard(a Answer, final bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.silent++; h.down == nil && (final || h.silent >= tooSilent) {
		h.down = &a
	}
}

func (h *host) reached() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.answered
}

func (h *host) nameless() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.unknown
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
