package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"lectern/internal/fetch"
)

func TestGet(t *testing.T) {
	hang := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/ok", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s", r.UserAgent(), r.URL.RawQuery)
	})
	mux.HandleFunc("/once", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/ok", http.StatusFound) })
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat("x", 2<<20)) })
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	})
	srv := httptest.NewServer(mux)
	defer srv.Close()
	defer close(hang)

	for _, c := range []struct {
		name, path string
		opts       fetch.Options
		want, err  string
	}{
		{"what stands there", "/ok?a=b", fetch.Options{Local: true}, "lectern a=b", ""},
		{"with a name", "/ok", fetch.Options{Local: true, Agent: "me"}, "me ", ""},
		{"one redirect", "/once", fetch.Options{Local: true}, "lectern ", ""},
		{"redirects without end", "/loop", fetch.Options{Local: true}, "", "more than 5 times"},
		{"a redirect to a file", "/file", fetch.Options{Local: true}, "", `"file" is not fetched`},
		{"too large", "/large", fetch.Options{Local: true, MaxBytes: 1 << 20}, "", "more than 1 MB"},
		{"not there", "/none", fetch.Options{Local: true}, "", "404 Not Found"},
		{"too slow", "/slow", fetch.Options{Local: true, Timeout: 50 * time.Millisecond}, "", "no answer in time"},
		{"this machine", "/ok?token=secret", fetch.Options{}, "", "address of this machine"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := fetch.Get(context.Background(), srv.URL+c.path, c.opts)
			if c.err == "" && (err != nil || string(got) != c.want) {
				t.Errorf("%q, %v", got, err)
			}
			if c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)) {
				t.Errorf("%q, %v; want an error with %q", got, err, c.err)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells a secret: %v", err)
			}
		})
	}
}

// Names and redirects that lead to this machine are no way around the rule.
func TestLocal(t *testing.T) {
	for _, address := range []string{
		"http://localhost:1/", "http://127.0.0.1:1/", "http://[::1]:1/", "http://169.254.169.254/latest/meta-data/",
		"http://[fe80::1%25eth0]/", "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/",
		"http://100.100.100.200/", "http://[fd00:ec2::254]/", "http://a.localhost/", "http://LOCALHOST./",
	} {
		if _, err := fetch.Get(context.Background(), address, fetch.Options{}); !errors.Is(err, fetch.ErrLocal) {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"ftp://example.org/", "http://", "https:/x", "://"} {
		if _, err := fetch.Get(context.Background(), address, fetch.Options{}); err == nil {
			t.Errorf("%s: no error", address)
		}
	}
	srv := httptest.NewServer(http.NotFoundHandler())
	defer srv.Close()
	// What has been looked up is looked at too, not only what is written.
	client := fetch.Client(fetch.Options{})
	if _, err := client.Get(srv.URL); !errors.Is(err, fetch.ErrLocal) {
		t.Errorf("the connection: %v", err)
	}
}
