package note

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"lectern/internal/diag"
	"lectern/internal/mathml"
)

// MathMode says where in a note's text formulas are looked for, beside fenced
// blocks and shortcodes, which are formulas always.
type MathMode uint8

// The modes.
const (
	// MathCalled finds none but those.
	MathCalled MathMode = iota
	// MathCareful finds $…$ and $$…$$ where the text can hardly mean anything
	// else: "$5 and $10" and "$HOME" stay as they are.
	MathCareful
	// MathMarked finds $…$, $$…$$, \(…\) and \[…\].
	MathMarked
)

// Delimiters are the marks before and behind a formula.
type Delimiters struct{ Open, Close string }

// maxFormulas is how many formulas of one note are shown as such.
const maxFormulas = 2000

const ruleMath = "math"

// mathMode is what holds for this note: its front matter is stronger than the
// site's configuration.
func (r *render) mathMode() MathMode {
	v, given := r.n.Front.Params["math"]
	if m, ok := v.(map[string]any); ok {
		v, given = m["force"]
	}
	switch on, isBool := v.(bool); {
	case !given || !isBool:
		return r.p.opts.Math
	case on:
		return MathMarked
	default:
		return MathCalled
	}
}

var kindMath = ast.NewNodeKind("Math")

// mathSpan is a formula in a paragraph.
type mathSpan struct {
	ast.BaseInline
	tex     []byte
	display bool
	off     int // in the document
}

func (*mathSpan) Kind() ast.NodeKind         { return kindMath }
func (n *mathSpan) Dump(src []byte, lvl int) { ast.DumpHelper(n, src, lvl, nil, nil) }

// mathBlock is a formula on lines of its own.
type mathBlock struct {
	ast.BaseBlock
	closing []byte
	off     int
	done    bool
}

func (*mathBlock) Kind() ast.NodeKind         { return kindMath }
func (*mathBlock) IsRaw() bool                { return true }
func (n *mathBlock) Dump(src []byte, lvl int) { ast.DumpHelper(n, src, lvl, nil, nil) }

// marks are the delimiters that hold for a note.
type marks struct {
	inline, display []Delimiters
	// careful doubts what may be no formula; literal doubts nothing, as Hugo does.
	careful, literal bool
}

func (r *render) marks() *marks {
	if r.math == nil {
		m := &marks{inline: r.p.opts.MathInline, display: r.p.opts.MathDisplay}
		m.literal = len(m.inline)+len(m.display) > 0
		switch r.mathMode() {
		case MathMarked:
			if !m.literal {
				m.inline = []Delimiters{{`\(`, `\)`}, {"$", "$"}}
				m.display = []Delimiters{{`\[`, `\]`}, {"$$", "$$"}}
			}
		case MathCareful:
			m.careful = true
			m.inline, m.display = []Delimiters{{"$", "$"}}, []Delimiters{{"$$", "$$"}}
		default:
			m.inline, m.display = nil, nil
		}
		r.math = m
	}
	return r.math
}

// opening returns the delimiters that line begins with; display ones first, for
// "$$" begins with "$".
func (m *marks) opening(line []byte) (d Delimiters, display, ok bool) {
	for _, d := range m.display {
		if bytes.HasPrefix(line, []byte(d.Open)) {
			return d, true, true
		}
	}
	for _, d := range m.inline {
		if bytes.HasPrefix(line, []byte(d.Open)) {
			return d, false, true
		}
	}
	return Delimiters{}, false, false
}

// mathTriggers are the bytes that delimiters may begin with, whatever a note's
// front matter says.
func (o *Options) mathTriggers() []byte {
	triggers := []byte{'$', '\\'}
	for _, d := range slices.Concat(o.MathInline, o.MathDisplay) {
		if d.Open != "" && !bytes.Contains(triggers, []byte(d.Open[:1])) {
			triggers = append(triggers, d.Open[0])
		}
	}
	return triggers
}

// mathParser finds formulas in paragraphs.
type mathParser struct{ trigger []byte }

func (p mathParser) Trigger() []byte { return p.trigger }

func (mathParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	r, ok := pc.Get(renderKey).(*render)
	if !ok {
		return nil
	}
	m := r.marks()
	line, seg := block.PeekLine()
	d, display, ok := m.opening(line)
	if !ok {
		return nil
	}
	if d.Open == "$" && !m.literal && !mayOpen(line, block.PrecendingCharacter(), m.careful) {
		return nil
	}
	savedLine, saved := block.Position()
	block.Advance(len(d.Open))
	tex, ok := until(block, d, m.literal)
	if !ok || m.doubts(tex) && !looksLikeMath(tex) {
		block.SetPosition(savedLine, saved)
		return nil
	}
	return &mathSpan{tex: tex, display: display, off: seg.Start}
}

