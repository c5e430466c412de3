package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"
)

// Exchange is one request and what became of it.
type Exchange struct {
	// Began is when the request had come in, Elapsed how long its answer took.
	Began   time.Time
	Elapsed time.Duration
	// Client is the address that the request came from, as far as proxies
	// are trusted; Scheme is "http" or "https", as the client sees it.
	Client netip.Addr
	Scheme string
	// Method, Host and Path are the request's. There is no query: it may hold secrets.
	Method, Host, Path string
	Proto              string
	// Status and Bytes are the answer's; Encoding is its Content-Encoding.
	Status   int
	Bytes    int64
	Encoding string
	// User is who asked, where somebody had to say who he is.
	User string
}

type exchangeKey struct{}

// ExchangeOf returns what is known of a request that a handler of
// [Options.Around] was given, and nil for any other. The handler may set its User.
func ExchangeOf(r *http.Request) *Exchange {
	x, _ := r.Context().Value(exchangeKey{}).(*Exchange)
	return x
}

// exchange answers r through next, and tells the observers.
func (s *Server) exchange(w http.ResponseWriter, r *http.Request) {
	client, scheme := origin(r, s.opts.TrustedProxies)
	s.protect(w.Header(), r, scheme)
	next := s.handler
	if other := s.opts.Routes[strings.TrimPrefix(r.URL.Path, "/")]; other != nil {
		next = other
	}
	if len(s.opts.Observers) == 0 && s.opts.Around == nil {
		next.ServeHTTP(w, r)
		return
	}
	x := &Exchange{
		Began: time.Now(), Client: client, Scheme: scheme,
		Method: r.Method, Host: r.Host, Path: r.URL.Path, Proto: r.Proto,
	}
	if s.opts.Around != nil {
		r = r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x))
	}
	rec := &recorder{ResponseWriter: w}
	s.inFlight.Add(1)
	defer func() {
		s.inFlight.Add(-1)
		x.Elapsed = time.Since(x.Began)
		x.Status, x.Bytes, x.Encoding = rec.status, rec.bytes, w.Header().Get("Content-Encoding")
		if x.Status == 0 {
			x.Status = http.StatusOK
		}
		for _, observe := range s.opts.Observers {
			observe(x)
		}
	}()
	next.ServeHTTP(rec, r)
}

// recorder notes what is answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// Unwrap is for [http.ResponseController].
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= http.StatusOK {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// ReadFrom lets the system copy files to the connection by itself.
func (r *recorder) ReadFrom(src io.Reader) (int64, error) {
	n, err := io.Copy(r.ResponseWriter, src)
	r.bytes += n
	return n, err
}

// AccessLog returns an observer that writes each exchange to logger, or the
// share of them that is sample (0 to 1); failures of the server are always
// written. It writes no query, and nothing of what a browser says of itself.
func AccessLog(logger *slog.Logger, sample float64) func(*Exchange) {
	var n atomic.Uint64
	return func(x *Exchange) {
		if sample < 1 && x.Status < http.StatusInternalServerError {
			i := n.Add(1)
			if uint64(float64(i)*sample) == uint64(float64(i-1)*sample) {
				return
			}
		}
		const maxLogged = 512
		attrs := make([]slog.Attr, 0, 12)
		client := ""
		if x.Client.IsValid() {
			client = x.Client.String()
		}
		attrs = append(attrs,
			slog.String("client", client), slog.String("method", clip(x.Method, 16)), slog.String("scheme", x.Scheme),
			slog.String("host", clip(x.Host, maxLogged)), slog.String("path", clip(x.Path, maxLogged)),
			slog.Int("status", x.Status), slog.Int64("bytes", x.Bytes),
			slog.Int64("micros", x.Elapsed.Microseconds()), slog.String("proto", x.Proto),
		)
		if x.Encoding != "" {
			attrs = append(attrs, slog.String("encoding", x.Encoding))
		}
		if x.User != "" {
			attrs = append(attrs, slog.String("user", clip(x.User, maxLogged)))
		}
		logger.LogAttrs(context.Background(), slog.LevelInfo, "request", attrs...)
	}
}

func clip(s string, most int) string {
	if len(s) > most {
		return s[:most]
	}
	return s
}
