package picture

import (
	"image"
	"image/color"
)

// plane is a picture of n interleaved values of eight bits for each pixel.
type plane struct {
	pix     []byte
	w, h, n int
	stride  int
	makeRow func(y int, dst []byte) // where pix is not the source itself
}

// row returns the values of line y; buf is space for them.
func (p *plane) row(y int, buf []byte) []byte {
	if p.makeRow != nil {
		p.makeRow(y, buf)
		return buf
	}
	return p.pix[y*p.stride : y*p.stride+p.w*p.n]
}

// shrink returns p at w by h pixels. Each value is the mean of the area that it
// covers, in whole numbers: w of the new and p.w of the old pixels share p.w*w
// steps, so that every overlap is a whole number of them. The source is read
// line by line, so that little memory is needed whatever its size.
func shrink(p plane, w, h int) plane {
	out := plane{pix: make([]byte, w*h*p.n), w: w, h: h, n: p.n, stride: w * p.n}
	buf := make([]byte, p.w*p.n)
	line := make([]uint32, w*p.n)  // one source line at the new width, with 8 more bits
	total := make([]uint64, w*p.n) // the lines that make the new one, weighed
	xs := overlaps(p.w, w)
	y := 0
	for i := range p.h {
		narrow(p.row(i, buf), line, xs, p.w, p.n)
		// Line i covers the steps from i*h to (i+1)*h, new line y those from y*p.h on.
		at, end := i*h, (i+1)*h
		for at < end {
			upTo := min(end, (y+1)*p.h)
			for k, v := range line {
				total[k] += uint64(v) * uint64(upTo-at)
			}
			if at = upTo; at == (y+1)*p.h {
				dst := out.pix[y*out.stride:]
				scale := uint64(p.h) << 8
				for k, v := range total {
					dst[k] = byte((v + scale/2) / scale)
					total[k] = 0
				}
				y++
			}
		}
	}
	return out
}

// overlap is the source of one new pixel: from first on, weighing head, then
// n whole ones, then one weighing tail.
type overlap struct{ first, whole, head, tail int }

// overlaps returns how to make n pixels of from.
func overlaps(from, n int) []overlap {
	out := make([]overlap, n)
	for x := range out {
		start, end := x*from, (x+1)*from
		first, last := start/n, (end-1)/n
		o := overlap{first: first}
		if first == last {
			o.head = end - start
		} else {
			o.head = (first+1)*n - start
			o.whole = last - first - 1
			o.tail = end - last*n
		}
		out[x] = o
	}
	return out
}

// narrow makes one line as many pixels wide as xs has. Values have eight more
// bits than those of src.
func narrow(src []byte, dst []uint32, xs []overlap, from, n int) {
	whole := uint32(len(xs))
	for x := range xs {
		o := &xs[x]
		for k := range n {
			at := o.first*n + k
			sum := uint64(src[at]) * uint64(o.head)
			if o.whole > 0 {
				mid := uint32(0)
				for range o.whole {
					at += n
					mid += uint32(src[at])
				}
				sum += uint64(mid) * uint64(whole)
			}
			if o.tail > 0 {
				sum += uint64(src[at+n]) * uint64(o.tail)
			}
			dst[x*n+k] = uint32((sum<<8 + uint64(from)/2) / uint64(from))
		}
	}
}

// planes takes a decoded picture apart: a picture in luminance and chrominance
// into three, which makes a JPEG smaller without a detour; others into one, of
// grey or of colours multiplied by their opacity. ok is false for colours that
// can't be told without a printer's profile.
func planes(m image.Image) (ps []plane, ok bool) {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	switch m := m.(type) {
	case *image.YCbCr:
		cw, ch := chroma(m.SubsampleRatio, w, h)
		return []plane{
			{pix: m.Y, w: w, h: h, n: 1, stride: m.YStride},
			{pix: m.Cb, w: cw, h: ch, n: 1, stride: m.CStride},
			{pix: m.Cr, w: cw, h: ch, n: 1, stride: m.CStride},
		}, true
	case *image.Gray:
		return []plane{{pix: m.Pix, w: w, h: h, n: 1, stride: m.Stride}}, true
	case *image.Gray16:
		return []plane{{w: w, h: h, n: 1, makeRow: func(y int, dst []byte) {
			for x := range dst {
				dst[x] = m.Pix[y*m.Stride+2*x]
			}
		}}}, true
	case *image.RGBA:
		return []plane{{pix: m.Pix, w: w, h: h, n: 4, stride: m.Stride}}, true
	case *image.CMYK:
		return nil, false
	}
	return []plane{{w: w, h: h, n: 4, makeRow: colourRows(m)}}, true
}

func chroma(r image.YCbCrSubsampleRatio, w, h int) (int, int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return (w + 1) / 2, h
	case image.YCbCrSubsampleRatio420:
		return (w + 1) / 2, (h + 1) / 2
	case image.YCbCrSubsampleRatio440:
		return w, (h + 1) / 2
	case image.YCbCrSubsampleRatio411:
		return (w + 3) / 4, h
	case image.YCbCrSubsampleRatio410:
		return (w + 3) / 4, (h + 1) / 2
	}
	return w, h
}

// colourRows returns what reads the lines of m as RGBA.
func colourRows(m image.Image) func(y int, dst []byte) {
	b := m.Bounds()
	switch m := m.(type) {
	case *image.NRGBA:
		return func(y int, dst []byte) {
			src := m.Pix[y*m.Stride:]
			for i := 0; i < len(dst); i += 4 {
				a := uint32(src[i+3])
				for k := range 3 {
					dst[i+k] = byte((uint32(src[i+k])*a + 127) / 255)
				}
				dst[i+3] = byte(a)
			}
		}
	case *image.Paletted:
		var table [256][4]byte
		for i, c := range m.Palette {
			p := color.RGBAModel.Convert(c).(color.RGBA)
			table[i&255] = [4]byte{p.R, p.G, p.B, p.A}
		}
		return func(y int, dst []byte) {
			src := m.Pix[y*m.Stride:]
			for x := 0; 4*x < len(dst); x++ {
				copy(dst[4*x:], table[src[x]][:])
			}
		}
	}
	return func(y int, dst []byte) {
		for x := 0; 4*x < len(dst); x++ {
			r, g, bl, a := m.At(b.Min.X+x, b.Min.Y+y).RGBA()
			dst[4*x], dst[4*x+1], dst[4*x+2], dst[4*x+3] = byte(r>>8), byte(g>>8), byte(bl>>8), byte(a>>8)
		}
	}
}

// turn returns p upright; orientation is EXIF's.
func turn(p plane, orientation int) plane {
	if orientation <= 1 || orientation > 8 {
		return p
	}
	out := plane{w: p.w, h: p.h, n: p.n}
	if orientation >= 5 {
		out.w, out.h = p.h, p.w
	}
	out.stride = out.w * p.n
	out.pix = make([]byte, out.stride*out.h)
	for y := range out.h {
		for x := range out.w {
			sx, sy := x, y // where the pixel at x, y is stored
			switch orientation {
			case 2:
				sx = p.w - 1 - x
			case 3:
				sx, sy = p.w-1-x, p.h-1-y
			case 4:
				sy = p.h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, p.h-1-x
			case 7:
				sx, sy = p.w-1-y, p.h-1-x
			case 8:
				sx, sy = p.w-1-y, x
			}
			copy(out.pix[y*out.stride+x*p.n:][:p.n], p.pix[sy*p.stride+sx*p.n:])
		}
	}
	return out
}
