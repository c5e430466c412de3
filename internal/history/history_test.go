package history

import (
	"strings"
	"testing"
	"time"
)

// commits are the newest first; each file is "path", "+path", "-path" or "to<from".
func commits(lines ...string) []Commit {
	var out []Commit
	for i, line := range lines {
		c := Commit{ID: ID(rune('a' + i)), Time: time.Unix(int64(1000-i), 0)}
		for f := range strings.FieldsSeq(line) {
			ch := Change{Path: strings.TrimLeft(f, "+-="), Old: "o", New: "n"}
			switch f[0] {
			case '+':
				ch.Old = ""
			case '-':
				ch.New = ""
			case '=': // moved as it was
				ch.New = "o"
			}
			ch.Path, ch.From, _ = strings.Cut(ch.Path, "<")
			c.Files = append(c.Files, ch)
		}
		out = append(out, c)
	}
	return out
}

func TestTrace(t *testing.T) {
	for _, c := range []struct {
		name    string
		commits []Commit
		path    string // in the oldest commit
		now     string
	}{
		{"edited", commits("a", "a"), "a", "a"},
		{"moved", commits("b<a", "a"), "a", "b"},
		{"moved twice", commits("c<b", "b<a", "a"), "a", "c"},
		{"gone", commits("-a", "a"), "a", ""},
		{"gone after a move", commits("-b", "b<a", "a"), "a", ""},
		{"another one came", commits("+a", "-a", "a"), "a", ""},
		{"another one came to where it had moved from", commits("+a", "b<a", "a"), "a", "b"},
		{"changed places", commits("a<b b<a", "a b"), "a", "b"},
		{"what was there before a move came", commits("b<a", "b"), "b", ""},
	} {
		tr := NewTrace()
		for i := range c.commits[:len(c.commits)-1] {
			tr.Back(&c.commits[i])
		}
		if now := tr.Now(c.path); now != c.now {
			t.Errorf("%s: %q is now %q, want %q", c.name, c.path, now, c.now)
		}
	}
}

func TestChanged(t *testing.T) {
	l := New(commits("x", "=b<a", "a c -d", "+a +c +d"))
	got := map[string]int64{}
	for path, at := range l.Changed {
		got[path] = 1000 - at.Unix()
	}
	if len(got) != 3 || got["x"] != 0 || got["b"] != 2 || got["c"] != 2 {
		t.Errorf("changed in commits %v; a move is no change, and what is gone has none", got)
	}
}
