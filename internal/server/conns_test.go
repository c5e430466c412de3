package server

import (
	"bufio"
	"context"
	"crypto/tls"
	"flag"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

var idleConns = flag.Int("idle", 200, "connections that TestIdleConnections holds open")

// serveOn runs a server until the test ends and returns its address.
func serveOn(t *testing.T, s *Server) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return ln.Addr().String()
}

// say sends text as it stands and returns the statuses of what comes back until the server
// closes the connection.
func say(t *testing.T, addr, text string) (statuses []int) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(tooLong)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(c)
	for {
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			return statuses
		}
		statuses = append(statuses, resp.StatusCode)
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			return statuses
		}
		resp.Body.Close()
		if resp.Close {
			return statuses
		}
	}
}

// What two programs could take for different requests is refused, or ends the
// connection, so that nothing is smuggled through behind it.
func TestSmuggling(t *testing.T) {
	s := New(Options{})
	s.Swap(Update{Snapshot: site(t, pages)})
	addr := serveOn(t, s)
	const next = "GET /day1/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
	for _, tt := range []struct {
		name, text string
		first      int  // status of the first answer; 0 for none
		second     bool // whether the next request may be answered
	}{
		{"two in a row", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 200, true},
		{"length and chunks", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 405, false},
		{"two lengths", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd", 400, false},
		{"a signed length", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: +4\r\n\r\nabcd", 400, false},
		{"unknown transfer", "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501, false},
		{"chunked twice", "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 501, false},
		{"space before the colon", "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400, false},
		{"a folded header", "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length: 4\r\n\r\nabcd", 405, false},
		{"two hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere\r\n\r\n", 400, false},
		{"no host", "GET / HTTP/1.1\r\n\r\n", 400, false},
		{"a host with a space", "GET / HTTP/1.1\r\nHost: local host\r\n\r\n", 400, false},
		{"a bare return in a header", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b\rX-B: c\r\n\r\n", 400, false},
		{"NUL in a header", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b\x00c\r\n\r\n", 400, false},
		{"a bad chunk", "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 405, false},
		{"a header of another name", "GET / HTTP/1.1\r\nHost: localhost\r\nX A: b\r\n\r\n", 400, false},
		{"huge headers", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", 431, false},
		{"no such version", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505, false},
		{"not HTTP", "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400, false},
	} {
		got := say(t, addr, tt.text+next)
		first := 0
		if len(got) > 0 {
			first = got[0]
		}
		if first != tt.first || (len(got) > 1 && got[1] == 200) != tt.second {
			t.Errorf("%s: answers %v", tt.name, got)
		}
	}
}

// A bare line feed ends a line for net/http, as RFC 9112 allows; then it has to
// end it everywhere, so that the request is one and the same.
func TestBareLineFeed(t *testing.T) {
	s := New(Options{})
	s.Swap(Update{Snapshot: site(t, pages)})
	if got := say(t, serveOn(t, s), "GET / HTTP/1.1\nHost: localhost\nConnection: close\n\nGET /day1/ HTTP/1.1\r\n\r\n"); len(got) != 1 || got[0] != 200 {
		t.Errorf("answers %v", got)
	}
}

func TestTraversal(t *testing.T) {
	s := New(Options{})
	s.Swap(Update{Snapshot: site(t, pages)})
	addr := serveOn(t, s)
	for _, target := range []string{
		"/../go.mod", "/day1/../../go.mod", "/%2e%2e/go.mod", "/%2e%2e%2fgo.mod", "/..%2fgo.mod", "/..%5cgo.mod", `/..\go.mod`,
		"/%252e%252e%252fgo.mod", "/%252e%252e/go.mod", "/index.html%00", "/index.html%00.css", "/%c0%ae%c0%ae/go.mod", "/%e0%80%ae/",
		"//etc/passwd", "/day1//", "/./index.html", "/day1/.", "/day1/..", "/;/../go.mod", "/..;/go.mod", "/%", "/%zz", "/day1%2findex.html",
		"/.lectern-manifest.json", "/.git/config", "/" + strings.Repeat("a/", 4000), "/c:/windows", "/day1/::$DATA", "http://localhost/../go.mod",
	} {
		if got := rawGet(t, addr, target); got.StatusCode != http.StatusBadRequest && got.StatusCode != http.StatusNotFound {
			t.Errorf("%.50q: %d", target, got.StatusCode)
		}
	}
}

func TestTimeouts(t *testing.T) {
	s := New(Options{})
	s.Swap(Update{Snapshot: site(t, pages)})
	s.headerTimeout, s.readTimeout = 100*time.Millisecond, 100*time.Millisecond
	addr := serveOn(t, s)
	for name, text := range map[string]string{
		"nothing":       "",
		"half a header": "GET / HTTP/1.1\r\nHost: local",
		"half a body":   "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc",
	} {
		for _, status := range say(t, addr, text) { // it returns because the server closes
			if status < 400 {
				t.Errorf("%s: %d", name, status)
			}
		}
	}
}

// Whoever waits longest for nothing makes room for who has a request.
func TestMaxConnections(t *testing.T) {
	s := New(Options{MaxConnections: 3})
	s.Swap(Update{Snapshot: site(t, pages)})
	addr := serveOn(t, s)
	var idle []net.Conn
	for range 10 {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		if err := c.SetDeadline(time.Now().Add(tooLong)); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%v", err)
		}
		idle = append(idle, c)
	}
	if n := s.Connections(); n > 3 {
		t.Errorf("%d connections are open", n)
	}
	rest := bufio.NewReader(idle[0])
	if _, err := io.Copy(io.Discard, rest); err != nil {
		t.Logf("the first was closed: %v", err) // at once or with a reset
	}
}

// A server with many idle connections answers as without. -idle 10000 for the
// whole of it (ulimit -n has to allow twice as many).
func TestIdleConnections(t *testing.T) {
	s := New(Options{})
	s.Swap(Update{Snapshot: site(t, pages)})
	addr := serveOn(t, s)
	for range *idleConns {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	for range 20 {
		if got := rawGet(t, addr, "/"); got.StatusCode != 200 {
			t.Fatalf("%d", got.StatusCode)
		}
	}
}

func TestHTTP2(t *testing.T) {
	s := New(Options{})
	s.Swap(Update{Snapshot: site(t, pages)})
	var clear http.Protocols
	clear.SetUnencryptedHTTP2(true)
	client := &http.Client{Transport: &http.Transport{Protocols: &clear}}
	defer client.CloseIdleConnections()
	get := func(client *http.Client, url string) {
		t.Helper()
		resp, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.ProtoMajor != 2 || string(body) != pages["index.html"] {
			t.Errorf("%s: %s %q %v", url, resp.Proto, body, err)
		}
	}
	get(client, "http://"+serveOn(t, s)+"/")

	cert := httptest.NewTLSServer(nil)
	defer cert.Close()
	tlsServer := New(Options{TLS: &tls.Config{Certificates: cert.TLS.Certificates}, MaxConnections: 2})
	tlsServer.Swap(Update{Snapshot: site(t, pages)})
	addr := serveOn(t, tlsServer)
	for range 5 { // more than there is room for
		secure := cert.Client()
		secure = &http.Client{Transport: &http.Transport{TLSClientConfig: secure.Transport.(*http.Transport).TLSClientConfig, ForceAttemptHTTP2: true}}
		get(secure, "https://"+addr+"/")
		defer secure.CloseIdleConnections()
	}
}
