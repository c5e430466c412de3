package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// parseJSON reads one JSON object (RFC 8259). Of two equal names the last wins.
func parseJSON(src *source) (*table, error) {
	r := &jsonReader{src: src, dec: json.NewDecoder(bytes.NewReader(src.data))}
	r.dec.UseNumber()
	if len(bytes.TrimSpace(src.data)) == 0 {
		return newTable(), nil
	}
	v, err := r.value(0)
	if err == nil && v.table == nil {
		err = src.problem(0, "the configuration is "+v.form()+", not an object")
	}
	if err != nil {
		return nil, r.problem(err)
	}
	end := r.next()
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return nil, src.problem(end, "there is more after the end of the object")
	}
	return v.table, nil
}

type jsonReader struct {
	src   *source
	dec   *json.Decoder
	nodes int
}

func (r *jsonReader) problem(err error) error {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	offset := int(r.dec.InputOffset())
	if se, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = max(int(se.Offset)-1, 0)
	}
	for offset < len(r.src.data) && strings.IndexByte(" \t\r\n", r.src.data[offset]) >= 0 {
		offset++ // it says where the white space before the mistake is
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return r.src.problem(len(r.src.data), "the file ends in the middle of a value")
	}
	return r.src.problem(offset, strings.TrimPrefix(err.Error(), "json: "))
}

// next returns the offset of the next token: the decoder stands before the
// white space, comma or colon that precedes it.
func (r *jsonReader) next() int {
	i := int(r.dec.InputOffset())
	for i < len(r.src.data) && strings.IndexByte(" \t\r\n,:", r.src.data[i]) >= 0 {
		i++
	}
	return i
}

func (r *jsonReader) value(depth int) (*value, error) {
	start := r.next()
	if r.nodes++; r.nodes > maxNodes {
		return nil, r.src.problem(start, fmt.Sprintf("more than %d values", maxNodes))
	}
	tok, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	v := &value{at: r.src.at(start)}
	switch tok := tok.(type) {
	case json.Delim:
		if depth >= maxDepth {
			return nil, r.src.problem(start, fmt.Sprintf("nested deeper than %d", maxDepth))
		}
		if tok == '{' {
			return v, r.object(v, depth)
		}
		return v, r.array(v, depth)
	case json.Number:
		v.scalar, err = number(tok.String())
		if err != nil {
			return nil, r.src.problem(start, err.Error())
		}
	default: // string, bool, nil
		v.scalar = tok
	}
	return v, nil
}

func (r *jsonReader) object(v *value, depth int) error {
	v.table = newTable()
	for r.dec.More() {
		at := r.src.at(r.next())
		tok, err := r.dec.Token()
		if err != nil {
			return err
		}
		name, ok := tok.(string)
		if !ok {
			return &problem{at, "a name in quotes is missing"}
		}
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		v.table.put(name, at, item)
	}
	_, err := r.dec.Token()
	return err
}

func (r *jsonReader) array(v *value, depth int) error {
	v.isList = true
	for r.dec.More() {
		item, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		v.list = append(v.list, item)
	}
	_, err := r.dec.Token()
	return err
}

func number(s string) (any, error) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil, fmt.Errorf("the number %s is too large", s)
	}
	return f, nil
}
