// Package gitrepo asks git about the repository that a project's folder lies in.
//
// It runs the git that is installed rather than reading the repository itself:
// so every format that git has works, and git's own check of who owns a
// repository holds. A repository is not trusted: only plumbing commands run,
// and none of what its configuration could make git execute (hooks, a file
// system monitor, a pager, a signature's verifier, a fetch of missing objects).
// Nothing is ever written but the cache and the mirror that the caller names. A machine without
// git, and a folder without a repository, are no errors: they have no history.
//
// [Mirror] is a copy of another repository, which it fetches from.
//
// [Work] alone is another matter: there a repository's owner asks for commits and
// pushes, and git works as it does for them.
package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// timeout is how long one question to git may take; the answer is a few
// milliseconds away unless the disk is.
const timeout = 15 * time.Second

// NewestCommitTime returns the committer's time of the commit that is checked
// out in the repository of dir, in UTC. It is false where there is no git, no
// repository at or above dir, or no commit yet.
func NewestCommitTime(ctx context.Context, dir string) (time.Time, bool, error) {
	out, err := run(ctx, dir, "rev-list", "--max-count=1", "--timestamp", "HEAD", "--")
	if errors.Is(err, errNoHistory) {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, fmt.Errorf("ask git for the newest commit of %s: %w", dir, err)
	}
	text, _, _ := strings.Cut(out, " ") // then comes the commit
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("ask git for the newest commit of %s: the answer %q has no time", dir, out)
	}
	return time.Unix(seconds, 0).UTC(), true, nil
}

// errNoHistory says that there is nobody or nothing to ask.
var errNoHistory = errors.New("no git, no repository or no commit")

// run returns what git prints to standard output when it is run in dir, for
// questions with a short answer.
func run(ctx context.Context, dir string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	out, err := runFor(ctx, dir, args...)
	return strings.TrimSpace(out), err
}

// runFor is run for as long as ctx allows, with the answer as it is.
func runFor(ctx context.Context, dir string, args ...string) (string, error) {
	cmd, stderr, cancel, err := command(ctx, dir, args...)
	if err != nil {
		return "", err
	}
	defer cancel()
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	if err := cmd.Run(); err != nil {
		return "", explain(ctx, err, stderr.String())
	}
	return stdout.String(), nil
}

// command prepares git to be run in dir; cancel ends it.
func command(ctx context.Context, dir string, args ...string) (cmd *exec.Cmd, stderr *bytes.Buffer, cancel context.CancelFunc, err error) {
	if info, err := os.Stat(dir); err != nil {
		return nil, nil, nil, err
	} else if !info.IsDir() {
		return nil, nil, nil, fmt.Errorf("%s is not a directory", dir)
	}
	git, err := exec.LookPath("git")
	if err != nil {
		return nil, nil, nil, errNoHistory
	}
	ctx, cancel = context.WithCancel(ctx)
	cmd = exec.CommandContext(ctx, git, append([]string{
		"--no-pager", "--no-replace-objects", "--no-optional-locks",
		"-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull,
		"-c", "credential.helper=", "-c", "log.showSignature=false",
	}, args...)...)
	cmd.Dir = dir
	cmd.Env = environment(os.Environ())
	cmd.WaitDelay = time.Second
	stderr = &bytes.Buffer{}
	cmd.Stderr = stderr
	return cmd, stderr, cancel, nil
}

// explain makes an error of what git said.
func explain(ctx context.Context, err error, said string) error {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return fmt.Errorf("no answer in %v: %w", timeout, ctx.Err())
	case ctx.Err() != nil:
		return ctx.Err()
	case strings.Contains(said, "not a git repository"), strings.Contains(said, "bad revision 'HEAD'"):
		return errNoHistory
	}
	said, _, _ = strings.Cut(strings.TrimSpace(said), "\n")
	if said == "" {
		return err
	}
	return fmt.Errorf("%s (%w)", strconv.QuoteToGraphic(said), err)
}

// environment is env without what would point git to another repository or
// change how it works, and with what keeps it from asking, fetching and
// speaking another language.
func environment(env []string) []string {
	clean := make([]string, 0, len(env)+6)
	for _, v := range env {
		name, _, _ := strings.Cut(v, "=")
		name = strings.ToUpper(name)
		switch {
		case name == "GIT_CEILING_DIRECTORIES", name == "GIT_CONFIG_GLOBAL": // the user's own limits and settings
		case strings.HasPrefix(name, "GIT_"), name == "LANGUAGE", strings.HasPrefix(name, "LC_"):
			continue
		}
		clean = append(clean, v)
	}
	return append(clean, "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none")
}
