package image

import (
	"errors"
	"os"
	"testing"

	"lectern/internal/attest"
)

// A signature of the newer form is found where nobody made one of the older,
// and a stranger's does not hide what is wrong.
func TestVerifyBundle(t *testing.T) {
	bundle, err := os.ReadFile("../attest/testdata/bundle.json")
	if err != nil {
		t.Fatal(err)
	}
	r, _ := serve(t, nil)
	_, trust := newSigner(t)
	opts := everything(nil, "v1")
	opts.Provenance = nil
	opts.SBOM = func(Subject) (Document, error) { return Document{attest.BundleType + ".v0.3+json", bundle}, nil }
	out, err := plan(t, files(3), nil).Push(t.Context(), r, opts)
	if err != nil {
		t.Fatal(err)
	}
	// It is read, and is that of another image with another key.
	if err := r.Verify(t.Context(), out.Digest, trust); !errors.Is(err, attest.ErrOtherKey) {
		t.Errorf("%v", err)
	}
	signer, trust := newSigner(t)
	envelope, err := signer.Attest(attest.Statement{
		Type: "https://in-toto.io/Statement/v1", PredicateType: "https://sigstore.dev/cosign/sign/v1", Predicate: map[string]string{},
		Subject: []attest.Resource{{Digest: map[string]string{"sha256": out.Digest[len("sha256:"):]}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	bundle = []byte(`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":` + string(envelope) + `}`)
	if _, err := plan(t, files(3), nil).Push(t.Context(), r, opts); err != nil {
		t.Fatal(err)
	}
	if err := r.Verify(t.Context(), out.Digest, trust); err != nil {
		t.Error(err)
	}
}
