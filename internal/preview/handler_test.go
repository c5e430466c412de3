package preview

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"lectern/internal/diag"
	"lectern/internal/server"
	"lectern/internal/snapshot"
)

// previewed returns a server whose live site is live, with a preview of the
// branch feature/x that is site.
func previewed(t *testing.T, host string, live, site *snapshot.Snapshot, err error) (*server.Server, *Set) {
	t.Helper()
	set := New(Options{
		Host: host, Live: func() *snapshot.Snapshot { return live },
		Build: func(_ context.Context, _ string, ref Ref) (*Site, error) {
			if err != nil {
				return nil, err
			}
			return &Site{
				Ref: ref, Subject: "Say <more>", Snapshot: site, BaseURL: "https://live.example.org/2026", Cleaned: host == "",
				Found: []diag.Diagnostic{{Position: diag.Position{File: "a.md", Line: 3}, Severity: diag.Warning, Message: "odd <b>"}}, Elsewhere: 2,
			}, nil
		},
	})
	h, e := NewHandler(set)
	if e != nil {
		t.Fatal(e)
	}
	srv := server.New(server.Options{Compress: true, Beside: h.Serve})
	h.Through(srv)
	srv.Swap(server.Update{Snapshot: live})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		set.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
	})
	set.Update([]Ref{branch("feature/x", "0123456789abcdef")})
	return srv, set
}

func get(t *testing.T, srv http.Handler, target string, header ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, r)
	resp := w.Result()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func contains(t *testing.T, what, body string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(body, p) {
			t.Errorf("%s lacks %q:\n%s", what, p, body)
		}
	}
}

func sites(t *testing.T) (live, site *snapshot.Snapshot) {
	german := strings.Replace(pageHTML("note", "f", "", "<p>Mehr.</p>"), `lang="en"`, `lang="de-CH"`, 1)
	return siteOf(t, "f", map[string]string{"index.html": "article:<h1>Start</h1><p>One.</p>", "lectern/theme.0123456789ab.css": "x"}),
		siteOf(t, "f", map[string]string{"index.html": "article:<h1>Start</h1><p>One & two.</p>", "a/b/index.html": german, "lectern/theme.0123456789ab.css": "x", "sw.js": "gone"})
}

func TestBar(t *testing.T) {
	live, site := sites(t)
	srv, _ := previewed(t, "", live, site, nil)
	resp, body := get(t, srv, "/_preview/feature-x/")
	if resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status)
	}
	contains(t, "the page", body, `<body class="x>y"><link rel="stylesheet" href="_lectern/preview.`, `<b>feature/x</b> <code title="Say &lt;more&gt;">012345678</code>`,
		`<a href="_lectern/diff">What differs from the live website</a> (1 page new, 1 changed)`, `<a href="../../">This page, live</a>`)
	for name, want := range map[string]string{
		"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding",
		server.ReleaseHeader: site.Digest().Short(), "Content-Security-Policy": server.Policy,
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
	// What it is called by changes with the bar: the same page against another live
	// site is another answer.
	tag := resp.Header.Get("ETag")
	if again, _ := get(t, srv, "/_preview/feature-x/", "If-None-Match", tag); again.StatusCode != http.StatusNotModified {
		t.Errorf("asked with its tag: %s", again.Status)
	}
	other, _ := previewed(t, "", site, site, nil)
	resp, body = get(t, other, "/_preview/feature-x/", "If-None-Match", tag)
	if resp.StatusCode != http.StatusOK {
		t.Errorf("with another bar: %s", resp.Status)
	}
	contains(t, "the page", body, "Says the same as the live website")

	_, body = get(t, srv, "/_preview/feature-x/a/b/")
	contains(t, "the German page", body, `lang="de">`, "Vorschau", `<a href="../../_lectern/diff">Was von der Live-Website abweicht</a> (1 Seite neu, 1 geändert)`, `<a href="../../../../">Live-Website</a>`)
	resp, _ = get(t, srv, "/_preview/feature-x/lectern/theme.0123456789ab.css")
	if c := resp.Header.Get("Cache-Control"); c != "private, max-age=31536000, immutable" || resp.Header.Get("X-Robots-Tag") == "" {
		t.Errorf("%s, %v", c, resp.Header)
	}
	if resp, _ = get(t, srv, "/_preview/feature-x/a/b"); resp.StatusCode != http.StatusTemporaryRedirect || resp.Header.Get("Location") != "./b/" {
		t.Errorf("%s to %s", resp.Status, resp.Header.Get("Location"))
	}
	resp, body = get(t, srv, "/")
	if strings.Contains(body, "lectern-preview") || resp.Header.Get("X-Robots-Tag") != "" || resp.Header.Get(server.ReleaseHeader) != live.Digest().Short() {
		t.Errorf("the live page: %v\n%s", resp.Header, body)
	}
}

