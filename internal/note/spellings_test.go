package note

import (
	"strings"
	"testing"
)

// TestSpellings: what Relearn, the theme Learn before it and Hugo took at any
// time for a shortcode gives what today's spelling gives, without a finding.
// The first of each list is today's.
func TestSpellings(t *testing.T) {
	files := map[string]string{"content/part.md": "## First\n\nText.", "content/api.json": `{"swagger": "2.0"}`}
	for _, same := range [][]string{
		{`{{% notice style="tip" title="T" icon="star" %}}x{{% /notice %}}`, `{{% notice tip "T" "star" %}}x{{% /notice %}}`, `{{% callout style="tip" title="T" icon="star" %}}x{{% /callout %}}`, `{{< notice style=TIP title=T icon=fa-star >}}x{{< /notice >}}`, `{{% Notice Style="Tip" Title="T" Icon="fas fa-star" %}}x{{% /Notice %}}`, `{{% tip title="T" icon="star" %}}x{{% /tip %}}`, `{{% tip "T" "star" %}}x{{% /tip %}}`},
		{`{{% notice warning %}}x{{% /notice %}}`, `{{% warning %}}x{{% /warning %}}`, `{{% warn %}}x{{% /warn %}}`, `{{%notice warning%}}x{{%/notice%}}`, "> [!WARNING]\n> x"},
		{`{{% notice style="note" expanded="false" title="T" groupid="g" %}}x{{% /notice %}}`, `{{% notice note expanded=false title="T" groupId="g" %}}x{{% /notice %}}`, `{{% note expanded=false title="T" groupid="g" %}}x{{% /note %}}`},
		{`{{% notice style="grey" %}}x{{% /notice %}}`, `{{% notice style="gray" %}}x{{% /notice %}}`, `{{% notice color="grey" %}}x{{% /notice %}}`},

		{`{{% expand title="T" expanded="true" %}}x{{% /expand %}}`, `{{% expand "T" "true" %}}x{{% /expand %}}`, `{{% expand T true %}}x{{% /expand %}}`, `{{% expand title="T" open="true" %}}x{{% /expand %}}`, `{{% expand default="T" display="true" %}}x{{% /expand %}}`, `{{% details summary="T" open=true %}}x{{% /details %}}`, `{{< details title="T" open="true" >}}x{{< /details >}}`},

		{`{{% button href="a" icon="star" iconposition="right" hint="H" %}}x{{% /button %}}`, `{{% button href="a" icon="star" icon-position="right" title="H" %}}x{{% /button %}}`, `{{< button href="a" icon="fa-star" iconPosition="right" hint="H" >}}x{{< /button >}}`},
		{`{{% badge style="info" title="T" %}}x{{% /badge %}}`, `{{< badge info T >}}x{{< /badge >}}`},
		{`{{% icon icon="star" %}}`, `{{% icon star %}}`, `{{< icon "fa-star" >}}`, `{{% icon "fas fa-star" %}}`, `{{% icon name="star" /%}}`},

		{`{{< tabs groupid="g" title="T" >}}{{% tab title="a" %}}x{{% /tab %}}{{< /tabs >}}`, `{{< tabs groupId="g" title="T" >}}{{% tab name="a" %}}x{{% /tab %}}{{< /tabs >}}`, `{{% tabs groupid="g" title="T" %}}{{< tab "a" >}}x{{< /tab >}}{{% /tabs %}}`},
		{`{{% card title="T" href="a" image="p.png" %}}x{{% /card %}}`, `{{< card title="T" href="a" image="p.png" template="default" >}}x{{< /card >}}`},
		{"{{% tree %}}\n- a | star | red\n{{% /tree %}}", "{{< tree >}}\n- a::star::red\n{{< /tree >}}", "```tree\n- a | star | red\n```", "{{% tree %}}\n* a | fa-fw fas fa-star | red\n{{% /tree %}}"},

		{`{{% children type="tree" %}}`, `{{% children %}}`, `{{< children />}}`, `{{% children style="li" %}}`, `{{% children containerstyle="ul" style="li" %}}`, `{{% children depth="1" showhidden="false" sort="auto" %}}`},
		{`{{% children type="list" depth="3" %}}`, `{{% children style="h2" depth="3" %}}`, `{{% children style="h2" containerstyle="div" depth=3 %}}`},
		{`{{% children type="flat" description="true" %}}`, `{{% children style="div" description=true %}}`, `{{% children containerstyle="div" description="true" %}}`},
		{`{{% children type="card" %}}`, `{{% children-cards %}}`, `{{% children style="card" %}}`},
		{`{{% children sort="title" %}}`, `{{% children sort="Name" %}}`, `{{% children sort="linktitle" %}}`},
		{`{{% children sort="modifieddate" %}}`, `{{% children sort="ModifiedDate" %}}`, `{{% children sort="lastmod" %}}`},
		{`{{% resources style="tip" title="T" sort="desc" pattern=".*\.pdf" /%}}`, `{{< resources style="tip" title="T" sort="DESC" pattern=".*\.pdf" />}}`, `{{% resources style=tip title=T sort=desc pattern=".*\.pdf" %}}{{% /resources %}}`},

		{`{{% include file="part.md" hidefirstheading="true" %}}`, `{{% include "part.md" "true" %}}`, `{{< include "part.md" true >}}`, `{{% include file="part.md" showfirstheading="false" %}}`, `{{% include file="/content/part.md" hideFirstHeading=true /%}}`},
		{`{{< openapi src="api.json" >}}`, `{{< swagger src="api.json" >}}`, `{{% swagger "api.json" /%}}`, `{{% openapi src="api.json" %}}{{% /openapi %}}`},
		{`{{% siteparam name="a.b" %}}`, `{{% siteparam "a.b" %}}`, `{{< siteparam a.b >}}`, `{{% siteparam A.B /%}}`},

		{"{{< highlight type=\"go\" linenos=\"true\" title=\"T\" >}}\nx\n{{< /highlight >}}", "{{< highlight go \"lineNos=true,title=T\" >}}\nx\n{{< /highlight >}}", "{{% highlight lang=go options=\"linenos=true\" title=T %}}\nx\n{{% /highlight %}}", "```go {lineNos=true title=\"T\"}\nx\n```"},
		{"{{< mermaid align=\"left\" zoom=\"true\" >}}\ngraph LR\n{{< /mermaid >}}", "{{< mermaid left >}}\ngraph LR\n{{< /mermaid >}}", "{{% mermaid align=left %}}graph LR{{% /mermaid %}}"},
		{"{{< mermaid >}}\ngraph LR\n{{< /mermaid >}}", "```mermaid\ngraph LR\n```", "{{< mermaid align=\"center\" >}}\ngraph LR\n{{< /mermaid >}}"},

		{`{{< youtube id="abcdefghijk" title="T" start=5 >}}`, `{{< youtube id=abcdefghijk title="T" start="5s" >}}`, `{{< youtube id="https://youtu.be/abcdefghijk" title="T" start=5 autoplay="true" loading=lazy >}}`},
		{`{{< vimeo id="123" class="c" title="T" >}}`, `{{< vimeo 123 c T >}}`, `{{< vimeo_simple 123 c T >}}`},
		{`{{< x user="u" id="123" >}}`, `{{< twitter user="u" id="123" >}}`, `{{< tweet user="u" id="123" >}}`, `{{< twitter_simple user="u" id=123 >}}`, `{{< x_simple user="@u" id="123" >}}`},
		{`{{< gist user="u" id="1" file="a.go" >}}`, `{{< gist u 1 "a.go" >}}`},
		{`{{< qr text="hi" level="high" />}}`, "{{< qr level=\"HIGH\" >}}\nhi\n{{< /qr >}}"},
		{`[a]({{% ref "b" %}})`, `[a]({{% relref "b" %}})`, `[a]({{< ref path="b" >}})`, `[a]({{%relref path="b"%}})`},
		{`{{< param title >}}`, `{{% param name="title" %}}`, `{{% param "Title" %}}`},
	} {
		var want string
		for i, text := range same {
			o := hugoOptions()
			o.HighlightLineNumbersInTable = true
			o.Params = map[string]any{"a": map[string]any{"b": "c"}}
			n := NewParser(&o).ParseWith("content/a.md", []byte("---\ntitle: About\n---\n"+text), shelf(files))
			got := strings.TrimSpace(string(fill(n)))
			if i == 0 {
				want = got
			}
			if got != want || got == "" || len(n.Diags) > 0 {
				t.Errorf("%s\n got %s\nwant %s\nfindings %v", text, got, want, n.Diags)
			}
		}
	}
}
