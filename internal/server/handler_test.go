package server

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lectern/internal/diag"
	"lectern/internal/snapshot"
)

// diskFile is a snapshot.Source of a real file.
type diskFile struct {
	path string
	size int64
}

func (f diskFile) Open() (io.ReadSeekCloser, error) { return os.Open(f.path) }
func (f diskFile) Size() int64                      { return f.size }

// site makes a snapshot of pages in memory. A page's body is made of two parts.
func site(t testing.TB, pages map[string]string, more ...*snapshot.File) *snapshot.Snapshot {
	t.Helper()
	files := more
	for path, text := range pages {
		half := len(text) / 2
		body := snapshot.MakeBody([]byte(text[:half]), []byte(text[half:]))
		files = append(files, &snapshot.File{Path: path, Hash: body.Hash(), Body: body})
	}
	snap, err := snapshot.New(files)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// onDisk writes a file and returns it as one of a snapshot.
func onDisk(t testing.TB, path, text string) (*snapshot.File, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return &snapshot.File{Path: path, Hash: sha256.Sum256([]byte(text)), Source: diskFile{name, int64(len(text))}}, name
}

var pages = map[string]string{
	"index.html":                     "<!doctype html><body>home</body>",
	"day1/index.html":                "<!doctype html><body>day one</body>",
	"day1/größe/index.html":          "<!doctype html><body>größe</body>",
	"a:b/index.html":                 "<!doctype html><body>colon</body>",
	"404.html":                       "<!doctype html><body>no such page</body>",
	"de/404.html":                    "<!doctype html><body>keine solche Seite</body>",
	"index.xml":                      "<rss></rss>",
	"plain":                          "no extension",
	"lectern/theme.0123abcdef89.css": "body{}",
	"lectern/mermaid-frame.0123abcdef89.html": "<!doctype html><body>frame</body>",
	"css/own.css": "p{}",
}

// start serves a new server over real HTTP.
func start(t testing.TB, opts Options, u Update) (*Server, *httptest.Server) {
	t.Helper()
	s := New(opts)
	if u.Snapshot != nil {
		s.Swap(u)
	}
	hs := httptest.NewServer(s)
	t.Cleanup(func() {
		s.Close()
		hs.Close()
	})
	return s, hs
}

type answer struct {
	*http.Response
	body string
}

// ask sends one request without following redirects. Headers are "Name: value".
func ask(t testing.TB, method, url string, headers ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if name == "Host" {
			req.Host = value
		}
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp, string(body)}
}

func TestAddresses(t *testing.T) {
	_, hs := start(t, Options{}, Update{Snapshot: site(t, pages)})
	for _, tc := range []struct {
		path     string
		status   int
		body     string
		location string
	}{
		{"/", 200, pages["index.html"], ""},
		{"/index.html", 200, pages["index.html"], ""},
		{"/day1/", 200, pages["day1/index.html"], ""},
		{"/day1", 308, "", "./day1/"},
		{"/day1?x=1&y=%2F", 308, "", "./day1/?x=1&y=%2F"},
		{"/day1/gr%C3%B6%C3%9Fe", 308, "", "./gr%C3%B6%C3%9Fe/"},
		{"/day1/gr%C3%B6%C3%9Fe/", 200, pages["day1/größe/index.html"], ""},
		{"/a:b", 308, "", "./a:b/"},
		{"/index.xml", 200, pages["index.xml"], ""},
		{"/plain", 200, pages["plain"], ""},
		{"/plain/", 404, pages["404.html"], ""},
		{"/missing", 404, pages["404.html"], ""},
		{"/missing/", 404, pages["404.html"], ""},
		{"/de/missing", 404, pages["de/404.html"], ""},
		{"/de/day1/missing/", 404, pages["de/404.html"], ""},
		{"/dex/missing", 404, pages["404.html"], ""},
		{"/day1/index.html/", 404, pages["404.html"], ""},
		{"/%252e%252e/etc/passwd", 404, pages["404.html"], ""},
		{"/day1/../index.html", 400, "", ""},
		{"/..", 400, "", ""},
		{"/%2e%2e/etc/passwd", 400, "", ""},
		{"/day1/%2e/", 400, "", ""},
		{"/day1//", 400, "", ""},
		{"//example.com/", 400, "", ""},
		{"//example.com", 400, "", ""},
		{"/day1%2findex.html", 400, "", ""},
		{"/..%2f..%2fetc/passwd", 400, "", ""},
		{"/day1%5cindex.html", 400, "", ""},
		{"/day1/%00", 400, "", ""},
		{"/%0d%0aX: y", 400, "", ""},
		{"/%ff", 400, "", ""},
		{"/" + strings.Repeat("x", maxPath+1), 400, "", ""},
	} {
		// The request is written by hand: a client would clean some of these paths.
		got := rawGet(t, hs.Listener.Addr().String(), tc.path)
		if got.StatusCode != tc.status {
			t.Errorf("%s: status %d, want %d", tc.path, got.StatusCode, tc.status)
			continue
		}
		if tc.body != "" && got.body != tc.body {
			t.Errorf("%s: body %q", tc.path, got.body)
		}
		if l := got.Header.Get("Location"); l != tc.location {
			t.Errorf("%s: to %q, want %q", tc.path, l, tc.location)
		}
	}
}

