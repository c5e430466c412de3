package image

import (
	"archive/tar"
	"bytes"
	"context"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"lectern/internal/snapshot"
)

var commitTime = time.Date(2026, 3, 26, 9, 0, 0, 0, time.UTC)

// elfBinary is the smallest program that [CheckBinary] can judge.
func elfBinary(t testing.TB, m elf.Machine, kind elf.ProgType, more string) []byte {
	t.Helper()
	var b bytes.Buffer
	h := elf.Header64{Type: uint16(elf.ET_EXEC), Machine: uint16(m), Version: 1, Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: 1, Shentsize: 64}
	copy(h.Ident[:], "\x7fELF\x02\x01\x01")
	for _, v := range []any{h, elf.Prog64{Type: uint32(kind)}} {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	b.WriteString(more)
	return b.Bytes()
}

func amd64Server(t testing.TB) Server {
	return Server{"linux/amd64", elfBinary(t, elf.EM_X86_64, elf.PT_LOAD, "the server")}
}

// files is a site of n notes in days of 20, with all kinds of files.
func files(n int) map[string]string {
	m := map[string]string{
		"index.html": "<p>home", "404.html": "<p>nothing", "sitemap.xml": "<urlset>", "index.xml": "<rss>",
		"tags/etcd/index.html": "<p>tag", "lectern/theme.0123456789ab.css": "p{}",
		"lectern/search/t1.0123456789ab.txt": "texts", "lectern/search/w1.0123456789ab.bin": "words", "search-index.bin": "index", "lectern/offline.json": "{}",
		"lectern/cards/card-0123456789ab.png": "card",
	}
	for i := range n {
		day := fmt.Sprintf("day%d", i/20)
		note := fmt.Sprintf("%s/%02d_talk", day, i)
		m[day+"/index.html"] = "<p>" + day
		m[day+"/print/index.html"] = "<p>all of " + day
		m[note+"/index.html"] = strings.Repeat(fmt.Sprintf("<p>what was said in %d\n", i), 100)
		m[note+"/index.md"] = "# said"
	}
	return m
}

func site(t testing.TB, content map[string]string) Site {
	t.Helper()
	var list []*snapshot.File
	for p, c := range content {
		body := snapshot.MakeBody([]byte(c))
		f := &snapshot.File{Path: p, Hash: body.Hash(), Body: body}
		if strings.HasPrefix(p, "lectern/search/t") {
			f.With = "day0/01_talk/index.html"
		}
		list = append(list, f)
	}
	s, err := snapshot.New(list)
	if err != nil {
		t.Fatal(err)
	}
	return Site{Snapshot: s, NotePage: func(p string) bool { return strings.HasSuffix(p, "_talk/index.html") }}
}

func plan(t testing.TB, content map[string]string, change func(*Options)) *Image {
	t.Helper()
	opts := Options{Servers: []Server{amd64Server(t)}, Created: commitTime, Title: "Notes", Revision: strings.Repeat("a", 40), Version: "1.2.0"}
	if change != nil {
		change(&opts)
	}
	im, err := New(site(t, content), opts)
	if err != nil {
		t.Fatal(err)
	}
	return im
}

// serve starts a registry on the loopback and returns a repository in it. What
// wrap is given is the registry; what it returns is asked.
func serve(t *testing.T, wrap func(http.Handler) http.Handler) (*Repository, string) {
	t.Helper()
	h := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	if wrap != nil {
		h = wrap(h)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return open(t, strings.TrimPrefix(srv.URL, "http://")+"/talks/notes", RepositoryOptions{})
}

func open(t *testing.T, repository string, opts RepositoryOptions) (*Repository, string) {
	t.Helper()
	opts.backoff = remote.Backoff{Duration: time.Millisecond, Factor: 2, Steps: 4}
	r, err := OpenRepository(repository, opts)
	if err != nil {
		t.Fatal(err)
	}
	return r, repository
}

func push1(t *testing.T, im *Image, r *Repository, tags ...string) *Pushed {
	t.Helper()
	out, err := im.Push(t.Context(), r, PushOptions{Tags: tags})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func pull(t *testing.T, ref string) v1.Image {
	t.Helper()
	n, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	img, err := remote.Image(n)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// unpack reads all layers of an image; a later one wins.
func unpack(t *testing.T, img v1.Image) map[string]string {
	t.Helper()
	layers, err := img.Layers()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, l := range layers {
		r, err := l.Uncompressed()
		if err != nil {
			t.Fatal(err)
		}
		folders := map[string]bool{".": true}
		for tr := tar.NewReader(r); ; {
			h, err := tr.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if h.Uid != 0 || h.Gid != 0 || h.Uname != "" || !h.ModTime.Equal(time.Unix(0, 0)) {
				t.Errorf("%s: owner %d:%d, time %v", h.Name, h.Uid, h.Gid, h.ModTime)
			}
			if h.Typeflag == tar.TypeDir {
				if name := path.Clean(h.Name); h.Mode != 0o755 || folders[name] || !folders[path.Dir(name)] {
					t.Errorf("%s has mode %o or is out of order", h.Name, h.Mode)
				}
				folders[path.Clean(h.Name)] = true
				continue
			}
			if !folders[path.Dir(h.Name)] {
				t.Errorf("%s comes before its folder", h.Name)
			}
			data, err := io.ReadAll(tr)
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := out[h.Name]; ok {
				t.Errorf("%s is in two layers", h.Name)
			}
			out[h.Name] = string(data)
		}
		r.Close()
	}
	return out
}

func TestPush(t *testing.T) {
	content := files(100)
	r, ref := serve(t, nil)
	out := push1(t, plan(t, content, nil), r, "v1", "latest")
	if out.Unchanged || len(out.Tags) != 2 || out.Bytes == 0 || out.Reference != ref+":v1" {
		t.Errorf("%+v", out)
	}
	img := pull(t, ref+":v1")
	if d, err := img.Digest(); err != nil || d.String() != out.Digest {
		t.Errorf("digest %v, want %s; %v", d, out.Digest, err)
	}
	got := unpack(t, img)
	for p, c := range content {
		if got["site/"+p] != c {
			t.Errorf("%s is %.40q", p, got["site/"+p])
		}
		delete(got, "site/"+p)
	}
	if got["lectern"] == "" {
		t.Error("there is no server")
	}
	delete(got, "lectern")
	for p := range got {
		if !strings.HasPrefix(p, "site/.lectern-") {
			t.Errorf("%s is no file of the site", p)
		}
	}
	c, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	if c.Config.User != "65532:65532" || strings.Join(c.Config.Entrypoint, " ") != "/lectern serve --snapshot /site" ||
		!c.Created.Equal(commitTime) || c.Architecture != "amd64" || c.OS != "linux" {
		t.Errorf("%+v", c)
	}
	if _, ok := c.Config.ExposedPorts["8080/tcp"]; !ok {
		t.Error("the port is not exposed")
	}
	m, err := img.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"title": "Notes", "version": "1.2.0", "revision": strings.Repeat("a", 40), "created": "2026-03-26T09:00:00Z"} {
		key = "org.opencontainers.image." + key
		if c.Config.Labels[key] != want || m.Annotations[key] != want {
			t.Errorf("%s: label %q, annotation %q", key, c.Config.Labels[key], m.Annotations[key])
		}
	}
	if m.MediaType != types.OCIManifestSchema1 {
		t.Errorf("the manifest is a %s", m.MediaType)
	}
}

// One corrected letter moves the layer of its page, and nothing else is even
// compressed.
func TestPushOneLetter(t *testing.T) {
	content := files(400)
	r, _ := serve(t, nil)
	push1(t, plan(t, content, nil), r, "main-aaaaaaa-100")
	content["day3/61_talk/index.html"] = "<p>what was corrected"
	im := plan(t, content, nil)
	out := push1(t, im, r, "main-bbbbbbb-101")
	pushed := pushedOf(out)
	made := 0
	for _, l := range im.layers() {
		if l.made {
			made++
		}
	}
	if len(pushed) != 1 || !strings.HasPrefix(pushed[0], "notes ") || made != 1 {
		t.Errorf("pushed %q, %d layers made", pushed, made)
	}
	again := push1(t, plan(t, content, nil), r, "main-bbbbbbb-101")
	if !again.Unchanged || again.Bytes != 0 || again.Digest != out.Digest {
		t.Errorf("%+v", again)
	}
	// What was taken over is what would have been made.
	fresh, _ := serve(t, nil)
	if clean := push1(t, plan(t, content, nil), fresh, "x"); clean.Digest != out.Digest {
		t.Errorf("digest %s after one edit, %s from nothing", out.Digest, clean.Digest)
	}
}

func TestLayersStayFew(t *testing.T) {
	many := files(12_000)
	for i := range 4000 {
		many[fmt.Sprintf("lectern/search/t%d.0123456789ab.txt", i)] = "t"
		many[fmt.Sprintf("lectern/search/w%d.0123456789ab.bin", i)] = "w"
		many[fmt.Sprintf("lectern/pictures/%d-0123456789ab.png", i)] = "p"
	}
	im := plan(t, many, nil)
	if n := len(im.images[0].layers); n >= 127 || n < 100 {
		t.Errorf("%d layers", n)
	}
	if n := len(plan(t, files(3), nil).images[0].layers); n > 9 {
		t.Errorf("%d layers for three notes", n)
	}
}

// With one more bucket the keys of one bucket move, to the new one.
func TestBucketGrows(t *testing.T) {
	for n := 1; n < 100; n++ {
		from := map[int]bool{}
		used := map[int]bool{}
		for i := range 3000 {
			key := fmt.Sprint("day/", i)
			a, b := bucket(key, n), bucket(key, n+1)
			if a < 0 || a >= n {
				t.Fatalf("bucket %d of %d", a, n)
			}
			used[a] = true
			if a != b {
				from[a] = true
				if b != n {
					t.Fatalf("%d buckets: %s moves from %d to %d", n, key, a, b)
				}
			}
		}
		if len(from) != 1 || len(used) != n {
			t.Fatalf("%d buckets: %d are used, keys move from %v", n, len(used), from)
		}
	}
}

func TestSortFiles(t *testing.T) {
	want := map[string]string{
		"index.html": "frame", "tags/etcd/index.html": "lists", "sitemap.xml": "machines",
		"lectern/theme.0123456789ab.css": "assets", "lectern/search/t1.0123456789ab.txt": "notes", "lectern/search/w1.0123456789ab.bin": "words", "search-index.bin": "index", "lectern/offline.json": "index",
		"lectern/cards/card-0123456789ab.png": "pictures", "day0/index.html": "notes", "day0/print/index.html": "notes",
		"day0/01_talk/index.md": "notes",
	}
	for _, g := range sortFiles(site(t, files(10))) {
		for _, f := range g.files {
			kind, _, _ := strings.Cut(g.name, " ")
			if w, ok := want[f.Path]; ok && w != kind {
				t.Errorf("%s is in %s, want %s", f.Path, g.name, w)
			}
			delete(want, f.Path)
		}
	}
	if len(want) > 0 {
		t.Errorf("in no layer: %v", want)
	}
}

func TestPlatforms(t *testing.T) {
	r, ref := serve(t, nil)
	two := func(o *Options) {
		o.Servers = []Server{{"linux/arm64", elfBinary(t, elf.EM_AARCH64, elf.PT_LOAD, "")}, amd64Server(t)}
	}
	out := push1(t, plan(t, files(5), two), r, "v1")
	n, err := name.ParseReference(ref + ":v1")
	if err != nil {
		t.Fatal(err)
	}
	index, err := remote.Index(n)
	if err != nil {
		t.Fatal(err)
	}
	m, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Manifests) != 2 || m.Manifests[0].Platform.String() != "linux/amd64" || m.Manifests[1].Platform.String() != "linux/arm64" {
		t.Errorf("%+v", m.Manifests)
	}
	if d, err := index.Digest(); err != nil || d.String() != out.Digest {
		t.Errorf("%v %v", d, err)
	}
	// A later push takes the layers of both over.
	if again := push1(t, plan(t, files(5), two), r, "v2"); again.Digest != out.Digest {
		t.Errorf("%+v", again)
	}
}

// An image of content only has the site at its root, for any platform, and
// nothing that could be run.
func TestContentOnly(t *testing.T) {
	content := files(30)
	r, ref := serve(t, nil)
	push1(t, plan(t, content, func(o *Options) { o.Servers, o.ContentOnly = nil, true }), r, "v1")
	n, err := name.ParseReference(ref + ":v1")
	if err != nil {
		t.Fatal(err)
	}
	for _, arch := range []string{"amd64", "arm64"} {
		img, err := remote.Image(n, remote.WithPlatform(v1.Platform{OS: "linux", Architecture: arch}))
		if err != nil {
			t.Fatal(err)
		}
		got := unpack(t, img)
		for p, c := range content {
			if got[p] != c {
				t.Errorf("%s: %s is %.40q", arch, p, got[p])
			}
			delete(got, p)
		}
		for p := range got {
			if !strings.HasPrefix(p, ".lectern-") {
				t.Errorf("%s: %s is no file of the site", arch, p)
			}
		}
		c, err := img.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		if c.Architecture != arch || len(c.Config.Entrypoint) > 0 || c.Config.User != "" || c.Config.Labels["org.opencontainers.image.title"] != "Notes" {
			t.Errorf("%+v", c)
		}
	}
	if _, err := New(site(t, content), Options{}); err == nil {
		t.Error("an image without a server was planned")
	}
}

func TestCheckBinary(t *testing.T) {
	tests := map[string]struct {
		platform string
		data     []byte
		want     string
	}{
		"static":          {"linux/amd64", elfBinary(t, elf.EM_X86_64, elf.PT_LOAD, ""), ""},
		"dynamic":         {"linux/amd64", elfBinary(t, elf.EM_X86_64, elf.PT_INTERP, ""), "linked dynamically"},
		"other processor": {"linux/arm64", elfBinary(t, elf.EM_X86_64, elf.PT_LOAD, ""), "another processor"},
		"script":          {"linux/amd64", []byte("#!/bin/sh\n"), "no ELF"},
		"empty":           {"linux/amd64", nil, "no ELF"},
		"other system":    {"windows/amd64", nil, "not a platform"},
	}
	for name, tt := range tests {
		err := CheckBinary(tt.platform, tt.data)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
		var be *BinaryError
		if errors.As(err, &be) && !strings.Contains(be.Hint(), "CGO_ENABLED=0") {
			t.Errorf("%s: hint %q", name, be.Hint())
		}
	}
}

// The compressor's version is part of a layer's key: another one makes other bytes.
func TestPackingNamesCompressor(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range Compressions {
		p, err := newPacker(c)
		if err != nil {
			t.Fatal(err)
		}
		at := p.form[strings.Index(p.form, "github.com/"):]
		if !bytes.Contains(mod, []byte(strings.Replace(at, "@", " ", 1)+"\n")) {
			t.Errorf("%s is not what go.mod has: change the constant with it", at)
		}
	}
}

type mapSink map[string][]byte

func (s mapSink) File(name string, size int64, write func(io.Writer) error) error {
	if _, ok := s["index.json"]; ok {
		return errors.New("a file after the index")
	}
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	if int64(b.Len()) != size {
		return fmt.Errorf("%s has %d bytes, not %d", name, b.Len(), size)
	}
	s[name] = b.Bytes()
	return nil
}

func TestLayout(t *testing.T) {
	r, _ := serve(t, nil)
	pushed := push1(t, plan(t, files(30), nil), r, "v1")
	sink := mapSink{}
	digest, err := plan(t, files(30), nil).WriteLayout(t.Context(), sink, "notes:v1")
	if err != nil {
		t.Fatal(err)
	}
	if digest != pushed.Digest {
		t.Errorf("digest %s, pushed %s", digest, pushed.Digest)
	}
	for p, data := range sink {
		if hex, ok := strings.CutPrefix(p, "blobs/sha256/"); ok && hashOf(data).Hex != hex {
			t.Errorf("%s has another content", p)
		}
	}
	if sink["oci-layout"] == nil || sink["manifest.json"] == nil || !bytes.Contains(sink["index.json"], []byte(path.Base(digest)[7:])) {
		t.Error("no layout")
	}
	var one, two bytes.Buffer
	for _, b := range []*bytes.Buffer{&one, &two} {
		s := NewTarSink(b, commitTime)
		if _, err := plan(t, files(30), nil).WriteLayout(context.Background(), s, ""); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("two archives of one site differ")
	}
}

// mapMemory is a Memory: layers are worked on at once, so it has a lock.
type mapMemory struct {
	mu     sync.Mutex
	values map[string][]byte
}

func newMapMemory() *mapMemory { return &mapMemory{values: map[string][]byte{}} }

func (m *mapMemory) Get(k string) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.values[k]
	return v, ok
}

func (m *mapMemory) Put(k string, v []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.values[k] = v
}

func TestMemory(t *testing.T) {
	m := newMapMemory()
	one := func(o *Options) { o.Memory, o.Jobs = m, 1 }
	r, _ := serve(t, nil)
	first := push1(t, plan(t, files(50), one), r, "v1")
	r2, ref2 := serve(t, nil)
	im := plan(t, files(50), one)
	second := push1(t, im, r2, "v1")
	if first.Digest != second.Digest || first.Bytes != second.Bytes {
		t.Errorf("%+v, then %+v", first, second)
	}
	unpack(t, pull(t, ref2+":v1")) // the registry compares digests, too
	for k := range m.values {
		m.values[k] = []byte(`{"diffID":"sha256:zz"}`)
	}
	if third := push1(t, plan(t, files(50), one), r2, "v1"); third.Digest != first.Digest {
		t.Errorf("%+v", third)
	}
}

// A server is compressed once for all images that are written; bytes that are
// not what they were are not believed.
func TestMemoryOfServer(t *testing.T) {
	m := newMapMemory()
	write := func() (string, bool) {
		im := plan(t, files(50), func(o *Options) { o.Memory = m })
		digest, err := im.WriteLayout(t.Context(), mapSink{}, "")
		if err != nil {
			t.Fatal(err)
		}
		return digest, im.layers()[0].made
	}
	first, made := write()
	if !made {
		t.Error("the server came from nowhere")
	}
	if again, made := write(); made || again != first {
		t.Errorf("the server was compressed again: %v; %s, then %s", made, first, again)
	}
	for k, v := range m.values {
		if strings.HasSuffix(k, " bytes") {
			m.values[k] = append(v[:len(v)-1:len(v)-1], 'x')
		}
	}
	if again, made := write(); !made || again != first {
		t.Errorf("damaged bytes were taken: %v; %s, then %s", !made, first, again)
	}
}
