package schedule

import (
	"strings"
)

// attendee takes someone whom a calendar names as taking part: the speaker.
func (c *icalReader) attendee(s *Session, p property) {
	name := plain(unescapeText(p.param("CN")))
	if name == "" || strings.Contains(name, "@") || strings.EqualFold(p.param("CUTYPE"), "ROOM") || strings.EqualFold(p.param("CUTYPE"), "RESOURCE") {
		return
	}
	for _, known := range s.Speakers {
		if known.Name == name {
			return
		}
	}
	s.Speakers = append(s.Speakers, Person{Name: name})
}

// speakerLine takes the speakers from a description's first line, as Zookeepr
// and Indico write them ("Speaker: A, B (Company)"), and returns the rest. A
// line that names no more than the calendar does elsewhere goes, too.
func (c *icalReader) speakerLine(s *Session, description string) string {
	first, rest, _ := strings.Cut(description, "\n")
	label, names, found := strings.Cut(first, ":")
	if !found {
		return description
	}
	switch strings.ToLower(strings.TrimSpace(label)) {
	case "speaker", "speakers", "presenter", "presenters", "speaker(s)", "von", "by", "par":
	default:
		return description
	}
	people := listed(names)
	switch {
	case len(people) == 0 || len(names) > 1000:
		return description
	case len(s.Speakers) == 0:
		s.Speakers = people
	default:
		for _, p := range people {
			if !hasPerson(s.Speakers, p.Name) {
				return description
			}
		}
	}
	return strings.TrimLeft(rest, "\n ")
}

func hasPerson(people []Person, name string) bool {
	for _, p := range people {
		if p.Name == name {
			return true
		}
	}
	return false
}

// listed reads "A, B (Company) and C". Commas within parentheses are part of
// the company.
func listed(names string) []Person {
	var people []Person
	depth, start := 0, 0
	take := func(s string) {
		name, company := plain(s), ""
		if i := strings.IndexByte(name, '('); i > 0 && strings.HasSuffix(name, ")") {
			name, company = strings.TrimSpace(name[:i]), name[i+1:len(name)-1]
		}
		if name != "" {
			people = append(people, Person{Name: name, Company: company})
		}
	}
	for i := 0; i < len(names); i++ {
		switch names[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ',', ';':
			if depth == 0 {
				take(names[start:i])
				start = i + 1
			}
		}
	}
	for _, last := range strings.Split(names[start:], " and ") {
		take(last)
	}
	return people
}

// pretalxTail takes the speakers from the end of a title as pretalx writes it:
// "Title - A, B". It does not say more, so only what looks like names is taken.
func (c *icalReader) pretalxTail(s *Session) {
	if title, ok := strings.CutSuffix(s.Title, " -"); ok { // nobody
		s.Title = title
		return
	}
	i := strings.LastIndex(s.Title, " - ")
	if i <= 0 || len(s.Speakers) > 0 {
		return
	}
	var people []Person
	for _, name := range strings.Split(s.Title[i+3:], ", ") {
		if !nameShape(name) {
			return
		}
		people = append(people, Person{Name: name})
	}
	s.Title, s.Speakers = s.Title[:i], people
}

// slot names what Zookeepr calls by its kind alone ("Main Conference: plenary")
// after its description, if that is no more than a name: "Morning Tea".
func (c *icalReader) slot(s *Session) {
	if !strings.Contains(c.maker, "linux.conf.au") || len(s.Speakers) > 0 {
		return
	}
	kind, ok := strings.CutPrefix(s.Title, "Main Conference: ")
	if !ok {
		return
	}
	s.Type = kind
	if d := s.Description; d != "" && len(d) < 60 && !strings.ContainsAny(d, "\n<[*") {
		s.Title, s.Description, s.Break = d, "", true
	}
}