func TestHeaders(t *testing.T) {
	deck, _ := onDisk(t, "slides/index.html", "<!doctype html><script>1</script>")
	picture, _ := onDisk(t, "_img/x.SVG", "<svg/>")
	_, hs := start(t, Options{FilePolicy: FilePolicy}, Update{Snapshot: site(t, pages, deck, picture)})
	for _, tc := range []struct{ path, ctype, cache, policy string }{
		{"/", "text/html; charset=utf-8", "no-cache", Policy},
		{"/missing", "text/html; charset=utf-8", "no-cache", Policy},
		{"/slides/", "text/html; charset=utf-8", "no-cache", FilePolicy},
		{"/index.xml", "application/xml; charset=utf-8", "no-cache", Policy},
		{"/_img/x.SVG", "image/svg+xml", "no-cache", drawingPolicy},
		{"/plain", "application/octet-stream", "no-cache", ""},
		{"/css/own.css", "text/css; charset=utf-8", "no-cache", ""},
		{"/lectern/theme.0123abcdef89.css", "text/css; charset=utf-8", cacheForever, ""},
		{"/lectern/mermaid-frame.0123abcdef89.html", "text/html; charset=utf-8", cacheForever, framePolicy},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			got := ask(t, method, hs.URL+tc.path)
			for name, want := range map[string]string{
				"Content-Type": tc.ctype, "Cache-Control": tc.cache, "Content-Security-Policy": tc.policy,
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin",
			} {
				if v := got.Header.Get(name); v != want {
					t.Errorf("%s %s: %s: %q, want %q", method, tc.path, name, v, want)
				}
			}
			if method == "HEAD" && (got.body != "" || got.ContentLength <= 0) {
				t.Errorf("HEAD %s: %d bytes sent, %d said", tc.path, len(got.body), got.ContentLength)
			}
		}
	}
	if strings.Contains(Policy, "script-src") || !strings.Contains(Policy, "default-src 'self'; style-src 'self';") {
		t.Errorf("scripts or styles may be inline: %s", Policy)
	}
}

