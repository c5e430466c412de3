package preview

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"lectern/internal/diag"
	"lectern/internal/snapshot"
)

// Site is what a builder makes of a ref.
type Site struct {
	// Ref is what it was made of: its commit may be newer than the one asked for.
	Ref Ref
	// Subject is the commit's first line.
	Subject  string
	Snapshot *snapshot.Snapshot
	// Policy and FilePolicy are as in [lectern/internal/server.Update].
	Policy, FilePolicy string
	// BaseURL is where the live site is, "" where that is not known.
	BaseURL string
	// Cleaned says that raw HTML and scripts of the notes' authors were left out.
	Cleaned bool
	// Found are findings about what it publishes; Elsewhere counts the others.
	Found     []diag.Diagnostic
	Elsewhere int
	// Reopen gives the Snapshot again after it left memory. nil keeps it there.
	Reopen func(context.Context) (*snapshot.Snapshot, error)
}

// ErrGone is what a builder says of a ref that is not there any more.
var ErrGone = errors.New("the branch is gone")

// Options of a [Set].
type Options struct {
	// Build makes the site of a ref, which has a label of its own. Calls come one at
	// a time. ctx ends when the live site is to be built.
	Build func(ctx context.Context, label string, ref Ref) (*Site, error)
	// Idled, unless nil, is called when nothing was asked for in a while, so that
	// the builder need not keep what it works with. No build is under way then.
	Idled func()
	// Live is the site that previews are compared with, nil for none.
	Live func() *snapshot.Snapshot
	// Host is the one below which each preview has a host of its own; "" has them
	// under [Folder].
	Host string
	// Idle is how long a site that nobody asks for stays in memory, Most how many do;
	// 0 is 15 minutes, and 16.
	Idle time.Duration
	Most int
	// Built, unless nil, is told of each build: its ref, its site or why there is
	// none, and how it ended.
	Built func(label string, ref Ref, site *Site, err error, result string)
	// Log gets a line for each build.
	Log *slog.Logger
}

// How a build ended.
const (
	ResultOK     = "ok"
	ResultFailed = "failed"
	// ResultPutOff is that of a build which the live site's broke off.
	ResultPutOff = "put-off"
)

// Set is the previews of a repository. Its methods may be called by any
// goroutine.
type Set struct {
	opts Options

	articles articles

	mu     sync.Mutex
	listed bool // what there is is known
	all    map[string]*entry
	gone   map[string]string // names by label, of what was there
	kick   chan struct{}     // full when there may be something to build
	held   int               // > 0 while the live site is built
	stop   context.CancelFunc
	now    *entry // what is being built
	worked bool   // the builder was used since Idled
	used   time.Time
}

// entry is one preview; its fields are guarded by the set's mu.
type entry struct {
	label string
	ref   Ref
	site  *Site // nil until one stands
	// failed is why ref's commit has no site; of says which commit that is.
	failed error
	of     string
	until  time.Time // when to try again, zero for never
	wanted bool
	broken int           // how often a build was broken off
	done   chan struct{} // closed when a build has ended
	used   time.Time

	opening sync.Mutex
	compare sync.Mutex
	diff    comparison
}

// comparison is a Difference and what it is of.
type comparison struct {
	live, site snapshot.Digest
	diff       *Difference
}

// maxGone is how many names of previews that were are remembered.
const maxGone = 1000

// New returns a set that knows of nothing yet.
func New(opts Options) *Set {
	if opts.Idle <= 0 {
		opts.Idle = 15 * time.Minute
	}
	if opts.Most <= 0 {
		opts.Most = 16
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	return &Set{opts: opts, all: map[string]*entry{}, gone: map[string]string{}, kick: make(chan struct{}, 1)}
}

// Update says which refs there are now. What is not among them is removed.
func (s *Set) Update(refs []Ref) {
	labels := Labels(refs)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listed = true
	for label, e := range s.all {
		if r, ok := labels[label]; ok && r.Name == e.ref.Name {
			continue
		}
		if len(s.gone) >= maxGone {
			clear(s.gone)
		}
		s.gone[label] = e.ref.Name
		s.remove(e)
	}
	for label, r := range labels {
		delete(s.gone, label)
		if e := s.all[label]; e != nil {
			e.ref = r
			continue
		}
		s.all[label] = &entry{label: label, ref: r, done: make(chan struct{})}
	}
}

// remove takes a preview away. The caller holds mu.
func (s *Set) remove(e *entry) {
	delete(s.all, e.label)
	e.wanted = false
	close(e.done)
	e.done = nil
	s.opts.Log.Info("preview removed", "preview", e.label, "ref", e.ref.Name)
}

// Hold breaks off the build of a preview and lets none begin until Release: the
// live site comes first.
func (s *Set) Hold() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held++
	if s.stop != nil && s.now.broken < maxBroken {
		s.stop()
	}
}

