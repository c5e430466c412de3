package build_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lectern/internal/build"
	"lectern/internal/cache"
)

func withPictures(t testing.TB) string {
	return project(t, map[string]string{
		"lectern.yaml": "search: {enabled: false}\n", // pending after each edit
		"a.md":         "# A\n\n![one](one.jpg) ![two](two.png) ![again](sub/one.jpg)\n",
		"b.md":         "# B\n",
		"p.md":         "---\nvisibility: private\n---\n![three](three.jpg)\n",
		"one.jpg":      photo(t, 1700, 300),
		"sub/one.jpg":  photo(t, 1700, 300),
		"two.png":      drawing(t, 1000, 500),
		"three.jpg":    photo(t, 1500, 200),
		"unused.jpg":   photo(t, 1600, 200),
	})
}

// renditionsOf lists the smaller pictures of a site.
func renditionsOf(r *build.Result) []string {
	var out []string
	for _, f := range r.Snapshot.Files() {
		if name, ok := strings.CutPrefix(f.Path, "lectern/pictures/"); ok {
			out = append(out, name)
		}
	}
	return out
}

func TestRenditions(t *testing.T) {
	ctx := context.Background()
	dir := withPictures(t)
	b := open(t, build.Options{Dir: dir})
	first, err := b.Build(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !first.Pending || len(renditionsOf(first)) > 0 {
		t.Errorf("the first stage made %v and says pending=%v", renditionsOf(first), first.Pending)
	}
	contains(t, text(t, first, "a/index.html"), `<img src="../one.jpg" alt="one" width="1700" height="300" decoding="async">`)
	r, err := b.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if r.Pending {
		t.Error("a finished site is pending")
	}
	// Two of the photo, one of the drawing; nothing of what is private or unused.
	if got := renditionsOf(r); len(got) != 3 {
		t.Errorf("%v", got)
	}
	a := text(t, r, "a/index.html")
	if n := len(regexp.MustCompile(` srcset="\.\./lectern/pictures/480-[0-9a-f]{16}\.jpg 480w, \.\./lectern/pictures/960-[0-9a-f]{16}\.jpg 960w, \.\./(sub/)?one\.jpg 1700w"`).FindAllString(a, -1)); n != 2 {
		t.Errorf("%d pictures lead to smaller ones in %s", n, a)
	}
	for _, f := range r.Snapshot.Files() {
		if strings.HasPrefix(f.Path, "lectern/pictures/") {
			lacks(t, text(t, r, f.Path), "Kaiserstrasse")
			if !strings.Contains(a, f.Path) {
				t.Errorf("no page shows %s", f.Path)
			}
		}
	}
	// An edit of another note does nothing to pictures; one that takes them off the
	// page takes the smaller ones off the site.
	put(t, dir, "b.md", "# B\n\nmore\n")
	if r, err = b.Update(ctx, []string{"b.md"}); err != nil || r.Pending || len(renditionsOf(r)) != 3 {
		t.Errorf("after an edit elsewhere: %v, pending=%v, %v", renditionsOf(r), r.Pending, err)
	}
	put(t, dir, "a.md", "# A\n\n![two](two.png)\n")
	if r, err = b.Update(ctx, []string{"a.md"}); err != nil || r.Pending || len(renditionsOf(r)) != 1 {
		t.Errorf("with one picture: %v, pending=%v, %v", renditionsOf(r), r.Pending, err)
	}
}

// TestRenditionsKept: the cache gives the same site, also where it is cut,
// spoiled or deleted, at any time.
func TestRenditionsKept(t *testing.T) {
	dir, kept := withPictures(t), t.TempDir()
	want := buildOnce(t, build.Options{Dir: dir}).Snapshot.Digest()
	build := func() *build.Result {
		r := buildOnce(t, build.Options{Dir: dir, Cache: cache.Open(kept)})
		if r.Snapshot.Digest() != want {
			t.Error("the site differs from one without a cache")
		}
		return r
	}
	entries := func() (out []string) {
		err := filepath.WalkDir(kept, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && d.Name() != "pruned" {
				out = append(out, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	build()
	if got := entries(); len(got) != 2 {
		t.Fatalf("%v", got)
	}
	r := build()
	for _, name := range renditionsOf(r) {
		text(t, r, "lectern/pictures/"+name)
	}
	for _, name := range entries() {
		if err := os.WriteFile(name, []byte("spoiled"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r = build()
	if err := os.RemoveAll(kept); err != nil {
		t.Fatal(err)
	}
	for _, name := range renditionsOf(r) { // while they are served
		text(t, r, "lectern/pictures/"+name)
	}
	build()
	for _, name := range entries() {
		for _, secret := range []string{"one", "two", "three"} {
			if strings.Contains(strings.TrimPrefix(name, kept), secret) {
				t.Errorf("the cache tells a name: %s", name)
			}
		}
	}
}

func TestFinishBrokenOff(t *testing.T) {
	dir := withPictures(t)
	b := open(t, build.Options{Dir: dir})
	if _, err := b.Build(context.Background()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := b.Finish(ctx); err == nil {
		t.Fatal("it was not broken off")
	}
	r, err := b.Update(context.Background(), []string{"b.md"})
	if err != nil || !r.Pending {
		t.Fatalf("%v, %v", r, err)
	}
	if r, err = b.Finish(context.Background()); err != nil || r.Snapshot.Digest() != buildOnce(t, build.Options{Dir: dir}).Snapshot.Digest() {
		t.Errorf("what came of it differs: %v", err)
	}
}

// TestBrokenPixels: a picture whose head is sound and whose pixels are not.
func TestBrokenPixels(t *testing.T) {
	data := []byte(drawing(t, 700, 300))
	copy(data[len(data)/2:], "garbage")
	dir := project(t, map[string]string{"a.md": "# A\n\n![x](x.png)\n", "x.png": string(data)})
	r := buildOnce(t, build.Options{Dir: dir})
	if got := ruled(r, "picture-broken"); len(got) != 1 || got[0].File != "a.md" || got[0].Line != 3 {
		t.Errorf("%v", r.Diags)
	}
	contains(t, text(t, r, "a/index.html"), `<img src="../x.png" alt="x" width="700" height="300" decoding="async">`)
}

// Without smaller pictures the originals stand alone, and none is decoded; the
// setting may change under a builder that made some.
func TestSmallerPicturesOff(t *testing.T) {
	ctx := context.Background()
	dir := project(t, map[string]string{"a.md": "![one](one.jpg)\n", "one.jpg": photo(t, 1200, 100)})
	b := open(t, build.Options{Dir: dir})
	for _, c := range []struct {
		config string
		made   bool
	}{{"", true}, {"smallerPictures: false\n", false}, {"smallerPictures: true\n", true}} {
		put(t, dir, "lectern.yaml", c.config)
		if _, err := b.Build(ctx); err != nil {
			t.Fatal(err)
		}
		r, err := b.Finish(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if made := strings.Contains(text(t, r, "a/index.html"), "srcset"); made != c.made {
			t.Errorf("%q: there are smaller pictures: %v", c.config, made)
		}
		lacks(t, text(t, r, "one.jpg"), "Kaiserstrasse")
		if want := buildOnce(t, build.Options{Dir: dir}); want.Snapshot.Digest() != r.Snapshot.Digest() {
			t.Errorf("%q: a clean build differs: %s", c.config, differing(r.Snapshot, want.Snapshot))
		}
	}
}
