package note

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/internal/diag"
)

// finding describes the first finding with rule, "" for none.
func finding(n *Note, rule string) string {
	for _, d := range n.Diags {
		if d.Rule == rule {
			return fmt.Sprintf("%d:%d: %s: %s (%s)", d.Line, d.Col, d.Severity, d.Message, d.Hint)
		}
	}
	return ""
}

// TestBlanksBeforeFrontMatter: Hugo passes over them, so what stands behind
// them says who may see the note.
func TestBlanksBeforeFrontMatter(t *testing.T) {
	for name, text := range map[string]string{
		"empty line":   "\n---\ntitle: S\nvisibility: private\nweight: x\n---\nsecret\n",
		"space":        " ---\ntitle: S\nvisibility: private\nweight: x\n---\nsecret\n",
		"tab, lines":   "\t\n  \n\t---\ntitle: S\nvisibility: private\nweight: x\n---\nsecret\n",
		"CRLF":         "\r\n---\r\ntitle: S\r\nvisibility: private\r\nweight: x\r\n---\r\nsecret\r\n",
		"second BOM":   "\ufeff\ufeff---\ntitle: S\nvisibility: private\nweight: x\n---\nsecret\n",
		"BOM in blank": "\n \ufeff\n---\ntitle: S\nvisibility: private\nweight: x\n---\nsecret\n",
		"TOML":         "\n\n+++\ntitle = \"S\"\nvisibility = \"private\"\nweight = \"x\"\n+++\nsecret\n",
		"JSON":         "\n {\"title\": \"S\",\n\"visibility\": \"private\",\n\"weight\": \"x\"}\nsecret\n",
	} {
		n := parseFront(t, text)
		if n.Front.Visibility != Private || n.Title != "S" || string(n.Body.HTML) != "<p>secret</p>\n" {
			t.Errorf("%s: visibility %d, title %q, body %q", name, n.Front.Visibility, n.Title, n.Body.HTML)
		}
		want := 1 + strings.Count(text[:strings.Index(text, "weight")], "\n")
		if len(n.Diags) != 1 || n.Diags[0].Line != want {
			t.Errorf("%s: findings %v, want one in line %d", name, n.Diags, want)
		}
	}
	n := parseFront(t, "\n\n ---\nvisibility: private\n\nsecret\n")
	if n.Readable || !n.Suspect || n.Diags[0].Line != 3 || n.Diags[0].Col != 2 {
		t.Errorf("without an end: readable %v, %v", n.Readable, n.Diags)
	}
}

// TestFieldsBelowParams: Hugo wants fields that it does not know there.
func TestFieldsBelowParams(t *testing.T) {
	for name, text := range map[string]string{
		"yaml": "---\ntitle: T\nroom: top\nparams:\n  visibility: unlisted\n  Event: E\n  speaker: [A, B]\n  authors: C\n  room: below\n" +
			"  track: D\n  start: 2025-04-01T09:30\n  hidden: true\n  title: no\n  draft: true\n  tags: [x]\n  other: 1\n---\n",
		"toml": "+++\ntitle = \"T\"\nroom = \"top\"\n[params]\nvisibility = \"unlisted\"\nEvent = \"E\"\nspeaker = [\"A\", \"B\"]\nauthors = \"C\"\nroom = \"below\"\n" +
			"track = \"D\"\nstart = 2025-04-01T09:30:00\nhidden = true\ntitle = \"no\"\ndraft = true\ntags = [\"x\"]\nother = 1\n+++\n",
	} {
		n := parseFront(t, text)
		f := n.Front
		if len(n.Diags) > 0 || f.Visibility != Unlisted || f.Event != "E" || !slices.Equal(f.Speakers, []string{"A", "B"}) ||
			!slices.Equal(f.Authors, []string{"C"}) || f.Room != "top" || f.Track != "D" || f.Start.Hour() != 9 || !f.Hidden ||
			!slices.Equal(f.Taxonomies["tags"], []string{"x"}) {
			t.Errorf("%s: %+v, %v", name, f, n.Diags)
		}
		if f.Title != "T" || f.Draft {
			t.Errorf("%s: a field of Hugo's counts below params: title %q, draft %v", name, f.Title, f.Draft)
		}
		if params, _ := f.Params["params"].(map[string]any); params["other"] != int64(1) || params["room"] != "below" {
			t.Errorf("%s: params are %v", name, f.Params)
		}
	}
	n := parseFront(t, "---\nspeakers: [A]\nvisibility: public\nparams: {speaker: B, visibility: private}\n---\n")
	if !slices.Equal(n.Front.Speakers, []string{"A"}) || n.Front.Visibility != Public {
		t.Errorf("the top does not win: %v, %d", n.Front.Speakers, n.Front.Visibility)
	}
	for _, text := range []string{"params: {visibility: secret}", "params: {visibility: }", "params: {visibilty: x}", "params:\n  access: private"} {
		if n := parseFront(t, "---\n"+text+"\n---\nsecret\n"); n.Readable || !n.Suspect || len(n.Body.HTML) > 0 {
			t.Errorf("%s: readable", text)
		}
	}
}

