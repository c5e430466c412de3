package server

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"lectern/internal/diag"
)

func TestInjection(t *testing.T) {
	const script = "<script></script>"
	for in, want := range map[string]string{
		"<body>x</body>":                      "<body>x" + script + "</body>",
		"<body>x</BODY>\n</html>":             "<body>x" + script + "</BODY>\n</html>",
		"<pre>&lt;/body></pre>":               "<pre>&lt;/body></pre>" + script,
		"<!-- </body> --><p>x</body></html>":  "<!-- </body> --><p>x" + script + "</body></html>",
		"no body at all":                      "no body at all" + script,
		"":                                    script,
		"</body":                              "</body" + script,
		strings.Repeat("x", 5000) + "</body>": strings.Repeat("x", 5000) + script + "</body>",
	} {
		if got := string(injectScript([]byte(in), script)); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestLivePages(t *testing.T) {
	deck, name := onDisk(t, "slides/index.html", "<html><body>deck</body></html>")
	_, hs := start(t, Options{Live: true}, Update{Snapshot: site(t, pages, deck)})
	_, plain := start(t, Options{}, Update{Snapshot: site(t, pages, deck)})
	for _, path := range []string{"/", "/slides/", "/missing"} {
		got := ask(t, "GET", hs.URL+path)
		tag := strings.Trim(got.Header.Get("ETag"), `"`)
		want := `<script src="/_lectern/live.js" data-etag="` + tag + `" defer></script></body>`
		if !strings.Contains(got.body, want) {
			t.Errorf("%s: no %q in %q", path, want, got.body)
		}
		if other := ask(t, "GET", plain.URL+path); other.Header.Get("ETag") == got.Header.Get("ETag") {
			t.Errorf("%s: one tag for two contents", path)
		} else if got.body != strings.Replace(other.body, "</body>", want, 1) {
			t.Errorf("%s: more than the script was changed: %q", path, got.body)
		}
		if head := ask(t, "HEAD", hs.URL+path); head.ContentLength != int64(len(got.body)) {
			t.Errorf("%s: HEAD says %d bytes, GET %d", path, head.ContentLength, len(got.body))
		}
		if path != "/missing" {
			if again := ask(t, "GET", hs.URL+path, `If-None-Match: "`+tag+`"`); again.StatusCode != 304 {
				t.Errorf("%s: asked for again: %d", path, again.StatusCode)
			}
		}
	}
	for _, path := range []string{"/lectern/mermaid-frame.0123abcdef89.html", "/index.xml", "/css/own.css"} {
		if got := ask(t, "GET", hs.URL+path); strings.Contains(got.body, "live.js") {
			t.Errorf("%s has the script: %q", path, got.body)
		}
	}
	if got := ask(t, "GET", hs.URL+"/"); got.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" {
		t.Error("pages of live mode may be embedded elsewhere")
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, "GET", hs.URL+"/slides/"); got.StatusCode != 404 {
		t.Errorf("a document that is gone: %d", got.StatusCode)
	}
}

func TestLiveAssets(t *testing.T) {
	_, hs := start(t, Options{Live: true}, Update{})
	for path, ctype := range map[string]string{"live.js": "text/javascript; charset=utf-8", "live.css": "text/css; charset=utf-8"} {
		got := ask(t, "GET", hs.URL+"/_lectern/"+path)
		if got.StatusCode != 200 || got.Header.Get("Content-Type") != ctype || len(got.body) < 500 {
			t.Errorf("%s: %d %s, %d bytes", path, got.StatusCode, got.Header.Get("Content-Type"), len(got.body))
		}
		if again := ask(t, "GET", hs.URL+"/_lectern/"+path, "If-None-Match: "+got.Header.Get("ETag")); again.StatusCode != 304 {
			t.Errorf("%s, asked for again: %d", path, again.StatusCode)
		}
	}
	if got := ask(t, "GET", hs.URL+"/_lectern/manifest.txt"); got.StatusCode != 404 {
		t.Errorf("another file: %d", got.StatusCode)
	}
	_, plain := start(t, Options{}, Update{Snapshot: site(t, map[string]string{"_lectern/live.js": "the author's own"})})
	if got := ask(t, "GET", plain.URL+"/_lectern/live.js"); got.body != "the author's own" {
		t.Errorf("without live mode the addresses are the site's: %q", got.body)
	}
}

// stream is a client of the events.
type stream struct {
	t    testing.TB
	resp *http.Response
	r    *bufio.Reader
	end  context.CancelFunc
}

func listen(t testing.TB, url, page string) *stream {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), tooLong)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/_lectern/events?page="+page, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	s := &stream{t: t, resp: resp, r: bufio.NewReader(resp.Body), end: cancel}
	t.Cleanup(s.close)
	return s
}

