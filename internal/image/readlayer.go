package image

import (
	"archive/tar"
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"strings"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"lectern/internal/snapshot"
)

// A layer comes from a registry that may be anybody's. Nothing of it is written
// under a name that it chooses: a file is taken only if the manifest of the
// layer's part lists it, with that size and hash, and it is kept by its hash.

// Limits bound what is taken of one image, whatever the registry says.
type Limits struct {
	// Layers, Files and Bytes (uncompressed) of one image; 0 is 256, 500,000 and 16 GiB.
	Layers, Files int
	Bytes         int64
}

func (l Limits) withDefaults() Limits {
	if l.Layers == 0 {
		l.Layers = 256
	}
	if l.Files == 0 {
		l.Files = 500_000
	}
	if l.Bytes == 0 {
		l.Bytes = 16 << 30
	}
	return l
}

// ContentError says that an image holds what no image of Lectern's does.
type ContentError struct{ what string }

// Error says what is wrong.
func (e *ContentError) Error() string { return e.what }

// Hint says what to do about it.
func (e *ContentError) Hint() string {
	return "it was not made by lectern, or changed after that; publish it again"
}

func badContent(format string, args ...any) error {
	return &ContentError{fmt.Sprintf(format, args...)}
}

// budget is what may still be taken of an image; all its layers share it.
type budget struct{ files, bytes atomic.Int64 }

func newBudget(l Limits) *budget {
	l = l.withDefaults()
	b := &budget{}
	b.files.Store(int64(l.Files))
	b.bytes.Store(l.Bytes)
	return b
}

// reader returns r as long as the budget lasts.
func (b *budget) reader(r io.Reader) io.Reader { return &budgetReader{r, b} }

type budgetReader struct {
	r io.Reader
	b *budget
}

func (r *budgetReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	if r.b.bytes.Add(-int64(n)) < 0 {
		return 0, badContent("the image holds more than is taken from any")
	}
	return n, err
}

// layerPart is what a layer says of the site's files in it.
type layerPart struct {
	// Parts are the manifests by the names of their parts; there is one, unless
	// somebody joined layers.
	Parts map[string][]byte `json:"parts,omitempty"`
	// Settings is the site's settings' file, of the one layer that has it.
	Settings []byte `json:"settings,omitempty"`

	entries []snapshot.Entry
}

// maxParts is how many manifests a layer may have: more than there are layers
// that somebody could have joined. Together they are no larger than one may be.
const maxParts = 128

// parse reads the manifests.
func (p *layerPart) parse() error {
	p.entries = nil
	for name, data := range p.Parts {
		if err := p.parsePart(name, data); err != nil {
			return err
		}
	}
	return nil
}

// parsePart reads one manifest.
func (p *layerPart) parsePart(name string, data []byte) error {
	list, err := snapshot.ParsePart(data)
	if err != nil {
		return badContent("the manifest of its part %q can't be read: %v", name, err)
	}
	p.entries = append(p.entries, list...)
	return nil
}

// errEnough is returned by who has seen enough of a layer.
var errEnough = errors.New("enough")

// layerReader reads one layer.
type layerReader struct {
	root   string // the site's folder, "" for the top
	budget *budget
	// file gets each file, with a reader that fails unless its content has the
	// size and the hash of the entry. It need not read it. It may be nil.
	file func(e snapshot.Entry, r io.Reader) error
	// first, if set, is called with what the layer says of itself as soon as that
	// was read, and may end the reading with errEnough.
	first func(p *layerPart) error

	part      layerPart
	partBytes int // of the manifests
	listed    map[string]snapshot.Entry
	seen      map[string]bool
	// early are files that came before the manifest that lists them.
	early map[string]bool
}

// read reads the layer in r, compressed or not, to its end. Files that came
// before the manifest that lists them were left out: then missed is true, and
// the layer is to be read once more, by the same reader.
func (l *layerReader) read(r io.Reader) (missed bool, err error) {
	l.seen, l.early = map[string]bool{}, map[string]bool{}
	if l.listed == nil {
		l.listed = map[string]snapshot.Entry{}
	}
	content, done, err := decompress(r)
	if err != nil {
		return false, err
	}
	defer done()
	t := tar.NewReader(l.budget.reader(content))
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = l.entry(h, t)
		}
		if err != nil {
			return false, layerError(err)
		}
	}
	for name := range l.early {
		if _, ok := l.listed[name]; !ok {
			return false, badContent("no manifest lists the file %q", name)
		}
	}
	for name := range l.listed {
		if !l.seen[name] && !l.early[name] {
			return false, badContent("the file %q is missing", name)
		}
	}
	// What stands behind the archive counts for the layer's digest.
	if _, err := io.Copy(io.Discard, r); err != nil {
		return false, layerError(err)
	}
	return len(l.early) > 0, nil
}

