package search_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"lectern/internal/search"
)

// doc makes a document of a text in Markdown's shape: lines that begin with
// "# " are headings, and one in brackets behind it is their kind.
func doc(url, lang, title, text string) search.Document {
	d := search.Document{URL: url, Lang: lang, Title: title, Key: uint64(len(url)) + 1000*uint64(len(title)+len(text))}
	section := search.Section{}
	end := func() {
		section.To = len(d.Text)
		d.Sections = append(d.Sections, section)
	}
	for line := range strings.SplitSeq(text, "\n") {
		if heading, ok := strings.CutPrefix(line, "# "); ok {
			end()
			heading, kind, _ := strings.Cut(heading, " [")
			d.Text = append(append(d.Text, heading...), '\n')
			section = search.Section{
				ID: strings.ReplaceAll(strings.ToLower(heading), " ", "-"), Heading: heading,
				Kind: strings.TrimSuffix(kind, "]"), From: len(d.Text),
			}
			continue
		}
		d.Text = append(append(d.Text, line...), '\n')
	}
	end()
	return d
}

func samples() []search.Document {
	ada := doc("/ada/", "en", "On engines", "An engine weaves algebra.\n# Looms\nIt works like a loom.\n# Questions [Q&A]\nCan it think? It has no pretensions.")
	ada.People = []string{"Ada Lovelace"}
	ada.Terms = []string{"mathematics"}
	ada.Trail = "Day 1 · Ada Lovelace"
	ada.About = "A programme for numbers of Bernoulli"
	long := doc("/long/", "en", "A long one", "Start here.\n"+strings.Repeat("Nothing to see in this line of words.\n", 300)+"# Far below\n"+
		strings.Repeat("Still nothing in here at all.\n", 200)+"The zeppelin landed.\n"+strings.Repeat("More of it.\n", 200))
	return []search.Document{
		ada,
		long,
		doc("/houses/", "de", "Vom Bauen", "Das Haus steht an der Straße, die Häuser stehen am Weg. Große Skalierung braucht Übung."),
		doc("/plain-houses/", "de", "Ohne Punkte", "Geschrieben wie frueher: die Strasse, der Muell, die Loesung."),
		doc("/villes/", "fr", "Des déploiements", "Un déploiement par jour, l'été comme l'hiver. Les nouveaux serveurs."),
		doc("/tokyo/", "ja", "東京の地図", "東京タワーは港区にあります。カメラ。"),
		doc("/korean/", "ko", "한국어 문서", "쿠버네티스를 배포합니다."),
		doc("/tests/", "en", "Quality", "We run tests on all policies. Nothing was scaled. OpenTelemetry and multi-cluster setups."),
		doc("/swim/", "sv", "Simma", "Vi simmade i sjöarna."),
		doc("/the/", "en", "The Who", "A band and its songs."),
	}
}