// maxBroken is how often a build is broken off: where somebody pushes all the
// time, a preview comes to be built as well.
const maxBroken = 3

// Release ends what Hold began.
func (s *Set) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held--
	s.wake()
}

func (s *Set) wake() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

// Run builds what is asked for until ctx ends.
func (s *Set) Run(ctx context.Context) {
	sweep := time.NewTicker(max(s.opts.Idle/4, time.Millisecond))
	defer sweep.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-sweep.C:
			s.sweep(time.Now())
			continue
		case <-s.kick:
		}
		for ctx.Err() == nil && s.buildNext(ctx) {
		}
	}
}

// buildNext builds what is wanted first, and reports whether there was anything.
func (s *Set) buildNext(ctx context.Context) bool {
	s.mu.Lock()
	var e *entry
	for _, c := range s.all {
		if c.wanted && (e == nil || c.used.Before(e.used)) {
			e = c
		}
	}
	if e == nil || s.held > 0 {
		s.mu.Unlock()
		return false
	}
	ref := e.ref
	ctx, s.stop = context.WithCancel(ctx)
	stop := s.stop
	s.now = e
	s.worked, s.used = true, time.Now()
	s.mu.Unlock()
	defer stop()
	start := time.Now()
	site, err := s.opts.Build(ctx, e.label, ref)
	broken := err != nil && ctx.Err() != nil
	s.built(e, ref, site, err, broken, time.Since(start))
	if s.opts.Built != nil {
		result := ResultOK
		if broken {
			result = ResultPutOff
		} else if err != nil {
			result = ResultFailed
		}
		s.opts.Built(e.label, ref, site, err, result)
	}
	return true
}

// retryAfter is how long a build that failed for no fault of the commit waits
// for the next attempt.
const retryAfter = 20 * time.Second

func (s *Set) built(e *entry, ref Ref, site *Site, err error, broken bool, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stop, s.now = nil, nil
	s.used = time.Now()
	log := s.opts.Log.With("preview", e.label, "ref", ref.Name)
	if s.all[e.label] != e {
		return // it was removed
	}
	if broken {
		e.broken++
		log.Info("preview put off", "commit", ref.Commit)
		return // it is still wanted
	}
	e.wanted, e.broken = false, 0
	switch {
	case errors.Is(err, ErrGone):
		s.gone[e.label] = ref.Name
		s.remove(e)
		return
	case err != nil:
		e.failed, e.of, e.until = err, ref.Commit, time.Now().Add(retryAfter)
		if _, ok := errors.AsType[*Failure](err); ok {
			e.until = time.Time{}
		}
		log.Warn("preview can't be built", "commit", ref.Commit, "error", err)
	default:
		e.site, e.failed, e.of = site, nil, ""
		if e.ref == ref {
			e.ref = site.Ref // the branch moved on before it was fetched
		}
		log.Info("preview built", "commit", site.Ref.Commit, "took", took.Round(time.Millisecond), "digest", site.Snapshot.Digest().Short())
	}
	close(e.done)
	e.done = make(chan struct{})
	s.crowd()
}

// sweep lets go of what nobody asked for in a while. Run's goroutine alone calls
// it, so that no build is under way.
func (s *Set) sweep(now time.Time) {
	s.mu.Lock()
	for _, e := range s.all {
		if now.Sub(e.used) >= s.opts.Idle {
			s.forget(e)
		}
	}
	rest := s.worked && now.Sub(s.used) >= s.opts.Idle
	if rest {
		s.worked = false
		s.articles.forget()
	}
	s.mu.Unlock()
	if rest && s.opts.Idled != nil {
		s.opts.Idled()
	}
}

// crowd lets go of what was asked for longest ago, where there is too much. The
// caller holds mu.
func (s *Set) crowd() {
	var in []*entry
	for _, e := range s.all {
		if e.site != nil && e.site.Snapshot != nil {
			in = append(in, e)
		}
	}
	if len(in) <= s.opts.Most {
		return
	}
	slices.SortFunc(in, func(a, b *entry) int { return a.used.Compare(b.used) })
	for _, e := range in[:len(in)-s.opts.Most] {
		s.forget(e)
	}
}

// forget takes e's site out of memory. The caller holds mu.
func (s *Set) forget(e *entry) {
	if e.site == nil || e.site.Snapshot == nil || e.site.Reopen == nil {
		return
	}
	idle := *e.site // who serves it now goes on with the old one
	idle.Snapshot = nil
	e.site, e.diff = &idle, comparison{}
	s.opts.Log.Info("preview left memory", "preview", e.label)
}
