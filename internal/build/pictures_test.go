package build_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"lectern/internal/build"
	"lectern/internal/diag"
)

// photo is a JPEG that says where it was taken.
func photo(t testing.TB, w, h int) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = byte(i * i / (w + 3))
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x88\x25\x00\x04\x00\x00\x00\x01\x00\x00\x00\x1a\x00\x00\x00\x00" +
		"\x00\x01\x00\x01\x00\x02\x00\x00\x00\x02N\x00\x00\x00\x00\x00\x00\x00" + "Kaiserstrasse-17"
	seg := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return string(slices.Insert(b.Bytes(), 2, seg...))
}

func drawing(t testing.TB, w, h int) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		m.Set(i%w, i/w, color.RGBA{byte(i / 7 % 200), byte(i / w), 90, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bomb is a PNG of a few bytes that claims 50,000×50,000 pixels.
func bomb() string {
	b := []byte("\x89PNG\r\n\x1a\n")
	for _, c := range []string{"IHDR\x00\x00\xc3\x50\x00\x00\xc3\x50\x08\x02\x00\x00\x00", "IDATx", "IEND"} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(c)-4))
		b = append(b, c...)
		b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(c)))
	}
	return string(b)
}

const heic = "\x00\x00\x00\x14ftypheic\x00\x00\x00\x00heic\x00\x00\x00\x32meta\x00\x00\x00\x00" +
	"\x00\x00\x00\x26iprp\x00\x00\x00\x1eipco\x00\x00\x00\x16ispe\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00"

