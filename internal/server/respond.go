package server

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"

	"lectern/internal/snapshot"
)

// serveSite answers with the site's file for name, a redirect, the site's 404
// page, or the status page where there is no site yet.
func (s *Server) serveSite(w http.ResponseWriter, r *http.Request, st *state, name string) {
	snap := st.update.Snapshot
	if snap == nil {
		s.serveStatus(w, r, st)
		return
	}
	f, redirect := resolve(snap, name)
	switch {
	case f != nil:
		s.serveFile(w, r, st, f, http.StatusOK)
	case redirect != "":
		if r.URL.RawQuery != "" {
			redirect += "?" + r.URL.RawQuery
		}
		w.Header().Set("Location", redirect)
		w.Header().Set("Cache-Control", cacheAsk)
		w.WriteHeader(http.StatusPermanentRedirect)
	default:
		if f := notFound(snap, name); f != nil {
			s.serveFile(w, r, st, f, http.StatusNotFound)
			return
		}
		refuse(w, http.StatusNotFound, "There is no such page.")
	}
}

// serveFile answers with f. A status other than 200 is that of a page standing
// in for another, which is sent whole, whatever the request's conditions.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, st *state, f *snapshot.File, status int) {
	h := w.Header()
	ctype := contentType(f.Path)
	h.Set("Content-Type", ctype)
	h.Set("Cache-Control", s.cacheControl(f.Path))
	h.Set("ETag", s.etag(f))
	if policy := s.policy(st, f, ctype); policy != "" {
		h.Set("Content-Security-Policy", policy)
	}
	extendDeadline(w, f.Size())
	if s.injects(f) {
		page, err := s.livePage(f)
		if err != nil {
			failed(w, err)
			return
		}
		serveBytes(w, r, page, status)
		return
	}
	if s.serveEncoded(w, r, f, status) {
		return
	}
	body := s.plainBody(f)
	if body == nil {
		serveSource(w, r, f, status)
		return
	}
	if status == http.StatusOK && conditional(r) {
		serveBytes(w, r, body.Bytes(), status)
		return
	}
	h.Set("Accept-Ranges", "bytes")
	if status == http.StatusOK && unchanged(r, h.Get("ETag")) {
		notModified(w)
		return
	}
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = body.WriteTo(w) // a client that went away is no concern
	}
}

// serveBytes answers with body, whole or in part, as the request's conditions say.
func serveBytes(w http.ResponseWriter, r *http.Request, body []byte, status int) {
	if status == http.StatusOK {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that went away is no concern
	}
}

// serveSource answers with a file that is still on disk.
func serveSource(w http.ResponseWriter, r *http.Request, f *snapshot.File, status int) {
	content, err := f.Source.Open()
	if err != nil {
		failed(w, err)
		return
	}
	defer content.Close()
	size, err := content.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = content.Seek(0, io.SeekStart)
	}
	if err != nil {
		failed(w, err)
		return
	}
	h := w.Header()
	if size != f.Source.Size() {
		// It was written to since the snapshot was made; what is sent now must
		// not be kept under the old content's name.
		h.Del("ETag")
		h.Set("Cache-Control", cacheNever)
	}
	if status == http.StatusOK {
		http.ServeContent(w, r, "", time.Time{}, content)
		return
	}
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = io.CopyN(w, content, size) // a client that went away is no concern
	}
}

// failed answers for a file that can't be read (any more).
func failed(w http.ResponseWriter, err error) {
	for _, name := range []string{"ETag", "Content-Security-Policy"} {
		w.Header().Del(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		refuse(w, http.StatusNotFound, "This file is no longer there.")
		return
	}
	refuse(w, http.StatusInternalServerError, "This file can't be read.")
}

// etag returns the strong entity tag of what f is served as.
func (s *Server) etag(f *snapshot.File) string {
	tag := make([]byte, 0, 48)
	tag = append(tag, '"')
	tag = hex.AppendEncode(tag, f.Hash[:16])
	if s.injects(f) {
		tag = append(tag, "-live"...)
	}
	return string(append(tag, '"'))
}

// policy returns the Content-Security-Policy for f: only what a browser shows
// as a document needs one.
func (s *Server) policy(st *state, f *snapshot.File, ctype string) string {
	switch {
	case isFrame(f.Path):
		return framePolicy
	case strings.HasPrefix(ctype, "image/svg"):
		return drawingPolicy
	case strings.HasPrefix(ctype, "text/html") && f.Source != nil && !f.Rendered:
		return cmp.Or(st.update.FilePolicy, s.opts.FilePolicy)
	case strings.HasPrefix(ctype, "text/html"), strings.Contains(ctype, "xml"):
		return cmp.Or(st.update.Policy, s.opts.Policy)
	}
	return ""
}

// conditional reports whether r asks for what only http.ServeContent answers.
func conditional(r *http.Request) bool {
	return r.Header.Get("Range") != "" || r.Header.Get("If-Match") != "" || r.Header.Get("If-Range") != ""
}

// unchanged reports whether r's If-None-Match names etag, by the weak
// comparison of RFC 9110, section 13.1.2.
func unchanged(r *http.Request, etag string) bool {
	for _, line := range r.Header.Values("If-None-Match") {
		for tag := range strings.SplitSeq(line, ",") { // Lectern's tags have no comma
			tag = strings.TrimSpace(tag)
			if tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
				return true
			}
		}
	}
	return false
}

func notModified(w http.ResponseWriter) {
	w.Header().Del("Content-Type")
	w.WriteHeader(http.StatusNotModified)
}

// extendDeadline gives a client the time that size bytes take on a poor line
// (16 KiB/s), and no more, so that none holds a connection for ever.
func extendDeadline(w http.ResponseWriter, size int64) {
	allowed := writeTimeout + time.Duration(size>>14)*time.Second
	// Not every writer has deadlines (one in a test); then there is none to set.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(allowed))
}
