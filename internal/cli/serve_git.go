package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lectern/internal/build"
	"lectern/internal/cache"
	"lectern/internal/diag"
	"lectern/internal/follow"
	"lectern/internal/forge"
	"lectern/internal/gitrepo"
	"lectern/internal/metrics"
	"lectern/internal/release"
	"lectern/internal/server"
	"lectern/internal/webhook"
)

// hooksPath is where webhooks are taken.
const hooksPath = "_lectern/hooks"

// serveGit is `lectern serve --git`.
func (a *app) serveGit(cmd *cobra.Command, f serveFlags) (err error) {
	ctx, cancel := context.WithCancel(cmd.Context())
	defer cancel()
	remote, err := a.remote(f.git)
	if err != nil {
		return err
	}
	secret, err := a.secret(f.git.secretFile, "LECTERN_HOOK_SECRET")
	if err != nil {
		return err
	}
	data, err := a.gitData(f.git, remote)
	if err != nil {
		return err
	}
	store, err := release.Open(data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	logger := slog.New(slog.NewTextHandler(a.Err, nil))
	mirror, err := gitrepo.OpenMirror(ctx, filepath.Join(data, "repository"), remote, gitrepo.MirrorOptions{
		Branch: f.git.branch, Path: strings.Trim(f.git.path, "/"), MaxBytes: int64(f.git.most),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, mirror.Close()) }()
	defer debug.SetGCPercent(debug.SetGCPercent(100))

	g := &gitServe{
		app: a, flags: f, mirror: mirror, data: data,
		log: logger, changes: make(chan []string, 1),
	}
	defer func() { err = errors.Join(err, g.close()) }()
	g.follower = &follow.Follower{Look: g.look, Found: g.found, State: g.state, Every: f.git.poll}
	g.follower.Init()
	if g.reporter, err = a.openReporter(f.git, remote, g.log); err != nil {
		return err
	}
	fr, err := a.openFront(ctx, cmd, f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, fr.Close()) }()
	opts := server.Options{Drain: f.drain, Compress: true, Probes: true, Routes: map[string]http.Handler{}}
	if secret != "" {
		h := webhook.NewHandler(webhook.NewReceiver(strings.Split(secret, "\n"), nil), g.hook, g.log)
		h.Result = fr.series.Webhook
		opts.Routes[hooksPath] = h
	}
	if g.previews, err = g.openPreviews(); err != nil {
		return err
	}
	if g.previews != nil {
		defer func() { err = errors.Join(err, g.previews.close()) }()
		opts.Beside = g.previews.handler.Serve
	}
	g.series = fr.series
	g.server = server.New(fr.options(opts))
	if g.previews != nil {
		g.previews.handler.Through(g.server)
	}
	g.live = release.NewLive(release.LiveOptions{Store: store, Keep: f.git.keep, Show: showOn(g.server), Log: logger})
	defer g.live.Close()
	wait, err := a.openControl(ctx, g.live, data, f.git, logger, opts.Routes)
	if err != nil {
		return err
	}
	defer wait()
	defer cancel()
	g.live.Start(ctx)
	fmt.Fprintf(a.Out, "Lectern serves %s at %s\n", printable(remote.Name()), fr.url(f.bind))
	return g.run(ctx, cancel, func() error { return fr.serve(ctx, g.server, false) })
}

// gitServe is one run of `lectern serve --git`. What the follower's goroutine
// uses and what the loop's does are apart but for what is said to be shared.
type gitServe struct {
	*app
	flags    serveFlags
	data     string
	mirror   *gitrepo.Mirror
	server   *server.Server
	live     *release.Live
	follower *follow.Follower
	reporter *reporter // nil where nothing is reported
	previews *previews // nil where there are none
	series   *metrics.Metrics
	log      *slog.Logger

	// changes wakes the loop; shared.
	changes chan []string
	target  target // shared

	// The loop's.
	builder *build.Builder
	repo    *gitrepo.Repo
	now     revision
	shown   findingLog
	// retries counts the attempts at a commit that failed for no fault of its own.
	retries int
	told    told   // to the forge
	url     string // of the site, "" where it is not known
	settled bool
}

