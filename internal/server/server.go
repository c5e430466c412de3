// Package server shows a [snapshot.Snapshot] over HTTP and keeps it up to date.
//
// A [Server] is a handler over one atomic pointer. Every request reads that
// pointer once, so that it sees one state of the site entirely, whatever is
// swapped in meanwhile; nothing it does can delay [Server.Swap]. A failed build
// leaves the site that was shown in its place and only adds what went wrong.
// Paths are looked up in the snapshot and nowhere else: no request names a file
// on disk.
//
// With [Options.Live] the pages follow the author: a small script is put into
// every HTML document, which hears of new snapshots through server-sent events,
// loads the page again when it (or a style sheet or picture of it) has changed,
// keeps the place the reader was at, and lists what the build found wrong.
//
// [Loop] is the one owner of rebuilding: it waits for changed files, runs the
// builds one at a time and swaps their results in. The package knows files and
// diagnostics and nothing of Markdown.
package server

import (
	"crypto/tls"
	"log"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"lectern/internal/diag"
	"lectern/internal/snapshot"
)

// Options configure a [Server]. The zero value serves a site to anybody who
// reaches it, without live reload.
type Options struct {
	// Live adds live reload and the list of findings to every page.
	Live bool
	// Hosts are the host names (without port) that a request may be addressed
	// to; others get status 421. Empty allows any. A server on loopback must
	// set it ([LoopbackHosts]): a web page anywhere can point a name of its own
	// at 127.0.0.1 and would then be of one origin with the notes.
	Hosts []string
	// Policy is the Content-Security-Policy of the site's documents; empty
	// means [Policy].
	Policy string
	// FilePolicy is the policy of HTML documents that the author put there
	// ready-made, such as a slide deck in static/; empty means as Policy.
	// See [FilePolicy].
	FilePolicy string
	// MaxStreams bounds the open event streams of live reload; 0 means 100.
	MaxStreams int
	// Grace is how long Serve waits for answers under way when it ends; 0
	// means 2 seconds.
	Grace time.Duration
	// Compress sends text compressed to whom takes that. It is not for live mode,
	// whose pages change while they are sent.
	Compress bool
	// Probes answers /livez and /readyz, for whoever keeps the server running.
	Probes bool
	// Reasons makes /readyz say why the newest site is not shown, if it is not.
	Reasons bool
	// Routes are answered by others than the site, by their path without the slash
	// at its begin, whatever the method. They see who may come by themselves: Around
	// does not see them.
	Routes map[string]http.Handler
	// Drain is how long Serve goes on taking requests, no longer ready, when it
	// is to end: those who send them need time to hear of it.
	Drain time.Duration
	// Around puts further handlers around the site, such as one that asks who is
	// there. It does not see probes. [ExchangeOf] tells it who asks.
	Around func(site http.Handler) http.Handler
	// Beside answers requests for what is not the site, such as previews of another,
	// and reports whether it did. name is the path without the slash at its begin.
	Beside func(w http.ResponseWriter, r *http.Request, name string) bool
	// Observers are told of every request that was answered.
	Observers []func(*Exchange)
	// TrustedProxies are the addresses of proxies whose word counts: on the
	// client's address and scheme.
	TrustedProxies []netip.Prefix
	// TLS makes the server speak HTTPS.
	TLS *tls.Config
	// HSTS tells browsers that came by HTTPS never to come otherwise.
	HSTS bool
	// Private says that the site is not for everybody: shared caches keep nothing.
	Private bool
	// MaxConnections bounds the open connections; 0 is no bound.
	MaxConnections int
	// Log gets what net/http has to say of broken connections; nil drops it.
	Log *log.Logger

	after func(time.Duration) <-chan time.Time // a clock of a test
}

// ReleaseHeader is the header by which every answer of the site says of which
// release it is: the beginning of the site's digest ([snapshot.Digest.Short]). A
// page and what it loads can so be seen to agree.
const ReleaseHeader = "Lectern-Release"

// Update is what a build hands over.
type Update struct {
	// Snapshot is the site. It may be nil only where the build failed.
	Snapshot *snapshot.Snapshot
	// Pending is true where the site can be shown but is not all that it will be:
	// Loop then calls its Finish.
	Pending bool
	// Diags are the findings of the whole site, sorted.
	Diags []diag.Diagnostic
	// Next is when the site changes by itself, because a note is due or
	// expires; zero means never.
	Next time.Time
	// SourceOf returns the project's file that the site's file at path was made
	// of ("" for none), by which a page shows its own findings first. It must
	// be safe for concurrent use; nil means that nothing is known.
	SourceOf func(path string) string
	// Policy is the Content-Security-Policy of the site's documents, FilePolicy
	// that of HTML documents that the author put there ready-made, such as a slide
	// deck in static/. Where they are empty, those of the Options count.
	Policy, FilePolicy string
	// Pages is the number of pages that were rendered anew, for the report.
	Pages int
}

