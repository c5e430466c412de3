// Package linkcheck asks servers whether what notes link to is still there.
//
// It is polite: at most two requests at once to a host, a pause between them, a
// HEAD before a GET, of which a few bytes are read, no second question about
// what was answered lately ([Options.Cache]) or about a host that can't be
// reached. It waits as long as a server asks it to, within bounds, and tries
// again what may be better in a moment. Whatever a server does, a run ends: by
// the context, and by the limits here.
//
// What it says of an address depends on nothing but the server's answers: the
// order of questions shows nowhere.
package linkcheck

import (
	"context"
	"net/http"
	"sync"
	"time"

	"lectern/internal/cache"
	"lectern/internal/fetch"
)

// State is what was found out about an address.
type State uint8

// The states.
const (
	// Unasked: there was no time left.
	Unasked State = iota
	// Local: it is an address that must not be spoken to.
	Local
	// Fine: there is something.
	Fine
	// Gone: the server says that there is nothing.
	Gone
	// Dead: there is no server, or none that a browser would speak to.
	Dead
	// Failing: the server fails, or does not answer. It may be better tomorrow.
	Failing
	// Refused: the server answers, but not to programs.
	Refused
	// Offline: the machine that asks seems to have no network.
	Offline
)

// Answer is what is known of an address.
type Answer struct {
	State State
	// Detail says in words what happened, where it is not Fine.
	Detail string
	// Moved is the address that the server says to use from now on; "" for none.
	Moved string
}

// Options are how to ask. The zero value is for the web at large.
type Options struct {
	// Fetch bounds the requests.
	Fetch fetch.Options
	// Cache, if set, keeps answers between runs.
	Cache *cache.Store
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Pause is the time between the beginnings of two requests to one host, 0 is
	// 250 ms; Backoff that before the first repetition, which doubles, 0 is a
	// second; Patience is the longest that a server may make it wait, 0 is 30 s.
	Pause, Backoff, Patience time.Duration
	// Limit is how long a run may take; 0 is 10 minutes.
	Limit time.Duration
	// Progress, if set, is told how many addresses are done, by one goroutine at a
	// time.
	Progress func(done, total int)
}

// The bounds.
const (
	perHost      = 2
	together     = 16
	attempts     = 3
	maxRedirects = 10
	readBytes    = 4 << 10
	goodFor      = 7 * 24 * time.Hour
	badFor       = time.Hour
)

// Checker asks, and remembers what it was told.
type Checker struct {
	opts   Options
	client *http.Client
	places chan struct{} // for requests that are under way

	mu    sync.Mutex
	known map[string]Answer
	hosts map[string]*host
}

// New returns a Checker.
func New(opts Options) *Checker {
	or := func(d *time.Duration, otherwise time.Duration) {
		if *d <= 0 {
			*d = otherwise
		}
	}
	or(&opts.Pause, 250*time.Millisecond)
	or(&opts.Backoff, time.Second)
	or(&opts.Patience, 30*time.Second)
	or(&opts.Limit, 10*time.Minute)
	or(&opts.Fetch.Timeout, 20*time.Second)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	client := fetch.Client(opts.Fetch)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Checker{
		opts: opts, client: client, places: make(chan struct{}, together),
		known: map[string]Answer{}, hosts: map[string]*host{},
	}
}

// Close lets go of idle connections.
func (c *Checker) Close() { c.client.CloseIdleConnections() }

// Ask returns what is known of each address, which are without fragments. An
// address that it was asked about before is not asked again. The error is the
// context's; a run that reaches its limit is none: what was not asked is
// [Unasked].
func (c *Checker) Ask(ctx context.Context, addresses []string) (map[string]Answer, error) {
	limited, cancel := context.WithTimeout(ctx, c.opts.Limit)
	defer cancel()
	var open []string
	out := make(map[string]Answer, len(addresses))
	for _, a := range addresses {
		if _, ok := out[a]; ok {
			continue
		}
		answer, ok := c.recall(a)
		if out[a] = answer; !ok {
			open = append(open, a)
		}
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for _, a := range open {
		wg.Go(func() {
			answer := c.ask(limited, a)
			mu.Lock()
			defer mu.Unlock()
			out[a] = answer
			if done++; c.opts.Progress != nil {
				c.opts.Progress(done, len(open))
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.withoutNetwork(out, open)
	for _, a := range open {
		c.remember(a, out[a])
	}
	return out, nil
}

// manyHosts is how many hosts must be unknown, and none reached, before it is
// taken for the network's fault.
const manyHosts = 3

// withoutNetwork turns the answers of a run in which no server was reached into
// what they are.
func (c *Checker) withoutNetwork(out map[string]Answer, asked []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	unknown := 0
	for _, h := range c.hosts {
		if h.reached() {
			return
		}
		if h.nameless() {
			unknown++
		}
	}
	if unknown < manyHosts {
		return
	}
	for _, a := range asked {
		if s := out[a].State; s == Dead || s == Failing {
			out[a] = Answer{State: Offline, Detail: out[a].Detail}
		}
	}
}
