package image

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// answer is a registry's refusal in its own format.
func answer(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"errors":[{"code":%q,"message":"no"}]}`, code)
}

// Each misbehaving registry either gets the image in the end, or the error
// names the repository and there is a hint, and no tag was made.
func TestFaults(t *testing.T) {
	upload := func(r *http.Request) bool { return r.Method == http.MethodPatch }
	tests := map[string]struct {
		wrap func(next http.Handler) http.HandlerFunc
		want string // part of the error; "" where it works in the end
		hint string
	}{
		"no credentials": {func(http.Handler) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
				answer(w, http.StatusUnauthorized, "UNAUTHORIZED")
			}
		}, "wants to know who you are", "docker login"},
		"read-only repository": {func(next http.Handler) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					answer(w, http.StatusForbidden, "DENIED")
					return
				}
				next.ServeHTTP(w, r)
			}
		}, "you may not write there", "ask for the right"},
		"mirror": {func(next http.Handler) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					answer(w, http.StatusMethodNotAllowed, "UNSUPPORTED")
					return
				}
				next.ServeHTTP(w, r)
			}
		}, "is read-only", "mirrors"},
		"500 twice": {func(next http.Handler) http.HandlerFunc {
			var n atomic.Int32
			return func(w http.ResponseWriter, r *http.Request) {
				if upload(r) && n.Add(1) <= 2 {
					answer(w, http.StatusInternalServerError, "UNKNOWN")
					return
				}
				next.ServeHTTP(w, r)
			}
		}, "", ""},
		"500 for ever": {func(next http.Handler) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if upload(r) {
					answer(w, http.StatusInternalServerError, "UNKNOWN")
					return
				}
				next.ServeHTTP(w, r)
			}
		}, "again and again", "try again later"},
		"too many requests": {func(next http.Handler) http.HandlerFunc {
			var n atomic.Int32
			return func(w http.ResponseWriter, r *http.Request) {
				if upload(r) && n.Add(1) <= 2 {
					w.Header().Set("Retry-After", "0")
					answer(w, http.StatusTooManyRequests, "TOOMANYREQUESTS")
					return
				}
				next.ServeHTTP(w, r)
			}
		}, "", ""},
		"connection dropped in a layer": {func(next http.Handler) http.HandlerFunc {
			var n atomic.Int32
			return func(w http.ResponseWriter, r *http.Request) {
				if upload(r) && n.Add(1) <= 2 {
					_, _ = io.CopyN(io.Discard, r.Body, 10)
					panic(http.ErrAbortHandler)
				}
				next.ServeHTTP(w, r)
			}
		}, "", ""},
		"connection always dropped": {func(next http.Handler) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if upload(r) {
					panic(http.ErrAbortHandler)
				}
				next.ServeHTTP(w, r)
			}
		}, "broke off", "nothing was tagged"},
		"digest invalid": {func(next http.Handler) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/blobs/") {
					answer(w, http.StatusBadRequest, "DIGEST_INVALID")
					return
				}
				next.ServeHTTP(w, r)
			}
		}, "refuses (status 400)", ""},
		"layers too large": {func(next http.Handler) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if upload(r) {
					w.WriteHeader(http.StatusRequestEntityTooLarge)
					return
				}
				next.ServeHTTP(w, r)
			}
		}, "no layer as large", "raise its limit"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var tagged atomic.Bool
			r, ref := serve(t, func(next http.Handler) http.Handler {
				h := tt.wrap(next)
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/manifests/v1") {
						tagged.Store(true)
					}
					h(w, r)
				})
			})
			out, err := plan(t, files(40), nil).Push(t.Context(), r, PushOptions{Tags: []string{"v1"}})
			if tt.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				if d, err := pull(t, ref+":v1").Digest(); err != nil || d.String() != out.Digest {
					t.Errorf("%v %v", d, err)
				}
				return
			}
			var re *RegistryError
			if !errors.As(err, &re) || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), ref) || !strings.Contains(re.Hint(), tt.hint) {
				t.Errorf("error %v, hint %q", err, re.Hint())
			}
			if tagged.Load() {
				t.Error("a tag was made")
			}
		})
	}
}

// A registry that lies about an older image: what is fetched does not have the
// digest that was asked for, so nothing is taken over from it.
func TestLyingRegistry(t *testing.T) {
	var lie atomic.Bool
	r, ref := serve(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if lie.Load() && r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/blobs/") {
				fmt.Fprint(w, `{"rootfs":{"diff_ids":[]}}`)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	push1(t, plan(t, files(40), nil), r, "main-aaaaaaa-100")
	lie.Store(true)
	content := files(40)
	content["index.html"] = "new"
	out := push1(t, plan(t, content, nil), r, "main-aaaaaaa-101")
	lie.Store(false)
	if got := unpack(t, pull(t, ref+":main-aaaaaaa-101")); got["site/index.html"] != "new" || len(out.Layers) == 0 {
		t.Errorf("%q", got["site/index.html"])
	}
}

// Somebody removed layers that an image needs: they are pushed again.
func TestRegistryLacksOldLayers(t *testing.T) {
	var refused atomic.Int32
	r, ref := serve(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/manifests/v2") && refused.Add(1) == 1 {
				answer(w, http.StatusNotFound, "MANIFEST_BLOB_UNKNOWN")
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	push1(t, plan(t, files(40), nil), r, "v1")
	content := files(40)
	content["index.html"] = "new"
	push1(t, plan(t, content, nil), r, "v2")
	if got := unpack(t, pull(t, ref+":v2")); got["site/index.html"] != "new" || refused.Load() != 2 {
		t.Errorf("%q after %d attempts", got["site/index.html"], refused.Load())
	}
}

func TestPushCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, ref := serve(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPatch {
				cancel()
			}
			next.ServeHTTP(w, r)
		})
	})
	if _, err := plan(t, files(40), nil).Push(ctx, r, PushOptions{Tags: []string{"v1"}}); !errors.Is(err, context.Canceled) {
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

func TestTagExists(t *testing.T) {
	r, ref := serve(t, nil)
	first := push1(t, plan(t, files(3), nil), r, "v1", "latest")
	other := files(4)
	_, err := plan(t, other, nil).Push(t.Context(), r, PushOptions{Tags: []string{"v2", "v1"}})
	var te *TagExistsError
	if !errors.As(err, &te) || te.Digest != first.Digest || !strings.Contains(te.Hint(), "--force") {
		t.Errorf("%v", err)
	}
	n, nameErr := name.ParseReference(ref + ":v2")
	if nameErr != nil {
		t.Fatal(nameErr)
	}
	if _, err := remote.Head(n); err == nil {
		t.Error("v2 was made all the same")
	}
	if out := push1(t, plan(t, other, nil), r, "latest"); out.Digest == first.Digest {
		t.Error("latest did not move")
	}
	if _, err := plan(t, other, nil).Push(t.Context(), r, PushOptions{Tags: []string{"v1"}, Force: true}); err != nil {
		t.Error(err)
	}
}

// Two publishers of one tag at once: both end well, and the tag is one of their
// images, whole.
func TestTwoPublishers(t *testing.T) {
	r, ref := serve(t, nil)
	var wg sync.WaitGroup
	digests := make([]string, 2)
	for i := range digests {
		content := files(60)
		content["index.html"] = fmt.Sprint("publisher ", i)
		im := plan(t, content, nil)
		wg.Go(func() {
			out, err := im.Push(t.Context(), r, PushOptions{Tags: []string{"latest"}})
			if err != nil {
				t.Error(err)
				return
			}
			digests[i] = out.Digest
		})
	}
	wg.Wait()
	img := pull(t, ref+":latest")
	d, err := img.Digest()
	if err != nil || d.String() != digests[0] && d.String() != digests[1] {
		t.Errorf("%v %v, want one of %v", d, err, digests)
	}
	if got := unpack(t, img); !strings.HasPrefix(got["site/index.html"], "publisher ") {
		t.Errorf("%q", got["site/index.html"])
	}
}

func TestNames(t *testing.T) {
	for _, bad := range []string{"", "notes", "Registry.example.org/Notes", "registry.example.org/", "registry.example.org/a b", "https://registry.example.org/notes"} {
		_, err := OpenRepository(bad, RepositoryOptions{})
		var ne *NameError
		if !errors.As(err, &ne) || ne.Hint() == "" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	r, _ := serve(t, nil)
	for _, bad := range []string{"", strings.Repeat("x", 200), "a b", ".x", "ä"} {
		_, err := plan(t, files(1), nil).Push(t.Context(), r, PushOptions{Tags: []string{bad}})
		var ne *NameError
		if !errors.As(err, &ne) || ne.Hint() == "" {
			t.Errorf("tag %q: %v", bad, err)
		}
	}
	for ref, want := range map[string][2]string{
		"r.example.org/n": {"r.example.org/n", ""}, "r.example.org:5000/n": {"r.example.org:5000/n", ""},
		"r.example.org:5000/n:v1": {"r.example.org:5000/n", "v1"}, "localhost/n:v1": {"localhost/n", "v1"},
	} {
		if repo, tag := SplitTag(ref); repo != want[0] || tag != want[1] {
			t.Errorf("%s: %q %q", ref, repo, tag)
		}
	}
}

func TestUntrustedCertificate(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.NotFoundHandler())
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	defer srv.Close()
	r, _ := open(t, strings.TrimPrefix(srv.URL, "https://")+"/talks/notes", RepositoryOptions{})
	_, err := plan(t, files(1), nil).Push(t.Context(), r, PushOptions{Tags: []string{"v1"}})
	if err == nil {
		t.Fatal("it was trusted")
	}
	var re *RegistryError
	if !errors.As(err, &re) || !strings.Contains(err.Error(), "certificate of "+strings.TrimPrefix(srv.URL, "https://")+" is not trusted") || !strings.Contains(re.Hint(), "SSL_CERT_FILE") {
		t.Errorf("%v", err)
	}
	trusting, _ := open(t, strings.TrimPrefix(srv.URL, "https://")+"/talks/notes", RepositoryOptions{Insecure: true})
	if _, err := plan(t, files(1), nil).Push(t.Context(), trusting, PushOptions{Tags: []string{"v1"}}); err == nil || strings.Contains(err.Error(), "certificate") {
		t.Errorf("%v", err) // it is no registry
	}
}

// Plain HTTP is for the loopback, whatever the name looks like.
func TestPlainHTTP(t *testing.T) {
	for _, host := range []string{"192.0.2.7", "10.1.2.3", "registry.example.org"} {
		p := &polite{next: http.DefaultTransport}
		req, err := http.NewRequest(http.MethodGet, "http://"+host+"/v2/", nil)
		if err != nil {
			t.Fatal(err)
		}
		var refused *plainError
		if _, err := p.RoundTrip(req); !errors.As(err, &refused) {
			t.Errorf("%s: %v", host, err)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 26, 9, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "3": 3 * time.Second, "-1": 0, "99999999": maxWait, "soon": 0,
		"Thu, 26 Mar 2026 09:00:05 GMT": 5 * time.Second, "Thu, 26 Mar 2020 09:00:05 GMT": 0,
	} {
		if got := retryAfter(value, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

func TestCredentials(t *testing.T) {
	const user, password = "noor", "correct horse"
	registryAsks := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if u, p, ok := r.BasicAuth(); !ok || u != user || p != password {
				w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
				answer(w, http.StatusUnauthorized, "UNAUTHORIZED")
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	_, ref := serve(t, registryAsks)
	host, _, _ := strings.Cut(ref, "/")
	tests := map[string]struct {
		env  map[string]string
		good bool
	}{
		"own":            {map[string]string{"LECTERN_REGISTRY_USERNAME": user, "LECTERN_REGISTRY_PASSWORD": password}, true},
		"wrong":          {map[string]string{"LECTERN_REGISTRY_USERNAME": user, "LECTERN_REGISTRY_PASSWORD": "x"}, false},
		"GitLab":         {map[string]string{"CI_REGISTRY": host, "CI_REGISTRY_USER": user, "CI_REGISTRY_PASSWORD": password}, true},
		"GitLab's other": {map[string]string{"CI_REGISTRY": "elsewhere.example.org", "CI_REGISTRY_USER": user, "CI_REGISTRY_PASSWORD": password}, false},
		"Forgejo":        {map[string]string{"GITHUB_SERVER_URL": "https://" + host, "GITHUB_ACTOR": user, "GITHUB_TOKEN": password}, true},
		"GitHub's other": {map[string]string{"GITHUB_SERVER_URL": "https://github.com", "GITHUB_ACTOR": user, "GITHUB_TOKEN": password}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r, _ := open(t, ref, RepositoryOptions{Env: func(k string) string { return tt.env[k] }})
			_, err := plan(t, files(2), nil).Push(t.Context(), r, PushOptions{Tags: []string{"latest"}})
			if tt.good != (err == nil) {
				t.Errorf("%v", err)
			}
			if err != nil && strings.Contains(err.Error(), password) {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}
