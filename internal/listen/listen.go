// Package listen opens the sockets of a server, or takes them over: from systemd,
// which opens them before the server starts (socket activation), or from the
// process that this one replaces. As the socket is open all the time, no
// connection is refused while one process follows another.
//
// It also tells whoever started the process that it is ready.
package listen

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/coreos/go-systemd/v22/activation"
)

// Main is the name of the socket at which readers ask. A socket of systemd that
// has none of the names that are asked for is the main one.
const Main = "main"

// What one process tells the next: the names of the sockets that it inherits,
// which are its files from the third on, and the file at which it says that it
// is ready.
const (
	socketsVariable = "LECTERN_SOCKETS"
	readyVariable   = "LECTERN_READY_FD"
	firstFile       = 3
)

// Sockets are those of one process.
type Sockets struct {
	mu        sync.Mutex
	inherited map[string]net.Listener
	open      map[string]*net.TCPListener
	before    *os.File // tells the process before that this one is ready
}

// Inherit takes over what there is to take over, and takes it from the
// environment, so that no child does so again. It is called once.
func Inherit() (*Sockets, error) {
	s := &Sockets{inherited: map[string]net.Listener{}, open: map[string]*net.TCPListener{}}
	names := os.Getenv(socketsVariable)
	ready := os.Getenv(readyVariable)
	if err := errors.Join(os.Unsetenv(socketsVariable), os.Unsetenv(readyVariable)); err != nil {
		return nil, err
	}
	if names == "" {
		return s, s.fromSystemd()
	}
	for i, name := range strings.Fields(names) {
		f := os.NewFile(uintptr(firstFile+i), name)
		ln, err := net.FileListener(f)
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("take over the socket %q: %w", name, err)
		}
		s.inherited[name] = ln
	}
	fd, err := strconv.ParseUint(ready, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("the environment's %s: %w", readyVariable, err)
	}
	s.before = os.NewFile(uintptr(fd), "ready")
	return s, nil
}

func (s *Sockets) fromSystemd() error {
	named, err := activation.ListenersWithNames()
	if err != nil {
		return fmt.Errorf("take over systemd's sockets: %w", err)
	}
	for name, list := range named {
		if len(list) > 1 {
			return fmt.Errorf("systemd hands over %d sockets named %q: give each its own FileDescriptorName", len(list), name)
		}
		s.inherited[name] = list[0]
	}
	return nil
}

// Take returns the socket of that name that was taken over, nil for none. Systemd
// may call the main one by whatever name is not one of others.
func (s *Sockets) Take(name string, others ...string) net.Listener {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := name
	if s.inherited[key] == nil && name == Main {
		for n := range s.inherited {
			if !slices.Contains(others, n) {
				key = n
			}
		}
	}
	ln := s.inherited[key]
	delete(s.inherited, key)
	return ln
}

// Listen returns the socket of that name that was taken over, else a new one at addr.
func (s *Sockets) Listen(ctx context.Context, name, addr string) (net.Listener, error) {
	ln := s.Take(name)
	if ln == nil {
		var lc net.ListenConfig
		var err error
		if ln, err = lc.Listen(ctx, "tcp", addr); err != nil {
			return nil, err
		}
	}
	s.Keep(name, ln)
	return ln, nil
}

// Keep has ln handed over when the process is replaced. Only TCP sockets can be.
func (s *Sockets) Keep(name string, ln net.Listener) {
	if t, ok := ln.(*net.TCPListener); ok {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.open[name] = t
	}
}
