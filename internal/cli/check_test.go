package cli

import (
	"bytes"
	"strings"
	"testing"

	"lectern/internal/diag"
)

// asked gives the answers to the questions about three findings and returns
// which fixes were taken, and what was printed.
func asked(t *testing.T, answers string) (taken []bool, printed string) {
	t.Helper()
	var out bytes.Buffer
	a := newApp(Streams{In: strings.NewReader(answers), Err: &out})
	text := "one two three\n"
	q := &asking{
		app: a, read: func(string) ([]byte, error) { return []byte(text), nil },
		answers: map[diag.Diagnostic]bool{}, rules: map[string]bool{},
	}
	for i, at := range []int{0, 4, 8} {
		d := diag.Diagnostic{
			Position: diag.Position{File: "a.md", Line: 1, Col: at + 1}, Rule: "r", Message: "m",
			Fix: &diag.Fix{Title: "write \x1bX", Edits: []diag.Edit{{Start: at, End: at + 3, New: "X"}}, Sure: answers == "sure"},
		}
		taken = append(taken, q.take(&d))
		if again := q.take(&d); again != taken[i] {
			t.Errorf("asked twice, the answer is another one")
		}
	}
	return taken, out.String()
}

func TestAsking(t *testing.T) {
	for answers, want := range map[string]string{
		"y\nn\nyes\n":      "true false true",
		"n\na\n":           "false true true",
		"y\nq\n":           "true false false",
		"what\nY\n\n":      "true false false",
		"":                 "false false false",
		"sure":             "true true true",
		"no\nNO\nALL\n\n":  "false false true",
		"y\ny\ny and more": "true true false",
	} {
		taken, printed := asked(t, answers)
		if got := fmtBools(taken); got != want {
			t.Errorf("%q: %s, want %s", answers, got, want)
		}
		if answers == "sure" {
			if printed != "" {
				t.Errorf("nobody is to be asked about what is sure: %q", printed)
			}
			continue
		}
		if !strings.Contains(printed, "-one two three\n+X two three\n") || strings.Contains(printed, "\x1bX") {
			t.Errorf("%q: a person must see the change, and no control characters: %q", answers, printed)
		}
	}
}

func fmtBools(bs []bool) string {
	var words []string
	for _, b := range bs {
		if b {
			words = append(words, "true")
		} else {
			words = append(words, "false")
		}
	}
	return strings.Join(words, " ")
}
