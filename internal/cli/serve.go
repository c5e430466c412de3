package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lectern/internal/build"
	"lectern/internal/cache"
	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/gitrepo"
	"lectern/internal/server"
	"lectern/internal/source"
)

// defaultPort is Hugo's: people have it in their fingers.
const defaultPort = 1313

// serveFlags are the flags of `lectern serve`.
type serveFlags struct {
	bind            string
	port            int
	open            bool
	drafts, private bool
	snapshot        string
	drain           time.Duration
	cache           string
	git             gitFlags
	previews        previewFlags
	image           imageServeFlags
	front           frontFlags
}

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve [DIR | oci://IMAGE] [flags]",
		Short: "Show the website of a folder of notes while you write",
		Long: `Show the website of the notes in DIR (by default the current folder) in a
browser, and follow every save: open pages reload by themselves, and what is
wrong with a note is printed here and shown on the page.

Nothing is written. The website is at 127.0.0.1, for this machine alone, unless
--bind says otherwise. Ctrl-C ends it.

With --snapshot it shows a website that lectern build wrote, or that an image
holds, as it is: without notes, without live reload, for any number of readers.
/livez and /readyz answer whoever keeps it running.

With --git it shows the website of a repository, for any number of readers, and
follows its branch: each commit that can be built replaces the one before.

With oci:// it shows the website in an image that lectern publish pushed, and
follows the tag: of a new image only what changed is fetched.`,
		Example: `  lectern serve
  lectern serve notes --open
  lectern serve --private      # with private notes, on this machine alone
  lectern serve --bind 0.0.0.0 --port 8080
  lectern serve --snapshot public --bind 0.0.0.0
  lectern serve --git https://git.example.org/talks/notes --bind 0.0.0.0
  lectern serve oci://registry.example.org/talks/notes:latest --verify-key cosign.pub`,
		Args:              atMostOneDir,
		ValidArgsFunction: completeDirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if isImage(args) {
				return a.serveImage(cmd, args[0], f)
			}
			if err := a.checkNoImageFlags(cmd); err != nil {
				return err
			}
			if err := a.checkGitFlags(cmd, args, &f); err != nil {
				return err
			}
			if f.git.url != "" {
				return a.serveGit(cmd, f)
			}
			if f.snapshot != "" {
				return a.serveSnapshot(cmd, args, f)
			}
			if err := a.checkNoFrontFlags(cmd); err != nil {
				return err
			}
			return a.serve(cmd.Context(), a.dirArg(args), f, cmd.Flags().Changed("port"))
		},
	}
	fl := cmd.Flags()
	fl.BoolVar(&f.open, "open", false, "open the website in the browser")
	fl.IntVar(&f.port, "port", defaultPort, "the `number` of the port; without this flag a free one if that is taken")
	fl.StringVar(&f.bind, "bind", "127.0.0.1", "the `address` to listen at; 0.0.0.0 lets other machines in")
	fl.BoolVar(&f.private, "private", false, "show private notes as well; only on a loopback address")
	fl.BoolVar(&f.drafts, "drafts", false, "show drafts as well")
	fl.StringVar(&f.snapshot, "snapshot", "", "show the website in this `folder`, which lectern build wrote")
	fl.DurationVar(&f.drain, "drain", 0, "how `long` to go on answering when it is told to end; with --snapshot, --git or oci://")
	fl.StringVar(&f.cache, "cache", "", "keep what is slow to find out in this `folder`, which may be deleted at any time\n(default: LECTERN_CACHE, else lectern in the user's cache folder; \"off\" keeps nothing)")
	f.git.register(fl)
	f.previews.register(fl)
	f.image.register(fl)
	f.front.register(fl)
	return cmd
}

