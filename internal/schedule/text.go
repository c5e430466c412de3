package schedule

import (
	"html"
	"strings"
	"unicode"

	"lectern/internal/markdown"
)

// oneLine makes s one line of plain text: no control characters, no white
// space but single spaces.
func oneLine(s string) string {
	if clean(s) {
		return s
	}
	var b strings.Builder
	space := false
	for _, c := range s {
		switch {
		case unicode.IsSpace(c):
			space = true
			continue
		case unicode.IsControl(c) || c == '\uFEFF' || c == '\u200B':
			continue
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(c)
	}
	return b.String()
}

// clean reports whether oneLine would change nothing, for ASCII text.
func clean(s string) bool {
	space := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return !space || s == ""
}

// plain is oneLine of a text in which entities may stand.
func plain(s string) string { return oneLine(unescape(s, false)) }

// unescape resolves the entities that end as they should. In Markdown, those
// stay that Markdown needs; it shows them as they are meant.
func unescape(s string, isMarkdown bool) string {
	i := strings.IndexByte(s, '&')
	if i < 0 {
		return s
	}
	var b strings.Builder
	for {
		b.WriteString(s[:i])
		s = s[i:]
		entity, n := leadingEntity(s)
		if n > 0 && isMarkdown && (entity == "<" || entity == ">" || entity == "&") {
			entity = s[:n]
		}
		if n == 0 {
			n, entity = 1, "&"
		}
		b.WriteString(entity)
		s = s[n:]
		if i = strings.IndexByte(s, '&'); i < 0 {
			b.WriteString(s)
			return b.String()
		}
	}
}

// leadingEntity returns what the entity at the beginning of s stands for, and
// its length, or 0.
func leadingEntity(s string) (string, int) {
	const longest = 32
	end := strings.IndexByte(s[:min(len(s), longest)], ';')
	if end < 2 {
		return "", 0
	}
	for i := 1; i < end; i++ {
		c := s[i]
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') && c != '#' {
			return "", 0
		}
	}
	text := html.UnescapeString(s[:end+1])
	if text == s[:end+1] {
		return "", 0
	}
	if text == "\u00a0" {
		text = " " // it is there because someone typed two spaces
	}
	return text, end + 1
}

// blocks and inlines are the elements by which a text is known for HTML.
// Markdown may hold inline ones as well.
const (
	blocks  = " p ul ol li div h1 h2 h3 h4 h5 h6 table blockquote pre section article hr "
	inlines = " a b i u em strong br span code img sup sub font "
)

// markup says whether s has elements of HTML, and whether blocks are among them.
func markup(s string) (inline, block bool) {
	for i := strings.IndexByte(s, '<'); i >= 0 && !block; {
		s = strings.TrimPrefix(s[i+1:], "/")
		end := 0
		for end < len(s) && end < 12 && (s[end]|0x20 >= 'a' && s[end]|0x20 <= 'z' || end > 0 && s[end] >= '1' && s[end] <= '6') {
			end++
		}
		if end > 0 && end < len(s) && strings.IndexByte(" >/\n\t\r", s[end]) >= 0 {
			name := " " + strings.ToLower(s[:end]) + " "
			inline = inline || strings.Contains(inlines, name)
			block = strings.Contains(blocks, name)
		}
		i = strings.IndexByte(s, '<')
	}
	return inline, block
}

// prose makes Markdown of a text that is HTML, or Markdown, or plain.
func prose(s string) string {
	s = lines(s)
	if s == "" {
		return ""
	}
	inline, block := markup(s)
	if block || inline && !strings.Contains(s, "\n") {
		return string(markdown.Append(nil, []byte(s)))
	}
	return lines(unescape(s, true))
}

// plainProse makes Markdown of a text that is HTML or plain, but not Markdown:
// its line ends are meant.
func plainProse(s string) string {
	s = lines(s)
	inline, block := markup(s)
	switch {
	case block:
		return string(markdown.Append(nil, []byte(s)))
	case inline:
		return string(markdown.Append(nil, []byte(strings.ReplaceAll(s, "\n", "<br>"))))
	}
	return lines(bullets(unescape(escapeTags(s), true)))
}

// bullets makes lists of Markdown of typed ones, and keeps indented lines from
// being taken for code.
func bullets(s string) string {
	if !strings.Contains(s, "•") && !strings.Contains(s, "    ") && !strings.Contains(s, "\t") {
		return s
	}
	all := strings.Split(s, "\n")
	for i, line := range all {
		text := strings.TrimLeft(line, " \t\u00a0")
		if rest, ok := strings.CutPrefix(text, "•"); ok {
			all[i] = "- " + strings.TrimLeft(rest, " \t\u00a0")
		} else if len(line)-len(text) >= 4 || strings.HasPrefix(line, "\t") {
			all[i] = "  " + text
		}
	}
	return strings.Join(all, "\n")
}

// escapeTags escapes what Markdown would take for a tag.
func escapeTags(s string) string {
	if strings.IndexByte(s, '<') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '<' && i+1 < len(s) && (s[i+1]|0x20 >= 'a' && s[i+1]|0x20 <= 'z' || s[i+1] == '/' || s[i+1] == '!' || s[i+1] == '?') &&
			!strings.HasPrefix(s[i:], "<http") {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// lines puts line ends and white space in order: no control characters, no
// spaces at the ends of lines, at most one empty line.
func lines(s string) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case c >= ' ' && c < 0x7f || c == '\n' || c == '\t' || c == '\r':
			return c
		case c == '\u2028' || c == '\u2029' || c == '\v' || c == '\f':
			return '\n'
		case c < 0xa0 || c == '\uFEFF':
			return -1 // a control character
		}
		return c
	}, s)
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	all := strings.Split(s, "\n")
	kept := all[:0]
	for _, line := range all {
		line = strings.TrimRight(line, " \t\u00a0")
		if line == "" && (len(kept) == 0 || kept[len(kept)-1] == "") {
			continue
		}
		kept = append(kept, line)
	}
	return strings.TrimRight(strings.Join(kept, "\n"), "\n")
}
