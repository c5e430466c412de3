package highlight

import (
	"compress/flate"
	"encoding/binary"
	"io"
	"strings"
	"sync/atomic"

	"github.com/dlclark/regexp2/v2"
)

// lexers.bin is: the length of the index; the index; the lexers, each
// compressed by itself (flate). Numbers are unsigned varints, texts have their
// length before them. The index is the number of lexers, for each its name, its
// compressed and its plain length; then the number of keys, for each its text
// and the number of its lexer. gen/pack.go and gen/lexer.go write it.

// index says what lexers there are.
type index struct {
	names   map[string]int // all lexers, those too that are only parts
	keys    map[string]int // what an author may write → lexer
	entries []entry
}

type entry struct {
	data string // compressed
	size int
}

func readIndex() *index {
	r := reader{s: packed}
	head := r.number()
	body := packed[r.pos+head:]
	ix := &index{}
	n := r.number()
	ix.names = make(map[string]int, n)
	ix.entries = make([]entry, n)
	pos := 0
	for i := range n {
		ix.names[r.text()] = i
		size := r.number()
		ix.entries[i] = entry{data: body[pos : pos+size], size: r.number()}
		pos += size
	}
	n = r.number()
	ix.keys = make(map[string]int, n)
	for range n {
		key := r.text()
		ix.keys[key] = r.number()
	}
	return ix
}

// reader reads the pack. It is this program's own file, checked by the tests;
// damage to it shows as a panic there.
type reader struct {
	s   string
	pos int
}

func (r *reader) number() int {
	v, shift := 0, 0
	for {
		b := r.s[r.pos]
		r.pos++
		v |= int(b&0x7f) << shift
		if b < 0x80 {
			return v
		}
		shift += 7
	}
}

func (r *reader) text() string {
	n := r.number()
	r.pos += n
	return r.s[r.pos-n : r.pos]
}

func (r *reader) texts() []string {
	out := make([]string, r.number())
	for i := range out {
		out[i] = r.text()
	}
	return out
}

func (r *reader) byte() byte {
	r.pos++
	return r.s[r.pos-1]
}

// tokenType reads a type; the special ones are negative 16-bit numbers.
func (r *reader) tokenType() tokenType { return tokenType(int16(uint16(r.number()))) }

// The kinds of lexers, emitters and mutators; gen/lexer.go has the same.
const (
	kindRegex = iota
	kindDelegate
	kindRemap
	kindFrontMatter
)

const (
	emitNothing = iota
	emitToken
	emitGroups
	emitUsing
	emitSelf
	emitByName
)

const (
	mutateNothing = iota
	mutatePush
	mutatePop
	mutateAll
	mutateCombined
	mutateInclude
)

// lexer is one language. Of the further fields those of its kind count.
type lexer struct {
	kind byte
	// A regex lexer is a machine of states, each with rules.
	flags    string
	ensureNL bool
	states   map[string][]*rule
	// The others are made of lexers by name: root and language of a delegate, the
	// plain one and the table of a remap, the text's and the front matter's.
	root, language string
	table          map[remapKey]tokenType
}

type remapKey struct {
	from tokenType
	word string
}

// rule is one rule of a state.
type rule struct {
	pattern string
	flags   string
	// first has a bit for each ASCII character that a match can begin with;
	// anywhere is true for a rule that must always be tried.
	first    [2]uint64
	anywhere bool
	emit     emitter
	mutate   mutator
	re       atomic.Pointer[regexp2.Regexp]
	broken   atomic.Bool
}

// emitter makes tokens of a match.
type emitter struct {
	kind      byte
	typ       tokenType
	name      string // of a lexer or a state
	nameGroup int
	codeGroup int
	groups    []emitter
}

// mutator changes the stack of states.
type mutator struct {
	kind   byte
	states []string
	depth  int
	all    []mutator
}

