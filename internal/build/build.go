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
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"time"

	"lectern/internal/cache"
	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/gitrepo"
	"lectern/internal/icon"
	"lectern/internal/note"
	"lectern/internal/site"
	"lectern/internal/snapshot"
	"lectern/internal/source"
)

// Options says what to build and how.
type Options struct {
	// Dir is the project's folder.
	Dir string
	// Output is the folder that the site is written to, if it is; where it lies
	// in Dir it is not read as input.
	Output string
	// Load reads the configuration from the project's folder. Its diagnostics
	// join the others; an error stops the build.
	Load func(fsys fs.FS) (*config.Config, []diag.Diagnostic, error)
	// Now gives the time that publishDate and expiryDate are compared with. It
	// is asked only if a note has such a date, and once for each build.
	Now func(context.Context) (time.Time, error)
	// Root is the path under which the site is served where that is not the path
	// of its configured address; with slashes at both ends.
	Root string
	// Drafts and Private also show notes that are otherwise withheld.
	Drafts, Private bool
	// KeepLast shows the last good version of a note whose front matter can no
	// longer be read, instead of leaving the note out.
	KeepLast bool
	// Jobs is how many goroutines parse and render; 0 is one for each processor.
	Jobs int
	// Progress, if set, is told how much of the work is done. It is called by
	// one goroutine at a time.
	Progress func(done, total int)
	// History, if set, is what tells of the project's past; HistoryProgress, if
	// set, how many of its commits have been looked at. It may be called while
	// Progress is.
	History         *gitrepo.Repo
	HistoryProgress func(done, total int)
	// Cache, if set, keeps what is slow to make.
	Cache *cache.Store
	// Whole makes Build read the history before it renders, so that nothing is
	// rendered twice; else Finish does that, so that nobody waits for it.
	Whole bool

	extras []extra // of a test
}

// Result is what a build made.
type Result struct {
	Snapshot *snapshot.Snapshot
	// Pending is true where the site stands but lacks, or has in an older form,
	// what readers can wait for. [Builder.Finish] makes it.
	Pending bool
	// Diags are all findings, sorted.
	Diags []diag.Diagnostic
	Stats Stats
	// Next is when the site will change by itself, because a note is to be
	// published or expires; zero for never.
	Next time.Time
	// SourceOf names the note that the page at a path of the snapshot was made
	// from; it may be called at any time, by any goroutine.
	SourceOf func(path string) string
	// Title is the site's.
	Title string
	// Config is the configuration that was used.
	Config *config.Config
}

// Stats counts what a build did.
type Stats struct {
	// Notes and Pages are those of the whole site; Parsed and Rendered are the
	// notes and pages that this build could not take over from the one before.
	Notes, Pages, Parsed, Rendered int
	// Elapsed is the time the build took.
	Elapsed time.Duration
}

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

	tree     *source.Tree
	notes    map[string]*parsed
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
	return b.result(stats, start), nil
}

// result is what stands at the end of a build that began at start.
func (b *Builder) result(stats Stats, start time.Time) *Result {
	stats.Notes = len(b.input.Notes)
	for _, l := range b.langs {
		stats.Pages += len(l.site.Pages)
	}
	r := &Result{
		Snapshot: b.snap, Pending: b.pending, Diags: b.diagnostics(), Next: b.site.Next, SourceOf: b.site.SourceOf,
		Config: b.cfg, Title: cmp.Or(b.cfg.Title, b.site.Home.Title),
	}
	stats.Elapsed = time.Since(start)
	r.Stats = stats
	return r
}

func isRoot(p string) bool { return p == "" || p == "." }

// configure reads the configuration, unless only other files changed. A new
// one voids all that was made with the old one.
func (b *Builder) configure(paths []string) error {
	if b.cfg != nil && paths != nil && !slices.ContainsFunc(paths, b.isConfig) {
		return nil
	}
	cfg, diags, err := b.opts.Load(b.dir.FS())
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	b.cfgDiags = diags
	own := b.readLayouts(cfg.Hugo)
	if b.cfg != nil && reflect.DeepEqual(cfg, b.cfg) && own.equal(b.layouts) {
		return nil
	}
	b.cfg, b.layouts = cfg, own
	b.scope = source.Scope{Roots: roots(cfg), Dots: cfg.StaticDirs}
	if rel, ok := inside(b.opts.Dir, b.opts.Output); ok {
		b.scope.Skip = []string{rel}
	}
	if err := b.checkFolders(); err != nil {
		b.cfg = nil
		return err
	}
	b.chronicle = nil
	if b.opts.History != nil && cfg.Changes {
		b.chronicle = newChronicle(b.opts, cfg)
	}
	b.langs = b.newLanguages(cfg)
	b.tree, b.site, b.snap, b.outputs = nil, nil, nil, nil
	b.notes, b.rendered = map[string]*parsed{}, map[string]rendered{}
	return nil
}

