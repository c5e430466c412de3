package page

import (
	"encoding/hex"
	"math"
	"path"
	"strconv"
	"strings"

	"lectern/internal/note"
	"lectern/internal/site"
	"lectern/internal/snapshot"
)

// sizes tells browsers how wide a picture is shown, before they know the style
// sheet: as wide as a phone, or as the column of text. See .text in web/css.
const sizes = "(min-width: 46rem) 44rem, calc(100vw - 2rem)"

// largeFrom is the width in pixels from which a picture leads to its large
// version: a phone's column already makes it smaller.
const largeFrom = 360

// enough is the width in pixels that suffices for every screen's column.
const enough = 1600

// appendPicture writes the img tag of a picture in the note's text. One that
// browsers can't show is a link to the file.
func appendPicture(s *sheet, l *note.Link, t site.Target, root string) {
	pic := known(t)
	look := l.Look
	if look == nil {
		look = &note.Look{}
	}
	if pic != nil && pic.Linked {
		s.own = appendFileLink(s.own, l, t, root, look)
		return
	}
	large := pic != nil && look.Large && !look.InLink && !pic.Script && pic.Width >= largeFrom
	if large {
		s.own = append(s.own, `<span class="pic">`...)
	}
	s.own = append(s.own, `<img src="`...)
	s.own = appendAddress(s.own, l, t, root)
	s.own = appendSize(s.own, look, pic, linkURL(root, t), root)
	s.own = append(s.own, ` decoding="async">`...)
	if large {
		s.own = append(s.own, `<a class="pic-large" data-chrome href="`...)
		s.own = appendEscaped(s.own, linkURL(root, t))
		s.own = append(s.own, `" aria-label="`...)
		s.own = appendEscaped(s.own, s.words.largePicture)
		if l.Alt != "" {
			s.own = appendEscaped(append(s.own, ": "...), l.Alt)
		}
		s.own = append(s.own, `"></a></span>`...)
	}
}

// known returns what is known of the picture at t, or nil.
func known(t site.Target) *site.Picture {
	if t.File == nil {
		return nil
	}
	return t.File.Picture
}

// appendFileLink writes what stands for a picture that can't be shown.
func appendFileLink(dst []byte, l *note.Link, t site.Target, root string, look *note.Look) []byte {
	text := l.Alt
	if text == "" {
		text = path.Base(t.File.OutPath)
	}
	if look.InLink {
		return appendEscaped(dst, text)
	}
	dst = append(dst, `<a href="`...)
	dst = appendEscaped(dst, linkURL(root, t))
	dst = append(dst, `">`...)
	dst = appendEscaped(dst, text)
	return append(dst, `</a>`...)
}

// appendSize writes a picture's size, and where there are smaller ones.
func appendSize(dst []byte, look *note.Look, pic *site.Picture, url, root string) []byte {
	w, h := look.Width, look.Height
	if pic != nil && pic.Width > 0 && pic.Height > 0 {
		w, h = fullSize(w, h, pic)
	}
	dst = appendAttr(dst, "width", w)
	dst = appendAttr(dst, "height", h)
	if pic == nil || len(pic.Smaller) == 0 || look.Sources {
		return dst
	}
	dst = append(dst, ` srcset="`...)
	for i, r := range pic.Smaller {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = appendCandidate(dst, rel(root, "/"+r.OutPath), r.Width)
	}
	// A picture of some thousand pixels is for those who open it.
	if last := pic.Smaller[len(pic.Smaller)-1]; last.Width < enough {
		dst = appendCandidate(append(dst, ", "...), url, pic.Width)
	}
	dst = append(dst, `" sizes="`...)
	if _, err := strconv.Atoi(w); err == nil && look.Width+look.Height != "" {
		return append(append(dst, w...), `px"`...)
	}
	return append(append(dst, sizes...), '"')
}

func appendCandidate(dst []byte, url string, width int) []byte {
	dst = append(appendEscaped(dst, url), ' ')
	return append(strconv.AppendInt(dst, int64(width), 10), 'w')
}

// hashPicture covers what a page shows of the picture that a link leads to.
func hashPicture(h *hash, t *site.Target) {
	if t.File == nil || t.File.Picture == nil {
		return
	}
	pic := t.File.Picture
	h.num(uint64(pic.Width)<<32 | uint64(pic.Height))
	h.flag(pic.Linked)
	h.flag(pic.Script)
	for i := range pic.Smaller {
		h.num(uint64(pic.Smaller[i].Width))
		h.str(pic.Smaller[i].OutPath)
	}
}

func appendAttr(dst []byte, name, value string) []byte {
	if value == "" {
		return dst
	}
	dst = append(append(append(dst, ' '), name...), `="`...)
	return append(appendEscaped(dst, value), '"')
}

// fullSize completes the size that an author asks for by the picture's
// proportions, so that its place is kept before it is there.
func fullSize(w, h string, pic *site.Picture) (string, string) {
	px := func(s string) float64 {
		n, err := strconv.Atoi(s)
		if err != nil {
			return 0
		}
		return float64(n)
	}
	ratio := float64(pic.Width) / float64(pic.Height)
	whole := func(n float64) string { return strconv.Itoa(int(math.Max(1, math.Round(n)))) }
	switch {
	case w == "" && h == "":
		return strconv.Itoa(pic.Width), strconv.Itoa(pic.Height)
	case h == "" && px(w) > 0:
		return w, whole(px(w) / ratio)
	case w == "" && px(h) > 0:
		return whole(px(h) * ratio), h
	}
	return w, h
}

// appendMissing completes an img tag that the author wrote.
func appendMissing(dst []byte, look *note.Look, pic *site.Picture, url, root string) []byte {
	if look == nil || pic.Width == 0 {
		return dst
	}
	rest := *pic
	if look.Sources {
		rest.Smaller = nil
	}
	all := appendSize(nil, look, &rest, url, root)
	// What the tag says already is not said again.
	for _, own := range [][2]string{{"width", look.Width}, {"height", look.Height}} {
		if own[1] != "" {
			all = []byte(strings.Replace(string(all), " "+own[0]+`="`+own[1]+`"`, "", 1))
		}
	}
	return append(dst, all...)
}

// RenditionPath returns where a smaller version of a picture is published: by
// its content, so that it may be kept for ever.
func RenditionPath(width int, hash snapshot.Digest, ext string) string {
	return assetFolder + "pictures/" + strconv.Itoa(width) + "-" + hex.EncodeToString(hash[:8]) + ext
}
