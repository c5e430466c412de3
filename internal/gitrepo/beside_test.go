package gitrepo

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Another branch is listed, fetched and checked out beside the one that is
// followed, which stays as it is, and has its own past.
func TestBeside(t *testing.T) {
	o := newOrigin(t)
	o.write("a.md", "one")
	first := o.push("first")
	o.git("checkout", "-q", "-b", "feature/x")
	o.write("b.md", "two")
	o.git("add", "--all")
	o.git("commit", "-q", "-m", "on a branch")
	o.git("push", "-q", "origin", "feature/x", "HEAD:refs/pull/7/head")
	second := strings.TrimSpace(o.git("rev-parse", "HEAD"))

	if fresh := o.mirror(t.TempDir(), MirrorOptions{}); fresh.Branch() != "" {
		t.Error("the branch is known before anybody asked")
	} else if _, err := fresh.List(t.Context(), false); err != nil || fresh.Branch() != "main" {
		t.Errorf("the branch is %q, %v", fresh.Branch(), err)
	}

	dir := t.TempDir()
	m := o.mirror(filepath.Join(dir, "m"), MirrorOptions{})
	if c, _ := o.follow(m); c != first {
		t.Fatalf("followed %s", c)
	}
	refs, err := m.List(t.Context(), false)
	if want := []Ref{{"refs/heads/feature/x", second}, {"refs/heads/main", first}}; err != nil || !slices.Equal(refs, want) {
		t.Errorf("%v, %v", refs, err)
	}
	refs, err = m.List(t.Context(), true)
	if err != nil || len(refs) != 3 || refs[2] != (Ref{"refs/pull/7/head", second}) {
		t.Errorf("%v, %v", refs, err)
	}

	b, err := m.Beside(filepath.Join(dir, "b"))
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	got, err := m.FetchRef(t.Context(), "refs/heads/feature/x", "x")
	if err != nil || got != second {
		t.Fatalf("%s, %v", got, err)
	}
	if _, _, err := b.Checkout(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	if files := slices.Sorted(maps.Keys(tree(t, b.Dir()))); !slices.Equal(files, []string{"a.md", "b.md"}) {
		t.Errorf("beside are %v", files)
	}
	if files := slices.Sorted(maps.Keys(tree(t, m.Dir()))); !slices.Equal(files, []string{"a.md"}) {
		t.Errorf("followed are %v", files)
	}
	if err := m.Deepen(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err = m.FetchRef(t.Context(), "refs/heads/feature/x", "x"); err != nil || got != second {
		t.Fatalf("%s, %v", got, err)
	}
	if !m.Complete() || !b.Complete() {
		t.Error("a branch beside makes the past shorter")
	}
	for d, want := range map[string]string{m.Dir(): first, b.Dir(): second} {
		h, err := Open(d, "").History(t.Context(), HistoryOptions{})
		if err != nil || h.Head != want {
			t.Errorf("the history in %s: %+v, %v", d, h, err)
		}
	}

	names, err := m.Kept(t.Context())
	if err != nil || !slices.Equal(names, []string{"x"}) {
		t.Errorf("kept are %v, %v", names, err)
	}
	if err := m.Drop(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	if names, err = m.Kept(t.Context()); err != nil || len(names) > 0 {
		t.Errorf("kept are %v, %v", names, err)
	}
	if _, err := m.FetchRef(t.Context(), "refs/heads/nothing", "n"); !errors.Is(err, ErrBranchGone) {
		t.Errorf("a branch that is not there: %v", err)
	}
	for _, ref := range []string{"--upload-pack=x", "refs/heads/a b", "refs/heads/*", "refs/heads/a:b", "main", "refs/heads/../x"} {
		if _, err := m.FetchRef(t.Context(), ref, "n"); err == nil {
			t.Errorf("%q was fetched", ref)
		}
	}
}

// What others push elsewhere leaves room for the branch that is followed.
func TestFetchRefLeavesRoom(t *testing.T) {
	o := newOrigin(t)
	o.write("a.md", "one")
	o.push("first")
	m := o.mirror(filepath.Join(t.TempDir(), "m"), MirrorOptions{MaxBytes: 100_000})
	o.follow(m)
	o.git("checkout", "-q", "-b", "large")
	for i := range 9 {
		o.write(fmt.Sprintf("n%d", i), noise(10_000, i))
	}
	o.git("add", "--all")
	o.git("commit", "-q", "-m", "large")
	o.git("push", "-q", "origin", "large")
	// It may come whole before anyone looks how large it is; what comes next does not.
	_, _ = m.FetchRef(t.Context(), "refs/heads/large", "large")
	if _, err := m.FetchRef(t.Context(), "refs/heads/large", "again"); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	o.git("checkout", "-q", "main")
	o.write("a.md", "two")
	want := o.push("second")
	if got, err := m.Fetch(t.Context()); err != nil || got != want {
		t.Errorf("%s, %v", got, err)
	}
}

// noise is text that can't be made smaller.
func noise(n, seed int) string {
	b := make([]byte, n)
	x := uint32(seed*7919 + 1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return string(b)
}
