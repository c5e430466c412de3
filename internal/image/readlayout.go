package image

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// NoLayoutError says that a file or folder is no OCI image layout.
type NoLayoutError struct{ Name string }

// Error names the file or folder.
func (e *NoLayoutError) Error() string { return e.Name + " is no image: it has no index.json" }

// Hint says what to do about it.
func (e *NoLayoutError) Hint() string {
	return "name an archive that lectern image -o wrote, a folder of the OCI layout, or an image in a registry"
}

// FindInLayout looks up the image in an OCI image layout, which name is for
// messages.
func FindInLayout(ctx context.Context, name string, layout fs.FS) (*Found, error) {
	at := layoutBlobs{layout}
	top, err := at.readAll("index.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &NoLayoutError{name}
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	var index v1.IndexManifest
	if err := json.Unmarshal(top, &index); err != nil || len(index.Manifests) == 0 {
		return nil, &NoLayoutError{name}
	}
	if len(index.Manifests) > 1 {
		return nil, &NameError{fmt.Sprintf("%s holds %d images", name, len(index.Manifests)), "copy the one out that you mean, for example with skopeo"}
	}
	d := index.Manifests[0]
	f := &Found{Reference: name, Digest: d.Digest.String(), at: at}
	data, err := at.manifest(ctx, d)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return f, f.describe(ctx, data)
}

// layoutBlobs are those of an OCI image layout.
type layoutBlobs struct{ fs.FS }

func (b layoutBlobs) readAll(name string) ([]byte, error) {
	f, err := b.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxDescription+1))
	if err == nil && len(data) > maxDescription {
		err = badContent("%s is too large", name)
	}
	return data, err
}

func (b layoutBlobs) open(_ context.Context, d v1.Descriptor) (io.ReadCloser, error) {
	return b.Open(blobName(d.Digest))
}

func (b layoutBlobs) manifest(_ context.Context, d v1.Descriptor) ([]byte, error) {
	if d.Digest.Algorithm != "sha256" {
		return nil, badContent("it names a manifest %q", printable(d.Digest.String()))
	}
	data, err := b.readAll(blobName(d.Digest))
	if err == nil && hashOf(data) != d.Digest {
		err = badContent("its %s is not what that says", blobName(d.Digest))
	}
	return data, err
}

func (b layoutBlobs) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// Archive shows the files of an archive that is read where they lie in it: only
// plain files, by their full name.
type Archive struct {
	r     io.ReaderAt
	files map[string]placeInArchive
}

type placeInArchive struct {
	header *tar.Header
	offset int64
}

// maxArchived is how many files are looked at in an archive.
const maxArchived = 100_000

// NewArchive reads the names in the archive r of so many bytes.
func NewArchive(r io.ReaderAt, size int64) (*Archive, error) {
	a := &Archive{r, map[string]placeInArchive{}}
	s := io.NewSectionReader(r, 0, size)
	for t := tar.NewReader(s); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return a, nil
		}
		if err != nil {
			return nil, badContent("it is no archive: %v", err)
		}
		if len(a.files) == maxArchived {
			return nil, badContent("it holds more than %d files", maxArchived)
		}
		// A tar.Reader reads no further than it has to.
		offset, err := s.Seek(0, io.SeekCurrent)
		if err != nil {
			return nil, err
		}
		if h.Typeflag == tar.TypeReg && offset+h.Size <= size {
			a.files[h.Name] = placeInArchive{h, offset}
		}
	}
}

// Open opens one of the files.
func (a *Archive) Open(name string) (fs.File, error) {
	p, ok := a.files[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &archived{io.NewSectionReader(a.r, p.offset, p.header.Size), p.header}, nil
}

// archived is an open file of an archive.
type archived struct {
	*io.SectionReader
	header *tar.Header
}

// Stat describes the file.
func (f *archived) Stat() (fs.FileInfo, error) { return f.header.FileInfo(), nil }

// Close does nothing: the archive stays open.
func (f *archived) Close() error { return nil }
