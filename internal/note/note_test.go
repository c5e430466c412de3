package note

import (
	"strings"
)

// hugoOptions are Hugo's defaults, with HTML as it is.
func hugoOptions() Options {
	return Options{
		UnsafeHTML: true, DefinitionList: true, Footnote: true, Strikethrough: true, Table: true, TaskList: true,
		Linkify: true, LinkifyProtocol: "https", Typographer: true, AttributeTitle: true, AutoHeadingID: true,
		AutoIDType: "github", WrapStandAloneImage: true, Icon: testIcon,
	}
}

// testIcon knows the icons of these tests.
func testIcon(name string) (string, bool) {
	name = iconWord(name)
	if strings.HasPrefix(name, "no-such") || name == "" {
		return "", false
	}
	return "solid-" + name, true
}

// fill fills a note's holes as a site would that has all pages where links say.
func fill(n *Note) []byte { return fillWith(n, ">") }

func fillWith(n *Note, end string) []byte {
	var out []byte
	pos := 0
	for _, h := range n.Body.Holes {
		out = append(out, n.Body.HTML[pos:h.Pos]...)
		pos = h.Pos
		l := n.Links[h.Link]
		switch h.Kind {
		case LinkOpen:
			out = append(out, `<a href="`...)
			out = appendURL(out, l.Dest)
			out = append(out, `"`+l.Attrs+">"...)
		case LinkClose:
			out = append(out, "</a>"...)
		case ImageTag:
			out = append(out, `<img src="`...)
			out = appendURL(out, l.Dest)
			out = append(out, `"`+l.Attrs+end...)
		case URLOnly:
			out = appendURL(out, l.Dest)
		}
	}
	return append(out, n.Body.HTML[pos:]...)
}
