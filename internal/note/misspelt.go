package note

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"lectern/internal/spelling"
)

// WordMark is a word that is on one of the lists of misspelt words.
type WordMark struct {
	Place
	Word string
	// Name is true where the word is probably one: it has a capital, and begins
	// neither a sentence nor a line.
	Name bool
}

// markWords notes the listed words in src[from:to], a piece of text, where at
// translates offsets in src. What is in links or code, or is a part of something
// longer that is no prose (an address, a file's name, an option), is not looked
// at.
func (r *render) markWords(src []byte, from, to int, at []piece) {
	if r.n.Marks == nil || r.inLink > 0 || r.verbatim > 0 || r.p.exact {
		return
	}
	eachListed(r.p.speller(), src, from, to, func(start, end int) bool {
		off := pieceOffset(at, start)
		if off+end-start > len(r.data) || !bytes.Equal(r.data[off:off+end-start], src[start:end]) {
			return true
		}
		place, ok := r.place(off)
		if ok {
			r.n.markWord(src, start, end, place)
		}
		return len(r.n.Marks.Words) < maxMarks
	})
}

// markPiece is markWords for a piece of the file that is a text of its own.
func (r *render) markPiece(from, to int) {
	r.markWords(r.data[from:to], 0, to-from, []piece{{0, from}})
}

func (n *Note) markWord(src []byte, start, end int, at Place) {
	n.Marks.Words = append(n.Marks.Words, WordMark{at, string(src[start:end]), nameLike(src, start, end)})
}

// markTitles notes the listed words in what the front matter says in prose:
// the title and the description. A session's title is the conference's.
func (p *Parser) markTitles(n *Note, data []byte, body int) {
	if n.Marks == nil || len(n.Marks.Fields) == 0 {
		return
	}
	lines := lineOffsets(data[:body])
	offset := func(at Place) int {
		if at.Line < 1 || at.Line > len(lines) {
			return body
		}
		return min(lines[at.Line-1]+max(at.Col-1, 0), body)
	}
	for i, f := range n.Marks.Fields {
		if f.Name != "description" && (f.Name != "title" && f.Name != "linktitle" || n.Front.Session != "") {
			continue
		}
		from, to := offset(f.Value), body
		for j, other := range n.Marks.Fields {
			if off := offset(other.Key); j != i && off > from {
				to = min(to, off)
			}
		}
		eachListed(p.speller(), data, from, to, func(start, end int) bool {
			var at Place
			at.Line, at.Col = position(data, start)
			n.markWord(data, start, end, at)
			if w := &n.Marks.Words[len(n.Marks.Words)-1]; end-start >= longName {
				w.Name = false // as in headings
			}
			return len(n.Marks.Words) < maxMarks
		})
	}
}

func lineOffsets(data []byte) []int {
	out := []int{0}
	for i, c := range data {
		if c == '\n' {
			out = append(out, i+1)
		}
	}
	return out
}

// markArgs notes the listed words in those of a shortcode's parameters that
// readers read.
func (c *call) markArgs(r *render) {
	if r.n.Marks == nil || c.def == nil || c.code {
		return
	}
	for _, name := range [...]string{"title", "summary", "caption", "alt", "hint"} {
		a, ok := c.arg(name)
		if !ok || a.off <= 0 || a.off >= len(r.data) {
			continue
		}
		off := a.off
		if r.data[off] == '"' || r.data[off] == '`' { // where it has no name
			off++
		}
		if end := off + len(a.value); end <= len(r.data) && string(r.data[off:end]) == a.value {
			r.markPiece(off, end)
		}
	}
}

// eachListed calls found with where each listed word of src[from:to] is, until
// it returns false.
func eachListed(s spelling.Speller, src []byte, from, to int, found func(start, end int) bool) {
	for i := from; i < to; {
		if c := src[i]; !isLetter(c) && c < utf8.RuneSelf {
			i++
			continue
		}
		start := i
		for i < to {
			if isLetter(src[i]) {
				i++
				continue
			}
			if src[i] < utf8.RuneSelf {
				break
			}
			r, size := utf8.DecodeRune(src[i:to])
			if !unicode.IsLetter(r) {
				break
			}
			i += size
		}
		switch {
		case i == start: // a sign
			_, size := utf8.DecodeRune(src[i:to])
			i += size
		case s.Listed(src[start:i]) && isProse(src, start, i) && !found(start, i):
			return
		}
	}
}

// isProse reports whether the word src[start:end] is one of a sentence's, and no
// part of a name of a thing.
func isProse(src []byte, start, end int) bool {
	if !plainCase(src[start:end]) {
		return false
	}
	before, _ := utf8.DecodeLastRune(src[:start])
	after, _ := utf8.DecodeRune(src[end:])
	if start == 0 {
		before = ' '
	}
	if end == len(src) {
		after = ' '
	}
	second, third := runeBefore(src, start), runeAfter(src, end)
	switch {
	case isWordRune(before) || isWordRune(after):
		return false
	case isMark(before) && marksEndWord(src[:start]), isMark(after) && marksBeginWord(src[end:]):
		return false // some_name, or a part of a word
	case before == '-' && !unicode.IsLetter(second), after == '-' && !unicode.IsLetter(third):
		return false // --option
	case before == '-' && after == '-':
		return false // a-longer-name
	case before == '-' || after == '-':
		return isCompound(src, start, end)
	case (before == '\'' || before == '’') && isWordRune(second):
		return false
	case (after == '\'' || after == '’') && isWordRune(third):
		return third == 's' || third == 'S' // of its own
	case before == '.' && second != '.', after == '.' && isWordRune(third):
		return false // file.name
	case after == ':' && (isWordRune(third) || third == '/' || third == ':'):
		return false // address:port
	}
	return !isCodeSign(before) && before != ':' && before != '<' && before != '+' && !isCodeSign(after) && after != '(' && after != '+'
}

