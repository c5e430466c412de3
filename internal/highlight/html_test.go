package highlight

import (
	"strings"
	"sync"
	"testing"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
)

const goCode = `package main

// Talk is one <talk> & more.
func Talk(ctx context.Context, n int) error {
	for k := range n {
		if err := step(ctx, k, "it's"); err != nil {
			return fmt.Errorf("step %d: %w", k, err)
		}
	}
	s := ` + "`raw {{ .Name }}\nstring`" + `
	return nil
}`

const yamlCode = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: talk-1\ndata:\n  n: \"1\"\n"

// chromaHTML is what chroma's formatter makes of the code, wrapped as Hugo does.
func chromaHTML(t *testing.T, lang, code string, o Options) string {
	t.Helper()
	it, err := chroma.Coalesce(lexers.Get(lang)).Tokenise(nil, code)
	if err != nil {
		t.Fatal(err)
	}
	start := o.LineNumberStart
	if start == 0 {
		start = 1
	}
	var ranges [][2]int
	for _, r := range o.HighlightLines {
		ranges = append(ranges, [2]int{r[0] + start - 1, r[1] + start - 1})
	}
	anchors := ""
	if o.LineAnchors != "" {
		anchors = o.LineAnchors + "-"
	}
	f := html.New(html.WithClasses(true), html.WithLineNumbers(o.LineNumbers), html.LineNumbersInTable(o.LineNumbersTable),
		html.BaseLineNumber(start), html.HighlightLines(ranges), html.WithLinkableLineNumbers(o.AnchorLineNumbers, anchors),
		html.InlineCode(o.Inline), html.WithModeClasses(false), html.WithPreWrapper(wrapper{lang, o.Inline}))
	var b strings.Builder
	if err := f.Format(&b, styles.Get("github"), it); err != nil {
		t.Fatal(err)
	}
	if o.Inline {
		return b.String()
	}
	return `<div class="highlight">` + b.String() + "</div>"
}

type wrapper struct {
	lang   string
	inline bool
}

func (w wrapper) Start(code bool, attr string) string {
	switch {
	case w.inline:
		return `<code class="code-inline language-` + w.lang + `">`
	case code:
		return `<pre tabindex="0"` + attr + `><code class="language-` + w.lang + `" data-lang="` + w.lang + `">`
	}
	return `<pre tabindex="0"` + attr + `><code>`
}

func (w wrapper) End(bool) string {
	if w.inline {
		return "</code>"
	}
	return "</code></pre>"
}

func TestHTMLIsChromas(t *testing.T) {
	h := New()
	for name, o := range map[string]Options{
		"plain":          {},
		"numbers":        {LineNumbers: true},
		"table":          {LineNumbers: true, LineNumbersTable: true},
		"start":          {LineNumbers: true, LineNumbersTable: true, LineNumberStart: 98},
		"marked":         {HighlightLines: [][2]int{{2, 2}, {4, 6}}},
		"marked numbers": {LineNumbers: true, HighlightLines: [][2]int{{1, 2}}, LineNumberStart: 7},
		"marked table":   {LineNumbers: true, LineNumbersTable: true, HighlightLines: [][2]int{{1, 2}}},
		"anchors":        {LineNumbers: true, AnchorLineNumbers: true, LineAnchors: "hl-0"},
		"anchors table":  {LineNumbers: true, LineNumbersTable: true, AnchorLineNumbers: true, LineAnchors: "x"},
		"inline":         {Inline: true},
	} {
		for lang, code := range map[string]string{
			"go": goCode, "yaml": yamlCode, "bash": "#!/bin/sh\nfor i in *; do echo \"$i\"; done # x", "sh": "one line",
			"html": "<p class='x'>\n<script>let a = 1\n</script>\n", "go-html-template": "<p>{{ if .X }}\n<b>{{ end }}",
			"markdown": "---\na: b\n---\n\n# Head\n\n```go\nfunc x() {}\n```\n", "diff": "-a\n+b\n c\n\n\n",
			"python": "def f(x):\n    \"\"\"doc\n    more\"\"\"\n    return f'{x}'\n", "json": `{"a": [1, true, null]}`,
			"js": "// ü\nconst a = `x${1}`;\n", "php": "<?php echo 1 ?>\n<b>", "common-lisp": "(defun f (x) (list x))",
		} {
			got, ok := h.HTML(nil, lang, code, o)
			if !ok {
				t.Errorf("%s %s: no HTML", name, lang)
				continue
			}
			if want := chromaHTML(t, lang, code, o); string(got) != want {
				t.Errorf("%s %s:\n got %s\nwant %s", name, lang, got, want)
			}
		}
	}
}

func TestUnknown(t *testing.T) {
	h := New()
	for _, lang := range []string{"", "mermaid-js", "no-such-language", "Raku", strings.Repeat("x", 1000), "\x00", "../go"} {
		got, ok := h.HTML([]byte("before"), lang, "x", Options{})
		if ok || string(got) != "before" {
			t.Errorf("language %q: %q, %v; want nothing added", lang, got, ok)
		}
	}
	long := strings.Repeat("x", maxLine+1)
	for what, code := range map[string]string{
		"a long line": long, "much code": strings.Repeat("x\n", maxCode), "no UTF-8": "\xff",
		"a long line behind short ones": "a\nb\n" + long,
	} {
		if _, ok := h.HTML(nil, "go", code, Options{}); ok {
			t.Errorf("%s was highlighted", what)
		}
	}
}

