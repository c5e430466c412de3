package note

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

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
	m["table long"] = func(n int) string { return "|a|b|\n|-|-|\n" + strings.Repeat("|`a\\|b`|c|\n", n/11) }
	return m
}

func TestProbe(t *testing.T) {
	if os.Getenv("PROBE") == "" {
		t.Skip()
	}
	o := hugoOptions()
	o.AttributeBlock, o.Emoji, o.Superscript, o.Subscript, o.Insert, o.Mark = true, true, true, true, true, true
	p := NewParser(&o)
	for name, gen := range hostile() {
		var prev time.Duration
		for _, n := range []int{160_000, 1_000_000, 4_900_000} {
			s := gen(n)
			start := time.Now()
			p.Parse("x.md", []byte("\n"+s))
			d := time.Since(start)
			if d > 400*time.Millisecond {
				fmt.Printf("%-30q %8d bytes %v (before %v)\n", name, n, d, prev)
				if d > 2*time.Second {
					break
				}
			}
			prev = d
		}
	}
}
