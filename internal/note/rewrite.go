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
	w.Pieces(html, func(piece []byte) { dst = append(dst, piece...) }, func(text string) { dst = append(dst, text...) })
	return dst
}

// Pieces is [Rewriter.Append] for who can share what stays as it is: keep is
// called for slices of html, and put for what stands between them.
func (w *Rewriter) Pieces(html []byte, keep func(piece []byte), put func(text string)) {
	from, at := 0, 0 // what is before from is done
	insert := func(to int, text string) {
		keep(html[from:to])
		put(text)
		from = to
	}
	begins := false // at is the beginning of a tag
	for at < len(html) {
		mark := byte('<')
		if w.inTag {
			mark = '>'
		}
		end := bytes.IndexByte(html[at:], mark) + 1
		piece := html[at:]
		if end > 0 {
			piece = piece[:end]
		}
		if w.inTag {
			if w.Deeper && begins {
				if i := headingLevel(piece); i >= 0 {
					insert(at+i, string(piece[i]+1))
					from++
				}
			}
			w.tag(piece, begins, func(i int, text string) { insert(at+i, text) })
		}
		at += len(piece)
		if end > 0 {
			w.inTag = !w.inTag
			begins = w.inTag
		}
	}
	keep(html[from:])
}

// headingLevel returns where in a heading's tag its level stands, which can be
// one deeper; -1 for all other tags.
func headingLevel(tag []byte) int {
	name := bytes.TrimPrefix(tag, []byte{'/'})
	if len(name) > 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '5' && (name[2] == ' ' || name[2] == '>') {
		return len(tag) - len(name) + 1
	}
	return -1
}

// tag calls insert for what a tag, from behind its bracket, has to get where.
func (w *Rewriter) tag(tag []byte, begins bool, insert func(at int, text string)) {
	if w.Prefix == "" || begins && bytes.HasPrefix(tag, []byte("use ")) { // an icon, which the page has once for all texts
		return
	}
	for at := 0; ; {
		i := bytes.Index(tag[at:], []byte(`="`))
		if i < 0 {
			return
		}
		name := tag[at : at+i]
		name = name[bytes.LastIndexByte(name, ' ')+1:]
		at += i + len(`="`)
		switch string(name) {
		case "id", "for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget":
			insert(at, w.Prefix)
		case "href":
			switch {
			case at >= len(tag) || tag[at] != '#':
			case w.Elsewhere != "":
				insert(at, w.Elsewhere)
			default:
				insert(at+1, w.Prefix)
			}
		}
		end := bytes.IndexByte(tag[at:], '"')
		if end < 0 {
			return
		}
		at += end + 1
	}
}
