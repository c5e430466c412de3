package build_test

import (
	"strings"
	"testing"

	"lectern/internal/build"
)

// A plain folder may hold anything: what nobody put there for readers is not
// published, whatever a note lists or links.
func TestPlainFolderKeepsToItself(t *testing.T) {
	r := buildOnce(t, build.Options{Dir: project(t, map[string]string{
		"README.md":      "# Notes\n\n{{% resources /%}}\n\n[config](lectern.yaml) [paper](paper.pdf)\n",
		"day1/_index.md": "# Day\n\n{{% resources /%}}\n",
		"day1/map.pdf":   "map",
		"lectern.yaml":   "title: T\n", "id_rsa": "key", "paper.pdf": "paper", "files/handout.pdf": "for readers",
	})})
	for _, name := range []string{"lectern.yaml", "id_rsa"} {
		if r.Snapshot.Lookup(name) != nil {
			t.Errorf("%s is published", name)
		}
	}
	for _, name := range []string{"paper.pdf", "day1/map.pdf"} {
		if r.Snapshot.Lookup(name) == nil {
			t.Errorf("%s, which a note uses, is not published", name)
		}
	}
}

// No alias turns a file whose address programs know into a folder.
func TestAliasesLeaveKnownFilesAlone(t *testing.T) {
	r := buildOnce(t, build.Options{Dir: project(t, map[string]string{
		"hugo.toml":    "title = \"T\"\n",
		"content/a.md": "---\ntitle: A\naliases: [/sw.js, /index.json/x, /llms.txt, /fine]\n---\n",
	})})
	if f := r.Snapshot.Lookup("sw.js"); f == nil {
		t.Error("there is no service worker")
	}
	if r.Snapshot.Lookup("fine/index.html") == nil {
		t.Error("a harmless alias is gone")
	}
	found := 0
	for _, d := range r.Diags {
		if d.Rule == "alias-duplicate" && strings.Contains(d.Message, "is a file that Lectern makes") {
			found++
		}
	}
	if found != 3 {
		t.Errorf("%d findings, want 3: %v", found, r.Diags)
	}
}
