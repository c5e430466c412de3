package server

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func TestAccessLog(t *testing.T) {
	var out bytes.Buffer
	s := New(Options{
		Observers:      []func(*Exchange){AccessLog(slog.New(slog.NewJSONHandler(&out, nil)), 1)},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
		Around: func(site http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ExchangeOf(r).User = "noor"
				site.ServeHTTP(w, r)
			})
		},
	})
	s.Swap(Update{Snapshot: site(t, pages)})
	r := httptest.NewRequest("GET", "/day1/?token=secret", nil)
	r.Header.Set("X-Forwarded-For", "198.51.100.7")
	r.Header.Set("X-Forwarded-Proto", "https")
	r.Header.Set("User-Agent", "browser")
	s.ServeHTTP(httptest.NewRecorder(), r)
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, &out)
	}
	for k, want := range map[string]any{
		"client": "198.51.100.7", "method": "GET", "scheme": "https", "host": "example.com", "path": "/day1/",
		"status": 200.0, "bytes": float64(len(pages["day1/index.html"])), "user": "noor", "proto": "HTTP/1.1",
	} {
		if got[k] != want {
			t.Errorf("%s is %v, want %v", k, got[k], want)
		}
	}
	if strings.Contains(out.String(), "secret") || strings.Contains(out.String(), "browser") {
		t.Errorf("it says too much: %s", &out)
	}
	if s.InFlight() != 0 {
		t.Errorf("%d in flight", s.InFlight())
	}
}

func TestAccessLogSample(t *testing.T) {
	var out bytes.Buffer
	log := AccessLog(slog.New(slog.NewJSONHandler(&out, nil)), 0.01)
	for range 1000 {
		log(&Exchange{Status: 200})
	}
	if n := strings.Count(out.String(), "\n"); n != 10 {
		t.Errorf("%d lines of 1000 requests", n)
	}
	out.Reset()
	log(&Exchange{Status: 500})
	log(&Exchange{Status: 503})
	if n := strings.Count(out.String(), "\n"); n != 2 {
		t.Errorf("%d lines of 2 failures", n)
	}
}

func TestProtection(t *testing.T) {
	for _, tt := range []struct {
		name    string
		opts    Options
		https   bool
		present []string
		absent  []string
	}{
		{"plain", Options{HSTS: true}, false, []string{"X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "Content-Security-Policy"}, []string{"Strict-Transport-Security", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"}},
		{"HTTPS", Options{HSTS: true}, true, []string{"Strict-Transport-Security", "Cross-Origin-Opener-Policy"}, nil},
		{"HTTPS of a proxy", Options{}, true, []string{"Cross-Origin-Opener-Policy"}, []string{"Strict-Transport-Security"}},
		{"private", Options{Private: true}, false, []string{"Cross-Origin-Resource-Policy"}, nil},
	} {
		tt.opts.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
		s := New(tt.opts)
		s.Swap(Update{Snapshot: site(t, pages)})
		for _, target := range []string{"/", "/lectern/theme.0123abcdef89.css", "/nothing"} {
			r := httptest.NewRequest("GET", target, nil)
			if tt.https {
				r.Header.Set("X-Forwarded-Proto", "https")
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			for _, name := range tt.present {
				if w.Header().Get(name) == "" && !(name == "Content-Security-Policy" && strings.HasSuffix(target, ".css")) {
					t.Errorf("%s: %s has no %s", tt.name, target, name)
				}
			}
			for _, name := range tt.absent {
				if v := w.Header().Get(name); v != "" {
					t.Errorf("%s: %s has %s: %s", tt.name, target, name, v)
				}
			}
			if c := w.Header().Get("Cache-Control"); tt.opts.Private && !strings.Contains(c, "private") || !tt.opts.Private && strings.Contains(c, "private") {
				t.Errorf("%s: %s may be kept: %s", tt.name, target, c)
			}
		}
	}
}