func TestCascade(t *testing.T) {
	for _, text := range []string{
		"cascade: {visibility: private}", "cascade:\n  draft: true", "cascade:\n- target: {path: /x/**}\n  publishDate: 2030-01-01",
		"cascade:\n  params:\n    visibility: private", "cascade: {build: {render: never}}", "cascade: {Hidden: true}",
		"cascade: {expiryDate: 2020-01-01}", "cascade: {visibilty: x}",
	} {
		n := parseFront(t, "---\ntitle: T\n"+text+"\n---\nText\n")
		got := finding(n, ruleCascade)
		if n.Readable || !n.Suspect || !strings.HasPrefix(got, "3:1: error: cascade is not supported") || len(n.Body.HTML) > 0 {
			t.Errorf("%s: readable %v, suspect %v, %q", text, n.Readable, n.Suspect, got)
		}
	}
	n := parseFront(t, "---\ncascade: {type: docs, params: {banner: x.png}}\n---\nText\n")
	if got := finding(n, ruleCascade); !n.Readable || !strings.HasPrefix(got, "2:1: warning: cascade is not supported") {
		t.Errorf("harmless: readable %v, %q", n.Readable, got)
	}
}

func TestMisspeltVisibility(t *testing.T) {
	for _, text := range []string{
		"visibilty: private", "Visiblity: private", "visibiliti: x", "visability: public", "visibilty:", "access: private", "status: \" Unlisted \"",
	} {
		name := strings.ToLower(text[:strings.IndexByte(text, ':')])
		n := parseFront(t, "---\ntitle: T\n"+text+"\n---\nsecret\n")
		got := finding(n, ruleVisibility)
		if n.Readable || !n.Suspect || len(n.Body.HTML) > 0 ||
			!strings.HasPrefix(got, "3:1: error: front matter field \""+name+"\" is unknown") || !strings.Contains(got, "(the field is \"visibility\"") {
			t.Errorf("%s: readable %v, %q", text, n.Readable, got)
		}
	}
	for _, text := range []string{"title: private", "utility: x", "version: 3", "notes: a private talk", "room: private"} {
		if n := parseFront(t, "---\n"+text+"\n---\n"); !n.Readable || len(n.Diags) > 0 {
			t.Errorf("%s: %v", text, n.Diags)
		}
	}
}

