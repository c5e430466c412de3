package edit_test

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"lectern/internal/edit"
	"lectern/internal/note"
)

func set(t *testing.T, src string, fields ...edit.Field) string {
	t.Helper()
	edits, err := edit.SetFields([]byte(src), fields...)
	if err != nil {
		t.Fatal(err)
	}
	out, err := edit.Apply([]byte(src), edits)
	if err != nil {
		t.Fatal(err)
	}
	again, err := edit.SetFields(out, fields...)
	if err != nil || len(again) > 0 {
		t.Errorf("a second time: %v, %v", again, err)
	}
	return string(out)
}

func TestSetFields(t *testing.T) {
	at := time.Date(2026, 3, 26, 9, 0, 0, 0, time.FixedZone("", 3600))
	for _, c := range []struct {
		name, src string
		field     edit.Field
		want      string
	}{
		{"plain", "---\ntitle: A  # mine\nweight: 1\n---\nText\n", edit.Field{Name: "title", Value: "B"}, "---\ntitle: B  # mine\nweight: 1\n---\nText\n"},
		{"same value in other quotes", "---\ntitle: 'A'\n---\n", edit.Field{Name: "title", Value: "A"}, "---\ntitle: 'A'\n---\n"},
		{"quotes are kept", "---\ntitle: 'It''s'\n---\n", edit.Field{Name: "title", Value: "It's B"}, "---\ntitle: 'It''s B'\n---\n"},
		{"quotes are needed", "---\ntitle: A\n---\n", edit.Field{Name: "title", Value: "Go: a talk # 1"}, "---\ntitle: \"Go: a talk # 1\"\n---\n"},
		{"a text like a number", "---\ntitle: A\n---\n", edit.Field{Name: "title", Value: "2026"}, "---\ntitle: \"2026\"\n---\n"},
		{"the name's case", "---\nTitle: A\n---\n", edit.Field{Name: "title", Value: "B"}, "---\nTitle: B\n---\n"},
		{"line ends and mark", "\xef\xbb\xbf---\r\ntitle: A\r\n---\r\nText\r\n", edit.Field{Name: "room", Value: "B"}, "\xef\xbb\xbf---\r\ntitle: A\r\nroom: B\r\n---\r\nText\r\n"},
		{"a block text", "---\ntitle: |\n  A\n  B\nweight: 1\n---\n", edit.Field{Name: "title", Value: "C"}, "---\ntitle: C\nweight: 1\n---\n"},
		{"new, behind another", "---\ntitle: A\n\n# about me\nx: 1\n---\n", edit.Field{Name: "weight", Value: 3, After: []string{"title"}}, "---\ntitle: A\nweight: 3\n\n# about me\nx: 1\n---\n"},
		{"a time", "---\ntitle: A\nstart: 2026-03-26T08:00:00Z\n---\n", edit.Field{Name: "start", Value: at}, "---\ntitle: A\nstart: 2026-03-26T08:00:00Z\n---\n"},
		{"another time", "---\nstart: 2026-03-26T08:30:00Z\n---\n", edit.Field{Name: "start", Value: at}, "---\nstart: 2026-03-26T09:00:00+01:00\n---\n"},
		{"list item added", "---\ntags:\n  - a # 1\n  - \"b\"\nx: 1\n---\n", edit.Field{Name: "tags", Value: []string{"b", "c", "a"}}, "---\ntags:\n  - \"b\"\n  - c\n  - a # 1\nx: 1\n---\n"},
		{"list items, with remarks", "---\ntags:\n  # first\n  - a # 1\n\n  - \"b\"   # 2\n# last\nx: 1\n---\n", edit.Field{Name: "tags", Value: []string{"a", "c"}}, "---\ntags:\n  # first\n  - a # 1\n\n  - \"c\"   # 2\n# last\nx: 1\n---\n"},
		{"list items gone and come", "---\ntags:\n- a\n- b # 2\n- c\n---\n", edit.Field{Name: "tags", Value: []string{"b", "d: e", "c", "f"}}, "---\ntags:\n- b # 2\n- \"d: e\"\n- c\n- f\n---\n"},
		{"all list items", "---\ntags: # mine\n  - a\n---\n", edit.Field{Name: "tags", Value: []string{"b", "c"}}, "---\ntags: # mine\n  - b\n  - c\n---\n"},
		{"list emptied", "---\ntags:\n- a\nx: 1\n---\n", edit.Field{Name: "tags", Value: []string{}}, "---\ntags: []\nx: 1\n---\n"},
		{"a list of one text", "---\ntags: a\n---\n", edit.Field{Name: "tags", Value: []string{"a", "b"}}, "---\ntags:\n- a\n- b\n---\n"},
		{"brackets, with remark", "---\ntags: [a, \"b\"]  # two\n---\n", edit.Field{Name: "tags", Value: []string{"a", "c"}}, "---\ntags: [a, \"c\"]  # two\n---\n"},
		{"brackets, first gone", "---\ntags: [ a, b, 'c' ]\n---\n", edit.Field{Name: "tags", Value: []string{"b", "c", "d"}}, "---\ntags: [ b, 'c', d ]\n---\n"},
		{"brackets, last gone", "---\ntags: [ a, b, 'c', ] # x\n---\n", edit.Field{Name: "tags", Value: []string{"a"}}, "---\ntags: [ a ] # x\n---\n"},
		{"brackets emptied", "---\ntags: [a, b] # x\n---\n", edit.Field{Name: "tags", Value: []string{}}, "---\ntags: [] # x\n---\n"},
		{"a time in quotes", "---\nstart: \"2026-03-26T08:30:00Z\"\n---\n", edit.Field{Name: "start", Value: at}, "---\nstart: \"2026-03-26T09:00:00+01:00\"\n---\n"},
		{"TOML, list with remarks", "+++\ntags = [ \"a\", # first\n  \"b\" ] # both\nx = 1\n+++\n", edit.Field{Name: "tags", Value: []string{"a"}}, "+++\ntags = [ \"a\" # first\n   ] # both\nx = 1\n+++\n"},
		{"TOML, list grows", "+++\ntags = [\n  'a', # 1\n  'b', # 2\n]\n+++\n", edit.Field{Name: "tags", Value: []string{"a", "b", "c"}}, "+++\ntags = [\n  'a', # 1\n  'b',\n  'c', # 2\n]\n+++\n"},
		{"JSON, removed", "{\n  \"title\": \"A\",\n  \"room\": \"B\",\n  \"x\": 1\n}\n", edit.Field{Name: "room"}, "{\n  \"title\": \"A\",\n  \"x\": 1\n}\n"},
		{"JSON, the last removed", "{\"title\": \"A\", \"room\": \"B\"}\n", edit.Field{Name: "room"}, "{\"title\": \"A\"}\n"},
		{"JSON, a list", "{\"tags\": [\"a\",\n \"b\" ]}\n", edit.Field{Name: "tags", Value: []string{"a", "c", "d"}}, "{\"tags\": [\"a\",\n \"c\",\n \"d\" ]}\n"},
		{"list in brackets", "---\ntags: [a, b]\n---\n", edit.Field{Name: "tags", Value: []string{"a", "c, d"}}, "---\ntags: [a, \"c, d\"]\n---\n"},
		{"removed", "---\ntitle: A\ntags:\n- a\n- b\n\n# x\nx: 1\n---\n", edit.Field{Name: "tags"}, "---\ntitle: A\n\n# x\nx: 1\n---\n"},
		{"without front matter", "# Talk\n", edit.Field{Name: "room", Value: "B"}, "---\nroom: B\n---\n\n# Talk\n"},
		{"empty front matter", "---\n---\nText", edit.Field{Name: "room", Value: "B"}, "---\nroom: B\n---\nText"},
		{"empty file", "", edit.Field{Name: "room", Value: "B"}, "---\nroom: B\n---\n"},
		{"a rule is no front matter", "---\n\nText\n", edit.Field{Name: "room", Value: "B"}, ""},
		{"a table for front matter", "---\n{title: A}\n---\n", edit.Field{Name: "room", Value: "B"}, ""},
		{"twice", "---\ntitle: A\ntitle: B\n---\n", edit.Field{Name: "title", Value: "C"}, ""},
		{"an anchor that others need", "---\ntitle: &x A\nroom: *x\n---\n", edit.Field{Name: "title", Value: "C"}, ""},
		{"TOML", "+++\ntitle = 'A' # x\n[params]\na = 1\n+++\n", edit.Field{Name: "title", Value: "B \"C\""}, "+++\ntitle = 'B \"C\"' # x\n[params]\na = 1\n+++\n"},
		{"TOML, before tables", "+++\ntitle = 'A'\n\n[params]\na = 1\n+++\n", edit.Field{Name: "tags", Value: []string{"x"}}, "+++\ntitle = 'A'\n\ntags = [\"x\"]\n[params]\na = 1\n+++\n"},
		{"TOML, a list of many lines", "+++\ntags = [\n  'a',\n  'b',\n]\nx = 1\n+++\n", edit.Field{Name: "tags", Value: []string{"c"}}, "+++\ntags = [\n  'c'\n]\nx = 1\n+++\n"},
		{"JSON", "{\n  \"title\": \"A\",\n  \"x\": 1\n}\n", edit.Field{Name: "title", Value: "B"}, "{\n  \"title\": \"B\",\n  \"x\": 1\n}\n"},
		{"JSON, new", "{\n  \"title\": \"A\"\n}\nText", edit.Field{Name: "room", Value: "B"}, "{\n  \"title\": \"A\",\n  \"room\": \"B\"\n}\nText"},
		{"JSON in a line", "{\"title\": \"A\"}\n", edit.Field{Name: "weight", Value: 2}, "{\"title\": \"A\", \"weight\": 2}\n"},
		{"JSON, empty", "{}\n", edit.Field{Name: "weight", Value: 2}, "{\"weight\": 2}\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.want == "" {
				if edits, err := edit.SetFields([]byte(c.src), c.field); err == nil {
					out, _ := edit.Apply([]byte(c.src), edits)
					t.Errorf("no error, and %q", out)
				}
				return
			}
			if got := set(t, c.src, c.field); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// Whatever is set in whatever real note, the text and all other fields stay.
func TestSetFieldsKeepsTheRest(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "corpus", "kubecon25", "content")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the corpus of real notes is not here: " + err.Error())
	}
	values := []any{"A: b", "yes", "12", "ü “x” 日本", "it's", "- a", "", "x # y", `back\slash "q"`, 7, true, []string{"a", "b: c", "d"}, "tab\tand\nline"}
	names := []string{"title", "weight", "tags", "room", "speakers"}
	rnd := rand.New(rand.NewPCG(1, 2))
	count := 0
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".md" {
			return err
		}
		src, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		if rnd.IntN(2) == 0 {
			src = bytes.ReplaceAll(src, []byte("\n"), []byte("\r\n"))
		}
		for range 20 {
			f := edit.Field{Name: names[rnd.IntN(len(names))], Value: values[rnd.IntN(len(values))], After: []string{"title"}}
			out := set(t, string(src), f)
			count++
			if !strings.HasSuffix(out, text(src)) {
				t.Errorf("%s: %v: the text changed", p, f)
			}
			for _, line := range strings.SplitAfter(out[:len(out)-len(text(src))], "\n") {
				if strings.HasSuffix(line, "\n") && bytes.Contains(src, []byte("\r\n")) != strings.HasSuffix(line, "\r\n") {
					t.Errorf("%s: %v: the line %q ends otherwise than the others", p, f, line)
				}
			}
		}
		return nil
	})
	if err != nil || count < 500 {
		t.Errorf("%d edits, %v", count, err)
	}
}

