package build_test

import (
	"encoding/json"
	"strings"
	"testing"

	"lectern/internal/build"
	"lectern/internal/snapshot"
)

func formatsProject(t *testing.T, hugo, own string) string {
	return project(t, map[string]string{
		"hugo.toml":              "baseURL = \"https://camp.example.org/x/\"\ntitle = \"Camp <3\"\ntimeZone = \"Europe/Berlin\"\n" + hugo,
		"lectern.yaml":           "cards: off\n" + own,
		"content/_index.md":      "---\ntitle: Camp <3\n---\nWelcome.\n",
		"content/day1/_index.md": "---\ntitle: Day 1\n---\n",
		"content/day1/a.md": "---\ntitle: \"A [title]\"\nstart: 2025-05-20T09:00\nend: 2025-05-20T09:45\nroom: Hall\ntrack: Go\nspeakers: [Ada]\ntags: [go]\n---\n" +
			"{{% button href=\"https://v.example.org/1\" icon=\"video\" %}}Watch{{% /button %}}\n\nSee [b](../b/), [the hidden](../h/), [secret](../s/) and **bold**.\n\n{{% notice tip %}}Do it.{{% /notice %}}\n",
		"content/day1/b.md": "---\ntitle: B\ndate: 2025-05-20\n---\nText.\n",
		"content/day1/h.md": "---\ntitle: Attic\nhidden: true\n---\nHidden.\n",
		"content/day1/u.md": "---\ntitle: Backstage\nvisibility: unlisted\n---\nUnlisted.\n",
	})
}

func textOf(s *snapshot.Snapshot, path string) (string, bool) {
	for _, f := range s.Files() {
		if f.Path == path && f.Source == nil {
			return string(f.Body.Bytes()), true
		}
	}
	return "", false
}

// Programs get each note as Markdown, a table of sessions and a way to both.
func TestForPrograms(t *testing.T) {
	r := buildOnce(t, build.Options{Dir: formatsProject(t, "", "")})
	md, ok := textOf(r.Snapshot, "day1/a/index.md")
	want := `# A \[title\]

- Day: 2025-05-20, 09:00–09:45
- Speakers: Ada
- Room: Hall
- Track: Go
- Tags: go
- Video: https://v.example.org/1

[Watch](https://v.example.org/1)

See [b](../../day1/b/), [the hidden](../../day1/h/), [secret](../s/) and **bold**.

> **Tip**
>
> Do it.
`
	if !ok || md != want {
		t.Errorf("day1/a/index.md:\n%s", firstDifference(md, want))
	}
	html, _ := textOf(r.Snapshot, "day1/a/index.html")
	if !strings.Contains(html, `<link rel="alternate" type="text/markdown" href="index.md">`) {
		t.Error("the page does not say that it stands there as Markdown")
	}
	var sessions []map[string]any
	table, _ := textOf(r.Snapshot, "index.json")
	if err := json.Unmarshal([]byte(table), &sessions); err != nil || len(sessions) != 2 {
		t.Fatalf("index.json: %v, %d sessions\n%s", err, len(sessions), table)
	}
	for key, value := range map[string]any{
		"title": "A [title]", "url": "https://camp.example.org/x/day1/a/", "day": "2025-05-20", "start": "2025-05-20T09:00:00+02:00",
		"end": "2025-05-20T09:45:00+02:00", "room": "Hall", "track": "Go", "video": "https://v.example.org/1",
	} {
		if sessions[0][key] != value {
			t.Errorf("index.json: %s is %v, want %v", key, sessions[0][key], value)
		}
	}
	llms, _ := textOf(r.Snapshot, "llms.txt")
	for _, want := range []string{"# Camp \\<3\n", "\n> Welcome.\n", "\n## Day 1\n", `](./day1/a/index.md): `} {
		if !strings.Contains(llms, want) {
			t.Errorf("llms.txt lacks %q:\n%s", want, llms)
		}
	}
	for path, text := range map[string]string{"llms.txt": llms, "index.json": table} {
		if strings.Contains(text, "Backstage") || strings.Contains(text, "Attic") {
			t.Errorf("%s names what no list names:\n%s", path, text)
		}
	}
	if _, ok := textOf(r.Snapshot, "day1/u/index.md"); ok {
		t.Error("an unlisted note stands there as Markdown, which nobody asked for")
	}
}

