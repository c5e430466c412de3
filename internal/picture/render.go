package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// Version changes whenever [Render] may make other bytes of the same picture;
// who keeps its results must forget them then.
const Version = 2

// quality is that of the JPEGs made. At the sizes that pages show, with two or
// three pixels of a phone for each of theirs, more is not seen.
const quality = 80

// widths are those of the smaller pictures, in pixels: a phone's column at one
// and a half and at three of its pixels to one of the page, and a large screen's.
var widths = [...]int{480, 960, 1600}

// Widths returns the widths at which smaller pictures of this one are worth
// making: those that the picture is clearly wider than. None for a picture that
// moves, is drawn of lines, or can't or mustn't be decoded.
func (i *Info) Widths() []int {
	switch i.Format {
	case JPEG, PNG, WebP:
	default:
		return nil
	}
	if i.Animated || i.Refused() || i.Format == JPEG && (i.deep || i.components == 4) {
		return nil
	}
	n := 0
	for n < len(widths) && i.Width*4 > widths[n]*5 {
		n++
	}
	return widths[:n:n]
}

// Memory is about how many bytes decoding the picture takes.
func (i *Info) Memory() int64 {
	n := int64(i.Width) * int64(i.Height)
	switch {
	case i.Format == PNG && i.deep:
		return 8 * n
	case i.Format == PNG || i.alpha:
		return 4 * n
	}
	return 3 * n
}

// Rendition is a smaller picture. Data is nil where it would not have been
// worth it: a page then shows the next larger one.
type Rendition struct {
	Width, Height int
	Format        Format
	Data          []byte
}

// Render decodes the picture in r and returns it at each of the widths, which
// must be some of [Info.Widths]. What can't be decoded is a [BrokenError];
// what this package does not know how to decode gives renditions without data.
func Render(r io.Reader, info *Info, at []int) ([]Rendition, error) {
	out := make([]Rendition, len(at))
	for k, w := range at {
		out[k] = Rendition{Width: w, Height: max(1, (w*info.Height+info.Width/2)/info.Width)}
	}
	m, err := decode(r, info.Format)
	if err != nil {
		if unsupported(err) {
			return out, nil
		}
		return nil, &BrokenError{info.Format, reason(err)}
	}
	ps, ok := planes(m)
	if !ok {
		return out, nil
	}
	for k := range out {
		o := &out[k]
		w, h := o.Width, o.Height
		if info.Orientation >= 5 {
			w, h = h, w
		}
		small := make([]plane, len(ps))
		for i := range ps {
			pw, ph := w, h
			if i > 0 {
				pw, ph = (w+1)/2, (h+1)/2 // as JPEG stores colours
			}
			small[i] = turn(shrink(ps[i], pw, ph), info.Orientation)
		}
		if o.Format, o.Data, err = encode(small, info); err != nil {
			return nil, err
		}
		// A picture of lines and areas may grow by being made smaller.
		if int64(len(o.Data))*10 > info.bytes*9 {
			o.Data = nil
		}
	}
	for k := len(out) - 2; k >= 0; k-- {
		if larger := out[k+1].Data; larger != nil && len(out[k].Data)*10 > len(larger)*9 {
			out[k].Data = nil
		}
	}
	return out, nil
}

func decode(r io.Reader, f Format) (image.Image, error) {
	switch f {
	case JPEG:
		return jpeg.Decode(r)
	case PNG:
		return png.Decode(r)
	}
	m, err := webp.Decode(r)
	switch m := m.(type) {
	case *image.YCbCr:
		widen(m)
	case *image.NYCbCrA:
		widen(&m.YCbCr)
	}
	return m, err
}

// widen brings a WebP's colours, which have the range of television (RFC 6386,
// section 9.2), to the whole range, which a JPEG has and package image means.
func widen(m *image.YCbCr) {
	var luma, chroma [256]byte
	for i := range 256 {
		luma[i] = byte(min(max((2*255*(i-16)+219)/(2*219), 0), 255))
		chroma[i] = byte(min(max((2*255*(i-128)+2*224*128+224)/(2*224), 0), 255))
	}
	for i, v := range m.Y {
		m.Y[i] = luma[v]
	}
	for _, plane := range [][]byte{m.Cb, m.Cr} {
		for i, v := range plane {
			plane[i] = chroma[v]
		}
	}
}

