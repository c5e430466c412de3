package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"lectern/internal/history"
)

// NoHistoryError says why a folder has no history. It is no failure.
type NoHistoryError struct {
	// Why is a clause for a person: "it lies in no git repository".
	Why string
}

func (e *NoHistoryError) Error() string { return "no history: " + e.Why }

// Repo is the history of one project's folder. Its methods may be called by one
// goroutine at a time, but for [Repo.Stamp], which any may call.
type Repo struct {
	dir string
	// cache is the folder that keeps what commits changed; "" keeps it in memory alone.
	cache string
	known map[history.ID]*history.Commit // of the commits asked about so far

	mu    sync.Mutex
	place *place
}

// place is where a repository keeps what, and the folder in it.
type place struct {
	// gitDir has HEAD, commonDir (the same but for a linked worktree) the refs.
	gitDir, commonDir string
	// prefix is the folder's path in the repository, with a slash behind; "" is its root.
	prefix  string
	shallow bool
	head    string
}

// Open returns the history of the folder dir. What it finds out about commits,
// which never changes, it keeps in the folder cache, unless that is "".
func Open(dir, cache string) *Repo {
	return &Repo{dir: dir, cache: cache, known: map[history.ID]*history.Commit{}}
}

// find asks git where it keeps the repository of the folder and what is
// checked out there now.
func (r *Repo) find(ctx context.Context) (*place, error) {
	if _, err := exec.LookPath("git"); err != nil {
		return nil, &NoHistoryError{"git is not installed"}
	}
	out, err := run(ctx, r.dir, "rev-parse", "--is-shallow-repository", "--absolute-git-dir", "--git-common-dir", "--show-prefix")
	if errors.Is(err, errNoHistory) {
		return nil, &NoHistoryError{"the folder lies in no git repository"}
	}
	if err != nil {
		return nil, fmt.Errorf("ask git for the repository of %s: %w", r.dir, err)
	}
	// The prefix comes last and is absent at the root; run has trimmed the end.
	lines := strings.SplitN(out, "\n", 4)
	if len(lines) < 3 || strings.Contains(strings.Join(lines[3:], ""), "\n") {
		return nil, fmt.Errorf("ask git for the repository of %s: %q is no answer", r.dir, out)
	}
	p := &place{shallow: lines[0] == "true", gitDir: lines[1], commonDir: lines[2]}
	if !filepath.IsAbs(p.commonDir) {
		p.commonDir = filepath.Join(r.dir, p.commonDir)
	}
	if len(lines) == 4 {
		p.prefix = lines[3]
	}
	r.mu.Lock()
	r.place = p
	r.mu.Unlock()
	p.head, err = run(ctx, r.dir, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, &NoHistoryError{"nothing is committed yet"}
	}
	return p, nil
}

// Stamp says, without asking git, what can be seen of which commit is checked
// out: while it stays the same, so has the history. It is "" before the first
// [Repo.History] and where there is no repository.
func (r *Repo) Stamp() string {
	r.mu.Lock()
	p := r.place
	r.mu.Unlock()
	if p == nil {
		return ""
	}
	head := readSmall(filepath.Join(p.gitDir, "HEAD"))
	var b strings.Builder
	b.WriteString(head)
	if ref, ok := strings.CutPrefix(head, "ref: "); ok && filepath.IsLocal(filepath.FromSlash(ref)) {
		b.WriteString("\n" + readSmall(filepath.Join(p.commonDir, filepath.FromSlash(ref))))
	}
	// A ref that has no file of its own stands in one of the first; the last says
	// where the history ends.
	for _, name := range []string{"packed-refs", "reftable/tables.list", "shallow"} {
		if info, err := os.Stat(filepath.Join(p.commonDir, filepath.FromSlash(name))); err == nil {
			fmt.Fprintf(&b, "\n%d %d", info.Size(), info.ModTime().UnixNano())
		}
	}
	return b.String()
}

// readSmall returns the first line of a small file, "" where it can't be read.
func readSmall(name string) string {
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	buf := make([]byte, 512)
	n, _ := f.Read(buf) // what can't be read is as good as empty
	line, _, _ := strings.Cut(string(buf[:n]), "\n")
	return strings.TrimSpace(line)
}
