package note

import (
	"bytes"
	"fmt"
	"time"
)

// FrontLayout is where the parts of a file's front matter stand, for those who
// change it. Lines count from 1 and are those of the file as it is on disk.
type FrontLayout struct {
	// Format is "yaml", "toml", "json", or "" for a file without front matter.
	Format string
	// Open and Close are the lines of the fences; for JSON, of the first and the
	// last brace. Both are 0 without front matter.
	Open, Close int
	// Fields are the fields at the top level, in the order of the file.
	Fields []FrontField
}

// FrontField is a field at the top level of the front matter.
type FrontField struct {
	// Name is in lower case, as names are compared.
	Name string
	// Value is as in FrontMatter.Params.
	Value any
	// Line and Col are where the name stands, ValueLine and ValueCol where the
	// value does. Cols count bytes.
	Line, Col, ValueLine, ValueCol int
}

// Field returns the field of a name in lower case, or nil.
func (l *FrontLayout) Field(name string) *FrontField {
	for i := range l.Fields {
		if l.Fields[i].Name == name {
			return &l.Fields[i]
		}
	}
	return nil
}

// ReadFrontLayout tells where the front matter stands that data begins with. It
// fails where front matter cannot be read for sure, or has a field twice.
func ReadFrontLayout(data []byte) (FrontLayout, error) {
	if len(data) > MaxSize {
		return FrontLayout{}, fmt.Errorf("the file has %d bytes; at most %d are read", len(data), MaxSize)
	}
	var n Note
	data = n.clean(data)
	format, from, to, _, ferr := splitFront(data)
	line := func(off int) int { return 1 + bytes.Count(data[:off], []byte{'\n'}) }
	var l FrontLayout
	var fields []field
	if ferr == nil && to-from > maxFront {
		ferr = &frontError{place{1, 1}, fmt.Sprintf("the front matter has %d bytes; at most %d are read", to-from, maxFront), ""}
	}
	if ferr == nil {
		switch format {
		case noFront:
			return l, nil
		case yamlFront:
			l.Format, l.Open, l.Close = "yaml", line(from)-1, line(to)
			fields, ferr = readYAML(data[from:to], line(from))
		case tomlFront:
			l.Format, l.Open, l.Close = "toml", line(from)-1, line(to)
			fields, ferr = readTOML(data[from:to], line(from), time.UTC)
		case jsonFront:
			l.Format, l.Open, l.Close = "json", line(from), line(to)
			fields, ferr = readJSON(data[:to])
		}
	}
	if ferr != nil {
		return FrontLayout{}, fmt.Errorf("line %d: %s", ferr.line, ferr.message)
	}
	seen := make(map[string]bool, len(fields))
	for _, f := range fields {
		if seen[f.name] {
			return FrontLayout{}, fmt.Errorf("line %d: the field %q stands twice", f.key.line, f.name)
		}
		seen[f.name] = true
		l.Fields = append(l.Fields, FrontField{f.name, f.value, f.key.line, f.key.col, f.at.line, f.at.col})
	}
	return l, nil
}
