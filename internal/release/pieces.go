package release

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"lectern/internal/snapshot"
)

// The list of a release's files is cut into pieces where the hash of a path
// says so. So a file that comes, goes or changes makes one piece another, and
// all others are shared with the release before.
const (
	cutMask  = 127 // every 128 files on average
	maxPiece = 1024
	// maxPath is longer than any file system's.
	maxPath = 4096
)

const flagRendered = 1

// entry is a file of a release.
type entry struct {
	path     string
	hash     snapshot.Digest
	size     int64
	rendered bool
}

// entriesOf returns what a release keeps of files.
func entriesOf(files []*snapshot.File) []entry {
	all := make([]entry, len(files))
	for i, f := range files {
		all[i] = entry{f.Path, f.Hash, f.Size(), f.Source == nil || f.Rendered}
	}
	return all
}

// eachPiece calls fn with the bytes of each piece of all, which fn must not keep.
func eachPiece(all []entry, fn func(piece []byte) error) error {
	var b []byte
	n := 0
	for i := range all {
		b = appendEntry(b, &all[i])
		if n++; n < maxPiece && i+1 < len(all) && pathHash(all[i].path)&cutMask != 0 {
			continue
		}
		if err := fn(b); err != nil {
			return err
		}
		b, n = b[:0], 0
	}
	return nil
}

// pathHash is FNV-1a with its bits mixed, so that the low ones say something.
func pathHash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h ^ h>>29
}

func appendEntry(b []byte, e *entry) []byte {
	flags := byte(0)
	if e.rendered {
		flags = flagRendered
	}
	b = append(append(b, flags), e.hash[:]...)
	b = binary.AppendUvarint(b, uint64(e.size))
	b = binary.AppendUvarint(b, uint64(len(e.path)))
	return append(b, e.path...)
}

var errPiece = errors.New("a piece of the list of files cannot be read")

// decodePiece adds the files of a piece to all. What leads out of a site is
// refused.
func decodePiece(all []entry, piece []byte) ([]entry, error) {
	for len(piece) > 0 {
		var e entry
		if piece[0] > flagRendered || len(piece) < 1+len(e.hash) {
			return nil, errPiece
		}
		e.rendered = piece[0] == flagRendered
		piece = piece[1+copy(e.hash[:], piece[1:]):]
		size, n := binary.Uvarint(piece)
		if n <= 0 || int64(size) < 0 {
			return nil, errPiece
		}
		e.size, piece = int64(size), piece[n:]
		length, n := binary.Uvarint(piece)
		if n <= 0 || length > maxPath || length > uint64(len(piece)-n) {
			return nil, errPiece
		}
		piece = piece[n:]
		e.path, piece = string(piece[:length]), piece[length:]
		if err := checkPath(e.path); err != nil {
			return nil, err
		}
		if len(all) > 0 && all[len(all)-1].path >= e.path {
			return nil, fmt.Errorf("%w: %q is out of order", errPiece, e.path)
		}
		all = append(all, e)
	}
	return all, nil
}

// checkPath refuses what is no path of a site.
func checkPath(p string) error {
	if p == "." || !fs.ValidPath(p) || len(p) > maxPath || strings.ContainsFunc(p, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Errorf("%w: %q is no path of a site", errPiece, p)
	}
	return nil
}