func TestHashedNames(t *testing.T) {
	for name, want := range map[string]string{
		"lectern/theme.0123abcdef89.css":    cacheForever,
		"lectern/theme-K3QZ7ABC.js":         cacheForever,
		"lectern/fonts/x.0123abcdef89.woff": cacheForever,
		"lectern/theme.css":                 cacheAsk,
		"lectern/mermaid-frame.html":        cacheAsk,
		"lectern/highlighted-defaced.css":   cacheAsk,
		"day1/theme.0123abcdef89.css":       cacheAsk,
		"0123abcdef89.css":                  cacheAsk,
	} {
		if got := cacheControl(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestConditions(t *testing.T) {
	picture, _ := onDisk(t, "x.png", "0123456789")
	_, hs := start(t, Options{}, Update{Snapshot: site(t, pages, picture)})
	for _, path := range []string{"/plain", "/x.png"} {
		tag := ask(t, "GET", hs.URL+path).Header.Get("ETag")
		if len(tag) != 34 || strings.HasPrefix(tag, "W/") {
			t.Fatalf("%s: entity tag %s", path, tag)
		}
		whole := map[string]string{"/plain": pages["plain"], "/x.png": "0123456789"}[path]
		for _, tc := range []struct {
			header string
			status int
			body   string
		}{
			{"If-None-Match: " + tag, 304, ""},
			{"If-None-Match: W/" + tag, 304, ""},
			{`If-None-Match: "other", ` + tag, 304, ""},
			{"If-None-Match: *", 304, ""},
			{`If-None-Match: "other"`, 200, whole},
			{"If-Match: " + tag, 200, whole},
			{`If-Match: "other"`, 412, ""},
			{"Range: bytes=2-4", 206, whole[2:5]},
			{"Range: bytes=-3", 206, whole[len(whole)-3:]},
			{"Range: bytes=1000-", 416, ""},
			{"Range: lines=1-2", 416, ""},
		} {
			got := ask(t, "GET", hs.URL+path, tc.header)
			if got.StatusCode != tc.status || tc.body != "" && got.body != tc.body {
				t.Errorf("%s with %s: %d %q, want %d %q", path, tc.header, got.StatusCode, got.body, tc.status, tc.body)
			}
			if tc.status == 304 && (got.Header.Get("ETag") != tag || got.body != "") {
				t.Errorf("%s with %s: tag %s, body %q", path, tc.header, got.Header.Get("ETag"), got.body)
			}
		}
		if got := ask(t, "GET", hs.URL+path, `If-Range: "other"`, "Range: bytes=2-4"); got.StatusCode != 200 {
			t.Errorf("%s: a range of another content: %d", path, got.StatusCode)
		}
	}
	tag := ask(t, "GET", hs.URL+"/missing").Header.Get("ETag")
	if got := ask(t, "GET", hs.URL+"/missing", "If-None-Match: "+tag); got.StatusCode != 404 || got.body != pages["404.html"] {
		t.Errorf("a missing page, asked for again: %d %q", got.StatusCode, got.body)
	}
}

func TestMethods(t *testing.T) {
	_, hs := start(t, Options{Live: true}, Update{Snapshot: site(t, pages)})
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"} {
		for _, path := range []string{"/", "/_lectern/events"} {
			got := ask(t, method, hs.URL+path)
			if got.StatusCode != 405 || got.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: %d, Allow: %q", method, path, got.StatusCode, got.Header.Get("Allow"))
			}
		}
	}
}

func TestHosts(t *testing.T) {
	_, hs := start(t, Options{Live: true, Hosts: LoopbackHosts("notes.test")}, Update{Snapshot: site(t, pages)})
	for host, status := range map[string]int{
		"localhost": 200, "localhost:1313": 200, "LOCALHOST:1": 200, "localhost.:80": 200, "127.0.0.1:1313": 200,
		"[::1]:1313": 200, "[::1]": 200, "notes.test:80": 200,
		"evil.example": 421, "evil.example:1313": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421,
		"0.0.0.0:1313": 421, "192.168.1.2": 421,
	} {
		for _, path := range []string{"/", "/_lectern/live.js", "/missing"} {
			got := ask(t, "GET", hs.URL+path, "Host: "+host)
			want := status
			if want == 200 && path == "/missing" {
				want = 404
			}
			if got.StatusCode != want {
				t.Errorf("Host: %s, %s: %d, want %d", host, path, got.StatusCode, want)
			}
		}
	}
	_, open := start(t, Options{}, Update{Snapshot: site(t, pages)})
	if got := ask(t, "GET", open.URL, "Host: any.example"); got.StatusCode != 200 {
		t.Errorf("a server of any name: %d", got.StatusCode)
	}
}

func TestNoPageOfItsOwnFor404(t *testing.T) {
	_, hs := start(t, Options{}, Update{Snapshot: site(t, map[string]string{"index.html": "x"})})
	if got := ask(t, "GET", hs.URL+"/missing"); got.StatusCode != 404 || got.body == "" {
		t.Errorf("%d %q", got.StatusCode, got.body)
	}
}

func TestFilesOnDiskThatChange(t *testing.T) {
	picture, name := onDisk(t, "x.png", "0123456789")
	_, hs := start(t, Options{}, Update{Snapshot: site(t, pages, picture)})
	if err := os.WriteFile(name, []byte("longer than before"), 0o644); err != nil {
		t.Fatal(err)
	}
	got := ask(t, "GET", hs.URL+"/x.png")
	if got.StatusCode != 200 || got.Header.Get("ETag") != "" || got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a file that grew: %d %v", got.StatusCode, got.Header)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	got = ask(t, "GET", hs.URL+"/x.png")
	if got.StatusCode != 404 || got.Header.Get("ETag") != "" || strings.Contains(got.body, name) {
		t.Errorf("a file that is gone: %d %v %q", got.StatusCode, got.Header, got.body)
	}
}

func TestOneRequestSeesOneSnapshot(t *testing.T) {
	a := map[string]string{"index.html": strings.Repeat("a", 1<<20)}
	b := map[string]string{"index.html": strings.Repeat("b", 1<<19)}
	snaps := []*snapshot.Snapshot{site(t, a), site(t, b)}
	s, hs := start(t, Options{}, Update{Snapshot: snaps[0]})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 500 {
			s.Swap(Update{Snapshot: snaps[i%2]})
		}
	}()
	for swapping := true; swapping; {
		select {
		case <-done:
			swapping = false
		default:
		}
		got := ask(t, "GET", hs.URL)
		if got.body != a["index.html"] && got.body != b["index.html"] {
			t.Fatalf("a mixture of %d bytes", len(got.body))
		}
		sum := sha256.Sum256([]byte(got.body))
		if tag := got.Header.Get("ETag"); !strings.Contains(tag, snapshot.Digest(sum).String()[7:39]) {
			t.Fatalf("%d bytes with the tag %s", len(got.body), tag)
		}
	}
}

