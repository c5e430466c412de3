package note

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// seed adds what a fuzz target should begin with: the golden notes.
func seed(f *testing.F, add func(text string)) {
	f.Helper()
	paths, err := filepath.Glob("testdata/*/*.md")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		add(string(data))
	}
}

// FuzzParse renders any text with any options.
func FuzzParse(f *testing.F) {
	seed(f, func(text string) {
		f.Add([]byte(text), uint16(0xffff))
		f.Add([]byte(text), uint16(0))
	})
	f.Add([]byte("---\ntitle: mroe\n---\n> {{% notice title=\"mroe\" %}}\r\n> mroe *mroe*\n> {{% /notice %}}\n\n<p>mroe</p> [^1] ![mroe](x)\n\n[^1]: mroe\n"), uint16(0xffff))
	parsers := map[uint16]*Parser{}
	f.Fuzz(func(t *testing.T, data []byte, bits uint16) {
		p := parsers[bits]
		if p == nil {
			o := fuzzOptions(bits)
			o.Marks = true
			p = NewParser(&o)
			parsers[bits] = p
		}
		n := p.Parse("day/x.md", data)
		checkNote(t, n)
		checkMarks(t, n, data)
		if !n.Readable && len(n.Body.HTML) > 0 {
			t.Error("an unreadable note has a body")
		}
		if bits&1 == 0 {
			checkSafe(t, fill(n))
		}
		again := p.Parse("day/x.md", data)
		if !bytes.Equal(again.Body.HTML, n.Body.HTML) || again.Key != n.Key || again.FactsKey != n.FactsKey {
			t.Error("the same note came out differently")
		}
	})
}

// fuzzOptions spreads bits over the options.
func fuzzOptions(bits uint16) Options {
	on := func(i int) bool { return bits&(1<<i) != 0 }
	return Options{
		UnsafeHTML: on(0), Emoji: on(1), DefinitionList: on(2), Footnote: on(3), Strikethrough: on(4), Table: on(5),
		TaskList: on(6), Linkify: on(7), Typographer: on(8), HardWraps: on(9), AttributeTitle: on(10), AttributeBlock: on(11),
		AutoHeadingID: on(12), Superscript: on(13), Subscript: on(13), Mark: on(13), Insert: on(14), Delete: on(14),
		WrapStandAloneImage: on(14), CJK: on(15), CJKEastAsianLineBreaks: on(15), CJKEscapedSpace: on(15), HideTodos: on(6), Icon: testIcon,
	}
}

// checkSafe fails for HTML that could run a script.
func checkSafe(t *testing.T, out []byte) {
	t.Helper()
	z := html.NewTokenizer(bytes.NewReader(out))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if err := z.Err(); err != io.EOF {
				t.Fatalf("tokenising: %v", err)
			}
			return
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			switch tok.Data {
			case "script", "style", "iframe", "object", "embed", "form", "base", "meta", "link":
				t.Errorf("<%s> in %s", tok.Data, out)
			}
			for _, a := range tok.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" {
					t.Errorf("attribute %s in %s", a.Key, out)
				}
				clean := strings.Map(func(r rune) rune {
					if r <= ' ' {
						return -1
					}
					return r
				}, strings.ToLower(a.Val))
				switch a.Key {
				case "href", "src", "srcset", "poster", "cite", "action":
					for _, bad := range []string{"javascript:", "vbscript:", "data:"} {
						if strings.HasPrefix(clean, bad) {
							t.Errorf("%s=%q in %s", a.Key, a.Val, out)
						}
					}
				}
			}
		}
	}
}

// FuzzShortcodes looks for texts in which calls get lost or are mistaken.
func FuzzShortcodes(f *testing.F) {
	for _, s := range []string{
		`{{% button href="https://x.org" icon="video" %}}Watch{{% /button %}}`, "{{< notice note `a b` >}}\n# x\n{{< /notice >}}",
		"{{%/* notice */%}} {{</* x */>}}", "- a\n  {{% expand %}}\n  b\n  {{% /expand %}}", "`{{% x %}}` <!-- {{% y %}} -->",
		"[a]({{% ref \"b\" %}}#c) <a href=\"{{< relref x >}}\">", "{{< highlight go \"linenos=table\" >}}\nx\n{{< /highlight >}}",
		"> {{% notice %}}\n> a\n> {{% /notice %}}", "{{% badge /%}}{{% icon x %}}", "```\n{{% a %}}\n```\n{{% a %}}b{{% /a %}}",
		"{{% notice %}}a\n\nb{{% /notice %}}{{% notice %}}", "{{<mermaid>}}graph{{</mermaid>}}",
	} {
		f.Add(s)
	}
	seed(f, func(text string) { f.Add(text) })
	o := hugoOptions()
	p := NewParser(&o)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 20_000 {
			return
		}
		n := p.Parse("x.md", []byte("---\n---\n"+text))
		checkNote(t, n)
		r := &render{p: p}
		m := &Note{Path: "x.md"}
		r.begin(m, m.clean([]byte(text)))
		r.scan(0)
		checkCalls(t, r)
	})
}

