package note

import "strings"

// decks are cards: short texts with a title and a picture, side by side.
func decks() []*shortcode {
	return []*shortcode{
		{
			name: "cards", inner: innerRequired, block: true,
			about:  "Cards side by side.",
			params: []param{{name: "title"}, {name: "template"}},
			show:   (*render).cards,
		},
		{
			name: "card", inner: innerOptional, block: true,
			about: "A short text with a title and a picture, which may lead somewhere as a whole. Templates are not run.",
			params: []param{
				{name: "title", pos: 1},
				{name: "href", aliases: []string{"link"}},
				{name: "image"},
				{name: "style"},
				{name: "color"},
				{name: "icon"},
				{name: "template"},
				{name: "params"},
			},
			show: (*render).card,
		},
	}
}

func (r *render) cards(c *call) {
	r.n.HasParts = true
	r.str(`<div class="deck">` + "\n")
	if title := c.titleOf(tone{}); title.value != "" {
		r.str(`<p class="deck-title">`)
		r.quiet++
		r.title(title)
		r.quiet--
		r.str("</p>\n")
		r.gap()
	}
	outer := r.inDeck
	r.inDeck = true
	r.inner(c, false)
	r.inDeck = outer
	r.str("</div>\n")
}

func (r *render) card(c *call) {
	r.n.HasParts = true
	inDeck := r.inDeck
	r.inDeck = false
	defer func() { r.inDeck = inDeck }()
	if !inDeck {
		r.str(`<div class="deck">` + "\n")
	}
	t := r.tone(c, "default")
	class := "deck-card"
	if t.style != "default" || t.hue != "" {
		class += " " + t.tint()
	}
	r.str(`<div class="` + class + `">`)
	if image, ok := c.arg("image"); ok && strings.TrimSpace(image.value) != "" {
		d := destination{url: strings.TrimSpace(image.value), kind: Image, off: image.off}
		look, classes, lazy := r.look(&d)
		look.Large = false // the card is of use as a whole
		r.picture(d, "", r.pictureAttrs(` class="deck-image" alt=""`, &look, classes, lazy), look)
	}
	r.cardName(c, t)
	r.str(`<div class="deck-body">` + "\n")
	r.inner(c, false)
	r.str("</div></div>\n")
	if !inDeck {
		r.str("</div>\n")
	}
}

// cardName writes a card's title as the link that covers the card. Without a
// title the link has its address for a name.
func (r *render) cardName(c *call, t tone) {
	icon, title := r.iconOf(c, t), c.titleOf(t)
	href, _ := c.arg("href")
	target := strings.TrimSpace(href.value)
	if scheme(target) == "javascript" || !r.allowed(target) {
		target = ""
	}
	if title.value == "" && icon == "" && target == "" {
		return
	}
	r.str(`<p class="deck-name">`)
	end := func() {}
	if target != "" {
		attrs := ` class="deck-link"`
		if title.value == "" {
			attrs += ` aria-label="` + string(appendHTML(nil, target)) + `"`
		}
		end = r.openLink(destination{url: target, kind: Anchor, off: href.off}, attrs)
	}
	r.iconSVG(icon)
	r.quiet++
	r.title(title)
	r.quiet--
	end()
	r.str("</p>\n")
	r.gap()
}
