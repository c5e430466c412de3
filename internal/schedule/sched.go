package schedule

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tailSplitter takes the speakers from the ends of sched.com's titles:
//
//	Title - Jane Roe, Company
//	Title - Jane Roe & Jim Poe, Company
//	Title - Jane Roe, Company & Jim Poe, Role, Other; A, B & C, Third
//
// Titles hold " - ", "&" and commas of their own, and companies as well. What
// is a name is told by its shape and by the calendar itself: a word that its
// texts also have in lower case ("deep", "dive") is no name. Where that leaves
// a doubt the title stays as it is: a title that is too long is better than a
// wrong speaker.
type tailSplitter struct {
	lower     map[string]bool // words that occur in lower case
	known     map[string]bool // names that stand in an unambiguous place
	given     map[string]bool // their first words
	companies map[string]int
	single    map[string]int // names of one word, by how many titles end with them and a company
}

// enough is how many different words a calendar must have before it can say
// that a word is no ordinary one.
const enough = 1000

// longestTitle is how long a title with speakers may be, in bytes.
const longestTitle = 2000

func newTailSplitter(events []component) *tailSplitter {
	t := &tailSplitter{lower: map[string]bool{}, known: map[string]bool{}, given: map[string]bool{}, companies: map[string]int{}, single: map[string]int{}}
	for _, e := range events {
		for _, name := range [...]string{"DESCRIPTION", "SUMMARY"} {
			for _, word := range strings.FieldsFunc(unescape(e.text(name), false), notLetter) {
				if c, _ := utf8.DecodeRuneInString(word); unicode.IsLower(c) {
					t.lower[word] = true
				}
			}
		}
	}
	titles := map[string]bool{}
	for _, e := range events {
		if title := plain(e.text("SUMMARY")); !titles[title] {
			titles[title] = true
			t.learnSingle(title)
		}
	}
	// First what is plain, then the rest with the help of it.
	for _, e := range events {
		if _, tail, ok := t.cut(plain(e.text("SUMMARY"))); ok {
			for _, group := range strings.Split(tail, "; ") {
				t.learn(group)
			}
		}
	}
	return t
}

func notLetter(c rune) bool { return !unicode.IsLetter(c) && c != '\'' && c != '’' }

// learn takes what a group of speakers says beyond doubt: its first name, and
// the company at its end.
func (t *tailSplitter) learn(group string) {
	segments := strings.Split(group, " & ")
	for i, segment := range segments {
		parts := strings.Split(segment, ", ")
		if !t.name(parts[0]) || corporate(parts[0]) {
			continue
		}
		t.known[parts[0]] = true
		given, _, _ := strings.Cut(parts[0], " ")
		t.given[given] = true
		if len(parts) > 1 && (i == len(segments)-1 || !t.name(parts[1])) {
			t.companies[strings.Join(parts[1:], ", ")]++
		}
	}
}

// learnSingle counts a name of one word. One title that ends so may be about a
// thing; several are not.
func (t *tailSplitter) learnSingle(title string) {
	i := strings.LastIndex(title, " - ")
	if i < 0 || len(t.lower) < enough {
		return
	}
	word, _, company := strings.Cut(title[i+3:], ", ")
	if c, _ := utf8.DecodeRuneInString(word); company && unicode.IsUpper(c) && strings.IndexFunc(word, notLetter) < 0 &&
		!t.lower[strings.ToLower(word)] && !ordinary(strings.ToLower(word)) && !corporate(word) {
		t.single[word]++
	}
}

// session splits a title. Without speakers it is as it was.
func (t *tailSplitter) session(title string) (string, []Person) {
	short, tail, ok := t.cut(title)
	if !ok {
		return title, nil
	}
	var people []Person
	for _, group := range strings.Split(tail, "; ") {
		people = append(people, t.group(group)...)
	}
	if len(people) == 0 {
		return title, nil
	}
	return short, people
}

