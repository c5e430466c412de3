package note

import (
	"strings"

	"github.com/yuin/goldmark/ast"
)

// takeTitle makes the heading the note's title, unless it has no text.
func (r *render) takeTitle(h *ast.Heading) bool {
	out, plain, holes, links, anchors := len(r.out), len(r.plain), len(r.holes), len(r.links), len(r.anchors)
	r.ascii = true
	r.quiet++
	r.children(h)
	r.quiet--
	r.ascii = false
	title := clip(strings.Join(strings.Fields(string(r.plain[plain:])), " "), maxShort)
	r.out, r.plain, r.holes, r.links = r.out[:out], r.plain[:plain], r.holes[:holes], r.links[:links]
	r.anchors = r.anchors[:anchors]
	if title == "" {
		return false
	}
	r.markHeading(h)
	r.n.Title, r.n.TitleSource, r.n.TitleID = title, TitleFromHeading, r.idOf(h)
	r.anchor(r.n.TitleID)
	return true
}
