package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

//go:generate go run lectern/internal/cli/docgen -dir ../../docs/reference

// WriteReference writes the reference of all commands and flags, as Markdown.
func WriteReference(w io.Writer) error {
	root := newApp(Streams{}).rootCommand()
	var b strings.Builder
	b.WriteString(`<!-- Generated from internal/cli by go generate; do not edit. -->

# Commands

` + root.Long + `

What was asked for goes to standard output, all else to standard error. The exit code is 0 if the command did what it
was asked, 1 if it could not, and 2 if it did not understand the command line. ` + "`error:`" + ` says what went wrong and
` + "`hint:`" + ` what to do about it. There is colour, and a progress bar for a build of more than half a second, on
terminals alone; ` + "`NO_COLOR`" + ` turns the colour off.

Every flag has an environment variable, named in the tables. A flag is stronger than its variable, and that than
` + "`lectern.yaml`" + `.
`)
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			writeCommand(&b, c)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeCommand(b *strings.Builder, c *cobra.Command) {
	fmt.Fprintf(b, "\n## %s\n\n```\n%s\n```\n\n%s\n", c.CommandPath(), c.UseLine(), c.Long)
	if c.Example != "" {
		fmt.Fprintf(b, "\nExamples:\n\n```\n%s\n```\n", unindent(c.Example))
	}
	first := true
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		if first {
			b.WriteString("\n| Flag | Meaning | Default | Variable |\n| --- | --- | --- | --- |\n")
			first = false
		}
		value, usage := pflag.UnquoteUsage(f)
		name := "`--" + f.Name
		if f.Shorthand != "" {
			name = "`-" + f.Shorthand + "`, " + name
		}
		if value != "" {
			name += " " + strings.ToUpper(value)
		}
		def := f.DefValue
		if def == "" || def == "false" || def == "0" {
			def = ""
		} else {
			def = "`" + def + "`"
		}
		fmt.Fprintf(b, "| %s` | %s | %s | `%s` |\n", name, strings.ReplaceAll(usage, "\n", " "), def, envName(f.Name))
	})
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			writeCommand(b, sub)
		}
	}
}

func unindent(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimPrefix(l, "  ")
	}
	return strings.Join(lines, "\n")
}
