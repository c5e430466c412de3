package note

import (
	"bytes"
	"sort"

	"lectern/internal/diag"
)

// call is one use of a shortcode, {{% name … %}} or {{< name … >}}.
type call struct {
	name string
	def  *shortcode // nil for an unknown name
	args []arg
	// start and end are the extent in the file, with inner text and end tag.
	start, end int
	// inner is the text between the tags; from is -1 where there is none.
	innerFrom, innerTo int
	// next is the number of the first call behind this one and all inside it.
	next int
	// comment is what {{%/* … */%}} shows.
	comment string
	percent bool // {{% rather than {{<
	// unclosed is true where an end tag is missing that must be.
	unclosed bool
	code     bool // stands in code
	checked  bool
}

// arg is one parameter as written.
type arg struct {
	name  string // lower case; "" for a positional one
	value string
	off   int
}

// scanner finds the shortcode calls of a note.
type scanner struct {
	r    *render
	data []byte
	pos  int
	// open are the numbers of the calls that wait for an end tag, by region.
	open []openCall
	// waiting counts open by name.
	waiting map[string]int
	// region is 0 in text; each piece of code has a number of its own, so that a
	// tag in code finds no partner outside.
	region, regions int
	fence           fence
	lineStart       bool
	lineAt          int // where the line begins
	// noEnd holds names of raw shortcodes that no end tag follows; commentEnd is
	// the next -->, or the end of the file.
	noEnd      map[string]bool
	commentEnd int
	// paraEnd is where the paragraph ends that pos is in; noSpan says for
	// lengths of backtick runs up to where there is no second such run.
	paraEnd int
	noSpan  [16]int
	// tagAt is the next thing that looks like a tag, or the end of the file.
	tagAt int
}

type openCall struct{ call, region, tagEnd int }

// fence is the fenced block of code that the scanner is in; n is 0 for none.
type fence struct {
	char byte
	n    int
}

// scan fills r.calls with the calls behind offset body.
func (r *render) scan(body int) {
	text := r.data[body:]
	if !bytes.Contains(text, []byte("{{<")) && !bytes.Contains(text, []byte("{{%")) {
		return
	}
	s := scanner{r: r, data: r.data, pos: body, lineStart: true, lineAt: body, waiting: map[string]int{}, noEnd: map[string]bool{}}
	for s.pos < len(s.data) && !s.idle() {
		if s.lineStart {
			s.lineStart = false
			s.lineAt = s.pos
			s.line()
		}
		s.step()
	}
	s.leave(0)
	for i := len(r.calls) - 1; i >= 0; i-- {
		next := i + 1
		for next < len(r.calls) && r.calls[next].start < r.calls[i].end {
			next = r.calls[next].next
		}
		r.calls[i].next = next
	}
}

// idle reports whether nothing is left to be found: no tag, and no end of code
// that tags stand in.
func (s *scanner) idle() bool {
	if s.region != 0 || s.fence.n > 0 {
		return false
	}
	if s.tagAt < s.pos {
		s.tagAt = len(s.data)
		if i := bytes.Index(s.data[s.pos:], []byte("{{")); i >= 0 {
			s.tagAt = s.pos + i
		}
	}
	return s.tagAt == len(s.data)
}

// firstCall returns the number of the first call that begins at off or behind.
func (r *render) firstCall(off int) int {
	return sort.Search(len(r.calls), func(i int) bool { return r.calls[i].start >= off })
}

// step handles what is at pos and moves on.
func (s *scanner) step() {
	rest := s.data[s.pos:]
	i := bytes.IndexAny(rest[:min(len(rest), 4096)], "\n{`<\\")
	if i < 0 {
		s.pos += min(len(rest), 4096)
		return
	}
	s.pos += i
	rest = rest[i:]
	switch c := rest[0]; {
	case c == '\n':
		s.pos++
		s.lineStart = true
	case c == '{' && (bytes.HasPrefix(rest, []byte("{{<")) || bytes.HasPrefix(rest, []byte("{{%"))):
		s.tag()
	case s.fence.n > 0:
		s.pos++
	case c == '`':
		s.codeSpan()
	case c == '\\':
		s.pos = min(s.pos+2, len(s.data))
		if s.pos <= len(s.data) && s.data[s.pos-1] == '\n' {
			s.lineStart = true
		}
	case c == '<' && bytes.HasPrefix(rest, []byte("<!--")):
		s.comment()
	default:
		s.pos++
	}
}

