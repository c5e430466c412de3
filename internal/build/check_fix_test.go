package build_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lectern/internal/build"
	"lectern/internal/check"
	"lectern/internal/edit"
)

// Sure fixes undo what was damaged and leave all other bytes alone; once more,
// there is nothing to do. The notes are real ones, written in every way that
// files are: with line ends of other systems, byte order marks, and bytes that
// are no UTF-8.
func TestFixesOfDamagedNotes(t *testing.T) {
	original := noteFiles(t, shared(t, "corpus/kubecon25"))
	for range 6 {
		seed := rand.Uint64()
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(seed, 4))
			dir := t.TempDir()
			put(t, dir, "hugo.toml", "title = \"T\"\n")
			whole := map[string][]byte{}
			damages := 0
			for _, name := range sortedNames(original) {
				text := disguised(rnd, original[name])
				whole[name] = text
				damaged, n := damage(rnd, name, text)
				damages += n
				put(t, dir, name, string(damaged))
			}
			b := open(t, build.Options{Dir: dir, Check: true})
			mended := mendAll(t, b, dir)
			if mended != damages || damages < 5 {
				t.Errorf("%d of %d damages were mended", mended, damages)
			}
			for name, want := range whole {
				got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, want) {
					t.Errorf("%s is not what it was: %s", name, firstDifference(string(got), string(want)))
				}
			}
			if again := mendAll(t, b, dir); again != 0 {
				t.Errorf("the second time there were %d things to mend", again)
			}
		})
	}
}

// mendAll applies sure fixes until there are none, and says how many there were.
func mendAll(t *testing.T, b *build.Builder, dir string) int {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	total := 0
	for range 10 {
		r, err := b.Check(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		mends := check.Mends(r.Diags, check.SureFix)
		if len(mends) == 0 {
			return total
		}
		for _, m := range mends {
			old, err := r.Read(m.Path)
			if err != nil {
				t.Fatal(err)
			}
			text, err := edit.Apply(old, m.Edits)
			if err != nil {
				t.Fatal(err)
			}
			if err := edit.Write(root, []edit.Change{{Path: m.Path, Old: old, New: text}}); err != nil {
				t.Fatal(err)
			}
			total += m.Findings
		}
	}
	t.Fatal("the fixes come to no end")
	return 0
}

// noteFiles are the notes of a project by their paths, with a line each that
// can be damaged.
func noteFiles(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	root := os.DirFS(dir)
	names, err := filepath.Glob(filepath.Join(dir, "content", "*", "*.md"))
	if err != nil || len(names) < 40 {
		t.Fatalf("%d notes, %v", len(names), err)
	}
	for _, name := range names {
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := root.Open(filepath.ToSlash(rel))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(f); err != nil {
			t.Fatal(err)
		}
		f.Close()
		b.WriteString("\n{{% expand title=\"äöü\" expanded=\"true\" %}}ß{{% /expand %}} ß than enough, and `{{% expand open=\"true\" %}}`\n\n```\n[x](./01_a) {{% tab name=\"x\" %}}\n```\n")
		files[filepath.ToSlash(rel)] = b.Bytes()
	}
	return withoutMistakes(t, files)
}

// withoutMistakes mends what real notes have of mistakes with one right answer.
func withoutMistakes(t *testing.T, files map[string][]byte) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, "hugo.toml", "title = \"T\"\n")
	for name, text := range files {
		put(t, dir, name, string(text))
	}
	if n := mendAll(t, open(t, build.Options{Dir: dir, Check: true}), dir); n < 50 {
		t.Errorf("only %d mistakes were mended", n)
	}
	for name := range files {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = text
	}
	return files
}

// disguised writes a text as other editors would.
func disguised(rnd *rand.Rand, text []byte) []byte {
	text = bytes.Clone(text)
	switch rnd.IntN(4) {
	case 0:
		text = bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
	case 1:
		text = append([]byte("\xef\xbb\xbf"), text...)
	case 2: // a line behind all others, for columns behind bad bytes are no bytes of the file
		text = append(text, "\nbad \xff\xfe bytes\n"...)
	}
	return text
}

// damage makes mistakes that have one right answer, and counts them.
func damage(rnd *rand.Rand, name string, text []byte) (damaged []byte, n int) {
	damaged = bytes.Clone(text)
	if strings.HasSuffix(name, "_index.md") && rnd.IntN(2) == 0 {
		line := bytes.Index(damaged, []byte("](./0"))
		if line >= 0 && !bytes.Contains(damaged[:line], []byte("```")) {
			damaged = append(damaged[:line+2:line+2], append([]byte("../"), damaged[line+4:]...)...)
			n++
		}
	}
	if rnd.IntN(2) == 0 {
		damaged = bytes.Replace(damaged, []byte(`expanded="true"`), []byte(`open="true"`), 1)
		n++
	}
	if rnd.IntN(2) == 0 {
		damaged = bytes.Replace(damaged, []byte("ß than enough,"), []byte("ß than engough,"), 1)
		n++
	}
	return damaged, n
}

func sortedNames(m map[string][]byte) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