func TestNames(t *testing.T) {
	h := New()
	for _, lang := range []string{"go", "Go", "golang", "GOLANG", "yaml", "yml", "Dockerfile", "dockerfile", "sh", "c++", "cpp", "tf", "rs", "ts", "objective-c", "py"} {
		if !h.Known(lang) {
			t.Errorf("%q is unknown", lang)
		}
	}
}

// TestLookups compares every name that chroma knows.
func TestLookups(t *testing.T) {
	h := New()
	ix := h.index()
	for _, name := range lexers.Names(true) {
		want := lexers.Get(name)
		if want.Config().Name == "Raku" {
			continue
		}
		n, ok := ix.keys[name]
		if !ok {
			t.Errorf("%q is unknown", name)
			continue
		}
		if n != ix.names[want.Config().Name] {
			t.Errorf("%q is not %s", name, want.Config().Name)
		}
	}
}

// TestAllLexersRun opens every lexer and compiles every rule.
func TestAllLexersRun(t *testing.T) {
	h := New()
	for name, n := range h.index().names {
		l := h.lexer(n)
		switch l.kind {
		case kindRegex:
			if len(l.states["root"]) == 0 {
				t.Errorf("%s has no rules", name)
			}
			for state, rules := range l.states {
				for i, ru := range rules {
					if ru.regexp() == nil {
						t.Errorf("%s: rule %d of state %q does not compile: %s", name, i, state, ru.pattern)
					}
				}
			}
		default:
			if h.named(l.root) == nil || l.language != "" && h.named(l.language) == nil {
				t.Errorf("%s is made of %q and %q, of which one is missing", name, l.root, l.language)
			}
		}
	}
}

func TestAttributesAndTabs(t *testing.T) {
	h := New()
	got, _ := h.HTML(nil, "go", "\tx", Options{Attrs: ` id="a" class="b c" title="t"`, TabWidth: 2})
	want := `<div class="highlight b c" id="a" title="t"><pre tabindex="0" class="chroma"><code class="language-go" data-lang="go">` +
		`<span class="line"><span class="cl"><span class="w">  </span><span class="nx">x</span></span></span></code></pre></div>`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestConcurrent(t *testing.T) {
	h := New()
	want, _ := New().HTML(nil, "go", goCode, Options{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if got, ok := h.HTML(nil, "go", goCode, Options{}); !ok || string(got) != string(want) {
					t.Error("a concurrent run gave another result")
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestHostile runs code that makes rules match nothing, or nest for ever.
func TestHostile(t *testing.T) {
	h := New()
	for _, lang := range []string{"go", "yaml", "bash", "html", "markdown", "php", "python", "ruby", "perl", "js", "svelte", "rst", "css"} {
		for _, code := range []string{
			strings.Repeat("{", 1000), strings.Repeat("(\n", 600), strings.Repeat("\"", 600), strings.Repeat("`${", 400),
			strings.Repeat("<a ", 400), strings.Repeat("\n", 1000), strings.Repeat("é\u00a0", 400), "\x00\x01\x02",
			strings.Repeat("```go\n", 100), strings.Repeat("<?php ", 100), strings.Repeat("* ", 400),
		} {
			got, ok := h.HTML(nil, lang, code, Options{})
			if ok && !strings.HasSuffix(string(got), "</div>") {
				t.Errorf("%s: %.20q: the HTML has no end", lang, code)
			}
		}
	}
}

func FuzzHTML(f *testing.F) {
	h := New()
	f.Add("go", goCode, true)
	f.Add("markdown", "---\nx: y\n---\n```yaml\na: b\n```", false)
	f.Add("php", "<?php echo '<b>' ?><i>", true)
	f.Fuzz(func(t *testing.T, lang, code string, numbers bool) {
		out, ok := h.HTML(nil, lang, code, Options{LineNumbers: numbers})
		if !ok {
			return
		}
		if strings.Count(string(out), "<span") != strings.Count(string(out), "</span>") {
			t.Errorf("tags do not match: %s", out)
		}
	})
}

func BenchmarkBlocks(b *testing.B) {
	for lang, code := range map[string]string{"go": goCode, "yaml": yamlCode} {
		b.Run(lang, func(b *testing.B) {
			h := New()
			b.ReportAllocs()
			var out []byte
			for b.Loop() {
				out, _ = h.HTML(out[:0], lang, code, Options{})
			}
		})
		b.Run(lang+"/chroma", func(b *testing.B) {
			f := html.New(html.WithClasses(true))
			style := styles.Get("github")
			l := chroma.Coalesce(lexers.Get(lang))
			b.ReportAllocs()
			for b.Loop() {
				it, err := l.Tokenise(nil, code)
				if err != nil {
					b.Fatal(err)
				}
				var out strings.Builder
				if err := f.Format(&out, style, it); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkFirstBlock(b *testing.B) {
	for lang, code := range map[string]string{"go": goCode, "yaml": yamlCode, "bash": "echo $x"} {
		b.Run(lang, func(b *testing.B) {
			for b.Loop() {
				New().HTML(nil, lang, code, Options{})
			}
		})
	}
}
