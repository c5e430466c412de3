package gitrepo

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"lectern/internal/history"
)

// History is what the repository knows of the project's folder.
type History struct {
	// Head is the commit that is checked out.
	Head string
	// Shallow is true where the repository has not all of its past; Commits is empty then.
	Shallow bool
	// Commits are those that changed anything in the folder, the newest first, as
	// git orders them; merges are not among them.
	Commits []history.Commit
	// Cut is true where there are more than [MaxCommits].
	Cut bool
}

const (
	// MaxCommits is how many commits are looked at, from the newest on: 100,000
	// take two seconds when nothing is kept of them.
	MaxCommits = 100_000
	// maxChanges is how many files of one commit are kept.
	maxChanges = 50_000
	// historyTimeout bounds the whole, for repositories beyond all measure.
	historyTimeout = 2 * time.Minute
)

// ErrSlow says that the history could not be read in the time that it may take.
// What was read is kept, so that the next attempt gets further.
var ErrSlow = fmt.Errorf("it takes longer than %v", historyTimeout)

// Options of [Repo.History]; the zero value works.
type HistoryOptions struct {
	// MaxCommits, unless 0, is used instead of the constant.
	MaxCommits int
	// Progress, if set, is told how many of the commits have been looked at.
	Progress func(done, total int)
}

// History reads what changed in the folder. The error is a [NoHistoryError]
// where there is nothing to read.
func (r *Repo) History(ctx context.Context, opts HistoryOptions) (*History, error) {
	p, err := r.find(ctx)
	if err != nil {
		return nil, err
	}
	h := &History{Head: p.head, Shallow: p.shallow}
	if p.shallow {
		return h, nil
	}
	if opts.MaxCommits <= 0 {
		opts.MaxCommits = MaxCommits
	}
	timed, cancel := context.WithTimeout(ctx, historyTimeout)
	defer cancel()
	ids, err := r.list(timed, p, opts.MaxCommits+1)
	if err == nil {
		h.Cut = len(ids) > opts.MaxCommits
		ids = ids[:min(len(ids), opts.MaxCommits)]
		err = r.look(timed, p, ids, opts.Progress)
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(timed.Err(), context.DeadlineExceeded):
		return nil, ErrSlow
	case err != nil:
		return nil, fmt.Errorf("read the history of %s: %w", r.dir, err)
	}
	for _, id := range ids {
		if c := r.known[id]; c != nil && (len(c.Files) > 0 || c.Partial) {
			h.Commits = append(h.Commits, *c)
		}
	}
	if len(h.Commits) == 0 {
		return nil, &NoHistoryError{"nothing in the folder has been committed"}
	}
	return h, nil
}

// list returns the newest commits that are no merges.
func (r *Repo) list(ctx context.Context, p *place, most int) ([]history.ID, error) {
	out, err := runFor(ctx, r.dir, "rev-list", "--no-merges", fmt.Sprintf("--max-count=%d", most), p.head, "--")
	if err != nil {
		return nil, err
	}
	ids := make([]history.ID, 0, len(out)/41+1)
	for line := range strings.Lines(out) {
		id, err := parseID(strings.TrimSpace(line))
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// look sees to it that all ids are known: from memory, from the cache, from git.
func (r *Repo) look(ctx context.Context, p *place, ids []history.ID, progress func(done, total int)) (err error) {
	missing := r.unknown(ids)
	if len(missing) == 0 {
		return nil
	}
	store := openStore(r.cache, p)
	store.load(missing, r.known)
	missing = r.unknown(missing)
	if len(missing) == 0 {
		return nil
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	done := len(ids) - len(missing)
	var fresh []*history.Commit
	// What is known is kept even if the rest can't be had.
	defer func() { store.add(fresh) }()
	return r.diff(ctx, p, missing, func(c *history.Commit) {
		fresh = append(fresh, c)
		r.known[c.ID] = c
		if done++; done%512 == 0 || done == len(ids) {
			progress(done, len(ids))
		}
	})
}

func (r *Repo) unknown(ids []history.ID) []history.ID {
	var out []history.ID
	for _, id := range ids {
		if r.known[id] == nil {
			out = append(out, id)
		}
	}
	return out
}

func parseID(s string) (history.ID, error) {
	raw, err := hex.DecodeString(s)
	if err != nil || len(raw) != 20 && len(raw) != 32 {
		return "", fmt.Errorf("git gave %q for the name of an object", clip(s))
	}
	return history.ID(raw), nil
}

// clip shortens what git said for a message.
func clip(s string) string { return s[:min(len(s), 80)] }
