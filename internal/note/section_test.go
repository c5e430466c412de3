package note

import (
	"fmt"
	"strings"
	"testing"
)

// described lists the recommendations of a note, with their reasons.
func recommendations(n *Note) string {
	var out []string
	for _, r := range n.Recommendations {
		out = append(out, fmt.Sprintf("%s (%s)", n.Links[r.Link].Dest, r.Reason))
	}
	return strings.Join(out, "\n")
}

func TestRecommendations(t *testing.T) {
	for text, want := range map[string]string{
		"- How to hire: [Talk](./a)\n":                                         "./a (How to hire)",
		"- [Talk](./a): how to hire\n":                                         "./a (how to hire)",
		"- [Talk](a.md) – how to hire.\n":                                      "a.md (how to hire.)",
		"- [Talk](a.md)\n":                                                     "a.md ()",
		"- ⭐ [Talk](a.md)\n":                                                   "a.md ()",
		"1. **Best:** [Talk](a.md)\n":                                          "a.md (Best)",
		"- Best talk: [Talk](a.md) by Ann\n":                                   "a.md (Best talk … by Ann)",
		"- Hiring ([Talk](a.md))\n":                                            "a.md (Hiring)",
		"- Hiring ([Talk](a.md)), with numbers\n":                              "a.md (Hiring … with numbers)",
		"- Hiring -> [Talk](a.md)\n":                                           "a.md (Hiring)",
		"- Both: [A](a.md), [B](b.md)\n":                                       "a.md (Both)\nb.md (Both)",
		"- Hiring & \"firing\": [`T`](a.md)\n":                                 "a.md (Hiring & \"firing\")",
		"- Hiring: [![pic](p.png) Talk](a.md)\n":                               "a.md (Hiring)",
		"- Hiring:\n  [Talk](a.md)\n":                                          "a.md (Hiring)",
		"- Ref: [Talk]({{% relref \"a\" %}})\n":                                "a (Ref)",
		"- Two\n  - nested [Talk](a.md)\n":                                     "a.md (nested)",
		"- Loose: [Talk](a.md)\n\n- [B](b.md)\n":                               "a.md (Loose)\nb.md ()",
		"Take [maps](a.md) if you have time.\n":                                "a.md ()",
		"> - Quoted: [Talk](a.md)\n":                                           "a.md (Quoted)",
		"{{% notice tip %}}\n- In: [Talk](a.md)\n{{% /notice %}}":              "a.md (In)",
		"### Friday\n\n- One: [A](a.md)\n\n### Saturday\n\n- Two: [B](b.md)\n": "a.md (One)\nb.md (Two)",
		"| a |\n|---|\n| [T](t.md) |\n\n- One: [A](a.md)\n":                    "t.md ()\na.md (One)",
		"- TODO: [Talk](a.md)\n":                                               "",
		"- One: [A](a.md)\n- TODO:\n- TODO [B](b.md)\n":                        "a.md (One)",
		"TODO: [Talk](a.md)\n":                                                 "",
		"- [Talk](https://x.example.net/)\n":                                   "",
		"- [Mail](mailto:a@example.net)\n":                                     "",
		"- [Above](#top)\n":                                                    "",
		"- ![Talk](a.png)\n":                                                   "",
		"In the evening we met.\n":                                             "",
		"- One: [A](a.md)\n\n## Else\n\n- [B](b.md)\n":                         "a.md (One)",
		"- One: [A](a.md)\n\n# Top\n\n- [B](b.md)\n":                           "a.md (One)",
	} {
		n := Parse("content/day/_index.md", []byte("---\ntitle: T\n---\n[before](z.md)\n\n## Talk recommendations [h](h.md)\n\n"+text), &Options{UnsafeHTML: true, Table: true})
		if got := recommendations(n); got != want {
			t.Errorf("%q gives\n%s\nwant\n%s", text, got, want)
		}
	}
	long := Parse("_index.md", []byte("## Talk recommendations\n\n- "+strings.Repeat("very ", 200)+"[good](a.md)\n"), nil)
	if r := long.Recommendations[0].Reason; len(r) > 220 {
		t.Errorf("the reason has %d bytes", len(r))
	}
	// The heading's level holds within its own box only.
	n := Parse("_index.md", []byte("{{% notice tip %}}\n## Talk recommendations\n\n- [A](a.md)\n{{% /notice %}}\n\n- [B](b.md)\n"), nil)
	if got := recommendations(n); got != "a.md ()" {
		t.Errorf("behind the box: %s", got)
	}
	if n := Parse("a.md", []byte("## Talk recommendations\n\n- [A](javascript:x)\n- [B](b.md)\n"), nil); recommendations(n) != "b.md ()" {
		t.Errorf("refused addresses: %s", recommendations(n))
	}
}

