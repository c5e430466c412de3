package browser

import (
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"lectern/internal/server"
)

// typeIn types a text letter by letter, as a reader does.
func typeIn(tb *tab, text string) {
	tb.t.Helper()
	for _, r := range text {
		tb.press(string(r))
	}
}

// openSearch opens the dialog with a key and waits for it.
func openSearch(tb *tab) {
	tb.t.Helper()
	tb.press("/")
	tb.waitFor("the search box", `document.querySelector("dialog.search-dialog")?.open && document.activeElement?.matches(".search-dialog input")`)
}

const (
	hits   = `document.querySelectorAll("[role=option]")`
	chosen = `document.getElementById(document.querySelector("[role=combobox]").getAttribute("aria-activedescendant"))`
)

// One types, sees, chooses and reads, by keyboard alone.
func TestSearch(t *testing.T) {
	source := axe(t)
	base := host(t, build(t, example, true), "/2026/", server.Policy)
	for _, v := range views() {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			tb := newTab(t, v)
			tb.open(base + "day2/workshop/")
			openSearch(tb)
			tb.checkAccessible("the empty search box "+v.String(), source)
			typeIn(tb, "hash maps")
			tb.waitFor("results", hits+`.length > 0 && document.querySelector("[role=option] mark")`)
			tb.waitFor("the number of results", `/\d/.test(document.querySelector(".search-dialog [role=status]").textContent)`)
			if got := eval[string](tb, chosen+`?.getAttribute("href") ?? "nothing"`); !strings.Contains(got, "/2026/day1/02_inside-maps/") {
				t.Errorf("the first result leads to %s", got)
			}
			tb.checkAccessible("search results "+v.String(), source)
			checkNoOverflow(tb, "search results "+v.String())
			tb.checkQuiet("search results " + v.String())
			tb.screenshot("search-typed-" + v.String())
			// Down, up, to the ends and around.
			for _, step := range []struct{ key, place string }{
				{kb.ArrowDown, "1"}, {kb.ArrowUp, "0"}, {kb.ArrowUp, "last"}, {kb.ArrowDown, "0"}, {kb.End, "last"}, {kb.Home, "0"},
			} {
				tb.press(step.key)
				if !eval[bool](tb, `((all, place) => all[place === "last" ? all.length - 1 : Number(place)] === `+chosen+` && `+chosen+`.getAttribute("aria-selected") === "true" &&
					document.querySelectorAll("[aria-selected=true]").length === 1)(`+hits+`, "`+step.place+`")`) {
					t.Errorf("%q does not lead to result %s", step.key, step.place)
				}
				if !eval[bool](tb, `((r, l) => r.bottom > l.top && r.top < l.bottom)(`+chosen+`.getBoundingClientRect(), document.querySelector(".search-list").getBoundingClientRect())`) {
					t.Errorf("after %q the chosen result is out of sight", step.key)
				}
			}
			tb.press(kb.Enter)
			tb.waitFor("the note", `location.pathname === "/2026/day1/02_inside-maps/" && document.readyState === "complete"`)
			tb.checkQuiet("the note that was found " + v.String())
		})
	}
}

func TestSearchKeys(t *testing.T) {
	base := host(t, build(t, example, true), "/", server.Policy)
	tb := newTab(t, desk)
	tb.open(base)
	tabTo(tb, ".top-search")
	tb.press(kb.Enter)
	tb.waitFor("the box, by its button", `document.querySelector("dialog.search-dialog")?.open`)
	typeIn(tb, "/k") // these keys are letters here
	tb.waitFor("the letters", `document.querySelector(".search-dialog input").value === "/k"`)
	tb.press(kb.Escape)
	tb.press(kb.Escape) // a first one may empty the field
	tb.waitFor("the closed box", `!document.querySelector("dialog.search-dialog").open`)
	if got := eval[string](tb, focused); !strings.Contains(got, "Search") {
		t.Errorf("after the box closed, the focus is on %q, want its button", got)
	}
	eval[bool](tb, `dispatchEvent(new KeyboardEvent("keydown", {key: "k", ctrlKey: true, cancelable: true})), true`)
	tb.waitFor("the box, by Ctrl-K", `document.querySelector("dialog.search-dialog").open`)
	// Slips and nonsense.
	eval[bool](tb, `document.querySelector(".search-dialog input").value = "", true`)
	typeIn(tb, "profle")
	tb.waitFor("what was meant", hits+`[0]?.getAttribute("href").includes("profile-guided")`)
	eval[bool](tb, `document.querySelector(".search-dialog input").select(), true`)
	typeIn(tb, "qqqqq")
	tb.waitFor("nothing", hits+`.length === 0 && document.querySelector(".search-dialog [role=status]").textContent.includes("“qqqqq”")`)
	tb.checkQuiet("search keys")
}

// The page for searching has its query in its address, both ways.
func TestSearchPage(t *testing.T) {
	source := axe(t)
	base := host(t, build(t, example, true), "/2026/", server.Policy)
	for _, v := range views() {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			tb := newTab(t, v)
			tb.open(base + "search/?q=garbage%20collector")
			tb.waitFor("results", hits+`.length > 0`)
			tb.checkAccessible("search page "+v.String(), source)
			checkLoaded(tb, "search page "+v.String(), false)
			checkNoOverflow(tb, "search page "+v.String())
			tb.screenshot("search-page-" + v.String())
			eval[bool](tb, `document.querySelector("#l-search input").select(), true`)
			typeIn(tb, "go & co")
			tb.waitFor("the address", `new URL(location.href).searchParams.get("q") === "go & co"`)
		})
	}
}

