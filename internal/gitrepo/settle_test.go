package gitrepo

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pair is two clones of one repository, with whom to act in them.
type pair struct {
	t    *testing.T
	base string
}

func newPair(t *testing.T) pair {
	t.Helper()
	p := pair{t, repository(t)}
	global := filepath.Join(p.base, "gitconfig")
	p.write("gitconfig", "[user]\nname = Ada\nemail = s@example.org\n[init]\ndefaultBranch = main\n[protocol \"file\"]\nallow = always\n")
	t.Setenv("GIT_CONFIG_GLOBAL", global)
	p.git(".", "init", "-q", "--bare", "remote.git", "-b", "main")
	for _, who := range []string{"ada", "ben"} {
		p.git(".", "clone", "-q", "remote.git", who)
	}
	return p
}

func (p pair) write(name, text string) {
	p.t.Helper()
	name = filepath.Join(p.base, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		p.t.Fatal(err)
	}
}

func (p pair) read(name string) string {
	data, err := os.ReadFile(filepath.Join(p.base, filepath.FromSlash(name)))
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func (p pair) git(dir string, args ...string) {
	p.t.Helper()
	git(p.t, filepath.Join(p.base, dir), written, written, args...)
}

// save saves who's tree, and returns what came of it.
func (p pair) save(who string) (Sent, []Changed, []string, error) {
	p.t.Helper()
	w := OpenWork(filepath.Join(p.base, who))
	w.Quiet = true
	b, err := w.Check(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	changed, nested, err := w.Commit(p.t.Context(), nil, func([]Changed) string { return who })
	if err != nil {
		return Sent{}, changed, nested, err
	}
	sent, err := w.Push(p.t.Context(), b, who)
	return sent, changed, nested, err
}

func (p pair) mustSave(who string) Sent {
	p.t.Helper()
	sent, _, _, err := p.save(who)
	if err != nil {
		p.t.Fatalf("%s: %v", who, err)
	}
	if out, err := OpenWork(filepath.Join(p.base, who)).local(p.t.Context(), "status", "--porcelain"); err != nil || out != "" {
		p.t.Errorf("%s: status %q, %v", who, out, err)
	}
	return sent
}

// TestConflicts has two people change the same in ways that git can't join.
func TestConflicts(t *testing.T) {
	const body = "---\ntitle: T\n---\nline\nb\nc\nd\ne\nf\n"
	changed := func(who string) string { return strings.Replace(body, "\ne\n", "\ne "+who+"\n", 1) }
	for _, c := range []struct {
		name     string
		ben, ada func(p pair)
		want     []string          // the conflicts
		files    map[string]string // what ada's tree holds then
	}{
		{
			"a link in the place of a note",
			func(p pair) {
				p.git("ben", "rm", "-q", "d/a.md")
				p.link("../victim", "ben/d/a.md")
			},
			func(p pair) { p.write("ada/d/a.md", changed("ada")) },
			[]string{"TakenName d/a.md d/.a.conflict-ada.md", "Removed d/a.md "},
			map[string]string{"d/.a.conflict-ada.md": changed("ada")},
		},
		{
			"a link in the place of a folder",
			func(p pair) {
				p.git("ben", "rm", "-qr", "d")
				p.link("..", "ben/d")
			},
			func(p pair) {
				p.write("ada/d/a.md", changed("ada"))
				p.git("ada", "rm", "-q", "d/b.md")
			},
			[]string{"TakenName d .d.conflict-others", "Removed d/a.md "},
			map[string]string{"d/a.md": changed("ada")},
		},
		{
			"a file where there is a folder",
			func(p pair) { p.write("ben/x", "ben") },
			func(p pair) { p.write("ada/x/a.md", "ada") },
			[]string{"TakenName x .x.conflict-others"},
			map[string]string{"x/a.md": "ada", ".x.conflict-others": "ben"},
		},
		{
			"renamed and changed by both",
			func(p pair) {
				p.git("ben", "mv", "d/a.md", "d/y.md")
				p.write("ben/d/y.md", changed("ben"))
			},
			func(p pair) {
				p.git("ada", "mv", "d/a.md", "d/z.md")
				p.write("ada/d/z.md", changed("ada"))
			},
			[]string{"Removed d/y.md ", "Removed d/z.md "},
			map[string]string{"d/y.md": changed("ben"), "d/z.md": changed("ada")},
		},
		{
			"a new note in a section that has another name",
			func(p pair) { p.git("ben", "mv", "d", "tuesday") },
			func(p pair) { p.write("ada/d/new.md", "ada") },
			nil,
			map[string]string{"tuesday/new.md": "ada", "tuesday/a.md": body},
		},
		{
			"removed by one",
			func(p pair) { p.git("ben", "rm", "-q", "d/a.md") },
			func(p pair) { p.write("ada/d/a.md", changed("ada")) },
			[]string{"Removed d/a.md "},
			map[string]string{"d/a.md": changed("ada")},
		},
		{
			"a picture",
			func(p pair) { p.write("ben/p.png", "\x89PNG\x00ben") },
			func(p pair) { p.write("ada/p.png", "\x89PNG\x00ada") },
			[]string{"OwnBeside p.png .p.conflict-ada.png"},
			map[string]string{"p.png": "\x89PNG\x00ben", ".p.conflict-ada.png": "\x89PNG\x00ada"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t)
			p.write("victim", "secret")
			p.write("a.md", "secret")
			p.write("b.md", "secret")
			p.write("ada/d/a.md", body)
			p.write("ada/d/b.md", "other\n")
			p.mustSave("ada")
			p.git("ben", "pull", "-q")
			c.ben(p)
			p.mustSave("ben")
			c.ada(p)
			var got []string
			for _, f := range p.mustSave("ada").Conflicts {
				got = append(got, fmt.Sprint([...]string{"BothInFile", "OwnBeside", "Removed", "TakenName", "Submodule"}[f.Kind], " ", f.Path, " ", f.Copy))
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("conflicts %q, want %q", got, c.want)
			}
			for name, want := range c.files {
				if got := p.read("ada/" + name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			for _, name := range []string{"victim", "a.md", "b.md"} { // no link is followed
				if p.read(name) != "secret" {
					t.Errorf("%s, outside of the repository, is now %q", name, p.read(name))
				}
			}
		})
	}
}

func (p pair) link(to, name string) {
	p.t.Helper()
	if err := os.Symlink(filepath.FromSlash(to), filepath.Join(p.base, filepath.FromSlash(name))); err != nil {
		p.t.Skip(err)
	}
}

func TestCommitBesideOtherRepositories(t *testing.T) {
	p := newPair(t)
	p.git(".", "init", "-q", "theme")
	p.write("theme/t.txt", "t")
	p.git("theme", "add", ".")
	p.git("theme", "commit", "-q", "-m", "t")
	p.write("ada/a.md", "a\n")
	p.git("ada", "submodule", "--quiet", "add", "../theme", "themes/t")
	p.git("ada", "init", "-q", "nested")
	p.write("ada/nested/x.md", "x")
	_, _, nested, err := p.save("ada")
	if err != nil || !slices.Equal(nested, []string{"nested"}) {
		t.Errorf("nested: %q, %v", nested, err)
	}
	// Ben has the submodule, but nothing of what is in it.
	p.git("ben", "pull", "-q")
	p.write("ben/a.md", "a\nben\n")
	p.mustSave("ben")
	// Both have another commit of it.
	for _, who := range []string{"ada", "ben"} {
		p.git(who, "submodule", "--quiet", "update", "--init")
		p.write(who+"/themes/t/t.txt", who)
		p.git(who+"/themes/t", "commit", "-q", "-a", "-m", who)
	}
	p.mustSave("ben")
	sent, _, _, err := p.save("ada")
	if err != nil || len(sent.Conflicts) != 1 || sent.Conflicts[0].Kind != Submodule || sent.Conflicts[0].Path != "themes/t" {
		t.Errorf("%+v, %v", sent, err)
	}
}

// TestCommitHook commits with a hook that changes what is committed: nothing is
// left to commit then.
func TestCommitHook(t *testing.T) {
	p := newPair(t)
	p.write("ada/a.md", "a\n")
	p.mustSave("ada")
	hook := filepath.Join(p.base, "ada/.git/hooks/pre-commit")
	p.write("ada/.git/hooks/pre-commit", "#!/bin/sh\necho formatted >> a.md\ngit add a.md\n")
	if err := os.Chmod(hook, 0o777); err != nil {
		t.Fatal(err)
	}
	p.write("ada/a.md", "a\nb\n")
	p.mustSave("ada")
	if got := p.read("ada/a.md"); got != "a\nb\nformatted\n" {
		t.Errorf("%q", got)
	}
}

func TestCommitWithoutIdentity(t *testing.T) {
	p := newPair(t)
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	for _, v := range []string{"GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"} {
		t.Setenv(v, "")
	}
	p.git("ada", "config", "user.useConfigOnly", "true")
	p.write("ada/a.md", "a\n")
	_, _, _, err := p.save("ada")
	if err == nil || !strings.Contains(err.Error(), "does not know who you are") {
		t.Errorf("%v", err)
	}
}

func TestRefused(t *testing.T) {
	p := newPair(t)
	p.write("remote.git/hooks/pre-receive", "#!/bin/sh\necho 'this branch is protected' >&2\nexit 1\n")
	if err := os.Chmod(filepath.Join(p.base, "remote.git/hooks/pre-receive"), 0o777); err != nil {
		t.Fatal(err)
	}
	p.write("ada/a.md", "a\n")
	_, _, _, err := p.save("ada")
	state, ok := err.(*StateError)
	if !ok || !strings.Contains(state.Msg, "this branch is protected") || strings.Contains(state.Msg, "Writing objects") || state.What == "" {
		t.Errorf("%v", err)
	}
}

// TestCommitLeavesEditorsFiles saves while editors are at work: what they leave
// beside a note is nobody's, but what is there on purpose is saved.
func TestCommitLeavesEditorsFiles(t *testing.T) {
	p := newPair(t)
	p.write("ada/kept~", "committed once, so it is meant\n")
	p.git("ada", "add", ".")
	p.git("ada", "commit", "-q", "-m", "x")
	p.write("ada/kept~", "again\n")
	for _, name := range []string{"d/.a.md.swp", "d/.a.md.swx", "d/a.md~", "d/#a.md#", "d/.~lock.a.odt#", "4913", ".DS_Store", "d/a.md___jb_tmp___"} {
		p.write("ada/"+name, "x")
	}
	p.link("ada@host.123", "ada/d/.#a.md")
	for _, name := range []string{"d/a.md", "d/.hidden.md", "d/c#.md", "d/a.swift"} {
		p.write("ada/"+name, "x")
	}
	_, changed, _, err := p.save("ada")
	var got []string
	for _, c := range changed {
		got = append(got, c.Path)
	}
	slices.Sort(got)
	if want := []string{"d/.hidden.md", "d/a.md", "d/a.swift", "d/c#.md", "kept~"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("saved %q, %v", got, err)
	}
}
