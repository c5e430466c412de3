package note

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"lectern/internal/diag"
)

func parse(t *testing.T, path, text string) *Note {
	t.Helper()
	o := hugoOptions()
	n := NewParser(&o).Parse(path, []byte(text))
	checkNote(t, n)
	return n
}

func TestTitles(t *testing.T) {
	for _, c := range []struct {
		path, text, title string
		source            TitleSource
		body              string
	}{
		{"x.md", "---\ntitle: Front\n---\n# Head\n", "Front", TitleFromFront, "<h1 id=\"head\">Head</h1>\n"},
		{"x.md", "# It's \"the\" *head* -- `x` [l](y)\n\nText", `It's "the" head -- x l`, TitleFromHeading, "<p>Text</p>\n"},
		{"x.md", "Title\n=====\n\nText", "Title", TitleFromHeading, "<p>Text</p>\n"},
		{"x.md", "Text\n\n# Later\n", "X", TitleFromName, "<p>Text</p>\n<h1 id=\"later\">Later</h1>\n"},
		{"x.md", "## Second\n", "X", TitleFromName, "<h2 id=\"second\">Second</h2>\n"},
		{"x.md", "#\n\nText", "X", TitleFromName, "<h1></h1>\n<p>Text</p>\n"},
		{"day/03_service-mesh.md", "", "Service mesh", TitleFromName, ""},
		{"10-a_b c.md", "", "A b c", TitleFromName, ""},
		{"2025.md", "", "2025", TitleFromName, ""},
		{"2025_.md", "", "2025", TitleFromName, ""},
		{"3d-print.md", "", "3d print", TitleFromName, ""},
		{"content/day-1/_index.md", "", "Day 1", TitleFromName, ""},
		{"a/04_b/index.md", "", "B", TitleFromName, ""},
		{"a/talks/README.md", "", "Talks", TitleFromName, ""},
		{"README.md", "", "README", TitleFromName, ""},
		{"übung.md", "", "Übung", TitleFromName, ""},
	} {
		n := parse(t, c.path, c.text)
		if n.Title != c.title || n.TitleSource != c.source || string(n.Body.HTML) != c.body && !strings.Contains(c.text, "](") {
			t.Errorf("%s %q: title %q (%d), body %q", c.path, c.text, n.Title, n.TitleSource, n.Body.HTML)
		}
		for _, h := range n.Headings {
			if h.Text == n.Title && n.TitleSource == TitleFromHeading {
				t.Errorf("%s: the title is among the headings", c.path)
			}
		}
	}
	o := hugoOptions()
	o.Hugo = true
	if n := NewParser(&o).Parse("content/talks/README.md", nil); n.Title != "README" {
		t.Errorf("a README in Hugo's content is %q", n.Title)
	}
}

func TestFiles(t *testing.T) {
	for name, c := range map[string]struct {
		data     string
		rule     string
		readable bool
		sev      diag.Severity
		place    string
	}{
		"large":        {strings.Repeat("x", MaxSize+1), ruleSize, false, diag.Error, "0:0"},
		"binary":       {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ruleBinary, false, diag.Error, "0:0"},
		"utf-16":       {"\xff\xfeH\x00i\x00", ruleBinary, false, diag.Error, "0:0"},
		"latin-1":      {"---\ntitle: x\n---\nsch\xf6n\n", ruleEncoding, true, diag.Warning, "4:4"},
		"front latin1": {"---\ntitle: sch\xf6n\n---\n", ruleEncoding, true, diag.Warning, "2:11"},
	} {
		n := parse(t, "x.md", c.data)
		if len(n.Diags) == 0 {
			t.Errorf("%s: no finding", name)
			continue
		}
		d := n.Diags[0]
		if d.Rule != c.rule || n.Readable != c.readable || d.Severity != c.sev || fmt.Sprintf("%d:%d", d.Line, d.Col) != c.place {
			t.Errorf("%s: readable %v, %+v", name, n.Readable, d)
		}
	}
	if n := parse(t, "x.md", "sch\xf6n"); !strings.Contains(string(n.Body.HTML), "sch\uFFFDn") {
		t.Errorf("invalid UTF-8 became %q", n.Body.HTML)
	}
	if n := parse(t, "x.md", "a\x1bb\x02c\rd"); string(n.Body.HTML) != "<p>a b c\nd</p>\n" {
		t.Errorf("control characters became %q", n.Body.HTML)
	}
}

