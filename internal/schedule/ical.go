package schedule

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"lectern/internal/diag"
)

// property is a line of iCalendar after folding was undone: a name in capitals,
// its parameters as they stand there, and the value, still escaped.
type property struct {
	name, params, value string
	offset              int
}

// component is what stands between BEGIN and END.
type component struct {
	name   string
	offset int
	props  []property
	parts  []component // of a time zone: its rules
}

// calendar is an iCalendar file as far as it matters for a programme.
type calendar struct {
	component
	events, zones []component
}

// parseCalendar reads RFC 5545 as it is written, not only as it should be:
// lines that end with LF and lines that are not folded, letters that are cut
// in two by folding, lines that are no properties (with a finding).
func (r *reader) parseCalendar() (*calendar, error) {
	cal := &calendar{}
	var open []component // what has begun and not ended
	last := 0
	for line, offset := range r.logicalLines() {
		p, ok := parseProperty(line, offset)
		if !ok {
			r.note(offset, diag.Warning, ruleSyntax, "this line is no property: "+quote(excerpt([]byte(line))), "it is left out")
			continue
		}
		last = offset
		switch p.name {
		case "BEGIN":
			if len(open) >= 8 {
				return nil, r.fail(offset, "the calendar is nested too deep", "download it again")
			}
			open = append(open, component{name: strings.ToUpper(p.value), offset: offset})
			continue
		case "END":
			name := strings.ToUpper(p.value)
			if len(open) == 0 || open[len(open)-1].name != name {
				return nil, r.fail(offset, "here "+excerpt([]byte(p.value))+" ends, which has not begun", "download the calendar again, or tell the conference")
			}
			done := open[len(open)-1]
			open = open[:len(open)-1]
			if err := r.component(cal, open, done); err != nil {
				return nil, err
			}
			continue
		}
		if len(open) > 0 {
			top := &open[len(open)-1]
			if len(top.props) < 1000 {
				top.props = append(top.props, p)
			}
		}
	}
	if len(open) > 0 {
		return nil, r.fail(max(last, len(r.text)-1), "the calendar breaks off: "+open[len(open)-1].name+" of line "+itoa(r.pos(open[len(open)-1].offset).Line)+" never ends", "download it again")
	}
	return cal, nil
}

// component keeps one that has ended.
func (r *reader) component(cal *calendar, open []component, done component) error {
	switch done.name {
	case "VCALENDAR":
		if len(open) == 0 {
			cal.props = append(cal.props, done.props...)
		}
	case "VEVENT":
		if len(cal.events) >= r.opts.MaxSessions {
			return r.fail(done.offset, "the calendar has more than "+itoa(r.opts.MaxSessions)+" events", "import one conference at a time")
		}
		cal.events = append(cal.events, done)
	case "VTIMEZONE":
		if len(cal.zones) < 100 {
			cal.zones = append(cal.zones, done)
		}
	case "STANDARD", "DAYLIGHT":
		if len(open) > 0 && len(open[len(open)-1].parts) < 200 {
			open[len(open)-1].parts = append(open[len(open)-1].parts, done)
		}
	}
	return nil
}

// logicalLines undoes folding: a line that begins with white space goes on with
// the one before.
func (r *reader) logicalLines() func(yield func(string, int) bool) {
	return func(yield func(string, int) bool) {
		var line []byte
		start := 0
		for at := 0; at < len(r.text); {
			end := bytes.IndexByte(r.text[at:], '\n')
			next := at + end + 1
			if end < 0 {
				end, next = len(r.text)-at, len(r.text)
			}
			physical := bytes.TrimRight(r.text[at:at+end], "\r")
			if len(line) > 0 && len(physical) > 0 && (physical[0] == ' ' || physical[0] == '\t') {
				line = append(line, physical[1:]...)
			} else {
				if len(bytes.TrimSpace(line)) > 0 && !yield(string(line), start) {
					return
				}
				line, start = append(line[:0], physical...), at
			}
			at = next
		}
		if len(bytes.TrimSpace(line)) > 0 {
			yield(string(line), start)
		}
	}
}

// foldedUTF8 reports whether text is a calendar that is in UTF-8 once folding
// is undone: some programs fold in the middle of a letter.
func foldedUTF8(text []byte) bool {
	if !hasFold(bytes.TrimLeft(text[:min(len(text), 64)], " \t\r\n"), "BEGIN:VCALENDAR") {
		return false
	}
	unfolded := bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n "), nil), []byte("\n "), nil)
	return utf8.Valid(unfolded)
}

func parseProperty(line string, offset int) (property, bool) {
	colon, quoted := -1, false
	for i := 0; i < len(line) && colon < 0; i++ {
		switch line[i] {
		case '"':
			quoted = !quoted
		case ':':
			if !quoted {
				colon = i
			}
		}
	}
	if colon < 0 {
		colon = strings.IndexByte(line, ':') // a quotation that never ends
	}
	if colon < 1 {
		return property{}, false
	}
	name, params, _ := strings.Cut(line[:colon], ";")
	if strings.ContainsAny(name, " \t<>{}") {
		return property{}, false
	}
	return property{name: strings.ToUpper(name), params: params, value: strings.TrimSpace(line[colon+1:]), offset: offset}, true
}

// param returns a parameter's value without quotation marks.
func (p property) param(name string) string {
	for rest := p.params; rest != ""; {
		end, quoted := len(rest), false
		for i := 0; i < len(rest); i++ {
			if rest[i] == '"' {
				quoted = !quoted
			} else if rest[i] == ';' && !quoted {
				end = i
				break
			}
		}
		key, value, _ := strings.Cut(rest[:end], "=")
		if strings.EqualFold(key, name) {
			return strings.Trim(value, `"`)
		}
		rest = strings.TrimPrefix(rest[end:], ";")
	}
	return ""
}

func (c component) get(name string) property {
	for _, p := range c.props {
		if p.name == name {
			return p
		}
	}
	return property{offset: c.offset}
}

// text returns a property's value with its escapes undone.
func (c component) text(name string) string { return unescapeText(c.get(name).value) }

func unescapeText(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for {
		i := strings.IndexByte(s, '\\')
		if i < 0 || i+1 == len(s) {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		if s[i+1] == 'n' || s[i+1] == 'N' {
			b.WriteByte('\n')
		} else {
			b.WriteByte(s[i+1])
		}
		s = s[i+2:]
	}
}

// splitList splits a value at the commas that are not escaped.
func splitList(s string) []string {
	var all []string
	start := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case ',':
			all = append(all, s[start:i])
			start = i + 1
		}
	}
	return append(all, s[start:])
}