func (a *app) serve(ctx context.Context, dir string, f serveFlags, portGiven bool) (err error) {
	if f.port < 0 || f.port > 65535 {
		return &usageError{fmt.Sprintf("--port %d: there is no such port", f.port), "ports are 1 to 65535; 0 takes a free one"}
	}
	local := isLoopback(f.bind)
	if f.private && !local {
		return &usageError{
			fmt.Sprintf("--private with --bind %s would show private notes to other machines", f.bind),
			"leave out --bind, or leave out --private",
		}
	}
	if err := a.checkFolder(dir); err != nil {
		return err
	}
	load := a.configLoader(dir, "", f.drafts)
	repo := gitrepo.Open(dir, a.cacheDir(f.cache))
	var store *cache.Store
	if !f.private { // what is private is kept nowhere
		store = cache.Open(a.cacheDir(f.cache))
	}
	b, err := build.Open(build.Options{
		Dir: dir, Load: load, Root: "/",
		Drafts: f.drafts, Private: f.private, KeepLast: true, History: repo, Cache: store, Check: true,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	defer debug.SetGCPercent(debug.SetGCPercent(100)) // the session lowers it
	ln, err := listenAt(ctx, f.bind, f.port, portGiven)
	if err != nil {
		return err
	}
	s := &session{app: a, builder: b, repo: repo, dir: dir, open: f.open, url: address(ln, f.bind)}
	opts := server.Options{Live: true}
	if local {
		opts.Hosts = server.LoopbackHosts(f.bind)
	}
	return s.run(ctx, ln, opts)
}

// settledGCPercent is how much garbage, in percent of what is alive, may pile up
// once the site stands: updates make little, and the memory is the author's.
const settledGCPercent = 40

// session is one run of `lectern serve`. Its fields are used by the loop's
// goroutine alone once that has begun.
type session struct {
	*app
	builder *build.Builder
	repo    *gitrepo.Repo
	dir     string
	url     string
	open    bool

	title string // of the site
	stats build.Stats
	shown []diag.Diagnostic
	ready bool // the first build is done
	// settled is true once the first site was finished.
	settled bool
	// counted is true once the findings were counted for the person.
	counted bool
	cause   error
}

// run serves until ctx ends, which is no error, or until something fails.
func (s *session) run(ctx context.Context, ln net.Listener, opts server.Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer ln.Close() // a second time, unless serving never began
	w, err := source.Watch(ctx, s.dir, source.WatchOptions{Warn: func(err error) {
		fmt.Fprintln(s.Err, "warning:", err)
	}})
	if err != nil {
		return err
	}
	commits := s.watchCommits(ctx)
	srv := server.New(opts)
	served := make(chan error, 1)
	go func() {
		defer cancel()
		served <- srv.Serve(ctx, ln)
	}()
	loop := server.Loop{Server: srv, Build: s.build, Finish: s.finish, Changes: either(ctx, w.Changes(), commits), Report: func(o server.Outcome) {
		if s.report(o); s.cause != nil {
			cancel()
		}
	}}
	if err := loop.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
		cancel()
		return errors.Join(err, <-served)
	}
	for range w.Changes() { // closed when the watcher has ended
	}
	return errors.Join(s.cause, <-served)
}

// build is the loop's function.
func (s *session) build(ctx context.Context, paths []string) (server.Update, error) {
	r, err := s.builder.Update(ctx, paths)
	if err != nil {
		return server.Update{Diags: configFindings(err)}, err
	}
	s.title, s.stats = r.Title, r.Stats
	return update(r), nil
}

// finish is the loop's function for what pages are shown without at first.
func (s *session) finish(ctx context.Context) (server.Update, error) {
	r, err := s.builder.Finish(ctx)
	if err != nil {
		return server.Update{}, err
	}
	if !s.settled {
		// A first build leaves as much garbage as it leaves site, and now there may
		// be nothing to do for hours.
		s.settled = true
		debug.SetGCPercent(settledGCPercent)
		debug.FreeOSMemory()
	}
	return update(r), nil
}

// update is what the server is told of a build. A project that keeps HTML as
// its authors wrote it may also have ready-made documents that bring scripts.
func update(r *build.Result) server.Update {
	look := &r.Config.Look
	policy := server.ExtendPolicy(server.Policy, r.Config.ContentSecurityPolicy)
	for _, f := range []config.Fragment{look.Head, look.Top, look.Bottom} {
		policy = server.ExtendPolicy(policy, server.InlineSources(f.Source()))
	}
	files := policy
	if r.Config.Markup.UnsafeHTML {
		files = server.ExtendPolicy(server.FilePolicy, r.Config.ContentSecurityPolicy)
	}
	return server.Update{
		Policy: policy, FilePolicy: files,
		Snapshot: r.Snapshot, Pending: r.Pending, Diags: r.Diags, Next: r.Next, SourceOf: r.SourceOf, Pages: r.Stats.Rendered,
	}
}

// report prints how a build went.
func (s *session) report(o server.Outcome) {
	if !s.ready {
		s.first(o)
		return
	}
	s.findings(o.Diags)
	s.overview(o)
	switch {
	case o.Err != nil:
		if len(o.Diags) == 0 {
			s.printError(o.Err)
		}
		fmt.Fprintln(s.Err, "the website stays as it was")
	case o.Changed && !o.Finished:
		fmt.Fprintf(s.Out, "rebuilt %s in %s\n", plural(o.Pages, "page"), took(o.Elapsed))
	}
}

// first reports the first build, which has to succeed: there is nothing older
// to go on showing.
func (s *session) first(o server.Outcome) {
	s.ready = true
	if o.Err != nil {
		s.cause = o.Err
		return
	}
	s.findings(o.Diags)
	fmt.Fprintln(s.Out, built(s.stats, o.Elapsed))
	fmt.Fprintf(s.Out, "Lectern serves %s at %s\n", printable(s.title), s.url)
	s.overview(o)
	if s.open {
		if err := openBrowser(s.url); err != nil {
			s.printError(&hintedError{fmt.Errorf("open the browser: %w", err), "open " + s.url + " yourself"})
		}
	}
}

// overview says once how much there is to find, as soon as all of it is known.
func (s *session) overview(o server.Outcome) {
	if s.counted || o.Err != nil || o.Pending {
		return
	}
	s.counted = true
	if len(o.Diags) > 0 {
		fmt.Fprintf(s.Out, "%s: see %s_lectern/\n", counts(o.Diags), s.url)
	}
}

// findings prints what is new among ds, and how many there are now if some
// that were printed before are gone.
func (s *session) findings(ds []diag.Diagnostic) {
	before := make(map[diag.Diagnostic]bool, len(s.shown))
	for _, d := range s.shown {
		before[d.Bare()] = true
	}
	ds = slices.DeleteFunc(slices.Clone(ds), func(d diag.Diagnostic) bool { return d.Severity == diag.Info })
	var fresh []diag.Diagnostic
	kept := 0
	for _, d := range ds {
		if before[d.Bare()] {
			kept++
		} else {
			fresh = append(fresh, d)
		}
	}
	s.printDiags(fresh)
	if kept < len(s.shown) && len(fresh) == 0 {
		if left := severities(ds); left != "" {
			fmt.Fprintln(s.Err, "left:", left)
		} else {
			fmt.Fprintln(s.Err, "no problems left")
		}
	}
	s.shown = ds
}

// configFindings returns what is wrong with a configuration, if err is about that.
func configFindings(err error) []diag.Diagnostic {
	if ce, ok := errors.AsType[*config.Error](err); ok {
		return ce.Diags
	}
	return nil
}

// printable replaces what a terminal would act upon.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '\ufffd'
		}
		return r
	}, s)
}

// listenAt opens the port. Where the default one is taken, any free one does;
// one that was asked for has to be that one.
func listenAt(ctx context.Context, bind string, port int, given bool) (net.Listener, error) {
	var lc net.ListenConfig
	host := strings.Trim(bind, "[]")
	ln, err := lc.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil && !given {
		if free, err2 := lc.Listen(ctx, "tcp", net.JoinHostPort(host, "0")); err2 == nil {
			return free, nil
		}
	}
	if err != nil {
		hint := "leave out --port to take a free one"
		if !given {
			hint = "name an address of this machine with --bind"
		}
		return nil, &hintedError{fmt.Errorf("listen at %s: %w", net.JoinHostPort(host, strconv.Itoa(port)), err), hint}
	}
	return ln, nil
}

// address is what a browser on this machine is given.
func address(ln net.Listener, bind string) string {
	ap, err := netip.ParseAddrPort(ln.Addr().String())
	if err != nil {
		return "http://" + ln.Addr().String() + "/"
	}
	host := strings.Trim(bind, "[]")
	if ap.Addr().IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(int(ap.Port()))) + "/"
}

// isLoopback reports whether only this machine can reach a server at bind.
func isLoopback(bind string) bool {
	host := strings.Trim(bind, "[]")
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}
