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
		FolderName: "Gopher camp", Language: "en", LanguageKey: "en", Params: map[string]any{}, Menus: map[string][]MenuEntry{},
		Taxonomies: []Taxonomy{{"category", "categories"}, {"tag", "tags"}},
		Permalinks: map[string]string{}, Outputs: map[string][]string{},
		Hugo: true, ContentDir: "content", StaticDirs: []string{"static"}, Files: []string{"hugo.toml"},
		CapitalizeListTitles: true, PluralizeListTitles: true, TitleCaseStyle: "AP", Branch: "main", Changes: true,
		RSSLimit:        100, // without a limit in Hugo
		Offline:         true,
		SmallerPictures: true,
		Cards:           "auto",
		Markdown:        "auto",
		Markup: Markup{
			UnsafeHTML:     true, // false in Hugo
			DefinitionList: true, Footnote: true, Strikethrough: true, Table: true, TaskList: true,
			Linkify: true, LinkifyProtocol: "https", Typographer: true,
			AttributeTitle: true, AutoHeadingID: true, AutoIDType: "github", WrapStandAloneImage: true,
			HighlightLineNumbersInTable: true, HighlightTabWidth: 4, Math: "auto", TOCStart: 2, TOCEnd: 3,
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
	if err != nil || c.BaseURL != "https://b.example/x/" || !c.BuildDrafts || c.FolderName != "Notes" {
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
		{"several", "languageCode: xx\ndefaultContentLanguage: de\nlanguages: {en: {title: E}, de: {title: D}}", "de", "D", 0},
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
