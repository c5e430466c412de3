package image

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Compression is how layers are compressed; the zero value is [Gzip].
type Compression string

// Gzip is what every runtime reads. Zstandard sees repetitions from much
// farther away, so that pages which share a menu take a third of the room, but
// runtimes from before 2021 can't read it.
const (
	Gzip      Compression = "gzip"
	Zstandard Compression = "zstd"
)

// Compressions are all that there are.
var Compressions = [...]Compression{Gzip, Zstandard}

// Check says what is wrong with a compression that there is not.
func (c Compression) Check() error {
	_, err := newPacker(c)
	return err
}

// compressor is what both libraries have.
type compressor interface {
	io.WriteCloser
	Reset(w io.Writer)
}

// packer lends compressors, which are large.
type packer struct {
	// form names all that decides about a layer's bytes beside its content: the
	// form of the archive and the compressor. A test compares it with go.mod.
	form  string
	media types.MediaType
	make  func() (compressor, error)
	pool  sync.Pool
}

// library is the compressors' module and its version.
const library = "github.com/klauspost/compress@v1.20.3"

func newPacker(c Compression) (*packer, error) {
	const archive = "4 tar "
	switch c {
	case Gzip, "":
		return &packer{form: archive + "gzip-6 " + library, media: types.OCILayer, make: func() (compressor, error) {
			return gzip.NewWriterLevel(io.Discard, 6)
		}}, nil
	case Zstandard:
		// With more goroutines the bytes would depend on their number.
		return &packer{form: archive + "zstd-better-8M " + library, media: types.OCILayerZStd, make: func() (compressor, error) {
			return zstd.NewWriter(io.Discard, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithWindowSize(8<<20))
		}}, nil
	}
	return nil, &compressionError{c}
}

// compress writes to w what fill writes, compressed.
func (p *packer) compress(w io.Writer, fill func(io.Writer) error) error {
	z, ok := p.pool.Get().(compressor)
	if !ok {
		var err error
		if z, err = p.make(); err != nil {
			return err
		}
	}
	defer p.pool.Put(z)
	z.Reset(w)
	err := fill(z)
	return errors.Join(err, z.Close())
}

// compressionError says that there is no such compression.
type compressionError struct{ c Compression }

func (e *compressionError) Error() string {
	return fmt.Sprintf("layers can't be compressed with %q", string(e.c))
}

// Hint says what there is.
func (e *compressionError) Hint() string { return "there are gzip and zstd" }
