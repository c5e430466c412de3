package config

import (
	"fmt"
	"slices"
	"strings"

	"lectern/internal/diag"
)

// A setting is one key that Lectern acts upon. The list of all settings is the
// single source of what a key is called, what it means and how it is read;
// docs/reference/config.md is made from it.
type setting struct {
	// path is the key with its parents, dotted, spelled as the documentation
	// has it. A last part in angle brackets stands for any name.
	path string
	// form is what the value must be, for a reader.
	form string
	// def is the default in a project of Hugo's shape, as written in YAML.
	def string
	doc string
	// own marks a key that has its place in lectern.yaml alone.
	own bool
	// early marks a key that decides which others hold for which language; it is
	// read before them (see loader.variants).
	early bool
	// read decodes v, the value at path, into c.
	read func(d *decoder, c *Config, v *value)
}

// settings returns all keys in the order in which they are read: a later one
// may overrule an earlier one.
func settings() []setting {
	return slices.Concat(siteSettings(), languageSettings(), searchSettings(), buildSettings(), markupSettings(), ownSettings())
}

// defaultOf writes the default that a field of a Config has.
func defaultOf[T any](field func(*Config) *T) string {
	c := defaults(true)
	switch v := any(*field(c)).(type) {
	case string:
		if v == "" {
			return "none"
		}
		return v
	case []string:
		return "[" + strings.Join(v, ", ") + "]"
	default:
		return fmt.Sprint(v)
	}
}

func textSetting(path, doc string, field func(*Config) *string) setting {
	return setting{
		path: path, form: "text", def: defaultOf(field), doc: doc,
		read: func(d *decoder, c *Config, v *value) { d.text(v, path, field(c)) },
	}
}

func boolSetting(path, doc string, field func(*Config) *bool) setting {
	return setting{
		path: path, form: "true or false", def: defaultOf(field), doc: doc,
		read: func(d *decoder, c *Config, v *value) { d.boolean(v, path, field(c)) },
	}
}

func intSetting(path, doc string, field func(*Config) *int) setting {
	return setting{
		path: path, form: "number", def: defaultOf(field), doc: doc,
		read: func(d *decoder, c *Config, v *value) { d.integer(v, path, field(c)) },
	}
}

// choiceSetting is a text that must be one of choices; case does not count.
func choiceSetting(path, doc string, field func(*Config) *string, choices ...string) setting {
	return setting{
		path: path, form: strings.Join(choices, ", "), def: defaultOf(field), doc: doc,
		read: func(d *decoder, c *Config, v *value) {
			var s string
			d.text(v, path, &s)
			i := slices.IndexFunc(choices, func(choice string) bool { return strings.EqualFold(choice, s) })
			switch {
			case i >= 0:
				*field(c) = choices[i]
			case s != "":
				d.warn(v.at, ruleValue, nearest(s, choices), "%s has no value %q: the default is used", path, clip(s))
			}
		},
	}
}

// nearest makes a hint of the candidate that is most like word, if any is.
func nearest(word string, candidates []string) string {
	if n := diag.Nearest(word, candidates); n != "" {
		return fmt.Sprintf("did you mean %q?", n)
	}
	return ""
}

// defaults returns the configuration of a project whose files say nothing.
// Those of Hugo's shape have Hugo's own defaults (0.145), but for HTML in
// notes, which is kept. In a plain folder what makes writing comfortable is on.
func defaults(hugo bool) *Config {
	c := &Config{
		Language:             "en",
		Params:               map[string]any{},
		Menus:                map[string][]MenuEntry{},
		Taxonomies:           []Taxonomy{{"category", "categories"}, {"tag", "tags"}},
		Permalinks:           map[string]string{},
		Outputs:              map[string][]string{},
		Hugo:                 hugo,
		ContentDir:           ".",
		CapitalizeListTitles: true,
		PluralizeListTitles:  true,
		TitleCaseStyle:       "AP",
		RSSLimit:             100,
		Cards:                "auto",
		SmallerPictures:      true,
		Markdown:             "auto",
		Offline:              true,
		Branch:               "main",
		Changes:              true,
		Markup: Markup{
			UnsafeHTML:      true,
			Emoji:           !hugo,
			DefinitionList:  true,
			Footnote:        true,
			Strikethrough:   true,
			Table:           true,
			TaskList:        true,
			Linkify:         true,
			LinkifyProtocol: "https",
			Typographer:     true,
			AttributeTitle:  true,
			AttributeBlock:  !hugo,
			AutoHeadingID:   true,
			AutoIDType:      "github",

			WrapStandAloneImage:         true,
			HighlightLineNumbersInTable: true,
			HighlightTabWidth:           4,
			Math:                        "auto",
			TOCStart:                    2,
			TOCEnd:                      3,
		},
	}
	if hugo {
		c.ContentDir = "content"
		c.StaticDirs = []string{"static"}
	}
	return c
}
