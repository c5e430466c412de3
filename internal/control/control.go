// Package control lets those who run a site see and change what is live: over a
// socket in the data folder, for whoever may write there, and over HTTP, for
// whoever has the token. It also has the page that says how things stand, of
// which visitors see what tells nothing of the notes.
//
// The addresses are [StatusPath] and its JSON for everybody, and below [APIPath]
//
//	GET  releases   how things stand, as release.Status
//	POST rollback   {"to": "12"}: show a release and pin it; without "to" the one before
//	POST activate   {"to": "latest"}: the same; "latest" unpins
//
// for those who may. Answers are JSON; what went wrong is {"error": "…"}. Without
// a token the API is on the socket alone. A token is compared in a time that says
// nothing of it, and a request that a browser sends for another site is refused.
package control

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"strings"
	"unicode"

	"lectern/internal/release"
)

// Addresses, without a slash at the begin.
const (
	StatusPath     = "_lectern/status"
	StatusJSONPath = "_lectern/status.json"
	StylePath      = "_lectern/status.css"
	APIPath        = "_lectern/api/"
)

// MinToken is the shortest token that is taken: a shorter one could be guessed.
const MinToken = 16

// maxBody bounds what a request may say.
const maxBody = 4 << 10

// Site is what is controlled; [release.Live] is one.
type Site interface {
	// Status is how things stand.
	Status() release.Status
	// Rollback and Activate change what is live; see [release.Live].
	Rollback(ctx context.Context, to, by string) (release.Release, error)
	Activate(ctx context.Context, to, by string) (release.Release, error)
}

// Handlers answer for a site.
type Handlers struct {
	site  Site
	token []byte // its hash; nil without one
	log   *slog.Logger
	cross *http.CrossOriginProtection
	page  *page
}

// New returns the handlers of site. An empty token allows nothing over HTTP but
// to see the public status. log gets a line for each attempt with a wrong token.
func New(site Site, token string, log *slog.Logger) (*Handlers, error) {
	h := &Handlers{site: site, log: log, cross: http.NewCrossOriginProtection()}
	switch {
	case token == "":
	case len(token) < MinToken:
		return nil, errors.New("the token is too short: it needs 16 characters at least")
	default:
		sum := sha256.Sum256([]byte(token))
		h.token = sum[:]
	}
	var err error
	h.page, err = newPage()
	return h, err
}

// Routes are the handlers by address, for a server that anybody can reach.
func (h *Handlers) Routes() map[string]http.Handler {
	routes := map[string]http.Handler{
		StatusPath:     http.HandlerFunc(h.status),
		StatusJSONPath: http.HandlerFunc(h.status),
		StylePath:      http.HandlerFunc(h.style),
	}
	if h.token == nil {
		return routes
	}
	for name, handler := range h.api() {
		routes[APIPath+name] = h.withToken(handler)
	}
	return routes
}

// Trusted answers the API for a listener that only those reach who may use it.
func (h *Handlers) Trusted() http.Handler {
	mux := http.NewServeMux()
	for name, handler := range h.api() {
		mux.Handle("/"+APIPath+name, handler)
	}
	return mux
}

func (h *Handlers) api() map[string]http.Handler {
	return map[string]http.Handler{
		"releases": http.HandlerFunc(h.releases),
		"rollback": h.change(h.site.Rollback),
		"activate": h.change(h.site.Activate),
	}
}

// knows reports whether r brings the token: as a bearer's, or, where that is
// allowed, as the password that a browser asks for.
func (h *Handlers) knows(r *http.Request, basic bool) bool {
	if h.token == nil {
		return false
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok && basic {
		_, token, ok = r.BasicAuth()
	}
	sum := sha256.Sum256([]byte(token))
	return ok && subtle.ConstantTimeCompare(sum[:], h.token) == 1
}

// withToken lets only those through who have the token.
func (h *Handlers) withToken(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !h.knows(r, false) {
			h.log.Warn("a request without the right token", "path", r.URL.Path, "client", host(r))
			w.Header().Set("WWW-Authenticate", `Bearer realm="lectern"`)
			answerError(w, http.StatusUnauthorized, "this needs the server's token")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func host(r *http.Request) string {
	name, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return name
}

func (h *Handlers) releases(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		answerError(w, http.StatusMethodNotAllowed, "ask with GET")
		return
	}
	answer(w, http.StatusOK, h.site.Status())
}

// request is what a change is asked for with.
type request struct {
	// To names a release; see [release.Find].
	To string `json:"to"`
	// By is who asks, as he calls himself.
	By string `json:"by"`
}

// Changed is the answer to a change.
type Changed struct {
	Release release.Release `json:"release"`
	Pinned  bool            `json:"pinned"`
}

func (h *Handlers) change(do func(ctx context.Context, to, by string) (release.Release, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", "POST")
			answerError(w, http.StatusMethodNotAllowed, "ask with POST")
			return
		}
		if err := h.cross.Check(r); err != nil {
			answerError(w, http.StatusForbidden, "a browser sent this for another site")
			return
		}
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
			answerError(w, http.StatusUnsupportedMediaType, "the request has to be application/json")
			return
		}
		var req request
		dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&req); err != nil && !errors.Is(err, io.EOF) {
			answerError(w, http.StatusBadRequest, "the request cannot be read: "+err.Error())
			return
		}
		rel, err := do(r.Context(), req.To, asker(r, req.By))
		if err != nil {
			answerError(w, statusOf(err), err.Error())
			return
		}
		answer(w, http.StatusOK, Changed{rel, h.pinned()})
	})
}

func (h *Handlers) pinned() bool {
	s := h.site.Status().Shown
	return s != nil && s.Pinned
}

// asker is who asks, for the log: what he calls himself, and how he came.
func asker(r *http.Request, name string) string {
	const most = 80
	name = strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, name)
	if len(name) > most {
		name = strings.ToValidUTF8(name[:most], "")
	}
	way := "token from " + host(r)
	if r.Header.Get("Authorization") == "" {
		way = "socket"
	}
	if name == "" {
		return way
	}
	return name + " (" + way + ")"
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, release.ErrUnknown):
		return http.StatusNotFound
	case errors.Is(err, release.ErrNoOther):
		return http.StatusConflict
	}
	return http.StatusInternalServerError
}

func answer(w http.ResponseWriter, status int, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		status, data = http.StatusInternalServerError, []byte(`{"error":"the answer cannot be written"}`)
	}
	head := w.Header()
	head.Set("Content-Type", "application/json")
	head.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(data, '\n')) // a client that went away is no concern
}

// failure is what a request that failed is answered with.
type failure struct {
	Error string `json:"error"`
}

func answerError(w http.ResponseWriter, status int, text string) { answer(w, status, failure{text}) }