// isConfig reports whether a path may be a configuration file, or a folder
// whose coming or going changes the project's shape.
func (b *Builder) isConfig(p string) bool {
	if slices.Contains(b.cfg.ContentDirs(), p) || p == "content" || p == "config" || strings.HasPrefix(p, "config/") {
		return true
	}
	if slices.Contains(b.cfg.Files, p) || p == layoutsDir || strings.HasPrefix(p, layoutsDir+"/") {
		return true
	}
	switch path.Ext(p) {
	case ".toml", ".yaml", ".yml", ".json":
		return !strings.Contains(p, "/")
	}
	return false
}

// inside returns the slash path of target from dir, if it lies below it.
func inside(dir, target string) (string, bool) {
	if target == "" {
		return "", false
	}
	d, err1 := filepath.Abs(dir)
	t, err2 := filepath.Abs(target)
	if err1 != nil || err2 != nil {
		return "", false
	}
	// The folder may be named through a link.
	if real, err := filepath.EvalSymlinks(d); err == nil {
		if t2, err := filepath.EvalSymlinks(t); err == nil {
			d, t = real, t2
		}
	}
	rel, err := filepath.Rel(d, t)
	if err != nil || rel == "." || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

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

// model brings the site's model up to date: by putting the changed notes into
// it where nothing else depends on what changed, else by making it anew.
func (b *Builder) model(ctx context.Context, ch changes) error {
	told := false
	if b.opts.Whole && b.chronicle != nil {
		var err error
		if told, err = b.chronicle.settle(ctx); err != nil {
			return err
		}
	}
	if b.site != nil && !told && !ch.structure && !b.resized() && b.replace(ch) {
		return nil
	}
	b.touched = nil
	now := time.Time{}
	if slices.ContainsFunc(ch.notes, timed) {
		var err error
		if now, err = b.opts.Now(ctx); err != nil {
			return err
		}
	}
	b.input = site.Input{
		Config: b.cfg, Notes: ch.notes, Files: ch.files, Size: b.size, Now: now,
		Drafts: b.opts.Drafts, Private: b.opts.Private,
	}
	b.remodel()
	if b.opts.Whole && b.chronicle != nil {
		if _, err := b.chronicle.learn(ctx, b); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// remodel makes the model anew of the same notes and files, with the history
// as it is known now.
func (b *Builder) remodel() {
	if b.chronicle != nil {
		b.input.History = b.chronicle.log
	}
	b.site = site.Build(b.input)
	for i, s := range b.site.All() {
		b.langs[i].site = s
	}
	b.outputs = nil
}

func timed(n *note.Note) bool {
	return !n.Front.PublishDate.IsZero() || !n.Front.ExpiryDate.IsZero() || !n.Front.Date.IsZero()
}

func (b *Builder) replace(ch changes) bool {
	if !b.site.Next.IsZero() {
		return false // time may have changed the site too
	}
	for _, e := range ch.edits {
		if !b.site.Replaceable(e.old, e.new) {
			return false
		}
	}
	if b.touched == nil && len(b.outputs) > 0 {
		b.touched = map[*site.Page]bool{}
	}
	for _, e := range ch.edits {
		if p := b.site.Page(e.new.Path); p != nil {
			for _, other := range b.site.Replace(p, e.new) {
				b.touch(other, false)
			}
			b.touch(p, e.old.FactsKey != e.new.FactsKey)
		}
	}
	b.touchSpecials()
	b.touchLists()
	b.input.Notes = ch.notes
	return true
}

// touch marks the pages that show anything of p's note beside what the model
// was made of: p itself and, where its facts changed, the lists and feeds that
// it stands in.
func (b *Builder) touch(p *site.Page, facts bool) {
	if b.touched == nil {
		return // all are marked
	}
	b.touched[p] = true
	if !facts {
		return
	}
	for up := p; up != nil; up = up.Parent {
		b.touched[up] = true
	}
	for _, t := range p.Terms {
		b.touched[t] = true
		b.touched[t.Parent] = true
	}
	for _, who := range slices.Concat(p.Speakers, p.Authors) {
		if who != nil { // a page that the author wrote, and the list of all people
			b.touched[who] = true
			b.touched[who.Parent] = true
		}
	}
}

// touchSpecials marks the special pages, which may show anything of any note;
// their keys say whether they do.
func (b *Builder) touchSpecials() {
	if b.touched == nil {
		return
	}
	for _, l := range b.langs {
		for _, p := range l.site.Specials {
			b.touched[p] = true
		}
	}
}

// diagnostics gathers the findings of all phases. A withheld note's are not
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
	out = append(out, b.pictureDiags()...)
	return diag.Sort(out)
}

// noteOptions translates the configuration for package note, which knows none.
func noteOptions(cfg *config.Config) *note.Options {
	m := cfg.Markup
	opts := &note.Options{
		UnsafeHTML: m.UnsafeHTML, Emoji: m.Emoji,
		DefinitionList: m.DefinitionList, Footnote: m.Footnote, Strikethrough: m.Strikethrough,
		Table: m.Table, TaskList: m.TaskList, Linkify: m.Linkify, LinkifyProtocol: m.LinkifyProtocol,
		Typographer: m.Typographer, TypographerPunctuation: m.TypographerPunctuation,
		HardWraps: m.HardWraps, XHTML: m.XHTML,
		AttributeTitle: m.AttributeTitle, AttributeBlock: m.AttributeBlock,
		AutoHeadingID: m.AutoHeadingID, AutoIDType: m.AutoIDType, AutoDefinitionTermID: m.AutoDefinitionTermID,
		WrapStandAloneImage: m.WrapStandAloneImage,
		Subscript:           m.Subscript, Superscript: m.Superscript, Mark: m.Mark, Insert: m.Insert, Delete: m.Delete,
		CJK: m.CJK, CJKEastAsianLineBreaks: m.CJKEastAsianLineBreaks, CJKEscapedSpace: m.CJKEscapedSpace,
		HighlightLineNumbers: m.HighlightLineNumbers, HighlightLineNumbersInTable: m.HighlightLineNumbersInTable,
		HighlightTabWidth: m.HighlightTabWidth,
		KeepSource:        keepsSource(cfg),
		Math:              mathMode(cfg), MathInline: delimiters(m.MathInline), MathDisplay: delimiters(m.MathDisplay),
		Hugo: cfg.Hugo,
		Meanings: &note.Meanings{
			Recommendations: cfg.Meanings.Recommendations, People: cfg.Meanings.People, Questions: cfg.Meanings.Questions,
		},
		HideTodos: cfg.HideTodos,
		Icon:      icon.Lookup,
		BoxStyles: boxStyles(cfg.Params), Params: cfg.Params, Language: cfg.Language,
	}
	for _, t := range cfg.Taxonomies {
		opts.Taxonomies = append(opts.Taxonomies, note.Taxonomy{Singular: t.Singular, Plural: t.Plural})
	}
	if loc, err := time.LoadLocation(cfg.TimeZone); err == nil && cfg.TimeZone != "" {
		opts.Location = loc // config has checked the name
	}
	return opts
}

var (
	errVanished = errors.New("vanished")
	errNoBuild  = errors.New("nothing was built yet")
	errEndless  = errors.New("it does not come to an end")
)

// keepsSource reports whether any kind of page is asked for as its author wrote it.
func keepsSource(cfg *config.Config) bool {
	for _, formats := range cfg.Outputs {
		if slices.Contains(formats, "source") {
			return true
		}
	}
	return false
}

// mathMode says where formulas are found. A project of Hugo's shape has them
// where it says so, for Hugo itself takes dollars for dollars.
func mathMode(cfg *config.Config) note.MathMode {
	switch {
	case cfg.Markup.Math == "true", cfg.Markup.Math == "auto" && len(cfg.Markup.MathInline)+len(cfg.Markup.MathDisplay) > 0:
		return note.MathMarked
	case cfg.Markup.Math == "auto" && !cfg.Hugo:
		return note.MathCareful
	}
	return note.MathCalled
}

func delimiters(pairs [][2]string) []note.Delimiters {
	var out []note.Delimiters
	for _, p := range pairs {
		out = append(out, note.Delimiters{Open: p[0], Close: p[1]})
	}
	return out
}