// revision is the commit that is being built, or was.
type revision struct {
	gitrepo.Commit
	phases []release.Phase
	notes  int
}

func (b *revision) phase(name string, start time.Time) {
	b.phases = append(b.phases, release.Phase{Name: name, Took: time.Since(start)})
}

func (g *gitServe) close() error {
	if g.builder == nil {
		return nil
	}
	return g.builder.Close()
}

// run follows, builds and serves until ctx ends.
func (g *gitServe) run(ctx context.Context, cancel context.CancelFunc, serve func() error) error {
	served := make(chan error, 1)
	go func() {
		defer cancel()
		served <- serve()
	}()
	var beside workers
	beside.run(func() { g.follower.Run(ctx) })
	beside.run(func() { g.deepen(ctx) })
	if g.reporter != nil {
		beside.run(func() { g.reporter.run(ctx) })
	}
	if g.previews != nil {
		beside.run(func() { g.previews.run(ctx) })
	}
	loop := server.Loop{
		Server: gitScreen{g}, Build: g.build, Finish: g.finish, Changes: g.changes, Report: func(o server.Outcome) { g.report(ctx, o) },
	}
	// The first build waits for the first commit.
	var err error
	select {
	case <-g.changes:
		g.wake() // unless somebody did so meanwhile: who fills it would wait for the loop
		err = loop.Run(ctx)
	case <-ctx.Done():
	}
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	cancel()
	beside.Wait()
	return errors.Join(err, <-served)
}

// hook takes a webhook: whatever it says, it is time to look.
func (g *gitServe) hook(ev webhook.Event) {
	switch ev.Kind {
	case webhook.Push, webhook.Delete:
		g.follower.Wake()
		g.previews.hook(ev)
	case webhook.Request, webhook.RequestClosed:
		g.previews.hook(ev)
	}
}

// look is the follower's.
func (g *gitServe) look(ctx context.Context) (string, error) {
	start := time.Now()
	commit, err := g.mirror.Fetch(ctx)
	if ctx.Err() == nil {
		g.live.Following(g.mirror.Remote().Name(), err)
	}
	result := metrics.FetchSame
	if err != nil {
		result = metrics.FetchFailed
	} else if g.target.set(commit, time.Since(start)) {
		result = metrics.FetchNew
	}
	g.series.Fetch(result)
	return commit, err
}

// found is the follower's.
func (g *gitServe) found(commit string) {
	g.log.Info("new commit", "commit", commit)
	g.wake()
}

// wake makes the loop build. One call that it did not see yet is enough.
func (g *gitServe) wake() {
	select {
	case g.changes <- []string{".git"}:
	default:
	}
}

// state is the follower's: it says once how the repository is.
func (g *gitServe) state(err error) {
	switch {
	case err == nil:
		g.log.Info("the repository answers again")
	case errors.Is(err, gitrepo.ErrBranchGone):
		g.log.Warn("the branch is gone; the website stays as it is", "error", err)
	default:
		g.log.Warn("the repository can't be fetched; the website stays as it is", "error", err, "hint", hintOf(err))
	}
}

func hintOf(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		return hinted.Hint()
	}
	return ""
}

// build is the loop's: it brings the files to the newest commit and builds it.
func (g *gitServe) build(ctx context.Context, paths []string) (server.Update, error) {
	g.previews.hold()
	defer g.previews.release()
	commit, fetched := g.target.get()
	g.now = revision{Commit: gitrepo.Commit{ID: commit}, phases: []release.Phase{{Name: "fetch", Took: fetched}}}
	g.tell(forge.Pending, "being built")
	start := time.Now()
	var err error
	if g.now.Commit, err = g.mirror.Describe(ctx, commit); err != nil {
		return server.Update{}, err
	}
	g.live.Settle() // the last site may still be read from the files
	changed, leftOut, err := g.mirror.Checkout(ctx, commit)
	if err != nil {
		return server.Update{}, err
	}
	for _, name := range leftOut {
		g.log.Warn("no file can have this name here: it is left out", "file", name)
	}
	g.now.phase("check out", start)
	start = time.Now()
	if g.builder == nil {
		if err := g.openBuilder(); err != nil {
			return server.Update{}, err
		}
	}
	if paths != nil && changed != nil {
		paths = append(changed, ".git") // the history is another one
	} else {
		paths = nil
	}
	r, err := g.builder.Update(ctx, paths)
	if err != nil {
		return server.Update{Diags: configFindings(err)}, err
	}
	g.now.notes, g.url = r.Stats.Notes, r.Config.BaseURL
	g.now.phase("build", start)
	return update(r), nil
}

