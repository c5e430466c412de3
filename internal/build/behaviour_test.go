package build_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/internal/build"
	"lectern/internal/diag"
	"lectern/internal/snapshot"
)

// everything is every byte of a site: paths and contents.
func everything(t *testing.T, s *snapshot.Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	for _, f := range s.Files() {
		b.WriteString(f.Path + "\n")
		if _, err := f.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// Nothing of a private note is in any byte of the output, nor in a finding.
func TestPrivateLeavesNoTrace(t *testing.T) {
	files := map[string]string{
		"hugo.toml":           "title = \"T\"\nbaseURL = \"https://x.example.org/\"\n",
		"content/_index.md":   "Home.\n",
		"content/day1/a.md":   "---\ntitle: Open\ntags: [go]\n---\n[the text stays](../xanadu) and [this](xanadu.md#qux)\n[r]({{% relref \"xanadu\" %}}) <a href=\"xanadu.md\">raw</a>\n",
		"content/day1/b.md":   "---\ntitle: Neighbour\n---\nwords\n",
		"content/day1/c.md":   "---\ntitle: c\nvisibility: private\n---\n{{< broken-xylophone >}}\n\n[x](../xerxes)\n",
		"content/day1/bad.md": "---\ntitle: xenon\nvisibility: [private\n---\nxenophile\n\n![p](_img/xeric.png)\n",
		"content/day1/xanadu.md": "---\ntitle: Xanthippe\ndescription: xeriscape\ntags: [xenolith]\nspeakers: [Xaver]\nvisibility: private\naliases: [/xebec/]\n---\n" +
			"## Qux\n\nxylem xylitol {{% badge %}}xystus{{% /badge %}}\n\n![secret](_img/xylograph.png)\n",
		"content/day1/_img/xylograph.png": "xray",
		"content/day1/_img/xeric.png":     "xray",
		"content/xmas/_index.md":          "---\ntitle: xyst\nvisibility: private\n---\n",
		"content/xmas/talk.md":            "---\ntitle: xyloid\n---\nxoanon\n",
		"content/xmas/pic.png":            "xiphoid",
	}
	r := buildOnce(t, build.Options{Dir: project(t, files)})
	all := strings.ToLower(string(everything(t, r.Snapshot)))
	for _, word := range []string{
		"xanadu", "xanthippe", "xeriscape", "xenolith", "xaver", "xebec", "qux", "xylem", "xylitol", "xystus", "xylograph", "xray",
		"xenon", "xenophile", "xeric", "xmas", "xyst", "xyloid", "xoanon", "xiphoid", "xylophone", "xerxes",
	} {
		if i := strings.Index(all, word); i >= 0 {
			t.Errorf("%q is in the output: …%s…", word, all[max(0, i-80):min(len(all), i+40)])
		}
		if ds := fmt.Sprint(r.Diags); strings.Contains(strings.ToLower(ds), word) {
			t.Errorf("%q is in a finding: %s", word, ds)
		}
	}
	for _, word := range []string{"the text stays", ">raw<", "neighbour"} {
		if !strings.Contains(all, word) {
			t.Errorf("%q is not in the output", word)
		}
	}
	// And serve --private does show them.
	r = buildOnce(t, build.Options{Dir: project(t, files), Private: true})
	if all := string(everything(t, r.Snapshot)); !strings.Contains(all, "xylem") || !strings.Contains(all, "xoanon") {
		t.Error("Private does not show private notes")
	}
}

// Same input, same bytes: in another folder, with other parallelism, at
// another time where nothing depends on it.
func TestSameInputSameBytes(t *testing.T) {
	files := map[string]string{"hugo.toml": "title = \"T\"\n", "static/a.txt": "a"}
	for i := range 120 {
		files[fmt.Sprintf("content/d%d/%02d_n.md", i%7, i)] = fmt.Sprintf("---\ntitle: N%d\ntags: [t%d, u%d]\n---\n## H\n\n[x](../%02d_n) `c`\n", i, i%5, i%11, i+7)
	}
	var first snapshot.Digest
	for i, jobs := range []int{1, 2, 7, 32} {
		day := time.Date(2026, 1, 1+40*i, 3, 4, 5, 6, time.FixedZone("x", 3600*i))
		r := buildOnce(t, build.Options{Dir: project(t, files), Jobs: jobs, Now: func(context.Context) (time.Time, error) { return day, nil }})
		if i == 0 {
			first = r.Snapshot.Digest()
		}
		if r.Snapshot.Digest() != first {
			t.Errorf("with %d jobs the site differs", jobs)
		}
	}
}

// findings shows them as rule:file:line.
func findings(ds []diag.Diagnostic) string {
	var out []string
	for _, d := range ds {
		out = append(out, fmt.Sprintf("%s:%s:%d", d.Rule, d.File, d.Line))
	}
	return strings.Join(out, " ")
}

// One bad note never holds up the others.
func TestBadNotes(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		rule string
		live bool // whether the bad note has a page all the same
	}{
		"broken front matter": {"---\ntitle: [x\n---\ntext\n", "front-matter", false},
		"unterminated":        {"---\ntitle: x\ntext\n", "front-matter", false},
		"wrong type":          {"---\ntitle: x\nweight: first\n---\ntext\n", "front-matter", true},
		"unclear visibility":  {"---\ntitle: x\nvisibility: 3\n---\ntext\n", "front-matter", false},
		"invalid UTF-8":       {"---\ntitle: x\n---\nte\xffxt\n", "encoding", true},
		"binary":              {"\x7fELF\x00\x01\x02\x03\x00\x00\x00\x00", "binary", false},
		"too large":           {"x" + strings.Repeat("words and words\n", 50<<20/16), "note-size", false},
		"unclosed shortcode":  {"{{% notice %}}\ntext\n", "shortcode-unclosed", true},
		"unknown shortcode":   {"{{% buton %}}text{{% /buton %}}\n", "shortcode-unknown", true},
		"nested quotes":       {strings.Repeat("> ", 10000) + "x\n", "", true},
		"nested brackets":     {strings.Repeat("[", 10000) + "x" + strings.Repeat("]", 10000) + "\n", "", true},
		"dead link":           {"[x](../nowhere)\n", "link-missing", true},
		"picture outside":     {"![x](../../../../etc/shadow.png)\n", "image-missing", true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := project(t, map[string]string{
				"hugo.toml": "title = \"T\"\n", "content/good.md": "good words\n", "content/bad.md": c.text,
			})
			r := buildOnce(t, build.Options{Dir: dir})
			if r.Snapshot.Lookup("good/index.html") == nil {
				t.Error("the good note is not live")
			}
			if live := r.Snapshot.Lookup("bad/index.html") != nil; live != c.live {
				t.Errorf("the bad note is live: %v, want %v", live, c.live)
			}
			if c.rule != "" && !slices.ContainsFunc(r.Diags, func(d diag.Diagnostic) bool { return strings.HasPrefix(d.Rule, c.rule) && d.File == "content/bad.md" }) {
				t.Errorf("findings %q, want %s", findings(r.Diags), c.rule)
			}
		})
	}
}

