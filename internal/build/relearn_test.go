package build_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"lectern/internal/build"
)

// relearnCase is a parameter in use: with it the page at path has one text and
// lacks another.
type relearnCase struct {
	params string // of the site, in TOML
	front  string // of content/day1/a.md
	index  string // of content/day1/_index.md
	extra  string // at the end of hugo.toml
	path   string // day1/a/index.html if empty
	has    string
	lacks  string
	diag   string // a finding
	noDiag string
}

func relearnCases() map[string][]relearnCase {
	return map[string][]relearnCase{
		"title":                   {{front: "title: Own title", has: "<h1>Own title</h1>"}},
		"linkTitle":               {{front: "linkTitle: Short", has: `<a aria-current="page" href="../../day1/a/">Short`}, {params: `linkTitle = "Start"`, has: ">Start</a>"}},
		"menuTitle":               {{front: "menuTitle: Short", has: `<a aria-current="page" href="../../day1/a/">Short`}},
		"description":             {{front: "description: About it", has: `<meta name="description" content="About it">`}, {params: `description = "The site"`, path: "index.html", has: `content="The site"`}},
		"author":                  {{front: "author: Ada", has: `<meta name="author" content="Ada">`}, {params: `author = "Site A"`, has: `<meta name="author" content="Site A">`}, {params: `author.name = "Site B"`, has: `<meta name="author" content="Site B">`}},
		"titleSeparator":          {{params: `titleSeparator = "::"`, has: "Note a :: Camp</title>"}, {has: "Note a · Camp</title>"}},
		"headingPre":              {{front: "headingPre: \"<i class='fas fa-bug'></i> Hot\"", has: `<span data-chrome><svg class="icon"`}},
		"headingPost":             {{front: "headingPost: \"<sup>new</sup>\"", has: `Note a <span data-chrome>new</span></h1>`}},
		"LastModifierDisplayName": {{front: "date: 2025-01-01\nlastmod: 2025-01-05\nLastModifierDisplayName: Eve", has: "by Eve"}},
		"hideAuthorName":          {{params: "hideAuthorName = true", front: "author: Ada\ndate: 2025-01-01\nlastmod: 2025-01-05\nLastModifierDisplayName: Eve", lacks: "Ada"}, {params: "hideAuthorName = true", front: "date: 2025-01-01\nlastmod: 2025-01-05\nLastModifierDisplayName: Eve", lacks: "Eve"}},
		"hideAuthorDate":          {{front: "date: 2025-01-01\nlastmod: 2025-01-05", has: "Updated"}, {params: "hideAuthorDate = true", front: "date: 2025-01-01\nlastmod: 2025-01-05", lacks: "Updated"}},

		"ordersectionsby": {
			{has: `rel="prev" href="../../day1/b/"`, front: "weight: 9\ntitle: Aaa"},
			{index: "ordersectionsby: title", has: `rel="next" href="../../day1/b/"`, front: "weight: 9\ntitle: Aaa"},
			{params: `ordersectionsby = "title"`, has: `rel="next" href="../../day1/b/"`, front: "weight: 9\ntitle: Aaa"},
			{params: `ordersectionsby = "title"`, index: "ordersectionsby: weight", has: `rel="prev" href="../../day1/b/"`, front: "weight: 9\ntitle: Aaa"},
			{params: `ordersectionsby = "length"`, has: `rel="prev" href="../../day1/b/"`},
			{params: `ordersectionsby = "modifieddate"`, front: "lastmod: 2020-01-01", has: `rel="next" href="../../day1/b/"`},
			{params: `ordersectionsby = "default"`, front: "date: 2020-01-01", has: `rel="prev" href="../../day1/b/"`},
		},
		"hidden":   {{front: "hidden: true", path: "day1/index.html", lacks: "day1/a/"}},
		"headless": {{front: "headless: true", path: "day1/index.html", lacks: "day1/a/"}},
		"disableSeoHiddenPages": {
			{front: "hidden: true", path: "sitemap.xml", has: "day1/a/"},
			{params: "disableSeoHiddenPages = true", front: "hidden: true", path: "sitemap.xml", lacks: "day1/a/"},
			{params: "disableSeoHiddenPages = true", front: "hidden: true", has: `content="noindex"`},
		},

		"menuPre":     {{front: "menuPre: \"<i class='fas fa-bug'></i> 1.\"", has: "1. Note a"}},
		"menuPost":    {{front: "menuPost: \"(new) <i class='fas fa-bug'></i>\"", has: "Note a (new)"}},
		"menuPageRef": {{front: "menuPageRef: /day2", path: "day1/b/index.html", has: `<a href="../../day2/">Note a`}},
		"menuUrl":     {{front: "menuUrl: https://example.org/x", path: "day1/b/index.html", has: `<a href="https://example.org/x">Note a`}, {front: "menuUrl: \"javascript:alert(1)\"", path: "day1/b/index.html", lacks: "javascript:"}},
		"alwaysopen": {
			{path: "day2/index.html", lacks: `<li><a href="../day1/a/">`},
			{index: "alwaysopen: true", path: "day2/index.html", has: `<li><a href="../day1/a/">`},
			{params: "alwaysopen = true", path: "day2/index.html", has: `<li><a href="../day1/a/">`},
			{params: "alwaysopen = true", index: "alwaysopen: false", path: "day2/index.html", lacks: `<li><a href="../day1/a/">`},
		},
		"disableLandingPageButton": {{params: "disableLandingPageButton = true", has: `menu-tree"><li><a href="../../day1/">`}},
		"landingPageName":          {{params: `landingPageName = "<i class='fas fa-home'></i> Start"`, has: ">Start</a>"}},
		"disableShortcutsTitle":    {{has: "menu-title"}, {params: "disableShortcutsTitle = true", lacks: "menu-title"}},
		"sidebarmenus": {
			{lacks: "https://example.org/other"},
			{params: `sidebarmenus = [{type="page",identifier="home"},{type="menu",identifier="other",title="Others"}]`, has: "https://example.org/other"},
			{params: `sidebarmenus = [{type="menu",identifier="other"}]`, lacks: "https://example.org/short"},
		},
		"sidebarheadermenus": {{params: `sidebarheadermenus = [{type="menu",identifier="other"}]`, has: "https://example.org/other"}, {params: `sidebarheadermenus = [{type="divider"}]`, has: "https://example.org/short"}},
		"sidebarfootermenus": {{params: `sidebarfootermenus = [{type="menu",identifier="other"}]`, has: "https://example.org/other"}},
		"menus": {
			{front: "menus: shortcuts", path: "day2/index.html", has: `<a href="../day1/a/">Note a`},
			{front: "menu:\n  main:\n    name: Entry\n    weight: 1", path: "day2/index.html", has: `<a href="../day1/a/">Entry`},
			{front: "menus:\n  shortcuts:\n    parent: Short", path: "day2/index.html", has: `Short</a> <ul><li><a href="../day1/a/">`},
			{front: "menus: shortcuts\nvisibility: unlisted", path: "day2/index.html", lacks: "day1/a/"},
		},

		"disableToc":             {{has: `class="toc"`}, {front: "disableToc: true", lacks: `class="toc"`}, {params: "disableToc = true", lacks: `class="toc"`}, {params: "disableToc = true", front: "disableToc: false", has: `class="toc"`}},
		"disableBreadcrumb":      {{has: `class="crumbs"`}, {front: "params:\n  disableBreadcrumb: true", lacks: `class="crumbs"`}, {params: "disableBreadcrumb = true", lacks: `class="crumbs"`}},
		"disableRootBreadcrumb":  {{params: "disableRootBreadcrumb = true", has: `<ol><li><a href="../../day1/">`}},
		"disableTermBreadcrumbs": {{params: "disableTermBreadcrumbs = true", front: "tags: [go]", path: "tags/go/index.html", lacks: `class="crumbs"`}},
		"disableNextPrev":        {{has: `class="pager"`}, {front: "disableNextPrev: true", lacks: `class="pager"`}, {params: "disableNextPrev = true", lacks: `class="pager"`}},
		"editURL": {
			{params: `editURL = "https://git.example.org/${FilePath}"`, has: "https://git.example.org/day1/a.md"},
			{params: `editURL = "https://git.example.org/${FilePath}"`, front: "editURL: ''", lacks: "git.example.org"},
			{front: "editURL: https://own.example.org/", has: "https://own.example.org/day1/a.md"},
		},

		"errorignore":      {{diag: `no such note or file "gone.md"`}, {params: `errorignore = ["gone"]`, noDiag: "gone"}, {front: "errorignore: gone", noDiag: "gone"}, {front: "errorignore: '('", diag: "missing closing )"}},
		"urlIgnoreCheck":   {{params: `urlIgnoreCheck = ["^gone"]`, noDiag: "gone"}, {params: `urlIgnoreCheck = ["("]`, diag: "params.urlIgnoreCheck"}},
		"link.errorlevel":  {{diag: "error link-missing"}, {params: `link.errorlevel = "warning"`, diag: "warning link-missing"}, {front: "link:\n  errorLevel: warning", diag: "warning link-missing"}},
		"imageEffects":     {{front: "imageEffects:\n  border: true", has: `class="border"`}, {params: `imageEffects.border = true`, has: `class="border"`}, {params: `imageEffects.border = true`, front: "imageEffects: {border: false}", lacks: `class="border"`}},
		"image.errorlevel": {{diag: "error image-missing"}, {params: `image.errorlevel = "warning"`, diag: "warning image-missing"}},
		"math":             {{front: "math: true", has: "<math>"}, {lacks: "<math>"}, {params: "math = true", has: "<math>"}, {params: "math.force = true", has: "<math>"}, {params: "math = true", front: "math: false", lacks: "<math>"}},
		"boxStyle":         {{params: `boxStyle = [{identifier="magic",title="Magic",icon="rainbow",color="gold"}]`, has: "</svg> Magic"}},
		"siteparam":        {{params: `siteparam.test = "shown text"`, has: "shown text"}},
	}
}