// open unpacks lexer n.
func (ix *index) open(n int) *lexer {
	e := ix.entries[n]
	var b strings.Builder
	b.Grow(e.size)
	if _, err := io.Copy(&b, flate.NewReader(strings.NewReader(e.data))); err != nil {
		return &lexer{kind: kindRegex} // no states: no colours
	}
	r := reader{s: b.String()}
	l := &lexer{kind: r.byte()}
	switch l.kind {
	case kindDelegate:
		l.root, l.language = r.text(), r.text()
	case kindFrontMatter:
		l.root, l.language = r.text(), r.text()
	case kindRemap:
		l.root = r.text()
		l.table = map[remapKey]tokenType{}
		for range r.number() {
			from := r.tokenType()
			word := r.text()
			l.table[remapKey{from, word}] = r.tokenType()
		}
	default:
		l.readRules(&r)
	}
	return l
}

func (l *lexer) readRules(r *reader) {
	l.flags = r.text()
	l.ensureNL = r.byte() == 1
	n := r.number()
	l.states = make(map[string][]*rule, n)
	for range n {
		state := r.text()
		rules := make([]*rule, r.number())
		for i := range rules {
			rules[i] = r.rule(l.flags)
		}
		l.states[state] = rules
	}
	l.resolve()
}

func (r *reader) rule(flags string) *rule {
	ru := &rule{pattern: r.text(), flags: flags}
	// An include has no set of first characters: its mutator tells.
	save := r.pos
	if r.byte() == emitNothing && r.byte() == mutateInclude {
		r.pos = save + 1
		ru.mutate = r.mutator()
		return ru
	}
	r.pos = save
	set := r.s[r.pos : r.pos+16]
	r.pos += 16
	ru.first[0] = binary.LittleEndian.Uint64([]byte(set[:8]))
	ru.first[1] = binary.LittleEndian.Uint64([]byte(set[8:]))
	ru.anywhere = ru.first[1]>>63 == 1
	ru.emit = r.emitter()
	ru.mutate = r.mutator()
	return ru
}

func (r *reader) emitter() emitter {
	e := emitter{kind: r.byte()}
	switch e.kind {
	case emitToken:
		e.typ = r.tokenType()
	case emitGroups:
		e.groups = r.emitters()
	case emitUsing, emitSelf:
		e.name = r.text()
	case emitByName:
		e.nameGroup, e.codeGroup = r.number(), r.number()
		e.groups = r.emitters()
	}
	return e
}

func (r *reader) emitters() []emitter {
	out := make([]emitter, r.number())
	for i := range out {
		out[i] = r.emitter()
	}
	return out
}

func (r *reader) mutator() mutator {
	m := mutator{kind: r.byte()}
	switch m.kind {
	case mutatePush, mutateCombined:
		m.states = r.texts()
	case mutatePop:
		m.depth = r.number()
	case mutateAll:
		m.all = make([]mutator, r.number())
		for i := range m.all {
			m.all[i] = r.mutator()
		}
	case mutateInclude:
		m.states = []string{r.text()}
	}
	return m
}

// resolve puts the rules of included states in their place and makes the
// combined states.
func (l *lexer) resolve() {
	done := map[string][]*rule{}
	var flat func(state string, depth int) []*rule
	flat = func(state string, depth int) []*rule {
		if rules, ok := done[state]; ok {
			return rules
		}
		var out []*rule
		for _, ru := range l.states[state] {
			if ru.mutate.kind == mutateInclude {
				if depth < 50 {
					out = append(out, flat(ru.mutate.states[0], depth+1)...)
				}
				continue
			}
			out = append(out, ru)
		}
		done[state] = out
		return out
	}
	combined := map[string][]string{}
	for state := range l.states {
		for _, ru := range flat(state, 0) {
			ru.mutate.combine(combined)
		}
	}
	for name, states := range combined {
		var rules []*rule
		for _, s := range states {
			rules = append(rules, flat(s, 0)...)
		}
		done[name] = rules
	}
	l.states = done
}

// combine turns a combination of states into a push of one state.
func (m *mutator) combine(combined map[string][]string) {
	if m.kind == mutateCombined {
		name := "\x00" + strings.Join(m.states, "\x00")
		combined[name] = m.states
		*m = mutator{kind: mutatePush, states: []string{name}}
	}
	for i := range m.all {
		m.all[i].combine(combined)
	}
}
