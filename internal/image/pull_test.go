package image

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"lectern/internal/snapshot"
)

// inMemory is a place for contents.
type inMemory struct {
	mu    sync.Mutex
	files map[snapshot.Digest][]byte
}

func newInMemory() *inMemory { return &inMemory{files: map[snapshot.Digest][]byte{}} }

func (m *inMemory) Has(h snapshot.Digest) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.files[h]
	return ok
}

func (m *inMemory) Add(h snapshot.Digest, size int64, r io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(r, size+1))
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.files[h] = data
	return nil
}

// noLies fails if something is kept under a name that is not its own.
func (m *inMemory) noLies(t *testing.T) {
	t.Helper()
	for h, data := range m.files {
		if sha256.Sum256(data) != h {
			t.Errorf("%s is kept as %v", data, h)
		}
	}
}

// site returns the files of what was pulled, by path.
func (m *inMemory) site(p *Pulled) map[string]string {
	out := map[string]string{}
	for _, f := range p.Files {
		out[f.Path] = string(m.files[f.Hash])
	}
	return out
}

func find(t *testing.T, r *Repository, tag string) *Found {
	t.Helper()
	digest, err := r.Resolve(t.Context(), Reference{Repository: r.String(), Tag: tag})
	if err != nil {
		t.Fatal(err)
	}
	f, err := r.Find(t.Context(), Reference{Repository: r.String(), Tag: tag, Digest: digest})
	if err != nil {
		t.Fatal(err)
	}
	if f.Digest != digest {
		t.Errorf("found %s, want %s", f.Digest, digest)
	}
	return f
}

func sameSite(t *testing.T, got, want map[string]string) {
	t.Helper()
	for p, c := range want {
		if g, ok := got[p]; !ok || g != c {
			t.Errorf("%s: %.40q, want %.40q", p, g, c)
		}
	}
	for p := range got {
		if _, ok := want[p]; !ok {
			t.Errorf("%s should not be there", p)
		}
	}
}

// What was pushed comes back, byte for byte, from every kind of image.
func TestPull(t *testing.T) {
	arm := Server{"linux/arm64", amd64Server(t).Binary}
	arm.Binary = bytes.Clone(arm.Binary)
	arm.Binary[18] = 183 // EM_AARCH64
	for name, change := range map[string]func(*Options){
		"one platform": nil,
		"an index":     func(o *Options) { o.Servers = append(o.Servers, arm) },
		"content only": func(o *Options) { o.Servers, o.ContentOnly = nil, true },
	} {
		t.Run(name, func(t *testing.T) {
			r, _ := serve(t, nil)
			content := files(70)
			out := push1(t, plan(t, content, change), r, "v1")
			to := newInMemory()
			p, err := find(t, r, "v1").Pull(t.Context(), to, PullOptions{Platform: "linux/arm64"})
			if err != nil {
				t.Fatal(err)
			}
			sameSite(t, to.site(p), content)
			to.noLies(t)
			if p.Digest != out.Digest || p.Revision != strings.Repeat("a", 40) || p.Version != "1.2.0" || p.Title != "Notes" || !p.Created.Equal(commitTime) {
				t.Errorf("%+v", p)
			}
			if p.Layers != p.Fetched || p.Settings.Parts != p.Layers {
				t.Errorf("%d layers, %d fetched, %d parts", p.Layers, p.Fetched, p.Settings.Parts)
			}
			for _, f := range p.Files {
				if !f.Rendered {
					t.Errorf("%s is not rendered", f.Path)
				}
			}
		})
	}
}

