package note

import (
	"fmt"
	"strings"
	"testing"
)

// marked prints the marks of a text with their places.
func marked(n *Note) string {
	var b strings.Builder
	m := n.Marks
	fmt.Fprintf(&b, "text %d:%d\n", m.Text.Line, m.Text.Col)
	for _, f := range m.Fields {
		fmt.Fprintf(&b, "field %s %d:%d %d:%d\n", f.Name, f.Key.Line, f.Key.Col, f.Value.Line, f.Value.Col)
	}
	for _, h := range m.Headings {
		fmt.Fprintf(&b, "heading %d:%d h%d\n", h.Line, h.Col, h.Level)
	}
	for _, t := range m.Todos {
		fmt.Fprintf(&b, "todo %d:%d %s\n", t.Line, t.Col, t.Text)
	}
	for _, c := range m.Comments {
		fmt.Fprintf(&b, "comment %d:%d %s\n", c.Line, c.Col, c.Text)
		for _, k := range c.Calls {
			fmt.Fprintf(&b, "  call %d:%d %s href=%s (%d:%d) kind=%s escaped=%t\n", k.Line, k.Col, k.Name, k.Href, k.Target.Line, k.Target.Col, k.Kind, k.Escaped)
		}
	}
	for _, p := range m.Unnamed {
		fmt.Fprintf(&b, "unnamed %d:%d\n", p.Line, p.Col)
	}
	for _, d := range m.Dated {
		fmt.Fprintf(&b, "dated %d:%d %s %s → %s at %v\n", d.Line, d.Col, d.What, d.Old, d.New, d.Ends)
	}
	for _, g := range n.Ignores {
		fmt.Fprintf(&b, "ignore %d:%d %v %d-%d\n", g.Line, g.Col, g.Rules, g.From, g.To)
	}
	return b.String()
}

func TestPlacesForChecks(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"front matter": {
			"---\ntitle: T\ntags:\n- go\nweight:  3\n---\n\n\nText\n",
			"text 9:1\nfield title 2:1 2:8\nfield tags 3:1 4:1\nfield weight 5:1 5:10\n",
		},
		"headings": {
			"# T\n\n## A ##\n\nB\n---\n\n> ### C\n\n- #### D\n",
			"text 1:1\nheading 1:1 h1\nheading 3:1 h2\nheading 5:1 h2\nheading 8:3 h3\nheading 10:3 h4\n",
		},
		"todos": {
			"TODO: a\nb\n**TODO** c\n\n- TODO:\n\n> TODO: d\n\n`TODO: no`\n\n    TODO: no\n\n```\nTODO: no\n```\n\n## TODO: e\n",
			"text 1:1\nheading 17:1 h2\ntodo 1:1 TODO: a\ntodo 3:3 TODO** c\ntodo 5:3 TODO:\ntodo 7:3 TODO: d\ntodo 17:4 TODO: e\n",
		},
		"comments": {
			"<!-- a -->\n\nx <!--b--> y\n\n`<!-- no -->`\n\n```\n<!-- no -->\n```\n\n- <!-- c\n  d -->\n",
			"text 1:1\ncomment 1:1 a\ncomment 3:3 b\ncomment 11:3 c\nd\n",
		},
		"buttons in comments": {
			"<!-- {{% button href=\"https://x.example/y\" icon=\"video\" %}}Watch{{% /button %}} {{</* x */>}} -->\n",
			"text 1:1\ncomment 1:1 {{% button href=\"https://x.example/y\" icon=\"video\" %}}Watch{{% /button %}} {{</* x */>}}\n" +
				"  call 1:6 button href=https://x.example/y (1:23) kind=video escaped=false\n" +
				"  call 1:81  href= (0:0) kind= escaped=true\n",
		},
		"pictures": {
			"<img src=\"a.png\">\n\nx <img alt=\"\" src=\"a.png\"> <img\nsrc=\"b.png\">\n",
			"text 1:1\nunnamed 1:1\nunnamed 3:28\n",
		},
		"dated": {
			"{{< swagger src=\"a\" >}}\n\n{{% tabs %}}\n{{% tab name=\"a\" %}}x{{% /tab %}}\n{{% /tabs %}}\n\n`{{< swagger >}}`\n\n{{%expand open = true%}}x{{%/expand%}}\n",
			"text 1:1\ndated 1:5 shortcode swagger → openapi at [{1 5}]\ndated 4:9 parameter name → title at [{4 9}]\ndated 9:11 parameter open → expanded at [{9 11}]\n",
		},
		"dated pair": {
			"{{< Swagger >}}x{{< /Swagger >}}\n",
			"text 1:1\ndated 1:5 shortcode Swagger → openapi at [{1 5} {1 22}]\n",
		},
		"ignores": {
			"a\nb <!-- lectern-ignore todo --> c\nd\n\n<!-- lectern-ignore todo, stub -- why not -->\n\ne\nf\n\ng\n\n<!-- lectern-ignore -->\nh\n\n<!-- lectern-ignore-file x -->\n",
			"text 1:1\nignore 2:3 [todo] 1-3\nignore 5:1 [todo stub] 5-8\nignore 12:1 [] 12-13\nignore 15:1 [x] 1-1073741824\n",
		},
		"windows": {
			"---\r\ntitle: T\r\n---\r\n\r\nTODO: a\r\n",
			"text 5:1\nfield title 2:1 2:8\ntodo 5:1 TODO: a\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, unsafe := range []bool{true, false} {
				o := Options{UnsafeHTML: unsafe, Marks: true, Icon: testIcon}
				n := Parse("content/a.md", []byte(c.text), &o)
				if got := marked(n); got != c.want && (unsafe || name != "pictures") {
					t.Errorf("unsafe %t: got\n%swant\n%s", unsafe, got, c.want)
				}
				o.Marks = false
				bare := Parse("content/a.md", []byte(c.text), &o)
				if bare.Marks != nil || len(bare.Ignores) != len(n.Ignores) || string(bare.Body.HTML) != string(n.Body.HTML) {
					t.Error("marks must not change anything else")
				}
			}
		})
	}
}
