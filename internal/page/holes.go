package page

import (
	"lectern/internal/note"
	"lectern/internal/site"
)

// appendNote puts a note's HTML into s: slices of the note's own bytes, and
// between them the links and pictures as targets says, addressed from root, and
// what call writes for each of its lists.
func appendNote(s *sheet, n *note.Note, targets []site.Target, root string, call func(i int)) {
	at := 0
	for _, h := range n.Body.Holes {
		s.share(n.Body.HTML[at:h.Pos])
		at = h.Pos
		if h.Kind == note.CallHole {
			call(h.Link)
		} else if h.Link < len(targets) {
			fillHole(s, h.Kind, &n.Links[h.Link], targets[h.Link], root)
		}
	}
	s.share(n.Body.HTML[at:])
}

// fillHole writes what belongs into one hole. A withheld target leaves the
// link's text, or a picture's alternative text, and nothing of its address.
func fillHole(s *sheet, kind note.HoleKind, l *note.Link, t site.Target, root string) {
	withheld := t.Kind == site.TargetWithheld
	switch kind {
	case note.LinkOpen:
		if !withheld {
			s.own = append(s.own, `<a href="`...)
			s.own = appendAddress(s.own, l, t, root)
			s.own = append(s.own, '>')
		}
	case note.LinkClose:
		if !withheld {
			s.own = append(s.own, `</a>`...)
		}
	case note.ImageTag:
		if withheld {
			s.own = appendEscaped(s.own, l.Alt)
			return
		}
		appendPicture(s, l, t, root)
	case note.URLOnly:
		if !withheld {
			s.own = appendEscaped(s.own, linkURL(root, t))
		}
	case note.ImageMore:
		if pic := known(t); pic != nil && !pic.Linked {
			s.own = appendMissing(s.own, l.Look, pic, linkURL(root, t), root)
		}
	}
}

// appendAddress writes the rest of a tag behind its opening quote, without
// the final bracket. data-broken lets `serve` show where a link leads nowhere.
func appendAddress(dst []byte, l *note.Link, t site.Target, root string) []byte {
	dst = appendEscaped(dst, linkURL(root, t))
	dst = append(dst, '"')
	dst = append(dst, l.Attrs...)
	if t.Kind == site.TargetBroken {
		dst = append(dst, ` data-broken`...)
	}
	return dst
}
