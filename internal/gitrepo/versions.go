package gitrepo

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// marks are longer than any that stand in notes.
const marks = 31

// merge merges the three versions (theirs, base, ours) line by line. It is not
// ok where they differ in the front matter, which can't say two things.
func (m *merging) merge(text [3]string) (merged string, ok bool, err error) {
	dir := filepath.Dir(m.tree)
	var names []string
	for i, t := range text {
		name := filepath.Join(dir, fmt.Sprint("version", i))
		if err := os.WriteFile(name, []byte(t), 0o600); err != nil {
			return "", false, err
		}
		names = append(names, name)
	}
	out, _, err := m.w.once(m.ctx, job{dir: m.tree, args: append([]string{"merge-file", "-p", fmt.Sprint("--marker-size=", marks), "-L", "theirs", "-L", "base", "-L", "ours"}, names...)}, func() {})
	if err != nil && out == "" {
		return "", false, nil // no text
	}
	return out, !inFront(out), nil
}

// inFront is true where a mark stands in the front matter, or before it ends.
func inFront(text string) bool {
	first, rest, _ := strings.Cut(text, "\n")
	fence := strings.TrimRight(first, " \r")
	if isMark(first, '<') {
		return true
	}
	if fence != "---" && fence != "+++" {
		return fence == "{" && strings.Contains(text, strings.Repeat("<", marks))
	}
	for line := range strings.SplitSeq(rest, "\n") {
		if strings.TrimRight(line, " \r") == fence {
			return false
		}
		if isMark(line, '<') {
			return true
		}
	}
	return true
}

func isMark(line string, c byte) bool {
	return strings.HasPrefix(line, strings.Repeat(string(c), marks)) && (len(line) == marks || line[marks] == ' ' || line[marks] == '\r')
}

// joinVersions makes remarks of git's marks, which no page shows, so that both
// versions can be read in the note and on its page. It returns the lines.
func joinVersions(merged, who string) (string, []int) {
	var b strings.Builder
	var lines []int
	n := 1
	for line := range strings.SplitAfterSeq(merged, "\n") {
		end := line[len(strings.TrimRight(line, "\r\n")):]
		switch {
		case isMark(strings.TrimRight(line, "\r\n"), '<'):
			lines = append(lines, n)
			line = "<!-- conflict: this is the version of others -->" + end
		case isMark(strings.TrimRight(line, "\r\n"), '='):
			line = "<!-- conflict: and this is the version of " + who + " -->" + end
		case isMark(strings.TrimRight(line, "\r\n"), '>'):
			line = "<!-- conflict: both agree again from here -->" + end
		}
		b.WriteString(line)
		n += strings.Count(line, "\n")
	}
	return b.String(), lines
}
