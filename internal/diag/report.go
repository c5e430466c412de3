package diag

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
)

// Report is what the formats for other programs need beside the findings.
type Report struct {
	// Tool and Version name the program; Home is its address, if it has one.
	Tool, Version, Home string
	// Prefix is the way from the repository's root, in which these programs
	// count, to the project's folder; "" where they are the same.
	Prefix string
	// Rules are those that were looked for, in order of their names.
	Rules []RuleInfo
	// Text returns the bytes of a file, to count its columns in characters; nil
	// where nobody can.
	Text func(file string) []byte
}

// RuleInfo is what is told of a rule.
type RuleInfo struct {
	Name     string
	Severity Severity
	// Summary is one line, Help is Markdown.
	Summary, Help string
}

// path is the file of a finding as other programs know it.
func (r *Report) path(file string) string {
	if r.Prefix == "" || r.Prefix == "." {
		return file
	}
	return path.Join(r.Prefix, file)
}

// WriteGitHub prints ds as the workflow commands of which GitHub and Forgejo
// make annotations.
func WriteGitHub(w io.Writer, ds []Diagnostic, r *Report) error {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	var b strings.Builder
	for _, d := range ds {
		b.WriteString([...]string{"::error ", "::warning ", "::notice "}[d.Severity])
		if d.File != "" {
			b.WriteString("file=" + property.Replace(r.path(d.File)) + ",")
		}
		if d.Line > 0 {
			fmt.Fprintf(&b, "line=%d,", d.Line)
			if d.Col > 0 {
				fmt.Fprintf(&b, "col=%d,", r.column(&d))
			}
		}
		text := d.Message
		if d.Hint != "" {
			text += "\n" + d.Hint
		}
		b.WriteString("title=" + property.Replace(d.Rule) + "::" + data.Replace(text) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// column is where d is in its line, counted in characters from 1.
func (r *Report) column(d *Diagnostic) int {
	if r.Text == nil || d.Line < 1 || d.Col < 2 {
		return d.Col
	}
	line := string(r.Text(d.File))
	for range d.Line - 1 {
		i := strings.IndexAny(line, "\r\n")
		if i < 0 {
			return d.Col
		}
		if strings.HasPrefix(line[i:], "\r\n") {
			i++
		}
		line = line[i+1:]
	}
	if d.Line == 1 {
		line = strings.TrimPrefix(line, "\ufeff")
	}
	if d.Col-1 > len(line) {
		return d.Col
	}
	return 1 + len([]rune(line[:d.Col-1]))
}

type gitLabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitLabLocation `json:"location"`
}

type gitLabLocation struct {
	Path  string      `json:"path"`
	Lines gitLabLines `json:"lines"`
}

type gitLabLines struct {
	Begin int `json:"begin"`
}

// WriteGitLab prints ds as GitLab's code quality report. A finding keeps its
// fingerprint when it moves within its file.
func WriteGitLab(w io.Writer, ds []Diagnostic, r *Report) error {
	prints := fingerprints(ds)
	out := make([]gitLabIssue, len(ds))
	for i, d := range ds {
		text := d.Message
		if d.Hint != "" {
			text += " (" + d.Hint + ")"
		}
		out[i] = gitLabIssue{
			Description: text, CheckName: d.Rule, Fingerprint: prints[i],
			Severity: [...]string{"major", "minor", "info"}[d.Severity],
			Location: gitLabLocation{r.path(d.File), gitLabLines{max(d.Line, 1)}},
		}
	}
	return encode(w, out)
}

// fingerprints tells findings apart without their lines: the same message about
// the same file is told apart by how many there were before it.
func fingerprints(ds []Diagnostic) []string {
	seen := map[string]int{}
	out := make([]string, len(ds))
	for i, d := range ds {
		key := d.Rule + "\x00" + d.File + "\x00" + d.Message
		n := seen[key]
		seen[key]++
		sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, n))
		out[i] = hex.EncodeToString(sum[:16])
	}
	return out
}

func encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
