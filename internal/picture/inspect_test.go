package picture_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"lectern/internal/picture"
)

type file struct{ *bytes.Reader }

func (file) Close() error { return nil }

func inspect(t testing.TB, b []byte) *picture.Info {
	t.Helper()
	info, err := picture.Inspect(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// cleaned is what is published of b.
func cleaned(t testing.TB, b []byte, info *picture.Info) []byte {
	t.Helper()
	if info.Clean == nil {
		return b
	}
	r := info.Clean.Open(file{bytes.NewReader(b)})
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(out)) != info.Clean.Size() {
		t.Fatalf("%d bytes came of pieces that say %d", len(out), info.Clean.Size())
	}
	return out
}

func TestInspect(t *testing.T) {
	tests := map[string]struct {
		data   []byte
		format picture.Format
		w, h   int
	}{
		"jpeg":                       {makeJPEG(t, scene(30, 20)), picture.JPEG, 30, 20},
		"jpeg on its side":           {phoneJPEG(t, scene(30, 20), 6), picture.JPEG, 20, 30},
		"jpeg upside down":           {phoneJPEG(t, scene(30, 20), 3), picture.JPEG, 30, 20},
		"png":                        {makePNG(t, scene(31, 20)), picture.PNG, 31, 20},
		"png on its side":            {phonePNG(t, scene(31, 20), 8), picture.PNG, 20, 31},
		"gif":                        {[]byte("GIF89a\x05\x00\x07\x00\x00\x00\x00;"), picture.GIF, 5, 7},
		"webp":                       {riff(webpChunk("VP8L", tinyVP8L)), picture.WebP, 1, 1},
		"lossy webp":                 {riff(webpChunk("VP8 ", "\x00\x00\x00\x9d\x01\x2a\x40\x01\xf0\x00")), picture.WebP, 320, 240},
		"heic turned by its box":     {phoneHEIC("heic"), picture.HEIC, 3024, 4032},
		"avif":                       {phoneHEIC("avif"), picture.AVIF, 3024, 4032},
		"svg":                        {[]byte(`<?xml version="1.0"?><!-- x --><svg width="120" height="40px"/>`), picture.SVG, 120, 40},
		"svg in points":              {[]byte(`<svg width="72pt" height="1in"/>`), picture.SVG, 96, 96},
		"svg of one length":          {[]byte(`<svg width="100" viewBox="0 0 50 25"/>`), picture.SVG, 100, 50},
		"svg of proportions":         {[]byte(`<svg viewBox="0,0 100 50" width="100%"/>`), picture.SVG, 1600, 800},
		"svg of no size":             {[]byte(`<svg/>`), picture.SVG, 0, 0},
		"svg in another name's room": {[]byte(`<!DOCTYPE svg><svg xmlns:w="w" w:width="9" width="3" height="4">`), picture.SVG, 3, 4},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			info := inspect(t, tt.data)
			if info.Format != tt.format || info.Width != tt.w || info.Height != tt.h {
				t.Errorf("got %v %d×%d, want %v %d×%d", info.Format, info.Width, info.Height, tt.format, tt.w, tt.h)
			}
		})
	}
}

