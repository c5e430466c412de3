package site

import (
	"cmp"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"lectern/internal/note"
)

func removeAccents(s string) string {
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	out, _, err := transform.String(t, s)
	if err != nil {
		return s // only malformed input gives an error; it is left as it is
	}
	return out
}

// number returns the number a name begins with ("03_service-mesh" has 3), if
// something other than a digit follows it.
func number(name string) (n int, ok bool) {
	i := 0
	for i < len(name) && i < 9 && name[i] >= '0' && name[i] <= '9' {
		n = n*10 + int(name[i]-'0')
		i++
	}
	if i == 0 || i < len(name) && !strings.ContainsRune("_-. ", rune(name[i])) {
		return 0, false
	}
	return n, true
}

// sectionTitle names the section of folder dir where it has no text of its own.
func (b *builder) sectionTitle(dir string) string {
	if dir == "" {
		return cmp.Or(b.cfg.Title, b.cfg.FolderName)
	}
	if !b.cfg.Hugo { // a folder of people's own pages is called as the page of people would be
		for _, kind := range allPeople() {
			if strings.EqualFold(dir, kind.name) {
				return kind.titleIn(b.cfg.Language)
			}
		}
	}
	return sectionName(path.Base(dir))
}

// sectionName makes a title of a folder's name. Folders are often counted, so
// a number behind a word stands for itself: "day1" → "Day 1".
func sectionName(name string) string {
	var b strings.Builder
	var prev rune
	for i, r := range note.ReadableName(name) {
		if unicode.IsDigit(r) && unicode.IsLetter(prev) && i > 1 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		prev = r
	}
	return b.String()
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// smallWords stay in lower case inside a title in the style of the Associated
// Press, Hugo's default for the titles of lists.
const smallWords = " a an and as at but by en for if in nor of on or per the to v v. via vs vs. "

// titleCase capitalises s in the given style: "ap" (the default), "chicago",
// "go" (every word), "firstupper" or "none".
func titleCase(s, style string) string {
	switch strings.ToLower(style) {
	case "none":
		return s
	case "firstupper":
		return upperFirst(s)
	}
	words := strings.SplitAfter(s, " ")
	last := len(words) - 1
	for i, w := range words {
		bare := strings.ToLower(strings.TrimRight(w, " "))
		if strings.ToLower(style) != "go" && i > 0 && i < last && strings.Contains(smallWords, " "+bare+" ") {
			words[i] = strings.ToLower(w)
			continue
		}
		words[i] = capitalise(w)
	}
	return strings.Join(words, "")
}

// capitalise raises the first letter of a word and of each part behind a
// hyphen or slash, whatever stands before it.
func capitalise(w string) string {
	var b strings.Builder
	start := true
	for _, r := range w {
		if start && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			r, start = unicode.ToUpper(r), false
		}
		if r == '-' || r == '/' {
			start = true
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Natural compares names as a person sorts them: "Room 9" before "room 10".
func Natural(a, b string) int { return natural(a, b) }

// natural compares as a person sorts: without case, runs of digits by value.
// Strings that are equal so far are compared by their bytes.
func natural(a, b string) int {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if isDigit(a[i]) && isDigit(b[j]) {
			x, y := digits(a[i:]), digits(b[j:])
			p, q := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			if c := cmp.Or(cmp.Compare(len(p), len(q)), strings.Compare(p, q)); c != 0 {
				return c
			}
			i, j = i+len(x), j+len(y)
			continue
		}
		r, n := utf8.DecodeRuneInString(a[i:])
		q, m := utf8.DecodeRuneInString(b[j:])
		if c := cmp.Compare(unicode.ToLower(r), unicode.ToLower(q)); c != 0 {
			return c
		}
		i, j = i+n, j+m
	}
	return cmp.Or(cmp.Compare(len(a)-i, len(b)-j), strings.Compare(a, b))
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func digits(s string) string {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return s[:n]
}
