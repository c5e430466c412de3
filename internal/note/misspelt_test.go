package note

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// spelled prints the listed words of a note with their places, in order; a name
// has an asterisk.
func spelled(n *Note) string {
	var out []string
	for _, w := range n.Marks.Words {
		s := fmt.Sprintf("%02d:%02d %s", w.Line, w.Col, w.Word)
		if w.Name {
			s += "*"
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func TestMisspeltWords(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"prose":            {"We need mroe, mroe: (mroe) \"mroe\" mroe.\nAnd mroe\n", "01:09 mroe, 01:15 mroe, 01:22 mroe, 01:29 mroe, 01:35 mroe, 02:05 mroe"},
		"markup":           {"*mroe* **mroe** ~~mroe~~ _mroe_ ==x\n", "01:02 mroe, 01:10 mroe, 01:19 mroe, 01:27 mroe"},
		"within a word":    {"x *mroe*over under**mroe** mro*e* no\\mroe\n", ""},
		"code":             {"`mroe` x `a mroe b`\n\n    mroe\n\n```\nmroe\n```\n\n~~~mroe\nmroe\n~~~\n", ""},
		"links":            {"[mroe](mroe) <https://mroe.example/mroe> https://mroe.example/mroe www.mroe.example [mroe][mroe] a@mroe.example\n\n[mroe]: mroe \"mroe\"\n", ""},
		"pictures":         {"![a mroe picture](mroe.svg)\n", "01:05 mroe"},
		"headings":         {"# Mroe\n\n## The mroe\n\nA mroe\n---\n", "01:03 Mroe, 03:08 mroe, 05:03 mroe"},
		"lists and tables": {"- mroe\n  - [ ] Mroe\n1) Mroe\n\n> Mroe\n\n|mroe|b|\n|-|-|\n|a|mroe|\n", "01:03 mroe, 02:09 Mroe, 03:04 Mroe, 05:03 Mroe, 07:02 mroe, 09:04 mroe"},
		"footnotes":        {"a[^mroe]\n\n[^mroe]: The mroe.\n", "03:14 mroe"},
		"things": {
			"--mroe -mroe mroe.go .mroe a.mroe mroe/x x/mroe \\\\mroe mroe_x x_mroe _x_mroe_ $mroe #mroe @mroe mroe() mroe(x) mroe=1 mroe1 1mroe x=mroe {mroe} mroe:1 my-mroe-x x-mroe.yaml %mroe% mroe's mroe'x x'mroe\n",
			"01:%02d mroe",
		},
		"compounds": {"a mroe-or less-mroe (self-mroe), mroe-1 1-mroe\n", "01:03 mroe, 01:16 mroe, 01:27 mroe"},
		"capitals": {
			"Mroe. Mroe: Mroe and Mroe, MROE enviroMent ENVIROMENT McMroe\nMroe\n\nMroe -> Mroe (Mroe) \"Mroe\"\n",
			"01:01 Mroe, 01:07 Mroe, 01:13 Mroe, 01:22 Mroe*, 01:44 ENVIROMENT, 02:01 Mroe*, 04:01 Mroe, 04:09 Mroe, 04:15 Mroe*, 04:22 Mroe*",
		},
		"capitals in headings": {"## The Mroe Enviroment\n\nThe Enviroment\n", "01:08 Mroe*, 01:13 Enviroment, 03:05 Enviroment*"},
		"html":                 {"<p title=\"mroe\">mroe <code>mroe</code> mroe</p>\n\nx <kbd>mroe</kbd> <a href=\"mroe\">mroe</a> <b class=mroe>mroe</b>\n\n<!-- mroe -->\n\n<pre>\nmroe\n</pre>\n\n<script>mroe</script>\n", "01:17 mroe, 01:40 mroe, 03:57 mroe"},
		"shortcodes": {
			"{{% notice style=\"tip\" title=\"A mroe\" id=\"mroe\" %}}\nText mroe\n{{% /notice %}}\n\n{{% expand \"Mroe\" %}}mroe{{% /expand %}}\n\n{{% button href=\"mroe\" %}}mroe{{% /button %}}\n\n{{< figure src=\"mroe.svg\" alt=\"mroe\" >}} `{{% notice mroe %}}` {{% mroe %}}\n",
			"01:33 mroe, 02:06 mroe, 05:13 Mroe, 05:22 mroe, 09:32 mroe",
		},
		"in a quotation": {"> {{% notice tip %}}\n> a mroe\n> {{% /notice %}}\n\n> a\n> mroe\n", "02:05 mroe, 06:03 mroe"},
		"front matter": {
			"---\ntitle: \"The mroe: Enviroment\" # x\nweight: 1\ntags: [mroe]\ndescription: >\n  a mroe\n  mroe\nroom: mroe\n---\nText\n",
			"02:13 mroe, 02:19 Enviroment, 06:05 mroe, 07:03 mroe",
		},
		"toml":            {"+++\nweight = 1\ntitle = 'The mroe'\n+++\n", "03:14 mroe"},
		"json":            {"{\"weight\": 1, \"title\": \"The mroe\", \"room\": \"mroe\"}\n", "01:29 mroe"},
		"a session":       {"---\ntitle: The mroe\nsession: X1\ndescription: mroe\n---\n", "04:14 mroe"},
		"entities":        {"mroe&amp;mroe &mroe; it&#39;s mroe\n", "01:10 mroe, 01:31 mroe"},
		"apostrophes":     {"dont don't mroe’s ’mroe’ it’mroe\n", "01:01 dont, 01:12 mroe, 01:24 mroe"},
		"other languages": {"Ämroe mroeß naïve 更多mroe mroe更多 mroe。\n", "01:44 mroe"},
		"windows":         {"a\r\nmroe\r\n", "02:01 mroe"},
	} {
		opts := markedOptions()
		want := c.want
		if strings.Contains(want, "%") {
			want = fmt.Sprintf(want, strings.Index(c.text, "mroe's")+1)
		}
		n := Parse("content/a.md", []byte(c.text), &opts)
		if got := spelled(n); got != want {
			t.Errorf("%s: %q\ngot  %s\nwant %s", name, c.text, got, want)
		}
	}
}

func TestMisspeltWordsOfStrangers(t *testing.T) {
	opts := markedOptions()
	opts.UnsafeHTML = false
	n := Parse("a.md", []byte("<p>mroe</p>\n\na <code>mroe</code> mroe\n"), &opts)
	if got := spelled(n); got != "03:21 mroe" {
		t.Error(got)
	}
}

func markedOptions() Options {
	o := hugoOptions()
	o.Marks = true
	return o
}
