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

func TestTodos(t *testing.T) {
	for yaml, want := range map[string]bool{"": false, "todos: hide\n": true, "todos: HIDE\n": true, "todos: show\n": false} {
		cfg, found := load(t, files("lectern.yaml", yaml))
		if cfg.HideTodos != want || len(found) > 0 {
			t.Errorf("%q hides TODOs: %t, with findings %q", yaml, cfg.HideTodos, found)
		}
	}
	if cfg, found := load(t, files("lectern.yaml", "todos: off\n")); cfg.HideTodos || len(found) != 1 {
		t.Errorf("an unknown value hides: %t, with findings %q", cfg.HideTodos, found)
	}
}
