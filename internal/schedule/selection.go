package schedule

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"lectern/internal/diag"
)

// ruleSelection is the rule of what a selection asks for and the programme does
// not have.
const ruleSelection = "programme-selection"

// Selection says which sessions a person wants: those of a track, a room, a tag,
// a type, a day, a language or a speaker, and those that a list names. The zero
// value wants all.
type Selection struct {
	terms []term
	lists []favourites
}

// term is key=value: any of the values of one key, and every key.
type term struct{ key, value string }

// favourites is a list of sessions, one a line.
type favourites struct {
	name  string
	lines []favourite
}

type favourite struct {
	text string
	line int
}

// selectionKeys are what a selection may ask for.
func selectionKeys() []string {
	return []string{"track", "room", "tag", "type", "day", "language", "speaker"}
}

// IsTerm reports whether an argument is like track=…; anything else is the name
// of a file with favourites, whose text goes to [Selection.AddList].
func IsTerm(arg string) bool {
	key, _, found := strings.Cut(arg, "=")
	return found && key != "" && !strings.ContainsAny(key, "./\\ ")
}

// AddTerm adds a term such as track=Security. Terms of one key add up; those of
// different keys all have to hold.
func (s *Selection) AddTerm(arg string) error {
	key, value, found := strings.Cut(arg, "=")
	key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
	if key == "tags" || key == "tracks" || key == "rooms" || key == "days" || key == "speakers" || key == "types" {
		key = key[:len(key)-1]
	}
	switch {
	case !found || value == "":
		return fmt.Errorf("%q selects nothing: write it like track=Security", arg)
	case !slices.Contains(selectionKeys(), key):
		hint := ""
		if near := diag.Nearest(key, selectionKeys()); near != "" {
			hint = "; did you mean " + near + "?"
		}
		return fmt.Errorf("nothing can be selected by %q, only by %s%s", key, strings.Join(selectionKeys(), ", "), hint)
	}
	s.terms = append(s.terms, term{key, value})
	return nil
}

// AddList adds the favourites of a file: one id, code, address or title a line.
// Empty lines and those that begin with # are left out; so is what follows a
// space and #.
func (s *Selection) AddList(name, text string) {
	f := favourites{name: name}
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		n++
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		if i := strings.Index(line, " # "); i > 0 {
			line = strings.TrimSpace(line[:i])
		}
		// A list of tasks, or of points, is a list as well.
		for _, mark := range [...]string{"- [x] ", "- [ ] ", "- ", "* "} {
			if rest, ok := strings.CutPrefix(line, mark); ok {
				line = rest
				break
			}
		}
		if line != "" {
			f.lines = append(f.lines, favourite{text: line, line: n})
		}
	}
	s.lists = append(s.lists, f)
}

// Empty reports whether the selection wants all sessions.
func (s *Selection) Empty() bool { return len(s.terms) == 0 && len(s.lists) == 0 }

// Choose returns the wanted sessions in the programme's order, and what the
// programme does not have, with the nearest name that it has. A session that a
// list names is wanted whatever the terms say.
func (s *Selection) Choose(p *Programme) ([]Session, []diag.Diagnostic) {
	if s.Empty() {
		return slices.Clone(p.Sessions), nil
	}
	var ds []diag.Diagnostic
	wanted := make([]bool, len(p.Sessions))
	for _, list := range s.lists {
		ds = append(ds, list.choose(p, wanted)...)
	}
	byKey := map[string][]string{}
	for _, t := range s.terms {
		byKey[t.key] = append(byKey[t.key], t.value)
		if d, unknown := t.unknown(p); unknown {
			ds = append(ds, d)
		}
	}
	var chosen []Session
	for i := range p.Sessions {
		if wanted[i] || len(byKey) > 0 && p.Sessions[i].matches(byKey) {
			chosen = append(chosen, p.Sessions[i])
		}
	}
	return chosen, diag.Sort(ds)
}

func (s *Session) matches(byKey map[string][]string) bool {
	for key, values := range byKey {
		found := false
		for _, have := range s.values(key) {
			for _, value := range values {
				found = found || strings.EqualFold(have, value)
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// values are what a session has under a key.
func (s *Session) values(key string) []string {
	switch key {
	case "track":
		return []string{s.Track}
	case "room":
		return []string{s.Room}
	case "tag":
		return s.Tags
	case "type":
		return []string{s.Type}
	case "day":
		return []string{s.Day}
	case "language":
		return []string{s.Language}
	case "speaker":
		var all []string
		for _, who := range s.Speakers {
			all = append(all, who.Name)
		}
		return all
	}
	return nil
}

// unknown returns a finding if no session has what the term asks for.
func (t term) unknown(p *Programme) (diag.Diagnostic, bool) {
	seen := map[string]bool{}
	for i := range p.Sessions {
		for _, v := range p.Sessions[i].values(t.key) {
			if strings.EqualFold(v, t.value) {
				return diag.Diagnostic{}, false
			}
			if v != "" {
				seen[v] = true
			}
		}
	}
	hint := ""
	if near := diag.Nearest(t.value, sortedKeys(seen)); near != "" {
		hint = "did you mean " + quote(near) + "?"
	} else if names := sortedKeys(seen); len(names) > 0 && len(names) <= 12 {
		hint = "there are " + strings.Join(names, ", ")
	}
	return diag.Diagnostic{Severity: diag.Warning, Rule: ruleSelection, Message: "no session has the " + t.key + " " + quote(t.value), Hint: hint}, true
}

// choose marks the sessions that the list names.
func (f favourites) choose(p *Programme, wanted []bool) []diag.Diagnostic {
	index := map[string]int{}
	titles := make([]string, 0, len(p.Sessions))
	count := map[string]int{}
	for i := range p.Sessions {
		s := &p.Sessions[i]
		for _, name := range append([]string{s.ID, page(s.URL), folded(s.Title)}, s.OtherIDs...) {
			if _, taken := index[name]; name != "" && !taken {
				index[name] = i
			}
		}
		titles = append(titles, s.Title)
		count[folded(s.Title)]++
	}
	var ds []diag.Diagnostic
	for _, line := range f.lines {
		i, known := index[line.text]
		if !known {
			i, known = index[page(line.text)]
		}
		title := folded(line.text)
		if !known {
			i, known = index[title]
		}
		if known {
			wanted[i] = true
			if count[title] > 1 { // a title in a list means all that have it
				for j := range p.Sessions {
					wanted[j] = wanted[j] || folded(p.Sessions[j].Title) == title
				}
			}
			continue
		}
		hint := "a line is an id, a code, an address or a title of the programme"
		if near := diag.Nearest(line.text, titles); near != "" {
			hint = "did you mean " + quote(near) + "?"
		}
		ds = append(ds, diag.Diagnostic{
			Position: diag.Position{File: f.name, Line: line.line, Col: 1}, Severity: diag.Warning, Rule: ruleSelection,
			Message: "the programme has no session " + quote(excerpt([]byte(line.text))), Hint: hint,
		})
	}
	return ds
}

// folded is a title as people type it: no case, no typographic quotation marks,
// single spaces.
func folded(s string) string {
	s = strings.Map(func(c rune) rune {
		switch c {
		case '‘', '’', '‚', '´', '`':
			return '\''
		case '“', '”', '„', '«', '»':
			return '"'
		case '–', '—', '‑', '‐':
			return '-'
		}
		return unicode.ToLower(c)
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// page is what two addresses of a page have in common.
func page(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return strings.ToLower(strings.TrimPrefix(u.Host, "www.")) + strings.TrimSuffix(u.EscapedPath(), "/")
}