// Of the next image only the layers are fetched that are new, and nothing that
// is there already.
func TestPullAgain(t *testing.T) {
	var blobs sync.Map
	r, _ := serve(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/blobs/") {
				blobs.Store(r.URL.Path, true)
			}
			next.ServeHTTP(w, r)
		})
	})
	content := files(70)
	push1(t, plan(t, content, nil), r, "v1")
	to, memory := newInMemory(), newMapMemory()
	opts := PullOptions{Memory: memory}
	if _, err := find(t, r, "v1").Pull(t.Context(), to, opts); err != nil {
		t.Fatal(err)
	}
	content["day1/21_talk/index.html"] = "<p>corrected"
	delete(content, "day1/22_talk/index.md")
	push1(t, plan(t, content, nil), r, "v2")
	blobs.Clear()
	p, err := find(t, r, "v2").Pull(t.Context(), to, opts)
	if err != nil {
		t.Fatal(err)
	}
	sameSite(t, to.site(p), content)
	n := 0
	blobs.Range(func(any, any) bool { n++; return true })
	if p.Fetched != 1 || n != 2 { // the layer and the configuration
		t.Errorf("%d layers fetched, %d blobs", p.Fetched, n)
	}
	// A memory that says nonsense is none, and so is one of files that are gone.
	for k := range memory.values {
		memory.values[k] = []byte(`{"parts":{"x":"bm8="}}`)
	}
	if p, err := find(t, r, "v2").Pull(t.Context(), to, opts); err != nil || p.Fetched != p.Layers {
		t.Errorf("%+v %v", p, err)
	}
	empty := newInMemory()
	p, err = find(t, r, "v2").Pull(t.Context(), empty, opts)
	if err != nil {
		t.Fatal(err)
	}
	sameSite(t, empty.site(p), content)
}

// handMade is an image whose parts are whatever a test likes.
type handMade struct {
	blobs  map[v1.Hash][]byte
	layers [][]byte
	config v1.ConfigFile
}

