package build_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/internal/build"
	"lectern/internal/gitrepo"
	"lectern/internal/snapshot"
)

// TestChanges tells the history of small projects. What must not be told has
// SECRET in it: no published file may hold that word.
func TestChanges(t *testing.T) {
	video := `{{% button href="https://video.example.org/1" icon="video" %}}Video{{% /button %}}`
	long := strings.Repeat("A line of the talk, and another one.\n", 20)
	for _, c := range []struct {
		name  string
		story func(p *gitProject)
		want  string
	}{
		{"what is told", func(p *gitProject) {
			p.commit("First", files{"a.md": noteOf("A", "", "one two three")})
			p.commit("More", files{"a.md": noteOf("A", "", "one two three four five <!-- SECRET remark --> https://x.example.org/y"), "b.md": noteOf("B", "", "x")})
			p.commit("Pictures", files{"p.png": "1", "q.jpg": "2", "clip.mp4": "3"})
			p.commit("Video", files{"a.md": noteOf("A", "", "one three four five\n\n"+video)})
			p.commit("Nothing", nil)
		}, "Video | A: +1 word, video added\nPictures | 2 new pictures, 1 new video\nMore | A: +2 words; B: new, +1 word\nFirst | A: new, +3 words\n"},
		{"what is hidden is not counted", func(p *gitProject) {
			p.commit("First", files{"../lectern.yaml": "todos: hide\n", "a.md": noteOf("A", "", "one")})
			p.commit("Plans", files{"a.md": noteOf("A", "", "one\n\nTODO two three\n\n- TODO: four\n- five\n\n## TODO\n\nsix")})
		}, "Plans | A: +1 word\nFirst | A: new, +1 word\n"},
		{"private notes leave no trace", func(p *gitProject) {
			p.commit("First", files{"a.md": noteOf("A", "", "x")})
			p.commit("SECRET plan", files{"s.md": noteOf("SECRET", "visibility: private", "SECRET")})
			p.commit("A and SECRET", files{"a.md": noteOf("A", "", "x y"), "s.md": noteOf("SECRET", "visibility: private", "SECRET 2")})
			p.commit("SECRET picture", files{"SECRET.png": "1", "s.md": noteOf("SECRET", "visibility: private", "![](SECRET.png)")})
		}, "1 note changed | A: +1 word\nFirst | A: new, +1 word\n"},
		{"what was private is told since it is public", func(p *gitProject) {
			p.commit("A", files{"a.md": noteOf("A", "", "x"), "b.md": noteOf("Old SECRET", "visibility: private", "SECRET one")})
			p.commit("SECRET edit", files{"b.md": noteOf("Old SECRET", "visibility: private", "SECRET one two")})
			p.commit("Publish SECRET", files{"b.md": noteOf("B", "", "one two three")})
			p.commit("Edit", files{"b.md": noteOf("B", "", "one two three four")})
		}, "Edit | B: +1 word\n1 note changed | B: new, +3 words\n1 note changed | A: new, +1 word\n"},
		{"public, private and public again", func(p *gitProject) {
			p.commit("SECRET now", files{"b.md": noteOf("SECRET", "", "one"), "a.md": noteOf("A", "", "x")})
			p.commit("SECRET hide", files{"b.md": noteOf("SECRET", "visibility: private", "one")})
			p.commit("Show", files{"b.md": noteOf("B", "", "one two")})
		}, "1 note changed | B: new, +2 words\n1 note changed | A: new, +1 word\n"},
		{"what is private now was never there", func(p *gitProject) {
			p.commit("SECRET and A", files{"b.md": noteOf("SECRET", "", "one"), "a.md": noteOf("A", "", "x")})
			p.commit("SECRET more", files{"b.md": noteOf("SECRET", "", "one two")})
			p.write(files{"b.md": noteOf("SECRET", "visibility: private", "one")}) // not even committed
		}, "1 note changed | A: new, +1 word\n"},
		{"what is gone is not named", func(p *gitProject) {
			p.commit("SECRET and A", files{"b.md": noteOf("SECRET", "", "one"), "a.md": noteOf("A", "", "x")})
			p.commit("Remove SECRET", files{"b.md": ""})
		}, "1 note changed | A: new, +1 word\n"},
		{"another note at an old address", func(p *gitProject) {
			p.commit("SECRET", files{"b.md": noteOf("SECRET", "", "one"), "z.md": noteOf("Z", "hidden: true", "x")})
			p.commit("Remove SECRET", files{"b.md": ""})
			p.commit("New", files{"b.md": noteOf("B", "", "one")})
		}, "New | B: new, +1 word\n"},
		{"moves are followed and not told", func(p *gitProject) {
			p.commit("First", files{"old/a.md": noteOf("A", "", long)})
			p.commit("Second", files{"old/a.md": noteOf("A", "", long+"more")})
			p.commit("Move", files{"old/a.md": "", "new/b.md": noteOf("A", "", long+"more")})
			p.commit("Move and edit", files{"new/b.md": "", "new/c.md": noteOf("A", "", long+"more and more")})
		}, "Move and edit | A: +2 words\nSecond | A: +1 word\nFirst | A: new, +160 words\n"},
		{"drafts, unlisted and hidden notes", func(p *gitProject) {
			p.commit("A", files{"a.md": noteOf("A", "", "x")})
			p.commit("SECRET draft", files{"d.md": noteOf("SECRET", "draft: true", "SECRET")})
			p.commit("unlisted", files{"u.md": noteOf("U", "visibility: unlisted", "x")})
			p.commit("unlisted with A", files{"u.md": noteOf("U", "visibility: unlisted", "x y"), "a.md": noteOf("A", "", "x y")})
			p.commit("Hidden with A", files{"h.md": noteOf("H", "hidden: true", "x y"), "a.md": noteOf("A", "", "x y z")})
		}, "Hidden with A | A: +1 word\n1 note changed | A: +1 word\nA | A: new, +1 word\n"},
		{"a section that is private", func(p *gitProject) {
			p.commit("SECRET", files{"s/_index.md": noteOf("SECRET", "visibility: private", "x"), "s/n.md": noteOf("SECRET", "", "x"), "a.md": noteOf("A", "", "x")})
			p.commit("SECRET", files{"s/n.md": noteOf("SECRET", "", "x y")})
		}, "1 note changed | A: new, +1 word\n"},
		{"a section that was private", func(p *gitProject) {
			p.commit("SECRET", files{"s/_index.md": noteOf("S", "visibility: private", "x"), "s/n.md": noteOf("N", "", "x"), "a.md": noteOf("A", "", "x")})
			p.commit("SECRET", files{"s/n.md": noteOf("N", "", "x y")})
			p.commit("SECRET show", files{"s/_index.md": noteOf("S", "", "x")})
			p.commit("Edit", files{"s/n.md": noteOf("N", "", "x y z")})
		}, "Edit | N: +1 word\n1 note changed | S: new, +1 word\n1 note changed | A: new, +1 word\n"},
		{"moved out of a private section", func(p *gitProject) {
			p.commit("SECRET", files{"s/_index.md": noteOf("S", "visibility: private", "x"), "s/n.md": noteOf("N", "", long)})
			p.commit("SECRET", files{"s/n.md": noteOf("N", "", long+"SECRET")})
			p.commit("SECRET move", files{"s/n.md": "", "a.md": noteOf("N", "", long)})
		}, "1 note changed | N: new\n"},
		{"moved out of a section that is gone", func(p *gitProject) {
			p.commit("SECRET", files{"s/_index.md": noteOf("S", "visibility: private", "x"), "s/n.md": noteOf("N", "", long)})
			p.commit("SECRET", files{"s/n.md": "", "a.md": noteOf("N", "", long), "s/_index.md": ""})
			p.commit("Edit", files{"a.md": noteOf("N", "", long+"more")})
		}, "Edit | N: +1 word\n"},
		{"the index of a folder beside it", func(p *gitProject) {
			p.commit("SECRET", files{"s.md": noteOf("S", "visibility: private", "x"), "s/n.md": noteOf("N", "", "x")})
			p.commit("SECRET show", files{"s.md": noteOf("S", "", "x")})
			p.commit("Edit", files{"s/n.md": noteOf("N", "", "x y")})
		}, "Edit | N: +1 word\n1 note changed | S: new, +1 word\n"},
		{"what could not be read then", func(p *gitProject) {
			p.commit("SECRET", files{"a.md": "---\nvisibility: [\n---\nx\n"})
			p.commit("SECRET mend", files{"a.md": noteOf("A", "", "x y")})
		}, "1 note changed | A: new, +2 words\n"},
		{"a side branch that is still private", func(p *gitProject) {
			p.commit("SECRET", files{"a.md": noteOf("A", "visibility: private", "x\n"+long), "b.md": noteOf("B", "", "x")})
			p.git("checkout", "-q", "-b", "side")
			p.commit("SECRET side", files{"a.md": noteOf("A", "visibility: private", "x\n"+long+"end")})
			p.git("checkout", "-q", "main")
			p.commit("SECRET show", files{"a.md": noteOf("A", "", "x\n"+long)})
			p.at = p.at.Add(time.Hour)
			p.git("merge", "-q", "-m", "SECRET merge", "side")
		}, "1 note changed | A: new, +161 words\n1 note changed | B: new, +1 word\n"},
		{"outside the content", func(p *gitProject) {
			p.commit("First", files{"a.md": noteOf("A", "", "x"), "../README.md": "Read", "../.github/ci.yaml": "x", "../Makefile": "x"})
			p.commit("SECRET outside", files{"../diary/day.md": "SECRET"})
			p.commit("SECRET diary and A", files{"../diary/day.md": "SECRET 2", "a.md": noteOf("A", "", "x y")})
		}, "1 note changed | A: +1 word\nFirst | A: new, +1 word\n"},
		{"an import", func(p *gitProject) {
			many := files{"a.md": noteOf("A", "", "x")}
			for i := range 501 {
				many[fmt.Sprintf("day/%d.md", i)] = noteOf("N", "", "x")
			}
			p.commit("SECRET import", many)
			p.commit("Edit", files{"a.md": noteOf("A", "", "x y")})
		}, "Edit | A: +1 word\n"},
		{"none is public", func(p *gitProject) {
			p.commit("SECRET", files{"s.md": noteOf("SECRET", "visibility: private", "x")})
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newProject(t)
			c.story(p)
			r := p.build()
			if got := told(t, r.Snapshot); got != c.want {
				t.Errorf("told\n%swant\n%s", got, c.want)
			}
			for _, f := range r.Snapshot.Files() {
				if strings.Contains(string(f.Body.Bytes()), "SECRET") {
					t.Errorf("%s tells a secret", f.Path)
				}
			}
		})
	}
}

