package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/spf13/pflag"

	"lectern/internal/build"
	"lectern/internal/cache"
	"lectern/internal/diag"
	"lectern/internal/gitrepo"
	"lectern/internal/image"
	"lectern/internal/snapshot"
)

// containerFlags are the flags that `lectern image` and `lectern publish` share.
type containerFlags struct {
	baseURL        string
	drafts, strict bool
	verbose        bool
	cache          string
	now            timeFlag
	servers        []string
	platforms      []string
	contentOnly    bool
	compression    string
}

func (f *containerFlags) register(fl *pflag.FlagSet) {
	fl.StringVar(&f.baseURL, "base-url", "", "the `address` at which the website will be, for canonical links and feeds")
	fl.BoolVar(&f.drafts, "drafts", false, "publish drafts as well")
	fl.BoolVar(&f.strict, "strict", false, "treat any error in the notes as a failure and make no image")
	fl.BoolVarP(&f.verbose, "verbose", "v", false, "print what becomes of each layer")
	fl.Var(&f.now, "now", "the `time` of the image, which also decides which notes are due\n(default: SOURCE_DATE_EPOCH, else the newest commit's time)")
	fl.StringVar(&f.cache, "cache", "", "keep what is slow to find out in this `folder`, which may be deleted at any time\n(default: LECTERN_CACHE, else lectern in the user's cache folder; \"off\" keeps nothing)")
	fl.BoolVar(&f.contentOnly, "content-only", false, "make an image of the website's files alone, for a volume in Kubernetes")
	fl.StringVar(&f.compression, "compression", string(image.Gzip), "compress the layers with `gzip`, which everything reads, or zstd, which is a third of it\nwhere pages are many, for runtimes from 2021 on")
	fl.StringArrayVar(&f.servers, "server-binary", nil, "the program that shows the website on a `platform=path`, such as linux/arm64=lectern-server;\nmay be given for several platforms (default: what came with lectern)")
	fl.StringSliceVar(&f.platforms, "platform", nil, "make the image for these `platforms` alone, such as linux/arm64\n(default: for all that there is a server for)")
}

// container is a site that was built to become an image.
type container struct {
	builder *build.Builder
	result  *build.Result
	image   *image.Image
	commit  gitrepo.State
	// hasCommit is false for notes that are in no repository.
	hasCommit bool
	created   time.Time
	servers   servers
	layers    int // that were reported so far
	bar       *progress
}

func (c *container) Close() error { return c.builder.Close() }

// container builds the site and plans its image. The caller closes it.
func (a *app) container(ctx context.Context, dir string, f containerFlags, step string) (c *container, err error) {
	if err := a.checkFolder(dir); err != nil {
		return nil, err
	}
	if err := image.Compression(f.compression).Check(); err != nil {
		return nil, err
	}
	servers, err := a.servers(f)
	if err != nil {
		return nil, err
	}
	clock, err := a.buildClock(dir, f.now.t)
	if err != nil {
		return nil, err
	}
	c = &container{bar: a.term.newProgress(nil), servers: servers}
	defer c.bar.clear()
	if c.commit, c.hasCommit, err = gitrepo.OpenWork(dir).State(ctx); err != nil {
		return nil, err
	}
	if c.created, err = clock(ctx); err != nil {
		return nil, err
	}
	if c.builder, err = build.Open(build.Options{
		Dir: dir, Output: filepath.Join(dir, "public"), Load: a.configLoader(dir, f.baseURL, f.drafts), Now: clock,
		Drafts: f.drafts, Progress: c.bar.step("building"), Cache: cache.Open(a.cacheDir(f.cache)),
		History: gitrepo.Open(dir, a.cacheDir(f.cache)), Whole: true,
	}); err != nil {
		return nil, err
	}
	builder := c.builder // c is no more where an error is returned
	defer func() {
		if err != nil {
			err = errors.Join(err, builder.Close())
		}
	}()
	if c.result, err = c.builder.Build(ctx); err == nil && c.result.Pending {
		c.result, err = c.builder.Finish(ctx)
	}
	if err != nil {
		return nil, err
	}
	c.bar.clear()
	a.printDiags(wanted(buildFlags{}, c.result.Diags))
	if failures, _ := diag.Count(c.result.Diags); f.strict && failures > 0 {
		return nil, fmt.Errorf("%s, no image was made (--strict)", plural(failures, "error"))
	}
	return c, a.plan(c, f, servers.list, step)
}

// plan plans the image of a site that is built.
func (a *app) plan(c *container, f containerFlags, servers []image.Server, step string) (err error) {
	u := update(c.result)
	sources := c.result.Sources()
	opts := image.Options{
		Servers: servers, ContentOnly: f.contentOnly, Created: c.created, Title: printable(c.result.Title), Source: c.commit.Address,
		Revision: c.commit.Commit, Version: c.version(), Jobs: max(2, runtime.GOMAXPROCS(0)),
		Compression: image.Compression(f.compression),
	}
	if store := cache.Open(a.cacheDir(f.cache)); store != nil {
		opts.Memory = layerMemory{store}
	}
	if c.commit.Dirty {
		opts.Revision += "-dirty"
		fmt.Fprintln(a.Err, "warning: not all changes of the notes are committed; the image says so")
	}
	show := c.bar.step(step)
	total := 0
	opts.Progress = func(r image.LayerReport) {
		c.layers++
		c.servers.weigh(r)
		if show != nil {
			show(c.layers, total)
		}
		if f.verbose {
			c.bar.clear()
			fmt.Fprintf(a.Err, "%-8s %9s  %s  %s\n", r.State, size(r.Size), r.Digest[:min(len(r.Digest), 19)], r.Name)
		}
	}
	c.image, err = image.New(image.Site{
		Snapshot: c.result.Snapshot,
		NotePage: func(path string) bool { _, ok := sources[path]; return ok },
		Settings: snapshot.Settings{Policy: u.Policy, FilePolicy: u.FilePolicy},
	}, opts)
	if err == nil {
		total = c.image.Layers()
	}
	return err
}

// version is the site's: the release that its commit is tagged as, else "".
func (c *container) version() string {
	if v, ok := newestRelease(c.commit.Tags); ok && !c.commit.Dirty {
		return v
	}
	return ""
}

// layerMemory keeps in the cache what layers' digests are.
type layerMemory struct{ store *cache.Store }

func (m layerMemory) Get(key string) ([]byte, bool) { return m.store.Get(layerKey(key)) }
func (m layerMemory) Put(key string, value []byte)  { m.store.Put(layerKey(key), value) }

func layerKey(key string) cache.Key { return cache.KeyOf([]byte("layer 1"), []byte(key)) }

// printJSON writes v to standard output, indented.
func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.Out)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}

// size writes a number of bytes as a person reads it.
func size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d B", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.0f kB", float64(n)/1e3)
	default:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
}
