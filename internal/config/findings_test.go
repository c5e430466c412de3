package config

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"lectern/internal/diag"
)

func TestWarnings(t *testing.T) {
	tests := []struct {
		name, file, data string
		want             []string
	}{
		{"unknown key of Hugo's", "hugo.toml", "tilte = 'x'\n", []string{
			"hugo.toml:1:1: warning: no such key: tilte [config-unknown-key]\n  hint: did you mean \"title\"?",
		}},
		{"unknown table", "hugo.yaml", "title: x\nparam:\n  a: 1\n", []string{
			"hugo.yaml:2:1: warning: no such key: param [config-unknown-key]\n  hint: did you mean \"params\"?",
		}},
		{"nothing near", "config.json", `{"title": "x",
 "qqqqqqqq": 1}`, []string{"config.json:2:2: warning: no such key: qqqqqqqq [config-unknown-key]"}},
		{"Lectern's key in Hugo's file", "hugo.toml", "[repository]\nurl = 'https://example.org/x'\n", []string{
			"hugo.toml:1:2: warning: repository is not a key of Hugo's configuration [config-unknown-key]\n  hint: put it into lectern.yaml",
		}},
		{"unknown in lectern.yaml", "lectern.yaml", "repository:\n  ulr: x\nparams:\n  anything: 1\n", []string{
			"lectern.yaml:2:3: warning: no such key: repository.ulr [config-unknown-key]\n  hint: did you mean \"url\"?",
		}},
		{"deep in lectern.yaml", "lectern.yaml", "markup:\n  goldmark:\n    extensions: {tabel: true}\n", []string{
			"lectern.yaml:3:18: warning: no such key: markup.goldmark.extensions.tabel [config-unknown-key]\n  hint: did you mean \"table\"?",
		}},
		{"of no use in lectern.yaml", "lectern.yaml", "theme: x\n", []string{
			"lectern.yaml:1:1: warning: theme is a key of Hugo's that Lectern does not use [config-unknown-key]",
		}},
		{"unknown kind", "hugo.toml", "disableKinds = ['sitmap']\n", []string{
			"hugo.toml:1:16: warning: disableKinds: \"sitmap\" is no kind of page [config-value]\n  hint: did you mean \"sitemap\"?",
		}},
		{"an output that is not made", "hugo.toml", "[outputs]\npage = ['html', 'amp', 'prnit', 'PRINT', 'search']\n", []string{
			"hugo.toml:2:8: warning: outputs: the format \"amp\" is not made [config-unsupported]",
			"hugo.toml:2:8: warning: outputs: the format \"prnit\" is not made [config-unsupported]\n  hint: did you mean \"print\"?",
		}},
		{"unknown token of a permalink", "hugo.toml", "[permalinks]\nposts = '/:year/:sections[1:]/:slugg/:slug'\n", []string{
			"hugo.toml:2:9: warning: permalinks.posts has no token \":slugg\": it stays as it is written [config-value]\n  hint: did you mean \"slug\"?",
		}},
		{"unknown choice", "hugo.toml", "[markup.goldmark.parser]\nautoIDType = 'gitlab'\n", []string{
			"hugo.toml:2:14: warning: markup.goldmark.parser.autoIDType has no value \"gitlab\": the default is used [config-value]\n  hint: did you mean \"github\"?",
		}},
		{"what is not followed", "hugo.toml", "uglyURLs = {posts = true}\n[frontmatter]\ndate = [':filename', ':default']\n", []string{
			"hugo.toml:1:12: warning: uglyURLs for single sections is not supported [config-unsupported]\n  hint: set it to true or false for the whole site",
			"hugo.toml:3:8: warning: dates and slugs from file names are not supported [config-unsupported]\n  hint: write dates into the notes' front matter",
		}},
		{"after a byte order mark and wide letters", "lectern.yaml", "\ufefftitle: é\nparams: {ä: 1}\ntitel: x\n", []string{
			"lectern.yaml:3:1: warning: no such key: titel [config-unknown-key]\n  hint: did you mean \"title\"?",
		}},
		{"columns are bytes", "lectern.yaml", "repository: {branch: ä, ulr: x}\n", []string{
			"lectern.yaml:1:26: warning: no such key: repository.ulr [config-unknown-key]\n  hint: did you mean \"url\"?",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, got := load(t, files(tt.file, tt.data)); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestErrors(t *testing.T) {
	tests := []struct {
		name, file, data, want string
	}{
		{"toml", "hugo.toml", "title = 'x'\nbaseURL = = 1\n", "hugo.toml:2:11: error: "},
		{"toml, twice", "hugo.toml", "title = 'x'\ntitle = 'y'\n", "hugo.toml:2:1: error: "},
		{"yaml", "lectern.yaml", "title: x\n  repository: y\n", "lectern.yaml:1:8: error: "},
		{"yaml, twice", "lectern.yaml", "title: x\ntitle: y\n", "lectern.yaml:2:1: error: "},
		{"yaml, a list", "hugo.yaml", "- a\n", "hugo.yaml:1:1: error: the configuration is a list, not a list of keys and values"},
		{"yaml, no anchor", "hugo.yaml", "title: *a\n", "hugo.yaml:1:8: error: "},
		{"yaml, two documents", "hugo.yaml", "title: a\n---\ntitle: b\n", "hugo.yaml:3:1: error: a second document"},
		{"json", "hugo.json", "{\"title\": \"x\",\n \"a\" 1}", "hugo.json:2:6: error: "},
		{"json, cut off", "hugo.json", "{\"title\": [1,", "hugo.json:1:14: error: the file ends in the middle of a value"},
		{"json, more", "hugo.json", "{} {}", "hugo.json:1:4: error: there is more after the end of the object"},
		{"json, a list", "hugo.json", " []", "hugo.json:1:1: error: the configuration is a list, not an object"},
		{"not UTF-8", "hugo.toml", "title = '\xff'\n", "hugo.toml:1:10: error: this is not UTF-8"},
		{"a scalar for a group", "lectern.yaml", "search: off\n", "lectern.yaml:1:9: error: search must be a table, not \"off\" [config-type]\n  hint: its keys are enabled, hidden"},
		{"a scalar for a group in a group", "lectern.yaml", "look:\n  font: Georgia\n", "lectern.yaml:2:9: error: look.font must be a table, not \"Georgia\" [config-type]\n  hint: its keys are text, code"},
		{"a scalar for a group of anything", "lectern.yaml", "languages: 3\n", "lectern.yaml:1:12: error: languages must be a table"},
		{"wrong type: text", "lectern.yaml", "title: [a]\n", "lectern.yaml:1:8: error: title must be a text, not a list [config-type]"},
		{"wrong type: bool", "hugo.toml", "x = 1\nenableEmoji = 'perhaps'\n", "hugo.toml:2:15: error: enableEmoji must be true or false, not \"perhaps\" [config-type]"},
		{"wrong type: number", "hugo.toml", "[markup.highlight]\ntabWidth = 'wide'\n", "hugo.toml:2:12: error: markup.highlight.tabWidth must be a whole number, not \"wide\" [config-type]"},
		{"wrong type: table", "hugo.toml", "params = 3\n", "hugo.toml:1:10: error: params must be a table, not 3 [config-type]"},
		{"wrong type: menu", "hugo.toml", "[menus]\nmain = 'x'\n", "hugo.toml:2:8: error: menus.main must be a list of entries, not \"x\" [config-type]"},
		{"wrong type: weight", "hugo.toml", "[[menus.main]]\nname = 'a'\n[[menus.main]]\nweight = 'first'\n", "hugo.toml:4:10: error: menus.main.weight must be a whole number, not \"first\" [config-type]"},
		{"base URL", "lectern.yaml", "baseURL: example.org\n", "lectern.yaml:1:10: error: baseURL \"example.org\" is not an address of a site [config-value]\n  hint: write it with its scheme"},
		{"content outside", "hugo.toml", "contentDir = '../x'\n", "hugo.toml:1:14: error: contentDir \"../x\" is not inside the project"},
		{"static outside", "hugo.toml", "staticDir = ['ok', '/etc']\n", "hugo.toml:1:13: error: staticDir \"/etc\" is not inside the project"},
		{"time zone", "lectern.yaml", "timeZone: Europe/Nowhere\n", "lectern.yaml:1:11: error: timeZone \"Europe/Nowhere\" is not known"},
		{"expression", "hugo.toml", "ignoreFiles = ['(']\n", "hugo.toml:1:15: error: ignoreFiles: "},
		{"default language", "hugo.yaml", "defaultContentLanguage: dee\nlanguages: {de: {}}\n", "hugo.yaml:2:12: error: the default language \"dee\" is not among the languages [config-value]\n  hint: did you mean \"de\"?"},
		{"requires", "lectern.yaml", "requires: soon\n", "lectern.yaml:1:11: error: requires: \"soon\" is not a version"},
		{"deep", "hugo.yaml", "a: " + strings.Repeat("[", 2000), "hugo.yaml:1:68: error: nested deeper than 64"},
		{"deep in a line", "hugo.yaml", "a:\n" + strings.Repeat("- ", 2000), "hugo.yaml:2:513: error: nested deeper than 64"},
		{"deep key", "hugo.toml", strings.Repeat("a.", 2000) + "a = 1", "hugo.toml:1:1: error: nested deeper than 64"},
		{"deep by indentation", "hugo.yaml", indented(100), "hugo.yaml:66:66: error: nested deeper than 64"},
		{"a few lines for a billion values", "hugo.yaml", "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n", "hugo.yaml:5:"},
		{"large", "hugo.yaml", "a: " + strings.Repeat("x", maxFileSize), "hugo.yaml: error: the configuration is larger than 128 KiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := Load(files(tt.file, tt.data), Options{})
			ce, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("error %v", err)
			}
			ce.Diags = slices.DeleteFunc(ce.Diags, func(d diag.Diagnostic) bool { return d.Severity != diag.Error })
			if got := text(ce.Diags); len(got) != 1 || !strings.HasPrefix(got[0], tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), tt.want)
			}
		})
	}
}

func indented(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// All that is wrong is said in one run.
func TestAllErrorsAtOnce(t *testing.T) {
	_, _, err := Load(files(
		"hugo.toml", "title = ['x']\nfoo = 1\n",
		"config/_default/params.toml", "a = = 1\n",
		"lectern.yaml", "unsafeHTML: perhaps\n",
	), Options{})
	ce, ok := errors.AsType[*Error](err)
	if !ok || len(ce.Diags) != 4 {
		t.Fatalf("%v", err)
	}
	want := "the configuration cannot be used: config/_default/params.toml:1:5: "
	if got := err.Error(); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, " (and 2 more)") {
		t.Error(got)
	}
}
