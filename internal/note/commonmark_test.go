package note

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommonMark runs all examples of the specification, as goldmark's module
// has them, through Parse, with every extension off.
func TestCommonMark(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/yuin/goldmark").Output()
	if err != nil {
		t.Fatalf("finding goldmark's module: %v", err)
	}
	data, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "_test", "spec.json"))
	if err != nil {
		t.Fatal(err)
	}
	var examples []struct {
		Markdown, HTML, Section string
		Example                 int
	}
	if err := json.Unmarshal(data, &examples); err != nil {
		t.Fatal(err)
	}
	if len(examples) != 652 {
		t.Fatalf("the specification has %d examples; version 0.31.2 has 652", len(examples))
	}
	// Version 0.31 counts symbols as punctuation; this example shows it.
	p := newParser(&Options{UnsafeHTML: true, XHTML: true, WrapStandAloneImage: true}, true)
	version := false
	for _, e := range examples {
		version = version || strings.Contains(e.Markdown, "*£*bravo")
		// Front matter of its own keeps a rule from being one.
		n := p.Parse("x.md", []byte("---\n---\n"+e.Markdown))
		if got := string(fillWith(n, " />")); got != e.HTML {
			t.Errorf("example %d (%s)\n%q\n got %q\nwant %q", e.Example, e.Section, e.Markdown, got, e.HTML)
		}
	}
	if !version {
		t.Error("the examples are not those of version 0.31.2: the one about symbols beside emphasis is missing")
	}
}
