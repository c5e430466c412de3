package note

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
)

// shelf opens the files of a map: beside the note, then from the project's folder.
func shelf(files map[string]string) Opener {
	return func(from, name string, limit int64) Opened {
		var o Opened
		for _, p := range []string{path.Join(path.Dir(from), name), path.Clean(strings.TrimPrefix(name, "/"))} {
			if strings.HasPrefix(p, "../") {
				return Opened{Err: ErrOutside}
			}
			if text, ok := files[p]; ok {
				if int64(len(text)) > limit {
					return Opened{Path: p, Err: ErrTooLarge}
				}
				o.Path, o.Data = p, []byte(text)
				return o
			}
			o.Tried = append(o.Tried, p)
		}
		o.Err = fs.ErrNotExist
		return o
	}
}

// including parses a note at content/a.md with the given text.
func including(text string, files map[string]string) *Note {
	o := hugoOptions()
	return NewParser(&o).ParseWith("content/a.md", []byte(text), shelf(files))
}

func TestInclude(t *testing.T) {
	files := map[string]string{
		"content/part.md":    "---\ntitle: Part\n---\n\n## Heading\n\nSome *text*[^1] and [a link](other.md).\n\n[^1]: A note.\n",
		"snippets/code.go":   "package main\n\nfunc main() {}\n",
		"content/two.md":     "first\n\nsecond",
		"content/outer.md":   "before\n\n{{% include \"two.md\" %}}\n\nafter",
		"content/notice.md":  "{{% notice tip %}}\nInside\n{{% /notice %}}",
		"content/setext.md":  "```\n# code\n```\n\nTitle\n=====\n\nrest",
		"content/empty.md":   "",
		"content/windows.md": "one\r\ntwo\r\n",
		"content/broken.md":  "text\n\n{{% icon no-such %}}\n\n[x](gone)\n",
	}
	for text, want := range map[string]string{
		`{{% include "two.md" %}}`:                                       "<p>first</p>\n<p>second</p>\n",
		`{{% Include file="two.md" %}}`:                                  "<p>first</p>\n<p>second</p>\n",
		`{{< include file="two.md" hidefirstheading="true" />}}`:         "<p>first</p>\n<p>second</p>\n",
		"a {{% include \"empty.md\" %}} b":                               "<p>a  b</p>\n",
		"{{% include \"part.md\" %}}":                                    "<h2 id=\"heading\">Heading</h2>\n<p>Some <em>text</em><sup id=\"fnref:1\"><a href=\"#fn:1\" class=\"footnote-ref\" role=\"doc-noteref\">1</a></sup> and <a href=\"other.md\">a link</a>.</p>\n<div class=\"footnotes\" role=\"doc-endnotes\">\n<hr>\n<ol>\n<li id=\"fn:1\">\n<p>A note.&#160;<a href=\"#fnref:1\" class=\"footnote-backref\" role=\"doc-backlink\">&#x21a9;&#xfe0e;</a></p>\n</li>\n</ol>\n</div>\n",
		"- a\n- {{% include \"two.md\" %}}\n- b":                         "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>first</p>\n<p>second</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>\n",
		"> {{% include \"two.md\" %}}\n":                                 "<blockquote>\n<p>first</p>\n<p>second</p>\n</blockquote>\n",
		"{{% include \"outer.md\" %}}":                                   "<p>before</p>\n<p>first</p>\n<p>second</p>\n<p>after</p>\n",
		"{{% notice %}}\n{{% include \"notice.md\" %}}\n{{% /notice %}}": "<div class=\"notice notice-default\" role=\"note\"><div class=\"notice-body\">\n<div class=\"notice notice-tip\" role=\"note\"><p class=\"notice-title\"><svg class=\"icon\" aria-hidden=\"true\"><use href=\"#icon-solid-lightbulb\"></use></svg> Tip</p><div class=\"notice-body\">\n<p>Inside</p>\n</div></div>\n</div></div>\n",
		"{{% include \"part.md\" true %}}\n\n[^1]: x":                    "<p>Some <em>text</em><sup id=\"fnref:1\"><a href=\"#fn:1\" class=\"footnote-ref\" role=\"doc-noteref\">1</a></sup> and <a href=\"other.md\">a link</a>.</p>\n<div class=\"footnotes\" role=\"doc-endnotes\">\n<hr>\n<ol>\n<li id=\"fn:1\">\n<p>A note.&#160;<a href=\"#fnref:1\" class=\"footnote-backref\" role=\"doc-backlink\">&#x21a9;&#xfe0e;</a></p>\n</li>\n</ol>\n</div>\n",
		"{{% include \"setext.md\" showFirstHeading=false %}}":           "<pre tabindex=\"0\"><code># code\n</code></pre>\n<p>rest</p>\n",
		"```text\n{{% include \"snippets/code.go\" %}}\n```":             "<div class=\"highlight\"><pre tabindex=\"0\" class=\"chroma\"><code class=\"language-text\" data-lang=\"text\"><span class=\"line\"><span class=\"cl\">package main\n</span></span><span class=\"line\"><span class=\"cl\">\n</span></span><span class=\"line\"><span class=\"cl\">func main() {}\n</span></span></code></pre></div>\n",
		"{{< tree >}}\n{{< include \"two.md\" >}}\n{{< /tree >}}":        "<div class=\"tree\"><ul>\n<li>first</li>\n<li>second</li></ul></div>\n",
		"`{{% include \"no.md\" %}}` {{%/* include \"two.md\" */%}}":     "<p><code>{{% include &quot;no.md&quot; %}}</code> {{% include &quot;two.md&quot; %}}</p>\n",
		"<!-- {{% include \"no.md\" %}} -->":                             "",
		"{{% include \"windows.md\" %}}":                                 "<p>one\ntwo</p>\n",
	} {
		n := including(text, files)
		if got := string(fill(n)); got != want || len(n.Diags) > 0 {
			t.Errorf("%s\n got %q\nwant %q\nfindings %v", text, got, want, n.Diags)
		}
	}
}

