package attest

import "encoding/json"

// BundleType is how the media type of a sigstore bundle begins: the newer form,
// which cosign 3 makes unless it is told otherwise. It is read here, not
// written: older versions of Flux don't know it.
const BundleType = "application/vnd.dev.sigstore.bundle"

// signType is the predicate of a statement that does nothing but vouch for an image.
const signType = "https://sigstore.dev/cosign/sign/v1"

// VerifyBundles finds, among bundles, one that vouches for the image with the
// digest in the repository. It names no repository, so the names that are
// trusted do not count. Without one the error is a [TrustError].
func VerifyBundles(repository, digest string, bundles [][]byte, trust Trust) error {
	reason := ErrUnsigned
	for _, data := range bundles {
		var b struct {
			Envelope json.RawMessage `json:"dsseEnvelope"`
		}
		if json.Unmarshal(data, &b) != nil || len(b.Envelope) == 0 {
			continue
		}
		if Attested(b.Envelope, digest, signType, trust.Keys) {
			return nil
		}
		reason = ErrOtherKey
	}
	return &TrustError{repository + "@" + digest, reason}
}
