package cli

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"runtime/debug"

	"lectern/internal/build"
	"lectern/internal/cache"
	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/gitrepo"
	"lectern/internal/preview"
	"lectern/internal/release"
	"lectern/internal/server"
	"lectern/internal/snapshot"
)

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
		return nil, &preview.Failure{Reason: preview.TooLarge}
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
		return nil, &preview.Failure{Reason: preview.BrokenConfig, Found: ds}
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
		return nil, &preview.Failure{Reason: preview.NoNotes}
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

// idled is the set's.
func (p *previews) idled() {
	p.rest()
	debug.FreeOSMemory() // there may be nothing to do for hours
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
