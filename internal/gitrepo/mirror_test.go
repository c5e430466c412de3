package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// origin is a repository to follow, with a working tree to push from.
type origin struct {
	t         *testing.T
	bare, dir string
}

func newOrigin(t *testing.T, init ...string) *origin {
	t.Helper()
	base := repository(t)
	o := &origin{t, filepath.Join(base, "origin.git"), filepath.Join(base, "work")}
	git(t, base, written, written, append([]string{"init", "-q", "--bare", "-b", "main", "origin.git"}, init...)...)
	git(t, base, written, written, append([]string{"init", "-q", "-b", "main", "work"}, init...)...)
	o.git("remote", "add", "origin", o.bare)
	return o
}

func (o *origin) git(args ...string) string {
	o.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = o.dir
	date := written.Format(time.RFC3339)
	cmd.Env = append(environment(os.Environ()), "GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@example.org", "GIT_COMMITTER_NAME=C",
		"GIT_COMMITTER_EMAIL=c@example.org", "GIT_AUTHOR_DATE="+date, "GIT_COMMITTER_DATE="+date, "GIT_ALLOW_PROTOCOL=file")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		o.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, said.String())
	}
	return string(out)
}

func (o *origin) write(name, text string) {
	o.t.Helper()
	full := filepath.Join(o.dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o777), os.WriteFile(full, []byte(text), 0o666)); err != nil {
		o.t.Fatal(err)
	}
}

func (o *origin) push(message string) string {
	o.t.Helper()
	o.git("add", "--all")
	o.git("commit", "-q", "--allow-empty", "-m", message)
	o.git("push", "-q", "--force", "origin", "HEAD:main")
	return strings.TrimSpace(o.git("rev-parse", "HEAD"))
}

func (o *origin) mirror(dir string, opts MirrorOptions) *Mirror {
	o.t.Helper()
	m, err := OpenMirror(o.t.Context(), dir, Remote{URL: o.bare}, opts)
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = m.Close() })
	return m
}

