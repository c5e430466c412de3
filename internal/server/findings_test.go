package server

import (
	"net/http"
	"strings"
	"testing"

	"lectern/internal/diag"
)

func finding(file string, line int, sev diag.Severity, msg string) diag.Diagnostic {
	return diag.Diagnostic{Position: diag.Position{File: file, Line: line, Col: 2}, Severity: sev, Rule: "r", Message: msg, Hint: "h<"}
}

func TestFindingsPage(t *testing.T) {
	s, hs := start(t, Options{Live: true}, Update{Snapshot: site(t, pages), Diags: []diag.Diagnostic{
		{Severity: diag.Info, Rule: "whole", Message: "about all"},
		finding("a<b.md", 3, diag.Error, "one <script>"), finding("a<b.md", 4, diag.Info, "two"), finding("c.md", 0, diag.Warning, "three"),
	}})
	r := ask(t, "GET", hs.URL+"/_lectern/")
	for _, want := range []string{
		"<h1>1 error, 1 warning, 2 infos</h1>", "<h2><code>The project</code></h2>", "<h2><code>a&lt;b.md</code></h2>",
		`<li class="error"><code>3:2</code> <strong>error</strong>: one &lt;script&gt; <span class="rule">[r]</span><p class="hint">h&lt;</p></li>`,
		`<li class="info"><code>4:2</code>`, `<li class="warning"><strong>warning</strong>: three`, "live.js",
	} {
		if !strings.Contains(r.body, want) {
			t.Errorf("%s lacks %s", r.body, want)
		}
	}
	if strings.Count(r.body, "<section>") != 3 || strings.Contains(r.body, "one <script>") || r.StatusCode != http.StatusOK {
		t.Errorf("%d %s", r.StatusCode, r.body)
	}
	if csp := r.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("policy %q", csp)
	}
	// An open page hears of a new one by its tag.
	c := listen(t, hs.URL, "/_lectern/")
	e, _ := c.next()
	if `"`+e.ETag+`"` != r.Header.Get("ETag") {
		t.Errorf("the event says %s, the page %s", e.ETag, r.Header.Get("ETag"))
	}
	s.Swap(Update{Snapshot: site(t, pages)})
	if e, _ = c.next(); `"`+e.ETag+`"` == r.Header.Get("ETag") {
		t.Error("the findings are others, and the page's tag is the same")
	}
	if r = ask(t, "GET", hs.URL+"/_lectern/"); !strings.Contains(r.body, "<h1>Nothing found</h1>") || strings.Contains(r.body, "<section>") {
		t.Error(r.body)
	}
	many := make([]diag.Diagnostic, maxListed+7)
	for i := range many {
		many[i] = finding("a.md", i+1, diag.Info, "x")
	}
	s.Swap(Update{Snapshot: site(t, pages), Diags: many})
	if r = ask(t, "GET", hs.URL+"/_lectern/"); !strings.Contains(r.body, "and 7 more") || strings.Count(r.body, "<li class") != maxListed {
		t.Error("the number of findings on the page must be bounded")
	}
}

// The findings are the author's: without live mode nobody is shown them.
func TestFindingsPageIsTheAuthors(t *testing.T) {
	_, hs := start(t, Options{}, Update{Snapshot: site(t, pages), Diags: []diag.Diagnostic{finding("a.md", 1, diag.Error, "secret")}})
	for _, path := range []string{"/_lectern/", "/_lectern"} {
		if r := ask(t, "GET", hs.URL+path); r.StatusCode != http.StatusNotFound || strings.Contains(r.body, "secret") {
			t.Errorf("%s: %d %s", path, r.StatusCode, r.body)
		}
	}
}
