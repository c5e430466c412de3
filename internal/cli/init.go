package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lectern/internal/edit"
	"lectern/internal/note"
	"lectern/internal/starter"
)

func (a *app) initCommand() *cobra.Command {
	var o starter.Options
	cmd := &cobra.Command{
		Use:   "init [DIR] [flags]",
		Short: "Begin a project: a site that builds, and CI on request",
		Long: `Begin a project in DIR (by default the current folder): a short configuration, a
first day with a note that shows how notes are written, and a .gitignore.

With --ci a workflow checks the notes with every push and publishes them: as Pages
on GitHub and GitLab; Forgejo and Gitea keep the website as the run's artifact.
It builds Lectern from its source, whose git repository --lectern names, or else
the variable LECTERN_SOURCE of the forge. In a project that is there already,
--ci adds the workflow alone.

No file is ever overwritten: if one is there, nothing is written.`,
		Example: `  lectern init
  lectern init notes --title "GopherCamp 2026" --ci github
  lectern init --ci forgejo --lectern https://git.example.org/tools/lectern`,
		Args:              atMostOneDir,
		ValidArgsFunction: completeDirs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.initProject(cmd.Context(), a.dirArg(args), o)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&o.CI, "ci", "", "add a workflow for this `forge`: "+strings.Join(starter.Forges(), ", "))
	fl.StringVar(&o.Title, "title", "", "the site's `title` (default: made of the folder's name)")
	fl.StringVar(&o.Language, "language", "en", "the notes' `language`, such as en or de-CH")
	fl.StringVar(&o.Branch, "branch", "main", "the `branch` that the workflow publishes")
	fl.StringVar(&o.Source, "lectern", "", "the `address` of the git repository that the workflow builds Lectern from")
	fl.StringVar(&o.Version, "lectern-version", "", "a `tag` or branch of that repository")
	return cmd
}

func (a *app) initProject(_ context.Context, dir string, o starter.Options) (err error) {
	if err := checkInit(o); err != nil {
		return err
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("find the folder: %w", err)
	}
	if o.Title == "" {
		o.Title = note.ReadableName(filepath.Base(abs))
	}
	mark, err := existing(dir)
	if err != nil {
		return fmt.Errorf("look into %s: %w", a.shown(dir), err)
	}
	if mark != "" && o.CI == "" {
		return &hintedError{fmt.Errorf("%s is a project already: it has %s", a.shown(dir), mark), missingIn(dir)}
	}
	var files []starter.File
	if mark == "" {
		if files, err = starter.Files(o); err != nil {
			return err
		}
		files = slices.DeleteFunc(files, func(f starter.File) bool {
			return f.Path == ".gitignore" && exists(dir, f.Path) // a forge made it, and is told below
		})
	}
	if o.CI != "" {
		f, err := starter.Workflow(o)
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	if err := a.writeNew(dir, files); err != nil {
		return err
	}
	return a.begun(dir, files, o, mark)
}

// checkInit refuses options that cannot be meant.
func checkInit(o starter.Options) error {
	switch {
	case o.CI != "" && !slices.Contains(starter.Forges(), o.CI):
		return &usageError{fmt.Sprintf("--ci %q: there is no such forge", o.CI), "it is one of " + strings.Join(starter.Forges(), ", ")}
	case o.CI == "" && (o.Source != "" || o.Version != ""):
		return &usageError{"--lectern is for a workflow", "name the forge with --ci"}
	case o.Source == "" && o.Version != "":
		return &usageError{"--lectern-version is a tag of the repository that --lectern names", "give both"}
	case hasSecret(o.Source):
		return &usageError{"--lectern has a user or a password in it, and the workflow is there for all to read", "leave them out, and let the forge know them as secrets"}
	case strings.ContainsAny(o.Branch, " \t\n~^:?*[\\\"'") || o.Branch == "":
		return &usageError{fmt.Sprintf("--branch %q: no branch can have that name", o.Branch), "leave it out for main"}
	case strings.ContainsFunc(o.Title+o.Language+o.Source+o.Version, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return &usageError{"a title, a language and an address are one line each", ""}
	}
	if o.Language == "" || strings.ContainsFunc(o.Language, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) {
		return &usageError{fmt.Sprintf("--language %q is no language's code", o.Language), "write en, de, pt-BR"}
	}
	return nil
}

// hasSecret is true for an address with a password or a token in it. A user alone
// is none where keys are used: ssh://git@host.
func hasSecret(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return false
	}
	_, password := u.User.Password()
	return password || strings.HasPrefix(u.Scheme, "http")
}

func exists(dir, name string) bool {
	_, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name)))
	return err == nil
}

