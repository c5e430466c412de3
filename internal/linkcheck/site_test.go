package linkcheck_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// site is a server that counts what it is asked.
type site struct {
	*httptest.Server
	mu        sync.Mutex
	asked     map[string]int // by method and path
	now, most int            // requests at once
	release   chan struct{}
}

func (s *site) count(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[what]
}

func newSite(t *testing.T, tls bool) *site {
	t.Helper()
	s := &site{asked: map[string]int{}, release: make(chan struct{})}
	mux := http.NewServeMux()
	say := func(path string, answer func(w http.ResponseWriter, r *http.Request, n int)) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			s.mu.Lock()
			s.asked[r.Method+" "+r.URL.Path]++
			n := s.asked["GET "+r.URL.Path] + s.asked["HEAD "+r.URL.Path]
			s.now++
			s.most = max(s.most, s.now)
			s.mu.Unlock()
			answer(w, r, n)
			s.mu.Lock()
			s.now--
			s.mu.Unlock()
		})
	}
	status := func(code int) func(http.ResponseWriter, *http.Request, int) {
		return func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(code) }
	}
	to := func(code int, where string) func(http.ResponseWriter, *http.Request, int) {
		return func(w http.ResponseWriter, r *http.Request, _ int) { http.Redirect(w, r, where, code) }
	}
	// Answers that get better.
	after := func(n, code int, header ...string) func(http.ResponseWriter, *http.Request, int) {
		return func(w http.ResponseWriter, _ *http.Request, count int) {
			if count <= n {
				for i := 0; i+1 < len(header); i += 2 {
					w.Header().Set(header[i], header[i+1])
				}
				w.WriteHeader(code)
			}
		}
	}
	say("/ok/", status(200))
	say("/empty", status(204))
	say("/none", status(404))
	say("/gone", status(410))
	say("/forbidden", status(403))
	say("/login", status(401))
	say("/999", status(999))
	say("/broken", status(500))
	say("/bettersoon", after(2, 500))
	say("/busy", after(1, 429, "Retry-After", "1"))
	say("/busydate", after(1, 503, "Retry-After", time.Now().Add(time.Second).UTC().Format(http.TimeFormat)))
	say("/busylong", after(1, 429, "Retry-After", "86400"))
	say("/nohead", func(w http.ResponseWriter, r *http.Request, _ int) {
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
	})
	say("/wronghead", func(w http.ResponseWriter, r *http.Request, _ int) {
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusNotFound)
		}
	})
	say("/hangup", func(_ http.ResponseWriter, r *http.Request, _ int) {
		if r.Method == http.MethodHead {
			panic(http.ErrAbortHandler)
		}
	})
	say("/endless", func(w http.ResponseWriter, r *http.Request, _ int) {
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusNotImplemented)
			return
		}
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	})
	say("/slow", func(_ http.ResponseWriter, r *http.Request, _ int) {
		select {
		case <-s.release:
		case <-r.Context().Done():
		}
	})
	say("/moved", to(301, "/ok/new"))
	say("/moved2", to(308, "/moved"))
	say("/for-now", to(302, "/ok/new"))
	say("/for-now-moved", to(307, "/moved"))
	say("/moved-for-now", to(301, "/for-now"))
	say("/moved-away", to(301, "/none"))
	say("/circle", to(301, "/circle2"))
	say("/circle2", to(302, "/circle"))
	say("/far/", func(w http.ResponseWriter, r *http.Request, _ int) {
		http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
	})
	say("/file", to(302, "file:///etc/passwd"))
	say("/cookie", func(w http.ResponseWriter, r *http.Request, _ int) {
		if _, err := r.Cookie("seen"); err != nil {
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1", Path: "/"})
			http.Redirect(w, r, "/cookie?again", http.StatusFound)
			return
		}
	})
	s.Server = httptest.NewUnstartedServer(mux)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	if tls {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(func() {
		close(s.release)
		s.Close()
	})
	return s
}
