package page

import (
	"strings"
	"testing"
)

// TestTitleKeepsItsID: links to the heading that became the title lead to the
// page's own heading, on a note's page and on a list's.
func TestTitleKeepsItsID(t *testing.T) {
	cfg := testConfig()
	b := newBuilder(cfg)
	index := b.note("Day", "<p>x</p>")
	index.TitleID = "a&b"
	sec := b.section(b.s.Home, "day", "Day", index)
	talk := b.note("Talk", "<p>y</p>")
	talk.TitleID = "the-talk"
	b.single(sec, "talk", talk)
	b.single(sec, "other", b.note("Other", "<p>z</p>"))
	out := rendered(t, New(cfg, Options{}).Pass(b.done()))
	for path, want := range map[string]string{
		"day/index.html": `<h1 id="a&amp;b">Day</h1>`, "day/talk/index.html": `<h1 id="the-talk">Talk</h1>`, "day/other/index.html": `<h1>Other</h1>`,
	} {
		if !strings.Contains(out[path], want) {
			t.Errorf("%s has no %s", path, want)
		}
	}
}
