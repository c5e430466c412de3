package gitrepo

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/internal/history"
)

// git runs git in dir as an author whose clock shows the given times.
func git(t *testing.T, dir string, author, committer time.Time, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(environment(os.Environ()),
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=C", "GIT_COMMITTER_EMAIL=c@example.org",
		"GIT_AUTHOR_DATE="+author.Format(time.RFC3339), "GIT_COMMITTER_DATE="+committer.Format(time.RFC3339), "GIT_ALLOW_PROTOCOL=file")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

var (
	written   = time.Date(2025, 4, 1, 9, 0, 0, 0, time.FixedZone("", 2*60*60))
	committed = time.Date(2025, 4, 2, 18, 30, 15, 0, time.FixedZone("", -7*60*60))
)

// repository makes one with a commit, and keeps git from finding one further up.
func repository(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(dir))
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	git(t, dir, written, written, "init", "-q")
	return dir
}

func TestNewestCommitTime(t *testing.T) {
	dir := repository(t)
	ctx := context.Background()
	if _, ok, err := NewestCommitTime(ctx, dir); ok || err != nil {
		t.Errorf("without a commit: %v, %v", ok, err)
	}
	git(t, dir, written, written, "commit", "-q", "--allow-empty", "-m", "first")
	git(t, dir, written, committed, "commit", "-q", "--allow-empty", "-m", "second")
	sub := filepath.Join(dir, "content", "day1")
	if err := os.MkdirAll(sub, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{dir, sub} {
		got, ok, err := NewestCommitTime(ctx, d)
		if !ok || err != nil || !got.Equal(committed) || got.Location() != time.UTC {
			t.Errorf("%s: %v, %v, %v; want the committer's %v in UTC", d, got, ok, err, committed.UTC())
		}
	}
	// A hook's environment names a repository, which may be another one.
	other := t.TempDir()
	t.Setenv("GIT_DIR", filepath.Join(other, ".git"))
	t.Setenv("GIT_WORK_TREE", other)
	if got, ok, err := NewestCommitTime(ctx, dir); !ok || err != nil || !got.Equal(committed) {
		t.Errorf("in a hook: %v, %v, %v", got, ok, err)
	}
}

func TestNewestCommitTimeDetachedAndShallow(t *testing.T) {
	dir := repository(t)
	git(t, dir, written, written, "commit", "-q", "--allow-empty", "-m", "first")
	git(t, dir, written, committed, "commit", "-q", "--allow-empty", "-m", "second")
	clone := filepath.Join(dir, "clone")
	git(t, dir, written, written, "clone", "-q", "--depth=1", "file://"+filepath.ToSlash(dir), clone)
	if got, ok, err := NewestCommitTime(context.Background(), clone); !ok || err != nil || !got.Equal(committed) {
		t.Errorf("shallow: %v, %v, %v", got, ok, err)
	}
	git(t, dir, written, written, "checkout", "-q", "--detach", "HEAD~1")
	if got, ok, err := NewestCommitTime(context.Background(), dir); !ok || err != nil || !got.Equal(written) {
		t.Errorf("an older commit checked out: %v, %v, %v; want its time", got, ok, err)
	}
}

func TestNewestCommitTimeNothingToAsk(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(dir))
	if _, ok, err := NewestCommitTime(context.Background(), dir); ok || err != nil {
		t.Errorf("no repository: %v, %v", ok, err)
	}
	if _, _, err := NewestCommitTime(context.Background(), filepath.Join(dir, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no such directory: error %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, ok, err := NewestCommitTime(context.Background(), dir); ok || err != nil {
		t.Errorf("no git: %v, %v", ok, err)
	}
}

func TestNewestCommitTimeErrors(t *testing.T) {
	dir := repository(t)
	git(t, dir, written, written, "commit", "-q", "--allow-empty", "-m", "first")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := NewestCommitTime(ctx, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".git", "config"), []byte("[core\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := NewestCommitTime(context.Background(), dir); ok || err == nil || !strings.Contains(err.Error(), "config") {
		t.Errorf("a broken repository: %v, error %v, want one that says what is wrong", ok, err)
	}
}

// A repository whose configuration would run a program wherever git lets it.
func TestHostileRepository(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the trap is a shell script")
	}
	dir := repository(t)
	put(t, dir, map[string]string{".gitattributes": "* diff=x filter=x text\n", "a.md": "One\nTwo\nThree\n"})
	git(t, dir, written, committed, "add", "-A")
	git(t, dir, written, committed, "commit", "-q", "-m", "first")
	sprung := filepath.Join(t.TempDir(), "sprung")
	trap := filepath.Join(dir, "trap")
	if err := os.WriteFile(trap, []byte("#!/bin/sh\necho \"$0 $*\" >> '"+sprung+"'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{
		"core.fsmonitor", "core.pager", "core.editor", "core.sshCommand", "core.askPass", "gpg.program",
		"gpg.ssh.program", "diff.external", "pager.rev-list", "pager.log", "credential.helper", "core.alternateRefsCommand",
		"diff.x.command", "diff.x.textconv", "filter.x.process", "filter.x.smudge",
	} {
		git(t, dir, written, written, "config", key, trap)
	}
	git(t, dir, written, written, "config", "log.showSignature", "true")
	git(t, dir, written, written, "config", "alias.rev-list", "!"+trap)
	git(t, dir, written, written, "config", "protocol.ext.allow", "always")
	git(t, dir, written, written, "config", "remote.origin.url", "ext::"+trap)
	git(t, dir, written, written, "config", "remote.origin.promisor", "true")
	git(t, dir, written, written, "config", "core.repositoryFormatVersion", "1")
	git(t, dir, written, written, "config", "extensions.partialClone", "origin")
	hooks := filepath.Join(dir, ".git", "hooks")
	if err := os.MkdirAll(hooks, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, hook := range []string{"post-index-change", "reference-transaction", "fsmonitor-watchman"} {
		if err := os.Symlink(trap, filepath.Join(hooks, hook)); err != nil {
			t.Fatal(err)
		}
	}
	if got, ok, err := NewestCommitTime(context.Background(), dir); !ok || err != nil || !got.Equal(committed) {
		t.Errorf("%v, %v, %v", got, ok, err)
	}
	// Comparing commits and reading contents runs nothing either.
	r := Open(dir, "")
	if h := read(t, r, HistoryOptions{}); len(h.Commits) != 1 {
		t.Errorf("%d commits changed something", len(h.Commits))
	} else if err := r.Blobs(context.Background(), []history.ID{h.Commits[0].Files[0].New}, 100, func(history.ID, []byte) {}); err != nil {
		t.Error(err)
	}
	// With the commit gone, git would fetch it from the promisor.
	if err := os.RemoveAll(filepath.Join(dir, ".git", "objects")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, ".git", "objects"), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := NewestCommitTime(context.Background(), dir); ok {
		t.Errorf("a commit that is not there has a time (error %v)", err)
	}
	if data, err := os.ReadFile(sprung); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the repository ran a program: %s (%v)", data, err)
	}
}

func TestEnvironment(t *testing.T) {
	got := environment([]string{"PATH=/bin", "GIT_DIR=/x", "GIT_SSH_COMMAND=x", "HOME=/h", "LC_MESSAGES=de", "LANGUAGE=de", "GIT_CONFIG_GLOBAL=/g"})
	want := []string{"PATH=/bin", "HOME=/h", "GIT_CONFIG_GLOBAL=/g"}
	if len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
		t.Errorf("%q", got)
	}
	for _, v := range got[len(want):] {
		if strings.HasPrefix(v, "GIT_DIR") || strings.HasPrefix(v, "LC_MESSAGES") {
			t.Errorf("%q is still there", v)
		}
	}
}
