package picture

import (
	"encoding/binary"
)

// The flags of a VP8X chunk, by Google's container specification.
const (
	webpAnimated = 1 << 1
	webpXMP      = 1 << 2
	webpEXIF     = 1 << 3
	webpAlpha    = 1 << 4
)

// inspectWebP walks the chunks of the RIFF container. A simple picture, which
// has no head of its own, can hold nothing beside its pixels.
func inspectWebP(c *cursor, info *Info) (err error) {
	info.lossy = true
	head, err := c.take(12, 12)
	if err != nil {
		return err
	}
	end := min(8+int64(binary.LittleEndian.Uint32(head[4:])), c.size)
	var ps Pieces // behind the container's head
	var vp8x []byte
	defer func() {
		if err != nil {
			info.salvage(rewriteWebP(vp8x, ps, 1), err)
		}
	}()
	pixels, changed := false, end < c.size
	for c.at+8 <= end {
		start := c.at
		var h [8]byte
		if err := c.read(h[:]); err != nil {
			return err
		}
		n, name := int64(binary.LittleEndian.Uint32(h[4:])), string(h[:4])
		data, err := c.take(n, webpKept(name))
		if err != nil {
			if webpPixels(name) {
				ps.keep(start, c.size) // a part of them may show
			}
			return err
		}
		if n%2 == 1 && c.at < c.size {
			if err := c.skip(1); err != nil {
				return err
			}
		}
		switch name {
		case "VP8X":
			if len(data) < 10 {
				return broken(WebP, "its head is too short")
			}
			vp8x = data
			info.Width, info.Height = uint24(data[4:])+1, uint24(data[7:])+1
			info.Animated, info.alpha = data[0]&webpAnimated != 0, data[0]&webpAlpha != 0
			continue // written at the end, when its flags are known
		case "VP8 ", "VP8L", "ANMF":
			pixels = true
			if vp8x == nil {
				readVP8(name, data, info)
			}
		case "ICCP":
			if n <= maxProfile {
				info.profile = data
			}
		case "ALPH", "ANIM":
		case "EXIF":
			// Some writers put JPEG's header before it.
			if len(data) > 6 && string(data[:6]) == exifHeader {
				data = data[6:]
			}
			readEXIF(data, info)
			changed = changed || info.Orientation == 1 || string(data) != string(orientationOnly(info.Orientation))
			continue
		case "XMP ":
			info.Location = info.Location || placesInXMP(data)
			changed = true
			continue
		default:
			changed = true
			continue
		}
		ps.keep(start, c.at)
	}
	if !pixels {
		return broken(WebP, "there are no pixels in it")
	}
	if changed {
		info.Clean = rewriteWebP(vp8x, ps, info.Orientation)
	}
	return nil
}

// rewriteWebP puts the container together of the chunks that are kept.
func rewriteWebP(vp8x []byte, kept Pieces, orientation int) Pieces {
	var tail []byte
	if vp8x != nil && orientation != 1 {
		tail = riffChunk("EXIF", orientationOnly(orientation))
	}
	var first []byte
	if vp8x != nil {
		flags := vp8x[0] &^ (webpXMP | webpEXIF)
		if tail != nil {
			flags |= webpEXIF
		}
		first = riffChunk("VP8X", append([]byte{flags}, vp8x[1:]...))
	}
	total := 12 + int64(len(first)) + kept.Size() + int64(len(tail))
	container := append([]byte("RIFF\x00\x00\x00\x00WEBP"), first...)
	binary.LittleEndian.PutUint32(container[4:], uint32(total-8))
	ps := Pieces{{Bytes: container}}
	ps = append(ps, kept...)
	ps.put(tail)
	return ps
}

// webpPixels reports whether a chunk of this name holds pixels.
func webpPixels(name string) bool {
	switch name {
	case "VP8 ", "VP8L", "ANMF", "ALPH":
		return true
	}
	return false
}

// webpKept is how much of a chunk is read.
func webpKept(name string) int64 {
	if webpPixels(name) {
		return 16
	}
	return maxKept
}

// readVP8 reads the size from the head of a simple picture's only frame.
func readVP8(name string, b []byte, info *Info) {
	switch {
	case name == "VP8 " && len(b) >= 10 && string(b[3:6]) == "\x9d\x01\x2a":
		info.Width, info.Height = int(binary.LittleEndian.Uint16(b[6:])&0x3fff), int(binary.LittleEndian.Uint16(b[8:])&0x3fff)
	case name == "VP8L" && len(b) >= 5 && b[0] == 0x2f:
		bits := binary.LittleEndian.Uint32(b[1:])
		info.Width, info.Height, info.alpha = int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1, bits>>28&1 != 0
		info.lossy = false
	}
}

func riffChunk(name string, data []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(data)))
	b = append(b, data...)
	if len(data)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
