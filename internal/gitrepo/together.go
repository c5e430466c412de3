package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// together puts the commits of ours that theirs lacks on top of theirs. That is
// done in a working tree beside the owner's, which changes at the end, in one
// step; if that can't be, because a file was changed in the meantime, nothing is.
func (w *Work) together(ctx context.Context, ours, theirs string, ahead int, who string) (conflicts []Conflict, err error) {
	if ahead == 0 {
		_, err := w.local(ctx, "merge", "--ff-only", "--quiet", theirs)
		return nil, w.inTheWay(err)
	}
	dir, err := os.MkdirTemp("", "lectern-save-")
	if err != nil {
		return nil, fmt.Errorf("bring the changes together: %w", err)
	}
	tree := filepath.Join(dir, "tree")
	defer func() {
		_, gone := w.local(ctx, "worktree", "remove", "--force", tree)
		if errors.Is(gone, context.Canceled) {
			_, gone = w.local(ctx, "worktree", "remove", "--force", tree)
		}
		err = errors.Join(err, gone, os.RemoveAll(dir))
	}()
	if _, err := w.local(ctx, "worktree", "add", "--quiet", "--detach", tree, ours); err != nil {
		return nil, err
	}
	m := &merging{w: w, ctx: context.WithoutCancel(ctx), tree: tree, who: who, ours: ours, theirs: theirs}
	if _, err := m.git("rebase", "--quiet", theirs); err != nil {
		if conflicts, err = m.keepBoth(err); err != nil {
			return nil, err
		}
	}
	tip, err := m.git("rev-parse", "HEAD")
	if err != nil {
		return nil, err
	}
	if now := w.commit(ctx, "HEAD"); now != ours {
		return nil, &StateError{"somebody committed here in the meantime", "run the command again"}
	}
	_, err = w.local(ctx, "reset", "--quiet", "--keep", strings.TrimSpace(tip))
	return conflicts, w.inTheWay(err)
}

// inTheWay explains why the working tree could not take what others wrote.
func (w *Work) inTheWay(err error) error {
	if ge, ok := errors.AsType[*gitError](err); ok &&
		(strings.Contains(ge.said, "not uptodate") || strings.Contains(ge.said, "would be overwritten") || strings.Contains(ge.said, "Could not reset")) {
		return &StateError{"others changed a file that is changed but not committed here: " + ge.said, "commit or stash it, then run the command again"}
	}
	return err
}

// merging is work in a tree beside the owner's.
type merging struct {
	w    *Work
	ctx  context.Context
	tree string
	who  string
	// ours and theirs are the commits that come together.
	ours, theirs string
}

func (m *merging) git(args ...string) (string, error) {
	return m.w.gitIn(m.ctx, m.tree, localTimeout, args...)
}

// keepBoth makes one commit of all that ours has beside theirs. Where the two
// say different things it keeps both.
func (m *merging) keepBoth(cause error) ([]Conflict, error) {
	if out, err := m.git("diff", "--name-only", "--diff-filter=U"); err != nil || strings.TrimSpace(out) == "" {
		return nil, cause // another failure, such as a hook's
	}
	subjects, err := m.git("log", "--format=%s", "--reverse", m.theirs+".."+m.ours)
	if err != nil {
		return nil, err
	}
	for _, args := range [][]string{{"rebase", "--abort"}, {"checkout", "--quiet", "--detach", m.theirs}} {
		if _, err := m.git(args...); err != nil {
			return nil, err
		}
	}
	if _, err := m.git("merge", "--quiet", "--squash", "--allow-unrelated-histories", m.ours); err != nil {
		ge, ok := errors.AsType[*gitError](err)
		if !ok || ge.said != "" && !strings.Contains(ge.said, "onflict") {
			return nil, err
		}
	}
	conflicts, err := m.settle()
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSpace(subjects), "\n")
	message := lines[len(lines)-1]
	if len(lines) > 1 {
		message += "\n\n" + strings.Join(lines, "\n")
	}
	if _, err := m.git("add", "--all"); err != nil {
		return nil, err
	}
	_, err = m.git("commit", "--quiet", "--allow-empty", "-m", message)
	return conflicts, err
}

// Who is the owner's name as it can stand in a file's name.
func (w *Work) Who(ctx context.Context) string {
	name := w.config(ctx, "user.name")
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 0x7f:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() > 40 {
			break
		}
	}
	if who := strings.Trim(b.String(), "-"); who != "" {
		return who
	}
	return "mine"
}
