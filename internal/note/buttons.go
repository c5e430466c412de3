package note

import (
	"bytes"
	"strings"
)

// Button is a button shortcode in a note's source, shown or commented out. All
// offsets count bytes of the file as it is on disk.
type Button struct {
	// Start and End are where the shortcode stands, its end tag included.
	Start, End int
	// Href is where it leads, and HrefStart and HrefEnd where that stands, without
	// the quotes; both are 0 where it cannot be replaced. Quoted says whether there are any.
	Href               string
	HrefStart, HrefEnd int
	Quoted             bool
	// Kind is "video", "slides", "code" or "", as for [Resources].
	Kind string
	// Placeholder is true where Href stands for an address that is yet to come.
	Placeholder bool
	// Hidden is true where it is commented out. Marks are what to take away to show
	// it, each from and to; it has none where other things stand in the comment.
	Hidden bool
	Marks  [][2]int
	// Comment is the comment that it stands in, from and to; both 0 outside of one.
	// Only is true where nothing but buttons is in it.
	Comment [2]int
	Only    bool
}

// Buttons returns the buttons of a note's source in order, without those in code,
// and the offset at which its text begins. The error is that of [ReadFrontLayout].
func Buttons(data []byte) (buttons []Button, body int, err error) {
	layout, err := ReadFrontLayout(data)
	if err != nil {
		return nil, 0, err
	}
	body = lineStart(data, layout.Close+1)
	if layout.Close == 0 {
		body = len(data) - len(withoutMarks(data))
	}
	s := buttonScanner{data: data}
	for pos := body; pos < len(data); {
		pos = s.step(pos)
	}
	return s.found, body, nil
}

// lineStart returns the offset of a line, from 1.
func lineStart(data []byte, line int) int {
	pos := 0
	for ; line > 1 && pos < len(data); line-- {
		i := bytes.IndexAny(data[pos:], "\r\n")
		if i < 0 {
			return len(data)
		}
		if pos += i + 1; data[pos-1] == '\r' && pos < len(data) && data[pos] == '\n' {
			pos++
		}
	}
	return pos
}

// buttonScanner finds buttons.
type buttonScanner struct {
	data  []byte
	found []Button
	fence fence
}

// step reads what is at pos and returns where to go on.
func (s *buttonScanner) step(pos int) int {
	if pos == 0 || s.data[pos-1] == '\n' || s.data[pos-1] == '\r' {
		if next, ok := s.line(pos); ok {
			return next
		}
	}
	rest := s.data[pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		return s.comment(pos)
	case bytes.HasPrefix(rest, []byte("{{%")), bytes.HasPrefix(rest, []byte("{{<")):
		if b, ok := s.button(pos, len(s.data)); ok {
			s.found = append(s.found, b)
			return b.End
		}
		return pos + 3
	case rest[0] == '`':
		return s.codeSpan(pos)
	case rest[0] == '\\':
		return min(pos+2, len(s.data))
	}
	if i := bytes.IndexAny(rest[1:], "\n\r{`<\\"); i >= 0 {
		return pos + 1 + i + newline(rest[1+i])
	}
	return len(s.data)
}

func newline(c byte) int {
	if c == '\n' || c == '\r' {
		return 1
	}
	return 0
}

// line looks whether a line is of a fenced block of code, and skips it then.
func (s *buttonScanner) line(pos int) (next int, skip bool) {
	end := len(s.data)
	if i := bytes.IndexAny(s.data[pos:], "\r\n"); i >= 0 {
		end = pos + i + 1
	}
	line := s.data[pos:end]
	rest := line[markersWidth(line):]
	n := 0
	for n < len(rest) && (rest[n] == '`' || rest[n] == '~') && rest[n] == rest[0] {
		n++
	}
	switch {
	case s.fence.n > 0:
		if n >= s.fence.n && rest[0] == s.fence.char && len(bytes.TrimSpace(rest[n:])) == 0 {
			s.fence = fence{}
		}
		return end, true
	case n >= 3 && (rest[0] == '~' || bytes.IndexByte(rest[n:], '`') < 0):
		s.fence = fence{rest[0], n}
		return end, true
	}
	return pos, false
}

// codeSpan skips code in a line, if that is what begins at pos.
func (s *buttonScanner) codeSpan(pos int) int {
	n := 1
	for pos+n < len(s.data) && s.data[pos+n] == '`' {
		n++
	}
	stop := len(s.data)
	if i := bytes.Index(s.data[pos:], []byte("\n\n")); i >= 0 {
		stop = pos + i
	}
	for at := pos + n; at < stop; {
		i := bytes.IndexByte(s.data[at:stop], '`')
		if i < 0 {
			break
		}
		at += i
		m := 1
		for at+m < stop && s.data[at+m] == '`' {
			m++
		}
		if at += m; m == n {
			return at
		}
	}
	return pos + n
}