func TestFileDisappearsWhileItIsRead(t *testing.T) {
	dir := project(t, map[string]string{"content/a.md": "a\n", "content/b.md": "b\n", "content/p.png": "p"})
	b := open(t, build.Options{Dir: dir})
	ctx := context.Background()
	if _, err := b.Build(ctx); err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(dir, "content", "a.md"))
	os.Remove(filepath.Join(dir, "content", "p.png"))
	// Nothing tells of the removal; another file's change does not stumble over it.
	put(t, dir, "content/b.md", "bb\n")
	r, err := b.Update(ctx, []string{"content/b.md"})
	if err != nil || !strings.Contains(string(r.Snapshot.Lookup("b/index.html").Body.Bytes()), "bb") {
		t.Fatal(err)
	}
	if r, err = b.Build(ctx); err != nil || r.Snapshot.Lookup("a/index.html") != nil || r.Snapshot.Lookup("p.png") != nil {
		t.Errorf("what is gone is still there: %v", err)
	}
}

func TestSymbolicLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("making symbolic links needs a right that users of Windows may not have")
	}
	dir := project(t, map[string]string{"content/a.md": "a\n"})
	secret := project(t, map[string]string{"secret.md": "secretword\n"})
	for link, target := range map[string]string{"content/loop": "..", "content/out.md": filepath.Join(secret, "secret.md"), "content/outdir": secret} {
		if err := os.Symlink(target, filepath.Join(dir, filepath.FromSlash(link))); err != nil {
			t.Fatal(err)
		}
	}
	r := buildOnce(t, build.Options{Dir: dir})
	if got, want := findings(r.Diags), "symlink-loop:content/loop/content:0 symlink-refused:content/out.md:0 symlink-refused:content/outdir:0"; got != want {
		t.Errorf("findings %s, want %s", got, want)
	}
	if bytes.Contains(everything(t, r.Snapshot), []byte("secretword")) {
		t.Error("a file outside of the project was published")
	}
}

