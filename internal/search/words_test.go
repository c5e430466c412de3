package search_test

import (
	"encoding/json"
	"testing"

	"lectern/internal/search"
)

// texts are hard to cut and to fold.
func texts() []string {
	return []string{
		"", " ", "Plain words, and 42 numbers: v1.29, k8s.", "x-pdb multi-cluster air--gapped -a- b-", "don't l'été 'quoted'",
		"Größe STRASSE Straße ẞ weiß Äpfel äÖü", "Queue neue Haeuser Quelle Israel Poesie oe ue ae", "Øre Łódź Æther cœur þorn ðe đ ı İstanbul IŞIK",
		"ΟΔΥΣΣΕΥΣ Ὀδυσσεύς σας", "Ёлка йод", "ﬁne ﬃ ½ ² Ⅷ ㎏ ℌ", "e\u0301te\u0301 n\u0303", "東京タワーは港区", "ｶﾒﾗ カメラ がぎぐ パピプ", "한국어 문서 각",
		"abc東京def 1東2", "ภาษาไทย ກະລຸນາ ខ្មែរ မြန်မာ", "עִבְרִית שלום", "اَلْعَرَبِيَّةُ مـــد", "हिन्दी में", "𝕏𝕐 𠮷野家 🎉 a🎉b", "snake_case camelCase HTTPServer",
		"a\u200db a\u00adb", "\u0301combining first", "\ufeffbom", "tabs\tand\nlines", "1\u20e3 x\u0332y", "ǅ ǆ Ǆ", "ſt long s",
	}
}

// The browser cuts and folds words as the index does.
func TestWordsAreTheSameOnBothSides(t *testing.T) {
	var answers [][][4]any
	newClient(t).run(t, map[string]any{"texts": texts()}, &answers)
	for i, text := range texts() {
		words := search.WordsOf(text)
		if len(words) != len(answers[i]) {
			t.Errorf("%q: %d words here, %d in the browser", text, len(words), len(answers[i]))
			continue
		}
		for k, w := range words {
			parts := make([]any, len(w.Parts))
			for j, p := range w.Parts {
				parts[j] = p
				if runs, ok := answers[i][k][3].([]any); ok && j < len(runs) {
					if _, one := runs[j].(string); one {
						parts[j] = p[0]
					}
				}
			}
			here, err := json.Marshal([4]any{w.Folded, w.Umlauts, w.Glued, parts})
			if err != nil {
				t.Fatal(err)
			}
			there, err := json.Marshal(answers[i][k])
			if err != nil {
				t.Fatal(err)
			}
			if string(here) != string(there) {
				t.Errorf("%q, word %d: %s here, %s in the browser", text, k, here, there)
			}
		}
	}
}

func TestStems(t *testing.T) {
	for _, c := range []struct{ lang, a, b string }{
		{"en", "scaling", "scaled"},
		{"en", "policies", "policy"},
		{"en-GB", "cluster", "clusters"},
		{"de", "Häuser", "haus"},
		{"de-AT", "Skalierungen", "Skalierung"},
		{"de", "größten", "größte"},
		{"fr", "déploiements", "déploiement"},
		{"fr-CA", "nouvelles", "nouvelle"},
	} {
		if a, b := search.Stem(c.lang, c.a), search.Stem(c.lang, c.b); a != b {
			t.Errorf("%s: %s is %s, %s is %s", c.lang, c.a, a, c.b, b)
		}
	}
	if got := search.Stem("sv", "simmade"); got != "simmade" {
		t.Errorf("a language without stems has %s", got)
	}
}

func TestDistance(t *testing.T) {
	cases := []struct {
		a, b, open string
		want       float64
	}{
		{"etcd", "etcd", "", 0},
		{"etdc", "etcd", "", 1},
		{"etc", "etcd", "", 1},
		{"etccd", "etcd", "", 1},
		{"axcd", "etcd", "", 2},
		{"kubre", "kubernetes", "open", 1},
		{"kubernets", "kubernetes", "", 1},
		{"dog", "kubernetes", "open", 3},
		{"short", "muchlonger", "", 3},
	}
	jobs := make([][3]string, len(cases))
	for i, c := range cases {
		jobs[i] = [3]string{c.a, c.b, c.open}
	}
	var got []float64
	newClient(t).run(t, map[string]any{"pairs": jobs}, &got)
	for i, c := range cases {
		if got[i] != c.want {
			t.Errorf("%s and %s: %v, want %v", c.a, c.b, got[i], c.want)
		}
	}
}

func FuzzIndex(f *testing.F) {
	for _, t := range texts() {
		f.Add(t, "Title "+t, "de")
	}
	f.Fuzz(func(t *testing.T, text, title, lang string) {
		d := doc("/x/", lang, title, text)
		d.People, d.Terms, d.About = []string{title}, []string{text}, text
		index(t, []search.Document{d, doc("/y/", "en", text, title)})
	})
}
