package preview

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lectern/internal/server"
)

// Folder is the part of the live site's address space that previews take, but
// where they have hosts of their own.
const Folder = "_preview"

// own is the part of a preview's address space that is not the site's.
const own = "_lectern/"

// patience is how long a request waits for a first site before it gets a page
// that says so.
const patience = 8 * time.Second

//go:embed assets/preview.css
var assets embed.FS

// Handler answers for the previews of a set, through a server.
type Handler struct {
	set    *Set
	server *server.Server
	style  []byte
	// css is the style sheet's path in each preview.
	css string
}

// NewHandler returns the handler for set; srv, whose sites it compares with and by
// whose rules it serves, is set later, with [Handler.Through].
func NewHandler(set *Set) (*Handler, error) {
	style, err := assets.ReadFile("assets/preview.css")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(style)
	return &Handler{set: set, style: style, css: own + "preview." + hex.EncodeToString(sum[:6]) + ".css"}, nil
}

// Through says which server serves. It comes before the first request.
func (h *Handler) Through(srv *server.Server) { h.server = srv }

// Serve is for [server.Options.Beside].
func (h *Handler) Serve(w http.ResponseWriter, r *http.Request, name string) bool {
	if host := h.set.opts.Host; host != "" {
		if label, ok := strings.CutSuffix(hostname(r.Host), "."+host); ok {
			h.serve(w, r, place{label: label, host: true}, name)
			return true
		}
	}
	rest, ok := strings.CutPrefix(name, Folder)
	if !ok || rest != "" && rest[0] != '/' {
		return false
	}
	label, rest, slash := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
	switch {
	case h.set.opts.Host != "" && label != "" && label == safeLabel(label):
		h.toHost(w, r, label, rest)
	case label != "" && !slash:
		server.HideAnswer(w.Header())
		w.Header().Set("Location", "./"+url.PathEscape(label)+"/")
		w.WriteHeader(http.StatusTemporaryRedirect)
	default:
		h.serve(w, r, place{label: label}, rest)
	}
	return true
}

// place is where a request found a preview.
type place struct {
	label string
	// host is true where the preview has one of its own.
	host bool
}

// safeLabel is label where it can be a part of a host's name, and otherwise "".
func safeLabel(label string) string {
	if len(label) > maxLabel || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return ""
	}
	return label
}

// toHost leads to where a preview is.
func (h *Handler) toHost(w http.ResponseWriter, r *http.Request, label, rest string) {
	server.HideAnswer(w.Header())
	u := url.URL{Host: label + "." + h.set.opts.Host, Path: "/" + rest, RawQuery: r.URL.RawQuery}
	if port := (&url.URL{Host: r.Host}).Port(); port != "" {
		u.Host += ":" + port
	}
	w.Header().Set("Location", u.String())
	w.WriteHeader(http.StatusTemporaryRedirect)
}

func hostname(host string) string {
	return strings.ToLower(strings.TrimSuffix((&url.URL{Host: host}).Hostname(), "."))
}

func (h *Handler) serve(w http.ResponseWriter, r *http.Request, p place, name string) {
	switch {
	case name == h.css:
		server.ServeAsset(w, r, name, h.style)
		return
	case p.host && name == "robots.txt":
		// Nobody looks through a preview, which would have it built, too.
		server.HideAnswer(w.Header())
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte("User-agent: *\nDisallow: /\n")) // a client that went away is no concern
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	v := h.set.wait(ctx, p.label)
	for v.site != nil && v.site.Snapshot == nil {
		if err := h.set.open(ctx, &v); err != nil {
			break
		}
	}
	pg := pageOf{h: h, r: r, view: v, up: up(name), words: wordsFor("")}
	switch {
	case v.site == nil || v.site.Snapshot == nil:
		pg.words = wordsFor(accepted(r))
		pg.serveState(w)
	case name == own+"diff":
		pg.words = wordsFor(h.siteLanguage(&v))
		pg.serveDiff(w)
	case strings.HasPrefix(name, own):
		pg.words = wordsFor(h.siteLanguage(&v))
		pg.serveMissing(w)
	default:
		h.serveSite(w, pg, p, name)
	}
}

func (h *Handler) serveSite(w http.ResponseWriter, pg pageOf, p place, name string) {
	site := pg.view.site
	b := server.Beside{
		Update: server.Update{Snapshot: site.Snapshot, Policy: site.Policy, FilePolicy: site.FilePolicy},
		Top:    func(file string, doc []byte) string { return pg.bar(p, file, doc) },
		NotFound: func(w http.ResponseWriter, _ *http.Request) {
			pg.words = wordsFor(h.siteLanguage(&pg.view))
			pg.serveMissing(w)
		},
	}
	h.server.ServeBeside(w, pg.r, &b, name)
}

// siteLanguage is that of the site's first page.
func (h *Handler) siteLanguage(v *view) string {
	f := v.site.Snapshot.Lookup("index.html")
	if f == nil || f.Size() > maxPage {
		return ""
	}
	var b head
	_, _ = f.WriteTo(&b) // it says when it has enough
	return language(b.bytes)
}

// head keeps the first bytes that are written to it.
type head struct{ bytes []byte }

func (h *head) Write(p []byte) (int, error) {
	if room := 512 - len(h.bytes); room > 0 {
		h.bytes = append(h.bytes, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

// accepted is the language that a browser asks for first.
func accepted(r *http.Request) string {
	lang, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	lang, _, _ = strings.Cut(lang, ";")
	return strings.TrimSpace(lang)
}

// up is the way from a file's folder to the preview's root.
func up(name string) string { return strings.Repeat("../", strings.Count(name, "/")) }
