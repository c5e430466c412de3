package build_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lectern/internal/build"
	"lectern/internal/cache"
	"lectern/internal/snapshot"
)

// An incremental build is a clean one: the same bytes and the same findings,
// after every one of hundreds of random edits.
func TestIncrementalIsClean(t *testing.T) {
	rounds, steps := 4, 120
	if testing.Short() {
		rounds = 1
	}
	for range rounds {
		seed := rand.Uint64()
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) { (&editor{}).atRandom(t, seed, steps) })
	}
}

// atRandom compares an incremental build with a clean one after each of some steps.
func (e *editor) atRandom(t *testing.T, seed uint64, steps int) {
	ctx := context.Background()
	e.t, e.dir, e.rnd = t, t.TempDir(), rand.New(rand.NewPCG(seed, 1))
	put(t, e.dir, "hugo.toml", "title = \"T\"\nbaseURL = \"https://x.example.org/\"\n"+e.config())
	store := cache.Open(t.TempDir()) // of the clean builds: the others draw for themselves
	e.pictures = []string{drawing(t, 40, 30), drawing(t, 700, 300), photo(t, 640, 20), photo(t, 640, 20)[:600]}
	for range 15 {
		e.note()
	}
	b := open(t, build.Options{Dir: e.dir, Check: true})
	if _, err := b.Build(ctx); err != nil {
		t.Fatal(err)
	}
	for step := range steps {
		e.did, e.changed = nil, nil
		for range 1 + e.rnd.IntN(3) {
			e.edit()
		}
		slices.Sort(e.changed)
		var paths []string // sometimes nobody knows what changed
		if e.rnd.IntN(10) > 0 {
			if paths = slices.Compact(e.changed); len(paths) == 0 {
				continue
			}
		}
		got, err := b.Update(ctx, paths)
		if err != nil {
			t.Fatal(err)
		}
		if got.Pending && e.rnd.IntN(4) == 0 {
			continue // an edit came first
		}
		if got, err = b.Finish(ctx); err != nil {
			t.Fatal(err)
		}
		want := buildOnce(t, build.Options{Dir: e.dir, Jobs: 1, Cache: store, Check: true})
		if got.Snapshot.Digest() != want.Snapshot.Digest() {
			t.Fatalf("step %d: after %q (%v) the site differs from a clean build: %s", step, e.did, paths, differing(got.Snapshot, want.Snapshot))
		}
		if g, w := fmt.Sprint(got.Diags), fmt.Sprint(want.Diags); g != w {
			t.Fatalf("step %d: after %q the findings are\n%s\nwant\n%s", step, e.did, g, w)
		}
	}
}

func differing(a, b *snapshot.Snapshot) string {
	var out []string
	for _, f := range a.Files() {
		if g := b.Lookup(f.Path); g == nil {
			out = append(out, "+"+f.Path)
		} else if f.Hash != g.Hash {
			out = append(out, f.Path+firstDifference(string(f.Body.Bytes()), string(g.Body.Bytes())))
		}
	}
	for _, f := range b.Files() {
		if a.Lookup(f.Path) == nil {
			out = append(out, "-"+f.Path)
		}
	}
	return strings.Join(out, "\n")
}

// editor edits a project at random and keeps what it did.
type editor struct {
	t       *testing.T
	dir     string
	rnd     *rand.Rand
	did     []string
	changed []string
	// languages are configurations of languages (whose table comes last), keys
	// what may stand before a file's extension, folders more folders of notes.
	languages, keys, folders []string
	// pictures are contents of picture files: small, large, turned, broken.
	pictures []string
}

func (e *editor) config() string { return e.oneOf(e.languages) }

// oneOf picks one of list; "" of none.
func (e *editor) oneOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return e.pick(list...)
}

func (e *editor) pick(s ...string) string { return s[e.rnd.IntN(len(s))] }

func (e *editor) touch(names ...string) { e.changed = append(e.changed, names...) }

// files lists the files below content and static.
func (e *editor) files() []string {
	var out []string
	for _, root := range []string{"content", "static"} {
		filepath.WalkDir(filepath.Join(e.dir, root), func(p string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				rel, _ := filepath.Rel(e.dir, p)
				out = append(out, filepath.ToSlash(rel))
			}
			return nil
		})
	}
	return out
}

