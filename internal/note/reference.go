package note

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// IsShortcode reports whether there is a shortcode of that name, whatever its
// case.
func IsShortcode(name string) bool { return newRegistry().find(name) != nil }

// WriteShortcodes writes the reference of all shortcodes, as Markdown.
func WriteShortcodes(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`<!-- Generated from internal/note by go generate; do not edit. -->

# Shortcodes

` + "A shortcode is written `{{% name … %}}` or `{{< name … >}}`, with `{{% /name %}}` behind its inner text. Both forms are\n" +
		"the same here. Parameters are named, `style=\"tip\"`, or stand in order without names. Case does not matter in names of\n" +
		"shortcodes and parameters. What Relearn, the theme Learn and Hugo called something earlier is taken for ever.\n\n" +
		"A mistake is a finding with the nearest name, and the inner text is shown all the same. `{{%/* name */%}}` shows a\n" +
		"shortcode as text.\n\n## Colours\n\n" +
		"`style` is one of " + list(styles()) + ",\nor one that the site defines for itself (Relearn's `params.boxStyle`). `color` is a style or any colour of CSS; of\n" +
		"a colour the hue is kept, in a lightness that can be read in the light and in the dark.\n")
	var defs []*shortcode
	for _, d := range newRegistry().byName {
		if !slices.Contains(defs, d) {
			defs = append(defs, d)
		}
	}
	slices.SortFunc(defs, func(a, b *shortcode) int { return strings.Compare(a.name, b.name) })
	for _, d := range defs {
		d.reference(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func list(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

// reference writes the part of one shortcode.
func (d *shortcode) reference(b *strings.Builder) {
	fmt.Fprintf(b, "\n## %s\n\n%s\n", d.name, d.about)
	if len(d.aliases) > 0 {
		fmt.Fprintf(b, "\nAlso written %s.\n", list(d.aliases))
	}
	switch d.inner {
	case innerRequired:
		b.WriteString("\nIt has inner text.\n")
	case innerOptional:
		b.WriteString("\nIt may have inner text.\n")
	}
	if len(d.params) == 0 {
		return
	}
	b.WriteString("\n| Parameter | In order | Also | Meaning |\n| --- | --- | --- | --- |\n")
	for _, p := range d.params {
		place, also, kind := "", "", ""
		if p.pos > 0 {
			place = fmt.Sprint(p.pos)
		}
		if len(p.aliases) > 0 {
			also = list(p.aliases)
		}
		if p.flag {
			kind = " (`true` or `false`)"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s%s |\n", p.name, place, also, aboutParam(d.name, p.name), kind)
	}
}
