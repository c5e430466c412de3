package check

import (
	"fmt"
	"io"
	"strings"

	"lectern/internal/diag"
)

// WriteExplanation writes what there is to know about a rule, for a terminal.
func (r Rule) WriteExplanation(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s\n\n%s\n", r.Name, r.Severity, plain(r.Summary), wrap(plain(r.Why), 80))
	example(&b, "Wrong:", r.Wrong)
	example(&b, "Right:", r.Right)
	fmt.Fprintf(&b, "\nMended by --fix: %s\n", r.Mends)
	if r.Firm {
		b.WriteString("It can't be turned off.\n")
	} else {
		fmt.Fprintf(&b, "\nFor the project, in lectern.yaml:\n\n  check:\n    rules:\n      %s: off     # or info, warning, error\n", r.Name)
		fmt.Fprintf(&b, "\nFor one place of a note, above it or in its line; for one file, anywhere in it:\n\n  <!-- lectern-ignore %s -->\n  <!-- lectern-ignore-file %s -->\n", r.Name, r.Name)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteList writes all rules, a line each.
func WriteList(w io.Writer) error {
	var b strings.Builder
	longest := 0
	for _, name := range Names() {
		longest = max(longest, len(name))
	}
	for _, r := range Rules() {
		fix := "   "
		if r.Mends == Sure {
			fix = "fix"
		}
		fmt.Fprintf(&b, "%-*s  %-7s  %s  %s\n", longest, r.Name, r.Severity, fix, plain(r.Summary))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func example(b *strings.Builder, title, text string) {
	if text != "" {
		fmt.Fprintf(b, "\n%s\n\n  %s\n", title, strings.ReplaceAll(text, "\n", "\n  "))
	}
}

// plain takes the marks of Markdown off that the catalogue uses.
func plain(s string) string {
	var b strings.Builder
	for {
		text, rest, found := strings.Cut(s, "[")
		b.WriteString(text)
		if !found {
			break
		}
		label, behind, ok := strings.Cut(rest, "](")
		_, after, closed := strings.Cut(behind, ")")
		if !ok || !closed || strings.ContainsAny(label, "[]`") {
			b.WriteByte('[')
			s = rest
			continue
		}
		b.WriteString(label)
		s = after
	}
	return strings.ReplaceAll(b.String(), "`", "")
}

// wrap breaks text into lines of at most width characters.
func wrap(text string, width int) string {
	var b strings.Builder
	col := 0
	for _, word := range strings.Fields(text) {
		n := len([]rune(word))
		switch {
		case col == 0:
		case col+1+n > width:
			b.WriteByte('\n')
			col = 0
		default:
			b.WriteByte(' ')
			col++
		}
		b.WriteString(word)
		col += n
	}
	return b.String()
}

// WriteReference writes the reference of all rules, as Markdown.
func WriteReference(w io.Writer) error {
	var b strings.Builder
	b.WriteString(`<!-- Generated from internal/check by go generate; do not edit. -->

# Rules

What ` + "`lectern check`" + ` looks for, and what ` + "`lectern build`" + ` and ` + "`lectern serve`" + ` report. Each finding names its rule;
` + "`lectern check --explain RULE`" + ` prints what is said here.

An **error** is something that readers will stumble over or that could not be published; a **warning** is something that they
will miss; an **info** is worth knowing. In lectern.yaml a project says otherwise:

` + "```yaml" + `
check:
  rules:
    todo: off
    stub: warning
` + "```" + `

A comment in a note silences findings in the block that it stands in or, standing alone, in the block below it; what follows
` + "`--`" + ` is the reason. The second form is for all of the file. Without a name, all rules are meant.

` + "```markdown" + `
<!-- lectern-ignore image-alt -- the text below says it -->
![](./_img/stack.png)

<!-- lectern-ignore-file video-missing, slides-missing -->
` + "```" + `

| Rule | Severity | Found | ` + "`--fix`" + ` |
| --- | --- | --- | --- |
`)
	for _, r := range Rules() {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", r.Name, r.Name, r.Severity, strings.ReplaceAll(r.Summary, "|", `\|`), [...]string{"", "asks", "yes"}[r.Mends])
	}
	for _, r := range Rules() {
		fmt.Fprintf(&b, "\n## %s\n\n**%s**: %s.\n\n%s\n", r.Name, title(r.Severity), r.Summary, r.Why)
		fenced(&b, "Wrong", r.Wrong)
		fenced(&b, "Right", r.Right)
		if r.Firm {
			b.WriteString("\nIt can't be turned off.\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func title(s diag.Severity) string {
	return map[diag.Severity]string{diag.Error: "Error", diag.Warning: "Warning", diag.Info: "Info"}[s]
}

func fenced(b *strings.Builder, title, text string) {
	if text != "" {
		fmt.Fprintf(b, "\n%s:\n\n```markdown\n%s\n```\n", title, text)
	}
}
