package highlight

import (
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2"
)

// tokenType is one of chroma's types of tokens; classes.go names them.
type tokenType int16

// The types that the engine itself knows.
const (
	typeError tokenType = -11
	typeOther tokenType = -12
	// typeIgnore is of text that another token holds too.
	typeIgnore tokenType = -14
	typeText   tokenType = 8000
)

// token is a piece of the code.
type token struct {
	typ  tokenType
	text string
}

// The limits on one block: how long it and one match may take, how deep lexers
// may call lexers, how often rules may match nothing at one place. The times
// are on the wall, and a block that exceeds them loses its colours; so they are
// far beyond what a busy machine adds to an honest block, for equal input has
// to give equal output.
const (
	maxTime   = 10 * time.Second
	maxMatch  = 5 * time.Second
	maxNested = 20
	maxEmpty  = 200
	maxStack  = 2000
)

// run is the work on one block of code. What it holds is used again.
type run struct {
	h      *Highlighter
	tokens []token
	start  time.Time
	steps  int
	failed bool
}

var runs = sync.Pool{New: func() any { return &run{} }}

func (r *run) reset(h *Highlighter) {
	clear(r.tokens)
	r.h, r.tokens, r.steps, r.failed = h, r.tokens[:0], 0, false
}

// lex returns the tokens of code. Together they are the code (and perhaps a
// newline); false where that did not work out.
func (r *run) lex(l *lexer, code string) ([]token, bool) {
	r.start = time.Now()
	r.with(l, code, "root", false, 0)
	if r.failed {
		return nil, false
	}
	rest := code
	for i := range r.tokens {
		t := &r.tokens[i]
		if !strings.HasPrefix(rest, t.text) {
			if i == len(r.tokens)-1 && rest+"\n" == t.text {
				rest = ""
				break
			}
			if rest == "" && t.text == "\n" && i == len(r.tokens)-1 {
				break
			}
			return nil, false
		}
		rest = rest[len(t.text):]
	}
	return r.tokens, rest == ""
}

func (r *run) put(typ tokenType, text string) {
	if text != "" && typ != typeIgnore {
		r.tokens = append(r.tokens, token{typ, text})
	}
}

// with lexes text with any kind of lexer.
func (r *run) with(l *lexer, text, state string, nested bool, depth int) {
	if depth > maxNested || l == nil {
		r.put(typeText, text)
		return
	}
	switch l.kind {
	case kindDelegate:
		r.delegate(l, text, nested, depth+1)
	case kindRemap:
		from := len(r.tokens)
		r.with(r.h.named(l.root), text, state, nested, depth+1)
		for i := from; i < len(r.tokens); i++ {
			t := &r.tokens[i]
			if typ, ok := l.table[remapKey{t.typ, t.text}]; ok {
				t.typ = typ
			} else if typ, ok := l.table[remapKey{t.typ, ""}]; ok {
				t.typ = typ
			}
		}
	case kindFrontMatter:
		front := frontMatter(text)
		if front > 0 {
			r.with(r.h.named(l.language), text[:front], state, nested, depth+1)
		}
		r.with(r.h.named(l.root), text[front:], state, nested, depth+1)
	default:
		m := machine{run: r, lexer: l, depth: depth + 1, nested: nested, root: state}
		m.runOver(text)
	}
}

// frontMatter returns the length of the YAML between two lines --- that text
// begins with, or 0.
func frontMatter(text string) int {
	if !strings.HasPrefix(text, "---\n") {
		return 0
	}
	if i := strings.Index(text[3:], "\n---\n"); i >= 0 {
		return 3 + i + len("\n---\n")
	}
	return 0
}

// machine runs a regex lexer over a text.
type machine struct {
	*run
	lexer  *lexer
	depth  int
	nested bool
	root   string
	stack  []string
	text   string
	pos    int // in runes
	runes  []rune
	at     []int // byte offsets of runes; nil where all are single bytes
}

func (m *machine) runOver(text string) {
	end := -1
	if !m.nested && m.lexer.ensureNL && !strings.HasSuffix(text, "\n") {
		text += "\n"
		end = 1
	}
	m.text = text
	m.decode()
	last := len(m.runes)
	if end > 0 {
		last--
	}
	m.stack = append(make([]string, 0, 8), m.root)
	empty := 0
	for m.pos < last && len(m.stack) > 0 && !m.failed {
		if m.tooLong() {
			return
		}
		state := m.stack[len(m.stack)-1]
		rules, ok := m.lexer.states[state]
		if !ok {
			m.failed = true
			return
		}
		ru, match := m.match(rules)
		if ru == nil {
			if m.runes[m.pos] == '\n' && state != m.root {
				m.stack = append(m.stack[:0], m.root)
				if empty++; empty < maxEmpty {
					continue
				}
			}
			m.put(typeError, m.slice(m.pos, m.pos+1))
			m.pos++
			continue
		}
		start := m.pos
		m.pos += match.RuneLength
		m.change(&ru.mutate, state)
		m.emit(&ru.emit, match, start)
		if match.RuneLength > 0 {
			empty = 0
		} else if empty++; empty > maxEmpty {
			m.put(typeError, m.slice(m.pos, m.pos+1))
			m.pos++
			empty = 0
		}
	}
	if m.pos < len(m.runes) && len(m.stack) == 0 {
		m.put(typeError, m.slice(m.pos, len(m.runes)))
	}
}

