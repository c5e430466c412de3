package image

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// tripper answers requests itself.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func reply(status int, header map[string]string) *http.Response {
	h := http.Header{}
	for k, v := range header {
		h.Set(k, v)
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader("text"))}
}

// ask sends a request, reads what is answered, and says how long that took.
func ask(t *testing.T, p *polite, ctx context.Context, body io.Reader) (status int, took time.Duration, err error) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPatch, "https://r.example.org/v2/", body)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	resp, err := p.RoundTrip(r)
	if err == nil {
		status = resp.StatusCode
		_, err = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
	return status, time.Since(began), err
}

var second = remote.Backoff{Duration: time.Second, Factor: 2, Steps: 5, Cap: 30 * time.Second}

// What a registry asks to wait is waited for, within bounds, by all that is
// asked of it, and Ctrl-C ends it.
func TestPoliteWaits(t *testing.T) {
	tests := map[string]struct {
		status int
		after  func(now time.Time) string
		want   time.Duration
	}{
		"seconds":            {429, func(time.Time) string { return "7" }, 7 * time.Second},
		"a time":             {429, func(now time.Time) string { return now.Add(9 * time.Second).UTC().Format(http.TimeFormat) }, 9 * time.Second},
		"too long":           {429, func(time.Time) string { return "86400" }, maxWait},
		"not at all":         {429, func(time.Time) string { return "0" }, time.Second},
		"nothing said":       {429, func(time.Time) string { return "" }, time.Second},
		"busy":               {503, func(time.Time) string { return "4" }, 4 * time.Second},
		"broken":             {500, func(time.Time) string { return "" }, time.Second},
		"refused":            {403, func(time.Time) string { return "7" }, 0},
		"a time in the past": {429, func(now time.Time) string { return now.Add(-time.Hour).UTC().Format(http.TimeFormat) }, time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := 0
				p := &polite{pace: pace{first: second}, next: tripper(func(*http.Request) (*http.Response, error) {
					if n++; n == 1 {
						return reply(tt.status, map[string]string{"Retry-After": tt.after(time.Now())}), nil
					}
					return reply(200, nil), nil
				})}
				if status, took, err := ask(t, p, t.Context(), nil); status != tt.status || took != 0 || err != nil {
					t.Fatalf("status %d after %v, %v", status, took, err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
				defer cancel()
				if _, took, err := ask(t, p, ctx, nil); tt.want > 0 && (!errors.Is(err, context.DeadlineExceeded) || took != time.Millisecond) {
					t.Errorf("a request that was cancelled ended after %v, %v", took, err)
				}
				if tt.want > 0 {
					tt.want -= time.Millisecond
				}
				if status, took, err := ask(t, p, t.Context(), nil); status != 200 || err != nil || took != tt.want {
					t.Errorf("status %d after %v, %v; want %v", status, took, err, tt.want)
				}
			})
		})
	}
}

// Pauses grow while a registry fails, have jitter, and are short again when it
// went well for a while.
func TestPoliteBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		status := 500
		p := &polite{pace: pace{first: second}, next: tripper(func(*http.Request) (*http.Response, error) {
			return reply(status, nil), nil
		})}
		var pauses []time.Duration
		for range 8 {
			_, took, err := ask(t, p, t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			pauses = append(pauses, took)
		}
		for i, want := range []time.Duration{0, 1, 2, 4, 8} {
			if pauses[i] != want*time.Second {
				t.Errorf("pauses %v", pauses)
				break
			}
		}
		for _, d := range pauses {
			if d > second.Cap {
				t.Errorf("a pause of %v", d)
			}
		}
		status = 200
		if _, _, err := ask(t, p, t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		status = 500
		_, _, _ = ask(t, p, t.Context(), nil)
		if _, took, _ := ask(t, p, t.Context(), nil); took != time.Second {
			t.Errorf("after a good minute the first pause is %v", took)
		}
	})
	different := map[time.Duration]bool{}
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			first := second
			first.Jitter = 0.2
			p := &polite{pace: pace{first: first}, next: tripper(func(*http.Request) (*http.Response, error) { return reply(500, nil), nil })}
			_, _, _ = ask(t, p, t.Context(), nil)
			_, took, _ := ask(t, p, t.Context(), nil)
			if took < time.Second || took > 1200*time.Millisecond {
				t.Errorf("a pause of %v", took)
			}
			different[took] = true
		})
	}
	if len(different) < 2 {
		t.Error("pauses have no jitter")
	}
}

// trickle gives one byte after each pause.
type trickle struct {
	n     int
	pause time.Duration
}

func (r *trickle) Read(p []byte) (int, error) {
	if r.n == 0 {
		return 0, io.EOF
	}
	time.Sleep(r.pause)
	r.n--
	p[0] = 'x'
	return 1, nil
}

// A slow registry gets all the time it needs; one in which nothing moves is
// given up, wherever it stops.
func TestStalls(t *testing.T) {
	upload := func() io.Reader { return bytes.NewReader(make([]byte, 1000)) }
	block := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	tests := map[string]struct {
		body  io.Reader
		serve tripper
		want  time.Duration
		ok    bool
	}{
		"slow upload": {&trickle{100, 50 * time.Second}, func(r *http.Request) (*http.Response, error) {
			_, err := io.Copy(io.Discard, r.Body)
			return reply(200, nil), err
		}, 5000 * time.Second, true},
		"slow answer": {nil, func(*http.Request) (*http.Response, error) {
			resp := reply(200, nil)
			resp.Body = io.NopCloser(&trickle{100, 50 * time.Second})
			return resp, nil
		}, 5000 * time.Second, true},
		"thinks for long": {upload(), func(r *http.Request) (*http.Response, error) {
			_, err := io.Copy(io.Discard, r.Body)
			time.Sleep(answerWithin - time.Second)
			return reply(200, nil), err
		}, answerWithin - time.Second, true},
		"takes nothing": {upload(), block, stalledAfter, false},
		"takes a bit": {upload(), func(r *http.Request) (*http.Response, error) {
			time.Sleep(30 * time.Second)
			_, _ = r.Body.Read(make([]byte, 10))
			return block(r)
		}, 30*time.Second + stalledAfter, false},
		"never answers": {upload(), func(r *http.Request) (*http.Response, error) {
			_, _ = io.Copy(io.Discard, r.Body)
			return block(r)
		}, answerWithin, false},
		"never answers a question": {nil, block, answerWithin, false},
		"stops in the answer": {nil, func(r *http.Request) (*http.Response, error) {
			resp := reply(200, nil)
			resp.Body = io.NopCloser(&stuck{r.Context()})
			return resp, nil
		}, stalledAfter, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &polite{next: tt.serve}
				_, took, err := ask(t, p, t.Context(), tt.body)
				if took != tt.want {
					t.Errorf("it took %v, want %v", took, tt.want)
				}
				var stalled *stalledError
				if tt.ok && err != nil || !tt.ok && (!errors.As(err, &stalled) || !worthRetrying(err)) {
					t.Errorf("%v", err)
				}
			})
		})
	}
}

// stuck is a body that never comes.
type stuck struct{ ctx context.Context }

func (s *stuck) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, s.ctx.Err()
}