func TestDiffPage(t *testing.T) {
	live, site := sites(t)
	srv, _ := previewed(t, "", live, site, nil)
	resp, body := get(t, srv, "/_preview/feature-x/_lectern/diff")
	contains(t, "the page", body, `One<ins><span class="unseen">added: </span> &amp; two</ins>.`, `<code>/a/b/</code>`, `<a href="../a/b/">`, "a.md:3", "odd &lt;b&gt;", "and 2 more in files", "are left out")
	if p := resp.Header.Get("Content-Security-Policy"); resp.StatusCode != http.StatusOK || !strings.Contains(p, "default-src 'none'") || strings.Contains(body, "<script") || strings.Contains(body, "style=") {
		t.Errorf("%s, %s\n%s", resp.Status, p, body)
	}
	style := body[strings.Index(body, "../_lectern/preview.")+2:]
	style = style[:strings.Index(style, `"`)]
	if resp, _ = get(t, srv, "/_preview/feature-x"+style); resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/css") {
		t.Errorf("%s: %s, %v", style, resp.Status, resp.Header)
	}
}

func TestStates(t *testing.T) {
	live, site := sites(t)
	failure := &Failure{Reason: BrokenConfig, Found: []diag.Diagnostic{{Position: diag.Position{File: "lectern.yaml", Line: 2}, Message: "what?"}}}
	for _, c := range []struct {
		name, target string
		err          error
		status       int
		want         []string
		not          string
	}{
		{"none", "/_preview/nothing/", nil, 404, []string{"There is no such preview"}, ""},
		{"no name", "/_preview/", nil, 404, []string{"There is no such preview"}, "012345678"},
		{"no page", "/_preview/feature-x/what/", nil, 404, []string{"This preview has no such page", `href="../"`}, ""},
		{"none of its own", "/_preview/feature-x/_lectern/hooks", nil, 404, []string{"no such page"}, ""},
		{"a failure", "/_preview/feature-x/", failure, 500, []string{"configuration can’t be read", "lectern.yaml:2", "what?"}, ""},
		{"an error", "/_preview/feature-x/a/", errors.New("token s3cret is wrong"), 500, []string{"The log of the server says why", `href="../_lectern/preview.`}, "s3cret"},
		{"gone", "/_preview/feature-x/", ErrGone, 404, []string{"feature/x, is no longer there"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv, _ := previewed(t, "", live, site, c.err)
			resp, body := get(t, srv, c.target)
			if resp.StatusCode != c.status || resp.Header.Get("X-Robots-Tag") == "" || !strings.Contains(resp.Header.Get("Cache-Control"), "no-store") {
				t.Errorf("%s, %v", resp.Status, resp.Header)
			}
			contains(t, "the page", body, c.want...)
			if c.not != "" && strings.Contains(body, c.not) {
				t.Errorf("the page says %s", c.not)
			}
		})
	}
	srv, _ := previewed(t, "", live, site, nil)
	if resp, _ := get(t, srv, "/_preview/feature-x"); resp.StatusCode != http.StatusTemporaryRedirect || resp.Header.Get("Location") != "./feature-x/" {
		t.Errorf("%s to %s", resp.Status, resp.Header.Get("Location"))
	}
	if resp, _ := get(t, srv, "/_previews/"); resp.Header.Get("X-Robots-Tag") != "" {
		t.Error("another folder is taken for previews")
	}
}

func TestOwnHost(t *testing.T) {
	live, site := sites(t)
	srv, _ := previewed(t, "preview.example.org", live, site, nil)
	_, body := get(t, srv, "http://Feature-X.preview.example.org:8080/")
	contains(t, "the page", body, `href="_lectern/diff"`, `<a href="https://live.example.org/2026/">This page, live</a>`)
	_, body = get(t, srv, "http://feature-x.preview.example.org/robots.txt")
	contains(t, "robots.txt", body, "Disallow: /\n")
	resp, _ := get(t, srv, "http://live.example.org:8080/_preview/feature-x/a%20b/?q=1")
	if want := "//feature-x.preview.example.org:8080/a%20b/?q=1"; resp.Header.Get("Location") != want {
		t.Errorf("led to %s, not %s", resp.Header.Get("Location"), want)
	}
	// What is no part of a host's name leads nowhere.
	for _, target := range []string{"/_preview/evil.example.net/", "/_preview/evil.example.net%3A80/", "/_preview/a%40b/"} {
		if resp, _ := get(t, srv, "http://live.example.org"+target); resp.StatusCode != http.StatusNotFound || resp.Header.Get("Location") != "" {
			t.Errorf("%s: %s to %s", target, resp.Status, resp.Header.Get("Location"))
		}
	}
}
