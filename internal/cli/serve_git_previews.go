package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"lectern/internal/build"
	"lectern/internal/follow"
	"lectern/internal/gitrepo"
	"lectern/internal/preview"
	"lectern/internal/release"
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
		Build: p.build, Idled: p.idled, Live: func() *snapshot.Snapshot { return g.server.Snapshot() },
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
