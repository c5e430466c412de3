package move_test

import (
	"strings"
	"testing"

	"lectern/internal/move"
)

func TestUnusable(t *testing.T) {
	for name, ok := range map[string]bool{
		"03_talk.md": true, "日本語.md": true, "ünïcode": true, "console.md": true, "com.md": true, "a b.md": true,
		"": false, "..": false, ".hidden": false, "nul": false, "NUL.md": false, "com1.md": false, "lpt9": false, "a.": false, "a ": false,
		"a:b": false, "a\x00b": false, "a\nb": false, "\xff": false, `a\b`: false,
	} {
		if why := move.Unusable(name); (why == "") != ok {
			t.Errorf("%q: %q", name, why)
		}
	}
	if move.Unusable(strings.Repeat("x", 201)) == "" {
		t.Error("a long name")
	}
}
