package picture

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"slices"
)

// Stripped is what may be published of a file that says where it was taken and
// that pages don't show as a picture: a film, or a TIFF.
type Stripped struct {
	// Clean says which bytes to publish; nil is the file as it is. Zeros stand in
	// the place of what is left out, for in these files nothing may move.
	Clean Pieces
	// Location is true where the file says where it was taken.
	Location bool
	// Track is true for a film that has a track of its camera's data, such as the
	// way that it was carried along, which stays in it.
	Track bool
}

// Strip finds where a film (MP4, QuickTime, 3GP) or a TIFF says where it was
// taken. Of any other file, or what is broken, it finds nothing; the error is
// the reader's.
func Strip(r io.ReadSeeker, size int64) (Stripped, error) {
	s := stripper{r: r, size: size}
	head := s.read(0, 8)
	switch {
	case len(head) < 8:
	case string(head[:4]) == "II*\x00" || string(head[:4]) == "MM\x00*":
		s.tiff(head)
	case isFilm(string(head[4:])):
		s.film(0, size, 0)
	}
	if s.err != nil {
		return Stripped{}, s.err
	}
	s.cut()
	return s.out, nil
}

type stripper struct {
	r    io.ReadSeeker
	size int64
	out  Stripped
	// blanks are the places for other bytes, in the end in order.
	blanks []blank
	boxes  int
	err    error
}

// blank is a place for zeros, but for the bytes that it begins with.
type blank struct {
	off, len int64
	first    []byte
}

// maxBlanks bounds how many parts of a file are looked at.
const maxBlanks = 10_000

// read returns up to n bytes from off, fewer at the file's end.
func (s *stripper) read(off, n int64) []byte {
	if n = min(n, s.size-off); s.err != nil || off < 0 || n <= 0 {
		return nil
	}
	if _, s.err = s.r.Seek(off, io.SeekStart); s.err != nil {
		return nil
	}
	b := make([]byte, n)
	k, err := io.ReadFull(s.r, b)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		s.err = err
	}
	return b[:k]
}

// maxLooked is how many bytes of a part are looked at.
const maxLooked = 16 << 20

// blankPlace notes a part of a film, if it names a place: chapters and titles
// are the author's.
func (s *stripper) blankPlace(b blank) {
	if content := s.read(b.off, min(b.len, maxLooked)); namesPlace(content) {
		s.out.Location = true
		s.blanks = append(s.blanks, b)
	}
}

// blank notes a part, if anything but zeros stands there.
func (s *stripper) blank(off, n int64) {
	content := s.read(off, min(n, maxLooked))
	s.out.Location = s.out.Location || placesInXMP(content)
	if bytes.Count(content, []byte{0}) < len(content) {
		s.blanks = append(s.blanks, blank{off: off, len: n})
	}
}

// namesPlace reports whether what a film says about itself names a place.
func namesPlace(b []byte) bool {
	for _, name := range []string{"\xa9xyz", "loci", "location.ISO6709", "GPSCoordinates"} {
		if bytes.Contains(b, []byte(name)) {
			return true
		}
	}
	return placesInXMP(b)
}

// zeros are shared by all pieces.
var zeros [64 << 10]byte

// cut makes the pieces.
func (s *stripper) cut() {
	slices.SortStableFunc(s.blanks, func(a, b blank) int { return cmp.Compare(a.off, b.off) })
	var ps Pieces
	at := int64(0)
	for _, b := range s.blanks {
		end := min(b.off+b.len, s.size)
		if b.off < at { // they lie in each other
			b.off, b.first = at, nil
		}
		if end <= b.off {
			continue
		}
		ps.keep(at, b.off)
		ps.put(b.first)
		for left := end - b.off - int64(len(b.first)); left > 0; left -= int64(len(zeros)) {
			ps.put(zeros[:min(left, int64(len(zeros)))])
		}
		at = end
	}
	if len(ps) > 0 {
		ps.keep(at, s.size)
		s.out.Clean = ps
	}
}

// isFilm tells by the name of its first box.
func isFilm(name string) bool {
	switch name {
	case "ftyp", "moov", "mdat", "wide", "free", "skip", "pnot", "uuid":
		return true
	}
	return false
}

