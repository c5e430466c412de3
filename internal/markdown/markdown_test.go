package markdown

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAppend(t *testing.T) {
	for name, x := range map[string]struct{ html, want string }{
		"paragraphs":               {"<p>One\ntwo &amp; <strong>three</strong>.</p>\n<p>Four <em>five</em> <code>a*b</code></p>", "One two & **three**.\n\nFour *five* `a*b`"},
		"headings":                 {`<h2 id="a">A</h2><p>x</p><h3>B <code>c</code></h3>`, "## A\n\nx\n\n### B `c`"},
		"links":                    {`<p><a href="../x/#y" class="btn"><svg class="icon"><use href="#i"></use></svg><span>Go on</span></a> and <a href="a b">c</a></p>`, "[Go on](../x/#y) and [c](<a b>)"},
		"empty link":               {`<a href="/x"></a>`, ""},
		"picture":                  {`<img src="a.png" alt="A [b]" loading="lazy">`, `![A \[b\]](a.png)`},
		"list":                     {"<ul>\n<li>a</li>\n<li>b\n<ol start=\"3\">\n<li>c</li>\n<li>d</li>\n</ol>\n</li>\n<li>\n<p>e</p>\n<p>f</p>\n</li>\n</ul>\n<p>g</p>", "- a\n- b\n  3. c\n  4. d\n- e\n\n  f\n\ng"},
		"tasks":                    {`<ul><li><input checked="" disabled="" type="checkbox"> done</li><li><input disabled="" type="checkbox"> open</li></ul>`, "- [x] done\n- [ ] open"},
		"quote":                    {"<blockquote>\n<p>a</p>\n<blockquote><p>b</p></blockquote>\n</blockquote>", "> a\n>\n> > b"},
		"notice":                   {`<div class="notice notice-tip" role="note"><p class="notice-title"><svg></svg> Tip</p><div class="notice-body"><p>Do.</p></div></div><p>x</p>`, "> **Tip**\n>\n> Do.\n\nx"},
		"fold":                     {`<details class="expand"><summary>More</summary><div class="expand-body"><p>a</p></div></details>`, "> **More**\n>\n> a"},
		"code":                     {`<div class="highlight"><pre tabindex="0" class="chroma"><code class="language-go" data-lang="go"><span class="line"><span class="ln">1</span><span class="cl">x := &lt;-c</span></span>` + "\n" + `</code></pre></div>`, "```go\nx := <-c\n```"},
		"code, numbers in a table": {`<div class="highlight"><div class="chroma"><table class="lntable"><tr><td class="lntd"><pre><code><span class="lnt">1` + "\n" + `</span></code></pre></td><td class="lntd"><pre><code class="language-c" data-lang="c">int x;` + "\n" + `</code></pre></td></tr></table></div></div>`, "```c\nint x;\n```"},
		"fence in code":            {"<pre><code>a\n```\nb</code></pre>", "````\na\n```\nb\n````"},
		"code in list":             {"<ul><li><p>a</p><pre><code>x\n\ny</code></pre></li></ul>", "- a\n\n  ```\n  x\n\n  y\n  ```"},
		"mermaid":                  {"<pre class=\"mermaid\">a --&gt; b</pre>", "```mermaid\na --> b\n```"},
		"table":                    {`<div class="table-wrap"><table><thead><tr><th>a</th><th align="right">b|c</th></tr></thead><tbody><tr><td>1</td><td><code>2</code></td></tr></tbody></table></div><p>x</p>`, "| a | b\\|c |\n| --- | --- |\n| 1 | `2` |\n\nx"},
		"formula":                  {`<p>So <math><semantics><msup><mi>x</mi><mn>2</mn></msup><annotation encoding="application/x-tex">x_i^2 &lt; y</annotation></semantics></math>.</p><div class="math"><math display="block"><semantics><mi>y</mi><annotation encoding="application/x-tex">y</annotation></semantics></math></div>`, "So $x_i^2 < y$.\n\n$$y$$"},
		"footnote":                 {`<p>a<sup id="fnref:1"><a href="#fn:1" class="footnote-ref">1</a></sup></p><div class="footnotes"><hr><ol><li id="fn:1"><p>why&#160;<a href="#fnref:1" class="footnote-backref">back</a></p></li></ol></div>`, "a[^1]\n\n---\n\n[^1]: why"},
		"line break":               {"<p>a<br>\nb</p>", "a\\\nb"},
		"rule":                     {"<p>a</p><hr><p>b</p>", "a\n\n---\n\nb"},
		"script":                   {"<p>a</p><script>alert(1)</script><style>x{}</style><p>b</p>", "a\n\nb"},
		"comment":                  {"<p>a<!-- secret --> b</p>", "a b"},
		"escapes":                  {"<p># 1 *a* [b] _c_ d_e `f` &lt;g&gt; \\</p><p>1. x</p><p>- y</p><p>+</p>", "\\# 1 \\*a\\* \\[b\\] \\_c\\_ d_e \\`f\\` \\<g> \\\\\n\n1\\. x\n\n\\- y\n\n\\+"},
		"definition":               {"<dl><dt>a</dt><dd>b</dd></dl>", "a\n: b"},
		"figure":                   {`<figure><img src="a.png" alt=""><figcaption><p>Caption</p></figcaption></figure>`, "![](a.png)\n\nCaption"},
		"broken":                   {"a < b <p>c</b></i> <a href='x>y</p>", "a \\< b\n\nc [y](x)"},
		"no end":                   {"<!-- a", ""},
		"words":                    {"<p>a</p>\n", "a"},
	} {
		if got := string(Append(nil, []byte(x.html))); got != x.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, x.want)
		}
	}
}

// What was there before stays.
func TestAppendKeeps(t *testing.T) {
	if got := string(Append([]byte("# T\n\n"), []byte("<p>x</p>"))); got != "# T\n\nx" {
		t.Errorf("%q", got)
	}
}

func TestDeep(t *testing.T) {
	n := 20_000
	for _, tag := range []string{"blockquote", "a b=\"", "a b='>", "ul><li", "b", "a href=x", "details"} {
		src := strings.Repeat("<"+tag+">x\n", n)
		if got := Append(nil, []byte(src)); len(got) > 400*n {
			t.Errorf("%s: %d bytes", tag, len(got))
		}
	}
}

func FuzzAppend(f *testing.F) {
	f.Add([]byte(`<p>a <a href="x">b</a><ul><li>c<math><annotation>d</annotation></math></ul><table><tr><td>e`))
	f.Add([]byte("<pre><code data-lang=go>x</code><li id=fn:1><details><summary>&amp;"))
	f.Fuzz(func(t *testing.T, src []byte) {
		got := Append(nil, src)
		if utf8.Valid(src) && !utf8.Valid(got) {
			t.Errorf("%q", got)
		}
		if again := Append(nil, src); !bytes.Equal(got, again) {
			t.Errorf("%q, then %q", got, again)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	src := []byte(strings.Repeat(`<p>Some words &amp; a <a href="../x/">link</a> in <em>a text</em> that <code>goes on</code>.</p>`+"\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n", 40))
	b.SetBytes(int64(len(src)))
	var dst []byte
	for b.Loop() {
		dst = Append(dst[:0], src)
	}
}
