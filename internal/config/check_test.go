package config

import (
	"strings"
	"testing"
	"testing/fstest"

	"lectern/internal/diag"
)

func TestCheckSettings(t *testing.T) {
	load := func(text string) (*Config, []diag.Diagnostic, error) {
		return Load(fstest.MapFS{"lectern.yaml": {Data: []byte(text)}}, Options{})
	}
	c, ds, err := load("check:\n  rules:\n    todo: off\n    Stub: Warning\n    link-missing: error\n    heading-skip: false\n  pathStyle: '^a\\.md$'\n  imageSize: 1.5MB\n")
	if err != nil || len(ds) > 0 {
		t.Fatal(err, ds)
	}
	want := []RuleLevel{
		{Rule: "todo", Off: true, Severity: diag.Info, At: diag.Position{File: "lectern.yaml", Line: 3, Col: 5}},
		{Rule: "stub", Severity: diag.Warning, At: diag.Position{File: "lectern.yaml", Line: 4, Col: 5}},
		{Rule: "link-missing", Severity: diag.Error, At: diag.Position{File: "lectern.yaml", Line: 5, Col: 5}},
		{Rule: "heading-skip", Off: true, Severity: diag.Info, At: diag.Position{File: "lectern.yaml", Line: 6, Col: 5}},
	}
	if len(c.Check.Levels) != len(want) || c.Check.PathStyle != `^a\.md$` || c.Check.ImageSize != 3<<19 {
		t.Fatalf("%+v", c.Check)
	}
	for i := range want {
		if c.Check.Levels[i] != want[i] {
			t.Errorf("%+v, want %+v", c.Check.Levels[i], want[i])
		}
	}
	for file, want := range map[string]string{
		"check: {rules: {todo: of}}":     `lectern.yaml:1:23: error: check.rules.todo has no value "of" [config-value]` + "\n  hint: did you mean \"off\"?\n",
		"check: {rules: {todo: [a]}}":    `lectern.yaml:1:23: error: check.rules.todo has no value "" [config-value]` + "\n  hint: write off, info, warning or error\n",
		"check: {pathStyle: '['}":        "lectern.yaml:1:20: error: check.pathStyle is no regular expression: error parsing regexp: missing closing ]: `[` [config-value]\n  hint: put it in single quotes, so that backslashes count\n",
		"check: {imageSize: large}":      `lectern.yaml:1:20: error: check.imageSize: "large" is no size [config-value]` + "\n  hint: write it like 500kB or 2MB\n",
		"check: {imageSize: -5}":         `lectern.yaml:1:20: error: check.imageSize: "-5" is no size [config-value]` + "\n  hint: write it like 500kB or 2MB\n",
		"check: {rule: {todo: off}}":     `lectern.yaml:1:9: warning: no such key: check.rule [config-unknown-key]` + "\n  hint: did you mean \"rules\"?\n",
		"check: {spelling: brittish}":    `lectern.yaml:1:19: error: check.spelling has no value "brittish" [config-value]` + "\n  hint: did you mean \"british\"?\n",
		"check: {spelling: {}}":          `lectern.yaml:1:19: error: check.spelling must be a text, not a table [config-type]`,
		"check: {words: {a: b}}":         `lectern.yaml:1:16: error: check.words must be a list of texts, not a table [config-type]`,
		"check: {words: [a, b]}":         "",
		"check: {spelling: American}":    "",
		"check: {external: {ignore: a}}": "",
		"check: {external: {ignor: []}}": `lectern.yaml:1:20: warning: no such key: check.external.ignor [config-unknown-key]` + "\n  hint: did you mean \"ignore\"?\n",
		"check: {imageSize: 2 MiB}":      "",
		"check: {imageSize: 500000}":     "",
		"check: {rules: {todo: warn}}":   "",
	} {
		_, ds, err := load(file)
		if e, ok := err.(*Error); ok {
			ds = e.Diags
		}
		if got := strings.Join(text(ds), "\n"); got != strings.TrimSuffix(want, "\n") {
			t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
		}
	}
}
