package check

import (
	"fmt"
	"strings"

	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/note"
)

// Filter applies what a project says about rules: its configuration, and the
// comments in notes that silence findings. With whole, where ds are all that
// can be found, it also tells of comments that silence nothing. The result is
// sorted.
func Filter(cfg *config.Check, notes []*note.Note, ds []diag.Diagnostic, whole bool) []diag.Diagnostic {
	levels := map[string]config.RuleLevel{}
	out := make([]diag.Diagnostic, 0, len(ds))
	for _, l := range cfg.Levels {
		if r, known := Lookup(l.Rule); !known {
			out = append(out, unknownRule(l.At, "check.rules has", l.Rule))
		} else if r.Firm && l.Off {
			out = append(out, diag.Diagnostic{
				Position: l.At, Severity: diag.Warning, Rule: "config-value",
				Message: fmt.Sprintf("check.rules: %s can't be turned off, because it says what is not published", l.Rule),
			})
		} else {
			levels[l.Rule] = l
		}
	}
	quiet := newSilence(notes)
	for _, d := range ds {
		l, configured := levels[d.Rule]
		if quiet.silences(&d) || configured && l.Off {
			continue
		}
		if configured {
			d.Severity = l.Severity
		}
		out = append(out, d)
	}
	if whole {
		if l, ok := levels["ignore-unused"]; !ok || !l.Off {
			out = append(out, quiet.unused(l, ok)...)
		}
	}
	return diag.Sort(out)
}

func unknownRule(at diag.Position, who, name string) diag.Diagnostic {
	d := diag.Diagnostic{
		Position: at, Severity: diag.Warning, Rule: "config-value",
		Message: fmt.Sprintf("%s a rule %q, which there is not", who, name), Hint: "lectern check --explain lists all rules",
	}
	if near := diag.Nearest(name, Names()); near != "" {
		d.Hint = fmt.Sprintf("did you mean %q?", near)
	}
	return d
}

// silence are the comments of all notes, by file, and which of their rules
// silenced anything.
type silence struct {
	files map[string][]note.Ignore
	paths []string // in order
	used  map[usedKey]bool
}

type usedKey struct {
	file   string
	ignore int
	rule   string
}

func newSilence(notes []*note.Note) *silence {
	s := &silence{files: map[string][]note.Ignore{}, used: map[usedKey]bool{}}
	for _, n := range notes {
		if len(n.Ignores) > 0 {
			s.files[n.Path] = n.Ignores
			s.paths = append(s.paths, n.Path)
		}
	}
	return s
}

func (s *silence) silences(d *diag.Diagnostic) bool {
	ignores := s.files[d.File]
	if len(ignores) == 0 {
		return false
	}
	if r, _ := Lookup(d.Rule); r.Firm {
		return false
	}
	quiet := false
	for i, g := range ignores {
		if d.Line < g.From || d.Line > g.To {
			if d.Line > 0 || g.From > 1 {
				continue
			}
		}
		if len(g.Rules) == 0 {
			s.used[usedKey{d.File, i, ""}] = true
			quiet = true
		}
		for _, rule := range g.Rules {
			if strings.EqualFold(rule, d.Rule) {
				s.used[usedKey{d.File, i, rule}] = true
				quiet = true
			}
		}
	}
	return quiet
}

// unused tells of comments that silence nothing, or name a rule that is none.
func (s *silence) unused(level config.RuleLevel, configured bool) []diag.Diagnostic {
	var out []diag.Diagnostic
	for _, file := range s.paths {
		for i, g := range s.files[file] {
			rules := g.Rules
			if len(rules) == 0 {
				rules = []string{""}
			}
			for _, rule := range rules {
				if s.used[usedKey{file, i, rule}] {
					continue
				}
				out = append(out, unusedFinding(diag.Position{File: file, Line: g.Line, Col: g.Col}, rule))
				if configured {
					out[len(out)-1].Severity = level.Severity
				}
			}
		}
	}
	return out
}

func unusedFinding(at diag.Position, rule string) diag.Diagnostic {
	d := diag.Diagnostic{
		Position: at, Severity: diag.Info, Rule: "ignore-unused",
		Message: "this comment silences no finding", Hint: "take it out",
	}
	if rule == "" {
		return d
	}
	d.Message = fmt.Sprintf("there is no finding of %s here to silence", rule)
	if _, ok := Lookup(strings.ToLower(rule)); !ok {
		d.Message = fmt.Sprintf("there is no rule %q to silence", rule)
		if near := diag.Nearest(rule, Names()); near != "" {
			d.Hint = fmt.Sprintf("did you mean %q?", near)
		}
	}
	return d
}
