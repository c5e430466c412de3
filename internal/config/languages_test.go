package config

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

const threeLanguages = `
title = "Camp"
baseURL = "https://camp.example.org/"
languageCode = "en-us"
copyright = "all"
[params]
a = 1
b = 1
[languages.pt-BR]
weight = 3
disabled = true
[languages.de]
weight = 1
languageName = "Deutsch"
languageCode = "de-CH"
title = "Lager"
contentDir = "content/de"
staticDir = ["static_de"]
[languages.de.params]
b = 2
[[languages.de.menus.main]]
name = "Hallo"
[languages.en]
weight = 2
[languages.ar]
direction = "rtl"
`

func TestSeveralLanguages(t *testing.T) {
	c, diags := load(t, files("hugo.toml", threeLanguages))
	if len(diags) > 0 {
		t.Error(diags)
	}
	if c.LanguageKey != "en" || len(c.Languages) != 3 || !slices.Contains(c.Languages, c) {
		t.Fatalf("%+v", c)
	}
	var keys, dirs, titles, codes, names []string
	for _, l := range c.Languages {
		keys, dirs = append(keys, l.LanguageKey), append(dirs, l.LanguageDir)
		titles, codes, names = append(titles, l.Title), append(codes, l.Language), append(names, l.LanguageName)
		if !slices.Equal(l.StaticDirs, []string{"static_de", "static"}) || !slices.Equal(l.DisabledLanguages, []string{"pt-br"}) {
			t.Errorf("%s: static %q, disabled %q", l.LanguageKey, l.StaticDirs, l.DisabledLanguages)
		}
		if len(l.Languages) != 3 || l.Copyright != "all" {
			t.Errorf("%s: %+v", l.LanguageKey, l)
		}
	}
	for _, got := range []struct {
		what string
		got  []string
		want string
	}{
		{"keys", keys, "de en ar"},
		{"folders", dirs, "de  ar"},
		{"titles", titles, "Lager Camp Camp"},
		{"codes", codes, "de-CH en ar"},
		{"names", names, "Deutsch  "},
		{"content", c.ContentDirs(), "content/de content"},
	} {
		if s := strings.Join(got.got, " "); s != got.want {
			t.Errorf("%s: %q, want %q", got.what, s, got.want)
		}
	}
	de, ar := c.Languages[0], c.Languages[2]
	if de.Params["a"] != int64(1) || de.Params["b"] != int64(2) || c.Params["b"] != int64(1) {
		t.Errorf("params %v and %v", de.Params, c.Params)
	}
	if len(de.Menus["main"]) != 1 || len(c.Menus["main"]) != 0 || ar.Direction != "rtl" {
		t.Errorf("%+v", c)
	}
	if got := de.EditLink("content/de/x.md", nil); got != "" {
		t.Errorf("edit link %q", got)
	}
}

func TestFileLanguage(t *testing.T) {
	c, _ := load(t, files("hugo.toml", threeLanguages))
	for name, want := range map[string]string{
		"content/a.md":          "en",
		"content/a.de.md":       "de",
		"content/a.DE.md":       "de",
		"content/a.en.md":       "en",
		"content/a.v1.md":       "en",
		"content/de/a.md":       "de",
		"content/de/a.en.md":    "en",
		"content/de/p.ar.png":   "ar",
		"content/de.md":         "en",
		"content/.de.md":        "en",
		"content/deep/a.b.c.md": "en",
		"static/a.png":          "en",
	} {
		if got := c.FileLanguage(name).LanguageKey; got != want {
			t.Errorf("%s is in %s, want %s", name, got, want)
		}
	}
}

func TestLanguagePlaces(t *testing.T) {
	for _, tt := range []struct{ name, yaml, dirs string }{
		{"alone", "title: T", "en:"},
		{"alone in its folder", "defaultContentLanguageInSubdir: true", "en:en"},
		{"named alone in its folder", "defaultContentLanguageInSubdir: true\ndefaultContentLanguage: de\nlanguages: {de: }", "de:de"},
		{"two", "languages: {en: , de: }", "de:de en:"},
		{"two in folders", "defaultContentLanguageInSubdir: true\nlanguages: {en: {weight: 1}, de: {weight: 2}}", "en:en de:de"},
		{"one switched off", "disableLanguages: [DE]\nlanguages: {en: , de: }", "en:"},
		{"upper case", "defaultContentLanguage: EN\nlanguages: {EN: , pt-BR: }", "en: pt-br:pt-br"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, diags := load(t, files("hugo.yaml", tt.yaml))
			var got []string
			for _, l := range c.All() {
				got = append(got, l.LanguageKey+":"+l.LanguageDir)
			}
			if s := strings.Join(got, " "); s != tt.dirs || len(diags) > 0 {
				t.Errorf("%q, want %q; %q", s, tt.dirs, diags)
			}
		})
	}
}

// lectern.yaml is stronger than Hugo's files, also about languages, and may
// give a plain folder some.
func TestOwnLanguages(t *testing.T) {
	c, diags := load(t, files("lectern.yaml", "title: T\nlanguages:\n  en: {weight: 1}\n  de: {title: D, languageName: Deutsch}\n"))
	if len(diags) > 0 || len(c.Languages) != 2 || c.Languages[1].Title != "D" || c.Hugo {
		t.Errorf("%+v %q", c, diags)
	}
	c, diags = load(t, files(
		"hugo.toml", "title = 'H'\n[languages.en]\n[languages.de]\ntitle = 'HD'\nlanguageName = 'X'\n",
		"lectern.yaml", "title: T\nlanguages: {de: {languageName: Deutsch}}\n",
	))
	if de := c.Languages[0]; len(diags) > 0 || c.Title != "T" || de.Title != "T" || de.LanguageName != "Deutsch" {
		t.Errorf("%+v %q", c, diags)
	}
}

func TestLanguageFindings(t *testing.T) {
	for _, tt := range []struct{ name, yaml, want string }{
		{
			"address", "baseURL: https://a.example.org/\nlanguages:\n  en: {baseURL: 'https://b.example.org/'}\n  de:\n",
			"hugo.yaml:3:17: warning: an address of its own for a language is not supported [config-unsupported]\n  hint: the languages share the site's address: leave it out",
		},
		{
			"direction", "languages:\n  en: {languageDirection: up}\n  de:\n",
			"hugo.yaml:2:27: warning: languages.en.languageDirection has no value \"up\" [config-value]\n  hint: write \"ltr\" or \"rtl\"",
		},
		{
			"said once", "titleCaseStyle: odd\nlanguages: {en: , de: , fr: }\n",
			"hugo.yaml:1:17: warning: titleCaseStyle has no value \"odd\": the default is used [config-value]",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, diags := load(t, files("hugo.yaml", tt.yaml))
			if got := strings.Join(diags, "\n"); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			for _, l := range c.All() {
				if tt.name == "address" && l.BaseURL != "https://a.example.org/" {
					t.Errorf("%s is at %s", l.LanguageKey, l.BaseURL)
				}
			}
		})
	}
	var ce *Error
	_, _, err := Load(files("hugo.yaml", "languages: {en: {disabled: true}, de: }"), Options{})
	if !errors.As(err, &ce) || !strings.Contains(err.Error(), `the default language "en" is disabled`) {
		t.Errorf("%v", err)
	}
}

func TestEditLinkInOtherFolder(t *testing.T) {
	c := &Config{ContentDir: "content/en", EditURL: "https://git.example.org/edit/content/en/${FilePath}"}
	if got, want := c.EditLink("content/de/x.en.md", nil), "https://git.example.org/edit/content/en/../../content/de/x.en.md"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
