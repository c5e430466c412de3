package browser

import (
	"bytes"
	"os"
	"testing"

	"github.com/chromedp/cdproto/page"

	"lectern/internal/server"
)

// On paper there is the text alone: no navigation, each day on a page of its
// own, links with their addresses, nothing wider than the sheet.
func TestPrint(t *testing.T) {
	base := host(t, committed(t), "/2026/", server.Policy)
	const a4 = 794 // its width in CSS pixels
	for _, c := range []struct {
		name, path  string
		days, least int
	}{
		{"site", "print/", 2, 3},
		{"day", "day1/print/", 0, 2},
		{"note", "day1/02_inside-maps/", 0, 1},
		{"timetable", "timetable/", 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			tb := newTab(t, view{width: a4, height: 1123, dark: true, print: true})
			tb.open(base + c.path)
			for _, e := range eval[[]string](tb, `[...document.querySelectorAll("nav, header.top, footer, button, form, .toc")].filter((e) => e.checkVisibility() && !e.matches(".print-toc")).map((e) => e.outerHTML.slice(0, 100))`) {
				t.Errorf("on paper stands %s", e)
			}
			checkNoOverflow(tb, c.name)
			if n := eval[int](tb, `[...document.querySelectorAll("*")].filter((e) => getComputedStyle(e).breakBefore === "page").length`); n != c.days {
				t.Errorf("%d pages begin with a day, want %d", n, c.days)
			}
			for _, e := range eval[[]string](tb, `[...document.querySelectorAll('.text a[href^="http"]:not(.btn)')].filter((a) => !getComputedStyle(a, "::after").content.includes(a.getAttribute("href"))).map((a) => a.outerHTML)`) {
				t.Errorf("a link without its address: %s", e)
			}
			if ink := eval[string](tb, `getComputedStyle(document.body).color + getComputedStyle(document.documentElement).backgroundColor`); ink != "rgb(0, 0, 0)rgb(255, 255, 255)" {
				t.Errorf("a reader of dark pages prints %s", ink)
			}
			pdf := call(tb, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69}).Data
			if n := bytes.Count(pdf, []byte("/Type /Page\n")); n < c.least {
				t.Errorf("%d sheets, want at least %d", n, c.least)
			}
			if err := os.MkdirAll("screenshots", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile("screenshots/print-"+c.name+".pdf", pdf, 0o644); err != nil {
				t.Fatal(err)
			}
			tb.checkQuiet(c.name)
		})
	}
}
