package page

import (
	"strings"
	"testing"

	"lectern/internal/config"
	"lectern/internal/site"
)

// An accent can be read in both schemes, whatever was asked for, and is left
// alone where it can be.
func TestReadable(t *testing.T) {
	for _, color := range []string{"#ffff00", "#000000", "#ffffff", "#cc4400", "#0b676b", "#808080"} {
		for _, ground := range []string{paperLight, paperDark} {
			got := readable(color, ground)
			if c := contrast(parseHex(got), parseHex(ground)); c < accentContrast-0.05 {
				t.Errorf("%s on %s became %s, which has a contrast of %.2f", color, ground, got, c)
			}
		}
	}
	if got := readable("#0b676b", paperLight); got != "#0b676b" {
		t.Errorf("an accent that can be read became %s", got)
	}
}

func TestOwnStyle(t *testing.T) {
	got := string(ownStyle(&config.Look{Accent: "#0b676b", CodeFont: "Fira Code", CSS: `@font-face{src:url("/f/a.woff2")} p{background:url(/b.png)} i{background:url(x.png)}`}))
	for _, want := range []string{`:root{--accent:#0b676b;--mono:Fira Code}`, `:root[data-theme="dark"]{--accent:#`, `url("../f/a.woff2")`, `url(../b.png)`, `url(x.png)`} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if own := ownStyle(&config.Look{}); len(own) > 0 {
		t.Errorf("a site without a look of its own has the style %q", own)
	}
}

func TestLook(t *testing.T) {
	cfg := testConfig()
	cfg.Look = config.Look{
		CSS: "p { color: red }", Footer: "Made at [the camp](https://camp.example.org/?a=1&b), see [imprint](about/imprint) [no link](javascript:alert(1))",
		Head: config.Fragment{{HTML: `<meta name="t" content="`}, {Name: "page.title"}, {HTML: `">`}},
		Top:  config.Fragment{{HTML: `<a href="`}, {Name: "site.root"}, {HTML: `x/">`}, {Name: "site.title"}, {HTML: `</a>`}},
	}
	s := smallSite(cfg)
	s.Logo = &site.File{Path: "static/a b.svg", OutPath: "a b.svg"}
	plain := New(testConfig(), Options{})
	r := New(cfg, Options{})
	if r.assets[themeCSS].path == plain.assets[themeCSS].path {
		t.Error("the style sheet with the site's own has the name of the theme's")
	}
	p := r.Pass(s)
	html := rendered(t, p)["day1/01_opening/index.html"]
	for _, want := range []string{
		`<link rel="stylesheet" href="../../` + r.assets[themeCSS].path, `<img src="../../a%20b.svg" alt="">`,
		`<meta name="t" content="Opening &lt;keynote&gt;">`, `<a href="../../x/">GopherCamp &amp; Friends</a>`,
		`Made at <a href="https://camp.example.org/?a=1&amp;b">the camp</a>, see <a href="../../about/imprint">imprint</a> [no link](javascript:alert(1))`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %s:\n%s", want, html)
		}
	}
	for _, f := range p.Assets() {
		if f.Path == r.assets[themeCSS].path && !strings.HasSuffix(string(f.Body.Bytes()), "p { color: red }") {
			t.Error("the published style sheet lacks the site's own")
		}
	}
}
