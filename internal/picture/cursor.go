package picture

import (
	"bufio"
	"bytes"
	"io"
)

// cursor reads a file from its start to its end and knows where it is. It
// never holds more of it than a buffer and what it is asked for.
type cursor struct {
	seeker io.ReadSeeker
	r      *bufio.Reader
	at     int64
	size   int64
}

func newCursor(r io.ReadSeeker, size int64) *cursor {
	return &cursor{r, bufio.NewReaderSize(io.LimitReader(r, size), 32<<10), 0, size}
}

// peek returns the next n bytes, or fewer at the end, without moving on.
func (c *cursor) peek(n int) ([]byte, error) { return c.r.Peek(n) }

// read fills b.
func (c *cursor) read(b []byte) error {
	n, err := io.ReadFull(c.r, b)
	c.at += int64(n)
	return err
}

// take returns the next n bytes, at most limit of which are kept.
func (c *cursor) take(n, limit int64) ([]byte, error) {
	if n > c.size-c.at {
		return nil, io.ErrUnexpectedEOF
	}
	b := make([]byte, min(n, limit))
	if err := c.read(b); err != nil {
		return nil, err
	}
	return b, c.skip(n - int64(len(b)))
}

// skip moves on by n bytes.
func (c *cursor) skip(n int64) error {
	if n < 0 || n > c.size-c.at {
		return io.ErrUnexpectedEOF
	}
	const most = 1 << 30
	for n > 0 {
		m, err := c.r.Discard(int(min(n, most)))
		c.at += int64(m)
		n -= int64(m)
		if err != nil {
			return err
		}
	}
	return nil
}

// find moves on to the next byte that is want.
func (c *cursor) find(want byte) error {
	for {
		b, err := c.r.Peek(max(c.r.Buffered(), 1))
		if len(b) == 0 {
			return err // without a byte there always is one
		}
		i := bytes.IndexByte(b, want)
		if i >= 0 {
			return c.skip(int64(i))
		}
		if err := c.skip(int64(len(b))); err != nil {
			return err
		}
	}
}

// readAt returns the n bytes at off of the file; the cursor is lost by it.
func (c *cursor) readAt(off, n int64) ([]byte, error) {
	if off < 0 || n < 0 || off > c.size || n > c.size-off {
		return nil, io.ErrUnexpectedEOF
	}
	if _, err := c.seeker.Seek(off, io.SeekStart); err != nil {
		return nil, err
	}
	b := make([]byte, n)
	_, err := io.ReadFull(c.seeker, b)
	return b, err
}
