package attest

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/encrypted"
)

const (
	repository = "registry.example.org/talks/notes"
	digest     = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
)

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// keys are a pair in PEM, not encrypted.
func keys(t testing.TB, key crypto.Signer) (private, public []byte) {
	t.Helper()
	return block("PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(key))(t)),
		block("PUBLIC KEY", must(x509.MarshalPKIXPublicKey(key.Public()))(t))
}

func newECDSA(t testing.TB, c elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	return must(ecdsa.GenerateKey(c, rand.Reader))(t)
}

func newKeySigner(t testing.TB) (*Signer, []PublicKey) {
	t.Helper()
	private, public := keys(t, newECDSA(t, elliptic.P256()))
	return must(ParsePrivateKey(private, nil))(t), must(ParsePublicKeys(public))(t)
}

func TestKinds(t *testing.T) {
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]crypto.Signer{
		"P-256": newECDSA(t, elliptic.P256()), "P-384": newECDSA(t, elliptic.P384()), "P-521": newECDSA(t, elliptic.P521()),
		"Ed25519": ed, "RSA": must(rsa.GenerateKey(rand.Reader, 2048))(t),
	} {
		t.Run(name, func(t *testing.T) {
			private, public := keys(t, key)
			signer := must(ParsePrivateKey(private, nil))(t)
			trusted := must(ParsePublicKeys(public))(t)
			s := must(signer.Sign(repository, digest))(t)
			if again := must(signer.Sign(repository, digest))(t); !bytes.Equal(s.Value, again.Value) {
				t.Error("the same is signed in another way")
			}
			if err := Verify(repository, digest, []Signature{s}, Trust{Keys: trusted}); err != nil {
				t.Error(err)
			}
			if trusted[0].ID() != signer.Public().ID() {
				t.Error("the pair does not know itself")
			}
		})
	}
}

func TestForms(t *testing.T) {
	key := newECDSA(t, elliptic.P256())
	pkcs8, public := keys(t, key)
	der, _ := pem.Decode(pkcs8)
	cosign := must(encrypted.Encrypt(der.Bytes, []byte("correct horse")))(t)
	rsaKey := must(rsa.GenerateKey(rand.Reader, 2048))(t)
	for name, data := range map[string][]byte{
		"PKCS #8": pkcs8, "EC": block("EC PRIVATE KEY", must(x509.MarshalECPrivateKey(key))(t)),
		"RSA":    block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey)),
		"cosign": block("ENCRYPTED SIGSTORE PRIVATE KEY", cosign), "old cosign": block("ENCRYPTED COSIGN PRIVATE KEY", cosign),
	} {
		asked := false
		_, err := ParsePrivateKey(data, func() ([]byte, error) { asked = true; return []byte("correct horse"), nil })
		if err != nil || asked != strings.Contains(name, "cosign") {
			t.Errorf("%s: %v, password asked: %v", name, err, asked)
		}
	}
	word := errors.New("no terminal")
	if _, err := ParsePrivateKey(block("ENCRYPTED SIGSTORE PRIVATE KEY", cosign), func() ([]byte, error) { return nil, word }); !errors.Is(err, word) {
		t.Errorf("%v", err)
	}
	two := append(append([]byte{}, public...), block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey))...)
	if got := must(ParsePublicKeys(two))(t); len(got) != 2 {
		t.Errorf("%d keys", len(got))
	}
}

