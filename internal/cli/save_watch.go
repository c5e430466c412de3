package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"lectern/internal/source"
)

// retries are how long `save --watch` waits before it tries the network again: at
// first, and at most.
type retries struct{ first, last time.Duration }

// usualRetries are kind to a network that many share.
func usualRetries() retries { return retries{10 * time.Second, 5 * time.Minute} }

// next is how long to wait after having waited for before.
func (r retries) next(before time.Duration) time.Duration {
	return min(max(2*before, r.first), r.last)
}

// watch saves after every change until ctx ends. What changed last is
// committed then, for it may be all that somebody wrote for a minute.
func (s *saver) watch(ctx context.Context) error {
	watching, stop := context.WithCancel(ctx)
	defer stop()
	w, err := source.Watch(watching, s.dir, source.WatchOptions{
		Warn: func(err error) { fmt.Fprintln(s.Err, s.term.paint(cyan, "warning:"), err) },
	})
	if err != nil {
		return fmt.Errorf("watch the notes: %w", err)
	}
	if err := s.say("saving what changes in %s; Ctrl-C ends it", s.shown(s.dir)); err != nil {
		return err
	}
	retry := time.Duration(0)
	timer := time.NewTimer(0) // what changed before it began
	defer timer.Stop()
	dirty := true
	for {
		select {
		case <-ctx.Done():
			stop()
			for range w.Changes() { // until the watcher has ended
			}
			if dirty {
				return s.last(context.WithoutCancel(ctx))
			}
			return nil
		case paths := <-w.Changes():
			if ctx.Err() != nil || onlyGit(paths) {
				continue
			}
			dirty = true
			timer.Reset(s.flags.delay)
		case <-timer.C:
			err := s.once(ctx)
			if ctx.Err() != nil {
				continue
			}
			dirty = err != nil
			if err != nil {
				s.printError(err)
			}
			if err == nil && !s.waiting {
				retry = 0
				continue
			}
			retry = s.retries.next(retry)
			timer.Reset(retry)
		}
	}
}

// last commits what is not yet, and leaves the network alone.
func (s *saver) last(ctx context.Context) error {
	s.flags.noPush = true
	return s.once(ctx)
}

// onlyGit is true for changes that git itself made in its folder.
func onlyGit(paths []string) bool {
	return len(paths) > 0 && !slices.ContainsFunc(paths, func(p string) bool { return p != ".git" && !strings.HasPrefix(p, ".git/") })
}
