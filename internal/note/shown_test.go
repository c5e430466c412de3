package note

import (
	"testing"
)

// What is counted of a text is what readers see of it.
func TestShown(t *testing.T) {
	for text, want := range map[string]struct{ shown, hiding string }{
		"one\ntwo\n": {"one\ntwo\n", "one\ntwo\n"},
		"one <!-- not\nthis --> two <!-- nor this":      {"one   two  ", "one   two  "},
		"one\nTODO two\n- [ ] three\n- TODO: four\n":    {"one\nTODO two\n- [ ] three\n- TODO: four\n", "one\n- [ ] three\n"},
		"one\n- [ ] TODO two\n- [x] TODO three\n":       {"one\n- [ ] TODO two\n- [x] TODO three\n", "one\n- [x] TODO three\n"},
		"> 1. **TODO** x\ntodo lists are long\n":        {"> 1. **TODO** x\ntodo lists are long\n", "todo lists are long\n"},
		"## TODO\n\nx\n\n### y\n\nz\n\n## End\n\nshown": {"## TODO\n\nx\n\n### y\n\nz\n\n## End\n\nshown", "## End\n\nshown"},
		"## TODO: x\n\nshown":                           {"## TODO: x\n\nshown", "\nshown"},
	} {
		if got := string(NewParser(&Options{}).shown([]byte(text))); got != want.shown {
			t.Errorf("%q shows %q, want %q", text, got, want.shown)
		}
		if got := string(NewParser(&Options{HideTodos: true}).shown([]byte(text))); got != want.hiding {
			t.Errorf("%q without what is to be done shows %q, want %q", text, got, want.hiding)
		}
	}
}
