package config

import (
	"errors"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"lectern/internal/diag"
)

// files makes a project of names and contents.
func files(pairs ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return m
}

func load(t *testing.T, fsys fs.FS) (*Config, []string) {
	t.Helper()
	c, diags, err := Load(fsys, Options{Name: "gopher-camp"})
	if err != nil {
		t.Fatal(err)
	}
	return c, text(diags)
}

// text writes diagnostics as a person sees them, a finding in one text.
func text(diags []diag.Diagnostic) []string {
	var out []string
	for _, d := range diags {
		var b strings.Builder
		if err := diag.WriteText(&b, []diag.Diagnostic{d}, false); err != nil {
			panic(err) // a Builder never fails
		}
		out = append(out, strings.TrimSuffix(b.String(), "\n"))
	}
	return out
}

// The defaults of Hugo 0.145.0, as its `hugo config` prints them.
func TestHugoDefaults(t *testing.T) {
	c, diags := load(t, files("hugo.toml", ""))
	if len(diags) > 0 {
		t.Error(diags)
	}
	want := &Config{
		Title: "Gopher camp", Language: "en", Params: map[string]any{}, Menus: map[string][]MenuEntry{},
		Taxonomies: []Taxonomy{{"category", "categories"}, {"tag", "tags"}},
		Permalinks: map[string]string{}, Outputs: map[string][]string{},
		Hugo: true, ContentDir: "content", StaticDirs: []string{"static"}, Files: []string{"hugo.toml"},
		CapitalizeListTitles: true, PluralizeListTitles: true, TitleCaseStyle: "AP", Branch: "main",
		Markup: Markup{
			UnsafeHTML:     true, // false in Hugo
			DefinitionList: true, Footnote: true, Strikethrough: true, Table: true, TaskList: true,
			Linkify: true, LinkifyProtocol: "https", Typographer: true,
			AttributeTitle: true, AutoHeadingID: true, AutoIDType: "github", WrapStandAloneImage: true,
			HighlightLineNumbersInTable: true, HighlightTabWidth: 4, TOCStart: 2, TOCEnd: 3,
		},
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
}

func TestShape(t *testing.T) {
	tests := []struct {
		name        string
		fsys        fstest.MapFS
		hugo        bool
		content     string
		static      int
		comfortable bool
	}{
		{"plain folder", files("README.md", ""), false, ".", 0, true},
		{"plain folder with lectern.yaml", files("lectern.yaml", "title: T\n", "a.md", ""), false, ".", 0, true},
		{"content folder alone", files("content/_index.md", ""), true, "content", 1, false},
		{"hugo.yaml", files("hugo.yaml", ""), true, "content", 1, false},
		{"config.toml", files("config.toml", ""), true, "content", 1, false},
		{"config/_default", files("config/_default/params.toml", ""), true, "content", 1, false},
		{"a folder named config", files("config/README.md", ""), false, ".", 0, true},
		{"content is a file", files("content", ""), false, ".", 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := load(t, tt.fsys)
			if c.Hugo != tt.hugo || c.ContentDir != tt.content || len(c.StaticDirs) != tt.static {
				t.Errorf("hugo %v, content %q, static %q", c.Hugo, c.ContentDir, c.StaticDirs)
			}
			if c.Markup.Emoji != tt.comfortable || c.Markup.AttributeBlock != tt.comfortable {
				t.Errorf("emoji %v, block attributes %v", c.Markup.Emoji, c.Markup.AttributeBlock)
			}
		})
	}
}

