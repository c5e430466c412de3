package gitrepo

import (
	"context"
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
// out, and so is what exclude names, as paths from the project's folder. It
// returns what was committed, nothing if nothing changed.
func (w *Work) Commit(ctx context.Context, exclude []string, message func([]Changed) string) ([]Changed, error) {
	spec := []string{"."}
	for _, p := range exclude {
		// git refuses to be told of what it ignores anyway.
		ignored, err := w.local(ctx, "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z", "--", ":(glob)"+p)
		if err != nil {
			return nil, err
		}
		if ignored == "" {
			spec = append(spec, ":(exclude,glob)"+p)
		}
	}
	if _, err := w.local(ctx, append([]string{"add", "--all", "--"}, spec...)...); err != nil {
		return nil, err
	}
	out, err := w.local(ctx, append([]string{"diff", "--cached", "--name-status", "-z", "-M", "--relative", "--"}, spec...)...)
	if err != nil {
		return nil, err
	}
	changed := readStatus(out)
	if len(changed) == 0 {
		return nil, nil
	}
	_, err = w.local(ctx, append([]string{"commit", "--quiet", "-m", message(changed), "--"}, spec...)...)
	return changed, err
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
