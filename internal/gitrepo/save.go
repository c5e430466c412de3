package gitrepo

import (
	"context"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"
)

// Changed is a file that a commit changes.
type Changed struct {
	// Path is its slash path from the project's folder.
	Path string
	// Kind is git's letter: A for a new file, M, D for one that is gone, R for one
	// that was renamed from From.
	Kind byte
	From string
}

// Commit commits all changes in the project's folder, and nothing beside it,
// with the message that is made of them. Files that .gitignore names are left
// out, and so is what exclude names, as paths from the project's folder, what
// editors leave beside the notes for a while, and every repository in it that is
// no submodule: those are returned as nested. It returns what was committed, nothing if nothing changed.
func (w *Work) Commit(ctx context.Context, exclude []string, message func([]Changed) string) (changed []Changed, nested []string, err error) {
	spec, nested, err := w.spec(ctx, exclude)
	if err != nil {
		return nil, nil, err
	}
	if _, err := w.local(ctx, append([]string{"add", "--all", "--"}, spec...)...); err != nil {
		return nil, nested, err
	}
	out, err := w.local(ctx, append([]string{"diff", "--cached", "--name-status", "-z", "-M", "--relative", "--"}, spec...)...)
	if err != nil {
		return nil, nested, err
	}
	changed = readStatus(out)
	if len(changed) == 0 {
		return nil, nested, nil
	}
	return changed, nested, w.commitChanged(ctx, changed, message(changed))
}

// spec are the pathspecs of what is to be committed.
func (w *Work) spec(ctx context.Context, exclude []string) (spec, nested []string, err error) {
	spec = []string{"."}
	for _, p := range exclude {
		// git refuses to be told of what it ignores anyway.
		ignored, err := w.local(ctx, "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z", "--", ":(glob)"+p)
		if err != nil {
			return nil, nil, err
		}
		if ignored == "" {
			spec = append(spec, ":(exclude,glob)"+p)
		}
	}
	// git would commit another repository's newest commit by its name alone: none
	// of what is written there would be saved. It lists them as folders.
	others, err := w.local(ctx, "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return nil, nil, err
	}
	for p := range strings.SplitSeq(others, "\x00") {
		dir, isDir := strings.CutSuffix(p, "/")
		if isDir {
			nested = append(nested, dir)
		}
		if isDir || passing(path.Base(p)) {
			spec = append(spec, ":(exclude,literal)"+dir)
		}
	}
	return spec, nested, nil
}

// passing is true for the name of a file that an editor or a desktop makes beside
// a note for its own use. It may hold what was never meant to be saved.
func passing(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	switch {
	case strings.HasSuffix(name, "~"), strings.HasPrefix(name, ".#"), strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#"),
		strings.HasPrefix(name, ".~lock."), strings.HasPrefix(name, ".goutputstream-"):
		return true // Emacs, Vim's backups, LibreOffice, GNOME
	case name[0] == '.' && len(ext) == 4 && strings.HasPrefix(ext, ".sw"), ext == ".kate-swp":
		return true // Vim, Kate
	case strings.HasSuffix(name, "___jb_tmp___"), strings.HasSuffix(name, "___jb_old___"):
		return true // JetBrains
	}
	return name == "4913" || name == ".DS_Store" || strings.EqualFold(name, "thumbs.db") || strings.EqualFold(name, "desktop.ini")
}

// commitChanged commits what was added. Where other things are staged too, they
// stay so.
func (w *Work) commitChanged(ctx context.Context, changed []Changed, message string) error {
	args := []string{"commit", "--quiet", "-m", message}
	staged, err := w.local(ctx, "diff", "--cached", "--name-only", "-z", "--no-renames")
	if err != nil {
		return err
	}
	paths := map[string]bool{}
	for _, c := range changed {
		paths[c.Path] = true
		if c.Kind == 'R' {
			paths[c.From] = true
		}
	}
	stdin := ""
	if strings.Count(staged, "\x00") != len(paths) {
		// git commits these files alone, but in an index of its own: what a hook
		// adds there looks like a change afterwards. So it is not the usual way.
		args = append(args, "--only", "--pathspec-from-file=-", "--pathspec-file-nul")
		for _, p := range slices.Sorted(maps.Keys(paths)) {
			stdin += ":(literal)" + p + "\x00"
		}
	}
	_, err = w.run(context.WithoutCancel(ctx), job{dir: w.dir, limit: localTimeout, args: args, stdin: stdin})
	if ge, ok := errors.AsType[*gitError](err); ok && noIdentity(ge.said) {
		return &StateError{
			"git does not know who you are, and every commit has an author",
			`tell it once: git config --global user.name "Your Name" && git config --global user.email you@example.org`,
		}
	}
	return err
}

// noIdentity is true for what git says where it has no name or address.
func noIdentity(said string) bool {
	return slices.ContainsFunc([]string{"auto-detection is disabled", "unable to auto-detect", "empty ident name", "tell me who you are"},
		func(sign string) bool { return strings.Contains(said, sign) })
}

// readStatus reads what git diff --name-status -z prints.
func readStatus(out string) []Changed {
	var list []Changed
	fields := strings.Split(strings.TrimSuffix(out, "\x00"), "\x00")
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] == "" {
			break
		}
		c := Changed{Path: fields[i+1], Kind: fields[i][0]}
		if (c.Kind == 'R' || c.Kind == 'C') && i+2 < len(fields) {
			c.From, c.Path = fields[i+1], fields[i+2]
			i++
		}
		list = append(list, c)
	}
	return list
}
