package diag

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteText prints ds for a person, one finding in one or two lines:
//
//	content/day1/02_x.md:12:5: warning: no such page "../05_y" [link-missing]
//	  hint: the nearest is "../05_z"
//
// With color, ANSI sequences set the severity off. Control characters that a
// file name or a note may hold are escaped, so that they can't reach the terminal.
func WriteText(w io.Writer, ds []Diagnostic, color bool) error {
	var b strings.Builder
	for _, d := range ds {
		writeOne(&b, d, color)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeOne(b *strings.Builder, d Diagnostic, color bool) {
	if d.File != "" {
		b.WriteString(printable(d.File))
		if d.Line > 0 {
			fmt.Fprintf(b, ":%d", d.Line)
			if d.Col > 0 {
				fmt.Fprintf(b, ":%d", d.Col)
			}
		}
		b.WriteString(": ")
	}
	if color {
		code := "36"
		switch d.Severity {
		case Error:
			code = "31"
		case Warning:
			code = "33"
		}
		fmt.Fprintf(b, "\x1b[%sm%s\x1b[0m: ", code, d.Severity)
	} else {
		b.WriteString(d.Severity.String() + ": ")
	}
	b.WriteString(printable(d.Message))
	if d.Rule != "" {
		b.WriteString(" [" + d.Rule + "]")
	}
	b.WriteByte('\n')
	if d.Hint != "" {
		b.WriteString("  hint: " + printable(d.Hint) + "\n")
	}
}

// printable escapes what a terminal would act upon.
func printable(s string) string {
	if strings.IndexFunc(s, unprintable) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unprintable(r) {
			q := strconv.QuoteRune(r)
			b.WriteString(q[1 : len(q)-1])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func unprintable(r rune) bool { return !strconv.IsPrint(r) }

type jsonDiagnostic struct {
	File     string `json:"file"`
	Line     int    `json:"line,omitempty"`
	Col      int    `json:"col,omitempty"`
	Severity string `json:"severity"`
	Rule     string `json:"rule,omitempty"`
	Message  string `json:"message"`
	Hint     string `json:"hint,omitempty"`

	Fix *jsonFix `json:"fix,omitempty"`
}

type jsonFix struct {
	Title string     `json:"title"`
	Sure  bool       `json:"sure"`
	Edits []jsonEdit `json:"edits"`
}

// jsonEdit is an Edit: byte offsets in the file, and the new text.
type jsonEdit struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

// MarshalJSON writes the fields file, line, col, severity, rule, message, hint
// and fix (title, sure, edits); those that are unknown are left out.
func (d Diagnostic) MarshalJSON() ([]byte, error) {
	out := jsonDiagnostic{
		File: d.File, Line: d.Line, Col: d.Col, Severity: d.Severity.String(),
		Rule: d.Rule, Message: d.Message, Hint: d.Hint,
	}
	if d.Fix != nil {
		out.Fix = &jsonFix{Title: d.Fix.Title, Sure: d.Fix.Sure, Edits: make([]jsonEdit, len(d.Fix.Edits))}
		for i, e := range d.Fix.Edits {
			out.Fix.Edits[i] = jsonEdit(e)
		}
	}
	return json.Marshal(out)
}

// WriteJSON prints ds as one JSON array, indented, with a final newline.
func WriteJSON(w io.Writer, ds []Diagnostic) error {
	if ds == nil {
		ds = []Diagnostic{}
	}
	return encode(w, ds)
}