// TestIncludeIsPartOfThePage: headings, words and resources count, and findings
// say which file they are in.
func TestIncludeIsPartOfThePage(t *testing.T) {
	n := including("# Talk\n\nText.\n\n{{% include \"b.md\" %}}\n\n[y](gone)\n\n{{% icon no-such-2 %}}\n", map[string]string{
		"content/b.md": "## Sub\n\n{{% button href=\"https://youtu.be/abc\" icon=\"video\" %}}Watch{{% /button %}}\n\n{{% icon no-such-1 %}}\n[x](away)\n",
	})
	if len(n.Headings) != 1 || n.Headings[0].ID != "sub" || n.Resources.Video == "" || n.Title != "Talk" {
		t.Errorf("headings %v, resources %v, title %q", n.Headings, n.Resources, n.Title)
	}
	got := ""
	for _, d := range n.Diags {
		got += fmt.Sprintf("%s:%d:%d ", d.File, d.Line, d.Col)
	}
	if got != "content/a.md:9:10 content/b.md:5:10 " {
		t.Errorf("findings at %s", got)
	}
	if l := n.Links[1]; l.Dest != "away" || l.Line != 5 {
		t.Errorf("the included link is told at %d:%d", l.Line, l.Col)
	}
	if l := n.Links[2]; l.Dest != "gone" || l.Line != 7 || l.Col != 1 {
		t.Errorf("the link behind is told at %d:%d", l.Line, l.Col)
	}
}

