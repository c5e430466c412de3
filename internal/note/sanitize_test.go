package note

import (
	"strings"
	"testing"
)

// vectors are the usual ways to run a script from a text.
var vectors = []string{
	`<script>alert(1)</script>`, `<SCRIPT SRC=//x.org/x.js></SCRIPT>`, `<scr<script>ipt>alert(1)</scr</script>ipt>`,
	`<img src=x onerror=alert(1)>`, `<IMG SRC="javascript:alert(1)">`, `<img src="jav&#x09;ascript:alert(1)">`, `<img/src/onerror=alert(1)>`,
	`<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<math><mi xlink:href="javascript:alert(1)">x</mi></math>`,
	`<body onload=alert(1)>`, `<iframe src="javascript:alert(1)"></iframe>`, `<iframe srcdoc="<script>alert(1)</script>"></iframe>`,
	`<a href="javascript:alert(1)">x</a>`, `<a href=" java` + "\n" + `script:alert(1)">x</a>`, `<a href="&#106;avascript:alert(1)">x</a>`, `<a href='vbscript:x'>x</a>`,
	`<a href="data:text/html,<script>alert(1)</script>">x</a>`, `<form action="javascript:alert(1)"><button>x</button></form>`,
	`<object data="javascript:alert(1)"></object>`, `<embed src="javascript:alert(1)">`, `<base href="javascript:alert(1)//">`,
	`<meta http-equiv="refresh" content="0;url=javascript:alert(1)">`, `<link rel=stylesheet href="javascript:alert(1)">`,
	`<style>@import 'javascript:alert(1)';</style>`, `<div style="background:url(javascript:alert(1))">x</div>`, `<p style="position:fixed;inset:0">x</p>`,
	`<details open ontoggle=alert(1)>x</details>`, `<input autofocus onfocus=alert(1)>`, `<video><source onerror=alert(1)></video>`, `<video poster="javascript:alert(1)">`,
	`<img srcset="javascript:alert(1) 1x">`, `<x onclick=alert(1)>x</x>`, `<a onmouseover="alert(1)" href="/x">x</a>`, "<a href=\"x\" \x00onclick=alert(1)>x</a>",
	`<!--><script>alert(1)</script>-->`, `<!-- --!><script>alert(1)</script>`, `<![CDATA[<script>alert(1)</script>]]>`, `<?php <script>alert(1)</script> ?>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<textarea><script>alert(1)</script>`, `<title><script>alert(1)</script></title>`,
	"<div\n\nonclick=alert(1)>", "<img src=\"x\n\n\" onerror=alert(1)>", `<template><script>alert(1)</script></template>`,
	`[x](javascript:alert(1))`, `[x](JaVaScRiPt:alert(1))`, `[x](javascript&colon;alert(1))`, `[x](javascript&#58;alert(1))`, `[x](<java script:alert(1)>)`,
	`[x](<  javascript:alert(1)>)`, `[x](vbscript:x)`, `[x](data:text/html;base64,xxx)`, `![x](javascript:alert(1))`, `![x](data:text/html,x)`,
	`<javascript:alert(1)>`, "[x]\n\n[x]: javascript:alert(1)", `[x](/a "\" onclick=alert(1) \"")`, `![" onerror=alert(1) "](x.png)`, `[x](\javascript:alert(1))`,
	"```\"><script>alert(1)</script>\nx\n```", "```go {onclick=\"alert(1)\" class=\"\\\"><script>\"}\nx\n```", "# x {onclick=alert(1)}", "# x {#\"><script> style=\"x\"}",
	`{{% button href="javascript:alert(1)" %}}x{{% /button %}}`, `{{% button href="/x" target="\"><script>" style="\"><script>" icon="\"><script>" title="\"><img onerror=x>" %}}<script>alert(1)</script>{{% /button %}}`,
	`{{< figure src="javascript:alert(1)" link="javascript:alert(2)" class="\"><script>" caption="<script>x</script>" attrlink="javascript:x" attr="x" >}}`,
	`{{% notice title="<script>alert(1)</script>" %}}<script>alert(1)</script>{{% /notice %}}`, `{{% expand title="<img onerror=x>" class="\" onclick=x \"" %}}x{{% /expand %}}`,
	"{{< mermaid >}}\n</pre><script>alert(1)</script>\n{{< /mermaid >}}", "{{< highlight go >}}</code><script>alert(1)</script>{{< /highlight >}}",
	`{{< highlight "\"><script>" >}}x{{< /highlight >}}`, `{{% badge title="<script>" %}}<img src=x onerror=alert(1)>{{% /badge %}}`, `{{% <script>alert(1)</script> %}}`,
	`<a href="{{% ref "javascript:alert(1)" %}}">x</a>`, `[x]({{% ref "javascript:alert(1)" %}})`, `{{%/* <script>alert(1)</script> */%}}`,
	"> [!note] <script>alert(1)</script>\n> x", "[^1]\n\n[^1]: <script>alert(1)</script>", "|<script>|\n|-|\n|<img onerror=x>|", "x\n: <script>alert(1)</script>",
	`<http://x.org/"onclick="alert(1)>`, `http://x.org/"><script>alert(1)</script>`, `www.x.org/'><script>`, `:"><script>:`,
}

