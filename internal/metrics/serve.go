package metrics

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Handler answers at /metrics, and with profiles at /debug/pprof/ where they
// were asked for.
func (m *Metrics) Handler(profiles bool) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second}))
	if profiles {
		mux.HandleFunc("GET /debug/pprof/{name}", profile)
	}
	return mux
}

// Serve answers at ln until ctx ends, which is no error. ln is closed when it returns.
func (m *Metrics) Serve(ctx context.Context, ln net.Listener, profiles bool) error {
	hs := &http.Server{
		Handler:           m.Handler(profiles),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      longestProfile + 30*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(io.Discard, "", 0),
	}
	stop := context.AfterFunc(ctx, func() { hs.Close() })
	defer stop()
	if err := hs.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(fmt.Errorf("serve metrics on %s: %w", ln.Addr(), err), hs.Close())
	}
	return nil
}
