package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"lectern/internal/snapshot"
)

// Files that are worth compressing, and how much of what comes of them is kept
// in memory: enough for a site of ten thousand notes.
const (
	minEncoded  = 512
	maxEncoded  = 8 << 20
	keptEncoded = 64 << 20
)

// encodings keeps compressed bodies by the hash of what they are of.
type encodings struct {
	mu     sync.Mutex
	bodies map[snapshot.Digest][]byte // nil where it does not pay
	size   int64
	most   int64
}

func newEncodings() *encodings {
	return &encodings{bodies: map[snapshot.Digest][]byte{}, most: keptEncoded}
}

// encodable reports whether f is text of a size that is worth compressing.
func encodable(f *snapshot.File, ctype string) bool {
	if f.Size() < minEncoded || f.Size() > maxEncoded {
		return false
	}
	ctype, _, _ = strings.Cut(ctype, ";")
	switch ctype {
	case "application/json", "application/manifest+json", "application/wasm", "application/yaml", "application/toml", "image/bmp", "font/ttf", "font/otf":
		return true
	}
	return strings.HasPrefix(ctype, "text/") || strings.HasSuffix(ctype, "xml")
}

// acceptsGzip reports whether r's client says that it takes gzip (RFC 9110,
// section 12.5.3).
func acceptsGzip(r *http.Request) bool {
	for _, line := range r.Header.Values("Accept-Encoding") {
		for part := range strings.SplitSeq(line, ",") {
			coding, params, _ := strings.Cut(part, ";")
			coding = strings.ToLower(strings.TrimSpace(coding))
			if coding != "gzip" && coding != "*" {
				continue
			}
			q, ok := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(params, " ", "")), "q=")
			if !ok {
				return true
			}
			weight, err := strconv.ParseFloat(q, 64)
			return err == nil && weight > 0
		}
	}
	return false
}

// get returns f compressed, nil where that does not pay or can't be done now:
// then f is sent as it is, which says what is the matter with it, if anything.
func (e *encodings) get(f *snapshot.File) []byte {
	e.mu.Lock()
	body, ok := e.bodies[f.Hash]
	e.mu.Unlock()
	if ok {
		return body
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := f.WriteTo(z); err != nil {
		return nil
	}
	if err := z.Close(); err != nil {
		return nil
	}
	if int64(b.Len()) < f.Size()*9/10 {
		body = bytes.Clone(b.Bytes())
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, ok := e.bodies[f.Hash]; !ok && e.size+int64(len(body)) <= e.most {
		e.bodies[f.Hash] = body
		e.size += int64(len(body))
	}
	return body
}

// full reports whether no more is kept.
func (e *encodings) full() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.size >= e.most*9/10
}

// keepOnly forgets what is of no file of snap.
func (e *encodings) keepOnly(snap *snapshot.Snapshot) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.bodies) == 0 {
		return
	}
	kept := make(map[snapshot.Digest][]byte, len(e.bodies))
	e.size = 0
	for _, f := range snap.Files() {
		if body, ok := e.bodies[f.Hash]; ok {
			if _, twice := kept[f.Hash]; !twice {
				e.size += int64(len(body))
			}
			kept[f.Hash] = body
		}
	}
	e.bodies = kept
}

// encodeAll compresses the site's files ahead of the requests for them, one
// after the other, until ctx ends or enough is kept.
func (s *Server) encodeAll(ctx context.Context, snap *snapshot.Snapshot) {
	for _, f := range snap.Files() {
		if ctx.Err() != nil || s.encodings.full() {
			return
		}
		if encodable(f, contentType(f.Path)) {
			s.encodings.get(f)
		}
	}
}

// serveEncoded answers with f compressed, and reports whether it did. Headers
// other than those of the encoding are set. A part of a file is asked for by
// who has another part of it as it is.
func (s *Server) serveEncoded(w http.ResponseWriter, r *http.Request, f *snapshot.File, status int) bool {
	h := w.Header()
	if !s.opts.Compress || !encodable(f, h.Get("Content-Type")) {
		return false
	}
	h.Set("Vary", "Accept-Encoding")
	if conditional(r) || !acceptsGzip(r) {
		return false
	}
	body := s.encodings.get(f)
	if body == nil {
		return false
	}
	// Another encoding is another representation, with a tag of its own.
	etag := strings.TrimSuffix(h.Get("ETag"), `"`) + `-gz"`
	h.Set("ETag", etag)
	if status == http.StatusOK && unchanged(r, etag) {
		notModified(w)
		return true
	}
	h.Set("Content-Encoding", "gzip")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that went away is no concern
	}
	return true
}
