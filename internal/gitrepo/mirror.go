package gitrepo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Mirror is a copy of one branch of another repository, kept in a folder, and
// the files of one of its commits.
//
// The other repository is not trusted. Git does the transport, checks each
// object that comes (so that no name such as .git can hide in a tree), runs no
// hook, follows no submodule, and is ended when it takes more room or time than
// it may. The files are written by this package, out of git's objects alone: no
// filter, no attribute and no conversion of line ends changes them, and an
// os.Root keeps them in their folder. Symbolic links are made as they are: who
// reads the files must not follow them out of it.
//
// The folder may be deleted whenever no process uses it. A process that is
// killed leaves nothing that the next one trusts: the first [Mirror.Checkout]
// compares all files with what they should be.
type Mirror struct {
	dir    string // absolute
	shared string // the repository's folder, where it is another mirror's
	remote Remote
	opts   MirrorOptions

	root *os.Root // of the files
	// now is what the files are of; entries is nil before the first check-out.
	now     string
	entries map[string]entry

	fetching, deepening sync.Mutex
	refused             string // the commit that was too large
	objects             objects
}

// MirrorOptions of [OpenMirror]; the zero value works.
type MirrorOptions struct {
	// Branch is followed; "" is the one that the repository's HEAD names.
	Branch string
	// Path is a folder of the repository, by slashes: nothing else is checked out.
	Path string
	// MaxBytes bounds both what is fetched and the files of one commit; 0 is 2 GB.
	MaxBytes int64
	// Silence is how long the other side may say nothing; 0 is a minute.
	Silence time.Duration
}

// The errors that say what is the matter with the other repository.
var (
	// ErrBranchGone says that it has no such branch (any more).
	ErrBranchGone = errors.New("the repository has no such branch")
	// ErrTooLarge says that it takes more room than it may.
	ErrTooLarge = errors.New("the repository is larger than allowed")
	// ErrNoFolder says that the commit has no such folder.
	ErrNoFolder = errors.New("the commit has no such folder")
)

