package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/note"
	"lectern/internal/spelling"
)

// speller is what the rule about spelling knows of a site.
type speller struct {
	spelling.Speller
	// lists are those that count in the site's language; none for most.
	lists []spelling.List
	// right are the project's own words and the names that its notes have, in
	// lower case.
	right map[string]bool
	// nouns is true where every noun has a capital, so that names can't be told.
	nouns bool
}

// speller returns what the rule needs, made when it is first asked for.
func (c *checker) speller() *speller {
	if c.spell == nil {
		lists, nouns := listsOf(c.s.Config)
		c.spell = &speller{lists: lists, nouns: nouns}
		if len(lists) > 0 {
			c.spell.Speller, c.spell.right = spelling.Open(), c.names()
		}
	}
	return c.spell
}

// listsOf are the lists for the language of a site.
func listsOf(cfg *config.Config) (lists []spelling.List, nouns bool) {
	tag := strings.ToLower(strings.ReplaceAll(cfg.Language, "_", "-"))
	language, region, _ := strings.Cut(tag, "-")
	switch language {
	case "de":
		return []spelling.List{spelling.German}, true
	case "en", "":
	default:
		return nil, false
	}
	lists = []spelling.List{spelling.English}
	switch use := cfg.Check.Spelling; {
	case use == "american" || use == "" && region == "us":
		lists = append(lists, spelling.American)
	case use == "british" || use == "" && region == "gb":
		lists = append(lists, spelling.British)
	}
	return lists, false
}

// names are the words that are right because the project says so, or because
// somebody or something is called so.
func (c *checker) names() map[string]bool {
	right := map[string]bool{}
	add := func(text string) {
		for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
			right[strings.ToLower(w)] = true
		}
	}
	for _, w := range c.s.Config.Check.Words {
		add(w)
	}
	for i := range c.subjects {
		f := &c.subjects[i].note.Front
		for _, names := range [][]string{f.Speakers, f.Authors, {f.Room, f.Track}} {
			for _, name := range names {
				add(name)
			}
		}
		for _, p := range f.People {
			add(p.Name)
		}
		for _, terms := range f.Taxonomies {
			for _, term := range terms {
				add(term)
			}
		}
		if f.Session != "" {
			add(f.Title) // the conference's
		}
	}
	return right
}

// spelling reports words that are known to be misspelt.
func (c *checker) spelling(s *subject) {
	marks := s.note.Marks.Words
	if len(marks) == 0 {
		return
	}
	know := c.speller()
	if len(know.lists) == 0 {
		return
	}
	marks = slices.Clone(marks)
	slices.SortFunc(marks, func(a, b note.WordMark) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	last := note.Place{}
	for _, m := range marks {
		if m.Place == last {
			continue // a text that stands in two places of the page
		}
		last = m.Place
		if m.Name && !know.nouns || know.right[strings.ToLower(m.Word)] {
			continue
		}
		c.misspelt(s, m, know)
	}
}

func (c *checker) misspelt(s *subject, m note.WordMark, know *speller) {
	for _, list := range know.lists {
		right := know.Corrections(list, m.Word)
		if len(right) == 0 {
			continue
		}
		msg, hint := fmt.Sprintf("%q is probably misspelt", m.Word), ""
		switch list {
		case spelling.American:
			msg = fmt.Sprintf("%q is British spelling", m.Word)
		case spelling.British:
			msg = fmt.Sprintf("%q is American spelling", m.Word)
		}
		if hint = fmt.Sprintf("write %q", right[0]); len(right) > 1 {
			hint = `did you mean "` + strings.Join(right, `" or "`) + `"?`
		}
		d := c.report(s, "spelling", m.Place, msg, hint)
		if edits, ok := c.replace(s, m.Word, right[0], m.Place); ok {
			d.Fix = &diag.Fix{Title: fmt.Sprintf("write %q", right[0]), Sure: len(right) == 1, Edits: edits}
		}
		return
	}
}
