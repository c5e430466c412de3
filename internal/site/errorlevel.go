package site

import (
	"fmt"
	"regexp"

	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/note"
)

// ignoreLists are the parameters that say which addresses are not checked.
func ignoreLists() []string { return []string{"errorignore", "urlignorecheck"} }

// level says how bad a finding about a link is, by Relearn's parameters of the
// page and the site; ok is false for one that is not wanted.
func (l *linker) level(k *note.Link, sev diag.Severity, rule string) (level diag.Severity, ok bool) {
	cfg, front := l.s.Config, l.n.Front.Params
	name := "link.errorlevel"
	switch rule {
	case "link-missing":
	case "image-missing":
		name = "image.errorlevel"
	default:
		return sev, true
	}
	for _, list := range ignoreLists() {
		for _, pattern := range cfg.ParamTexts(front, list) {
			if re, err := l.s.pattern(pattern); err == nil && re.MatchString(k.Dest) {
				return sev, false
			}
		}
	}
	switch cfg.ParamText(front, name) {
	case "warning":
		return diag.Warning, true
	case "error":
		return diag.Error, true
	}
	return sev, true
}

// pattern compiles a regular expression once.
func (s *Site) pattern(source string) (*regexp.Regexp, error) {
	if re, known := s.patterns[source]; known {
		return re, nil
	}
	re, err := regexp.Compile(source)
	if err != nil {
		return nil, err
	}
	if s.patterns == nil {
		s.patterns = map[string]*regexp.Regexp{}
	}
	s.patterns[source] = re
	return re, nil
}

// checkPatterns reports what is wrong with the note's own patterns.
func (l *linker) checkPatterns() {
	if l.n.Front.Params == nil {
		return
	}
	for _, list := range ignoreLists() {
		for _, pattern := range config.Texts(config.OwnParam(l.n.Front.Params, list)) {
			if _, err := l.s.pattern(pattern); err != nil {
				l.diags = append(l.diags, diag.Diagnostic{
					Position: diag.Position{File: l.n.Path, Line: 1, Col: 1}, Severity: diag.Warning, Rule: "parameter",
					Message: fmt.Sprintf("%s: %v", list, err), Hint: "mend the regular expression",
				})
			}
		}
	}
}