// cut finds where the speakers begin: after the last hyphen that is followed by
// a name and a company.
func (t *tailSplitter) cut(title string) (short, tail string, ok bool) {
	if len(title) > longestTitle {
		return "", "", false
	}
	for end := len(title); ; {
		i := lastHyphen(title[:end])
		if i <= 0 {
			return "", "", false
		}
		short = strings.TrimRight(title[:i], " ")
		_, width := utf8.DecodeRuneInString(title[i:])
		tail = strings.TrimLeft(title[i+width:], " ")
		if short != "" && t.people(tail) {
			return short, tail, true
		}
		end = i
	}
}

// lastHyphen returns the place of the last hyphen or dash that has a space on
// at least one side.
func lastHyphen(s string) int {
	for i := len(s); i > 0; {
		i = strings.LastIndexAny(s[:i], "-–—")
		if i <= 0 {
			return -1
		}
		_, width := utf8.DecodeRuneInString(s[i:])
		if s[i-1] == ' ' || i+width < len(s) && s[i+width] == ' ' {
			return i
		}
	}
	return -1
}

// people reports whether a tail names people.
func (t *tailSplitter) people(tail string) bool {
	first, _, company := strings.Cut(tail, ",")
	for _, sep := range [...]string{";", " & ", " and "} {
		before, _, _ := strings.Cut(first, sep)
		first = before
	}
	if company {
		return t.name(first) || t.single[first] > 1
	}
	// Without a company only what is a name beyond doubt counts.
	for _, one := range strings.Split(strings.ReplaceAll(tail, " and ", " & "), " & ") {
		if !t.known[one] && !(len(t.lower) >= enough && t.name(one) && t.strange(one)) {
			return false
		}
	}
	return true
}

// group reads speakers that stand between semicolons. Those without a company
// have the one of the next speaker who has one.
func (t *tailSplitter) group(group string) []Person {
	var people []Person
	waiting := 0 // how many of the last have no company yet
	segments := t.segments(group)
	for i, segment := range segments {
		parts := strings.Split(segment, ", ")
		for at := 0; at < len(parts); {
			end := at + 1
			for end < len(parts) && t.another(parts, end, i < len(segments)-1) {
				end++
			}
			for ; at < end; at++ {
				people = append(people, Person{Name: strings.TrimSpace(parts[at])})
				waiting++
			}
			for end < len(parts) && !t.known[parts[end]] {
				end++
			}
			if at == end {
				continue
			}
			company := strings.TrimSpace(strings.Join(parts[at:end], ", "))
			for at = end; waiting > 0; waiting-- {
				people[len(people)-waiting].Company = company
			}
		}
	}
	return people
}

// segments splits a group before each further speaker: at "&" and "and" where a
// name follows. Others are part of a company or a role: "Smith & Sons".
func (t *tailSplitter) segments(group string) []string {
	var all []string
	start := 0
	for i := 0; i < len(group); i++ {
		sep, sure := "", false
		switch rest := group[i:]; {
		case strings.HasPrefix(rest, ", and "):
			sep = ", and "
		case strings.HasPrefix(rest, ", & "):
			sep = ", & "
		case strings.HasPrefix(rest, " and "):
			sep = " and "
		case strings.HasPrefix(rest, " & "):
			sep, sure = " & ", true
		default:
			continue
		}
		next := group[i+len(sep):]
		if end := strings.Index(next, " & "); end >= 0 {
			next = next[:end]
		}
		name, rest, more := strings.Cut(next, ", ")
		name, _, _ = strings.Cut(name, " and ")
		if t.startsPerson(name, more && rest != "") && (sure || t.known[name] || t.strange(name)) {
			all = append(all, group[start:i])
			start = i + len(sep)
			i = start - 1
		}
	}
	return append(all, group[start:])
}

func (t *tailSplitter) startsPerson(name string, company bool) bool {
	return t.known[name] || company && t.single[name] > 1 || t.name(name) && !corporate(name)
}

