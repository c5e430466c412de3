package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// followed is where the mirror keeps the newest commit of the branch.
const followed = "refs/followed/branch"

// Fetch brings what is new and returns the branch's commit. The first time it
// fetches that commit alone; [Mirror.Deepen] brings its past. Where the remote
// can't be reached the error is an [OfflineError].
func (m *Mirror) Fetch(ctx context.Context) (commit string, err error) {
	m.fetching.Lock()
	defer m.fetching.Unlock()
	ref, err := m.ref(ctx)
	if err != nil {
		return "", err
	}
	if m.refused != "" {
		if now, err := m.there(ctx, ref); err != nil || now == m.refused {
			return "", errors.Join(err, m.tooLarge())
		}
		if err := m.begin(ctx, "sha1"); err != nil { // what came of it is of no use
			return "", err
		}
	}
	err = m.bring(ctx, ref)
	if err == nil && m.size() > m.opts.MaxBytes {
		err = m.tooLarge()
	}
	if errors.Is(err, ErrTooLarge) {
		m.refused, _ = m.there(ctx, ref) // unknown, it is fetched again
		return "", err
	}
	if err != nil {
		return "", err
	}
	return m.last(ctx)
}

// ref is the full name of the branch.
func (m *Mirror) ref(ctx context.Context) (string, error) {
	if m.opts.Branch != "" {
		return "refs/heads/" + m.opts.Branch, nil
	}
	return m.head(ctx)
}

// bring fetches the branch.
func (m *Mirror) bring(ctx context.Context, ref string) error {
	args := []string{"--force"}
	if _, ok := m.Last(); !ok {
		args = append(args, "--depth=1")
	}
	args = append(args, "--", m.remote.URL, "+"+ref+":"+followed)
	err := m.fetch(ctx, args...)
	if err == nil {
		return nil
	}
	switch text := err.Error(); {
	case strings.Contains(text, "shallow file has changed"): // by Deepen
		return m.fetch(ctx, args...)
	case strings.Contains(text, "mismatched algorithms") && strings.Contains(text, "server sha256"):
		if err := m.begin(ctx, "sha256"); err != nil {
			return err
		}
		return m.fetch(ctx, args...)
	case blamesObjects(text) && m.mend(ctx):
		return m.bring(ctx, ref)
	}
	return err
}

// blamesObjects reports whether git's words may be about the mirror's own objects.
func blamesObjects(text string) bool {
	return slices.ContainsFunc([]string{"corrupt", "is empty", "bad object", "unable to read", "necessary objects", "missing", "unable to parse", "not a valid"}, func(s string) bool {
		return strings.Contains(text, s)
	})
}

// ErrDamaged says that the mirror was damaged, and is empty now: the next Fetch
// brings all of it again.
var ErrDamaged = errors.New("the copy of the repository was damaged, and is made anew")

// mend begins anew if the mirror is not whole, as after a power failure.
func (m *Mirror) mend(ctx context.Context) bool {
	commit, ok := m.Last()
	if !ok {
		return false
	}
	if _, err := m.ask(ctx, "rev-list", "--objects", "--quiet", commit, "--"); err == nil || ctx.Err() != nil {
		return false
	}
	return m.begin(ctx, "sha1") == nil
}

// begin makes the mirror anew, without the files.
func (m *Mirror) begin(ctx context.Context, format string) error {
	m.objects.close()
	m.refused = ""
	return m.init(ctx, format)
}

// there asks which commit the branch has.
func (m *Mirror) there(ctx context.Context, ref string) (string, error) {
	out, err := m.talk(ctx, "ls-remote", "--", m.remote.URL, ref)
	id, _, _ := strings.Cut(out, "\t")
	return id, err
}

func (m *Mirror) tooLarge() error {
	return fmt.Errorf("%w: more than %d MB", ErrTooLarge, m.opts.MaxBytes/1e6)
}

// last returns the commit that was just fetched.
func (m *Mirror) last(ctx context.Context) (string, error) {
	if commit, ok := m.Last(); ok {
		return commit, nil
	}
	out, err := m.ask(ctx, "rev-parse", "--verify", followed+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("fetch: %w", err)
	}
	return strings.TrimSpace(out), nil
}

// Last returns the commit that was fetched last, by this process or one before
// it.
func (m *Mirror) Last() (string, bool) {
	id := readSmall(filepath.Join(m.gitDir(), filepath.FromSlash(followed)))
	_, err := parseID(id)
	return id, err == nil
}

// head asks which branch the repository's HEAD names. It hardly ever changes, so
// the answer is kept; where HEAD names a branch that is not there any more, that
// is asked anew.
func (m *Mirror) head(ctx context.Context) (string, error) {
	name := filepath.Join(m.dir, "branch")
	if ref := readSmall(name); strings.HasPrefix(ref, "refs/heads/") {
		return ref, nil
	}
	out, err := m.talk(ctx, "ls-remote", "--symref", "--", m.remote.URL, "HEAD")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(out) {
		if ref, ok := strings.CutPrefix(line, "ref: "); ok {
			ref, _, _ = strings.Cut(ref, "\t")
			if !strings.HasPrefix(ref, "refs/heads/") || strings.ContainsAny(ref, " :^~?*[\\") {
				break
			}
			return ref, os.WriteFile(name, []byte(ref+"\n"), 0o600)
		}
	}
	return "", fmt.Errorf("%w: its HEAD names none", ErrBranchGone)
}

