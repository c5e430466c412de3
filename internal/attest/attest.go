// Package attest signs statements about container images, and judges those that
// others signed: whose key it was, and what about.
//
// The forms are those of sigstore's cosign, so that `cosign verify`, Flux and
// admission controllers accept what is signed here, and the other way round: a
// signature is over a small document that names the image's digest ("simple
// signing"), an attestation is an in-toto statement in a DSSE envelope. All keys
// sign SHA-256 digests, because that is what verifiers take for granted that
// are given no more than a public key.
//
// It knows no registry and no file: what it is about are bytes. A key signs the
// same bytes with the same signature each time (RFC 6979), so that doing
// something again changes nothing.
package attest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/secure-systems-lab/go-securesystemslib/encrypted"
)

// PasswordVariable is the environment variable that cosign and lectern read a
// key's password from.
const PasswordVariable = "COSIGN_PASSWORD"

// makeKeys is the hint for who has no key.
const makeKeys = "make a pair of keys with: cosign generate-key-pair"

// KeyError says why a key can't be used.
type KeyError struct {
	msg, hint string
	err       error
}

// Error says what is wrong. Nothing of the key is in it.
func (e *KeyError) Error() string { return e.msg }

// Unwrap returns the reason, if there is one.
func (e *KeyError) Unwrap() error { return e.err }

// Hint says what to do about it.
func (e *KeyError) Hint() string { return e.hint }

// Signer signs with a private key.
type Signer struct {
	key    crypto.Signer
	public PublicKey
}

// maxKey is how long a file with a key may be, in bytes.
const maxKey = 64 << 10

// ParsePrivateKey reads a private key in PEM: one that cosign made, which has a
// password, or one without, in PKCS #8 or as OpenSSL writes it. ECDSA, Ed25519 and
// RSA keys are known. The password is asked for only if there is one. Errors are
// [KeyError]s, but those of password.
func ParsePrivateKey(data []byte, password func() ([]byte, error)) (*Signer, error) {
	block, err := firstBlock(data)
	if err != nil {
		return nil, err
	}
	var key any
	switch block.Type {
	case "ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY":
		der, err := decrypt(block.Bytes, password)
		if err != nil {
			return nil, err
		}
		key, err = x509.ParsePKCS8PrivateKey(der)
		if err != nil {
			return nil, &KeyError{"what is encrypted is no private key", makeKeys, err}
		}
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "ENCRYPTED PRIVATE KEY":
		return nil, &KeyError{"the private key is encrypted in a way that is not read", "encrypt it as cosign does: openssl pkey -in KEY -out plain.pem && cosign import-key-pair --key plain.pem", nil}
	case "PUBLIC KEY", "RSA PUBLIC KEY", "CERTIFICATE":
		return nil, &KeyError{"it is a public key, and to sign takes the private one", "name the other file of the pair: cosign.key", nil}
	default:
		return nil, &KeyError{fmt.Sprintf("a PEM block %q is no private key", brief(block.Type)), makeKeys, nil}
	}
	if err != nil {
		return nil, &KeyError{"the private key is damaged", makeKeys, err}
	}
	return newSigner(key)
}

// newSigner checks that a key is of a kind that verifiers know.
func newSigner(key any) (*Signer, error) {
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, &KeyError{"a key of this kind can't sign", makeKeys, nil}
	}
	public, err := newPublicKey(signer.Public())
	if err != nil {
		return nil, err
	}
	return &Signer{signer, public}, nil
}

func decrypt(data []byte, password func() ([]byte, error)) ([]byte, error) {
	var word []byte
	if password != nil {
		var err error
		if word, err = password(); err != nil {
			return nil, err
		}
	}
	der, err := encrypted.Decrypt(data, word)
	if err == nil {
		return der, nil
	}
	if strings.Contains(err.Error(), "decryption failed") {
		return nil, &KeyError{"the password does not open the private key", "put the right one into " + PasswordVariable, err}
	}
	return nil, &KeyError{"the encrypted private key is damaged", makeKeys, err}
}

