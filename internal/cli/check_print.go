package cli

import (
	"path/filepath"
	"strings"

	"lectern/internal/build"
	"lectern/internal/check"
	"lectern/internal/diag"
)

// printFindings prints findings to standard output in one of the formats.
func (a *app) printFindings(format, dir string, r *build.Checked) error {
	switch format {
	case "json":
		return diag.WriteJSON(a.Out, r.Diags)
	case "sarif":
		return diag.WriteSARIF(a.Out, r.Diags, a.checkReport(dir, r))
	case "github":
		return diag.WriteGitHub(a.Out, r.Diags, a.checkReport(dir, r))
	case "gitlab":
		return diag.WriteGitLab(a.Out, r.Diags, a.checkReport(dir, r))
	}
	return diag.WriteText(a.Out, r.Diags, a.term.color && isTerminal(a.Out))
}

// checkReport is what forges need beside the findings. They count paths from
// the repository's folder, in which the command is run.
func (a *app) checkReport(dir string, r *build.Checked) *diag.Report {
	rep := &diag.Report{Tool: "Lectern", Version: a.version().Version, Prefix: filepath.ToSlash(a.shown(dir)), Text: texts(r.Read)}
	if filepath.IsAbs(rep.Prefix) || strings.HasPrefix(rep.Prefix, "/") {
		rep.Prefix = ""
	}
	for _, rule := range check.Rules() {
		rep.Rules = append(rep.Rules, diag.RuleInfo{Name: rule.Name, Severity: rule.Severity, Summary: rule.Summary, Help: rule.Why})
	}
	return rep
}

// texts reads files for the columns of findings, the last one once. What can't
// be read has its columns in bytes.
func texts(read func(string) ([]byte, error)) func(string) []byte {
	name, text := "", []byte(nil)
	return func(file string) []byte {
		if file != name {
			data, err := read(file)
			if err != nil {
				data = nil
			}
			name, text = file, data
		}
		return text
	}
}
