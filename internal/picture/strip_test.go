package picture_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"lectern/internal/picture"
)

// place is what must not be left of a file.
const place = "+52.5186+013.3761+040.000/"

func strip(t testing.TB, data []byte) ([]byte, picture.Stripped) {
	t.Helper()
	s, err := picture.Strip(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if s.Clean == nil {
		return data, s
	}
	out, err := io.ReadAll(s.Clean.Open(file{bytes.NewReader(data)}))
	if err != nil {
		t.Fatal(err)
	}
	return out, s
}

// phoneFilm is the frame of a film as phones write it; track is the kind of its
// second track.
func phoneFilm(track, about string) []byte {
	trak := func(kind string, more ...string) string {
		stsd := box("stsd", "\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x20", kind, strings.Repeat("\x00", 24), about)
		return box("trak", append([]string{box("tkhd", "head"), box("mdia", box("minf", box("stbl", stsd)))}, more...)...)
	}
	return []byte(box("ftyp", "qt  \x00\x00\x00\x00qt  ") + box("wide") + box("mdat", "pictures and sound") +
		box("moov", box("mvhd", "head"), trak("avc1", box("udta", box("name", "my film"))), trak(track),
			box("meta", box("keys", "mdtacom.apple.quicktime.location.ISO6709"), box("ilst", place)),
			box("udta", box("\xa9xyz", "\x00\x1a\x15\xc7"+place), box("loci", place))) +
		box("uuid", "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac<x exif:GPSLatitude='"+place+"'/>") +
		box("free", "once \xa9xyz"+place))
}

// A film loses the place, and nothing else: no byte moves, and the author's own
// words stay.
func TestStripFilm(t *testing.T) {
	data := phoneFilm("mp4a", "")
	got, s := strip(t, data)
	if !s.Location || s.Track || len(got) != len(data) {
		t.Errorf("%t, %t, %d bytes of %d", s.Location, s.Track, len(got), len(data))
	}
	if bytes.Contains(got, []byte(place)) || bytes.Contains(got, []byte("xyz")) || bytes.Contains(got, []byte("ISO6709")) {
		t.Errorf("the place is left: %q", got)
	}
	for _, kept := range []string{"pictures and sound", "my film", "avc1", "mvhd"} {
		if i := bytes.Index(data, []byte(kept)); string(got[i:i+len(kept)]) != kept {
			t.Errorf("%q is not where it was", kept)
		}
	}
	again, s := strip(t, got)
	if s.Location || s.Clean != nil || !bytes.Equal(again, got) {
		t.Error("what was cleaned is to be cleaned once more")
	}
	for at := range data { // cut anywhere, it tells no more
		if got, _ := strip(t, data[:at]); bytes.Contains(got, []byte(place)) {
			t.Fatalf("cut after %d bytes it tells the place", at)
		}
	}
}

func TestStripFindsTracks(t *testing.T) {
	for kind, want := range map[string]bool{"gpmd": true, "camm": true, "mebx": false, "mebx com.apple.quicktime.location.ISO6709": true, "mp4a": false} {
		if _, s := strip(t, phoneFilm(kind[:4], kind[4:])); s.Track != want {
			t.Errorf("%s: %t", kind, s.Track)
		}
	}
	plain := []byte(box("ftyp", "isom\x00\x00\x00\x00isom") + box("moov", box("udta", box("name", "a film"))) + box("mdat", "x"))
	if got, s := strip(t, plain); s.Clean != nil || s.Location || !bytes.Equal(got, plain) {
		t.Error("a film that tells no place is changed")
	}
}

// tiffWithPlace is a TIFF with one strip of pixels, a GPS directory and XMP.
func tiffWithPlace(order binary.AppendByteOrder, magic string) []byte {
	const gps, xmp = 8 + 2 + 3*12 + 4, 8 + 2 + 3*12 + 4 + 2 + 2*12 + 4 + 24
	about := "<x exif:GPSLatitude='" + place + "'/>"
	entry := func(b []byte, tag, kind uint16, n, v uint32) []byte {
		b = order.AppendUint16(order.AppendUint16(b, tag), kind)
		return order.AppendUint32(order.AppendUint32(b, n), v)
	}
	b := order.AppendUint32([]byte(magic), 8)
	b = order.AppendUint16(b, 3)
	b = entry(b, 256, 4, 1, 640)
	b = entry(b, 700, 1, uint32(len(about)), xmp)
	b = entry(b, 0x8825, 4, 1, gps)
	b = order.AppendUint32(b, 0)
	b = order.AppendUint16(b, 2)
	b = entry(b, 1, 2, 2, 'N')
	b = entry(b, 2, 5, 3, gps+2+2*12+4)
	b = order.AppendUint32(b, 0)
	b = append(b, place[:24]...)
	return append(append(b, about...), "pixels"...)
}

func TestStripTIFF(t *testing.T) {
	for _, data := range [][]byte{tiffWithPlace(binary.LittleEndian, "II*\x00"), tiffWithPlace(binary.BigEndian, "MM\x00*")} {
		got, s := strip(t, data)
		if !s.Location || len(got) != len(data) || bytes.Contains(got, []byte(place[:24])) || !bytes.HasSuffix(got, []byte("pixels")) || !bytes.Equal(got[:20], data[:20]) {
			t.Errorf("location %t, published %q", s.Location, got)
		}
		if _, s := strip(t, got); s.Location || s.Clean != nil {
			t.Error("what was cleaned is to be cleaned once more")
		}
	}
}

// FuzzStrip: whatever a file is, what is published of it has its length, and
// names no place that would be found in it.
func FuzzStrip(f *testing.F) {
	for _, data := range [][]byte{phoneFilm("gpmd", ""), phoneFilm("mp4a", ""), tiffWithPlace(binary.LittleEndian, "II*\x00"), phoneHEIC("heic")} {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, _ := strip(t, data)
		if len(got) != len(data) {
			t.Fatalf("%d bytes of %d", len(got), len(data))
		}
	})
}

// A broken WebP, and a HEIC that is cut, tell no more than whole ones.
func TestBrokenContainersAreCleaned(t *testing.T) {
	webp := riff(webpChunk("VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), webpChunk("EXIF", exif(6)), webpChunk("XMP ", secret), webpChunk("VP8L", tinyVP8L+strings.Repeat("pixel", 40)))
	heic := phoneHEIC("heic")
	for at := 12; at < len(webp); at++ {
		got, _ := published(t, webp[:at])
		if bytes.Contains(got, []byte(secret)) {
			t.Fatalf("a WebP that is cut after %d bytes tells all: %q", at, got)
		}
	}
	if got, err := published(t, webp[:len(webp)-100]); err == nil || !bytes.Contains(got, []byte("pixelpixel")) {
		t.Errorf("%v: nothing is left of what could be seen: %q", err, got)
	}
	for at := 16; at < len(heic); at++ {
		if got, _ := published(t, heic[:at]); bytes.Contains(got, []byte(secret)) {
			t.Fatalf("a HEIC that is cut after %d bytes tells all: %q", at, got)
		}
	}
}
