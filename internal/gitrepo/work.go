package gitrepo

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Work is a working tree that its owner lets Lectern commit in and push from.
//
// Unlike everything else in this package it works as the owner's own git would:
// with their configuration, hooks, signatures and credentials. It never forces a
// push, rewrites nothing that was pushed, and touches no repository in which
// something else is under way. What others pushed is brought together with
// one's own commits beside the working tree, which then changes in one step, or
// not at all.
type Work struct {
	dir string
	// Quiet is set where nobody can answer: git then asks for no password.
	Quiet bool
}

// OpenWork returns the working tree that the project's folder dir lies in.
func OpenWork(dir string) *Work { return &Work{dir: dir} }

// The limits of time of what git does.
const (
	localTimeout = 2 * time.Minute // a commit runs hooks, and signs
	lockPatience = 2 * time.Second
	// networkSilence is how long another machine may say nothing. What takes
	// longer but goes on, such as pictures on a slow line, may take its time.
	networkSilence = time.Minute
)

// StateError says why a repository cannot be worked in now.
type StateError struct{ Msg, What string }

func (e *StateError) Error() string { return e.Msg }

// Hint says what to do about it.
func (e *StateError) Hint() string { return e.What }

// OfflineError says that the other repository could not be reached.
type OfflineError struct{ Said string }

func (e *OfflineError) Error() string { return e.Said }

// Branch is the branch that is checked out, and where it is pushed to.
type Branch struct {
	Name string
	// Remote and Ref are its upstream; "" where it has none. Remotes are all
	// other repositories that are known.
	Remote, Ref string
	Remotes     []string
	// Prefix is the project's folder in the repository, with a slash behind; "" is
	// its root.
	Prefix string
}

// Check makes sure that the repository is fit for work, and returns its branch.
func (w *Work) Check(ctx context.Context) (*Branch, error) {
	out, err := w.git(ctx, localTimeout, "rev-parse", "--is-inside-work-tree", "--absolute-git-dir", "--show-prefix")
	if err != nil {
		if ge, ok := errors.AsType[*gitError](err); ok && strings.Contains(ge.said, "not a git repository") {
			return nil, &StateError{"the folder lies in no git repository", "make one: git init && git add . && git commit"}
		}
		return nil, err
	}
	inside, rest, _ := strings.Cut(strings.TrimSpace(out), "\n")
	gitDir, prefix, _ := strings.Cut(rest, "\n")
	if inside != "true" {
		return nil, &StateError{"this repository has no working tree", "work in a clone of it"}
	}
	for name, what := range map[string]string{
		"MERGE_HEAD": "a merge", "rebase-merge": "a rebase", "rebase-apply": "a rebase", "CHERRY_PICK_HEAD": "a cherry-pick",
		"REVERT_HEAD": "a revert", "BISECT_LOG": "a bisection",
	} {
		if _, err := os.Stat(filepath.Join(gitDir, name)); err == nil {
			return nil, &StateError{what + " is under way in this repository", "end it or break it off first: see git status"}
		}
	}
	name, err := w.git(ctx, localTimeout, "symbolic-ref", "--quiet", "--short", "HEAD")
	if err != nil {
		return nil, &StateError{"no branch is checked out (HEAD is detached)", "check one out: git switch NAME"}
	}
	b := &Branch{Name: strings.TrimSpace(name), Prefix: prefix}
	b.Remote = w.config(ctx, "branch."+b.Name+".remote")
	b.Ref = w.config(ctx, "branch."+b.Name+".merge")
	if b.Remote == "" || b.Remote == "." || b.Ref == "" {
		b.Remote, b.Ref = "", ""
	}
	remotes, err := w.git(ctx, localTimeout, "remote")
	b.Remotes = strings.Fields(remotes)
	return b, err
}

// config is a setting, "" where it has no value.
func (w *Work) config(ctx context.Context, name string) string {
	out, err := w.git(ctx, localTimeout, "config", "--get", name)
	if err != nil {
		return "" // git ends with an error for what is not set
	}
	return strings.TrimSpace(out)
}

// commit is the commit that a name stands for, "" for none.
func (w *Work) commit(ctx context.Context, name string) string {
	out, err := w.git(ctx, localTimeout, "rev-parse", "--verify", "--quiet", name+"^{commit}")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(out)
}
