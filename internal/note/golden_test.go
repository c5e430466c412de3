package note

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// variant are the options of a golden note beside Hugo's defaults, by its name.
func variant(name string) Options {
	o := hugoOptions()
	o.HighlightLineNumbersInTable = true
	switch name {
	case "extras":
		o.Subscript, o.Superscript, o.Mark, o.Insert = true, true, true, true
	case "attributes", "alerts":
		o.AttributeBlock = true
	case "hidden":
		o.HideTodos = true
	case "careful":
		o.Math = MathCareful
	case "passthrough":
		o.Math = MathMarked
		o.MathInline = []Delimiters{{"$", "$"}, {`\(`, `\)`}, {"@@", "@@"}}
		o.MathDisplay = []Delimiters{{`\[`, `\]`}}
	case "wraps":
		o.HardWraps = true
	case "colors":
		o.BoxStyles = []BoxStyle{{Identifier: "magic", Title: "Magic", Icon: "hand-sparkles", Color: "violet"}, {Identifier: "more", Style: "Magic", Icon: " "}}
	case "params":
		o.Params = map[string]any{
			"author": map[string]any{"name": "Ada"}, "editurl": "https://git.example.org/", "test": map[string]any{"text": "**bold** <b>x</b>"},
		}
	case "cjk":
		o.CJK, o.CJKEastAsianLineBreaks, o.CJKEscapedSpace = true, true, true
	}
	return o
}

// TestGolden compares notes with what they gave before. The HTML in
// testdata/hugo was compared with that of Hugo 0.145.0 when it was made: it is
// the same but for white space between blocks, loading="lazy" on pictures, the
// box around tables, names for check boxes, align instead of a style, comments that are left out, and
// alerts. testdata/shortcodes has no such model.
func TestGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/*/*.md")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d golden notes (%v)", len(paths), err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
		name := strings.TrimSuffix(filepath.Base(path), ".md")
		o := variant(name)
		n := NewParser(&o).Parse(name+".md", data)
		checkNote(t, n)
		got := describeNote(n)
		golden := strings.TrimSuffix(path, ".md") + ".html"
		if *update {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		want = bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n"))
		if !bytes.Equal(got, want) {
			t.Errorf("%s: %s", path, firstDifference(string(got), string(want)))
		}
	}
}

// describeNote is a note's HTML, and behind it, as comments, its findings.
func describeNote(n *Note) []byte {
	out := fill(n)
	for _, d := range n.Diags {
		out = fmt.Appendf(out, "<!-- %d:%d: %s: %s [%s] %s -->\n", d.Line, d.Col, d.Severity, d.Message, d.Rule, d.Hint)
	}
	return out
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		a, b := "(nothing)", "(nothing)"
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			return fmt.Sprintf("line %d\n got %s\nwant %s", i+1, a, b)
		}
	}
	return "no difference"
}