func (c *relearnCase) project(t *testing.T) string {
	front := "title: Note a\n" + c.front
	if strings.HasPrefix(c.front, "title:") || strings.Contains(c.front, "\ntitle:") {
		front = c.front
	}
	hugo := "baseURL = \"https://camp.example.org/\"\ntitle = \"Camp\"\n[params]\n" + c.params + "\n" +
		"[[menus.shortcuts]]\nname = \"Short\"\nurl = \"https://example.org/short\"\n" +
		"[[menus.other]]\nname = \"Other\"\nurl = \"https://example.org/other\"\n" + c.extra
	return project(t, map[string]string{
		"hugo.toml":              hugo,
		"lectern.yaml":           "cards: off\nsearch: {enabled: false}\n",
		"content/day1/_index.md": "---\ntitle: Day 1\n" + c.index + "\n---\n",
		"content/day1/a.md": "---\n" + front + "\n---\n## One\n\nText with $x$ and [a link](gone.md), ![a picture](gone.png).\n\n## Two\n\n" +
			"{{% notice magic %}}x{{% /notice %}}\n\n{{% siteparam \"siteparam.test\" %}}\n",
		"content/day1/b.md":      "---\ntitle: Note b\nlastmod: 2025-02-01\ndate: 2025-01-01\nweight: 5\n---\nb\n",
		"content/day2/_index.md": "---\ntitle: Day 2\n---\n",
		"content/day2/c.md":      "---\ntitle: Note c\n---\nc\n",
	})
}

