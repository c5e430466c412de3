package config

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestLook(t *testing.T) {
	c, diags := load(t, files(
		"lectern.yaml", `
look:
  accent: "#C40"
  logo: /static/../static/logo.svg
  font: {text: "'Source Serif 4', Georgia, serif"}
  footer: See the [imprint](imprint).
  css: [a.css, css/b.css]
  html: {head: head.html, bottom: foot.html}
contentSecurityPolicy:
  script-src: ["https://stats.example.org", "'unsafe-inline'"]
`,
		"a.css", "p { color: red }", "css/b.css", "\ufeffq { color: blue }\n",
		"head.html", `<meta name="x" content="{{page.title}}">`, "foot.html", `<a href="{{ site.root }}about/">About {{site.title}}</a>`,
	))
	if len(diags) > 0 {
		t.Error(diags)
	}
	want := Look{
		Accent: "#cc4400", Logo: "static/logo.svg", TextFont: "'Source Serif 4', Georgia, serif", Footer: "See the [imprint](imprint).",
		CSS:    "p { color: red }\nq { color: blue }\n",
		Head:   Fragment{{HTML: `<meta name="x" content="`}, {Name: "page.title"}, {HTML: "\">\n"}},
		Bottom: Fragment{{HTML: `<a href="`}, {Name: "site.root"}, {HTML: `about/">About `}, {Name: "site.title"}, {HTML: "</a>\n"}},
	}
	if !reflect.DeepEqual(c.Look, want) {
		t.Errorf("got  %+v\nwant %+v", c.Look, want)
	}
	if got := c.ContentSecurityPolicy["script-src"]; !slices.Equal(got, []string{"https://stats.example.org", "'unsafe-inline'"}) {
		t.Errorf("policy %q", c.ContentSecurityPolicy)
	}
	// A change of any of them builds all anew.
	if want := []string{"lectern.yaml", "a.css", "css/b.css", "head.html", "foot.html"}; !slices.Equal(c.Files, want) {
		t.Errorf("files %q, want %q", c.Files, want)
	}
}

func TestLookErrors(t *testing.T) {
	for _, c := range []struct{ key, want string }{
		{`accent: red`, `look.accent "red" is not a colour`},
		{`accent: 123456`, `look.accent "123456" is not a colour`},
		{`font: {text: "x; } body { display: none"}`, `is not a list of font families`},
		{`logo: ../../etc/passwd`, `is not a path in the project`},
		{`css: gone.css`, `look.css: read the file: open gone.css`},
		{`css: [a.css, dir]`, `read dir: it is not a file`},
		{`css: big.css`, `big.css is larger than 512 kB`},
		{`html: {head: t.html}`, `there is no placeholder {{ page.titel }}; templates are not run`},
		{`html: {head: u.html}`, `there is no placeholder {{ .Site.Params.x`},
	} {
		_, _, err := Load(files(
			"lectern.yaml", "look:\n  "+c.key+"\n", "a.css", "", "dir/x", "", "big.css", strings.Repeat(" ", maxOwnFile+1),
			"t.html", "{{ page.titel }}", "u.html", "{{ .Site.Params.x",
		), Options{})
		ce, ok := errors.AsType[*Error](err)
		if !ok {
			t.Errorf("%s: %v", c.key, err)
			continue
		}
		if got := strings.Join(text(ce.Diags), "\n"); !strings.Contains(got, c.want) || !strings.Contains(got, "lectern.yaml:2:") {
			t.Errorf("%s: got %s, want %s", c.key, got, c.want)
		}
	}
}

func TestPolicyErrors(t *testing.T) {
	_, _, err := Load(files("lectern.yaml", "contentSecurityPolicy:\n  scripts-src: [x]\n  img-src: [\"a; b\"]\n"), Options{})
	ce, ok := errors.AsType[*Error](err)
	if !ok || len(ce.Diags) != 2 {
		t.Fatalf("got %v", err)
	}
	if got := strings.Join(text(ce.Diags), "\n"); !strings.Contains(got, `did you mean "script-src"?`) || !strings.Contains(got, `"a; b" is not a source`) {
		t.Error(got)
	}
}
