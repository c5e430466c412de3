package note

import (
	"bytes"
	"strings"
)

// Ignore is a comment that silences findings: <!-- lectern-ignore RULE, … -->
// for the block that it stands in or, where it stands alone, the one below it;
// <!-- lectern-ignore-file RULE, … --> for all of the file.
type Ignore struct {
	Place
	// Rules are the names as written; none are all of them.
	Rules []string
	// From and To are the first and the last line that it is for.
	From, To int
}

// The words that such a comment begins with.
const (
	ignoreWord     = "lectern-ignore"
	ignoreFileWord = "lectern-ignore-file"
)

// maxIgnores is how many such comments of one note count.
const maxIgnores = 200

// everyLine is the last line of a comment that is for all of the file.
const everyLine = 1 << 30

// ignoreComment keeps a comment, whose text stands in r.data[off:end], if it is
// one that silences findings, and reports whether it is.
func (r *render) ignoreComment(text []byte, off, end int) bool {
	text = bytes.TrimSpace(text)
	if !bytes.HasPrefix(text, []byte(ignoreWord)) {
		return false
	}
	words := strings.FieldsFunc(string(text), func(c rune) bool { return c == ' ' || c == ',' || c == '\t' || c == '\n' })
	if words[0] != ignoreWord && words[0] != ignoreFileWord {
		return false
	}
	line, col := r.position(off)
	if len(r.sources) > 0 {
		file, l, c, _ := r.whence(off)
		if file != r.n.Path {
			return true
		}
		line, col = l, c
	}
	if len(r.n.Ignores) >= maxIgnores {
		return true
	}
	g := Ignore{Place: Place{line, col}, From: 1, To: everyLine}
	for _, w := range words[1:] {
		if strings.HasPrefix(w, "--") { // the reason stands behind it
			break
		}
		g.Rules = append(g.Rules, w)
	}
	if words[0] == ignoreWord {
		before, after := r.blockAround(off, end)
		g.From, g.To = line-before, line+after
	}
	r.n.Ignores = append(r.n.Ignores, g)
	return true
}

// blockAround counts the lines of the block that a comment in r.data[off:end]
// is for, above and below its first line.
func (r *render) blockAround(off, end int) (above, below int) {
	data := r.data
	start := bytes.LastIndexByte(data[:off], '\n') + 1
	stop := lineStop(data, end)
	below = bytes.Count(data[off:stop], []byte{'\n'})
	alone := len(bytes.Trim(data[start:off], " \t>")) == 0 && len(bytes.TrimSpace(data[end:stop])) == 0
	if !alone {
		for start > 0 {
			prev := bytes.LastIndexByte(data[:start-1], '\n') + 1
			if isBlank(data[prev : start-1]) {
				break
			}
			start = prev
			above++
		}
	} else {
		for stop < len(data) { // to the block below
			next := lineStop(data, stop+1)
			if !isBlank(data[stop+1 : next]) {
				break
			}
			stop = next
			below++
		}
	}
	for stop < len(data) {
		next := lineStop(data, stop+1)
		if isBlank(data[stop+1 : next]) {
			break
		}
		stop = next
		below++
	}
	return above, below
}

// lineStop is where the line ends that pos is in.
func lineStop(data []byte, pos int) int {
	if pos >= len(data) {
		return len(data)
	}
	if i := bytes.IndexByte(data[pos:], '\n'); i >= 0 {
		return pos + i
	}
	return len(data)
}

func isBlank(line []byte) bool { return len(bytes.Trim(line, " \t>")) == 0 }
