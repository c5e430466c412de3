// Package card draws the picture that social networks and chats show beside a
// link to a page: its title, when it was, the conference.
//
// A card is a pure function of its [Text] and this package's version, so it is
// named by the hash of those: pages can link to a card before it is drawn. The
// fonts are Go's own, which know Latin, Greek and Cyrillic script; for a title
// in another there is no card rather than one of empty boxes.
package card

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Width and Height are a card's size in pixels, which networks ask for.
const (
	Width  = 1200
	Height = 630
)

// version changes whenever the same text may give another picture.
const version = "1"

// Text is what a card says.
type Text struct {
	// Site is the conference, Title the page's, Line what else there is to say
	// (the day, the speakers).
	Site, Title, Line string
	// Accent is the colour of the site's marks as #rrggbb; "" for the theme's.
	Accent string
}

// Hash names the card: equal hashes, equal pictures.
func (t Text) Hash() string {
	h := sha256.New()
	for _, s := range []string{version, t.Site, t.Title, t.Line, t.Accent} {
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// Artist draws cards. It is not for use by several goroutines at once.
type Artist struct {
	regular, bold *sfnt.Font
	buf           sfnt.Buffer
}

// New returns an Artist.
func New() (*Artist, error) {
	regular, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("read the font of cards: %w", err)
	}
	bold, err := opentype.Parse(gobold.TTF)
	if err != nil {
		return nil, fmt.Errorf("read the font of cards: %w", err)
	}
	return &Artist{regular: regular, bold: bold}, nil
}

// Readable returns s without what the fonts can't show and a title can do
// without, such as emoji; ok is false where letters would be missing.
func (a *Artist) Readable(s string) (shown string, ok bool) {
	ok = true
	shown = strings.Map(func(r rune) rune {
		if r == '\u00ad' || r == '\u200b' || r == '\u200d' || unicode.IsControl(r) && r != '\t' && r != '\n' {
			return -1
		}
		if unicode.IsSpace(r) {
			return ' '
		}
		if i, err := a.bold.GlyphIndex(&a.buf, r); err == nil && i != 0 {
			return r
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && !unicode.Is(unicode.Variation_Selector, r) {
			ok = false
		}
		return -1
	}, s)
	shown = strings.Join(strings.Fields(shown), " ")
	return shown, ok && shown != ""
}

// The card's measures in pixels, and the sizes that a title is tried at.
const (
	margin     = 80
	bar        = 20
	siteSize   = 34
	lineSize   = 32
	titleLines = 4
)

func titleSizes() []int { return []int{84, 76, 68, 60, 52, 46} }

// Draw returns the card as a PNG.
func (a *Artist) Draw(t Text) ([]byte, error) {
	title, ok := a.Readable(t.Title)
	if !ok {
		return nil, fmt.Errorf("draw a card: the fonts lack letters of %q", t.Title)
	}
	c, err := newCanvas(t.Accent)
	if err != nil {
		return nil, err
	}
	c.fill(image.Rect(0, 0, bar, Height), inkAccent)
	if s, ok := a.Readable(t.Site); ok {
		if err := a.line(c, a.bold, siteSize, inkAccent, s, 112); err != nil {
			return nil, err
		}
	}
	if s, ok := a.Readable(t.Line); ok {
		if err := a.line(c, a.regular, lineSize, inkSoft, s, Height-76); err != nil {
			return nil, err
		}
	}
	if err := a.title(c, title); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := png.Encoder{}
	if err := e.Encode(&b, c.img); err != nil {
		return nil, fmt.Errorf("draw a card: %w", err)
	}
	return b.Bytes(), nil
}

func face(f *sfnt.Font, size int) (font.Face, error) {
	return opentype.NewFace(f, &opentype.FaceOptions{Size: float64(size), DPI: 72})
}

// line draws one line, cut where it is too long.
func (a *Artist) line(c *canvas, f *sfnt.Font, size int, ink uint8, s string, y int) error {
	fc, err := face(f, size)
	if err != nil {
		return err
	}
	defer fc.Close()
	c.text(fc, ink, fit(fc, s), y)
	return nil
}

// title draws the title as large as it fits, in the room between the other lines.
func (a *Artist) title(c *canvas, s string) error {
	for i, size := range titleSizes() {
		fc, err := face(a.bold, size)
		if err != nil {
			return err
		}
		lines, whole := wrap(fc, s)
		if whole || i == len(titleSizes())-1 {
			lead := size * 6 / 5
			top, bottom := 150, Height-130
			y := top + (bottom-top-lead*len(lines))/2 + size
			for _, l := range lines {
				c.text(fc, inkText, l, y)
				y += lead
			}
			return fc.Close()
		}
		if err := fc.Close(); err != nil {
			return err
		}
	}
	return nil
}

func room() fixed.Int26_6 { return fixed.I(Width - margin - margin + bar) }

// maxRunes is more than a card has room for, whatever the letters.
const maxRunes = 400

// wrap breaks s into at most titleLines lines. whole is false where it does not
// fit, or a word had to be cut; then the last line ends with an ellipsis.
func wrap(fc font.Face, s string) (lines []string, whole bool) {
	whole = true
	line := ""
	words := strings.Fields(s)
	for i := 0; i < len(words); i++ {
		next := strings.TrimSpace(line + " " + words[i])
		if measure(fc, next) <= room() {
			line = next
			continue
		}
		if len(lines) == titleLines-1 {
			return append(lines, fit(fc, strings.TrimSpace(line+" "+strings.Join(words[i:], " ")))), false
		}
		if line == "" { // one word is wider than the card
			whole = false
			lines = append(lines, fit(fc, words[i]))
			continue
		}
		lines = append(lines, line)
		line = ""
		i--
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines, whole
}

// measure returns the width of s, or that of a part of it which is wider than
// any card: nobody's title shall take long to measure.
func measure(fc font.Face, s string) fixed.Int26_6 {
	n := 0
	for i := range s {
		if n++; n > maxRunes {
			return max(font.MeasureString(fc, s[:i]), room()+1)
		}
	}
	return font.MeasureString(fc, s)
}

// fit returns s, or as much of it as there is room for, and an ellipsis.
func fit(fc font.Face, s string) string {
	if measure(fc, s) <= room() {
		return s
	}
	r := []rune(s[:min(len(s), 4*maxRunes)])
	cut := func(n int) string { return strings.TrimRight(string(r[:n]), " ·,.-") + "…" }
	n := sort.Search(len(r), func(n int) bool { return measure(fc, cut(n+1)) > room() })
	if n == 0 {
		return ""
	}
	return cut(n)
}

// canvas is a card being drawn. Its colours are few, so that the file is small:
// paper, and each ink in shades from it.
type canvas struct{ img *image.Paletted }

const shades = 15

// The inks, by the index of their first shade but the paper's.
const (
	inkText   = 1
	inkSoft   = inkText + shades
	inkAccent = inkSoft + shades
)

func newCanvas(accent string) (*canvas, error) {
	mark, err := colour(accent)
	if err != nil {
		return nil, err
	}
	paper := color.RGBA{0xff, 0xff, 0xff, 0xff}
	palette := color.Palette{paper}
	for _, ink := range []color.RGBA{{0x1b, 0x22, 0x26, 0xff}, {0x55, 0x61, 0x6a, 0xff}, mark} {
		for s := 1; s <= shades; s++ {
			mix := func(from, to uint8) uint8 { return uint8((int(from)*(shades-s) + int(to)*s) / shades) }
			palette = append(palette, color.RGBA{mix(paper.R, ink.R), mix(paper.G, ink.G), mix(paper.B, ink.B), 0xff})
		}
	}
	return &canvas{image.NewPaletted(image.Rect(0, 0, Width, Height), palette)}, nil
}

// colour reads #rrggbb; the theme's own colour for "".
func colour(s string) (color.RGBA, error) {
	if s == "" {
		s = "#0b676b"
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 24)
	if err != nil || len(s) != 7 {
		return color.RGBA{}, fmt.Errorf("draw a card: %q is no colour", s)
	}
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 0xff}, nil
}

func (c *canvas) fill(r image.Rectangle, ink uint8) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c.img.Pix[y*c.img.Stride+x] = ink + shades - 1
		}
	}
}

// text draws s with its baseline at y.
func (c *canvas) text(fc font.Face, ink uint8, s string, y int) {
	dot := fixed.P(margin, y)
	before := rune(-1)
	for _, r := range s {
		if before >= 0 {
			dot.X += fc.Kern(before, r)
		}
		before = r
		at, mask, from, advance, ok := fc.Glyph(dot, r)
		if !ok {
			continue
		}
		c.glyph(at, mask, from, ink)
		dot.X += advance
	}
}

func (c *canvas) glyph(at image.Rectangle, mask image.Image, from image.Point, ink uint8) {
	alpha, ok := mask.(*image.Alpha)
	if !ok {
		return
	}
	clip := at.Intersect(c.img.Rect)
	for y := clip.Min.Y; y < clip.Max.Y; y++ {
		for x := clip.Min.X; x < clip.Max.X; x++ {
			cover := alpha.AlphaAt(from.X+x-at.Min.X, from.Y+y-at.Min.Y).A
			shade := (int(cover)*shades + 127) / 255
			if p := &c.img.Pix[y*c.img.Stride+x]; shade > 0 && (*p == 0 || *p-ink < uint8(shade-1)) {
				*p = ink + uint8(shade) - 1
			}
		}
	}
}
