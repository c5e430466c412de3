package image

import (
	"context"
	"fmt"
	"slices"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Subject is an image about which something is said. It is in the repository,
// but for its tags.
type Subject struct {
	// Repository is where it is, Digest ("sha256:…") its name there.
	Repository, Digest string
	// Servers are the programs in it: one, none with files alone, and with an
	// index those of all its images.
	Servers []Server
}

// Document is something that is put beside an image as a referrer of the OCI
// distribution spec 1.1.
type Document struct {
	// MediaType is also the artifact's type.
	MediaType string
	Data      []byte
}

// emptyJSON is what the OCI image spec has for a configuration that says nothing.
var emptyJSON = []byte("{}")

const emptyType = types.MediaType("application/vnd.oci.empty.v1+json")

// subjects are the image that is tagged, first, and with an index those in it.
func (p *push) subjects(top manifest) []subject {
	all := []subject{{top, p.Image.opts.Servers}}
	if len(p.images) == 1 {
		return all
	}
	for i, img := range p.images {
		s := subject{manifest: manifest{img.manifest, types.OCIManifestSchema1}}
		if i < len(p.Image.opts.Servers) {
			s.servers = p.Image.opts.Servers[i : i+1]
		}
		all = append(all, s)
	}
	return all
}

type subject struct {
	manifest
	servers []Server
}

func (s subject) describe(r *Repository) Subject {
	return Subject{r.String(), s.descriptor().Digest.String(), s.servers}
}

// bills puts a bill of materials beside the image, and beside each in an index:
// whoever looks for it has one of their digests.
func (p *push) bills(ctx context.Context, top manifest) error {
	for _, s := range p.subjects(top) {
		doc, err := p.opts.SBOM(s.describe(p.repo))
		if err != nil {
			return err
		}
		if err := p.refer(ctx, "sbom", s.descriptor(), doc); err != nil {
			return err
		}
	}
	return nil
}

// refer puts a document beside an image, unless it is there. A registry that
// knows no referrers gets a list of them under a tag, as the spec wants it.
func (p *push) refer(ctx context.Context, kind string, about v1.Descriptor, doc Document) error {
	mediaType := types.MediaType(doc.MediaType)
	data, err := encode(v1.Manifest{
		SchemaVersion: 2, MediaType: types.OCIManifestSchema1, ArtifactType: doc.MediaType,
		Config:      describeBytes(emptyJSON, emptyType),
		Layers:      []v1.Descriptor{describeBytes(doc.Data, mediaType)},
		Subject:     &v1.Descriptor{MediaType: about.MediaType, Digest: about.Digest, Size: about.Size},
		Annotations: map[string]string{"org.opencontainers.image.created": p.Image.opts.Created.Format(time.RFC3339)},
	})
	if err != nil {
		return err
	}
	m := manifest{data, types.OCIManifestSchema1}
	ref := p.repo.repo.Digest(m.descriptor().Digest.String())
	report := Attached{kind, about.Digest.String(), ref.Name(), "there"}
	there, err := p.repo.refersTo(ctx, about.Digest, m.descriptor().Digest)
	if err != nil {
		return err
	}
	if !there {
		for _, blob := range []v1.Layer{static.NewLayer(emptyJSON, emptyType), static.NewLayer(doc.Data, mediaType)} {
			if err := p.repo.pusher.Upload(ctx, p.repo.repo, blob); err != nil {
				return err
			}
		}
		if err := p.put(ctx, ref, m); err != nil {
			return err
		}
		p.count(int64(len(emptyJSON) + len(doc.Data)))
		report.State = "pushed"
	}
	p.attached = append(p.attached, report)
	return nil
}

// refersTo reports whether the repository lists a manifest among those that
// refer to an image.
func (r *Repository) refersTo(ctx context.Context, about, digest v1.Hash) (bool, error) {
	list, err := r.referrers(ctx, about)
	return slices.ContainsFunc(list, func(d v1.Descriptor) bool { return d.Digest == digest }), err
}

// referrers lists what refers to an image, by the API or, where the registry
// lacks that, by the tag that stands for it.
func (r *Repository) referrers(ctx context.Context, about v1.Hash) ([]v1.Descriptor, error) {
	index, err := remote.Referrers(r.repo.Digest(about.String()), remote.WithContext(ctx), remote.Reuse(r.puller))
	if err != nil {
		return nil, err
	}
	list, err := index.IndexManifest()
	if err != nil {
		return nil, fmt.Errorf("read what refers to the image: %w", err)
	}
	return list.Manifests, nil
}
