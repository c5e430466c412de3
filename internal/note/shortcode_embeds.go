package note

import (
	"net/url"
	"strconv"
	"strings"

	"lectern/internal/diag"
)

// embeds are Hugo's shortcodes for what lies at other sites. A page asks no
// other site for anything: each becomes a link.
func embeds() []*shortcode {
	video := []param{{name: "id", pos: 1}, {name: "class", pos: 2}, {name: "title", pos: 3}, {name: "loading"}, {name: "allowfullscreen"}}
	return []*shortcode{
		{
			name: "youtube", aliases: []string{"youtubelite"}, block: true,
			about: "A plate that opens the video at YouTube.",
			params: append([]param{
				{name: "start"}, {name: "end"}, {name: "autoplay"}, {name: "autotitle"}, {name: "controls"}, {name: "loop"}, {name: "mute"},
			}, video...),
			show: (*render).youtube,
		},
		{
			name: "vimeo", aliases: []string{"vimeo_simple"}, block: true,
			about:  "A plate that opens the video at Vimeo.",
			params: append([]param{{name: "dnt"}}, video...),
			show:   (*render).vimeo,
		},
		{
			name: "gist", block: true,
			about:  "A link to a gist, or to one of its files.",
			params: []param{{name: "user", pos: 1}, {name: "id", pos: 2}, {name: "file", pos: 3}},
			show:   (*render).gist,
		},
		{
			name: "x", aliases: []string{"tweet", "twitter", "twitter_simple", "tweet_simple", "x_simple"}, block: true,
			about:  "A link to a post at X.",
			params: []param{{name: "id", pos: 1}, {name: "user", pos: 2}},
			show:   (*render).post,
		},
		{
			name: "instagram", aliases: []string{"instagram_simple"}, block: true,
			about:  "A link to a post at Instagram.",
			params: []param{{name: "id", pos: 1}, {name: "hidecaption", pos: 2}},
			show: func(r *render, c *call) {
				if id := r.embedID(c, ""); id != "" {
					r.outLink(c, "https://www.instagram.com/p/"+id+"/", "Post at Instagram", "")
				}
			},
		},
		{
			name: "comment", inner: innerRequired, raw: true, block: true,
			about: "A remark of the author's, which is not published.",
			show:  func(*render, *call) {},
		},
		qrCode(),
	}
}

// isEmbedID is true for what may be a part of an address.
func isEmbedID(id string) bool {
	if id == "" || len(id) > 128 {
		return false
	}
	for i := range len(id) {
		if c := id[i]; !isLetter(c) && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return strings.Trim(id, ".") != ""
}

// embedID returns the id that a call names, or that the address names which
// stands in its place and has the query's parameter query. What is none is
// shown as text, with a finding.
func (r *render) embedID(c *call, query string) string {
	a, given := c.arg("id")
	id := strings.TrimSpace(a.value)
	if strings.Contains(id, "/") {
		if u, err := url.Parse(id); err == nil {
			id = u.Path[strings.LastIndexByte(strings.TrimRight(u.Path, "/"), '/')+1:]
			id = strings.TrimRight(id, "/")
			if v := u.Query().Get(query); query != "" && v != "" {
				id = v
			}
		}
	}
	if isEmbedID(id) {
		return id
	}
	if !given {
		a.off = c.start
	}
	r.report(diag.Warning, ruleParameter, a.off, "shortcode \""+c.name+"\" needs the id of what it shows", c.def.usage())
	if a.value != "" {
		r.str("<p>")
		r.literalText(a.value)
		r.str("</p>\n")
	}
	return ""
}

func (r *render) youtube(c *call) {
	id := r.embedID(c, "v")
	if id == "" {
		return
	}
	address := "https://www.youtube.com/watch?v=" + id
	if n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(c.str("start")), "s")); err == nil && n > 0 {
		address += "&t=" + strconv.Itoa(n) + "s"
	}
	r.plate(c, address, "youtube", "YouTube")
}

func (r *render) vimeo(c *call) {
	if a, _ := c.arg("id"); strings.Contains(a.value, "/") && Player(a.value) != "" {
		r.plate(c, strings.TrimSpace(a.value), "vimeo", "Vimeo") // with the key of an unlisted one
	} else if id := r.embedID(c, ""); id != "" {
		r.plate(c, "https://vimeo.com/"+id, "vimeo", "Vimeo")
	}
}

// plate writes the link that stands for a video: its title and the sign for
// play. A script may put a player in its place when it is clicked.
func (r *render) plate(c *call, address, kind, site string) {
	r.n.HasParts = true
	title, _ := c.arg("title")
	if title.value = strings.TrimSpace(title.value); title.value == "" {
		title.value = "Video"
	}
	class := "plate plate-" + kind
	if own := strings.TrimSpace(c.str("class")); own != "" {
		class += " " + own
	}
	r.quiet++
	end := r.openLink(destination{url: address, kind: Anchor, off: c.start},
		` class="`+string(appendHTML(nil, class))+`" data-player="`+string(appendHTML(nil, Player(address)))+`"`)
	r.str(`<svg class="plate-play" viewBox="0 0 24 24" aria-hidden="true"><path d="M8 5v14l11-7z"/></svg><span class="plate-title">`)
	r.literalText(title.value)
	r.str(`</span> <span class="plate-site">`)
	r.say([]byte{' '})
	r.literalText(site)
	r.str("</span>")
	end()
	r.str("\n")
	r.quiet--
	r.gap()
	r.n.Resources.add(address, title.value, kind)
}

// outLink writes a paragraph that is a link to another site.
func (r *render) outLink(c *call, address, text, detail string) {
	r.str(`<p class="out">`)
	end := r.openLink(destination{url: address, kind: Anchor, off: c.start}, "")
	r.quiet++
	r.literalText(text)
	if detail != "" {
		r.literalText(" (" + detail + ")")
	}
	r.quiet--
	end()
	r.str("</p>\n")
	r.gap()
}

func (r *render) gist(c *call) {
	user, id, file := strings.TrimSpace(c.str("user")), strings.TrimSpace(c.str("id")), strings.TrimSpace(c.str("file"))
	if !isEmbedID(user) || !isEmbedID(id) {
		r.report(diag.Warning, ruleParameter, c.start, "shortcode \"gist\" needs a user and the id of a gist", c.def.usage())
		return
	}
	address := "https://gist.github.com/" + user + "/" + id
	if file != "" {
		// GitHub makes the fragment so.
		address += "#file-" + strings.NewReplacer(".", "-", " ", "-", "_", "_").Replace(strings.ToLower(file))
	}
	r.outLink(c, address, "Gist by "+user, file)
}

// post links to a post at X by its id, with or without the name of its author.
// Hugo's first spelling has the id first; some write the author first.
func (r *render) post(c *call) {
	id, user := strings.TrimSpace(c.str("id")), strings.TrimPrefix(strings.TrimSpace(c.str("user")), "@")
	if isNumber(user) && !isNumber(id) {
		id, user = user, strings.TrimPrefix(id, "@")
	}
	if !isNumber(id) {
		if id = r.embedID(c, ""); id == "" {
			return
		}
	}
	who, text := "i/web", "Post at X"
	if isEmbedID(user) {
		who, text = user, "Post by @"+user+" at X"
	}
	r.outLink(c, "https://x.com/"+who+"/status/"+id, text, "")
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
