package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"

	"lectern/internal/cache"
	"lectern/internal/image"
	"lectern/internal/release"
	"lectern/internal/server"
	"lectern/internal/snapshot"
)

// lab is a registry in this process, and a server that follows a tag of it.
type lab struct {
	*imageServe
	t    *testing.T
	data string
	log  strings.Builder
	// password is what the registry wants, own what the server has; "" is none.
	password, own string
	// broken, if set, answers instead of the registry, if it returns true.
	broken func(w http.ResponseWriter, r *http.Request) bool

	mu    sync.Mutex
	asked []string
}

func newLab(t *testing.T) *lab {
	l := &lab{t: t, data: t.TempDir()}
	real := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		l.asked = append(l.asked, r.Method+" "+r.URL.Path)
		l.mu.Unlock()
		if _, p, _ := r.BasicAuth(); p != l.password {
			w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if l.broken == nil || !l.broken(w, r) {
			real.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	a := newApp(Streams{Env: func(name string) string {
		return map[string]string{"LECTERN_REGISTRY_USERNAME": "noor", "LECTERN_REGISTRY_PASSWORD": l.own}[name]
	}})
	ref := image.Reference{Repository: strings.TrimPrefix(srv.URL, "http://") + "/talks/notes", Tag: "latest"}
	store, err := release.Open(l.data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	l.imageServe = &imageServe{
		app: a, ref: ref, store: store, cache: cache.Open(filepath.Join(l.data, "cache")),
		server: server.New(server.Options{Probes: true, Reasons: true}), log: slog.New(slog.NewTextHandler(&l.log, nil)),
		open: func() (*image.Repository, error) { return a.repository(ref.Repository, false) },
	}
	if l.repo, err = l.open(); err != nil {
		t.Fatal(err)
	}
	l.begin()
	t.Cleanup(l.live.Close)
	return l
}

// publish pushes a site and returns the image's digest.
func (l *lab) publish(content map[string]string) string {
	l.t.Helper()
	var files []*snapshot.File
	for p, c := range content {
		body := snapshot.MakeBody([]byte(c))
		files = append(files, &snapshot.File{Path: p, Hash: body.Hash(), Body: body})
	}
	snap, err := snapshot.New(files)
	if err != nil {
		l.t.Fatal(err)
	}
	im, err := image.New(image.Site{Snapshot: snap, NotePage: func(string) bool { return false }}, image.Options{ContentOnly: true, Created: time.Unix(1, 0)})
	if err != nil {
		l.t.Fatal(err)
	}
	repo, err := l.open()
	if err != nil {
		l.t.Fatal(err)
	}
	out, err := im.Push(l.t.Context(), repo, image.PushOptions{Tags: []string{"latest"}})
	if err != nil {
		l.t.Fatal(err)
	}
	return out.Digest
}

// get asks the server for a page.
func (l *lab) get(path string) (int, string) {
	w := httptest.NewRecorder()
	l.server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

// size is how much lies in the data folder.
func (l *lab) size() (n int64) {
	l.t.Helper()
	if err := filepath.WalkDir(l.data, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	}); err != nil {
		l.t.Fatal(err)
	}
	return n
}

// noise is text that does not compress much.
func noise(seed, n int) string {
	var b strings.Builder
	x := uint64(seed)*2654435761 + 1
	for b.Len() < n {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		fmt.Fprintf(&b, "%x", x)
	}
	return b.String()
}

// However many images come, what no kept one uses is removed.
func TestServeImageDisk(t *testing.T) {
	l := newLab(t)
	const each = 100 << 10
	for i := range 60 {
		l.publish(map[string]string{"index.html": noise(i, each), "same.html": noise(-1, each)})
		if _, err := l.look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, body := l.get("/"); body != noise(59, each) {
		t.Errorf("%.40q", body)
	}
	// What was pruned may stay for a while: until some more of it has come together.
	if n := l.size(); n > 30*each {
		t.Errorf("%d bytes are kept", n)
	}
	if n := len(l.store.List()); n > keptImages {
		t.Errorf("%d releases are kept", n)
	}
}

// An unchanged tag costs one request; an image that can't be shown is not
// fetched again and again; what was live stays.
func TestServeImageRefuses(t *testing.T) {
	l := newLab(t)
	l.publish(map[string]string{"index.html": "good"})
	for range 3 {
		l.asked = nil
		if _, err := l.look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.asked) != 1 || !strings.HasPrefix(l.asked[0], "HEAD ") {
		t.Errorf("%q", l.asked)
	}

	// Somebody's manifest: its layer is none of ours.
	l.publish(map[string]string{"index.html": "bad"})
	l.limits = image.Limits{Bytes: 2}
	_, first := l.look(t.Context())
	var content *image.ContentError
	if !errors.As(first, &content) {
		t.Fatalf("%v", first)
	}
	l.state(first)
	l.asked = nil
	if _, err := l.look(t.Context()); err == nil || err.Error() != first.Error() {
		t.Errorf("%v", err)
	}
	for _, a := range l.asked {
		if strings.Contains(a, "/blobs/") {
			t.Errorf("it was fetched again: %q", l.asked)
		}
	}
	if code, body := l.get("/"); code != http.StatusOK || body != "good" {
		t.Errorf("%d %s", code, body)
	}
	if code, body := l.get("/readyz"); code != http.StatusOK || !strings.HasPrefix(body, "ok\n") || !strings.Contains(body, "than is taken from any") {
		t.Errorf("%d %s", code, body)
	}

	// The next one is good again.
	l.limits = image.Limits{}
	l.publish(map[string]string{"index.html": "better"})
	if _, err := l.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.state(nil)
	if _, body := l.get("/"); body != "better" {
		t.Errorf("%s", body)
	}
	if code, body := l.get("/readyz"); code != http.StatusOK || body != "ok\n" {
		t.Errorf("%d %s", code, body)
	}
}

// A registry that breaks off, or sends other bytes, in the middle of a layer
// takes nothing away, and the next look gets on.
func TestServeImageBroken(t *testing.T) {
	l := newLab(t)
	l.publish(map[string]string{"index.html": "good"})
	if _, err := l.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	digest := l.publish(map[string]string{"index.html": noise(1, 1<<20), "other.html": "other"})
	before := l.size()
	for name, broken := range map[string]func(w http.ResponseWriter, r *http.Request) bool{
		"breaks off": func(w http.ResponseWriter, r *http.Request) bool {
			if strings.Contains(r.URL.Path, "/blobs/") {
				w.Header().Set("Content-Length", "1000000")
				_, _ = w.Write([]byte("\x1f\x8b"))
				w.(http.Flusher).Flush()
				panic(http.ErrAbortHandler)
			}
			return false
		},
		"lies": func(w http.ResponseWriter, r *http.Request) bool {
			if strings.Contains(r.URL.Path, "/blobs/") {
				_, _ = io.WriteString(w, "something else")
				return true
			}
			return false
		},
	} {
		l.broken = broken
		if d, err := l.look(t.Context()); err == nil {
			t.Errorf("%s: %s", name, d)
		}
		if _, body := l.get("/"); body != "good" {
			t.Errorf("%s: %.40s", name, body)
		}
	}
	if n := l.size(); n > before+50_000 {
		t.Errorf("failures left %d bytes", n-before)
	}
	l.broken = nil
	if d, err := l.look(t.Context()); err != nil || d != digest {
		t.Errorf("%s %v", d, err)
	}
	if _, body := l.get("/other.html"); body != "other" {
		t.Errorf("%s", body)
	}
}

// Credentials that ran out are asked for anew.
func TestServeImageCredentials(t *testing.T) {
	l := newLab(t)
	l.password, l.own = "one", "one"
	l.publish(map[string]string{"index.html": "one"})
	var err error
	if l.repo, err = l.open(); err != nil {
		t.Fatal(err)
	}
	if _, err := l.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.password = "two"
	if _, err := l.look(t.Context()); err == nil || strings.Contains(err.Error(), "one") || !strings.Contains(err.Error(), "who you are") {
		t.Errorf("%v", err)
	}
	l.own = "two"
	if _, err := l.look(t.Context()); err != nil {
		// The one that failed was opened before there were new ones.
		if _, err = l.look(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// After a restart the last site is shown, unless it is of another repository,
// or of another image than is asked for.
func TestServeImageRestart(t *testing.T) {
	l := newLab(t)
	digest := l.publish(map[string]string{"index.html": "last"})
	if _, err := l.look(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		ref  image.Reference
		want bool
	}{
		"the same":         {l.ref, true},
		"another tag":      {image.Reference{Repository: l.ref.Repository, Tag: "v2"}, true},
		"its digest":       {image.Reference{Repository: l.ref.Repository, Digest: digest}, true},
		"another digest":   {image.Reference{Repository: l.ref.Repository, Digest: "sha256:" + strings.Repeat("0", 64)}, false},
		"another registry": {image.Reference{Repository: "registry.example.org/talks/notes", Tag: "latest"}, false},
	} {
		s := *l.imageServe
		s.ref, s.have, s.server = tt.ref, "", server.New(server.Options{})
		s.begin()
		s.showLast(context.Background())
		if shown := s.server.Snapshot() != nil; (s.have == digest) != tt.want || shown != tt.want {
			t.Errorf("%s: %s, shown %v", name, s.have, shown)
		}
		s.live.Close()
	}
}

// What was rolled back to stays, though newer images are fetched, also over a restart.
func TestServeImagePinned(t *testing.T) {
	l := newLab(t)
	for _, text := range []string{"one", "two"} {
		l.publish(map[string]string{"index.html": text})
		if _, err := l.look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.live.Rollback(t.Context(), "", "noor"); err != nil {
		t.Fatal(err)
	}
	three := l.publish(map[string]string{"index.html": "three"})
	for range 2 {
		if d, err := l.look(t.Context()); err != nil || d != three {
			t.Errorf("%s %v", d, err)
		}
		if _, body := l.get("/"); body != "one" {
			t.Errorf("%s", body)
		}
	}
	s := *l.imageServe
	s.have, s.server = "", server.New(server.Options{})
	s.begin()
	defer s.live.Close()
	s.showLast(t.Context())
	w := httptest.NewRecorder()
	if s.server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil)); w.Body.String() != "one" || s.have != three {
		t.Errorf("%s, %s", w.Body, s.have)
	}
	if _, err := l.live.Activate(t.Context(), "latest", "noor"); err != nil {
		t.Fatal(err)
	}
	if _, body := l.get("/"); body != "three" {
		t.Errorf("%s", body)
	}
}