func (c *relearnCase) check(t *testing.T, name string) {
	t.Helper()
	r := buildOnce(t, build.Options{Dir: c.project(t)})
	path := c.path
	if path == "" {
		path = "day1/a/index.html"
	}
	text := ""
	for _, f := range r.Snapshot.Files() {
		if f.Path == path && f.Source == nil {
			_, text, _ = strings.Cut(string(f.Body.Bytes()), "<title>")
			if path == "sitemap.xml" {
				text = string(f.Body.Bytes())
			}
		}
	}
	var found strings.Builder
	for _, d := range r.Diags {
		found.WriteString(d.Severity.String() + " " + d.Rule + " " + d.Message + "\n")
	}
	if c.has != "" && !strings.Contains(text, c.has) {
		t.Errorf("%s: %s with %+v lacks %q:\n%s", name, path, *c, c.has, text)
	}
	if c.lacks != "" && (text == "" || strings.Contains(text, c.lacks)) {
		t.Errorf("%s: %s with %+v has %q:\n%s", name, path, *c, c.lacks, text)
	}
	if c.diag != "" && !strings.Contains(found.String(), c.diag) {
		t.Errorf("%s: with %+v no finding %q in\n%s", name, *c, c.diag, found.String())
	}
	if c.noDiag != "" && strings.Contains(found.String(), c.noDiag) {
		t.Errorf("%s: with %+v a finding with %q in\n%s", name, *c, c.noDiag, found.String())
	}
}