// isMark is true for the marks of emphasis.
func isMark(r rune) bool { return r == '*' || r == '_' || r == '~' }

// marksEndWord reports whether text ends with a word and marks behind it,
// marksBeginWord whether it begins with marks and a word.
func marksEndWord(text []byte) bool {
	r, _ := utf8.DecodeLastRune(bytes.TrimRight(text, "*_~"))
	return isWordRune(r)
}

func marksBeginWord(text []byte) bool {
	r, _ := utf8.DecodeRune(bytes.TrimLeft(text, "*_~"))
	return isWordRune(r)
}

// isCodeSign is true for what stands beside a word of code rather than of a
// sentence.
func isCodeSign(r rune) bool {
	switch r {
	case '/', '\\', '@', '#', '$', '=', '&', '%', '{', '}', '`', '^':
		return true
	}
	return false
}

// plainCase is true for a word in small letters, with a capital at its head,
// or all in capitals and long enough to be no abbreviation.
func plainCase(word []byte) bool {
	capitals, letters := 0, 0
	for i := 0; i < len(word); {
		r, size := utf8.DecodeRune(word[i:])
		if unicode.IsUpper(r) {
			capitals++
		}
		letters++
		i += size
	}
	first, _ := utf8.DecodeRune(word)
	return capitals == 0 || capitals == 1 && unicode.IsUpper(first) || capitals == letters && letters > 5
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// runeBefore is the last but one before an offset, runeAfter the second behind
// one; a blank at the text's ends.
func runeBefore(src []byte, off int) rune {
	_, size := utf8.DecodeLastRune(src[:off])
	if r, n := utf8.DecodeLastRune(src[:off-size]); n > 0 {
		return r
	}
	return ' '
}

func runeAfter(src []byte, off int) rune {
	_, size := utf8.DecodeRune(src[off:])
	if r, n := utf8.DecodeRune(src[off+size:]); n > 0 {
		return r
	}
	return ' '
}

// isCompound reports whether the word stands in two words with a hyphen, all
// letters, as sentences have them.
func isCompound(src []byte, start, end int) bool {
	hyphens := 0
	part := func(c byte) bool {
		if c == '-' {
			hyphens++
		}
		return isLetter(c) || c >= utf8.RuneSelf || c == '-'
	}
	for start > 0 && hyphens < 2 && part(src[start-1]) {
		start--
	}
	for end < len(src) && hyphens < 2 && part(src[end]) {
		end++
	}
	if hyphens != 1 || start > 0 && (src[start-1] == '.' || src[start-1] == '_' || isCodeSign(rune(src[start-1]))) {
		return false
	}
	if end == len(src) {
		return true
	}
	c := src[end]
	if c == '.' || c == ':' {
		return end+1 == len(src) || !isWordRune(rune(src[end+1])) && src[end+1] != '/'
	}
	return c != '_' && c != '(' && (c < '0' || c > '9') && !isCodeSign(rune(c))
}

// longName is how many letters a word has that is no name even if it has a
// capital, in a heading or a title, where people write capitals anyway.
const longName = 6

// nameLike reports whether the word is written like a name: with a capital that
// neither a sentence nor a line asks for.
func nameLike(src []byte, start, end int) bool {
	if r, _ := utf8.DecodeRune(src[start:]); !unicode.IsUpper(r) {
		return false
	}
	if second, _ := utf8.DecodeRune(src[start+1:]); unicode.IsUpper(second) {
		return false // all are capitals
	}
	line := bytes.LastIndexByte(src[:start], '\n') + 1
	head := src[line:start]
	heading := len(bytes.TrimLeft(head, " ")) > 0 && bytes.TrimLeft(head, " ")[0] == '#'
	if heading && end-start >= longName {
		return false
	}
	head = bytes.TrimRight(head, " \t*_\"'([{“„‘«~")
	if len(head) == 0 {
		if line == 0 {
			return false
		}
		above := bytes.TrimRight(src[:line-1], " \t")
		return len(above) > 0 && bytes.IndexByte([]byte(".!?:;>|\n"), above[len(above)-1]) < 0
	}
	last, _ := utf8.DecodeLastRune(head)
	switch last {
	case '.', '!', '?', ':', ';', '>', '|', '…', '→', '–', '—', '-', '+', '#', '=', tokenEnd:
		return false
	case ')', ']': // "1)" and the box of a task
		return len(bytes.TrimLeft(head, " \t0123456789-+*[]xX>)")) > 0
	}
	return true
}
