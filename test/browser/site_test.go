package browser

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// strict is the tightest policy that a host of sites would send.
const strict = "default-src 'self'"

func buildBinary() (string, error) {
	dir, err := os.MkdirTemp("", "lectern-bin")
	if err != nil {
		return "", err
	}
	shared.cleanup = append(shared.cleanup, func() { _ = os.RemoveAll(dir) })
	bin := filepath.Join(dir, "lectern")
	if runtime.GOOS == "windows" {
		bin += ".exe"
	}
	cmd := exec.Command("go", "build", "-o", bin, "lectern/cmd/lectern")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", errors.New("go build: " + string(out) + err.Error())
	}
	return bin, nil
}

var (
	example  = filepath.Join("..", "..", "examples", "gophercamp")
	kubecon  = filepath.Join("..", "..", "..", "shared", "corpus", "kubecon25")
	outs     = map[string]string{} // project → where it was built
	outsLock sync.Mutex
)

// build returns the folder that the project's site was built to, once for all
// tests. Any finding in the project fails the test where clean is set.
func build(t *testing.T, project string, clean bool) string {
	t.Helper()
	bin, err := shared.binary()
	if err != nil {
		t.Fatal(err)
	}
	outsLock.Lock()
	defer outsLock.Unlock()
	if out, ok := outs[project]; ok {
		return out
	}
	out, err := os.MkdirTemp("", "lectern-site")
	if err != nil {
		t.Fatal(err)
	}
	shared.cleanup = append(shared.cleanup, func() { _ = os.RemoveAll(out) })
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(bin, "build", project, "-o", out, "--json")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("build %s: %v\n%s%s", project, err, &stdout, &stderr)
	}
	found := stdout.String()
	if clean && (strings.Contains(found, `"severity": "error"`) || strings.Contains(found, `"severity": "warning"`)) {
		t.Errorf("build %s has findings:\n%s", project, &stdout)
	}
	outs[project] = out
	return out
}

// host serves a folder below base ("/" or "/notes/2026/") as a host of static
// sites does, with 404.html for what is missing, and a policy for all documents
// but the frame of diagrams, which has one of its own.
func host(t *testing.T, dir, base, policy string) string {
	t.Helper()
	return serve(t, dir, base, func(h http.Header, name string) {
		if !isFrame(name) {
			h.Set("Content-Security-Policy", policy)
		}
	})
}

func isFrame(name string) bool {
	return strings.HasPrefix(name, "lectern/mermaid-frame") && strings.HasSuffix(name, ".html")
}

// serve is host with headers of the caller's choice.
func serve(t *testing.T, dir, base string, headers func(h http.Header, name string)) string {
	t.Helper()
	return started(t, dir, base, headers).URL + base
}

// started is serve for a test that also ends the server.
func started(t *testing.T, dir, base string, headers func(h http.Header, name string)) *httptest.Server {
	t.Helper()
	files := http.FileServer(http.Dir(dir))
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		headers(w.Header(), name)
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			notFound, err := os.ReadFile(filepath.Join(dir, "404.html"))
			if err != nil {
				notFound = []byte("no 404.html")
			}
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write(notFound)
			return
		}
		files.ServeHTTP(w, r)
	})
	srv := httptest.NewServer(http.StripPrefix(strings.TrimSuffix(base, "/"), h))
	t.Cleanup(srv.Close)
	return srv
}
