// Package slimserver holds the small servers that a release of lectern puts
// into images: cmd/lectern-server for each platform that images are made for.
//
// They are programs for other machines than the one that lectern runs on, so
// that images for all platforms can be made anywhere, with no Go and no
// network. internal/dist builds them, compressed, into the folder files, and
// then lectern itself with the build tag release, which embeds them. A build
// without the tag, such as go install makes, carries none and needs no such
// folder.
package slimserver

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// platforms are sorted.
var platforms = [...]string{"linux/amd64", "linux/arm64"}

// Platforms returns the platforms that a release carries a server for.
func Platforms() []string { return slices.Clone(platforms[:]) }

// folder is where the build finds the servers, and their names' beginning.
const folder, prefix = "files", "lectern-server-"

// FileName is the name of the compressed server for a platform.
func FileName(platform string) string {
	return prefix + strings.ReplaceAll(platform, "/", "-") + ".gz"
}

// Set is the servers that this build carries; the zero Set is empty.
type Set struct{ files fs.FS }

// Carried returns what this build carries: a server for each of [Platforms] in
// a release, nothing in other builds.
func Carried() Set { return Set{embedded()} }

// From returns the set of the compressed servers that lie in files.
func From(files fs.FS) Set { return Set{files} }

// Platforms returns those that there is a server for, sorted.
func (s Set) Platforms() []string {
	var out []string
	for _, p := range platforms {
		if s.files == nil {
			break
		}
		if _, err := fs.Stat(s.files, path.Join(folder, FileName(p))); err == nil {
			out = append(out, p)
		}
	}
	return out
}

// mostBytes bounds a server: the file is our own, but a bound costs nothing.
const mostBytes = 256 << 20

// Binary returns the program for a platform. The error is [fs.ErrNotExist] if
// there is none.
func (s Set) Binary(platform string) (data []byte, err error) {
	if s.files == nil {
		return nil, fmt.Errorf("a server for %s: %w", platform, fs.ErrNotExist)
	}
	f, err := s.files.Open(path.Join(folder, FileName(platform)))
	if err != nil {
		return nil, fmt.Errorf("a server for %s: %w", platform, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("unpack the server for %s: %w", platform, err)
	}
	if data, err = io.ReadAll(io.LimitReader(z, mostBytes)); err != nil {
		return nil, fmt.Errorf("unpack the server for %s: %w", platform, err)
	}
	return data, nil
}

// Pack writes the program as [Set.Binary] reads it. The same program gives the
// same bytes.
func Pack(w io.Writer, binary []byte) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(binary); err != nil {
		return err
	}
	return z.Close()
}