// TestChangesSameBytes builds one project in each way there is:
// the bytes must not tell which.
func TestChangesSameBytes(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	cache := t.TempDir()
	ways := func(cache string, whole bool) build.Options {
		return build.Options{Dir: p.dir, History: gitrepo.Open(p.dir, cache), Whole: whole}
	}
	for i := range 6 {
		p.commit(fmt.Sprintf("Commit %d", i), files{
			fmt.Sprintf("n%d.md", i): noteOf(fmt.Sprintf("N%d", i), "", "x"), "a.md": noteOf("A", "", strings.Repeat("x ", i+1)),
			"s.md": noteOf("S", "visibility: private", fmt.Sprint(i)),
		})
	}
	served := open(t, ways("", false))
	if r, err := served.Build(ctx); err != nil || !r.Pending {
		t.Fatalf("%v; the history is not waited for, so the first build must be pending", err)
	}
	step := func(name string, paths ...string) {
		t.Helper()
		got, err := served.Update(ctx, append([]string{}, paths...))
		if err != nil {
			t.Fatal(err)
		}
		if got.Pending {
			if got, err = served.Finish(ctx); err != nil || got.Pending {
				t.Fatal(got.Pending, err)
			}
		}
		want := p.build()
		for way, s := range map[string]*snapshot.Snapshot{
			"step by step": got.Snapshot,
			"to a cache":   buildOnce(t, ways(cache, true)).Snapshot,
			"from a cache": buildOnce(t, ways(cache, true)).Snapshot,
		} {
			if s.Digest() != want.Snapshot.Digest() {
				t.Errorf("%s, %s: another site: %s", name, way, differing(s, want.Snapshot))
			}
		}
		if g, w := fmt.Sprint(got.Diags), fmt.Sprint(want.Diags); g != w {
			t.Errorf("%s: findings %s, want %s", name, g, w)
		}
	}
	step("first")
	p.write(files{"a.md": noteOf("A", "", "not committed")})
	step("an edit", "content/a.md")
	if !strings.HasPrefix(told(t, p.build().Snapshot), "2 notes changed | ") {
		t.Error("an edit that is not committed is told")
	}
	p.commit("The edit", nil)
	step("a commit", ".git")
	if !strings.HasPrefix(told(t, p.build().Snapshot), "The edit | A: ") {
		t.Error("a commit is not told")
	}
	p.commit("A new note", files{"new.md": noteOf("New", "", "x")})
	step("a note that is new", "content/new.md", ".git")
	p.write(files{"s.md": noteOf("S", "", "public now")})
	step("a private note that is public now", "content/s.md")
	p.commit("Show it", files{"n1.md": ""})
	step("and committed", "content/n1.md", ".git")
	p.git("checkout", "-q", "HEAD~3")
	step("an older commit", "content")
	put(t, p.dir, "lectern.yaml", "timeZone: America/New_York\n")
	step("a zone", "lectern.yaml")
	put(t, p.dir, "lectern.yaml", "changes: false\n")
	step("turned off", "lectern.yaml")
	if s := p.build().Snapshot; s.Lookup("changes/index.html") != nil || strings.Contains(string(s.Lookup("a/index.html").Body.Bytes()), "Updated") {
		t.Error("`changes: false` leaves traces")
	}
}

