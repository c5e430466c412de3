package cli

import (
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The image's file system is all that its server needs: it is started in a
// chroot of that, as the image's user, and a page is read over HTTP. Its end by
// SIGTERM is a clean one.
func TestImageRootFileSystem(t *testing.T) {
	if os.Getuid() != 0 || runtime.GOARCH != "amd64" {
		t.Skip("a chroot and another user need root, on amd64")
	}
	server, err := serverBinary(t)()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "lectern-image-test") // t.TempDir is closed to other users
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	notes := filepath.Join(dir, "notes")
	root := filepath.Join(dir, "root")
	for _, d := range []string{notes, root} {
		if err := os.Mkdir(d, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(notes, "index.md"), []byte("# Welcome to the image\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	var errs strings.Builder
	archive := filepath.Join(dir, "site.tar")
	env := func(name string) string { return map[string]string{"LECTERN_CACHE": "off"}[name] }
	if code := Run(t.Context(), []string{"image", notes, "-o", archive, "--server-binary", "linux/amd64=" + server}, Streams{Err: &errs, Env: env}); code != 0 {
		t.Fatalf("code %d: %s", code, errs.String())
	}
	files, err := imageFiles(archive)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range slices.Sorted(maps.Keys(files)) { // folders before what is in them
		name, f := filepath.Join(root, filepath.FromSlash(path)), files[path]
		switch {
		case path == "":
		case f.dir:
			err = os.Mkdir(name, f.mode)
		default:
			err = os.WriteFile(name, f.data, f.mode)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/lectern", "serve", "--snapshot", "/site")
	cmd.Dir, cmd.Env = "/", []string{"LECTERN_BIND=127.0.0.1", "LECTERN_PORT=" + port}
	cmd.Stderr = &errs
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532, NoSetGroups: true}}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/readyz": "ok", "/": "Welcome to the image"} {
		if body := readPage(ctx, t, "http://127.0.0.1:"+port+path); !strings.Contains(body, want) {
			t.Errorf("%s: %.200q", path, body)
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v: %s", err, errs.String())
	}
}

// readPage reads an address as soon as somebody answers there.
func readPage(ctx context.Context, t *testing.T, url string) string {
	t.Helper()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil || resp.StatusCode != http.StatusOK {
				t.Fatalf("%s: status %d, %v", url, resp.StatusCode, err)
			}
			return string(body)
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s: %v", url, err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}