// follow fetches and checks out.
func (o *origin) follow(m *Mirror) (commit string, changed []string) {
	o.t.Helper()
	commit, err := m.Fetch(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	changed, leftOut, err := m.Checkout(o.t.Context(), commit)
	if err != nil || len(leftOut) > 0 {
		o.t.Fatal(err, leftOut)
	}
	return commit, changed
}

// tree reads all files below dir but those of git.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.Name() == ".git" {
			if e.IsDir() {
				return fs.SkipDir
			}
			return err
		}
		rel, _ := filepath.Rel(dir, name)
		rel = filepath.ToSlash(rel)
		switch {
		case e.IsDir():
		case e.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(name)
			files[rel] = "-> " + target
			return err
		default:
			data, err := os.ReadFile(name)
			files[rel] = string(data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestMirrorFollows changes a repository at random, and now and then lets the
// process die in the middle: the files are always those of the commit, and what
// is said to have changed is what did.
func TestMirrorFollows(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		t.Run(format, func(t *testing.T) {
			o := newOrigin(t, "--object-format="+format)
			o.write("notes/a.md", "a")
			o.push("first")
			data := filepath.Join(t.TempDir(), "data")
			m := o.mirror(data, MirrorOptions{})
			o.follow(m)
			seed := rand.Uint64()
			t.Log("seed", seed)
			rng := rand.New(rand.NewPCG(seed, 1))
			before := tree(t, o.dir)
			for round := range 25 {
				for range 1 + rng.IntN(6) {
					o.change(rng)
				}
				want := o.push(fmt.Sprint("round ", round))
				restarted := rng.IntN(5) == 0
				if restarted {
					_ = m.Close()
					spoil(t, rng, filepath.Join(data, "files"))
					m = o.mirror(data, MirrorOptions{})
				}
				got, changed := o.follow(m)
				if got != want {
					t.Fatalf("round %d: commit %s, want %s", round, got, want)
				}
				after := tree(t, o.dir)
				if files := tree(t, m.Dir()); !maps.Equal(files, after) {
					t.Fatalf("round %d: files\n%q, want\n%q", round, files, after)
				}
				if restarted != (changed == nil) {
					t.Errorf("round %d: %q, after a restart: %v", round, changed, restarted)
				}
				if changed != nil {
					slices.Sort(changed)
					if diff := differing(before, after); !slices.Equal(changed, diff) {
						t.Errorf("round %d: %q changed, want %q", round, changed, diff)
					}
				}
				before = after
				if rng.IntN(6) == 0 && round > 2 {
					o.git("reset", "-q", "--hard", "HEAD~2")
					before = nil
					o.push("forced")
					o.follow(m)
					before = tree(t, o.dir)
				}
			}
		})
	}
}

func differing(a, b map[string]string) []string {
	var out []string
	for name, text := range a {
		if other, ok := b[name]; !ok || other != text {
			out = append(out, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// change does something to the origin's files: folders become files and links,
// and the other way round.
func (o *origin) change(rng *rand.Rand) {
	name := []string{"notes/a.md", "notes/b.md", "notes", "x/y/z.md", "x/y", "x", "top.md", "ü b\tc.md"}[rng.IntN(8)]
	full := filepath.Join(o.dir, filepath.FromSlash(name))
	for dir := filepath.Dir(full); dir != o.dir; dir = filepath.Dir(dir) {
		if info, err := os.Lstat(dir); err == nil && !info.IsDir() {
			_ = os.Remove(dir)
		}
	}
	_ = os.RemoveAll(full)
	switch rng.IntN(4) {
	case 0:
	case 1:
		_ = os.MkdirAll(filepath.Dir(full), 0o777)
		if err := os.Symlink([]string{"notes", "../x", "/etc/passwd", "."}[rng.IntN(4)], full); err != nil {
			o.t.Skip("no links here:", err)
		}
	default:
		o.write(name, fmt.Sprintln("text", rng.IntN(1000)))
	}
}

// spoil leaves what a process that was killed might, and worse.
func spoil(t *testing.T, rng *rand.Rand, dir string) {
	t.Helper()
	_ = os.WriteFile(filepath.Join(dir, temporary), []byte("half a fi"), 0o600)
	_ = os.MkdirAll(filepath.Join(dir, "alien/folder"), 0o777)
	_ = os.WriteFile(filepath.Join(dir, "alien", "x.md"), []byte("x"), 0o600)
	for name := range tree(t, dir) {
		full := filepath.Join(dir, filepath.FromSlash(name))
		switch rng.IntN(4) {
		case 0:
			_ = os.Remove(full)
		case 1:
			if info, err := os.Lstat(full); err == nil && info.Mode().IsRegular() {
				_ = os.WriteFile(full, bytes.Repeat([]byte("x"), int(info.Size())), 0o600)
			}
		}
	}
}

// TestHostile fetches what tries to reach out of its folder, or to have
// something run.
func TestHostile(t *testing.T) {
	o := newOrigin(t)
	marker := filepath.Join(t.TempDir(), "marker")
	o.write(".gitattributes", "*.md filter=evil text eol=crlf ident export-subst\n")
	o.write("a.md", "$Id$\nlines\n")
	o.write(".gitmodules", "[submodule \"x\"]\n\tpath = sub\n\turl = ../x\n")
	o.write("hooks/post-checkout", "#!/bin/sh\ntouch "+marker+"\n")
	for name, target := range map[string]string{"out.md": "/etc/passwd", "up.md": "../../../etc/passwd", "git.md": ".git", "in.md": "a.md"} {
		if err := os.Symlink(target, filepath.Join(o.dir, name)); err != nil {
			t.Skip("no links here:", err)
		}
	}
	o.git("add", "--all")
	o.git("update-index", "--add", "--cacheinfo", "160000,"+strings.Repeat("1", 40)+",sub")
	o.git("commit", "-q", "-m", "hostile")
	o.git("push", "-q", "origin", "HEAD:main")
	m := o.mirror(t.TempDir(), MirrorOptions{})
	global := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(global, []byte("[filter \"evil\"]\nsmudge = touch "+marker+"\n[core]\nautocrlf = true\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_CONFIG_GLOBAL", global)
	commit, err := m.Fetch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, leftOut, err := m.Checkout(t.Context(), commit)
	if err != nil || !slices.Equal(leftOut, []string{"git.md"}) {
		t.Errorf("left out %q, %v", leftOut, err)
	}
	files := tree(t, m.Dir())
	if files["a.md"] != "$Id$\nlines\n" || files["in.md"] != "-> a.md" || files["out.md"] != "-> /etc/passwd" || files["sub"] != "" {
		t.Errorf("%q", files)
	}
	if _, err := os.Stat(marker); err == nil {
		t.Error("something was run")
	}
	if got := readSmall(filepath.Join(m.Dir(), ".git")); got != "gitdir: ../git" {
		t.Errorf(".git is %q", got)
	}

	// A tree that holds .git is refused as it comes in.
	blob := strings.TrimSpace(o.git("hash-object", "-w", "a.md"))
	cmd := exec.Command("git", "mktree")
	cmd.Dir, cmd.Stdin = o.dir, strings.NewReader("100644 blob "+blob+"\t.GIT\n")
	made, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	evil := strings.TrimSpace(o.git("commit-tree", "-m", "evil", strings.TrimSpace(string(made))))
	o.git("push", "-q", "--force", "origin", evil+":refs/heads/main")
	if _, err := m.Fetch(t.Context()); err == nil {
		t.Error("a tree with .GIT was taken")
	}
}

func TestMirrorLimits(t *testing.T) {
	o := newOrigin(t)
	noise := make([]byte, 3<<20)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	o.write("a.md", "a")
	small := o.push("small")
	m := o.mirror(t.TempDir(), MirrorOptions{MaxBytes: 1 << 20})
	o.follow(m)
	o.write("zeros", strings.Repeat("\x00", 8<<20)) // small as it travels
	bomb := o.push("a bomb")
	commit, err := m.Fetch(t.Context())
	if err != nil || commit != bomb {
		t.Fatal(err)
	}
	if _, _, err := m.Checkout(t.Context(), commit); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a bomb: %v", err)
	}
	if _, _, err := m.Checkout(t.Context(), small); err != nil || len(tree(t, m.Dir())) != 1 {
		t.Errorf("back from a bomb: %v, %d files", err, len(tree(t, m.Dir())))
	}
	if err := os.Remove(filepath.Join(o.dir, "zeros")); err != nil {
		t.Fatal(err)
	}
	o.write("noise", string(noise))
	o.push("large")
	for range 2 { // the second time without fetching it
		if _, err := m.Fetch(t.Context()); !errors.Is(err, ErrTooLarge) {
			t.Errorf("a large repository: %v", err)
		}
	}
	o.git("reset", "-q", "--hard", small)
	if mended := o.push("small again"); mended != "" {
		if commit, _ := o.follow(m); commit != mended {
			t.Errorf("after a large repository: %s, want %s", commit, mended)
		}
	}

	silent := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-silent }))
	defer srv.Close()
	defer close(silent)
	dead, err := OpenMirror(t.Context(), t.TempDir(), Remote{URL: srv.URL + "/x.git"}, MirrorOptions{Silence: 300 * time.Millisecond, Branch: "main"})
	if err != nil {
		t.Fatal(err)
	}
	defer dead.Close()
	if _, err := dead.Fetch(t.Context()); !isOffline(err) {
		t.Errorf("a server that says nothing: %v", err)
	}
}

func isOffline(err error) bool {
	_, ok := errors.AsType[*OfflineError](err)
	return ok
}

// TestMirrorPath follows a folder of a repository.
func TestMirrorPath(t *testing.T) {
	o := newOrigin(t)
	o.write("talks/a.md", "a")
	o.write("other/b.md", "b")
	o.push("first")
	m := o.mirror(t.TempDir(), MirrorOptions{Path: "talks", Branch: "main"})
	o.follow(m)
	if got := tree(t, m.Dir()); !maps.Equal(got, map[string]string{"talks/a.md": "a"}) {
		t.Errorf("%q", got)
	}
	o.write("talks/c.md", "c")
	o.write("other/d.md", "d")
	if err := os.Remove(filepath.Join(o.dir, "talks", "a.md")); err != nil {
		t.Fatal(err)
	}
	second := o.push("second: the folder\nis written anew\n\nwith much to say")
	held, err := os.OpenRoot(m.Project())
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if _, changed := o.follow(m); !slices.Equal(changed, []string{"a.md", "c.md"}) {
		t.Errorf("%q changed", changed)
	}
	if _, err := held.Stat("c.md"); err != nil {
		t.Errorf("the project's folder is another one: %v", err)
	}
	c, err := m.Describe(t.Context(), second)
	if err != nil || c.Subject != "second: the folder is written anew" || c.Author != "Ada" || !c.Time.Equal(written) {
		t.Errorf("%+v, %v", c, err)
	}
	if err := m.Deepen(t.Context()); err != nil || !m.Complete() {
		t.Errorf("the past: %v", err)
	}
	h, err := Open(m.Project(), "").History(t.Context(), HistoryOptions{})
	if err != nil || len(h.Commits) != 2 || h.Head != second || h.Commits[1].Files[0].Path != "a.md" {
		t.Errorf("%+v, %v", h, err)
	}
	if err := m.Tidy(t.Context()); err != nil {
		t.Error(err)
	}
	if err := os.RemoveAll(filepath.Join(o.dir, "talks")); err != nil {
		t.Fatal(err)
	}
	commit := o.push("no folder any more")
	if _, err := m.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, _, err := m.Checkout(t.Context(), commit); !errors.Is(err, ErrNoFolder) {
		t.Errorf("without its folder: %v", err)
	}
	if got := tree(t, m.Dir()); len(got) != 1 {
		t.Errorf("the files are gone: %q", got)
	}
	git(t, o.bare, written, written, "update-ref", "-d", "refs/heads/main")
	if _, err := m.Fetch(t.Context()); !errors.Is(err, ErrBranchGone) {
		t.Errorf("without its branch: %v", err)
	}
}

// TestDamage breaks the mirror's objects: they are fetched again.
func TestMirrorDamage(t *testing.T) {
	o := newOrigin(t)
	for i := range 20 {
		o.write(fmt.Sprintf("n%d.md", i), fmt.Sprint("note ", i))
		o.push(fmt.Sprint(i))
	}
	for _, how := range []string{"empty", "gone", "before the check-out"} {
		data := t.TempDir()
		m := o.mirror(data, MirrorOptions{})
		o.follow(m)
		if err := m.Deepen(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.write("new.md", how)
		commit := o.push(how)
		if how == "before the check-out" {
			if _, err := m.Fetch(t.Context()); err != nil {
				t.Fatal(err)
			}
			m.objects.close()
		}
		broken := 0
		err := filepath.WalkDir(filepath.Join(data, "git", "objects"), func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			broken++
			if err := os.Remove(name); err != nil || how != "empty" {
				return err
			}
			return os.WriteFile(name, nil, 0o600)
		})
		if err != nil || broken == 0 {
			t.Fatal(err, broken)
		}
		if how == "before the check-out" {
			if _, _, err := m.Checkout(t.Context(), commit); !errors.Is(err, ErrDamaged) {
				t.Errorf("%s: %v", how, err)
			}
		}
		if got, _ := o.follow(m); got != commit {
			t.Errorf("%s: commit %s, want %s", how, got, commit)
		}
		if !maps.Equal(tree(t, m.Dir()), tree(t, o.dir)) {
			t.Errorf("%s: the files differ", how)
		}
	}
}

func TestAddresses(t *testing.T) {
	token := func() (string, error) { return "t", nil }
	for _, c := range []struct {
		remote Remote
		ok     bool
	}{
		{Remote{URL: "https://git.example.org/a/b.git", Token: token}, true},
		{Remote{URL: "ssh://git@git.example.org/a/b"}, true},
		{Remote{URL: "git@git.example.org:a/b"}, true},
		{Remote{URL: "/srv/git/a.git"}, true},
		{Remote{URL: "http://127.0.0.1:3000/a/b", Token: token}, true},
		{Remote{URL: "http://git.example.org/a/b", Token: token}, false},
		{Remote{URL: "https://me:pw@git.example.org/a"}, false},
		{Remote{URL: "https://token@git.example.org/a"}, false},
		{Remote{URL: "ext::sh -c touch% x"}, true}, // git is told to refuse it
		{Remote{URL: "ftp://git.example.org/a"}, false},
		{Remote{URL: "--upload-pack=touch x"}, false},
		{Remote{URL: ""}, false},
	} {
		if err := c.remote.check(); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.remote.URL, err)
		}
	}
	marker := filepath.Join(t.TempDir(), "marker")
	m, err := OpenMirror(t.Context(), t.TempDir(), Remote{URL: "ext::touch " + marker}, MirrorOptions{Branch: "main"})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if _, err := m.Fetch(t.Context()); err == nil {
		t.Error("ext:: was fetched")
	}
	if _, err := os.Stat(marker); err == nil {
		t.Error("ext:: was run")
	}
	// What others can see of a running git tells no secret.
	r := Remote{URL: "https://git.example.org/a/b", Token: func() (string, error) { return "s3cret", nil }}
	args, _, err := r.settings()
	if err != nil || strings.Contains(strings.Join(args, " "), "s3cret") || !strings.Contains(strings.Join(args, " "), "credential.https://git.example.org.helper=") {
		t.Errorf("%q, %v", args, err)
	}
}