func (e *editor) write(name, text string) {
	if info, err := os.Stat(filepath.Join(e.dir, path.Dir(name))); err == nil && !info.IsDir() {
		return
	}
	if info, err := os.Stat(filepath.Join(e.dir, name)); err == nil && info.IsDir() {
		return
	}
	put(e.t, e.dir, name, text)
	e.did = append(e.did, "write "+name)
	e.touch(name)
}

func (e *editor) folder() string {
	return e.pick(append([]string{"content", "content/day1", "content/day2", "content/day2/deep", "content/Day 3", "content/speakers"}, e.folders...)...)
}

// note writes a note, new or not, public or not, whole or broken.
func (e *editor) note() {
	name := e.folder() + "/" + e.pick("_index", "01_a", "02_b", "c", "d", "index", "README", "deep", "ann", "timetable") + e.oneOf(e.keys) + ".md"
	var b strings.Builder
	if e.rnd.IntN(8) > 0 {
		b.WriteString("---\n")
		fmt.Fprintf(&b, "title: %s %d\n", e.pick("Alpha", "Beta", "Gamma"), e.rnd.IntN(4))
		for _, line := range []string{
			"weight: " + fmt.Sprint(e.rnd.IntN(4)),
			"tags: [" + e.pick("go", "Go", "flux", "x y") + ", " + e.pick("go", "k8s") + "]",
			"visibility: " + e.pick("private", "unlisted", "public"),
			"draft: true", "hidden: true", "aliases: [/old/" + e.pick("a", "b") + ", rel]",
			"url: /" + e.pick("u1", "u2") + "/", "slug: " + e.pick("s1", "s2"),
			"publishDate: 2026-0" + fmt.Sprint(1+e.rnd.IntN(9)) + "-01",
			"expiryDate: 2026-0" + fmt.Sprint(1+e.rnd.IntN(9)) + "-01",
			"translationKey: " + e.pick("k1", "k2"), "description: " + e.pick("one", "two"), "linkTitle: " + e.pick("L1", "L2"),
			"weight: first", "broken: [", "speakers: [" + e.pick("Ann", "Bo", "Ànn") + "]",
			"author: " + e.pick("Bo", "Cy, Di"), "speaker: {name: Ann, company: " + e.pick("Acme", "Zed") + "}",
			"session: " + e.pick("s1", "s1", "s2"),
			"room: " + e.pick("Hall", "Attic"), "track: " + e.pick("One", "Two"),
			"start: 2026-04-0" + fmt.Sprint(1+e.rnd.IntN(2)) + "T0" + fmt.Sprint(1+e.rnd.IntN(9)) + ":00",
			"end: 2026-04-0" + fmt.Sprint(1+e.rnd.IntN(2)) + "T0" + fmt.Sprint(1+e.rnd.IntN(9)) + ":30",
		} {
			if e.rnd.IntN(7) == 0 {
				b.WriteString(line + "\n")
			}
		}
		b.WriteString("---\n")
	}
	b.WriteString(e.body())
	e.write(name, b.String())
}