// existing names what shows that dir is a project already, "" for nothing. A
// README alone is none: forges make one.
func existing(dir string) (string, error) {
	for _, mark := range append(projectMarks(), "content") {
		if exists(dir, mark) {
			return mark, nil
		}
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		name := e.Name()
		if isMarkdown(name) && !e.IsDir() && !strings.HasPrefix(strings.ToLower(name), "readme.") {
			return "notes (" + name + ")", nil
		}
		if !e.IsDir() || strings.HasPrefix(name, ".") {
			continue
		}
		below, err := os.ReadDir(filepath.Join(dir, name))
		if err != nil {
			return "", err
		}
		for _, b := range below {
			if isMarkdown(b.Name()) {
				return "notes (" + name + "/" + b.Name() + ")", nil
			}
		}
	}
	return "", nil
}

// missingIn says what an existing project could have.
func missingIn(dir string) string {
	var lacks []string
	if !exists(dir, ".gitignore") {
		lacks = append(lacks, "a .gitignore with /public/")
	}
	ci := false
	for _, forge := range starter.Forges() {
		if f, err := starter.Workflow(starter.Options{CI: forge}); err == nil && exists(dir, f.Path) {
			ci = true
		}
	}
	if !ci {
		lacks = append(lacks, "a workflow, which --ci adds")
	}
	if len(lacks) == 0 {
		return "it lacks nothing: see it with lectern serve"
	}
	return "see it with lectern serve; it lacks " + strings.Join(lacks, " and ")
}

// writeNew writes files that must not be there yet.
func (a *app) writeNew(dir string, files []starter.File) (err error) {
	var there []string
	changes := make([]edit.Change, 0, len(files))
	for _, f := range files {
		if exists(dir, f.Path) {
			there = append(there, f.Path)
		}
		changes = append(changes, edit.Change{Path: f.Path, New: f.Data})
	}
	if len(there) > 0 {
		return &hintedError{fmt.Errorf("%s there already: %s; nothing was written", isOrAre(len(there)), strings.Join(there, ", ")), "move it away, or begin in another folder"}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("open the folder: %w", err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	return edit.Write(root, changes)
}

func isOrAre(n int) string {
	if n == 1 {
		return "a file is"
	}
	return fmt.Sprintf("%d files are", n)
}

// begun says what was made and what comes next.
func (a *app) begun(dir string, files []starter.File, o starter.Options, mark string) error {
	var b strings.Builder
	for _, f := range files {
		fmt.Fprintln(&b, "made", a.shown(filepath.Join(dir, filepath.FromSlash(f.Path))))
	}
	if mark == "" {
		at := ""
		if shown := a.shown(dir); shown != "." {
			at = " " + shown
			if strings.ContainsAny(shown, " \t") {
				at = " \"" + shown + "\""
			}
		}
		fmt.Fprintf(&b, "see it with: lectern serve%s\n", at)
	}
	if _, err := fmt.Fprint(a.Out, b.String()); err != nil {
		return fmt.Errorf("print what was made: %w", err)
	}
	hint := func(text string) { fmt.Fprintln(a.Err, a.term.paint(cyan, "hint:"), text) }
	if ignore, err := os.ReadFile(filepath.Join(dir, ".gitignore")); mark == "" && (err != nil || !strings.Contains(string(ignore), "public")) {
		hint("add /public/ to .gitignore: lectern build writes there")
	}
	if o.CI != "" && o.Source == "" {
		hint("set the variable LECTERN_SOURCE in the forge's settings to the git repository with Lectern's source")
	}
	return nil
}
