package cli

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

// newestCommit returns when the commit was made that is checked out in dir's
// repository; the zero time where dir is in none, where nothing is committed
// yet, or where there is no git to ask.
func newestCommit(ctx context.Context, dir string) (time.Time, error) {
	git, err := exec.LookPath("git")
	if err != nil {
		return time.Time{}, nil
	}
	cmd := exec.CommandContext(ctx, git, "-C", dir, "log", "-1", "--no-show-signature", "--format=%ct", "HEAD")
	// A plain language, and nothing that waits for an answer or writes to the repository.
	cmd.Env = append(os.Environ(), "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		said := strings.TrimSpace(stderr.String())
		switch {
		case ctx.Err() != nil:
			return time.Time{}, ctx.Err()
		case strings.Contains(said, "not a git repository"), strings.Contains(said, "unknown revision"):
			return time.Time{}, nil
		}
		said, _, _ = strings.Cut(said, "\n")
		return time.Time{}, &hintedError{
			fmt.Errorf("ask git for the time of the newest commit: %w", errors.New(printable(said))),
			"give the time yourself: --now 2026-03-26",
		}
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(stdout.String()), 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("ask git for the time of the newest commit: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
