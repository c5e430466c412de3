package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lectern/internal/build"
	"lectern/internal/cache"
	"lectern/internal/check"
	"lectern/internal/diag"
)

// checkFlags are the flags of `lectern check`.
type checkFlags struct {
	format, failOn, explain string
	drafts                  bool
	fix, interactive, diff  bool
	cache                   string
	now                     timeFlag
	external, local         bool
	externalLimit           time.Duration
}

func (a *app) checkCommand() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [DIR] [flags]",
		Short: "Look for what is wrong or left to be done in the notes",
		Long: `Look for what is wrong with the notes in DIR (by default the current folder), or
left to be done: dead links, missing pictures, placeholders, TODOs, weights and
titles that stand twice. Nothing is built. With --external other sites are asked,
too, whether they still have what notes link to.

Each finding names its rule. --explain RULE says why it matters and how to
configure or silence it; --explain alone lists all rules.

Nothing is said of private notes. The exit code is 1 if there are findings that
are as bad as --fail-on says, and 0 if there are none or only milder ones.`,
		Example: `  lectern check
  lectern check --explain link-missing
  lectern check --diff                         # what --fix would do
  lectern check --format sarif --fail-on warning > findings.sarif`,
		ValidArgsFunction: completeDirs,
		Args: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("explain") && f.explain == allRules && len(args) == 1 {
				return nil // --explain RULE
			}
			return atMostOneDir(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("explain") {
				if f.explain == allRules && len(args) == 1 {
					f.explain = args[0]
				}
				return a.explain(f.explain)
			}
			return a.check(cmd.Context(), a.dirArg(args), f)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.format, "format", "text", "how to print the findings: `text`, json, sarif, github or gitlab")
	fl.StringVar(&f.failOn, "fail-on", "error", "the mildest `severity` that makes the exit code 1: error, warning or info")
	fl.StringVar(&f.explain, "explain", "", "explain a `rule`, or list them all")
	fl.Lookup("explain").NoOptDefVal = allRules
	fl.BoolVar(&f.fix, "fix", false, "mend what has exactly one right answer; all other bytes stay as they are")
	fl.BoolVar(&f.interactive, "interactive", false, "with --fix: ask about what has a probable answer")
	fl.BoolVar(&f.diff, "diff", false, "show what --fix would do, and write nothing")
	fl.BoolVar(&f.drafts, "drafts", false, "check drafts as well")
	fl.BoolVar(&f.external, "external", false, "ask other sites whether what published notes link to is still there")
	fl.DurationVar(&f.externalLimit, "external-limit", 10*time.Minute, "with --external: how long that may take")
	fl.BoolVar(&f.local, "local-address", false, "with --external: also ask this machine and its network's links")
	fl.Var(&f.now, "now", "the `time` that decides which notes are due, as 2026-03-26, RFC 3339 or seconds\nsince 1970 (default: SOURCE_DATE_EPOCH, else the newest commit's time)")
	fl.StringVar(&f.cache, "cache", "", "keep what is slow to find out in this `folder`, which may be deleted at any time\n(default: LECTERN_CACHE, else lectern in the user's cache folder; \"off\" keeps nothing)")
	return cmd
}

// allRules is the value of --explain without one.
const allRules = "all"

// findingsError says that there are findings as bad as --fail-on; they have
// been printed.
type findingsError struct{ n int }

func (e *findingsError) Error() string { return plural(e.n, "finding") }

func (a *app) explain(name string) error {
	if name == allRules || name == "" {
		return check.WriteList(a.Out)
	}
	r, ok := check.Lookup(strings.ToLower(name))
	if !ok {
		hint := "lectern check --explain lists all rules"
		if near := diag.Nearest(name, check.Names()); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		return &usageError{fmt.Sprintf("there is no rule %q", name), hint}
	}
	return r.WriteExplanation(a.Out)
}

