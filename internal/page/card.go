package page

import (
	"strings"
	"sync"

	"lectern/internal/card"
	"lectern/internal/note"
	"lectern/internal/site"
)

// autoCards is for how many notes cards are drawn where nobody says so.
const autoCards = 500

// Card is the social card of one page or several.
type Card struct {
	// Path is where it is published: by what it says, so that pages can name it
	// before it is drawn.
	Path string
	Text card.Text
}

// picked is the picture that others show beside a link to a page.
type picked struct {
	// url is its whole address; "" for none.
	url string
	// card says that it is a card.
	card bool
}

// preview returns the picture of pg: the one that its front matter names, else
// its card, else the one that the configuration names for all pages.
func (p *Pass) preview(pg *site.Page) picked {
	if !p.r.known || pg.Unlisted {
		return picked{}
	}
	if url := p.cover(pg); url != "" {
		return picked{url: url}
	}
	if c, ok := p.card(pg); ok {
		return picked{absolute(p.r.base, "/"+c.Path), true}
	}
	return picked{url: p.r.sitePicture()}
}

// cover is the address of the picture that pg's front matter names.
func (p *Pass) cover(pg *site.Page) string {
	if pg.Note == nil {
		return ""
	}
	for i := len(pg.Note.Links) - 1; i >= 0; i-- {
		if pg.Note.Links[i].Kind != note.Cover || i >= len(pg.Links) {
			continue
		}
		switch t := pg.Links[i]; t.Kind {
		case site.TargetFile:
			return absolute(p.r.base, t.URL)
		case site.TargetExternal:
			return t.URL
		}
		return ""
	}
	return ""
}

// sitePicture is the address of the picture that the site's parameters name
// for all pages (Hugo's params.images).
func (r *Renderer) sitePicture() string {
	var s string
	switch v := r.cfg.Params["images"].(type) {
	case string:
		s = v
	case []any:
		if len(v) > 0 {
			s, _ = v[0].(string)
		}
	}
	if s == "" || strings.Contains(s, "://") {
		return s
	}
	return absolute(r.base, s)
}

// Cards returns the cards of all pages, each once, in order of the pages.
func (p *Pass) Cards() []Card {
	var out []Card
	seen := map[string]bool{}
	for _, pg := range p.site.Pages {
		if c, ok := p.card(pg); ok && !pg.Unlisted && p.r.html[pg.Kind] && p.cover(pg) == "" && !seen[c.Path] {
			seen[c.Path] = true
			out = append(out, c)
		}
	}
	return out
}

// card returns pg's card, or home's where pg has none of its own: a list, or a
// title in letters that can't be drawn.
func (p *Pass) card(pg *site.Page) (Card, bool) {
	if !p.hasCards() {
		return Card{}, false
	}
	if text := p.cardText(pg); text.Title != "" {
		if c, ok := p.r.previews.of(text); ok {
			return c, true
		}
	}
	return p.r.previews.of(p.cardText(p.site.Home))
}

// hasCards reports whether the site's pages have cards.
func (p *Pass) hasCards() bool {
	switch {
	case !p.r.known || p.r.cfg.Cards == "off":
		return false
	case p.r.cfg.Cards == "on":
		return true
	}
	return p.singles() <= autoCards && p.site.Sections <= autoCards
}

// countSingles counts the pages that are one note's.
func (p *Pass) countSingles() int {
	n := 0
	for _, pg := range p.site.Pages {
		if pg.Kind == site.Single {
			n++
		}
	}
	return n
}

// cardText is what pg's card says; without a title where it has none of its own.
func (p *Pass) cardText(pg *site.Page) card.Text {
	t := card.Text{Site: p.siteTitle(), Accent: p.r.cfg.Look.Accent}
	switch pg.Kind {
	case site.Home:
		t.Site, t.Title, t.Line = "", p.siteTitle(), plain(p.r.cfg.Description)
	case site.Section:
		t.Title = pg.Title
	case site.Single:
		t.Title = pg.Title
		var parts []string
		if up := pg.Parent; up != nil && up.Kind == site.Section {
			parts = append(parts, up.LinkTitle)
		}
		if n := pg.Note; n != nil {
			if day := sessionDay(n); !day.IsZero() {
				parts = append(parts, p.r.words.date(day))
			}
			if len(n.Front.Speakers) > 0 {
				parts = append(parts, names(n.Front.Speakers))
			}
		}
		t.Line = strings.Join(parts, " · ")
	}
	return t
}

// previews knows of texts whether they can be drawn, and under which name.
type previews struct {
	mu     sync.Mutex
	artist *card.Artist
	known  map[card.Text]Card // without a path for what can't be drawn
}

// maxKnown bounds what is remembered of titles that are no more.
const maxKnown = 10_000

func (c *previews) of(t card.Text) (Card, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known, ok := c.known[t]
	if ok {
		return known, known.Path != ""
	}
	if c.artist == nil {
		a, err := card.New()
		if err != nil { // the font is part of the program
			panic("page: " + err.Error())
		}
		c.artist = a
	}
	if len(c.known) >= maxKnown || c.known == nil {
		c.known = map[card.Text]Card{}
	}
	if _, ok := c.artist.Readable(t.Title); ok {
		known = Card{Path: assetFolder + "cards/card-" + t.Hash() + ".png", Text: t}
	}
	c.known[t] = known
	return known, known.Path != ""
}