// OpenMirror opens the mirror of remote in the folder dir, and makes it where it
// is not there yet. It does not speak to the remote.
func OpenMirror(ctx context.Context, dir string, remote Remote, opts MirrorOptions) (*Mirror, error) {
	if err := remote.check(); err != nil {
		return nil, err
	}
	if opts.MaxBytes <= 0 {
		opts.MaxBytes = 2e9
	}
	if opts.Silence <= 0 {
		opts.Silence = networkSilence
	}
	if opts.Path != "" && (!fs.ValidPath(opts.Path) || opts.Path == ".") {
		return nil, &AddressError{fmt.Sprintf("%q is no folder of a repository", opts.Path), "write it with slashes, from the repository's root"}
	}
	if strings.HasPrefix(opts.Branch, "-") || strings.ContainsAny(opts.Branch, " :^~?*[\\\n") {
		return nil, &AddressError{fmt.Sprintf("%q is no name of a branch", opts.Branch), ""}
	}
	if _, err := exec.LookPath("git"); err != nil {
		return nil, &StateError{"git is not installed", "install git, see https://git-scm.com"}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	m := &Mirror{dir: dir, remote: remote, opts: opts}
	m.objects.m = m
	if err := os.MkdirAll(m.files(), 0o700); err != nil {
		return nil, fmt.Errorf("make the copy of the repository: %w", err)
	}
	if _, err := os.Stat(filepath.Join(m.gitDir(), "HEAD")); err != nil {
		if err := m.init(ctx, "sha1"); err != nil {
			return nil, err
		}
	}
	m.removeLocks()
	if m.root, err = os.OpenRoot(m.files()); err != nil {
		return nil, fmt.Errorf("open the copy of the repository: %w", err)
	}
	return m, nil
}

// init makes an empty repository, in one step; format is how it names objects.
func (m *Mirror) init(ctx context.Context, format string) error {
	temp := m.gitDir() + ".new"
	if err := errors.Join(os.RemoveAll(temp), os.RemoveAll(m.gitDir())); err != nil {
		return fmt.Errorf("make the copy of the repository: %w", err)
	}
	if _, err := m.local(ctx, m.dir, nil, "init", "--quiet", "--bare", "--template=", "--object-format="+format, temp); err != nil {
		return fmt.Errorf("make the copy of the repository: %w", err)
	}
	// Not bare: the files beside it are its working tree.
	if _, err := m.local(ctx, m.dir, nil, "--git-dir="+temp, "config", "core.bare", "false"); err != nil {
		return fmt.Errorf("make the copy of the repository: %w", err)
	}
	if err := os.Rename(temp, m.gitDir()); err != nil {
		return fmt.Errorf("make the copy of the repository: %w", err)
	}
	return nil
}

// removeLocks takes away what a killed git left. The caller owns the folder, so
// that nobody else is at work.
func (m *Mirror) removeLocks() {
	for _, pattern := range []string{"*.lock", "refs/heads/*.lock", "refs/followed/*.lock", "refs/beside/*.lock", "objects/pack/tmp_*", "objects/pack/*.lock", "objects/??/tmp_obj_*", "objects/tmp_*", "objects/info/*.lock", "objects/tmp_objdir-*"} {
		names, _ := filepath.Glob(filepath.Join(m.gitDir(), filepath.FromSlash(pattern))) // the pattern is right
		for _, name := range names {
			_ = os.RemoveAll(name) // what stays makes git say so
		}
	}
}

func (m *Mirror) gitDir() string { return cmp.Or(m.shared, filepath.Join(m.dir, "git")) }
func (m *Mirror) files() string  { return filepath.Join(m.dir, "files") }

// Dir is the folder of the files that were checked out, without regard to
// [MirrorOptions.Path].
func (m *Mirror) Dir() string { return m.files() }

// Project is the folder of the notes: that of the files, or a folder in it.
func (m *Mirror) Project() string {
	return filepath.Join(m.files(), filepath.FromSlash(m.opts.Path))
}

// Remote is the repository that is followed.
func (m *Mirror) Remote() *Remote { return &m.remote }

// Close ends what git still runs.
func (m *Mirror) Close() error {
	m.objects.close()
	return m.root.Close()
}

// quiet are settings under which git does nothing by itself.
var quiet = []string{
	"--no-pager", "--no-replace-objects", "-c", "core.hooksPath=" + os.DevNull, "-c", "core.fsmonitor=false",
	"-c", "credential.helper=", "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "core.bigFileThreshold=8m",
	"-c", "advice.detachedHead=false", "-c", "core.compression=1",
}

// local runs git on the mirror alone.
func (m *Mirror) local(ctx context.Context, dir string, stdin io.Reader, args ...string) (string, error) {
	ctx, stop := context.WithTimeout(ctx, localTimeout)
	defer stop()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	out := answer{most: m.maxAnswer(), full: func() { cancel(ErrTooLarge) }}
	said := listener{heard: func() {}}
	cmd := exec.CommandContext(ctx, "git", append(quiet[:len(quiet):len(quiet)], args...)...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, stdin, &out, &said
	cmd.Env, cmd.WaitDelay = environment(os.Environ()), time.Second
	if err := cmd.Run(); err != nil {
		if errors.Is(context.Cause(ctx), ErrTooLarge) {
			return "", fmt.Errorf("%w: git %s answers more than %d MB", ErrTooLarge, args[0], m.maxAnswer()/1e6)
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", &gitError{"git " + args[0], tidy(said.said.String()), err}
	}
	return out.text.String(), nil
}

// maxAnswer is how much git may answer: no more than the files themselves may take.
func (m *Mirror) maxAnswer() int64 { return min(maxAnswer, max(m.opts.MaxBytes, 1<<20)) }

// ask runs git in the mirror.
func (m *Mirror) ask(ctx context.Context, args ...string) (string, error) {
	return m.local(ctx, m.gitDir(), nil, args...)
}

// Commit is what a commit says of itself.
type Commit struct {
	ID, Subject, Author string
	Time                time.Time
}

// Describe returns what a commit says of itself.
func (m *Mirror) Describe(ctx context.Context, id string) (Commit, error) {
	c := Commit{ID: id}
	kind, data, err := m.objects.read(ctx, id, 1<<20)
	if err == nil && kind != "commit" {
		err = errors.New("it is a " + kind)
	}
	if err != nil {
		return c, fmt.Errorf("read commit %s: %w", id, err)
	}
	head, message, _ := strings.Cut(string(data), "\n\n")
	for field := range strings.SplitSeq(head, "\n") {
		key, value, _ := strings.Cut(field, " ")
		name, when, ok := strings.Cut(value, "> ")
		if !ok {
			continue
		}
		switch key {
		case "author":
			name, _, _ = strings.Cut(name, " <")
			c.Author = line([]byte(name), maxAuthor)
		case "committer":
			c.Time, _ = parseDate(when) // one without a time has none
		}
	}
	subject, _, _ := strings.Cut(strings.TrimLeft(message, "\n"), "\n\n")
	c.Subject = line([]byte(subject), maxSubject)
	return c, nil
}
