package preview

import (
	"strings"
	"unicode"
	"unicode/utf8"

	udiff "github.com/aymanbagabas/go-udiff"
)

// Op says what happened to a piece of text.
type Op int

// The operations.
const (
	Same Op = iota
	Insert
	Delete
	// Gap stands for lines that are the same and left out.
	Gap
)

// Line is a line of a comparison. One that changed in part has both in its
// Words.
type Line struct {
	Op    Op
	Words []Word
}

// Word is a piece of a line.
type Word struct {
	Op   Op
	Text string
}

const (
	// around is how many lines are shown around each change.
	around = 1
	// maxLines bounds the lines of one page.
	maxLines = 400
	// maxWords bounds the words of a line that are compared one by one.
	maxWords = 4000
)

// diffLines compares two texts line by line, and lines that took another's place
// word by word.
func diffLines(from, to string) (lines []Line, more bool) {
	all := compareLines(paragraphs(from), paragraphs(to))
	keep := make([]bool, len(all))
	for i, l := range all {
		if l.Op == Same && !mixed(l) {
			continue
		}
		for j := max(0, i-around); j < min(len(all), i+around+1); j++ {
			keep[j] = true
		}
	}
	for i, l := range all {
		switch {
		case keep[i] && len(lines) >= maxLines:
			return lines, true
		case keep[i]:
			lines = append(lines, l)
		case len(lines) == 0 || lines[len(lines)-1].Op != Gap:
			lines = append(lines, Line{Op: Gap})
		}
	}
	return lines, false
}

func mixed(l Line) bool { return len(l.Words) > 1 }

// paragraphs is text without its empty lines, each line ended.
func paragraphs(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, " \n"); strings.Trim(line, "> ") != "" {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

func compareLines(from, to string) (out []Line) {
	whole := func(op Op, text string) {
		for line := range strings.Lines(text) {
			out = append(out, Line{op, []Word{{op, strings.TrimSuffix(line, "\n")}}})
		}
	}
	at := 0
	for _, e := range udiff.Lines(from, to) {
		whole(Same, from[at:e.Start])
		old, fresh := lineList(from[e.Start:e.End]), lineList(e.New)
		// Lines that stand opposite each other are taken for one that was edited, if
		// they have anything in common.
		for i := range max(len(old), len(fresh)) {
			switch {
			case i >= len(old):
				whole(Insert, fresh[i]+"\n")
			case i >= len(fresh):
				whole(Delete, old[i]+"\n")
			default:
				if words, ok := diffWords(old[i], fresh[i]); ok {
					out = append(out, Line{Same, words})
				} else {
					whole(Delete, old[i]+"\n")
					whole(Insert, fresh[i]+"\n")
				}
			}
		}
		at = e.End
	}
	whole(Same, from[at:])
	return out
}

func lineList(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// diffWords compares two lines word by word; false where they share too little
// for that to be read.
func diffWords(from, to string) ([]Word, bool) {
	a, b := tokens(from), tokens(to)
	if len(a) > maxWords || len(b) > maxWords {
		return nil, false
	}
	// A token to a line: then comparing lines compares tokens.
	left, right := strings.Join(a, "\n")+"\n", strings.Join(b, "\n")+"\n"
	var out []Word
	same := 0
	add := func(op Op, text string) {
		text = strings.ReplaceAll(text, "\n", "")
		if text == "" {
			return
		}
		if op == Same {
			same += len(strings.TrimSpace(text))
		}
		if n := len(out); n > 0 && out[n-1].Op == op {
			out[n-1].Text += text
			return
		}
		out = append(out, Word{op, text})
	}
	at := 0
	for _, e := range udiff.Lines(left, right) {
		add(Same, left[at:e.Start])
		add(Delete, left[e.Start:e.End])
		add(Insert, e.New)
		at = e.End
	}
	add(Same, left[at:])
	return out, same*3 >= min(len(from), len(to))
}

// tokens cuts a line, which has no end, into words, blanks and signs.
func tokens(line string) []string {
	var out []string
	for len(line) > 0 {
		first, n := utf8.DecodeRuneInString(line)
		if isWord(first) {
			for n < len(line) {
				r, size := utf8.DecodeRuneInString(line[n:])
				if !isWord(r) {
					break
				}
				n += size
			}
		}
		out = append(out, line[:n])
		line = line[n:]
	}
	return out
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
