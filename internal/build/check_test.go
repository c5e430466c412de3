package build_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"lectern/internal/build"
	"lectern/internal/diag"
)

// checked returns all that a check of a folder finds.
func checked(t *testing.T, opts build.Options) *build.Checked {
	t.Helper()
	opts.Check = true
	r, err := open(t, opts).Check(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// lines prints findings as "file:line:col severity rule".
func lines(ds []diag.Diagnostic) string {
	var b strings.Builder
	for _, d := range ds {
		fmt.Fprintf(&b, "%s:%d:%d %s %s\n", d.File, d.Line, d.Col, d.Severity, d.Rule)
	}
	return b.String()
}

// What is to be found in a real set of notes: each of the findings was looked
// up in the notes by a person. `-update-check` writes the file anew, to be
// looked at again.
func TestCheckOfRealNotes(t *testing.T) {
	golden := filepath.Join("testdata", "check", "kubecon25.txt")
	got := lines(checked(t, build.Options{Dir: shared(t, "corpus/kubecon25")}).Diags)
	if *updateCheck {
		if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, []byte(got)) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

var updateCheck = flag.Bool("update-check", false, "write the findings in the real notes anew")

// What a check finds in small projects. Each file begins with its name; what is
// to be found stands at the end.
func TestRules(t *testing.T) {
	talk := func(front, text string) string { return "---\ntitle: Talk\n" + front + "---\n\n" + text }
	svg := `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"nothing": {map[string]string{"content/_index.md": talk("", "Words.\n")}, ""},

		"a link's depth": {map[string]string{
			"content/d/_index.md": talk("", "[a](../01_a) [b](./01_a) [c](e/02_b#h) ![p](../p.svg)\n"),
			"content/d/01_a.md":   "# A\n\n[b](e/02_b)\n",
			"content/e/02_b.md":   talk("", "## H\n\n[a](../../d/01_a)\n"), "content/d/p.svg": svg,
		}, "content/d/01_a.md:3:1 error link-relative-depth sure ../../e/02_b\n" +
			"content/d/_index.md:5:1 error link-relative-depth sure ./01_a\n" +
			"content/d/_index.md:5:26 error link-relative-depth sure ../e/02_b#h\n" +
			"content/d/_index.md:5:40 error link-relative-depth sure ./p.svg\n"},
		"a depth that is not sure": {map[string]string{
			"content/x.md": "# X\n\nw\n", "content/d/x.md": "# Y\n\nw\n", "content/d/e/_index.md": "# E\n\n[x](./x)\n",
		}, "content/d/e/_index.md:3:1 error link-relative-depth asks ../x\n"},
		"a link that no depth mends": {map[string]string{
			"content/_index.md": talk("", "[a](../../nowhere) [b](d/01_b) [b][b]\n\n[b]: ../d/01_b\n"), "content/d/01_a.md": "# A\n\nw\n",
		}, "content/_index.md:5:1 error link-missing\ncontent/_index.md:5:20 error link-missing asks ./d/01_a\ncontent/_index.md:5:32 error link-missing\n"},
		"a fragment": {map[string]string{
			"content/a.md": "# A\n\n## One\n\n[x](#on) [y](b#twoo) [z](../b#xyz)\n", "content/b.md": "# B\n\n## Two\n\nw\n",
		}, "content/a.md:5:1 warning link-fragment asks #one\ncontent/a.md:5:10 warning link-fragment asks b#two\n" +
			"content/a.md:5:10 info link-relative-depth asks ../b#twoo\ncontent/a.md:5:22 warning link-fragment\n"},
		"placeholders of links": {map[string]string{
			"content/_index.md": talk("", "[a](todo:) [b](TODO) [c](https://…) [d](https://todo) [e](<url>) [f](#) [g](todo-list.svg) <https://example.org>\n\n"+
				"{{% button href=\"todo:\" %}}x{{% /button %}} {{% button href=\"#\" %}}y{{% /button %}} `[x](todo:)`\n"), "content/todo-list.svg": svg,
		}, "content/_index.md:5:1 warning link-placeholder\ncontent/_index.md:5:12 warning link-placeholder\ncontent/_index.md:5:22 warning link-placeholder\n" +
			"content/_index.md:5:39 warning link-placeholder\ncontent/_index.md:5:57 warning link-placeholder\n" +
			"content/_index.md:7:18 warning button-placeholder\ncontent/_index.md:7:62 warning button-placeholder\n"},
		"pictures": {map[string]string{
			"content/_index.md": talk("", "![](a.svg) ![a.svg](a.svg) ![IMG_0042](a.svg) ![a fig](a.svg)\n\n<img src=\"a.svg\"> <img src=\"a.svg\" alt=\"\">\n\n`![](a.svg)`\n"),
			"content/a.svg":     svg, "content/b.svg": svg, "content/cover.svg": svg, "static/c.svg": svg, "content/big.svg": svg + strings.Repeat(" ", 3<<20),
			"content/c.md": "# C\n\n<!-- big.svg -->\nWords.\n",
		}, "content/_index.md:5:1 warning image-alt\ncontent/_index.md:5:12 warning image-alt\ncontent/_index.md:5:28 warning image-alt\n" +
			"content/_index.md:7:1 warning image-alt\ncontent/b.svg:0:0 info image-unused\ncontent/big.svg:0:0 warning image-too-large\n"},
		"pictures that are listed": {map[string]string{
			"content/d/index.md": talk("", "{{% resources /%}}\n"), "content/d/a.svg": svg,
		}, ""},
		"a photo": {
			map[string]string{"content/_index.md": talk("", "![us](a.jpg) ![us](b.jpg)\n"), "content/a.jpg": photo(t, 9, 9), "content/b.jpg": photo(t, 9, 9)},
			"content/a.jpg:0:0 info image-location\ncontent/b.jpg:0:0 info image-location\n",
		},

		"tags": {map[string]string{
			"content/a.md": "---\ntitle: A\ntags: [Kubernetes, \"<tag>\", go]\ncategories: category\n---\nw\n",
			"content/b.md": "+++\ntitle = 'B'\ntags = ['kubernetes', 'multi-cluster', 'class']\n+++\nw\n",
			"content/c.md": "---\ntitle: C\ntags:\n  - kubernetes\n  - multicluster\n  - ops\n---\nw\n",
			"content/d.md": "---\ntitle: D\ntags:\n- multicluster\n- op\n- C\n- C++\n---\nw\n",
		}, "content/a.md:3:8 info tag-nearly-same asks kubernetes\ncontent/a.md:3:21 warning tag-placeholder\ncontent/a.md:4:13 warning tag-placeholder\n" +
			"content/b.md:3:24 info tag-nearly-same asks multicluster\n"},
		"weights": {map[string]string{
			"content/d/01_a.md": talk("weight: 1\n", "w"), "content/d/02_b.md": "---\nweight: 1\n---\n# B\n\nw", "content/d/c/_index.md": "---\nweight: 1\ntitle: C\n---\nw",
			"content/e/01_a.md": "---\nweight: 1\ntitle: Other\n---\nw", "content/e/02.md": "---\ntitle: No weight\n---\nw", "content/e/03.md": "---\ntitle: Nor this\n---\nw",
		}, "content/d/02_b.md:2:9 warning weight-duplicate\ncontent/d/c/_index.md:2:9 warning weight-duplicate\n"},
		"titles": {map[string]string{
			"content/a.md": "w\n", "content/b.md": "# The  Talk\n\nw\n", "content/c.md": "---\ntitle: the talk\n---\nw\n", "content/d/_index.md": "# The talk\n",
		}, "content/a.md:1:1 warning title-missing\ncontent/c.md:2:8 info title-duplicate\n"},
		"one session": {map[string]string{
			"content/a.md": talk("session: s\n", "w\n"), "content/b.md": talk("session: s\n", "TODO: x\n\nw\n"),
		}, "content/b.md:6:1 info todo\n"},
		"stubs": {map[string]string{
			"content/_index.md": "---\ntitle: H\n---\n", "content/a.md": talk("", "Slides will follow.\n"), "content/b/_index.md": "# B\n\n## Only a heading\n",
			"content/c/_index.md": "# C\n\nTODO\n",
		}, "content/a.md:5:1 info stub\ncontent/c/_index.md:1:1 info stub\ncontent/c/_index.md:3:1 info todo\n"},
		"recordings": {map[string]string{
			"content/d/01.md": "# A\n\n{{% button href=\"https://youtu.be/a\" %}}Watch{{% /button %}}\n\nw\n", "content/d/02.md": "# B\n\nw\n",
			"content/d/03.md": "# C\n\n<!-- {{% button href=\"https://youtu.be/b\" %}}Watch{{% /button %}} -->\nw\n",
			"content/d/04.md": "# D\n\n<!-- lectern-ignore-file video-missing -->\nw\n", "content/e/01.md": "# E\n\nw\n",
			"content/f/01.md": "# F\n\nhttps://youtu.be/f\n\nw\n", "content/f/02.md": "# G\n\nw\n", "content/f/03.md": "# H\n\nw\n",
			"content/g/01.md": "---\ntitle: I\nspeakers: [Ann]\n---\nhttps://youtu.be/i\n\nw\n", "content/g/dinner.md": "# J\n\nw\n",
		}, "content/d/02.md:1:1 info video-missing\ncontent/d/03.md:3:6 info button-placeholder\n"},
		"the example's target": {map[string]string{
			"content/d/01.md": "# A\n\nw\n\n<!-- {{% button href=\"https://x.org/s.pdf\" %}}Slides{{% /button %}} -->\n",
			"content/d/02.md": "# B\n\nw\n\n<!-- {{% button href=\"https://x.org/s.pdf\" %}}Slides{{% /button %}} -->\n",
			"content/d/03.md": "# C\n\nw\n\n{{% button href=\"https://x.org/s.pdf\" %}}Slides{{% /button %}}\n",
		}, "content/d/01.md:5:6 info button-placeholder\ncontent/d/02.md:5:6 info button-placeholder\ncontent/d/03.md:5:18 warning button-placeholder\n"},
		"spelling": {map[string]string{
			"content/a.md":  "---\ntitle: A mroe\nspeakers: [Ann Thier]\ntags: [soem]\nroom: Nto\n---\nThier enviroment, mroe of it, soem nto. Kubernets and teh Referal. `teh` [teh](../teh.svg) colour color\n",
			"content/b.md":  "---\ntitle: The reccomend talk\nsession: X\n---\n\nI reccomend teh **Continously**\n\n<!-- lectern-ignore spelling -->\nteh\n\nteh\n",
			"lectern.yaml":  "check:\n  words: [kubernets, Referal]\n",
			"content/c.svg": svg, "content/teh.svg": svg, "content/c.md": "---\ntitle: C\n---\n![c](../c.svg)\n",
		}, "content/a.md:2:10 info spelling sure more\ncontent/a.md:7:7 info spelling sure environment\ncontent/a.md:7:19 info spelling sure more\ncontent/a.md:7:55 info spelling sure the\n" +
			"content/b.md:6:13 info spelling sure the\ncontent/b.md:11:1 info spelling sure the\n"},
		"British": {map[string]string{
			"lectern.yaml": "language: en-GB\n", "content/a.md": "# The Colors\n\nOrganize color and Colour by behavior of Center\n",
		}, "content/a.md:1:7 info spelling sure Colours\ncontent/a.md:3:10 info spelling sure colour\ncontent/a.md:3:30 info spelling sure behaviour\n"},
		"American": {map[string]string{
			"lectern.yaml": "language: en-US\n", "content/a.md": "# The colour\n\nOrganise teh color\n",
		}, "content/a.md:1:7 info spelling sure color\ncontent/a.md:3:1 info spelling sure Organize\ncontent/a.md:3:10 info spelling sure the\n"},
		"both, as the project says": {map[string]string{
			"lectern.yaml": "language: en-US\ncheck: {spelling: both}\n", "content/a.md": "# The colour\n\nOrganise color\n",
		}, ""},
		"German": {map[string]string{
			"lectern.yaml": "language: de\n", "content/a.md": "# Der Standart\n\nEs gibt garnicht soviel mroe seperate Enviroments\n",
		}, "content/a.md:1:7 info spelling sure Standard\ncontent/a.md:3:9 info spelling sure gar nicht\ncontent/a.md:3:30 info spelling sure separate\n"},
		"French": {map[string]string{
			"lectern.yaml": "language: fr\n", "content/a.md": "# Teh\n\nteh mroe\n",
		}, ""},
		"headings": {map[string]string{
			"content/a.md": "# A\n\nw\n\n### B\n\n## C\n\n##### D\n\n# E\n\n## F\n", "content/b.md": talk("", "#### G\n\nw\n"),
		}, "content/a.md:5:1 warning heading-skip\ncontent/a.md:9:1 warning heading-skip\ncontent/b.md:5:1 warning heading-skip\n"},
		"shortcodes": {map[string]string{
			"content/a.md": "# A\n\nw {{% buton href=\"x\" %}}y{{% /buton %}}\n\n{{< tweet id=\"1\" >}} {{< swagger src=\"https://x.org/\" >}}\n\n`{{< swagger >}}`\n\n" +
				"<!-- {{% notice tip %}}x{{% /notice %}} -->\n\n<!-- {{%/* notice tip */%}} -->\n",
		}, "content/a.md:3:3 warning shortcode-unknown asks button button\ncontent/a.md:5:5 info shortcode-deprecated asks x\n" +
			"content/a.md:5:26 info shortcode-deprecated sure openapi\ncontent/a.md:9:6 info html-comment-shortcode\n"},
		"dates": {map[string]string{
			"content/a.md": "---\ntitle: A\ndate: 2062-03-26\n---\nw\n", "content/b.md": "---\ntitle: B\npublishDate: 2030-01-01\n---\nw\n",
			"content/c.md": "---\ntitle: C\ndate: 2020-01-01\n---\nw\n", "content/d.md": "---\ntitle: D\ndate: 2062-03-26\ndraft: true\n---\nw\n",
		}, ":0:0 info unpublished\ncontent/a.md:3:7 warning date-future\ncontent/b.md:3:14 warning date-future\n"},
		"private things": {map[string]string{
			"content/a.md": "# A\n\n[x](../b) [y](../c) ![z](p.svg)\n", "content/b.md": "---\nvisibility: private\ntitle: zqb\n---\nTODO [n](zqnowhere) ![](p.svg)\n\n<!-- lectern-ignore zq -->\n",
			"content/c.md": "---\ndraft: true\n---\nw\n", "content/box/_index.md": "---\nvisibility: private\n---\n", "content/box/zqunused.svg": svg, "content/p.svg": svg,
		}, ":0:0 info unpublished\ncontent/a.md:3:1 warning private-leak\ncontent/a.md:3:11 warning link-unpublished\n" +
			"content/a.md:3:21 info link-relative-depth asks ../p.svg\n"},
		"paths": {map[string]string{
			"content/d/01_a.md": "# A\n\nw\n", "content/d/02_b.md": "# B\n\nw\n", "content/d/03_c-d.md": "# C\n\nw\n", "content/d/04_d.md": "# D\n\nw\n", "content/d/Talk Five.md": "# E\n\nw\n",
		}, "content/d/Talk Five.md:1:1 info path-style\n"},
		"paths as configured": {map[string]string{
			"lectern.yaml": "check:\n  pathStyle: '^d/[a-z]\\.md$'\n  rules: {path-style: error, todo: off}\n", "content/d/a.md": "# A\n\nw\n\nTODO\n", "content/d/01_b.md": "# B\n\nw\n",
		}, "content/d/01_b.md:1:1 error path-style\n"},
		"configured wrongly": {map[string]string{
			"lectern.yaml": "check:\n  rules:\n    tood: off\n    front-matter: off\n", "content/a.md": "# A\n\nw\n",
		}, "lectern.yaml:3:5 warning config-value\nlectern.yaml:4:5 warning config-value\n"},
		"ignored": {map[string]string{
			"content/a.md": "# A\n\nw\n\n<!-- lectern-ignore todo -->\nTODO a\nTODO b\n\nTODO c\n\n- TODO d <!-- lectern-ignore -->\n\n<!-- lectern-ignore tod -->\n\nw\n",
			"content/b.md": "---\ntitle: B\nweight: x\n---\n<!-- lectern-ignore-file front-matter-type, link-missing -->\n[a](x) [b](y)\n",
			"content/c.md": "---\ntitle: [\n---\n<!-- lectern-ignore-file front-matter -->\n",
		}, "content/a.md:9:1 info todo\ncontent/a.md:13:1 info ignore-unused\ncontent/c.md:2:8 error front-matter\n"},
		"windows, and a byte order mark": {map[string]string{
			"content/d/_index.md": "\ufeff---\r\ntitle: D\r\n---\r\n\r\nä [a](../01_a)\r\n", "content/d/01_a.md": "# A\r\n\r\nw\r\n",
		}, "content/d/_index.md:5:4 error link-relative-depth sure ./01_a\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.files["hugo.toml"] == "" {
				c.files["hugo.toml"] = "title = \"T\"\n"
			}
			r := checked(t, build.Options{Dir: project(t, c.files), Now: at2026})
			if got := withFixes(r.Diags); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			if strings.Contains(fmt.Sprint(r.Diags), "zq") {
				t.Errorf("something private is in a finding: %v", r.Diags)
			}
		})
	}
}

func at2026(context.Context) (time.Time, error) {
	return time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), nil
}

// withFixes is lines with what the fixes write.
func withFixes(ds []diag.Diagnostic) string {
	var b strings.Builder
	for _, d := range ds {
		b.WriteString(strings.TrimSuffix(lines([]diag.Diagnostic{d}), "\n"))
		if d.Fix != nil {
			b.WriteString(map[bool]string{true: " sure", false: " asks"}[d.Fix.Sure])
			for _, e := range d.Fix.Edits {
				b.WriteString(" " + e.New)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// A check says nothing of what nobody may see.
func TestCheckOfCanaries(t *testing.T) {
	r := checked(t, build.Options{Dir: project(t, canaries(t)), Now: at2026})
	if len(r.Diags) < 5 {
		t.Fatalf("too little is found to tell: %v", r.Diags)
	}
	for _, kind := range []string{"private", "boxindex", "boxinner", "boxdeep", "bundle", "boxfile"} {
		for _, leak := range leaks(strings.ToLower(fmt.Sprint(r.Diags)), "zq"+kind) {
			t.Errorf("%q is in a finding: %v", leak, r.Diags)
		}
	}
}

// What is found in a draft follows its edits, though it has no page.
func TestFindingsInDraftsFollow(t *testing.T) {
	dir := project(t, map[string]string{"a.md": "# A\n\nw\n", "b.md": "---\ndraft: true\n---\n{{% buton %}}\n"})
	b := open(t, build.Options{Dir: dir})
	if _, err := b.Build(t.Context()); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "b.md", "---\ndraft: true\n---\n\n{{% buton %}}\n")
	r, err := b.Update(t.Context(), []string{"b.md"})
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(r.Diags); !strings.Contains(got, "b.md:5:1 warning shortcode-unknown") || strings.Contains(got, "b.md:4:1") {
		t.Errorf("after the edit:\n%s", got)
	}
}
