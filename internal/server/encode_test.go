package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lectern/internal/snapshot"
)

func encodingSite(t *testing.T, home string) *snapshot.Snapshot {
	t.Helper()
	var files []*snapshot.File
	for p, c := range map[string]string{
		"index.html": home, "404.html": strings.Repeat("<p>nothing", 200), "small.html": "<p>small",
		"picture.png": strings.Repeat("picture", 200), "feed.xml": strings.Repeat("<item/>", 200),
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

func TestCompress(t *testing.T) {
	home := strings.Repeat("<p>said</p>", 500)
	snap := encodingSite(t, home)
	s := New(Options{Compress: true})
	s.Swap(Update{Snapshot: snap})
	get := func(path, accept string, more ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", accept)
		for i := 0; i+1 < len(more); i += 2 {
			r.Header.Set(more[i], more[i+1])
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	tests := []struct {
		path, accept string
		encoded      bool
		vary         bool
	}{
		{"/", "gzip", true, true},
		{"/", "br;q=1.0, GZIP ; q=0.5", true, true},
		{"/", "*", true, true},
		{"/", "gzip;q=0", false, true},
		{"/", "br", false, true},
		{"/", "", false, true},
		{"/feed.xml", "gzip", true, true},
		{"/small.html", "gzip", false, false},
		{"/picture.png", "gzip", false, false},
		{"/nothing", "gzip", true, true},
	}
	for _, tt := range tests {
		w := get(tt.path, tt.accept)
		if (w.Header().Get("Content-Encoding") == "gzip") != tt.encoded || (w.Header().Get("Vary") != "") != tt.vary {
			t.Errorf("%s for %q: %v", tt.path, tt.accept, w.Header())
		}
		if tt.encoded && w.Body.Len() >= 1000 {
			t.Errorf("%s for %q: %d bytes", tt.path, tt.accept, w.Body.Len())
		}
	}
	w := get("/", "gzip")
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if data, err := io.ReadAll(z); err != nil || string(data) != home {
		t.Errorf("%.50q, %v", data, err)
	}
	etag := w.Header().Get("ETag")
	if plain := get("/", "").Header().Get("ETag"); plain == etag {
		t.Error("both encodings have one tag")
	}
	if w := get("/", "gzip", "If-None-Match", etag); w.Code != http.StatusNotModified || w.Body.Len() > 0 || w.Header().Get("Content-Encoding") != "" {
		t.Errorf("%d, %v", w.Code, w.Header())
	}
	if w := get("/", "gzip", "Range", "bytes=0-4"); w.Code != http.StatusPartialContent || w.Body.String() != home[:5] {
		t.Errorf("a part: %d %q", w.Code, w.Body)
	}
	if w := get("/nothing", "gzip"); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
}

// What is kept stays within bounds, and what no page has any more goes.
func TestEncodingsKept(t *testing.T) {
	s := New(Options{Compress: true})
	first := encodingSite(t, strings.Repeat("<p>first</p>", 500))
	s.Swap(Update{Snapshot: first})
	s.encodeAll(context.Background(), first)
	if n := len(s.encodings.bodies); n != 3 {
		t.Errorf("%d bodies", n)
	}
	s.Swap(Update{Snapshot: encodingSite(t, strings.Repeat("<p>second</p>", 500))})
	if n := len(s.encodings.bodies); n != 2 {
		t.Errorf("%d bodies after a change", n)
	}
	sum := int64(0)
	for _, b := range s.encodings.bodies {
		sum += int64(len(b))
	}
	if sum != s.encodings.size {
		t.Errorf("size %d, want %d", s.encodings.size, sum)
	}
	s.encodings = newEncodings()
	s.encodings.most = 10
	if body := s.encodings.get(first.Lookup("index.html")); !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) || len(s.encodings.bodies) != 0 {
		t.Errorf("%d bytes, %d kept", len(body), len(s.encodings.bodies))
	}
}
