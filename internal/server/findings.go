package server

import (
	"fmt"
	"html"
	"net/http"
	"strings"

	"lectern/internal/diag"
)

// maxListed bounds the findings on the page that lists them all.
const maxListed = 5000

// serveFindings answers with the page of all findings, milder ones too, which
// is for the author alone: it is there in live mode only.
func (s *Server) serveFindings(w http.ResponseWriter, r *http.Request, st *state) {
	page, tag := s.findingsPage(st)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", cacheAsk)
	h.Set("ETag", tag)
	h.Set("Content-Security-Policy", statusPolicy)
	extendDeadline(w, int64(len(page)))
	serveBytes(w, r, page, http.StatusOK)
}

// findingsPage makes the page that lists what was found, by file, and the tag
// by which an open one sees that there is another.
func (s *Server) findingsPage(st *state) (page []byte, tag string) {
	ds := st.update.Diags
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="en"><head><meta charset="utf-8">` +
		`<meta name="viewport" content="width=device-width, initial-scale=1"><title>` + html.EscapeString(tally(ds)) + ` in the notes</title>` +
		`<link rel="stylesheet" href="/` + liveDir + `live.css"></head><body class="lectern-status findings"><main>` +
		`<p><a href="/">To the site</a></p><h1>` + html.EscapeString(tally(ds)) + `</h1>`)
	if st.failed != "" {
		b.WriteString(`<p class="failed">` + html.EscapeString(st.failed) + `</p>`)
	}
	if len(ds) == 0 {
		b.WriteString(`<p>There is nothing to do in the notes.</p>`)
	} else {
		b.WriteString(`<p>This page follows every save. <code>lectern check --explain RULE</code> says why a finding matters and how to silence it, ` +
			`<code>lectern check --fix</code> mends what has one right answer.</p>`)
		writeByFile(&b, ds[:min(len(ds), maxListed)])
		if more := len(ds) - maxListed; more > 0 {
			fmt.Fprintf(&b, "<p>… and %d more, which <code>lectern check</code> lists.</p>", more)
		}
	}
	b.WriteString(`</main></body></html>`)
	page = []byte(b.String())
	tag = contentTag(page)
	return injectScript(page, liveScript(tag)), tag
}

// writeByFile writes findings, which are sorted, with a heading for each file.
func writeByFile(b *strings.Builder, ds []diag.Diagnostic) {
	for i, d := range ds {
		if i == 0 || ds[i-1].File != d.File {
			if i > 0 {
				b.WriteString("</ul></section>")
			}
			name := d.File
			if name == "" {
				name = "The project"
			}
			b.WriteString(`<section><h2><code>` + html.EscapeString(name) + `</code></h2><ul>`)
		}
		b.WriteString(`<li class="` + d.Severity.String() + `">`)
		if d.Line > 0 {
			fmt.Fprintf(b, "<code>%d:%d</code> ", d.Line, max(d.Col, 1))
		}
		b.WriteString(`<strong>` + d.Severity.String() + `</strong>: ` + html.EscapeString(d.Message) +
			` <span class="rule">[` + html.EscapeString(d.Rule) + `]</span>`)
		if d.Hint != "" {
			b.WriteString(`<p class="hint">` + html.EscapeString(d.Hint) + `</p>`)
		}
		b.WriteString("</li>")
	}
	if len(ds) > 0 {
		b.WriteString("</ul></section>")
	}
}

// tally says how many findings of each severity there are.
func tally(ds []diag.Diagnostic) string {
	var n [3]int
	for _, d := range ds {
		n[d.Severity]++
	}
	var parts []string
	for i, noun := range [...]string{"error", "warning", "info"} {
		switch {
		case n[i] == 1:
			parts = append(parts, "1 "+noun)
		case n[i] > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", n[i], noun))
		}
	}
	if len(parts) == 0 {
		return "Nothing found"
	}
	return strings.Join(parts, ", ")
}
