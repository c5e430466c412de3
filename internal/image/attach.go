package image

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"lectern/internal/attest"
)

// Attached is something that was put beside an image.
type Attached struct {
	// Kind is "signature", "sbom" or "provenance".
	Kind string `json:"kind"`
	// Digest is that of the image which it is about, Reference where it is.
	Digest    string `json:"digest"`
	Reference string `json:"reference"`
	// State is "pushed", or "there" if the registry had it already.
	State string `json:"state"`
}

// What cosign calls the parts of a signature in a registry: it is an image
// under a tag made of the digest that is signed, with one layer for each
// signature, which is the claim that is signed.
const (
	signatureSuffix     = ".sig"
	signatureLayer      = types.MediaType("application/vnd.dev.cosign.simplesigning.v1+json")
	signatureAnnotation = "dev.cosignproject.cosign/signature"
	attestationSuffix   = ".att"
	attestationLayer    = types.MediaType("application/vnd.dsse.envelope.v1+json")
)

// The most that is read of what others put beside an image.
const (
	maxAttached     = 100
	maxAttachedSize = 1 << 20
)

// beside is the tag under which things about a digest are: cosign's scheme, and
// without a suffix that of the OCI distribution spec for referrers.
func beside(digest v1.Hash, suffix string) string {
	return digest.Algorithm + "-" + digest.Hex + suffix
}

// isBeside reports whether a tag is one that [beside] makes, and so names no image.
func isBeside(tag string) bool {
	hex, ok := strings.CutPrefix(tag, "sha256-")
	return ok && len(hex) >= 64 && strings.Trim(hex[:64], "0123456789abcdef") == ""
}

// attachError says what could not be put beside an image.
type attachError struct {
	kind string
	err  error
}

func (e *attachError) Error() string { return "attach the " + e.kind + ": " + e.err.Error() }
func (e *attachError) Unwrap() error { return e.err }

// attach puts beside the image what the options say.
func (p *push) attach(ctx context.Context, top manifest) error {
	if p.opts.Signer != nil {
		if err := p.sign(ctx, top.descriptor().Digest); err != nil {
			return &attachError{"signature", err}
		}
	}
	if p.opts.SBOM != nil {
		if err := p.bills(ctx, top); err != nil {
			return &attachError{"bill of materials", err}
		}
	}
	if p.opts.Provenance != nil {
		if err := p.prove(ctx, subject{top, p.Image.opts.Servers}); err != nil {
			return &attachError{"provenance", err}
		}
	}
	return nil
}

// prove adds a signed statement of how the image was made, unless there is one
// of the same key: what made the image is told, not who pushed it again.
func (p *push) prove(ctx context.Context, s subject) error {
	digest := s.descriptor().Digest
	there, err := p.repo.attached(ctx, digest, attestationSuffix)
	if err != nil {
		return err
	}
	state := "there"
	known, err := p.proved(ctx, there, digest)
	if err != nil {
		return err
	}
	if !known {
		statement, err := p.opts.Provenance(s.describe(p.repo))
		if err != nil {
			return err
		}
		envelope, err := p.opts.Signer.Attest(statement)
		if err != nil {
			return err
		}
		d := describeBytes(envelope, attestationLayer)
		// Its readers demand the first annotation, though an envelope has its own signature.
		d.Annotations = map[string]string{signatureAnnotation: "", "predicateType": statement.PredicateType}
		if err := p.add(ctx, digest, attestationSuffix, there, d, envelope); err != nil {
			return err
		}
		state = "pushed"
	}
	p.note("provenance", digest, attestationSuffix, state)
	return nil
}

func (p *push) proved(ctx context.Context, there v1.Manifest, digest v1.Hash) (bool, error) {
	keys := []attest.PublicKey{p.opts.Signer.Public()}
	for _, l := range there.Layers {
		if l.MediaType != attestationLayer || l.Annotations["predicateType"] != attest.ProvenanceType {
			continue
		}
		envelope, err := p.repo.blob(ctx, l)
		if err != nil {
			return false, err
		}
		if attest.Attested(envelope, digest.String(), attest.ProvenanceType, keys) {
			return true, nil
		}
	}
	return false, nil
}

// sign adds a signature of the digest, unless there is one of the same key.
// Those of other keys stay.
func (p *push) sign(ctx context.Context, digest v1.Hash) error {
	s, err := p.opts.Signer.Sign(p.repo.String(), digest.String())
	if err != nil {
		return err
	}
	there, err := p.repo.attached(ctx, digest, signatureSuffix)
	if err != nil {
		return err
	}
	own := attest.Trust{Keys: []attest.PublicKey{p.opts.Signer.Public()}}
	signatures, err := p.repo.signatures(ctx, there)
	if err != nil {
		return err
	}
	state := "there"
	if attest.Verify(p.repo.String(), digest.String(), signatures, own) != nil {
		d := describeBytes(s.Payload, signatureLayer)
		d.Annotations = map[string]string{signatureAnnotation: base64.StdEncoding.EncodeToString(s.Value)}
		if err := p.add(ctx, digest, signatureSuffix, there, d, s.Payload); err != nil {
			return err
		}
		state = "pushed"
	}
	p.note("signature", digest, signatureSuffix, state)
	return nil
}

