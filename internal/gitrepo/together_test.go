package gitrepo

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestNothingIsLost has two people edit the same notes at random and save by
// turns: whatever one wrote and nobody took out is there in the end, in both
// working trees alike, and none is left in the middle of anything.
func TestNothingIsLost(t *testing.T) {
	base := repository(t)
	global := filepath.Join(base, "gitconfig")
	if err := os.WriteFile(global, []byte("[user]\nname = Somebody\nemail = s@example.org\n[init]\ndefaultBranch = main\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_CONFIG_GLOBAL", global)
	git(t, base, written, written, "init", "-q", "--bare", "remote.git", "-b", "main")
	people := []string{"ada", "ben"}
	for _, who := range people {
		git(t, base, written, written, "clone", "-q", "remote.git", who)
		git(t, filepath.Join(base, who), written, written, "config", "user.name", who)
	}
	save := func(who string) {
		t.Helper()
		w := OpenWork(filepath.Join(base, who))
		w.Quiet = true
		b, err := w.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Commit(t.Context(), nil, func(c []Changed) string { return fmt.Sprint(len(c), " files") }); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Push(t.Context(), b, w.Who(t.Context())); err != nil {
			t.Fatalf("%s: %v", who, err)
		}
	}
	rng := rand.New(rand.NewPCG(3, 9))
	words := map[string]bool{}
	edit := func(who string, i int) {
		t.Helper()
		name := filepath.Join(base, who, fmt.Sprintf("note%d.md", rng.IntN(2)))
		data, err := os.ReadFile(name)
		if err != nil {
			data = []byte("---\ntitle: T\n---\n\none\n\ntwo\n\nthree\n")
		}
		lines := strings.Split(string(data), "\n")
		word := fmt.Sprintf("%s-%d.", who, i)
		words[word] = true
		at := 1 + rng.IntN(len(lines)-1)
		if at < 3 {
			lines = append(lines[:2], append([]string{"# " + word}, lines[2:]...)...)
		} else {
			lines[at] += " " + word
		}
		if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 24 {
		who := people[rng.IntN(2)]
		edit(who, i)
		if rng.IntN(3) > 0 {
			save(who)
		}
	}
	save("ada")
	save("ben")
	save("ada")
	texts := map[string]string{}
	for _, who := range people {
		var all strings.Builder
		fsys := os.DirFS(filepath.Join(base, who))
		err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() && e.Name() == ".git" {
				return fs.SkipDir
			}
			if e.IsDir() {
				return nil
			}
			data, err := fs.ReadFile(fsys, name)
			fmt.Fprintf(&all, "== %s\n%s", name, data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		texts[who] = all.String()
		for word := range words {
			if !strings.Contains(all.String(), word) {
				t.Errorf("%s lost %q", who, word)
			}
		}
		w := OpenWork(filepath.Join(base, who))
		if _, err := w.Check(t.Context()); err != nil {
			t.Error(err)
		}
		for _, args := range [][]string{{"status", "--porcelain"}, {"stash", "list"}, {"ls-files", "--unmerged"}} {
			if out, err := w.local(t.Context(), args...); err != nil || out != "" {
				t.Errorf("%s: git %v: %q, %v", who, args, out, err)
			}
		}
		if out, err := w.local(t.Context(), "worktree", "list", "--porcelain"); err != nil || strings.Count(out, "worktree ") != 1 {
			t.Errorf("%s: %q, %v", who, out, err)
		}
	}
	if texts["ada"] != texts["ben"] {
		t.Errorf("ada has\n%s\nben has\n%s", texts["ada"], texts["ben"])
	}
	if strings.Contains(texts["ada"], "<<<<<<<") {
		t.Error("git's marks are left")
	}
}
