package picture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"lectern/internal/picture"
)

// sideways is a large photo as a phone stores it for an orientation: what is
// red must come out at the top left, what is green at the top right.
func sideways(orientation int) *image.YCbCr {
	w, h := 1000, 800
	if orientation >= 5 {
		w, h = h, w
	}
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			ux, uy := x, y // upright
			switch orientation {
			case 2:
				ux = w - 1 - x
			case 3:
				ux, uy = w-1-x, h-1-y
			case 4:
				uy = h - 1 - y
			case 5:
				ux, uy = y, x
			case 6:
				ux, uy = h-1-y, x
			case 7:
				ux, uy = h-1-y, w-1-x
			case 8:
				ux, uy = y, w-1-x
			}
			c := color.RGBA{20, 20, 200, 255}
			switch {
			case ux < 500 && uy < 400:
				c = color.RGBA{200, 20, 20, 255}
			case uy < 400:
				c = color.RGBA{20, 200, 20, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		panic(err)
	}
	out, err := jpeg.Decode(&b)
	if err != nil {
		panic(err)
	}
	return out.(*image.YCbCr)
}

func render(t testing.TB, data []byte) (*picture.Info, []picture.Rendition) {
	t.Helper()
	info := inspect(t, data)
	out, err := picture.Render(bytes.NewReader(data), info, info.Widths())
	if err != nil {
		t.Fatal(err)
	}
	return info, out
}

func decoded(t testing.TB, r picture.Rendition) image.Image {
	t.Helper()
	m, _, err := image.Decode(bytes.NewReader(r.Data))
	if err != nil {
		t.Fatal(err)
	}
	if b := m.Bounds(); b.Dx() != r.Width || b.Dy() != r.Height {
		t.Errorf("%v is not %d×%d", b, r.Width, r.Height)
	}
	return m
}

func TestUpright(t *testing.T) {
	for o := 1; o <= 8; o++ {
		data := phoneJPEG(t, sideways(o), o)
		info, out := render(t, data)
		if info.Width != 1000 || info.Height != 800 || len(out) != 1 || out[0].Width != 480 || out[0].Height != 384 {
			t.Fatalf("orientation %d: %d×%d, %d pictures", o, info.Width, info.Height, len(out))
		}
		m := decoded(t, out[0])
		for _, at := range []struct{ x, y, r, g, b int }{{100, 80, 200, 20, 20}, {380, 80, 20, 200, 20}, {240, 300, 20, 20, 200}} {
			r, g, b, _ := m.At(at.x, at.y).RGBA()
			if far(r, at.r) || far(g, at.g) || far(b, at.b) {
				t.Errorf("orientation %d: at %d, %d is %d %d %d", o, at.x, at.y, r>>8, g>>8, b>>8)
			}
		}
		if !bytes.Contains(out[0].Data, []byte("ICC_PROFILE\x00\x01\x01profile")) {
			t.Error("the smaller picture has no colour profile")
		}
		if bytes.Contains(out[0].Data, []byte(secret)) {
			t.Error("the smaller picture tells a secret")
		}
	}
}

func far(got uint32, want int) bool { d := int(got>>8) - want; return d < -8 || d > 8 }

// TestMean: a new pixel is the mean of what it covers, at any ratio.
func TestMean(t *testing.T) {
	for _, w := range []int{601, 777, 1200, 1999} {
		m := image.NewGray(image.Rect(0, 0, w, w/3))
		sum, n := 0, uint32(1)
		for i := range m.Pix {
			n = n*1664525 + 1013904223
			m.Pix[i] = byte(n>>24) / 2
			sum += int(m.Pix[i])
		}
		_, out := render(t, makePNG(t, m))
		small := decoded(t, out[0]).(*image.Gray)
		got := 0
		for _, v := range small.Pix {
			got += int(v)
		}
		if mean, was := float64(got)/float64(len(small.Pix)), float64(sum)/float64(len(m.Pix)); mean < was-1 || mean > was+1 {
			t.Errorf("%d pixels wide: the mean went from %.1f to %.1f", w, was, mean)
		}
	}
}

func TestWidths(t *testing.T) {
	for w, want := range map[int]int{100: 0, 480: 0, 600: 0, 601: 1, 1200: 1, 1201: 2, 2000: 2, 2001: 3, 4032: 3} {
		if got := inspect(t, makePNG(t, image.NewGray(image.Rect(0, 0, w, 2)))).Widths(); len(got) != want {
			t.Errorf("%d pixels wide: %v", w, got)
		}
	}
	cmyk := makeJPEG(t, scene(700, 10))
	i := bytes.Index(cmyk, []byte{0xff, 0xc0})
	cmyk[i+9] = 4
	if got := inspect(t, cmyk).Widths(); got != nil {
		t.Errorf("a printer's JPEG: %v", got)
	}
}

// TestFormats: what was drawn stays a PNG, with its transparency, its palette
// and its colours; a photograph in a PNG becomes a JPEG.
func TestFormats(t *testing.T) {
	drawn := image.NewNRGBA(image.Rect(0, 0, 1000, 500))
	for i := range drawn.Pix {
		drawn.Pix[i] = byte(i / 4000 * (1 + i%4*3))
	}
	_, out := render(t, put(makePNG(t, drawn), 33, pngChunk("gAMA", "\x00\x00\xb1\x8f")))
	if out[0].Format != picture.PNG || !bytes.Contains(out[0].Data, []byte("gAMA")) {
		t.Errorf("transparency: %v", out[0].Format)
	}
	if m := decoded(t, out[0]); m.(interface{ Opaque() bool }).Opaque() {
		t.Error("the transparency is lost")
	}

	chart := image.NewPaletted(image.Rect(0, 0, 960, 500), color.Palette{color.White, color.Black})
	for i := range chart.Pix {
		chart.Pix[i] = byte(i / 96000 % 2)
	}
	_, out = render(t, makePNG(t, chart))
	if out[0].Data != nil {
		if _, ok := decoded(t, out[0]).(*image.Paletted); !ok {
			t.Error("the palette is lost")
		}
	}

	photo := image.NewRGBA(image.Rect(0, 0, 1000, 500))
	n := uint32(1)
	for i := range photo.Pix {
		n = n*1664525 + 1013904223
		photo.Pix[i] = byte(n >> 24)
		if i%4 == 3 {
			photo.Pix[i] = 255
		}
	}
	if _, out = render(t, makePNG(t, photo)); out[0].Format != picture.JPEG {
		t.Errorf("a photograph is %v", out[0].Format)
	}
}

// TestNotWorthIt: a smaller picture with more bytes is none.
func TestNotWorthIt(t *testing.T) {
	m := image.NewPaletted(image.Rect(0, 0, 1001, 1001), color.Palette{color.White, color.Black})
	for y := range 1001 {
		for x := range 1001 {
			m.Pix[y*1001+x] = byte((x*3 + y) % 7 & 1)
		}
	}
	info, out := render(t, makePNG(t, m))
	for _, r := range out {
		if len(r.Data) > 0 {
			t.Errorf("%d pixels wide: %d bytes; %v", r.Width, len(r.Data), info)
		}
	}
}

func TestRenderBroken(t *testing.T) {
	data := makePNG(t, scene(700, 100))
	at := bytes.Index(data, []byte("IDAT")) + 40
	copy(data[at:], "garbagegarbagegarbage")
	info := inspect(t, data)
	var b *picture.BrokenError
	if _, err := picture.Render(bytes.NewReader(data), info, info.Widths()); !errors.As(err, &b) || b.Reason == "" {
		t.Errorf("garbage among the pixels: %v", err)
	}
}

func TestSameBytes(t *testing.T) {
	data := phoneJPEG(t, sideways(6), 6)
	_, a := render(t, data)
	_, b := render(t, data)
	if !bytes.Equal(a[0].Data, b[0].Data) {
		t.Error("the same picture gave other bytes")
	}
}

// FuzzInspect: no file makes it fail otherwise than it says, and what it would
// publish is a picture as before, without a word about its place.
func FuzzInspect(f *testing.F) {
	m := scene(20, 10)
	for _, data := range [][]byte{
		phoneJPEG(f, m, 6), phonePNG(f, m, 8), phoneWebP(3), phoneHEIC("heic"), phoneHEIC("avif"),
		[]byte("GIF89a\x05\x00\x07\x00\x00\x00\x00;"), []byte(`<svg viewBox="0 0 2 1"/>`),
		binary.BigEndian.AppendUint32(nil, 0xffd8ffe1),
	} {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := picture.Inspect(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			var b *picture.BrokenError
			if !errors.As(err, &b) && !errors.Is(err, picture.ErrUnknown) {
				t.Fatalf("%v", err)
			}
			return
		}
		if info.Width < 0 || info.Height < 0 || info.Orientation < 1 || info.Orientation > 8 {
			t.Fatalf("%+v", info)
		}
		out := cleaned(t, data, info)
		again, err := picture.Inspect(bytes.NewReader(out), int64(len(out)))
		if info.Format == picture.AVIF || info.Format == picture.HEIC {
			// What such a file calls its EXIF may lie over anything, its own description
			// included: better no picture than a place told.
			return
		}
		if err != nil {
			t.Fatalf("cleaning broke it: %v", err)
		}
		if again.Width != info.Width || again.Height != info.Height || again.Format != info.Format {
			t.Fatalf("cleaning changed it: %+v, %+v", info, again)
		}
		if info.Format <= picture.WebP && (again.Location || again.Clean != nil) {
			t.Fatalf("cleaning left something: %+v", again)
		}
		if int64(info.Width)*int64(info.Height) < 1<<20 {
			if _, err := picture.Render(bytes.NewReader(out), again, again.Widths()); err != nil && !errors.As(err, new(*picture.BrokenError)) {
				t.Fatal(err)
			}
		}
	})
}

func BenchmarkRender(b *testing.B) {
	m := scene(4032, 3024)
	for name, data := range map[string][]byte{"jpeg": makeJPEG(b, m), "png": makePNG(b, m)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				render(b, data)
			}
		})
	}
	b.Run("inspect", func(b *testing.B) {
		data := makeJPEG(b, m)
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			inspect(b, data)
		}
	})
}
