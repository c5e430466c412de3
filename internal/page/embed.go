package page

import (
	"strings"

	"github.com/a-h/templ"

	"lectern/internal/note"
	"lectern/internal/site"
)

// embedder shows notes as parts of a page that has several. There an id must
// not stand twice: each note's ids, and what refers to them, get the id of the
// note's part in front. A link to another note that the page shows stays on it.
type embedder struct {
	pass *Pass
	on   *site.Page
	root string
	// shown are the page's members by their addresses.
	shown map[string]*site.Page
	// partial is true where only parts of the notes are shown: links that stay in a
	// note then lead to its own page.
	partial bool
}

func newEmbedder(p *Pass, on *site.Page, root string) *embedder {
	e := &embedder{pass: p, on: on, root: root, partial: on.Kind == site.Hallway, shown: make(map[string]*site.Page, len(on.Members))}
	if e.partial {
		return e
	}
	for _, m := range on.Members {
		e.shown[m.URL] = m
	}
	return e
}

// partID is the id of pg's part of the page.
func (e *embedder) partID(pg *site.Page) string {
	id := strings.TrimPrefix(pg.URL, e.on.Parent.URL)
	return "n-" + strings.ReplaceAll(strings.Trim(id, "/"), "/", "-")
}

// append puts pg's text into s.
func (e *embedder) append(s *sheet, pg *site.Page) {
	e.appendPart(s, pg, note.Passage{To: len(pg.Note.Body.HTML), EndHole: len(pg.Note.Body.Holes)})
}

// appendPart puts a part of pg's text into s.
func (e *embedder) appendPart(s *sheet, pg *site.Page, part note.Passage) {
	n := pg.Note
	w := note.Rewriter{Prefix: e.partID(pg) + "-"}
	if e.partial {
		w.Elsewhere = string(appendEscaped(nil, rel(e.root, pg.URL)))
	}
	add := func(html []byte) {
		w.Pieces(html, s.share, func(text string) { s.own = append(s.own, text...) })
	}
	at := part.From
	for _, h := range n.Body.Holes[part.FirstHole:part.EndHole] {
		add(n.Body.HTML[at:h.Pos])
		at = h.Pos
		if h.Kind == note.CallHole {
			e.pass.list(s, pg, h.Link, e.root)
		} else if h.Link < len(pg.Links) {
			fillHole(s, h.Kind, &n.Links[h.Link], e.target(pg, pg.Links[h.Link]), e.root)
		}
	}
	add(n.Body.HTML[at:part.To])
}

// target is where a link of pg leads when pg is shown on the page.
func (e *embedder) target(pg *site.Page, t site.Target) site.Target {
	switch t.Kind {
	case site.TargetSelf:
		if e.partial {
			return site.Target{Kind: site.TargetPage, URL: pg.URL + t.URL}
		}
		return e.inside(pg, strings.TrimPrefix(t.URL, "#"))
	case site.TargetPage:
		url, frag, _ := strings.Cut(t.URL, "#")
		if m := e.shown[url]; m != nil {
			return e.inside(m, frag)
		}
	}
	return t
}

func (e *embedder) inside(pg *site.Page, frag string) site.Target {
	t := site.Target{Kind: site.TargetSelf, URL: "#" + e.partID(pg)}
	if frag != "" {
		t.URL += "-" + frag
	}
	return t
}

// embeds reports whether pages of the kind show texts of their members.
func embeds(k site.Kind) bool { return k == site.Print || k == site.Hallway }

// hashEmbedded covers what a page reads of a note that it shows whole.
func (p *Pass) hashEmbedded(h *hash, pg *site.Page) {
	hashRow(h, pg)
	if pg.Note == nil {
		return
	}
	h.num(pg.Note.Key)
	p.hashLists(h, pg)
	for i := range pg.Links {
		h.num(uint64(pg.Links[i].Kind))
		h.str(pg.Links[i].URL)
		hashPicture(h, &pg.Links[i])
	}
}

// embedded shows the text of one of the page's members.
func (v *view) embedded(pg *site.Page) templ.Component {
	return slot{v.s, func(s *sheet) { v.embedder().append(s, pg) }}
}

func (v *view) embedder() *embedder {
	if v.embed == nil {
		v.embed = newEmbedder(v.pass, v.page, v.root)
	}
	return v.embed
}
