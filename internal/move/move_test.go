package move_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/internal/build"
	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/edit"
	"lectern/internal/move"
)

// project is a project on the disk.
type project struct {
	t   *testing.T
	dir string
}

func newProject(t *testing.T, files map[string]string) *project {
	t.Helper()
	p := &project{t, t.TempDir()}
	for name, text := range files {
		p.write(name, text)
	}
	return p
}

func (p *project) write(name, text string) {
	p.t.Helper()
	full := filepath.Join(p.dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o777), os.WriteFile(full, []byte(text), 0o666)); err != nil {
		p.t.Fatal(err)
	}
}

// files are all files with what they hold.
func (p *project) files() map[string]string {
	p.t.Helper()
	out := map[string]string{}
	fsys := os.DirFS(p.dir)
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		out[name] = string(data)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

func (p *project) open(all bool) *build.Builder {
	p.t.Helper()
	b, err := build.Open(build.Options{
		Dir: p.dir, Drafts: all, Private: all, Jobs: 1,
		Load: func(fsys fs.FS) (*config.Config, []diag.Diagnostic, error) {
			return config.Load(fsys, config.Options{Name: "notes", Drafts: all})
		},
		Now: func(context.Context) (time.Time, error) { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), nil },
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { b.Close() })
	return b
}

// plan plans a move.
func (p *project) plan(from, to string) (*move.Plan, *os.Root, error) {
	p.t.Helper()
	b := p.open(true)
	m, err := b.Model(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	root, err := os.OpenRoot(p.dir)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { root.Close() })
	plan, err := move.New(move.Project{
		Site: m.Site, Input: m.Input, Parse: b.ParseAs, IsNote: b.IsNote, Read: root.ReadFile,
		Below: func(dir string) (out []string, err error) {
			err = fs.WalkDir(root.FS(), dir, func(p string, e fs.DirEntry, err error) error {
				if err == nil && !e.IsDir() {
					out = append(out, p)
				}
				return err
			})
			return out, err
		},
		Exists: func(p string) (bool, bool) {
			info, err := root.Lstat(p)
			return err == nil, err == nil && info.IsDir()
		},
	}, from, to)
	return plan, root, err
}

// move moves and returns what differs afterwards: the new contents by path, ""
// for what went away.
func (p *project) move(from, to string) (*move.Plan, map[string]string) {
	p.t.Helper()
	before := p.files()
	plan, root, err := p.plan(from, to)
	if err != nil {
		p.t.Fatalf("move %s to %s: %v", from, to, err)
	}
	if err := edit.Write(root, plan.Changes); err != nil {
		p.t.Fatal(err)
	}
	after, diff := p.files(), map[string]string{}
	for name, text := range after {
		if old, ok := before[name]; !ok || old != text {
			diff[name] = text
		}
	}
	for name := range before {
		if _, ok := after[name]; !ok {
			diff[name] = ""
		}
	}
	return plan, diff
}

const hugo = "title = 'Notes'\nbaseURL = 'https://example.org/notes/'\n"

func TestNote(t *testing.T) {
	front := "---\ntitle: T\n---\n"
	files := map[string]string{
		"hugo.toml": hugo,
		"content/day1/_index.md": front + `
[a](./03_talk) and [b](03_talk/) and [c](03_talk.md) and [d](/day1/03_talk/) and [e](/day1/03_talk.md)
[f](/notes/day1/03_talk/) [g](./03_talk/#demo) [h](03_talk/index.html) [i](../day1/03_talk)
[j]({{% relref "03_talk" %}}) [k]({{< ref "day1/03_talk.md#demo" >}}) <a href="03_talk/">l</a>
[m][def] [n](<03_talk>) [o](03\_talk "with a title") [p](other) [q](https://example.org/day1/03_talk/)

{{% button href="./03_talk/" %}}r{{% /button %}}

[def]: 03_talk/#demo

` + "`[s](./03_talk)`\n\n```\n[t](./03_talk)\n```\n\n<!-- [u](./03_talk) -->\n",
		"content/day1/03_talk.md": front + "# H\n\n## Demo {#demo}\n\n[self](#demo) [own](../03_talk/#demo) [sib](../other) [sibfile](other.md)\n![x](./_img/x.png) ![y](../_img/x.png)\n",
		"content/day1/other.md":   front + "[x](../03_talk)\n",
		"content/day2/_index.md":  front + "[x](../day1/03_talk)\n",
		"content/day1/_img/x.png": "no picture",
	}
	p := newProject(t, files)
	plan, got := p.move("content/day1/03_talk.md", "content/day2/04_speech")
	want := map[string]string{
		"content/day1/03_talk.md": "",
		"content/day2/04_speech.md": "---\ntitle: T\naliases:\n- \"/day1/03_talk/\"\n---\n# H\n\n## Demo {#demo}\n\n[self](#demo) [own](../04_speech/#demo) [sib](../../day1/other) [sibfile](../day1/other.md)\n" +
			"![x](../day1/_img/x.png) ![y](../../day1/_img/x.png)\n",
		"content/day1/_index.md": front + `
[a](../day2/04_speech) and [b](../day2/04_speech/) and [c](../day2/04_speech.md) and [d](/day2/04_speech/) and [e](/day2/04_speech.md)
[f](/notes/day2/04_speech/) [g](../day2/04_speech/#demo) [h](../day2/04_speech/index.html) [i](../day2/04_speech)
[j]({{% relref "../day2/04_speech" %}}) [k]({{< ref "day2/04_speech.md#demo" >}}) <a href="../day2/04_speech/">l</a>
[m][def] [n](<../day2/04_speech>) [o](../day2/04_speech "with a title") [p](other) [q](https://example.org/day1/03_talk/)

{{% button href="../day2/04_speech/" %}}r{{% /button %}}

[def]: ../day2/04_speech/#demo

` + "`[s](./03_talk)`\n\n```\n[t](./03_talk)\n```\n\n<!-- [u](./03_talk) -->\n",
		"content/day1/other.md":  front + "[x](../../day2/04_speech)\n",
		"content/day2/_index.md": front + "[x](./04_speech)\n",
	}
	for name := range maps.Keys(want) {
		if got[name] != want[name] {
			t.Errorf("%s:\n%s\nwant\n%s", name, got[name], want[name])
		}
	}
	if len(got) != len(want) || len(plan.Left) > 0 {
		t.Errorf("changed %v; left %v", slices.Sorted(maps.Keys(got)), plan.Left)
	}
}

// TestMoves has one move and what it makes of some files.
func TestMoves(t *testing.T) {
	for _, c := range []struct {
		name, from, to string
		files, want    map[string]string
	}{
		{"a section takes all with it", "content/a", "content/b", map[string]string{
			"content/a/_index.md": "---\ntitle: A\n---\n[x](./n) ![](./_img/p.png)", "content/a/n.md": "[up](../../a/) [top](/a/) [p](/a/_img/p.png)",
			"content/a/_img/p.png": "p", "content/a/sub/deep.md": "[x](../../n)", "content/a/.keep": "k", "content/z.md": "[a](a/) [n](a/n.md) [img](/a/_img/p.png) [feed](/a/index.xml)",
		}, map[string]string{
			"content/b/_index.md": "---\ntitle: A\naliases:\n- \"/a/\"\n---\n[x](./n) ![](./_img/p.png)", "content/b/n.md": "---\naliases:\n- \"/a/n/\"\n---\n\n[up](../../b/) [top](/b/) [p](/b/_img/p.png)",
			"content/b/_img/p.png": "p", "content/b/sub/deep.md": "---\naliases:\n- \"/a/sub/deep/\"\n---\n\n[x](../../n)", "content/b/.keep": "k",
			"content/z.md":   "[a](b/) [n](b/n.md) [img](/b/_img/p.png) [feed](/b/index.xml)",
			"content/a/n.md": "", "content/b/sub/_index.md": "---\naliases:\n- \"/a/sub/\"\n---\n",
		}},
		{"a section without a text gets one for its address", "content/a", "content/b", map[string]string{
			"content/a/n.md": "[x](/a/)",
		}, map[string]string{
			"content/b/_index.md": "---\naliases:\n- \"/a/\"\n---\n", "content/b/n.md": "---\naliases:\n- \"/a/n/\"\n---\n\n[x](/b/)",
		}},
		{"a bundle is its folder", "content/a/talk/index.md", "content/b/", map[string]string{
			"content/a/talk/index.md": "![](p.png)", "content/a/talk/p.png": "p", "content/z.md": "![](a/talk/p.png) [t](a/talk)", "content/b/_index.md": "B",
		}, map[string]string{
			"content/b/talk/p.png": "p", "content/z.md": "![](b/talk/p.png) [t](b/talk)", "content/a/talk/p.png": "",
		}},
		{"into a folder that is there", "content/a", "content/b", map[string]string{
			"content/a/_index.md": "A", "content/b/_index.md": "[a](../a/)",
		}, map[string]string{"content/b/_index.md": "[a](./a/)"}},
		{"an address of its own needs no alias", "content/n.md", "content/m.md", map[string]string{
			"content/n.md": "---\nurl: /fixed/\n---\nx", "content/z.md": "[a](n.md) [b](/fixed/)",
		}, map[string]string{"content/m.md": "---\nurl: /fixed/\n---\nx", "content/z.md": "[a](m.md) [b](/fixed/)"}},
		{"aliases are kept, relative ones for where they were", "content/a/n.md", "content/b/n.md", map[string]string{
			"content/a/n.md": "---\naliases: [/x/, old]\n---\nx", "content/b/_index.md": "B",
		}, map[string]string{"content/b/n.md": "---\naliases: [/x/, \"/a/old/\", \"/a/n/\"]\n---\nx"}},
		{"an address that was left for good is free", "content/n.md", "content/m.md", map[string]string{
			"content/n.md": "N", "content/o.md": "---\ntitle: O\naliases:\n- /m/\n- /k/\n---\n",
		}, map[string]string{"content/o.md": "---\ntitle: O\naliases:\n- /k/\n---\n"}},
		{"CRLF, a byte order mark and spaces", "content/my note.md", "content/your note.md", map[string]string{
			"content/my note.md": "x", "content/z.md": "\xef\xbb\xbfone\r\n\r\n[a](my%20note.md)\r\n[b](<my note.md>) [c](my%20note.md)\r\n",
		}, map[string]string{"content/z.md": "\xef\xbb\xbfone\r\n\r\n[a](your%20note.md)\r\n[b](<your%20note.md>) [c](your%20note.md)\r\n"}},
		{"a definition that two links use, and code like it", "content/n.md", "content/m.md", map[string]string{
			"content/n.md": "x", "content/z.md": "`n.md` [a][n] and [b][n] ![n.md](n.png)\n\n    n.md\n\n[n]: n.md 'n.md'\n", "content/n.png": "p",
		}, map[string]string{"content/z.md": "`n.md` [a][n] and [b][n] ![n.md](n.png)\n\n    n.md\n\n[n]: m.md 'n.md'\n"}},
		{"private notes", "content/n.md", "content/m.md", map[string]string{
			"content/n.md": "---\nvisibility: private\n---\nx", "content/z.md": "[a](n.md)", "content/y.md": "---\nvisibility: private\n---\n[a](./n.md)",
		}, map[string]string{"content/z.md": "[a](m.md)", "content/y.md": "---\nvisibility: private\n---\n[a](./m.md)"}},
		{"includes and lists", "content/a/n.md", "content/m.md", map[string]string{
			"content/a/n.md": "{{% include \"part.txt\" %}}", "content/a/part.txt": "hello [y](/y/)", "content/y.md": "{{% pages pageref=\"a/n\" %}}\n",
			"content/z.md": "`{{% include \"a/o.md\" %}}` {{% include \"a/o.md\" %}}", "content/a/o.md": "O",
		}, map[string]string{
			"content/m.md": "---\naliases:\n- \"/a/n/\"\n---\n\n{{% include \"a/part.txt\" %}}", "content/y.md": "{{% pages pageref=\"m\" %}}\n",
		}},
		{"a note that others include", "content/a/o.md", "content/p.md", map[string]string{
			"content/z.md": "{{% include \"a/o.md\" %}} and {{% include \"a/o.md\" %}}", "content/a/o.md": "O",
		}, map[string]string{
			"content/z.md": "{{% include \"p.md\" %}} and {{% include \"p.md\" %}}",
		}},
		{"attachments", "content/n.md", "content/m.md", map[string]string{
			"content/n.md": "{{% resources /%}}", "content/n.files/a.pdf": "a", "content/z.md": "[a](n.files/a.pdf)",
		}, map[string]string{"content/m.files/a.pdf": "a", "content/n.files/a.pdf": "", "content/z.md": "[a](m.files/a.pdf)"}},
		{"translations", "content/n.md", "content/m.md", map[string]string{
			"hugo.toml":    hugo + "[languages.en]\nweight=1\n[languages.de]\nweight=2\n",
			"content/n.md": "N", "content/n.de.md": "N", "content/z.md": "[a](n.md) [b](/de/n/)", "content/z.de.md": "[a](n.md)",
		}, map[string]string{"content/m.de.md": "---\naliases:\n- \"/de/n/\"\n---\n\nN", "content/n.de.md": "", "content/z.md": "[a](m.md) [b](/de/m/)", "content/z.de.md": "[a](m.md)"}},
		{"a plain folder", "day1/n.md", "day2/m.md", map[string]string{
			"hugo.toml": "", "day1/n.md": "N", "README.md": "[a](day1/n.md)",
		}, map[string]string{"README.md": "[a](day2/m.md)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.files["hugo.toml"] == "" {
				if _, plain := c.files["hugo.toml"]; plain {
					delete(c.files, "hugo.toml")
				} else {
					c.files["hugo.toml"] = hugo
				}
			}
			p := newProject(t, c.files)
			plan, got := p.move(c.from, c.to)
			for name, want := range c.want {
				if now, changed := got[name]; now != want {
					t.Errorf("%s (changed: %v):\n%s\nwant\n%s", name, changed, now, want)
				}
			}
			if len(plan.Left) > 0 {
				t.Errorf("left: %v", plan.Left)
			}
			if _, _, err := p.plan(c.from, c.to); err == nil {
				t.Error("the second time it is moved again")
			}
			for _, d := range p.findings() {
				t.Errorf("finding: %+v", d)
			}
		})
	}
}

