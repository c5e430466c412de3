package note

import "testing"

// What people write above these things, and what only looks like it.
func TestMarks(t *testing.T) {
	for heading, want := range map[string]Mark{
		"Talk recommendations":                      Recommendations,
		"⭐ Talk Recommendations:":                   Recommendations,
		"My talk recommendations for Friday":        Recommendations,
		"2. Recommended talks":                      Recommendations,
		"Must-watch":                                Recommendations,
		"Empfohlene Vorträge":                       Recommendations,
		"Unsere Talk-Empfehlungen":                  Recommendations,
		"Recommendation engines at scale":           Unmarked,
		"Recommendations for operators":             Unmarked,
		"Recommendations":                           Unmarked, // a speaker's advice
		"Empfehlungen":                              Unmarked,
		"Other stuff I learned or people i talk to": People,
		"Hallway track":                             People,
		"🗣 The hallway track":                       People,
		"Hallway":                                   People,
		"Hallway lighting":                          Unmarked,
		"People met":                                People,
		"PEOPLE I MET!":                             People,
		"People I've met":                           Unmarked,
		"Leute, die ich getroffen habe":             People,
		"Abseits der Vorträge:":                     People,
		"Gespräche":                                 People,
		"Gespräche mit dem Scheduler":               Unmarked,
		"People and platforms":                      Unmarked,
		"Q&A":                                       Questions,
		"Q & A":                                     Questions,
		"q&a:":                                      Questions,
		"Q+A":                                       Questions,
		"Q/A":                                       Questions,
		"Q'n'A":                                     Questions,
		"QnA":                                       Questions,
		"Demo and Q&A":                              Questions,
		"❓ Questions":                               Questions,
		"3) Questions":                              Questions,
		"Questions & Answers":                       Questions,
		"Fragen":                                    Questions,
		"Fragen und Antworten":                      Questions,
		"Fragen & Antworten":                        Questions,
		"From the audience":                         Questions,
		"Open questions":                            Unmarked,
		"Questions that etcd answers":               Unmarked,
		"Should a company pay?":                     Unmarked,
		"Q":                                         Unmarked,
		"A & Q":                                     Unmarked,
		"":                                          Unmarked,
		"&":                                         Unmarked,
		"🤷":                                         Unmarked,
		"2025":                                      Unmarked,
	} {
		n := Parse("content/day1/01_a.md", []byte("## "+heading+"\n"), nil)
		if got := n.Headings[0].Mark; got != want {
			t.Errorf("%q means %d, want %d", heading, got, want)
		}
	}
}

// A bare "Recommendations" is a list of talks only where a day speaks.
func TestMarksOfOverviews(t *testing.T) {
	for path, want := range map[string]Mark{
		"content/day1/_index.md": Recommendations, "content/day1/_index.de.md": Recommendations, "day1/README.md": Recommendations,
		"day1/index.md": Recommendations, "day1/01_a.md": Unmarked, "indexing.md": Unmarked,
	} {
		if got := Parse(path, []byte("# T\n\n## Recommendations\n"), nil).Headings[0].Mark; got != want {
			t.Errorf("in %s it means %d, want %d", path, got, want)
		}
	}
	o := &Options{Hugo: true}
	if got := Parse("content/talk/index.md", []byte("## Recommendations\n"), o).Headings[0].Mark; got != Unmarked {
		t.Errorf("in a bundle's note it means %d", got)
	}
}

// Configured names replace the default ones of their kind, one-word ones too.
func TestConfiguredMarks(t *testing.T) {
	o := &Options{Meanings: &Meanings{Recommendations: []string{"Picks", "à voir", "", "!"}, People: []string{}}}
	for heading, want := range map[string]Mark{
		"Picks": Recommendations, "À voir demain": Recommendations, "Talk recommendations": Unmarked,
		"Hallway track": Unmarked, "Q&A": Questions,
	} {
		if got := Parse("a.md", []byte("## "+heading+"\n"), o).Headings[0].Mark; got != want {
			t.Errorf("%q means %d, want %d", heading, got, want)
		}
	}
	keys := map[uint64]string{}
	for name, m := range map[string]*Meanings{
		"none": nil, "empty": {}, "no people": {People: []string{}}, "people": {People: []string{"a"}}, "questions": {Questions: []string{"a"}},
		"two": {People: []string{"a", "b"}}, "one of two words": {People: []string{"a b"}},
	} {
		k := (&Options{Meanings: m}).Key()
		if other, taken := keys[k]; taken {
			t.Errorf("options with %s and with %s have one key", name, other)
		}
		keys[k] = name
	}
}
