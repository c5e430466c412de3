package server

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"lectern/internal/snapshot"
)

// Beside is a site that is shown beside the one that is live, such as a preview of
// it: for nobody to find or to keep.
type Beside struct {
	// Update is the site; only its Snapshot and policies count.
	Update Update
	// Top returns HTML that is put at the begin of the body of the document at a
	// path of the site. page is the document.
	Top func(path string, page []byte) string
	// NotFound answers where the site has nothing. The site's own page for that
	// knows one place alone, that of the live site.
	NotFound http.HandlerFunc
}

// maxTopped bounds the documents that something is put into.
const maxTopped = maxLivePage

// ServeBeside answers with the file of b that name, a path of the site, asks for.
// It is for what [Options.Beside] takes on.
func (s *Server) ServeBeside(w http.ResponseWriter, r *http.Request, b *Beside, name string) {
	HideAnswer(w.Header())
	w.Header().Set(ReleaseHeader, b.Update.Snapshot.Digest().Short())
	f, redirect := resolve(b.Update.Snapshot, name)
	switch {
	case f != nil:
		s.serveBesideFile(w, r, b, f)
	case redirect != "":
		if r.URL.RawQuery != "" {
			redirect += "?" + r.URL.RawQuery
		}
		w.Header().Set("Location", redirect)
		w.WriteHeader(http.StatusTemporaryRedirect)
	default:
		w.Header().Del(ReleaseHeader)
		b.NotFound(w, r)
	}
}

// HideAnswer sets the headers by which an answer is in no search engine and in no
// shared cache, and is of no release of the live site.
func HideAnswer(h http.Header) {
	h.Del(ReleaseHeader)
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Cache-Control", cacheAskPrivate)
}

func (s *Server) serveBesideFile(w http.ResponseWriter, r *http.Request, b *Beside, f *snapshot.File) {
	st := &state{update: b.Update}
	if f.Source != nil && !f.Rendered {
		st.update.Policy = cmp.Or(b.Update.FilePolicy, b.Update.Policy) // XML may bring scripts, too
	}
	ctype := contentType(f.Path)
	if !strings.HasPrefix(ctype, "text/html") || isFrame(f.Path) || f.Size() > maxTopped {
		s.serveFile(besideWriter{w}, r, st, f, http.StatusOK)
		return
	}
	page, err := readFile(f)
	if err != nil {
		failed(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", ctype)
	h.Set("Content-Security-Policy", s.policy(st, f, ctype))
	h["Vary"] = varyEncoding
	top := b.Top(f.Path, page)
	sum := sha256.Sum256([]byte(top))
	tag := hex.EncodeToString(f.Hash[:12]) + "-" + hex.EncodeToString(sum[:4])
	page = insertTop(page, top)
	extendDeadline(w, int64(len(page)))
	if a := parseAccept(r); a.weight[gzipCoding] > 0 {
		tag += "-gz"
		h.Set("Content-Encoding", codingNames[gzipCoding])
		if page, err = zip(page); err != nil {
			h.Del("Content-Encoding")
			failed(w, err)
			return
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	if unchanged(r, h.Get("ETag")) {
		h.Del("Content-Encoding")
		notModified(w)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(page)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(page) // a client that went away is no concern
	}
}

func readFile(f *snapshot.File) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(f.Size()))
	_, err := f.WriteTo(&b)
	return b.Bytes(), err
}

// zip compresses what is sent once.
func zip(body []byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err == nil {
		_, err = z.Write(body)
	}
	if err == nil {
		err = z.Close()
	}
	return b.Bytes(), err
}

// insertTop puts top behind the start tag of page's body, and the theme's link to
// the text, which has to come first; or at its begin where there is none.
func insertTop(page []byte, top string) []byte {
	at := bodyStart(page)
	if bytes.HasPrefix(page[at:], []byte(`<a class="skip"`)) {
		if end := bytes.Index(page[at:], []byte("</a>")); end >= 0 {
			at += end + len("</a>")
		}
	}
	out := make([]byte, 0, len(page)+len(top))
	return append(append(append(out, page[:at]...), top...), page[at:]...)
}

// bodyStart returns the offset behind <body …>, 0 for none.
func bodyStart(page []byte) int {
	tag := []byte("<body")
	for i := 0; i+len(tag) < len(page); i++ {
		next := bytes.IndexByte(page[i:], '<')
		if next < 0 || i+next+len(tag) >= len(page) {
			return 0
		}
		i += next
		if !bytes.EqualFold(page[i:i+len(tag)], tag) || strings.IndexByte(" \t\r\n>", page[i+len(tag)]) < 0 {
			continue
		}
		quote := byte(0)
		for j := i + len(tag); j < len(page); j++ {
			switch c := page[j]; {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '"' || c == '\'':
				quote = c
			case c == '>':
				return j + 1
			}
		}
		return 0
	}
	return 0
}

// besideWriter keeps what is said of a site's files from shared caches.
type besideWriter struct{ http.ResponseWriter }

// Unwrap is for [http.ResponseController].
func (w besideWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w besideWriter) WriteHeader(status int) {
	h := w.Header()
	if h.Get("Cache-Control") == cacheForever {
		h.Set("Cache-Control", cacheForeverPrivate)
	} else {
		h.Set("Cache-Control", cacheAskPrivate)
	}
	w.ResponseWriter.WriteHeader(status)
}

// ServeDocument answers with an HTML document that is in no site: one that says
// how a preview is, say.
func ServeDocument(w http.ResponseWriter, r *http.Request, status int, page []byte) {
	h := w.Header()
	HideAnswer(h)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", statusPolicy)
	h.Set("ETag", contentTag(page))
	if status != http.StatusOK {
		h.Set("Cache-Control", cacheNever)
		h.Del("ETag")
	}
	extendDeadline(w, int64(len(page)))
	serveBytes(w, r, page, status)
}

// ServeAsset answers with a file that never changes under its name.
func ServeAsset(w http.ResponseWriter, r *http.Request, name string, data []byte) {
	h := w.Header()
	HideAnswer(h)
	h.Set("Content-Type", contentType(name))
	h.Set("Cache-Control", cacheForeverPrivate)
	h.Set("ETag", contentTag(data))
	extendDeadline(w, int64(len(data)))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// Snapshot is the site that is shown, nil while there is none.
func (s *Server) Snapshot() *snapshot.Snapshot { return s.state.Load().update.Snapshot }
