package server

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// serving runs s.Serve on a free port; stop ends it and returns its error.
func serving(t *testing.T, s *Server) (addr string, stop func() error) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	stop = func() error {
		cancel()
		select {
		case err := <-ended:
			ended <- err
			return err
		case <-time.After(tooLong):
			return errors.New("Serve did not return")
		}
	}
	t.Cleanup(func() { stop() })
	return ln.Addr().String(), stop
}

func TestServeEndsAtOnce(t *testing.T) {
	// A grace longer than the test may last: nothing may wait for it.
	s := New(Options{Live: true, Grace: time.Hour})
	s.Swap(Update{Snapshot: site(t, pages)})
	addr, stop := serving(t, s)
	c := listen(t, "http://"+addr, "/")
	c.next()
	fresh, err := net.Dial("tcp", addr) // as browsers do ahead of time
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	if got := rawGet(t, addr, "/"); got.StatusCode != 200 {
		t.Fatal(got.Status)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if e, ok := c.next(); ok {
		t.Errorf("an event after the end: %+v", e)
	}
	if _, err := net.Dial("tcp", addr); err == nil {
		t.Error("connections are still taken")
	}
	if n := s.streamCount(); n != 0 {
		t.Errorf("%d streams left", n)
	}
}

func TestServeGivesGrace(t *testing.T) {
	// A client that does not read its answer must not keep the server.
	s := New(Options{Grace: 50 * time.Millisecond})
	s.Swap(Update{Snapshot: site(t, map[string]string{"big.bin": strings.Repeat("x", 64<<20)})})
	addr, stop := serving(t, s)
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, requestText("/big.bin")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(c, make([]byte, 1000)); err != nil {
		t.Fatal(err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
}

func TestServeSaysWhyItEnded(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if err := New(Options{}).Serve(t.Context(), ln); !errors.Is(err, net.ErrClosed) {
		t.Errorf("%v", err)
	}
}

func TestStreamsOutliveTheReadTimeout(t *testing.T) {
	s := New(Options{Live: true})
	s.readTimeout = 30 * time.Millisecond
	s.Swap(Update{Snapshot: site(t, pages)})
	addr, _ := serving(t, s)
	c := listen(t, "http://"+addr, "/")
	c.next()
	time.Sleep(5 * s.readTimeout)
	last := site(t, map[string]string{"index.html": "last"})
	s.Swap(Update{Snapshot: last})
	if e, ok := c.next(); !ok || e.Digest != last.Digest().String() {
		t.Errorf("%v %+v", ok, e)
	}
}

func TestLimitsOnRequests(t *testing.T) {
	s := New(Options{})
	s.Swap(Update{Snapshot: site(t, pages)})
	s.readTimeout = 100 * time.Millisecond
	addr, _ := serving(t, s)
	got := ask(t, http.MethodGet, "http://"+addr, "X-Long: "+strings.Repeat("x", 2*maxHeader))
	if got.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("long headers: %d", got.StatusCode)
	}
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := c.SetReadDeadline(time.Now().Add(tooLong)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(c); err != nil {
		t.Errorf("a request that never ends is waited for: %v", err)
	}
}

func TestServeLeavesNoGoroutine(t *testing.T) {
	s := New(Options{Live: true})
	addr, stop := serving(t, s)
	loopEnded := make(chan error)
	ctx, cancel := context.WithCancel(t.Context())
	l := Loop{Server: s, Build: func(context.Context, []string) (Update, error) {
		return Update{Snapshot: site(t, pages), Next: time.Now().Add(time.Hour)}, nil
	}}
	go func() { loopEnded <- l.Run(ctx) }()
	for range 3 {
		c := listen(t, "http://"+addr, "/")
		c.next()
		defer c.close()
	}
	cancel()
	if err := <-loopEnded; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	// Shutdown returns when connections are closed, which is a moment before
	// the last of their goroutines are through.
	for end := time.Now().Add(tooLong); ; time.Sleep(time.Millisecond) {
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		left := ""
		for _, g := range strings.Split(string(stacks), "\n\n") {
			if strings.Contains(g, "net/http.(*conn).serve") || strings.Contains(g, "server.(*Server).Serve") || strings.Contains(g, "server.(*run)") {
				left = g
			}
		}
		if left == "" {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("still there:\n%s", left)
		}
	}
}