func TestIncludeRefused(t *testing.T) {
	deep := map[string]string{}
	for i := range 20 {
		deep[fmt.Sprintf("content/d%d.md", i)] = fmt.Sprintf("{{%% include \"d%d.md\" %%}}", i+1)
	}
	big := map[string]string{"content/big.md": strings.Repeat("word ", 200_000), "content/huge.md": strings.Repeat("x", maxIncludeSize+1)}
	many := strings.Repeat("{{% include \"one.md\" %}}\n", maxIncludes+1)
	for name, c := range map[string]struct {
		text  string
		files map[string]string
		rule  string
		want  string
	}{
		"outside":      {`{{% include "../../etc/passwd" %}}`, nil, ruleInclude, "leaves the project"},
		"missing":      {`{{% include "no.md" %}}`, nil, ruleIncludeMissing, `no such file "no.md"`},
		"nothing":      {`{{% include %}}`, nil, ruleInclude, "needs the path"},
		"itself":       {`{{% include "a.md" %}}`, map[string]string{"content/a.md": "x"}, ruleInclude, "includes itself"},
		"each other":   {`{{% include "b.md" %}}`, map[string]string{"content/b.md": `{{% include "c.md" %}}`, "content/c.md": `{{% include "b.md" %}}`}, ruleInclude, "includes itself"},
		"too deep":     {`{{% include "d0.md" %}}`, deep, ruleInclude, "deep"},
		"too large":    {`{{% include "huge.md" %}}`, big, ruleInclude, "too large"},
		"too much":     {strings.Repeat("{{% include \"big.md\" %}}\n\n", 2), big, ruleInclude, "MB"},
		"too many":     {many, map[string]string{"content/one.md": "x"}, ruleInclude, "more than"},
		"binary":       {`{{% include "b.png" %}}`, map[string]string{"content/b.png": "\x89PNG\x00"}, ruleInclude, "is no text"},
		"no parameter": {`{{% include "b.md" fiel="x" %}}`, map[string]string{"content/b.md": "x"}, ruleParameter, `no parameter "fiel"`},
	} {
		n := including(c.text+"\n\nThe rest.", c.files)
		if len(n.Diags) != 1 || n.Diags[0].Rule != c.rule || !strings.Contains(n.Diags[0].Message, c.want) {
			t.Errorf("%s: findings %.600v", name, n.Diags)
		}
		if !strings.Contains(string(n.Body.HTML), "<p>The rest.</p>") {
			t.Errorf("%s: the rest of the note is lost", name)
		}
	}
}

// TestIncludesAreTold: the note says what it was made of, and its key covers it.
func TestIncludesAreTold(t *testing.T) {
	files := map[string]string{"content/b.md": "one"}
	a := including(`{{% include "b.md" %}}{{% include "b.md" %}}{{% include "x.md" %}}`, files)
	var paths []string
	for _, i := range a.Includes {
		paths = append(paths, fmt.Sprintf("%s %t %t", i.Path, i.Hash != 0, i.Private))
	}
	if want := []string{"content/b.md true false", "content/x.md false false", "x.md false false"}; !slices.Equal(paths, want) {
		t.Errorf("includes %q, want %q", paths, want)
	}
	if again := including(`{{% include "b.md" %}}{{% include "b.md" %}}{{% include "x.md" %}}`, files); again.Key != a.Key || again.FactsKey != a.FactsKey {
		t.Error("the same came out with another key")
	}
	files["content/b.md"] = "two"
	if other := including(`{{% include "b.md" %}}{{% include "b.md" %}}{{% include "x.md" %}}`, files); other.Key == a.Key {
		t.Error("another text was included, the key is the same")
	}
	for text, private := range map[string]bool{
		"---\nvisibility: private\n---\nx": true, "---\nvisibility: [broken\n---\nx": true, "---\nvisibility: public\n---\n": false,
		"---\n\nA rule, no front matter.": false,
	} {
		n := including(`{{% include "p.md" %}}`, map[string]string{"content/p.md": text})
		if n.Includes[0].Private != private {
			t.Errorf("%q: private is %t", text, !private)
		}
	}
}

// FuzzInclude includes any text into any text.
func FuzzInclude(f *testing.F) {
	f.Add("- {{% include b.md %}}\n> {{% include c.md true %}}", "# x\n{{% include c.md %}}\n[a](b)", "```\n{{% a %}}\n")
	f.Add("{{< tree >}}{{% include b.md %}}{{< /tree >}}", "---\ntitle: x\n---\n\n\nx\n===\n", "{{% include a.md %}}{{% notice %}}")
	o := hugoOptions()
	p := NewParser(&o)
	f.Fuzz(func(t *testing.T, a, b, c string) {
		open := shelf(map[string]string{"content/a.md": a, "content/b.md": b, "content/c.md": c})
		n := p.ParseWith("content/a.md", []byte(a), open)
		for i := range n.Diags {
			if n.Diags[i].Line < 0 || n.Diags[i].Col < 0 || n.Diags[i].File == "" {
				t.Errorf("a finding without a place: %+v", n.Diags[i])
			}
			n.Diags[i].File = n.Path // it may be an included one
		}
		checkNote(t, n)
		if again := p.ParseWith("content/a.md", []byte(a), open); again.Key != n.Key || string(again.Body.HTML) != string(n.Body.HTML) {
			t.Error("the same note came out differently")
		}
	})
}
