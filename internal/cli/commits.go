package cli

import (
	"context"
	"time"
)

// commitPace is how often `serve` looks whether another commit is checked out.
// A look reads a few small files, and nobody waits for it.
const commitPace = time.Second

// watchCommits tells when another commit is checked out: the files of the
// project may stay as they are, but there is more history. The channel is never
// closed.
func (s *session) watchCommits(ctx context.Context) <-chan []string {
	changes := make(chan []string)
	go func() {
		tick := time.NewTicker(commitPace)
		defer tick.Stop()
		seen := ""
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			now := s.repo.Stamp()
			if now == seen {
				continue
			}
			seen = now
			select {
			case <-ctx.Done():
				return
			case changes <- []string{".git"}:
			}
		}
	}()
	return changes
}

// either passes on what comes from files and from commits; it is closed when
// files is.
func either(ctx context.Context, files, commits <-chan []string) <-chan []string {
	out := make(chan []string)
	go func() {
		defer close(out)
		for {
			var paths []string
			var ok bool
			select {
			case paths, ok = <-files:
				if !ok {
					return
				}
			case paths = <-commits:
			}
			select {
			case out <- paths:
			case <-ctx.Done():
			}
		}
	}()
	return out
}
