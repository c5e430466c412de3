package image

import (
	"archive/tar"
	"context"
	"fmt"
	"io"
	"path"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Sink takes the files of an OCI image layout (image-layout.md of the OCI image
// spec), each once, the one that makes them an image last. Names are
// slash-separated.
type Sink interface {
	File(name string, size int64, write func(io.Writer) error) error
}

// WriteLayout writes the image as an OCI image layout and returns its digest.
// Where reference is not "", it is the name under which the image is known.
// The layout is also what `docker load` reads.
func (im *Image) WriteLayout(ctx context.Context, sink Sink, reference string) (string, error) {
	if err := im.learn(ctx, true); err != nil {
		return "", err
	}
	if err := im.describe(); err != nil {
		return "", err
	}
	top, err := im.top()
	if err != nil {
		return "", err
	}
	w := layoutWriter{sink: sink, done: map[v1.Hash]bool{}}
	if err := w.bytes("oci-layout", []byte(`{"imageLayoutVersion":"1.0.0"}`)); err != nil {
		return "", err
	}
	for _, l := range im.layers() {
		if err := ctx.Err(); err != nil {
			return "", err
		}
		if err := w.layer(l); err != nil {
			return "", err
		}
		if im.opts.Progress != nil {
			im.opts.Progress(LayerReport{Name: l.name, Digest: l.known.Digest.String(), Size: l.known.Size, State: "written"})
		}
	}
	for _, p := range im.images {
		for _, data := range [][]byte{p.config, p.manifest} {
			if err := w.blob(data); err != nil {
				return "", err
			}
		}
	}
	if err := w.blob(top.data); err != nil {
		return "", err
	}
	return top.descriptor().Digest.String(), im.writeIndex(&w, top, reference)
}

// writeIndex writes what names the image.
func (im *Image) writeIndex(w *layoutWriter, top manifest, reference string) error {
	d := top.descriptor()
	var tags []string
	if reference != "" {
		tags = []string{reference}
		d.Annotations = map[string]string{"org.opencontainers.image.ref.name": reference}
	}
	first := im.images[0]
	docker := []dockerImage{{Config: blobName(hashOf(first.config)), RepoTags: tags}}
	for _, l := range first.layers {
		docker[0].Layers = append(docker[0].Layers, blobName(l.known.Digest))
	}
	data, err := encode(docker)
	if err != nil {
		return err
	}
	if err := w.bytes("manifest.json", data); err != nil {
		return err
	}
	if data, err = encode(v1.IndexManifest{SchemaVersion: 2, MediaType: types.OCIImageIndex, Manifests: []v1.Descriptor{d}}); err != nil {
		return err
	}
	return w.bytes("index.json", data)
}

// dockerImage is an entry of manifest.json, by which `docker load` knows images.
type dockerImage struct {
	Config   string
	RepoTags []string
	Layers   []string
}

// layoutWriter writes each blob once.
type layoutWriter struct {
	sink Sink
	done map[v1.Hash]bool
}

func blobName(h v1.Hash) string { return path.Join("blobs", h.Algorithm, h.Hex) }

func (w *layoutWriter) bytes(name string, data []byte) error {
	return w.sink.File(name, int64(len(data)), func(to io.Writer) error {
		_, err := to.Write(data)
		return err
	})
}

func (w *layoutWriter) blob(data []byte) error {
	h := hashOf(data)
	if w.done[h] {
		return nil
	}
	w.done[h] = true
	return w.bytes(blobName(h), data)
}

func (w *layoutWriter) layer(l *layer) error {
	f, err := l.learn()
	if err != nil || w.done[f.Digest] {
		return err
	}
	w.done[f.Digest] = true
	defer l.drop()
	return w.sink.File(blobName(f.Digest), f.Size, func(to io.Writer) error {
		r, err := l.Compressed()
		if err != nil {
			return err
		}
		defer r.Close()
		n, err := io.Copy(to, r)
		if err == nil && n != f.Size {
			err = fmt.Errorf("the layer %q has %d bytes, not the %d that are remembered: delete the cache", l.name, n, f.Size)
		}
		return err
	})
}

// TarSink writes a layout as one archive, such as `skopeo copy oci-archive:…`
// and `docker load` read. It must be closed.
type TarSink struct {
	t    *tar.Writer
	made map[string]bool
	now  time.Time
}

// NewTarSink returns a sink that writes to w; every file is of the time given.
func NewTarSink(w io.Writer, t time.Time) *TarSink {
	return &TarSink{t: tar.NewWriter(w), made: map[string]bool{".": true}, now: t.UTC().Truncate(time.Second)}
}

// File adds a file to the archive.
func (s *TarSink) File(name string, size int64, write func(io.Writer) error) error {
	if err := writeFolders(s.t, s.made, path.Dir(name)); err != nil {
		return err
	}
	if err := s.t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o644, ModTime: s.now}); err != nil {
		return err
	}
	return write(s.t)
}

// Close writes the archive's end.
func (s *TarSink) Close() error { return s.t.Close() }
