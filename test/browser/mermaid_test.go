package browser

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

const diagrams = `# Diagrams

` + "```mermaid" + `
sequenceDiagram
    accTitle: How the entry was lost
    Client->>Handler: POST /transfer
    Handler-)Audit: write(entry)
` + "```" + `

Words between the two.

` + "```mermaid" + `
flowchart LR
    one["First <b>one</b>"] --> two[Second] --> three[Third] --> four[Fourth] --> five[Fifth] --> six[Sixth]
    click two "https://example.org/two" "a tip"
    click three "../other/"
` + "```" + `

` + "```mermaid" + `
flowchart nonsense (
` + "```" + `
`

// project writes files into a new folder of notes.
func project(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func diagramSite(t *testing.T) string {
	t.Helper()
	dir := project(t, map[string]string{"index.md": "# Home\n", "diagrams.md": diagrams, "other.md": "# Other\n"})
	return build(t, dir, true)
}

const settled = `document.querySelectorAll(".diagram[data-state=drawn]").length === 2 &&
	document.querySelectorAll(".diagram[data-state=failed]").length === 1`

// scrollThrough brings every diagram into view once.
const scrollThrough = `(async () => {
	for (const d of document.querySelectorAll("pre.mermaid")) {
		d.scrollIntoView();
		await new Promise((r) => setTimeout(r, 50));
	}
	scrollTo(0, 0);
	return true;
})()`

// Under the strictest policy and below any path, diagrams are drawn, in frames
// that fit them, and the one that can't be drawn stays as text with a reason.
func TestDiagramsUnderStrictPolicy(t *testing.T) {
	site := diagramSite(t)
	for i, v := range views() {
		base := host(t, site, []string{"/", "/notes/2026/"}[i%2], strict)
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			tb := newTab(t, v)
			tb.open(base + "diagrams/")
			eval[bool](tb, scrollThrough)
			tb.waitFor("the diagrams", settled)
			tb.checkQuiet("diagrams")
			checkFrames(tb)
			if got := eval[string](tb, `document.querySelector(".diagram iframe").title`); got != "Diagram: How the entry was lost" {
				t.Errorf("the first frame's title is %q", got)
			}
			if note := eval[string](tb, `document.querySelector("[data-state=failed]").innerText`); !strings.Contains(note, "flowchart nonsense (") || !strings.Contains(note, "could not be drawn") {
				t.Errorf("in place of the broken diagram stands %q", note)
			}
			links := eval[[]string](tb, `[...document.querySelectorAll(".diagram iframe")[1].contentDocument.querySelectorAll("a")].map((a) => a.getAttribute("href") + " " + a.getAttribute("target"))`)
			for _, want := range []string{"https://example.org/two _top", base + "other/ _top"} {
				if !strings.Contains(strings.Join(links, "\n"), want) {
					t.Errorf("the diagram's links are %q, want %q among them", links, want)
				}
			}
			checkNoOverflow(tb, "diagrams")
			tb.screenshot("diagrams-" + v.String())
		})
	}
}

// checkFrames says of each drawn frame whether it shows its diagram whole, and
// in the page's colour scheme.
func checkFrames(tb *tab) {
	tb.t.Helper()
	type frame struct {
		Height, Diagram, Width float64
		Scheme, Background     string
	}
	dark := eval[bool](tb, `matchMedia("(prefers-color-scheme: dark)").matches`)
	for i, f := range eval[[]frame](tb, `[...document.querySelectorAll("[data-state=drawn] iframe")].map((f) => {
		const svg = f.contentDocument.querySelector("svg");
		return {Height: f.clientHeight, Diagram: svg.getBoundingClientRect().height, Width: svg.getBoundingClientRect().width,
			Scheme: f.contentDocument.documentElement.style.colorScheme, Background: getComputedStyle(f.contentDocument.body).backgroundColor};
	})`) {
		if f.Diagram < 30 || f.Width < 100 || f.Height < f.Diagram || f.Height > f.Diagram+40 {
			tb.t.Errorf("diagram %d: a drawing of %v × %v in a frame %v high", i, f.Width, f.Diagram, f.Height)
		}
		if (f.Scheme == "dark") != dark {
			tb.t.Errorf("diagram %d is drawn for the %s scheme, the page is dark: %v", i, f.Scheme, dark)
		}
		if f.Background != "rgba(0, 0, 0, 0)" {
			tb.t.Errorf("diagram %d: the frame's background is %s, want the page's to show", i, f.Background)
		}
	}
}