// findings are the errors and warnings of a build.
func (p *project) findings() []diag.Diagnostic {
	p.t.Helper()
	r, err := p.open(false).Build(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return slices.DeleteFunc(r.Diags, func(d diag.Diagnostic) bool {
		return d.Severity == diag.Info || strings.HasPrefix(d.Rule, "picture") || d.Rule == "image-unreadable"
	})
}

func TestRefusals(t *testing.T) {
	files := map[string]string{
		"hugo.toml": hugo, "content/_index.md": "home", "content/a/_index.md": "A", "content/a/n.md": "N", "content/b/n.md": "N",
		"content/p.png": "p", "content/broken.md": "---\ntitle: [\n---\nx", "content/slug.md": "---\nslug: taken\n---\nx", "README.md": "x",
	}
	for _, c := range []struct{ from, to, err string }{
		{"content/a/n.md", "content/b/n.md", "content/b/n.md is there already"},
		{"content/a/n.md", "content/b", "content/b/n.md is there already"},
		{"content/a/n.md", "content/a/n.md", "is there already"},
		{"content/a/n.md", "content/a/N.md", "one file on many systems"},
		{"content/a/none.md", "content/x.md", "there is no note or folder content/a/none.md"},
		{"content/p.png", "content/q.png", "is no note"},
		{"content/a", "content/a/c", "into itself"},
		{"content", "content2", "the folder of all notes"},
		{"content/_index.md", "content/x.md", "first page"},
		{"content/a/n.md", "static/n.md", "would be no note"},
		{"content/a", "static/a", "outside of the notes"},
		{"README.md", "content/x.md", "outside of the notes"},
		{"content/a/n.md", "content/a/con.md", "device"},
		{"content/a/n.md", "content/a/x?.md", "can't be a name"},
		{"content/a/n.md", "content/" + strings.Repeat("x", 250), "too long"},
		{"content/a/n.md", "content/c/_index.md", "text of its folder"},
		{"content/a", "content/c.md", "name of a note"},
		{"content/broken.md", "content/c.md", ""},
		{"content/a/n.md", "content/taken.md", "could not stay on the site"},
	} {
		p := newProject(t, files)
		_, _, err := p.plan(c.from, c.to)
		if err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("move %s to %s: %v", c.from, c.to, err)
		}
	}
}

