package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"lectern/internal/server"
)

// focused describes what has the focus: its tag, name and target.
const focused = `((e) => e === null || e === document.body ? "nothing" :
	[e.localName, e.getAttribute("aria-label") ?? e.textContent.trim().replace(/\s+/g, " ").slice(0, 60), e.getAttribute("href") ?? ""].join(" | "))(document.activeElement)`

// tabTo presses Tab until an element that matches the selector has the focus,
// and checks that each one on the way shows that it has it.
func tabTo(tb *tab, selector string) {
	tb.t.Helper()
	var way []string
	for range 150 {
		tb.press(kb.Tab)
		way = append(way, eval[string](tb, focused))
		if !eval[bool](tb, `((e) => { if (e === null || e === document.body) return true;
			const s = getComputedStyle(e), r = e.getBoundingClientRect();
			return r.width > 0 && r.height > 0 && (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none") })(document.activeElement)`) {
			tb.t.Errorf("nobody sees that this has the focus: %s", way[len(way)-1])
		}
		if eval[bool](tb, `document.activeElement?.matches(`+"`"+selector+"`"+`) ?? false`) {
			return
		}
	}
	tb.t.Fatalf("Tab never leads to %s, but to\n\t%s", selector, strings.Join(way, "\n\t"))
}

// By keyboard alone one skips to the text, goes to a heading by the table of
// contents, and to another page by the menu.
func TestKeyboard(t *testing.T) {
	base := host(t, build(t, example, true), "/2026/", server.Policy)
	note := base + "day1/02_inside-maps/"

	t.Run("skip link", func(t *testing.T) {
		tb := newTab(t, desk)
		tb.open(note)
		tb.press(kb.Tab)
		if got := eval[string](tb, focused); !strings.Contains(got, "Skip") {
			t.Fatalf("the first Tab leads to %q, want the link that skips to the text", got)
		}
		if !eval[bool](tb, `((r) => r.top >= 0 && r.left >= 0 && r.bottom <= innerHeight)(document.activeElement.getBoundingClientRect())`) {
			t.Error("the skip link is not on the screen while it has the focus")
		}
		tb.press(kb.Enter)
		tb.press(kb.Tab)
		if !eval[bool](tb, `document.querySelector("main").contains(document.activeElement)`) {
			t.Errorf("after the skip link, Tab leads to %q, want something in the text", eval[string](tb, focused))
		}
	})
	t.Run("contents", func(t *testing.T) {
		for _, v := range []view{phone, desk} {
			tb := newTab(t, v)
			tb.open(note)
			if !eval[bool](tb, `document.querySelector(".toc details").open`) {
				tabTo(tb, ".toc summary")
				tb.press(kb.Enter)
			}
			tabTo(tb, `.toc a[href="#what-it-means-for-your-code"]`)
			tb.press(kb.Enter)
			tb.waitFor("the heading at the top", `((y) => y > -5 && y < innerHeight / 2)(document.getElementById("what-it-means-for-your-code").getBoundingClientRect().top)`)
		}
	})
	t.Run("menu", func(t *testing.T) {
		for _, v := range []view{phone, desk} {
			tb := newTab(t, v)
			tb.open(note)
			if v.width == phone.width {
				openMenu(tb)
			}
			tabTo(tb, `nav.menu a[href$="day2/"]`)
			tb.press(kb.Enter)
			tb.waitFor("the other day", `location.pathname === "/2026/day2/" && document.readyState === "complete"`)
			tb.checkQuiet("menu")
		}
	})
	t.Run("menu closes", func(t *testing.T) {
		tb := newTab(t, phone)
		tb.open(note)
		openMenu(tb)
		tb.press(kb.Escape)
		tb.waitFor("the closed menu", `!document.querySelector("nav.menu").matches(":popover-open")`)
		if got := eval[string](tb, focused); !strings.Contains(strings.ToLower(got), "menu") {
			t.Errorf("after the menu closed, the focus is on %q, want its button", got)
		}
	})
}

// openMenu opens the phone's menu by keyboard.
func openMenu(tb *tab) {
	tb.t.Helper()
	tabTo(tb, `button[popovertarget]`)
	tb.press(kb.Enter)
	tb.waitFor("the menu", `document.querySelector("nav.menu").matches(":popover-open")`)
}

// walk notes every element that gets the focus, and whether one sees that it has it.
const walk = `(() => {
	self.walked = new Set(); self.unseen = [];
	addEventListener("focusin", ({target: e}) => {
		walked.add(e);
		const s = getComputedStyle(e), r = e.getBoundingClientRect();
		const outlined = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none";
		if (e.localName !== "iframe" && !(r.width > 0 && r.height > 0 && outlined)) unseen.push(e.outerHTML.slice(0, 120));
	});
	return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")].filter(isFor).length;
})()`

