package attest

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Signature is a signed claim that somebody vouches for an image.
type Signature struct {
	// Payload is the claim, Value the signature of it.
	Payload, Value []byte
}

// claim is the document that is signed, as
// https://github.com/containers/image/blob/main/docs/containers-signature.5.md has it.
type claim struct {
	Critical critical `json:"critical"`
	// Optional is null, as cosign has it where nothing is added.
	Optional map[string]any `json:"optional"`
}

type critical struct {
	Identity struct {
		Reference string `json:"docker-reference"`
	} `json:"identity"`
	Image struct {
		Digest string `json:"docker-manifest-digest"`
	} `json:"image"`
	Type string `json:"type"`
}

// claimType is what cosign writes for critical.type.
const claimType = "cosign container image signature"

// Sign vouches for the image with the digest ("sha256:…") that is in the
// repository ("registry.example.org/talks/notes").
func (s *Signer) Sign(repository, digest string) (Signature, error) {
	var c claim
	c.Critical.Identity.Reference = repository
	c.Critical.Image.Digest = digest
	c.Critical.Type = claimType
	payload, err := json.Marshal(c)
	if err != nil {
		return Signature{}, fmt.Errorf("sign: %w", err)
	}
	value, err := s.sign(payload)
	return Signature{payload, value}, err
}

// Reasons why an image is not trusted, for errors.Is.
var (
	// ErrUnsigned: there is no signature at all.
	ErrUnsigned = errors.New("it is not signed")
	// ErrOtherKey: there are signatures, but by none of the keys.
	ErrOtherKey = errors.New("it is not signed with this key")
	// ErrOtherImage: what is signed with the key names another digest.
	ErrOtherImage = errors.New("its signature is that of another image")
	// ErrOtherName: what is signed with the key names another repository.
	ErrOtherName = errors.New("its signature is that of an image elsewhere")
)

// TrustError says why an image is not trusted.
type TrustError struct {
	// Image is the repository with the digest.
	Image string
	// Err is or wraps one of the reasons above.
	Err error
}

// Error names the image and the reason.
func (e *TrustError) Error() string { return e.Image + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *TrustError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *TrustError) Hint() string {
	switch {
	case errors.Is(e.Err, ErrUnsigned):
		return "sign it: lectern publish --sign cosign.key, or cosign sign --key cosign.key"
	case errors.Is(e.Err, ErrOtherKey):
		return "look whether the key is the right one; if it is, somebody else pushed this image"
	case errors.Is(e.Err, ErrOtherName):
		return "if this registry mirrors the other one, say so; else somebody copied it here"
	}
	return "somebody put this signature beside an image that it is not for: don't use the image"
}

// Trust says which signatures are good enough.
type Trust struct {
	// Keys are those of which one has to have signed.
	Keys []PublicKey
	// Names are the repositories that a signature may name beside the one where the
	// image is: those that it mirrors. "*" stands for all.
	Names []string
}

// Verify finds, among signatures, one that vouches for the image with the digest
// in the repository. Without one the error is a [TrustError].
func Verify(repository, digest string, signatures []Signature, trust Trust) error {
	worst := ErrUnsigned
	for _, s := range signatures {
		err := trust.check(repository, digest, s)
		if err == nil {
			return nil
		}
		if rank(err) > rank(worst) {
			worst = err
		}
	}
	return &TrustError{repository + "@" + digest, worst}
}

// rank orders reasons by how near they are to a good signature: the nearest is told.
func rank(err error) int {
	return slices.IndexFunc([]error{ErrUnsigned, ErrOtherKey, ErrOtherImage, ErrOtherName}, func(r error) bool { return errors.Is(err, r) })
}

// check judges one signature. Nothing of the payload is read before the key is
// known to have signed it.
func (t Trust) check(repository, digest string, s Signature) error {
	if !slices.ContainsFunc(t.Keys, func(k PublicKey) bool { return k.verify(s.Payload, s.Value) }) {
		return ErrOtherKey
	}
	var c claim
	if err := json.Unmarshal(s.Payload, &c); err != nil || c.Critical.Type != claimType {
		return fmt.Errorf("%w: what is signed is no claim about an image", ErrOtherImage)
	}
	if c.Critical.Image.Digest != digest {
		return fmt.Errorf("%w: of %s", ErrOtherImage, brief(c.Critical.Image.Digest))
	}
	named := repositoryOf(c.Critical.Identity.Reference)
	if named != repository && !slices.Contains(t.Names, named) && !slices.Contains(t.Names, "*") {
		return fmt.Errorf("%w: in %s", ErrOtherName, brief(named))
	}
	return nil
}

// repositoryOf is a reference without its tag and digest: both are allowed in a claim.
func repositoryOf(reference string) string {
	name, _, _ := strings.Cut(reference, "@")
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		name = name[:i]
	}
	return name
}
