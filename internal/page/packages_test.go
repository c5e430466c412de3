package page

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestPackages(t *testing.T) {
	data, err := os.ReadFile("../../web/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var pinned struct {
		DevDependencies map[string]string `json:"devDependencies"`
	}
	if err := json.Unmarshal(data, &pinned); err != nil {
		t.Fatal(err)
	}
	all := Packages(func(string) bool { return true })
	byName := map[string]Package{}
	for _, p := range all {
		byName[p.Name] = p
		if p.Version == "" {
			t.Errorf("%s has no version", p.Name)
		}
	}
	diagrams, icons := byName["mermaid"], byName["@fortawesome/fontawesome-free"]
	if diagrams.Version != pinned.DevDependencies["mermaid"] || diagrams.Licence != "MIT" || !strings.HasPrefix(diagrams.Path, "lectern/mermaid.min.") {
		t.Errorf("%+v", diagrams)
	}
	if icons.Version != pinned.DevDependencies["@fortawesome/fontawesome-free"] || icons.Licence != "CC-BY-4.0" || icons.Path != "" {
		t.Errorf("%+v", icons)
	}
	if len(all) < 50 || strings.Count(packageList, "\n") != len(all) {
		t.Errorf("%d packages of %d lines", len(all), strings.Count(packageList, "\n"))
	}
	// A site without diagrams does not publish what draws them.
	if got := Packages(func(string) bool { return false }); len(got) != 1 || got[0] != icons {
		t.Errorf("%+v", got)
	}
}
