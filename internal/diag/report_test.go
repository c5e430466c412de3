package diag_test

import (
	"encoding/json"
	"strings"
	"testing"

	"lectern/internal/diag"
)

// some are findings with all that may be awkward.
func some() []diag.Diagnostic {
	awkward := at("day 1/a,b:c%.md", 2, 5, diag.Error, "link-missing")
	awkward.Message, awkward.Hint = "100% wrong\nreally", "a, b"
	fixed := at("ü.md", 1, 1, diag.Info, "todo")
	fixed.Fix = &diag.Fix{Title: "t", Edits: []diag.Edit{{Start: 1, End: 3, New: "x"}, {Start: 5, End: 6}}}
	return []diag.Diagnostic{awkward, fixed, fixed, {Severity: diag.Warning, Rule: "no-file", Message: "m"}}
}

func texts(string) []byte { return []byte("\ufefferste\r\näöü\n") }

func TestGitHub(t *testing.T) {
	var b strings.Builder
	if err := diag.WriteGitHub(&b, some(), &diag.Report{Prefix: "no/tes", Text: texts}); err != nil {
		t.Fatal(err)
	}
	want := "::error file=no/tes/day 1/a%2Cb%3Ac%25.md,line=2,col=3,title=link-missing::100%25 wrong%0Areally%0Aa, b\n" +
		"::notice file=no/tes/ü.md,line=1,col=1,title=todo::m\n" +
		"::notice file=no/tes/ü.md,line=1,col=1,title=todo::m\n" +
		"::warning title=no-file::m\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func gitLab(t *testing.T, ds []diag.Diagnostic) []map[string]any {
	t.Helper()
	var b strings.Builder
	if err := diag.WriteGitLab(&b, ds, &diag.Report{Prefix: "."}); err != nil {
		t.Fatal(err)
	}
	var out []map[string]any
	if err := json.Unmarshal([]byte(b.String()), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestGitLab(t *testing.T) {
	got := gitLab(t, some())
	seen := map[any]bool{}
	for i, want := range []struct {
		path, severity string
		line           float64
	}{{"day 1/a,b:c%.md", "major", 2}, {"ü.md", "info", 1}, {"ü.md", "info", 1}, {"", "minor", 1}} {
		g := got[i]
		at := g["location"].(map[string]any)
		if at["path"] != want.path || g["severity"] != want.severity || at["lines"].(map[string]any)["begin"] != want.line {
			t.Errorf("%v", g)
		}
		if seen[g["fingerprint"]] || len(g["fingerprint"].(string)) != 32 {
			t.Errorf("each finding needs a fingerprint of its own: %v", g)
		}
		seen[g["fingerprint"]] = true
	}
	moved := some()
	for i := range moved {
		moved[i].Line += 10
	}
	for i, g := range gitLab(t, moved) {
		if g["fingerprint"] != got[i]["fingerprint"] {
			t.Error("a finding that moved in its file is the same one")
		}
	}
	if empty := gitLab(t, nil); empty == nil || len(empty) > 0 {
		t.Errorf("no findings are an empty list, not %v", empty)
	}
}

func TestSARIF(t *testing.T) {
	var b strings.Builder
	err := diag.WriteSARIF(&b, some(), &diag.Report{
		Tool: "Lectern", Version: "1.2", Text: texts,
		Rules: []diag.RuleInfo{{Name: "link-missing", Severity: diag.Error, Summary: "s", Help: "*h*"}, {Name: "todo", Severity: diag.Info, Summary: "t"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Schema  string `json:"$schema"`
		Version string
		Runs    []struct {
			ColumnKind string
			Tool       struct {
				Driver struct {
					Name, Version string
					Rules         []struct {
						ID                   string
						ShortDescription     struct{ Text string }
						Help                 struct{ Text, Markdown string }
						DefaultConfiguration struct{ Level string }
					}
				}
			}
			Results []struct {
				RuleID    string
				RuleIndex *int
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI, URIBaseID string }
						Region           struct{ StartLine, StartColumn int }
					}
				}
				PartialFingerprints map[string]string
				Fixes               []struct {
					Description     struct{ Text string }
					ArtifactChanges []struct {
						ArtifactLocation struct{ URI, URIBaseID string }
						Replacements     []struct {
							DeletedRegion   struct{ ByteOffset, ByteLength *int }
							InsertedContent *struct{ Text string }
						}
					}
				}
			}
		}
	}
	dec := json.NewDecoder(strings.NewReader(b.String()))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&log); err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	run := log.Runs[0]
	if log.Version != "2.1.0" || !strings.HasSuffix(log.Schema, "sarif-schema-2.1.0.json") || run.ColumnKind != "unicodeCodePoints" ||
		run.Tool.Driver.Name != "Lectern" || run.Tool.Driver.Rules[0].Help.Markdown != "*h*" || run.Tool.Driver.Rules[1].DefaultConfiguration.Level != "note" {
		t.Errorf("%s", b.String())
	}
	first, fixed, last := run.Results[0], run.Results[1], run.Results[3]
	place := first.Locations[0].PhysicalLocation
	if *first.RuleIndex != 0 || first.Level != "error" || place.ArtifactLocation.URI != "day%201/a%2Cb%3Ac%25.md" || place.ArtifactLocation.URIBaseID != "%SRCROOT%" ||
		place.Region.StartLine != 2 || place.Region.StartColumn != 3 || first.Message.Text != "100% wrong\nreally. Hint: a, b" || first.PartialFingerprints["lectern/v1"] == "" {
		t.Errorf("%+v", first)
	}
	reps := fixed.Fixes[0].ArtifactChanges[0].Replacements
	if *fixed.RuleIndex != 1 || len(reps) != 2 || *reps[0].DeletedRegion.ByteOffset != 1 || *reps[0].DeletedRegion.ByteLength != 2 ||
		reps[0].InsertedContent.Text != "x" || reps[1].InsertedContent != nil || fixed.Fixes[0].ArtifactChanges[0].ArtifactLocation.URI != "%C3%BC.md" {
		t.Errorf("%+v", fixed)
	}
	if last.RuleIndex != nil || last.Locations != nil || last.Level != "warning" {
		t.Errorf("%+v", last)
	}
}
