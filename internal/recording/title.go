package recording

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// title is a title taken apart.
type title struct {
	words []word
	// segs are the parts between colons, dashes and the like.
	segs []segment
	form form
	// part is which one of several this is ("day 2", "part 1"); "" for none.
	part string
	// years are the years that it names.
	years []int
	// regions are the parts of the world that it names, as conferences do that
	// are held in several.
	regions []string
}

// word is one word of a title, in the segment seg.
type word struct {
	text string
	seg  int
	id   int32
}

// segment is a part of a title.
type segment struct {
	text string
	// who is true for a part that names people, surely or perhaps.
	who, maybeWho bool
}

// parseTitle takes a title apart.
func parseTitle(s string) *title {
	t := &title{}
	if len(s) > 2000 {
		s = strings.ToValidUTF8(s[:2000], "")
	}
	for _, p := range pieces(s) {
		ws := split(p.text)
		ws = t.marks(ws)
		if f, ok := label(ws); ok {
			if f != formTalk && (t.form == formTalk || t.form == formKeynote || t.form == formPanel) {
				t.form = f
			}
			if p.opens || len(ws) == 0 {
				continue
			}
		}
		n := len(t.segs)
		t.segs = append(t.segs, p.segment)
		for _, w := range ws {
			if len(t.words) < maxWords {
				t.words = append(t.words, word{text: w, seg: n})
			}
		}
	}
	t.trailingForm()
	if len(t.words) == 0 { // a title of labels alone ("Keynote") is its own
		t.segs = []segment{{text: s}}
		for _, w := range split(s) {
			t.words = append(t.words, word{text: w})
		}
	}
	return t
}

// trailingForm takes the kind off a title such as "Acme keynote".
func (t *title) trailingForm() {
	n := len(t.words) - 1
	if n < 1 || t.form != formTalk || t.words[n].seg != t.words[0].seg {
		return
	}
	switch t.words[n].text {
	case "keynote":
		t.form, t.words = formKeynote, t.words[:n]
	case "workshop", "tutorial":
		t.form, t.words = formWorkshop, t.words[:n]
	}
}

// piece is a segment and whether it may be a label: at the beginning, or in brackets.
type piece struct {
	segment
	opens bool
}

// pieces cuts a title where its parts end. The part behind the last dash of a
// stretch may name people.
func pieces(s string) []piece {
	var out []piece
	start, opens := 0, true
	add := func(end int, next bool) {
		if text := strings.TrimSpace(s[start:end]); text != "" {
			out = append(out, piece{segment{text: text}, opens})
		}
		opens = next
	}
	lastDash := -1 // where the piece behind the last dash begins, in out
	names := func() {
		if lastDash >= 0 && lastDash < len(out) && lastDash == len(out)-1 {
			out[lastDash].who, out[lastDash].maybeWho = peopleIn(out[lastDash].text)
		}
		lastDash = -1
	}
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		spaceBefore := i > 0 && s[i-1] == ' '
		spaceAfter := i+size >= len(s) || s[i+size] == ' '
		switch {
		case r == '|' || r == '｜' || r == '•' || r == '·':
			add(i, true)
			names()
			start = i + size
		case (r == '-' || r == '–') && spaceBefore && spaceAfter, r == '—', r == '―':
			labels := len(out) == 0
			add(i, labels && len(out) > 0 && allLabels(out[len(out)-1].text))
			lastDash = len(out)
			start = i + size
		case r == ':' && spaceAfter, r == '：':
			labels := opens
			add(i, labels)
			names()
			start = i + size
		case (r == '?' || r == '!' || r == '.' || r == '…') && spaceAfter && i+size < len(s) && i-start > 3:
			add(i+size, false)
			start = i + size
		case r == '(' || r == '[' || r == '【':
			add(i, true)
			names()
			start = i + size
		case r == ')' || r == ']' || r == '】':
			add(i, len(out) == 0 || allLabels(s[start:i]))
			start = i + size
		}
		i += size
	}
	add(len(s), false)
	names()
	return out
}

func allLabels(s string) bool {
	_, ok := label(split(s))
	return ok
}

