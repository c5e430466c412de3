package starter_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"lectern/internal/starter"
)

// titles are such as people, or their keyboards, may type.
func titles() []string {
	return []string{"GopherCamp 2026", "x: y", `a "b" \c`, "yes", "2026", "# no remark", "ünïcode – 日本語", "{{title}}", "- a", "'", "a\nb: c", "&a *b !c", "on"}
}

func TestFiles(t *testing.T) {
	for _, title := range titles() {
		for _, lang := range []string{"en", "de", "de-CH", "no"} {
			files, err := starter.Files(starter.Options{Title: title, Language: lang})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				text := string(f.Data)
				if title != "{{title}}" && strings.Contains(text, "{{title}}") || strings.Contains(text, "{{note}}") {
					t.Errorf("%s: something was not filled in:\n%s", f.Path, text)
				}
				switch {
				case f.Path == "lectern.yaml":
				case strings.HasSuffix(f.Path, ".md"):
					_, rest, _ := strings.Cut(text, "---\n")
					text, _, _ = strings.Cut(rest, "\n---\n")
				default:
					continue
				}
				var m map[string]any
				if err := yaml.Unmarshal([]byte(text), &m); err != nil {
					t.Errorf("%s, %q: %v\n%s", f.Path, title, err, text)
				}
				if f.Path == "lectern.yaml" && (m["title"] != title || m["language"] != lang) {
					t.Errorf("%q, %q became %q, %q", title, lang, m["title"], m["language"])
				}
			}
		}
	}
}

func TestWorkflow(t *testing.T) {
	paths := map[string]bool{}
	for _, ci := range starter.Forges() {
		for _, o := range []starter.Options{
			{}, {Source: "https://git.example.org/lectern.git", Version: "v1.0"}, {Branch: "release/2026", Source: "ssh://git@host/x: y #z"},
		} {
			o.CI = ci
			f, err := starter.Workflow(o)
			if err != nil {
				t.Fatal(err)
			}
			paths[f.Path] = true
			var m map[string]any
			if err := yaml.Unmarshal(f.Data, &m); err != nil {
				t.Fatalf("%s: %v\n%s", f.Path, err, f.Data)
			}
			if text := string(f.Data); strings.Contains(strings.ReplaceAll(text, "${{", ""), "{{") || !strings.Contains(text, "lectern build --strict") {
				t.Errorf("%s:\n%s", f.Path, text)
			}
			vars, _ := m["env"].(map[string]any)
			if ci == "gitlab" {
				vars, _ = m["variables"].(map[string]any)
			}
			if o.Source != "" && fmt.Sprint(vars["LECTERN_SOURCE"]) != o.Source {
				t.Errorf("%s: the source is %v", f.Path, vars["LECTERN_SOURCE"])
			}
			if ci != "gitlab" && m["jobs"] == nil || ci == "gitlab" && m["pages"] == nil {
				t.Errorf("%s has no jobs:\n%s", f.Path, f.Data)
			}
		}
	}
	if len(paths) != len(starter.Forges()) {
		t.Errorf("workflows at %v", paths)
	}
	if _, err := starter.Workflow(starter.Options{CI: "none"}); err == nil {
		t.Error("a workflow for nobody")
	}
}
