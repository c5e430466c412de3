package check

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"lectern/internal/diag"
	"lectern/internal/note"
)

// use is a term as a note has it.
type use struct {
	subject *subject
	term    string
}

// terms looks at the terms of each taxonomy: those that stand for one yet to be
// thought of, and those that are probably meant to be the same.
func (c *checker) terms() {
	for _, t := range c.s.Config.Taxonomies {
		if t.Plural == "speakers" || t.Plural == "authors" {
			continue // people may have similar names
		}
		spellings := map[string][]use{}
		for _, s := range c.inOrder() {
			for _, term := range s.note.Front.Taxonomies[t.Plural] {
				if placeholderTerm(term, t.Singular, t.Plural) {
					c.report(s, "tag-placeholder", c.termPlace(s, t.Plural, term), fmt.Sprintf("%q is a placeholder, no %s", term, t.Singular), "write one, or take it out")
					continue
				}
				spellings[term] = append(spellings[term], use{s, term})
			}
		}
		c.nearlySame(t.Singular, t.Plural, spellings)
	}
}

func placeholderTerm(term, singular, plural string) bool {
	t := strings.ToLower(strings.TrimSpace(term))
	if len(t) > 2 && (t[0] == '<' && t[len(t)-1] == '>' || t[0] == '[' && t[len(t)-1] == ']') {
		return true
	}
	switch strings.Trim(t, "<>[]{}") {
	case singular, plural, singular + "1", singular + "-1", "your-" + singular, "my-" + singular, "example-" + singular, "todo", "tbd", "tba", "fixme", "xxx", "…", "...":
		return true
	}
	return false
}

// nearlySame reports each use of a spelling that is probably meant to be
// another, more frequent one.
func (c *checker) nearlySame(singular, plural string, spellings map[string][]use) {
	names := make([]string, 0, len(spellings))
	for name := range spellings {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { // the most frequent first
		return cmp.Or(cmp.Compare(len(spellings[b]), len(spellings[a])), cmp.Compare(a, b))
	})
	known := map[string]string{}
	for _, name := range names {
		key := foldTerm(name)
		common, ok := known[key]
		if !ok {
			known[key] = name
			continue
		}
		for _, u := range spellings[name] {
			at := c.termPlace(u.subject, plural, name)
			d := c.report(u.subject, "tag-nearly-same", at, fmt.Sprintf("the %s %q is nearly the same as %q, which %s", singular, name, common, notesHave(len(spellings[common]))),
				fmt.Sprintf("write %q, if that is what is meant", common))
			if edits, ok := c.replace(u.subject, name, common, at); ok && safeInFront(common) {
				d.Fix = &diag.Fix{Title: fmt.Sprintf("write %q", common), Edits: edits}
			}
		}
	}
}

func notesHave(n int) string {
	if n == 1 {
		return "another note has"
	}
	return fmt.Sprintf("%d notes have", n)
}

// safeInFront reports whether a term can stand in front matter of any format in
// the place of another one without quotes.
func safeInFront(term string) bool {
	for _, r := range term {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' && r != '.' {
			return false
		}
	}
	return term != "" && unicode.IsLetter([]rune(term)[0]) && !slices.Contains([]string{"true", "false", "yes", "no", "on", "off", "null", "y", "n"}, strings.ToLower(term))
}

// foldTerm is what spellings of one term have in common: its letters and
// digits, without the plural's s.
func foldTerm(term string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(term) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '+' || r == '#' {
			b.WriteRune(r)
		}
	}
	s := b.String()
	if len(s) > 4 && strings.HasSuffix(s, "s") && !strings.HasSuffix(s, "ss") && !strings.HasSuffix(s, "us") && !strings.HasSuffix(s, "is") &&
		!strings.HasSuffix(s, "ps") && !strings.HasSuffix(s, "os") && !strings.HasSuffix(s, "es") {
		s = s[:len(s)-1]
	}
	return s
}

// termPlace is where a term stands in the note's front matter, as a word of its
// own at or behind its taxonomy's field.
func (c *checker) termPlace(s *subject, plural, term string) note.Place {
	f, ok := s.note.Marks.Field(strings.ToLower(plural))
	if !ok {
		return start()
	}
	file := c.open(s)
	from := file.offset(f.Key)
	if from < 0 {
		return f.Value
	}
	end := file.offset(s.note.Marks.Text)
	if end < 0 {
		end = len(file.data)
	}
	for _, other := range s.note.Marks.Fields {
		if off := file.offset(other.Key); off > from && off < end {
			end = off
		}
	}
	from += len(plural)
	for pos := from; pos < end; {
		i := bytes.Index(file.data[pos:end], []byte(term))
		if i < 0 {
			break
		}
		pos += i
		before, _ := utf8.DecodeLastRune(file.data[from:pos])
		after, _ := utf8.DecodeRune(file.data[pos+len(term) : end])
		if !wordRune(before) && !wordRune(after) {
			return file.place(pos)
		}
		pos += len(term)
	}
	return f.Value
}

func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_')
}
