package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lectern/internal/build"
	"lectern/internal/cache"
	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/gitrepo"
	"lectern/internal/note"
	"lectern/internal/snapshot"
)

// saveFlags are the flags of `lectern save`.
type saveFlags struct {
	message               string
	watch, noPush, strict bool
	delay                 time.Duration
}

func (a *app) saveCommand() *cobra.Command {
	var f saveFlags
	cmd := &cobra.Command{
		Use:   "save [DIR] [flags]",
		Short: "Check, commit and push the notes",
		Long: `Check the notes in DIR (by default the current folder), commit what changed there,
bring it together with what others pushed, and push it.

What is found in the notes is shown and holds up nothing, but with --strict.
Only DIR is committed, without what .gitignore names, the website that Lectern
built, what editors leave beside a note for a while, and repositories of their own
in it. The message says which notes changed.

Without a network the commit is made all the same, and pushed by the next save.
With --watch everything that you save in your editor is saved this way, and pushed
when the network is back.

Where others changed the same lines, both versions stay in the note, between
remarks that no page shows, and the places are printed. Where that can't be (in
front matter, in a picture), the others' version stays, with yours beside it as
.NAME.conflict-YOU.md, which is on no site. Nothing is ever pushed by force, and
nothing is touched while a merge or a rebase is under way.`,
		Example: `  lectern save
  lectern save -m "Day 1, with pictures"
  lectern save --watch`,
		Args:              atMostOneDir,
		ValidArgsFunction: completeDirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.save(cmd.Context(), a.dirArg(args), f)
		},
	}
	fl := cmd.Flags()
	fl.StringVarP(&f.message, "message", "m", "", "the commit's `message` (default: the names of the notes that changed)")
	fl.BoolVarP(&f.watch, "watch", "w", false, "go on, and save after every change")
	fl.BoolVar(&f.noPush, "no-push", false, "commit, and leave the network alone")
	fl.BoolVar(&f.strict, "strict", false, "treat any error in the notes as a failure and commit nothing")
	fl.DurationVar(&f.delay, "delay", 5*time.Second, "with --watch, how `long` nothing must change before it is saved")
	return cmd
}

func (a *app) save(ctx context.Context, dir string, f saveFlags) (err error) {
	if f.delay < 0 {
		return &usageError{fmt.Sprintf("--delay %v: there is no such time", f.delay), "leave it out for 5 seconds"}
	}
	if err := a.checkFolder(dir); err != nil {
		return err
	}
	s := &saver{app: a, dir: dir, flags: f, work: gitrepo.OpenWork(dir), retries: usualRetries()}
	s.work.Quiet = f.watch
	if _, err := s.work.Check(ctx); err != nil {
		return err
	}
	if f.watch {
		return s.watch(ctx)
	}
	return s.once(ctx)
}

// saver saves one project.
type saver struct {
	*app
	dir   string
	flags saveFlags
	work  *gitrepo.Work
	// notes are what is known of the notes by their paths, for the message.
	notes map[string]*note.Note
	cfg   *config.Config
	// told are the findings that were shown last.
	told string
	// toldNested are the nested repositories of which a warning was shown.
	toldNested []string
	retries    retries
	// waiting is true where there is something to push that could not be.
	waiting bool
}

// once checks, commits and pushes.
func (s *saver) once(ctx context.Context) error {
	if err := s.check(ctx); err != nil {
		return err
	}
	b, err := s.work.Check(ctx)
	if err != nil {
		return err
	}
	changed, nested, err := s.work.Commit(ctx, s.exclude(), s.message)
	s.nested(nested)
	if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if len(changed) > 0 {
		if err := s.say("committed: %s", firstLine(s.message(changed))); err != nil {
			return err
		}
	} else if !s.flags.watch {
		if err := s.say("nothing changed since the last commit"); err != nil {
			return err
		}
	}
	if s.flags.noPush {
		return nil
	}
	return s.push(ctx, b)
}

