package note

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/util"
)

// destination is where a link or a picture points, as the author meant it.
type destination struct {
	url  string
	kind LinkKind
	lang string // of a Ref to another language
	off  int    // in the file
}

// destination reads a destination of Markdown. A ref shortcode makes it a Ref.
func (r *render) destination(raw []byte) destination {
	d := destination{kind: Anchor}
	if i := bytes.IndexByte(raw, tokenStart); i >= 0 {
		if id, n := tokenAt(raw[i:]); n > 0 && i == 0 && r.calls[id].isRef() {
			d.kind = Ref
			d.url, d.lang = r.calls[id].target(), r.calls[id].language()
			raw = raw[n:]
			r.calls[id].check(r)
		}
		raw = r.withTokenText(nil, raw)
	}
	if bytes.IndexByte(raw, '\\') >= 0 || bytes.IndexByte(raw, '&') >= 0 {
		raw = appendUnescaped(nil, raw, false)
	}
	if d.kind == Ref {
		d.behindRef(string(raw))
	} else {
		d.url = string(raw)
	}
	return d
}

// behindRef adds what stands right behind a ref. A fragment or a query belongs
// to the page; other text makes it a path from the page's address, which is the
// folder that the page's file stands for.
func (d *destination) behindRef(rest string) {
	if rest == "" || rest[0] == '#' || rest[0] == '?' || strings.ContainsAny(d.url, "#?") {
		d.url += rest
		return
	}
	page := strings.TrimSuffix(d.url, ".md")
	for _, own := range []string{"_index", "index"} {
		if page == own || strings.HasSuffix(page, "/"+own) {
			page = page[:len(page)-len(own)]
			break
		}
	}
	d.kind = Anchor
	if page = strings.TrimSuffix(page, "/"); page == "" && !strings.HasPrefix(d.url, "/") {
		d.url = strings.TrimPrefix(rest, "/") // the folder that the note is in
		return
	}
	d.url = page + "/" + strings.TrimPrefix(rest, "/")
}

// external is true for addresses with a scheme or a host.
func external(url string) bool {
	if strings.HasPrefix(url, "//") {
		return true
	}
	return scheme(url) != ""
}

// scheme returns the scheme of a URL in lower case, or "". Blanks and control
// characters do not count, as they do not for a browser.
func scheme(url string) string {
	var name []byte
	for i := 0; i < len(url) && len(name) < 40; i++ {
		switch c := url[i]; {
		case c <= ' ' || c == 0x7f:
		case isLetter(c):
			name = append(name, c|0x20)
		case len(name) > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
			name = append(name, c)
		case c == ':':
			return string(name)
		default:
			return ""
		}
	}
	return ""
}

// allowed is false for addresses that notes of people nobody trusts may not have.
func (r *render) allowed(url string) bool {
	if r.p.opts.UnsafeHTML {
		return true
	}
	switch scheme(url) {
	case "", "http", "https", "mailto", "tel", "sms", "ftp", "sftp", "ssh", "git", "irc", "ircs", "xmpp", "sip", "sips",
		"matrix", "geo", "magnet", "webcal", "news", "nntp", "facetime", "urn", "doi":
		return true
	}
	return false
}

// openLink begins a link and returns what ends it. An internal one leaves holes.
func (r *render) openLink(d destination, attrs string) (end func()) {
	if !r.allowed(d.url) {
		return func() {}
	}
	i := r.addLink(d, attrs, "")
	r.inLink++
	if r.links[i].External {
		r.str(`<a href="`)
		r.out = appendURL(r.out, d.url)
		r.str(`"`)
		r.str(attrs)
		r.str(">")
		return func() {
			r.inLink--
			r.str("</a>")
		}
	}
	r.holes = append(r.holes, Hole{Pos: len(r.out), Kind: LinkOpen, Link: i})
	return func() {
		r.inLink--
		r.holes = append(r.holes, Hole{Pos: len(r.out), Kind: LinkClose, Link: i})
	}
}

// picture writes a picture, or the hole for one.
func (r *render) picture(d destination, alt, attrs string, look Look) {
	if !r.allowed(d.url) {
		d.url = ""
		r.out = append(append(r.out, `<img src=""`...), attrs...)
		r.str(r.void(">"))
		return
	}
	i := r.addLink(d, attrs, alt)
	r.links[i].Look = &look
	if !r.links[i].External {
		r.holes = append(r.holes, Hole{Pos: len(r.out), Kind: ImageTag, Link: i})
		return
	}
	r.str(`<img src="`)
	r.out = appendURL(r.out, d.url)
	r.str(`"`)
	r.str(attrs)
	r.attr("width", look.Width)
	r.attr("height", look.Height)
	r.str(r.void(">"))
}

// urlHole writes an address alone, inside an attribute or a text.
func (r *render) urlHole(d destination) {
	i := r.addLink(d, "", "")
	if r.links[i].External {
		r.out = appendURL(r.out, d.url)
		return
	}
	r.holes = append(r.holes, Hole{Pos: len(r.out), Kind: URLOnly, Link: i})
}

func (r *render) addLink(d destination, attrs, alt string) int {
	line, col := r.position(d.off)
	r.links = append(r.links, Link{
		Kind: d.kind, Dest: d.url, External: external(d.url), Attrs: attrs, Alt: alt, Lang: d.lang, Line: line, Col: col,
	})
	return len(r.links) - 1
}

// appendURL appends a URL, percent-encoded where it must be, for an attribute.
func appendURL(dst []byte, url string) []byte {
	return appendHTML(dst, util.URLEscape([]byte(url), false))
}
