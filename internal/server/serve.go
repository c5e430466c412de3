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
	maxStreams    = 100 // of one HTTP/2 connection
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
	hs := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: s.headerTimeout,
		ReadTimeout:       s.readTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          logger,
		ConnState:         s.conns.track,
		TLSConfig:         s.opts.TLS,
		Protocols:         s.protocols(),
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: maxStreams, SendPingTimeout: readTimeout, WriteByteTimeout: writeTimeout},
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	var work sync.WaitGroup
	defer work.Wait()
	defer stop()
	if s.opts.Compress {
		work.Go(func() { s.bodies.run(background) })
	}
	failed := make(chan error, 1)
	bounded := &listener{ln, s.conns}
	go func() {
		if s.opts.TLS != nil {
			failed <- hs.ServeTLS(bounded, "", "")
		} else {
			failed <- hs.Serve(bounded)
		}
	}()

	select {
	case err := <-failed:
		s.Close()
		return errors.Join(fmt.Errorf("serve on %s: %w", ln.Addr(), err), hs.Close())
	case <-ctx.Done():
	}
	s.draining.Store(true)
	if errors.Is(context.Cause(ctx), ErrHandedOver) {
		s.finish(hs, bounded)
		<-failed // net.ErrClosed
		return nil
	}
	if s.opts.Drain > 0 {
		select {
		case err := <-failed:
			s.Close()
			return errors.Join(fmt.Errorf("serve on %s: %w", ln.Addr(), err), hs.Close())
		case <-s.opts.after(s.opts.Drain):
		}
	}
	s.Close()
	s.conns.closeFresh()
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

// ErrHandedOver is the cause that ends a context of [Server.Serve] where another
// process listens at the same socket already.
var ErrHandedOver = errors.New("another process has taken over")

// handedOverDrain is how long clients may take to ask something on connections
// that another process can't take over.
const handedOverDrain = 10 * time.Second

// finish takes no new connections and waits until those that are open have ended
// by themselves: each ends with its next answer, so that no request is lost.
func (s *Server) finish(hs *http.Server, ln net.Listener) {
	_ = ln.Close() // the socket stays open in the other process
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.NewTimer(handedOverDrain)
	defer end.Stop()
	for s.conns.number() > 0 {
		select {
		case <-tick.C:
			continue
		case <-end.C:
		}
		break
	}
	s.Close()
	_ = hs.Close() // what has not said anything for so long
}

// protocols are HTTP/1.1 and HTTP/2. Without TLS it is for a proxy that knows
// beforehand that it may speak it.
func (s *Server) protocols() *http.Protocols {
	var p http.Protocols
	p.SetHTTP1(true)
	p.SetHTTP2(true)
	p.SetUnencryptedHTTP2(!s.opts.Live)
	return &p
}

// Connections returns how many are open.
func (s *Server) Connections() int { return s.conns.number() }

// InFlight returns how many requests are being answered, where there are observers.
func (s *Server) InFlight() int { return int(s.inFlight.Load()) }

// Shown returns the digest of the site that is shown and since when; false
// while there is none.
func (s *Server) Shown() (digest string, since time.Time, ok bool) {
	st := s.state.Load()
	if st.update.Snapshot == nil {
		return "", time.Time{}, false
	}
	return st.update.Snapshot.Digest().String(), st.since, true
}
