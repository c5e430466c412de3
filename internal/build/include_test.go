package build_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"lectern/internal/build"
	"lectern/internal/diag"
)

// all is everything of a site that a reader, or the author's terminal, sees.
func all(t *testing.T, r *build.Result) string {
	t.Helper()
	var b strings.Builder
	for _, f := range r.Snapshot.Files() {
		b.WriteString(f.Path + "\n")
		if f.Source == nil {
			b.Write(f.Body.Bytes())
		}
	}
	fmt.Fprintln(&b, r.Diags)
	return b.String()
}

// TestIncludedPrivateNote: no way to include private words publishes them, or
// the name of what they are in.
func TestIncludedPrivateNote(t *testing.T) {
	const secret = "XYZZY"
	for name, files := range map[string]map[string]string{
		"a private note": {
			"content/a.md": "{{% include \"hush.md\" %}}", "content/hush.md": "---\nvisibility: private\n---\n" + secret,
		},
		"without its ending, by its folder": {
			"content/a.md": "{{% include \"/hush\" %}}", "content/hush/index.md": "---\nvisibility: private\n---\n" + secret,
		},
		"through another": {
			"content/a.md": "{{% include \"b.md\" %}}", "content/b.md": "{{% include \"hush.md\" %}}",
			"content/hush.md": "---\nvisibility: private\n---\n" + secret,
		},
		"in a private section": {
			"content/a.md": "```\n{{% include \"hush/x.txt\" %}}\n```", "content/hush/_index.md": "---\nvisibility: private\n---\n",
			"content/hush/x.txt": secret,
		},
		"outside of the notes": {
			"content/a.md": "{{% include \"/hush.md\" %}}", "hush.md": "---\nvisibility: private\n---\n" + secret,
		},
		"that can't be read": {
			"content/a.md": "{{% include \"hush.md\" %}}", "content/hush.md": "---\nvisibility: [private\n---\n" + secret,
		},
		"a draft": {
			"content/a.md": "{{% include \"d.md\" %}}", "content/d.md": "---\ndraft: true\n---\n" + secret,
		},
		"with a finding in it": {
			"content/a.md": "{{% include \"hush.md\" %}}", "content/hush.md": "---\nvisibility: private\n---\n" + secret + "\n{{% xyzzy %}}",
		},
		"in a parameter's file": {
			"content/a.md": "{{< openapi src=\"hush/x.json\" >}}", "content/hush/_index.md": "---\nvisibility: private\n---\n",
			"content/hush/x.json": `{"openapi": "3.0.0", "info": {"title": "XYZZY"}}`,
		},
	} {
		files["hugo.toml"] = "title = \"T\"\n"
		files["content/z.md"] = "Another note, with [a link](a.md)."
		r := buildOnce(t, build.Options{Dir: project(t, files)})
		seen := all(t, r)
		for _, word := range []string{secret, strings.ToLower(secret), "hush"} {
			i := strings.Index(seen, word)
			if i >= 0 && (word != "hush" || name != "that can't be read") { // its author is told of that one
				t.Errorf("%s: it shows in …%s…", name, seen[max(0, i-100):min(len(seen), i+100)])
			}
		}
		if r.Snapshot.Lookup("a/index.html") != nil || r.Snapshot.Lookup("z/index.html") == nil || !strings.Contains(seen, "include-private") {
			t.Errorf("%s: the including note is published, or no finding says why not: %v", name, r.Diags)
		}
	}
}