// tag handles the {{< or {{% at pos.
func (s *scanner) tag() {
	t, ok := lexTag(s.data, s.pos)
	if !ok {
		if s.region == 0 {
			s.r.report(diag.Warning, ruleUnclosed, s.pos, "this shortcode has no end: "+string(t.want)+" is missing",
				"write "+string(s.data[s.pos:s.pos+3])+"/* … */"+string(t.want)+" to show a shortcode as text")
		}
		s.pos += 3
		return
	}
	start := s.pos
	s.pos = t.end
	switch {
	case t.comment != "":
		s.add(call{comment: t.comment, start: start, end: t.end, innerFrom: -1, percent: t.percent})
	case t.closing:
		s.close(t, start)
	default:
		s.begin(t, start)
	}
}

func (s *scanner) add(c call) int {
	c.code = s.region != 0
	s.r.calls = append(s.r.calls, c)
	return len(s.r.calls) - 1
}

// begin handles a start tag.
func (s *scanner) begin(t tag, start int) {
	def := s.r.p.shortcodes.find(t.name)
	id := s.add(call{name: t.name, def: def, args: t.args, start: start, end: t.end, innerFrom: -1, percent: t.percent})
	if t.selfClosing {
		return
	}
	if def != nil && def.raw && s.region == 0 && !s.noEnd[t.name] {
		if from, end := findEndTag(s.data, t.end, t.name); end > 0 {
			c := &s.r.calls[id]
			c.innerFrom, c.innerTo, c.end = t.end, from, end
			s.pos = end
			return
		}
		s.noEnd[t.name] = true
	}
	s.open = append(s.open, openCall{id, s.region, t.end})
	s.waiting[t.name]++
}

// close handles an end tag: it ends the innermost open call of its name, and
// leaves those inside that one unclosed.
func (s *scanner) close(t tag, start int) {
	i := len(s.open) - 1
	if s.waiting[t.name] > 0 {
		for i >= 0 && s.open[i].region == s.region && s.r.calls[s.open[i].call].name != t.name {
			i--
		}
	} else {
		i = -1
	}
	if i < 0 || s.open[i].region != s.region {
		if s.region == 0 {
			s.r.report(diag.Warning, ruleUnclosed, start, "this ends a shortcode \""+t.name+"\" that has no beginning", "")
			s.add(call{start: start, end: t.end, innerFrom: -1, comment: ""})
		}
		return
	}
	for _, inner := range s.open[i+1:] {
		s.unclosed(inner)
	}
	o := s.open[i]
	c := &s.r.calls[o.call]
	c.innerFrom, c.innerTo, c.end = o.tagEnd, start, t.end
	s.waiting[t.name]--
	s.open = s.open[:i]
}

// leave forgets the calls that are open in a region.
func (s *scanner) leave(region int) {
	i := len(s.open)
	for i > 0 && s.open[i-1].region == region {
		i--
	}
	for _, o := range s.open[i:] {
		s.unclosed(o)
	}
	s.open = s.open[:i]
}

func (s *scanner) unclosed(o openCall) {
	c := &s.r.calls[o.call]
	s.waiting[c.name]--
	if c.def == nil || c.def.inner != innerRequired || o.region != 0 {
		return
	}
	c.unclosed = true
	left, right := "{{< ", " >}}"
	if c.percent {
		left, right = "{{% ", " %}}"
	}
	s.r.report(diag.Warning, ruleUnclosed, c.start, "shortcode \""+c.name+"\" is not closed",
		"end it with "+left+"/"+c.name+right+" or write "+left+c.name+" …"+" /"+right[1:])
}
