package gitrepo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

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
	return w.gitIn(ctx, w.dir, limit, args...)
}

// local runs git for a change that must not be broken off halfway.
func (w *Work) local(ctx context.Context, args ...string) (string, error) {
	return w.git(context.WithoutCancel(ctx), localTimeout, args...)
}

func (w *Work) gitIn(ctx context.Context, dir string, limit time.Duration, args ...string) (string, error) {
	return w.run(ctx, job{dir: dir, limit: limit, args: args})
}

// job is one run of git in a folder.
type job struct {
	dir  string
	args []string
	// stdin is what git reads.
	stdin string
	// limit is how long it may take; if talks is set, how long it may be silent.
	limit time.Duration
	talks bool
}

func (w *Work) run(ctx context.Context, j job) (string, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	clock := time.AfterFunc(j.limit, func() { cancel(context.DeadlineExceeded) })
	defer clock.Stop()
	heard := func() {}
	if j.talks {
		heard = func() { clock.Reset(j.limit) }
	}
	patience := time.Now().Add(lockPatience)
	for {
		out, said, err := w.once(ctx, j, heard)
		if err == nil {
			return out, nil
		}
		// Ctrl-C reaches git too, and sooner than it is told of here.
		if ended, ok := errors.AsType[*exec.ExitError](err); ok && ctx.Err() == nil && ended.String() == "signal: interrupt" {
			return out, context.Canceled
		}
		if ctx.Err() != nil {
			if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
				return out, &gitError{"git " + j.args[0], fmt.Sprintf("no end after %v", j.limit), context.DeadlineExceeded}
			}
			return out, ctx.Err()
		}
		if state, ok := errors.AsType[*StateError](err); ok {
			return out, state
		}
		if !strings.Contains(said, ".lock': File exists") {
			return out, &gitError{"git " + j.args[0], tidy(said), err}
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

// How much of git's words is kept, and how many count as a sign of life: the
// other side's are among them, and may have no end.
const (
	keptWords = 64 << 10
	mostWords = 16 << 20
)

// listener keeps the last of what is written and tells of every piece.
type listener struct {
	said  bytes.Buffer
	sum   int
	heard func()
}

func (l *listener) Write(p []byte) (int, error) {
	if l.sum += len(p); l.sum <= mostWords {
		l.heard()
	}
	if l.said.Len() > 2*keptWords {
		l.said.Next(l.said.Len() - keptWords)
	}
	return l.said.Write(p)
}

// maxAnswer bounds what git answers: half a million files' names, and more. A few
// objects may stand for so many that their list has no end.
const maxAnswer = 64 << 20

// answer keeps what git answers, and calls full when that is too much.
type answer struct {
	text bytes.Buffer // not embedded: its ReadFrom would know no bound
	most int64
	full func()
}

func (a *answer) Write(p []byte) (int, error) {
	if int64(a.text.Len()+len(p)) > a.most {
		a.full()
		return 0, ErrTooLarge
	}
	return a.text.Write(p)
}

// once runs git one time, and calls heard whenever it says something.
func (w *Work) once(ctx context.Context, j job, heard func()) (out, said string, err error) {
	name, err := exec.LookPath("git")
	if err != nil {
		return "", "", &StateError{"git is not installed", "install git, see https://git-scm.com"}
	}
	cmd := exec.CommandContext(ctx, name, append([]string{
		"--no-pager", "-c", "advice.detachedHead=false",
		"-c", "merge.directoryRenames=true", // a new note follows its section
	}, j.args...)...)
	cmd.Dir = j.dir
	cmd.Stdin = strings.NewReader(j.stdin)
	cmd.Env = w.environment()
	cmd.Cancel = func() error { // git takes its locks away before it ends
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			return cmd.Process.Kill()
		}
		return nil
	}
	cmd.WaitDelay = 5 * time.Second
	var stdout bytes.Buffer
	stderr := listener{heard: heard}
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	return stdout.String(), stderr.said.String(), err
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

// tidy makes git's words fit for an error: the last lines, without passwords
// and without what tells of progress.
func tidy(said string) string {
	var lines []string
	for line := range strings.FieldsFuncSeq(said, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "hint:") && !isProgress(line) {
			lines = append(lines, line)
		}
	}
	if len(lines) > 6 {
		lines = lines[len(lines)-6:]
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

// isProgress is true for a line by which git tells how far it is.
func isProgress(line string) bool {
	line = strings.TrimSpace(strings.TrimPrefix(line, "remote:"))
	if line == "" {
		return true // of the other side, which pads its lines
	}
	for _, begin := range []string{
		"Enumerating objects", "Counting objects", "Compressing objects", "Writing objects", "Receiving objects", "Unpacking objects",
		"Resolving deltas", "Delta compression", "Total ",
	} {
		if strings.HasPrefix(line, begin) {
			return true
		}
	}
	return false
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
