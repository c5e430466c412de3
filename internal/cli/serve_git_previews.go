package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/internal/build"
	"lectern/internal/cache"
	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/follow"
	"lectern/internal/gitrepo"
	"lectern/internal/preview"
	"lectern/internal/release"
	"lectern/internal/server"
	"lectern/internal/snapshot"
	"lectern/internal/webhook"
)

// previewFlags are the flags about previews of `lectern serve --git`.
type previewFlags struct {
	branches []string
	pulls    bool
	host     string
	idle     time.Duration
}

func (f *previewFlags) register(fl *pflag.FlagSet) {
	fl.StringSliceVar(&f.branches, "previews", nil, "show the branches that match this `pattern`, such as 'feature/*', at /_preview/<branch>/;\nmay be given several times")
	fl.StringVar(&f.host, "preview-host", "", "show previews at <branch>.`host` instead: an origin for each; its DNS has a wildcard")
	fl.BoolVar(&f.pulls, "preview-pulls", false, "show pull and merge requests as well, anybody's; needs --preview-host")
	fl.DurationVar(&f.idle, "preview-idle", 15*time.Minute, "how `long` a preview that nobody looks at stays in memory")
}

// previewFlagNames say nothing without --git.
var previewFlagNames = []string{"previews", "preview-host", "preview-pulls", "preview-idle"}

func (f *previewFlags) wanted() bool { return len(f.branches) > 0 || f.pulls }

// check refuses what does not go together.
func (f *previewFlags) check(cmd *cobra.Command) error {
	f.host = strings.ToLower(strings.Trim(f.host, "."))
	switch {
	case f.pulls && f.host == "":
		return &usageError{
			"--preview-pulls needs --preview-host: a pull request is a stranger's, and is not to share the live website's origin",
			"give previews a host of their own, such as --preview-host preview.example.org",
		}
	case strings.ContainsAny(f.host, ":/* ") || f.host != "" && !strings.Contains(f.host, ".") && f.host != "localhost":
		return &usageError{fmt.Sprintf("--preview-host %s: this is no name of a host", f.host), "write it without a scheme, a port and an asterisk: preview.example.org"}
	case f.idle <= 0:
		return &usageError{fmt.Sprintf("--preview-idle %v: a preview would be gone at once", f.idle), "give it a minute or more"}
	case !f.wanted() && (cmd.Flags().Changed("preview-host") || cmd.Flags().Changed("preview-idle")):
		return &usageError{"there are no previews to show", "say of which branches with --previews"}
	}
	return nil
}

// previews shows the branches of the repository beside the live site.
type previews struct {
	git      *gitServe
	flags    previewFlags
	dir      string
	set      *preview.Set
	handler  *preview.Handler
	follower *follow.Follower
	store    *release.Store
	log      *slog.Logger

	found  chan []preview.Ref // the newest list, for whoever keeps the set up to date
	closed *closedRequests
	seen   map[string]string // commits by ref, of the last look; the follower's

	// The builder's.
	files   *gitrepo.Mirror
	builder *build.Builder
	cleaned bool // how the builder's last site was made
	sure    bool // the builder knows what it has
}

// keptPreviews is how many built previews are kept on disk.
const keptPreviews = 50

// openPreviews returns nil where none are wanted.
func (g *gitServe) openPreviews() (*previews, error) {
	f := g.flags.previews
	if !f.wanted() {
		return nil, nil
	}
	p := &previews{git: g, flags: f, dir: filepath.Join(g.data, "previews"), log: g.log, found: make(chan []preview.Ref, 1), closed: openClosed(filepath.Join(g.data, "closed-requests"))}
	// Another version, or other flags, would make them otherwise.
	if err := os.RemoveAll(p.dir); err != nil {
		return nil, fmt.Errorf("open the previews: %w", err)
	}
	var err error
	if p.store, err = release.Open(filepath.Join(p.dir, "sites")); err != nil {
		return nil, err
	}
	p.set = preview.New(preview.Options{
		Build: p.build, Idled: p.rest, Live: func() *snapshot.Snapshot { return g.server.Snapshot() },
		Host: f.host, Idle: f.idle, Log: g.log, Built: p.built,
	})
	if p.handler, err = preview.NewHandler(p.set); err != nil {
		return nil, errors.Join(err, p.store.Close())
	}
	p.follower = &follow.Follower{Look: p.look, Found: func(string) {}, State: p.state, Every: g.flags.git.poll}
	p.follower.Init()
	return p, nil
}

