package build_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lectern/internal/build"
	"lectern/internal/check"
	"lectern/internal/diag"
)

// Which addresses are asked about, and what becomes of the answers.
func TestLinksToOtherSites(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "lectern.yaml", "check:\n  external:\n    ignore: ['https://www.linkedin.com/*', '*/intern/*', 'https://exact.net/']\n")
	put(t, dir, "hugo.toml", "title = \"T\"\n")
	put(t, dir, "content/a.md", "# A\n\n"+strings.Join([]string{
		"[gone](https://a.net/gone#x)", "[slash](http://www.a.net/new?q#top)", "[moved](https://a.net/old) and <https://a.net/old>",
		"[front](https://a.net/deep/page)", "[login](https://a.net/members)", "[busy](//b.net/busy)", "![p](https://b.net/p.png)",
		"[li](https://www.linkedin.com/in/x) [int](https://b.net/intern/x) [exact](https://exact.net/) [more](https://exact.net/more)",
		"[ex](https://example.org/x) [ex](https://a.example) [m](mailto:a@b.net) [todo](https://todo) [no](https://)",
		"[secret](https://user:password@c.net/x)", "`https://code.net/`", "<!-- https://comment.net/ -->", "[paren](https://a.net/paren)",
	}, "\n")+"\n")
	put(t, dir, "content/private.md", "---\nvisibility: private\n---\n[x](https://secret.net/)\n")
	put(t, dir, "content/draft.md", "---\ndraft: true\n---\n[x](https://draft.net/)\n")
	put(t, dir, "content/unlisted.md", "---\ntitle: U\nvisibility: unlisted\n---\n[x](https://unlisted.net/)\n")
	answers := map[string]check.Answer{
		"https://a.net/gone":       {Problem: "the server says \"404 Not Found\"", Severity: diag.Error},
		"http://www.a.net/new?q":   {Moved: "https://a.net/new/?q"},
		"https://a.net/old":        {Moved: "https://z.net/other"},
		"https://a.net/deep/page":  {Moved: "https://a.net/"},
		"https://a.net/members":    {Moved: "https://a.net/login?next=members"},
		"https://a.net/paren":      {Moved: "https://a.net/wiki/Go_(game)"},
		"https://b.net/busy":       {Problem: "no answer in time", Severity: diag.Warning},
		"https://c.net/x":          {Problem: "there was no time left", Unasked: true},
		"https://unlisted.net/":    {Problem: "there was no time left", Unasked: true},
		"https://never-linked.net": {Problem: "x", Severity: diag.Error},
	}
	var asked []string
	opts := build.Options{Dir: dir, External: func(_ context.Context, addresses []string) (map[string]check.Answer, error) {
		asked = addresses
		return answers, nil
	}}
	var got []string
	for _, d := range checked(t, opts).Diags {
		if d.Rule != "external-link" {
			continue
		}
		s := fmt.Sprintf("%s:%d:%d %s %s", d.File, d.Line, d.Col, d.Severity, d.Message)
		if d.Fix != nil {
			s += fmt.Sprintf(" | %t %s", d.Fix.Sure, d.Fix.Edits[0].New)
		}
		got = append(got, s)
	}
	want := []string{
		`content/a.md:3:1 error https://a.net/gone: the server says "404 Not Found"`,
		`content/a.md:4:1 info http://www.a.net/new?q has moved for good, its server says | true https://a.net/new/?q#top`,
		`content/a.md:5:1 info https://a.net/old has moved for good, its server says | false https://z.net/other`,
		`content/a.md:5:32 info https://a.net/old has moved for good, its server says | false https://z.net/other`,
		`content/a.md:6:1 warning https://a.net/deep/page leads to the front page https://a.net/ now: what it was about is probably gone`,
		`content/a.md:8:1 warning https://b.net/busy: no answer in time`,
		`content/a.md:12:1 warning nobody could be asked about this and 1 further link to other sites: there was no time left`,
		`content/a.md:15:1 info https://a.net/paren has moved for good, its server says | false https://a.net/wiki/Go_%28game%29`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	const all = "http://www.a.net/new?q https://a.net/deep/page https://a.net/gone https://a.net/members https://a.net/old https://a.net/paren " +
		"https://b.net/busy https://b.net/p.png https://c.net/x https://exact.net/more https://unlisted.net/"
	if s := strings.Join(asked, " "); s != all {
		t.Errorf("asked %s\nwant  %s", s, all)
	}

	// Its author sees drafts, and so asks about them.
	opts.Drafts = true
	checked(t, opts)
	if !slices.Contains(asked, "https://draft.net/") || slices.Contains(asked, "https://secret.net/") {
		t.Errorf("asked %q", asked)
	}

	// Who does not want the rule asks nobody.
	put(t, dir, "lectern.yaml", "check: {rules: {external-link: off}}\n")
	checked(t, opts)
	if len(asked) > 0 {
		t.Errorf("asked %q", asked)
	}

	opts.External = func(context.Context, []string) (map[string]check.Answer, error) { return nil, context.Canceled }
	opts.Check = true
	if _, err := open(t, opts).Check(t.Context(), nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
