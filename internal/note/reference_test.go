package note

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestReferenceIsCurrent holds the reference to the registry.
func TestReferenceIsCurrent(t *testing.T) {
	var want strings.Builder
	if err := WriteShortcodes(&want); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../docs/reference/shortcodes.md")
	if err != nil {
		t.Fatal(err)
	}
	if strings.ReplaceAll(string(got), "\r\n", "\n") != want.String() {
		t.Error("docs/reference/shortcodes.md is not what the code says: run go generate ./internal/cli")
	}
}

// TestRegistry: every shortcode says what it shows, no name stands for two, and
// no two parameters have a name or a place in common.
func TestRegistry(t *testing.T) {
	g := newRegistry()
	if len(g.names) != len(g.byName) {
		t.Errorf("%d names for %d entries: %v", len(g.names), len(g.byName), g.names)
	}
	for name, d := range g.byName {
		if d.about == "" || d.show == nil || strings.ToLower(name) != name {
			t.Errorf("%s has no description or shows nothing", name)
		}
		var names []string
		places := map[int]bool{}
		for _, p := range d.params {
			names = append(append(names, p.name), p.aliases...)
			if aboutParam(d.name, p.name) == "" {
				t.Errorf("nothing says what the parameter %s of %s does", p.name, name)
			}
			if p.pos > 0 && places[p.pos] {
				t.Errorf("%s: two parameters at place %d", name, p.pos)
			}
			places[p.pos] = true
		}
		slices.Sort(names)
		if len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("%s: a parameter's name stands for two: %v", name, names)
		}
	}
	for key := range paramTexts() {
		d, p := "", key
		if shortcode, name, both := strings.Cut(key, " "); both {
			d, p = shortcode, name
		}
		used := slices.ContainsFunc(g.names, func(name string) bool {
			def := g.byName[name]
			return (d == "" || def.name == d) && slices.ContainsFunc(def.params, func(x param) bool { return x.name == p })
		})
		if !used {
			t.Errorf("a text describes %q, which is no parameter", key)
		}
	}
	// What the themes and Hugo have, as the issue lists it.
	for _, name := range strings.Fields(`attachments badge button callout card cards children expand details highlight icon include math mermaid
		notice info note tip warning openapi swagger pages resources siteparam tab tabs tree figure gist param qr ref relref x twitter tweet
		x_simple youtube vimeo`) {
		if g.find(name) == nil {
			t.Errorf("there is no shortcode %s", name)
		}
	}
}
