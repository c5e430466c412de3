// Package build makes a site's snapshot from a project's folder, and makes it
// again after each edit by doing only what the edit asks for.
//
// The phases: configuration, list of files, notes parsed in parallel, the
// site's model (in one thread), pages rendered in parallel, snapshot. What a
// phase made is kept and used again for as long as what it was made from is
// the same:
//
//   - a note, while the file system says that its file is the same one, or
//     while its bytes are (note.Key);
//   - the site's model, while no note changed in what others show of it
//     (Site.Replaceable);
//   - a rendered file, while all that was read for it has the same key
//     (page.Pass.Key);
//   - what is known of a picture or another file, while it is the same one.
//
// So an incremental build has the digest of a clean one; a test edits at
// random to hold it to that. A [Builder] has one owner: it is not for use by
// several goroutines at once.
package build

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"

	"lectern/internal/check"
	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/site"
	"lectern/internal/snapshot"
	"lectern/internal/source"
)

// Builder builds one project again and again.
type Builder struct {
	opts Options
	dir  *source.Dir

	cfg      *config.Config // the default language's
	cfgDiags []diag.Diagnostic
	scope    source.Scope
	layouts  layouts
	// langs are the languages in order; most sites have one.
	langs []*language
	// external are the answers about links to other sites.
	external map[string]check.Answer

	tree     *source.Tree
	notes    map[string]*parsed
	buffers  sync.Pool // of *[]byte, for reading
	hashes   map[string]hashed
	site     *site.Site // the default language's
	input    site.Input // what site was made from
	rendered map[string]rendered
	// outputs and files are the generated files of the last build, in step.
	outputs []output
	files   []*snapshot.File
	// published are the author's own files, renditions what is made of their
	// pictures.
	published  []*snapshot.File
	renditions *renditions
	// touched are the pages that may have changed since then; nil is all.
	touched map[*site.Page]bool
	snap    *snapshot.Snapshot
	// pending is true where the last snapshot lacks some of what extras make.
	pending bool
	// chronicle is the one of the extras that knows the history; nil for none.
	chronicle *chronicle
	checked   checked
	diags     []diag.Diagnostic // about files that could not be read, from the last build
}

// Open opens the project's folder. The Builder must be closed.
func Open(opts Options) (*Builder, error) {
	if opts.Jobs <= 0 {
		opts.Jobs = runtime.GOMAXPROCS(0)
	}
	if opts.Now == nil {
		opts.Now = func(context.Context) (time.Time, error) { return time.Now(), nil }
	}
	if opts.Progress == nil {
		opts.Progress = func(int, int) {}
	}
	dir, err := source.OpenDir(opts.Dir)
	if err != nil {
		return nil, err
	}
	return &Builder{
		opts: opts, dir: dir, renditions: newRenditions(opts.Cache),
		notes: map[string]*parsed{}, hashes: map[string]hashed{}, rendered: map[string]rendered{},
	}, nil
}

// Close releases the project's folder.
func (b *Builder) Close() error { return b.dir.Close() }

// Build lists all files anew and builds the site.
func (b *Builder) Build(ctx context.Context) (*Result, error) { return b.build(ctx, nil) }

// Update builds the site after the files or folders at paths (slash paths from
// the project's folder) changed, came or went. Without paths it is [Builder.Build].
func (b *Builder) Update(ctx context.Context, paths []string) (*Result, error) {
	return b.build(ctx, paths)
}

func (b *Builder) build(ctx context.Context, paths []string) (*Result, error) {
	start := time.Now()
	b.dir.Release()
	defer b.dir.Release()
	if b.tree == nil || b.tree.HasLinks() || slices.ContainsFunc(paths, isRoot) {
		paths = nil
	}
	if err := b.configure(paths); err != nil {
		return nil, err
	}
	if b.opts.Whole && b.chronicle != nil {
		b.chronicle.start(ctx)
		defer b.chronicle.abandon()
	}
	if err := b.list(ctx, paths); err != nil {
		return nil, err
	}
	stats := Stats{}
	changed, err := b.parse(ctx, paths, &stats)
	if err != nil {
		return nil, err
	}
	if err := b.model(ctx, changed); err != nil {
		return nil, err
	}
	if err := b.publish(ctx); err != nil {
		return nil, err
	}
	if err := b.render(ctx, &stats); err != nil {
		return nil, err
	}
	if b.opts.Check && !b.opts.Whole {
		r := b.result(stats, start, b.glance(paths))
		r.Pending = true
		return r, nil
	}
	return b.result(stats, start, b.examine(nil)), nil
}

// result is what stands at the end of a build that began at start, with the
// findings.
func (b *Builder) result(stats Stats, start time.Time, diags []diag.Diagnostic) *Result {
	for _, l := range b.langs {
		stats.Pages += len(l.site.Pages)
		for _, pg := range l.site.Pages {
			if pg.Note != nil {
				stats.Notes++
			}
		}
		stats.HeldBack += len(l.site.Unreadable) + len(l.site.Unpublished)
	}
	r := &Result{
		Snapshot: b.snap, Pending: b.pending, Diags: diags, Next: b.site.Next, SourceOf: b.site.SourceOf, Sources: b.site.Sources,
		Config: b.cfg, Title: cmp.Or(b.cfg.Title, b.site.Home.Title),
	}
	stats.Elapsed = time.Since(start)
	r.Stats = stats
	return r
}

func isRoot(p string) bool { return p == "" || p == "." }

// list brings the tree up to date.
func (b *Builder) list(ctx context.Context, paths []string) error {
	var tree *source.Tree
	var err error
	if b.tree == nil || paths == nil {
		tree, err = b.dir.Scan(ctx, b.scope)
	} else {
		tree, err = b.dir.Update(ctx, b.scope, b.tree, paths)
	}
	if err != nil {
		return err
	}
	b.tree = tree
	return nil
}

// diagnostics gathers the findings of all phases, sorted. A withheld note's are not
// among them, for they could name what must not be named; that a note can't
// be read is.
func (b *Builder) diagnostics() []diag.Diagnostic {
	out := slices.Concat(b.cfgDiags, b.tree.Diags(), b.layouts.finding(b.site.All()), b.diags)
	for _, l := range b.langs {
		out = append(out, l.site.Diags...)
		for _, p := range l.site.Pages {
			out = append(out, p.Diags...)
			if p.Note != nil {
				out = append(out, p.Note.Diags...)
			}
		}
		for _, n := range slices.Concat(l.site.Unreadable, l.site.Unpublished) {
			out = append(out, n.Diags...)
		}
		for _, e := range l.extras {
			out = append(out, e.diagnostics()...)
		}
	}
	return diag.Sort(append(out, b.pictureDiags()...))
}

var (
	errVanished = errors.New("vanished")
	errNoBuild  = errors.New("nothing was built yet")
	errEndless  = errors.New("it does not come to an end")
)
