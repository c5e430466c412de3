package note

import (
	"bytes"
	"strings"
	"testing"
)

// Lines that are yet to be done, and those that only look like it.
func TestTodoForms(t *testing.T) {
	for line, want := range map[string]bool{
		"TODO":                             true,
		"TODO:":                            true,
		"TODO: Steal diagram from slides":  true,
		"TODO steal the diagram":           true,
		"TODO - steal the diagram":         true,
		"TODO – steal the diagram":         true,
		"TODO, and soon":                   true,
		"TODO(ann): the numbers":           true,
		"TODO (ann)":                       true,
		"TODO!":                            true,
		"TODOs: two":                       true,
		"**TODO:** the numbers":            true,
		"**TODO**: the numbers":            true,
		"**Todo**: the numbers":            true,
		"_TODO_ the numbers":               true,
		"*TODO: the numbers*":              true,
		"🚧 TODO: the numbers":              true,
		":construction: TODO: the numbers": true,
		"⚠️ TODO":                          true,
		"Todo: the numbers":                true,
		"ToDo: the numbers":                true,
		"todo: the numbers":                true,
		"To do: the numbers":               true,
		"To-do: the numbers":               true,
		"todo(ann): the numbers":           true,
		"Todo":                             true,
		"FIXME: the numbers":               true,
		"TBD":                              true,
		"tbd.":                             true,
		"TBD by the organisers":            true,
		"Zu tun: Zahlen":                   true,
		"Noch zu tun: Zahlen":              true,
		"TODO listen to the recording":     true,

		"Todo apps are the new hello world": false,
		"TODO lists never end":              false,
		"TODO-list":                         false,
		"TODO's":                            false,
		"TODOIST was down":                  false,
		"TODOs_x":                           false,
		"To do this you need a key":         false,
		"todo (later) maybe":                false,
		"What TODO: means":                  false,
		`"TODO" is a word`:                  false,
		"`TODO: in code`":                   false,
		"`TODO`: in code":                   false,
		"[TODO](x.md)":                      false,
		"~~TODO: done~~":                    false,
		"(TODO: later)":                     false,
		"Tbilisi":                           false,
		"fixmes":                            false,
		"":                                  false,
		"🚧":                                 false,
		"to":                                false,
	} {
		for place, text := range map[string]string{
			"a paragraph": line + "\n", "a line": "First.\n" + line + "\nLast.\n", "a point": "- a\n- " + line + "\n  - sub\n- b\n",
			"a loose point": "- a\n\n- " + line + "\n\n- b\n", "a heading": "## " + line + "\n", "a quotation": "> " + line + "\n",
		} {
			shown := Parse("a.md", []byte("---\ntitle: T\n---\n"+text), &Options{UnsafeHTML: true, Emoji: true, Strikethrough: true})
			if got := bytes.Contains(shown.Body.HTML, []byte(`class="todo"`)); got != want {
				t.Errorf("%q in %s: marked is %t, want %t: %s", line, place, got, want, shown.Body.HTML)
			}
			hidden := Parse("a.md", []byte("---\ntitle: T\n---\n"+text), &Options{UnsafeHTML: true, Emoji: true, Strikethrough: true, HideTodos: true})
			if hides := len(hidden.Body.HTML) < len(shown.Body.HTML); hides != want {
				t.Errorf("%q in %s: hidden is %t, want %t: %s", line, place, hides, want, hidden.Body.HTML)
			}
			if got := plainText(shown.Body.HTML); want && strings.Join(strings.Fields(got), "") != unmarked(line, text) {
				t.Errorf("%q in %s: the mark changes the text to %q", line, place, got)
			}
		}
	}
}

// A check box says by itself that something is to be done, or was; who leaves TODOs
// out means those with an empty box too.
func TestTasksAndTodos(t *testing.T) {
	text := []byte("- [ ] TODO: ask\n- [x] TODO: copy\n- [ ] read\n")
	if got := string(Parse("a.md", text, &Options{TaskList: true}).Body.HTML); strings.Contains(got, "todo\"") || !strings.Contains(got, "ask") {
		t.Error(got)
	}
	got := string(Parse("a.md", text, &Options{TaskList: true, HideTodos: true}).Body.HTML)
	if strings.Contains(got, "ask") || !strings.Contains(got, "copy") || !strings.Contains(got, "read") || strings.Count(got, "<li>") != 2 {
		t.Error(got)
	}
}