func (a *app) check(ctx context.Context, dir string, f checkFlags) error {
	failOn, err := f.validate()
	if err != nil {
		return err
	}
	if f.interactive && !a.interactive() {
		return &usageError{"--interactive needs a terminal", "leave it out to mend what has one right answer"}
	}
	if err := a.checkFolder(dir); err != nil {
		return err
	}
	found, err := a.checkFindings(ctx, dir, f)
	if err != nil {
		return err
	}
	return failure(found, failOn)
}

// checkFindings looks for all that can be found, mends it if that was asked for,
// prints what is left and returns it.
func (a *app) checkFindings(ctx context.Context, dir string, f checkFlags) (found []diag.Diagnostic, err error) {
	external, closeAsker := a.asker(f)
	defer closeAsker()
	b, err := a.openCheck(dir, f, external)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	r, err := b.Check(ctx, nil)
	if err != nil {
		return nil, err
	}
	if f.diff {
		return r.Diags, a.diff(r)
	}
	var failed error
	if f.fix {
		var done mended
		if r, done, failed = a.fix(ctx, b, dir, f, r); r == nil {
			return nil, failed
		}
		fmt.Fprintf(a.Err, "mended %s in %s\n", plural(done.findings, "finding"), plural(done.files, "file"))
	}
	if err := a.printFindings(f.format, dir, r); err != nil {
		return nil, errors.Join(failed, fmt.Errorf("print the findings: %w", err))
	}
	fmt.Fprintf(a.Err, "checked %s: %s\n", plural(r.Notes, "note"), counts(r.Diags))
	return r.Diags, failed
}

// openCheck opens a builder that checks.
func (a *app) openCheck(dir string, f checkFlags, external asker) (*build.Builder, error) {
	clock, err := a.buildClock(dir, f.now.t)
	if err != nil {
		return nil, err
	}
	return build.Open(build.Options{
		External: external,
		Dir:      dir, Load: a.configLoader(dir, "", f.drafts), Now: clock, Drafts: f.drafts,
		Cache: cache.Open(a.cacheDir(f.cache)), Check: true,
	})
}

func (f *checkFlags) validate() (failOn diag.Severity, err error) {
	formats := []string{"text", "json", "sarif", "github", "gitlab"}
	if !slices.Contains(formats, f.format) {
		return 0, &usageError{fmt.Sprintf("--format %q: there is no such format", f.format), oneOf(f.format, formats)}
	}
	if f.interactive && (!f.fix || f.diff) {
		return 0, &usageError{"--interactive is for --fix alone", "write lectern check --fix --interactive"}
	}
	if f.diff && f.format != "text" {
		return 0, &usageError{"--diff and --format exclude each other", "leave out one of them"}
	}
	if !f.external && f.local {
		return 0, &usageError{"--local-address is for --external alone", "write lectern check --external --local-address"}
	}
	if f.externalLimit <= 0 {
		return 0, &usageError{"--external-limit must be longer than nothing", "write it like 5m or 90s"}
	}
	levels := []string{"error", "warning", "info"}
	i := slices.Index(levels, f.failOn)
	if i < 0 {
		return 0, &usageError{fmt.Sprintf("--fail-on %q: there is no such severity", f.failOn), oneOf(f.failOn, levels)}
	}
	return [...]diag.Severity{diag.Error, diag.Warning, diag.Info}[i], nil
}

// oneOf is the hint for a value that is none of names.
func oneOf(value string, names []string) string {
	if near := diag.Nearest(value, names); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "write " + strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// failure is an error if any of the findings is as bad as failOn.
func failure(ds []diag.Diagnostic, failOn diag.Severity) error {
	n := 0
	for _, d := range ds {
		if d.Severity <= failOn {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return &findingsError{n}
}

// counts says how many findings of each severity there are.
func counts(ds []diag.Diagnostic) string {
	var n [3]int
	for _, d := range ds {
		n[d.Severity]++
	}
	var parts []string
	for i, noun := range []string{"error", "warning", "info"} {
		if n[i] > 0 {
			parts = append(parts, plural(n[i], noun))
		}
	}
	if len(parts) == 0 {
		return "nothing found"
	}
	return strings.Join(parts, ", ")
}
