package snapshot

import (
	"crypto/sha256"
	"io"
)

// Body is a file's content in memory, made of parts. Parts may be shared with
// other files (the menu of a section stands in memory once), so nothing may
// ever write to them.
type Body struct {
	parts [][]byte
	size  int
}

// MakeBody returns a body of parts, which it owns from then on.
func MakeBody(parts ...[]byte) Body {
	b := Body{parts: parts}
	for _, p := range parts {
		b.size += len(p)
	}
	return b
}

// Len returns the content's length in bytes.
func (b Body) Len() int { return b.size }

// WriteTo writes all parts to w.
func (b Body) WriteTo(w io.Writer) (int64, error) {
	var n int64
	for _, p := range b.parts {
		m, err := w.Write(p)
		n += int64(m)
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// AppendTo appends the content to dst and returns it.
func (b Body) AppendTo(dst []byte) []byte {
	for _, p := range b.parts {
		dst = append(dst, p...)
	}
	return dst
}

// Bytes returns the content in one piece, newly made.
func (b Body) Bytes() []byte { return b.AppendTo(make([]byte, 0, b.size)) }

// Hash returns the SHA-256 of the content.
func (b Body) Hash() Digest {
	h := sha256.New()
	_, _ = b.WriteTo(h) // a hash never fails
	var d Digest
	h.Sum(d[:0])
	return d
}