// A diagram that somebody wrote to do harm runs no script and
// leads nowhere but to the web.
func TestHostileDiagram(t *testing.T) {
	hostile := []string{
		`flowchart LR
  a["<img src='data:,' onerror='top.hacked=1'>"] --> b["<iframe srcdoc='<script>top.hacked=2</script>'></iframe>"]
  click b "javascript:top.hacked=3"`,
		`%%{init: {"securityLevel": "loose", "themeCSS": "} body { background: url(javascript:top.hacked=9) }"}}%%
flowchart LR
  a["<b onclick='top.hacked=4' onmouseover='top.hacked=5'>x</b>"] --> b["<img src='javascript:top.hacked=10'>"]
  click a call top.hacked()`,
		`sequenceDiagram
  participant A as <script>top.hacked=6</script>
  A->>B: <svg onload='top.hacked=7'>
  link A: Home @ javascript:top.hacked=8`,
	}
	text := "# Home\n"
	for _, d := range hostile {
		text += "\n```mermaid\n" + d + "\n```\n"
	}
	base := host(t, build(t, project(t, map[string]string{"index.md": text}), true), "/", strict)
	tb := newTab(t, desk)
	tb.open(base)
	eval[bool](tb, scrollThrough)
	tb.waitFor("all frames to end", `document.querySelectorAll(".diagram:is([data-state=drawn], [data-state=failed])").length === 3`)
	eval[bool](tb, `[...document.querySelectorAll(".diagram iframe")].flatMap((f) => [...f.contentDocument.querySelectorAll("*")]).forEach((e) => {
		e.dispatchEvent(new MouseEvent("mouseover", {bubbles: true}));
		e.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}));
	}), true`)
	if got := eval[string](tb, `String(window.hacked)`); got != "undefined" {
		t.Errorf("a diagram ran a script: %s", got)
	}
	if bad := eval[[]string](tb, `[...document.querySelectorAll(".diagram iframe")].flatMap((f) => [...f.contentDocument.querySelectorAll("a")])
		.map((a) => a.href.baseVal ?? a.href).filter((h) => h !== "" && !/^(https?|mailto):/.test(h))`); len(bad) > 0 {
		t.Errorf("links lead to %q", bad)
	}
	if got := eval[string](tb, `location.href`); got != base {
		t.Errorf("a diagram led the page to %s", got)
	}
}

// Where a host sends its strict policy for the frame too, or forbids frames, the
// source stays, with a reason.
func TestDiagramsWhereTheHostForbidsThem(t *testing.T) {
	site := build(t, project(t, map[string]string{"index.md": "# Home\n\n```mermaid\nflowchart LR\n  a --> b\n```\n"}), true)
	for name, headers := range map[string]map[string]string{
		"styles": {"Content-Security-Policy": strict},
		"script": {"Content-Security-Policy": "default-src 'none'"},
		"frames": {"X-Frame-Options": "DENY"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // two of them wait for a frame that never answers
			base := serve(t, site, "/", func(h http.Header, name string) {
				h.Set("Content-Security-Policy", strict)
				if isFrame(name) {
					for k, v := range headers {
						h.Set(k, v)
					}
				}
			})
			tb := newTab(t, desk)
			tb.open(base)
			tb.waitFor("the reason", `document.querySelector(".diagram[data-state=failed] .diagram-note")`)
			if text := eval[string](tb, `document.querySelector(".diagram").innerText`); !strings.Contains(text, "a --> b") {
				t.Errorf("in place of the diagram stands %q, want its source", text)
			}
		})
	}
}

// Another colour scheme draws the diagrams again.
func TestDiagramsFollowTheScheme(t *testing.T) {
	tb := newTab(t, desk)
	tb.open(host(t, diagramSite(t), "/", strict) + "diagrams/")
	eval[bool](tb, scrollThrough)
	tb.waitFor("the diagrams", settled)
	const scheme = `[...document.querySelectorAll("[data-state=drawn] iframe")].every((f) =>
		f.contentDocument.documentElement.style.colorScheme === %q && f.contentDocument.querySelector("svg") !== null)`
	for _, want := range []string{"dark", "light"} {
		call(tb, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: want}},
		})
		tb.waitFor("the "+want+" drawing", fmt.Sprintf(scheme, want))
	}
	tb.checkQuiet("diagrams")
}

// A page without a diagram loads nothing for diagrams, and one with diagrams
// loads the library only when one comes near the screen.
func TestDiagramsLoadLate(t *testing.T) {
	far := "# Far\n" + strings.Repeat("\nA line of text.\n", 300) + "\n```mermaid\nflowchart LR\n  a --> b\n```\n"
	site := build(t, project(t, map[string]string{"index.md": "# Home\n", "far.md": far}), true)
	base := host(t, site, "/", strict)
	const loaded = `performance.getEntriesByType("resource").map((e) => e.name).filter((n) => n.includes("mermaid"))`
	tb := newTab(t, desk)
	tb.open(base)
	if names := eval[[]string](tb, loaded); len(names) > 0 {
		t.Errorf("home has no diagram and loads %q", names)
	}
	tb.open(base + "far/")
	if n := eval[int](tb, `document.querySelectorAll("iframe").length`); n > 0 {
		t.Errorf("%d frames before the diagram is in view", n)
	}
	eval[bool](tb, `scrollTo(0, document.body.scrollHeight), true`)
	tb.waitFor("the diagram", `document.querySelector(".diagram[data-state=drawn]")`)
	tb.checkQuiet("far")
}