// Without script the way to search leads to a page that says so, and has
// everything to look through.
func TestSearchWithoutScript(t *testing.T) {
	base := host(t, build(t, example, true), "/2026/", server.Policy)
	tb := newTab(t, view{width: phone.width, height: phone.height, noScript: true})
	tb.open(base)
	tabTo(tb, ".top-search")
	tb.press(kb.Enter)
	tb.waitFor("the page", `location.pathname === "/2026/search/" && document.readyState === "complete"`)
	text := eval[string](tb, `document.querySelector("main").innerText`)
	if !strings.Contains(text, "JavaScript") || eval[int](tb, `document.querySelectorAll("main a[href*='tags/']").length`) < 3 || eval[int](tb, `document.querySelectorAll("main input").length`) > 0 {
		t.Errorf("without script the page says %q", text)
	}
	tb.screenshot("search-noscript")
}

// A reader without a connection is told so, and may try again.
func TestSearchFails(t *testing.T) {
	site := build(t, example, true)
	gone := t.TempDir()
	if err := os.CopyFS(gone, os.DirFS(site)); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(gone+"/search-index.bin", gone+"/away"); err != nil {
		t.Fatal(err)
	}
	base := host(t, gone, "/", server.Policy)
	tb := newTab(t, desk)
	tb.open(base)
	openSearch(tb)
	typeIn(tb, "maps")
	tb.waitFor("the reason", `document.querySelector(".search-failed")?.textContent.includes("could not be loaded")`)
	tb.screenshot("search-failed")
	if err := os.Rename(gone+"/away", gone+"/search-index.bin"); err != nil {
		t.Fatal(err)
	}
	typeIn(tb, " ")
	tb.waitFor("results", hits+`.length > 0 && document.querySelector(".search-failed") === null`)
	tb.complained() // of what was missing
}

// Words are found as people type them, in whatever form, and a result says where
// they stand: in which sentence, and whether it was asked or told there.
func TestSearchFindsAsTyped(t *testing.T) {
	site := build(t, project(t, map[string]string{
		"hugo.toml":         "languageCode = \"de\"\ntitle = \"Notizen\"\n",
		"content/_index.md": "# Notizen\n",
		"content/a.md":      "# Speicher\n\nDie Größenänderung der Datenträger läuft ohne Ausfall. Danach folgte eine Pause.\n\n## Fragen und Antworten\n\nGibt es das auch für Straßenbahnen? Ja, seit gestern.\n",
		"content/b.md":      "# Anderes\n\nEin ganz anderer Vortrag über Netze und Größe.\n",
	}), true)
	base := host(t, site, "/", server.Policy)
	tb := newTab(t, desk)
	tb.open(base + "b/")
	tabTo(tb, "main a, .pager a")
	before := eval[string](tb, focused)
	tb.do(chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	tb.waitFor("the box, by Ctrl-K", `document.querySelector("dialog.search-dialog")?.open && document.activeElement?.matches(".search-dialog input")`)
	for _, c := range []struct{ typed, sentence, marked, said string }{
		{"Größenänderung", "Größenänderung der Datenträger", "Größenänderung", ""},
		{"groessenaenderung", "Größenänderung der Datenträger", "Größenänderung", ""},
		{"großenanderungen", "Größenänderung der Datenträger", "Größenänderung", ""},
		{"datentrager ausf", "läuft ohne Ausfall", "Ausfall", ""},
		{"Grössenändrung", "Größenänderung der Datenträger", "Größenänderung", ""},
		{"strassenbahn", "auch für Straßenbahnen", "Straßenbahnen", "Fragen und Antworten"},
	} {
		eval[bool](tb, `document.querySelector(".search-dialog input").select(), true`)
		typeIn(tb, c.typed)
		first := hits + `[0]`
		tb.waitFor("the result of "+c.typed, first+`?.getAttribute("href").includes("/a/") && document.querySelector(".search-dialog input").value === "`+c.typed+`" && `+
			`[...`+first+`.querySelectorAll("mark")].some((m) => m.textContent === "`+c.marked+`")`)
		if got := eval[string](tb, first+".textContent"); !strings.Contains(got, c.sentence) || !strings.Contains(got, c.said) {
			t.Errorf("%q finds %q", c.typed, got)
		}
	}
	if got := eval[string](tb, hits+`[0].querySelector(".search-kind")?.textContent ?? "nothing"`); got != "Fragen" {
		t.Errorf("what was asked is marked by %q", got)
	}
	tb.press(kb.Escape)
	if eval[bool](tb, `document.querySelector("dialog.search-dialog").open`) {
		tb.press(kb.Escape)
	}
	tb.waitFor("the closed box", `!document.querySelector("dialog.search-dialog").open`)
	if got := eval[string](tb, focused); got != before {
		t.Errorf("the focus was on %q, and is on %q", before, got)
	}
	tb.checkQuiet("search as typed")
}
