package edit_test

import (
	"testing"

	"lectern/internal/diag"
	"lectern/internal/edit"
)

func TestApply(t *testing.T) {
	for _, c := range []struct {
		name, src string
		edits     []diag.Edit
		want      string // "" for an error
	}{
		{"none", "abc", nil, "abc"},
		{"in any order", "abc", []diag.Edit{{Start: 2, End: 3, New: "C"}, {Start: 0, End: 1, New: "AA"}}, "AAbC"},
		{"insertions at one place keep their order", "ab", []diag.Edit{{Start: 1, End: 1, New: "1"}, {Start: 1, End: 1, New: "2"}}, "a12b"},
		{"insertion before a replacement", "ab", []diag.Edit{{Start: 1, End: 2, New: "B"}, {Start: 1, End: 1, New: "-"}}, "a-B"},
		{"removal", "a\r\nb", []diag.Edit{{Start: 1, End: 3}}, "ab"},
		{"overlap", "abc", []diag.Edit{{Start: 0, End: 2}, {Start: 1, End: 3}}, ""},
		{"behind the end", "abc", []diag.Edit{{Start: 2, End: 4}}, ""},
		{"before the start", "abc", []diag.Edit{{Start: -1, End: 0}}, ""},
		{"backwards", "abc", []diag.Edit{{Start: 2, End: 1}}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := edit.Apply([]byte(c.src), c.edits)
			if (err != nil) != (c.want == "") || string(got) != c.want {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
		})
	}
}
