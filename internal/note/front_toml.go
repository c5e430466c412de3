package note

import (
	"bytes"
	"errors"
	"sort"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// readTOML reads TOML front matter that begins in line first of the file. Times
// without a zone are in loc.
func readTOML(data []byte, first int, loc *time.Location) ([]field, *frontError) {
	if line, deep := bracketsTooDeep(data); deep {
		return nil, &frontError{place{first + line, 1}, "the front matter is nested too deeply", ""}
	}
	var m map[string]any
	if err := toml.Unmarshal(data, &m); err != nil {
		e := &frontError{place{first, 1}, "the front matter is no valid TOML: " + firstLine(strings.TrimPrefix(err.Error(), "toml: ")), ""}
		var detailed *toml.DecodeError
		if errors.As(err, &detailed) {
			line, col := detailed.Position()
			e.place = place{first + max(line, 1) - 1, max(col, 1)}
		}
		return nil, e
	}
	places := tomlPlaces(data, first)
	fields := make([]field, 0, len(m))
	for _, name := range sortedKeys(m) {
		at := places[name]
		fields = append(fields, field{strings.ToLower(name), tomlValue(m[name], loc), at.key, at.value})
	}
	sort.SliceStable(fields, func(i, j int) bool {
		a, b := fields[i].key, fields[j].key
		return a.line < b.line || a.line == b.line && a.col < b.col
	})
	return fields, nil
}

type keyPlace struct{ key, value place }

// tomlPlaces finds where the top-level names stand.
func tomlPlaces(data []byte, first int) map[string]keyPlace {
	out := map[string]keyPlace{}
	var p unstable.Parser
	p.Reset(data)
	table := false
	at := func(raw unstable.Range) place {
		line, col := position(data, int(raw.Offset))
		return place{first + line - 1, col}
	}
	for p.NextExpression() {
		e := p.Expression()
		it := e.Key()
		if !it.Next() {
			continue
		}
		key := it.Node()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = true
		case unstable.KeyValue:
			if table {
				continue
			}
		default:
			continue
		}
		name := string(key.Data)
		if _, known := out[name]; known {
			continue
		}
		kp := keyPlace{key: at(key.Raw), value: at(key.Raw)}
		if e.Kind == unstable.KeyValue && e.Value().Raw.Length > 0 {
			kp.value = at(e.Value().Raw)
		}
		out[name] = kp
	}
	return out
}

func tomlValue(v any, loc *time.Location) any {
	switch v := v.(type) {
	case toml.LocalDate:
		return v.AsTime(loc)
	case toml.LocalDateTime:
		return v.AsTime(loc)
	case toml.LocalTime:
		return v.String()
	case []any:
		for i := range v {
			v[i] = tomlValue(v[i], loc)
		}
		return v
	case map[string]any:
		for k := range v {
			v[k] = tomlValue(v[k], loc)
		}
		return v
	}
	return v
}

// bracketsTooDeep looks for more than maxFrontDepth open brackets.
func bracketsTooDeep(data []byte) (line int, deep bool) {
	depth := 0
	for _, c := range data {
		switch c {
		case '\n':
			line++
		case '[', '{':
			if depth++; depth > maxFrontDepth {
				return line, true
			}
		case ']', '}':
			depth = max(depth-1, 0)
		}
	}
	// Dotted keys nest too.
	for l := range bytes.Lines(data) {
		if key, _, _ := bytes.Cut(l, []byte{'='}); bytes.Count(key, []byte{'.'}) > maxFrontDepth {
			return 0, true
		}
	}
	return 0, false
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