// peopleIn reports whether a part of a title names people surely ("Ann Ode, Sun
// Inc & Bo Li") or perhaps ("Ann Ode").
func peopleIn(s string) (surely, perhaps bool) {
	fields := strings.FieldsFunc(s, unicode.IsSpace)
	capitals, company := 0, false
	for _, f := range fields {
		before := company
		company = strings.HasSuffix(f, ",")
		switch strings.TrimRight(f, ",;") {
		case "&", "and", "und", "de", "van", "von", "der", "den", "of", "at", "del", "la", "di", "da", "y", "Co-Founder", "/":
			continue
		}
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(f, `"'“‘(`))
		if unicode.IsLower(r) && !before && !strings.Contains(f, ".") { // k8gb, solo.io
			return false, false
		}
		capitals++
	}
	end := len(s)
	for _, sep := range [...]string{",", ";", " & ", " and ", " und "} {
		if i := strings.Index(s, sep); i >= 0 {
			end = min(end, i)
		}
	}
	listed, n := end < len(s), len(strings.Fields(s[:end]))
	if listed && n >= 2 && n <= 4 && capitals >= 2 {
		return true, true
	}
	return false, capitals >= 2 && len(fields) <= 5
}

// marks takes years, parts and parts of the world out of a segment's words.
func (t *title) marks(ws []string) []string {
	out := ws[:0:0]
	for i := 0; i < len(ws); i++ {
		w := ws[i]
		if word, n, ok := counted(w); ok { // day2
			t.addPart(word, n)
			continue
		}
		if isCounter(w) && i+1 < len(ws) {
			if n, ok := ordinal(ws[i+1]); ok {
				t.addPart(w, n)
				if i++; i+2 < len(ws) && (ws[i+1] == "of" || ws[i+1] == "von") && isNumber(ws[i+2]) {
					i += 2
				}
				continue
			}
		}
		if y, ok := year(w); ok && (i == 0 || !isCounter(ws[i-1])) {
			t.years = append(t.years, y)
			continue
		}
		if n, ok := roman(w); ok && w != "i" && i == len(ws)-1 && i > 0 {
			t.addPart("part", n)
			continue
		}
		if len(ws) == 2 && i == 0 && isNumber(ws[0]) && isNumber(ws[1]) && ws[0] <= ws[1] && len(ws[1]) == 1 { // (1/2)
			t.addPart("part", ws[0])
			return out
		}
		if (w == "am" || w == "pm" || w == "morning" || w == "afternoon") && i+1 < len(ws) && ws[i+1] == "session" {
			t.addPart("half", w[:1])
			i++
			continue
		}
		if d := weekday(w); d != "" {
			t.addPart("weekday", d)
			continue
		}
		if r := region(w); r != "" && !slices.Contains(t.regions, r) {
			t.regions = append(t.regions, r)
		}
		out = append(out, w)
	}
	return out
}

func (t *title) addPart(counter, n string) {
	// "Part 2" and "II" are the same; "Day 2" of a workshop may be its part 2.
	p := n
	if counter == "half" {
		p = "half " + n
	}
	if t.part == "" {
		t.part = p
	} else if t.part != p {
		t.part += "." + p
	}
}

func isCounter(w string) bool {
	switch w {
	case "day", "part", "teil", "tag", "session", "vol", "volume", "episode", "round", "chapter", "pt", "act", "teil2", "no", "edition", "dia", "jour", "parte", "partie":
		return true
	}
	return false
}

// counted takes "day2" apart.
func counted(w string) (counter, n string, ok bool) {
	i := strings.IndexFunc(w, unicode.IsDigit)
	if i < 3 || !isCounter(w[:i]) || !isNumber(w[i:]) || len(w)-i > 2 {
		return "", "", false
	}
	return w[:i], strings.TrimLeft(w[i:], "0"), true
}

// ordinal reads which one it is of a few.
func ordinal(w string) (string, bool) {
	if isNumber(w) && len(w) <= 2 {
		n, _ := strconv.Atoi(w) // two digits
		return strconv.Itoa(n), true
	}
	return roman(w)
}

func roman(w string) (string, bool) {
	switch w {
	case "i":
		return "1", true
	case "ii":
		return "2", true
	case "iii":
		return "3", true
	case "iv":
		return "4", true
	}
	return "", false
}

// year reads the year of an edition.
func year(w string) (int, bool) {
	if len(w) != 4 || !isNumber(w) {
		return 0, false
	}
	n, _ := strconv.Atoi(w) // four digits
	return n, n >= 2005 && n < 2100
}

func region(w string) string {
	switch w {
	case "eu", "europe", "emea":
		return "Europe"
	case "na", "america":
		return "North America"
	case "china":
		return "China"
	case "india":
		return "India"
	case "japan":
		return "Japan"
	case "apac", "asia":
		return "Asia"
	}
	return ""
}
