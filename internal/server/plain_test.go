package server

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// A release's small file on disk is answered the same before and after it is in
// memory, and from memory once its file is gone; what was changed is not kept.
func TestSmallFilesStayInMemory(t *testing.T) {
	text := strings.Repeat("words ", 1000)
	f, name := onDisk(t, "a.txt", text)
	g, changed := onDisk(t, "b.txt", text+"!")
	if err := os.WriteFile(changed, []byte(text+"?"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := New(Options{Compress: true})
	s.Swap(Update{Snapshot: site(t, nil, f, g)})
	get := func(path string, headers ...string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(http.MethodGet, path, nil)
		for i := 0; i < len(headers); i += 2 {
			req.Header.Set(headers[i], headers[i+1])
		}
		rec := httptest.NewRecorder()
		s.ServeHTTP(rec, req)
		return rec
	}
	tag := ""
	for range 2 {
		rec := get("/a.txt")
		tag = rec.Header().Get("ETag")
		if rec.Code != 200 || rec.Body.String() != text || rec.Header().Get("Accept-Ranges") != "bytes" || tag == "" {
			t.Fatalf("%d %v", rec.Code, rec.Header())
		}
		if err := os.RemoveAll(name); err != nil {
			t.Fatal(err)
		}
	}
	if rec := get("/a.txt", "If-None-Match", tag); rec.Code != 304 || rec.Body.Len() > 0 {
		t.Errorf("%d for the tag it has", rec.Code)
	}
	if rec := get("/a.txt", "Range", "bytes=0-4"); rec.Code != 206 || rec.Body.String() != "words" {
		t.Errorf("%d %q for a range", rec.Code, rec.Body)
	}
	get("/b.txt")
	if e := s.bodies.known[g.Hash]; e != nil {
		t.Error("what is not what the release promised was kept")
	}
	s.bodies.mu.Lock()
	s.bodies.evict(0)
	s.bodies.mu.Unlock()
	if s.bodies.size != 0 {
		t.Errorf("%d bytes after all were dropped", s.bodies.size)
	}
}
