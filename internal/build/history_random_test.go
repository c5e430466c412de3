package build_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"lectern/internal/build"
	"lectern/internal/gitrepo"
)

// After any edits and commits, a site that was kept up to date step by step is
// the one that is built anew, and nothing that is private by now is in it.
func TestHistoryIncrementalIsClean(t *testing.T) {
	steps := 30
	if testing.Short() {
		steps = 10
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	ctx := context.Background()
	p := newProject(t)
	e := &editor{t: t, dir: p.dir, rnd: rand.New(rand.NewPCG(seed, 1)), pictures: []string{drawing(t, 40, 30), drawing(t, 700, 300)}}
	for range 10 {
		e.note()
	}
	p.commit("All", nil)
	b := open(t, build.Options{Dir: p.dir, History: gitrepo.Open(p.dir, t.TempDir())})
	if _, err := b.Build(ctx); err != nil {
		t.Fatal(err)
	}
	for step := range steps {
		e.did, e.changed = nil, nil
		for range 1 + e.rnd.IntN(3) {
			e.edit()
		}
		if e.rnd.IntN(2) == 0 {
			p.commit(fmt.Sprintf("Step %d", step), nil)
			e.did = append(e.did, "commit")
			e.touch(".git")
		}
		slices.Sort(e.changed)
		paths := slices.Compact(e.changed)
		if len(paths) == 0 {
			continue
		}
		got, err := b.Update(ctx, paths)
		if err == nil && got.Pending && e.rnd.IntN(4) > 0 { // sometimes the next edit comes first
			got, err = b.Finish(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got.Pending {
			continue
		}
		want := p.build()
		if got.Snapshot.Digest() != want.Snapshot.Digest() {
			t.Fatalf("step %d: after %q the site differs from a clean build: %s", step, e.did, differing(got.Snapshot, want.Snapshot))
		}
	}
}

// Each language has its own page of changes, with its own notes; what one
// language keeps private hides the message in all.
func TestChangesOfLanguages(t *testing.T) {
	p := newProject(t)
	put(t, p.dir, "hugo.toml", "title = \"T\"\nbaseURL = \"https://x.example.org/\"\ndefaultContentLanguage = \"en\"\n[languages.en]\nweight = 1\n[languages.de]\nweight = 2\n")
	p.commit("Both", files{"a.md": noteOf("A", "", "one"), "a.de.md": noteOf("Ä", "", "eins zwei")})
	p.commit("English", files{"a.md": noteOf("A", "", "one two")})
	p.commit("SECRET", files{"a.md": noteOf("A", "", "one two three"), "s.de.md": noteOf("SECRET", "visibility: private", "SECRET")})
	s := p.build().Snapshot
	if got, want := told(t, s), "1 note changed | A: +1 word\nEnglish | A: +1 word\nBoth | A: new, +1 word\n"; got != want {
		t.Errorf("English:\n%swant\n%s", got, want)
	}
	f := s.Lookup("de/changes/feed.json")
	if f == nil {
		t.Fatal("no German page of changes")
	}
	if got, want := toldBy(t, f), "Both | Ä: neu, +2 Wörter\n"; got != want {
		t.Errorf("German:\n%swant\n%s", got, want)
	}
}

// A folder of a bigger repository: what else is in that is nobody's business.
func TestChangesBelowTheTop(t *testing.T) {
	p := newProject(t)
	top := p.dir
	p.dir = filepath.Join(top, "site")
	put(t, p.dir, "hugo.toml", "title = \"T\"\n")
	p.write(files{"a.md": noteOf("A", "", "one")})
	put(t, top, "SECRET.md", "SECRET")
	p.commit("First", nil)
	put(t, top, "SECRET.md", "SECRET 2")
	sub := p.dir
	p.dir = top
	p.at = p.at.Add(time.Hour)
	p.git("commit", "-q", "-a", "-m", "SECRET alone")
	p.dir = sub
	if got, want := told(t, p.build().Snapshot), "First | A: new, +1 word\n"; got != want {
		t.Errorf("%swant\n%s", got, want)
	}
	if _, err := os.Stat(filepath.Join(p.dir, ".git")); err == nil {
		t.Error("the project is a repository of its own")
	}
}