func TestBrokenConfigurationIsAnError(t *testing.T) {
	for _, text := range []string{"title = [\n", "title = [1]\n"} {
		b := open(t, build.Options{Dir: project(t, map[string]string{"hugo.toml": text, "content/a.md": "a\n"})})
		if _, err := b.Build(context.Background()); err == nil || !strings.Contains(err.Error(), "hugo.toml:1") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestKeepLast(t *testing.T) {
	ctx := context.Background()
	dir := project(t, map[string]string{"content/a.md": "---\ntitle: A\n---\nfirst\n"})
	b := open(t, build.Options{Dir: dir, KeepLast: true})
	if _, err := b.Build(ctx); err != nil {
		t.Fatal(err)
	}
	show := func(text string) (string, string) {
		put(t, dir, "content/a.md", text)
		r, err := b.Update(ctx, []string{"content/a.md"})
		if err != nil {
			t.Fatal(err)
		}
		if f := r.Snapshot.Lookup("a/index.html"); f != nil {
			return string(f.Body.Bytes()), findings(r.Diags)
		}
		return "", findings(r.Diags)
	}
	for _, text := range []string{"---\ntitle: [\n---\nsecond\n", "---\ntitle: [[\n---\nthird\n"} {
		if page, ds := show(text); !strings.Contains(page, "first") || !strings.Contains(ds, "front-matter:content/a.md") || !strings.Contains(ds, "note-last-good") {
			t.Errorf("%q: the last good version is not shown; %s", text, ds)
		}
	}
	if page, ds := show("---\ntitle: A\n---\nfourth\n"); !strings.Contains(page, "fourth") || ds != "" {
		t.Errorf("the mended note is not shown; %s", ds)
	}
}

func TestPublishingByTime(t *testing.T) {
	ctx := context.Background()
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	dir := project(t, map[string]string{"content/a.md": "---\npublishDate: 2026-05-02\nexpiryDate: 2026-05-03\n---\na\n"})
	b := open(t, build.Options{Dir: dir, Now: func(context.Context) (time.Time, error) { return now, nil }})
	for _, want := range []bool{false, true, false} {
		r, err := b.Build(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Snapshot.Lookup("a/index.html") != nil; got != want {
			t.Errorf("at %s live is %v", now, got)
		}
		now = now.Add(24 * time.Hour)
		if r.Next.IsZero() == (want || now.Day() == 2) {
			t.Errorf("at %s next is %s", now, r.Next)
		}
	}
}

func TestOutputIsNotInput(t *testing.T) {
	dir := project(t, map[string]string{"a.md": "a\n", "site/index.html": "old", "site/.lectern-manifest.json": "{}", "site/x.md": "x"})
	r := buildOnce(t, build.Options{Dir: dir, Output: filepath.Join(dir, "site")})
	if r.Stats.Notes != 1 {
		t.Errorf("%d notes", r.Stats.Notes)
	}
}

func TestFoldersThatDoNotFit(t *testing.T) {
	hugo := map[string]string{"hugo.toml": "", "content/a.md": "a\n", "static/x.txt": "x"}
	for name, c := range map[string]struct {
		files  map[string]string
		output string
		want   string
	}{
		"output is content":      {hugo, "content", "among its own sources"},
		"output in content":      {hugo, "content/site", "among its own sources"},
		"output is static":       {hugo, "static", "among its own sources"},
		"output holds notes":     {map[string]string{"a.md": "a\n", "sub/b.md": "b\n"}, "sub", "holds notes (sub/b.md)"},
		"content was built into": {map[string]string{"hugo.toml": "", "content/a.md": "a\n", "content/.lectern-manifest.json": "{}"}, "", "built into content"},
		"no content":             {map[string]string{"hugo.toml": "contentDir = \"nots\"\n", "content/a.md": "a\n"}, "", "no folder nots"},
	} {
		dir := project(t, c.files)
		o := build.Options{Dir: dir}
		if c.output != "" {
			o.Output = filepath.Join(dir, filepath.FromSlash(c.output))
			if err := os.MkdirAll(o.Output, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := open(t, o).Build(context.Background()); !errors.Is(err, build.ErrFolders) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := buildOnce(t, build.Options{Dir: project(t, map[string]string{"x.txt": "x"})})
	if findings(r.Diags) != "no-notes::0" {
		t.Errorf("an empty folder: %s", findings(r.Diags))
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := open(t, build.Options{Dir: project(t, map[string]string{"a.md": "a\n"})}).Build(ctx); err == nil {
		t.Error("a cancelled build gave a site")
	}
}

// A file may be changed under another name than the one it is listed with.
func TestChangeBehindLink(t *testing.T) {
	dir := project(t, map[string]string{"hugo.toml": "", "content/a.md": "a\n", "texts/x.md": "first\n"})
	if err := os.Symlink(filepath.Join("..", "texts"), filepath.Join(dir, "content", "linked")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	ctx := context.Background()
	b := open(t, build.Options{Dir: dir})
	if _, err := b.Build(ctx); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "texts/x.md", "second and longer\n")
	r, err := b.Update(ctx, []string{"texts/x.md"})
	if err != nil {
		t.Fatal(err)
	}
	if f := r.Snapshot.Lookup("linked/x/index.html"); f == nil || !bytes.Contains(f.Body.Bytes(), []byte("second")) {
		t.Error("the change behind the link is not shown")
	}
}

// Pages in formats that only Hugo reads could be private; ready-made HTML is
// what it is.
func TestOtherContentFormats(t *testing.T) {
	r := buildOnce(t, build.Options{Dir: project(t, map[string]string{
		"hugo.toml":                       "title = \"T\"\n",
		"content/secret.html":             "---\ntitle: S\nvisibility: private\n---\n<p>secretword</p>\n",
		"content/deck.html":               "<!doctype html><p>slides</p>\n",
		"content/n.mdown":                 "words\n",
		"static/.well-known/security.txt": "contact\n",
		"content/.hidden/x.md":            "hiddenword\n",
		"static/.git/config":              "gitword\n",
	})})
	for name, want := range map[string]bool{
		"secret.html": false, "deck.html": true, "n/index.html": true, ".well-known/security.txt": true, ".git/config": false,
	} {
		if got := r.Snapshot.Lookup(name) != nil; got != want {
			t.Errorf("%s is published: %v", name, got)
		}
	}
	if findings(r.Diags) != "content-format:content/secret.html:1" {
		t.Error(findings(r.Diags))
	}
}

// A section whose index can't be read for its size might be private.
func TestOversizedIndexHidesItsSection(t *testing.T) {
	r := buildOnce(t, build.Options{Dir: project(t, map[string]string{
		"hugo.toml": "", "content/a/_index.md": "---\nvisibility: private\n---\n" + strings.Repeat("words and words\n", 6<<20/16),
		"content/a/x.md": "secretword\n", "content/b.md": "b\n",
	})})
	if bytes.Contains(everything(t, r.Snapshot), []byte("secretword")) || r.Snapshot.Lookup("b/index.html") == nil {
		t.Error("the section is published")
	}
}
