package cli

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"lectern/internal/forge"
	"lectern/internal/gitrepo"
)

// reporter tells the forge how commits were built, beside everything else: a
// forge that is slow or gone holds nobody up.
type reporter struct {
	forge *forge.Forge
	token func() (string, error)
	log   *slog.Logger

	mu    sync.Mutex
	queue []forge.Status
	ready chan struct{}
}

// maxReports is how many commits wait to be reported; the oldest are forgotten.
const maxReports = 32

// openReporter returns nil where nothing is to be reported.
func (a *app) openReporter(f gitFlags, remote gitrepo.Remote, log *slog.Logger) (*reporter, error) {
	token := func() (string, error) { return a.secret(f.statusTokenFile, "LECTERN_STATUS_TOKEN") }
	if t, err := token(); err != nil || t == "" {
		if err == nil && f.forge != "" {
			err = &usageError{"--forge says where to report builds, and there is no token", "give one with --status-token-file or LECTERN_STATUS_TOKEN"}
		}
		return nil, err
	}
	where, err := forge.Find(remote.Web(), f.forge)
	if errors.Is(err, forge.ErrUnknown) {
		err = &hintedError{err, "say so: --forge forgejo=https://git.example.org (or github, gitea, gitlab)"}
	}
	if err != nil {
		return nil, err
	}
	return &reporter{forge: where, token: token, log: log, ready: make(chan struct{}, 1)}, nil
}

// tell has the commit's state reported, in the place of what waits to be said of it.
func (g *gitServe) tell(state forge.State, text string) {
	r := g.reporter
	if r == nil || g.told == (told{g.now.ID, state, text}) {
		return
	}
	if state == forge.Pending && g.told.commit == g.now.ID {
		return // it is built again for another reason than a push
	}
	g.told = told{g.now.ID, state, text}
	r.add(forge.Status{Commit: g.now.ID, State: state, Branch: g.mirror.Branch(), Description: text, URL: g.url})
}

// add has a state reported, in the place of what waits to be said of its commit.
func (r *reporter) add(s forge.Status) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.queue = append(slices.DeleteFunc(r.queue, func(q forge.Status) bool { return q.Commit == s.Commit }), s)
	if len(r.queue) > maxReports {
		r.queue = slices.Delete(r.queue, 0, 1)
	}
	select {
	case r.ready <- struct{}{}:
	default:
	}
}

// told is what was reported last.
type told struct {
	commit string
	state  forge.State
	text   string
}

// run reports until ctx ends.
func (r *reporter) run(ctx context.Context) {
	said := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.ready:
		}
		for s, ok := r.next(); ok && ctx.Err() == nil; s, ok = r.next() {
			err := r.report(ctx, s)
			text := ""
			if err != nil && ctx.Err() == nil {
				text = err.Error()
			}
			if text != "" && said == "" { // once for each time that it begins
				r.log.Warn("the forge was not told", "error", text, "hint", hintOf(err))
			}
			said = text
		}
	}
}

func (r *reporter) next() (forge.Status, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue) == 0 {
		return forge.Status{}, false
	}
	s := r.queue[0]
	r.queue = slices.Delete(r.queue, 0, 1)
	return s, true
}

// attempts is how often a report is tried.
const attempts = 4

func (r *reporter) report(ctx context.Context, s forge.Status) (err error) {
	for i := range attempts {
		var token string
		if token, err = r.token(); err != nil {
			return err
		}
		if err = r.forge.Report(ctx, token, s); err == nil {
			return nil
		}
		if refused, ok := errors.AsType[*forge.Error](err); ok && refused.Lasting() || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second << (2 * i)):
		}
	}
	return err
}