// another reports whether parts[i] is one more name in a list, and no company
// or role. A list's last name comes after an "&", so there are more to come.
func (t *tailSplitter) another(parts []string, i int, more bool) bool {
	part := parts[i]
	switch {
	case t.known[part]:
		return more || i < len(parts)-1
	case !more, t.companies[part] > 0, t.companies[strings.Join(parts[i:], ", ")] > 0, corporate(part), !t.name(part):
		return false
	}
	given, _, _ := strings.Cut(part, " ")
	return t.given[given] || t.strange(part) && (i < len(parts)-1 || len(t.lower) >= enough)
}

// name reports whether s can be a person's name.
func (t *tailSplitter) name(s string) bool {
	if !nameShape(s) {
		return false
	}
	words := strings.Fields(s)
	if role(strings.ToLower(words[len(words)-1])) {
		return false // Core Maintainer
	}
	for _, word := range words {
		if word = strings.ToLower(strings.Trim(word, ".'’\"“”()")); utf8.RuneCountInString(word) > 1 && !t.lower[word] && !ordinary(word) && !particle(word) {
			return true // one word that is none of the language
		}
	}
	return false
}

// strange reports whether no word of s is an ordinary one.
func (t *tailSplitter) strange(s string) bool {
	for _, word := range strings.Fields(s) {
		word = strings.ToLower(strings.Trim(word, ".'’\"“”()"))
		if t.lower[word] && !particle(word) || ordinary(word) {
			return false
		}
	}
	return true
}

// nameShape reports whether s has the shape of a full name: two to five words,
// each of letters and with a capital, but for particles.
func nameShape(s string) bool {
	words := strings.Fields(s)
	if len(words) < 2 || len(words) > 6 || len(s) > 80 {
		return false
	}
	for _, word := range words {
		word = strings.Trim(word, ".,'’\"“”()")
		c, _ := utf8.DecodeRuneInString(word)
		if word == "" || !unicode.IsLetter(c) || unicode.IsLower(c) && !particle(strings.ToLower(word)) {
			return false
		}
		for _, c := range word {
			if !unicode.IsLetter(c) && !unicode.IsMark(c) && !strings.ContainsRune(".'’-‑`", c) {
				return false
			}
		}
	}
	return true
}

func particle(word string) bool {
	return strings.Contains(" de da do dos das di del della der den des van von vom zu zum la le el al bin ibn ben y e i ter ten af av st dr prof ", " "+word+" ")
}

// role knows words with which no name ends.
func role(word string) bool {
	return strings.Contains(" advocate analyst architect consultant contributor developer director engineer founder leader maintainer manager member officer owner president professor researcher reviewer scientist specialist strategist ", " "+word+" ")
}

// ordinary knows words that begin with a capital in titles and are in no name,
// for calendars too short to say so themselves.
func ordinary(word string) bool {
	return strings.Contains(" a an and are at advocate analyst architect beyond best by case chief closing cloud consultant contributor day days deep demo developer director dive edition engineer event fellow for founder from get head how in intro introduction is keynote lab lead leader lessons maintainer manager member native of officer on open opening or owner panel part practices president principal product production professor q required researcher reviewer scientist senior session sessions software specialist staff state stories strategist study talk team tech the to track tutorial update updates vice what why with workshop your ", " "+word+" ")
}

// corporate reports whether s is the name of a company by its form.
func corporate(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 {
		return true
	}
	for i, word := range words {
		switch strings.ToLower(strings.Trim(word, ".,()")) {
		case "inc", "ltd", "llc", "gmbh", "ag", "sa", "se", "plc", "corp", "corporation", "company", "co", "group", "labs", "lab", "technologies", "technology", "systems", "software", "solutions", "university", "institute", "foundation", "bank", "cloud", "the", "security", "networks", "consulting", "services", "digital", "data":
			return true
		}
		if len(word) > 1 && (i > 0 || len(word) > 2) && word == strings.ToUpper(word) && !strings.Contains(word, ".") && word != strings.ToLower(word) {
			return true // IBM, and not JR Roe
		}
	}
	return false
}
