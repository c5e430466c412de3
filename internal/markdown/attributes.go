package markdown

import (
	"bytes"
	"html"
	"strings"
)

// attrs are the attributes of a tag, as written.
type attrs []byte

func attributes(s []byte) attrs { return attrs(s) }

// find returns an attribute's value, entities resolved.
func (a attrs) find(name string) (string, bool) {
	s := []byte(a)
	for len(s) > 0 {
		s = bytes.TrimLeft(s, " \n\t\r/")
		end := bytes.IndexAny(s, "= \n\t\r/")
		if end < 0 {
			end = len(s)
		}
		if end == 0 {
			return "", false
		}
		key := s[:end]
		s = s[end:]
		var value []byte
		if len(s) > 0 && s[0] == '=' {
			s = s[1:]
			value, s = attrValue(s)
		}
		if strings.EqualFold(string(key), name) {
			return html.UnescapeString(string(value)), true
		}
	}
	return "", false
}

func attrValue(s []byte) (value, rest []byte) {
	if len(s) > 0 && (s[0] == '"' || s[0] == '\'') {
		end := bytes.IndexByte(s[1:], s[0])
		if end < 0 {
			return s[1:], nil
		}
		return s[1 : end+1], s[end+2:]
	}
	end := bytes.IndexAny(s, " \n\t\r")
	if end < 0 {
		end = len(s)
	}
	return s[:end], s[end:]
}

func (a attrs) get(name string) string {
	v, _ := a.find(name)
	return v
}

// has reports whether class is one of the element's classes.
func (a attrs) has(class string) bool {
	if !bytes.Contains(a, []byte(class)) {
		return false
	}
	for c := range strings.FieldsSeq(a.get("class")) {
		if c == class {
			return true
		}
	}
	return false
}

// target is an address between the round brackets of a link.
func target(url string) string {
	if strings.ContainsAny(url, " ()<>\n") {
		return "<" + strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "").Replace(url) + ">"
	}
	return url
}

func escapeLabel(s string) string {
	return strings.NewReplacer("[", `\[`, "]", `\]`, "\n", " ").Replace(s)
}
