package config

import (
	"fmt"
	"io"
	"strings"
)

// WriteRelearn writes the reference of Relearn's parameters, as Markdown.
func WriteRelearn(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`<!-- Generated from internal/config by go generate; do not edit. -->

# A site made with Hugo's Relearn theme

A project that uses the Relearn theme, of its versions 5 to 9, is built as it is. This page says for each parameter of
the theme what becomes of it. They stand in a page's front matter (also below ` + "`params`" + `) or below ` + "`params`" + ` in Hugo's
configuration, as the columns say; where both are possible, the page's is the stronger one. Names are compared without
regard to case. Parameters that are not on this page are kept, for shortcodes to show.

The shortcodes are in the [guide](../guide.md#shortcodes), Hugo's own settings in [config.md](config.md).

## What is honoured

What concerns content, order, menus, hiding, editing and titles.

| Parameter | Page | Site | What it does |
| --- | --- | --- | --- |
`)
	keys := relearnKeys()
	for _, k := range keys {
		if k.does != "" {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", k.name, yes(k.page), yes(k.site), cell(k.does))
		}
	}
	b.WriteString(`
## What is accepted

What concerns the theme's own look or machinery. It changes nothing, and nothing is said about it.

| Parameter | Page | Site | In its place |
| --- | --- | --- | --- |
`)
	for _, k := range keys {
		if k.does == "" {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", k.name, yes(k.page), yes(k.site), cell(k.why))
		}
	}
	b.WriteString(`
## Outputs

Where ` + "`outputs`" + ` in Hugo's configuration asks for the theme's formats, they stand at its addresses, and each page links
to them: ` + "`print`" + ` at ` + "`index.print.html`" + `, ` + "`markdown`" + ` at ` + "`index.md`" + `, ` + "`source`" + ` at ` + "`index.source.md`" + `. ` + "`search`, `searchpage`" + ` and
` + "`json`" + ` are accepted: the search has an index of its own.
`)
	_, err := io.WriteString(w, b.String())
	return err
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}
