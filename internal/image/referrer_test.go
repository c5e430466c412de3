package image

import (
	"context"
	"debug/elf"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"lectern/internal/attest"
)

const billType = "application/vnd.cyclonedx+json"

// everything are options that put all there is beside the image.
func everything(s *attest.Signer, tags ...string) PushOptions {
	return PushOptions{
		Tags: tags, Force: true, Signer: s,
		SBOM: func(s Subject) (Document, error) {
			var platforms []string
			for _, srv := range s.Servers {
				platforms = append(platforms, srv.Platform)
			}
			data, err := json.Marshal(map[string]any{"digest": s.Digest, "platforms": platforms})
			return Document{billType, data}, err
		},
		Provenance: func(s Subject) (attest.Statement, error) {
			return attest.NewStatement(s.Repository, s.Digest, attest.ProvenanceType, attest.Provenance{})
		},
	}
}

func twoPlatforms(t testing.TB) func(*Options) {
	return func(o *Options) {
		o.Servers = append(o.Servers, Server{"linux/arm64", elfBinary(t, elf.EM_AARCH64, elf.PT_LOAD, "arm")})
	}
}

// referrers reads what refers to a digest, as anybody would.
func referrers(t testing.TB, ref, digest string) []v1.Descriptor {
	t.Helper()
	d, err := name.NewDigest(ref + "@" + digest)
	if err != nil {
		t.Fatal(err)
	}
	index, err := remote.Referrers(d)
	if err != nil {
		t.Fatal(err)
	}
	m, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	return m.Manifests
}

// document reads the one layer of an artifact.
func document(t testing.TB, ref, digest string) map[string]any {
	t.Helper()
	m := manifestOf(t, ref+"@"+digest)
	if m.ArtifactType != billType || m.Subject == nil || len(m.Layers) != 1 || m.Config.MediaType != emptyType {
		t.Fatalf("%+v", m)
	}
	d, err := name.NewDigest(ref + "@" + m.Layers[0].Digest.String())
	if err != nil {
		t.Fatal(err)
	}
	l, err := remote.Layer(d)
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Compressed()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var v map[string]any
	if err := json.NewDecoder(r).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Bills of materials are referrers, in registries that know them and, under a
// tag, in those that don't; of an index they are about it and about each image.
func TestReferrers(t *testing.T) {
	for name, supported := range map[string]bool{"API": true, "tag": false} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0)), registry.WithReferrersSupport(supported)))
			t.Cleanup(srv.Close)
			r, ref := open(t, strings.TrimPrefix(srv.URL, "http://")+"/talks/notes", RepositoryOptions{})
			signer, _ := newSigner(t)
			push := func() *Pushed {
				out, err := plan(t, files(30), twoPlatforms(t)).Push(t.Context(), r, everything(signer, "v1"))
				if err != nil {
					t.Fatal(err)
				}
				return out
			}
			out := push()
			platforms := map[string]string{}
			for _, a := range out.Attached {
				if a.State != "pushed" {
					t.Errorf("%+v", a)
				}
				if a.Kind != "sbom" {
					continue
				}
				list := referrers(t, ref, a.Digest)
				// The registry of the tests tells the configuration's type as the artifact's.
				if len(list) != 1 || !supported && list[0].ArtifactType != billType || ref+"@"+list[0].Digest.String() != a.Reference {
					t.Fatalf("%+v, told as %+v", list, a)
				}
				doc := document(t, ref, list[0].Digest.String())
				if doc["digest"] != a.Digest {
					t.Errorf("%v is beside %s", doc, a.Digest)
				}
				data, err := json.Marshal(doc["platforms"])
				if err != nil {
					t.Fatal(err)
				}
				platforms[string(data)] = a.Digest
			}
			if len(platforms) != 3 || platforms[`["linux/amd64","linux/arm64"]`] != out.Digest || platforms[`["linux/amd64"]`] == "" {
				t.Errorf("%v", platforms)
			}
			again := push()
			for _, a := range again.Attached {
				if a.State != "there" {
					t.Errorf("%+v", a)
				}
			}
			if n := len(referrers(t, ref, out.Digest)); n != 1 || again.Bytes != 0 {
				t.Errorf("%d referrers, %d bytes", n, again.Bytes)
			}
			// Another builder's key adds its own statement; the first stays.
			other, _ := newSigner(t)
			if _, err := plan(t, files(30), twoPlatforms(t)).Push(t.Context(), r, everything(other, "v1")); err != nil {
				t.Fatal(err)
			}
			if n := len(manifestOf(t, ref+":"+tagOf(out.Digest, ".att")).Layers); n != 2 {
				t.Errorf("%d statements", n)
			}
		})
	}
}