func TestLinksHavePlaces(t *testing.T) {
	text := "---\ntitle: x\n---\n\nText [a](../a \"T\") and ![b](b.png)\n" + // line 5
		"<img src=\"c.png\"> ä [d](https://d.example.org)\n\n" + // 6
		"- item {{% notice %}}\n  [e](e)\n\n  ![f](f.png)\n  {{% /notice %}}\n" + // 8…
		"{{% button href=\"g\" %}}x{{% /button %}} [h]({{% ref \"h\" %}})\n\n" + // 13
		"[i]\n\n[i]: /i\n" // 15
	n := parse(t, "x.md", text)
	want := []string{
		"5:6 0 ../a", "5:24 1 b.png", "6:10 4 c.png", "6:22 0 https://d.example.org", "9:3 0 e", "11:3 1 f.png",
		"13:18 0 g", "13:41 2 h", "15:1 0 /i",
	}
	var got []string
	for _, l := range n.Links {
		got = append(got, fmt.Sprintf("%d:%d %d %s", l.Line, l.Col, l.Kind, l.Dest))
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if a := n.Links[0].Attrs; a != ` title="T"` {
		t.Errorf("attributes %q", a)
	}
	if l := n.Links[1]; l.Alt != "b" || !strings.Contains(l.Attrs, ` alt="b"`) {
		t.Errorf("picture %+v", l)
	}
	if !n.Links[3].External || n.Links[0].External {
		t.Error("external links are mistaken")
	}
}

func TestResources(t *testing.T) {
	button := func(href, icon, label string) string {
		return fmt.Sprintf("{{%% button href=%q icon=%q %%}}%s{{%% /button %%}}\n\n", href, icon, label)
	}
	for name, c := range map[string]struct {
		text string
		want Resources
	}{
		"icons":        {button("https://x.org/1", "video", "a") + button("https://x.org/2", "person-chalkboard", "b") + button("https://x.org/3", "fab fa-github", "c"), Resources{"https://x.org/1", "https://x.org/2", "https://x.org/3"}},
		"addresses":    {"[x](https://www.youtube.com/watch?v=abc)\n\n- [y](./deck.pdf)\n- <https://github.com/a/b>\n", Resources{"https://www.youtube.com/watch?v=abc", "./deck.pdf", "https://github.com/a/b"}},
		"labels":       {button("https://x.org/1", "star", "Slides (PDF)") + button("https://x.org/2", "star", "Recording"), Resources{Video: "https://x.org/2", Slides: "https://x.org/1"}},
		"first":        {button("https://youtu.be/1", "", "") + button("https://youtu.be/2", "", ""), Resources{Video: "https://youtu.be/1"}},
		"placeholders": {button("", "video", "") + button("#", "video", "") + button("https://example.com/x", "video", "") + button("https://youtube.com/", "video", "") + button("TODO", "video", ""), Resources{}},
		"comment":      {"<!-- " + button("https://youtu.be/1", "video", "x") + "-->\n", Resources{}},
		"in a text":    {"See [the video](https://youtu.be/1) there.", Resources{}},
		"google":       {button("https://docs.google.com/presentation/d/1", "", "x") + button("https://media.ccc.de/v/1", "", ""), Resources{Video: "https://media.ccc.de/v/1", Slides: "https://docs.google.com/presentation/d/1"}},
		"in code":      {"```\n" + button("https://youtu.be/1", "video", "x") + "```\n", Resources{}},
	} {
		if got := parse(t, "x.md", c.text).Resources; got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestSummaryAndWords(t *testing.T) {
	n := parse(t, "x.md", "## Head\n\n{{% button href=\"x\" %}}Watch{{% /button %}}\n\nFirst *paragraph* with [a link](x) &amp; more.\n\n```\ncode here\n```\n\n- item\n")
	if n.Summary != "First paragraph with a link & more. item" {
		t.Errorf("summary %q", n.Summary)
	}
	if n.Words != 12 || n.Minutes() != 1 {
		t.Errorf("%d words, %d minutes", n.Words, n.Minutes())
	}
	if n = parse(t, "x.md", "---\ndescription: About\n---\nText"); n.Summary != "About" {
		t.Errorf("summary %q, not the description", n.Summary)
	}
	n = parse(t, "x.md", strings.Repeat("wörd ", 500))
	if r := []rune(n.Summary); len(r) > 201 || len(r) < 150 || !strings.HasSuffix(n.Summary, "wörd…") || n.Words != 500 || n.Minutes() != 3 {
		t.Errorf("summary of %d runes %q, %d words", len(r), n.Summary, n.Words)
	}
	if n = parse(t, "x.md", ""); n.Words != 0 || n.Minutes() != 0 || n.Summary != "" {
		t.Errorf("an empty note has %d words, summary %q", n.Words, n.Summary)
	}
	if n = parse(t, "x.md", strings.Repeat("x", 5000)); len([]rune(n.Summary)) > 201 {
		t.Errorf("one long word gives a summary of %d bytes", len(n.Summary))
	}
}

func TestKeys(t *testing.T) {
	o := hugoOptions()
	p := NewParser(&o)
	base := "---\ntitle: x\n---\n\n## Head\n\nText that goes on and on.\n\nLater.\n"
	a := p.Parse("a.md", []byte(base))
	if b := NewParser(&o).Parse("a.md", []byte(base)); a.Key != b.Key || a.FactsKey != b.FactsKey {
		t.Error("the same note has other keys")
	}
	for what, n := range map[string]*Note{
		"path": p.Parse("b.md", []byte(base)), "text": p.Parse("a.md", []byte(base+"More.")),
	} {
		if n.Key == a.Key {
			t.Errorf("another %s, the same key", what)
		}
	}
	o2 := o
	o2.HardWraps = true
	if NewParser(&o2).Parse("a.md", []byte(base)).Key == a.Key {
		t.Error("other options, the same key")
	}
	if n := p.Parse("a.md", []byte(strings.Replace(base, "Head", "Heading", 1))); n.Key == a.Key || n.FactsKey != a.FactsKey {
		t.Error("another heading, which no other page shows: the same key, or other facts")
	}
	long := strings.Repeat("Word word word. ", 40)
	x, y := p.Parse("a.md", []byte(base+long+"a")), p.Parse("a.md", []byte(base+long+"b"))
	if x.FactsKey != y.FactsKey || x.Key == y.Key {
		t.Error("a word deep in the text changes the facts")
	}
}

// TestOptionsKey sets each field in turn: each must change the key.
func TestOptionsKey(t *testing.T) {
	base := Options{}
	seen := map[uint64]string{base.Key(): "nothing"}
	v := reflect.TypeOf(base)
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Name == "Icon" || f.Name == "IconNames" || f.Name == "TOCStart" || f.Name == "TOCEnd" {
			continue
		}
		o := Options{}
		field := reflect.ValueOf(&o).Elem().Field(i)
		switch field.Interface().(type) {
		case bool:
			field.SetBool(true)
		case int:
			field.SetInt(3)
		case string:
			field.SetString("x")
		case map[string]string:
			field.Set(reflect.ValueOf(map[string]string{"a": "b"}))
		case []Taxonomy:
			field.Set(reflect.ValueOf([]Taxonomy{{"a", "b"}}))
		case *Meanings:
			field.Set(reflect.ValueOf(&Meanings{People: []string{"a"}}))
		case []string:
			field.Set(reflect.ValueOf([]string{"a"}))
		case map[string]any:
			field.Set(reflect.ValueOf(map[string]any{"a": int64(1)}))
		case []BoxStyle:
			field.Set(reflect.ValueOf([]BoxStyle{{Identifier: "a"}}))
		case MathMode:
			field.Set(reflect.ValueOf(MathMarked))
		case []Delimiters:
			field.Set(reflect.ValueOf([]Delimiters{{"$", "$"}}))
		case *time.Location:
			field.Set(reflect.ValueOf(time.FixedZone("X", 3600)))
		default:
			t.Fatalf("the field %s has a type this test does not know", f.Name)
		}
		if other, taken := seen[o.Key()]; taken {
			t.Errorf("the key with %s is that with %s", f.Name, other)
		}
		seen[o.Key()] = f.Name
	}
}

func TestOptions(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Options)
		text   string
		want   string
	}{
		"ascii ids":       {func(o *Options) { o.AutoIDType = "github-ascii" }, "## Über Größe é", "<h2 id=\"uber-groe-e\">Über Größe é</h2>\n"},
		"blackfriday ids": {func(o *Options) { o.AutoIDType = "blackfriday" }, "## Über & Größe 1.", "<h2 id=\"über-größe-1\">Über &amp; Größe 1.</h2>\n"},
		"no ids":          {func(o *Options) { o.AutoHeadingID = false }, "## A", "<h2>A</h2>\n"},
		"term ids":        {func(o *Options) { o.AutoDefinitionTermID = true }, "A term\n: x", "<dl>\n<dt id=\"a-term\">A term</dt>\n<dd>x</dd>\n</dl>\n"},
		"xhtml":           {func(o *Options) { o.XHTML = true }, "a  \nb\n\n***", "<p>a<br />\nb</p>\n<hr />\n"},
		"lone picture":    {func(o *Options) { o.WrapStandAloneImage = false }, "![a](b)", "<img src=\"b\" alt=\"a\">"},
		"emoji":           {func(o *Options) { o.Emoji = true }, ":smile: :nope:", "<p>😄 :nope:</p>\n"},
		"quotes": {func(o *Options) {
			o.TypographerPunctuation = map[string]string{"leftDoubleQuote": "&laquo;", "rightDoubleQuote": "&raquo;"}
		}, `"a"`, "<p>&laquo;a&raquo;</p>\n"},
		"linkify":        {func(o *Options) { o.LinkifyProtocol = "http" }, "www.example.org", "<p><a href=\"http://www.example.org\">www.example.org</a></p>\n"},
		"no typographer": {func(o *Options) { o.Typographer = false }, `"a" -- b`, "<p>&quot;a&quot; -- b</p>\n"},
	} {
		o := hugoOptions()
		c.change(&o)
		n := NewParser(&o).Parse("x.md", []byte(c.text))
		if got := string(fill(n)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// TestZeroOptions: plain CommonMark, sanitised.
func TestZeroOptions(t *testing.T) {
	n := Parse("x.md", []byte("# T\n\n\"a\" <script>x</script>\n\n## B"), nil)
	if got := string(fill(n)); got != "<p>&quot;a&quot; x</p>\n<h2>B</h2>\n" || n.Title != "T" {
		t.Errorf("title %q, %q", n.Title, got)
	}
}

func TestConcurrentParsing(t *testing.T) {
	o := hugoOptions()
	p := NewParser(&o)
	text := []byte("# T\n\n{{% notice tip %}}\n## A\n[x](y)\n{{% /notice %}}\n\n```go\nfunc x() {}\n```\n\n## A\n")
	want := string(fill(p.Parse("x.md", text)))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := string(fill(p.Parse("x.md", text))); got != want {
					t.Errorf("got %q", got)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestManyFindings(t *testing.T) {
	n := parse(t, "x.md", strings.Repeat("{{% nope %}} ", 5000))
	if len(n.Diags) != maxDiags+1 || n.Diags[maxDiags].Rule != ruleMany {
		t.Errorf("%d findings, the last %v", len(n.Diags), n.Diags[len(n.Diags)-1])
	}
}
