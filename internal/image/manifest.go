package image

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/sync/errgroup"
)

// layersAnnotation says in a manifest what each layer holds, and by which key
// the next image knows its digest without making it: "assets KEY,notes 00 KEY".
// Annotations of each layer would say the same at twice the length, and a manifest
// is pushed with each letter.
const layersAnnotation = "lectern.layers"

// labelled is what a manifest says of a layer.
type labelled struct{ name, key string }

// labelLayers writes the annotation.
func labelLayers(layers []*layer) string {
	var b strings.Builder
	for i, l := range layers {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(l.name + " " + l.key)
	}
	return b.String()
}

// labelsOf reads the annotation: one for each layer, or none for a manifest that
// another program wrote.
func labelsOf(m *v1.Manifest) []labelled {
	text := m.Annotations[layersAnnotation]
	if strings.Count(text, ",")+1 != len(m.Layers) {
		return nil
	}
	out := make([]labelled, 0, len(m.Layers))
	for part := range strings.SplitSeq(text, ",") {
		i := strings.LastIndexByte(part, ' ')
		if i < 0 {
			return nil
		}
		out = append(out, labelled{part[:i], part[i+1:]})
	}
	return out
}

// user is whom the server runs as: one without name and rights in any image.
const user = "65532:65532"

// learn makes all layers known, in parallel; with bytes also what they are made
// of, as far as that is kept.
func (im *Image) learn(ctx context.Context, bytes bool) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(im.opts.Jobs)
	for _, l := range im.layers() {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return im.learnLayer(l, bytes)
		})
	}
	return g.Wait()
}

func (im *Image) learnLayer(l *layer, bytes bool) error {
	l.mu.Lock()
	switch {
	case l.known != nil:
	case !bytes:
		l.known = remembered(im.opts.Memory, l.key)
	case l.lasting:
		l.known, l.data = rememberedBytes(im.opts.Memory, l.key)
	}
	known := l.known != nil
	l.mu.Unlock()
	f, err := l.learn()
	if err == nil && !known {
		remember(im.opts.Memory, l.key, f)
		if im.opts.Memory != nil && l.lasting && bytes && l.data != nil {
			im.opts.Memory.Put(bytesKey(l.key), l.data)
		}
	}
	return err
}

// describe makes configurations and manifests; all layers are known.
func (im *Image) describe() error {
	for _, p := range im.images {
		var err error
		if p.config, err = im.config(p); err != nil {
			return err
		}
		if p.manifest, err = im.manifest(p); err != nil {
			return err
		}
	}
	return nil
}

// labels are what the image says of itself, in the OCI image spec's words
// (annotations.md).
func (im *Image) labels() map[string]string {
	labels := map[string]string{"org.opencontainers.image.created": im.opts.Created.Format(time.RFC3339)}
	for name, value := range map[string]string{
		"title": im.opts.Title, "version": im.opts.Version, "revision": im.opts.Revision, "source": im.opts.Source,
		// It is what tools that look for newer bases understand as none.
		"base.name": "scratch",
	} {
		if value != "" {
			labels["org.opencontainers.image."+name] = value
		}
	}
	return labels
}

// config has no history: what made each layer stands in the manifest, and a line
// for each of a hundred layers would be pushed with each letter.
func (im *Image) config(p *platformImage) ([]byte, error) {
	c := v1.ConfigFile{
		Created: v1.Time{Time: im.opts.Created}, OS: p.platform.OS, Architecture: p.platform.Architecture, Variant: p.platform.Variant,
		Config: v1.Config{Labels: im.labels()},
		RootFS: v1.RootFS{Type: "layers"},
	}
	if !im.opts.ContentOnly {
		c.Config.User, c.Config.WorkingDir, c.Config.StopSignal = user, "/", "SIGTERM"
		c.Config.Entrypoint = []string{"/lectern", "serve", "--snapshot", "/" + mount}
		c.Config.ExposedPorts = map[string]struct{}{"8080/tcp": {}}
		c.Config.Env = []string{"LECTERN_BIND=0.0.0.0", "LECTERN_PORT=8080", "LECTERN_DRAIN=3s"}
	}
	for _, l := range p.layers {
		diff, err := l.DiffID()
		if err != nil {
			return nil, err
		}
		c.RootFS.DiffIDs = append(c.RootFS.DiffIDs, diff)
	}
	return encode(c)
}

func (im *Image) manifest(p *platformImage) ([]byte, error) {
	m := v1.Manifest{
		SchemaVersion: 2, MediaType: types.OCIManifestSchema1, Annotations: im.labels(),
		Config: describeBytes(p.config, types.OCIConfigJSON),
	}
	m.Annotations[layersAnnotation] = labelLayers(p.layers)
	for _, l := range p.layers {
		f, err := l.learn()
		if err != nil {
			return nil, err
		}
		m.Layers = append(m.Layers, v1.Descriptor{MediaType: l.pack.media, Digest: f.Digest, Size: f.Size})
	}
	return encode(m)
}

// top is the manifest that a tag names: the one image's, or the index.
func (im *Image) top() (manifest, error) {
	if len(im.images) == 1 {
		return manifest{im.images[0].manifest, types.OCIManifestSchema1}, nil
	}
	index := v1.IndexManifest{SchemaVersion: 2, MediaType: types.OCIImageIndex, Annotations: im.labels()}
	for _, p := range im.images {
		d := describeBytes(p.manifest, types.OCIManifestSchema1)
		d.Platform = &p.platform
		index.Manifests = append(index.Manifests, d)
	}
	data, err := encode(index)
	return manifest{data, types.OCIImageIndex}, err
}

// manifest is one that can be put under a tag.
type manifest struct {
	data []byte
	kind types.MediaType
}

// RawManifest returns its bytes.
func (m manifest) RawManifest() ([]byte, error) { return m.data, nil }

// MediaType returns what it is.
func (m manifest) MediaType() (types.MediaType, error) { return m.kind, nil }

func (m manifest) descriptor() v1.Descriptor { return describeBytes(m.data, m.kind) }

func describeBytes(data []byte, kind types.MediaType) v1.Descriptor {
	return v1.Descriptor{MediaType: kind, Digest: hashOf(data), Size: int64(len(data))}
}

func hashOf(data []byte) v1.Hash {
	sum := sha256.Sum256(data)
	return v1.Hash{Algorithm: "sha256", Hex: hex.EncodeToString(sum[:])}
}

func encode(v any) ([]byte, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("describe the image: %w", err)
	}
	return data, nil
}
