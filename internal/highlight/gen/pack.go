package main

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

// unpackable are lexers whose rules call Go code of their own at every step, so
// that nothing sensible is left without it. Their code is shown without colours.
var unpackable = map[string]bool{"Raku": true}

// packer collects lexers; those that others are made of get names of their own.
type packer struct {
	names  []string
	bodies map[string][]byte
}

func (p *packer) add(name string, body []byte) {
	if _, ok := p.bodies[name]; !ok {
		p.names = append(p.names, name)
	}
	p.bodies[name] = body
}

// pack returns lexers.bin.
func pack() ([]byte, error) {
	p := &packer{bodies: map[string][]byte{}}
	registry := lexers.GlobalLexerRegistry
	all := slices.Clone(registry.Lexers)
	sort.Slice(all, func(i, j int) bool { return all[i].Config().Name < all[j].Config().Name })
	for _, l := range all {
		name := l.Config().Name
		if unpackable[name] {
			continue
		}
		if err := p.lexer(name, l); err != nil {
			return nil, fmt.Errorf("lexer %s: %w", name, err)
		}
	}
	sort.Strings(p.names)
	number := map[string]int{}
	for i, name := range p.names {
		number[name] = i
	}
	var blob bytes.Buffer
	var index []byte
	index = binary.AppendUvarint(index, uint64(len(p.names)))
	for _, name := range p.names {
		start := blob.Len()
		w, err := flate.NewWriter(&blob, flate.BestCompression)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(p.bodies[name]); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		index = appendString(index, name)
		index = binary.AppendUvarint(index, uint64(blob.Len()-start))
		index = binary.AppendUvarint(index, uint64(len(p.bodies[name])))
	}
	keys := lookups(registry, number)
	index = binary.AppendUvarint(index, uint64(len(keys)))
	for _, k := range keys {
		index = appendString(index, k.key)
		index = binary.AppendUvarint(index, uint64(k.lexer))
	}
	out := binary.AppendUvarint(nil, uint64(len(index)))
	out = append(out, index...)
	return append(out, blob.Bytes()...), nil
}

type lookup struct {
	key   string
	lexer int
}

// lookups lists everything that an author may write for a language: names,
// aliases, extensions and file names, as chroma's registry resolves them.
func lookups(registry *chroma.LexerRegistry, number map[string]int) []lookup {
	candidates := map[string]bool{}
	for _, l := range registry.Lexers {
		c := l.Config()
		candidates[c.Name] = true
		candidates[strings.ToLower(c.Name)] = true
		for _, a := range c.Aliases {
			candidates[a] = true
			candidates[strings.ToLower(a)] = true
		}
		for _, glob := range append(slices.Clone(c.Filenames), c.AliasFilenames...) {
			for _, g := range expand(glob) {
				name := strings.TrimPrefix(g, "*.")
				if !strings.ContainsAny(name, "*?[") {
					candidates[name] = true
				}
			}
		}
	}
	var out []lookup
	for key := range candidates {
		l := registry.Get(key)
		if l == nil || path.Base(key) != key && registry.Get(strings.ToLower(key)) == nil {
			continue
		}
		if n, ok := number[l.Config().Name]; ok {
			out = append(out, lookup{key, n})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].key < out[j].key })
	return out
}

// expand spells out the first class of characters of a glob: *.[ch] is *.c and *.h.
func expand(glob string) []string {
	open := strings.IndexByte(glob, '[')
	end := strings.IndexByte(glob, ']')
	if open < 0 || end < open || strings.ContainsAny(glob[open:end], "-^!") {
		return []string{glob}
	}
	var out []string
	for _, c := range glob[open+1 : end] {
		out = append(out, expand(glob[:open]+string(c)+glob[end+1:])...)
	}
	return out
}

func appendString(dst []byte, s string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(s)))
	return append(dst, s...)
}