// layerError names errors of the formats as what they are: the image's fault.
func layerError(err error) error {
	var corrupt *ContentError
	if errors.Is(err, errEnough) || errors.As(err, &corrupt) {
		return err
	}
	for _, e := range []error{
		tar.ErrHeader, tar.ErrFieldTooLong, gzip.ErrHeader, gzip.ErrChecksum, zstd.ErrMagicMismatch,
		zstd.ErrWindowSizeExceeded, zstd.ErrDecoderSizeExceeded, zstd.ErrCRCMismatch, zstd.ErrReservedBlockType,
	} {
		if errors.Is(err, e) {
			return badContent("a layer can't be unpacked: %v", err)
		}
	}
	return err
}

// entry takes one entry of the archive.
func (l *layerReader) entry(h *tar.Header, r io.Reader) error {
	name := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(h.Name, "./"), "/"), "/")
	if name == "" || name == "." {
		return nil // the top itself
	}
	if !fs.ValidPath(name) {
		return badContent("a layer holds a file named %q", h.Name)
	}
	if l.root != "" {
		var ok bool
		if name, ok = strings.CutPrefix(name+"/", l.root+"/"); !ok {
			return nil // the server, or what others put beside the site
		}
		if name = strings.TrimSuffix(name, "/"); name == "" {
			return nil
		}
	}
	switch h.Typeflag {
	case tar.TypeDir:
		return nil
	case tar.TypeReg:
	default:
		return badContent("%q is no plain file", h.Name)
	}
	if l.budget.files.Add(-1) < 0 {
		return badContent("the image holds more files than are taken from any")
	}
	if snapshot.IsOwn(name) {
		return l.own(name, h.Size, r)
	}
	if l.seen[name] || l.early[name] {
		return badContent("the file %q is there twice", name)
	}
	e, ok := l.listed[name]
	if !ok && len(l.part.Parts) == 0 {
		l.early[name] = true
		return nil
	}
	switch {
	case !ok:
		return badContent("no manifest lists the file %q", name)
	case e.Size != h.Size:
		return badContent("the file %q has %d bytes, and %d in its manifest", name, h.Size, e.Size)
	}
	l.seen[name] = true
	if l.file == nil {
		return nil
	}
	return l.file(e, &entryReader{r: r, entry: e, hash: sha256.New()})
}

// own takes one of Lectern's own files: a part's manifest, or the settings.
func (l *layerReader) own(name string, size int64, r io.Reader) error {
	part, ok := snapshot.CutPart(name)
	switch {
	case !ok && name != snapshot.SettingsName:
		return badContent("a layer holds a file named %q", name)
	case size > snapshot.MaxPart:
		return badContent("%q is too large", name)
	}
	data, err := io.ReadAll(io.LimitReader(r, snapshot.MaxPart))
	if err != nil {
		return err
	}
	if !ok {
		l.part.Settings = data
		return nil
	}
	if old, ok := l.part.Parts[part]; ok {
		if !bytes.Equal(old, data) {
			return badContent("there are two manifests of the part %q", part)
		}
		return nil // the layer is read for the second time
	}
	if l.part.Parts == nil {
		l.part.Parts = map[string][]byte{}
	}
	if l.partBytes += len(data); len(l.part.Parts) == maxParts || l.partBytes > snapshot.MaxPart {
		return badContent("a layer holds more manifests than are taken from any")
	}
	l.part.Parts[part] = data
	before := len(l.part.entries)
	if err := l.part.parsePart(part, data); err != nil {
		return err
	}
	for _, e := range l.part.entries[before:] {
		l.listed[e.Path] = e
	}
	if len(l.listed) != len(l.part.entries) {
		return badContent("a file is in two of its manifests")
	}
	if l.first != nil {
		return l.first(&l.part)
	}
	return nil
}

// entryReader reads a file of which size and hash are known. The last byte is
// given only if all of them are right, so that who reads them all has them.
type entryReader struct {
	r     io.Reader
	entry snapshot.Entry
	hash  hash.Hash
	n     int64
	err   error
}

func (e *entryReader) Read(p []byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	n, err := e.r.Read(p)
	e.n += int64(n)
	_, _ = e.hash.Write(p[:n]) // a hash never fails
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		e.err = err
		return 0, err
	case e.n >= e.entry.Size && snapshot.Digest(e.hash.Sum(nil)) != e.entry.Hash, errors.Is(err, io.EOF) && e.n < e.entry.Size:
		e.err = badContent("the file %q has another content than its manifest says", e.entry.Path)
		return 0, e.err
	}
	return n, err
}

// decompress returns the archive in r, which begins with what tells how it is
// compressed. done is to be called at the end.
func decompress(r io.Reader) (content io.Reader, done func(), err error) {
	b := bufio.NewReaderSize(r, 64<<10)
	magic, err := b.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, nil, layerError(err)
		}
		return z, func() { z.Close() }, nil
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<34), zstd.WithDecoderMaxWindow(64<<20))
		if err != nil {
			return nil, nil, layerError(err)
		}
		return z, z.Close, nil
	}
	return b, func() {}, nil
}
