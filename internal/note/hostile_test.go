package note

import (
	"fmt"
	"strings"
	"testing"

	"lectern/internal/diag"
)

// hostile makes texts of about n bytes of repeated or nested marks.
func hostile() map[string]func(n int) string {
	rep := func(s string) func(int) string {
		return func(n int) string { return strings.Repeat(s, n/len(s)+1) }
	}
	m := map[string]func(int) string{}
	for _, s := range []string{
		">", "> ", "[", "]", "![", "[]", "[a](", "[a](<b", "[a][", "[a]: ", "*", "_", "**", "*a ", "_a ", "*a_ ", "*a **b ", "`", "`a", "``a`", "<", "<a", "<a ", "<a b=", "</", "<!--", "<!-- ", "<?", "<![CDATA[",
		"- ", "1. ", "+ - * ", "#", "# ", "\\", "&", "&#", "&amp;", "&a", "~~", "~~a ", "~", "|", "|a", "|-", ":", ": a\n", "a\n: ", "{", "{#", "{.a ", "{{", "{{%", "{{% ", "{{<a ", "{{% a %}}", "{{% /a %}}", "{{< highlight >}}", "{{% notice %}}", "{{%/* ", "{{< a `", "{{< a \"", "{{< a b=", "{{% expand %}}\n", "\"", "'", "\"a ", "'a ", "--", "...", "http://", "www.", "www.a.b ", "a@b.c ", "@", "a@", "[^", "[^a]", "[^a]: b\n", "[^a]: [^a]\n", "x[^1]\n\n[^1]: y\n\n", "\n", " ", "\t", "    a\n", "\n\n", "a\n", "---\n", "===\n", "a\n---\n", "> [!note]\n", "```\n", "~~~", "```a{", "(", ")", "((", "!", "![a](b \"", "<b>", "<div>\n", "<div>\n\n", "</div>\n", "[a](b){", "==", "++", "^", ":smile:", ":a", "\\\n", "  \n", "a  \n", "|a|\n", "a|b\n-|-\n", "* a\n  ", "- a\n\n", "<script>", "<a href=\"", "<img src='", "&lt", "\x00", "é", "日本", "[x]\n\n", "- [ ] ", "[ ", "a[b]c", "<http://a>", "<a@b", "*é*", "[a\\]", "{{% ref \"a\" %}}", "[a]({{% ref b %}})", "`{{% a %}}` ", "$$", "<<", ">>", "[[a](b)](c)", "![![a](b)](c)", "***a***", "**a*b**", "_a__b_",
	} {
		m[s] = rep(s)
	}
	nest := func(open, close string) func(int) string {
		return func(n int) string {
			k := n / (len(open) + len(close))
			return strings.Repeat(open, k) + "x" + strings.Repeat(close, k)
		}
	}
	for _, p := range [][2]string{
		{"[", "]"}, {"[", "](a)"}, {"![", "](a)"}, {"*", "*"}, {"_a", "a_"}, {"**", "**"}, {"(", ")"}, {"{{% notice %}}", "{{% /notice %}}"}, {"{{% expand %}}\n", "\n{{% /expand %}}"}, {"{{% a %}}", "{{% /a %}}"}, {"<b>", "</b>"}, {"~~", "~~"}, {"\"", "\""}, {"[a](", ")"}, {"`", "`"}, {"[^", "]"}, {"**a *b ", "*c**"},
	} {
		m["nested "+p[0]+p[1]] = nest(p[0], p[1])
	}
	m["list steps"] = func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n; i++ {
			b.WriteString(strings.Repeat(" ", 2*i) + "- a\n")
		}
		return b.String()
	}
	m["quote then lazy"] = func(n int) string { return strings.Repeat(">", 90) + "a\n" + strings.Repeat("b\n", n/2) }
	m["refs"] = func(n int) string {
		var b strings.Builder
		for i := 0; b.Len() < n/2; i++ {
			fmt.Fprintf(&b, "[%d]: /u\n", i)
		}
		for i := 0; b.Len() < n; i++ {
			fmt.Fprintf(&b, "[%d] ", i)
		}
		return b.String()
	}
	m["same headings"] = func(n int) string { return strings.Repeat("# a\n", n/4) }
	m["table wide"] = func(n int) string {
		return strings.Repeat("|a", n/6) + "|\n" + strings.Repeat("|-", n/6) + "|\n" + strings.Repeat("|b", n/6) + "|\n"
	}
	m["table padded"] = func(n int) string {
		return strings.Repeat("|a", n/8) + "|\n" + strings.Repeat("|-", n/8) + "|\n" + strings.Repeat("|\n", n/4)
	}
	m["table long"] = func(n int) string { return "|a|b|\n|-|-|\n" + strings.Repeat("|`a\\|b`|c|\n", n/11) }
	return m
}

// TestHostile reads texts that are made to take for ever, or all stack. That it
// ends is what it shows; the limits make the time proportional to the size.
func TestHostile(t *testing.T) {
	o := hugoOptions()
	o.AttributeBlock, o.Emoji, o.Superscript, o.Subscript, o.Insert, o.Mark, o.Delete = true, true, true, true, true, true, true
	safe := o
	safe.UnsafeHTML = false
	for what, p := range map[string]*Parser{"unsafe": NewParser(&o), "safe": NewParser(&safe)} {
		for name, text := range hostile() {
			n := p.Parse("x.md", []byte("\n"+text(20_000)))
			checkNote(t, n)
			if t.Failed() {
				t.Fatalf("%s: the text of many %q", what, name)
			}
		}
	}
}

func TestNestingLimits(t *testing.T) {
	o := hugoOptions()
	p := NewParser(&o)
	for name, text := range map[string]string{
		"quotes":     strings.Repeat(">", 10_000) + " deep",
		"lists":      strings.Repeat("- ", 10_000) + "deep",
		"brackets":   strings.Repeat("[", 200_000) + "deep" + strings.Repeat("]", 200_000),
		"tables":     strings.Repeat("|a", 2000) + "|\n" + strings.Repeat("|-", 2000) + "|\n" + strings.Repeat("|deep\n", 2000),
		"shortcodes": strings.Repeat("{{% expand %}}\n", 100) + "deep" + strings.Repeat("\n{{% /expand %}}", 100),
	} {
		n := p.Parse("x.md", []byte(text))
		checkNote(t, n)
		if !n.Readable || !strings.Contains(string(n.Body.HTML), "deep") {
			t.Errorf("%s: the text is lost", name)
		}
		if len(n.Body.HTML) > 5*len(text) {
			t.Errorf("%s: of %d bytes come %d", name, len(text), len(n.Body.HTML))
		}
		found := 0
		for _, d := range n.Diags {
			if d.Rule == ruleNesting && d.Severity == diag.Error && d.Line > 0 {
				found++
			}
		}
		if found == 0 {
			t.Errorf("%s: no finding: %v", name, n.Diags)
		}
	}
}
