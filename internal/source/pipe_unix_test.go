//go:build unix

package source_test

import (
	"path/filepath"
	"syscall"
	"testing"
)

// A named pipe without a writer must not hold up a build.
func TestPipe(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "x.md", "x")
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe.md"), 0o666); err != nil {
		t.Skip("this file system has no named pipes:", err)
	}
	if got, want := list(scan(t, open(t, dir), whole)), "x.md file-special:pipe.md"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
