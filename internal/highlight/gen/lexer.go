package main

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"runtime"
	"sort"
	"strings"
	"unsafe"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// The kinds of lexers, emitters and mutators; ../pack.go has the same.
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

// lexer packs l under name.
func (p *packer) lexer(name string, l chroma.Lexer) error {
	v := reflect.ValueOf(l)
	switch typ := v.Type().String(); typ {
	case "*chroma.RegexLexer":
		return p.regex(name, l.(*chroma.RegexLexer))
	case "*chroma.delegatingLexer":
		return p.delegate(name, hidden(v, "root"), hidden(v, "language"))
	case "*chroma.remappingLexer":
		return p.remap(name, v)
	case "*lexers.markdownLexer":
		inner := v.Elem().FieldByName("Lexer").Interface().(chroma.Lexer)
		if err := p.lexer(name+"/text", inner); err != nil {
			return err
		}
		p.add(name, appendString(appendString([]byte{kindFrontMatter}, name+"/text"), "YAML"))
		return nil
	case "*lexers.httpBodyContentTyper":
		// The body stays plain: its language would hang on the headers.
		return p.lexer(name, v.Elem().FieldByName("Lexer").Interface().(chroma.Lexer))
	default:
		return fmt.Errorf("a lexer of the unknown type %s", typ)
	}
}

// hidden reads a lexer out of an unexported field.
func hidden(v reflect.Value, field string) chroma.Lexer {
	f := v.Elem().FieldByName(field)
	return reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem().Interface().(chroma.Lexer)
}

func (p *packer) delegate(name string, root, language chroma.Lexer) error {
	rootName := root.Config().Name
	if _, known := p.bodies[rootName]; !known {
		if err := p.lexer(rootName, root); err != nil {
			return err
		}
	}
	if err := p.lexer(name+"/language", language); err != nil {
		return err
	}
	p.add(name, appendString(appendString([]byte{kindDelegate}, rootName), name+"/language"))
	return nil
}

// remap packs a lexer whose tokens' types are changed for some words. The table
// is in a closure; it is found by asking about every word in the source.
func (p *packer) remap(name string, v reflect.Value) error {
	inner := hidden(v, "lexer")
	if err := p.lexer(name+"/plain", inner); err != nil {
		return err
	}
	f := v.Elem().FieldByName("mapper")
	mapper := reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem().Interface().(func(chroma.Token) []chroma.Token)
	words, err := sourceWords(mapperFile(name))
	if err != nil {
		return err
	}
	body := appendString([]byte{kindRemap}, name+"/plain")
	var entries []byte
	n := 0
	for _, t := range tokenTypes() {
		for _, w := range words {
			got := mapper(chroma.Token{Type: t, Value: w})
			if len(got) == 1 && got[0].Type != t {
				entries = binary.AppendUvarint(entries, typeCode(t))
				entries = appendString(entries, w)
				entries = binary.AppendUvarint(entries, typeCode(got[0].Type))
				n++
			}
		}
	}
	if n == 0 {
		return fmt.Errorf("no remapped words found")
	}
	body = binary.AppendUvarint(body, uint64(n))
	p.add(name, append(body, entries...))
	return nil
}

func mapperFile(name string) string {
	return map[string]string{"Common Lisp": "cl.go", "EmacsLisp": "emacs.go"}[name]
}

