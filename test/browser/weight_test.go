package browser

import (
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"

	"lectern/internal/server"
)

// packing serves a folder as nginx does with gzip on: what is text is packed.
func packing(t *testing.T, dir string) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := path.Clean(r.URL.Path)
		if strings.HasSuffix(r.URL.Path, "/") {
			name = path.Join(name, "index.html")
		}
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		kind, text := map[string]string{
			".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript",
			".json": "application/json", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json",
		}[path.Ext(name)]
		if !text {
			kind = http.DetectContentType(b)
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Security-Policy", server.Policy)
		if !text {
			_, _ = w.Write(b)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		z, err := gzip.NewWriterLevel(w, gzip.DefaultCompression)
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = z.Write(b)
		_ = z.Close()
	}))
	t.Cleanup(srv.Close)
	return srv.URL + "/"
}

// A first visit to a note without pictures moves at most 20 kB of HTML, CSS
// and script, with the headers of the answers, as Chromium counts them.
// (Measured the same way, without headers, Relearn 8.0.4 moves 80.5 kB.)
func TestFirstVisit(t *testing.T) {
	const most = 20_000
	for _, c := range []struct{ name, project, note string }{
		{"example, plain", example, "day2/06_panel/"},
		{"example, code and buttons", example, "day1/04_fuzz-the-parser/"},
		{"example, formulas", example, "day1/02_inside-maps/"},
		{"kubecon25", kubecon, "day0/10_abstractions/"},
		{"kubecon25, long", kubecon, "day-1/01_security-baseline/"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := os.Stat(c.project); err != nil {
				t.Skipf("no corpus of real notes here: %v", err)
			}
			base := packing(t, build(t, c.project, false))
			tb := newTab(t, desk)
			tb.watch()
			call(tb, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
			tb.open(base + c.note)
			eval[bool](tb, readThrough)
			html, css, js := tb.took().weight()
			t.Logf("HTML %d + CSS %d + script %d = %d bytes", html, css, js, html+css+js)
			if html == 0 || css == 0 || js == 0 {
				t.Error("something was not counted")
			}
			if all := html + css + js; all > most {
				t.Errorf("the first visit moves %d bytes, want at most %d", all, most)
			}
		})
	}
}
