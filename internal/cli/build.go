package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"lectern/internal/build"
	"lectern/internal/cache"
	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/gitrepo"
	"lectern/internal/snapshot"
)

// buildFlags are the flags of `lectern build`.
type buildFlags struct {
	output, baseURL        string
	drafts, strict, asJSON bool
	quiet, verbose, memory bool
	cache                  string
	now                    timeFlag
	jobs                   int
}

func (a *app) buildCommand() *cobra.Command {
	var f buildFlags
	cmd := &cobra.Command{
		Use:   "build [DIR] [flags]",
		Short: "Write the website of a folder of notes",
		Long: `Write the website of the notes in DIR (by default the current folder).

Everything is rendered before the first file is written, and only files that
differ are written. Files that Lectern did not make are never removed.

A note with a problem does not hold up the others: what is wrong is printed, and
a note that cannot be read for sure is left out. With --strict any error stops
the build, and nothing is written.`,
		Example: `  lectern build
  lectern build notes -o /var/www/notes --base-url https://notes.example.org/
  lectern build --strict --json > findings.json`,
		Args:              atMostOneDir,
		ValidArgsFunction: completeDirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.build(cmd.Context(), a.dirArg(args), f)
		},
	}
	fl := cmd.Flags()
	fl.StringVarP(&f.output, "output", "o", "", "write the website to this `folder` (default: public in DIR)")
	fl.BoolVar(&f.memory, "memory", false, "render everything and write nothing, to check the notes or to measure")
	fl.StringVar(&f.baseURL, "base-url", "", "the `address` at which the website will be, for canonical links and feeds")
	fl.BoolVar(&f.drafts, "drafts", false, "publish drafts as well")
	fl.BoolVar(&f.strict, "strict", false, "treat any error in the notes as a failure and write nothing")
	fl.BoolVar(&f.asJSON, "json", false, "print the findings as JSON to standard output")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "print errors only")
	fl.BoolVarP(&f.verbose, "verbose", "v", false, "print more: notices, configuration files, the website's digest")
	fl.Var(&f.now, "now", "the `time` that decides which notes are due, as 2026-03-26, RFC 3339 or seconds\nsince 1970 (default: SOURCE_DATE_EPOCH, else the newest commit's time)")
	fl.StringVar(&f.cache, "cache", "", "keep what is slow to find out in this `folder`, which may be deleted at any time\n(default: LECTERN_CACHE, else lectern in the user's cache folder; \"off\" keeps nothing)")
	fl.IntVar(&f.jobs, "jobs", 0, "how `many` files to work on at once (default: one for each processor)")
	_ = cmd.MarkFlagDirname("output") // fails for an unknown flag alone
	return cmd
}

