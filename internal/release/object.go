package release

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"

	"lectern/internal/snapshot"
)

const (
	// maxWhole is how large an object is at most that is read, compressed and
	// checked in one piece.
	maxWhole = 4 << 20
	// worthIt is the part of its length that compressing has to save.
	worthIt = 10 // per cent
)

// codec compresses and decompresses objects. Both of its halves may be used by
// many goroutines.
type codec struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

func newCodec() (*codec, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false))
	if err != nil {
		return nil, err
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderMaxMemory(2*maxWhole))
	if err != nil {
		return nil, err
	}
	return &codec{enc, dec}, nil
}

// pack returns content as it is kept.
func (c *codec) pack(content []byte) (form byte, stored []byte) {
	stored = c.enc.EncodeAll(content, nil)
	if len(stored) > len(content)*(100-worthIt)/100 {
		return formRaw, content
	}
	return formZstd, stored
}

// object is the content of one file as it is kept: a [snapshot.Source].
type object struct {
	codec *codec
	hash  snapshot.Digest
	at    place
}

// Size is the content's length in bytes.
func (o *object) Size() int64 { return o.at.size }

// Open opens the content. What is not what its hash says gives [ErrDamaged].
func (o *object) Open() (io.ReadSeekCloser, error) {
	if o.at.size <= maxWhole {
		content, err := o.read()
		if err != nil {
			return nil, err
		}
		return inMemory{bytes.NewReader(content)}, nil
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	// The pack stays open as long as it is in the reader's hands.
	return inPack{o.section(), o.at.pack}, nil
}

func (o *object) section() *io.SectionReader {
	return io.NewSectionReader(o.at.pack.file, o.at.offset, o.at.stored)
}

// read returns the whole content of an object that is small enough for that.
func (o *object) read() ([]byte, error) {
	if o.at.size > maxWhole || o.at.stored > maxWhole {
		return nil, fmt.Errorf("an object is of %d bytes: %w", o.at.size, ErrDamaged)
	}
	content := make([]byte, o.at.stored)
	if _, err := o.at.pack.file.ReadAt(content, o.at.offset); err != nil {
		return nil, fmt.Errorf("read %s: %w", o.at.pack.name, err)
	}
	if o.at.form == formZstd {
		var err error
		if content, err = o.codec.dec.DecodeAll(content, make([]byte, 0, o.at.size)); err != nil {
			return nil, o.damaged()
		}
	}
	if int64(len(content)) != o.at.size || sha256.Sum256(content) != o.hash {
		return nil, o.damaged()
	}
	return content, nil
}

// check compares a large object with its hash, once while the pack is open.
func (o *object) check() error {
	if _, done := o.at.pack.checked.Load(o.at.offset); done {
		return nil
	}
	if o.at.form != formRaw || o.at.stored != o.at.size {
		return o.damaged()
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, o.section()); err != nil {
		return fmt.Errorf("read %s: %w", o.at.pack.name, err)
	}
	if snapshot.Digest(sum.Sum(nil)) != o.hash {
		return o.damaged()
	}
	o.at.pack.checked.Store(o.at.offset, true)
	return nil
}

// verify reads the object, whatever its size, and compares it with its hash.
func (o *object) verify() error {
	if o.at.size > maxWhole {
		return o.check()
	}
	_, err := o.read()
	return err
}

func (o *object) damaged() error {
	o.at.pack.damaged.Store(o.at.offset, true)
	return fmt.Errorf("%s in %s is not what was stored there: %w", o.hash, o.at.pack.name, ErrDamaged)
}

type inMemory struct{ *bytes.Reader }

func (inMemory) Close() error { return nil }

type inPack struct {
	*io.SectionReader
	pack *pack
}

func (inPack) Close() error { return nil }