// text is what stands behind the front matter's last fence.
func text(src []byte) string {
	_, rest, _ := strings.Cut(strings.TrimPrefix(string(src), "---"), "\n---")
	return rest
}

func FuzzSetFields(f *testing.F) {
	f.Add([]byte("---\ntitle: A # x\ntags:\n- a\n---\nText\n"), "title", "B: c")
	f.Add([]byte("+++\ntitle = 'A'\ntags = [\n'x', # [\n]\n[params]\na=1\n+++\n"), "tags", "B")
	f.Add([]byte("{\"title\": \"A\"}\nText"), "room", "B")
	f.Add([]byte("# Talk\r\n"), "room", "'")
	f.Fuzz(func(t *testing.T, src []byte, name, value string) {
		if name == "" || strings.ContainsFunc(name, func(r rune) bool { return (r < 'a' || r > 'z') && r != '_' }) {
			return
		}
		field := edit.Field{Name: name, Value: value}
		edits, err := edit.SetFields(src, field)
		if err != nil {
			return
		}
		out, err := edit.Apply(src, edits)
		if err != nil {
			t.Fatal(err)
		}
		layout, err := note.ReadFrontLayout(out)
		if err != nil {
			t.Fatal(err)
		}
		if f := layout.Field(name); f == nil || f.Value != value {
			t.Fatalf("%s is %v, not %q, in %q", name, f, value, out)
		}
		if again, err := edit.SetFields(out, field); err != nil || len(again) > 0 {
			t.Fatalf("a second time: %v, %v", again, err)
		}
	})
}

