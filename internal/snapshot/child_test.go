package snapshot

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// childEnv holds a [childSpec] for a test binary that is run as a child, to be
// killed or to have no rights.
const childEnv = "LECTERN_SNAPSHOT_CHILD"

type childSpec struct {
	Dir  string
	Seed uint64 // of the site to write: see randomSite
}

func TestMain(m *testing.M) {
	spec := os.Getenv(childEnv)
	if spec == "" {
		os.Exit(m.Run())
	}
	if err := runChild(spec); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func runChild(text string) error {
	var spec childSpec
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		return err
	}
	snap, err := New(randomFiles(randomSite(spec.Seed)))
	if err != nil {
		return err
	}
	fmt.Println("ready")
	_, err = WriteDir(context.Background(), snap, spec.Dir, WriteOptions{})
	return err
}

// child returns the command that runs this test binary as a child.
func child(t testing.TB, binary string, spec childSpec) *exec.Cmd {
	t.Helper()
	data, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	if binary == "" {
		if binary, err = os.Executable(); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(binary)
	cmd.Env = append(os.Environ(), childEnv+"="+string(data))
	return cmd
}

// randomSite makes a site of some hundred files. Sites of different seeds share
// paths and some contents, and a name may be a file in one and a directory in
// another.
func randomSite(seed uint64) map[string]string {
	rnd := rand.New(rand.NewPCG(seed, 1))
	content := make(map[string]string)
	dirs := make(map[string]bool)
	for range 150 + rnd.IntN(150) {
		var parts []string
		for range 1 + rnd.IntN(3) {
			parts = append(parts, fmt.Sprintf("%c%d", 'a'+rune(rnd.IntN(3)), rnd.IntN(8)))
		}
		p := strings.Join(parts, "/")
		free := !dirs[p]
		for d := filepath.ToSlash(filepath.Dir(p)); d != "."; d = filepath.ToSlash(filepath.Dir(d)) {
			_, isFile := content[d]
			free = free && !isFile
		}
		if !free {
			continue
		}
		for d := filepath.ToSlash(filepath.Dir(p)); d != "."; d = filepath.ToSlash(filepath.Dir(d)) {
			dirs[d] = true
		}
		// Contents of equal and of different lengths.
		content[p] = strings.Repeat(fmt.Sprintf("%s v%d\n", p, rnd.IntN(4)), 1+rnd.IntN(3)*200)
	}
	return content
}

func randomFiles(content map[string]string) []*File {
	var files []*File
	for p, c := range content {
		body := MakeBody([]byte(c))
		files = append(files, &File{Path: p, Hash: body.Hash(), Body: body})
	}
	return files
}

// readableBinary copies the test binary to where any user may run it.
func readableBinary(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "lectern-snapshot-test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	src, err := os.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	name := filepath.Join(dir, "test.exe")
	dst, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(dst, src); err != nil {
		t.Fatal(err)
	}
	if err := dst.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestWriteDirReadOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("permissions are another matter on Windows")
	}
	binary := readableBinary(t)
	dir := filepath.Join(filepath.Dir(binary), "site")
	old, next := randomSite(1), randomSite(2)
	write(t, site(t, old), dir)
	before := tree(t, dir)
	setModes(t, dir, 0o555)
	cmd := child(t, binary, childSpec{Dir: dir, Seed: 2})
	dropPrivileges(cmd)
	out, err := cmd.CombinedOutput()
	setModes(t, dir, 0o777)
	if err == nil || !strings.Contains(string(out), "permission denied") || !strings.Contains(string(out), dir) {
		t.Errorf("error %v, output %q: want the directory named that can't be written", err, out)
	}
	equalTrees(t, tree(t, dir), before)
	write(t, site(t, next), dir)
	equalTrees(t, tree(t, dir), want(next, nil))
}

// setModes sets the mode of dir and of all directories in it.
func setModes(t *testing.T, dir string, mode os.FileMode) {
	t.Helper()
	for p, c := range tree(t, dir) {
		if c == "dir" {
			if err := os.Chmod(filepath.Join(dir, filepath.FromSlash(p)), mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, p := range []string{ManifestName, lockName} {
		if err := os.Chmod(filepath.Join(dir, p), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, mode); err != nil {
		t.Fatal(err)
	}
}
