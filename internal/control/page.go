package control

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"lectern/internal/release"
)

//go:embed assets/status.css
var styleSheet []byte

//go:embed assets/status.html
var statusTemplate string

const statusPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// page renders the status for people.
type page struct{ t *template.Template }

func newPage() (*page, error) {
	t, err := template.New("status").Funcs(template.FuncMap{
		"stamp": func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") + " UTC" },
		"iso":   func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"took":  took,
		"short": func(s string) string { return s[:min(len(s), 12)] },
	}).Parse(statusTemplate)
	return &page{t}, err
}

// took writes a duration as people read it.
func took(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// view is what the page shows.
type view struct {
	release.Status
	// Full is true for those who run the site, CanSignIn where others could show
	// that they do.
	Full, CanSignIn bool
}

// status answers with how things stand, as a page or as JSON. With ?all it asks
// for the token, as a password.
func (h *Handlers) status(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Cache-Control", "no-store")
	head.Set("Vary", "Accept, Authorization")
	head.Set("X-Robots-Tag", "noindex")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		head.Set("Allow", "GET, HEAD")
		answerError(w, http.StatusMethodNotAllowed, "ask with GET")
		return
	}
	full := h.knows(r, true)
	if !full && h.token != nil && (r.URL.RawQuery == "all" || r.Header.Get("Authorization") != "") {
		if r.Header.Get("Authorization") != "" {
			h.log.Warn("a request without the right token", "path", r.URL.Path, "client", host(r))
		}
		head.Set("WWW-Authenticate", `Basic realm="lectern: the token is the password", charset="UTF-8"`)
		answerError(w, http.StatusUnauthorized, "this needs the server's token")
		return
	}
	s := h.site.Status()
	if !full {
		s = s.Public()
	}
	if r.URL.Path == "/"+StatusJSONPath || strings.Contains(r.Header.Get("Accept"), "application/json") {
		answer(w, http.StatusOK, s)
		return
	}
	var b bytes.Buffer
	if err := h.page.t.Execute(&b, view{s, full, !full && h.token != nil}); err != nil {
		answerError(w, http.StatusInternalServerError, "the page cannot be written")
		return
	}
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Content-Security-Policy", statusPolicy)
	_, _ = w.Write(b.Bytes()) // a client that went away is no concern
}

func (h *Handlers) style(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(styleSheet))
}
