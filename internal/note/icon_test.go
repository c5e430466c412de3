package note

import (
	"slices"
	"testing"
)

// An unknown icon is a finding with the nearest name, if one is near.
func TestUnknownIcon(t *testing.T) {
	o := Options{
		Icon:      func(name string) (string, bool) { return name, name == "star" },
		IconNames: func() []string { return []string{"star", "triangle-exclamation"} },
	}
	n := Parse("a.md", []byte("{{% icon fa-strar %}} {{% icon \"fas fa-triangle-exclamaton\" %}} {{% icon qqqqqqqqq %}}\n"), &o)
	var got []string
	for _, d := range n.Diags {
		got = append(got, d.Hint)
	}
	want := []string{`the nearest is "star"`, `the nearest is "triangle-exclamation"`, "the names are those of Font Awesome's free icons"}
	if !slices.Equal(got, want) {
		t.Errorf("hints %q, want %q", got, want)
	}
}
