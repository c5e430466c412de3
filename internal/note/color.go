package note

import (
	"strconv"
	"strings"
)

// An author may colour a box with any CSS colour. The page can't carry it: a
// strict policy forbids styles in it, and a colour that is fine on white is not
// in the dark. So only its hue is kept, as one of hueSteps classes, and the
// style sheet gives each hue the lightness that can be read in both schemes.

// hueSteps is how many classes h0, h1, … there are, in equal steps round the
// circle of HSL that begins with red.
const hueSteps = 24

// hueClass returns the class for a CSS colour; ok is false for what is none.
// Colours without a hue to speak of are "grey".
func hueClass(value string) (class string, ok bool) {
	rgb, ok := parseColor(strings.ToLower(strings.TrimSpace(value)))
	if !ok {
		return "", false
	}
	high, low := max(rgb[0], rgb[1], rgb[2]), min(rgb[0], rgb[1], rgb[2])
	span := high - low
	if span < 20 {
		return "grey", true
	}
	// The hue in sixths of the circle, times span.
	var sixths int
	switch high {
	case rgb[0]:
		sixths = rgb[1] - rgb[2]
		if sixths < 0 {
			sixths += 6 * span
		}
	case rgb[1]:
		sixths = 2*span + rgb[2] - rgb[0]
	default:
		sixths = 4*span + rgb[0] - rgb[1]
	}
	step := (sixths*hueSteps + 3*span) / (6 * span) % hueSteps
	return "h" + strconv.Itoa(step), true
}

// parseColor reads a name, #rgb, #rrggbb (with or without alpha), rgb(…) or hsl(…).
func parseColor(s string) (rgb [3]int, ok bool) {
	if hex, is := strings.CutPrefix(s, "#"); is {
		return parseHex(hex)
	}
	if hex, found := cssColors()[s]; found {
		return [3]int{hex >> 16, hex >> 8 & 0xff, hex & 0xff}, true
	}
	name, rest, found := strings.Cut(s, "(")
	args, closed := strings.CutSuffix(rest, ")")
	if !found || !closed {
		return rgb, false
	}
	parts := strings.FieldsFunc(args, func(r rune) bool { return r == ' ' || r == ',' || r == '/' })
	if len(parts) < 3 || len(parts) > 4 {
		return rgb, false
	}
	var v [3]int
	for i := range v {
		if v[i], ok = colorNumber(parts[i], strings.HasPrefix(name, "rgb")); !ok {
			return rgb, false
		}
	}
	switch name {
	case "rgb", "rgba":
		return [3]int{min(v[0], 255), min(v[1], 255), min(v[2], 255)}, true
	case "hsl", "hsla":
		return fromHSL(v[0]%360, min(v[1], 100), min(v[2], 100)), true
	}
	return rgb, false
}

func parseHex(hex string) (rgb [3]int, ok bool) {
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		return rgb, false
	}
	switch len(hex) {
	case 4:
		n >>= 4
		fallthrough
	case 3:
		return [3]int{int(n>>8) * 17, int(n>>4&15) * 17, int(n&15) * 17}, true
	case 8:
		n >>= 8
		fallthrough
	case 6:
		return [3]int{int(n >> 16), int(n >> 8 & 0xff), int(n & 0xff)}, true
	}
	return rgb, false
}

// colorNumber reads a whole part of a number that is not negative; a percentage
// of a byte where bytes is set.
func colorNumber(s string, bytes bool) (int, bool) {
	num, percent := strings.CutSuffix(strings.TrimSuffix(s, "deg"), "%")
	num, _, _ = strings.Cut(num, ".")
	n, err := strconv.Atoi(num)
	if err != nil || n < 0 || n > 1_000_000 {
		return 0, false
	}
	if percent && bytes {
		n = min(n, 100) * 255 / 100
	}
	return n, true
}

// fromHSL turns degrees and percentages into bytes.
func fromHSL(h, s, l int) [3]int {
	c := (100 - abs(2*l-100)) * s // chroma, of 10000
	x := c * (60 - abs(h%120-60)) / 60
	m := l*100 - c/2
	var p [3]int
	switch h / 60 {
	case 0:
		p = [3]int{c, x, 0}
	case 1:
		p = [3]int{x, c, 0}
	case 2:
		p = [3]int{0, c, x}
	case 3:
		p = [3]int{0, x, c}
	case 4:
		p = [3]int{x, 0, c}
	default:
		p = [3]int{c, 0, x}
	}
	for i := range p {
		p[i] = (p[i] + m) * 255 / 10_000
	}
	return p
}

func abs(n int) int { return max(n, -n) }