func TestDuplicates(t *testing.T) {
	n := parseFront(t, "---\ntitle: A\ntags: [a]\nTitle: B\nweight: 1\ntitle: C\ntags: [b]\n---\n")
	if n.Front.Title != "C" || !slices.Equal(n.Front.Taxonomies["tags"], []string{"b"}) || n.Front.Weight != 1 || len(n.Diags) != 3 {
		t.Errorf("%+v, %v", n.Front, n.Diags)
	}
	for _, name := range []string{"visibility", "draft", "hidden", "date", "publishDate", "pubdate", "expiryDate", "build", "params", "cascade"} {
		n := parseFront(t, "---\n"+name+": public\n"+name+": public\n---\n")
		if n.Readable || len(n.Diags) != 1 || n.Diags[0].Severity != diag.Error {
			t.Errorf("%s twice: readable %v, %v", name, n.Readable, n.Diags)
		}
	}
	if n := parseFront(t, "---\naccess: private\naccess: all\n---\n"); n.Readable {
		t.Error("the private one of two is lost")
	}
}

func TestFrontMatterHints(t *testing.T) {
	const general = "the note is left out until this can be read, because it might say that it is private"
	for text, want := range map[string]string{
		"title: Go: the talk":           "put the value in quotes: title: \"…\"; " + general,
		"weight: 1\ndescription: a: b":  "put the value in quotes: description: \"…\"; " + general,
		"title: \"x":                    general,
		"draft: true\ndraft: true":      "keep one of them; " + general,
		"title: [a, b: c: d]\nx: {y: z": general,
	} {
		n := parseFront(t, "---\n"+text+"\n---\n")
		if n.Readable || len(n.Diags) != 1 || n.Diags[0].Hint != want {
			t.Errorf("%s: %v", text, n.Diags)
		}
	}
	n := parseFront(t, "---\nname: x\ntitle: Go: the talk\n---\n")
	if d := n.Diags[0]; d.Line != 3 {
		t.Errorf("the finding is in line %d", d.Line)
	}
}

// TestUnreadFiles: what cannot be read at all may be private.
func TestUnreadFiles(t *testing.T) {
	utf16 := "\xff\xfe"
	for _, c := range "---\nvisibility: private\n---\n![](img/p.png)\n" {
		utf16 += string([]byte{byte(c), 0})
	}
	n := Parse("s/_index.md", []byte(utf16), nil)
	if n.Readable || !n.Suspect || !slices.Contains(n.Mentions, "p.png") || !strings.Contains(n.Diags[0].Hint, "save it as UTF-8") {
		t.Errorf("UTF-16: suspect %v, mentions %v, %v", n.Suspect, n.Mentions, n.Diags)
	}
	n = Parse("s/_index.md", []byte("a.png "+strings.Repeat("x", MaxSize)+" b.png"), nil)
	if n.Readable || !n.Suspect || !slices.Equal(n.Mentions, []string{"a.png", "b.png"}) {
		t.Errorf("too large: suspect %v, mentions %.100q", n.Suspect, n.Mentions)
	}
}

func TestDateFallsBack(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2025, 4, d, 0, 0, 0, 0, time.UTC) }
	for text, want := range map[string]time.Time{
		"lastmod: 2025-04-03\npublishDate: 2025-04-02\ndate: 2025-04-01": day(1),
		"lastmod: 2025-04-03\npublishDate: 2025-04-02":                   day(2),
		"lastmod: 2025-04-03\npubdate: 2025-04-02":                       day(2),
		"published: 2025-04-02":                                          day(2),
		"lastmod: 2025-04-03":                                            day(3),
		"modified: 2025-04-03":                                           day(3),
		"title: x":                                                       {},
	} {
		f := parseFront(t, "---\n"+text+"\n---\n").Front
		if !f.Date.Equal(want) || f.DateFromLastmod != want.Equal(day(3)) {
			t.Errorf("%s: date %v, from lastmod %v", text, f.Date, f.DateFromLastmod)
		}
	}
}

