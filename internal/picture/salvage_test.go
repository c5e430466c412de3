package picture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"testing"

	"lectern/internal/picture"
)

// published returns what is published of a file.
func published(t *testing.T, data []byte) ([]byte, error) {
	t.Helper()
	info, err := picture.Inspect(bytes.NewReader(data), int64(len(data)))
	if info == nil || info.Clean == nil {
		return data, err
	}
	r := info.Clean.Open(nopCloser{bytes.NewReader(data)})
	out, rerr := io.ReadAll(r)
	if rerr != nil {
		t.Fatal(rerr)
	}
	return out, err
}

type nopCloser struct{ *bytes.Reader }

func (nopCloser) Close() error { return nil }

// A picture that breaks off, or has garbage in it, tells no more about its
// maker than a whole one.
func TestBrokenPicturesAreCleaned(t *testing.T) {
	m := image.NewPaletted(image.Rect(0, 0, 64, 64), palette.Plan9)
	for i := range m.Pix {
		m.Pix[i] = byte(i * 7)
	}
	var j, p bytes.Buffer
	if err := errors.Join(jpeg.Encode(&j, m, nil), png.Encode(&p, m)); err != nil {
		t.Fatal(err)
	}
	secret := append([]byte{0xff, 0xfe, 0, 8}, "SECRET"...) // a comment
	withComment := append(append(append([]byte{}, j.Bytes()[:2]...), secret...), j.Bytes()[2:]...)
	text := binary.BigEndian.AppendUint32(nil, 8)
	text = append(text, "tEXtk\x00SECRETcrc!"...)
	withText := append(append(append([]byte{}, p.Bytes()[:33]...), text...), p.Bytes()[33:]...)
	for name, data := range map[string][]byte{
		"cut jpeg":  withComment[:len(withComment)-100],
		"junk jpeg": append(append(append([]byte{}, withComment[:12]...), 'x'), withComment[12:]...),
		"cut png":   withText[:len(withText)-30],
	} {
		got, err := published(t, data)
		if _, ok := errors.AsType[*picture.BrokenError](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
		if bytes.Contains(got, []byte("SECRET")) || bytes.Equal(got, data) {
			t.Errorf("%s is published with what it tells", name)
		}
		if name != "junk jpeg" && len(got) < len(data)*3/4 {
			t.Errorf("%s: of %d bytes %d are left", name, len(data), len(got))
		}
	}
}

// A picture that is whole, but that no browser can show, tells nothing either.
func TestUnusualPicturesAreCleaned(t *testing.T) {
	without := func(data []byte, box string) []byte { return bytes.ReplaceAll(data, []byte(box), []byte("free")) }
	text := pngChunk("tEXt", "k\x00"+secret)
	noSize := append(append(append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", "\x00\x00\x00\x00\x00\x00\x00\x01\x08\x02\x00\x00\x00")...), text...), pngChunk("IEND", "")...)
	for name, data := range map[string][]byte{
		"heic of no size":        without(phoneHEIC("heic"), "ispe"),
		"heic without places":    without(phoneHEIC("heic"), "iloc"),
		"avif without places":    without(phoneHEIC("avif"), "iloc"),
		"heic, nobody knows of":  without(phoneHEIC("heic"), "iprp"),
		"png of no size at all":  noSize,
		"heic without any items": without(without(phoneHEIC("heic"), "iinf"), "ispe"),
	} {
		got, err := published(t, data)
		if _, ok := errors.AsType[*picture.BrokenError](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Contains(data, []byte(secret)) || bytes.Contains(got, []byte(secret)) || len(got) == 0 {
			t.Errorf("%s is published with what it tells", name)
		}
	}
}

// What programs write into a GIF goes, and it moves as before.
func TestCleanGIF(t *testing.T) {
	m := image.NewPaletted(image.Rect(0, 0, 3, 2), palette.Plan9)
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: []*image.Paletted{m, m}, Delay: []int{1, 2}, LoopCount: 3}); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	if got, err := published(t, whole); err != nil || !bytes.Equal(got, whole) {
		t.Errorf("a clean one is changed: %v", err)
	}
	at := 13
	if flags := whole[10]; flags&0x80 != 0 {
		at += 3 << (flags&7 + 1)
	}
	own := append([]byte{0x21, 0xfe, 6}, "SECRET\x00"...)
	own = append(append(own, 0x21, 0xff, 11), "XMP DataXMP\x06SECRET\x00"...)
	data := append(append(append(append([]byte{}, whole[:at]...), own...), whole[at:]...), "SECRET"...)
	if _, err := gif.DecodeAll(bytes.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	got, err := published(t, data)
	if err != nil || !bytes.Equal(got, whole) {
		t.Errorf("%v: %d bytes are published, want %d", err, len(got), len(whole))
	}
}
