package edit

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// entry writes a whole field, with the end of its last line.
func (w *writer) entry(f Field, format string) (string, error) {
	if list, ok := f.Value.([]string); ok && format == "yaml" && len(list) > 0 {
		var b strings.Builder
		b.WriteString(f.Name + ":" + w.lines.end)
		for _, item := range list {
			b.WriteString("- " + yamlString(item, nil) + w.lines.end)
		}
		return b.String(), nil
	}
	text, err := scalar(f.Value, format, nil)
	if err != nil {
		return "", err
	}
	if format == "toml" {
		return f.Name + " = " + text + w.lines.end, nil
	}
	return f.Name + ": " + text + w.lines.end, nil
}

// scalar writes a value in one line; like is the one that it replaces, whose
// quotes it takes over where it can.
func scalar(v any, format string, like []byte) (string, error) {
	switch v := v.(type) {
	case string:
		if format == "yaml" {
			return yamlString(v, like), nil
		}
		if format == "toml" && len(like) > 0 && like[0] == '\'' && !strings.ContainsFunc(v, notLiteral) && utf8.ValidString(v) {
			return "'" + v + "'", nil
		}
		return quoted(v)
	case bool:
		return strconv.FormatBool(v), nil
	case int:
		return strconv.Itoa(v), nil
	case time.Time:
		text := v.Format(time.RFC3339)
		switch {
		case format == "json", len(like) > 0 && like[0] == '"':
			return quoted(text)
		case len(like) > 0 && like[0] == '\'':
			return "'" + text + "'", nil
		}
		return text, nil
	case []string:
		return flowList(v, format)
	}
	return "", fmt.Errorf("a %T cannot be written", v)
}

// notLiteral is true for what TOML's single quotes cannot hold.
func notLiteral(c rune) bool { return c == '\'' || unicode.IsControl(c) }

func flowList(items []string, format string) (string, error) {
	var out []string
	for _, item := range items {
		s, err := quoted(item)
		if err != nil {
			return "", err
		}
		if format == "yaml" && isPlain(item) && !strings.ContainsAny(item, ",[]{}") {
			s = item
		}
		out = append(out, s)
	}
	return "[" + strings.Join(out, ", ") + "]", nil
}

// yamlString writes a text as YAML: plain where that is safe, else in quotes, as
// like is.
func yamlString(s string, like []byte) string {
	var q byte
	if len(like) > 0 {
		q = like[0]
	}
	simple := !strings.ContainsFunc(s, unicode.IsControl) && utf8.ValidString(s)
	switch {
	case q == '\'' && simple:
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	case q != '"' && isPlain(s):
		return s
	}
	text, err := quoted(s)
	if err != nil {
		return `""` // cannot be: every string is JSON; and what was written is read again
	}
	return text
}

// quoted writes a text in double quotes, as JSON, YAML and TOML read it.
func quoted(s string) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return "", err
	}
	// TOML wants DEL escaped, JSON does not care.
	return strings.ReplaceAll(strings.TrimSuffix(b.String(), "\n"), "\x7f", `\u007f`), nil
}

// isPlain is true for texts that YAML reads as they stand, and as text.
func isPlain(s string) bool {
	if s == "" || strings.TrimSpace(s) != s || strings.ContainsFunc(s, unicode.IsControl) || !utf8.ValidString(s) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s)
	if !unicode.IsLetter(first) {
		return false // numbers, dates, marks with a meaning
	}
	if strings.Contains(s, ": ") || strings.Contains(s, " #") || strings.HasSuffix(s, ":") || strings.ContainsAny(s, "\u2028\u2029\u0085\ufeff") {
		return false
	}
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf":
		return false
	}
	return true
}
