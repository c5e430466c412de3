package note

import (
	"strconv"
	"strings"

	"rsc.io/qr/coding"

	"lectern/internal/diag"
)

// qrCode is Hugo's qr.
func qrCode() *shortcode {
	return &shortcode{
		name: "qr", inner: innerOptional, raw: true, block: true,
		about: "A QR code of a text, the parameter's or what stands between the tags.",
		params: []param{
			{name: "text", pos: 1},
			{name: "level"},
			{name: "scale"},
			{name: "alt"},
			{name: "class"},
			{name: "id"},
			{name: "title"},
			{name: "loading"},
			{name: "targetdir"},
		},
		show: (*render).qr,
	}
}

// qrQuiet is the empty margin that a reader of QR codes needs, in modules.
const qrQuiet = 4

func (r *render) qr(c *call) {
	text := c.str("text")
	if inner := strings.TrimSpace(string(r.rawInner(c))); inner != "" {
		text = inner
	}
	level := coding.L
	switch strings.ToLower(strings.TrimSpace(c.str("level"))) {
	case "medium":
		level = coding.M
	case "quartile":
		level = coding.Q
	case "high":
		level = coding.H
	}
	code, ok := encodeQR(text, level)
	if !ok {
		what := "shortcode \"qr\" has no text"
		if text != "" {
			what = "the text is too long for a QR code"
			r.str("<p>")
			r.literalText(text)
			r.str("</p>\n")
		}
		r.report(diag.Warning, ruleParameter, c.start, what, c.def.usage())
		return
	}
	alt := c.str("alt")
	if alt == "" {
		alt = text
	}
	scale, err := strconv.Atoi(strings.TrimSpace(c.str("scale")))
	if err != nil || scale < 1 || scale > 32 {
		scale = 4
	}
	side := code.Size + 2*qrQuiet
	pixels := strconv.Itoa(side * scale)
	r.str(`<svg class="qr`)
	if class := c.str("class"); class != "" {
		r.str(" ")
		r.out = appendHTML(r.out, class)
	}
	r.str(`"`)
	if id := strings.TrimSpace(c.str("id")); id != "" && r.p.opts.UnsafeHTML {
		r.attr("id", id)
		r.anchor(id)
	}
	r.str(` viewBox="0 0 ` + strconv.Itoa(side) + " " + strconv.Itoa(side) + `" width="` + pixels + `" height="` + pixels +
		`" role="img" aria-label="`)
	r.out = appendHTML(r.out, alt)
	r.str(`"><path fill="#fff" d="M0 0h` + strconv.Itoa(side) + "v" + strconv.Itoa(side) + `H0z"/><path d="`)
	r.out = appendModules(r.out, code)
	r.str("\"/></svg>\n")
	r.gap()
}

// maxQR is the longest text that the largest code holds at the lowest level,
// were it all digits.
const maxQR = 7089

// encodeQR finds the smallest code for text.
func encodeQR(text string, level coding.Level) (*coding.Code, bool) {
	if text == "" || len(text) > maxQR {
		return nil, false
	}
	var enc coding.Encoding = coding.String(text)
	switch {
	case coding.Num(text).Check() == nil:
		enc = coding.Num(text)
	case coding.Alpha(text).Check() == nil:
		enc = coding.Alpha(text)
	}
	for v := coding.Version(coding.MinVersion); v <= coding.MaxVersion; v++ {
		if enc.Bits(v) > v.DataBytes(level)*8 {
			continue
		}
		plan, err := coding.NewPlan(v, level, 0)
		if err != nil {
			return nil, false
		}
		code, err := plan.Encode(enc)
		return code, err == nil
	}
	return nil, false
}

// appendModules appends the dark modules as a path: a bar for each run in a row.
func appendModules(dst []byte, code *coding.Code) []byte {
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x == from {
				continue
			}
			n := strconv.Itoa(x - from)
			dst = append(dst, 'M')
			dst = strconv.AppendInt(dst, int64(from+qrQuiet), 10)
			dst = append(dst, ' ')
			dst = strconv.AppendInt(dst, int64(y+qrQuiet), 10)
			dst = append(dst, "h"+n+"v1h-"+n+"z"...)
		}
	}
	return dst
}
