package release

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const tinyDiskEnv = "LECTERN_RELEASE_TINY_DISK"

// A full disk, for real: the test runs again in a child that mounts a file
// system of two megabytes in a namespace of its own.
func TestFullDisk(t *testing.T) {
	if dir := os.Getenv(tinyDiskEnv); dir != "" {
		inTinyDisk(t, dir)
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestFullDisk$", "-test.v")
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
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	first := map[string]string{"a": "one"}
	put(t, s, site(t, first), "1")
	if err := s.Activate(1, false, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(context.Background(), site(t, map[string]string{"a": noise(3_000_000)}), Meta{}); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("error %v, want a full disk", err)
	}
	// Room for less and less: wherever it ends, all is as it was.
	failed := 0
	for room := 40_000; room >= 0; room -= 4096 {
		fill(t, filepath.Join(dir, "theirs"), room)
		before := len(s.List())
		_, err := s.Put(context.Background(), site(t, map[string]string{"a": fmt.Sprint(room, noise(15_000))}), Meta{Commit: fmt.Sprint(room)})
		if err == nil {
			err = s.Activate(s.List()[len(s.List())-1].Number, false, "")
		} else if len(s.List()) != before {
			t.Error("a release that failed is in the list")
		}
		if err != nil {
			if failed++; !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("error %v, want a full disk", err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s, err = Open(dir); err != nil {
			t.Fatal(err)
		}
		if p := s.Problems(); len(p) > 0 {
			t.Fatal(p)
		}
		for _, r := range s.List() {
			snap, _, err := s.Open(context.Background(), r.Number)
			if err != nil {
				t.Fatal(err)
			}
			if got := contents(t, snap)["a"]; r.Number > 1 && !strings.HasPrefix(got, r.Commit) {
				t.Errorf("release %d is %.20q", r.Number, got)
			}
		}
	}
	if failed == 0 {
		t.Error("the disk was never full")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// fill leaves room bytes of the file system.
func fill(t *testing.T, name string, room int) {
	t.Helper()
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var st syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(name), &st); err != nil {
		t.Fatal(err)
	}
	if n := int(st.Bavail)*int(st.Bsize) - room; n > 0 {
		if err := os.WriteFile(name, make([]byte, n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
