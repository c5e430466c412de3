package metrics

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lectern/internal/server"
	"lectern/internal/snapshot"
)

func ask(t *testing.T, h http.Handler, target string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	return w.Code, w.Body.String()
}

func TestMetrics(t *testing.T) {
	m := New()
	s := server.New(server.Options{Observers: []func(*server.Exchange){m.Request}})
	m.Watch(s)
	if _, text := ask(t, m.Handler(false), "/metrics"); strings.Contains(text, "lectern_release_info") {
		t.Error("a release is shown where there is none")
	}
	body := snapshot.MakeBody([]byte("home"))
	snap, err := snapshot.New([]*snapshot.File{{Path: "index.html", Hash: body.Hash(), Body: body}})
	if err != nil {
		t.Fatal(err)
	}
	s.Swap(server.Update{Snapshot: snap})
	for _, r := range []*http.Request{
		httptest.NewRequest("GET", "/", nil), httptest.NewRequest("GET", "/nothing", nil), httptest.NewRequest("BREW", "/", nil),
	} {
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
	m.Build(true, map[string]time.Duration{"render": 20 * time.Millisecond})
	m.Build(false, nil)
	m.Webhook("accepted")
	m.Fetch(FetchSame)
	_, text := ask(t, m.Handler(false), "/metrics")
	for _, want := range []string{
		`lectern_http_requests_total{code="2xx",method="GET"} 1`,
		`lectern_http_requests_total{code="4xx",method="GET"} 1`,
		`lectern_http_requests_total{code="4xx",method="other"} 1`,
		`lectern_http_request_duration_seconds_count 3`,
		`lectern_http_requests_in_flight 0`,
		`lectern_http_connections 0`,
		`lectern_release_info{digest="` + snap.Digest().String() + `"} 1`,
		`lectern_release_activated_timestamp_seconds 1`,
		`lectern_builds_total{result="ok"} 1`,
		`lectern_builds_total{result="failed"} 1`,
		`lectern_build_phase_duration_seconds_bucket{phase="render",le="0.025"} 1`,
		`lectern_fetches_total{result="same"} 1`,
		`lectern_webhooks_total{result="accepted"} 1`,
		`go_goroutines`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
}

func TestProfiles(t *testing.T) {
	m := New()
	if code, _ := ask(t, m.Handler(false), "/debug/pprof/heap"); code != http.StatusNotFound {
		t.Errorf("profiles that nobody asked for: %d", code)
	}
	for target, want := range map[string]int{
		"/debug/pprof/heap": 200, "/debug/pprof/goroutine?debug=1": 200, "/debug/pprof/profile?seconds=0.05": 200,
		"/debug/pprof/trace?seconds=0.05": 200, "/debug/pprof/none": 404, "/debug/pprof/profile?seconds=1e9": 400,
		"/debug/pprof/profile?seconds=x": 400, "/": 404,
	} {
		if code, text := ask(t, m.Handler(true), target); code != want || code == 200 && text == "" {
			t.Errorf("%s: %d, %d bytes", target, code, len(text))
		}
	}
}

func TestServe(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- New().Serve(ctx, ln, false) }()
	resp, err := http.Get("http://" + ln.Addr().String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, err := io.ReadAll(resp.Body); err != nil || !strings.Contains(string(text), "lectern_http_connections") && !strings.Contains(string(text), "go_goroutines") {
		t.Errorf("%s %v", text, err)
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
}