// run lists, builds and forgets until ctx ends.
func (p *previews) run(ctx context.Context) {
	p.forget(ctx, func(string) bool { return false })
	var beside workers
	beside.run(func() { p.follower.Run(ctx) })
	beside.run(func() { p.set.Run(ctx) })
	beside.run(func() { p.update(ctx) })
	beside.Wait()
}

// hook takes a webhook that is not about the live branch.
func (p *previews) hook(ev webhook.Event) {
	if p == nil || ev.Ref == "refs/heads/"+p.git.mirror.Branch() {
		return
	}
	switch ev.Kind {
	case webhook.Request:
		p.closed.set(ev.Ref, false, p.log)
	case webhook.RequestClosed:
		p.closed.set(ev.Ref, true, p.log)
	}
	p.follower.Wake()
}

// hold lets no preview be built while the live site is; release ends that.
func (p *previews) hold() {
	if p != nil {
		p.set.Hold()
	}
}

func (p *previews) release() {
	if p != nil {
		p.set.Release()
	}
}

// update tells the set what there is, and drops what is gone.
func (p *previews) update(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case refs := <-p.found:
			labels := preview.Labels(refs)
			p.forget(ctx, func(label string) bool { return labels[label].Name != "" })
			p.set.Update(refs)
		}
	}
}

// forget drops the commits that were fetched for previews that are gone.
func (p *previews) forget(ctx context.Context, keep func(label string) bool) {
	names, err := p.git.mirror.Kept(ctx)
	for _, name := range names {
		if !keep(name) {
			err = errors.Join(err, p.git.mirror.Drop(ctx, name))
		}
	}
	if err != nil && ctx.Err() == nil {
		p.log.Warn("previews", "error", err)
	}
}

func (p *previews) close() error {
	var err error
	p.rest()
	if p.files != nil {
		err = p.files.Close()
	}
	return errors.Join(err, p.store.Close())
}

// look is the follower's: it asks which branches there are.
func (p *previews) look(ctx context.Context) (string, error) {
	all, err := p.git.mirror.List(ctx, p.flags.pulls)
	if err != nil {
		return "", err
	}
	live := p.git.mirror.Branch()
	var refs []preview.Ref
	for _, r := range all {
		ref := preview.Ref(r)
		branch, isBranch := ref.Branch()
		if isBranch && branch != live && preview.Matches(p.flags.branches, branch) {
			refs = append(refs, ref)
		} else if _, _, ok := ref.Request(); ok && p.flags.pulls && !p.closed.has(ref.Name) {
			refs = append(refs, ref)
		}
	}
	p.announce(refs)
	select {
	case <-p.found: // nobody took the list of before
	default:
	}
	p.found <- refs
	return "", nil
}

// state is the follower's.
func (p *previews) state(err error) {
	if err != nil {
		p.log.Warn("the repository's branches can't be listed; previews stay as they are", "error", err, "hint", hintOf(err))
	}
}

// trusts reports whether what a ref holds may do in a browser all that its
// authors wrote. Below a host of its own it can harm nobody but itself; elsewhere
// it would have the live website's cookies and storage. A request may be anybody's.
func (p *previews) trusts(ref preview.Ref) bool {
	_, branch := ref.Branch()
	return branch && p.flags.host != ""
}

// build is the set's.
func (p *previews) build(ctx context.Context, label string, ref preview.Ref) (*preview.Site, error) {
	commit, err := p.git.mirror.FetchRef(ctx, ref.Name, label)
	if errors.Is(err, gitrepo.ErrBranchGone) {
		return nil, preview.ErrGone
	}
	if errors.Is(err, gitrepo.ErrTooLarge) {
		return nil, &preview.Failure{Err: errors.New("This branch is larger than the server has room for.")}
	}
	if err != nil {
		return nil, err
	}
	about, err := p.git.mirror.Describe(ctx, commit)
	if err != nil {
		return nil, err
	}
	clean := !p.trusts(ref)
	paths, err := p.checkout(ctx, commit, clean)
	if err != nil {
		return nil, err
	}
	sure := p.sure
	p.sure = false // until all is done
	if !sure {
		paths = nil
	}
	r, err := p.builder.Update(ctx, paths)
	if ds := configFindings(err); ds != nil {
		return nil, &preview.Failure{Err: errors.New("The configuration can't be read."), Found: ds}
	}
	if err != nil {
		return nil, err
	}
	for r.Pending {
		if r, err = p.builder.Finish(ctx); err != nil {
			return nil, err
		}
	}
	p.sure = true
	u := update(r)
	site := &preview.Site{
		Ref: preview.Ref{Name: ref.Name, Commit: commit}, Subject: about.Subject,
		Policy: u.Policy, FilePolicy: u.FilePolicy, BaseURL: r.Config.BaseURL, Cleaned: clean,
	}
	if clean {
		site.Policy, site.FilePolicy = server.Policy, cleanFilePolicy
	}
	site.Found, site.Elsewhere = published(r)
	return site, p.keep(ctx, site, r.Snapshot, release.Meta{
		Commit: commit, Subject: about.Subject, Author: about.Author, Committed: about.Time, Notes: r.Stats.Notes,
	})
}

