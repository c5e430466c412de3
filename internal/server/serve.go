package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// Limits on what a client may take. There is no write timeout for a whole
// answer, because an event stream has no end: each answer sets its own.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 15 * time.Second
	idleTimeout   = 2 * time.Minute
	writeTimeout  = 30 * time.Second
	streamTimeout = 5 * time.Second
	maxHeader     = 32 << 10
)

// Serve answers connections of ln until ctx ends, and [Options.Drain] longer,
// then ends event streams at once, gives answers under way [Options.Grace], and returns nil. It returns an
// error when ln fails. All its goroutines have ended when it returns, and ln is
// closed.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	logger := s.opts.Log
	if logger == nil {
		logger = log.New(io.Discard, "", 0)
	}
	fresh := freshConns{open: map[net.Conn]struct{}{}}
	hs := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       s.readTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          logger,
		ConnState:         fresh.track,
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	var work sync.WaitGroup
	defer work.Wait()
	defer stop()
	if s.opts.Compress {
		work.Go(func() { s.bodies.run(background) })
	}
	failed := make(chan error, 1)
	go func() { failed <- hs.Serve(ln) }()

	select {
	case err := <-failed:
		s.Close()
		return errors.Join(fmt.Errorf("serve on %s: %w", ln.Addr(), err), hs.Close())
	case <-ctx.Done():
	}
	s.draining.Store(true)
	if s.opts.Drain > 0 {
		select {
		case err := <-failed:
			s.Close()
			return errors.Join(fmt.Errorf("serve on %s: %w", ln.Addr(), err), hs.Close())
		case <-s.opts.after(s.opts.Drain):
		}
	}
	s.Close()
	fresh.close()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.opts.Grace)
	defer cancel()
	err := hs.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = hs.Close()
	}
	<-failed // http.ErrServerClosed
	if err != nil {
		return fmt.Errorf("end serving on %s: %w", ln.Addr(), err)
	}
	return nil
}

// freshConns are the connections on which no request has come yet. Browsers
// open such ahead of time, and http.Server.Shutdown would wait five seconds for
// each of them.
type freshConns struct {
	mu     sync.Mutex
	open   map[net.Conn]struct{}
	closed bool
}

func (f *freshConns) track(c net.Conn, state http.ConnState) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(f.open, c)
	case f.closed:
		c.Close()
	default:
		f.open[c] = struct{}{}
	}
}

func (f *freshConns) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	for c := range f.open {
		c.Close()
	}
}
