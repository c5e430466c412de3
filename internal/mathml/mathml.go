// Package mathml turns formulas as TeX writes them into MathML, which browsers
// show without a script.
//
// The work is done by Temml, a JavaScript library that is embedded and run in
// goja, a JavaScript engine in Go. Both are started when the first formula is
// asked for: a site without formulas pays nothing. What the library writes is
// not trusted: only the elements and attributes of MathML Core pass, and what
// it would style becomes classes, so that a strict Content-Security-Policy
// holds.
//
// The same formula gives the same bytes. What a formula may cost is bounded by
// its length, its depth and what its macros may grow to; a clock stops what
// slips through.
package mathml

//go:generate go run lectern/web/gen math

import (
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/dop251/goja"
)

// What a formula may cost.
const (
	// MaxLength is how many bytes a formula may have.
	MaxLength = 4096
	// maxMacroLength is how many it may have if it defines macros of its own: each
	// use of one may be as long as the formula.
	maxMacroLength = 512
	// maxExpand is how many macros are expanded, the library's own included;
	// maxOwnExpand where a formula defines some.
	maxExpand, maxOwnExpand = 1000, 200
	// maxChemistry is how many it may have if it has \ce or \pu, which become
	// many times their length.
	maxChemistry = 1024
	// maxDepth is how deeply groups, and the elements made of them, may be nested.
	maxDepth = 100
	// maxOutput is how many bytes of MathML one formula may become.
	maxOutput = 256 << 10
	// maxStack is how deeply the library's functions may call each other.
	maxStack = 4000
	// maxTime is how long a formula may take, whatever the reason. It is far more
	// than the limits above leave room for, so that it never decides about a
	// formula that anyone wrote to be read.
	maxTime = 20 * time.Second
	// maxKept is how many formulas are kept, for the next version of their note.
	maxKept = 2000
)

// library is Temml as npm's package temml has it.
//
//go:embed temml.min.js
var library string

// chemistry adds \ce and \pu to it. It is run when the first formula uses them.
//
//go:embed mhchem.min.js
var chemistry string

// entry calls the library: [MathML, message, position]. The message is empty
// where all is well; the position is -1 where none is known.
const entry = `(function (tex, display, expand) {
	try {
		return [temml.renderToString(tex, {
			displayMode: display, throwOnError: true, annotate: true,
			strict: false, trust: false, maxExpand: expand, wrap: "none"
		}), "", -1];
	} catch (e) {
		if (!(e instanceof Error)) throw e;
		return ["", String(e.message), typeof e.position === "number" ? e.position : -1];
	}
})`

// Error says what is wrong with a formula.
type Error struct {
	// Message is a phrase without a full stop.
	Message string
	// Offset is where in the formula, in bytes.
	Offset int
}

func (e *Error) Error() string { return e.Message }

// Converter converts formulas. It may be used by many goroutines.
type Converter struct {
	program func() (*goja.Program, error)
	extra   func() (*goja.Program, error) // chemistry
	engines sync.Pool                     // of *engine

	mu   sync.Mutex
	kept map[key]string
}

type key struct {
	tex     string
	display bool
}

// New returns a Converter; nothing is started yet.
func New() *Converter {
	compiled := func(name, source string) func() (*goja.Program, error) {
		return sync.OnceValues(func() (*goja.Program, error) { return goja.Compile(name, source, false) })
	}
	return &Converter{kept: map[key]string{}, program: compiled("temml", library), extra: compiled("mhchem", chemistry)}
}

// Convert returns tex as a math element; a display formula has a line of its
// own. The error is an [*Error] where it is the formula's fault.
func (c *Converter) Convert(tex string, display bool) (string, error) {
	if err := check(tex); err != nil {
		return "", err
	}
	k := key{tex, display}
	c.mu.Lock()
	html, ok := c.kept[k]
	c.mu.Unlock()
	if ok {
		return html, nil
	}
	raw, err := c.run(tex, display)
	if err != nil {
		return "", err
	}
	if html, err = clean(raw); err != nil {
		return "", err
	}
	c.mu.Lock()
	if len(c.kept) >= maxKept {
		clear(c.kept)
	}
	c.kept[key{strings.Clone(tex), display}] = html
	c.mu.Unlock()
	return html, nil
}

// check refuses what would cost too much.
func check(tex string) error {
	limit := MaxLength
	switch {
	case definesMacros(tex):
		limit = maxMacroLength
	case hasChemistry(tex):
		limit = maxChemistry
	}
	if len(tex) > limit {
		return &Error{Message: fmt.Sprintf("the formula has %d bytes; at most %d are read", len(tex), limit)}
	}
	if !utf8.ValidString(tex) {
		return &Error{Message: "the formula is not valid UTF-8"}
	}
	depth := 0
	for i := 0; i < len(tex); i++ {
		switch c := tex[i]; {
		case c < ' ' && c != '\n' && c != '\t' && c != '\r':
			return &Error{Message: "the formula has a control character", Offset: i}
		case c == '\\':
			i++
		case c == '{':
			if depth++; depth > maxDepth {
				return &Error{Message: "the formula is nested too deeply", Offset: i}
			}
		case c == '}':
			depth--
		}
	}
	return nil
}

