package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
)

// maxSVG is how much of a drawing is read to find its size and its scripts.
const maxSVG = 4 << 20

// sniffSVG reports whether b, a file's beginning, is that of a drawing.
func sniffSVG(b []byte) bool {
	b = bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\ufeff")), " \t\r\n")
	if !bytes.HasPrefix(b, []byte("<")) {
		return false
	}
	i := bytes.Index(b, []byte("<svg"))
	j := bytes.Index(b, []byte("<html"))
	return i >= 0 && (j < 0 || i < j)
}

// inspectSVG reads the size from the root element and looks for scripts.
func inspectSVG(c *cursor, info *Info) error {
	data := make([]byte, min(c.size, maxSVG))
	if err := c.read(data); err != nil {
		return err
	}
	info.Script = c.size > maxSVG || scripted(data)
	root, err := rootElement(data)
	if err != nil {
		return &BrokenError{SVG, "its XML can't be read"}
	}
	attr := map[string]string{}
	for _, a := range root.Attr {
		if a.Name.Space == "" {
			attr[a.Name.Local] = a.Value
		}
	}
	w, h := length(attr["width"]), length(attr["height"])
	bw, bh := viewBox(attr["viewBox"])
	switch {
	case w > 0 && h > 0:
	case w > 0 && bw > 0:
		h = w * bh / bw
	case h > 0 && bw > 0:
		w = h * bw / bh
	case bw > 0:
		// As wide as there is room: big enough numbers leave it to the page.
		const wide = 1600
		w, h = wide, wide*bh/bw
	default:
		return nil
	}
	info.Width, info.Height = round(w), round(h)
	return nil
}

func rootElement(data []byte) (xml.StartElement, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	for {
		t, err := d.RawToken()
		if err != nil {
			return xml.StartElement{}, err
		}
		if e, ok := t.(xml.StartElement); ok {
			if e.Name.Local != "svg" {
				return e, errors.New("no svg element")
			}
			return e, nil
		}
	}
}

// scripted reports whether a drawing holds what could run, were it opened by
// itself. It rather says so once too often.
func scripted(b []byte) bool {
	low := bytes.ToLower(b)
	for _, s := range []string{"<script", ":script", "javascript:", "<foreignobject", ":foreignobject", "<iframe", "<!entity", "data:text/html"} {
		if bytes.Contains(low, []byte(s)) {
			return true
		}
	}
	for rest := low; ; { // an attribute on…=
		i := bytes.Index(rest, []byte("on"))
		if i < 0 {
			return false
		}
		before := byte('x')
		if i > 0 {
			before = rest[i-1]
		}
		rest = rest[i+2:]
		if before > ' ' && before != '"' && before != '\'' && before != '/' {
			continue
		}
		n := 0
		for n < len(rest) && rest[n] >= 'a' && rest[n] <= 'z' {
			n++
		}
		if n > 0 && bytes.HasPrefix(bytes.TrimLeft(rest[n:], " \t\r\n"), []byte("=")) {
			return true
		}
	}
}

// length reads a length in CSS's absolute units as pixels; 0 for any other.
func length(s string) float64 {
	s = strings.TrimSpace(s)
	unit := strings.TrimLeft(s, "+0123456789.")
	n, err := strconv.ParseFloat(s[:len(s)-len(unit)], 64)
	if err != nil {
		return 0
	}
	switch strings.ToLower(strings.TrimSpace(unit)) {
	case "", "px":
	case "pt":
		n *= 4. / 3
	case "pc":
		n *= 16
	case "in":
		n *= 96
	case "cm":
		n *= 96 / 2.54
	case "mm":
		n *= 96 / 25.4
	case "em", "rem":
		n *= 16
	default:
		return 0
	}
	return bounded(n)
}

func viewBox(s string) (w, h float64) {
	f := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '\n' || r == '\r' })
	if len(f) != 4 {
		return 0, 0
	}
	w, err1 := strconv.ParseFloat(f[2], 64)
	h, err2 := strconv.ParseFloat(f[3], 64)
	if w, h = bounded(w), bounded(h); err1 != nil || err2 != nil || w == 0 || h == 0 {
		return 0, 0
	}
	return w, h
}

// bounded returns n, or 0 where no drawing can have such a size.
func bounded(n float64) float64 {
	if n > 0 && n < 1e6 {
		return n
	}
	return 0
}

func round(n float64) int { return int(math.Min(math.Max(1, math.Round(n)), 1e6)) }
