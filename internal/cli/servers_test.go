package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"lectern/internal/slimserver"
)

// carriedSet is what a release carries, made of any bytes.
func carriedSet(t *testing.T) slimserver.Set {
	t.Helper()
	files := fstest.MapFS{}
	for _, p := range slimserver.Platforms() {
		var b bytes.Buffer
		if err := slimserver.Pack(&b, []byte("carried "+p)); err != nil {
			t.Fatal(err)
		}
		files["files/"+slimserver.FileName(p)] = &fstest.MapFile{Data: b.Bytes()}
	}
	return slimserver.From(files)
}

// A release makes images for all platforms that it carries a server for. Flags
// replace one, add others, and choose among them.
func TestServersOfRelease(t *testing.T) {
	binary, err := serverBinary(t)()
	if err != nil {
		t.Fatal(err)
	}
	a := newApp(Streams{})
	a.carried = carriedSet(t)
	tests := map[string]struct {
		flags containerFlags
		want  string // platforms, with * where the named program is used
		err   string
	}{
		"nothing said":     {containerFlags{}, "linux/amd64 linux/arm64", ""},
		"one replaced":     {containerFlags{servers: []string{"linux/amd64=" + binary}}, "linux/amd64* linux/arm64", ""},
		"one chosen":       {containerFlags{platforms: []string{"linux/arm64"}}, "linux/arm64", ""},
		"one that is none": {containerFlags{platforms: []string{"linux/arm64", "linux/s390x"}}, "", "no server for linux/s390x"},
		"files alone":      {containerFlags{contentOnly: true}, "", ""},
		"both":             {containerFlags{contentOnly: true, platforms: []string{"linux/arm64"}}, "", "--content-only and --platform exclude each other"},
	}
	for name, tt := range tests {
		s, err := a.servers(tt.flags)
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("%s: %v, want %q", name, err, tt.err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got []string
		for _, srv := range s.list {
			if string(srv.Binary) == "carried "+srv.Platform {
				got = append(got, srv.Platform)
			} else {
				got = append(got, srv.Platform+"*")
			}
		}
		if strings.Join(got, " ") != tt.want || s.alone != "" || s.self != "" {
			t.Errorf("%s: %q (alone %q, itself %q), want %q", name, got, s.alone, s.self, tt.want)
		}
	}
}

// A build from source makes an image for this machine's platform, with the
// server that lies beside it, else with lectern itself, and says so.
func TestServersOfSource(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("a build from source makes images on Linux alone; the test's programs are for amd64")
	}
	dir := t.TempDir()
	build := testLectern(t, dir)
	notes := filepath.Join(dir, "notes")
	if err := os.Mkdir(notes, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(notes, "index.md"), []byte("# Home\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	out, errs := build("image", notes, "-o", filepath.Join(dir, "self.tar"), "--json")
	if !strings.Contains(errs, "for linux/amd64 alone; --server-binary linux/arm64=") || !strings.Contains(errs, "server is lectern itself, ") || strings.Contains(out, "note") {
		t.Errorf("lectern itself:\n%s\n%s", out, errs)
	}
	if _, errs = build("image", notes, "-o", filepath.Join(dir, "self.tar"), "--platform", "linux/amd64"); strings.Contains(errs, "alone") || !strings.Contains(errs, "itself") {
		t.Errorf("a platform that was chosen: %s", errs)
	}
	binary, err := serverBinary(t)()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "lectern-server"), data, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, errs = build("image", notes, "-o", filepath.Join(dir, "slim.tar")); !strings.Contains(errs, "alone") || strings.Contains(errs, "itself") {
		t.Errorf("a server beside it: %s", errs)
	}
	slim, err := imageFiles(filepath.Join(dir, "slim.tar"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(slim["lectern"].data, data) {
		t.Error("the image does not hold the server that lies beside lectern")
	}
	self, err := imageFiles(filepath.Join(dir, "self.tar"))
	if err != nil {
		t.Fatal(err)
	}
	if own, err := os.ReadFile(filepath.Join(dir, "lectern")); err != nil || !bytes.Equal(self["lectern"].data, own) {
		t.Errorf("the image does not hold lectern itself: %v", err)
	}
}

// testLectern builds lectern from source into dir, and returns what runs it.
func testLectern(t *testing.T, dir string) func(args ...string) (out, errs string) {
	t.Helper()
	program := filepath.Join(dir, "lectern")
	cmd := exec.Command("go", "build", "-trimpath", "-o", program, "lectern/cmd/lectern")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return func(args ...string) (string, string) {
		t.Helper()
		var out, errs bytes.Buffer
		cmd := exec.Command(program, args...)
		cmd.Env = append(os.Environ(), "LECTERN_CACHE=off")
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil {
			t.Fatalf("%q: %v: %s", args, err, errs.String())
		}
		return out.String(), errs.String()
	}
}