// Branch is the branch that is followed, as far as that is known.
func (m *Mirror) Branch() string {
	if m.opts.Branch != "" {
		return m.opts.Branch
	}
	return strings.TrimPrefix(readSmall(filepath.Join(m.dir, "branch")), "refs/heads/")
}

// Complete reports whether the mirror has the whole past of its commit.
func (m *Mirror) Complete() bool {
	_, err := os.Stat(filepath.Join(m.gitDir(), "shallow"))
	return errors.Is(err, fs.ErrNotExist)
}

// Deepen brings the whole past of the branch. It may go on while others call
// Fetch, which need not wait for it.
func (m *Mirror) Deepen(ctx context.Context) error {
	m.deepening.Lock()
	defer m.deepening.Unlock()
	if m.Complete() {
		return nil
	}
	ref, err := m.ref(ctx)
	if err != nil {
		return err
	}
	const past = "refs/followed/past"
	if err := m.fetch(ctx, "--unshallow", "--force", "--", m.remote.URL, "+"+ref+":"+past); err != nil {
		return fmt.Errorf("fetch the past: %w", err)
	}
	if _, err := m.ask(ctx, "update-ref", "-d", past); err != nil {
		return fmt.Errorf("fetch the past: %w", err)
	}
	return nil
}

// Tidy packs what many small fetches left, if it is much. Nobody waits for it.
func (m *Mirror) Tidy(ctx context.Context) error {
	if _, err := m.ask(ctx, "-c", "gc.auto=2000", "-c", "gc.autoPackLimit=40", "-c", "gc.autoDetach=false", "-c", "gc.writeCommitGraph=true", "gc", "--auto", "--quiet"); err != nil {
		return fmt.Errorf("pack the copy of the repository: %w", err)
	}
	return nil
}

func (m *Mirror) fetch(ctx context.Context, args ...string) error {
	_, err := m.talk(ctx, append([]string{
		"-c", "fetch.fsckObjects=true",
		// What old programs wrote into old repositories, and harms nobody.
		"-c", "fetch.fsck.zeroPaddedFilemode=ignore", "-c", "fetch.fsck.badTimezone=ignore",
		"-c", "fetch.fsck.missingSpaceBeforeDate=ignore", "-c", "fetch.fsck.missingNameBeforeEmail=ignore",
		"-c", "fetch.writeCommitGraph=false", "-c", "fetch.recurseSubmodules=no",
		"fetch", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance", "--no-show-forced-updates", "--progress",
	}, args...)...)
	return err
}

// talk runs git with the remote at the other end, for as long as that says
// something and what comes has room.
func (m *Mirror) talk(ctx context.Context, args ...string) (string, error) {
	settings, env, err := m.remote.settings()
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	clock := time.AfterFunc(m.opts.Silence, func() { cancel(context.DeadlineExceeded) })
	defer clock.Stop()
	cmd := exec.CommandContext(ctx, "git", append(append(quiet[:len(quiet):len(quiet)], settings...), args...)...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = m.gitDir(), env, 2*time.Second
	endGroup(cmd) // ssh and git-remote-https end with it
	out := answer{most: m.maxAnswer(), full: func() { cancel(ErrTooLarge) }}
	said := listener{heard: func() { clock.Reset(m.opts.Silence) }}
	cmd.Stdout, cmd.Stderr = &out, &said
	done := make(chan struct{})
	go m.watchSize(done, m.opts.MaxBytes, func() { cancel(ErrTooLarge) })
	err = cmd.Run()
	close(done)
	if err == nil {
		return out.text.String(), nil
	}
	return "", m.explain(ctx, said.said.String(), err)
}

// watchSize calls stop when the mirror has more than most bytes, until done.
func (m *Mirror) watchSize(done <-chan struct{}, most int64, stop func()) {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		if m.size() > most {
			stop()
			return
		}
	}
}

// size is how much room the objects take.
func (m *Mirror) size() (sum int64) {
	_ = filepath.WalkDir(filepath.Join(m.gitDir(), "objects"), func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return nil // it went away meanwhile
		}
		if info, err := e.Info(); err == nil {
			sum += info.Size()
		}
		return nil
	})
	return sum
}

// explain makes an error of what git said of the other side.
func (m *Mirror) explain(ctx context.Context, said string, err error) error {
	cause := context.Cause(ctx)
	switch {
	case errors.Is(cause, ErrTooLarge):
		m.removeLocks() // what came so far
		return m.tooLarge()
	case errors.Is(cause, context.DeadlineExceeded):
		return &OfflineError{fmt.Sprintf("%s says nothing for %v", m.remote.Name(), m.opts.Silence)}
	case ctx.Err() != nil:
		return ctx.Err()
	}
	text := tidy(said)
	switch {
	case strings.Contains(said, "couldn't find remote ref"), strings.Contains(said, "Couldn't find remote ref"):
		_ = os.Remove(filepath.Join(m.dir, "branch")) // HEAD may name another one by now
		return ErrBranchGone
	case strings.Contains(said, "Host key verification failed"):
		return &AddressError{"the host's key is unknown, or another than it was: " + text, "look at it with ssh-keyscan, and give it with --git-known-hosts"}
	case strings.Contains(said, "No space left on device"):
		return fmt.Errorf("fetch from %s: %s", m.remote.Name(), text)
	}
	return &OfflineError{(&gitError{"fetch from " + m.remote.Name(), text, err}).Error()}
}