func (g *gitServe) openBuilder() (err error) {
	dir, kept := g.mirror.Project(), filepath.Join(g.data, "cache")
	g.repo = gitrepo.Open(dir, kept)
	g.builder, err = build.Open(build.Options{
		Dir: dir, Load: g.loaderFor(projectName(g.flags.git), g.flags.git.baseURL, g.flags.drafts),
		Drafts: g.flags.drafts, KeepLast: true, History: g.repo, Cache: cache.Open(kept), Check: true,
	})
	return err
}

// finish is the loop's: it makes what readers need not wait for.
func (g *gitServe) finish(ctx context.Context) (server.Update, error) {
	g.previews.hold()
	defer g.previews.release()
	start := time.Now()
	r, err := g.builder.Finish(ctx)
	if err != nil {
		return server.Update{}, err
	}
	u := update(r)
	g.now.phase("finish", start)
	if !g.mirror.Complete() {
		g.target.deepen()
	}
	if !g.settled {
		g.settled = true
		debug.SetGCPercent(settledGCPercent)
		debug.FreeOSMemory()
	}
	return u, nil
}

// report is the loop's: it says how a build went.
func (g *gitServe) report(ctx context.Context, o server.Outcome) {
	g.shown.print(g.log, o.Diags)
	if !o.Pending {
		g.series.Build(o.Err == nil, g.phaseTimes())
	}
	if o.Err != nil {
		g.log.Error("the commit can't be built; the website stays as it is", "commit", g.now.ID, "error", o.Err, "hint", hintOf(o.Err))
		g.tell(forge.Failure, whyNot(o))
		g.retry(ctx, o.Err)
		return
	}
	g.retries = 0
	if o.Pending {
		if o.Changed && !o.Finished {
			g.log.Info("shown", append([]any{"commit", g.now.ID, "pages", o.Pages}, phases(g.now.phases)...)...)
		}
		return
	}
	g.log.Info("built", append([]any{"commit", g.now.ID, "notes", g.now.notes, "digest", o.Snapshot.Digest().String(), "findings", counts(o.Diags)}, phases(g.now.phases)...)...)
	g.tell(forge.Success, "published: "+plural(g.now.notes, "note")+", "+counts(o.Diags))
}

// phaseTimes are how long the build's phases took.
func (g *gitServe) phaseTimes() map[string]time.Duration {
	out := make(map[string]time.Duration, len(g.now.phases))
	for _, p := range g.now.phases {
		out[p.Name] += p.Took
	}
	return out
}

// whyNot says to the forge's readers why a commit can't be built.
func whyNot(o server.Outcome) string {
	for _, d := range o.Diags {
		if d.Severity == diag.Error {
			return fmt.Sprintf("not published: %s:%d: %s", d.File, d.Line, d.Message)
		}
	}
	return "not published: " + o.Err.Error()
}

func phases(list []release.Phase) []any {
	var out []any
	for _, p := range list {
		out = append(out, strings.ReplaceAll(p.Name, " ", "-"), p.Took.Round(100*time.Microsecond))
	}
	return out
}

// retry tries again after a while what failed for no fault of the commit: on a
// full disk, say. A commit that can't be built waits for the next.
func (g *gitServe) retry(ctx context.Context, err error) {
	if configFindings(err) != nil || errors.Is(err, gitrepo.ErrNoFolder) || errors.Is(err, gitrepo.ErrTooLarge) || ctx.Err() != nil {
		return
	}
	if errors.Is(err, gitrepo.ErrDamaged) {
		g.follower.Wake()
	}
	g.retries++
	wait := min(time.Second<<min(g.retries, 10), 5*time.Minute)
	time.AfterFunc(wait, func() {
		if ctx.Err() == nil {
			g.wake()
		}
	})
}