func TestBadKeys(t *testing.T) {
	key := newECDSA(t, elliptic.P256())
	private, public := keys(t, key)
	small, smallPublic := keys(t, newECDSA(t, elliptic.P224()))
	der, _ := pem.Decode(private)
	cosign := block("ENCRYPTED SIGSTORE PRIVATE KEY", must(encrypted.Encrypt(der.Bytes, []byte("correct horse")))(t))
	wrong := func() ([]byte, error) { return []byte("battery staple"), nil }
	for name, tt := range map[string]struct {
		data       []byte
		want, hint string
	}{
		"nothing":        {nil, "no key in PEM", "cosign generate-key-pair"},
		"public":         {public, "public key", "cosign.key"},
		"wrong password": {cosign, "password does not open", PasswordVariable},
		"damaged":        {block("PRIVATE KEY", der.Bytes[:40]), "damaged", "generate"},
		"not JSON":       {block("ENCRYPTED SIGSTORE PRIVATE KEY", []byte("x")), "damaged", "generate"},
		"costly":         {block("ENCRYPTED SIGSTORE PRIVATE KEY", []byte(`{"kdf":{"name":"scrypt","params":{"N":1073741824,"r":8,"p":1}},"cipher":{"name":"nacl/secretbox"}}`)), "damaged", ""},
		"OpenSSL's":      {block("ENCRYPTED PRIVATE KEY", der.Bytes), "not read", "import-key-pair"},
		"other":          {block("CERTIFICATE REQUEST", der.Bytes), "no private key", ""},
		"P-224":          {small, "too small", "P-256"},
		"huge":           {bytes.Repeat([]byte("x"), maxKey+1), "too long", "PEM"},
	} {
		_, err := ParsePrivateKey(tt.data, wrong)
		var ke *KeyError
		if !errors.As(err, &ke) || !strings.Contains(err.Error(), tt.want) || !strings.Contains(ke.Hint(), tt.hint) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error()+ke.Hint(), "battery") {
			t.Errorf("%s: the error tells the password", name)
		}
	}
	for name, data := range map[string][]byte{
		"nothing": nil, "private": private, "damaged": block("PUBLIC KEY", []byte("x")), "P-224": smallPublic, "second damaged": append(public, block("PUBLIC KEY", nil)...),
	} {
		var ke *KeyError
		if _, err := ParsePublicKeys(data); !errors.As(err, &ke) || ke.Hint() == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestVerify(t *testing.T) {
	signer, trusted := newKeySigner(t)
	stranger, strangers := newKeySigner(t)
	other := "sha256:" + strings.Repeat("f", 64)
	sign := func(s *Signer, repository, digest string) Signature { return must(s.Sign(repository, digest))(t) }
	good := sign(signer, repository, digest)
	tampered := Signature{bytes.Replace(sign(signer, repository, other).Payload, []byte(other), []byte(digest), 1), sign(signer, repository, other).Value}
	raw := func(payload string) Signature {
		return Signature{[]byte(payload), must(signer.sign([]byte(payload)))(t)}
	}
	tests := map[string]struct {
		signatures []Signature
		names      []string
		keys       []PublicKey
		want       error
	}{
		"good":             {[]Signature{good}, nil, trusted, nil},
		"among others":     {[]Signature{sign(stranger, repository, digest), tampered, good}, nil, trusted, nil},
		"one of the keys":  {[]Signature{good}, nil, append(strangers, trusted...), nil},
		"none":             {nil, nil, trusted, ErrUnsigned},
		"no key":           {[]Signature{good}, nil, nil, ErrOtherKey},
		"other key":        {[]Signature{good}, nil, strangers, ErrOtherKey},
		"tampered":         {[]Signature{tampered}, nil, trusted, ErrOtherKey},
		"cut":              {[]Signature{{good.Payload, good.Value[:20]}}, nil, trusted, ErrOtherKey},
		"other image":      {[]Signature{sign(signer, repository, other)}, nil, trusted, ErrOtherImage},
		"the nearest":      {[]Signature{tampered, sign(signer, repository, other), tampered}, nil, trusted, ErrOtherImage},
		"no claim":         {[]Signature{raw("words")}, nil, trusted, ErrOtherImage},
		"other type":       {[]Signature{raw(strings.Replace(string(good.Payload), claimType, "atomic", 1))}, nil, trusted, ErrOtherImage},
		"elsewhere":        {[]Signature{sign(signer, "mirror.example.org/n", digest)}, nil, trusted, ErrOtherName},
		"mirrored":         {[]Signature{sign(signer, "mirror.example.org/n", digest)}, []string{"mirror.example.org/n"}, trusted, nil},
		"anywhere":         {[]Signature{sign(signer, "mirror.example.org/n", digest)}, []string{"*"}, trusted, nil},
		"with a tag":       {[]Signature{sign(signer, repository+":v1", digest)}, nil, trusted, nil},
		"with tag, digest": {[]Signature{sign(signer, repository+":v1@"+digest, digest)}, nil, trusted, nil},
		"port is no tag":   {[]Signature{sign(signer, "registry.example.org:5000/talks/notes", digest)}, nil, trusted, ErrOtherName},
	}
	for name, tt := range tests {
		err := Verify(repository, digest, tt.signatures, Trust{Keys: tt.keys, Names: tt.names})
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
		var te *TrustError
		if err != nil && (!errors.As(err, &te) || te.Hint() == "" || !strings.Contains(err.Error(), repository+"@"+digest)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzKeys(f *testing.F) {
	private, public := keys(f, newECDSA(f, elliptic.P256()))
	f.Add(private)
	f.Add(public)
	f.Add(block("ENCRYPTED SIGSTORE PRIVATE KEY", []byte(`{"kdf":{"name":"scrypt"}}`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		var ke *KeyError
		if s, err := ParsePrivateKey(data, nil); err != nil && !errors.As(err, &ke) || err == nil && s.Public().ID() == "" {
			t.Errorf("%v", err)
		}
		if k, err := ParsePublicKeys(data); err != nil && !errors.As(err, &ke) || err == nil && len(k) == 0 {
			t.Errorf("%v", err)
		}
	})
}
