package server

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lectern/internal/snapshot"
)

func TestInsertTop(t *testing.T) {
	for _, c := range []struct{ page, want string }{
		{"<html><body><p>x</body>", "<html><body>TOP<p>x</body>"},
		{`<BODY class="a>b" id='>'>x`, `<BODY class="a>b" id='>'>TOPx`},
		{"<bodyguard><body\n>x", "<bodyguard><body\n>TOPx"},
		{`<body><a class="skip" href="#m">Skip</a><p>x`, `<body><a class="skip" href="#m">Skip</a>TOP<p>x`},
		{`<body><a class="skip">`, `<body>TOP<a class="skip">`},
		{"no body", "TOPno body"},
		{"", "TOP"},
		{"<body", "TOP<body"},
		{"<body class='never ends>x", "TOP<body class='never ends>x"},
	} {
		if got := string(insertTop([]byte(c.page), "TOP")); got != c.want {
			t.Errorf("%q became %q, not %q", c.page, got, c.want)
		}
	}
}

// Nothing that is shown beside the site is for shared caches or search engines,
// whatever the request.
func TestServeBeside(t *testing.T) {
	b := &Beside{
		Update: Update{Snapshot: site(t, pages), FilePolicy: "sandbox"},
		Top:    func(path string, _ []byte) string { return "<b>" + path + "</b>" },
		NotFound: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotFound)
		},
	}
	s := New(Options{Compress: true, Beside: func(w http.ResponseWriter, r *http.Request, name string) bool { return false }})
	s.opts.Beside = func(w http.ResponseWriter, r *http.Request, name string) bool {
		name, ok := strings.CutPrefix(name, "beside/")
		if ok {
			s.ServeBeside(w, r, b, name)
		}
		return ok
	}
	s.Swap(Update{Snapshot: site(t, pages)})
	for _, f := range b.Update.Snapshot.Files() {
		plain := ""
		for _, header := range [][2]string{{"X", "Y"}, {"Accept-Encoding", "gzip"}, {"Range", "bytes=0-3"}, {"If-None-Match", "*"}} {
			r := httptest.NewRequest(http.MethodGet, "/beside/"+strings.TrimSuffix(f.Path, "index.html"), nil)
			r.Header.Set(header[0], header[1])
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			h := w.Header()
			if h.Get("X-Robots-Tag") == "" || !strings.HasPrefix(h.Get("Cache-Control"), "private") || h.Get(ReleaseHeader) == "" {
				t.Errorf("%s with %v: %d, %v", f.Path, header, w.Code, h)
			}
			if !strings.HasSuffix(f.Path, ".html") || isFrame(f.Path) {
				continue
			}
			body := w.Body.String()
			switch {
			case header[0] == "X":
				if plain = body; !strings.Contains(body, "<b>"+f.Path+"</b>") {
					t.Errorf("%s: %s", f.Path, body)
				}
			case h.Get("Content-Encoding") == "gzip":
				z, err := gzip.NewReader(w.Body)
				if err != nil {
					t.Fatal(err)
				}
				text, err := io.ReadAll(z)
				if err != nil || string(text) != plain {
					t.Errorf("%s: %v, %s", f.Path, err, text)
				}
			case header[0] == "If-None-Match":
				if w.Code != http.StatusNotModified || body != "" {
					t.Errorf("%s: %d, %s", f.Path, w.Code, body)
				}
			}
		}
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/beside/nothing/", nil))
	if w.Code != http.StatusNotFound || w.Header().Get(ReleaseHeader) != "" {
		t.Errorf("%d, %v", w.Code, w.Header())
	}
}

// Who may not see the site sees nothing beside it.
func TestBesideIsGuarded(t *testing.T) {
	asked := 0
	s := New(Options{
		Around: func(http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
		},
		Beside: func(http.ResponseWriter, *http.Request, string) bool {
			asked++
			return true
		},
	})
	s.Swap(Update{Snapshot: site(t, pages)})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/_preview/x/", nil))
	if w.Code != http.StatusUnauthorized || asked > 0 {
		t.Errorf("%d; asked %d times", w.Code, asked)
	}
}

// A document that an author put there ready-made has the policy for those, whatever
// kind of document a browser takes it for; what a build made has the other.
func TestBesideReadyMade(t *testing.T) {
	const script = `<html xmlns="http://www.w3.org/1999/xhtml"><script src="x.js"></script></html>`
	var files []*snapshot.File
	for _, name := range []string{"deck.html", "deck.htm", "deck.xhtml", "deck.xml", "deck.svg"} {
		f, _ := onDisk(t, name, script)
		files = append(files, f)
	}
	feed, _ := onDisk(t, "feed.xml", "<rss></rss>")
	feed.Rendered = true
	s := New(Options{})
	b := &Beside{
		Update: Update{Snapshot: site(t, pages, append(files, feed)...), Policy: "default-src 'self'", FilePolicy: "default-src 'self'; sandbox"},
		Top:    func(string, []byte) string { return "" },
	}
	s.opts.Beside = func(w http.ResponseWriter, r *http.Request, name string) bool {
		s.ServeBeside(w, r, b, name)
		return true
	}
	for _, f := range append(files, feed) {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/"+f.Path, nil))
		if got := w.Header().Get("Content-Security-Policy"); w.Code != http.StatusOK || strings.Contains(got, "sandbox") == f.Rendered {
			t.Errorf("%s: %d, %q", f.Path, w.Code, got)
		}
	}
}