func definesMacros(tex string) bool {
	for _, word := range []string{`\def`, `\gdef`, `\edef`, `\xdef`, `\newcommand`, `\renewcommand`, `\providecommand`, `\let`, `\futurelet`} {
		if strings.Contains(tex, word) {
			return true
		}
	}
	return false
}

// hasChemistry is true for what uses a macro of the chemistry library: all of
// them, so that a formula means the same whatever came before it.
func hasChemistry(tex string) bool {
	for rest := tex; ; {
		i := strings.IndexByte(rest, '\\')
		if i < 0 {
			return false
		}
		rest = rest[i+1:]
		name := rest[:len(rest)-len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))]
		if name == "ce" || name == "pu" || strings.Contains(name, "Dash") {
			return true
		}
	}
}

// engine is one running library. It belongs to one goroutine at a time.
type engine struct {
	vm      *goja.Runtime
	call    goja.Callable
	chemist bool // chemistry was run
}

// learn runs the chemistry library, once.
func (e *engine) learn(program func() (*goja.Program, error)) error {
	if e.chemist {
		return nil
	}
	p, err := program()
	if err == nil {
		_, err = e.vm.RunProgram(p)
	}
	if err != nil {
		return fmt.Errorf("start the chemistry library: %w", err)
	}
	e.chemist = true
	return nil
}

func (c *Converter) start() (*engine, error) {
	if e, ok := c.engines.Get().(*engine); ok {
		return e, nil
	}
	program, err := c.program()
	if err != nil {
		return nil, fmt.Errorf("start the formula library: %w", err)
	}
	vm := goja.New()
	vm.SetMaxCallStackSize(maxStack)
	if _, err := vm.RunProgram(program); err != nil {
		return nil, fmt.Errorf("start the formula library: %w", err)
	}
	v, err := vm.RunString(entry)
	if err != nil {
		return nil, fmt.Errorf("start the formula library: %w", err)
	}
	call, ok := goja.AssertFunction(v)
	if !ok {
		return nil, errors.New("start the formula library: its entry is no function")
	}
	return &engine{vm: vm, call: call}, nil
}

// run calls the library. The engine is a big program that hostile text gets
// into: a panic in it is the formula's error, and the engine is thrown away.
func (c *Converter) run(tex string, display bool) (html string, err error) {
	e, err := c.start()
	if err != nil {
		return "", err
	}
	if hasChemistry(tex) {
		if err := e.learn(c.extra); err != nil {
			return "", err
		}
	}
	defer func() {
		if cause := recover(); cause != nil {
			html, err = "", &Error{Message: fmt.Sprintf("the formula can't be read: %v", cause)}
		}
	}()
	expand := maxExpand
	if definesMacros(tex) {
		expand = maxOwnExpand
	}
	clock := time.AfterFunc(maxTime, func() { e.vm.Interrupt("too slow") })
	v, err := e.call(goja.Undefined(), e.vm.ToValue(tex), e.vm.ToValue(display), e.vm.ToValue(expand))
	stopped := clock.Stop()
	if err != nil {
		return "", &Error{Message: "the formula is too large or nested too deeply"}
	}
	var result []any
	if err := e.vm.ExportTo(v, &result); err != nil || len(result) != 3 {
		return "", fmt.Errorf("read what the formula library gave: %v (%w)", v, err)
	}
	if stopped {
		c.engines.Put(e)
	}
	html, _ = result[0].(string)
	if message, _ := result[1].(string); message != "" {
		at, _ := result[2].(int64)
		return "", &Error{Message: plainMessage(message), Offset: byteOffset(tex, int(at))}
	}
	return html, nil
}

// plainMessage takes from the library's message what says what is wrong; the
// rest repeats the formula.
func plainMessage(s string) string {
	s = strings.TrimSpace(strings.TrimPrefix(s, "ParseError:"))
	for _, end := range []string{" at position", " at end of input"} {
		if i := strings.Index(s, end); i > 0 {
			s = s[:i]
		}
	}
	s = strings.TrimRight(s, ".: \n")
	if s == "" {
		return "the formula can't be read"
	}
	if c := s[0]; c >= 'A' && c <= 'Z' {
		s = string(c|0x20) + s[1:]
	}
	return s
}

// byteOffset turns a position in UTF-16 units into one in bytes.
func byteOffset(tex string, units int) int {
	if units < 0 {
		return 0
	}
	for i, r := range tex {
		if units <= 0 {
			return i
		}
		if units--; r > 0xffff {
			units--
		}
	}
	return len(tex)
}
