package release

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"sync"

	"lectern/internal/snapshot"
)

// A pack is the objects, one after the other; an index with a line of 57 bytes
// for each; and a footer that says where the index begins and has its checksum.
// All numbers are little-endian.
//
//	header  "lectern-pack 1\n"
//	objects …
//	index   hash[32] offset[8] stored[8] size[8] form[1], …
//	footer  offset of the index[8] SHA-256 of header and index[32] "lpack-1\n"
const (
	packHeader = "lectern-pack 1\n"
	packEnd    = "lpack-1\n"
	indexLine  = 57
	footerSize = 8 + sha256.Size + len(packEnd)
	// maxIndex bounds what is read of an index at once: some four million objects.
	maxIndex = 256 << 20
)

// The forms an object is kept in.
const (
	formRaw  = 0
	formZstd = 1
)

// pack is an open pack. It is closed by the store, or, once the store has
// dropped it and no snapshot reads from it any more, by the garbage collector,
// as every file is. So a release that is shown stays readable when it is pruned.
type pack struct {
	name string
	file *os.File
	data int64 // bytes of objects
	// checked has the offsets of large objects whose content was once compared
	// with their hash.
	checked sync.Map
	// damaged has the offsets of objects that were found to be so.
	damaged sync.Map
}

// place is where an object is.
type place struct {
	pack   *pack
	offset int64
	stored int64 // length there
	size   int64 // length of the content
	form   byte
}

// isDamaged reports whether the object was found damaged: then it is to be
// stored again by who has it.
func (p place) isDamaged() bool {
	_, yes := p.pack.damaged.Load(p.offset)
	return yes
}

// packWriter writes a pack under a temporary name.
type packWriter struct {
	file   *os.File
	w      *bufio.Writer
	at     int64
	index  []byte
	places map[snapshot.Digest]place // without their pack
}

func newPackWriter(f *os.File) (*packWriter, error) {
	w := &packWriter{file: f, w: bufio.NewWriterSize(f, 256<<10), places: map[snapshot.Digest]place{}}
	_, err := w.w.WriteString(packHeader)
	w.at = int64(len(packHeader))
	return w, err
}

// add writes an object as it is kept.
func (w *packWriter) add(h snapshot.Digest, form byte, size int64, stored []byte) error {
	if _, err := w.w.Write(stored); err != nil {
		return err
	}
	w.note(h, form, size, int64(len(stored)))
	return nil
}

// copyFrom writes stored bytes of r as an object, and checks nothing.
func (w *packWriter) copyFrom(h snapshot.Digest, form byte, size, stored int64, r io.Reader) error {
	n, err := io.Copy(w.w, io.LimitReader(r, stored))
	if err == nil && n != stored {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	w.note(h, form, size, stored)
	return nil
}

// addStream writes the content of r uncompressed and checks that it is what h
// and size say. After an error the pack is not to be used.
func (w *packWriter) addStream(h snapshot.Digest, size int64, r io.Reader) error {
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w.w, sum), io.LimitReader(r, size+1))
	if err != nil {
		return err
	}
	if n != size || snapshot.Digest(sum.Sum(nil)) != h {
		return snapshot.ErrChanged
	}
	w.note(h, formRaw, size, size)
	return nil
}

func (w *packWriter) note(h snapshot.Digest, form byte, size, stored int64) {
	w.index = append(w.index, h[:]...)
	for _, n := range [...]int64{w.at, stored, size} {
		w.index = binary.LittleEndian.AppendUint64(w.index, uint64(n))
	}
	w.index = append(w.index, form)
	w.places[h] = place{offset: w.at, stored: stored, size: size, form: form}
	w.at += stored
}

// finish writes index and footer and flushes all to the disk.
func (w *packWriter) finish() error {
	sum := indexSum(w.index)
	tail := binary.LittleEndian.AppendUint64(nil, uint64(w.at))
	tail = append(sum.Sum(tail), packEnd...)
	if _, err := w.w.Write(w.index); err != nil {
		return err
	}
	if _, err := w.w.Write(tail); err != nil {
		return err
	}
	if err := w.w.Flush(); err != nil {
		return err
	}
	return w.file.Sync()
}

func indexSum(index []byte) hash.Hash {
	sum := sha256.New()
	sum.Write([]byte(packHeader))
	sum.Write(index)
	return sum
}

// readPack reads the index of an open pack and returns where its objects are.
// One that is not whole gives [ErrDamaged].
func readPack(f *os.File, name string) (*pack, map[snapshot.Digest]place, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	end := info.Size() - int64(footerSize)
	if end < int64(len(packHeader)) {
		return nil, nil, fmt.Errorf("%w: it is cut short", ErrDamaged)
	}
	footer := make([]byte, footerSize)
	if _, err := f.ReadAt(footer, end); err != nil {
		return nil, nil, err
	}
	start := int64(binary.LittleEndian.Uint64(footer))
	length := end - start
	if !bytes.HasSuffix(footer, []byte(packEnd)) || start < int64(len(packHeader)) || length < 0 || length > maxIndex || length%indexLine != 0 {
		return nil, nil, fmt.Errorf("%w: it has no end", ErrDamaged)
	}
	index := make([]byte, length)
	if _, err := f.ReadAt(index, start); err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, err
	}
	if !bytes.Equal(indexSum(index).Sum(nil), footer[8:8+sha256.Size]) {
		return nil, nil, fmt.Errorf("%w: the checksum of its index is another", ErrDamaged)
	}
	p := &pack{name: name, file: f, data: start - int64(len(packHeader))}
	places := make(map[snapshot.Digest]place, len(index)/indexLine)
	for line := index; len(line) > 0; line = line[indexLine:] {
		at := place{
			pack:   p,
			offset: int64(binary.LittleEndian.Uint64(line[32:])),
			stored: int64(binary.LittleEndian.Uint64(line[40:])),
			size:   int64(binary.LittleEndian.Uint64(line[48:])),
			form:   line[56],
		}
		if at.offset < 0 || at.stored < 0 || at.size < 0 || at.offset > start || at.stored > start-at.offset || at.form > formZstd {
			return nil, nil, fmt.Errorf("%w: its index leads out of it", ErrDamaged)
		}
		places[snapshot.Digest(line[:32])] = at
	}
	return p, places, nil
}