// The same configuration in the three formats and in the folder form.
func TestFormats(t *testing.T) {
	tests := map[string]fstest.MapFS{
		"toml": files("hugo.toml", `
baseurl = "https://example.org/notes"
TITLE = "Notes"
enableEmoji = true
[params]
  Author.Name = "Ann"
  days = [1, 2]
[[menus.main]]
  name = "Later"
  weight = 20
[[menus.main]]
  name = "First"
  url = "/first/"
  weight = 10
  params = {icon = "star"}
[markup.goldmark.parser]
  attribute = {block = true}
[markup.goldmark.extensions.extras.mark]
  enable = true
[taxonomies]
  speaker = "speakers"
`),
		"yaml": files("hugo.yml", `
baseURL: https://example.org/notes
title: Notes
enableEmoji: yes
params: {author: {name: Ann}, days: [1, 2]}
menu:
  main:
    - {name: Later, weight: "20"}
    - name: First
      url: /first/
      weight: 10
      params: {icon: star}
markup:
  goldmark:
    parser: {attribute: {block: true}}
    extensions: {extras: {mark: {enable: true}}}
taxonomies: {speaker: speakers}
`),
		"json": files("config.json", `{
  "baseURL": "https://example.org/notes", "title": "Notes", "enableEmoji": true,
  "params": {"author": {"name": "Ann"}, "days": [1, 2]},
  "menus": {"main": [{"name": "Later", "weight": 20}, {"name": "First", "url": "/first/", "weight": 10, "params": {"icon": "star"}}]},
  "markup": {"goldmark": {"parser": {"attribute": {"block": true}}, "extensions": {"extras": {"mark": {"enable": true}}}}},
  "taxonomies": {"speaker": "speakers"}
}`),
		"folder": files(
			"config/_default/hugo.toml", "baseURL = 'https://example.org/notes'\ntitle = 'other'\nenableEmoji = true\n",
			"config/production/config.toml", "title = 'Notes'\n",
			"config/_default/params.yaml", "author: {name: Ann}\ndays: [1, 2]\n",
			"config/_default/menu.toml", "[[main]]\nname = 'Later'\nweight = 20\n[[main]]\nname = 'First'\nurl = '/first/'\nweight = 10\nparams = {icon = 'star'}\n",
			"config/_default/markup.json", `{"goldmark": {"parser": {"attribute": {"block": true}}, "extensions": {"extras": {"mark": {"enable": true}}}}}`,
			"config/_default/taxonomies.toml", "speaker = 'speakers'\n",
			"config/_default/README.md", "not a configuration",
		),
	}
	for name, fsys := range tests {
		t.Run(name, func(t *testing.T) {
			c, diags := load(t, fsys)
			if len(diags) > 0 {
				t.Error(diags)
			}
			if c.BaseURL != "https://example.org/notes/" || c.Title != "Notes" || !c.Markup.Emoji || !c.Markup.Mark {
				t.Errorf("%+v", c)
			}
			if !c.Markup.AttributeTitle || !c.Markup.AttributeBlock {
				t.Error("attribute.block alone must leave attribute.title as it is")
			}
			wantParams := map[string]any{"author": map[string]any{"name": "Ann"}, "days": []any{int64(1), int64(2)}}
			if !reflect.DeepEqual(c.Params, wantParams) {
				t.Errorf("params %#v", c.Params)
			}
			wantMenu := []MenuEntry{
				{Name: "First", URL: "/first/", Weight: 10, Params: map[string]any{"icon": "star"}},
				{Name: "Later", Weight: 20},
			}
			if !reflect.DeepEqual(c.Menus, map[string][]MenuEntry{"main": wantMenu}) {
				t.Errorf("menus %+v", c.Menus)
			}
			if !slices.Equal(c.Taxonomies, []Taxonomy{{"speaker", "speakers"}}) {
				t.Errorf("taxonomies %+v", c.Taxonomies)
			}
		})
	}
}

func TestOrderOfFiles(t *testing.T) {
	c, diags := load(t, files(
		"hugo.toml", "title = 'one'\ncopyright = 'kept'\n[params]\na = 1\nb = 1\n",
		"config.toml", "title = 'never read'\n",
		"config/_default/hugo.yaml", "title: two\nparams: {b: 2, c: 2}\n",
		"config/production/params.toml", "c = 3\n",
		"lectern.yaml", "title: three\nparams: {d: 4}\n",
	))
	if c.Title != "three" || c.Copyright != "kept" {
		t.Errorf("title %q, copyright %q", c.Title, c.Copyright)
	}
	want := map[string]any{"a": int64(1), "b": int64(2), "c": int64(3), "d": int64(4)}
	if !maps.Equal(c.Params, want) {
		t.Errorf("params %v", c.Params)
	}
	wantFiles := []string{"hugo.toml", "config/_default/hugo.yaml", "config/production/params.toml", "lectern.yaml"}
	if !slices.Equal(c.Files, wantFiles) {
		t.Errorf("files %v", c.Files)
	}
	if len(diags) > 0 {
		t.Error(diags)
	}

	c, _, err := Load(files("lectern.yaml", "baseURL: https://a.example/\n"), Options{BaseURL: "https://b.example/x", Drafts: true})
	if err != nil || c.BaseURL != "https://b.example/x/" || !c.BuildDrafts || c.Title != "Notes" {
		t.Errorf("flags: %+v, %v", c, err)
	}
	if _, _, err := Load(files(), Options{BaseURL: "b.example"}); err == nil || !strings.Contains(err.Error(), "https://") {
		t.Errorf("a base URL without a scheme: %v", err)
	}
}

