package config

import (
	"slices"
	"strings"

	"lectern/internal/diag"
)

// value is one value of a configuration file, whatever its format, with the
// place where it stands. Exactly one of the three forms is used: a table, a
// list, or a scalar (string, bool, int64, float64, time.Time, or nil for
// YAML's and JSON's null).
type value struct {
	at     diag.Position
	table  *table
	list   []*value
	isList bool
	scalar any
}

// table is a set of values by name. Names are compared without regard to
// case, as Hugo does; the last of two that differ in case alone wins.
type table struct {
	entries []*entry // in the order of the file
	byKey   map[string]*entry
}

type entry struct {
	key  string // lower case
	name string // as written
	at   diag.Position
	val  *value
}

func newTable() *table { return &table{byKey: map[string]*entry{}} }

func (t *table) put(name string, at diag.Position, v *value) {
	key := strings.ToLower(name)
	if e := t.byKey[key]; e != nil {
		e.name, e.at, e.val = name, at, v
		return
	}
	e := &entry{key: key, name: name, at: at, val: v}
	t.entries = append(t.entries, e)
	t.byKey[key] = e
}

func (t *table) remove(key string) {
	delete(t.byKey, key)
	t.entries = slices.DeleteFunc(t.entries, func(e *entry) bool { return e.key == key })
}

// get returns the value at the dotted path, which is in lower case, or nil.
func (t *table) get(path string) *value {
	for {
		name, rest, deeper := strings.Cut(path, ".")
		e := t.byKey[name]
		switch {
		case e == nil:
			return nil
		case !deeper:
			return e.val
		case e.val.table == nil:
			return nil
		}
		t, path = e.val.table, rest
	}
}

// set lays src over t: tables are merged at every depth, all else is
// replaced. It is how Hugo lays one configuration file over another.
func (t *table) set(src *table) {
	for _, e := range src.entries {
		if old := t.byKey[e.key]; old != nil && old.val.table != nil && e.val.table != nil {
			old.val.table.set(e.val.table)
			continue
		}
		t.put(e.name, e.at, e.val.clone())
	}
}

// clone copies the tables in v, so that laying others over the copy leaves v alone.
func (v *value) clone() *value {
	if v.table == nil {
		return v
	}
	c := *v
	c.table = newTable()
	c.table.set(v.table)
	return &c
}

// wrap returns a table that holds v alone, at the path of names.
func wrap(v *value, names ...string) *table {
	for i := len(names) - 1; i >= 0; i-- {
		t := newTable()
		t.put(names[i], v.at, v)
		v = &value{at: v.at, table: t}
	}
	return v.table
}

// plain returns v as the types that [Config.Params] promises.
func (v *value) plain() any {
	switch {
	case v.table != nil:
		m := make(map[string]any, len(v.table.entries))
		for _, e := range v.table.entries {
			m[e.key] = e.val.plain()
		}
		return m
	case v.isList:
		l := make([]any, len(v.list))
		for i, item := range v.list {
			l[i] = item.plain()
		}
		return l
	default:
		return v.scalar
	}
}

// form names what v is, for messages.
func (v *value) form() string {
	switch {
	case v.table != nil:
		return "a table"
	case v.isList:
		return "a list"
	}
	switch v.scalar.(type) {
	case nil:
		return "nothing"
	case string:
		return "a text"
	case bool:
		return "true or false"
	case int64, float64:
		return "a number"
	default:
		return "a date"
	}
}