func text(t testing.TB, r *build.Result, path string) string {
	t.Helper()
	f := r.Snapshot.Lookup(path)
	if f == nil {
		t.Fatalf("there is no %s", path)
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func contains(t testing.TB, text string, wants ...string) {
	t.Helper()
	for _, w := range wants {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in\n%s", w, text)
		}
	}
}

func lacks(t testing.TB, text string, others ...string) {
	t.Helper()
	for _, w := range others {
		if strings.Contains(text, w) {
			t.Errorf("%q is in\n%s", w, text)
		}
	}
}

func ruled(r *build.Result, rule string) []diag.Diagnostic {
	return slices.DeleteFunc(slices.Clone(r.Diags), func(d diag.Diagnostic) bool { return d.Rule != rule })
}

func TestPicturesOnPages(t *testing.T) {
	dir := project(t, map[string]string{
		"a.md":      "# A\n\n![one](one.jpg) ![two](two.png)\n\n<img src=\"two.png\" alt=\"raw\">\n\n{{< figure src=\"two.png\" width=\"100\" >}}\n",
		"one.jpg":   photo(t, 300, 200),
		"two.png":   drawing(t, 450, 300),
		"other.jpg": photo(t, 30, 20),
	})
	r := buildOnce(t, build.Options{Dir: dir})
	a := text(t, r, "a/index.html")
	contains(t, a,
		`<img src="../one.jpg" alt="one" width="300" height="200" decoding="async">`,
		`<span class="pic"><img src="../two.png" alt="two" loading="lazy" width="450" height="300" decoding="async"><a class="pic-large" data-chrome href="../two.png" aria-label="Larger picture: two"></a></span>`,
		`alt="raw" width="450" height="300"`,
		`width="100" height="67"`)
	lacks(t, text(t, r, "one.jpg"), "Kaiserstrasse", "Exif")
	if text(t, r, "two.png") != drawing(t, 450, 300) {
		t.Error("a picture with nothing to hide was changed")
	}
	if d := ruled(r, "image-location"); len(d) != 1 || d[0].File != "one.jpg" || d[0].Severity != diag.Info {
		t.Errorf("%v", r.Diags)
	}
}

func TestBadPictures(t *testing.T) {
	dir := project(t, map[string]string{
		"a.md":       "# A\n\n![bomb](bomb.png)\n\n![cut](cut.jpg) ![text](text.png)\n\n![phone](phone.heic)\n\n![script](x.svg)\n",
		"bomb.png":   bomb(),
		"cut.jpg":    photo(t, 300, 200)[:900],
		"text.png":   "no picture",
		"phone.heic": heic,
		"x.svg":      `<svg width="500" height="400"><script>alert(1)</script></svg>`,
	})
	r := buildOnce(t, build.Options{Dir: dir})
	a := text(t, r, "a/index.html")
	contains(t, a,
		`<a href="../bomb.png">bomb</a>`, `<a href="../phone.heic">phone</a>`,
		`<img src="../cut.jpg" alt="cut"`, `<img src="../text.png" alt="text"`,
		`<img src="../x.svg" alt="script" loading="lazy" width="500" height="400" decoding="async">`)
	lacks(t, a, "alert(1)", "pic-large")
	for rule, want := range map[string][]string{
		"picture-bomb":   {"a.md:3:1"},
		"picture-broken": {"a.md:5:1", "a.md:5:17"},
		"picture-heic":   {"a.md:7:1"},
	} {
		var got []string
		for _, d := range ruled(r, rule) {
			got = append(got, fmt.Sprintf("%s:%d:%d", d.File, d.Line, d.Col))
			if d.Severity != diag.Warning || d.Hint == "" {
				t.Errorf("%v", d)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s at %v, want %v", rule, got, want)
		}
	}
}

// TestPictureChanges: a page follows the picture it shows, though the note
// stays the same.
func TestPictureChanges(t *testing.T) {
	dir := project(t, map[string]string{"a.md": "# A\n\n![p](p.png)\n", "b.md": "# B\n", "p.png": drawing(t, 40, 30)})
	b := open(t, build.Options{Dir: dir})
	if _, err := b.Build(context.Background()); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "p.png", drawing(t, 60, 20))
	r, err := b.Update(context.Background(), []string{"p.png"})
	if err != nil {
		t.Fatal(err)
	}
	contains(t, text(t, r, "a/index.html"), `width="60" height="20"`)
	if r.Stats.Rendered > 2 { // the note, and the page that has all notes
		t.Errorf("%d pages were rendered", r.Stats.Rendered)
	}
	put(t, dir, "p.png", "no picture any more")
	if r, err = b.Update(context.Background(), []string{"p.png"}); err != nil {
		t.Fatal(err)
	}
	lacks(t, text(t, r, "a/index.html"), `width="60"`)
	if len(ruled(r, "picture-broken")) != 1 {
		t.Errorf("%v", r.Diags)
	}
}

// Films and TIFFs are published without the place where they were taken, under
// whatever name; a track of places is told of.
func TestFilmsTellNoPlace(t *testing.T) {
	box := func(name, data string) string {
		return string(binary.BigEndian.AppendUint32(nil, uint32(len(data)+8))) + name + data
	}
	film := box("ftyp", "qt  ") + box("mdat", "sound") + box("moov", box("udta", box("\xa9xyz", "Kaiserstrasse-17")))
	track := box("ftyp", "qt  ") + box("moov", box("trak", box("mdia", box("minf", box("stbl", box("stsd", "\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x10gpmd"))))))
	r := buildOnce(t, build.Options{Dir: project(t, map[string]string{
		"a.md":  "[film](a.mov) [another](b.mp4) [drone](c.MP4) ![named wrongly](d.jpg)\n",
		"a.mov": film, "b.mp4": "no film", "c.MP4": track, "d.jpg": film,
	})})
	for _, name := range []string{"a.mov", "d.jpg"} {
		got := text(t, r, name)
		lacks(t, got, "Kaiserstrasse")
		contains(t, got, "sound")
		if len(got) != len(film) {
			t.Errorf("%s has %d bytes, want %d", name, len(got), len(film))
		}
	}
	if text(t, r, "b.mp4") != "no film" || text(t, r, "c.MP4") != track {
		t.Error("a file with nothing to hide was changed")
	}
	if d := ruled(r, "image-location"); len(d) != 1 || d[0].File != "a.mov" || !strings.HasPrefix(d[0].Message, "2 files") {
		t.Errorf("%v", r.Diags)
	}
	if d := ruled(r, "film-track"); len(d) != 1 || d[0].File != "c.MP4" || d[0].Severity != diag.Warning {
		t.Errorf("%v", r.Diags)
	}
}
