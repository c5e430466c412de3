package note

import (
	"strings"
	"testing"
)

func TestLook(t *testing.T) {
	const site = "---\nimageEffects:\n  shadow: true\n---\n"
	for text, want := range map[string]string{
		"![a](p.png?width=300)":                         `<img src="p.png" alt="a" width="300">`,
		"![a](p.png?width=20vw&height=50px)":            `<img src="p.png" alt="a" width="256" height="50">`,
		"![a](p.png?width=50%25)":                       `<img src="p.png" alt="a" width="50%">`,
		"![a](p.png?width=10rem&v=3#x)":                 `<img src="p.png?v=3#x" alt="a" width="160">`,
		"![a](p.png?width=calc(1px))":                   `<img src="p.png" alt="a">`,
		"![a](p.png?classes=shadow,left)":               `<img src="p.png" alt="a" class="shadow left">`,
		"![a](p.png?border=true&shadow=false)":          `<img src="p.png" alt="a" class="border">`,
		"![a](p.png?lazy=false) ![b](q.png?lazy=false)": `<img src="p.png" alt="a"> <img src="q.png" alt="b">`,
		"![a](p.png?v=2)":                               `<img src="p.png?v=2" alt="a">`,
		"![a](p.png) ![b](q.png)":                       `<img src="p.png" alt="a"> <img src="q.png" alt="b" loading="lazy">`,
		site + "![a](p.png)":                            `<img src="p.png" alt="a" class="shadow">`,
		site + "![a](p.png?shadow=false)":               `<img src="p.png" alt="a">`,
		"![a](https://e.org/p.png?width=300)":           `<img src="https://e.org/p.png?width=300" alt="a" width="300">`,
		`{{< figure src="p.png?width=5em" alt="a" >}}`:  `<img src="p.png" alt="a" width="80">`,
		`{{< figure src="p.png" width="40" >}}`:         `<img src="p.png" alt="" width="40">`,
		"![a](p.png)\n{width=30 .x loading=eager}":      `<img src="p.png" alt="a" class="x" loading="eager" width="30">`,
	} {
		o := hugoOptions()
		o.WrapStandAloneImage, o.AttributeBlock = false, true
		n := NewParser(&o).Parse("x.md", []byte(text))
		if got := string(fill(n)); !strings.Contains(got, want) {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
		if len(n.Diags) > 0 {
			t.Errorf("%s: %v", text, n.Diags)
		}
	}
}

// TestLarge: what may lead to its large version, and what stands in a link.
func TestLarge(t *testing.T) {
	for text, want := range map[string]Look{
		"![a](p.png)":                {Large: true},
		"![a](p.png?lightbox=false)": {},
		"---\nimageEffects: {lightbox: false}\n---\n![a](p.png)": {},
		"[![a](p.png)](x.md)":                                       {Large: true, InLink: true},
		"[![a](p.png)](https://example.org)":                        {Large: true, InLink: true},
		`<a href="x"><b>t</b> ![a](p.png)</a>`:                      {Large: true, InLink: true},
		`[x](https://example.org) <a href="x">t</a> ![a](p.png)`:    {Large: true},
		`{{< figure src="p.png" link="/x" >}}`:                      {Large: true, InLink: true},
		`<img src="p.png">`:                                         {Large: true, InLink: true},
		`<img width="30%" srcset="a.png 2x" src="p.png" height=20>`: {Large: true, InLink: true, Width: "30%", Height: "20", Sources: true},
	} {
		o := hugoOptions()
		n := NewParser(&o).Parse("x.md", []byte(text))
		var got *Look
		for i := range n.Links {
			if n.Links[i].Dest == "p.png" {
				got = n.Links[i].Look
			}
		}
		if got == nil || *got != want {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

func TestSiteEffects(t *testing.T) {
	o := hugoOptions()
	o.Params = map[string]any{"imageeffects": map[string]any{"Border": true, "lazy": false, "bg-white": true}}
	n := NewParser(&o).Parse("x.md", []byte("![a](p.png)\n\n![b](q.png?bg-white=false)\n"))
	got := string(fill(n))
	for _, want := range []string{`alt="a" class="border bg-white"`, `<img src="q.png" alt="b" class="border">`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
}
