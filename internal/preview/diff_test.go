package preview

import (
	"fmt"
	"strings"
	"testing"

	"lectern/internal/snapshot"
)

// siteOf makes a site of files by path. Those that begin with "article:" become
// pages with a frame.
func siteOf(t *testing.T, frame string, files map[string]string) *snapshot.Snapshot {
	t.Helper()
	var list []*snapshot.File
	for name, text := range files {
		if rest, ok := strings.CutPrefix(text, "article:"); ok {
			text = pageHTML("note", frame, "", rest)
		}
		body := snapshot.MakeBody([]byte(text))
		list = append(list, &snapshot.File{Path: name, Body: body, Hash: body.Hash()})
	}
	s, err := snapshot.New(list)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func pageHTML(class, frame, robots, article string) string {
	if !strings.Contains(article, "</header>") {
		article = "</header>" + article
	}
	return `<!doctype html><html lang="en"><head><title>A title</title>` + robots + `</head><body class="x>y"><nav>` + frame + `</nav>` +
		`<main id="m"><article class="` + class + `"><header><nav>crumbs of ` + frame + `</nav>` + article +
		`<footer data-chrome><nav>next: ` + frame + `</nav></footer></article></main></body></html>`
}

func show(d *Difference) string {
	var b strings.Builder
	for _, p := range d.Pages {
		fmt.Fprintf(&b, "%s /%s\n", []string{"+", "~", "-"}[p.Kind], p.Path)
		for _, l := range p.Lines {
			if l.Op == Gap {
				b.WriteString("  ...\n")
				continue
			}
			b.WriteString("  ")
			for _, w := range l.Words {
				switch w.Op {
				case Insert:
					b.WriteString("{+" + w.Text + "+}")
				case Delete:
					b.WriteString("[-" + w.Text + "-]")
				default:
					b.WriteString(w.Text)
				}
			}
			b.WriteString("\n")
		}
	}
	for _, f := range d.Files {
		fmt.Fprintf(&b, "file %s %s\n", []string{"+", "~", "-"}[f.Kind], f.Path)
	}
	return b.String()
}

func TestCompare(t *testing.T) {
	unlisted := pageHTML("note", "f", `<meta name="robots" content="noindex">`, "<p>Hush.</p>")
	live := map[string]string{
		"index.html":       "article:<h1>Start</h1><p>Welcome.</p>",
		"talk/index.html":  "article:<h1>A talk</h1><p>One.</p><p>Two.</p><p>The quick brown fox jumps.</p><p>Four.</p><p>Five.</p><p>Six.</p>",
		"gone/index.html":  "article:<h1>Gone</h1><p>Old &amp; dear.</p>",
		"hush/index.html":  unlisted,
		"index.xml":        "<rss>one</rss>",
		"talk/index.md":    "one",
		"lectern/a.css":    "a",
		"picture.png":      "one",
		"tags/index.html":  pageHTML("list list-taxonomy", "f", "", "one"),
		"moved/index.html": `<!doctype html><html><head><meta http-equiv="refresh"></head><body>Moved</body></html>`,
	}
	preview := map[string]string{
		"index.html":       "article:<h1>Start</h1><p>Welcome.</p>",
		"talk/index.html":  "article:<h1>A talk</h1><p>One.</p><p>Two.</p><p>The quick red fox jumps.</p><p>Four.</p><p>Five.</p><p>Six, and more.</p>",
		"fresh/index.html": "article:<h1>Fresh</h1><p>New <b>thoughts</b>.</p>",
		"index.xml":        "<rss>two</rss>",
		"talk/index.md":    "two",
		"lectern/b.css":    "b",
		"picture.png":      "two",
		"new.pdf":          "pdf",
		"tags/index.html":  pageHTML("list list-taxonomy", "f", "", "two"),
	}
	d, err := Compare(t.Context(), siteOf(t, "one menu", live), siteOf(t, "another menu", preview))
	if err != nil {
		t.Fatal(err)
	}
	want := `+ /fresh/
  {+# Fresh+}
  {+New **thoughts**.+}
- /gone/
  [-# Gone-]
  [-Old & dear.-]
~ /talk/
  ...
  Two.
  The quick [-brown-]{+red+} fox jumps.
  Four.
  Five.
  Six{+, and more+}.
file + new.pdf
file ~ picture.png
`
	if got := show(d); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if d.Added != 1 || d.Changed != 1 || d.Removed != 1 || d.Empty() {
		t.Errorf("%+v", d)
	}

	// Another menu changes no page, and is nothing that differs.
	d, err = Compare(t.Context(), siteOf(t, "one menu", live), siteOf(t, "another menu", live))
	if err != nil || !d.Empty() || len(d.Pages) != 0 {
		t.Errorf("%v, %s", err, show(d))
	}
}

// What the head of a note says of its session counts; how long it takes to read,
// and when it was written, does not.
func TestCompareFacts(t *testing.T) {
	site := func(room, minutes, updated string) *snapshot.Snapshot {
		return siteOf(t, "f", map[string]string{"talk/index.html": pageHTML("note", "f", "", `<h1>A talk</h1><ul class="meta" data-chrome>`+
			`<li><time datetime="2026-10-09">9 October</time> <span>15:00</span></li><li><span class="vh">Room: </span>`+room+`</li><li>`+minutes+` min read</li>`+
			`<li>Updated <time>`+updated+`</time></li></ul></header><p>Text.</p>`)})
	}
	before := site("Meadow", "1", "today")
	if d, err := Compare(t.Context(), before, site("Meadow", "2", "tomorrow")); err != nil || !d.Empty() {
		t.Errorf("%v, %s", err, show(d))
	}
	d, err := Compare(t.Context(), before, site("Tunnel", "1", "today"))
	if err != nil {
		t.Fatal(err)
	}
	want := "~ /talk/\n  # A talk\n  9 October 15:00 · Room: [-Meadow-]{+Tunnel+}\n  Text.\n"
	if got := show(d); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// A page that only lists others is none of its own, unless an author wrote of it.
func TestCompareLists(t *testing.T) {
	site := func(text string) *snapshot.Snapshot {
		return siteOf(t, "f", map[string]string{
			"speakers/ada/index.html": pageHTML("list", "f", "", `<h1>Ada</h1><ul class="meta"><li>`+text+` sessions</li></ul>`),
			"speakers/bob/index.html": pageHTML("list", "f", "", `<h1>Bob</h1><div class="text"><p>Has `+text+` cats.</p></div>`),
			"timetable/index.html":    pageHTML("timetable", "f", "", text),
			"day1/index.html":         pageHTML("list list-section", "f", "", `<h1>Day `+text+`</h1>`),
		})
	}
	d, err := Compare(t.Context(), site("1"), site("2"))
	if err != nil {
		t.Fatal(err)
	}
	want := "~ /day1/\n  # Day [-1-]{+2+}\n~ /speakers/bob/\n  # Bob\n  Has [-1-]{+2+} cats.\n"
	if got := show(d); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// What is remembered changes nothing of what is said.
func TestCompareAgain(t *testing.T) {
	var a articles
	site := func(frame, text string) *snapshot.Snapshot {
		return siteOf(t, frame, map[string]string{"a/index.html": "article:<p>" + text + "</p>", "b/index.html": "article:<p>b</p>", "c/index.html": pageHTML("changes", frame, "", frame)})
	}
	for _, c := range []struct{ frame, text, want string }{
		{"1", "one", ""},
		{"2", "one", ""},
		{"2", "two", "~ /a/\n  [-one-]\n  {+two+}\n"},
		{"3", "two", "~ /a/\n  [-one-]\n  {+two+}\n"},
		{"2", "one", ""},
	} {
		d, err := a.compare(t.Context(), site("live", "one"), site(c.frame, c.text))
		if err != nil {
			t.Fatal(err)
		}
		if got := show(d); got != c.want || d.Empty() != (c.want == "") {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}

// A page that is for nobody to find is in no list, whichever site has it.
func TestCompareTellsNothingUnlisted(t *testing.T) {
	hush := map[string]string{
		"index.html":      "article:<p>Welcome.</p>",
		"hush/index.html": pageHTML("note", "f", `<meta name="robots" content="noindex">`, "<p>Hush.</p>"),
	}
	open := map[string]string{"index.html": "article:<p>Welcome.</p>"}
	for _, pair := range [][2]map[string]string{{hush, open}, {open, hush}} {
		d, err := Compare(t.Context(), siteOf(t, "f", pair[0]), siteOf(t, "f", pair[1]))
		if err != nil || !d.Empty() || show(d) != "" {
			t.Errorf("%v, %s", err, show(d))
		}
	}
}

func TestCompareIsBounded(t *testing.T) {
	few, many := map[string]string{"index.html": "article:x"}, map[string]string{"index.html": "article:x"}
	for i := range maxPages + 10 {
		many[fmt.Sprintf("n%04d/index.html", i)] = "article:<p>" + strings.Repeat("word ", 5000) + "</p>"
		many[fmt.Sprintf("n%04d.png", i)] = "x"
	}
	d, err := Compare(t.Context(), siteOf(t, "f", few), siteOf(t, "f", many))
	if err != nil {
		t.Fatal(err)
	}
	if d.Added != maxPages+10 || len(d.Pages) != maxPages || d.MorePages != 10 || len(d.Files) != maxFiles || d.MoreFiles == 0 {
		t.Errorf("%d pages, %d listed and %d more; %d files and %d more", d.Added, len(d.Pages), d.MorePages, len(d.Files), d.MoreFiles)
	}
	if last := d.Pages[maxPages-1]; !last.More || len(last.Lines) > 0 {
		t.Error("all of the text was compared")
	}
}

// Both texts can be read out of a comparison.
func FuzzDiffWords(f *testing.F) {
	f.Add("The quick brown fox", "The slow brown fox")
	f.Add("", "x")
	f.Add("a  b", "a b ")
	f.Fuzz(func(t *testing.T, from, to string) {
		if strings.ContainsAny(from+to, "\n") {
			return
		}
		words, ok := diffWords(from, to)
		if !ok {
			return
		}
		var a, b strings.Builder
		for _, w := range words {
			if w.Op != Insert {
				a.WriteString(w.Text)
			}
			if w.Op != Delete {
				b.WriteString(w.Text)
			}
		}
		if a.String() != from || b.String() != to {
			t.Errorf("%q and %q became %v", from, to, words)
		}
	})
}

// Whatever an author writes, comparing it ends.
func FuzzParsePage(f *testing.F) {
	f.Add(pageHTML("note", "f", "", `<p data-chrome>x<p>y</p><br><img alt="a>b">`))
	f.Add(`<body><main><article><nav><nav></article>`)
	f.Fuzz(func(t *testing.T, doc string) {
		if p, ok := parsePage([]byte(doc)); ok {
			_ = p.text()
		}
	})
}