// passages lists the texts about people met.
func passages(n *Note) string {
	var out []string
	for _, p := range n.Hallway {
		name := "all"
		if p.Heading >= 0 {
			name = n.Headings[p.Heading].Text
		}
		text := strings.ReplaceAll(string(n.Body.HTML[p.From:p.To]), "\n", "")
		if p.LinkOnly {
			text = "(link only)"
		}
		if holes := n.Body.Holes[p.FirstHole:p.EndHole]; len(holes) > 0 {
			text += fmt.Sprintf("(%d holes)", len(holes))
		}
		out = append(out, name+": "+text)
	}
	return strings.Join(out, "\n")
}

func TestHallway(t *testing.T) {
	for text, want := range map[string]string{
		"## People met\n\nAnn\n":                                                "People met: <p>Ann</p>",
		"## People met\n\nAnn\n\n### Else\n\nBo\n\n## Z\n":                      "People met: <p>Ann</p><h3 id=\"else\">Else</h3><p>Bo</p>",
		"# People met\n\nAnn\n\n# Z\n":                                          "People met: <p>Ann</p>",
		"## People met\n\nAnn\n\n## Hallway track\n\nBo\n":                      "People met: <p>Ann</p>\nHallway track: <p>Bo</p>",
		"## People met\n\nAnn\n\n### Hallway\n\nBo\n":                           "People met: <p>Ann</p><h3 id=\"hallway\">Hallway</h3><p>Bo</p>",
		"{{% expand %}}\n## People met\n\nAnn\n{{% /expand %}}\n\nz\n":          "People met: <p>Ann</p>",
		"## People met\n\n![Ann](a.png)\n":                                      "People met: (1 holes)",
		"## People met\n\nAnn[^1]\n\n[^1]: x\n":                                 "People met: <p>Ann<sup id=\"fnref:1\"><a href=\"#fn:1\" class=\"footnote-ref\" role=\"doc-noteref\">1</a></sup></p>",
		"## People met\n\n<div>\n\nAnn\n\n</div>\n":                             "People met: <div><p>Ann</p></div>",
		"<div>\n\n## People met\n\nAnn\n\n</div>\n\n## Z\n":                     "People met: (link only)",
		"## People met\n":                                                       "",
		"## People met\n\nTODO:\n":                                              "",
		"## People met\n\n- TODO\n\n## Z\n\nz\n":                                "",
		"## People met\n\n### Friday\n\n## Z\n\nz\n":                            "",
		"## TODO\n\n### People met\n\nAnn\n":                                    "",
		"![a](a.png)\n\n## People met\n\n[Ann](a) and [Bo](b)\n\n## Z [c](c)\n": "People met: <p>Ann and Bo</p>(4 holes)",
		"## Q&A\n\nWhy?\n":                                                      "",
	} {
		n := Parse("content/day/_index.md", []byte("---\ntitle: T\n---\n"+text), &Options{UnsafeHTML: true, Footnote: true, AutoHeadingID: true})
		if got := passages(n); got != want {
			t.Errorf("%q gives\n%s\nwant\n%s", text, got, want)
		}
	}
}

// A note whose title says so is about nothing else.
func TestHallwayNotes(t *testing.T) {
	for _, c := range []struct{ path, text, want string }{
		{"day2/hallway-track.md", "Ann\n\n## People met\n\nBo\n", "all: <p>Ann</p><h2>People met</h2><p>Bo</p>"},
		{"a.md", "# Hallway track\n\nAnn\n", "all: <p>Ann</p>"},
		{"a.md", "---\ntitle: Abseits der Vorträge\n---\nAnn\n", "all: <p>Ann</p>"},
		{"a.md", "# Hallway track\n\nTODO\n", ""},
		{"a.md", "# Hallway lights\n\nAnn\n", ""},
	} {
		if got := passages(Parse(c.path, []byte(c.text), nil)); got != c.want {
			t.Errorf("%s %q gives %s, want %s", c.path, c.text, got, c.want)
		}
	}
}

func TestBalanced(t *testing.T) {
	for html, want := range map[string]bool{
		"": true, "a": true, "<p>a</p>": true, "<br>": true, "<img alt='>'>": true, `<a title="<p>">x</a>`: true, "<path/>": true,
		"<p><b>a</p></b>": false, "</p>": false, "<p>": false, "a <": true, "<b": false, "<p": false, "<script>'<p>'</script>": false, "a < b": true,
	} {
		if got := balanced([]byte(html)); got != want {
			t.Errorf("%q is balanced: %t", html, got)
		}
	}
}