func TestStatusPage(t *testing.T) {
	ds := []diag.Diagnostic{{
		Position: diag.Position{File: "lectern.yaml", Line: 3, Col: 1},
		Severity: diag.Error, Rule: "config", Message: "no such key <titel>", Hint: "title?",
	}}
	for _, isLive := range []bool{true, false} {
		s, hs := start(t, Options{Live: isLive}, Update{})
		got := ask(t, "GET", hs.URL+"/day1/")
		if got.StatusCode != 503 || got.Header.Get("Cache-Control") != "no-store" || !strings.Contains(got.body, "being built") {
			t.Errorf("live %v: %d %v %q", isLive, got.StatusCode, got.Header, got.body)
		}
		if has := strings.Contains(got.body, "/_lectern/live.js"); has != isLive {
			t.Errorf("live %v: script %v", isLive, has)
		}
		s.Fail(errors.New("the configuration can't be read"), ds)
		got = ask(t, "GET", hs.URL+"/day1/")
		told := strings.Contains(got.body, "the configuration can&#39;t be read") &&
			strings.Contains(got.body, "lectern.yaml:3:1") && strings.Contains(got.body, "no such key &lt;titel&gt;")
		if got.StatusCode != 503 || told != isLive || strings.Contains(got.body, "<titel>") {
			t.Errorf("live %v: %d %q", isLive, got.StatusCode, got.body)
		}
		s.Swap(Update{Snapshot: site(t, pages)})
		if got = ask(t, "GET", hs.URL+"/day1/"); got.StatusCode != 200 {
			t.Errorf("live %v: %d when there is a site", isLive, got.StatusCode)
		}
		s.Fail(errors.New("broken again"), ds)
		if got = ask(t, "GET", hs.URL+"/day1/"); got.StatusCode != 200 || !strings.Contains(got.body, "day one") {
			t.Errorf("live %v: a failed build took the site away: %d", isLive, got.StatusCode)
		}
	}
}

func FuzzPath(f *testing.F) {
	for _, p := range []string{"/", "/day1", "/day1/", "//x", "/../x", "/%2e%2e/", "/a%2fb", "/\x00", "/ä", "/?x", "/a:b", "/./x"} {
		f.Add(p)
	}
	snap := site(f, pages)
	s := New(Options{})
	s.Swap(Update{Snapshot: snap})
	f.Fuzz(func(t *testing.T, target string) {
		req, err := http.ReadRequest(newRequestReader(target))
		if err != nil {
			t.Skip("no request that a server would see: ", err)
		}
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, req)
		switch rec.Code {
		case 200:
			if !bytes.Contains(allText, rec.Body.Bytes()) {
				t.Errorf("%q: bytes that are not the site's: %q", target, rec.Body)
			}
		case 308:
			to, err := req.URL.Parse(rec.Header().Get("Location"))
			if err != nil || to.Host != req.URL.Host || !strings.HasPrefix(to.Path, "/") || strings.HasPrefix(to.Path, "//") {
				t.Errorf("%q leads to %v (%v)", target, to, err)
			}
		case 400, 404:
		default:
			t.Errorf("%q: %d", target, rec.Code)
		}
	})
}

func BenchmarkPage(b *testing.B) {
	for _, isLive := range []bool{false, true} {
		name := map[bool]string{false: "plain", true: "live"}[isLive]
		b.Run(name, func(b *testing.B) {
			s := New(Options{Live: isLive})
			s.Swap(Update{Snapshot: site(b, map[string]string{"index.html": strings.Repeat("x", 20<<10) + "</body>"})})
			req := httptest.NewRequest(http.MethodGet, "/", nil)
			b.ReportAllocs()
			for b.Loop() {
				s.ServeHTTP(&discard{header: http.Header{}}, req)
			}
		})
	}
}

// discard is a ResponseWriter to nowhere.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header              { return d.header }
func (d *discard) Write(p []byte) (int, error)      { return len(p), nil }
func (d *discard) WriteHeader(int)                  {}
func (d *discard) SetWriteDeadline(time.Time) error { return nil }