// film walks the boxes from off to end (ISO 14496-12). What a camera says lies
// in boxes of their own; one that names a place becomes free space.
func (s *stripper) film(off, end int64, depth int) {
	for off+8 <= end && s.err == nil && s.boxes < maxBlanks {
		s.boxes++
		head := s.read(off, 16)
		if len(head) < 8 {
			return
		}
		n, long := int64(binary.BigEndian.Uint32(head)), int64(8)
		switch n {
		case 0:
			n = end - off
		case 1:
			if len(head) < 16 {
				return
			}
			n, long = int64(binary.BigEndian.Uint64(head[8:])), 16
		}
		if n < long {
			return
		}
		n = min(n, end-off)
		free := append([]byte{}, head[:long]...)
		copy(free[4:], "free")
		switch string(head[4:8]) {
		case "moov", "trak", "mdia", "minf", "stbl", "moof", "traf":
			if depth < 8 {
				s.film(off+long, off+n, depth+1)
			}
		case "udta", "meta", "uuid", "free", "skip":
			s.blankPlace(blank{off, n, free})
		case "stsd":
			s.track(s.read(off+long, min(n-long, 64<<10)))
		}
		off += n
	}
}

// track looks at what kind of samples a track has.
func (s *stripper) track(b []byte) {
	if len(b) < 16 {
		return
	}
	switch string(b[12:16]) {
	case "gpmd", "camm", "rtmd":
		s.out.Track = true
	case "mebx": // of phones, mostly faces; it names what it has
		s.out.Track = s.out.Track || bytes.Contains(b, []byte("location"))
	}
}

// The tags of a TIFF that hold what programs say, beside that of GPS.
const (
	tagXMP       = 700
	tagIPTC      = 33723
	tagPhotoshop = 34377
)

// tiff walks the directories of a TIFF, whose values lie anywhere in it.
func (s *stripper) tiff(head []byte) {
	order, at, _ := tiffStart(head)
	for dirs := 0; at > 0 && dirs < 100 && s.err == nil; dirs++ {
		next := s.directory(order, at, func(e []byte) {
			switch order.Uint16(e) {
			case tagGPS:
				s.gps(order, int64(order.Uint32(e[8:])))
			case tagXMP, tagIPTC, tagPhotoshop:
				if off, n := value(order, e); n > 0 {
					s.blank(off, n)
				}
			}
		})
		if next <= at {
			return // they come in order, or the file is not worth it
		}
		at = next
	}
}

// directory calls f for the entries of the one at off and returns where the
// next one is.
func (s *stripper) directory(order binary.ByteOrder, off int64, f func(e []byte)) int64 {
	count := s.read(off, 2)
	if len(count) < 2 {
		return 0
	}
	n := int64(order.Uint16(count)) * 12
	b := s.read(off+2, n+4)
	for i := int64(0); i+12 <= min(n, int64(len(b))); i += 12 {
		if s.boxes++; s.boxes > maxBlanks {
			return 0
		}
		f(b[i : i+12])
	}
	if int64(len(b)) < n+4 {
		return 0
	}
	return int64(order.Uint32(b[n:]))
}

// gps makes the directory at off an empty one, and its values zeros.
func (s *stripper) gps(order binary.ByteOrder, off int64) {
	n := int64(0)
	s.directory(order, off, func(e []byte) {
		n++
		s.out.Location = s.out.Location || order.Uint16(e) != 0
		if at, size := value(order, e); size > 0 {
			s.blank(at, size)
		}
	})
	if n > 0 {
		s.blank(off, 2+12*n+4)
	}
}

// value is where the value of an entry lies, if that is not the entry itself.
func value(order binary.ByteOrder, e []byte) (off, n int64) {
	sizes := [...]int64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8}
	kind := order.Uint16(e[2:])
	if int(kind) >= len(sizes) {
		return 0, 0
	}
	if n = sizes[kind] * int64(order.Uint32(e[4:])); n <= 4 {
		return 0, 0
	}
	return int64(order.Uint32(e[8:])), n
}
