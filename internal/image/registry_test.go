package image

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// realRegistry is Debian's docker-registry on the loopback.
type realRegistry struct {
	dir, addr string
	cmd       *exec.Cmd
}

// startRegistry starts one, or skips where there is none.
func startRegistry(t *testing.T) *realRegistry {
	t.Helper()
	if _, err := exec.LookPath("docker-registry"); err != nil {
		t.Skip("install docker-registry to push to a real registry")
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &realRegistry{dir: t.TempDir(), addr: ln.Addr().String()}
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf("version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: %q}}\nhttp: {addr: %q}\n", r.dir, r.addr)
	if err := os.WriteFile(filepath.Join(r.dir, "config.yml"), []byte(config), 0o666); err != nil {
		t.Fatal(err)
	}
	r.start(t)
	t.Cleanup(r.kill)
	return r
}

// start starts it, for the first time or again with what it has.
func (r *realRegistry) start(t *testing.T) {
	t.Helper()
	r.cmd = exec.Command("docker-registry", "serve", filepath.Join(r.dir, "config.yml"))
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", r.addr)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
}

// kill ends it as a power cut would.
func (r *realRegistry) kill() {
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait()
}

// noise is a picture that can't be compressed.
func noise(n int) string {
	b := make([]byte, n)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = byte(random.Uint32())
	}
	return string(b)
}

// A registry that is killed in the middle of a push has no tag. Started again,
// it gets the rest, and the image is whole.
func TestRegistryKilled(t *testing.T) {
	reg := startRegistry(t)
	content := files(100)
	content["lectern/cards/card-0123456789ac.png"] = noise(5 << 20)
	r, ref := open(t, reg.addr+"/talks/notes", RepositoryOptions{})
	var once sync.Once
	im := plan(t, content, func(o *Options) {
		o.Jobs = 1
		o.Progress = func(LayerReport) { once.Do(reg.kill) }
	})
	_, err := im.Push(t.Context(), r, PushOptions{Tags: []string{"v1"}})
	var re *RegistryError
	if !errors.As(err, &re) || re.Hint() == "" {
		t.Errorf("error %v", err)
	}
	reg.start(t)
	n, err := name.ParseReference(ref + ":v1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := remote.Head(n); err == nil {
		t.Fatal("there is a tag")
	}
	r, _ = open(t, ref, RepositoryOptions{})
	out := push1(t, plan(t, content, nil), r, "v1")
	there := 0
	for _, l := range out.Layers {
		if l.State == "there" {
			there++
		}
	}
	if there == 0 {
		t.Errorf("all layers were pushed again: %+v", out.Layers)
	}
	got := unpack(t, pull(t, ref+":v1"))
	for p, want := range content {
		if got["site/"+p] != want {
			t.Errorf("%s has other bytes", p)
		}
	}
}

// Two push different images under one tag to a real registry at once. The tag
// is one of them, whole, and whoever's it is not is told.
func TestTwoPublishersOfRealRegistry(t *testing.T) {
	reg := startRegistry(t)
	ref := reg.addr + "/talks/notes"
	digests, errs := make([]string, 3), make([]error, 3)
	var wg sync.WaitGroup
	for i := range digests {
		content := files(30)
		content["index.html"] = fmt.Sprint("publisher ", i)
		im := plan(t, content, nil)
		r, _ := open(t, ref, RepositoryOptions{})
		wg.Go(func() {
			out, err := im.Push(t.Context(), r, PushOptions{Tags: []string{"v1"}})
			if errs[i] = err; err == nil {
				digests[i] = out.Digest
			}
		})
	}
	wg.Wait()
	img := pull(t, ref+":v1")
	d, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	winner := strings.TrimPrefix(unpack(t, img)["site/index.html"], "publisher ")
	for i, err := range errs {
		var exists *TagExistsError
		var taken *TagTakenError
		switch {
		case fmt.Sprint(i) == winner:
			if err != nil || digests[i] != d.String() {
				t.Errorf("the winner: %v, digest %s", err, digests[i])
			}
		case err != nil && !errors.As(err, &exists) && !errors.As(err, &taken):
			t.Errorf("publisher %d: %v", i, err)
		}
	}
}

// A registry's disk is full: its own words are in the error.
func TestRegistryFullDisk(t *testing.T) {
	for status, want := range map[int]string{
		http.StatusInsufficientStorage: "has no room left: ",
		http.StatusInternalServerError: "fails (status 500) again and again: ",
	} {
		r, ref := serve(t, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPatch {
					_, _ = io.Copy(io.Discard, r.Body)
					w.WriteHeader(status)
					fmt.Fprint(w, `{"errors":[{"code":"UNKNOWN","message":"no space left on device"}]}`)
					return
				}
				next.ServeHTTP(w, r)
			})
		})
		_, err := plan(t, files(3), nil).Push(t.Context(), r, PushOptions{Tags: []string{"v1"}})
		var re *RegistryError
		if !errors.As(err, &re) || !strings.Contains(err.Error(), ref) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "no space left on device") || !strings.Contains(re.Hint(), "nothing was tagged") {
			t.Errorf("%d: %v", status, err)
		}
	}
}

// Credentials are for the registry alone: not for where it sends uploads to, and
// not for a service of tokens that is asked without encryption.
func TestCredentialsStay(t *testing.T) {
	const password = "correct horse"
	env := func(k string) string {
		return map[string]string{"LECTERN_REGISTRY_USERNAME": "noor", "LECTERN_REGISTRY_PASSWORD": password}[k]
	}
	var asked bytes.Buffer
	var mu sync.Mutex
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(&asked, "%s %s\n", r.Method, r.URL.Path)
		if _, _, ok := r.BasicAuth(); ok || r.Header.Get("Authorization") != "" {
			t.Errorf("%s %s had credentials", r.Method, r.URL.Path)
		}
		w.Header().Set("Location", "/x")
		w.WriteHeader(http.StatusAccepted)
	}))
	defer other.Close()
	authorized := false
	_, ref := serve(t, func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, _, ok := r.BasicAuth(); !ok {
				w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
				answer(w, http.StatusUnauthorized, "UNAUTHORIZED")
				return
			}
			mu.Lock()
			authorized = true
			mu.Unlock()
			if r.Method == http.MethodPost {
				w.Header().Set("Location", other.URL+"/upload")
				w.WriteHeader(http.StatusAccepted)
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	r, _ := open(t, ref, RepositoryOptions{Env: env})
	_, err := plan(t, files(1), nil).Push(t.Context(), r, PushOptions{Tags: []string{"v1"}})
	if err == nil || strings.Contains(err.Error(), password) {
		t.Errorf("%v", err)
	}
	mu.Lock() // an upload that was broken off may still be asking
	came, heard := authorized, asked.String()
	mu.Unlock()
	if !came || !strings.Contains(heard, "/upload") {
		t.Errorf("the test is none: %v, %q", came, heard)
	}

	_, ref = serve(t, func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="http://192.0.2.7/token",service="x"`)
			answer(w, http.StatusUnauthorized, "UNAUTHORIZED")
		})
	})
	r, _ = open(t, ref, RepositoryOptions{Env: env})
	_, err = plan(t, files(1), nil).Push(t.Context(), r, PushOptions{Tags: []string{"v1"}})
	if err == nil || !strings.Contains(err.Error(), "192.0.2.7 does not speak HTTPS") || strings.Contains(err.Error(), password) {
		t.Errorf("%v", err)
	}
}
