package server

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"io"
	"net/http"
	"strings"

	"lectern/internal/snapshot"
)

// liveDir is the part of the address space that live mode takes from the site.
const liveDir = "_lectern/"

// The client of live reload, bundled from web/live.ts and web/css/live.css.
//
//go:embed assets/live.js assets/live.css
var liveAssets embed.FS

// maxLivePage bounds the documents on disk that the script is put into; a
// larger one is sent as it is.
const maxLivePage = 8 << 20

// serveLive answers for the addresses of live mode, and reports whether name is one.
func (s *Server) serveLive(w http.ResponseWriter, r *http.Request, st *state, name string) bool {
	if name+"/" == liveDir {
		http.Redirect(w, r, "/"+liveDir, http.StatusFound)
		return true
	}
	rest, ok := strings.CutPrefix(name, liveDir)
	if !ok {
		return false
	}
	switch rest {
	case "":
		s.serveFindings(w, r, st)
	case "events":
		s.serveEvents(w, r)
	case "live.js", "live.css":
		data, err := liveAssets.ReadFile("assets/" + rest)
		if err != nil {
			failed(w, err)
			return true
		}
		w.Header().Set("Content-Type", contentType(rest))
		w.Header().Set("Cache-Control", cacheAsk)
		w.Header().Set("ETag", contentTag(data))
		extendDeadline(w, int64(len(data)))
		serveBytes(w, r, data, http.StatusOK)
	default:
		refuse(w, http.StatusNotFound, "There is no such page.")
	}
	return true
}

// contentTag returns a strong entity tag for data.
func contentTag(data []byte) string {
	sum := sha256.Sum256(data)
	return fmt.Sprintf(`"%x"`, sum[:16])
}

// injects reports whether f is served with the script of live mode: every HTML
// document but the frames of the theme.
func (s *Server) injects(f *snapshot.File) bool {
	return s.opts.Live && strings.HasPrefix(contentType(f.Path), "text/html") &&
		!strings.HasPrefix(f.Path, assetDir) && f.Size() <= maxLivePage
}

// livePage returns f's content with the script put in.
func (s *Server) livePage(f *snapshot.File) ([]byte, error) {
	script := liveScript(s.etag(f))
	if f.Source == nil {
		page := f.Body.AppendTo(make([]byte, 0, f.Body.Len()+len(script)))
		return injectScript(page, script), nil
	}
	r, err := f.Source.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var b bytes.Buffer
	b.Grow(int(f.Size()) + len(script) + bytes.MinRead)
	if _, err := io.Copy(&b, io.LimitReader(r, maxLivePage)); err != nil {
		return nil, err
	}
	return injectScript(b.Bytes(), script), nil
}

// liveScript returns the element that live mode adds to a document. It tells the
// script the entity tag of the document it is in, by which it sees later that
// there is another one. The script brings its style sheet along, into a tree of
// its own, so that nothing else of the document changes.
func liveScript(etag string) string {
	return `<script src="/` + liveDir + `live.js" data-etag="` + strings.Trim(etag, `"`) + `" defer></script>`
}

// injectScript inserts script before the last </body> of page, or at its end.
func injectScript(page []byte, script string) []byte {
	at := lastBodyEnd(page)
	n := len(page)
	page = append(page, script...)
	if at < n {
		copy(page[at+len(script):], page[at:n])
		copy(page[at:], script)
	}
	return page
}

// lastBodyEnd returns where the last </body> begins, in whatever case, or len(page).
func lastBodyEnd(page []byte) int {
	end := []byte("</body>")
	for i := len(page) - len(end); i >= 0; i-- {
		if page[i] == '<' && bytes.EqualFold(page[i:i+len(end)], end) {
			return i
		}
	}
	return len(page)
}