func TestChangesDates(t *testing.T) {
	p := newProject(t)
	p.commit("First", files{"a.md": noteOf("A", "", "x"), "b.md": noteOf("B", "date: 2025-04-01\nlastmod: 2025-06-07", "x"), "c.md": noteOf("C", "date: 2025-04-01", "x")})
	p.at = p.at.Add(80 * time.Hour)
	p.commit("Second", files{"a.md": noteOf("A", "", "x y"), "b.md": noteOf("B", "date: 2025-04-01\nlastmod: 2025-06-07", "x y")})
	put(t, p.dir, "lectern.yaml", "timeZone: Pacific/Auckland\n")
	s := p.build().Snapshot
	for name, want := range map[string]string{
		"a": `Updated <time datetime="2025-04-05">5 April 2025</time>`, "b": `Updated <time datetime="2025-06-07">7 June 2025</time>`, "c": "",
	} {
		page := string(s.Lookup(name + "/index.html").Body.Bytes())
		if want == "" && strings.Contains(page, "Updated") || !strings.Contains(page, want) {
			t.Errorf("%s does not say %q", name, want)
		}
	}
	if m := string(s.Lookup("sitemap.xml").Body.Bytes()); !strings.Contains(m, "<loc>https://x.example.org/a/</loc><lastmod>2025-04-05T") {
		t.Errorf("the sitemap does not know when a note was changed: %s", m)
	}
	home := string(s.Lookup("index.html").Body.Bytes())
	if !strings.Contains(home, `href="./changes/#c-`) || !strings.Contains(home, "Second") {
		t.Error("home does not show what changed last")
	}
}

