package server

import (
	"context"
	"errors"
	"net"
	"net/http"

	"lectern/internal/snapshot"
)

// ServeDir serves the site in the directory dir, as [snapshot.OpenDir] reads
// it, at ln until ctx ends, which is no error. ready is called with the number
// of files before the first connection is answered. ln is closed when it returns.
func ServeDir(ctx context.Context, ln net.Listener, dir string, opts Options, ready func(s *Server, files int)) (err error) {
	d, err := snapshot.OpenDir(dir)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	opts.Probes, opts.Compress = true, true
	s := New(opts)
	s.Swap(Update{Snapshot: d.Snapshot, Policy: d.Settings.Policy, FilePolicy: d.Settings.FilePolicy})
	ready(s, len(d.Files()))
	return s.Serve(ctx, ln)
}

// The addresses that a cluster asks, where [Options.Probes] is set.
const (
	livePath  = "/livez"
	readyPath = "/readyz"
)

// serveProbe answers for the addresses of probes, and reports whether r is for
// one: a server lives while it answers, and is ready while it has a site and
// was not told to end. Whoever asks need not say who he is, and is not logged.
func (s *Server) serveProbe(w http.ResponseWriter, r *http.Request) bool {
	name := r.URL.Path
	if name != livePath && name != readyPath || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	if !hostAllowed(s.opts.Hosts, r.Host) {
		return false // it is refused as any other
	}
	s.protect(w.Header(), r, "")
	st := s.state.Load()
	ready := st.update.Snapshot != nil
	why := ""
	if s.opts.Reasons && st.failed != "" {
		why = "\n" + st.failed
	}
	switch {
	case name == livePath:
		refuse(w, http.StatusOK, "ok")
	case ready && !s.draining.Load():
		refuse(w, http.StatusOK, "ok"+why)
	case s.draining.Load():
		refuse(w, http.StatusServiceUnavailable, "It is about to end.")
	default:
		refuse(w, http.StatusServiceUnavailable, "There is no site yet."+why)
	}
	return true
}
