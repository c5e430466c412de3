package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
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
	localTimeout   = 2 * time.Minute // a commit runs hooks, and signs
	networkTimeout = time.Minute
	lockPatience   = 2 * time.Second
)

// StateError says why a repository cannot be worked in now.
type StateError struct{ Msg, What string }

func (e *StateError) Error() string { return e.Msg }

// Hint says what to do about it.
func (e *StateError) Hint() string { return e.What }

// OfflineError says that the other repository could not be reached.
type OfflineError struct{ Said string }

func (e *OfflineError) Error() string { return e.Said }

// gitError is git's own word on why it failed.
type gitError struct {
	what, said string
	err        error
}

func (e *gitError) Error() string {
	if e.said == "" {
		return e.what + ": " + e.err.Error()
	}
	return e.what + ": " + e.said
}

func (e *gitError) Unwrap() error { return e.err }

// git runs git in the project's folder. Whoever runs it while another git holds
// the index waits a little.
func (w *Work) git(ctx context.Context, limit time.Duration, args ...string) (string, error) {
	return w.gitIn(ctx, w.dir, limit, nil, args...)
}

// local runs git for a change that must not be broken off halfway.
func (w *Work) local(ctx context.Context, args ...string) (string, error) {
	return w.git(context.WithoutCancel(ctx), localTimeout, args...)
}

func (w *Work) gitIn(ctx context.Context, dir string, limit time.Duration, stdin []byte, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	patience := time.Now().Add(lockPatience)
	for {
		out, said, err := w.once(ctx, dir, stdin, args...)
		if err == nil {
			return out, nil
		}
		if ctx.Err() != nil {
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return out, &gitError{"git " + args[0], fmt.Sprintf("no end after %v", limit), ctx.Err()}
			}
			return out, ctx.Err()
		}
		if !strings.Contains(said, ".lock': File exists") {
			return out, &gitError{"git " + args[0], tidy(said), err}
		}
		if time.Now().After(patience) {
			return out, &StateError{"another git is at work in this repository", "wait for it; if there is none any more, remove " + lockFile(said)}
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

func (w *Work) once(ctx context.Context, dir string, stdin []byte, args ...string) (out, said string, err error) {
	name, err := exec.LookPath("git")
	if err != nil {
		return "", "", &StateError{"git is not installed", "install git, see https://git-scm.com"}
	}
	cmd := exec.CommandContext(ctx, name, append([]string{"--no-pager", "-c", "advice.detachedHead=false"}, args...)...)
	cmd.Dir = dir
	cmd.Env = w.environment()
	cmd.Cancel = func() error { // git takes its locks away before it ends
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			return cmd.Process.Kill()
		}
		return nil
	}
	cmd.WaitDelay = 5 * time.Second
	if stdin != nil {
		cmd.Stdin = bytes.NewReader(stdin)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	return stdout.String(), stderr.String(), err
}

// environment is the owner's, in plain English, and never with an editor.
func (w *Work) environment() []string {
	var env []string
	ssh := false
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		switch strings.ToUpper(name) {
		case "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE",
			"GIT_EDITOR", "GIT_SEQUENCE_EDITOR", "LANGUAGE", "LC_ALL":
			continue
		case "GIT_ASKPASS", "SSH_ASKPASS":
			if w.Quiet {
				continue
			}
		case "GIT_SSH_COMMAND", "GIT_SSH":
			ssh = true
		}
		env = append(env, v)
	}
	env = append(env, "LC_ALL=C", "GIT_EDITOR=true", "GIT_SEQUENCE_EDITOR=true", "GIT_MERGE_AUTOEDIT=no")
	if w.Quiet {
		env = append(env, "GIT_TERMINAL_PROMPT=0", "GCM_INTERACTIVE=never")
		if !ssh {
			env = append(env, "GIT_SSH_COMMAND=ssh -o BatchMode=yes -o ConnectTimeout=20")
		}
	}
	return env
}

// tidy makes git's words fit for an error: the last lines, without passwords.
func tidy(said string) string {
	var lines []string
	for line := range strings.SplitSeq(said, "\n") {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "hint:") {
			lines = append(lines, line)
		}
	}
	if len(lines) > 4 {
		lines = lines[len(lines)-4:]
	}
	text := strings.ToValidUTF8(strings.Join(lines, "; "), "?")
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	return Redact(text)
}

// Redact takes users and passwords out of the addresses in a text.
func Redact(text string) string {
	var b strings.Builder
	for {
		i := strings.Index(text, "://")
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:i+3])
		text = text[i+3:]
		end := strings.IndexAny(text, " \t\n/'\"")
		if end < 0 {
			end = len(text)
		}
		if at := strings.LastIndexByte(text[:end], '@'); at >= 0 {
			text = text[at+1:]
		}
	}
}

func lockFile(said string) string {
	_, rest, ok := strings.Cut(said, "Unable to create '")
	name, _, found := strings.Cut(rest, "'")
	if !ok || !found {
		return "the .lock file in .git"
	}
	return name
}

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