func TestMarkdownOff(t *testing.T) {
	r := buildOnce(t, build.Options{Dir: formatsProject(t, "", "markdown: off\n")})
	for _, path := range []string{"day1/a/index.md", "llms.txt", "index.json"} {
		if _, ok := textOf(r.Snapshot, path); ok {
			t.Errorf("%s is there", path)
		}
	}
	html, _ := textOf(r.Snapshot, "day1/a/index.html")
	if strings.Contains(html, "text/markdown") {
		t.Error("the page names what is not there")
	}
}

// Relearn's outputs stand where the site asks for them, and pages lead there.
func TestRelearnOutputs(t *testing.T) {
	const outputs = "[outputs]\nhome = ['html', 'rss', 'print', 'search']\nsection = ['HTML', 'PRINT', 'MARKDOWN']\npage = ['html', 'print', 'markdown', 'source']\n"
	r := buildOnce(t, build.Options{Dir: formatsProject(t, outputs, "markdown: off\n")})
	for path, want := range map[string]string{
		"index.print.html":        "A [title]",
		"day1/index.print.html":   "A [title]",
		"day1/a/index.print.html": "Do it.",
		"day1/a/index.md":         "> Do it.",
		"day1/index.md":           "(../day1/a/index.md)",
		"day1/a/index.source.md":  "{{% notice tip %}}Do it.{{% /notice %}}",
	} {
		text, ok := textOf(r.Snapshot, path)
		if !ok || !strings.Contains(text, want) {
			t.Errorf("%s: there: %v, without %q:\n%s", path, ok, want, text)
		}
	}
	for _, path := range []string{"index.md", "index.source.md", "tags/index.print.html"} {
		if _, ok := textOf(r.Snapshot, path); ok {
			t.Errorf("%s is there, which nobody asked for", path)
		}
	}
	html, _ := textOf(r.Snapshot, "day1/a/index.html")
	for _, name := range []string{"index.print.html", "index.md", "index.source.md"} {
		if !strings.Contains(html, `<li><a href="../../day1/a/`+name+`">`) {
			t.Errorf("the page does not lead to %s", name)
		}
	}
	for _, button := range []string{"Print", "Markdown", "Source"} {
		r := buildOnce(t, build.Options{Dir: formatsProject(t, outputs+"[params]\ndisable"+button+"Button = true\n", "markdown: off\n")})
		html, _ := textOf(r.Snapshot, "day1/a/index.html")
		if strings.Contains(html, ">"+button+"</a>") {
			t.Errorf("disable%sButton does not hide the link", button)
		}
	}
	print, _ := textOf(r.Snapshot, "day1/a/index.print.html")
	if !strings.Contains(print, `<link rel="canonical" href="https://camp.example.org/x/day1/a/">`) || !strings.Contains(print, `content="noindex"`) {
		t.Error("the page for printing poses as a page of its own")
	}
}

// The source of a note could name what is withheld; then the page's text stands there.
func TestSourceNamesNothingPrivate(t *testing.T) {
	dir := formatsProject(t, "[outputs]\npage = ['html', 'source']\n", "")
	put(t, dir, "content/day1/s.md", "---\ntitle: Topsecret\nvisibility: private\n---\nx\n")
	put(t, dir, "content/day1/r.md", "---\ntitle: R\n---\nShown. <!-- my remark -->\n")
	r := buildOnce(t, build.Options{Dir: dir})
	for path, lacks := range map[string]string{"day1/a/index.source.md": "../s/", "day1/r/index.source.md": "remark", "day1/a/index.md": "../s/"} {
		text, ok := textOf(r.Snapshot, path)
		if !ok || strings.Contains(text, lacks) {
			t.Errorf("%s: there: %v\n%s", path, ok, text)
		}
	}
	if all := string(everything(t, r.Snapshot)); strings.Contains(all, "Topsecret") || strings.Contains(all, "my remark") {
		t.Error("something private is published")
	}
}

// What an author wrote wins over what is generated.
func TestOwnFilesForPrograms(t *testing.T) {
	dir := formatsProject(t, "", "")
	put(t, dir, "static/llms.txt", "mine")
	put(t, dir, "static/index.json", "{}")
	put(t, dir, "static/day1/a/index.md", "mine")
	r := buildOnce(t, build.Options{Dir: dir})
	for _, path := range []string{"llms.txt", "index.json", "day1/a/index.md"} {
		if text, generated := textOf(r.Snapshot, path); generated {
			t.Errorf("%s: %s", path, text)
		}
	}
	if errs := findings(r.Diags); strings.Contains(errs, "clash") {
		t.Error(errs)
	}
}
