package picture_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
)

// scene is a picture whose corners differ, so that a turned one is told apart.
func scene(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetRGBA(x, y, color.RGBA{byte(255 * x / w), byte(255 * y / h), byte((x*x + 3*y) % 251 / 8), 255})
		}
	}
	return m
}

func makeJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func makePNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// put inserts pieces into b at an offset.
func put(b []byte, at int, pieces ...[]byte) []byte {
	out := append([]byte{}, b[:at]...)
	for _, p := range pieces {
		out = append(out, p...)
	}
	return append(out, b[at:]...)
}

func jpegSegment(mark byte, data string) []byte {
	b := []byte{0xff, mark, 0, 0}
	binary.BigEndian.PutUint16(b[2:], uint16(len(data)+2))
	return append(b, data...)
}

// secret stands in every part that must not be published.
const secret = "Kaiserstrasse-17"

// exif is a TIFF structure as phones write it: maker, orientation, place.
func exif(orientation int) string {
	var b []byte
	u16 := func(n ...uint16) {
		for _, v := range n {
			b = binary.LittleEndian.AppendUint16(b, v)
		}
	}
	u32 := func(n ...uint32) {
		for _, v := range n {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
	}
	b = append(b, "II*\x00"...)
	u32(8)
	const maker, gps = 8 + 2 + 3*12 + 4, 8 + 2 + 3*12 + 4 + 20
	u16(3)
	u16(0x010f, 2)
	u32(uint32(len(secret)+1), maker)
	u16(0x0112, 3)
	u32(1)
	u16(uint16(orientation), 0)
	u16(0x8825, 4)
	u32(1, gps)
	u32(0)
	b = append(b, secret...)
	for len(b) < gps {
		b = append(b, 0)
	}
	u16(1)
	u16(2, 5) // GPSLatitude: three fractions
	u32(3, gps+2+12+4)
	u32(0)
	u32(48, 1, 8, 1, 0, 1)
	return string(b)
}

// phoneJPEG is a photo as a phone writes it, with all that must go.
func phoneJPEG(t testing.TB, m image.Image, orientation int) []byte {
	b := makeJPEG(t, m)
	b = put(b, 2,
		jpegSegment(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
		jpegSegment(0xe1, "Exif\x00\x00"+exif(orientation)),
		jpegSegment(0xe1, "http://ns.adobe.com/xap/1.0/\x00<x exif:GPSLatitude='"+secret+"'/>"),
		jpegSegment(0xe2, "ICC_PROFILE\x00\x01\x01profile"),
		jpegSegment(0xe2, "MPF\x00"+secret),
		jpegSegment(0xed, "Photoshop 3.0\x00"+secret),
		jpegSegment(0xfe, secret))
	return append(b, phoneTail...) // a film behind the picture
}

const phoneTail = "\x00\x00\x00\x18ftypmp42" + secret

func pngChunk(name, data string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func phonePNG(t testing.TB, m image.Image, orientation int) []byte {
	b := makePNG(t, m)
	b = put(b, 33,
		pngChunk("gAMA", "\x00\x00\xb1\x8f"),
		pngChunk("eXIf", exif(orientation)),
		pngChunk("tEXt", "Comment\x00"+secret),
		pngChunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+secret),
		pngChunk("tIME", "\x07\xe9\x04\x01\x0c\x00\x00"),
		pngChunk("caBX", secret))
	return append(b, secret...)
}

func riff(chunks ...[]byte) []byte {
	b := []byte("RIFF\x00\x00\x00\x00WEBP")
	for _, c := range chunks {
		b = append(b, c...)
	}
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-8))
	return b
}

func webpChunk(name, data string) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data)))
	b = append(b, data...)
	if len(data)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

// tinyVP8L is a WebP frame of one red pixel.
const tinyVP8L = "\x2f\x00\x00\x00\x00\x07\x10\xfd\x8f\xfe\x07\x22\xa2\xff\x01"

func phoneWebP(orientation int) []byte {
	return riff(
		webpChunk("VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00"),
		webpChunk("ICCP", "profile"),
		webpChunk("VP8L", tinyVP8L),
		webpChunk("EXIF", exif(orientation)),
		webpChunk("XMP ", "<x exif:GPSLatitude='"+secret+"'/>"),
		webpChunk("????", secret))
}

func box(name string, parts ...string) string {
	data := ""
	for _, p := range parts {
		data += p
	}
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(data)+8))) + name + data
}

// phoneHEIC is the frame of a HEIC without pixels: items, their places, sizes,
// a quarter turn, and an EXIF in the middle of the data.
func phoneHEIC(brand string) []byte {
	u32 := func(n int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(n))) }
	item := "\x00\x00\x00\x00" + exif(6)
	build := func(off int) (string, int) {
		head := box("ftyp", brand, "\x00\x00\x00\x00", "mif1", brand)
		meta := box("meta", "\x00\x00\x00\x00",
			box("iinf", "\x00\x00\x00\x00\x00\x02",
				box("infe", "\x02\x00\x00\x00\x00\x01\x00\x00hvc1\x00"),
				box("infe", "\x02\x00\x00\x00\x00\x02\x00\x00Exif\x00")),
			box("iloc", "\x01\x00\x00\x00\x44\x00\x00\x02",
				"\x00\x01\x00\x00\x00\x00\x00\x01", u32(off-10), u32(10),
				"\x00\x02\x00\x00\x00\x00\x00\x01", u32(off), u32(len(item))),
			box("iprp", box("ipco", box("ispe", "\x00\x00\x00\x00", u32(4032), u32(3024)), box("ispe", "\x00\x00\x00\x00", u32(512), u32(512)), box("irot", "\x03"))))
		return head + meta + box("mdat", "pixelpixel"+item+"more pixels"), len(head) + len(meta) + 8 + 10
	}
	_, off := build(0)
	file, _ := build(off)
	return []byte(file)
}
