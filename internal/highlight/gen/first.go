package main

import (
	"unicode"

	"github.com/dlclark/regexp2/v2/syntax"
)

// first is what a match can begin with.
type first struct {
	ascii    [128]bool
	other    bool // a character beyond ASCII
	nullable bool // nothing at all
}

// firstChars returns, as 16 bytes, the set of ASCII characters that a match of
// the pattern can begin with; byte 15's highest bit (for DEL, which no code
// has) is set where the pattern must be tried at any place. Beyond ASCII it must.
func firstChars(flags, pattern string) []byte {
	set := make([]byte, 16)
	expr := pattern
	if flags != "" {
		expr = "(?" + flags + ")(?:" + pattern + ")"
	}
	tree, err := syntax.Parse(expr, syntax.ParseOptions{})
	if err != nil {
		set[15] = 0x80
		return set
	}
	f := firstOf(tree.Root)
	for c := range 127 {
		if f.ascii[c] || f.nullable {
			set[c/8] |= 1 << (c % 8)
		}
	}
	if f.nullable {
		set[15] |= 0x80
	}
	return set
}

func any() first {
	f := first{other: true, nullable: true}
	for i := range f.ascii {
		f.ascii[i] = true
	}
	return f
}

func (f *first) char(c rune, fold bool) {
	if c >= 128 {
		f.other = true
		return
	}
	f.ascii[c] = true
	if fold {
		for r := unicode.SimpleFold(c); r != c; r = unicode.SimpleFold(r) {
			if r < 128 {
				f.ascii[r] = true
			}
		}
	}
}

func (f *first) merge(g first) {
	for i := range f.ascii {
		f.ascii[i] = f.ascii[i] || g.ascii[i]
	}
	f.other = f.other || g.other
}

func firstOf(n *syntax.RegexNode) first {
	var f first
	fold := n.Options&syntax.IgnoreCase != 0
	switch n.T {
	case syntax.NtOne:
		f.char(n.Ch, fold)
	case syntax.NtOneloop, syntax.NtOnelazy, syntax.NtOneloopatomic:
		f.char(n.Ch, fold)
		f.nullable = n.M == 0
	case syntax.NtMulti:
		f.char(n.Str[0], fold)
	case syntax.NtNotone, syntax.NtNotoneloop, syntax.NtNotonelazy, syntax.NtNotoneloopatomic:
		f.other = true
		for c := range f.ascii {
			f.ascii[c] = rune(c) != n.Ch
		}
		f.nullable = n.T != syntax.NtNotone && n.M == 0
	case syntax.NtSet, syntax.NtSetloop, syntax.NtSetlazy, syntax.NtSetloopatomic:
		f.other = true
		for c := range rune(128) {
			if n.Set.CharIn(c) {
				f.char(c, fold)
			}
		}
		f.nullable = n.T != syntax.NtSet && n.M == 0
	case syntax.NtAlternate:
		for _, c := range n.Children {
			g := firstOf(c)
			f.merge(g)
			f.nullable = f.nullable || g.nullable
		}
	case syntax.NtConcatenate:
		f.nullable = true
		for _, c := range n.Children {
			g := firstOf(c)
			f.merge(g)
			if !g.nullable {
				f.nullable = false
				break
			}
		}
	case syntax.NtLoop, syntax.NtLazyloop:
		f = firstOf(n.Children[0])
		f.nullable = f.nullable || n.M == 0
	case syntax.NtCapture, syntax.NtGroup, syntax.NtAtomic:
		f = firstOf(n.Children[0])
	case syntax.NtBol, syntax.NtEol, syntax.NtBoundary, syntax.NtNonboundary, syntax.NtBeginning, syntax.NtStart,
		syntax.NtEndZ, syntax.NtEnd, syntax.NtPosLook, syntax.NtNegLook, syntax.NtEmpty, syntax.NtECMABoundary,
		syntax.NtNonECMABoundary, syntax.NtUpdateBumpalong:
		f.nullable = true
	case syntax.NtNothing:
	default:
		return any()
	}
	return f
}
