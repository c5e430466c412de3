package note

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"lectern/internal/diag"
)

// What many other pages show of a note is bounded: else a few large notes would
// make a site that grows with their square. Nobody misses what is beyond.
const (
	// maxShort is how many bytes of a title or a name count, maxAbout of a description.
	maxShort = 500
	maxAbout = 5000
	// maxPeople is how many speakers, or authors, a note may name.
	maxPeople = 100
)

// shortField reads a text of which most bytes count.
func shortField(most int, slot func(*FrontMatter) *string) setter {
	set := textField(slot)
	return func(d *decoder, f *field) {
		set(d, f)
		s := slot(d.f)
		*s = d.short(f, *s, most)
	}
}

// short cuts s, a value of f, to the bytes that count.
func (d *decoder) short(f *field, s string, most int) string {
	if len(s) <= most {
		return s
	}
	d.n.report(diag.Warning, ruleFrontLong, f.at.line, f.at.col,
		fmt.Sprintf("front matter field %q has a text of %d bytes; the first %d count", f.name, len(s), most), "write it into the note")
	return clip(s, most)
}

// shorts cuts a list of names.
func (d *decoder) shorts(f *field, names []string) []string {
	for i, s := range names {
		if len(s) > maxShort {
			names = slices.Clone(names)
			names[i] = d.short(f, s, maxShort)
		}
	}
	return names
}

// clip cuts s to most bytes, at a letter's end.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	most -= len("…")
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "…"
}

// few cuts a list of people to those that count.
func (d *decoder) few(f *field, people []Person) []Person {
	if len(people) <= maxPeople {
		return people
	}
	d.n.report(diag.Warning, ruleFrontLong, f.at.line, f.at.col,
		fmt.Sprintf("front matter field %q names %d people; the first %d count", f.name, len(people), maxPeople), "name those whom the note is about")
	return people[:maxPeople]
}