func tokenTypes() []chroma.TokenType {
	var out []chroma.TokenType
	for t := range chroma.StandardTypes {
		out = append(out, t)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

func (p *packer) regex(name string, l *chroma.RegexLexer) error {
	rules, err := l.Rules()
	if err != nil {
		return err
	}
	c := l.Config()
	flags := ""
	if !c.NotMultiline {
		flags += "m"
	}
	if c.CaseInsensitive {
		flags += "i"
	}
	if c.DotAll {
		flags += "s"
	}
	body := appendString([]byte{kindRegex}, flags)
	nl := byte(0)
	if c.EnsureNL {
		nl = 1
	}
	body = append(body, nl)
	states := make([]string, 0, len(rules))
	for s := range rules {
		states = append(states, s)
	}
	sort.Strings(states)
	body = binary.AppendUvarint(body, uint64(len(states)))
	e := encoder{p: p, lexer: name}
	for _, s := range states {
		body = appendString(body, s)
		body = binary.AppendUvarint(body, uint64(len(rules[s])))
		for _, r := range rules[s] {
			body = appendString(body, r.Pattern)
			if !include(r) {
				body = append(body, firstChars(flags, r.Pattern)...)
			}
			if body, err = e.emitter(body, r.Type); err != nil {
				return err
			}
			if body, err = e.mutator(body, r.Mutator); err != nil {
				return err
			}
		}
	}
	p.add(name, body)
	return nil
}

// include is true for a rule that stands for another state's rules.
func include(r chroma.Rule) bool {
	m, ok := r.Mutator.(chroma.SerialisableMutator)
	return ok && m.MutatorKind() == "include"
}

type encoder struct {
	p     *packer
	lexer string
}

func (e *encoder) emitter(dst []byte, em chroma.Emitter) ([]byte, error) {
	if em == nil {
		return append(dst, emitNothing), nil
	}
	if t, ok := em.(chroma.TokenType); ok {
		return binary.AppendUvarint(append(dst, emitToken), typeCode(t)), nil
	}
	if f, ok := em.(chroma.EmitterFunc); ok {
		return e.function(dst, f)
	}
	v := reflect.ValueOf(em).Elem()
	switch kind := em.(chroma.SerialisableEmitter).EmitterKind(); kind {
	case "bygroups":
		return e.emitters(append(dst, emitGroups), v.FieldByName("Emitters").Interface().(chroma.Emitters))
	case "using":
		name := v.FieldByName("Lexer").String()
		l := lexers.Get(name)
		if l == nil {
			return nil, fmt.Errorf("it uses %q, which is no lexer", name)
		}
		return appendString(append(dst, emitUsing), l.Config().Name), nil
	case "usingself":
		return appendString(append(dst, emitSelf), v.FieldByName("State").String()), nil
	case "usingbygroup":
		dst = append(dst, emitByName)
		dst = binary.AppendUvarint(dst, uint64(v.FieldByName("SublexerNameGroup").Int()))
		dst = binary.AppendUvarint(dst, uint64(v.FieldByName("CodeGroup").Int()))
		return e.emitters(dst, v.FieldByName("Emitters").Interface().(chroma.Emitters))
	default:
		return nil, fmt.Errorf("an emitter of the unknown kind %q", kind)
	}
}

func (e *encoder) emitters(dst []byte, ems chroma.Emitters) ([]byte, error) {
	dst = binary.AppendUvarint(dst, uint64(len(ems)))
	var err error
	for _, em := range ems {
		if dst, err = e.emitter(dst, em); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

// function packs what comes nearest to an emitter that is Go code.
func (e *encoder) function(dst []byte, f chroma.EmitterFunc) ([]byte, error) {
	name := runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name()
	switch base := name[strings.LastIndexByte(name, '.')+1:]; {
	case base == "httpHeaderBlock":
		return e.emitters(append(dst, emitGroups), chroma.Emitters{
			chroma.Name, chroma.Text, chroma.Operator, chroma.Text, chroma.Literal, chroma.Text,
		})
	case base == "httpContinuousHeaderBlock":
		return e.emitters(append(dst, emitGroups), chroma.Emitters{chroma.Text, chroma.Literal, chroma.Text})
	case base == "httpContentBlock":
		return e.emitter(dst, chroma.Text)
	case base == "rstCodeBlock":
		// The code in it stays one colour.
		return e.emitters(append(dst, emitGroups), chroma.Emitters{
			chroma.Punctuation, chroma.Text, chroma.OperatorWord, chroma.Punctuation, chroma.Text, chroma.Keyword,
			chroma.Text, chroma.String, chroma.String, chroma.String, chroma.String,
		})
	case e.lexer == "Go":
		// A raw string is a text template, whose text is a string.
		hidden := "Go Text Template/string"
		body := appendString([]byte{kindRemap}, "Go Text Template")
		body = binary.AppendUvarint(body, 1)
		body = binary.AppendUvarint(body, typeCode(chroma.Other))
		body = appendString(body, "")
		body = binary.AppendUvarint(body, typeCode(chroma.LiteralString))
		e.p.add(hidden, body)
		return appendString(append(dst, emitUsing), hidden), nil
	}
	return nil, fmt.Errorf("it calls %s, for which gen has no replacement", name)
}

func (e *encoder) mutator(dst []byte, m chroma.Mutator) ([]byte, error) {
	if m == nil {
		return append(dst, mutateNothing), nil
	}
	sm, ok := m.(chroma.SerialisableMutator)
	if !ok {
		if e.lexer == "Haxe" {
			// It keeps the states of #if's branches apart; one for all has to do.
			return append(dst, mutateNothing), nil
		}
		return nil, fmt.Errorf("a mutator is Go code")
	}
	v := reflect.ValueOf(m).Elem()
	switch kind := sm.MutatorKind(); kind {
	case "push":
		return appendStrings(append(dst, mutatePush), v.FieldByName("States").Interface().([]string)), nil
	case "pop":
		return binary.AppendUvarint(append(dst, mutatePop), uint64(v.FieldByName("Depth").Int())), nil
	case "mutators":
		ms := v.FieldByName("Mutators").Interface().([]chroma.Mutator)
		dst = binary.AppendUvarint(append(dst, mutateAll), uint64(len(ms)))
		var err error
		for _, m := range ms {
			if dst, err = e.mutator(dst, m); err != nil {
				return nil, err
			}
		}
		return dst, nil
	case "combined":
		return appendStrings(append(dst, mutateCombined), v.FieldByName("States").Interface().([]string)), nil
	case "include":
		return appendString(append(dst, mutateInclude), v.FieldByName("State").String()), nil
	default:
		return nil, fmt.Errorf("a mutator of the unknown kind %q", kind)
	}
}

func appendStrings(dst []byte, list []string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(list)))
	for _, s := range list {
		dst = appendString(dst, s)
	}
	return dst
}

// typeCode is a token's type as it is packed: the special ones are negative.
func typeCode(t chroma.TokenType) uint64 { return uint64(uint16(int16(t))) }
