package picture

import (
	"encoding/binary"
	"hash/crc32"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// inspectPNG walks the chunks. It checks that they follow each other up to the
// last; whether the pixels in them are sound, only decoding tells.
func inspectPNG(c *cursor, info *Info) (err error) {
	if err := c.skip(int64(len(pngMagic))); err != nil {
		return err
	}
	var ps Pieces
	defer func() { info.salvage(ps, err) }()
	ps.keep(0, c.at)
	for {
		start := c.at
		var head [8]byte
		if err := c.read(head[:]); err != nil {
			return err
		}
		n, name := int64(binary.BigEndian.Uint32(head[:])), string(head[4:])
		if start == int64(len(pngMagic)) && name != "IHDR" {
			return broken(PNG, "its head is missing")
		}
		var data []byte
		var err error
		if name == "IDAT" || name == "fdAT" {
			err = c.skip(n)
		} else {
			data, err = c.take(n, maxKept)
		}
		if err == nil {
			err = c.skip(4) // the checksum
		}
		if err != nil {
			if name == "IDAT" || name == "fdAT" {
				ps.keep(start, c.size) // pixels up to where the file breaks off
			}
			return err
		}
		keep := keepChunk(name)
		switch name {
		case "IHDR":
			if len(data) < 13 {
				return broken(PNG, "its head is too short")
			}
			w, h := binary.BigEndian.Uint32(data), binary.BigEndian.Uint32(data[4:])
			if w > 1<<31-1 || h > 1<<31-1 {
				return broken(PNG, "it says no size that a picture can have")
			}
			info.Width, info.Height = int(w), int(h)
			info.deep, info.alpha = data[8] > 8, data[9]&4 != 0
		case "tRNS":
			info.alpha = true
		case "acTL":
			info.Animated = true
		case "iCCP", "cHRM", "gAMA", "sRGB", "cICP":
			if len(info.colours)+len(data) <= maxProfile {
				info.colours = append(info.colours, chunk(name, data)...)
			}
		case "eXIf":
			readEXIF(data, info)
			own := orientationOnly(info.Orientation)
			switch {
			case info.Orientation == 1:
			case string(own) == string(data):
				keep = true
			default:
				ps.put(chunk("eXIf", own))
			}
		case "iTXt", "tEXt", "zTXt":
			info.Location = info.Location || placesInXMP(data)
		}
		if keep {
			ps.keep(start, c.at)
		}
		if name == "IEND" {
			break
		}
	}
	if !ps.whole(c.size) {
		info.Clean = ps
	}
	return nil
}

// keepChunk says which chunks are part of the picture: all that a decoder must
// know, and those that say how its pixels are meant. Texts, times and what
// programs keep for themselves are not.
func keepChunk(name string) bool {
	if name[0]&0x20 == 0 {
		return true // critical, by the fifth bit of its name
	}
	switch name {
	case "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "cLLI", "bKGD", "hIST", "pHYs", "sPLT", "acTL", "fcTL", "fdAT":
		return true
	}
	return false
}

// chunk makes a PNG chunk.
func chunk(name string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(make([]byte, 0, len(data)+12), uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}
