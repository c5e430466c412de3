package image

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Zstandard makes the same files of fewer bytes, in another image; and neither
// takes the other's layers for its own.
func TestZstandard(t *testing.T) {
	content := files(60)
	// Pages share a menu that is longer than gzip can look back.
	menu := make([]byte, 60_000)
	_, _ = rand.NewChaCha8([32]byte{}).Read(menu) // never fails
	for name := range content {
		if strings.HasSuffix(name, "_talk/index.html") {
			content[name] = string(menu) + content[name]
		}
	}
	zstandard := func(o *Options) { o.Compression = Zstandard }
	r, ref := serve(t, nil)
	gz := push1(t, plan(t, content, nil), r, "gzip")
	z := push1(t, plan(t, content, zstandard), r, "zstd")
	var sizes [2]int64
	for i, layers := range [...][]LayerReport{gz.Layers, z.Layers} {
		for _, l := range layers {
			sizes[i] += l.Size
		}
	}
	if z.Bytes < sizes[1] || 3*sizes[1] > sizes[0] {
		t.Errorf("%d bytes pushed, %d with gzip, %d with zstd", z.Bytes, sizes[0], sizes[1])
	}
	img := pull(t, ref+":zstd")
	m, err := img.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range m.Layers {
		if l.MediaType != types.OCILayerZStd {
			t.Errorf("a layer is a %s", l.MediaType)
		}
	}
	a, b := unpack(t, pull(t, ref+":gzip")), unpack(t, img)
	for name := range a {
		if a[name] != b[name] {
			t.Errorf("%s differs", name)
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d files with gzip, %d with zstd", len(a), len(b))
	}
	// The same again, in another repository: other workers, the same bytes.
	fresh, _ := serve(t, nil)
	if again := push1(t, plan(t, content, zstandard), fresh, "zstd"); again.Digest != z.Digest {
		t.Errorf("digest %s, then %s", z.Digest, again.Digest)
	}
	content["day3/61_talk/index.html"] = "<p>what was corrected"
	if one := push1(t, plan(t, content, zstandard), r, "next"); len(pushedOf(one)) != 1 {
		t.Errorf("pushed %q", pushedOf(one))
	}
}

func pushedOf(p *Pushed) []string {
	var names []string
	for _, l := range p.Layers {
		if l.State == "pushed" {
			names = append(names, l.Name)
		}
	}
	return names
}

func TestCompressionCheck(t *testing.T) {
	for _, c := range append(Compressions[:], "") {
		if err := c.Check(); err != nil {
			t.Errorf("%q: %v", c, err)
		}
	}
	if err := Compression("lzma").Check(); err == nil || !strings.Contains(err.Error(), `"lzma"`) {
		t.Errorf("lzma: %v", err)
	}
}