// tooLong is true once the block has taken more time than it may.
func (m *machine) tooLong() bool {
	m.steps++
	if m.steps%64 == 0 && time.Since(m.start) > maxTime {
		m.failed = true
	}
	return m.failed
}

// decode fills runes and at.
func (m *machine) decode() {
	ascii := true
	for i := range len(m.text) {
		if m.text[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		m.runes = make([]rune, len(m.text))
		for i := range len(m.text) {
			m.runes[i] = rune(m.text[i])
		}
		return
	}
	m.runes = []rune(m.text)
	m.at = make([]int, 0, len(m.runes)+1)
	for i := range m.text {
		m.at = append(m.at, i)
	}
	m.at = append(m.at, len(m.text))
}

// slice is the text between two runes.
func (m *machine) slice(from, to int) string {
	if m.at == nil {
		return m.text[from:to]
	}
	return m.text[m.at[from]:m.at[to]]
}

// match finds the first rule that matches here.
func (m *machine) match(rules []*rule) (*rule, *regexp2.Match) {
	c := m.runes[m.pos]
	for _, ru := range rules {
		if c < utf8.RuneSelf && !ru.anywhere && ru.first[c/64]&(1<<(c%64)) == 0 {
			continue
		}
		re := ru.regexp()
		if re == nil {
			continue
		}
		match, err := re.FindRunesMatchStartingAt(m.runes, m.pos)
		if err != nil {
			m.failed = true // out of time
			return nil, nil
		}
		if match != nil && match.RuneIndex == m.pos {
			return ru, match
		}
	}
	return nil, nil
}

// regexp compiles the rule's pattern when it is first needed.
func (ru *rule) regexp() *regexp2.Regexp {
	if re := ru.re.Load(); re != nil || ru.broken.Load() {
		return re
	}
	pattern := "(?:" + ru.pattern + ")"
	if ru.flags != "" {
		pattern = "(?" + ru.flags + ")" + pattern
	}
	re, err := regexp2.Compile(`\G` + pattern)
	if err != nil {
		ru.broken.Store(true)
		return nil
	}
	re.MatchTimeout = maxMatch
	ru.re.Store(re)
	return re
}

// change applies a mutator to the stack of states.
func (m *machine) change(mu *mutator, state string) {
	switch mu.kind {
	case mutatePush:
		if len(mu.states) == 0 {
			m.stack = append(m.stack, state)
		}
		for _, s := range mu.states {
			if s == "#pop" {
				m.pop(1)
			} else {
				m.stack = append(m.stack, s)
			}
		}
	case mutatePop:
		m.pop(mu.depth)
	case mutateAll:
		for i := range mu.all {
			m.change(&mu.all[i], state)
		}
	}
	if len(m.stack) > maxStack {
		m.failed = true
	}
}

func (m *machine) pop(n int) { m.stack = m.stack[:max(len(m.stack)-n, 0)] }

// emit makes tokens of a match that began at rune start.
func (m *machine) emit(e *emitter, match *regexp2.Match, start int) {
	switch e.kind {
	case emitGroups:
		if len(e.groups) != match.GroupCount()-1 {
			m.put(typeError, m.slice(start, start+match.RuneLength))
			return
		}
		for i := range e.groups {
			m.emitText(&e.groups[i], m.group(match, i+1))
		}
	case emitByName:
		if len(e.groups) != match.GroupCount()-1 {
			m.put(typeText, m.slice(start, start+match.RuneLength))
			return
		}
		sub := m.h.find(m.group(match, e.nameGroup))
		for i := range e.groups {
			if i == e.codeGroup-1 && sub != nil {
				m.with(sub, m.group(match, i+1), "root", false, m.depth)
			} else {
				m.emitText(&e.groups[i], m.group(match, i+1))
			}
		}
	default:
		m.emitText(e, m.slice(start, start+match.RuneLength))
	}
}

func (m *machine) group(match *regexp2.Match, n int) string {
	g := match.GroupByNumber(n)
	if g == nil {
		return ""
	}
	return m.slice(g.RuneIndex, g.RuneIndex+g.RuneLength)
}

// emitText makes tokens of a text.
func (m *machine) emitText(e *emitter, text string) {
	if text == "" {
		return
	}
	switch e.kind {
	case emitToken:
		m.put(e.typ, text)
	case emitUsing:
		m.with(m.h.named(e.name), text, "root", true, m.depth)
	case emitSelf:
		m.with(m.lexer, text, e.name, true, m.depth)
	}
}
