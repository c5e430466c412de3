package image

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"debug/elf"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"lectern/internal/attest"
)

// newSigner returns a signer with a key of its own, and how to trust it.
func newSigner(t testing.TB) (*attest.Signer, attest.Trust) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	s, err := attest.ParsePrivateKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s, attest.Trust{Keys: []attest.PublicKey{s.Public()}}
}

func signed(t testing.TB, r *Repository, im *Image, s *attest.Signer, tags ...string) *Pushed {
	t.Helper()
	out, err := im.Push(t.Context(), r, PushOptions{Tags: tags, Force: true, Signer: s})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// manifestOf reads the manifest of a tag as anybody would.
func manifestOf(t testing.TB, ref string) v1.Manifest {
	t.Helper()
	n, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	img, err := remote.Image(n)
	if err != nil {
		t.Fatal(err)
	}
	m, err := img.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	return *m
}

func tagOf(digest, suffix string) string { return strings.Replace(digest, ":", "-", 1) + suffix }

func TestSign(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"image": nil,
		"index": func(o *Options) {
			o.Servers = append(o.Servers, Server{"linux/arm64", elfBinary(t, elf.EM_AARCH64, elf.PT_LOAD, "arm")})
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, ref := serve(t, nil)
			signer, trust := newSigner(t)
			other, otherTrust := newSigner(t)
			out := signed(t, r, plan(t, files(30), change), signer, "v1")
			if err := r.Verify(t.Context(), out.Digest, trust); err != nil {
				t.Fatal(err)
			}
			if err := r.Verify(t.Context(), out.Digest, otherTrust); !errors.Is(err, attest.ErrOtherKey) {
				t.Errorf("another key: %v", err)
			}
			if len(out.Attached) != 1 || out.Attached[0].State != "pushed" || out.Attached[0].Reference != ref+":"+tagOf(out.Digest, ".sig") {
				t.Errorf("%+v", out.Attached)
			}
			// The same key again adds nothing, another one does, and the first stays.
			again := signed(t, r, plan(t, files(30), change), signer, "v1")
			if again.Attached[0].State != "there" || !again.Unchanged || again.Bytes != 0 {
				t.Errorf("%+v", again)
			}
			signed(t, r, plan(t, files(30), change), other, "v2")
			signed(t, r, plan(t, files(30), change), other, "v2")
			if n := len(manifestOf(t, out.Attached[0].Reference).Layers); n != 2 {
				t.Errorf("%d signatures", n)
			}
			for _, tr := range []attest.Trust{trust, otherTrust} {
				if err := r.Verify(t.Context(), out.Digest, tr); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// An image that is there without a signature gets one, and its tags stay.
func TestSignLater(t *testing.T) {
	r, _ := serve(t, nil)
	signer, trust := newSigner(t)
	out := push1(t, plan(t, files(3), nil), r, "v1")
	var te *attest.TrustError
	if err := r.Verify(t.Context(), out.Digest, trust); !errors.Is(err, attest.ErrUnsigned) || !errors.As(err, &te) {
		t.Errorf("%v", err)
	}
	later := signed(t, r, plan(t, files(3), nil), signer, "v1")
	if err := r.Verify(t.Context(), out.Digest, trust); err != nil || !later.Unchanged {
		t.Error(err)
	}
	var ne *NameError
	if err := r.Verify(t.Context(), "v1", trust); !errors.As(err, &ne) {
		t.Errorf("%v", err)
	}
}

// A signature of another image, put beside this one.
func TestMisplacedSignature(t *testing.T) {
	r, ref := serve(t, nil)
	signer, trust := newSigner(t)
	a := signed(t, r, plan(t, files(3), nil), signer, "a")
	b := push1(t, plan(t, files(4), nil), r, "b")
	copyTag(t, ref, tagOf(a.Digest, ".sig"), tagOf(b.Digest, ".sig"))
	if err := r.Verify(t.Context(), b.Digest, trust); !errors.Is(err, attest.ErrOtherImage) {
		t.Errorf("%v", err)
	}
}

func copyTag(t testing.TB, ref, from, to string) {
	t.Helper()
	src, err := name.ParseReference(ref + ":" + from)
	if err != nil {
		t.Fatal(err)
	}
	img, err := remote.Image(src)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(src.Context().Tag(to), img); err != nil {
		t.Fatal(err)
	}
}

// The tag comes last: whatever ends the push before leaves none.
func TestTagComesAfterSignature(t *testing.T) {
	for name, attachment := range map[string]string{"refused": "refuse", "cut off": "cancel"} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var tagged, byDigest atomic.Bool
			r, ref := serve(t, func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/manifests/") {
						switch {
						case strings.HasSuffix(r.URL.Path, ".sig"):
							if attachment == "cancel" {
								cancel()
							}
							answer(w, http.StatusForbidden, "DENIED")
							return
						case strings.HasSuffix(r.URL.Path, "/v1"):
							tagged.Store(true)
						default:
							byDigest.Store(true)
						}
					}
					next.ServeHTTP(w, r)
				})
			})
			signer, _ := newSigner(t)
			_, err := plan(t, files(3), nil).Push(ctx, r, PushOptions{Tags: []string{"v1"}, Signer: signer})
			if tagged.Load() || !byDigest.Load() {
				t.Errorf("tagged: %v, there by its digest: %v", tagged.Load(), byDigest.Load())
			}
			if attachment == "cancel" {
				if !errors.Is(err, context.Canceled) {
					t.Errorf("%v", err)
				}
				return
			}
			var re *RegistryError
			if !errors.As(err, &re) || !strings.Contains(err.Error(), ref+": the signature can't be put beside the image: you may not write there") || !strings.Contains(re.Hint(), "nothing was tagged") {
				t.Errorf("%v", err)
			}
		})
	}
}

// What is under a signature's tag is not read without bounds.
func TestHostileSignatures(t *testing.T) {
	r, ref := serve(t, nil)
	_, trust := newSigner(t)
	out := push1(t, plan(t, files(30), nil), r, "v1")
	// An image in place of a list of signatures is one without any.
	copyTag(t, ref, "v1", tagOf(out.Digest, ".sig"))
	if err := r.Verify(t.Context(), out.Digest, trust); !errors.Is(err, attest.ErrUnsigned) {
		t.Errorf("%v", err)
	}
	value := base64.StdEncoding.EncodeToString([]byte("x"))
	for name, m := range map[string]v1.Manifest{
		"large payload": {Layers: []v1.Descriptor{{MediaType: signatureLayer, Size: 1 << 40, Digest: hashOf(nil), Annotations: map[string]string{signatureAnnotation: value}}}},
		"not there":     {Layers: []v1.Descriptor{{MediaType: signatureLayer, Size: 1, Digest: hashOf([]byte("gone")), Annotations: map[string]string{signatureAnnotation: value}}}},
	} {
		if _, err := r.signatures(t.Context(), m); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestNewestTagIsNoSignature(t *testing.T) {
	hex := strings.Repeat("0", 64)
	if got := newestTag([]string{"v1", "sha256-" + hex, "sha256-" + hex + ".att", "sha256-" + hex + ".sig"}); got != "v1" {
		t.Errorf("%q", got)
	}
}