func (s *stream) close() {
	s.end()
	s.resp.Body.Close()
}

// next returns the next event, and false at the stream's end.
func (s *stream) next() (event, bool) {
	s.t.Helper()
	var e event
	name := ""
	for {
		line, err := s.r.ReadString('\n')
		if err != nil {
			return e, false
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch field {
		case "event":
			name = value
		case "data":
			var raw struct {
				event
				Findings []struct {
					File, Message string
				} `json:"findings"`
			}
			if err := json.Unmarshal([]byte(value), &raw); err != nil || name != "update" {
				s.t.Fatalf("event %q: %v in %s", name, err, value)
			}
			e = raw.event
			for _, f := range raw.Findings {
				e.Findings = append(e.Findings, diag.Diagnostic{Position: diag.Position{File: f.File}, Message: f.Message})
			}
			return e, true
		}
	}
}

func findings(file string, n int) []diag.Diagnostic {
	var ds []diag.Diagnostic
	for i := range n {
		ds = append(ds, diag.Diagnostic{
			Position: diag.Position{File: file, Line: i + 1}, Severity: diag.Warning, Message: fmt.Sprintf("finding\n%d", i),
		})
	}
	return ds
}

func TestEvents(t *testing.T) {
	s, hs := start(t, Options{Live: true}, Update{})
	home, day := listen(t, hs.URL, "/"), listen(t, hs.URL, "/day1/")
	if ct := home.resp.Header.Get("Content-Type"); ct != "text/event-stream" {
		t.Errorf("content type %q", ct)
	}
	for _, c := range []*stream{home, day} {
		if e, ok := c.next(); !ok || e.Digest != "" || e.ETag == "" || e.Total != 0 {
			t.Errorf("before there is a site: %v %+v", ok, e)
		}
	}

	snap := site(t, pages)
	u := Update{
		Snapshot: snap,
		Diags:    append(append(findings("content/a.md", 150), findings("content/day1/_index.md", 3)...), diag.Diagnostic{Severity: diag.Error, Message: "e"}),
		SourceOf: func(path string) string {
			return map[string]string{"day1/index.html": "content/day1/_index.md"}[path]
		},
	}
	s.Swap(u)
	e, _ := home.next()
	if e.Digest != snap.Digest().String() || e.Total != 154 || e.Here != 0 || e.Errors != 1 || e.Warnings != 153 || len(e.Findings) != maxFindings || e.Source != "" {
		t.Errorf("home: %+v", e)
	}
	if tag := ask(t, "HEAD", hs.URL+"/").Header.Get("ETag"); `"`+e.ETag+`"` != tag {
		t.Errorf("the event says %s, the page %s", e.ETag, tag)
	}
	e, _ = day.next()
	own := slices.IndexFunc(e.Findings, func(d diag.Diagnostic) bool { return d.File != "content/day1/_index.md" })
	if e.Here != 3 || own != 3 || e.Total != 154 || len(e.Findings) != maxFindings || e.Source != "content/day1/_index.md" {
		t.Errorf("day: %d of its own first, %+v", own, e)
	}

	s.Fail(errors.New("disk full"), nil)
	if e, _ = day.next(); e.Failed != "disk full" || e.Digest != snap.Digest().String() || e.Total != 0 {
		t.Errorf("after a failed build: %+v", e)
	}
	s.Swap(Update{Snapshot: site(t, map[string]string{"index.html": "x", "404.html": "gone"})})
	e, _ = day.next()
	if tag := ask(t, "HEAD", hs.URL+"/day1/").Header.Get("ETag"); `"`+e.ETag+`"` != tag || e.Failed != "" {
		t.Errorf("a page that is gone: %+v, the answer has the tag %s", e, tag)
	}
}

func TestEventsOfAddressesWithEscapes(t *testing.T) {
	_, hs := start(t, Options{Live: true}, Update{Snapshot: site(t, pages)})
	for _, page := range []string{"/day1/gr%C3%B6%C3%9Fe/", "/missing", "//evil/", "%zz", ""} {
		c := listen(t, hs.URL, strings.ReplaceAll(page, "%", "%25"))
		e, ok := c.next()
		want := ""
		if page != "%zz" && page != "" && page != "//evil/" {
			want = ask(t, "HEAD", hs.URL+page).Header.Get("ETag")
		}
		if !ok || want != "" && `"`+e.ETag+`"` != want {
			t.Errorf("%s: %v %+v, want %s", page, ok, e, want)
		}
	}
}

func TestSlowClientsHoldNothingUp(t *testing.T) {
	s, hs := start(t, Options{Live: true}, Update{Snapshot: site(t, pages)})
	slow := listen(t, hs.URL, "/") // never reads until the end
	u := Update{Snapshot: site(t, pages), Diags: findings(strings.Repeat("x", 1000), 100)}
	for range 2000 { // much more than any buffer holds
		s.Swap(u)
	}
	last := site(t, map[string]string{"index.html": "last"})
	s.Swap(Update{Snapshot: last})
	for {
		e, ok := slow.next()
		if !ok {
			t.Fatal("the stream ended before the last state")
		}
		if e.Digest == last.Digest().String() {
			return
		}
	}
}

func TestNumberOfStreamsIsBounded(t *testing.T) {
	s, hs := start(t, Options{Live: true, MaxStreams: 2}, Update{Snapshot: site(t, pages)})
	a, b := listen(t, hs.URL, "/"), listen(t, hs.URL, "/")
	a.next()
	b.next()
	if got := ask(t, "GET", hs.URL+"/_lectern/events"); got.StatusCode != 503 {
		t.Errorf("a third stream: %d", got.StatusCode)
	}
	a.close()
	for s.streamCount() > 1 { // until the server notices
		s.Swap(Update{Snapshot: site(t, pages)})
	}
	c := listen(t, hs.URL, "/")
	if _, ok := c.next(); !ok {
		t.Errorf("no stream after another ended: %d", c.resp.StatusCode)
	}
	if got := ask(t, "HEAD", hs.URL+"/_lectern/events"); got.StatusCode != 200 || got.body != "" {
		t.Errorf("HEAD: %d", got.StatusCode)
	}
}

func (s *Server) streamCount() int {
	s.streams.mu.Lock()
	defer s.streams.mu.Unlock()
	return len(s.streams.open)
}

func TestCloseEndsStreams(t *testing.T) {
	s, hs := start(t, Options{Live: true}, Update{Snapshot: site(t, pages)})
	c := listen(t, hs.URL, "/")
	c.next()
	s.Close()
	s.Close()
	if e, ok := c.next(); ok {
		t.Errorf("an event after the end: %+v", e)
	}
	if got := ask(t, "GET", hs.URL+"/_lectern/events"); got.StatusCode != 503 {
		t.Errorf("a stream after the end: %d", got.StatusCode)
	}
	if got := ask(t, "GET", hs.URL+"/"); got.StatusCode != 200 {
		t.Errorf("a page after the end: %d", got.StatusCode)
	}
}
