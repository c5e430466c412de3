package build_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"lectern/internal/build"
)

// grow is a site's size in bytes, pictures aside, with n notes of a kind.
func grow(t *testing.T, n int, note func(i, n int) string, extra map[string]string) int64 {
	t.Helper()
	files := map[string]string{"hugo.toml": "title = \"T\"\n", "lectern.yaml": "search: {enabled: false}\nmarkdown: off\n"}
	maps.Copy(files, extra)
	for i := range n {
		files[fmt.Sprintf("content/n%03d.md", i)] = note(i, n)
	}
	var size int64
	for _, f := range buildOnce(t, build.Options{Dir: project(t, files)}).Snapshot.Files() {
		size += int64(f.Body.Len())
	}
	return size
}

// each writes n words with numbers, with commas between them.
func each(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format+", ", i)
	}
	return strings.TrimSuffix(b.String(), ", ")
}

// A small note makes no huge site, in whatever way it multiplies: each of these
// made tens or hundreds of megabytes from some kilobytes.
func TestGrowthIsBounded(t *testing.T) {
	for name, c := range map[string]struct {
		notes int
		note  func(i, n int) string
		extra map[string]string
		most  int64
	}{
		"a thousand speakers": {
			1, func(i, n int) string { return "---\ntitle: A\nspeakers: [" + each(1000, "P%d") + "]\n---\n" }, nil, 2 << 20,
		},
		"many people in many notes": {
			40, func(i, n int) string {
				return "---\ntitle: A\nspeakers: [" + each(100, "P%d") + "]\nauthors: [" + each(100, "A%d") + "]\n---\n"
			}, nil, 30 << 20,
		},
		"many tags in many notes": {
			40, func(i, n int) string { return "---\ntitle: A\ntags: [" + each(100, "t%d") + "]\n---\n" }, nil, 20 << 20,
		},
		"huge titles": {
			40, func(i, n int) string { return "---\ntitle: " + strings.Repeat("long ", 20_000) + "\n---\n" }, nil, 4 << 20,
		},
		"huge headings for titles": {
			40, func(i, n int) string { return "# " + strings.Repeat("long ", 20_000) + "\n\nwords\n" }, nil, 8 << 20,
		},
		"many lists of everything": {
			300, func(i, n int) string {
				return strings.Repeat("{{% pages pageref=\"/\" levels=9 /%}}\n\n", 500*(1-min(i, 1)))
			}, nil, 9 << 20,
		},
		"many lists of files": {
			1, func(i, n int) string { return strings.Repeat("{{% attachments /%}}\n\n", 500) },
			func() map[string]string {
				files := map[string]string{}
				for i := range 300 {
					files[fmt.Sprintf("content/n000.files/f%d.txt", i)] = ""
				}
				return files
			}(), 3 << 20,
		},
		"includes of includes": {
			8, func(i, n int) string {
				if i == 0 {
					return strings.Repeat("x ", 100_000)
				}
				return strings.Repeat(fmt.Sprintf("{{%% include \"n%03d.md\" %%}}\n", i-1), 10)
			}, nil, 32 << 20,
		},
		"one session": {
			200, func(i, n int) string { return "---\nsession: s\n---\n" + strings.Repeat("word ", 2000) }, nil, 8 << 20,
		},
	} {
		if size := grow(t, c.notes, c.note, c.extra); size > c.most {
			t.Errorf("%s: %d kB, more than %d", name, size>>10, c.most>>10)
		} else {
			t.Logf("%s: %d kB", name, size>>10)
		}
	}
}

// What a bound leaves out is told, to the author or to the reader.
func TestBoundsAreTold(t *testing.T) {
	files := map[string]string{
		"hugo.toml":    "title = \"T\"\n",
		"content/a.md": "---\ntitle: " + strings.Repeat("ü", 400) + "\nspeakers: [" + each(150, "P%d") + "]\ndescription: " + strings.Repeat("d", 6000) + "\n---\n",
		"content/b.md": "---\ntitle: B\n---\n" + strings.Repeat("{{% pages pageref=\"/\" levels=9 /%}}\n\n", 5001),
	}
	r := buildOnce(t, build.Options{Dir: project(t, files)})
	for _, want := range []string{`"title" has a text of 800 bytes; the first 500 count`, `"speakers" names 150 people; the first 100 count`, `"description" has a text of 6000 bytes`} {
		if !strings.Contains(fmt.Sprint(r.Diags), want) {
			t.Errorf("no finding says %q: %v", want, r.Diags)
		}
	}
	if page, _ := textOf(r.Snapshot, "b/index.html"); !strings.Contains(page, `<p class="more">and 1 more</p>`) {
		t.Error("readers are not told that a list is cut")
	}
	if page, _ := textOf(r.Snapshot, "index.html"); !strings.Contains(page, "and 90 more") || strings.Contains(page, ">P10</a>") || !strings.Contains(page, "üü…") {
		t.Errorf("home's row is not cut: %.3000s", page)
	}
	if page, _ := textOf(r.Snapshot, "a/index.html"); !strings.Contains(page, ">P99<") || strings.Contains(page, ">P100<") {
		t.Error("the note does not name the first hundred")
	}
}
