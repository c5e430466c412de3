package page

import (
	"reflect"
	"slices"
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

func TestDates(t *testing.T) {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		lang        string
		first, last time.Time
		want        string
	}{
		{"en", day(2026, 10, 7), day(2026, 10, 7), "7 October 2026"},
		{"en", day(2026, 10, 7), day(2026, 10, 8), "7–8 October 2026"},
		{"de", day(2026, 10, 7), day(2026, 10, 8), "7.–8. Oktober 2026"},
		{"de", day(2026, 9, 30), day(2026, 10, 2), "30. September – 2. Oktober 2026"},
		{"en", day(2025, 12, 30), day(2026, 1, 2), "30 December 2025 – 2 January 2026"},
		{"fr-CA", day(2026, 8, 1), day(2026, 8, 3), "1–3 août 2026"},
		{"es", day(2026, 8, 1), day(2026, 8, 3), "1–3 de agosto de 2026"},
		{"pt-BR", day(2026, 1, 31), day(2026, 3, 3), "31 de janeiro – 3 de março de 2026"},
		{"ca", day(2026, 4, 1), day(2026, 4, 1), "1 d’abril de 2026"},
		{"cs", day(2026, 6, 1), day(2026, 6, 2), "1.–2. června 2026"},
		{"ja", day(2026, 6, 1), day(2026, 6, 2), "2026年6月1日 – 2026年6月2日"},
		{"ko", day(2026, 12, 1), day(2026, 12, 1), "2026년 12월 1일"},
		{"ru", day(2026, 6, 1), day(2026, 6, 2), "1 июня 2026 г. – 2 июня 2026 г."},
		{"tlh", day(2026, 6, 1), day(2026, 6, 1), "1 June 2026"},
	} {
		if got := wordsFor(c.lang).dates(c.first, c.last); got != c.want {
			t.Errorf("%s: %q, want %q", c.lang, got, c.want)
		}
	}
	for _, lang := range strings.Fields("fr it es pt ca nl sv da nb nn no fi cs sk pl tr uk ru ja zh ko") {
		w := wordsFor(lang)
		if lang != "en" && w.months == english().months {
			t.Errorf("%s has English months", lang)
		}
		for i, m := range w.months {
			if m == "" || slices.Contains(w.months[:i], m) {
				t.Errorf("%s: month %d is %q", lang, i+1, m)
			}
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
