package page

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

// TestWords looks for words that a language lacks.
func TestWords(t *testing.T) {
	for _, lang := range []string{"en", "de"} {
		v := reflect.ValueOf(*wordsFor(lang))
		for _, f := range reflect.VisibleFields(v.Type()) {
			if v.FieldByIndex(f.Index).IsZero() {
				t.Errorf("%s: %s is missing", lang, f.Name)
			}
		}
	}
	if wordsFor("de-AT").home != wordsFor("de").home || wordsFor("tlh").home != wordsFor("en").home {
		t.Error("a regional code must give its language, an unknown one English")
	}
}

func TestPhrases(t *testing.T) {
	day := time.Date(2025, 3, 2, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{wordsFor("en").date(day), "2 March 2025"},
		{wordsFor("de").date(day), "2. März 2025"},
		{wordsFor("en").nNotes.of(1), "1 note"},
		{wordsFor("en").nNotes.of(0), "0 notes"},
		{wordsFor("de").nNotes.of(21), "21 Notizen"},
		{(&view{w: wordsFor("en")}).reading(119), "119 min read"},
		{(&view{w: wordsFor("en")}).reading(151), "3 h read"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// TestLanguages renders the site in German and in a language that is written
// from right to left.
func TestLanguages(t *testing.T) {
	for lang, want := range map[string][]string{
		"de": {`<html lang="de">`, "Zum Text springen", "Auf dieser Seite", "20. Mai 2025"},
		"he": {`<html lang="he" dir="rtl">`, "Skip to the text"},
	} {
		cfg := testConfig()
		cfg.Language = lang
		body := rendered(t, New(cfg, Options{}).Pass(smallSite(cfg)))["day1/01_opening/index.html"]
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s: no %q", lang, w)
			}
		}
	}
}
