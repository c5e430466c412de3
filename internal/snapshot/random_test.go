package snapshot

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func isTemp(p string) bool {
	return slices.ContainsFunc(strings.Split(p, "/"), func(name string) bool { return strings.HasPrefix(name, tempPrefix) })
}

// Random sequences of sites, written by random numbers of goroutines into a
// directory where others add, change and delete files in between: after each
// write the directory has the site and what is foreign, and nothing else; or
// the write said what was in the way, and nothing changed.
func TestWriteDirRandom(t *testing.T) {
	for seed := range uint64(8) {
		rnd := rand.New(rand.NewPCG(seed, 7))
		dir := t.TempDir()
		current := map[string]string{}
		others := map[string]string{}
		theirs := map[string]bool{} // directories that ever held a file of others
		conflicts := 0
		for step := range 12 {
			interfere(t, rnd, dir, current, others)
			next := randomSite(rnd.Uint64N(6))
			if rnd.IntN(4) == 0 {
				next = with(current, "a1", "short", "extra/file", "x")
				for p := range next {
					if below(p, "a1") {
						delete(next, p)
					}
				}
			}
			for p := range others {
				for d := path.Dir(p); d != "."; d = path.Dir(d) {
					theirs[d] = true
				}
			}
			before := tree(t, dir)
			_, err := WriteDir(context.Background(), site(t, next), dir, WriteOptions{Jobs: 1 + rnd.IntN(8)})
			var conflict *ConflictError
			if errors.As(err, &conflict) {
				conflicts++
				if msg := treeDiff(tree(t, dir), before); msg != "" {
					t.Fatalf("seed %d, step %d: a conflict, yet it changed:\n%s", seed, step, msg)
				}
				for _, c := range conflict.Conflicts {
					name := filepath.Join(dir, filepath.FromSlash(c.Path))
					if err := os.RemoveAll(name); err != nil {
						t.Fatal(err)
					}
					for o := range others {
						if o == c.Path || below(o, c.Path) {
							delete(others, o)
						}
					}
				}
				_, err = WriteDir(context.Background(), site(t, next), dir, WriteOptions{})
			}
			if err != nil {
				t.Fatalf("seed %d, step %d: %v", seed, step, err)
			}
			for p := range others {
				if _, taken := next[p]; taken {
					delete(others, p) // it had the content that is wanted
				}
			}
			got, expected := tree(t, dir), want(next, others)
			for d := range theirs {
				if _, ok := expected[d]; !ok && got[d] == "dir" {
					delete(got, d) // once theirs, it may stay empty
				}
			}
			if msg := treeDiff(got, expected); msg != "" {
				t.Fatalf("seed %d, step %d:\n%s", seed, step, msg)
			}
			current = next
		}
		t.Logf("seed %d: %d conflicts", seed, conflicts)
	}
}

// interfere does to dir what people do.
func interfere(t *testing.T, rnd *rand.Rand, dir string, current, others map[string]string) {
	t.Helper()
	for _, p := range sortedKeys(current) {
		name := filepath.Join(dir, filepath.FromSlash(p))
		switch rnd.IntN(60) {
		case 0:
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		case 1:
			if err := os.WriteFile(name, []byte(strings.ToUpper(current[p])), 0o666); err != nil {
				t.Fatal(err)
			}
		case 2:
			mine := p + ".mine"
			if rnd.IntN(2) == 0 {
				mine = filepath.ToSlash(filepath.Dir(p)) + "/b2" // a name sites use
			}
			mine = strings.TrimPrefix(mine, "./")
			if _, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(mine))); err != nil {
				put(t, dir, mine, "mine")
				others[mine] = "mine"
			}
		}
	}
	for _, p := range sortedKeys(others) { // what people remove is no longer expected
		if rnd.IntN(10) == 0 {
			name := filepath.Join(dir, filepath.FromSlash(p))
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
			delete(others, p)
			// Its directory was left alone by Lectern: it goes with the last file.
			for up := filepath.Dir(name); up != dir && os.Remove(up) == nil; {
				up = filepath.Dir(up)
			}
		}
	}
}