func TestValues(t *testing.T) {
	tests := []struct {
		name, toml string
		ok         func(*Config) bool
	}{
		{"weak types", "title = 2026\nenableEmoji = 'true'\nbuildDrafts = 1\n[markup.highlight]\ntabWidth = '8'", func(c *Config) bool {
			return c.Title == "2026" && c.Markup.Emoji && c.BuildDrafts && c.Markup.HighlightTabWidth == 8
		}},
		{"unsafe as written", "[markup.goldmark.renderer]\nunsafe = false", func(c *Config) bool { return !c.Markup.UnsafeHTML }},
		{"typographer off", "[markup.goldmark.extensions]\ntypographer = false", func(c *Config) bool { return !c.Markup.Typographer }},
		{"typographer's marks", "[markup.goldmark.extensions.typographer]\nleftDoubleQuote = '„'", func(c *Config) bool {
			return c.Markup.Typographer && maps.Equal(c.Markup.TypographerPunctuation, map[string]string{"leftDoubleQuote": "„"})
		}},
		{"attribute as bool", "[markup.goldmark.parser]\nattribute = false", func(c *Config) bool { return !c.Markup.AttributeTitle }},
		{"older name of autoIDType", "[markup.goldmark.parser]\nautoHeadingIDType = 'blackfriday'", func(c *Config) bool { return c.Markup.AutoIDType == "blackfriday" }},
		{"table of contents", "[markup.tableOfContents]\nstartLevel = 1\nendLevel = -1", func(c *Config) bool { return c.Markup.TOCStart == 1 && c.Markup.TOCEnd == -1 }},
		{"one static folder", "staticDir = 'assets'", func(c *Config) bool { return slices.Equal(c.StaticDirs, []string{"assets"}) }},
		{"static folders", "staticDir = ['a', 'b/c', 'a']", func(c *Config) bool { return slices.Equal(c.StaticDirs, []string{"a", "b/c"}) }},
		{"mounts", "[[module.mounts]]\nsource = 'docs'\ntarget = 'content'\n[[module.mounts]]\nsource = 'img'\ntarget = 'static'\n[[module.mounts]]\nsource = 'x'\ntarget = 'data'", func(c *Config) bool {
			return c.ContentDir == "docs" && slices.Equal(c.StaticDirs, []string{"img"})
		}},
		{"kinds", "disableKinds = ['RSS', 'taxonomyTerm', 'robotsTXT']", func(c *Config) bool {
			return slices.Equal(c.DisableKinds, []string{"robotstxt", "rss", "taxonomy"})
		}},
		{"outputs", "[outputs]\nhome = ['HTML', 'rss', 'print']\nsection = 'html'", func(c *Config) bool {
			return slices.Equal(c.Outputs["home"], []string{"html", "rss", "print"}) && slices.Equal(c.Outputs["section"], []string{"html"}) && c.Outputs["page"] == nil
		}},
		{"feeds without a limit", "rssLimit = -1", func(c *Config) bool { return c.RSSLimit == 0 }},
		{"feeds' limit", "[services.rss]\nlimit = 20", func(c *Config) bool { return c.RSSLimit == 20 }},
		{"no taxonomies", "[taxonomies]", func(c *Config) bool { return len(c.Taxonomies) == 0 }},
		{"permalinks", "[permalinks]\nPosts = '/:year/:slug/'\n[permalinks.page]\nnews = '/n/:slug/'", func(c *Config) bool {
			return maps.Equal(c.Permalinks, map[string]string{"posts": "/:year/:slug/", "news": "/n/:slug/"})
		}},
		{"no base URL", "baseURL = '/'", func(c *Config) bool { return c.BaseURL == "" }},
		{"title case", "titleCaseStyle = 'go'", func(c *Config) bool { return c.TitleCaseStyle == "Go" }},
		{"menus by weight, then name", "[[menu.main]]\nname='c'\n[[menu.main]]\nname='B'\n[[menu.main]]\nname='z'\nweight=1\n[[menu.main]]\nname='a'\nidentifier='i'", func(c *Config) bool {
			var names []string
			for _, e := range c.Menus["main"] {
				names = append(names, e.Name)
			}
			return slices.Equal(names, []string{"z", "a", "B", "c"})
		}},
		{"date in params", "[params]\nday = 2026-11-23", func(c *Config) bool { return c.Params["day"] != nil }},
		{"ignored files", "ignoreFiles = ['\\.bak$', '/_draft/']", func(c *Config) bool {
			return c.Ignored("content/a.bak") && c.Ignored("content/_draft/a.md") && !c.Ignored("content/a.md")
		}},
		{"hugo's other keys", "theme = 'x'\nsummaryLength = 3\n_merge = 'deep'\n[minify]\nx = 1\n[pagination]\npagerSize = 5", func(*Config) bool { return true }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, diags := load(t, files("hugo.toml", tt.toml))
			if !tt.ok(c) {
				t.Errorf("%+v", c)
			}
			if len(diags) > 0 {
				t.Errorf("findings: %q", diags)
			}
		})
	}
}

