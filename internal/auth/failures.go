package auth

import (
	"net/netip"
	"sync"
	"time"

	"lectern/internal/server"
)

// How many wrong passwords may come from one address within how long, and how
// many addresses are kept in mind.
const (
	mostFailures  = 10
	failureWindow = time.Minute
	mostClients   = 10_000
)

// failures counts wrong passwords by the address that they came from. Who is
// known is asked nothing, so that readers behind one address with a guesser stay in.
type failures struct {
	mu sync.Mutex
	of map[netip.Prefix]failure
}

type failure struct {
	count int
	until time.Time
}

// network is what one client has at will: an IPv4 address, or 64 bits of IPv6.
func network(x *server.Exchange) netip.Prefix {
	if x == nil || !x.Client.IsValid() {
		return netip.Prefix{}
	}
	bits := 32
	if x.Client.Is6() {
		bits = 64
	}
	p, err := x.Client.Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

// may reports whether a client may try another password.
func (f *failures) may(x *server.Exchange, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	e := f.of[network(x)]
	return e.count < mostFailures || !now.Before(e.until)
}

func (f *failures) add(x *server.Exchange, now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.of == nil {
		f.of = map[netip.Prefix]failure{}
	}
	key := network(x)
	e := f.of[key]
	if !now.Before(e.until) {
		e = failure{until: now.Add(failureWindow)}
	}
	e.count++
	if len(f.of) >= mostClients {
		for k, old := range f.of {
			if !now.Before(old.until) {
				delete(f.of, k)
			}
		}
		if len(f.of) >= mostClients {
			clear(f.of)
		}
	}
	f.of[key] = e
}
