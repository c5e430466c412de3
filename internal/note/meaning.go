package note

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark says what a heading announces, beside being one.
type Mark uint8

// The marks.
const (
	Unmarked Mark = iota
	// Recommendations stand above the talks that the author recommends.
	Recommendations
	// People stand above people met and things learned outside the talks.
	People
	// Questions stand above questions and their answers.
	Questions
)

// Meanings are the names of headings that mean something: see [DefaultMeanings].
type Meanings struct{ Recommendations, People, Questions []string }

// DefaultMeanings are the names in English and German that are known without
// being configured. Case, punctuation, numbers in front and emoji don't count.
// A name of one word must be the whole heading; one of several words may stand
// anywhere in it, so that "My talk recommendations for Friday" is found and
// "Questions that etcd answers" is no list of questions.
func DefaultMeanings() Meanings {
	return Meanings{
		Recommendations: []string{
			"Recommendations", "Recommended", "Highlights", "Favourites", "Favorites",
			"Talk recommendations", "Session recommendations", "Recommended talks", "Recommended sessions", "Talks to watch",
			"Must watch", "Must see", "Worth watching", "Favourite talks", "Favorite talks", "Best talks", "Talk highlights",
			"Empfehlungen", "Empfohlen", "Höhepunkte", "Favoriten",
			"Empfohlene Vorträge", "Empfohlene Talks", "Empfehlenswerte Vorträge", "Empfehlenswerte Talks",
			"Vortragsempfehlungen", "Talkempfehlungen", "Talk-Empfehlungen", "Beste Vorträge", "Lieblingsvorträge", "Unbedingt ansehen",
		},
		People: []string{
			"Hallway", "Conversations", "Encounters", "Booths",
			"Hallway track", "Hallway conversations", "Hallway talks", "People met", "People I met", "People we met", "Met people",
			"People I talk to", "People I talked to", "People we talked to", "People I spoke to", "People talked to",
			"Other stuff I learned", "Other things I learned", "Outside the talks", "Outside of the talks", "Between the talks",
			"Beside the talks", "Besides the talks", "Around the talks", "Booths visited", "At the booths", "Sponsor showcase",
			"Flurgespräche", "Flurfunk", "Begegnungen", "Gespräche", "Messestände", "Getroffen",
			"Gespräche am Rande", "Am Rande", "Leute getroffen", "Menschen getroffen", "Getroffene Leute", "Getroffene Menschen",
			"Leute, die ich getroffen habe", "Menschen, die ich getroffen habe", "Leute, mit denen ich gesprochen habe",
			"Mit wem ich gesprochen habe", "Wen ich getroffen habe", "Was ich sonst gelernt habe", "Sonst noch gelernt",
			"Abseits der Vorträge", "Abseits der Talks", "Außerhalb der Vorträge", "Zwischen den Vorträgen", "Zwischen den Talks",
			"Neben den Vorträgen", "An den Ständen",
		},
		Questions: []string{
			"Questions", "QA", "QnA", "FAQ", "AMA",
			"Q&A", "Q/A", "Q'n'A", "Questions and answers", "Questions & answers", "Audience questions",
			"Questions from the audience", "From the audience", "Ask me anything",
			"Fragen", "Fragerunde", "Publikumsfragen", "Zuhörerfragen", "Nachfragen",
			"Fragen und Antworten", "Fragen aus dem Publikum", "Fragen der Zuhörer", "Aus dem Publikum",
		},
	}
}

// ambiguous are the names of recommendations that in a talk's own notes are
// more likely the speaker's advice than a list of talks: they count only on
// pages that stand for a folder, unless they are configured.
func ambiguous(name string) bool {
	switch name {
	case "recommendations", "recommended", "highlights", "favourites", "favorites",
		"empfehlungen", "empfohlen", "höhepunkte", "favoriten":
		return true
	}
	return false
}

// meanings finds marks by headings' words.
type meanings struct {
	// names are the marks by name, folded.
	names map[string]Mark
	// longest says, for the words that names of several words begin with, how
	// many words the longest of these has.
	longest map[string]int
	// byDefault is true where recommendations have their default names.
	byDefault bool
}

func newMeanings(m *Meanings) *meanings {
	all := DefaultMeanings()
	k := &meanings{names: map[string]Mark{}, longest: map[string]int{}, byDefault: true}
	if m != nil && m.Recommendations != nil {
		all.Recommendations, k.byDefault = m.Recommendations, false
	}
	if m != nil && m.People != nil {
		all.People = m.People
	}
	if m != nil && m.Questions != nil {
		all.Questions = m.Questions
	}
	k.add(all.Questions, Questions)
	k.add(all.People, People)
	k.add(all.Recommendations, Recommendations)
	return k
}

func (k *meanings) add(names []string, mark Mark) {
	for _, name := range names {
		folded := string(foldHeading(nil, name))
		if folded == "" {
			continue
		}
		k.names[folded] = mark
		if first, rest, several := strings.Cut(folded, " "); several {
			k.longest[first] = max(k.longest[first], 2+strings.Count(rest, " "))
		}
	}
}

// maxMeaning is the length in bytes up to which a heading may mean something.
const maxMeaning = 200

// of returns the mark of a heading; overview is true on a page that stands for
// a folder.
func (k *meanings) of(heading string, overview bool) Mark {
	if len(heading) > maxMeaning {
		return Unmarked
	}
	var space [maxMeaning + 64]byte
	words := foldHeading(space[:0], heading)
	if mark := k.names[string(words)]; mark != Unmarked {
		if mark == Recommendations && k.byDefault && !overview && ambiguous(string(words)) {
			return Unmarked
		}
		return mark
	}
	for len(words) > 0 {
		first, rest, _ := bytes.Cut(words, []byte{' '})
		end := len(first)
		for range k.longest[string(first)] - 1 {
			if end == len(words) {
				break
			}
			next, _, _ := bytes.Cut(words[end+1:], []byte{' '})
			end += 1 + len(next)
			if mark := k.names[string(words[:end])]; mark != Unmarked {
				return mark
			}
		}
		words = rest
	}
	return Unmarked
}

// foldHeading appends a heading's words in lower case with a space between, without
// numbers in front. A sign for "and", and the German word, is the word and.
func foldHeading(dst []byte, heading string) []byte {
	at := len(dst) // where the word begins that is being written
	word := func() {
		w := dst[at:]
		switch {
		case len(w) == 0:
			return
		case at == 0 && w[0] >= '0' && w[0] <= '9':
			dst = dst[:at]
			return
		case string(w) == "und":
			dst = append(dst[:at], "and"...)
		}
		dst = append(dst, ' ')
		at = len(dst)
	}
	for _, r := range heading {
		switch {
		case r == '&' || r == '+':
			word()
			dst = append(dst, "and"...)
			word()
		case r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9'):
			dst = append(dst, byte(r))
		case r >= 'A' && r <= 'Z':
			dst = append(dst, byte(r)|0x20)
		case r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		default:
			word()
		}
	}
	word()
	return bytes.TrimSuffix(dst, []byte{' '})
}

// overview is true for the path of a note that stands for its folder.
func (p *Parser) overview(path string) bool {
	base := strings.ToLower(path[strings.LastIndexByte(path, '/')+1:])
	base, _, _ = strings.Cut(base, ".") // the extension, and a language's key
	return base == "_index" || !p.opts.Hugo && (base == "index" || base == "readme")
}
