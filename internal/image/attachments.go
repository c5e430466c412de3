package image

import (
	"context"
	"strings"

	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// Attachment is something that lies beside an image in its repository.
type Attachment struct {
	// Kind is "signature", "sbom", "attestation", or the type of what it is.
	Kind   string `json:"kind"`
	Digest string `json:"digest"`
}

// attachments are what lies beside an image in a registry: under the tags that
// cosign gives, and what refers to it. Where a registry can't tell there are none
// that could be shown: it is no reason not to show the rest.
func (f *Found) attachments(ctx context.Context) []Attachment {
	at, ok := f.at.(remoteBlobs)
	if !ok {
		return nil
	}
	var out []Attachment
	name := strings.Replace(f.Digest, ":", "-", 1)
	for _, k := range []struct{ suffix, kind string }{{".sig", "signature"}, {".sbom", "sbom"}, {".att", "attestation"}} {
		if d, err := at.repo.puller.Head(ctx, at.repo.repo.Tag(name+k.suffix)); err == nil {
			out = append(out, Attachment{k.kind, d.Digest.String()})
		}
	}
	index, err := remote.Referrers(at.repo.repo.Digest(f.Digest), remote.Reuse(at.repo.puller), remote.WithContext(ctx))
	if err != nil {
		return out
	}
	list, err := index.IndexManifest()
	if err != nil {
		return out
	}
	for _, d := range list.Manifests[:min(len(list.Manifests), maxAttached)] {
		out = append(out, Attachment{attachmentKind(d.ArtifactType), d.Digest.String()})
	}
	return out
}

// attachmentKind is a person's word for the type of what refers to an image.
func attachmentKind(artifactType string) string {
	for _, k := range []struct{ part, kind string }{
		{"cosign", "signature"}, {"notary", "signature"}, {"sigstore.bundle", "signature"}, {"spdx", "sbom"}, {"cyclonedx", "sbom"}, {"in-toto", "attestation"},
	} {
		if strings.Contains(strings.ToLower(artifactType), k.part) {
			return k.kind
		}
	}
	return printable(artifactType)
}
