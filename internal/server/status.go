package server

import (
	"html"
	"net/http"
	"strings"

	"lectern/internal/diag"
)

// serveStatus answers while there is no site to show.
func (s *Server) serveStatus(w http.ResponseWriter, r *http.Request, st *state) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", cacheNever)
	h.Set("Content-Security-Policy", statusPolicy)
	h.Set("Retry-After", "1")
	extendDeadline(w, int64(len(st.status)))
	serveBytes(w, r, st.status, http.StatusServiceUnavailable)
}

// statusPage makes the page for st, and a tag for what it says. Only an author (live mode) is told what
// went wrong; to a visitor it would be noise, and may be none of his business.
func (s *Server) statusPage(st *state) (page []byte, tag string) {
	var b strings.Builder
	title := "The site is being built"
	if st.failed != "" {
		title = "The site could not be built"
	}
	b.WriteString(`<!doctype html><html lang="en"><head><meta charset="utf-8">` +
		`<meta name="viewport" content="width=device-width, initial-scale=1"><title>` + title + `</title>`)
	if s.opts.Live {
		b.WriteString(`<link rel="stylesheet" href="/` + liveDir + `live.css">`)
	}
	b.WriteString(`</head>` +
		`<body class="lectern-status"><main><h1>` + title + `</h1>`)
	switch {
	case st.failed == "":
		b.WriteString(`<p>It will be here in a moment.</p>`)
	case s.opts.Live:
		b.WriteString(`<p class="error">` + html.EscapeString(st.failed) + `</p>`)
		writeFindings(&b, st.update.Diags)
		b.WriteString(`<p>This page follows as soon as it is put right.</p>`)
	default:
		b.WriteString(`<p>Please try again later.</p>`)
	}
	b.WriteString(`</main></body></html>`)
	page = []byte(b.String())
	tag = contentTag(page)
	if s.opts.Live {
		page = injectScript(page, liveScript(tag))
	}
	return page, tag
}

func writeFindings(b *strings.Builder, ds []diag.Diagnostic) {
	if len(ds) == 0 {
		return
	}
	b.WriteString("<ul>")
	for _, d := range ds[:min(len(ds), maxFindings)] {
		b.WriteString("<li><code>" + html.EscapeString(place(d)) + "</code> " +
			d.Severity.String() + ": " + html.EscapeString(d.Message))
		if d.Hint != "" {
			b.WriteString("<br><small>" + html.EscapeString(d.Hint) + "</small>")
		}
		b.WriteString("</li>")
	}
	b.WriteString("</ul>")
}
