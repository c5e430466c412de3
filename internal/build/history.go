package build

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/gitrepo"
	"lectern/internal/history"
	"lectern/internal/snapshot"
)

// chronicle is the extra that keeps the project's history up to date: the
// commits as long as the same one is checked out, and the facts about them that
// the site has asked for. With Options.Whole it is complete before the first
// page is rendered, else pages are shown with what is known.
type chronicle struct {
	repo     *gitrepo.Repo
	cfg      *config.Config
	progress func(done, total int)

	// stamp is what the repository looked like when log was read.
	stamp string
	read  bool
	log   *history.Log // nil where there is none
	diags []diag.Diagnostic

	started *reading
}

// reading is a look at the history that goes on beside the rest of the build.
type reading struct {
	wait   func() (*gitrepo.History, error)
	cancel context.CancelFunc
	// stamp is from before it began: a commit made meanwhile is seen later.
	stamp string
}

func newChronicle(o Options, cfg *config.Config) *chronicle {
	return &chronicle{repo: o.History, cfg: cfg, progress: o.HistoryProgress}
}

// stale reports whether the history has to be read, for the first time or anew.
func (c *chronicle) stale() bool { return !c.read || c.repo.Stamp() != c.stamp }

// start begins to read, where that has to be done.
func (c *chronicle) start(ctx context.Context) {
	if c.started != nil || !c.stale() {
		return
	}
	var h *gitrepo.History
	var err error
	var done sync.WaitGroup
	stamp := c.repo.Stamp()
	ctx, cancel := context.WithCancel(ctx)
	done.Go(func() { h, err = c.repo.History(ctx, gitrepo.HistoryOptions{Progress: c.progress}) })
	c.started = &reading{stamp: stamp, cancel: cancel, wait: func() (*gitrepo.History, error) {
		done.Wait()
		return h, err
	}}
}

// abandon ends what start began and nobody waited for.
func (c *chronicle) abandon() {
	if c.started != nil {
		c.started.cancel()
		_, _ = c.started.wait() // nobody wants it any more
		c.started = nil
	}
}

// settle waits for what start began and reports whether the log is another one.
func (c *chronicle) settle(ctx context.Context) (changed bool, err error) {
	if c.started == nil {
		return false, nil
	}
	r := c.started
	c.started = nil
	h, err := r.wait()
	r.cancel()
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	before := c.log
	c.log, c.diags, c.read = nil, nil, true
	if c.stamp = r.stamp; c.stamp == "" { // nothing was known of the repository before
		c.stamp = c.repo.Stamp()
	}
	none, isNone := errors.AsType[*gitrepo.NoHistoryError](err)
	switch {
	case isNone:
		c.notice(diag.Info, "history-none", "there is no page of changes: "+none.Why, "")
	case err != nil:
		c.notice(diag.Warning, "history-unreadable", "there is no page of changes: "+err.Error(), "changes: false in lectern.yaml does without")
	case h.Shallow:
		c.notice(diag.Info, "history-shallow", "there is no page of changes: the repository is a shallow clone, which has not all of its history",
			"fetch the rest with: git fetch --unshallow (in CI, ask for fetch-depth: 0)")
	default:
		if h.Cut {
			c.notice(diag.Info, "history-long", fmt.Sprintf("only the newest %d commits are looked at: notes that were changed before have no such date", gitrepo.MaxCommits), "")
		}
		c.log = history.New(h.Commits)
		if zone, err := time.LoadLocation(c.cfg.TimeZone); err == nil && c.cfg.TimeZone != "" {
			c.log.Zone = zone // config has checked the name
		}
		if before != nil {
			c.log.Facts = before.Facts // contents do not change
		}
	}
	return true, nil
}

func (c *chronicle) notice(sev diag.Severity, rule, msg, hint string) {
	c.diags = append(c.diags, diag.Diagnostic{Severity: sev, Rule: rule, Message: msg, Hint: hint})
}

// ready says whether the site tells all of the history.
func (c *chronicle) ready(b *Builder, _ *language) ([]*snapshot.File, bool) {
	return nil, !c.stale() && len(b.site.Untold) == 0
}

func (c *chronicle) diagnostics() []diag.Diagnostic { return c.diags }

// finish reads what is missing and tells it to the site.
func (c *chronicle) finish(ctx context.Context, b *Builder, _ *language) (pages bool, err error) {
	c.start(ctx)
	if pages, err = c.settle(ctx); err != nil {
		return false, err
	}
	if pages {
		b.retell()
	}
	more, err := c.learn(ctx, b)
	return pages || more, err
}

// retell makes the model anew with the history as it is known now. What the
// last build knew of the files goes on to hold.
func (b *Builder) retell() {
	b.remodel()
	b.describe()
}

// maxLearn is how often the site may ask: each time it knows more, it may look
// at older commits in place of those that turned out to be private. What it
// then still does not know is not told.
const maxLearn = 30

// learn finds out what the site asks about the history, and tells it.
func (c *chronicle) learn(ctx context.Context, b *Builder) (changed bool, err error) {
	for range maxLearn {
		if len(b.site.Untold) == 0 {
			return changed, nil
		}
		if err := learnFacts(ctx, c.repo, b.langs[0].parser, c.log.Facts, b.site.Untold); err != nil {
			if ctx.Err() != nil {
				return false, ctx.Err()
			}
			c.log = nil
			c.notice(diag.Warning, "history-unreadable", "there is no page of changes: "+err.Error(), "changes: false in lectern.yaml does without")
			b.retell()
			return true, nil
		}
		b.site.Tell(c.log)
		b.outputs, changed = nil, true
	}
	b.site.Untold = nil
	return changed, nil
}