func TestRefusalNamesNoPrivateNote(t *testing.T) {
	p := newProject(t, map[string]string{
		"hugo.toml": hugo, "content/n.md": "N", "content/hush.md": "---\nvisibility: private\nurl: /taken/\n---\nx",
	})
	_, _, err := p.plan("content/n.md", "content/taken.md")
	if err == nil || strings.Contains(err.Error(), "hush") {
		t.Errorf("%v", err)
	}
}

// TestMenus moves what the configuration's menus name: it is left alone, and said.
func TestMenus(t *testing.T) {
	p := newProject(t, map[string]string{
		"hugo.toml": `title = "N"
baseURL = "https://example.org/notes/"
[[menus.main]]
name = "Talk"
pageRef = "/day1/03_talk"
[[menus.main]]
name = "Part"
url = "/notes/day1/03_talk/#demo"
[[menus.main]]
name = "Day"
pageRef = "day1"
[[menus.main]]
name = "Elsewhere"
url = "https://example.com/day1/03_talk/"
`,
		"content/day1/03_talk.md": "# Talk\n",
		"content/day1/04_x.md":    "# X\n",
	})
	said := func(plan *move.Plan) (out []string) {
		for _, d := range plan.Left {
			out = append(out, d.File+": "+d.Message+" / "+d.Hint)
		}
		return out
	}
	plan, _ := p.move("content/day1/03_talk.md", "content/day1/05_talk.md")
	if want := []string{
		`hugo.toml: the entry "Part" of the menu "main" names /notes/day1/03_talk/#demo, and leads there by a redirect alone / write url "/day1/05_talk" there`,
		`hugo.toml: the entry "Talk" of the menu "main" names /day1/03_talk, and shows nothing any more / write pageRef "/day1/05_talk" there`,
	}; !slices.Equal(said(plan), want) {
		t.Errorf("%q", said(plan))
	}
	plan, _ = p.move("content/day1", "content/tuesday")
	if want := []string{
		`hugo.toml: the entry "Day" of the menu "main" names day1, and shows nothing any more / write pageRef "/tuesday" there`,
	}; !slices.Equal(said(plan), want) {
		t.Errorf("%q", said(plan))
	}
}