func (p *push) note(kind string, digest v1.Hash, suffix, state string) {
	p.attached = append(p.attached, Attached{kind, digest.String(), p.repo.repo.Tag(beside(digest, suffix)).Name(), state})
}

// add puts one more layer into what is under a tag beside the image.
func (p *push) add(ctx context.Context, digest v1.Hash, suffix string, there v1.Manifest, d v1.Descriptor, data []byte) error {
	m := v1.Manifest{SchemaVersion: 2, MediaType: types.OCIManifestSchema1, Annotations: there.Annotations, Layers: append(there.Layers, d)}
	// Its readers want an image, and an image has a configuration that counts layers.
	config := v1.ConfigFile{RootFS: v1.RootFS{Type: "layers"}}
	for _, l := range m.Layers {
		config.RootFS.DiffIDs = append(config.RootFS.DiffIDs, l.Digest)
	}
	configData, err := encode(config)
	if err != nil {
		return err
	}
	m.Config = describeBytes(configData, types.OCIConfigJSON)
	for _, blob := range []v1.Layer{static.NewLayer(data, d.MediaType), static.NewLayer(configData, types.OCIConfigJSON)} {
		if err := p.repo.pusher.Upload(ctx, p.repo.repo, blob); err != nil {
			return err
		}
	}
	p.count(int64(len(data) + len(configData)))
	raw, err := encode(m)
	if err != nil {
		return err
	}
	return p.put(ctx, p.repo.repo.Tag(beside(digest, suffix)), manifest{raw, types.OCIManifestSchema1})
}

// attached reads what is under a tag beside an image; nothing if it is not there.
func (r *Repository) attached(ctx context.Context, digest v1.Hash, suffix string) (v1.Manifest, error) {
	m, err := r.readManifest(ctx, r.repo.Tag(beside(digest, suffix)))
	if isMissing(err) {
		return v1.Manifest{}, nil
	}
	return m, err
}

// readManifest reads the small manifest of something that is beside an image.
func (r *Repository) readManifest(ctx context.Context, ref name.Reference) (v1.Manifest, error) {
	d, err := r.puller.Get(ctx, ref)
	if err != nil {
		return v1.Manifest{}, err
	}
	var m v1.Manifest
	if err := json.Unmarshal(d.Manifest, &m); err != nil || !d.MediaType.IsImage() {
		return v1.Manifest{}, fmt.Errorf("what is there as %s is no list of signatures", ref.Identifier())
	}
	if len(m.Layers) > maxAttached {
		return v1.Manifest{}, fmt.Errorf("%s has %d entries, more than %d", ref.Identifier(), len(m.Layers), maxAttached)
	}
	return m, nil
}

// signatures fetches the signatures that a manifest lists.
func (r *Repository) signatures(ctx context.Context, m v1.Manifest) ([]attest.Signature, error) {
	var out []attest.Signature
	for _, l := range m.Layers {
		value, err := base64.StdEncoding.DecodeString(l.Annotations[signatureAnnotation])
		if err != nil || len(value) == 0 || l.MediaType != signatureLayer {
			continue
		}
		payload, err := r.blob(ctx, l)
		if err != nil {
			return nil, err
		}
		out = append(out, attest.Signature{Payload: payload, Value: value})
	}
	return out, nil
}

// blob fetches a small blob and makes sure that it is the one.
func (r *Repository) blob(ctx context.Context, d v1.Descriptor) ([]byte, error) {
	if d.Size > maxAttachedSize {
		return nil, fmt.Errorf("%s has %d bytes, more than %d", d.Digest, d.Size, maxAttachedSize)
	}
	layer, err := r.puller.Layer(ctx, r.repo.Digest(d.Digest.String()))
	if err != nil {
		return nil, err
	}
	body, err := layer.Compressed()
	if err != nil {
		return nil, err
	}
	defer body.Close()
	var b bytes.Buffer
	if _, err := io.Copy(&b, io.LimitReader(body, maxAttachedSize)); err != nil {
		return nil, err
	}
	if hashOf(b.Bytes()) != d.Digest {
		return nil, fmt.Errorf("the registry gives other bytes for %s", d.Digest)
	}
	return b.Bytes(), nil
}
