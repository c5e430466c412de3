package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// tenfold writes a tree of ten entries that all are the same object.
func (o *origin) tenfold(kind, id string) string {
	o.t.Helper()
	var list strings.Builder
	for i := range 10 {
		fmt.Fprintf(&list, "%s %s\t%d\n", kind, id, i)
	}
	cmd := exec.Command("git", "mktree")
	cmd.Dir, cmd.Stdin = o.dir, strings.NewReader(list.String())
	out, err := cmd.Output()
	if err != nil {
		o.t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// A dozen objects may stand for a billion files.
func TestTreeBomb(t *testing.T) {
	o := newOrigin(t)
	o.write("a.md", "a")
	small := o.push("small")
	m := o.mirror(t.TempDir(), MirrorOptions{MaxBytes: 1 << 20})
	o.follow(m)
	id := o.tenfold("100644 blob", strings.TrimSpace(o.git("hash-object", "-w", "a.md")))
	for range 8 {
		id = o.tenfold("040000 tree", id)
	}
	bomb := strings.TrimSpace(o.git("commit-tree", "-m", "bomb", id))
	o.git("push", "-q", "--force", "origin", bomb+":refs/heads/main")
	commit, err := m.Fetch(t.Context())
	if err != nil || commit != bomb {
		t.Fatal(commit, err)
	}
	if _, _, err := m.Checkout(t.Context(), commit); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a bomb: %v", err)
	}
	if _, _, err := m.Checkout(t.Context(), small); err != nil || len(tree(t, m.Dir())) != 1 {
		t.Errorf("back from a bomb: %v", err)
	}
}

// The other side's words may have no end.
func TestWordsWithoutEnd(t *testing.T) {
	heard := 0
	l := listener{heard: func() { heard++ }}
	line := strings.Repeat("x", 32<<10-4) + "end\n"
	for range 2 * mostWords / len(line) {
		if _, err := io.WriteString(&l, line); err != nil {
			t.Fatal(err)
		}
	}
	if n := l.said.Len(); n > 3*keptWords || !strings.HasSuffix(l.said.String(), "end\n") {
		t.Errorf("%d bytes are kept", n)
	}
	if heard > mostWords/len(line) {
		t.Errorf("it counts as a sign of life %d times", heard)
	}
}

// Who breaks off reading objects does not pull the ground away from those who end
// git meanwhile.
func TestObjectsBrokenOff(t *testing.T) {
	o := newOrigin(t)
	o.write("a.md", "a")
	commit := o.push("a")
	m := o.mirror(t.TempDir(), MirrorOptions{})
	o.follow(m)
	broken := errors.New("broken off")
	for range 50 {
		ctx, cancel := context.WithCancel(t.Context())
		err := m.objects.each(ctx, []string{commit}, func(int, string, int64, io.Reader) error {
			cancel()
			return broken
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if _, err := m.Describe(t.Context(), commit); err != nil {
		t.Error(err)
	}
}

// A file that is called as this package calls its temporary one is left out,
// and does no harm to others.
func TestTemporaryName(t *testing.T) {
	o := newOrigin(t)
	o.write(temporary, "x")
	o.write("a.md", "a")
	o.push("a")
	m := o.mirror(t.TempDir(), MirrorOptions{})
	o.follow(m)
	if files := tree(t, m.Dir()); len(files) != 1 || files["a.md"] != "a" {
		t.Errorf("%q", files)
	}
}
