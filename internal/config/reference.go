package config

import (
	"fmt"
	"io"
	"strings"
)

// WriteReference writes the reference of all keys, as Markdown.
func WriteReference(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`<!-- Generated from internal/config by go generate; do not edit. -->

# Configuration

A folder of Markdown needs none. A project of Hugo's shape is configured where Hugo reads it, and nothing has to
change there: ` + "`hugo.toml`" + ` (or ` + "`.yaml`, `.yml`, `.json`" + `), else ` + "`config.*`" + `, and the files in
` + "`config/_default/` and `config/production/`" + `, each laid over those before it. ` + "`lectern.yaml`" + ` holds what Hugo's
files have no place for, and may hold every other key of this page as well. The command line is stronger than the
environment, that than ` + "`lectern.yaml`" + `, and that than Hugo's files.

Keys are compared without regard to case. A key nobody knows is a warning, with the nearest known one as a hint; a
value of the wrong type is an error with its place, and nothing is built. Keys of Hugo's that are not on this page
are accepted and have no effect; where that would change addresses or texts, a warning says so.

The defaults are those of a project of Hugo's shape.
`)
	for _, part := range []struct {
		title    string
		settings []setting
	}{
		{"Only in lectern.yaml", ownSettings()},
		{"The site", siteSettings()},
		{"Languages", languageSettings()},
		{"What is published, and where", buildSettings()},
		{"Markdown", markupSettings()},
	} {
		fmt.Fprintf(&b, "\n## %s\n\n| Key | Value | Default | Meaning |\n| --- | --- | --- | --- |\n", part.title)
		for _, s := range part.settings {
			if s.doc == "" { // read as a whole; its entries are documented
				continue
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", s.path, cell(s.form), defaultCell(s.def), cell(s.doc))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func defaultCell(s string) string {
	if s == "" || s == "none" || strings.Contains(s, " and ") || strings.HasPrefix(s, "made ") {
		return cell(s)
	}
	return "`" + cell(s) + "`"
}
