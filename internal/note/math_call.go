package note

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// mathPiece is a part of what a fence or a shortcode holds: a formula, or text
// between formulas.
type mathPiece struct {
	tex           []byte
	math, display bool
}

// mathPieces cuts s at the delimiters of formulas, which Relearn's users write
// in its shortcode and its fence, because it hands them to MathJax. What has
// none is one formula. Dollars in braces are none: \text{if $x$ is odd}.
func mathPieces(s []byte) []mathPiece {
	s = bytes.TrimSpace(s)
	var pieces []mathPiece
	depth, from := 0, 0
	for i := 0; i < len(s); {
		if d, display, ok := formulaOpening(s[i:]); ok && depth == 0 {
			end := closing(s[i+len(d.Open):], d.Close)
			if end < 0 {
				break
			}
			if i > from {
				pieces = append(pieces, mathPiece{tex: s[from:i]})
			}
			end += i + len(d.Open)
			pieces = append(pieces, mathPiece{tex: s[i+len(d.Open) : end], math: true, display: display})
			i = end + len(d.Close)
			from = i
			continue
		}
		switch s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			depth--
		}
		i++
	}
	if len(pieces) == 0 {
		return []mathPiece{{tex: s, math: true, display: true}}
	}
	if from < len(s) {
		pieces = append(pieces, mathPiece{tex: s[from:]})
	}
	return pieces
}

func formulaOpening(s []byte) (d Delimiters, display, ok bool) {
	m := marks{
		inline:  []Delimiters{{`\(`, `\)`}, {"$", "$"}},
		display: []Delimiters{{`\[`, `\]`}, {"$$", "$$"}},
	}
	if s[0] != '$' && s[0] != '\\' {
		return d, false, false
	}
	return m.opening(s)
}

// mathInLine is true for what stands in a line of text: one formula between
// the delimiters of such.
func mathInLine(inner []byte) bool {
	pieces := mathPieces(inner)
	return len(pieces) == 1 && !pieces[0].display
}

// mathCall writes what the shortcode holds.
func (r *render) mathCall(c *call) {
	inner := trimCode(r.rawInner(c))
	if mathInLine(inner) {
		r.quiet++
		r.formula(r.withLiterals(mathPieces(inner)[0].tex), false, c.start)
		r.quiet--
		return
	}
	r.mathFence(inner, c.start, r.align(c))
}

// align is where a diagram or a formula stands; in the middle where nothing is said.
func (r *render) align(c *call) string {
	return r.choice(c, "align", "", "left", "center", "right")
}

// mathFence writes a block of code whose language is math, or what a shortcode
// holds.
func (r *render) mathFence(tex []byte, off int, align string) {
	r.quiet++
	class := "math"
	if align == "left" || align == "right" {
		class += " math-" + align
	}
	pieces := mathPieces(r.withLiterals(tex))
	r.str(`<div class="` + class + `"`)
	if len(tex) > 60 { // wide enough to be scrolled, which the keyboard must reach
		r.str(` role="group" aria-label="Formula" tabindex="0"`)
	}
	r.str(">")
	for _, p := range pieces {
		if p.math {
			r.formula(p.tex, p.display, off)
			continue
		}
		r.out = appendHTML(r.out, p.tex)
		r.say(p.tex)
	}
	r.str("</div>\n")
	r.quiet--
	r.gap()
}

// fenceAlign is where a fence's attributes place a diagram or a formula.
func fenceAlign(n *ast.FencedCodeBlock, info []byte) string {
	attrs := n.Attributes()
	if attrs == nil {
		attrs = infoAttributes(info)
	}
	for _, a := range attrs {
		if v, ok := a.Value.([]byte); ok && strings.EqualFold(string(a.Name), "align") {
			return strings.ToLower(string(v))
		}
	}
	return ""
}
