package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// JPEG's markers, by ITU-T T.81.
const (
	markSOI  = 0xd8
	markEOI  = 0xd9
	markSOS  = 0xda
	markAPP0 = 0xe0
	markAPP1 = 0xe1
	markAPP2 = 0xe2
	markIPTC = 0xed
	markAPPE = 0xee
	markAPPF = 0xef
	markCOM  = 0xfe
)

const (
	exifHeader = "Exif\x00\x00"
	iccHeader  = "ICC_PROFILE\x00"
)

// maxKept bounds what is read of a segment or chunk to look into it.
const maxKept = 1 << 20

// maxProfile is the longest colour profile that smaller pictures carry; the
// profiles of screens and phones have a few hundred bytes.
const maxProfile = 16 << 10

// inspectJPEG walks all segments up to the end of the first picture. What
// phones append behind it (a film, a depth map, another picture) has a
// location of its own and is left out.
func inspectJPEG(c *cursor, info *Info) (err error) {
	info.lossy = true
	var ps Pieces
	defer func() { info.salvage(ps, err) }()
	var profile [][]byte
	ended, turned := false, false
	for !ended {
		start := c.at
		mark, err := nextMarker(c)
		if err != nil {
			if errors.Is(err, io.EOF) && info.Width > 0 {
				return io.ErrUnexpectedEOF
			}
			return err
		}
		if mark == markEOI || mark == markSOI || mark == 0x01 || mark >= 0xd0 && mark <= 0xd7 {
			ps.keep(start, c.at)
			ended = mark == markEOI
			continue
		}
		seg, end, err := segment(c, mark)
		if err != nil {
			if mark == markSOS && info.Width > 0 {
				ps.keep(start, c.size) // pixels up to where the file breaks off
			}
			return err
		}
		keep := keepSegment(mark, seg)
		switch {
		case isFrame(mark):
			if err := readFrame(seg, info); err != nil {
				return err
			}
		case mark == markAPP1 && bytes.HasPrefix(seg, []byte(exifHeader)):
			first := *info
			readEXIF(seg[len(exifHeader):], info)
			if turned {
				info.Orientation = first.Orientation
			}
			own := append([]byte(exifHeader), orientationOnly(info.Orientation)...)
			switch {
			case info.Orientation == 1 || turned:
			case bytes.Equal(seg, own):
				keep = true
			default:
				ps.put(append([]byte{0xff, markAPP1, 0, byte(len(own) + 2)}, own...))
			}
			turned = turned || info.Orientation != 1
		case mark == markAPP1:
			info.Location = info.Location || placesInXMP(seg)
		case mark == markAPP2 && keep:
			profile = append(profile, seg)
		case mark == markSOS && info.Width == 0:
			return broken(JPEG, "it says no size")
		}
		if keep {
			ps.keep(start, end)
		}
	}
	info.profile = joinProfile(profile)
	if !ps.whole(c.size) {
		info.Clean = ps
	}
	return nil
}

// nextMarker reads a marker with the fill before it; in a scan, it passes over
// the coded data.
func nextMarker(c *cursor) (byte, error) {
	b, err := c.peek(2)
	if err != nil {
		return 0, err
	}
	if b[0] != 0xff {
		return 0, broken(JPEG, "there is no marker at byte %d", c.at)
	}
	for {
		if err := c.skip(1); err != nil {
			return 0, err
		}
		if b, err = c.peek(1); err != nil {
			return 0, err
		}
		if b[0] != 0xff {
			mark := b[0]
			return mark, c.skip(1)
		}
	}
}

// segment reads the content of a segment; behind the head of a scan also, but
// without keeping it, the scan up to the next marker.
func segment(c *cursor, mark byte) (content []byte, end int64, err error) {
	var length [2]byte
	if err := c.read(length[:]); err != nil {
		return nil, 0, err
	}
	n := int64(binary.BigEndian.Uint16(length[:])) - 2
	if n < 0 {
		return nil, 0, broken(JPEG, "a segment at byte %d has no length", c.at)
	}
	if content, err = c.take(n, n); err != nil {
		return nil, 0, err
	}
	if mark != markSOS {
		return content, c.at, nil
	}
	for {
		if err := c.find(0xff); err != nil {
			return nil, 0, err
		}
		b, err := c.peek(2)
		if err != nil {
			return nil, 0, err
		}
		if b[1] != 0 && (b[1] < 0xd0 || b[1] > 0xd7) {
			return content, c.at, nil
		}
		if err := c.skip(2); err != nil { // a byte of data, or a restart
			return nil, 0, err
		}
	}
}

// keepSegment says what is part of the picture: all but the application's
// segments and comments, of which only those about colours matter.
func keepSegment(mark byte, seg []byte) bool {
	switch {
	case mark == markAPP0:
		return bytes.HasPrefix(seg, []byte("JFIF\x00"))
	case mark == markAPP2:
		return bytes.HasPrefix(seg, []byte(iccHeader))
	case mark == markAPPE:
		return bytes.HasPrefix(seg, []byte("Adobe"))
	case mark >= markAPP0 && mark <= markAPPF, mark == markCOM:
		return false
	}
	return true
}

// isFrame reports whether mark is a start of frame, which says the size.
func isFrame(mark byte) bool {
	return mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc
}

func readFrame(seg []byte, info *Info) error {
	if len(seg) < 6 {
		return broken(JPEG, "its head is too short")
	}
	info.deep = seg[0] != 8
	info.Height, info.Width = int(binary.BigEndian.Uint16(seg[1:])), int(binary.BigEndian.Uint16(seg[3:]))
	info.components = int(seg[5])
	return nil
}

// joinProfile puts a colour profile together that was cut into numbered segments.
func joinProfile(segs [][]byte) []byte {
	var out []byte
	for i, seg := range segs {
		const head = len(iccHeader) + 2
		if len(seg) < head || int(seg[len(iccHeader)]) != i+1 || int(seg[len(iccHeader)+1]) != len(segs) {
			return nil
		}
		out = append(out, seg[head:]...)
	}
	if len(out) > maxProfile {
		return nil
	}
	return out
}
