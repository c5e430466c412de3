package browser

import (
	"strings"
	"testing"

	"lectern/internal/server"
)

// A line of text has about 65 to 75 letters where there is room for them, and
// a phone's bar shows a usual title whole.
func TestMeasure(t *testing.T) {
	words := strings.Repeat("The speakers showed how they had moved their services without a single night of work, and what they would not do again. ", 12)
	site := build(t, project(t, map[string]string{"index.md": "# DevConf Berlin 2026\n\n" + words + "\n", "note.md": "# Note\n\n" + words + "\n"}), true)
	base := host(t, site, "/", server.Policy)
	for _, width := range []int64{1280, 1600, 2400} {
		tb := newTab(t, view{width: width, height: 800})
		for _, p := range []string{"", "note/"} {
			tb.open(base + p)
			got := eval[float64](tb, `((p) => p.textContent.length / (p.getBoundingClientRect().height / parseFloat(getComputedStyle(p).lineHeight)))(document.querySelector(".text > p"))`)
			if got < 60 || got > 78 { // what is in between depends on the font
				t.Errorf("at %d px a line of %q has %.1f letters", width, p, got)
			}
		}
	}
	tb := newTab(t, phone)
	tb.open(base)
	if !eval[bool](tb, `((b) => b.scrollWidth <= b.clientWidth)(document.querySelector(".brand"))`) {
		t.Error("the phone's bar cuts the title off")
	}
}
