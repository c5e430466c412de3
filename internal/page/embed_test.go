package page

import (
	"strings"
	"testing"

	"lectern/internal/note"
	"lectern/internal/site"
)

// Notes that are shown together keep their ids apart, and links between them
// stay on the page.
func TestEmbedded(t *testing.T) {
	b := newBuilder(testConfig())
	day := b.section(b.s.Home, "day1", "Day 1", nil)
	n := b.note("Alpha", `<h2 id="demo">Demo</h2><p title="x > y id=no"><a class="fn" href="#fn:1" id="ref:1">1</a> href="#text</p>`)
	n.Links = []note.Link{{Dest: "#demo"}, {Dest: "../beta/#end"}, {Dest: "../gamma/"}}
	at := len(n.Body.HTML)
	n.Body.HTML = append(n.Body.HTML, "selfbetagamma"...)
	n.Body.Holes = []note.Hole{
		{Pos: at, Kind: note.LinkOpen, Link: 0},
		{Pos: at + 4, Kind: note.LinkClose, Link: 0},
		{Pos: at + 4, Kind: note.LinkOpen, Link: 1},
		{Pos: at + 8, Kind: note.LinkClose, Link: 1},
		{Pos: at + 8, Kind: note.LinkOpen, Link: 2},
		{Pos: at + 13, Kind: note.LinkClose, Link: 2},
	}
	alpha := b.single(day, "alpha", n)
	beta := b.single(day, "beta", b.note("Beta", `<h2 id="demo">Demo</h2>`))
	alpha.Links = []site.Target{
		{Kind: site.TargetSelf, URL: "#demo"},
		{Kind: site.TargetPage, URL: "/day1/beta/#end"},
		{Kind: site.TargetPage, URL: "/day1/gamma/"},
	}
	print := b.special(site.Print, day, "print", alpha, beta)
	print.Unlisted = true
	pass := New(b.s.Config, Options{}).Pass(b.s)
	got := string(pass.Render(Output{Path: print.OutPath, Form: HTML, Page: print}).Bytes())
	for _, want := range []string{
		`id="n-alpha"`, `id="n-beta"`,
		`<h2 id="n-alpha-demo">`, `<h2 id="n-beta-demo">`,
		`<a class="fn" href="#n-alpha-fn:1" id="n-alpha-ref:1">1</a> href="#text</p>`,
		`<a href="#n-alpha-demo">self</a>`, `<a href="#n-beta-end">beta</a>`, `<a href="../../day1/gamma/">gamma</a>`,
		`<meta name="robots" content="noindex"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s:\n%s", want, got)
		}
	}
	// Whatever of its notes changes, the page is made again.
	before := pass.Key(Output{Path: print.OutPath, Form: HTML, Page: print})
	beta.Note.Key++
	if pass.Key(Output{Path: print.OutPath, Form: HTML, Page: print}) == before {
		t.Error("the key does not see a changed note")
	}
}