// Public returns the key that the signer's signatures are verified with.
func (s *Signer) Public() PublicKey { return s.public }

// sign signs a message. With no source of randomness ECDSA signatures are
// deterministic (RFC 6979); those of Ed25519 and RSA (PKCS #1 v1.5) always are.
func (s *Signer) sign(message []byte) ([]byte, error) {
	var sig []byte
	var err error
	if _, ok := s.key.(ed25519.PrivateKey); ok {
		sig, err = s.key.Sign(nil, message, crypto.Hash(0))
	} else {
		sum := sha256.Sum256(message)
		sig, err = s.key.Sign(nil, sum[:], crypto.SHA256)
	}
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return sig, nil
}

// PublicKey verifies signatures.
type PublicKey struct {
	key crypto.PublicKey
	id  string
}

// ID names the key: the SHA-256 of its DER encoding, in hex.
func (k PublicKey) ID() string { return k.id }

// ParsePublicKeys reads one or several public keys in PEM, such as cosign.pub. An
// error is a [KeyError].
func ParsePublicKeys(data []byte) ([]PublicKey, error) {
	if _, err := firstBlock(data); err != nil {
		return nil, err
	}
	var keys []PublicKey
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		var key any
		var err error
		switch block.Type {
		case "PUBLIC KEY":
			key, err = x509.ParsePKIXPublicKey(block.Bytes)
		case "RSA PUBLIC KEY":
			key, err = x509.ParsePKCS1PublicKey(block.Bytes)
		default:
			hint := "name a file with a public key: cosign.pub"
			if strings.HasSuffix(block.Type, "PRIVATE KEY") {
				hint = "the private key stays with who signs; name the other file of the pair: cosign.pub"
			}
			return nil, &KeyError{fmt.Sprintf("it is no public key but a %q", brief(block.Type)), hint, nil}
		}
		if err != nil {
			return nil, &KeyError{"the public key is damaged", "get it anew from who signs", err}
		}
		public, err := newPublicKey(key)
		if err != nil {
			return nil, err
		}
		keys = append(keys, public)
	}
	return keys, nil
}

func newPublicKey(key crypto.PublicKey) (PublicKey, error) {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if k.Curve.Params().BitSize < 256 {
			return PublicKey{}, &KeyError{"the curve of this key is too small", "use P-256: cosign generate-key-pair", nil}
		}
	case *rsa.PublicKey:
		if k.Size() < 2048/8 {
			return PublicKey{}, &KeyError{fmt.Sprintf("an RSA key of %d bits is too short", k.Size()*8), makeKeys, nil}
		}
	case ed25519.PublicKey:
	default:
		return PublicKey{}, &KeyError{"keys of this kind are not known", "use ECDSA, Ed25519 or RSA: cosign generate-key-pair", nil}
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return PublicKey{}, &KeyError{"the public key is damaged", makeKeys, err}
	}
	sum := sha256.Sum256(der)
	return PublicKey{key, hex.EncodeToString(sum[:])}, nil
}

// verify reports whether sig is this key's signature of message.
func (k PublicKey) verify(message, sig []byte) bool {
	sum := sha256.Sum256(message)
	switch key := k.key.(type) {
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(key, sum[:], sig)
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], sig) == nil
	case ed25519.PublicKey:
		return ed25519.Verify(key, message, sig)
	}
	return false
}

func firstBlock(data []byte) (*pem.Block, error) {
	if len(data) > maxKey {
		return nil, &KeyError{"the file is too long for a key", "name a file with a key in PEM: it begins with -----BEGIN", nil}
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, &KeyError{"it is no key in PEM", "a key in PEM begins with -----BEGIN; " + makeKeys, errors.New("no PEM block")}
	}
	return block, nil
}

// brief is what a message may show of text that comes from outside.
func brief(s string) string {
	const most = 120
	return s[:min(len(s), most)]
}
