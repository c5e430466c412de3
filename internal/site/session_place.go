package site

import (
	"path"
	"slices"
	"strings"

	"lectern/internal/note"
)

// lift puts a session's page among the notes of the day whose folders, one for each
// person, its notes lie in: it is everybody's. Its address stays. A session in
// folders that are no person's (a track's) stays where its first note is.
func (b *builder) lift(lead *Page, parts []note.Part) {
	day := commonSection(lead)
	from := lead.Parent
	if day == from || day.hiddenAbove() {
		return
	}
	for i, p := range append([]*Page{lead}, lead.Parts...) {
		below := p.Parent
		for below != day && below.Parent != day {
			below = below.Parent
		}
		if below != day && !b.isPersons(below, parts[i].Note.Front.Authors) {
			return
		}
	}
	from.Notes = slices.DeleteFunc(from.Notes, func(q *Page) bool { return q == lead })
	lead.Parent = day
	day.Notes = append(day.Notes, lead)
	b.leave(from)
}

// commonSection is the innermost section that all notes of a session lie in.
func commonSection(lead *Page) *Page {
	holds := func(sec, p *Page) bool {
		for ; p != nil && p != sec; p = p.Parent {
		}
		return p == sec
	}
	sec := lead.Parent
	for _, p := range lead.Parts {
		for !holds(sec, p.Parent) {
			sec = sec.Parent
		}
	}
	return sec
}

// isPersons reports whether the section is the folder of the authors of a note in it: it
// bears the name, or a part of the name, of one. Where the note names nobody, a
// folder within a day is taken for somebody's, but not a day itself.
func (b *builder) isPersons(sec *Page, authors []string) bool {
	if len(authors) == 0 {
		return sec.Parent.Kind != Home
	}
	umlauts := strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue")
	folder := personKey(path.Base(path.Dir(sec.OutPath)) + " " + sec.Title)
	words := strings.Split(folder, "-")
	for _, name := range authors {
		for _, spelt := range []string{name, umlauts.Replace(strings.ToLower(name))} {
			for w := range strings.SplitSeq(personKey(spelt), "-") {
				if slices.Contains(words, w) || len(w) >= tellingLetters && strings.Contains(folder, w) {
					return true
				}
			}
		}
	}
	return false
}

// tellingLetters is how long a name must be to be known within a word, as in an
// account's name (aboateng).
const tellingLetters = 4
