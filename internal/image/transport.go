package image

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// How long a registry may let one wait. None of it bounds a request as a whole:
// a large layer over a slow line takes as long as it takes.
const (
	// stalledAfter is how long no byte may move in either direction.
	stalledAfter = time.Minute
	// answerWithin is how long a registry may think about a request that it has.
	answerWithin = 2 * time.Minute
	// maxWait bounds what a registry may ask to wait with Retry-After.
	maxWait = time.Minute
)

// plainError says that a registry that is not on this machine was to be spoken
// to without encryption.
type plainError struct{ host string }

func (e *plainError) Error() string { return e.host + " does not speak HTTPS" }

// polite is a transport that waits when a registry has trouble or asks for it,
// gives requests up in which nothing moves any more, and speaks plain HTTP only
// where that is allowed.
type polite struct {
	next     http.RoundTripper
	insecure bool
	pace     pace

	mu        sync.Mutex
	untrusted map[string]error // by host
}

func newTransport(insecure bool, backoff remote.Backoff) http.RoundTripper {
	return &polite{insecure: insecure, pace: pace{first: backoff}, next: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          32,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       30 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		TLSClientConfig:       &tls.Config{InsecureSkipVerify: insecure, MinVersion: tls.VersionTLS12},
	}}
}

// RoundTrip sends one request.
func (p *polite) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := p.admit(r); err != nil {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, err
	}
	began := time.Now()
	resp, err := watch(p.next, r)
	if isUntrusted(err) {
		return nil, p.distrust(r, err)
	}
	p.pace.learn(began, resp, err)
	return resp, err
}

// admit waits until the request may be sent, or says why it may not.
func (p *polite) admit(r *http.Request) error {
	if r.URL.Scheme != "https" && !p.insecure && !isLoopback(r.URL.Hostname()) {
		return &plainError{r.URL.Host}
	}
	if err := p.distrust(r, nil); err != nil {
		return err
	}
	return p.pace.wait(r.Context())
}

// distrust keeps why a host's certificate is not trusted, and returns it: what
// is asked of that host after that, be it in plain HTTP, fails for the same reason.
func (p *polite) distrust(r *http.Request, err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		return p.untrusted[r.URL.Host]
	}
	p.untrusted = map[string]error{r.URL.Host: err}
	return err
}

// pace says when the next request may be sent. Who sends requests tries again
// at once, so that a wait ends with its context; here is where it has to wait,
// and with it all others that ask the same registry.
type pace struct {
	first remote.Backoff // of a series of pauses, each longer than the one before

	mu     sync.Mutex
	series remote.Backoff
	pause  time.Duration // the last one
	until  time.Time
}

func (p *pace) wait(ctx context.Context) error {
	p.mu.Lock()
	d := time.Until(p.until)
	p.mu.Unlock()
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}

// learn lengthens the pause if a request that began after the last one failed
// in a way that may be over soon. When it went well for longer than the last
// pause, pauses are short again.
func (p *pace) learn(began time.Time, resp *http.Response, err error) {
	var asked time.Duration
	switch {
	case err != nil && !worthRetrying(err), err == nil && !isTrouble(resp.StatusCode):
		return
	case err == nil:
		asked = retryAfter(resp.Header.Get("Retry-After"), time.Now())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if began.Before(p.until) && asked == 0 {
		return // it was sent before anybody knew
	}
	if now.Sub(p.until) > p.pause {
		p.series = p.first
	}
	p.pause = max(p.series.Step(), asked)
	if until := now.Add(p.pause); until.After(p.until) {
		p.until = until
	}
}

// isTrouble reports whether a status says that the same request may work later.
func isTrouble(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// retryAfter reads the header of RFC 9110, section 10.2.3.
func retryAfter(value string, now time.Time) time.Duration {
	if n, err := strconv.Atoi(value); err == nil && n >= 0 {
		return min(time.Duration(min(n, 3600))*time.Second, maxWait)
	}
	if t, err := http.ParseTime(value); err == nil {
		return min(max(t.Sub(now), 0), maxWait)
	}
	return 0
}

// stalledError says that nothing moved for too long.
type stalledError struct {
	host string
	d    time.Duration
}

func (e *stalledError) Error() string {
	return fmt.Sprintf("%s stands still: nothing moved for %v", e.host, e.d)
}

// Timeout and Temporary make it a [net.Error] that is worth a retry.
func (e *stalledError) Timeout() bool   { return true }
func (e *stalledError) Temporary() bool { return true }

// watch sends a request and breaks it off when nothing moves any more, neither
// of what is sent nor of what is answered.
func watch(next http.RoundTripper, r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	w := &watchdog{host: r.URL.Host, ctx: ctx, cancel: cancel}
	w.wait(answerWithin)
	sent := r.WithContext(ctx)
	if r.Body != nil && r.Body != http.NoBody {
		w.wait(stalledAfter)
		sent.Body = &watched{ReadCloser: r.Body, w: w, whole: func() { w.wait(answerWithin) }}
	}
	resp, err := next.RoundTrip(sent)
	if err != nil {
		w.stop()
		return nil, w.reason(err)
	}
	w.wait(stalledAfter)
	resp.Body = &watched{ReadCloser: resp.Body, w: w, whole: w.stop, closed: w.stop}
	return resp, nil
}

// watchdog breaks a request off unless it is told to wait again.
type watchdog struct {
	host   string
	ctx    context.Context // the request's
	cancel context.CancelCauseFunc

	mu    sync.Mutex
	timer *time.Timer
	over  bool
}

// wait begins to count anew.
func (w *watchdog) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Stop()
	}
	if !w.over {
		w.timer = time.AfterFunc(d, func() { w.cancel(&stalledError{w.host, d}) })
	}
}

// stop ends the watch: all was said.
func (w *watchdog) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	w.timer.Stop()
	w.cancel(nil)
}

// reason is err, or that the watchdog is the cause of it.
func (w *watchdog) reason(err error) error {
	if stalled, ok := context.Cause(w.ctx).(*stalledError); ok {
		return stalled
	}
	return err
}

// watched is a body whose every byte is a sign of life.
type watched struct {
	io.ReadCloser
	w      *watchdog
	whole  func() // at its end
	closed func() // nil does nothing
}

func (b *watched) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	switch {
	case err == io.EOF:
		b.whole()
	case err != nil:
		err = b.w.reason(err)
	case n > 0:
		b.w.wait(stalledAfter)
	}
	return n, err
}

func (b *watched) Close() error {
	if b.closed != nil {
		b.closed()
	}
	return b.ReadCloser.Close()
}

// isLoopback reports whether only this machine can answer at host.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Unmap().IsLoopback()
}
