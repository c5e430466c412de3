package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// NotCommittedError is about files with changes that no commit has yet.
type NotCommittedError struct{ Files []string }

func (e *NotCommittedError) Error() string {
	return strings.Join(e.Files, ", ") + ": there are changes that are not committed"
}

// Committed reports whether files, slash paths from dir, are as the newest commit
// has them: else it fails with a [NotCommittedError], or says that there is no
// repository.
func Committed(ctx context.Context, dir string, files []string) error {
	args := append([]string{"status", "--porcelain=v1", "-z", "--untracked-files=all", "--"}, literal(files)...)
	out, err := runFor(ctx, dir, args...)
	if errors.Is(err, errNoHistory) {
		return fmt.Errorf("%s is in no git repository, or git is not installed", dir)
	}
	if err != nil {
		return fmt.Errorf("ask git for changes: %w", err)
	}
	if out == "" {
		return nil
	}
	e := &NotCommittedError{}
	for f := range strings.SplitSeq(out, "\x00") {
		if len(f) > 3 && len(e.Files) < 5 {
			e.Files = append(e.Files, f[3:])
		}
	}
	return e
}

// CommitFiles makes one commit of what the files, slash paths from the folder,
// hold now. Whatever else is staged stays so.
func (w *Work) CommitFiles(ctx context.Context, message string, files []string) error {
	if len(files) == 0 {
		return errors.New("there is nothing to commit")
	}
	if _, err := w.local(ctx, append([]string{"add", "--"}, literal(files)...)...); err != nil {
		return err
	}
	changed := make([]Changed, len(files))
	for i, f := range files {
		changed[i] = Changed{Path: filepath.ToSlash(f), Kind: 'M'}
	}
	return w.commitChanged(ctx, changed, message)
}

// literal makes pathspecs that mean the files alone.
func literal(files []string) []string {
	out := make([]string, len(files))
	for i, f := range files {
		out[i] = ":(literal)" + filepath.ToSlash(f)
	}
	return out
}