func TestSanitized(t *testing.T) {
	o := hugoOptions()
	o.UnsafeHTML, o.AttributeBlock, o.Emoji = false, true, true
	p := NewParser(&o)
	for _, v := range vectors {
		for _, text := range []string{v, "text " + v + " text", "- " + v, "> " + v + "\n\n" + v, "<div>\n" + v + "\n</div>", "<b>" + v} {
			n := p.Parse("x.md", []byte("\n"+text))
			checkNote(t, n)
			checkSafe(t, fill(n))
			if t.Failed() {
				t.Fatalf("%q", text)
			}
		}
	}
}

func TestSanitizedKeepsWhatIsHarmless(t *testing.T) {
	o := hugoOptions()
	o.UnsafeHTML = false
	for text, want := range map[string]string{
		"a <b>b</b> <kbd>c</kbd>":                             "<p>a <b>b</b> <kbd>c</kbd></p>\n",
		"<details><summary>s</summary>\n\ntext\n\n</details>": "<details><summary>s</summary>\n<p>text</p>\n</details>",
		"a <img src=\"x.png\" alt=\"y\"> b":                   "<p>a <img src=\"x.png\" alt=\"y\"> b</p>\n",
		// The author's tags end where the Markdown around them does, and none ends
		// what is not theirs.
		"- <div>\n- x":                           "<ul>\n<li>\n<div>\n</div></li>\n<li>x</li>\n</ul>\n",
		"a </div></main> <b>b":                   "<p>a  <b>b</b></p>\n",
		"> <b>x\n\ny":                            "<blockquote>\n<p><b>x</b></p>\n</blockquote>\n<p>y</p>\n",
		"<div>\n\n- </div>\n":                    "<div>\n<ul>\n<li>\n</li>\n</ul>\n</div>",
		"<a href=\"{{% ref \"x.md\" %}}\">y</a>": "<p><a href=\"x.md\" rel=\"nofollow\">y</a></p>\n",
		"x {{% badge %}}<b>y{{% /badge %}} z":    "<p>x <span class=\"badge badge-default\"><span class=\"badge-value\"><b>y</b></span></span> z</p>\n",
	} {
		n := NewParser(&o).Parse("x.md", []byte(text))
		got := strings.ReplaceAll(string(fill(n)), "\n\n", "\n")
		if got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
	}
}

func TestUnsafeIsKept(t *testing.T) {
	o := hugoOptions()
	for text, want := range map[string]string{
		"<script>let a = '<a href=\"x\">'; // {{% x %}}\n</script>\n": "<script>let a = '<a href=\"x\">'; // {{% x %}}\n</script>\n",
		"<div onclick=\"x()\">\n<!-- secret -->\n</div>\n":            "<div onclick=\"x()\">\n\n</div>\n",
		"a <span style='color:red' data-x>b</span><!-- c -->":         "<p>a <span style=\"color:red\" data-x>b</span></p>\n",
		"<a href=javascript:x>b</a>":                                  "<p><a href=\"javascript:x\">b</a></p>\n",
		"[a](javascript:x)":                                           "<p><a href=\"javascript:x\">a</a></p>\n",
		"<a href=\"x\"\n  title='a \"b\"'>c</a>":                      "<p><a href=\"x\"\ntitle=\"a &quot;b&quot;\">c</a></p>\n",
		"<!-- a\n\nb -->\n\nc":                                        "\n<p>c</p>\n",
	} {
		n := NewParser(&o).Parse("x.md", []byte(text))
		if got := string(fill(n)); got != want {
			t.Errorf("%q:\n got %q\nwant %q", text, got, want)
		}
	}
}
