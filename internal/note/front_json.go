package note

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strings"
)

// jsonEnd finds the end of the JSON object that data begins with: -1 when it has
// none. is is false where data begins with another thing, a shortcode say.
func jsonEnd(data []byte) (end int, is bool) {
	if len(data) == 0 || data[0] != '{' {
		return 0, false
	}
	next := bytes.TrimLeft(data[1:min(len(data), 1000)], " \t\n")
	if len(next) == 0 || next[0] != '"' && next[0] != '}' {
		return 0, false
	}
	depth, inString := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1, true
			}
		}
	}
	return -1, true
}

// readJSON reads a JSON object with nothing but blanks before it.
func readJSON(data []byte) ([]field, *frontError) {
	if line, deep := bracketsTooDeep(data); deep {
		return nil, &frontError{place{1 + line, 1}, "the front matter is nested too deeply", ""}
	}
	fail := func(off int64, err error) *frontError {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			off = max(off, syntax.Offset-1)
		}
		message := err.Error()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			message = "it ends too early"
		}
		line, col := position(data, int(off))
		return &frontError{place{line, col}, "the front matter is no valid JSON: " + message, ""}
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if _, err := dec.Token(); err != nil {
		return nil, fail(dec.InputOffset(), err)
	}
	var fields []field
	for dec.More() {
		keyAt := skipJSON(data, dec.InputOffset())
		tok, err := dec.Token()
		if err != nil {
			return nil, fail(dec.InputOffset(), err)
		}
		name, ok := tok.(string)
		if !ok {
			return nil, fail(keyAt, errors.New("a field's name must be a text"))
		}
		valueAt := skipJSON(data, dec.InputOffset())
		var v any
		if err := dec.Decode(&v); err != nil {
			return nil, fail(valueAt, err)
		}
		f := field{name: strings.ToLower(name), value: jsonValue(v)}
		f.key.line, f.key.col = position(data, int(keyAt))
		f.at.line, f.at.col = position(data, int(valueAt))
		fields = append(fields, f)
	}
	if _, err := dec.Token(); err != nil {
		return nil, fail(dec.InputOffset(), err)
	}
	return fields, nil
}

// skipJSON passes over what separates tokens.
func skipJSON(data []byte, off int64) int64 {
	for off < int64(len(data)) && bytes.IndexByte([]byte(" \t\n,:"), data[off]) >= 0 {
		off++
	}
	return off
}

// jsonValue makes whole numbers int64 and others float64.
func jsonValue(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if !strings.ContainsAny(v.String(), ".eE") {
			return v.String() // more digits than a number can keep
		}
		f, err := v.Float64()
		if err != nil || math.IsInf(f, 0) {
			return v.String()
		}
		return f
	case []any:
		for i := range v {
			v[i] = jsonValue(v[i])
		}
		return v
	case map[string]any:
		for k := range v {
			v[k] = jsonValue(v[k])
		}
		return v
	}
	return v
}
