package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp/kb"
)

// shortcodes is a note with the parts that have something to do.
const shortcodes = `# Parts

{{< tabs groupid="language" title="Say it" >}}
{{% tab title="Go" %}}in Go{{% /tab %}}
{{% tab title="Rust" color="darkorange" %}}in Rust{{% /tab %}}
{{% tab title="Zig" style="warning" %}}in Zig{{% /tab %}}
{{< /tabs >}}

{{< tabs groupid="language" >}}
{{% tab title="Go" %}}Go again{{% /tab %}}
{{% tab title="Rust" %}}Rust again{{% /tab %}}
{{< /tabs >}}

{{< tabs >}}
{{% tab title="Go" %}}of no group{{% /tab %}}
{{% tab title="Rust" %}}neither{{% /tab %}}
{{< /tabs >}}

{{< cards >}}
{{% card title="A card" href="../other" style="tip" %}}With [a link](../other/#x).{{% /card %}}
{{% card href="https://example.org/" color="fuchsia" %}}Without a name.{{% /card %}}
{{< /cards >}}

{{% tree %}}
- folder | folder | teal
  - file | file
{{% /tree %}}

{{< youtube id="abcdefghijk" title="A video" >}}

{{< qr text="https://example.org/" />}}

{{% children description="true" %}}

{{% notice color="gold" title="Gold" expanded="true" %}}box{{% /notice %}}
{{% badge color="lime" title="Lime" %}}1{{% /badge %}}
{{% button href="../other" color="navy" icon="star" %}}Navy{{% /button %}}
`

func shortcodeSite(t *testing.T) string {
	t.Helper()
	dir := project(t, map[string]string{"index.md": "# Home\n", "parts.md": shortcodes, "other.md": "# Other\n\n## X\n"})
	return build(t, dir, true)
}

// shown lists the texts of the tabs that show.
const shown = `[...document.querySelectorAll(".tab-body")].filter((b) => b.checkVisibility()).map((b) => b.innerText.trim()).join(", ")`

// Tabs follow the arrow keys; those of one group go together, and the next page
// remembers.
func TestTabs(t *testing.T) {
	base := host(t, shortcodeSite(t), "/2026/", strict)
	tb := newTab(t, desk)
	tb.open(base + "parts/")
	if got := eval[string](tb, shown); got != "in Go, Go again, of no group" {
		t.Errorf("at first %q shows", got)
	}
	tabTo(tb, ".tab-pick")
	if !eval[bool](tb, `getComputedStyle(document.activeElement.nextElementSibling).outlineStyle !== "none"`) {
		t.Error("nobody sees which tab has the focus")
	}
	tb.press(kb.ArrowRight)
	if got := eval[string](tb, shown); got != "in Rust, Rust again, of no group" {
		t.Errorf("after the arrow key %q shows", got)
	}
	tb.press(kb.ArrowRight)
	if got := eval[string](tb, shown); got != "in Zig, Rust again, of no group" {
		t.Errorf("the other set has no such tab, but %q shows", got)
	}
	tb.press(kb.ArrowLeft)
	tb.open(base + "parts/")
	if got := eval[string](tb, shown); got != "in Rust, Rust again, of no group" {
		t.Errorf("on the next visit %q shows", got)
	}
	call(tb, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	if got := eval[string](tb, shown); strings.Count(got, ",") != 6 {
		t.Errorf("on paper only %q show", got)
	}
	tb.checkQuiet("tabs")
}

// Without script each set of tabs works by itself.
func TestTabsWithoutScript(t *testing.T) {
	base := host(t, shortcodeSite(t), "/", strict)
	v := phone
	v.noScript = true
	tb := newTab(t, v)
	tb.open(base + "parts/")
	tabTo(tb, ".tab-pick")
	tb.press(kb.ArrowRight)
	if got := eval[string](tb, shown); got != "in Rust, Go again, of no group" {
		t.Errorf("after the arrow key %q shows", got)
	}
}

// axe finds nothing in what shortcodes make, in any colour, and nothing is wider
// than the screen.
func TestShortcodesAccessible(t *testing.T) {
	source := axe(t)
	base := host(t, shortcodeSite(t), "/", strict)
	for _, v := range views() {
		t.Run(v.String(), func(t *testing.T) {
			tb := newTab(t, v)
			tb.open(base + "parts/")
			checkNoOverflow(tb, "shortcodes")
			tb.screenshot("shortcodes-" + v.String())
			tb.checkQuiet("shortcodes")
			if v.width == desk.width {
				tb.checkAccessible("shortcodes", source)
			}
		})
	}
}
