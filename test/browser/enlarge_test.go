package browser

import (
	"fmt"
	"math"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"lectern/internal/server"
)

const wideDiagram = "# Wide\n\n```mermaid\nflowchart LR\n a[A long word here] --> b[Another long word here] --> c[Yet another one of them] --> " +
	"d[And the fourth of these] --> e[And the fifth of these boxes] --> f[the sixth] --> g[the seventh]\n```\n\nWords below.\n"

// A diagram that is wider than the text is scaled to it on a desk, scrolls in
// itself on a phone, and has the whole screen at the touch of a key.
func TestWideDiagram(t *testing.T) {
	base := host(t, build(t, project(t, map[string]string{"index.md": "# Home\n", "wide.md": wideDiagram}), true), "/", server.Policy)
	for _, v := range views() {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			tb := newTab(t, v)
			tb.open(base + "wide/")
			tb.waitFor("the diagram", `document.querySelector(".diagram[data-state=drawn]")`)
			const inFrame = `document.querySelector(".diagram iframe").contentDocument`
			type sizes struct{ Drawing, Natural, Frame float64 }
			const measure = `((d) => ({Drawing: d.querySelector("svg").getBoundingClientRect().width,
				Natural: d.querySelector("svg").viewBox.baseVal.width, Frame: d.documentElement.clientWidth}))(` + inFrame + `)`
			s := eval[sizes](tb, measure)
			if s.Natural < s.Frame {
				t.Fatalf("the diagram is not wide: %+v", s)
			}
			if scrolls := s.Drawing > s.Frame+1; scrolls != (v.width == phone.width) {
				t.Errorf("beside the text: %+v", s)
			}
			below := `document.querySelector(".diagram + p").getBoundingClientRect().top`
			before := eval[float64](tb, below)
			eval[bool](tb, `document.querySelector(".diagram-foot > button").focus(), true`)
			tb.press(kb.Enter)
			tb.waitFor("the large diagram", inFrame+`.documentElement.classList.contains("large") && document.querySelector(".diagram-frame:popover-open")`)
			if s := eval[sizes](tb, measure); s.Drawing < s.Natural-1 {
				t.Errorf("large: %+v", s)
			}
			if after := eval[float64](tb, below); math.Abs(after-before) > 0.1 {
				t.Errorf("the text below moved from %v to %v", before, after)
			}
			tb.screenshot("large-" + v.String())
			tb.press(kb.Escape)
			tb.waitFor("the page as it was", `!document.querySelector(".diagram-frame:popover-open") && Math.abs(`+below+` - `+fmt.Sprint(before)+`) < 0.1`)
			tb.checkQuiet("wide diagram")
		})
	}
}