// Files alone have no program, and the bill says so.
func TestReferrersOfFiles(t *testing.T) {
	r, ref := serve(t, nil)
	if _, err := plan(t, files(3), func(o *Options) { o.Servers, o.ContentOnly = nil, true }).Push(t.Context(), r, everything(nil, "v1")); err == nil {
		t.Fatal("provenance without a key")
	}
	opts := everything(nil, "v1")
	opts.Provenance = nil
	out, err := plan(t, files(3), func(o *Options) { o.Servers, o.ContentOnly = nil, true }).Push(t.Context(), r, opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range out.Attached {
		if doc := document(t, ref, referrers(t, ref, a.Digest)[0].Digest.String()); doc["platforms"] != nil {
			t.Errorf("%v", doc)
		}
	}
	if len(out.Attached) != 3 {
		t.Errorf("%+v", out.Attached)
	}
}

// The tag comes after all that is beside the image: whatever part of that is
// refused or broken off, there is none.
func TestTagComesLast(t *testing.T) {
	signer, _ := newSigner(t)
	// What a push sends, in order: the places where it can end.
	var mu sync.Mutex
	var puts []string
	r, _ := serve(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, ref, ok := strings.Cut(r.URL.Path, "/manifests/"); ok && r.Method == http.MethodPut {
				mu.Lock()
				puts = append(puts, ref)
				mu.Unlock()
			}
			next.ServeHTTP(w, r)
		})
	})
	if _, err := plan(t, files(3), twoPlatforms(t)).Push(t.Context(), r, everything(signer, "v1")); err != nil {
		t.Fatal(err)
	}
	if len(puts) < 10 || puts[len(puts)-1] != "v1" {
		t.Fatalf("%v", puts)
	}
	for i := range puts {
		var n atomic.Int32
		var tagged atomic.Bool
		ctx, cancel := context.WithCancel(t.Context())
		refuse := i%2 == 0
		r, ref := serve(t, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/manifests/") {
					if n.Add(1) == int32(i+1) {
						if !refuse {
							cancel()
						}
						answer(w, http.StatusForbidden, "DENIED")
						return
					}
					tagged.CompareAndSwap(false, strings.HasSuffix(r.URL.Path, "/v1"))
				}
				next.ServeHTTP(w, r)
			})
		})
		_, err := plan(t, files(3), twoPlatforms(t)).Push(ctx, r, everything(signer, "v1"))
		cancel()
		var re *RegistryError
		switch {
		case err == nil || tagged.Load():
			t.Errorf("%s (%d): error %v, tagged: %v", puts[i], i, err, tagged.Load())
		case !refuse && !errors.Is(err, context.Canceled):
			t.Errorf("%s: %v", puts[i], err)
		case refuse && (!errors.As(err, &re) || !strings.Contains(err.Error(), ref) || re.Hint() == ""):
			t.Errorf("%s: %v", puts[i], err)
		}
	}
}

// What can't be made is told as that, and nothing is tagged.
func TestFailingDocument(t *testing.T) {
	r, ref := serve(t, nil)
	signer, _ := newSigner(t)
	opts := everything(signer, "v1")
	broken := errors.New("no document")
	opts.SBOM = func(Subject) (Document, error) { return Document{}, broken }
	if _, err := plan(t, files(3), nil).Push(t.Context(), r, opts); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	n, err := name.ParseReference(ref + ":v1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := remote.Head(n); err == nil {
		t.Error("there is a tag")
	}
}