// comment reads an HTML comment and the buttons in it.
func (s *buttonScanner) comment(pos int) int {
	i := bytes.Index(s.data[pos+4:], []byte("-->"))
	if i < 0 {
		return len(s.data)
	}
	end := pos + 4 + i + 3
	first, only := len(s.found), true
	for at := pos + 4; at < end-3; {
		if c := s.data[at]; c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			at++
			continue
		}
		if s.data[at] == '{' && bytes.HasPrefix(s.data[at:], []byte("{{")) {
			if b, ok := s.button(at, end-3); ok {
				b.Hidden, b.Comment = true, [2]int{pos, end}
				s.found = append(s.found, b)
				at = b.End
				continue
			}
		}
		only = false
		at++
	}
	in := s.found[first:]
	for i := range in {
		in[i].Only = only
		if only && len(in) == 1 {
			in[i].Marks = append([][2]int{{pos, in[i].Start}, {in[i].End, end}}, in[i].Marks...)
		} else {
			in[i].Marks = nil
		}
	}
	return end
}

// button reads the button at pos, which ends before end.
func (s *buttonScanner) button(pos, end int) (Button, bool) {
	if pos+3 > end || s.data[pos+2] != '%' && s.data[pos+2] != '<' {
		return Button{}, false
	}
	t, ok := lexTag(s.data[:end], pos)
	if !ok {
		return Button{}, false
	}
	b := Button{Start: pos, End: t.end}
	inner := t.end
	from := 0
	if t.comment != "" {
		if t, ok = s.commented(pos, t, &b); !ok {
			return Button{}, false
		}
	} else if t.name != "button" || t.closing {
		return Button{}, false
	} else if !t.selfClosing {
		if from, b.End = findEndTag(s.data[:end], t.end, "button"); b.End == 0 {
			return Button{}, false
		}
	}
	label := ""
	if from > inner {
		label = string(s.data[inner:from])
	}
	icon := ""
	for _, a := range t.args {
		switch a.name {
		case "href":
			b.Href = a.value
			if end := a.off + len(a.value); end <= len(s.data) && string(s.data[a.off:end]) == a.value {
				b.HrefStart, b.HrefEnd = a.off, end
				b.Quoted = a.off > 0 && strings.IndexByte("\"'`", s.data[a.off-1]) >= 0
			}
		case "icon":
			icon = a.value
		}
	}
	b.Placeholder = isPlaceholder(b.Href)
	b.Kind = resourceKind(b.Href, label, icon)
	return b, true
}

// commented reads a button whose tags are commented out by Hugo's own means:
// {{%/* button … */%}}…{{%/* /button */%}}.
func (s *buttonScanner) commented(pos int, open tag, b *Button) (tag, bool) {
	// The tag as it will be, at the same offsets: the marks make way for blanks.
	blank := bytes.Clone(s.data[:open.end])
	star := open.end - len(open.want) - 2
	copy(blank[pos+3:], "  ")
	copy(blank[star:], "  ")
	t, ok := lexTag(blank, pos)
	if !ok || t.name != "button" || t.closing {
		return t, false
	}
	b.Hidden = true
	b.Marks = [][2]int{{pos + 3, pos + 5}, {star, star + 2}}
	if t.selfClosing {
		return t, true
	}
	for at := open.end; ; {
		i := bytes.Index(s.data[at:min(len(s.data), open.end+4096)], []byte("{{"))
		if i < 0 {
			return t, false
		}
		at += i
		if end, ok := lexEnd(s.data, at); ok {
			star := end.end - len(end.want) - 2
			b.Marks = append(b.Marks, [2]int{at + 3, at + 5}, [2]int{star, star + 2})
			b.End = end.end
			return t, true
		}
		at += 2
	}
}

// lexEnd reads a commented-out end tag of a button.
func lexEnd(data []byte, at int) (tag, bool) {
	if at+3 > len(data) || data[at+2] != '%' && data[at+2] != '<' {
		return tag{}, false
	}
	t, ok := lexTag(data, at)
	if !ok || t.comment == "" {
		return t, false
	}
	inner := strings.Fields(strings.NewReplacer("/*", " ", "*/", " ", "{{%", "", "%}}", "", "{{<", "", ">}}", "").Replace(t.comment))
	return t, strings.Join(inner, "") == "/button"
}
