package config

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"lectern/internal/diag"
)

// comparison is one part of a constraint: an operator and a semantic version
// with its leading v.
type comparison struct{ op, version string }

// parseConstraint reads comparisons (>=, >, <=, <, =, !=) with versions,
// separated by commas or spaces; all must hold. A version alone means >=. A
// version may lack its minor and patch numbers.
func parseConstraint(s string) ([]comparison, error) {
	var out []comparison
	op := ""
	for _, field := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		digits := strings.TrimLeft(field, "<>=!")
		if o := field[:len(field)-len(digits)]; o != "" {
			if op != "" {
				return nil, fmt.Errorf("a version is missing after %q", op)
			}
			op = o
		}
		if digits == "" {
			continue
		}
		v := "v" + strings.TrimPrefix(digits, "v")
		if !semver.IsValid(v) {
			return nil, fmt.Errorf("%q is not a version", digits)
		}
		switch op {
		case "":
			op = ">="
		case ">=", ">", "<=", "<", "=", "!=":
		case "==":
			op = "="
		default:
			return nil, fmt.Errorf("%q is no comparison", op)
		}
		out = append(out, comparison{op, v})
		op = ""
	}
	if op != "" {
		return nil, fmt.Errorf("a version is missing after %q", op)
	}
	if len(out) == 0 && strings.TrimSpace(s) != "" {
		return nil, errors.New("there is no version in it")
	}
	return out, nil
}

func (c comparison) holds(version string) bool {
	n := semver.Compare(version, c.version)
	switch c.op {
	case ">=":
		return n >= 0
	case ">":
		return n > 0
	case "<=":
		return n <= 0
	case "<":
		return n < 0
	case "!=":
		return n != 0
	default:
		return n == 0
	}
}

// release returns version as semver wants it, or "" for a development build,
// which satisfies every constraint: its number says nothing of what it can do.
func release(version string) string {
	if version == "" {
		return ""
	}
	v := "v" + strings.TrimPrefix(version, "v")
	if !semver.IsValid(v) || module.IsPseudoVersion(v) || strings.Contains(semver.Build(v), "dirty") {
		return ""
	}
	return v
}

// checkVersion notes an error where a binary of the version given cannot build
// the project.
func (d *decoder) checkVersion(c *Config, version string, at diag.Position) {
	v := release(version)
	if v == "" || c.Requires == "" {
		return
	}
	parts, err := parseConstraint(c.Requires)
	if err != nil {
		return // noted where it was read
	}
	for _, p := range parts {
		if !p.holds(v) {
			d.fail(at, ruleRequires, "install a version of Lectern that fits",
				"this project requires Lectern %s, and this is Lectern %s", c.Requires, strings.TrimPrefix(v, "v"))
			return
		}
	}
}
