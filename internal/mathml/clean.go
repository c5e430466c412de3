package mathml

import (
	"strings"
)

// clean copies the library's MathML, element by element: what is not in the
// lists below is left out, and styles become classes.
func clean(raw string) (string, error) {
	var b strings.Builder
	b.Grow(len(raw))
	depth, skipped := 0, 0 // elements left out, whose end tags are left out too
	for raw != "" {
		open := strings.IndexByte(raw, '<')
		if open < 0 {
			open = len(raw)
		}
		b.WriteString(raw[:open])
		if raw = raw[open:]; raw == "" {
			break
		}
		end := tagEnd(raw)
		if end < 0 {
			return "", &Error{Message: "the formula can't be read"}
		}
		tag := raw[1 : end-1]
		raw = raw[end:]
		name, closing := strings.CutPrefix(tag, "/")
		name, attrs, _ := strings.Cut(name, " ")
		empty := strings.HasSuffix(tag, "/")
		switch {
		case !isElement(name):
			if !empty && !closing {
				skipped++
			}
		case closing:
			depth--
			b.WriteString("</" + name + ">")
		default:
			if depth++; depth > maxDepth {
				return "", &Error{Message: "the formula is nested too deeply"}
			}
			b.WriteString("<" + name)
			attributes(&b, strings.TrimSuffix(attrs, "/"))
			b.WriteByte('>')
			if empty {
				depth--
				b.WriteString("</" + name + ">")
			}
		}
		if b.Len() > maxOutput {
			return "", &Error{Message: "the formula becomes too large"}
		}
	}
	return b.String(), nil
}

// tagEnd returns the offset behind the tag that s begins with; -1 for none.
func tagEnd(s string) int {
	quoted := false
	for i := range len(s) {
		switch s[i] {
		case '"':
			quoted = !quoted
		case '>':
			if !quoted {
				return i + 1
			}
		}
	}
	return -1
}

// isElement is true for the elements that pass: those of MathML Core, the
// enclosures that style sheets draw, and the span that holds a number.
func isElement(name string) bool {
	switch name {
	case "math", "semantics", "annotation", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot",
		"mstyle", "mpadded", "mphantom", "menclose", "msub", "msup", "msubsup", "munder", "mover", "munderover",
		"mmultiscripts", "mprescripts", "none", "mtable", "mtr", "mtd", "span":
		return true
	}
	return false
}

// isAttribute is true for the attributes that pass as they are.
func isAttribute(name string) bool {
	switch name {
	case "accent", "accentunder", "display", "displaystyle", "scriptlevel", "stretchy", "fence", "separator", "form",
		"largeop", "movablelimits", "symmetric", "lspace", "rspace", "minsize", "maxsize", "mathcolor", "mathbackground",
		"mathsize", "mathvariant", "width", "height", "depth", "voffset", "linethickness", "columnspan", "rowspan",
		"notation", "encoding":
		return true
	}
	return false
}

// attributes writes those that pass.
func attributes(b *strings.Builder, s string) {
	var classes []string
	color := ""
	for {
		name, rest, ok := strings.Cut(strings.TrimSpace(s), `="`)
		if !ok {
			break
		}
		value, behind, ok := strings.Cut(rest, `"`)
		if !ok {
			break
		}
		s = behind
		switch {
		case name == "class":
			classes = append(classes, strings.Fields(value)...)
		case name == "style":
			var more []string
			more, color = styles(value)
			classes = append(classes, more...)
		case isAttribute(name):
			b.WriteString(" " + name + `="` + value + `"`)
		}
	}
	if color != "" {
		b.WriteString(` mathcolor="` + color + `"`)
	}
	kept := classes[:0]
	for _, c := range classes {
		if isClass(c) {
			kept = append(kept, c)
		}
	}
	if len(kept) > 0 {
		b.WriteString(` class="` + strings.Join(kept, " ") + `"`)
	}
}

// isClass is true for the classes that math.css knows. The library's others
// put right how single browsers place accents by fractions of a letter.
func isClass(name string) bool {
	switch name {
	case "mathscr", "mathcal", "upstrike", "downstrike", "sout", "longdiv-top", "longdiv-arc", "menclose", "phasor-bottom",
		"phasor-angle", "circle-pad", "textcircle", "actuarial":
		return true
	}
	return name != "tml-display" && strings.HasPrefix(name, "tml-") || strings.HasPrefix(name, "m-")
}

// styles turns style declarations into classes, and a colour into itself.
// What no class stands for is left out: the formula loses a nicety.
func styles(s string) (classes []string, color string) {
	for s != "" {
		var one string
		one, s, _ = strings.Cut(s, ";")
		name, value, _ := strings.Cut(one, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if name == "color" {
			color = value
			continue
		}
		if c := class(name, value); c != "" {
			classes = append(classes, c)
		}
	}
	return classes, color
}

func class(name, value string) string {
	switch name {
	case "padding-left":
		return step("m-pl", value)
	case "padding-right":
		return step("m-pr", value)
	case "border-left", "border-right", "border-top", "border-bottom":
		c := "m-b" + name[len("border-"):][:1]
		if strings.Contains(value, "dashed") {
			c += "d"
		}
		return c
	case "border":
		return "m-box"
	case "padding":
		switch {
		case value == "0":
			return "m-p0"
		case !strings.Contains(value, " "):
			return "m-p"
		}
	case "width":
		switch value {
		case "50%":
			return "m-half"
		case "100%":
			return "m-full"
		}
	case "font-weight":
		return "m-bold"
	case "text-align":
		return "m-left"
	}
	return ""
}

// step rounds a length to one of the steps 0 to 4: none, a hair, the half
// space between columns, an em, two.
func step(prefix, length string) string {
	var em float64
	digits := strings.TrimRight(length, "abcdefghijklmnopqrstuvwxyz%")
	scale := 1.0
	for i := 0; i < len(digits); i++ {
		switch c := digits[i]; {
		case c == '.':
			scale = 0.1
		case c < '0' || c > '9':
			return prefix + "0"
		case scale == 1:
			em = em*10 + float64(c-'0')
		default:
			em += float64(c-'0') * scale
			scale /= 10
		}
	}
	if strings.HasSuffix(length, "pt") {
		em /= 10
	}
	switch {
	case em < 0.07:
		return prefix + "0"
	case em < 0.35:
		return prefix + "1"
	case em < 0.8:
		return prefix + "2"
	case em < 1.5:
		return prefix + "3"
	}
	return prefix + "4"
}