// checkCalls checks that calls lie in order, inside each other or apart.
func checkCalls(t *testing.T, r *render) {
	t.Helper()
	for i := range r.calls {
		c := &r.calls[i]
		if c.start >= c.end || c.end > len(r.data) {
			t.Fatalf("call %d has the extent %d..%d of %d", i, c.start, c.end, len(r.data))
		}
		if c.innerFrom >= 0 && (c.innerFrom < c.start || c.innerTo > c.end || c.innerFrom > c.innerTo) {
			t.Fatalf("call %d: inner text %d..%d of %d..%d", i, c.innerFrom, c.innerTo, c.start, c.end)
		}
		if c.next <= i || c.next > len(r.calls) {
			t.Fatalf("call %d: next is %d of %d", i, c.next, len(r.calls))
		}
		if i > 0 && c.start < r.calls[i-1].start {
			t.Fatalf("call %d begins before the one before", i)
		}
		for j := i + 1; j < c.next; j++ {
			if r.calls[j].end > c.end {
				t.Fatalf("call %d reaches out of call %d", j, i)
			}
		}
	}
}

// FuzzFrontMatter reads any front matter; what the plain reader of YAML takes,
// it must read as the library does.
func FuzzFrontMatter(f *testing.F) {
	for _, s := range plainCases() {
		f.Add("---\n" + s + "---\n")
	}
	for _, s := range []string{
		"+++\ntitle = \"x\"\ndate = 2025-01-02\n[params]\na = 1\n+++\n", "{\"title\": \"x\", \"tags\": [\"a\"]}\nText",
		"---\ntitle: x\nTitle: y\n---\n", "---\na: &a [1]\nb: *a\n---\n", "---\nvisibility: secret\n---\n", "---\n? a\n: b\n---\n",
	} {
		f.Add(s)
	}
	o := hugoOptions()
	p := NewParser(&o)
	f.Fuzz(func(t *testing.T, text string) {
		n := p.Parse("x.md", []byte(text))
		checkNote(t, n)
		if !n.Readable {
			if len(n.Diags) == 0 {
				t.Error("unreadable without a finding")
			}
			if n.Front.Title != "" && n.Front.Visibility == Private {
				t.Error("an unreadable note keeps what it hides")
			}
		}
		if inner, ok := strings.CutPrefix(text, "---\n"); ok {
			inner, _, _ = strings.Cut(inner, "---")
			inner = string((&Note{}).clean([]byte(inner)))
			differ(t, inner)
		}
	})
}

// checkWords checks that each word stands where its mark says.
func checkWords(t *testing.T, words []WordMark, data []byte) {
	text := string(withoutMarks(data))
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n")
	for _, w := range words {
		if w.Line > len(lines) || w.Col > len(lines[w.Line-1]) || !strings.HasPrefix(lines[w.Line-1][w.Col-1:], w.Word) {
			t.Errorf("%q is not at %d:%d", w.Word, w.Line, w.Col)
		}
	}
}

// checkMarks checks that all places lie in the file, and that marks come and go
// with what can be read.
func checkMarks(t *testing.T, n *Note, data []byte) {
	m := n.Marks
	if m == nil {
		if n.Readable {
			t.Error("a note that can be read has no marks")
		}
		return
	}
	places := []Place{m.Text}
	for _, f := range m.Fields {
		places = append(places, f.Key, f.Value)
	}
	for _, h := range m.Headings {
		places = append(places, h.Place)
	}
	for _, x := range m.Todos {
		places = append(places, x.Place)
	}
	for _, c := range m.Comments {
		places = append(places, c.Place)
		for _, k := range c.Calls {
			places = append(places, k.Place)
		}
	}
	for _, d := range append(m.Dated, m.Unknown...) {
		places = append(places, d.Ends...)
	}
	for _, g := range n.Ignores {
		places = append(places, g.Place)
		if g.From < 1 || g.From > g.Line || g.To < g.Line {
			t.Errorf("a comment in line %d is for the lines %d to %d", g.Line, g.From, g.To)
		}
	}
	if utf8.Valid(data) && len(n.Includes) == 0 {
		checkWords(t, m.Words, data)
	}
	lines := 1 + bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte("\r"))
	for _, p := range append(places, m.Unnamed...) {
		if p.Line < 1 || p.Line > lines || p.Col < 1 {
			t.Errorf("%d:%d lies outside of the file", p.Line, p.Col)
		}
	}
}
