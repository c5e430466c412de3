package site

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"lectern/internal/note"
)

// value is what an expression makes of a page: nothing, a number (or a date, by
// its seconds) or a text. Values can be compared with ==.
type value struct {
	// kind is 0 for nothing, 1 for a number, 2 for a text: the order in which
	// they stand, with nothing last.
	kind uint8
	n    float64
	// text is how the value is shown.
	text string
	// at is the date that a number is, in seconds; dated says that it is one.
	at    int64
	zone  int
	dated bool
}

func (v value) none() bool { return v.kind == 0 }

func textValue(s string) value {
	if s == "" {
		return value{}
	}
	return value{kind: 2, text: s}
}

func numberValue(n float64) value {
	return value{kind: 1, n: n, text: strconv.FormatFloat(n, 'f', -1, 64)}
}

func dateValue(t time.Time) value {
	if t.IsZero() {
		return value{}
	}
	_, offset := t.Zone()
	return value{kind: 1, n: float64(t.Unix()), text: t.Format(time.DateOnly), at: t.Unix(), zone: offset, dated: true}
}

func (v value) time() time.Time { return time.Unix(v.at, 0).In(time.FixedZone("", v.zone)) }

// compare orders values: numbers, texts, nothing; desc turns round all but that.
func (v value) compare(w value, desc bool) int {
	if v.none() || w.none() {
		switch {
		case !w.none():
			return 1
		case !v.none():
			return -1
		}
		return 0
	}
	if v.kind != w.kind {
		return cmp.Compare(v.kind, w.kind)
	}
	c := cmp.Compare(v.n, w.n)
	if c == 0 && v.kind == 2 {
		c = cmp.Or(natural(v.text, w.text), strings.Compare(v.text, w.text))
	}
	if desc {
		return -c
	}
	return c
}

// evaluate reads an expression on p.
func evaluate(p *Page, e *note.Expr) value {
	v := fieldOf(p, e.Field)
	for i := range e.Steps {
		v = apply(v, &e.Steps[i])
	}
	return v
}

func fieldOf(p *Page, field string) value {
	switch field {
	case "title":
		return textValue(p.Title)
	case "linktitle":
		return textValue(p.LinkTitle)
	case "path":
		return textValue("/" + strings.Trim(p.URL, "/"))
	case "section":
		first, _, _ := strings.Cut(strings.Trim(p.URL, "/"), "/")
		return textValue(first)
	}
	if p.Note == nil {
		return value{}
	}
	f := &p.Note.Front
	switch field {
	case "weight":
		if f.Weight == 0 {
			return value{}
		}
		return numberValue(float64(f.Weight))
	case "length":
		return numberValue(float64(p.Note.Words))
	case "date":
		return dateValue(f.Date)
	case "lastmod":
		if f.Lastmod.IsZero() {
			return dateValue(f.Date)
		}
		return dateValue(f.Lastmod)
	case "publishdate":
		if f.PublishDate.IsZero() {
			return dateValue(f.Date)
		}
		return dateValue(f.PublishDate)
	case "expirydate":
		return dateValue(f.ExpiryDate)
	}
	if name, ok := strings.CutPrefix(field, "params."); ok {
		return paramOf(f, name)
	}
	return value{}
}

// paramOf reads a field of the front matter by a path of names.
func paramOf(f *note.FrontMatter, path string) value {
	for _, params := range []any{f.Params["params"], f.Params} {
		var at any = params
		for name := range strings.SplitSeq(path, ".") {
			m, _ := at.(map[string]any)
			at = foldedKey(m, name)
		}
		switch x := at.(type) {
		case string:
			return textValue(x)
		case bool:
			return textValue(strconv.FormatBool(x))
		case int64:
			return numberValue(float64(x))
		case float64:
			return numberValue(x)
		case time.Time:
			return dateValue(x)
		}
	}
	switch path { // fields of Lectern's own
	case "room":
		return textValue(f.Room)
	case "track":
		return textValue(f.Track)
	case "event":
		return textValue(f.Event)
	case "start":
		return dateValue(f.Start)
	case "end":
		return dateValue(f.End)
	}
	return value{}
}

func foldedKey(m map[string]any, name string) any {
	if v, ok := m[name]; ok {
		return v
	}
	for _, key := range sortedKeys(m) {
		if strings.EqualFold(key, name) {
			return m[key]
		}
	}
	return nil
}

// apply passes v through one function.
func apply(v value, s *note.Step) value {
	switch s.Func {
	case "coalesce":
		if v.none() {
			return textValue(s.Text)
		}
		return v
	case "default":
		if v.none() || v.kind == 1 && !v.dated && v.n == 0 || v.text == "false" {
			return textValue(s.Text)
		}
		return v
	}
	if v.none() {
		return v
	}
	if v.dated {
		t := v.time()
		switch s.Func {
		case "year":
			return numberValue(float64(t.Year()))
		case "month":
			return numberValue(float64(t.Month()))
		case "day":
			return numberValue(float64(t.Day()))
		case "weekday":
			return numberValue(float64((t.Weekday()+6)%7 + 1))
		case "format":
			return formatted(t, s.Text)
		}
	}
	switch s.Func {
	case "upper":
		return textValue(strings.ToUpper(v.text))
	case "lower":
		return textValue(strings.ToLower(v.text))
	case "trim":
		return textValue(strings.TrimSpace(v.text))
	case "left":
		r := []rune(v.text)
		return textValue(string(r[:min(s.N, len(r))]))
	case "right":
		r := []rune(v.text)
		return textValue(string(r[max(0, len(r)-s.N):]))
	case "year", "month", "day", "weekday", "format":
		return value{} // of what is no date
	}
	return v // there are no tables to translate by
}

// formatted is a date in a layout of Go's. It is ordered by the parts that the
// layout shows.
func formatted(t time.Time, layout string) value {
	switch layout {
	case ":date_full":
		layout = "Monday, January 2, 2006"
	case ":date_long":
		layout = "January 2, 2006"
	case ":date_medium":
		layout = "Jan 2, 2006"
	case ":date_short":
		layout = "1/2/06"
	}
	v := textValue(t.Format(layout))
	if shown, err := time.Parse(layout, v.text); err == nil {
		v.kind, v.n = 1, float64(shown.Unix())
	}
	return v
}

// meets reports whether p meets a condition. A page without the value meets
// != alone.
func meets(p *Page, c *note.Condition) bool {
	if c.Op == "" {
		return true
	}
	v := evaluate(p, &c.Expr)
	if v.none() {
		return c.Op == "!="
	}
	first := ""
	if len(c.Values) > 0 {
		first = c.Values[0]
	}
	order := compareWith(v, first)
	switch c.Op {
	case "=":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	}
	return slices.ContainsFunc(c.Values, func(s string) bool { return compareWith(v, s) == 0 })
}

// compareWith compares a value with one that was written: as numbers or dates
// where both are, else as texts.
func compareWith(v value, written string) int {
	if v.kind == 1 {
		if v.dated {
			for _, layout := range []string{time.DateOnly, time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04"} {
				if t, err := time.ParseInLocation(layout, written, time.FixedZone("", v.zone)); err == nil {
					return cmp.Compare(v.at, t.Unix())
				}
			}
		} else if n, err := strconv.ParseFloat(written, 64); err == nil {
			return cmp.Compare(v.n, n)
		}
	}
	return strings.Compare(v.text, written)
}