func index(t testing.TB, docs []search.Document) []search.File {
	t.Helper()
	files, err := (&search.Indexer{}).Index(context.Background(), docs, map[string]string{"none": "nothing"})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestFind(t *testing.T) {
	queries := []struct{ query, want, why string }{
		{"engines", "/ada/", "the title"},
		{"lovelace", "/ada/", "a speaker"},
		{"Ada", "/ada/", "a speaker's first name"},
		{"mathematics", "/ada/", "a tag"},
		{"bernoulli", "/ada/", "the description"},
		{"loom", "/ada/#looms", "the heading above the word"},
		{"pretension", "/ada/#questions", "another heading"},
		{"zeppelin", "/long/#far-below", "the text far below a heading"},
		{"Häuser", "/houses/", "an umlaut"},
		{"haus", "/houses/", "another number"},
		{"hauser", "/houses/", "an umlaut left out"},
		{"haeuser", "/houses/", "an umlaut spelled out"},
		{"skalierungen", "/houses/", "a German form that no note has"},
		{"loesung", "/plain-houses/", "a word without umlauts"},
		{"Lösung", "/plain-houses/", "a word with an umlaut that the note spells out"},
		{"Müll", "/plain-houses/", "another"},
		{"strasse", "/houses/ /plain-houses/", "ß and ss"},
		{"Straße", "/houses/ /plain-houses/", "ss and ß"},
		{"deploiement", "/villes/", "accents left out"},
		{"DÉPLOIEMENT", "/villes/", "capitals"},
		{"été", "/villes/", "a word behind an apostrophe"},
		{"serveur", "/villes/", "a French form that no note has"},
		{"東京", "/tokyo/", "two letters without spaces"},
		{"港", "/tokyo/", "one letter"},
		{"東京タワー", "/tokyo/", "a longer stretch"},
		{"ｶﾒﾗ", "/tokyo/", "narrow letters for wide ones"},
		{"쿠버네티스", "/korean/", "a word with a particle behind it in the note"},
		{"testing", "/tests/", "an English form that no note has"},
		{"policy", "/tests/", "another number"},
		{"scaling", "/tests/", "another tense"},
		{"telemetry", "/tests/", "a part of a word in camel case"},
		{"open telemetry", "/tests/", "two words for one"},
		{"multicluster", "/tests/", "one word for two with a hyphen"},
		{"simmade", "/swim/", "a language without stems"},
		{"sjoarna", "/swim/", "an accent of any language"},
		{"the who", "/the/", "words that say nothing, in a title"},
		{"enginse", "/ada/", "two letters swapped"},
		{"matematics", "/ada/", "a letter missing"},
		{"lovelase", "/ada/", "a wrong letter"},
		{"mathemmmatics", "/ada/", "two letters too many"},
		{"xathematics", "/ada/", "a wrong first letter"},
		{"zepp", "/long/#far-below", "a beginning"},
		{"love eng", "/ada/", "two beginnings"},
		{"zeppelin nowhere", "/long/#far-below", "a word that is nowhere beside one that is"},
	}
	asked := make([]string, len(queries))
	for i, q := range queries {
		asked[i] = q.query
	}
	for i, a := range newClient(t).ask(t, write(t, index(t, samples())), true, asked...) {
		want := strings.Fields(queries[i].want)
		for k, w := range want {
			found := slices.ContainsFunc(a.Results[:min(len(a.Results), len(want))], func(r result) bool { return r.URL == w })
			if !found {
				t.Errorf("%q (%s): want %s at place %d, got %d results: %v", a.Query, queries[i].why, w, k+1, a.Count, urls(a))
			}
		}
	}
}

func urls(a answer) []string {
	var out []string
	for _, r := range a.Results {
		out = append(out, r.URL)
	}
	return out
}

func TestFindNothing(t *testing.T) {
	for _, a := range newClient(t).ask(t, write(t, index(t, samples())), false, "", "  ", "!?", "qqqq", "the", "zz", "\u0000", "<script>", strings.Repeat("x", 5000), "# - ' \" \\") {
		if a.Count > 1 || a.Count == 1 && a.Query != "the" {
			t.Errorf("%.20q finds %v", a.Query, urls(a))
		}
	}
	for _, docs := range [][]search.Document{nil, {{URL: "/"}}, {doc("/x/", "", "", "")}} {
		for _, a := range newClient(t).ask(t, write(t, index(t, docs)), false, "x", "longer words") {
			if a.Count != 0 {
				t.Errorf("%q is found in nothing", a.Query)
			}
		}
	}
}

func TestSnippets(t *testing.T) {
	cases := []struct {
		query, text string
		marks       []string
	}{
		{"zeppelin", "The zeppelin landed.", []string{"zeppelin"}},
		{"algebra weave", "An engine weaves algebra.", []string{"weaves", "algebra"}},
		{"testing policy", "We run tests on all policies.", []string{"tests", "policies"}},
		{"タワー", "東京タワーは港区にあります。", []string{"タワー"}},
		{"Lösung", "die Loesung.", []string{"Loesung"}},
		{"telemetry", "OpenTelemetry and", []string{"OpenTelemetry"}},
		{"think", "Can it think?", []string{"think"}},
	}
	asked := make([]string, len(cases))
	for i, c := range cases {
		asked[i] = c.query
	}
	for i, a := range newClient(t).ask(t, write(t, index(t, samples())), false, asked...) {
		if len(a.Results) == 0 {
			t.Errorf("%q finds nothing", a.Query)
			continue
		}
		r, c := a.Results[0], cases[i]
		if text := plain(r.Text); !strings.Contains(text, c.text) || len([]rune(text)) > 260 {
			t.Errorf("%q: the snippet is %q", a.Query, text)
		}
		if got := marked(r.Text); !slices.Equal(got, c.marks) {
			t.Errorf("%q: %q is marked, want %q", a.Query, got, c.marks)
		}
	}
}

// What a result says beside its text.
func TestResult(t *testing.T) {
	answers := newClient(t).ask(t, write(t, index(t, samples())), false, "pretensions", "lovelace", "mathematics")
	r := answers[0].Results[0]
	if plain(r.Title) != "On engines" || plain(r.Trail) != "Day 1 · Ada Lovelace" || plain(r.Heading) != "Questions" || r.Kind != "Q&A" {
		t.Errorf("got %+v", r)
	}
	if got := marked(answers[1].Results[0].Trail); !slices.Equal(got, []string{"Lovelace"}) {
		t.Errorf("the speaker's name is marked as %q", got)
	}
	if got := answers[2].Results[0].Terms; !slices.Equal(got, []string{"mathematics"}) {
		t.Errorf("the tag found is %q", got)
	}
}

// Equal documents give equal files, however many goroutines work, and whatever
// the indexer made before.
func TestSameBytes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	kept := &search.Indexer{Jobs: 3}
	docs := samples()
	for step := range 60 {
		switch i := rnd.IntN(len(docs)); rnd.IntN(3) {
		case 0:
			docs[i] = doc(docs[i].URL, []string{"en", "de", "fr", "", "xx"}[rnd.IntN(5)], docs[i].Title, strings.Repeat(fmt.Sprintf("Word%d stands.\n", step), 1+rnd.IntN(900)))
			docs[i].Key = uint64(step) + 1<<40
		case 1:
			docs = append(docs, doc(fmt.Sprintf("/new%d/", step), "en", "New", fmt.Sprintf("# H%d\nThe text of %d", step, step)))
		default:
			if len(docs) > 3 {
				docs = slices.Delete(docs, i, i+1)
			}
		}
		got, err := kept.Index(context.Background(), docs, nil)
		if err != nil {
			t.Fatal(err)
		}
		want, err := (&search.Indexer{Jobs: 1}).Index(context.Background(), docs, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got, want, func(a, b search.File) bool {
			return a.Name == b.Name && a.Sum == b.Sum && bytes.Equal(bytes.Join(a.Parts, nil), bytes.Join(b.Parts, nil))
		}) {
			t.Fatalf("step %d: %d files, of a new indexer %d, and they differ", step, len(got), len(want))
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	x := &search.Indexer{}
	if _, err := x.Index(ctx, samples(), nil); err == nil {
		t.Error("a cancelled index was made")
	}
	if files, err := x.Index(context.Background(), samples(), nil); err != nil || len(files) < 3 {
		t.Errorf("afterwards: %d files, %v", len(files), err)
	}
}

// What nobody types does not swell the index.
func TestNoise(t *testing.T) {
	noise := strings.Repeat("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo", 4000) + " word"
	files := index(t, []search.Document{doc("/x/", "en", "X", noise)})
	for _, f := range files {
		if strings.HasPrefix(f.Name, "w") && len(bytes.Join(f.Parts, nil)) > 200 {
			t.Errorf("%s has %d bytes", f.Name, len(bytes.Join(f.Parts, nil)))
		}
	}
}
