package build_test

import (
	"context"
	"strings"
	"testing"

	"lectern/internal/build"
	"lectern/internal/diag"
)

func ofRule(diags []diag.Diagnostic, rule string) []diag.Diagnostic {
	var out []diag.Diagnostic
	for _, d := range diags {
		if d.Rule == rule {
			out = append(out, d)
		}
	}
	return out
}

// TestOwnTemplates: one warning names all that is ignored, and where; the inner
// text of the project's own shortcodes shows.
func TestOwnTemplates(t *testing.T) {
	files := map[string]string{
		"hugo.toml":                            "title = \"T\"\n",
		"layouts/shortcodes/speaker.html":      "x",
		"layouts/_shortcodes/Deep/er.html":     "x",
		"layouts/shortcodes/unused.print.html": "x",
		"layouts/shortcodes/notice.html":       "x",
		"layouts/partials/custom-header.html":  "x",
		"layouts/partials/logo.html":           "x",
		"content/a.md":                         "Text\n\n{{% speaker name=\"Ada\" %}}*She* said{{% /speaker %}}\n\n{{< deep/er >}}",
		"content/b.md":                         "{{% speaker /%}}\n{{% include \"c.md\" %}}\n{{% speakr /%}}",
		"content/c.md":                         "\n\n{{< Speaker />}}",
		"content/hush.md":                      "---\nvisibility: private\n---\n{{% speaker /%}}",
		"content/d.md":                         "{{% speaker /%}}\n{{% speaker /%}}",
	}
	dir := project(t, files)
	b := open(t, build.Options{Dir: dir})
	r, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	got := ofRule(r.Diags, "layouts-ignored")
	if len(got) != 1 {
		t.Fatalf("findings: %v", r.Diags)
	}
	want := "templates are not run, so these have no effect: the shortcode deep/er (content/a.md:5), " +
		"the shortcode notice (Lectern's own is used), " +
		"the shortcode speaker (content/a.md:3, content/b.md:1, content/c.md:3 and 3 more), the shortcode unused (unused), " +
		"layouts/partials/custom-header.html, layouts/partials/logo.html"
	if got[0].Message != want || !strings.Contains(got[0].Hint, "look.logo") || got[0].Severity != diag.Warning {
		t.Errorf("got  %s\nwant %s\nhint %s", got[0].Message, want, got[0].Hint)
	}
	if unknown := ofRule(r.Diags, "shortcode-unknown"); len(unknown) != 1 || !strings.Contains(unknown[0].Message, "speakr") {
		t.Errorf("unknown shortcodes: %v", unknown)
	}
	if page := string(r.Snapshot.Lookup("a/index.html").Body.Bytes()); !strings.Contains(page, "<em>She</em> said") {
		t.Error("the inner text of an own shortcode is lost")
	}
	put(t, dir, "layouts/shortcodes/speakr.html", "x")
	if r, err = b.Update(context.Background(), []string{"layouts/shortcodes/speakr.html"}); err != nil || len(ofRule(r.Diags, "shortcode-unknown")) > 0 {
		t.Errorf("a shortcode that came is still unknown: %v %v", err, r.Diags)
	}
}

// TestFolderCalledLayouts is nobody's business in a plain folder of notes.
func TestFolderCalledLayouts(t *testing.T) {
	r := buildOnce(t, build.Options{Dir: project(t, map[string]string{"layouts/shortcodes/x.html": "x", "a.md": "x"})})
	if len(ofRule(r.Diags, "layouts-ignored")) > 0 {
		t.Errorf("findings: %v", r.Diags)
	}
}