func TestLanguages(t *testing.T) {
	tests := []struct {
		name, yaml, language, title string
		warnings                    int
	}{
		{"none", "title: T", "en", "T", 0},
		{"code", "title: T\nlanguageCode: de-CH", "de-CH", "T", 0},
		{"default language alone", "title: T\ndefaultContentLanguage: FR", "fr", "T", 0},
		{"one", "title: T\nlanguageCode: de-AT\ndefaultContentLanguage: de\nlanguages: {de: {title: D, weight: 1}}", "de-AT", "D", 0},
		{"one with its own code", "languageCode: xx\nlanguages: {en: {languageCode: en-GB, title: E}}", "en-GB", "E", 0},
		{"several", "languageCode: xx\ndefaultContentLanguage: de\nlanguages: {en: {title: E}, de: {title: D}}", "de", "D", 1},
		{"several, one wanted", "languages: {en: {title: E}, de: {title: D, disabled: true}}", "en", "E", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, diags := load(t, files("hugo.yaml", tt.yaml))
			if c.Language != tt.language || c.Title != tt.title || len(diags) != tt.warnings {
				t.Errorf("language %q, title %q, findings %q", c.Language, c.Title, diags)
			}
		})
	}
	c, _ := load(t, files(
		"hugo.yaml", "defaultContentLanguage: de\nparams: {a: 1, b: 1}\nlanguages: {de: {params: {b: 2}, contentDir: content/de}}",
		"config/_default/params.de.toml", "c = 3",
		"config/_default/menus.de.toml", "[[main]]\nname = 'Hallo'",
	))
	if !maps.Equal(c.Params, map[string]any{"a": int64(1), "b": int64(2), "c": int64(3)}) || c.ContentDir != "content/de" || len(c.Menus["main"]) != 1 {
		t.Errorf("%+v", c)
	}
}

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
		{"unknown choice", "hugo.toml", "[markup.goldmark.parser]\nautoIDType = 'gitlab'\n", []string{
			"hugo.toml:2:14: warning: markup.goldmark.parser.autoIDType has no value \"gitlab\": the default is used [config-value]\n  hint: did you mean \"github\"?",
		}},
		{"what is not followed", "hugo.toml", "defaultContentLanguageInSubdir = true\nuglyURLs = {posts = true}\n[frontmatter]\ndate = [':filename', ':default']\n", []string{
			"hugo.toml:1:34: warning: defaultContentLanguageInSubdir is not supported: pages are published without their language's folder [config-unsupported]",
			"hugo.toml:2:12: warning: uglyURLs for single sections is not supported [config-unsupported]\n  hint: set it to true or false for the whole site",
			"hugo.toml:4:8: warning: dates and slugs from file names are not supported [config-unsupported]\n  hint: write dates into the notes' front matter",
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

func TestYAML(t *testing.T) {
	c, diags := load(t, files("hugo.yaml", `
params:
  base: &base {a: 1, b: 1}
  more: {b: 2, <<: *base}
  list: [*base, !!str 5, 0x10, 1.5, .inf, null, 18446744073709551615]
  text: |
    two
    lines
  ? odd
  : key
`))
	if len(diags) > 0 {
		t.Error(diags)
	}
	base := map[string]any{"a": int64(1), "b": int64(1)}
	if !reflect.DeepEqual(c.Params["more"], map[string]any{"a": int64(1), "b": int64(2)}) {
		t.Errorf("more: %v", c.Params["more"])
	}
	list := c.Params["list"].([]any)
	if !reflect.DeepEqual(list[:4], []any{base, "5", int64(16), 1.5}) || list[5] != nil || list[6] != float64(18446744073709551615) {
		t.Errorf("list: %#v", list)
	}
	if c.Params["text"] != "two\nlines\n" || c.Params["odd"] != "key" {
		t.Errorf("%#v", c.Params)
	}
}

// What stands where configuration is expected but is none must not be passed over.
func TestUnreadable(t *testing.T) {
	pipe := fstest.MapFS{"hugo.toml": &fstest.MapFile{Mode: fs.ModeNamedPipe}}
	if _, _, err := Load(pipe, Options{}); err == nil || !strings.Contains(err.Error(), "hugo.toml is not a regular file") {
		t.Errorf("a pipe: %v", err)
	}
	if _, _, err := Load(closed{files("lectern.yaml", "x: 1")}, Options{}); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a file that may not be read: %v", err)
	}
}

// closed is a project whose files may not be read.
type closed struct{ fstest.MapFS }

func (c closed) Open(name string) (fs.File, error) {
	if name == "lectern.yaml" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return c.MapFS.Open(name)
}

func (c closed) Stat(name string) (fs.FileInfo, error) {
	if name == "lectern.yaml" {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrPermission}
	}
	return c.MapFS.Stat(name)
}
