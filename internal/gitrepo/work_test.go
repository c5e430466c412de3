package gitrepo

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestRedact(t *testing.T) {
	for text, want := range map[string]string{
		"fatal: unable to access 'https://ada:hunter2@example.org/x.git/': 403": "fatal: unable to access 'https://example.org/x.git/': 403",
		"https://token@host and ssh://git@host:22/x":                            "https://host and ssh://host:22/x",
		"https://a:p@ss@host/":         "https://host/",
		"https://host/a@b":             "https://host/a@b",
		"mail ada@example.org":         "mail ada@example.org",
		"https://ada:secret@host.name": "https://host.name",
	} {
		if got := Redact(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestReadStatus(t *testing.T) {
	got := readStatus("M\x00a b.md\x00R087\x00old.md\x00new.md\x00D\x00c.md\x00")
	if len(got) != 3 || got[0] != (Changed{"a b.md", 'M', ""}) || got[1] != (Changed{"new.md", 'R', "old.md"}) || got[2] != (Changed{"c.md", 'D', ""}) {
		t.Errorf("%+v", got)
	}
	if got := readStatus(""); len(got) != 0 {
		t.Errorf("of nothing: %+v", got)
	}
}

func TestJoinVersions(t *testing.T) {
	l, e, g := "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "===============================", ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>"
	for _, c := range []struct {
		name, text string
		front      bool
		lines      []int
	}{
		{"in the text", "---\na: 1\n---\nx\n" + l + " theirs\na\n" + e + "\nb\n" + g + " ours\n", false, []int{5}},
		{"in the front matter", "---\n" + l + " theirs\na: 1\n" + e + "\na: 2\n" + g + " ours\n---\nx\n", true, []int{2}},
		{"of the front matter's end", "---\na: 1\n" + l + " theirs\n---\n" + e + "\nb: 1\n---\n" + g + " ours\n", true, []int{3}},
		{"without front matter", "x\r\n" + l + " theirs\r\na\r\n" + e + "\r\nb\r\n" + g + " ours\r\n", false, []int{2}},
		{"all of it", l + " theirs\na\n" + e + "\nb\n" + g + " ours\n", true, []int{1}},
	} {
		if got := inFront(c.text); got != c.front {
			t.Errorf("%s: in the front matter: %v", c.name, got)
		}
		_, lines := joinVersions(c.text, "ada")
		if len(lines) != len(c.lines) || lines[0] != c.lines[0] {
			t.Errorf("%s: lines %v", c.name, lines)
		}
	}
}

// TestSilence runs what takes longer than the other side may be silent, but says
// something all the while, and what says nothing.
func TestSilence(t *testing.T) {
	w := OpenWork(repository(t))
	j := job{dir: w.dir, limit: 2 * time.Second, talks: true}
	j.args = []string{"-c", "alias.talk=!for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $i >&2; sleep 0.2; done", "talk"}
	if _, err := w.run(t.Context(), j); err != nil {
		t.Errorf("what goes on: %v", err)
	}
	j.limit, j.args = 200*time.Millisecond, []string{"-c", "alias.hush=!exec sleep 20", "hush"}
	if _, err := w.run(t.Context(), j); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("what is silent: %v", err)
	}
}