// Server is an [http.Handler] that shows the snapshot it was given last.
type Server struct {
	opts    Options
	state   atomic.Pointer[state]
	swapMu  sync.Mutex // serialises Swap and Fail; readers never take it
	streams streams
	bodies  *bodies
	// draining is set once Serve is to end.
	draining atomic.Bool

	conns    *conns
	inFlight atomic.Int64
	site     http.Handler // the site alone
	handler  http.Handler // and what is around it

	headerTimeout, readTimeout time.Duration // for a header, for a whole request; shorter in a test
}

// state is all that a request may see, immutable.
type state struct {
	update Update    // Snapshot is nil until the first good build
	since  time.Time // when that site was first shown
	failed string    // why the newest build failed; "" when it is the one shown

	// release is the value of [ReleaseHeader], none while there is no site.
	release []string

	// The page shown instead of a site, and the tag open pages know it by.
	status    []byte
	statusTag string
}

// New returns a server that has no site yet: it answers with a status page
// until the first [Server.Swap].
func New(opts Options) *Server {
	if opts.MaxStreams == 0 {
		opts.MaxStreams = 100
	}
	if opts.Grace == 0 {
		opts.Grace = 2 * time.Second
	}
	if opts.after == nil {
		opts.after = time.After
	}
	if opts.Policy == "" {
		opts.Policy = Policy
	}
	if opts.FilePolicy == "" {
		opts.FilePolicy = opts.Policy
	}
	s := &Server{opts: opts, headerTimeout: headerTimeout, readTimeout: readTimeout, bodies: newBodies(), conns: newConns(opts.MaxConnections)}
	s.site = http.HandlerFunc(s.serve)
	s.handler = s.site
	if opts.Around != nil {
		s.handler = opts.Around(s.site)
	}
	s.streams.init()
	s.publish(&state{})
	return s
}

// Swap shows u's snapshot from now on and tells open pages. It never waits for
// a client. u.Snapshot must not be nil.
func (s *Server) Swap(u Update) {
	s.swapMu.Lock()
	defer s.swapMu.Unlock()
	since := time.Now()
	if old := s.state.Load(); old.update.Snapshot != nil && old.update.Snapshot.Digest() == u.Snapshot.Digest() {
		since = old.since
	}
	s.publish(&state{update: u, since: since})
	if s.opts.Compress {
		s.bodies.follow(u.Snapshot)
	}
}

// Fail says that a build failed, with what it found. The site shown stays, and
// the findings and err are shown beside it; before the first good build they
// are the status page.
func (s *Server) Fail(err error, diags []diag.Diagnostic) {
	s.swapMu.Lock()
	defer s.swapMu.Unlock()
	old := s.state.Load()
	u := old.update
	u.Diags = diags
	s.publish(&state{update: u, since: old.since, failed: err.Error()})
}

// Recover says that what failed last does so no more, though the site is the same.
func (s *Server) Recover() {
	s.swapMu.Lock()
	defer s.swapMu.Unlock()
	s.publish(&state{update: s.state.Load().update})
}

func (s *Server) publish(st *state) {
	if snap := st.update.Snapshot; snap == nil {
		st.status, st.statusTag = s.statusPage(st)
	} else {
		st.release = []string{snap.Digest().Short()}
	}
	s.state.Store(st)
	s.streams.wake()
}

// Close ends all event streams and refuses new ones. Pages are still served.
func (s *Server) Close() { s.streams.close() }

// ServeHTTP answers one request from the snapshot that is current when it comes in.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.opts.Probes && s.serveProbe(w, r) {
		return
	}
	s.exchange(w, r)
}

// serve is the site without anything around it.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	st := s.state.Load()
	if st.release != nil {
		h[ReleaseHeader] = st.release
	}
	if !hostAllowed(s.opts.Hosts, r.Host) {
		refuse(w, http.StatusMisdirectedRequest, "This server answers to localhost only; start it with --bind to reach it by another name.")
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed, "Only GET and HEAD are understood here.")
		return
	}
	name, ok := sitePath(r.URL)
	if !ok {
		refuse(w, http.StatusBadRequest, "This address is not one of a site's.")
		return
	}
	if s.opts.Beside != nil && s.opts.Beside(w, r, name) {
		return
	}
	if s.opts.Live && s.serveLive(w, r, st, name) {
		return
	}
	s.serveSite(w, r, st, name)
}

// refuse answers with a plain line of text.
func refuse(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n")) // a client that went away is no concern
}
