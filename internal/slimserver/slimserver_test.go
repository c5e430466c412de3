package slimserver

import (
	"bytes"
	"debug/elf"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestSet(t *testing.T) {
	var packed, again bytes.Buffer
	for _, b := range []*bytes.Buffer{&packed, &again} {
		if err := Pack(b, []byte("a program")); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(packed.Bytes(), again.Bytes()) {
		t.Error("one program was packed into different bytes")
	}
	s := From(fstest.MapFS{
		"files/lectern-server-linux-arm64.gz": {Data: packed.Bytes()},
		"files/lectern-server-linux-amd64.gz": {Data: packed.Bytes()[:12]},
		"files/notes.txt":                     {},
	})
	if got := s.Platforms(); !slices.Equal(got, []string{"linux/amd64", "linux/arm64"}) {
		t.Errorf("platforms %q", got)
	}
	if got, err := s.Binary("linux/arm64"); err != nil || string(got) != "a program" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := s.Binary("linux/amd64"); err == nil || !strings.Contains(err.Error(), "linux/amd64") {
		t.Errorf("a file cut short: %v", err)
	}
	for _, none := range []Set{s, {}} {
		if _, err := none.Binary("linux/riscv64"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a platform without a server: %v", err)
		}
	}
	if got := (Set{}).Platforms(); got != nil {
		t.Errorf("the empty set has %q", got)
	}
}

// What this build carries are static programs for their platforms: all in a
// release (go test -tags release, after internal/dist), else none.
func TestCarried(t *testing.T) {
	s := Carried()
	if embedded() == nil {
		if got := s.Platforms(); got != nil {
			t.Errorf("a build that is no release carries %q", got)
		}
		return
	}
	if got := s.Platforms(); !slices.Equal(got, Platforms()) {
		t.Fatalf("a release carries %q", got)
	}
	machines := map[string]elf.Machine{"linux/amd64": elf.EM_X86_64, "linux/arm64": elf.EM_AARCH64}
	for _, p := range s.Platforms() {
		data, err := s.Binary(p)
		if err != nil {
			t.Fatal(err)
		}
		f, err := elf.NewFile(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", p, err)
		}
		if f.Machine != machines[p] {
			t.Errorf("%s: made for %v", p, f.Machine)
		}
	}
}