func (h *handMade) open(_ context.Context, d v1.Descriptor) (io.ReadCloser, error) {
	data, ok := h.blobs[d.Digest]
	if !ok {
		return nil, errors.New("no such blob")
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

func (h *handMade) manifest(_ context.Context, d v1.Descriptor) ([]byte, error) {
	return h.blobs[d.Digest], nil
}

func (h *handMade) explain(_ context.Context, err error) error { return err }

// found describes the image.
func (h *handMade) found(t testing.TB) (*Found, error) {
	t.Helper()
	h.blobs = map[v1.Hash][]byte{}
	put := func(data []byte, kind types.MediaType) v1.Descriptor {
		d := describeBytes(data, kind)
		h.blobs[d.Digest] = data
		return d
	}
	config, err := json.Marshal(h.config)
	if err != nil {
		t.Fatal(err)
	}
	m := v1.Manifest{SchemaVersion: 2, Config: put(config, types.OCIConfigJSON)}
	var labels []string
	for i, l := range h.layers {
		m.Layers = append(m.Layers, put(l, types.OCILayer))
		labels = append(labels, fmt.Sprintf("layer %d key", i))
	}
	m.Annotations = map[string]string{layersAnnotation: strings.Join(labels, ",")}
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	f := &Found{Reference: "r.example.org/n:v1", at: h}
	return f, f.describe(t.Context(), data)
}

// file is an entry of an archive.
type file struct {
	name, content string
	kind          byte
	link          string
	size          int64 // if it is a lie
}

func archive(t testing.TB, list ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range list {
		h := &tar.Header{Name: f.name, Typeflag: f.kind, Linkname: f.link, Mode: 0o644, Size: int64(len(f.content))}
		if f.kind == 0 {
			h.Typeflag = tar.TypeReg
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, f.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// listing is the manifest of a part that lists the files as they should be.
func listing(part string, list ...file) file {
	m := &snapshot.Manifest{}
	for _, f := range list {
		size := int64(len(f.content))
		if f.size != 0 {
			size = f.size
		}
		m.Files = append(m.Files, snapshot.Entry{Path: f.name, Hash: sha256.Sum256([]byte(f.content)), Size: size})
	}
	return file{name: snapshot.PartName(part), content: string(m.Encode())}
}

func settingsFile(text string) file { return file{name: snapshot.SettingsName, content: text} }

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// However others pack the same layers, they are read.
func TestPullRepacked(t *testing.T) {
	home, talk := file{name: "index.html", content: "<p>home"}, file{name: "talk.html", content: "<p>talk"}
	one := settingsFile(`{"parts":1}`)
	zstandard, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	plain := archive(t, listing("a", home, talk), one, home, talk)
	for name, layer := range map[string][]byte{
		"plain": plain, "gzip": gzipped(t, plain), "zstd": zstandard.EncodeAll(plain, nil),
		"in two gzip members":  append(gzipped(t, plain[:700]), gzipped(t, plain[700:])...),
		"files first":          gzipped(t, archive(t, home, talk, one, listing("a", home, talk))),
		"with folders, dotted": archive(t, file{name: "./", kind: tar.TypeDir}, file{name: "./" + one.name, content: one.content}, listing("a", home, talk), file{name: "./index.html", content: home.content}, talk),
		"with junk behind it":  append(bytes.Clone(plain), "junk"...),
	} {
		t.Run(name, func(t *testing.T) {
			f, err := (&handMade{layers: [][]byte{layer}}).found(t)
			if err != nil {
				t.Fatal(err)
			}
			to := newInMemory()
			p, err := f.Pull(t.Context(), to, PullOptions{})
			if err != nil {
				t.Fatal(err)
			}
			sameSite(t, to.site(p), map[string]string{home.name: home.content, talk.name: talk.content})
		})
	}
}

// listings are n manifests, of parts of a site that hold nothing.
func listings(n int) []file {
	var out []file
	for i := range n {
		out = append(out, listing(strconv.Itoa(i)))
	}
	return out
}

// What no image of ours is like is refused, and nothing is kept that is not
// what its name says.
func TestPullHostile(t *testing.T) {
	home := file{name: "index.html", content: "<p>home"}
	other := file{name: "index.html", content: "<p>evil"}
	one := settingsFile(`{"parts":1}`)
	good := archive(t, listing("a", home), one, home)
	bomb := gzipped(t, archive(t, file{name: "x.html", content: strings.Repeat("0", 8<<20)}, listing("a", home)))
	tests := map[string]struct {
		layers [][]byte
		want   string
		limits Limits
	}{
		"leads out":            {[][]byte{archive(t, listing("a", home), one, home, file{name: "../../etc/passwd", content: "x"})}, "etc/passwd", Limits{}},
		"leads out, listed":    {[][]byte{archive(t, listing("a", file{name: "../x", content: "x"}), one, file{name: "../x", content: "x"})}, "can't be read", Limits{}},
		"absolute inside":      {[][]byte{archive(t, listing("a", home), one, file{name: "//etc/passwd", content: "x"})}, "etc/passwd", Limits{}},
		"link":                 {[][]byte{archive(t, listing("a", home), one, file{name: "index.html", kind: tar.TypeSymlink, link: "/etc/passwd"})}, "no plain file", Limits{}},
		"hard link":            {[][]byte{archive(t, listing("a", home), one, file{name: "index.html", kind: tar.TypeLink, link: "etc/passwd"})}, "no plain file", Limits{}},
		"device":               {[][]byte{archive(t, listing("a", home), one, file{name: "index.html", kind: tar.TypeChar})}, "no plain file", Limits{}},
		"other content":        {[][]byte{archive(t, listing("a", home), one, other)}, "another content", Limits{}},
		"lying size":           {[][]byte{archive(t, listing("a", file{name: "index.html", content: "<p>home", size: 70}), one, home)}, "in its manifest", Limits{}},
		"unlisted":             {[][]byte{archive(t, listing("a", home), one, home, file{name: "x.html", content: "x"})}, `no manifest lists the file "x.html"`, Limits{}},
		"unlisted and early":   {[][]byte{archive(t, file{name: "x.html", content: "x"}, listing("a", home), one, home)}, `no manifest lists the file "x.html"`, Limits{}},
		"no manifest":          {[][]byte{archive(t, one, home)}, "no manifest lists", Limits{}},
		"missing":              {[][]byte{archive(t, listing("a", home), one)}, "is missing", Limits{}},
		"twice in a layer":     {[][]byte{archive(t, listing("a", home), one, home, home)}, "twice", Limits{}},
		"twice":                {[][]byte{archive(t, listing("a", home), settingsFile(`{"parts":2}`), home), archive(t, listing("b", other), other)}, "twice", Limits{}},
		"own name":             {[][]byte{archive(t, listing("a", home), one, home, file{name: "x/.lectern-lock", content: "x"})}, ".lectern-lock", Limits{}},
		"no settings":          {[][]byte{archive(t, listing("a", home), home)}, "no layer holds the site's settings", Limits{}},
		"settings twice":       {[][]byte{good, archive(t, listing("b"), one)}, "two layers hold", Limits{}},
		"settings of nonsense": {[][]byte{archive(t, listing("a", home), settingsFile(`[`), home)}, "can't be read", Limits{}},
		"a part missing":       {[][]byte{archive(t, listing("a", home), settingsFile(`{"parts":2}`), home)}, "1 of the site's 2 parts", Limits{}},
		"many manifests":       {[][]byte{archive(t, slices.Concat(listings(maxParts+1), []file{one, home})...)}, "more manifests", Limits{}},
		"large layers":         {[][]byte{good}, "layers are larger", Limits{Bytes: int64(len(good)) - 1}},
		"no archive":           {[][]byte{[]byte(strings.Repeat("no archive ", 100))}, "can't be unpacked", Limits{}},
		"no gzip":              {[][]byte{[]byte("\x1f\x8bno gzip at all")}, "can't be unpacked", Limits{}},
		"a bomb":               {[][]byte{bomb}, "more than is taken", Limits{Bytes: 1 << 20}},
		"a bomb of a file":     {[][]byte{gzipped(t, archive(t, listing("a", home), one, file{name: "x", content: strings.Repeat("0", 4<<20)}))}, "no manifest lists", Limits{Bytes: 8 << 20}},
		"too many files":       {[][]byte{good}, "more files than", Limits{Files: 2}},
		"too many layers":      {[][]byte{good, good, good}, "3 layers", Limits{Layers: 2}},
		"a huge manifest":      {[][]byte{gzipped(t, archive(t, file{name: snapshot.PartName("a"), content: strings.Repeat("0", snapshot.MaxPart+1)}))}, "too large", Limits{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f, err := (&handMade{layers: tt.layers}).found(t)
			if err != nil {
				t.Fatal(err)
			}
			to := newInMemory()
			_, err = f.Pull(t.Context(), to, PullOptions{Limits: tt.limits, Jobs: 1})
			var ce *ContentError
			if !errors.As(err, &ce) || !strings.Contains(err.Error(), tt.want) || ce.Hint() == "" {
				t.Errorf("%v, want %q", err, tt.want)
			}
			to.noLies(t)
		})
	}
}

// An image of anybody else is not read at all.
func TestPullNotOurs(t *testing.T) {
	h := &handMade{layers: [][]byte{archive(t, file{name: "bin/sh", content: "x"})}}
	f, err := h.found(t)
	if err != nil {
		t.Fatal(err)
	}
	f.variants[0].manifest.Annotations = nil
	_, err = f.Pull(t.Context(), newInMemory(), PullOptions{})
	var no *NotOursError
	if !errors.As(err, &no) || no.Hint() == "" {
		t.Errorf("%v", err)
	}
}

// Registries that misbehave while an image is pulled: the error says so, with a
// hint, and nothing wrong is kept.
func TestPullFaults(t *testing.T) {
	layerAsked := func(r *http.Request) bool {
		return r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/blobs/")
	}
	tests := map[string]struct {
		bad  func(w http.ResponseWriter, r *http.Request, next http.Handler) bool
		want string
	}{
		"other bytes": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if layerAsked(r) {
				_, _ = w.Write([]byte("{}"))
			}
			return layerAsked(r)
		}, ""},
		"more bytes": {func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
			if !layerAsked(r) {
				return false
			}
			next.ServeHTTP(&noLength{w}, r)
			_, _ = w.Write(make([]byte, 1<<20))
			return true
		}, "other bytes"},
		"truncated": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if !layerAsked(r) {
				return false
			}
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write([]byte("x"))
			panic(http.ErrAbortHandler)
		}, "broke off"},
		"gone": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if layerAsked(r) {
				answer(w, http.StatusNotFound, "BLOB_UNKNOWN")
			}
			return layerAsked(r)
		}, "there is no image"},
		"no tag": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if strings.Contains(r.URL.Path, "/manifests/") {
				answer(w, http.StatusNotFound, "MANIFEST_UNKNOWN")
			}
			return strings.Contains(r.URL.Path, "/manifests/")
		}, "there is no image v1"},
		"no rights": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if strings.Contains(r.URL.Path, "/manifests/") {
				answer(w, http.StatusForbidden, "DENIED")
			}
			return strings.Contains(r.URL.Path, "/manifests/")
		}, "you may not read there"},
		"other manifest": {func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
			if strings.Contains(r.URL.Path, "/manifests/sha256:") {
				_, _ = w.Write([]byte(`{"layers":[]}`))
			}
			return strings.Contains(r.URL.Path, "/manifests/sha256:")
		}, "digest"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			armed := false
			r, ref := serve(t, func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if !armed || !tt.bad(w, r, next) {
						next.ServeHTTP(w, r)
					}
				})
			})
			push1(t, plan(t, files(40), nil), r, "v1")
			armed = true
			to := newInMemory()
			err := func() error {
				digest, err := r.Resolve(t.Context(), Reference{Tag: "v1"})
				if err != nil {
					return err
				}
				f, err := r.Find(t.Context(), Reference{Tag: "v1", Digest: digest})
				if err != nil {
					return err
				}
				_, err = f.Pull(t.Context(), to, PullOptions{})
				return err
			}()
			var re *RegistryError
			if !errors.As(err, &re) || !strings.Contains(err.Error(), ref) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v", err)
			}
			to.noLies(t)
		})
	}
}

