package build_test

import (
	"fmt"
	"strings"
	"testing"

	"lectern/internal/build"
)

// A section whose text lists its pages is not followed by the same list again,
// unless that says more: when, who, what there is to watch.
func TestNoListTwice(t *testing.T) {
	for name, c := range map[string]struct {
		text, note string
		twice      bool
	}{
		"children":           {"{{% children %}}", "", false},
		"earlier spelling":   {"{{% children style=\"h2\" description=\"true\" %}}", "tags: [x]", false},
		"pages":              {"{{% pages %}}", "", false},
		"nothing":            {"Text.", "", true},
		"another's":          {"{{% children page=\"/\" %}}", "", true},
		"some of them":       {"{{% pages where=\"title = a\" %}}", "", true},
		"a few":              {"{{% pages limit=1 %}}", "", true},
		"sessions with time": {"{{% children %}}", "start: 2026-10-07T10:00", true},
		"with speakers":      {"{{% children %}}", "speakers: [Ada]", true},
	} {
		r := buildOnce(t, build.Options{Dir: project(t, map[string]string{
			"hugo.toml": "", "content/_index.md": "# Home\n",
			"content/day/_index.md": "---\ntitle: Day\n---\n" + c.text + "\n",
			"content/day/a.md":      "---\ntitle: The note\n" + c.note + "\n---\nText.\n",
			"content/day/sub/b.md":  "# Deep\n",
		})})
		page := string(r.Snapshot.Lookup("day/index.html").Body.Bytes())
		if got := strings.Contains(page, `class="rows"`) && strings.Contains(page, `class="cards"`); got != c.twice {
			t.Errorf("%s: lists below the text: %t", name, got)
		}
	}
}

// What a section says of its reading time is of all its words, not of as many
// minutes as it has notes; an edit that changes it changes the section's page.
func TestReadingTimeOfSection(t *testing.T) {
	words := func(n int) string { return strings.Repeat("word ", n) + "\n" }
	for name, c := range map[string]struct {
		notes []int
		want  string
	}{
		"tiny notes":      {[]int{20, 20, 20}, "1 min read"},
		"tiniest note":    {[]int{5}, "1 min read"},
		"many tiny notes": {[]int{20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20, 20}, "2 min read"},
		"long notes":      {[]int{213, 213, 450}, "5 min read"},
	} {
		files := map[string]string{"hugo.toml": "", "content/_index.md": "# Home\n"}
		for i, n := range c.notes {
			files[fmt.Sprintf("content/day/sub/n%d.md", i)] = "# Note\n\n" + words(n)
		}
		r := buildOnce(t, build.Options{Dir: project(t, files)})
		for _, p := range []string{"index.html", "day/index.html", "day/sub/index.html"} {
			html := string(r.Snapshot.Lookup(p).Body.Bytes())
			if !strings.Contains(html, "<li>"+c.want+"</li>") {
				t.Errorf("%s: %s doesn't say %q", name, p, c.want)
			}
		}
	}
}
