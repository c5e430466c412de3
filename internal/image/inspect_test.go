package image

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

func inspect(t *testing.T, f *Found) *Inspection {
	t.Helper()
	in, err := f.Inspect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// titled is a page with a title, and the text for programs beside it.
func titled(content map[string]string, note, title, text string) {
	content[note+"/index.html"] = "<!doctype html><title>" + title + " · Notes</title>" + text
	content[note+"/index.md"] = text
}

func TestInspect(t *testing.T) {
	var fetched, whole int64
	r, _ := serve(t, nil)
	content := files(30)
	out := push1(t, plan(t, content, nil), r, "v1")
	in := inspect(t, find(t, r, "v1"))
	if in.Digest != out.Digest || in.Kind != "server" || len(in.Platforms) != 1 || in.Platforms[0] != "linux/amd64" || !in.Created.Equal(commitTime) || in.Labels[titleLabel] != "Notes" {
		t.Errorf("%+v", in)
	}
	if in.Files != len(content) || len(in.Layers) != len(out.Layers) {
		t.Errorf("%d files in %d layers, want %d in %d", in.Files, len(in.Layers), len(content), len(out.Layers))
	}
	for i, l := range in.Layers {
		if l.Name != out.Layers[i].Name || l.Digest != out.Layers[i].Digest || l.Size != out.Layers[i].Size || l.Files == 0 && l.Name != "assets" && l.Name != "index" {
			t.Errorf("%+v, want %+v", l, out.Layers[i])
		}
		fetched += l.Size
	}
	if whole = in.Size; whole != fetched {
		t.Errorf("%d bytes, want %d", whole, fetched)
	}
	if _, err := json.Marshal(in); err != nil {
		t.Error(err)
	}
}

// Only layers that differ are read twice, and what is said is about notes.
func TestCompare(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	r, _ := serve(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/blobs/") {
				mu.Lock()
				asked = append(asked, r.URL.Path)
				mu.Unlock()
			}
			next.ServeHTTP(w, r)
		})
	})
	content := files(60)
	titled(content, "day1/30_talk", "Old title", "one")
	titled(content, "day1/31_talk", "Same", "two")
	titled(content, "day1/32_talk", "Going &amp; gone", "three")
	push1(t, plan(t, content, nil), r, "v1")
	titled(content, "day1/30_talk", "New title", "one, corrected")
	content["day1/31_talk/index.html"] += "<p>another menu"
	delete(content, "day1/32_talk/index.html")
	delete(content, "day1/32_talk/index.md")
	titled(content, "day1/33a_talk", "Late", "four")
	content["sitemap.xml"] = "<urlset>more"
	content["day1/print/index.html"] = "<p>other"
	push1(t, plan(t, content, nil), r, "v2")

	older, newer := find(t, r, "v1"), find(t, r, "v2")
	was, in := inspect(t, older), inspect(t, newer)
	d, err := newer.Compare(t.Context(), in, older, was)
	if err != nil {
		t.Fatal(err)
	}
	want := &Difference{
		Reference: was.Reference, Digest: was.Digest,
		Added:   []Page{{"day1/33a_talk/", "Late"}},
		Changed: []Page{{"day1/30_talk/", "New title"}},
		Removed: []Page{{"day1/32_talk/", "Going & gone"}},
		Others:  Counts{Changed: 3}, // a menu, the map, for printing
		Layers:  d.Layers, Bytes: d.Bytes,
	}
	if !reflect.DeepEqual(d, want) {
		t.Errorf("%+v\nwant %+v", d, want)
	}
	fresh := in.without(was)
	if len(fresh) != d.Layers || d.Layers == 0 || d.Layers > 6 {
		t.Errorf("%d layers, %d differ", d.Layers, len(fresh))
	}
	// Nothing but what differs is read for it.
	mu.Lock()
	asked = nil
	mu.Unlock()
	if _, err := newer.Compare(t.Context(), in, older, was); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	read := slices.Clone(asked)
	mu.Unlock()
	for _, path := range read {
		for _, l := range in.Layers {
			for _, o := range was.Layers {
				if l.Digest == o.Digest && strings.HasSuffix(path, l.Digest) {
					t.Errorf("the layer %s is the same and was read", l.Name)
				}
			}
		}
	}
	same, err := newer.Compare(t.Context(), in, newer, in)
	if err != nil || same.Layers != 0 || len(same.Changed) != 0 || same.Others != (Counts{}) {
		t.Errorf("%+v %v", same, err)
	}
}

// The same is said of an image in an archive, in a folder, and in a registry.
func TestInspectLayout(t *testing.T) {
	var b bytes.Buffer
	sink := NewTarSink(&b, commitTime)
	digest, err := plan(t, files(25), nil).WriteLayout(t.Context(), sink, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
	a, err := NewArchive(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	found, err := FindInLayout(t.Context(), "site.tar", a)
	if err != nil {
		t.Fatal(err)
	}
	in := inspect(t, found)
	if in.Digest != digest || in.Files != len(files(25)) || in.Kind != "server" {
		t.Errorf("%+v", in)
	}
	folder := fstest.MapFS{}
	if err := eachFile(b.Bytes(), func(name string, data []byte) { folder[name] = &fstest.MapFile{Data: data} }); err != nil {
		t.Fatal(err)
	}
	found, err = FindInLayout(t.Context(), "site", folder)
	if err != nil {
		t.Fatal(err)
	}
	if other := inspect(t, found); other.Size != in.Size || other.Files != in.Files {
		t.Errorf("%+v", other)
	}
	// One that was damaged on the disk is not taken for good.
	for name, f := range folder {
		if strings.HasSuffix(name, in.Layers[len(in.Layers)-1].descriptor.Digest.Hex) {
			f.Data[len(f.Data)-1]++
		}
	}
	to := newInMemory()
	if _, err := found.Pull(t.Context(), to, PullOptions{}); err == nil {
		t.Error("a damaged layer was taken")
	}
}

func eachFile(data []byte, f func(name string, data []byte)) error {
	for t := tar.NewReader(bytes.NewReader(data)); ; {
		h, err := t.Next()
		if err != nil {
			return nil
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(t); err != nil {
			return err
		}
		if h.Typeflag == tar.TypeReg {
			f(h.Name, b.Bytes())
		}
	}
}

func TestInspectOthers(t *testing.T) {
	h := &handMade{layers: [][]byte{archive(t, file{name: "bin/sh", content: "x"})}}
	h.config.OS, h.config.Architecture = "linux", "riscv64"
	f, err := h.found(t)
	if err != nil {
		t.Fatal(err)
	}
	f.variants[0].manifest.Annotations = nil
	if in := inspect(t, f); in.Kind != "other" || in.Layers != nil || in.Platforms[0] != "linux/riscv64" || in.Size == 0 {
		t.Errorf("%+v", in)
	}
	for name, layout := range map[string]fstest.MapFS{
		"empty": {}, "no index": {"index.json": {Data: []byte("x")}}, "of nothing": {"index.json": {Data: []byte(`{"manifests":[]}`)}},
	} {
		var no *NoLayoutError
		if _, err := FindInLayout(context.Background(), "x", layout); !errors.As(err, &no) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewArchive(strings.NewReader(strings.Repeat("no archive", 100)), 1000); err == nil {
		t.Error("anything is an archive")
	}
}
