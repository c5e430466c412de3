package snapshot

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

const tinyDiskEnv = "LECTERN_SNAPSHOT_TINY_DISK"

// A full disk, for real: the test runs again in a child, which mounts a file
// system of two megabytes in a namespace of its own, as root or as a user who
// becomes root there.
func TestWriteDirFullDisk(t *testing.T) {
	if dir := os.Getenv(tinyDiskEnv); dir != "" {
		inTinyDisk(t, dir)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestWriteDirFullDisk$", "-test.v")
	cmd.Env = append(os.Environ(), tinyDiskEnv+"="+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSPC) || bytes.Contains(out, []byte("--- SKIP")):
		t.Skipf("no file system can be mounted here: %v\n%s", err, out)
	case err != nil || !bytes.Contains(out, []byte("--- PASS")):
		t.Fatalf("%v\n%s", err, out)
	}
}

func inTinyDisk(t *testing.T, dir string) {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		t.Skip("no mounts of one's own here: ", err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skip("no file system in memory can be mounted here: ", err)
	}
	defer syscall.Unmount(dir, syscall.MNT_DETACH)
	noise := func(n int) string {
		b := make([]byte, n)
		rnd := rand.New(rand.NewPCG(1, 2))
		for i := range b {
			b[i] = byte(rnd.Uint32())
		}
		return string(b)
	}
	small := with(day, "big", noise(300_000))
	write(t, site(t, small), dir)
	tests := map[string]map[string]string{
		"one file too many":      with(small, "big", noise(2_000_000), "index.html", "new"),
		"new directories":        with(small, "n/e/w/1", noise(900_000), "n/e/w/2", noise(900_000), "n/x", noise(900_000)),
		"both, and many of them": with(small, "a/1", noise(500_000), "big", noise(600_000), "b", noise(700_000), "day1/index.html", ""),
	}
	for name, content := range tests {
		for _, jobs := range []int{1, 8} {
			_, err := WriteDir(context.Background(), site(t, content), dir, WriteOptions{Jobs: jobs})
			if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "as it was") {
				t.Fatalf("%s: error %v, want a full disk", name, err)
			}
			equalTrees(t, tree(t, dir), want(small, nil))
		}
	}
	// Not even the manifest fits.
	put(t, dir, "theirs", "")
	f, err := os.OpenFile(dir+"/theirs", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	theirs := 0
	for err == nil {
		var n int
		n, err = f.Write(make([]byte, 4096))
		theirs += n
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	others := map[string]string{"theirs": string(make([]byte, theirs))}
	next := with(small, "index.html", "new", "big", "")
	if _, err := WriteDir(context.Background(), site(t, next), dir, WriteOptions{}); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("error %v, want a full disk", err)
	}
	equalTrees(t, tree(t, dir), want(small, others))
	// Once there is room, all is well.
	if err := os.Truncate(dir+"/theirs", 0); err != nil {
		t.Fatal(err)
	}
	write(t, site(t, next), dir)
	equalTrees(t, tree(t, dir), want(next, map[string]string{"theirs": ""}))
}
