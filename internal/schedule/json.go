package schedule

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"lectern/internal/diag"
)

// Limits of a JSON text, beside its size: what a programme never reaches.
const (
	deepest    = 64
	mostValues = 1_000_000
)

// value is a JSON value that knows its place. Programs disagree about types
// (ids are text here and numbers there), so what is looked up gives text.
type value struct {
	offset int
	kind   byte   // one of { [ " n (number) t f 0 (null)
	text   string // of a string or number
	keys   []string
	kids   []value
}

// parseJSON reads all of the text.
func (r *reader) parseJSON() (value, error) {
	d := json.NewDecoder(bytes.NewReader(r.text))
	d.UseNumber()
	p := jsonParser{r: r, d: d, left: mostValues}
	v, err := p.value(0)
	if err != nil {
		return value{}, err
	}
	if _, err := d.Token(); err != io.EOF {
		r.note(p.at(), diag.Warning, ruleSyntax, "after the JSON comes something else", "it is left out")
	}
	return v, nil
}

type jsonParser struct {
	r    *reader
	d    *json.Decoder
	left int
}

// at is the offset of the next token.
func (p *jsonParser) at() int {
	i := int(p.d.InputOffset())
	for i < len(p.r.text) && strings.IndexByte(" \t\r\n,:", p.r.text[i]) >= 0 {
		i++
	}
	return i
}

func (p *jsonParser) value(depth int) (value, error) {
	v := value{offset: p.at()}
	if p.left--; p.left < 0 {
		return v, p.r.fail(v.offset, "the JSON has more than "+itoa(mostValues)+" values", "is it one conference's programme?")
	}
	if depth > deepest {
		return v, p.r.fail(v.offset, "the JSON is nested deeper than "+itoa(deepest)+" levels", "no programme is; download it again")
	}
	token, err := p.d.Token()
	if err != nil {
		return v, p.broken(err, v.offset)
	}
	switch t := token.(type) {
	case json.Delim:
		v.kind = byte(t)
		return v, p.children(&v, depth)
	case string:
		v.kind, v.text = '"', t
	case json.Number:
		v.kind, v.text = 'n', string(t)
	case bool:
		v.kind = 'f'
		if t {
			v.kind = 't'
		}
	}
	return v, nil
}

func (p *jsonParser) children(v *value, depth int) error {
	for p.d.More() {
		if v.kind == '{' {
			at := p.at()
			token, err := p.d.Token()
			if err != nil {
				return p.broken(err, at)
			}
			key, _ := token.(string)
			v.keys = append(v.keys, key)
		}
		kid, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		v.kids = append(v.kids, kid)
	}
	at := p.at()
	if _, err := p.d.Token(); err != nil {
		return p.broken(err, at)
	}
	return nil
}

// broken says where the JSON stops being JSON.
func (p *jsonParser) broken(err error, offset int) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return p.r.fail(len(p.r.text), "the JSON breaks off: the end of the file is missing", "download it again")
	}
	// Reading all at once tells the place to the byte; the decoder of a stream
	// does not always.
	var all json.RawMessage
	var syntax *json.SyntaxError
	if errors.As(json.Unmarshal(p.r.text, &all), &syntax) {
		err, offset = syntax, int(syntax.Offset)-1
	}
	return p.r.fail(offset, "this is not JSON from here on: "+err.Error(), "download the programme again")
}

// get returns the value of the first key that is there and not null.
func (v value) get(keys ...string) value {
	for _, key := range keys {
		for i := len(v.keys) - 1; i >= 0; i-- {
			if v.keys[i] == key && v.kids[i].kind != 0 {
				return v.kids[i]
			}
		}
	}
	return value{offset: v.offset}
}

// str returns the text of a string or a number under the first of the keys that
// has one which is not empty.
func (v value) str(keys ...string) string {
	for _, key := range keys {
		if s := strings.TrimSpace(v.get(key).scalar()); s != "" {
			return s
		}
	}
	return ""
}

// scalar is the text of a string or a number. Of an object it is that in which
// formats hold a name in several languages: the English one, or the first.
func (v value) scalar() string {
	if v.kind != '{' {
		return v.text
	}
	if en := v.get("en"); en.kind == '"' {
		return en.text
	}
	for i, kid := range v.kids {
		if kid.kind == '"' && len(v.keys[i]) <= 5 {
			return kid.text
		}
	}
	return ""
}

// yes reports whether a key is true, or 1, or "true".
func (v value) yes(key string) bool {
	f := v.get(key)
	return f.kind == 't' || f.kind == '"' && strings.EqualFold(f.text, "true") || f.kind == 'n' && f.text == "1"
}

// list returns the values of a list; an object's values in its order, for some
// programs write a list with holes as an object.
func (v value) list() []value {
	if v.kind == '[' || v.kind == '{' {
		return v.kids
	}
	return nil
}
