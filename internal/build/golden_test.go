package build_test

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"lectern/internal/build"
	"lectern/internal/diag"
)

var update = flag.Bool("update", false, "write the golden sites anew")

// TestGoldenSites builds whole projects and compares what readers and programs get
// with what a person has looked at: of pages what is theirs, without the frame,
// which internal/page has golden files of; and all findings.
func TestGoldenSites(t *testing.T) {
	sites, err := filepath.Glob("testdata/sites/*")
	if err != nil || len(sites) < 2 {
		t.Fatalf("%d sites (%v)", len(sites), err)
	}
	for _, dir := range sites {
		t.Run(filepath.Base(dir), func(t *testing.T) { goldenSite(t, dir) })
	}
}

func goldenSite(t *testing.T, dir string) {
	now := time.Date(2026, 10, 9, 12, 0, 0, 0, time.UTC)
	r := buildOnce(t, build.Options{
		Dir: copied(t, filepath.Join(dir, "src")), Now: func(context.Context) (time.Time, error) { return now, nil },
	})
	got := map[string]string{"findings.txt": findingsText(t, r.Diags)}
	for _, f := range r.Snapshot.Files() {
		if text, ok := readable(f.Path, f.Body.Bytes()); ok {
			got[f.Path] = text
		}
	}
	want := filepath.Join(dir, "want")
	if *update {
		if err := os.RemoveAll(want); err != nil {
			t.Fatal(err)
		}
		for name, text := range got {
			put(t, want, name, text)
		}
		return
	}
	for name, text := range got {
		b, err := os.ReadFile(filepath.Join(want, filepath.FromSlash(name)))
		if err != nil {
			t.Errorf("%v (run with -update, then read what changed)", err)
			continue
		}
		if w := strings.ReplaceAll(string(b), "\r\n", "\n"); text != w {
			t.Errorf("%s differs from its golden file:\n%s", name, difference(text, w))
		}
	}
	eachFile(t, want, func(name string) {
		if _, ok := got[name]; !ok {
			t.Errorf("%s is no longer made", name)
		}
	})
}

// copied is a copy of a project in a folder outside any git repository.
func copied(t *testing.T, from string) string {
	to := t.TempDir()
	eachFile(t, from, func(name string) {
		b, err := os.ReadFile(filepath.Join(from, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		put(t, to, name, string(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))))
	})
	return to
}

func eachFile(t *testing.T, dir string, visit func(name string)) {
	if err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, p)
		visit(filepath.ToSlash(name))
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// readable returns what of a file a person reads in a golden file.
func readable(name string, body []byte) (text string, ok bool) {
	if strings.HasPrefix(name, "lectern/") {
		return "", false
	}
	if dir, base := path.Dir(name), path.Base(name); (base == "index.print.html" || path.Base(dir) == "print") && !strings.HasPrefix(dir, "basics") {
		return "", false // one section's say what they are like; the others say their pages once more
	}
	hashes := regexp.MustCompile(`([./-])[0-9a-f]{8,16}\.`)
	text = hashes.ReplaceAllString(string(body), "${1}HASH.")
	switch path.Ext(name) {
	case ".html":
		kept := regexp.MustCompile(`(?s)<html[^>]*>|<title>.*?</title>|<link rel="?(canonical|alternate)[^>]*>|<meta http-equiv="?refresh[^>]*>|<main.*</main>`)
		return strings.ReplaceAll(strings.Join(kept.FindAllString(text, -1), "\n"), "><", ">\n<") + "\n", true
	case ".xml", ".md", ".txt", ".ics":
		return strings.ReplaceAll(strings.ReplaceAll(text, "\r", "␍"), "><", ">\n<"), true
	case ".json":
		return strings.ReplaceAll(text, ",\"", ",\n\""), true
	}
	return "", false
}

func findingsText(t *testing.T, ds []diag.Diagnostic) string {
	var b bytes.Buffer
	if err := diag.WriteText(&b, ds, false); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// difference is the first line in which two texts differ.
func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "got  " + g[i] + "\nwant " + w[i]
		}
	}
	return "one is longer"
}
