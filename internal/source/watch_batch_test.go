package source

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// settleTime runs b until its message is ready and returns how long that took.
func settleTime(b *batch, unfinished func() bool) time.Duration {
	began := time.Now()
	for !b.ready {
		now := <-b.fired()
		b.settle(now, unfinished)
	}
	return time.Since(began)
}

func finished() bool { return false }

func TestBatchWaitsForQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b batch
		defer b.reset()
		b.touch("b", written)
		b.touch("a", written)
		b.touch("a", created)
		if took := settleTime(&b, finished); took != quiet {
			t.Errorf("ready after %v, want %v", took, quiet)
		}
		if got := b.paths(); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("paths %q", got)
		}

		// An event that comes while the message waits to be taken is added.
		b.touch("c", gone)
		if b.ready {
			t.Error("ready without quiet")
		}
		if took := settleTime(&b, finished); took != quiet {
			t.Errorf("ready after %v, want %v", took, quiet)
		}
		if got := b.paths(); !slices.Equal(got, []string{"a", "b", "c"}) {
			t.Errorf("paths %q", got)
		}
		b.touchAll()
		settleTime(&b, finished)
		if got := b.paths(); len(got) != 0 {
			t.Errorf("paths %q, want none for anything", got)
		}
	})
}

func TestBatchHasPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// Events without a pause.
		var b batch
		defer b.reset()
		began := time.Now()
		b.touch("a", written)
		busy := time.NewTicker(quiet / 2)
		defer busy.Stop()
		for !b.ready {
			select {
			case <-busy.C:
				b.touch("a", written)
			case now := <-b.fired():
				b.settle(now, finished)
			}
		}
		if took := time.Since(began); took < patience || took > patience+quiet {
			t.Errorf("ready after %v, want %v", took, patience)
		}
	})
}

func TestBatchHoldsBackUnfinishedFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b batch
		defer b.reset()
		b.touch("a", gone)
		if took := settleTime(&b, func() bool { return true }); took < patience || took > patience+quiet {
			t.Errorf("ready after %v, want %v", took, patience)
		}
		b.reset()

		began := time.Now()
		b.touch("a", gone)
		took := settleTime(&b, func() bool { return time.Since(began) < 10*time.Millisecond })
		if took < 10*time.Millisecond || took > 10*time.Millisecond+quiet {
			t.Errorf("ready after %v, want 10ms and a bit", took)
		}
	})
}
