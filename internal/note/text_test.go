package note

import (
	"strings"
	"testing"
)

// A note's text and where its headings stand in it: what search is made of.
func TestTextByHeading(t *testing.T) {
	n := parse(t, "a.md", "---\ntitle: T\n---\nBefore *all*.\n\n## First  one\n\nBelow `it`,\nsoft.\n\n- a\n- b\n\n### Empty\n\n## Last {#l}\n\n```go\nx  := 1\n```\n\n{{% expand \"More\" %}}\n#### Deep\n\nInside.\n{{% /expand %}}\n")
	var got []string
	from := 0
	for _, h := range n.Headings {
		got = append(got, string(n.Text[from:h.At]), "#"+string(n.Text[h.At:h.End]))
		from = h.End
	}
	got = append(got, string(n.Text[from:]))
	for i := range got {
		got[i] = strings.TrimSpace(strings.Replace(got[i], "#\n", "#", 1))
	}
	want := []string{
		"Before all.", "#First one", "Below it, soft.\na\nb", "#Empty", "", "#Last",
		"x := 1\nMore", "#Deep", "Inside.",
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestTextPlacesStayInside(t *testing.T) {
	for _, src := range []string{"", "#", "## \n", "# T\n\n## \n\n## x", "{{% notice %}}\n## a\n{{% /notice %}}", "![# a](b)\n\n## ![x](y)\n", "<div>\n\n## a\n\n</div>"} {
		n := parse(t, "a.md", src)
		last := 0
		for _, h := range n.Headings {
			if h.At < last || h.End < h.At || h.End > len(n.Text) {
				t.Errorf("%q: heading at %d to %d, after %d, in a text of %d", src, h.At, h.End, last, len(n.Text))
			}
			last = h.End
		}
	}
}

// The text of a joined note is that of its parts, each below its author's name.
func TestTextOfJoinedNote(t *testing.T) {
	a, b := parse(t, "a.md", "# S\n\nOne.\n\n## H\n\nTwo.\n"), parse(t, "b.md", "# S\n\nThree.\n\n## H\n\nFour.\n")
	n := Join([]Part{{Note: a, Name: "Ann"}, {Note: b, Name: "Bob"}})
	var got []string
	for i, h := range n.Headings {
		end := len(n.Text)
		if i+1 < len(n.Headings) {
			end = n.Headings[i+1].At
		}
		got = append(got, strings.TrimSpace(string(n.Text[h.At:h.End]))+": "+strings.TrimSpace(string(n.Text[h.End:end])))
	}
	if want := "Ann: One.|H: Two.|Bob: Three.|H: Four."; strings.Join(got, "|") != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if string(a.Text) == string(n.Text) || strings.Contains(string(a.Text), "Ann") {
		t.Error("a part's own text was changed")
	}
}
