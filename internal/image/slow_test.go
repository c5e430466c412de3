package image

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"
)

// dripping is a body of which some bytes come at each pause.
type dripping struct {
	ctx   context.Context
	pause time.Duration
	bytes int
	left  int
}

func (t *dripping) Read(p []byte) (int, error) {
	if t.left == 0 {
		return 0, io.EOF
	}
	select {
	case <-t.ctx.Done():
		return 0, t.ctx.Err()
	case <-time.After(t.pause):
	}
	n := min(t.bytes, len(p), t.left)
	t.left -= n
	return n, nil
}

func (t *dripping) Close() error { return nil }

func TestPaced(t *testing.T) {
	for name, tt := range map[string]struct {
		pause time.Duration
		bytes int
		good  bool
	}{
		"quick":          {0, 16 << 10, true},
		"slow, steadily": {10 * time.Second, 8 << 10, true},
		"byte by byte":   {time.Second, 1, false},
		"never":          {1000 * time.Hour, 1, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			r, err := openPaced(t.Context(), time.Minute, func(ctx context.Context) (io.ReadCloser, error) {
				return &dripping{ctx, tt.pause, tt.bytes, 1 << 20}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			n, err := io.Copy(io.Discard, r)
			var slow *slowError
			if tt.good != (err == nil) || tt.good && n != 1<<20 || !tt.good && !errors.As(err, &slow) {
				t.Errorf("%s: %d bytes, %v", name, n, err)
			}
			if !tt.good && time.Since(start) > 2*time.Minute {
				t.Errorf("%s: given up after %v", name, time.Since(start))
			}
		})
	}
	// One that never begins.
	synctest.Test(t, func(t *testing.T) {
		_, err := openPaced(t.Context(), time.Minute, func(ctx context.Context) (io.ReadCloser, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})
		var slow *slowError
		if !errors.As(err, &slow) {
			t.Errorf("%v", err)
		}
	})
	// One that is cancelled is not slow.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := openPaced(ctx, time.Minute, func(ctx context.Context) (io.ReadCloser, error) { return nil, ctx.Err() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
