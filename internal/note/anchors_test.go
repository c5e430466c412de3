package note

import (
	"slices"
	"strings"
	"testing"
)

// TestTitleID: the heading that becomes the title keeps its id.
func TestTitleID(t *testing.T) {
	for text, want := range map[string]string{
		"# Service *Mesh*\n":              "service-mesh",
		"# Service Mesh {#mesh}\n":        "mesh",
		"My Notes\n===\n\nText\n":         "my-notes",
		"---\ntitle: x\n---\n# Heading\n": "",
		"Text\n\n# Heading\n":             "",
	} {
		n := parse(t, "x.md", text)
		if n.TitleID != want || slices.Contains(n.Anchors, want) != (want != "") {
			t.Errorf("%q: %q, anchors %q; want %q", text, n.TitleID, n.Anchors, want)
		}
	}
	n := parse(t, "x.md", "# A\n\n# A\n\n## A\n")
	if n.TitleID != "a" || len(n.Headings) != 2 || n.Headings[0].ID != "a-1" || n.Headings[1].ID != "a-2" {
		t.Errorf("%q, %v", n.TitleID, n.Headings)
	}
	o := hugoOptions()
	o.AutoHeadingID = false
	if n := NewParser(&o).Parse("x.md", []byte("# A\n")); n.TitleID != "" || n.Anchors != nil {
		t.Errorf("without ids: %q, %q", n.TitleID, n.Anchors)
	}
}

func TestAnchors(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"raw HTML":   {"<div id=\"b\">\n\n<span id='a&amp;c'>x</span> <a name=n></a> <input name=no>\n\n</div>\n", "a&c b n"},
		"twice":      {"<a id=x name=x></a>\n", "x"},
		"blocks":     {"Text\n{#para}\n\n> q\n{#quote .c}\n\n- a\n{#list}\n\n## H {#h}\n", "list para quote"},
		"footnotes":  {"a[^x] b[^y] c[^x]\n\n[^x]: one\n[^y]: two\n", "fn:1 fn:2 fnref1:1 fnref:1 fnref:2"},
		"terms":      {"A term\n: x\n\nB\n: y\n", "a-term b"},
		"code":       {"```go {#code}\nx\n```\n", "code"},
		"lines":      {"```go {anchorLineNos=true linenos=inline lineAnchors=l}\nx\ny\n```\n", "l-1 l-2"},
		"shortcode":  {"{{% notice tip %}}\n<b id=in>x</b>\n{{% /notice %}}\n", "in"},
		"picture":    {"![a <b id=no>c</b>](x.png)\n", ""},
		"title":      {"# T <b id=no>c</b>\n", "t-c"},
		"comment":    {"<!-- <b id=no> -->\n", ""},
		"plain text": {"id=\"no\" `<b id=\"no\">`\n", ""},
	} {
		o := hugoOptions()
		o.AttributeBlock, o.AutoDefinitionTermID = true, true
		n := NewParser(&o).Parse("x.md", []byte(c.text))
		checkNote(t, n)
		if got := strings.Join(n.Anchors, " "); got != c.want {
			t.Errorf("%s: %q, want %q in\n%s", name, got, c.want, n.Body.HTML)
		}
	}
}

// TestTextBehindRef: a file in the folder that a page's address stands for.
func TestTextBehindRef(t *testing.T) {
	for text, want := range map[string]string{
		`[p]({{< relref "d" >}}x.png)`:            "d/x.png",
		`[p]({{< relref "d.md" >}}x.png)`:         "d/x.png",
		`[p]({{< relref "/s/_index.md" >}}x.p)`:   "/s/x.p",
		`[p]({{< relref "_index.md" >}}x.png)`:    "x.png",
		`[p]({{< relref "d/" >}}/x.png)`:          "d/x.png",
		`![p]({{< relref "d" >}}x.png)`:           "d/x.png",
		`<a href='{{< relref "d" >}}x.png'>p</a>`: "d/x.png",
		`<img src='{{< ref "d" >}}x.png'>`:        "d/x.png",
	} {
		n := parse(t, "x.md", text)
		if len(n.Links) != 1 || n.Links[0].Dest != want || n.Links[0].Kind == Ref {
			t.Errorf("%s: %+v", text, n.Links)
		}
	}
	for text, want := range map[string]string{
		`[p]({{< relref "d" >}})`: "d", `[p]({{< relref "d" >}}#a)`: "d#a", `[p]({{< relref "d" >}}?a=b)`: "d?a=b",
		`[p]({{< relref "d#a" >}}b)`: "d#ab", `<a href='{{< relref "d" >}}#a'>p</a>`: "d#a",
	} {
		n := parse(t, "x.md", text)
		if len(n.Links) != 1 || n.Links[0].Dest != want || n.Links[0].Kind != Ref {
			t.Errorf("%s: %+v", text, n.Links)
		}
	}
}

// TestRefInAnyAttribute: the site puts the page's address there.
func TestRefInAnyAttribute(t *testing.T) {
	n := parse(t, "x.md", `<div data-x='a "{{< ref "other" >}}x" {{< relref "b" >}}'>y</div>`)
	want := `<div data-x="a &quot;[other]x&quot; [b]">y</div>`
	got, pos := "", 0
	for _, h := range n.Body.Holes {
		if h.Kind != URLOnly || n.Links[h.Link].Kind != Ref {
			t.Errorf("hole %+v for %+v", h, n.Links[h.Link])
		}
		got += string(n.Body.HTML[pos:h.Pos]) + "[" + n.Links[h.Link].Dest + "]"
		pos = h.Pos
	}
	if got += string(n.Body.HTML[pos:]); strings.TrimSpace(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestEscapedCallInLiteralCall: the marks of a call to be shown go, wherever it
// stands.
func TestEscapedCallInLiteralCall(t *testing.T) {
	for text, want := range map[string]string{
		"```\n{{% notice %}}\n{{</* x */>}}\n{{% /notice %}}\n```\n":               "{{% notice %}}\n{{&lt; x &gt;}}\n{{% /notice %}}\n",
		"> ```\n> {{% notice %}}\n> a {{%/* x */%}} b\n> {{% /notice %}}\n> ```\n": "{{% notice %}}\na {{% x %}} b\n{{% /notice %}}\n",
		"`{{% badge %}}{{</* x */>}}{{% /badge %}}`\n":                             "{{% badge %}}{{&lt; x &gt;}}{{% /badge %}}",
	} {
		if got := string(parse(t, "x.md", text).Body.HTML); !strings.Contains(got, ">"+want+"</code>") {
			t.Errorf("%q: %s", text, got)
		}
	}
}

// TestCallInInfoString: only its text can stand there.
func TestCallInInfoString(t *testing.T) {
	for _, text := range []string{
		"```{{<highlight>}}`{{%/highlight%}}\nx\n```\n", "```go {title=\"{{< ref b >}}\" data-x=\"{{< x >}}\"}\nx\n```\n",
		"```{{< ref \"b\" >}}\nx\n```\n",
	} {
		checkNote(t, parse(t, "x.md", text))
	}
}