// push sends the commits on their way.
func (s *saver) push(ctx context.Context, b *gitrepo.Branch) error {
	if b.Remote == "" {
		switch {
		case len(b.Remotes) == 0:
			fmt.Fprintln(s.Err, s.term.paint(cyan, "hint:"), "to push it too, add a remote: git remote add origin ADDRESS && git push -u origin "+b.Name)
		default:
			fmt.Fprintln(s.Err, s.term.paint(cyan, "hint:"), "to push it too, say where to: git push -u "+b.Remotes[0]+" "+b.Name)
		}
		return nil
	}
	remote := gitrepo.Redact(b.Remote) // it may be an address
	sent, err := s.work.Push(ctx, b, s.work.Who(ctx))
	s.waiting = false
	for _, c := range sent.Conflicts {
		s.conflict(b, c)
	}
	if sent.Received > 0 {
		if err := s.say("received %s from %s", plural(sent.Received, "commit"), remote); err != nil {
			return err
		}
	}
	if offline, ok := errors.AsType[*gitrepo.OfflineError](err); ok {
		s.waiting = true
		return s.say("not pushed, for %s can't be reached (%s); the next save does it", remote, offline.Said)
	}
	if err != nil {
		return fmt.Errorf("push: %w", err)
	}
	if sent.Commits > 0 {
		return s.say("pushed %s to %s", plural(sent.Commits, "commit"), remote)
	}
	return nil
}

// conflict says where both versions are.
func (s *saver) conflict(b *gitrepo.Branch, c gitrepo.Conflict) {
	shown := func(p string) string { return strings.TrimPrefix(p, b.Prefix) }
	d := diag.Diagnostic{Position: diag.Position{File: shown(c.Path), Line: c.Line}, Severity: diag.Warning, Rule: "conflict"}
	switch c.Kind {
	case gitrepo.BothInFile:
		d.Message, d.Hint = "others changed the same lines: both versions are here", "make one of them and take the remarks out"
	case gitrepo.OwnBeside:
		d.Message, d.Hint = "others changed it too: this is their version, yours is "+shown(c.Copy), "make one of both and remove the other"
	case gitrepo.Removed:
		d.Message, d.Hint = "one removed or renamed it and the other changed it: it was kept", "remove it if it is not wanted"
	case gitrepo.TakenName:
		d.Message, d.Hint = "one made something else of this name: the file is now "+shown(c.Copy), "give one of them another name"
	case gitrepo.Submodule:
		d.Message, d.Hint = "others have another commit of this submodule: theirs stays", "check yours out in it and save again, if it is the newer one"
	}
	s.printDiags([]diag.Diagnostic{d})
}

// nested warns, once for each, of repositories in the project that are not saved
// with it.
func (s *saver) nested(dirs []string) {
	for _, dir := range dirs {
		if slices.Contains(s.toldNested, dir) {
			continue
		}
		s.toldNested = append(s.toldNested, dir)
		s.printDiags([]diag.Diagnostic{{
			Position: diag.Position{File: dir}, Severity: diag.Warning, Rule: "nested-repository",
			Message: "this is a repository of its own, so nothing in it is saved",
			Hint:    "remove the .git in it, make it a submodule, or name it in .gitignore",
		}})
	}
}

func (s *saver) say(format string, args ...any) error {
	if _, err := fmt.Fprintf(s.Out, format+"\n", args...); err != nil {
		return fmt.Errorf("print what was done: %w", err)
	}
	return nil
}

// check shows what is wrong with the notes. Only with --strict does that hold
// anything up.
func (s *saver) check(ctx context.Context) (err error) {
	clock, err := s.buildClock(s.dir, time.Time{})
	if err != nil {
		return err
	}
	b, err := build.Open(build.Options{
		Dir: s.dir, Output: filepath.Join(s.dir, "public"), Load: s.configLoader(s.dir, "", false), Now: clock,
		Cache: cache.Open(s.cacheDir("")),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	r, err := b.Build(ctx)
	if err != nil {
		if ctx.Err() != nil || s.flags.strict {
			return err
		}
		s.printError(err) // what a person wrote is saved all the same
		return nil
	}
	m, err := b.Model(ctx)
	if err != nil {
		return err
	}
	s.cfg = r.Config
	s.notes = make(map[string]*note.Note, len(m.Input.Notes))
	for _, n := range m.Input.Notes {
		if m.Site.Page(n.Path) != nil {
			s.notes[n.Path] = n
		}
	}
	var text strings.Builder
	found := wanted(buildFlags{}, r.Diags)
	if err := diag.WriteText(&text, found, false); err != nil {
		return err
	}
	if text.String() != s.told {
		s.told = text.String()
		s.printDiags(found)
	}
	if failures, _ := diag.Count(r.Diags); s.flags.strict && failures > 0 {
		return fmt.Errorf("%s, nothing was committed (--strict)", plural(failures, "error"))
	}
	return nil
}

// exclude are the files that Lectern made: the website, where nobody told git to
// leave it out, and what a change of a note leaves for a moment.
func (s *saver) exclude() []string {
	out := []string{"**/.lectern-*.tmp"}
	if _, err := os.Stat(filepath.Join(s.dir, "public", snapshot.ManifestName)); err == nil {
		out = append(out, "public/**")
	}
	return out
}