// Once a diagram near the screen is drawn, the others of its page are too, seen or not, so that a
// page can be printed; nothing moves.
func TestDiagramsBelowAreThereToPrint(t *testing.T) {
	const diagram = "\n```mermaid\nflowchart LR\n  a --> b\n```\n"
	far := strings.Repeat("\nA line of text.\n", 300) + diagram
	tb := newTab(t, desk)
	tb.watch()
	tb.open(host(t, build(t, project(t, map[string]string{"index.md": "# Home\n" + strings.Repeat("\nA line.\n", 25) + diagram + far + far}), true), "/", strict))
	tb.waitFor("the diagrams", `document.querySelectorAll(".diagram[data-state=drawn]").length === 3`)
	if y := eval[int](tb, "scrollY"); y != 0 {
		t.Errorf("the page was scrolled to %d", y)
	}
	tb.checkStill("diagrams below")
	tb.checkQuiet("diagrams below")
}

// A diagram stands where its author says; its source stands as any code.
func TestDiagramsAlign(t *testing.T) {
	one := "flowchart LR\n  a --> b\n"
	text := "# Home\n\n{{< mermaid align=\"left\" >}}\n" + one + "{{< /mermaid >}}\n\n```mermaid\n" + one + "```\n\n```mermaid {align=\"right\"}\n" + one + "```\n"
	tb := newTab(t, desk)
	tb.open(host(t, build(t, project(t, map[string]string{"index.md": text}), true), "/", strict))
	tb.waitFor("the diagrams", `document.querySelectorAll(".diagram[data-state=drawn]").length === 3`)
	got := eval[string](tb, `[...document.querySelectorAll(".diagram iframe")].map((f) => {
		const r = f.contentDocument.querySelector("svg").getBoundingClientRect();
		const before = r.left, behind = f.clientWidth - r.right;
		return Math.abs(before - behind) < 2 ? "center" : before < behind ? "left" : "right";
	}).join(" ")`)
	if got != "left center right" {
		t.Errorf("the diagrams stand %s", got)
	}
	if n := eval[int](tb, `[...document.querySelectorAll("pre.mermaid")].filter((p) => !["start", "left"].includes(getComputedStyle(p).textAlign)).length`); n > 0 {
		t.Errorf("%d sources are not aligned as code is", n)
	}
}

// Printing waits for nothing: a page for printing draws what nobody scrolled to.
func TestDiagramsAreThereToPrint(t *testing.T) {
	long := strings.Repeat("\nA line of text.\n", 300)
	files := map[string]string{"index.md": "# Home\n"}
	for _, name := range []string{"a", "b", "c"} {
		files["day/"+name+".md"] = "# " + name + "\n" + long + "\n```mermaid\nflowchart LR\n  a --> b\n```\n"
	}
	files["day/b.md"] += "\n```mermaid\nno diagram at all\n```\n"
	tb := newTab(t, desk)
	tb.open(host(t, build(t, project(t, files), true), "/", strict) + "day/print/")
	tb.waitFor("the diagrams", `document.querySelectorAll(".diagram[data-state=drawn]").length === 3 &&
		document.querySelectorAll(".diagram[data-state=failed]").length === 1`)
	if y := eval[int](tb, "scrollY"); y != 0 {
		t.Errorf("the page was scrolled to %d", y)
	}
}

// On paper the drawing stands without its source; without script the source
// stands alone.
func TestDiagramsWithoutScriptAndOnPaper(t *testing.T) {
	base := host(t, diagramSite(t), "/", strict)
	v := phone
	v.noScript = true
	tb := newTab(t, v)
	tb.open(base + "diagrams/")
	if text := eval[string](tb, `document.querySelector("main").innerText`); !strings.Contains(text, "Client->>Handler: POST /transfer") {
		t.Errorf("without script the page reads %q", text)
	}
	checkNoOverflow(tb, "diagrams without script")

	paper := newTab(t, desk)
	paper.open(base + "diagrams/")
	eval[bool](paper, scrollThrough)
	paper.waitFor("the diagrams", settled)
	call(paper, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	if n := eval[int](paper, `[...document.querySelectorAll(".diagram-source")].filter((d) => d.checkVisibility()).length`); n > 0 {
		t.Errorf("on paper %d sources stand beside their drawings", n)
	}
	if n := eval[int](paper, `[...document.querySelectorAll(".diagram iframe")].filter((f) => f.checkVisibility() && f.clientHeight > 50).length`); n != 2 {
		t.Errorf("on paper %d drawings, want 2", n)
	}
}
