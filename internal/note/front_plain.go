package note

import (
	"bytes"
	"strconv"
	"strings"
)

// readPlainYAML reads the part of YAML that nearly all notes keep to:
//
//	key: plain words, a whole number, true or false, "text", 'text'
//	key: [a, "b"]
//	key:
//	- item
//
// It gives up (false) at anything that it does not understand for sure; what it
// reads, it reads as the library would. A test compares the two.
func readPlainYAML(data []byte, first int) ([]field, bool) {
	fields := make([]field, 0, 8)
	line := first - 1
	var open *field // waits for list items
	for len(data) > 0 {
		var l []byte
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			l, data = data[:i], data[i+1:]
		} else {
			l, data = data, nil
		}
		line++
		l = bytes.TrimRight(l, " ")
		if len(l) == 0 {
			continue
		}
		if item, col, ok := plainItem(l); ok {
			if open == nil {
				return nil, false
			}
			v, ok := plainScalar(item)
			if !ok || v == nil {
				return nil, false
			}
			items, started := open.value.([]any)
			if !started {
				open.at = place{line, col - 2}
			} else if open.at.col != col-2 {
				return nil, false // items at different columns
			}
			open.value = append(items, v)
			continue
		}
		f, ok := plainField(l, line)
		if !ok {
			return nil, false
		}
		fields = append(fields, f)
		open = nil
		if f.value == nil {
			open = &fields[len(fields)-1]
		}
	}
	return fields, true
}

// plainItem splits "- item", indented or not; col is the item's column.
func plainItem(l []byte) (item []byte, col int, ok bool) {
	i := 0
	for i < len(l) && l[i] == ' ' {
		i++
	}
	if i+2 >= len(l) || l[i] != '-' || l[i+1] != ' ' || l[i+2] == ' ' {
		return nil, 0, false
	}
	return l[i+2:], i + 3, true
}

// plainField reads "key: value" or "key:".
func plainField(l []byte, line int) (field, bool) {
	i := 0
	for i < len(l) && (isLetter(l[i]) || l[i] == '_' || i > 0 && (l[i] == '-' || l[i] >= '0' && l[i] <= '9')) {
		i++
	}
	if i == 0 || i >= len(l) || l[i] != ':' || isWord(string(l[:i])) {
		return field{}, false
	}
	f := field{name: strings.ToLower(string(l[:i])), key: place{line, 1}, at: place{line, 1}}
	rest := l[i+1:]
	if len(rest) == 0 {
		return f, true
	}
	if rest[0] != ' ' {
		return field{}, false
	}
	value := bytes.TrimLeft(rest, " ")
	f.at.col = len(l) - len(value) + 1
	var ok bool
	if value[0] == '[' {
		f.value, ok = plainFlow(value)
	} else {
		f.value, ok = plainScalar(value)
	}
	return f, ok && f.value != nil
}

// plainFlow reads [a, b] with simple items.
func plainFlow(s []byte) (any, bool) {
	if len(s) < 2 || s[len(s)-1] != ']' {
		return nil, false
	}
	items := []any{}
	inner := bytes.TrimSpace(s[1 : len(s)-1])
	if len(inner) == 0 {
		return items, true
	}
	for _, part := range bytes.Split(inner, []byte{','}) {
		part = bytes.Trim(part, " ")
		if len(part) == 0 || bytes.IndexByte(part, '\t') >= 0 {
			return nil, false
		}
		v, ok := plainScalar(part)
		if !ok || v == nil {
			return nil, false
		}
		items = append(items, v)
	}
	return items, true
}

// plainScalar reads one value that fills s.
func plainScalar(s []byte) (any, bool) {
	switch c := s[0]; {
	case c == '"' || c == '\'':
		return plainQuoted(s)
	case isLetter(c) || c >= 0x80:
		return plainWords(s)
	case c >= '1' && c <= '9':
		return plainNumber(s)
	case c == '0' && len(s) == 1:
		return int64(0), true
	}
	return nil, false
}

func plainQuoted(s []byte) (any, bool) {
	if len(s) < 2 || s[len(s)-1] != s[0] {
		return nil, false
	}
	inner := s[1 : len(s)-1]
	for _, c := range inner {
		if c == s[0] || c == '\\' || c < ' ' || c == 0x7f {
			return nil, false
		}
	}
	return string(inner), true
}

// plainWords reads text without quotes; what could be anything else to YAML is
// left to the library.
func plainWords(s []byte) (any, bool) {
	for i, c := range s {
		switch {
		case isLetter(c) || c >= 0x80 || c >= '0' && c <= '9':
		case c == ' ':
		case strings.IndexByte("-_./()!?;+'", c) >= 0:
		case c == ',' && bytes.IndexByte(s, '[') < 0:
		case c == ':' && i+1 < len(s) && s[i+1] != ' ' && s[i+1] != ':':
		default:
			return nil, false
		}
	}
	text := string(s)
	switch text {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	if isWord(text) {
		return nil, false
	}
	return text, true
}

// isWord is true for words that mean a value of their own in some YAML.
func isWord(s string) bool {
	switch strings.ToLower(s) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf", "infinity":
		return true
	}
	return false
}

// plainNumber reads a whole number, or a date, which stays a text.
func plainNumber(s []byte) (any, bool) {
	if len(s) == len("2006-01-02") && s[4] == '-' && s[7] == '-' {
		for i, c := range s {
			if i != 4 && i != 7 && (c < '0' || c > '9') {
				return nil, false
			}
		}
		return string(s), true
	}
	if len(s) > 15 {
		return nil, false
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return nil, false
		}
	}
	n, err := strconv.ParseInt(string(s), 10, 64)
	return n, err == nil
}
