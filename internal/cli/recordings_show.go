package cli

import (
	"fmt"
	"slices"
	"strings"

	"lectern/internal/recording"
)

// proposalPrinter prints proposals, and remembers the first error.
type proposalPrinter struct {
	a   *app
	job *linkJob
	err error
}

func (w *proposalPrinter) printf(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.a.Out, format, args...)
	}
}

// line prints the note, the kind and, if it is sure, the link.
func (w *proposalPrinter) line(class string, p recording.Proposal) {
	s := &w.job.sessions[p.Session]
	link := ""
	if class == "sure" {
		link = " " + p.Link
	}
	w.printf("%-7s %s %s%s\n", class, s.Path, p.Kind, link)
}

// reason prints a recording's title, how well it fits, and why.
func (w *proposalPrinter) reason(c recording.Candidate, title string) {
	w.printf("        %.0f %% %s: %s\n", 100*c.Score, printable(title), printable(strings.Join(slices.Concat(c.For, c.Against), ", ")))
}

// commitMessage says what a commit adds.
func commitMessage(ps []recording.Proposal, skipped map[int]string) string {
	var n [3]int
	for i, p := range ps {
		if p.Class == recording.Sure && skipped[i] == "" {
			n[p.Kind]++
		}
	}
	var parts []string
	if n[recording.Video] > 0 {
		parts = append(parts, plural(n[recording.Video], "recording"))
	}
	if n[recording.Slides] > 0 {
		parts = append(parts, "slides of "+plural(n[recording.Slides], "session"))
	}
	if n[recording.Code] > 0 {
		parts = append(parts, "code of "+plural(n[recording.Code], "session"))
	}
	return "Link " + strings.Join(parts, ", ")
}
