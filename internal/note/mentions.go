package note

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
)

// The limits of what mentions looks at: names in one note, bytes of one name.
const (
	maxMentions    = 10_000
	maxMentionSize = 600
	maxWords       = 4 // before the last blank in a name
	maxExtension   = 6 // bytes, of a name with blanks
)

// mentions returns the last parts of what looks like a file's name anywhere in
// data, whatever it stands in: sorted, each once. A name may be written with
// percent signs, backslashes or entities, and with blanks or brackets in it;
// each reading counts, for a name too many does no harm.
func mentions(data []byte) []string {
	var names []string
	for pos := 0; len(names) < maxMentions; {
		i := bytes.IndexByte(data[pos:], '.')
		if i < 0 {
			break
		}
		dot := pos + i
		end := dot + 1
		for end < len(data) && isNameByte(data[end]) {
			end++
		}
		start := dot
		for start > pos && dot-start < maxMentionSize && isNameByte(data[start-1]) {
			start--
		}
		pos = end
		word := bytes.TrimRight(data[start:end], ".")
		if end-dot < 2 || len(word) > maxMentionSize || bytes.LastIndexByte(word, '.') < 0 {
			continue
		}
		names = appendMention(names, word)
		if len(word) <= 1+maxExtension || bytes.IndexByte(word[len(word)-1-maxExtension:], '.') >= 0 {
			names = appendLonger(names, data[max(start-maxMentionSize, 0):start+len(word)], len(word))
		}
	}
	slices.Sort(names)
	return slices.Clip(slices.Compact(names))
}

// appendLonger appends the names that end text, as in "two words.pdf" and
// "slides (1).pdf": the last word, of n bytes, with one to maxWords before it.
func appendLonger(names []string, text []byte, n int) []string {
	words := 0
	for i := len(text) - n - 1; i >= 0 && words < maxWords; i-- {
		switch c := text[i]; {
		case strings.IndexByte("/\"<>=\n\t", c) >= 0:
			if i+1 < len(text)-n {
				names = appendMention(names, text[i+1:])
			}
			return names
		case strings.IndexByte(" ([{'|:,", c) >= 0 && i+1 < len(text)-n && isNameByte(text[i+1]):
			names = appendMention(names, text[i+1:])
			words++
		}
	}
	return names
}

func isNameByte(c byte) bool {
	return isLetter(c) || c >= '0' && c <= '9' || c >= 0x80 || strings.IndexByte("-_.~%+@\\&;", c) >= 0
}

// appendMention appends the last part of name in each way to read it.
func appendMention(names []string, name []byte) []string {
	add := func(s string) {
		s = s[strings.LastIndexByte(s, '/')+1:]
		if s != "" && len(s) <= maxMentionSize {
			names = append(names, s)
		}
	}
	add(string(name))
	if bytes.IndexByte(name, '\\') >= 0 || bytes.IndexByte(name, '&') >= 0 {
		add(string(name[bytes.LastIndexByte(name, '\\')+1:]))
		name = appendUnescaped(nil, name, false)
		add(string(name))
	}
	if bytes.IndexByte(name, '%') >= 0 {
		if s, err := url.PathUnescape(string(name)); err == nil {
			add(s)
		}
	}
	return names
}