func (e *editor) body() string {
	var b strings.Builder
	for range 1 + e.rnd.IntN(4) {
		b.WriteString(e.pick(
			"TODO: more\n\n", "<!-- TODO -->\n\n", "#### Deep\n\n", "<!-- lectern-ignore"+e.pick("", "-file")+" "+e.pick("todo", "link-missing", "stub", "")+" -->\n",
			"<!-- {{% button href=\"https://youtu.be/x\" icon=\"video\" %}}Watch{{% /button %}} -->\n\n",
			"## Heading "+e.pick("one", "two")+"\n\n", "Some words "+fmt.Sprint(e.rnd.IntN(50))+".\n\n",
			"[link]("+e.pick("../01_a", "./02_b", "c.md", "/day1/", "#heading-one", "../c#heading-two", "nowhere", "c.de.md", "/de/day1/c/")+")\n\n",
			"![pic]("+e.pick("_img/p.png", "../_img/p.png", "/s.png", "none.png", "p.png")+")\n\n",
			"```go\nfunc main() {}\n```\n\n", "```mermaid\ngraph LR\n```\n\n", "{{% notice tip %}}\ninner\n{{% /notice %}}\n\n",
			"{{% button href=\""+e.pick("https://youtu.be/x", "../c")+"\" icon=\"video\" %}}Watch{{% /button %}}\n\n",
			"[r]({{% relref \""+e.pick("01_a", "c", "day1")+"\" %}})\n\n", "[l]({{% relref path=\"c\" lang=\""+e.pick("de", "en")+"\" %}})\n\n", "# Title in text\n\n",
			"{{% include \""+e.pick("01_a", "c.md", "../day2/02_b", "/snippet.txt", "snippet.txt", "part.md")+"\" "+e.pick("", "true")+" %}}\n\n",
			"{{% children depth=9 showhidden=true description=true sort="+e.pick("title", "length", "date", "auto")+" %}}\n\n",
			"{{% pages pageref=\"/\" levels=9 flatten=true display="+e.pick("cards", "list", "headings")+" breadcrumb=true where=\"title > B\" %}}\n\n",
			"{{% "+e.pick("resources", "attachments")+" /%}}\n\n", "{{< tabs >}}{{% tab a %}}b{{% /tab %}}{{< /tabs >}}\n\n",
			"## Talk recommendations\n\n- "+e.pick("Why: ", "TODO ", "")+"[talk]("+e.pick("../01_a", "./02_b", "c.md", "/day2/d/")+")\n\n",
			"## People met\n\n"+e.pick("Ann", "TODO", "[Bo](c.md)", "")+"\n\n", "TODO: "+e.pick("this", "[c](c.md)")+"\n\n",
		))
	}
	return b.String()
}

func (e *editor) edit() {
	files := e.files()
	switch n := e.rnd.IntN(14); {
	case n < 4 || len(files) == 0:
		e.note()
	case n < 7: // the text alone
		name := files[e.rnd.IntN(len(files))]
		if data, err := os.ReadFile(filepath.Join(e.dir, name)); err == nil && strings.HasSuffix(name, ".md") {
			e.write(name, string(data)+e.pick("more\n", e.body()))
		}
	case n == 7:
		name := files[e.rnd.IntN(len(files))]
		os.Remove(filepath.Join(e.dir, name))
		e.did = append(e.did, "remove "+name)
		e.touch(name)
	case n == 8:
		e.rename(files[e.rnd.IntN(len(files))], e.folder()+"/"+e.pick("e.md", "f.md", "01_a.md"))
	case n == 9:
		e.rename(e.folder(), "content/"+e.pick("day1", "day4", "day2/more"))
	case n == 10:
		dir := e.folder()
		if dir != "content" {
			os.RemoveAll(filepath.Join(e.dir, dir))
			e.did = append(e.did, "remove all "+dir)
			e.touch(dir)
		}
	case n == 11 && e.rnd.IntN(2) == 0:
		e.write(e.pick("content/day1/_img/p.png", "content/_img/p.png", "static/s.png"), e.pictures[e.rnd.IntN(len(e.pictures))])
	case n == 11:
		e.write(e.pick("content/day1/_img/p.png", "content/_img/p.png", "content/day1/_img/p.de.png", "content/de/day1/_img/p.png", "content/day1/c.files/f.txt", "content/day2/deep/cover.png", "static/s.png", "static/index.xml", "static/day1/index.html"), strings.Repeat("x", e.rnd.IntN(5)))
	case n == 12 && e.rnd.IntN(2) == 0:
		e.write(e.pick("snippet.txt", "content/snippet.txt", "content/day1/part.md"), e.pick("", "---\nvisibility: private\n---\n")+e.body())
	case n == 12:
		e.write("hugo.toml", "title = \""+e.pick("T", "U")+"\"\n"+e.pick("", "baseURL = \"https://x.example.org/sub/\"\n", "languageCode = \"de\"\n", "enableEmoji = true\n", "buildDrafts = true\n")+e.config())
	default:
		e.write("lectern.yaml", e.pick("", "unsafeHTML: false\n", "todos: hide\n", "meanings: {people: []}\n", "timeZone: Europe/London\n"))
	}
}

func (e *editor) rename(from, to string) {
	if from == to || from == "content" || strings.HasPrefix(to, from+"/") {
		return
	}
	if os.Rename(filepath.Join(e.dir, from), filepath.Join(e.dir, to)) == nil {
		e.did = append(e.did, "rename "+from+" "+to)
		e.touch(from, to)
	}
}