func TestChangesLeftOut(t *testing.T) {
	p := newProject(t)
	p.write(files{"a.md": noteOf("A", "", "x")})
	rules := func(name, dir, want string) {
		t.Helper()
		r := buildOnce(t, build.Options{Dir: dir, History: gitrepo.Open(dir, ""), Whole: true})
		var got []string
		for _, d := range r.Diags {
			got = append(got, fmt.Sprintf("%v %s: %s", d.Severity, d.Rule, d.Message))
		}
		if len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		if told(t, r.Snapshot) != "no page of changes" {
			t.Errorf("%s: there is a page of changes", name)
		}
	}
	rules("no commit", p.dir, "history-none: there is no page of changes: nothing is committed yet")
	p.commit("First", nil)
	p.commit("Second", files{"a.md": noteOf("A", "", "x y")})
	clone := filepath.Join(p.dir, "clone")
	p.git("clone", "-q", "--depth=1", "file://"+filepath.ToSlash(p.dir), clone)
	rules("a shallow clone", clone, "history-shallow: ")
	other := filepath.Join(p.dir, "other")
	put(t, other, "content/x.md", "x")
	rules("an untracked folder", other, "history-none: there is no page of changes: nothing in the folder has been committed")
	if err := os.RemoveAll(filepath.Join(clone, ".git", "objects")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(clone, ".git", "shallow")); err != nil {
		t.Fatal(err)
	}
	rules("a broken repository", clone, "history-")
	t.Setenv("PATH", t.TempDir())
	rules("no git", p.dir, "history-none: there is no page of changes: git is not installed")
}

func TestChangesCancelled(t *testing.T) {
	p := newProject(t)
	p.commit("First", files{"a.md": noteOf("A", "", "x")})
	b := open(t, build.Options{Dir: p.dir, History: gitrepo.Open(p.dir, ""), Whole: true})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := b.Build(ctx); err == nil {
		t.Fatal("no error")
	}
	r, err := b.Build(context.Background())
	if err != nil || !slices.ContainsFunc(r.Snapshot.Files(), func(f *snapshot.File) bool { return f.Path == "changes/index.html" }) {
		t.Errorf("after a build that was broken off: %v", err)
	}
}
