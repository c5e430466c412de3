package snapshot

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
)

// ParseDigest reads what [Digest.String] wrote.
func ParseDigest(text string) (Digest, error) {
	var d Digest
	digits, ok := strings.CutPrefix(text, "sha256:")
	if !ok || len(digits) != 2*sha256.Size {
		return d, errors.New("no SHA-256 digest")
	}
	if _, err := hex.Decode(d[:], []byte(digits)); err != nil {
		return Digest{}, errors.New("no SHA-256 digest")
	}
	return d, nil
}

// Short is enough of the digest to tell the releases of a site apart.
func (d Digest) Short() string { return hex.EncodeToString(d[:6]) }

// MarshalText writes the digest as [Digest.String] does.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what [ParseDigest] does.
func (d *Digest) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDigest(string(text))
	return err
}
