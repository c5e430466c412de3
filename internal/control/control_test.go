package control

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"lectern/internal/release"
	"lectern/internal/snapshot"
)

const token = "a-token-of-some-length"

// liveSite is a site with two releases, the second live.
func liveSite(t *testing.T) *release.Live {
	t.Helper()
	s, err := release.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	l := release.NewLive(release.LiveOptions{Store: s, Show: func(*snapshot.Snapshot, snapshot.Settings) {}})
	t.Cleanup(func() {
		l.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, word := range []string{"one", "two"} {
		body := snapshot.MakeBody([]byte(word))
		snap, err := snapshot.New([]*snapshot.File{{Path: "index.html", Hash: body.Hash(), Body: body}})
		if err != nil {
			t.Fatal(err)
		}
		l.Publish(snap, release.Meta{Commit: "commit-" + word, Subject: "<b>Secret</b> " + word, Notes: 7777777})
	}
	l.Settle()
	return l
}

func handlers(t *testing.T, l *release.Live, token string, log io.Writer) *Handlers {
	t.Helper()
	h, err := New(l, token, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func serve(routes map[string]http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h := routes[strings.TrimPrefix(r.URL.Path, "/")]; h != nil {
			h.ServeHTTP(w, r)
			return
		}
		http.NotFound(w, r)
	})
}

func TestAPI(t *testing.T) {
	var log strings.Builder
	l := liveSite(t)
	h := serve(handlers(t, l, token, &log).Routes())
	tests := []struct {
		name, method, path, body string
		header                   []string
		status                   int
		want                     string
	}{
		{"no token", "GET", "releases", "", nil, 401, "token"},
		{"wrong token", "POST", "rollback", "{}", []string{"Authorization", "Bearer wrong"}, 401, "token"},
		{"the token as a password", "GET", "releases", "", []string{"Authorization", "Basic OmEtdG9rZW4tb2Ytc29tZS1sZW5ndGg="}, 401, "token"},
		{"list", "GET", "releases", "", []string{"Authorization", "Bearer " + token}, 200, "Secret"},
		{"change by GET", "GET", "rollback", "", []string{"Authorization", "Bearer " + token}, 405, "POST"},
		{"no JSON", "POST", "rollback", "{}", []string{"Authorization", "Bearer " + token, "Content-Type", "text/plain"}, 415, "application/json"},
		{"another site", "POST", "rollback", "{}", []string{"Authorization", "Bearer " + token, "Content-Type", "application/json", "Sec-Fetch-Site", "cross-site"}, 403, "browser"},
		{"nonsense", "POST", "rollback", `{"too":1}`, []string{"Authorization", "Bearer " + token, "Content-Type", "application/json"}, 400, "too"},
		{"too long", "POST", "rollback", `{"to":"` + strings.Repeat("x", maxBody) + `"}`, []string{"Authorization", "Bearer " + token, "Content-Type", "application/json"}, 400, "too large"},
		{"unknown", "POST", "activate", `{"to":"99"}`, []string{"Authorization", "Bearer " + token, "Content-Type", "application/json"}, 404, "no such release"},
		{"roll back", "POST", "rollback", `{"by":"anna\u0000"}`, []string{"Authorization", "Bearer " + token, "Content-Type", "application/json"}, 200, `"pinned":true`},
		{"no more", "POST", "rollback", `{}`, []string{"Authorization", "Bearer " + token, "Content-Type", "application/json"}, 409, "no release before"},
		{"latest", "POST", "activate", `{"to":"latest"}`, []string{"Authorization", "Bearer " + token, "Content-Type", "application/json"}, 200, `"pinned":false`},
	}
	for _, tt := range tests {
		r := httptest.NewRequest(tt.method, "/"+APIPath+tt.path, strings.NewReader(tt.body))
		for i := 0; i+1 < len(tt.header); i += 2 {
			r.Header.Set(tt.header[i], tt.header[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.want) {
			t.Errorf("%s: %d %s, want %d and %q", tt.name, w.Code, w.Body, tt.status, tt.want)
		}
	}
	if strings.Contains(log.String(), token) || strings.Contains(log.String(), "Bearer") || !strings.Contains(log.String(), "without the right token") {
		t.Errorf("log: %s", log.String())
	}
}

func TestWithoutToken(t *testing.T) {
	routes := handlers(t, liveSite(t), "", io.Discard).Routes()
	for name := range routes {
		if strings.HasPrefix(name, APIPath) {
			t.Errorf("%s is there without a token", name)
		}
	}
	if _, err := New(nil, "short", nil); err == nil {
		t.Error("a short token is taken")
	}
}

// Visitors see no words and no counts; who has the token sees all, escaped.
func TestStatus(t *testing.T) {
	h := serve(handlers(t, liveSite(t), token, io.Discard).Routes())
	get := func(target string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", target, nil)
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	for _, target := range []string{"/" + StatusPath, "/" + StatusJSONPath} {
		w := get(target)
		if body := w.Body.String(); w.Code != 200 || strings.Contains(body, "Secret") || strings.Contains(body, "commit-") || strings.Contains(body, "7777777") {
			t.Errorf("%s tells visitors: %d %s", target, w.Code, body)
		}
	}
	if got := get("/"+StatusPath, "Accept", "application/json").Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("type %q", got)
	}
	w := get("/"+StatusPath, "Authorization", "Basic OmEtdG9rZW4tb2Ytc29tZS1sZW5ndGg=")
	if body := w.Body.String(); !strings.Contains(body, "&lt;b&gt;Secret&lt;/b&gt; two") || strings.Contains(body, "<script") || strings.Contains(body, "style=") {
		t.Errorf("%s", body)
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; style-src 'self'") {
		t.Errorf("policy %q", csp)
	}
	if w := get("/" + StatusPath + "?all"); w.Code != 401 || w.Header().Get("WWW-Authenticate") == "" {
		t.Errorf("?all gives %d", w.Code)
	}
	if w := get("/" + StylePath); w.Code != 200 || !strings.Contains(w.Body.String(), "body") {
		t.Errorf("no style sheet: %d", w.Code)
	}
}

func TestSocket(t *testing.T) {
	dir, err := os.MkdirTemp("", "lectern") // a test's own has a long name
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if _, err := DialSocket(context.Background(), dir); err == nil {
		t.Fatal("a server answers that is not there")
	}
	ctx, cancel := context.WithCancel(context.Background())
	h := handlers(t, liveSite(t), "", io.Discard)
	if err := os.WriteFile(filepath.Join(dir, socketName), nil, 0o600); err != nil { // left from before
		t.Fatal(err)
	}
	ln, err := Listen(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- h.Serve(ctx, ln) }()
	if info, err := os.Stat(filepath.Join(dir, socketName)); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	c, err := DialSocket(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := c.Rollback(ctx, "", "anna"); err != nil || out.Release.Number != 1 || !out.Pinned {
		t.Errorf("%+v, %v", out, err)
	}
	if s, err := c.Status(ctx); err != nil || s.Shown.By != "anna (socket)" || len(s.Releases) != 2 {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := c.Activate(ctx, "77", ""); err == nil || !strings.Contains(err.Error(), "no such release") {
		t.Errorf("error %v", err)
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func TestClient(t *testing.T) {
	srv := httptest.NewServer(serve(handlers(t, liveSite(t), token, io.Discard).Routes()))
	defer srv.Close()
	c, err := NewClient(srv.URL, token)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := c.Activate(context.Background(), "commit-one", "anna"); err != nil || out.Release.Number != 1 {
		t.Errorf("%+v, %v", out, err)
	}
	if c, err = NewClient(srv.URL, "another"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Status(context.Background()); err == nil || !strings.Contains(err.Error(), "token") {
		t.Errorf("error %v", err)
	}
	for _, address := range []string{"http://example.org", "example.org", "ftp://x", "://"} {
		if _, err := NewClient(address, token); err == nil {
			t.Errorf("%s gets the token", address)
		}
	}
}
