package cli

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"lectern/internal/diag"
	"lectern/internal/gitrepo"
	"lectern/internal/release"
	"lectern/internal/server"
	"lectern/internal/snapshot"
)

// workers are goroutines that are waited for.
type workers struct{ sync.WaitGroup }

func (w *workers) run(f func()) { w.Go(f) }

// target is what the follower found, for whoever builds.
type target struct {
	mu      sync.Mutex
	commit  string
	fetched time.Duration
	past    chan struct{} // full when somebody wants the past
}

// set notes the newest commit and reports whether it is another one.
func (t *target) set(commit string, took time.Duration) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	changed := commit != t.commit
	if changed {
		t.fetched = took
	}
	t.commit = commit
	return changed
}

func (t *target) get() (commit string, fetched time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.commit, t.fetched
}

// wanted is the channel that says that the past is wanted.
func (t *target) wanted() chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.past == nil {
		t.past = make(chan struct{}, 1)
	}
	return t.past
}

// deepen asks for the past of what is built.
func (t *target) deepen() {
	select {
	case t.wanted() <- struct{}{}:
	default:
	}
}

// tidyEvery is how often the mirror is looked through for what to pack.
const tidyEvery = time.Hour

// deepen fetches the repository's past when a first site stands: readers of the
// notes need not wait for the page of changes. It also packs the mirror now and
// then.
func (g *gitServe) deepen(ctx context.Context) {
	tidy := time.NewTicker(tidyEvery)
	defer tidy.Stop()
	wait := time.Second
	for {
		select {
		case <-ctx.Done():
			return
		case <-tidy.C:
			if err := g.mirror.Tidy(ctx); err != nil && ctx.Err() == nil {
				g.log.Warn("the copy of the repository", "error", err)
			}
			continue
		case <-g.target.wanted():
		}
		start := time.Now()
		err := g.mirror.Deepen(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			g.log.Info("the past of the repository is here", "took", time.Since(start).Round(time.Millisecond))
			g.wake()
			continue
		}
		if errors.Is(err, gitrepo.ErrTooLarge) {
			g.log.Warn("there is no page of changes: the past of the repository is larger than allowed", "hint", "--max-repo allows more")
			continue
		}
		if wait == time.Second { // the follower says how the repository is
			g.log.Warn("the past of the repository can't be fetched yet: there is no page of changes", "error", err)
		}
		if wait *= 2; wait > 10*time.Minute {
			wait = 10 * time.Minute
		}
		time.AfterFunc(wait, g.target.deepen)
	}
}

// showOn returns what shows releases on srv.
func showOn(srv *server.Server) func(*snapshot.Snapshot, snapshot.Settings) {
	return func(snap *snapshot.Snapshot, settings snapshot.Settings) {
		srv.Swap(server.Update{Snapshot: snap, Policy: settings.Policy, FilePolicy: settings.FilePolicy})
	}
}

// gitScreen is where the loop shows what it builds: every finished site becomes
// a release, which is live unless another one is pinned.
type gitScreen struct{ *gitServe }

func (g gitScreen) Swap(u server.Update) {
	if u.Pending {
		g.live.Preview(u.Snapshot, g.meta(u))
		return
	}
	g.live.Publish(u.Snapshot, g.meta(u))
}

func (g gitScreen) Fail(err error, found []diag.Diagnostic) {
	g.server.Fail(err, found)
	g.live.Failed(g.meta(server.Update{Diags: found}), err)
}

// meta is what is known of the site of u.
func (g *gitServe) meta(u server.Update) release.Meta {
	meta := release.Meta{
		Commit: g.now.ID, Subject: g.now.Subject, Author: g.now.Author, Committed: g.now.Time, Origin: g.mirror.Remote().Name(),
		Notes: g.now.notes, Phases: slices.Clone(g.now.phases), Settings: snapshot.Settings{Policy: u.Policy, FilePolicy: u.FilePolicy},
	}
	for _, d := range u.Diags {
		switch d.Severity {
		case diag.Error:
			meta.Errors++
		case diag.Warning:
			meta.Warnings++
		default:
			meta.Infos++
		}
	}
	return meta
}

// maxPrinted is how many new findings one build logs.
const maxPrinted = 50

// findingLog remembers what was found, so that a log has each finding once.
type findingLog struct{ known map[diag.Diagnostic]bool }

func (l *findingLog) print(log *slog.Logger, ds []diag.Diagnostic) {
	now := make(map[diag.Diagnostic]bool, len(ds))
	fresh := 0
	for _, d := range ds {
		if d.Severity == diag.Info {
			continue
		}
		now[d.Bare()] = true
		if l.known[d.Bare()] {
			continue
		}
		if fresh++; fresh > maxPrinted {
			continue
		}
		level := slog.LevelWarn
		if d.Severity == diag.Error {
			level = slog.LevelError
		}
		log.Log(context.Background(), level, "finding", "file", d.File, "line", d.Line, "rule", d.Rule, "message", d.Message)
	}
	if fresh > maxPrinted {
		log.Warn("more findings", "count", fresh-maxPrinted)
	}
	l.known = now
}