// noLength lets an answer be longer than it was said to be.
type noLength struct{ http.ResponseWriter }

func (n *noLength) WriteHeader(status int) {
	n.Header().Del("Content-Length")
	n.ResponseWriter.WriteHeader(status)
}

// An unchanged tag costs one request without a body.
func TestResolveIsOneRequest(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	r, _ := serve(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			asked = append(asked, r.Method+" "+r.URL.Path)
			mu.Unlock()
			next.ServeHTTP(w, r)
		})
	})
	out := push1(t, plan(t, files(3), nil), r, "v1")
	ref := Reference{Repository: r.String(), Tag: "v1"}
	for range 2 {
		if d, err := r.Resolve(t.Context(), ref); err != nil || d != out.Digest {
			t.Errorf("%s %v", d, err)
		}
	}
	mu.Lock()
	asked = nil
	mu.Unlock()
	if _, err := r.Resolve(t.Context(), ref); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 1 || asked[0] != "HEAD /v2/talks/notes/manifests/v1" {
		t.Errorf("%q", asked)
	}
}

func TestParseReference(t *testing.T) {
	digest := "sha256:" + strings.Repeat("0a", 32)
	for in, want := range map[string]Reference{
		"r.example.org/n":                  {"r.example.org/n", "latest", ""},
		"r.example.org:5000/n:v1":          {"r.example.org:5000/n", "v1", ""},
		"r.example.org/n@" + digest:        {"r.example.org/n", "", digest},
		"localhost:5000/n:v1@" + digest:    {"localhost:5000/n", "v1", digest},
		"r.example.org:5000/a/b@" + digest: {"r.example.org:5000/a/b", "", digest},
	} {
		if got, err := ParseReference(in); err != nil || got != want {
			t.Errorf("%s: %+v %v", in, got, err)
		}
	}
	for _, bad := range []string{"r.example.org/n@sha256:x", "r.example.org/n@", "r.example.org/n@md5:00"} {
		var ne *NameError
		if got, err := ParseReference(bad); !errors.As(err, &ne) {
			t.Errorf("%s: %+v %v", bad, got, err)
		}
	}
}

// Whatever the bytes, what comes out is listed and is what it is listed as.
func FuzzReadLayer(f *testing.F) {
	home := file{name: "site/index.html", content: "<p>home"}
	part := listing("a", file{name: "index.html", content: home.content})
	part.name = "site/" + part.name
	plain := archive(f, part, file{name: "site/" + snapshot.SettingsName, content: `{"parts":1}`}, home)
	f.Add(plain)
	f.Add(gzipped(f, plain))
	f.Add(archive(f, home, part))
	f.Add([]byte("\x28\xb5\x2f\xfd"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := &layerReader{root: "site", budget: newBudget(Limits{Bytes: 1 << 20, Files: 100}), file: func(e snapshot.Entry, content io.Reader) error {
			got, err := io.ReadAll(content)
			if err != nil {
				return err
			}
			if int64(len(got)) != e.Size || sha256.Sum256(got) != e.Hash || strings.Contains(e.Path, "..") && !strings.Contains(e.Path, "...") && strings.HasPrefix(e.Path, "../") {
				t.Errorf("%+v: %q", e, got)
			}
			return nil
		}}
		_, _ = r.read(bytes.NewReader(data)) // most are refused
	})
}
