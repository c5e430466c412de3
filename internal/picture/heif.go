package picture

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// maxMeta bounds the box that describes the pictures of a HEIF file.
const maxMeta = 8 << 20

// sniffHEIF tells AVIF from HEIC by the brands of the ftyp box (ISO 23008-12,
// AVIF 1.1).
func sniffHEIF(b []byte) Format {
	n := min(int(binary.BigEndian.Uint32(b)), len(b), 256)
	heic := false
	for i := 8; i+4 <= n; i += 4 {
		if i == 12 {
			continue // the minor version
		}
		switch string(b[i : i+4]) {
		case "avif", "avis":
			return AVIF
		case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
			heic = true
		}
	}
	if heic {
		return HEIC
	}
	return 0
}

// inspectHEIF reads the size of the picture and blanks its EXIF and XMP: their
// bytes lie among those of the pixels, so nothing may move.
func inspectHEIF(c *cursor, info *Info) (err error) {
	info.lossy = true
	var meta []byte
	var kept Pieces // of one that nobody can show, for want of a description
	defer func() { info.salvage(kept, err) }()
	var metaAt int64
	for meta == nil {
		at := c.at
		var h [8]byte
		if err := c.read(h[:]); err != nil {
			return err
		}
		n, name := int64(binary.BigEndian.Uint32(h[:])), string(h[4:])
		switch n {
		case 0:
			n = c.size - at
		case 1:
			var long [8]byte
			if err := c.read(long[:]); err != nil {
				return err
			}
			if n = int64(binary.BigEndian.Uint64(long[:])); n < 0 {
				return broken(info.Format, "a part of it has no length")
			}
		}
		rest := n - (c.at - at)
		if rest < 0 {
			return broken(info.Format, "a part of it has no length")
		}
		switch name {
		case "meta":
			if rest > maxMeta || rest < 4 {
				return broken(info.Format, "its description has no length that it can have")
			}
			metaAt = c.at + 4
			b, err := c.take(rest, rest)
			if err != nil {
				return err
			}
			meta = b[4:] // behind version and flags
		case "ftyp":
			if err := c.skip(rest); err != nil {
				return err
			}
			kept.keep(at, c.at)
		case "moov":
			info.Animated = true
			fallthrough
		default:
			if err := c.skip(rest); err != nil {
				return err
			}
		}
	}
	h := heif{info: info, meta: meta, metaAt: metaAt}
	h.read()
	if info.Width == 0 || info.Height == 0 {
		return broken(info.Format, "it says no size")
	}
	if !h.located() {
		return broken(info.Format, "it does not say where its parts are")
	}
	h.blank(c)
	return nil
}

// heif is what the meta box says.
type heif struct {
	info   *Info
	meta   []byte
	metaAt int64

	secret  map[uint32]string // the items that are no picture: "Exif" or "mime"
	extents []extent
	idat    int64
	turns   int
}

// extent is where bytes of an item lie in the file.
type extent struct {
	item     uint32
	off, len int64
}

// boxes calls f for each box in b; at is where b lies in the file.
func boxes(b []byte, at int64, f func(name string, content []byte, at int64)) {
	for len(b) >= 8 {
		n, head := int64(binary.BigEndian.Uint32(b)), int64(8)
		if n == 1 && len(b) >= 16 {
			n, head = int64(binary.BigEndian.Uint64(b[8:])), 16
		}
		if n == 0 {
			n = int64(len(b))
		}
		if n < head || n > int64(len(b)) {
			return
		}
		f(string(b[4:8]), b[head:n], at+head)
		b, at = b[n:], at+n
	}
}

func (h *heif) read() {
	h.secret = map[uint32]string{}
	boxes(h.meta, h.metaAt, func(name string, b []byte, at int64) {
		switch name {
		case "iinf":
			h.items(b)
		case "idat":
			h.idat = at
		case "iprp":
			boxes(b, at, func(name string, b []byte, at int64) {
				if name == "ipco" {
					boxes(b, at, h.property)
				}
			})
		}
	})
	boxes(h.meta, h.metaAt, func(name string, b []byte, _ int64) {
		if name == "iloc" {
			h.locations(b)
		}
	})
	if h.turns%2 == 1 {
		h.info.Width, h.info.Height = h.info.Height, h.info.Width
	}
}