// cleanFilePolicy is that of ready-made documents whose authors are not trusted:
// what scripts they bring run in an origin of nobody.
const cleanFilePolicy = server.FilePolicy + "; sandbox allow-scripts allow-popups allow-forms"

// checkout brings the files to commit, and returns which changed; nil for any.
func (p *previews) checkout(ctx context.Context, commit string, clean bool) ([]string, error) {
	if p.files == nil {
		files, err := p.git.mirror.Beside(filepath.Join(p.dir, "repository"))
		if err != nil {
			return nil, err
		}
		p.files = files
	}
	changed, leftOut, err := p.files.Checkout(ctx, commit)
	if errors.Is(err, gitrepo.ErrNoFolder) {
		return nil, &preview.Failure{Err: errors.New("This branch has no notes where the live website has them.")}
	}
	if err != nil {
		return nil, err
	}
	for _, name := range leftOut {
		p.log.Warn("no file can have this name here: it is left out", "file", name, "commit", commit)
	}
	if p.builder != nil && p.cleaned != clean {
		p.rest() // all notes are read otherwise
	}
	if p.builder == nil {
		p.cleaned, changed = clean, nil
		if err := p.openBuilder(clean); err != nil {
			return nil, err
		}
	}
	if changed == nil {
		return nil, nil
	}
	return append(changed, ".git"), nil
}

func (p *previews) openBuilder(clean bool) (err error) {
	g := p.git
	dir, kept := p.files.Project(), filepath.Join(g.data, "cache")
	load := g.loaderFor(projectName(g.flags.git), g.flags.git.baseURL, g.flags.drafts)
	p.sure = false
	p.builder, err = build.Open(build.Options{
		Dir: dir, Drafts: g.flags.drafts, History: gitrepo.Open(dir, kept), Cache: cache.Open(kept), Check: true,
		Load: func(fsys fs.FS) (*config.Config, []diag.Diagnostic, error) {
			cfg, ds, err := load(fsys)
			if err != nil {
				return cfg, ds, err
			}
			tame(cfg, clean)
			return cfg, ds, nil
		},
	})
	return err
}

// tame makes a configuration one of a preview: nobody reads it offline, and none may
// answer for the live site. With clean nothing in it is as its authors wrote it
// that a browser would run.
func tame(cfg *config.Config, clean bool) {
	for _, c := range cfg.All() {
		c.Offline = false
		if clean {
			c.Markup.UnsafeHTML = false
			c.ContentSecurityPolicy = nil
			c.Look.Head, c.Look.Top, c.Look.Bottom = nil, nil, nil
		}
	}
}

// keep stores the site, so that it does not change when another branch is checked
// out, and need not stay in memory.
func (p *previews) keep(ctx context.Context, site *preview.Site, snap *snapshot.Snapshot, meta release.Meta) error {
	rel, err := p.store.Put(ctx, snap, meta)
	if err != nil {
		return err
	}
	site.Reopen = func(ctx context.Context) (*snapshot.Snapshot, error) {
		snap, _, err := p.store.Open(ctx, rel.Number)
		return snap, err
	}
	if site.Snapshot, err = site.Reopen(ctx); err != nil {
		return err
	}
	return p.store.Prune(keptPreviews)
}

// published returns the findings of r about what it publishes, and how many there
// are elsewhere: they may speak of what is not for everybody.
func published(r *build.Result) (ds []diag.Diagnostic, elsewhere int) {
	public := map[string]bool{}
	for _, source := range r.Sources() {
		public[source] = true
	}
	for _, d := range r.Diags {
		switch {
		case d.Severity == diag.Info:
		case public[d.File]:
			ds = append(ds, d)
		default:
			elsewhere++
		}
	}
	return ds, elsewhere
}

// rest lets go of what the builder keeps between builds.
func (p *previews) rest() {
	if p.builder == nil {
		return
	}
	if err := p.builder.Close(); err != nil {
		p.log.Warn("previews", "error", err)
	}
	p.builder = nil
}
