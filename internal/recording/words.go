package recording

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxWords is how many words of a title count: nobody's is longer, but a hostile
// list's may be.
const maxWords = 60

// split cuts s into folded words: lower case, without accents and apostrophes,
// so that "Don’t" is "dont" and "Łódź" is "lodz". A word ends where letters and
// digits do; Chinese and Japanese characters are words each.
func split(s string) []string {
	if len(s) > 4000 {
		s = s[:4000]
	}
	var out []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, canonical(b.String()))
			b.Reset()
		}
	}
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r), isApostrophe(r):
		case r == '+' && (b.String() == "c" || b.String() == "cp"):
			b.WriteByte('p')
		case r == '#' && (b.String() == "c" || b.String() == "f"):
			b.WriteString("sharp")
		case unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r):
			flush()
			out = append(out, string(r))
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteString(foldRune(r))
		default:
			flush()
		}
	}
	flush()
	if len(out) > maxWords {
		out = out[:maxWords]
	}
	return out
}

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', '`', '´', 'ʼ', '′', '＇', '‛':
		return true
	}
	return false
}

// foldRune returns r in lower case, for the letters that Unicode does not take
// apart as people write them without their keyboard.
func foldRune(r rune) string {
	switch r = unicode.ToLower(r); r {
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'ø':
		return "o"
	case 'ł':
		return "l"
	case 'đ', 'ð':
		return "d"
	case 'þ':
		return "th"
	case 'ı':
		return "i"
	}
	return string(r)
}

// canonical returns one spelling of words that have several.
func canonical(w string) string {
	switch w {
	case "k8s", "kube":
		return "kubernetes"
	case "o11y":
		return "observability"
	case "i18n":
		return "internationalization"
	case "a11y":
		return "accessibility"
	case "versus":
		return "vs"
	case "js":
		return "javascript"
	case "postgresql":
		return "postgres"
	case "behaviour":
		return "behavior"
	}
	if n, ok := numeral(w); ok {
		return n
	}
	return british(w)
}

// british folds -isation and -ise to -ization and -ize.
func british(w string) string {
	for _, e := range [...][2]string{{"isation", "ization"}, {"isations", "izations"}, {"ising", "izing"}, {"ised", "ized"}} {
		if len(w) > len(e[0])+3 && strings.HasSuffix(w, e[0]) {
			return w[:len(w)-len(e[0])] + e[1]
		}
	}
	return w
}

// numeral returns the digits of a small number that is written as a word.
func numeral(w string) (string, bool) {
	switch w {
	case "one", "eins":
		return "1", true
	case "two", "zwei":
		return "2", true
	case "three", "drei":
		return "3", true
	case "four", "vier":
		return "4", true
	case "five":
		return "5", true
	case "six":
		return "6", true
	case "seven":
		return "7", true
	case "eight":
		return "8", true
	case "nine":
		return "9", true
	case "ten":
		return "10", true
	}
	return "", false
}

// isStop is true for words that say next to nothing in any title.
func isStop(w string) bool {
	switch w {
	case "a", "an", "the", "and", "or", "of", "in", "on", "at", "to", "for", "from", "with", "without", "by", "as", "is", "are", "be",
		"it", "its", "this", "that", "your", "you", "our", "we", "i", "my", "me", "us", "whats", "thats", "lets", "was", "were", "has", "have", "had", "how", "what", "why", "when", "do", "does", "can",
		"not", "no", "into", "via", "vs", "so", "up", "out", "all", "more", "using", "use", "about", "over", "s", "t", "if", "will",
		"der", "die", "das", "und", "oder", "ein", "eine", "mit", "ohne", "von", "zu", "zur", "zum", "im", "am", "auf", "fur", "wie",
		"warum", "ist", "sind", "den", "dem", "des", "le", "la", "les", "de", "et", "el", "los", "y", "un", "une", "en", "du":
		return true
	}
	return false
}

// isGeneric is true for words that say what kind of session it is rather than
// what it is about: many sessions of any conference could have such a title.
func isGeneric(w string) bool {
	switch w {
	case "opening", "closing", "welcome", "remarks", "keynote", "keynotes", "update", "updates", "project", "panel", "intro",
		"introduction", "introducing", "overview", "deep", "dive", "session", "talk", "talks", "workshop", "tutorial", "demo", "lightning",
		"community", "meeting", "meetup", "discussion", "break", "lunch", "coffee", "qa", "sponsored", "sponsor", "day", "part", "day0",
		"conference", "summit", "track", "new", "state", "future", "learned", "lessons", "maintainer", "maintainers", "getting", "started",
		"101", "best", "practices", "guide", "ceremony", "recap", "wrap", "begrussung", "eroffnung", "abschluss", "vortrag", "live":
		return true
	}
	return false
}

func isNumber(w string) bool {
	for i := 0; i < len(w); i++ {
		if w[i] < '0' || w[i] > '9' {
			return false
		}
	}
	return w != ""
}

// isLevel is true for words that tell talks of one series apart.
func isLevel(w string) bool {
	switch w {
	case "intro", "introduction", "deep", "dive", "update", "updates", "advanced", "basics", "beginner", "beginners", "101", "201",
		"tutorial", "workshop", "demo", "office", "recap", "teaser", "followup", "continued", "again", "revisited", "reloaded":
		return true
	}
	return false
}

// isCommon is true for words that titles of many conferences have, however rare
// they are in one list.
func isCommon(w string) bool {
	switch w {
	case "build", "building", "built", "next", "generation", "better", "good", "great", "make", "making", "made", "journey", "story", "world",
		"real", "year", "years", "past", "present", "wrong", "right", "end", "way", "ways", "time", "beyond", "inside", "behind", "power",
		"scale", "scaling", "modern", "simple", "easy", "big", "small", "secret", "art", "thing", "things", "people", "life", "love", "open",
		"source", "cloud", "native", "platform", "platforms", "engineering", "engineer", "kubernetes", "security", "secure", "data", "ai", "ml",
		"performance", "product", "developer", "developers", "software", "code", "system", "systems", "cluster", "clusters", "service", "team",
		"teams", "management", "production", "tools", "tips", "fun", "free", "linux", "debian", "python", "go", "rust", "web", "app", "apps",
		"design", "test", "testing", "model", "models", "application", "applications", "infrastructure", "devops", "digital", "internet":
		return true
	}
	return false
}

// weekday returns the English name of a day of the week.
func weekday(w string) string {
	switch w {
	case "monday", "montag":
		return "monday"
	case "tuesday", "dienstag":
		return "tuesday"
	case "wednesday", "mittwoch":
		return "wednesday"
	case "thursday", "donnerstag":
		return "thursday"
	case "friday", "freitag":
		return "friday"
	case "saturday", "samstag", "sonnabend":
		return "saturday"
	case "sunday", "sonntag":
		return "sunday"
	}
	return ""
}