// TestIncludeIsFollowed: an edit of an included file reaches the pages that
// include it, and none other; its coming and going too.
func TestIncludeIsFollowed(t *testing.T) {
	ctx := context.Background()
	dir := project(t, map[string]string{
		"hugo.toml": "title = \"T\"\n[params]\ndisableSearch = true\n", "LICENSE": "one", "content/other.md": "x",
		"content/a.md": "{{% include \"LICENSE\" %}}\n\n{{% include \"later.txt\" %}}", "content/b.md": "{{% include \"a.md\" %}}",
	})
	b := open(t, build.Options{Dir: dir})
	text := func(r *build.Result, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		clean := buildOnce(t, build.Options{Dir: dir})
		if clean.Snapshot.Digest() != r.Snapshot.Digest() {
			t.Error("a clean build differs")
		}
		page := string(r.Snapshot.Lookup("b/index.html").Body.Bytes())
		_, page, _ = strings.Cut(page, `<div class="text">`)
		page, _, _ = strings.Cut(page, "</div>")
		return strings.TrimSpace(page)
	}
	if got := text(b.Build(ctx)); got != "<p>one</p>" {
		t.Errorf("at first: %q", got)
	}
	put(t, dir, "LICENSE", "two")
	r, err := b.Update(ctx, []string{"LICENSE"})
	if got := text(r, err); got != "<p>two</p>" || r.Stats.Parsed != 2 {
		t.Errorf("changed: %q, %d notes parsed", got, r.Stats.Parsed)
	}
	put(t, dir, "content/later.txt", "three")
	if got := text(b.Update(ctx, []string{"content/later.txt"})); got != "<p>two</p>\n<p>three</p>" {
		t.Errorf("come: %q", got)
	}
	if err := os.Remove(filepath.Join(dir, "LICENSE")); err != nil {
		t.Fatal(err)
	}
	if got := text(b.Build(ctx)); got != "<p>three</p>" { // nobody said what changed
		t.Errorf("gone: %q", got)
	}
}

// What is unlisted may be included, for its page is no secret; but somebody who
// finds the text finds it, so the author is told, unless that one is unlisted too.
func TestIncludeOfUnlisted(t *testing.T) {
	const unlisted = "---\nvisibility: unlisted\n---\n"
	r := buildOnce(t, build.Options{Dir: project(t, map[string]string{
		"hugo.toml": "title = \"T\"\n", "content/u.md": unlisted + "words", "content/quiet/_index.md": unlisted, "content/quiet/q.md": "more",
		"content/a.md": "{{% include \"u.md\" %}}", "content/b.md": unlisted + "{{% include \"u.md\" %}}", "content/c.md": "{{% include \"quiet/q.md\" %}}",
		"content/d.md": "{{% include \"b.md\" %}}", "content/quiet/e.md": "{{% include \"q.md\" %}}", "content/f.md": "{{% include \"headless/index.md\" %}}",
		"content/headless/index.md": "---\nheadless: true\n---\nfor others",
	})})
	var got []string
	for _, d := range r.Diags {
		if d.Rule == "include-unlisted" && d.Severity == diag.Info {
			got = append(got, d.File+" "+strings.Fields(d.Message)[9])
		}
	}
	if want := "content/a.md content/u.md, content/c.md content/quiet/q.md, content/d.md content/b.md, content/d.md content/u.md"; strings.Join(got, ", ") != want {
		t.Errorf("told are\n%s, want\n%s", strings.Join(got, ", "), want)
	}
	if text, _ := textOf(r.Snapshot, "a/index.html"); !strings.Contains(text, "words") {
		t.Error("the text is not included")
	}
}

// TestIncludeStaysInside: neither a path nor a link leads out of the project, or
// to what is no source.
func TestIncludeStaysInside(t *testing.T) {
	outside := t.TempDir()
	put(t, outside, "secret.txt", "SECRET")
	dir := project(t, map[string]string{
		"hugo.toml": "title = \"T\"\n", ".env": "SECRET", ".git/config": "SECRET", "public/x.txt": "SECRET",
		"content/a.md": "{{% include \"../../" + filepath.Base(outside) + "/secret.txt\" %}}\n{{% include \"" + filepath.ToSlash(outside) + "/secret.txt\" %}}\n" +
			"{{% include \"/.env\" %}}{{% include \"/.git/config\" %}}{{% include \"link.txt\" %}}{{% include \"/public/x.txt\" %}}{{% include \"content\" %}}",
	})
	if err := os.Symlink(filepath.Join(outside, "secret.txt"), filepath.Join(dir, "link.txt")); err != nil {
		t.Skip("no links here: ", err)
	}
	r := buildOnce(t, build.Options{Dir: dir, Output: filepath.Join(dir, "public")})
	if strings.Contains(all(t, r), "SECRET") {
		t.Error("something outside of the project is published")
	}
	refused := 0
	for _, d := range r.Diags {
		if strings.HasPrefix(d.Rule, "include-") {
			refused++
		}
	}
	if refused != 7 {
		t.Errorf("%d of 7 includes are refused: %v", refused, r.Diags)
	}
}
