package image

import (
	"context"
	"errors"
	"fmt"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"lectern/internal/attest"
)

// Verify makes sure that the image with this digest ("sha256:…") is signed with
// one of the keys, in cosign's older form or its newer one. What the repository lacks or says wrongly is an
// [attest.TrustError]; that it could not be asked a [RegistryError].
//
// A tag may be moved between this and the next question: resolve it first, and
// use what has the digest that was verified.
func (r *Repository) Verify(ctx context.Context, digest string, trust attest.Trust) error {
	h, err := v1.NewHash(digest)
	if err != nil {
		return &NameError{fmt.Sprintf("%q is no digest", digest), "a digest is sha256: and 64 hexadecimal digits"}
	}
	m, err := r.attached(ctx, h, signatureSuffix)
	if err != nil {
		return r.explain(ctx, err)
	}
	signatures, err := r.signatures(ctx, m)
	if err != nil {
		return r.explain(ctx, err)
	}
	trustErr := attest.Verify(r.String(), digest, signatures, trust)
	if trustErr == nil {
		return nil
	}
	bundles, err := r.bundles(ctx, h)
	if err != nil {
		return r.explain(ctx, err)
	}
	err = attest.VerifyBundles(r.String(), digest, bundles, trust)
	if err != nil && !errors.Is(trustErr, attest.ErrUnsigned) {
		return trustErr // it knows more of what is wrong
	}
	return err
}

// bundles fetches the signatures of the newer form, which refer to the image.
func (r *Repository) bundles(ctx context.Context, about v1.Hash) ([][]byte, error) {
	list, err := r.referrers(ctx, about)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	for _, d := range list[:min(len(list), maxAttached)] {
		if !strings.HasPrefix(d.ArtifactType, attest.BundleType) {
			continue
		}
		m, err := r.readManifest(ctx, r.repo.Digest(d.Digest.String()))
		if err != nil {
			return nil, err
		}
		if len(m.Layers) != 1 || !strings.HasPrefix(string(m.Layers[0].MediaType), attest.BundleType) {
			continue
		}
		data, err := r.blob(ctx, m.Layers[0])
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}
