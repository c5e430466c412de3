package note

import (
	"slices"
	"strings"
	"testing"
)

func TestMentions(t *testing.T) {
	text := `---
visibility: private
image: img/front.png
gallery: ["a%20b.jpg", 'two words.jpg']
---
<!-- comment.png --> ![x](/d/_img/linked.png?x#y) <object data="o/obj.svg"></object>
url(../css.webp) ` + "`code.gif`" + ` https://x.org/d/own.pdf, slides (1).pdf my\_esc.png a&amp;b.png c:\dir\win.doc
{{% nope file="call.tar.gz" %}} grüße.png 日本.txt end.png. And so on... e.g. this
`
	n := parse(t, "x.md", text)
	for _, name := range []string{
		"front.png", "a b.jpg", "two words.jpg", "comment.png", "linked.png", "obj.svg", "css.webp", "code.gif", "own.pdf",
		"slides (1).pdf", "my_esc.png", "a&b.png", "win.doc", "call.tar.gz", "grüße.png", "日本.txt", "end.png",
	} {
		if !slices.Contains(n.Mentions, name) {
			t.Errorf("%q is not among the mentions", name)
		}
	}
	if !slices.IsSorted(n.Mentions) || len(slices.Compact(slices.Clone(n.Mentions))) != len(n.Mentions) {
		t.Errorf("not sorted or not unique: %q", n.Mentions)
	}
	for _, front := range []string{"title: x", "visibility: private", "visibility: what", "title: \"x", "draft: true"} {
		if n := parse(t, "x.md", "---\n"+front+"\n---\n<!-- a.png -->\n"); !slices.Contains(n.Mentions, "a.png") {
			t.Errorf("%s: mentions %q", front, n.Mentions)
		}
	}
	if n := parse(t, "x.md", "---\ndraft: true\n---\n"+strings.Repeat("a.b", 1<<20)); len(n.Mentions) > 2*maxMentions {
		t.Errorf("%d mentions", len(n.Mentions))
	}
}
