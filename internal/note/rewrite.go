package note

import "bytes"

// Rewriter copies a note's HTML into a page that shows other texts too. There
// an id must not stand twice: each, and what refers to it, gets a prefix.
// Attributes that an author wrote in another form than Lectern's own stay as
// they are: at worst two elements share an id.
type Rewriter struct {
	// Prefix is put before ids; it may be empty.
	Prefix string
	// Elsewhere is where links to a place in the text lead, escaped, for a page that
	// does not show all of it; empty where they stay on the page.
	Elsewhere string
	// Deeper makes each heading one of the next lower level.
	Deeper bool
	// inTag is true where the piece of HTML before ended inside a tag.
	inTag bool
}

// Append appends a piece of HTML to dst. The next piece goes on where it ends.
func (w *Rewriter) Append(dst, html []byte) []byte {
	begins := false // html is at the beginning of a tag
	for len(html) > 0 {
		mark := byte('<')
		if w.inTag {
			mark = '>'
		}
		end := bytes.IndexByte(html, mark) + 1
		piece := html[:end]
		if end == 0 {
			piece = html
		}
		if w.inTag {
			dst = w.tag(dst, piece, begins)
		} else {
			dst = append(dst, piece...)
		}
		if end == 0 {
			return dst
		}
		w.inTag, html = !w.inTag, html[end:]
		begins = w.inTag
	}
	return dst
}

// tag appends the inside of a tag.
func (w *Rewriter) tag(dst, tag []byte, begins bool) []byte {
	if w.Deeper && begins {
		name := bytes.TrimPrefix(tag, []byte{'/'})
		if len(name) > 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '5' && (name[2] == ' ' || name[2] == '>') {
			at := len(tag) - len(name) + 1
			dst = append(append(dst, tag[:at]...), tag[at]+1)
			tag = tag[at+1:]
		}
	}
	if begins && bytes.HasPrefix(tag, []byte("use ")) {
		return append(dst, tag...) // an icon, which the page has once for all texts
	}
	for w.Prefix != "" {
		at, link := -1, false
		for _, ref := range idAttributes() {
			if i := bytes.Index(tag, []byte(ref)); i >= 0 && (at < 0 || i+len(ref) < at) {
				at, link = i+len(ref), ref == placeLink
			}
		}
		if at < 0 {
			break
		}
		if link && w.Elsewhere != "" {
			dst = append(append(append(dst, tag[:at-1]...), w.Elsewhere...), '#')
		} else {
			dst = append(append(dst, tag[:at]...), w.Prefix...)
		}
		tag = tag[at:]
	}
	return append(dst, tag...)
}

// placeLink is the beginning of a link to a place in the text.
const placeLink = ` href="#`

// idAttributes are the beginnings of attributes that hold an id.
func idAttributes() []string {
	return []string{` id="`, placeLink, ` for="`, ` aria-labelledby="`, ` aria-describedby="`, ` aria-controls="`, ` popovertarget="`}
}
