package diag_test

import (
	"strings"
	"testing"

	"lectern/internal/diag"
)

func at(file string, line, col int, sev diag.Severity, rule string) diag.Diagnostic {
	return diag.Diagnostic{Position: diag.Position{File: file, Line: line, Col: col}, Severity: sev, Rule: rule, Message: "m"}
}

func TestSort(t *testing.T) {
	got := diag.Sort([]diag.Diagnostic{
		at("b", 1, 1, diag.Error, "x"), at("a", 10, 1, diag.Error, "x"), at("a", 9, 2, diag.Warning, "x"),
		at("a", 9, 2, diag.Warning, "x"), at("a", 9, 1, diag.Info, "x"),
	})
	var b strings.Builder
	if err := diag.WriteText(&b, got, false); err != nil {
		t.Fatal(err)
	}
	want := "a:9:1: info: m [x]\na:9:2: warning: m [x]\na:10:1: error: m [x]\nb:1:1: error: m [x]\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if e, w := diag.Count(got); e != 2 || w != 1 {
		t.Errorf("%d errors, %d warnings", e, w)
	}
}

func TestTextIsSafeForTerminals(t *testing.T) {
	d := at("a\x1b]0;evil\x07.md", 0, 0, diag.Error, "r")
	d.Message, d.Hint = "no \x1b[2J ünï", "line\nbreak"
	var b strings.Builder
	if err := diag.WriteText(&b, []diag.Diagnostic{d}, false); err != nil {
		t.Fatal(err)
	}
	want := `a\x1b]0;evil\a.md: error: no \x1b[2J ünï [r]` + "\n  hint: line\\nbreak\n"
	if b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}

func TestJSON(t *testing.T) {
	var b strings.Builder
	if err := diag.WriteJSON(&b, nil); err != nil || b.String() != "[]\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
	b.Reset()
	d := at("a.md", 3, 4, diag.Warning, "link-missing")
	d.Hint = "<b>"
	if err := diag.WriteJSON(&b, []diag.Diagnostic{d}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"file": "a.md"`, `"line": 3`, `"col": 4`, `"severity": "warning"`, `"rule": "link-missing"`, `"message": "m"`, `"hint": "\u003cb\u003e"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s lacks %s", b.String(), want)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"button", "badge", "notice", "mermaid", "relref"}
	for word, want := range map[string]string{
		"buton": "button", "Notice": "notice", "mermeid": "mermaid", "reref": "relref",
		"xyz": "", "": "", "completely-different": "", strings.Repeat("b", 5000): "",
	} {
		if got := diag.Nearest(word, names); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func TestFixes(t *testing.T) {
	fixed := func(title string) diag.Diagnostic {
		d := at("a.md", 1, 2, diag.Warning, "r")
		d.Fix = &diag.Fix{Title: title, Sure: true, Edits: []diag.Edit{{Start: 3, End: 5, New: "x"}}}
		return d
	}
	got := diag.Sort([]diag.Diagnostic{at("a.md", 1, 2, diag.Warning, "r"), fixed("b"), fixed("a"), fixed("a")})
	if len(got) != 1 || got[0].Fix == nil || got[0].Fix.Title != "a" {
		t.Fatalf("one finding with the first fix must be left, not %v", got)
	}
	if got[0].Bare() != at("a.md", 1, 2, diag.Warning, "r") || got[0].Fix == nil {
		t.Error("a bare copy has no fix, and its original keeps it")
	}
	var b strings.Builder
	if err := diag.WriteJSON(&b, got); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"title": "a"`, `"sure": true`, `"start": 3`, `"end": 5`, `"new": "x"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s lacks %s", b.String(), want)
		}
	}
}