// until reads from block to the closing delimiter, and over it.
func until(block text.Reader, d Delimiters, literal bool) (tex []byte, ok bool) {
	for len(tex) <= mathml.MaxLength {
		line, _ := block.PeekLine()
		if line == nil {
			return nil, false
		}
		if end := closing(line, d.Close); end >= 0 {
			if d.Close == "$" && !literal && !mayClose(line, end, len(tex)+end) {
				return nil, false
			}
			tex = append(tex, line[:end]...)
			block.Advance(end + len(d.Close))
			return tex, len(bytes.TrimSpace(tex)) > 0
		}
		tex = append(tex, line...)
		block.AdvanceLine()
	}
	return nil, false
}

// closing returns where in line the delimiter stands that no backslash makes a
// mere character; -1 for nowhere.
func closing(line []byte, mark string) int {
	for i := 0; i < len(line); i++ {
		if bytes.HasPrefix(line[i:], []byte(mark)) {
			return i
		}
		if line[i] == '\\' {
			i++
		}
	}
	return -1
}

// mayOpen is the rule for a single dollar: no space behind it, no letter or
// digit before it; and, with care, no digit behind it, for that is a price.
func mayOpen(line []byte, before rune, careful bool) bool {
	if len(line) < 3 || line[1] == ' ' || line[1] == '\t' || line[1] == '\n' || line[1] == '$' {
		return false
	}
	if before == '$' || before == '\\' || isAlphanumeric(before) {
		return false
	}
	return !careful || line[1] < '0' || line[1] > '9'
}

// mayClose is the rule for the second one: something and no space before it,
// no letter or digit behind it.
func mayClose(line []byte, at, length int) bool {
	if length == 0 || at > 0 && (line[at-1] == ' ' || line[at-1] == '\t') {
		return false
	}
	return at+1 >= len(line) || !isAlphanumeric(rune(line[at+1])) && line[at+1] != '$'
}

func isAlphanumeric(c rune) bool {
	return c < 0x80 && isLetter(byte(c)) || c >= '0' && c <= '9' || c >= 0xc0
}

// looksLikeMath is true for one letter, and for what has a character that
// formulas have and names of variables in a shell have not.
func looksLikeMath(tex []byte) bool {
	return len(tex) == 1 && isLetter(tex[0]) || bytes.ContainsAny(tex, `\^={}<>+*/|()`) ||
		len(tex) > 2 && isLetter(tex[0]) && tex[1] == '_'
}

// doubts is true for what is taken for a formula only if it looks like one:
// everything with care, else what begins as a sum of money and goes on in words.
func (m *marks) doubts(tex []byte) bool {
	return m.careful || !m.literal && tex[0] >= '0' && tex[0] <= '9' && bytes.IndexByte(tex, ' ') > 0
}

// formula writes one formula. One that can't be read shows as its source.
func (r *render) formula(tex []byte, display bool, off int) {
	tex = bytes.TrimSpace(tex)
	r.say(tex)
	r.n.HasMath = true
	r.formulas++
	html, err := "", error(nil)
	if r.formulas > maxFormulas {
		err = &mathml.Error{Message: fmt.Sprintf("the note has more than %d formulas; the rest show as their source", maxFormulas)}
	} else {
		html, err = r.p.math.Convert(string(tex), display)
	}
	if err == nil {
		r.out = append(r.out, html...)
		return
	}
	r.str(`<code class="math-source">`)
	r.out = appendHTML(r.out, tex)
	r.str("</code>")
	var fault *mathml.Error
	if !errors.As(err, &fault) {
		r.report(diag.Error, ruleInternal, off, err.Error(), "this is a mistake of the program; please report it with the note")
		return
	}
	if r.formulas <= maxFormulas+1 {
		r.report(diag.Warning, ruleMath, off, "this formula shows as its source: "+fault.Message, near(tex, fault.Offset))
	}
}

// near quotes where in a formula something is wrong.
func near(tex []byte, at int) string {
	if at <= 0 || at >= len(tex) {
		return ""
	}
	rest := bytes.ToValidUTF8(tex[at:min(len(tex), at+30)], nil)
	if line, _, cut := bytes.Cut(rest, []byte{'\n'}); cut {
		rest = line
	}
	return "look at \"" + string(rest) + "\""
}