func TestUnixSeconds(t *testing.T) {
	for _, text := range []string{"---\ndate: 1704189600\n---\n", "+++\ndate = 1704189600\n+++\n", "{\"date\": 1704189600}\n"} {
		n := parseFront(t, text)
		if want := time.Date(2024, 1, 2, 10, 0, 0, 0, time.UTC); !n.Front.Date.Equal(want) || len(n.Diags) > 0 {
			t.Errorf("%q: %v, %v", text, n.Front.Date, n.Diags)
		}
	}
	for _, text := range []string{"publishDate: 2025", "publishDate: 20250401", "publishDate: 99999999999999"} {
		if n := parseFront(t, "---\n"+text+"\n---\n"); !n.Front.Draft || len(n.Diags) != 1 {
			t.Errorf("%s: draft %v, %v", text, n.Front.Draft, n.Diags)
		}
	}
}

func TestPlainNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"---\ntitle: 1234567.5\n---\n": "1234567.5", "---\ntitle: 0.00001\n---\n": "0.00001", "---\ntitle: 2.50\n---\n": "2.5",
		"---\ntitle: 12345678901234567890\n---\n": "12345678901234567890", "{\"title\": 12345678901234567890}\n": "12345678901234567890",
		"+++\ntitle = 1234567.5\n+++\n": "1234567.5", "{\"title\": 1e6}\n": "1000000",
	} {
		if n := parseFront(t, text); n.Title != want {
			t.Errorf("%q: title %q, want %q", text, n.Title, want)
		}
	}
	f := parseFront(t, "---\nslug: 1234567.5\ntags: [0.00001]\n---\n").Front
	if f.Slug != "1234567.5" || f.Taxonomies["tags"][0] != "0.00001" {
		t.Errorf("slug %q, tags %q", f.Slug, f.Taxonomies["tags"])
	}
}

func TestExplicitKeys(t *testing.T) {
	n := parseFront(t, "---\n? title\n: A\n? deep\n: ? a\n  : 1\nweight: 2\n---\n")
	if deep, _ := n.Front.Params["deep"].(map[string]any); n.Front.Title != "A" || n.Front.Weight != 2 || len(n.Diags) > 0 || deep["a"] == nil {
		t.Errorf("%+v, %v", n.Front, n.Diags)
	}
	if n := parseFront(t, "---\n? visibility\n: private\n---\n"); n.Front.Visibility != Private {
		t.Errorf("visibility is %d, %v", n.Front.Visibility, n.Diags)
	}
}

// TestTaxonomyWithAFieldsName: it is both.
func TestTaxonomyWithAFieldsName(t *testing.T) {
	n := parseFront(t, "---\nspeakers: [Ann, Bob]\nauthors: Me\ntrack: [A, B]\nroom: 3\n---\n", func(o *Options) {
		o.Taxonomies = []Taxonomy{{"speaker", "speakers"}, {"author", "authors"}, {"track", "track"}, {"room", "room"}}
	})
	f := n.Front
	if !slices.Equal(f.Speakers, []string{"Ann", "Bob"}) || !slices.Equal(f.Authors, []string{"Me"}) || f.Track != "A, B" || f.Room != "3" || len(n.Diags) > 0 {
		t.Errorf("fields: %v, %v, %q, %q, %v", f.Speakers, f.Authors, f.Track, f.Room, n.Diags)
	}
	for name, want := range map[string][]string{"speakers": {"Ann", "Bob"}, "authors": {"Me"}, "track": {"A", "B"}, "room": {"3"}} {
		if got := f.Taxonomies[name]; !slices.Equal(got, want) {
			t.Errorf("taxonomy %s: %v", name, got)
		}
	}
}

func TestNameTitle(t *testing.T) {
	for path, want := range map[string]string{
		"2025-04-01 talk.md": "2025-04-01 talk", "2025-04-01.md": "2025-04-01", "d/2025-04-01-my_talk.md": "2025-04-01 my talk",
		"2025-04-012.md": "04 012", "02_my-talk.md": "My talk", "2025/index.md": "2025", "2025-04-01/index.md": "2025-04-01", "10.md": "10",
	} {
		if got := nameTitle(path, true); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
