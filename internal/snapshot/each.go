package snapshot

import (
	"context"
	"sync"
	"sync/atomic"
)

// each calls fn(from, to) for the numbers below n in pieces of at most grain,
// from up to jobs goroutines. It stops at the first error, or when ctx ends,
// and returns that.
func each(ctx context.Context, jobs, n, grain int, fn func(from, to int) error) error {
	var (
		next  atomic.Int64
		wg    sync.WaitGroup
		once  sync.Once
		first error
	)
	pieces := (n + grain - 1) / grain
	work := func() {
		for {
			piece := int(next.Add(1)) - 1
			if piece >= pieces {
				return
			}
			err := ctx.Err()
			if err == nil {
				err = fn(piece*grain, min(n, (piece+1)*grain))
			}
			if err != nil {
				next.Store(int64(pieces))
				once.Do(func() { first = err })
				return
			}
		}
	}
	for range min(jobs, pieces) {
		wg.Go(work)
	}
	wg.Wait()
	return first
}
