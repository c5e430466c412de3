package config

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"lectern/internal/diag"
)

// Rules of the diagnostics about configuration.
const (
	ruleSyntax      = "config-syntax"
	ruleType        = "config-type"
	ruleValue       = "config-value"
	ruleUnknown     = "config-unknown-key"
	ruleUnsupported = "config-unsupported"
	ruleRequires    = "config-requires"
)

// decoder turns values into the types of the settings. Like Hugo it takes
// "true" for true, 5 for "5" and one text for a list of one; what cannot be
// meant is noted as an error and the setting keeps its default.
type decoder struct {
	diags []diag.Diagnostic
	// fsys is the project's folder, for settings that name a file.
	fsys fs.FS
}

func (d *decoder) fail(at diag.Position, rule, hint, format string, args ...any) {
	d.diags = append(d.diags, diag.Diagnostic{
		Position: at, Severity: diag.Error, Rule: rule, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

func (d *decoder) warn(at diag.Position, rule, hint, format string, args ...any) {
	d.fail(at, rule, hint, format, args...)
	d.diags[len(d.diags)-1].Severity = diag.Warning
}

func (d *decoder) mismatch(v *value, key, want string) {
	got := v.form()
	switch s := v.scalar.(type) {
	case string:
		got = strconv.Quote(clip(s))
	case bool, int64, float64:
		got = fmt.Sprint(s)
	}
	d.fail(v.at, ruleType, "", "%s must be %s, not %s", key, want, got)
}

// clip shortens what a message quotes.
func clip(s string) string {
	const longest = 60
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}

// text sets *p to a text; a number or a boolean is taken as it is written.
func (d *decoder) text(v *value, key string, p *string) {
	s, ok := v.asText()
	if !ok {
		d.mismatch(v, key, "a text")
		return
	}
	*p = s
}

// item is the value at i of a list, or of a single value that stands for one.
func (v *value) item(i int) *value {
	if i < len(v.list) {
		return v.list[i]
	}
	return v
}

// written is a scalar as its author wrote it.
func (v *value) written() string {
	s, _ := v.asText()
	return s
}

func (v *value) asText() (string, bool) {
	if v.table != nil || v.isList {
		return "", false
	}
	switch s := v.scalar.(type) {
	case nil:
		return "", true
	case string:
		return s, true
	case bool:
		return strconv.FormatBool(s), true
	case int64:
		return strconv.FormatInt(s, 10), true
	case float64:
		return strconv.FormatFloat(s, 'g', -1, 64), true
	default:
		return "", false
	}
}

func (d *decoder) boolean(v *value, key string, p *bool) {
	b, ok := v.asBool()
	if !ok {
		d.mismatch(v, key, "true or false")
		return
	}
	*p = b
}

func (v *value) asBool() (b, ok bool) {
	switch s := v.scalar.(type) {
	case bool:
		return s, true
	case int64:
		return s != 0, true
	case string:
		switch strings.ToLower(s) {
		case "true", "yes", "on", "1":
			return true, true
		case "false", "no", "off", "0", "":
			return false, true
		}
	case nil:
		return false, v.table == nil && !v.isList
	}
	return false, false
}

func (d *decoder) integer(v *value, key string, p *int) {
	const bound = 1 << 30
	var n int64
	ok := true
	switch s := v.scalar.(type) {
	case int64:
		n = s
	case float64:
		ok = s > -bound && s < bound && s == float64(int64(s))
		if ok {
			n = int64(s)
		}
	case string:
		var err error
		n, err = strconv.ParseInt(strings.TrimSpace(s), 10, 64)
		ok = err == nil
	default:
		ok = false
	}
	if !ok || n < -bound || n > bound {
		d.mismatch(v, key, "a whole number")
		return
	}
	*p = int(n)
}

// texts sets *p to a list of texts; a single one is a list of one.
func (d *decoder) texts(v *value, key string, p *[]string) {
	if !v.isList {
		if s, ok := v.asText(); ok {
			if *p = nil; s != "" {
				*p = []string{s}
			}
			return
		}
		d.mismatch(v, key, "a list of texts")
		return
	}
	list := make([]string, 0, len(v.list))
	for _, item := range v.list {
		s, ok := item.asText()
		if !ok {
			d.mismatch(item, "each of "+key, "a text")
			return
		}
		list = append(list, s)
	}
	*p = list
}

// entries returns the entries of a table; nothing at all is an empty one.
func (d *decoder) entries(v *value, key string) []*entry {
	switch {
	case v.table != nil:
		return v.table.entries
	case !v.isList && v.scalar == nil:
	default:
		d.mismatch(v, key, "a table")
	}
	return nil
}