// isFor says whether an element is one that a reader could click on now.
const isFor = `self.isFor = (e) => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.getBoundingClientRect().width > 0, true`

// On every kind of page, Tab leads to everything that a reader can click on,
// and one sees where one is.
func TestKeyboardReachesAll(t *testing.T) {
	base := host(t, committed(t), "/2026/", server.Policy)
	for _, v := range []view{phone, desk} {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			tb := newTab(t, v)
			for _, k := range kinds {
				tb.open(base + k.path)
				if eval[bool](tb, `document.querySelector("pre.mermaid") !== null`) {
					eval[bool](tb, readThrough) // what is drawn has things to click on too
				}
				eval[bool](tb, isFor)
				n := eval[int](tb, walk)
				if n < 5 {
					t.Errorf("%s: only %d things to click on", k.name, n)
				}
				// What Tab also stops at: parts that scroll, and what a diagram brings.
				for range n + eval[int](tb, `document.querySelectorAll("[tabindex], iframe, pre").length + 3 * document.querySelectorAll("pre.mermaid").length`) + 1 {
					tb.do(chromedp.KeyEvent(kb.Tab))
				}
				for _, e := range eval[[]string](tb, `[...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
					.filter((e) => isFor(e) && !walked.has(e) && !(e.type === "radio" && [...walked].some((w) => w.name === e.name))).map((e) => e.outerHTML.slice(0, 120))`) {
					t.Errorf("%s %v: Tab never leads to %s", k.name, v, e)
				}
				for _, e := range eval[[]string](tb, "unseen") {
					t.Errorf("%s %v: nobody sees that this has the focus: %s", k.name, v, e)
				}
			}
		})
	}
}

// Without script everything can be read and reached, and nothing is shown that
// only script could fill or work.
func TestWithoutScript(t *testing.T) {
	base := host(t, committed(t), "/2026/", server.Policy)
	for _, v := range []view{phone, desk} {
		v.noScript = true
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			tb := newTab(t, v)
			for _, k := range kinds {
				tb.open(base + k.path)
				if n := eval[int](tb, `document.querySelector("main").innerText.trim().length`); n < 40 {
					t.Errorf("%s: %d letters of text to read", k.name, n)
				}
				checkNoOverflow(tb, k.name)
				checkNotEmpty(tb, k.name)
			}
			tb.screenshot("noscript-" + v.String())
			tb.open(base + "day1/02_inside-maps/")
			if v.width == phone.width {
				openMenu(tb)
				tb.screenshot("menu-" + v.String())
			}
			if n := eval[int](tb, `[...document.querySelectorAll("nav.menu a")].filter((a) => a.checkVisibility({visibilityProperty: true}) && a.getBoundingClientRect().width > 0).length`); n < 8 {
				t.Errorf("the menu shows %d links", n)
			}
		})
	}
}

// checkNotEmpty fails the test for what a page shows without script that needs it.
func checkNotEmpty(tb *tab, where string) {
	tb.t.Helper()
	const shown = `.filter((e) => e.checkVisibility({visibilityProperty: true}))`
	for _, e := range eval[[]string](tb, `[...document.querySelectorAll("button:not([popovertarget]), textarea, [contenteditable], dialog, output, progress, [role=status]")]`+shown+`
		.filter((e) => e.getBoundingClientRect().width * e.getBoundingClientRect().height > 0).map((e) => e.outerHTML.slice(0, 120))`) {
		tb.t.Errorf("%s: only script could work this: %s", where, e)
	}
	for _, e := range eval[[]string](tb, `[...document.querySelectorAll("main :is(div, section, p, ul, ol, nav, details, figure, h1, h2, h3)")]`+shown+`
		.filter((e) => e.textContent.trim() === "" && e.querySelector("img, svg, iframe, input, hr") === null && e.getBoundingClientRect().height > 0).map((e) => e.outerHTML.slice(0, 120))`) {
		tb.t.Errorf("%s: this is shown empty: %s", where, e)
	}
	for _, e := range eval[[]string](tb, `[...document.querySelectorAll("a")]`+shown+`.filter((e) => !e.hasAttribute("href") && e.id === "" && !e.hasAttribute("aria-disabled")).map((e) => e.outerHTML.slice(0, 120))`) {
		tb.t.Errorf("%s: a link that leads nowhere: %s", where, e)
	}
}
