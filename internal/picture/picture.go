// Package picture knows what is in a picture's file: its kind, the size it is
// shown at, what it tells about its maker, and how to make smaller ones of it.
//
// Pictures come from anywhere, so nothing here trusts them. [Inspect] walks a
// file's structure and decodes no pixel; it says which bytes may be published
// ([Info.Clean]): all but what cameras and programs write beside the picture
// (EXIF with its location, XMP, IPTC, comments, thumbnails, whatever is
// appended), without encoding anything anew. A picture that claims more pixels
// than [MaxPixels] is [Info.Refused] and never decoded.
//
// [Strip] does the same for films and TIFFs, which no page shows as a picture.
//
// [Render] decodes one and makes smaller ones, upright, with integer arithmetic
// alone: the same picture gives the same bytes on every machine. Nothing here
// touches a disk or keeps anything.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// MaxPixels is how many pixels a picture may have to be shown on a page: a
// browser needs four bytes for each, whatever the file's length.
const MaxPixels = 100_000_000

// Format is the kind of a picture's file, by its content.
type Format uint8

// The formats that pages can show, and HEIC, which most browsers can't.
const (
	JPEG Format = iota + 1
	PNG
	GIF
	WebP
	AVIF
	HEIC
	SVG
)

// String returns the format's usual name.
func (f Format) String() string {
	if f > SVG {
		return "unknown"
	}
	return [...]string{"unknown", "JPEG", "PNG", "GIF", "WebP", "AVIF", "HEIC", "SVG"}[f]
}

// ErrUnknown says that a file is no picture of a known format.
var ErrUnknown = errors.New("no picture of a known format")

// BrokenError says what is wrong with a picture's file, in words for its owner.
type BrokenError struct {
	Format Format
	Reason string
}

// Error names the format and the fault.
func (e *BrokenError) Error() string { return fmt.Sprintf("broken %s: %s", e.Format, e.Reason) }

// Info is what a picture's file says about it.
type Info struct {
	Format Format
	// Width and Height are the size in pixels at which the picture is shown,
	// turned upright. Both are 0 where an SVG says neither size nor proportions;
	// one that says proportions alone counts as very wide, so that a page shows it
	// as wide as there is room.
	Width, Height int
	// Orientation says how the stored picture is turned, in EXIF's numbers: 1 is
	// upright, 5 to 8 lie on a side.
	Orientation int
	// Location is true where the file says where the picture was taken.
	Location bool
	// Animated is true for moving pictures, which are shown as they are.
	Animated bool
	// Script is true for an SVG that holds a script or another document.
	Script bool
	// Clean says which bytes to publish; nil is the file as it is.
	Clean Pieces

	bytes int64
	// components is a JPEG's number of colours; deep, alpha are a PNG's; lossy is
	// true for a picture whose format loses detail.
	components  int
	deep, alpha bool
	lossy       bool
	// profile is the ICC colour profile, as many bytes as are worth to be carried
	// into smaller pictures; colours are a PNG's chunks about its colours.
	profile []byte
	colours []byte
}

// Refused reports whether the picture claims so many pixels that it must not
// be decoded, neither here nor in a reader's browser.
func (i *Info) Refused() bool {
	return i.Format != SVG && int64(i.Width)*int64(i.Height) > MaxPixels
}

// salvage keeps, of a picture that turned out to be broken, what may be
// published: a program may show half of it, and must not tell all about it.
func (i *Info) salvage(kept Pieces, err error) {
	if err != nil {
		i.Clean = append(Pieces{}, kept...)
	}
}

// rest is what is known of a broken picture: what of it may be published.
func (i *Info) rest() *Info {
	if i.Clean == nil {
		return nil
	}
	return &Info{Format: i.Format, Orientation: 1, Clean: i.Clean, bytes: i.Clean.Size()}
}

// Inspect reads the structure of the picture in r, which is size bytes long.
// The error is [ErrUnknown], a [BrokenError], or the reader's. With a
// BrokenError there may be an Info, of which only Clean means something.
func Inspect(r io.ReadSeeker, size int64) (*Info, error) {
	c := newCursor(r, size)
	head, err := c.peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	f := sniff(head)
	if f == 0 {
		return nil, ErrUnknown
	}
	info := &Info{Format: f, Orientation: 1, bytes: size}
	switch f {
	case JPEG:
		err = inspectJPEG(c, info)
	case PNG:
		err = inspectPNG(c, info)
	case GIF:
		err = inspectGIF(c, info)
	case WebP:
		err = inspectWebP(c, info)
	case AVIF, HEIC:
		err = inspectHEIF(c, info)
	case SVG:
		err = inspectSVG(c, info)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = &BrokenError{f, "the file ends too soon"}
	}
	if err != nil {
		return info.rest(), err
	}
	if f != SVG && (info.Width <= 0 || info.Height <= 0) {
		return info.rest(), &BrokenError{f, "it says no size"}
	}
	if info.Clean != nil {
		info.bytes = info.Clean.Size()
	}
	if info.Orientation >= 5 {
		info.Width, info.Height = info.Height, info.Width
	}
	return info, nil
}

// sniffed is how many bytes are looked at to tell what a file is.
const sniffed = 1024

// sniff tells a file's format from its beginning.
func sniff(b []byte) Format {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(b, []byte(pngMagic)):
		return PNG
	case bytes.HasPrefix(b, []byte("GIF87a")), bytes.HasPrefix(b, []byte("GIF89a")):
		return GIF
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return WebP
	case len(b) >= 16 && string(b[4:8]) == "ftyp":
		return sniffHEIF(b)
	case sniffSVG(b):
		return SVG
	}
	return 0
}

func broken(f Format, format string, args ...any) error {
	return &BrokenError{f, fmt.Sprintf(format, args...)}
}
