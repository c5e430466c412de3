package note

import (
	"maps"
	"slices"
	"strings"
)

// Person is what the front matter says of somebody beside their name.
type Person struct {
	Name string
	// URL is a page about them on the web, Company who they work for.
	URL, Company string
}

// peopleField reads names: a text with one or several, a list of such, or
// tables with a name and more.
func peopleField(slot func(*FrontMatter) *[]string) setter {
	return func(d *decoder, f *field) {
		people, ok := asPeople(f.value)
		if !ok {
			d.wrong(f, "a name, a list of names, or tables with a name each")
			return
		}
		names := slot(d.f)
		for _, p := range d.few(f, people) {
			p.Name, p.Company = d.short(f, p.Name, maxShort), d.short(f, p.Company, maxShort)
			*names = appendNew(*names, []string{p.Name})
			if p.URL != "" || p.Company != "" {
				d.f.People = append(d.f.People, p)
			}
		}
	}
}

// asPeople reads the value of a field that names people.
func asPeople(v any) ([]Person, bool) {
	switch v := v.(type) {
	case map[string]any:
		p := personOf(v)
		return []Person{p}, p.Name != ""
	case []any:
		var out []Person
		for _, item := range v {
			switch item := item.(type) {
			case nil:
			case map[string]any:
				p := personOf(item)
				if p.Name == "" {
					return nil, false
				}
				out = append(out, p)
			default:
				s, ok := asText(item)
				if !ok {
					return nil, false
				}
				out = append(out, person(s))
			}
		}
		return out, true
	}
	s, ok := asText(v)
	if !ok {
		return nil, false
	}
	var out []Person
	for _, name := range splitNames(s) {
		out = append(out, person(name))
	}
	return out, true
}

// personOf reads a table, by the names that people give to its fields.
func personOf(m map[string]any) Person {
	first := func(names ...string) string {
		for _, name := range names {
			for _, key := range slices.Sorted(maps.Keys(m)) {
				if s, ok := asText(m[key]); ok && strings.EqualFold(key, name) && strings.TrimSpace(s) != "" {
					return strings.TrimSpace(s)
				}
			}
		}
		return ""
	}
	p := person(first("name", "fullname", "full_name", "title", "speaker", "author"))
	if p.Name == "" {
		p.Name = strings.TrimSpace(first("firstname", "first_name") + " " + first("lastname", "last_name", "surname"))
	}
	if url := first("url", "link", "website", "homepage", "web", "site", "href"); isWeb(url) {
		p.URL = url
	}
	if company := first("company", "organization", "organisation", "org", "affiliation", "employer", "firma"); company != "" {
		p.Company = company
	}
	return p
}

// person reads a name as people write it, with a link around it or a company in
// brackets behind it: "[Ada](https://…)", "Ada Lovelace (Engines Ltd)".
func person(s string) Person {
	s = strings.TrimSpace(s)
	var p Person
	if name, rest, ok := strings.Cut(strings.TrimPrefix(s, "["), "]("); ok && s[0] == '[' {
		if url, after, closed := strings.Cut(rest, ")"); closed {
			s = strings.TrimSpace(name + " " + strings.TrimSpace(after))
			if isWeb(url) {
				p.URL = url
			}
		}
	}
	if name, rest, ok := strings.Cut(s, " ("); ok && strings.HasSuffix(rest, ")") {
		if about := strings.TrimSuffix(rest, ")"); !strings.ContainsAny(about, "()") && !arePronouns(about) {
			s, p.Company = name, strings.TrimSpace(about)
		} else if arePronouns(about) {
			s = name
		}
	}
	p.Name = strings.Join(strings.Fields(s), " ")
	return p
}

// arePronouns is true for what else stands in brackets behind names: she/her.
func arePronouns(s string) bool {
	switch first, _, ok := strings.Cut(strings.ToLower(s), "/"); strings.TrimSpace(first) {
	case "she", "he", "they", "any", "sie", "er":
		return ok
	}
	return false
}

func isWeb(url string) bool {
	return strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "http://")
}

// splitNames takes a text with several names apart: at commas and semicolons
// outside of brackets, and at words that mean "and".
func splitNames(s string) []string {
	if !strings.ContainsAny(s, ",;&") && !strings.Contains(s, " and ") && !strings.Contains(s, " und ") {
		return []string{s}
	}
	var out []string
	depth, from := 0, 0
	cut := func(to, next int) {
		name := strings.TrimSpace(s[from:to])
		from = next
		switch {
		case name == "":
		case len(out) > 0 && isDegree(name):
			out[len(out)-1] += ", " + name
		default:
			out = append(out, name)
		}
	}
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case depth > 0:
		case c == ',' || c == ';':
			cut(i, i+1)
		case c == ' ':
			for _, and := range []string{" and ", " und ", " & "} {
				if strings.HasPrefix(s[i:], and) {
					cut(i, i+len(and))
					i = from - 2 // its last blank may begin another one
					break
				}
			}
		}
	}
	cut(len(s), len(s))
	return out
}

// isDegree is true for what follows a comma and still belongs to the name.
func isDegree(s string) bool {
	switch strings.ToLower(strings.ReplaceAll(s, ".", "")) {
	case "jr", "sr", "phd", "md", "msc", "bsc", "esq", "ii", "iii", "iv":
		return true
	}
	return false
}

// hasTable is true for people that are given with more than their name.
func hasTable(v any) bool {
	if items, ok := v.([]any); ok {
		return slices.ContainsFunc(items, hasTable)
	}
	_, is := v.(map[string]any)
	return is
}

// people reads the terms of a taxonomy of people who are given as tables: their
// names are the terms.
func (d *decoder) people(plural string, f *field, known setter) {
	people, _ := asPeople(f.value)
	people = d.few(f, people)
	names := make([]any, len(people))
	for i, p := range people {
		names[i] = p.Name
	}
	if len(names) > 0 {
		d.terms(plural, &field{f.name, names, f.key, f.at})
	}
	known(d, f)
}
