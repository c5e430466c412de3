package spelling

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

func TestCorrections(t *testing.T) {
	s := Open()
	for _, c := range []struct {
		list List
		word string
		want string
	}{
		{English, "mroe", "more"},
		{English, "Powerfull", "Powerful"},
		{English, "ENVIROMENT", "ENVIRONMENT"},
		{English, "teh", "the"},
		{English, "Teh", "The"},
		{English, "engough", "enough"},
		{English, "remidiate", "remediate"},
		{English, "kubernates", "Kubernetes"},
		{English, "Alot", "A lot"},
		{English, "doesnt", "doesn't"},
		{English, "automaticly", "automatically"},
		{English, "more", ""},
		{English, "colour", ""},
		{American, "colour", "color"},
		{American, "Organisation", "Organization"},
		{American, "color", ""},
		{British, "color", "colour"},
		{British, "organize", ""}, // Oxford writes it so
		{British, "dialog", ""},
		{American, "catalogue", ""},
		{German, "standart", "Standard"},
		{German, "Garnicht", "Gar nicht"},
		{German, "daß", "dass"},
	} {
		got := s.Corrections(c.list, c.word)
		slices.Sort(got)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %q", c.word, got, c.want)
		}
		if c.want != "" && !s.Listed([]byte(c.word)) {
			t.Errorf("%s is not listed", c.word)
		}
	}
}

// Words that technical notes are full of, and those that look like misspelt
// ones, are on no list.
func TestRightWords(t *testing.T) {
	s := Open()
	for _, w := range strings.Fields(`a I is the kubelet etcd repo namespace namespaces kubectl async init config configs enum struct
		programme colours referer creat umount grep ans nto1 hist cluster sidecar mutex daemon regex params args
		through trough form from then than their there lead led loose lose wether weather konfiguration perspektive
		organisation hardlinked containerd recommented affaires internacional refection natively scalable unmount todo Ömer naïve café ﬁle`) {
		if got := s.Corrections(English, w); got != nil {
			t.Errorf("%s: %q", w, got)
		}
	}
	for _, w := range []string{"", "a", "\xff\xfe\xfd", strings.Repeat("a", 1000), strings.Repeat("ä", 12)} {
		if s.Listed([]byte(w)) {
			t.Errorf("%q is listed", w)
		}
	}
}

func TestLists(t *testing.T) {
	s := Open()
	for list, words := range s.t.words {
		if len(words) < 80 {
			t.Errorf("list %d has only %d words", list, len(words))
		}
		for word, line := range words {
			if len(word) < shortest || len(word) > longest || word != strings.ToLower(word) || !s.Listed([]byte(word)) {
				t.Errorf("%q can't be found", word)
			}
			if strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }) {
				t.Errorf("%q is not one word", word)
			}
			corrections := strings.Fields(line)
			if len(corrections) == 0 {
				t.Errorf("%q has no correction", word)
			}
			for i, c := range corrections {
				if strings.EqualFold(c, word) && List(list) != German || slices.Contains(corrections[:i], c) {
					t.Errorf("%q: %q", word, line)
				}
				if _, wrong := words[strings.ToLower(c)]; wrong {
					t.Errorf("%q: the correction %q is misspelt", word, c)
				}
			}
		}
	}
}

func BenchmarkListed(b *testing.B) {
	s := Open()
	text := strings.Fields("Platform teams need more than a cluster so that developers can deploy what they have written")
	words := make([][]byte, len(text))
	for i := range text {
		words[i] = []byte(text[i])
	}
	for i := 0; b.Loop(); i++ {
		s.Listed(words[i%len(words)])
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		t := &tables{}
		t.add(English, englishText)
		t.add(American, americanText)
		t.add(British, britishText)
	}
}
