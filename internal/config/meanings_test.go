package config

import (
	"slices"
	"testing"
)

func TestMeanings(t *testing.T) {
	cfg, found := load(t, files("lectern.yaml", "meanings:\n  recommendations: [Picks, Ansehen]\n  people: []\n  questions: Asked\n"))
	if m := cfg.Meanings; !slices.Equal(m.Recommendations, []string{"Picks", "Ansehen"}) || m.People == nil || len(m.People) > 0 ||
		!slices.Equal(m.Questions, []string{"Asked"}) {
		t.Errorf("read %#v", m)
	}
	if len(found) > 0 {
		t.Errorf("findings: %q", found)
	}
	if cfg, _ := load(t, files("lectern.yaml", "")); cfg.Meanings.People != nil || cfg.Meanings.Recommendations != nil || cfg.Meanings.Questions != nil {
		t.Errorf("names without any configured: %#v", cfg.Meanings)
	}
	if _, found := load(t, files("lectern.yaml", "meanings:\n  hallway: [x]\n")); len(found) != 1 {
		t.Errorf("an unknown meaning gives %q", found)
	}
}