func TestHiddenTodos(t *testing.T) {
	for text, want := range map[string]string{
		"TODO: all\n":                                         "",
		"First.\nTODO: x\nLast.\n":                            "<p>First.\nLast.</p>\n",
		"First.\nTODO: x\n":                                   "<p>First.</p>\n",
		"First.  \nTODO: x\n":                                 "<p>First.</p>\n",
		"TODO: *x\ny* z\nLast.\n":                             "<p>Last.</p>\n",
		"- TODO: a\n- TODO: b\n":                              "",
		"- a\n- TODO: b\n  - c\n- d\n":                        "<ul>\n<li>a</li>\n<li>d</li>\n</ul>\n",
		"- a\n  TODO: b\n":                                    "<ul>\n<li>a</li>\n</ul>\n",
		"> TODO: a\n":                                         "",
		"## TODO: pictures\n\nText.\n":                        "<p>Text.</p>\n",
		"## TODO\n\n- a\n\n### b\n\nc\n\n## d\n":              "<h2 id=\"d\">d</h2>\n",
		"a\n\n## TODO\n":                                      "<p>a</p>\n",
		"```\nTODO: code\n```\n":                              "<pre tabindex=\"0\"><code>TODO: code\n</code></pre>\n",
		"    TODO: code\n":                                    "<pre><code>TODO: code\n</code></pre>\n",
		"> [!TODO]\n> pictures\n":                             "",
		"a\n\n{{% notice tip %}}\nTODO: a\n{{% /notice %}}\n": "<p>a</p>\n",
		"{{% notice tip %}}\nTODO: a\n\nb\n{{% /notice %}}\n": "<div class=\"notice notice-tip\" role=\"note\"><p class=\"notice-title\">Tip</p><div class=\"notice-body\">\n<p>b</p>\n</div></div>\n",
	} {
		o := Options{UnsafeHTML: true, AutoHeadingID: true, HideTodos: true}
		n := Parse("content/a.md", []byte("---\ntitle: T\n---\n"+text), &o)
		if got := string(n.Body.HTML); got != want {
			t.Errorf("%q gives\n%s\nwant\n%s", text, got, want)
		}
		if strings.Contains(n.Summary, "TODO") {
			t.Errorf("%q: the summary is %q", text, n.Summary)
		}
	}
	text := []byte("# Talk\n\nOne two.\nTODO: three four five\n\n## TODO: pictures\n\n[gone](TODO.md)\n\n- TODO [x](nowhere.md) ![y](z.png)\n")
	n := Parse("a.md", text, &Options{HideTodos: true})
	if n.Words != 3 || len(n.Headings) != 0 || len(n.Links) != 1 || n.Summary != "One two. gone" {
		t.Errorf("%d words, headings %v, links %v, summary %q", n.Words, n.Headings, n.Links, n.Summary)
	}
	if n := Parse("a.md", text, nil); n.Words < 8 || len(n.Headings) != 1 || len(n.Links) != 3 || n.Summary != "One two. gone" {
		t.Errorf("shown: %d words, headings %v, links %v, summary %q", n.Words, n.Headings, n.Links, n.Summary)
	}
}

// unmarked is the text of a note, without blanks, as it is where nothing is marked.
func unmarked(line, text string) string {
	n := Parse("a.md", []byte("---\ntitle: T\n---\n"+strings.Replace(text, line, "\u00b6"+line, 1)), &Options{UnsafeHTML: true, Emoji: true, Strikethrough: true})
	return strings.Replace(strings.Join(strings.Fields(plainText(n.Body.HTML)), ""), "\u00b6", "", 1)
}

// plainText is what is between tags.
func plainText(html []byte) string {
	var b strings.Builder
	in := false
	for _, c := range string(html) {
		switch {
		case c == '<':
			in = true
		case c == '>' && in:
			in = false
		case !in:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// The mark of a TODO adds no text and closes what it opens, whatever the
// author's HTML does.
func TestTodoMarkIsWhole(t *testing.T) {
	for _, text := range []string{
		"TODO: a <b>b\nc</b> d\n", "TODO: **a\nb** c\nd\n", "- TODO: a\n\n  b\n", "TODO {{% badge %}}x{{% /badge %}} y\n", "**TODO: a\nb** c\nd\n",
	} {
		for _, unsafe := range []bool{true, false} {
			n := Parse("a.md", []byte(text), &Options{UnsafeHTML: unsafe})
			html := string(n.Body.HTML)
			if strings.Count(html, "<span") != strings.Count(html, "</span>") || strings.Count(html, `<span class="todo">`) != 1 {
				t.Errorf("%q gives %s", text, html)
			}
			if !unsafe && !balanced(n.Body.HTML) {
				t.Errorf("%q gives %s", text, html)
			}
		}
	}
}