func TestNoPicture(t *testing.T) {
	for _, s := range []string{"", "x", "plain text", "%PDF-1.7", "<html><svg></svg></html>", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "GIF"} {
		if _, err := picture.Inspect(strings.NewReader(s), int64(len(s))); !errors.Is(err, picture.ErrUnknown) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestBroken(t *testing.T) {
	whole := makeJPEG(t, scene(30, 20))
	png := makePNG(t, scene(30, 20))
	tests := map[string][]byte{
		"a jpeg cut in its pixels":   whole[:len(whole)-40],
		"a jpeg cut in its head":     whole[:30],
		"a jpeg without markers":     append([]byte("\xff\xd8\xff\xe0\x00\x04ab"), "no marker here"...),
		"a png cut short":            png[:len(png)-20],
		"a png without a head":       append([]byte(png[:8:8]), pngChunk("IDAT", "x")...),
		"a webp without pixels":      riff(webpChunk("VP8X", "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")),
		"an svg that is none":        []byte("<!-- <svg -->"),
		"a png of no size":           append(append([]byte(png[:8:8]), pngChunk("IHDR", "\x00\x00\x00\x00\x00\x00\x00\x01\x08\x02\x00\x00\x00")...), pngChunk("IEND", "")...),
		"a heic without a describer": []byte(box("ftyp", "heic\x00\x00\x00\x00heic") + box("mdat", "x")),
	}
	for name, data := range tests {
		var b *picture.BrokenError
		if _, err := picture.Inspect(bytes.NewReader(data), int64(len(data))); !errors.As(err, &b) || b.Reason == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReaderFails(t *testing.T) {
	if _, err := picture.Inspect(struct {
		io.Reader
		io.Seeker
	}{iotest.ErrReader(io.ErrClosedPipe), bytes.NewReader(nil)}, 100); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a disk's error became %v", err)
	}
}

func TestBomb(t *testing.T) {
	bomb := append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", "\x00\x00\xc3\x50\x00\x00\xc3\x50\x08\x02\x00\x00\x00")...)
	bomb = append(append(bomb, pngChunk("IDAT", "x")...), pngChunk("IEND", "")...)
	info := inspect(t, bomb)
	if !info.Refused() || info.Width != 50_000 || len(info.Widths()) != 0 {
		t.Errorf("50,000×50,000 pixels are let through: %+v", info)
	}
	if inspect(t, makePNG(t, scene(2000, 10))).Refused() {
		t.Error("a small picture is refused")
	}
}

// TestClean: nothing of what stands beside a picture is published, and not a
// pixel of it changes.
func TestClean(t *testing.T) {
	m := scene(60, 40)
	for name, data := range map[string][]byte{
		"jpeg upright": phoneJPEG(t, m, 1), "jpeg turned": phoneJPEG(t, m, 6),
		"png upright": phonePNG(t, m, 1), "png turned": phonePNG(t, m, 8),
		"webp upright": phoneWebP(1), "webp turned": phoneWebP(3),
		"heic": phoneHEIC("heic"), "avif": phoneHEIC("avif"),
	} {
		t.Run(name, func(t *testing.T) {
			if !bytes.Contains(data, []byte(secret)) {
				t.Fatal("the test's picture holds no secret")
			}
			info := inspect(t, data)
			if !info.Location {
				t.Error("the location was not seen")
			}
			out := cleaned(t, data, info)
			if bytes.Contains(out, []byte(secret)) {
				t.Errorf("%q is published", secret)
			}
			again := inspect(t, out)
			if again.Location || again.Clean != nil {
				t.Errorf("cleaning twice is not cleaning once: %+v", again)
			}
			if again.Orientation != info.Orientation || again.Width != info.Width || again.Height != info.Height {
				t.Errorf("%d×%d turned %d became %d×%d turned %d", info.Width, info.Height, info.Orientation, again.Width, again.Height, again.Orientation)
			}
			samePixels(t, data, out, info.Format)
			if info.Format <= picture.PNG || info.Format == picture.WebP {
				for _, kept := range map[picture.Format]string{picture.JPEG: "profile", picture.PNG: "gAMA", picture.WebP: "profile"} {
					if bytes.Contains(data, []byte(kept)) && !bytes.Contains(out, []byte(kept)) {
						t.Errorf("%q is lost, which colours need", kept)
					}
				}
			}
		})
	}
}

func samePixels(t *testing.T, a, b []byte, f picture.Format) {
	t.Helper()
	decode := map[picture.Format]func(io.Reader) (image.Image, error){picture.JPEG: jpeg.Decode, picture.PNG: png.Decode}[f]
	if decode == nil {
		return
	}
	x, err := decode(bytes.NewReader(a))
	if err != nil {
		t.Fatal(err)
	}
	y, err := decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for py := range x.Bounds().Dy() {
		for px := range x.Bounds().Dx() {
			if x.At(px, py) != y.At(px, py) {
				t.Fatalf("the pixel at %d, %d changed", px, py)
			}
		}
	}
}

func TestNothingToClean(t *testing.T) {
	for name, data := range map[string][]byte{
		"jpeg": makeJPEG(t, scene(30, 20)),
		"png":  makePNG(t, scene(30, 20)),
		"webp": riff(webpChunk("VP8L", tinyVP8L)),
		"svg":  []byte("<svg/>"),
		"gif":  []byte("GIF89a\x05\x00\x07\x00\x00\x00\x00;"),
	} {
		if info := inspect(t, data); info.Clean != nil || info.Location {
			t.Errorf("%s: %+v", name, info)
		}
	}
}

func TestScriptInDrawing(t *testing.T) {
	for s, want := range map[string]bool{
		`<svg><script>alert(1)</script></svg>`:                                   true,
		`<svg><SCRIPT href="x.js"/></svg>`:                                       true,
		`<svg onload="x()"/>`:                                                    true,
		"<svg\nonload\n=\n'x()'/>":                                               true,
		`<svg><a href="javascript:x()"/></svg>`:                                  true,
		`<svg xmlns:x="http://www.w3.org/2000/svg"><x:script>1</x:script></svg>`: true,
		`<svg><foreignObject><p>text</p></foreignObject></svg>`:                  true,
		`<svg><text>once upon = a time</text></svg>`:                             false,
		`<svg><text font-size="3">on and on</text></svg>`:                        false,
	} {
		if got := inspect(t, []byte(s)).Script; got != want {
			t.Errorf("%s: %v", s, got)
		}
	}
}

func TestPiecesSeek(t *testing.T) {
	ps := picture.Pieces{{Bytes: []byte("AB")}, {Off: 3, Len: 4}, {Bytes: []byte("C")}}
	r := ps.Open(file{bytes.NewReader([]byte("0123456789"))})
	const whole = "AB3456C"
	if err := iotest.TestReader(r, []byte(whole)); err != nil {
		t.Error(err)
	}
	if _, err := io.ReadAll(ps.Open(file{bytes.NewReader([]byte("01234"))})); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a file that was cut gave %v", err)
	}
}

// TestCorpus: every picture of a real set of notes passes.
func TestCorpus(t *testing.T) {
	const dir = "../../../shared/corpus/kubecon25"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the corpus is not here: ", err)
	}
	n := 0
	err := filepath.WalkDir(dir, func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(name) != ".png" {
			return err
		}
		n++
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		info := inspect(t, data)
		widths := info.Widths()
		if info.Width != 1440 || info.Height != 810 || len(widths) != 2 {
			t.Errorf("%s: %d×%d, smaller at %v", name, info.Width, info.Height, widths)
		}
		smaller, err := picture.Render(bytes.NewReader(cleaned(t, data, info)), info, widths)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, s := range smaller {
			t.Logf("%s: %d bytes; at %d %v %d bytes", filepath.Base(name), len(data), s.Width, s.Format, len(s.Data))
		}
		return nil
	})
	if err != nil || n == 0 {
		t.Errorf("%d pictures: %v", n, err)
	}
}
