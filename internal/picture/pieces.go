package picture

import (
	"errors"
	"io"
	"sort"
)

// Pieces is a file made of parts of another and of bytes put between them.
type Pieces []Piece

// Piece is a part of the original, from Off and Len bytes long, or, where
// Bytes is set, those instead.
type Piece struct {
	Off, Len int64
	Bytes    []byte
}

func (p Piece) size() int64 {
	if p.Bytes != nil {
		return int64(len(p.Bytes))
	}
	return p.Len
}

// Size returns the length of the file that the pieces make.
func (ps Pieces) Size() int64 {
	var n int64
	for i := range ps {
		n += ps[i].size()
	}
	return n
}

// keep adds the original's bytes from off to end.
func (ps *Pieces) keep(off, end int64) {
	if end <= off {
		return
	}
	if n := len(*ps); n > 0 {
		if last := &(*ps)[n-1]; last.Bytes == nil && last.Off+last.Len == off {
			last.Len = end - last.Off
			return
		}
	}
	*ps = append(*ps, Piece{Off: off, Len: end - off})
}

func (ps *Pieces) put(b []byte) {
	if len(b) > 0 {
		*ps = append(*ps, Piece{Bytes: b})
	}
}

// whole reports whether the pieces are all of a file of size bytes, unchanged.
func (ps Pieces) whole(size int64) bool {
	return len(ps) == 1 && ps[0].Bytes == nil && ps[0].Off == 0 && ps[0].Len == size
}

// Open returns the file that the pieces make of original, which it closes with
// itself.
func (ps Pieces) Open(original io.ReadSeekCloser) io.ReadSeekCloser {
	r := &piecesReader{ps: ps, original: original, ends: make([]int64, len(ps)), source: -1}
	var n int64
	for i := range ps {
		n += ps[i].size()
		r.ends[i] = n
	}
	return r
}

type piecesReader struct {
	ps       Pieces
	ends     []int64 // of each piece, in the file that is made
	original io.ReadSeekCloser
	at       int64
	// source is where the original stands; -1 where that is not known.
	source int64
}

func (r *piecesReader) Read(b []byte) (int, error) {
	i := sort.Search(len(r.ends), func(i int) bool { return r.ends[i] > r.at })
	if i == len(r.ends) {
		return 0, io.EOF
	}
	p := &r.ps[i]
	in := r.at - (r.ends[i] - p.size())
	if p.Bytes != nil {
		n := copy(b, p.Bytes[in:])
		r.at += int64(n)
		return n, nil
	}
	if want := p.Off + in; r.source != want {
		if _, err := r.original.Seek(want, io.SeekStart); err != nil {
			return 0, err
		}
		r.source = want
	}
	n, err := r.original.Read(b[:min(int64(len(b)), r.ends[i]-r.at)])
	r.at += int64(n)
	r.source += int64(n)
	if errors.Is(err, io.EOF) { // the original was cut: it has more pieces than bytes
		if n > 0 {
			return n, nil
		}
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}

func (r *piecesReader) Seek(off int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		off += r.at
	case io.SeekEnd:
		off += r.ps.Size()
	}
	if off < 0 {
		return r.at, errors.New("seek before the start")
	}
	r.at = off
	return off, nil
}

func (r *piecesReader) Close() error { return r.original.Close() }
