package config

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// parseTOML reads TOML 1.0. A pass over the syntax finds the places of the
// keys; the values come from the decoder, which checks all of the format's rules.
func parseTOML(src *source) (*table, error) {
	x := &tomlIndex{src: src, places: map[string]tomlPlace{}, elements: map[string]int{}}
	if err := x.scan(); err != nil {
		return nil, err
	}
	var m map[string]any
	if err := toml.Unmarshal(src.data, &m); err != nil {
		if de, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, col := de.Position()
			p := src.atRune(line, 1)
			p.Col += max(col-1, 0)
			return nil, &problem{p, strings.TrimPrefix(de.Error(), "toml: ")}
		}
		return nil, src.problem(0, strings.TrimPrefix(err.Error(), "toml: "))
	}
	return x.value("", m).table, nil
}

// tomlPlace says where a key and its value stand, as offsets.
type tomlPlace struct{ key, val int }

// tomlIndex holds the places of all keys by their path. The parts of a path
// end with a zero byte, so that no key can look like two.
type tomlIndex struct {
	src    *source
	places map[string]tomlPlace
	// elements counts the tables of an array of tables ([[menus.main]]).
	elements map[string]int
}

// scan fills the index. Of the errors it reports only nesting too deep for
// the decoder; all others are the decoder's to explain.
func (x *tomlIndex) scan() error {
	var p unstable.Parser
	p.Reset(x.src.data)
	table := ""
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind != unstable.Table && e.Kind != unstable.ArrayTable && e.Kind != unstable.KeyValue {
			continue
		}
		if at, deep := dotted(e); deep {
			return x.src.problem(at, fmt.Sprintf("nested deeper than %d", maxDepth))
		}
		switch e.Kind {
		case unstable.Table:
			table = x.keys("", e, true)
		case unstable.ArrayTable:
			path := x.keys("", e, false)
			n := x.elements[path]
			x.elements[path] = n + 1
			table = element(path, n)
			x.places[table] = x.places[path]
		case unstable.KeyValue:
			x.keyValue(table, e)
		}
	}
	return nil
}

// dotted tells whether e's key has more than maxDepth parts, and where it begins.
func dotted(e *unstable.Node) (offset int, deep bool) {
	n := 0
	for it := e.Key(); it.Next(); n++ {
		if n == 0 {
			offset = int(it.Node().Raw.Offset)
		}
	}
	return offset, n > maxDepth
}

// keys notes the places of e's keys below prefix and returns the whole path.
// A part that names an array of tables means its last element; so does the
// last part, if wanted.
func (x *tomlIndex) keys(prefix string, e *unstable.Node, last bool) string {
	for it := e.Key(); it.Next(); {
		prefix += string(it.Node().Data) + "\x00"
		at := int(it.Node().Raw.Offset)
		if _, seen := x.places[prefix]; !seen {
			x.places[prefix] = tomlPlace{at, at}
		}
		if n := x.elements[prefix]; n > 0 && (last || !it.IsLast()) {
			prefix = element(prefix, n-1)
		}
	}
	return prefix
}

func element(path string, n int) string { return path + strconv.Itoa(n) + "\x00" }

func (x *tomlIndex) keyValue(table string, e *unstable.Node) {
	path := x.keys(table, e, true)
	place := x.places[path]
	place.val = x.after(place.key)
	x.places[path] = place
	x.inside(path, e.Value())
}

// after returns the offset of the value of the last key at or behind offset:
// nodes of values do not always carry a range, the text does.
func (x *tomlIndex) after(offset int) int {
	data := x.src.data
	for quote := byte(0); offset < len(data); offset++ {
		switch c := data[offset]; {
		case quote == '"' && c == '\\':
			offset++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '=':
			for offset++; offset < len(data) && (data[offset] == ' ' || data[offset] == '\t'); offset++ {
			}
			return offset
		}
	}
	return offset
}

// inside notes the places of the keys within inline tables and lists.
func (x *tomlIndex) inside(path string, v *unstable.Node) {
	switch v.Kind {
	case unstable.InlineTable:
		for it := v.Children(); it.Next(); {
			x.keyValue(path, it.Node())
		}
	case unstable.Array:
		i := 0
		for it := v.Children(); it.Next(); i++ {
			x.inside(element(path, i), it.Node())
		}
	}
}

func (x *tomlIndex) value(path string, v any) *value {
	out := &value{at: x.src.at(x.places[path].val)}
	switch v := v.(type) {
	case map[string]any:
		out.table = newTable()
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.SortFunc(names, func(a, b string) int {
			pa, pb := x.places[path+a+"\x00"].key, x.places[path+b+"\x00"].key
			if pa != pb {
				return pa - pb
			}
			return strings.Compare(a, b)
		})
		for _, name := range names {
			sub := path + name + "\x00"
			out.table.put(name, x.src.at(x.places[sub].key), x.value(sub, v[name]))
		}
	case []any:
		out.isList = true
		for i, item := range v {
			sub := element(path, i)
			if _, known := x.places[sub]; !known {
				x.places[sub] = x.places[path]
			}
			out.list = append(out.list, x.value(sub, item))
		}
	case toml.LocalDate:
		out.scalar = v.AsTime(time.UTC)
	case toml.LocalDateTime:
		out.scalar = v.AsTime(time.UTC)
	case toml.LocalTime:
		out.scalar = v.String()
	default: // string, bool, int64, float64, time.Time
		out.scalar = v
	}
	return out
}