// unsupported reports whether err says that a sound picture is of a kind that
// the decoder does not know.
func unsupported(err error) bool {
	var j jpeg.UnsupportedError
	var p png.UnsupportedError
	return errors.As(err, &j) || errors.As(err, &p)
}

// reason says what a decoder found, in words for the picture's owner.
func reason(err error) string {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the file ends too soon"
	}
	var j jpeg.FormatError
	var p png.FormatError
	switch {
	case errors.As(err, &j):
		return string(j)
	case errors.As(err, &p):
		return string(p)
	}
	return err.Error()
}

// encode makes a file of planes: a JPEG of what loses nothing by it that was
// not lost already, or is a photograph, and a PNG of the rest.
func encode(ps []plane, info *Info) (Format, []byte, error) {
	p := ps[0]
	var m image.Image
	opaque := true
	switch {
	case len(ps) == 3:
		m = &image.YCbCr{
			Y: p.pix, Cb: ps[1].pix, Cr: ps[2].pix, YStride: p.stride, CStride: ps[1].stride,
			SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: image.Rect(0, 0, p.w, p.h),
		}
	case p.n == 1:
		m = &image.Gray{Pix: p.pix, Stride: p.stride, Rect: image.Rect(0, 0, p.w, p.h)}
	default:
		rgba := &image.RGBA{Pix: p.pix, Stride: p.stride, Rect: image.Rect(0, 0, p.w, p.h)}
		opaque = rgba.Opaque()
		m = rgba
	}
	var b bytes.Buffer
	if opaque && (info.lossy || info.photograph()) {
		if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
			return 0, nil, err
		}
		return JPEG, withProfile(b.Bytes(), info.profile), nil
	}
	if rgba, ok := m.(*image.RGBA); ok {
		m = fewColours(rgba)
	}
	if err := png.Encode(&b, m); err != nil {
		return 0, nil, err
	}
	return PNG, withColours(b.Bytes(), info.colours), nil
}

// photograph reports whether a PNG is one, for it is hardly compressed: drawings
// and pictures of a screen take far less than a byte for each pixel. One with
// colours of its own stays a PNG, which can carry them.
func (i *Info) photograph() bool {
	return i.Format == PNG && len(i.colours) == 0 && i.bytes > int64(i.Width)*int64(i.Height)
}

// fewColours returns m with a palette, if it has no more colours than fit in one.
func fewColours(m *image.RGBA) image.Image {
	index := make(map[uint32]uint8, 256)
	out := image.NewPaletted(m.Rect, nil)
	for i := 0; i < len(m.Pix); i += 4 {
		c := binary.LittleEndian.Uint32(m.Pix[i:])
		k, ok := index[c]
		if !ok {
			if len(index) == 256 {
				return m
			}
			k = uint8(len(index))
			index[c] = k
			out.Palette = append(out.Palette, m.RGBAAt(i/4%m.Rect.Dx(), i/4/m.Rect.Dx()))
		}
		out.Pix[i/4] = k
	}
	return out
}

// withProfile puts a colour profile into a JPEG.
func withProfile(b, profile []byte) []byte {
	if len(profile) == 0 {
		return b
	}
	seg := append([]byte{0xff, markAPP2, 0, 0}, iccHeader...)
	seg = append(append(seg, 1, 1), profile...)
	binary.BigEndian.PutUint16(seg[2:], uint16(len(seg)-2))
	return insert(b, 2, seg)
}

// withColours puts chunks about colours behind the head of a PNG.
func withColours(b, chunks []byte) []byte {
	const head = len(pngMagic) + 12 + 13
	return insert(b, head, chunks)
}

func insert(b []byte, at int, piece []byte) []byte {
	if len(piece) == 0 {
		return b
	}
	out := make([]byte, 0, len(b)+len(piece))
	return append(append(append(out, b[:at]...), piece...), b[at:]...)
}
