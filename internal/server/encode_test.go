package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"lectern/internal/snapshot"
)

func encodingSite(t *testing.T, home string) *snapshot.Snapshot {
	t.Helper()
	var files []*snapshot.File
	for p, c := range map[string]string{
		"index.html": home, "404.html": strings.Repeat("<p>nothing", 200), "small.html": "<p>small",
		"picture.png": strings.Repeat("picture", 200), "feed.xml": strings.Repeat("<item/>", 200),
		"lectern/theme.0123abcdef89.css": strings.Repeat("body { color: red }", 100),
	} {
		body := snapshot.MakeBody([]byte(c))
		files = append(files, &snapshot.File{Path: p, Hash: body.Hash(), Body: body})
	}
	snap, err := snapshot.New(files)
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// settle does what the goroutine of bodies would, until nothing is left to do.
func settle(b *bodies) {
	var enc encoders
	var ahead plan
	for {
		select {
		case <-b.swapped:
			ahead = b.sweep()
		case f := <-b.pending:
			b.make(&enc, f, zstdCoding, gzipCoding)
		default:
			if b.ahead(&enc, &ahead) {
				continue
			}
			select {
			case f := <-b.popular:
				b.make(&enc, f, brotliCoding)
			default:
				return
			}
		}
	}
}

func encodingServer(t *testing.T, snap *snapshot.Snapshot) (s *Server, get func(path string, header ...string) *httptest.ResponseRecorder) {
	t.Helper()
	s = New(Options{Compress: true})
	s.Swap(Update{Snapshot: snap})
	return s, func(path string, header ...string) *httptest.ResponseRecorder {
		method, path, ok := strings.Cut(path, " ")
		if !ok {
			method, path = http.MethodGet, method
		}
		r := httptest.NewRequest(method, path, nil)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Add(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
}

func decoded(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var r io.Reader = w.Body
	var err error
	switch w.Header().Get("Content-Encoding") {
	case "gzip":
		r, err = gzip.NewReader(w.Body)
	case "zstd":
		var z *zstd.Decoder
		if z, err = zstd.NewReader(w.Body, zstd.WithDecoderMaxWindow(8<<20)); err == nil {
			defer z.Close()
			r = z
		}
	case "br":
		r = brotli.NewReader(w.Body)
	}
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestNegotiation(t *testing.T) {
	home := strings.Repeat("<p>said of whatever was shown</p>", 500)
	s, get := encodingServer(t, encodingSite(t, home))
	settle(s.bodies)
	for range eagerAsks { // brotli is for what is read
		get("/", "Accept-Encoding", "br")
	}
	settle(s.bodies)
	tests := []struct {
		path, accept string
		want         string
		vary         bool
	}{
		{"/", "gzip", "gzip", true},
		{"/", "x-gzip", "gzip", true},
		{"/", "zstd", "zstd", true},
		{"/", "br", "br", true},
		{"/", "gzip, deflate, br, zstd", "br", true}, // the smallest
		{"/", "br;q=0.5, GZIP ; Q=0.9, zstd;q=0.8", "gzip", true},
		{"/", "br;q=0.001, gzip;q=0", "br", true},
		{"/", "br;q=0, *", "zstd", true},
		{"/", "*", "br", true},
		{"/", "*;q=0", "", true},
		{"/", "gzip;q=0", "", true},
		{"/", "gzip;q=0.5, identity", "", true},
		{"/", "gzip;q=0.5, identity;q=0.1", "gzip", true},
		{"/", "gzip;q=2", "", true},
		{"/", "gzip;q=nan", "", true},
		{"/", "gzip;q=", "", true},
		{"/", "gzip;level=9", "", true},
		{"/", "deflate", "", true},
		{"/", "gzipped", "", true},
		{"/", "", "", true},
		{"/", ",,;,", "", true},
		{"/feed.xml", "gzip", "gzip", true},
		{"/feed.xml", "br", "", true}, // not read often enough
		{"/lectern/theme.0123abcdef89.css", "br", "br", true},
		{"/small.html", "gzip", "", false},
		{"/picture.png", "gzip", "", false},
		{"/nothing", "gzip", "gzip", true},
		{"HEAD /", "zstd", "zstd", true},
	}
	for _, tt := range tests {
		w := get(tt.path, "Accept-Encoding", tt.accept)
		if got := w.Header().Get("Content-Encoding"); got != tt.want || (w.Header().Get("Vary") == "Accept-Encoding") != tt.vary {
			t.Errorf("%s for %q: %q %v", tt.path, tt.accept, got, w.Header())
		}
		if tt.want != "" && (w.Body.Len() >= 1000 || w.Header().Get("Content-Length") == "") {
			t.Errorf("%s for %q: %d bytes", tt.path, tt.accept, w.Body.Len())
		}
		if text := decodedUnlessHead(t, tt.path, w); tt.path == "/" && text != home {
			t.Errorf("%s for %q: %.50q", tt.path, tt.accept, text)
		}
	}
	w := get("/", "Accept-Encoding", "gzip;q=0.2", "Accept-Encoding", "zstd")
	if w.Header().Get("Content-Encoding") != "zstd" {
		t.Errorf("a second line: %v", w.Header())
	}
}

func decodedUnlessHead(t *testing.T, target string, w *httptest.ResponseRecorder) string {
	if strings.HasPrefix(target, "HEAD ") {
		if w.Body.Len() > 0 {
			t.Errorf("%s has a body", target)
		}
		return ""
	}
	return decoded(t, w)
}

// Each encoding is a representation with a tag of its own; a client that has the
// content in whatever encoding it takes is not sent it again.
func TestEncodedConditions(t *testing.T) {
	home := strings.Repeat("<p>said</p>", 500)
	s, get := encodingServer(t, encodingSite(t, home))
	settle(s.bodies)
	plain := get("/").Header().Get("ETag")
	gz := get("/", "Accept-Encoding", "gzip").Header().Get("ETag")
	zst := get("/", "Accept-Encoding", "zstd").Header().Get("ETag")
	if plain == gz || gz == zst || plain == zst {
		t.Fatalf("one tag for several encodings: %s %s %s", plain, gz, zst)
	}
	for _, tt := range []struct {
		name   string
		header []string
		code   int
		etag   string
	}{
		{"the same", []string{"Accept-Encoding", "gzip", "If-None-Match", gz}, 304, gz},
		{"weak", []string{"Accept-Encoding", "gzip", "If-None-Match", "W/" + gz}, 304, gz},
		{"in a list", []string{"Accept-Encoding", "gzip", "If-None-Match", `"a", ` + gz + `, "b"`}, 304, gz},
		{"another that is accepted", []string{"Accept-Encoding", "gzip, zstd", "If-None-Match", gz}, 304, gz},
		{"another that is not accepted", []string{"Accept-Encoding", "zstd", "If-None-Match", gz}, 200, zst},
		{"as it is, but wanted compressed", []string{"Accept-Encoding", "zstd", "If-None-Match", plain}, 200, zst},
		{"compressed, but wanted as it is", []string{"If-None-Match", gz}, 200, plain},
		{"older", []string{"Accept-Encoding", "gzip", "If-None-Match", `"0123-gz"`}, 200, gz},
		{"a part", []string{"Accept-Encoding", "gzip", "Range", "bytes=0-4"}, 206, plain},
		{"a part of what it has", []string{"Accept-Encoding", "gzip", "Range", "bytes=0-4", "If-Range", plain}, 206, plain},
		{"a part of what it has compressed", []string{"Accept-Encoding", "gzip", "Range", "bytes=0-4", "If-Range", gz}, 200, plain},
		{"no such part", []string{"Accept-Encoding", "gzip", "Range", "bytes=99999-"}, 416, plain},
		{"it must match", []string{"Accept-Encoding", "gzip", "If-Match", `"other"`}, 412, plain},
	} {
		w := get("/", tt.header...)
		if w.Code != tt.code || w.Header().Get("ETag") != tt.etag && tt.code < 400 {
			t.Errorf("%s: %d %v", tt.name, w.Code, w.Header())
		}
		if w.Code == 304 && (w.Body.Len() > 0 || w.Header().Get("Content-Encoding") != "") {
			t.Errorf("%s: %d bytes, %v", tt.name, w.Body.Len(), w.Header())
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: %v", tt.name, w.Header())
		}
	}
	if w := get("/nothing", "Accept-Encoding", "gzip", "If-None-Match", "*"); w.Code != http.StatusNotFound || w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("nothing there: %d %v", w.Code, w.Header())
	}
}

// No request is kept waiting for a compressor: the first is answered as it is.
func TestCompressedLater(t *testing.T) {
	home := strings.Repeat("<p>said</p>", 500)
	s, get := encodingServer(t, encodingSite(t, home))
	if w := get("/", "Accept-Encoding", "gzip, zstd"); w.Header().Get("Content-Encoding") != "" || w.Body.String() != home {
		t.Fatalf("%v", w.Header())
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	for deadline := time.Now().Add(tooLong); get("/", "Accept-Encoding", "zstd").Header().Get("Content-Encoding") != "zstd"; {
		if time.Now().After(deadline) {
			t.Fatal("it is never compressed")
		}
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-served; err != nil {
		t.Fatal(err)
	}
}

// What is kept is shared between releases, stays within bounds, and what no page
// has any more goes.
func TestBodiesKept(t *testing.T) {
	first := encodingSite(t, strings.Repeat("<p>first</p>", 500))
	s, get := encodingServer(t, first)
	b := s.bodies
	settle(b)
	shared := b.known[first.Lookup("feed.xml").Hash]
	if n := len(b.known); n != 4 || shared == nil {
		t.Fatalf("%d bodies", n)
	}
	s.Swap(Update{Snapshot: encodingSite(t, strings.Repeat("<p>second</p>", 500))})
	settle(b)
	if n := len(b.known); n != 4 || b.known[first.Lookup("feed.xml").Hash] != shared || b.known[first.Lookup("index.html").Hash] != nil {
		t.Errorf("%d bodies after a change", n)
	}
	sum := int64(0)
	for _, e := range b.known {
		sum += e.size()
	}
	if sum != b.size || sum == 0 {
		t.Errorf("size %d, want %d", b.size, sum)
	}
	get("/feed.xml", "Accept-Encoding", "gzip")
	b.most = shared.size() + 10
	settle(b)
	b.keep(snapshot.Digest{1}, &encoded{forms: [numCodings][]byte{bytes.Repeat([]byte{1}, 11)}})
	if b.known[first.Lookup("feed.xml").Hash] != nil && b.size > b.most {
		t.Errorf("%d of %d bytes are kept", b.size, b.most)
	}
	if !b.full() && b.size > b.most*3/4 {
		t.Error("it is full and does not say so")
	}
}

// What was asked for last stays longest.
func TestBodiesEvicted(t *testing.T) {
	b := newBodies()
	b.most = 100
	for i := range 10 {
		b.keep(snapshot.Digest{byte(i)}, &encoded{forms: [numCodings][]byte{make([]byte, 10)}})
	}
	for _, i := range []byte{3, 0} {
		b.ask(&snapshot.File{Hash: snapshot.Digest{i}}, &accepted{})
	}
	b.keep(snapshot.Digest{10}, &encoded{forms: [numCodings][]byte{make([]byte, 70)}})
	if b.size > b.most || b.known[snapshot.Digest{3}] == nil || b.known[snapshot.Digest{0}] == nil || b.known[snapshot.Digest{10}] == nil {
		t.Errorf("%d bytes of %d entries are kept", b.size, len(b.known))
	}
}
