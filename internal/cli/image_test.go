package cli

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"lectern/internal/gitrepo"
)

// serverBinary builds the slim server, once for all scripts that want it.
func serverBinary(t *testing.T) func() (string, error) {
	return sync.OnceValues(func() (string, error) {
		name := filepath.Join(t.TempDir(), "lectern-server")
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", name, "lectern/cmd/lectern-server")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("%w: %s", err, out)
		}
		return name, nil
	})
}

// serverbinary FILE puts the slim server for linux/amd64 there.
func cmdServerBinary(build func() (string, error)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		name, err := build()
		ts.Check(err)
		data, err := os.ReadFile(name)
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o777))
	}
}

// registry NAME [VARIABLE=VALUE...] starts Debian's docker-registry on the
// loopback until the script ends, and puts its address into the environment. The
// variables are the registry's own, which configure it; with the same NAME it
// has the same images as before.
func cmdRegistry(ts *testscript.TestScript, _ bool, args []string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	addr := ln.Addr().String()
	ts.Check(ln.Close())
	config := ts.MkAbs(args[0] + ".yml")
	ts.Check(os.WriteFile(config, fmt.Appendf(nil, `version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: %q}}
http: {addr: %q}
`, ts.MkAbs(args[0]+".d"), addr), 0o666))
	cmd := exec.Command("docker-registry", "serve", config)
	cmd.Dir, cmd.Env = ts.MkAbs("."), append(os.Environ(), args[1:]...)
	ts.Check(cmd.Start())
	// Each one is ended, whatever became of it, and however many a script starts.
	end := sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	ts.Value(serverKey{}).(*scriptServer).endRegistry = end
	ts.Defer(end)
	for end := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			conn.Close()
			break
		}
		if time.Now().After(end) {
			ts.Fatalf("the registry never answered: %v", err)
		}
	}
	ts.Setenv(args[0], addr)
}

// noregistry ends the registry that was started last.
func cmdNoRegistry(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Value(serverKey{}).(*scriptServer).endRegistry()
}

// unpack ARCHIVE DIR CONFIG [LAYERS] unpacks the layers of an image that is an
// archive of the OCI layout, and its manifest and configuration into one file.
// LAYERS gets all layers but the server's as they are.
func cmdUnpack(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) > 3 {
		_, layers, err := readImage(ts.MkAbs(args[0]))
		ts.Check(err)
		ts.Check(os.Mkdir(ts.MkAbs(args[3]), 0o777))
		for i, l := range layers[1:] {
			ts.Check(os.WriteFile(filepath.Join(ts.MkAbs(args[3]), fmt.Sprint(i, ".tar")), l, 0o666))
		}
	}
	files, err := imageFiles(ts.MkAbs(args[0]))
	ts.Check(err)
	for path, f := range files {
		name := filepath.Join(ts.MkAbs(args[1]), filepath.FromSlash(path))
		switch {
		case path == "":
			ts.Check(os.WriteFile(ts.MkAbs(args[2]), f.data, 0o666))
		case f.dir:
			ts.Check(os.MkdirAll(name, 0o777))
		default:
			ts.Check(os.MkdirAll(filepath.Dir(name), 0o777))
			ts.Check(os.WriteFile(name, f.data, 0o666))
		}
	}
}

// imageFile is a file or a folder in an image.
type imageFile struct {
	dir  bool
	mode os.FileMode
	data []byte
}

// imageFiles reads an archive of the OCI layout: the files of all layers by
// path, and under "" the manifest and the configuration.
func imageFiles(archive string) (map[string]imageFile, error) {
	about, layers, err := readImage(archive)
	if err != nil {
		return nil, err
	}
	files := map[string]imageFile{"": {data: about}}
	for _, l := range layers {
		if err := eachEntry(bytes.NewReader(l), func(h *tar.Header, r io.Reader) error {
			data, err := io.ReadAll(r)
			files[strings.TrimSuffix(h.Name, "/")] = imageFile{h.Typeflag == tar.TypeDir, h.FileInfo().Mode().Perm(), data}
			return err
		}); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// readImage reads an archive of the OCI layout with nothing of ours: the index,
// the manifest and the configuration in one, and the layers, which are archives.
func readImage(archive string) (about []byte, layers [][]byte, err error) {
	f, err := os.Open(archive)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	blobs := map[string][]byte{}
	if err := eachEntry(f, func(h *tar.Header, r io.Reader) error {
		data, err := io.ReadAll(r)
		blobs[strings.TrimPrefix(h.Name, "blobs/sha256/")] = data
		return err
	}); err != nil {
		return nil, nil, err
	}
	type descriptor struct{ Digest string }
	blob := func(d descriptor) []byte { return blobs[strings.TrimPrefix(d.Digest, "sha256:")] }
	var index struct{ Manifests []descriptor }
	if err := json.Unmarshal(blobs["index.json"], &index); err != nil {
		return nil, nil, err
	}
	about = blobs["index.json"]
	raw := blob(index.Manifests[0])
	if bytes.Contains(raw, []byte("image.index.v1")) { // of several platforms
		about = append(about, raw...)
		if err := json.Unmarshal(raw, &index); err != nil {
			return nil, nil, err
		}
		raw = blob(index.Manifests[0])
	}
	var manifest struct {
		Config descriptor
		Layers []descriptor
	}
	if err := json.Unmarshal(raw, &manifest); err != nil {
		return nil, nil, err
	}
	for _, l := range manifest.Layers {
		z, err := gzip.NewReader(bytes.NewReader(blob(l)))
		if err != nil {
			return nil, nil, err
		}
		data, err := io.ReadAll(z)
		if err != nil {
			return nil, nil, err
		}
		layers = append(layers, data)
	}
	return append(append(about, raw...), blob(manifest.Config)...), layers, nil
}

func eachEntry(r io.Reader, f func(*tar.Header, io.Reader) error) error {
	for t := tar.NewReader(r); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f(h, t); err != nil {
			return err
		}
	}
}

func TestTags(t *testing.T) {
	facts := tagFacts{
		commit:    gitrepo.State{Commit: strings.Repeat("1a2b3c4d", 5), Branch: "feature/Über uns", Tags: []string{"day1", "v1.2.0", "v1.10.0+x"}},
		hasCommit: true, created: time.Unix(1774515600, 0), env: func(string) string { return "" },
	}
	tests := map[string]string{
		"auto": "feature--ber-uns-1a2b3c4-1774515600", "latest": "latest", "semver": "1.10.0_x", "v7": "v7",
		"{date}.{short}": "20260326.1a2b3c4", "{commit}": strings.Repeat("1a2b3c4d", 5),
	}
	for in, want := range tests {
		if got, err := facts.tags([]string{in, in}); err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, %v, want %q", in, got, err, want)
		}
	}
	detached := facts
	detached.commit.Branch = ""
	if got, err := detached.tags(nil); err != nil || got[0] != "main-1a2b3c4-1774515600" {
		t.Errorf("%q, %v", got, err)
	}
	detached.env = func(name string) string { return map[string]string{"GITHUB_REF_NAME": "release"}[name] }
	if got, err := detached.tags(nil); err != nil || got[0] != "release-1a2b3c4-1774515600" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := (tagFacts{}).tags(nil); err != nil || got[0] != "latest" {
		t.Errorf("%q, %v", got, err)
	}
	for _, bad := range []string{"auto", "semver", "{nothing}"} {
		if got, err := (tagFacts{}).tags([]string{bad}); err == nil {
			t.Errorf("%s: %q", bad, got)
		}
	}
}