// property reads the sizes, of which the whole picture's is the largest, and
// the quarter turns to the left.
func (h *heif) property(name string, b []byte, _ int64) {
	switch {
	case name == "ispe" && len(b) >= 12:
		w, ht := int64(binary.BigEndian.Uint32(b[4:])), int64(binary.BigEndian.Uint32(b[8:]))
		if w < 1<<24 && ht < 1<<24 && w*ht > int64(h.info.Width)*int64(h.info.Height) {
			h.info.Width, h.info.Height = int(w), int(ht)
		}
	case name == "irot" && len(b) >= 1:
		h.turns = int(b[0] & 3)
	}
}

// items finds those that hold EXIF or XMP.
func (h *heif) items(b []byte) {
	if len(b) < 6 {
		return
	}
	skip := 6
	if b[0] > 0 {
		skip = 8
	}
	if len(b) < skip {
		return
	}
	boxes(b[skip:], 0, func(name string, e []byte, _ int64) {
		if name != "infe" || len(e) < 12 {
			return
		}
		var id uint32
		switch e[0] {
		case 2:
			id, e = uint32(binary.BigEndian.Uint16(e[4:])), e[8:]
		case 3:
			id, e = binary.BigEndian.Uint32(e[4:]), e[10:]
		default:
			return
		}
		if len(e) < 4 {
			return
		}
		kind := string(e[:4])
		if kind == "Exif" || kind == "mime" && strings.Contains(string(e), "rdf+xml") {
			h.secret[id] = kind
		}
	})
}

// locations reads the item location box (ISO 14496-12, 8.11.3).
func (h *heif) locations(b []byte) {
	if len(b) < 8 {
		return
	}
	version := b[0]
	r := fields{b: b[4:]}
	sizes := r.num(2)
	offSize, lenSize, baseSize, indexSize := int(sizes>>12&15), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	idSize := 2
	if version == 2 {
		idSize = 4
	}
	if version == 0 {
		indexSize = 0
	}
	for n := r.num(idSize); n > 0 && !r.bad; n-- {
		id, method := uint32(r.num(idSize)), int64(0)
		if version > 0 {
			method = r.num(2) & 15
		}
		r.num(2) // where the data is: this file
		base := r.num(baseSize)
		for k := r.num(2); k > 0 && !r.bad; k-- {
			r.num(indexSize)
			off, length := base+r.num(offSize), r.num(lenSize)
			if method == 1 {
				off += h.idat
			}
			if h.secret[id] != "" && !r.bad && off >= 0 && method < 2 {
				h.extents = append(h.extents, extent{id, off, length})
			}
		}
	}
}

// located reports whether it is known where all that must not be told lies.
func (h *heif) located() bool {
	for id := range h.secret {
		if !slices.ContainsFunc(h.extents, func(e extent) bool { return e.item == id }) {
			return false
		}
	}
	return true
}

// fields reads big-endian numbers one after the other.
type fields struct {
	b   []byte
	bad bool
}

func (r *fields) num(size int) int64 {
	if size > len(r.b) || size > 8 {
		r.bad = true
		return 0
	}
	var n uint64
	for _, c := range r.b[:size] {
		n = n<<8 | uint64(c)
	}
	r.b = r.b[size:]
	if n > 1<<62 {
		r.bad = true
		return 0
	}
	return int64(n)
}

// blank puts zeros in the place of EXIF and XMP, or, where there is room, an
// EXIF that says nothing: the picture's own properties say how it is turned.
func (h *heif) blank(c *cursor) {
	sortExtents(h.extents)
	var ps Pieces
	at := int64(0)
	for _, e := range h.extents {
		if e.off < at { // they lie in each other
			e.off, e.len = at, e.len-(at-e.off)
		}
		if e.len = min(e.len, maxMeta, c.size-e.off); e.len <= 0 {
			continue
		}
		b, err := c.readAt(e.off, e.len)
		if err != nil {
			continue
		}
		clean := make([]byte, e.len)
		if h.secret[e.item] == "Exif" {
			if len(b) > 4 {
				skip := int64(binary.BigEndian.Uint32(b)) + 4
				if skip < int64(len(b)) {
					turned := h.info.Orientation // what EXIF says counts for nothing here
					readEXIF(b[skip:], h.info)
					h.info.Orientation = turned
				}
			}
			copy(clean, "\x00\x00\x00\x00MM\x00*\x00\x00\x00\x08")
		} else {
			h.info.Location = h.info.Location || placesInXMP(b)
		}
		if string(clean) == string(b) {
			continue
		}
		ps.keep(at, e.off)
		ps.put(clean)
		at = e.off + e.len
	}
	if len(ps) > 0 {
		ps.keep(at, c.size)
		h.info.Clean = ps
	}
}

func sortExtents(e []extent) {
	slices.SortFunc(e, func(a, b extent) int { return cmp.Compare(a.off, b.off) })
}
