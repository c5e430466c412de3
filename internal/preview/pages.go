package preview

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/server"
)

// pageOf is what a page about a preview, or a bar above one, is made of.
type pageOf struct {
	h     *Handler
	r     *http.Request
	view  view
	up    string // from the page to the preview's root
	words *words
}

func esc(s string) string { return html.EscapeString(s) }

// shortCommit is as much of a commit's name as people read.
func shortCommit(id string) string { return id[:min(len(id), 9)] }

// note says how the site is that is shown, "" for the newest.
func (p *pageOf) note() string {
	switch {
	case p.view.stale && p.view.failed != nil:
		return p.words.outdated
	case p.view.stale:
		return p.words.updating
	}
	return ""
}

// bar is what stands above a page of a preview.
func (p *pageOf) bar(at place, file string, doc []byte) string {
	w := wordsFor(language(doc))
	p.words, p.up = w, up(file)
	kind, name := w.ref(p.view.ref)
	var b strings.Builder
	b.WriteString(`<link rel="stylesheet" href="` + p.up + p.h.css + `"><aside class="lectern-preview" aria-label="` + esc(w.preview) + `" lang="` + w.lang + `">` +
		`<p class="lectern-preview-what"><strong>` + esc(w.preview) + `</strong> ` + esc(kind) + ` <b>` + esc(name) + `</b>` +
		` <code title="` + esc(p.view.site.Subject) + `">` + shortCommit(p.view.site.Ref.Commit) + `</code></p>`)
	if note := p.note(); note != "" {
		b.WriteString(`<p role="status">` + esc(note) + `</p>`)
	}
	d, err := p.h.set.difference(p.r.Context(), &p.view)
	b.WriteString(`<p class="lectern-preview-links">`)
	switch {
	case err != nil || d == nil: // the reader went away, or there is nothing to compare with
	case d.Empty():
		b.WriteString(`<span>` + esc(w.same) + `</span> `)
	default:
		b.WriteString(`<span><a href="` + p.up + own + `diff">` + esc(w.differs) + `</a>`)
		if n := w.counts(d); n != "" {
			b.WriteString(` (` + esc(n) + `)`)
		}
		b.WriteString(`</span> `)
	}
	if href, own := p.liveAddress(at, file); own {
		b.WriteString(`<a href="` + esc(href) + `">` + esc(w.thisLive) + `</a>`)
	} else if href != "" {
		b.WriteString(`<a href="` + esc(href) + `">` + esc(w.live) + `</a>`)
	}
	b.WriteString(`</p></aside>`)
	return b.String()
}

// liveAddress leads to the page of the live site at the same place, or, where it has
// none there, to its start. own says which. It is "" where nobody knows where the
// live site is.
func (p *pageOf) liveAddress(at place, file string) (href string, own bool) {
	root := p.up + "../../"
	if at.host {
		if root = p.view.site.BaseURL; root == "" {
			return "", false
		}
		root = strings.TrimSuffix(root, "/") + "/"
	}
	if live := p.h.set.opts.Live(); live == nil || live.Lookup(file) == nil {
		return root, false
	}
	return root + (&url.URL{Path: address(file)}).EscapedPath(), true
}

// document is a page of the preview's own.
func (p *pageOf) document(title, body string) []byte {
	return []byte(`<!doctype html><html lang="` + p.words.lang + `"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
		`<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>` + esc(title) + `</title>` +
		`<link rel="stylesheet" href="` + p.up + p.h.css + `"></head><body class="lectern-preview-page"><main><h1>` + esc(title) + `</h1>` + body + `</main></body></html>`)
}

// serveState answers where there is nothing to show.
func (p *pageOf) serveState(rw http.ResponseWriter) {
	w, v := p.words, &p.view
	status, title, text := http.StatusNotFound, w.none, w.noneText
	more := ""
	switch {
	case v.unknown:
		status, title, text = http.StatusServiceUnavailable, w.unknown, w.unknownText
	case v.gone != "":
		_, name := w.ref(Ref{Name: v.gone})
		title, text = w.gone, fmt.Sprintf(w.goneText, name)
	case v.entry == nil:
	case v.failed != nil:
		status, title, text = http.StatusInternalServerError, w.failed, w.failedText
		if f, ok := errors.AsType[*Failure](v.failed); ok {
			text = w.reasons[f.Reason]
			more = p.findings(f.Found, 0)
		}
		more = p.about() + more
	default:
		status, title, text = http.StatusServiceUnavailable, w.building, w.buildingText
		more = p.about()
	}
	if status == http.StatusServiceUnavailable {
		rw.Header().Set("Refresh", "2")
		rw.Header().Set("Retry-After", "2")
	}
	server.ServeDocument(rw, p.r, status, p.document(title, `<p>`+esc(text)+`</p>`+more))
}

// about says what the preview is of.
func (p *pageOf) about() string {
	kind, name := p.words.ref(p.view.ref)
	commit, subject := p.view.ref.Commit, ""
	if p.view.site != nil {
		commit, subject = p.view.site.Ref.Commit, p.view.site.Subject
	}
	out := `<p class="about">` + esc(kind) + ` <b>` + esc(name) + `</b>, ` + esc(p.words.commit) + ` <code>` + shortCommit(commit) + `</code>`
	if subject != "" {
		out += ` <q>` + esc(subject) + `</q>`
	}
	return out + `</p>`
}

func (p *pageOf) serveMissing(rw http.ResponseWriter) {
	w := p.words
	server.ServeDocument(rw, p.r, http.StatusNotFound, p.document(w.missing,
		`<p>`+esc(w.missingText)+`</p>`+p.about()+`<p><a href="`+p.root()+`">`+esc(w.home)+`</a></p>`))
}

func (p *pageOf) root() string {
	if p.up == "" {
		return "./"
	}
	return p.up
}

// maxFound bounds the findings that are listed.
const maxFound = 100

// findings lists what a build found.
func (p *pageOf) findings(ds []diag.Diagnostic, elsewhere int) string {
	if len(ds) == 0 && elsewhere == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<h2>` + esc(p.words.found) + `</h2><ul class="found">`)
	for _, d := range ds[:min(len(ds), maxFound)] {
		where := d.File
		if d.Line > 0 {
			where += ":" + strconv.Itoa(d.Line)
		}
		b.WriteString(`<li lang="en"><code>` + esc(where) + `</code> ` + d.Severity.String() + `: ` + esc(d.Message))
		if d.Hint != "" {
			b.WriteString(` <small>` + esc(d.Hint) + `</small>`)
		}
		b.WriteString(`</li>`)
	}
	if more := max(0, len(ds)-maxFound); more > 0 {
		b.WriteString(`<li>` + esc(fmt.Sprintf(p.words.moreOf, more)) + `</li>`)
	}
	if elsewhere > 0 {
		b.WriteString(`<li>` + esc(fmt.Sprintf(p.words.elsewhere, elsewhere)) + `</li>`)
	}
	b.WriteString(`</ul>`)
	return b.String()
}