// Lists in every style become whatever other list, and nothing else changes.
func TestSetLists(t *testing.T) {
	styles := []struct{ open, before, between, after, end string }{
		{"---\ntitle: A\nlist:\n", "- ", "", " # %\n", "x: 1\n---\n"},
		{"---\nlist:   # mine\n", "    -   '", "", "'\n", "# x\nx: 1\n---\n"},
		{"---\nlist: [", "\"", ", ", "\"", "] # x\nx: 1\n---\n"},
		{"---\nlist: [ ", "", ",\n  ", "", " ]\nx: 1\n---\n"},
		{"+++\nlist = [\n", "  '", "", "', # %\n", "] # x\nx = 1\n+++\n"},
		{"{\"list\": [", "\"", " , ", "\"", "],\n\"x\": 1}\n"},
	}
	words := []string{"a", "b", "c c", "d: e", "f, g", "[h]", "- i", "ü", "1"}
	rnd := rand.New(rand.NewPCG(3, 4))
	pick := func() []string {
		rnd.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		return slices.Clone(words[:rnd.IntN(6)])
	}
	for range 3000 {
		style := styles[rnd.IntN(len(styles))]
		var src strings.Builder
		src.WriteString(style.open)
		for i := range 1 + rnd.IntN(5) {
			if i > 0 {
				src.WriteString(style.between)
			}
			src.WriteString(style.before + []string{"a", "b", "c c", "ü", "x-y"}[i] + strings.ReplaceAll(style.after, "%", "remark"))
		}
		src.WriteString(style.end)
		want := pick()
		out := set(t, src.String(), edit.Field{Name: "list", Value: want})
		layout, err := note.ReadFrontLayout([]byte(out))
		if err != nil || len(layout.Fields) < 2 || !edit.Equal(layout.Field("list").Value, want) || layout.Field("x").Value != int64(1) {
			t.Fatalf("%q to %q: %q, %v", src.String(), want, out, err)
		}
	}
}
