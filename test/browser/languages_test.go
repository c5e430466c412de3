package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"lectern/internal/server"
)

// The keyboard alone leads from a page to its translation, and where it has
// none to the other language's home.
func TestLanguageSwitch(t *testing.T) {
	source := axe(t)
	base := host(t, build(t, example, true), "/2026/", server.Policy)
	for _, v := range views() {
		t.Run(v.String(), func(t *testing.T) {
			tb := newTab(t, v)
			for _, way := range []struct{ from, to, lang string }{
				{"day1/02_inside-maps/", "de/day1/02_inside-maps/", "de"},
				{"de/day1/02_inside-maps/", "day1/02_inside-maps/", "en"},
				{"day2/06_panel/", "de/", "de"},
			} {
				tb.open(base + way.from)
				tabTo(tb, ".top-langs")
				tb.press(kb.Enter)
				tb.waitFor("the list of languages", `document.querySelector("#l-langs:popover-open")`)
				checkNoOverflow(tb, way.from)
				tb.checkAccessible("languages "+v.String(), source)
				tb.screenshot("languages-" + v.String())
				tabTo(tb, `#l-langs a[lang="`+way.lang+`"]`)
				tb.press(kb.Enter)
				tb.waitFor("the other language", `document.documentElement?.lang === "`+way.lang+`"`)
				if at := eval[string](tb, `location.href`); !strings.HasSuffix(at, "/2026/"+way.to) {
					t.Errorf("from %s the way leads to %s, want %s", way.from, at, way.to)
				}
			}
		})
	}
}
