package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lectern/internal/build"
	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/edit"
	"lectern/internal/move"
)

func (a *app) mvCommand() *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "mv OLD NEW [flags]",
		Short: "Rename a note or a section, with every link to it",
		Long: `Rename the note or the section OLD to NEW, or move it into the folder NEW.

Every link to it is rewritten in the form in which it was written, in all notes:
Markdown links and pictures, definitions, ref and relref, HTML, includes; so are
its own links to what stays where it is. No other byte changes, and nothing in
code. The old addresses lead to the new ones, by aliases in the front matter.

A section, and a note that is a folder, takes all that lies in it along; a
single note leaves its pictures where they are. Translations (talk.de.md) move
with the note.

The project is the nearest folder at or above the current one that has a
configuration or a content folder.`,
		Example: `  lectern mv content/day1/03_talk.md content/day1/04_talk.md
  lectern mv content/day1/03_talk.md content/day2/
  lectern mv content/day-1 content/workshops --dry-run`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return &usageError{fmt.Sprintf("%s takes the old and the new name, not %s", cmd.CommandPath(), plural(len(args), "name")), "a name with spaces needs quotes"}
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 1 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.mv(cmd.Context(), args[0], args[1], dryRun)
		},
	}
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "show what would change, and change nothing")
	return cmd
}

func (a *app) mv(ctx context.Context, old, to string, dryRun bool) (err error) {
	dir, err := a.projectDir()
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("open the project: %w", err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	from, err := a.inProject(dir, old)
	if err != nil {
		return err
	}
	into, err := a.inProject(dir, to)
	if err != nil {
		return err
	}
	if strings.HasSuffix(to, "/") || strings.HasSuffix(to, string(filepath.Separator)) {
		into += "/"
	}
	plan, err := a.planMove(ctx, dir, root, from, into)
	if err != nil {
		return err
	}
	if dryRun {
		if _, err := fmt.Fprint(a.Out, edit.Diff(a.shownChanges(plan))); err != nil {
			return fmt.Errorf("print the changes: %w", err)
		}
		return a.moved(plan, "would move")
	}
	if err := edit.Write(root, plan.Changes); err != nil {
		if errors.Is(err, edit.ErrChanged) {
			return &hintedError{err, "run the command again"}
		}
		return err
	}
	removeEmpty(root, plan)
	return a.moved(plan, "moved")
}

// planMove reads the project and plans the move.
func (a *app) planMove(ctx context.Context, dir string, root *os.Root, from, to string) (plan *move.Plan, err error) {
	load := a.configLoader(dir, "", true)
	b, err := build.Open(build.Options{
		Dir: dir, Output: filepath.Join(dir, "public"), Drafts: true, Private: true,
		// Links of notes that are not due yet are links all the same.
		Load: func(fsys fs.FS) (*config.Config, []diag.Diagnostic, error) {
			cfg, diags, err := load(fsys)
			if err == nil {
				for _, c := range cfg.All() {
					c.BuildFuture, c.BuildExpired = true, true
				}
			}
			return cfg, diags, err
		},
		Now: func(context.Context) (time.Time, error) { return time.Now(), nil },
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	m, err := b.Model(ctx)
	if err != nil {
		return nil, err
	}
	return move.New(move.Project{
		Site: m.Site, Input: m.Input, Parse: b.ParseAs, IsNote: b.IsNote,
		Read:  root.ReadFile,
		Below: func(p string) ([]string, error) { return filesBelow(root, p) },
		Exists: func(p string) (bool, bool) {
			info, err := root.Lstat(p)
			return err == nil, err == nil && info.IsDir()
		},
	}, from, to)
}

// filesBelow lists everything below a folder that is no folder itself.
func filesBelow(root *os.Root, dir string) ([]string, error) {
	var out []string
	err := fs.WalkDir(root.FS(), dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			out = append(out, p)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	return out, nil
}

// removeEmpty removes the folders that a move left empty.
func removeEmpty(root *os.Root, plan *move.Plan) {
	dirs := map[string]bool{}
	for _, c := range plan.Changes {
		for dir := path.Dir(c.From); c.From != "" && dir != "." && strings.HasPrefix(dir+"/", plan.From+"/"); dir = path.Dir(dir) {
			dirs[dir] = true
		}
	}
	sorted := make([]string, 0, len(dirs))
	for dir := range dirs {
		sorted = append(sorted, dir)
	}
	slices.SortFunc(sorted, func(a, b string) int { return len(b) - len(a) })
	for _, dir := range sorted {
		_ = root.Remove(dir) // one that is not empty stays
	}
}

// shownChanges leaves out the private notes that link to what moves.
func (a *app) shownChanges(plan *move.Plan) []edit.Change {
	return slices.DeleteFunc(slices.Clone(plan.Changes), func(c edit.Change) bool {
		return c.From == "" && c.Old != nil && !slices.Contains(plan.Linked, c.Path)
	})
}

// moved says what was done.
func (a *app) moved(plan *move.Plan, done string) error {
	a.printDiags(plan.Left)
	line := fmt.Sprintf("%s %s to %s", done, plan.From, plan.To)
	if len(plan.Notes) > 1 {
		line += fmt.Sprintf(" (%s)", plural(len(plan.Notes), "note"))
	}
	if plan.Links > 0 {
		line += fmt.Sprintf("; %s rewritten", plural(plan.Links, "link"))
	}
	if n := len(plan.Linked); n > 0 && n <= 5 {
		line += ", also in " + strings.Join(plan.Linked, ", ")
	} else if n > 0 {
		line += fmt.Sprintf(", also in %s", plural(n, "other note"))
	}
	if plan.Withheld > 0 {
		line += fmt.Sprintf(" and %s", plural(plan.Withheld, "private one"))
	}
	if plan.Aliases > 0 {
		line += fmt.Sprintf("; %s", plural(plan.Aliases, "alias"))
		line = strings.Replace(line, "aliass", "aliases", 1)
	}
	if _, err := fmt.Fprintln(a.Out, line); err != nil {
		return fmt.Errorf("print what was done: %w", err)
	}
	return nil
}