// What the reference says is honoured has an effect.
func TestRelearnParameters(t *testing.T) {
	cases := relearnCases()
	for name, list := range cases {
		for _, c := range list {
			c.check(t, name)
		}
	}
	reference, err := os.ReadFile("../../docs/reference/relearn.md")
	if err != nil {
		t.Fatal(err)
	}
	_, honoured, _ := strings.Cut(string(reference), "## What is honoured")
	honoured, _, _ = strings.Cut(honoured, "## What is accepted")
	elsewhere := []string{ // tested where they belong
		"images",
		"disableSearch", "disableSearchIndex", "disableSearchPage", "disableSearchHiddenPages", "disableMarkdownButton", "disablePrintButton", "disableSourceButton",
	}
	count := 0
	for line := range strings.Lines(honoured) {
		name, ok := strings.CutPrefix(line, "| `")
		if !ok {
			continue
		}
		name, _, _ = strings.Cut(name, "`")
		count++
		if cases[name] == nil && !slices.Contains(elsewhere, name) {
			t.Errorf("nothing shows that %s is honoured", name)
		}
	}
	if count < 40 {
		t.Errorf("only %d parameters in the reference", count)
	}
}

// What is accepted is accepted in silence.
func TestRelearnAccepted(t *testing.T) {
	reference, err := os.ReadFile("../../docs/reference/relearn.md")
	if err != nil {
		t.Fatal(err)
	}
	_, accepted, _ := strings.Cut(string(reference), "## What is accepted")
	var params, front strings.Builder
	for line := range strings.Lines(accepted) {
		name, ok := strings.CutPrefix(line, "| `")
		if !ok {
			continue
		}
		name, where, _ := strings.Cut(name, "` | ")
		page, site, _ := strings.Cut(where, " | ")
		if strings.HasPrefix(site, "yes") {
			params.WriteString(name + " = \"x\"\n")
		}
		if strings.HasPrefix(page, "yes") && !strings.Contains(name, ".") {
			front.WriteString(name + ": x\n")
		}
	}
	c := relearnCase{params: params.String(), front: front.String()}
	r := buildOnce(t, build.Options{Dir: c.project(t)})
	for _, d := range r.Diags {
		if !strings.Contains(d.Message, "gone") && !strings.Contains(d.Message, "magic") && !strings.Contains(d.Message, "siteparam") {
			t.Errorf("%s: %s", d.Rule, d.Message)
		}
	}
}
