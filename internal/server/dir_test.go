package server

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lectern/internal/snapshot"
)

// writeSite writes a small site to a directory.
func writeSite(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	var files []*snapshot.File
	for p, c := range map[string]string{"index.html": "<p>home</p>", "404.html": "<p>nothing</p>", "deck.html": "<script>1</script>"} {
		body := snapshot.MakeBody([]byte(c))
		files = append(files, &snapshot.File{Path: p, Hash: body.Hash(), Body: body})
	}
	snap, err := snapshot.New(files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := snapshot.WriteDir(t.Context(), snap, dir, snapshot.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestServeDir(t *testing.T) {
	dir := writeSite(t)
	m, err := snapshot.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	settings := snapshot.Settings{Policy: "default-src 'self' theirs", FilePolicy: "default-src decks", Authored: []string{"deck.html"}, Parts: 1}
	text, err := settings.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{snapshot.SettingsName: text, snapshot.PartName("all"): m.Encode()} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ready, done := make(chan int, 1), make(chan error, 1)
	drained := make(chan time.Time)
	go func() {
		done <- ServeDir(ctx, ln, dir, Options{Drain: time.Hour, after: func(time.Duration) <-chan time.Time { return drained }}, func(_ *Server, n int) { ready <- n })
	}()
	if n := <-ready; n != 3 {
		t.Errorf("%d files", n)
	}
	get := func(path string) (int, string, http.Header) {
		t.Helper()
		resp, err := http.Get("http://" + ln.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body), resp.Header
	}
	for path, want := range map[string]struct {
		status int
		body   string
		policy string
	}{
		"/":                         {200, "<p>home</p>", settings.Policy},
		"/deck.html":                {200, "<script>1</script>", settings.FilePolicy},
		"/nothing":                  {404, "<p>nothing</p>", settings.Policy},
		"/livez":                    {200, "ok\n", ""},
		"/readyz":                   {200, "ok\n", ""},
		"/" + snapshot.SettingsName: {404, "<p>nothing</p>", settings.Policy},
	} {
		status, body, h := get(path)
		if status != want.status || body != want.body || h.Get("Content-Security-Policy") != want.policy {
			t.Errorf("%s: %d %q, policy %q", path, status, body, h.Get("Content-Security-Policy"))
		}
	}
	// Told to end, it is no longer ready, but goes on answering for a while.
	cancel()
	for {
		status, _, _ := get("/readyz")
		if status == http.StatusServiceUnavailable {
			break
		}
	}
	if status, body, _ := get("/"); status != 200 || body != "<p>home</p>" {
		t.Errorf("while it drains: %d %q", status, body)
	}
	if status, _, _ := get("/livez"); status != 200 {
		t.Errorf("while it drains, /livez: %d", status)
	}
	close(drained)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestServeDirIncomplete(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	err = ServeDir(t.Context(), ln, t.TempDir(), Options{}, func(*Server, int) { t.Error("it was ready") })
	if err == nil || !strings.Contains(err.Error(), "no complete site") {
		t.Errorf("%v", err)
	}
	if _, err := ln.Accept(); err == nil {
		t.Error("it still listens")
	}
}

// Without Probes the addresses are a site's own.
func TestNoProbes(t *testing.T) {
	dir := writeSite(t)
	d, err := snapshot.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	s := New(Options{})
	s.Swap(Update{Snapshot: d.Snapshot})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, livePath, nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("a probe was answered: %d", w.Code)
	}
}