func (a *app) build(ctx context.Context, dir string, f buildFlags) (err error) {
	if f.quiet && f.verbose {
		return &usageError{"--quiet and --verbose exclude each other", "leave out one of them"}
	}
	if f.memory && f.output != "" {
		return &usageError{"--memory and --output exclude each other", "leave out one of them"}
	}
	if f.jobs < 0 {
		return &usageError{fmt.Sprintf("--jobs %d: there is no such number of jobs", f.jobs), "leave it out for one for each processor"}
	}
	if err := a.checkFolder(dir); err != nil {
		return err
	}
	clock, err := a.buildClock(dir, f.now.t)
	if err != nil {
		return err
	}
	out := filepath.Join(dir, "public")
	if f.output != "" {
		out = a.path(f.output)
	}
	// One build allocates fast and ends soon: collecting less often costs memory
	// that is given back at once and saves a tenth of the time.
	defer debug.SetGCPercent(debug.SetGCPercent(buildGCPercent))
	start := time.Now()
	term := a.term
	term.progress = term.progress && !f.quiet
	bar := term.newProgress(nil)
	defer bar.clear()
	b, err := build.Open(build.Options{
		Dir: dir, Output: out, Load: a.configLoader(dir, f.baseURL, f.drafts), Now: clock,
		Drafts: f.drafts, Jobs: f.jobs, Progress: bar.step("building"),
		Cache:   cache.Open(a.cacheDir(f.cache)),
		History: gitrepo.Open(dir, a.cacheDir(f.cache)), HistoryProgress: bar.step("reading history"), Whole: true,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	r, err := b.Build(ctx)
	if err == nil && r.Pending {
		rendered := r.Stats.Rendered
		if r, err = b.Finish(ctx); err == nil {
			r.Stats.Rendered += rendered
		}
	}
	if err != nil {
		return a.withJSON(f, err)
	}
	if failures, _ := diag.Count(r.Diags); f.strict && failures > 0 {
		bar.clear()
		if err := a.report(f, r.Diags); err != nil {
			return err
		}
		return fmt.Errorf("%s, nothing was written (--strict)", plural(failures, "error"))
	}
	var written snapshot.WriteStats
	if !f.memory {
		u := update(r)
		written, err = snapshot.WriteDir(ctx, r.Snapshot, out, snapshot.WriteOptions{
			Source: dir, Progress: bar.step("writing"),
			Settings: &snapshot.Settings{Policy: u.Policy, FilePolicy: u.FilePolicy, Authored: r.Snapshot.Authored()},
		})
	}
	bar.clear()
	// What was found is said whether writing worked or not.
	if err := errors.Join(err, a.report(f, r.Diags)); err != nil {
		return err
	}
	return a.summary(f, r, written, a.shown(out), time.Since(start))
}

// buildGCPercent is how much garbage, in percent of what is alive, a build
// lets pile up.
const buildGCPercent = 400

// withJSON prints the findings of a configuration that cannot be used as JSON,
// where that was asked for.
func (a *app) withJSON(f buildFlags, err error) error {
	ce, ok := errors.AsType[*config.Error](err)
	if !ok || !f.asJSON {
		return err
	}
	n, _ := diag.Count(ce.Diags)
	return errors.Join(a.report(f, ce.Diags), fmt.Errorf("the configuration has %s", plural(n, "error")))
}

// report prints the findings that were asked for.
func (a *app) report(f buildFlags, ds []diag.Diagnostic) error {
	if f.asJSON {
		if err := diag.WriteJSON(a.Out, ds); err != nil {
			return fmt.Errorf("print the findings: %w", err)
		}
		return nil
	}
	a.printDiags(wanted(f, ds))
	return nil
}

// wanted leaves out the findings that are too mild for the flags.
func wanted(f buildFlags, ds []diag.Diagnostic) []diag.Diagnostic {
	mildest := diag.Warning
	switch {
	case f.quiet:
		mildest = diag.Error
	case f.verbose:
		mildest = diag.Info
	}
	return slices.DeleteFunc(slices.Clone(ds), func(d diag.Diagnostic) bool { return d.Severity > mildest })
}

// summary prints what was done.
func (a *app) summary(f buildFlags, r *build.Result, w snapshot.WriteStats, out string, elapsed time.Duration) error {
	if f.quiet {
		return nil
	}
	var to io.Writer = a.Out
	if f.asJSON {
		to = a.Err // standard output is the findings' alone
	}
	line := built(r.Stats, elapsed)
	if f.memory {
		line += " (nothing written)"
	} else {
		line += fmt.Sprintf(" → %s (%s)", out, changes(w))
	}
	if s := severities(r.Diags); s != "" {
		line += "; " + s
	}
	if _, err := fmt.Fprintln(to, line); err != nil {
		return fmt.Errorf("print the summary: %w", err)
	}
	if !f.verbose {
		return nil
	}
	for _, name := range r.Config.Files {
		fmt.Fprintln(a.Err, "configuration:", name)
	}
	fmt.Fprintf(a.Err, "rendered %s in %s; %s, %d bytes\n", plural(r.Stats.Rendered, "page"), took(r.Stats.Elapsed), plural(len(r.Snapshot.Files()), "file"), r.Snapshot.Size())
	fmt.Fprintln(a.Err, "digest:", r.Snapshot.Digest())
	return nil
}

// built says what the site is made of.
func built(s build.Stats, elapsed time.Duration) string {
	held := ""
	if s.HeldBack > 0 {
		held = fmt.Sprintf(" (%d not published)", s.HeldBack)
	}
	return fmt.Sprintf("built %s%s, %s in %s", plural(s.Notes, "note"), held, plural(s.Pages, "page"), took(elapsed))
}

func changes(w snapshot.WriteStats) string {
	switch {
	case w.Written == 0 && w.Removed == 0:
		return "nothing changed"
	case w.Removed == 0:
		return plural(w.Written, "file") + " written"
	default:
		return fmt.Sprintf("%s written, %d removed", plural(w.Written, "file"), w.Removed)
	}
}

func severities(ds []diag.Diagnostic) string {
	failures, warnings := diag.Count(ds)
	switch {
	case failures > 0 && warnings > 0:
		return plural(failures, "error") + ", " + plural(warnings, "warning")
	case failures > 0:
		return plural(failures, "error")
	case warnings > 0:
		return plural(warnings, "warning")
	}
	return ""
}

// took writes a duration as a person reads it: "38 ms", "2.4 s".
func took(d time.Duration) string {
	if d < 10*time.Second && d >= time.Second {
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	if d >= time.Second {
		return fmt.Sprintf("%.0f s", d.Seconds())
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

// loadFunc reads the configuration of the project in a file system.
type loadFunc = func(fs.FS) (*config.Config, []diag.Diagnostic, error)

// configLoader returns the function with which a build reads the project's
// configuration, under what flags and environment say.
func (a *app) configLoader(dir, baseURL string, drafts bool) loadFunc {
	name := ""
	if abs, err := filepath.Abs(dir); err == nil {
		name = filepath.Base(abs)
	}
	return a.loaderFor(name, baseURL, drafts)
}

// loaderFor is configLoader for a project of that name, wherever it lies.
func (a *app) loaderFor(name, baseURL string, drafts bool) loadFunc {
	opts := config.Options{Name: name, BaseURL: baseURL, Drafts: drafts, Version: a.version().Version}
	return func(fsys fs.FS) (*config.Config, []diag.Diagnostic, error) { return config.Load(fsys, opts) }
}
