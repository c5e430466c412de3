package config

import (
	"regexp"
	"slices"
	"strings"
)

// buildSettings are the keys about what is published and where.
func buildSettings() []setting {
	return []setting{
		{
			path: "contentDir", form: "folder", def: "content",
			doc: "The folder with the notes; in a plain folder of notes that folder itself.",
			read: func(d *decoder, c *Config, v *value) {
				if dir, ok := readDir(d, v, "contentDir"); ok {
					c.ContentDir = dir
				}
			},
		},
		{
			path: "staticDir", form: "folder or list of folders", def: "static",
			doc:  "Folders whose files are published as they are; of two files with one path that of the later folder wins. A plain folder of notes has none.",
			read: readStaticDirs,
		},
		boolSetting("buildDrafts", "Publish notes with `draft: true` as well.", func(c *Config) *bool { return &c.BuildDrafts }),
		boolSetting("buildFuture", "Publish notes before their `publishDate` as well.", func(c *Config) *bool { return &c.BuildFuture }),
		boolSetting("buildExpired", "Publish notes after their `expiryDate` as well.", func(c *Config) *bool { return &c.BuildExpired }),
		boolSetting("disablePathToLower", "Keep upper case in addresses.", func(c *Config) *bool { return &c.DisablePathToLower }),
		boolSetting("removePathAccents", "Write accented letters in addresses without their accents.", func(c *Config) *bool { return &c.RemovePathAccents }),
		{
			path: "uglyURLs", form: "true or false", def: "false",
			doc:  "Publish `day1/talk.html` instead of `day1/talk/`. Hugo's form with one value for each section is not supported.",
			read: readUglyURLs,
		},
		{
			path: "disableKinds", form: "list of page kinds", def: "[]",
			doc:  "Kinds of pages that are not made: `home`, `section`, `page`, `taxonomy`, `term`, `rss`, `sitemap`, `robotstxt`, `404`, and Lectern's own `print`, `timetable` (with its calendar), `sessions`, `people`, `person`, `hallway`.",
			read: readDisableKinds,
		},
		{
			path: "ignoreFiles", form: "list of regular expressions", def: "[]",
			doc:  "Files of the content folder that are left out: those whose slash path, with a leading slash, one of the expressions matches.",
			read: readIgnoreFiles,
		},
		{
			path: "outputs.<kind>", form: "list of formats", def: "html, and rss for all kinds but page",
			doc: "What is made for pages of a kind (`home`, `section`, `page`, `taxonomy`, `term`). Formats are `html`, `rss`, and Relearn's `print`, `markdown` and `source`; others are left out.",
		},
		{path: "outputs", form: "table", read: readOutputs},
		{
			path: "rssLimit", form: "number", def: "100", doc: "How many items a feed holds at most; 0 or less is all of them, which is Hugo's default.",
			read: func(d *decoder, c *Config, v *value) { readRSSLimit(d, c, v, "rssLimit") },
		},
		{
			path: "services.rss.limit", form: "number", def: "100", doc: "The same, by its newer name.",
			read: func(d *decoder, c *Config, v *value) { readRSSLimit(d, c, v, "services.rss.limit") },
		},
		boolSetting("capitalizeListTitles", "Begin the titles of generated lists with capitals.", func(c *Config) *bool { return &c.CapitalizeListTitles }),
		boolSetting("pluralizeListTitles", "Put the titles of generated sections in the plural.", func(c *Config) *bool { return &c.PluralizeListTitles }),
		choiceSetting("titleCaseStyle", "How generated titles are capitalised.",
			func(c *Config) *string { return &c.TitleCaseStyle }, "AP", "Chicago", "Go", "FirstUpper", "None"),
	}
}

func readStaticDirs(d *decoder, c *Config, v *value) {
	var dirs []string
	d.texts(v, "staticDir", &dirs)
	c.StaticDirs = nil
	for _, dir := range dirs {
		if clean, ok := checkDir(d, v, "staticDir", dir); ok && !slices.Contains(c.StaticDirs, clean) {
			c.StaticDirs = append(c.StaticDirs, clean)
		}
	}
}

func readUglyURLs(d *decoder, c *Config, v *value) {
	if v.table != nil {
		d.warn(v.at, ruleUnsupported, "set it to true or false for the whole site", "uglyURLs for single sections is not supported")
		return
	}
	d.boolean(v, "uglyURLs", &c.UglyURLs)
}

func readRSSLimit(d *decoder, c *Config, v *value, key string) {
	d.integer(v, key, &c.RSSLimit)
	c.RSSLimit = max(c.RSSLimit, 0)
}

func pageKinds() []string {
	return []string{
		"home", "section", "page", "taxonomy", "term", "rss", "sitemap", "robotstxt", "404",
		"print", "timetable", "sessions", "people", "person", "hallway",
	}
}

// pageKind returns Hugo's present name of a kind; "" for what is none.
func pageKind(s string) string {
	s = strings.ToLower(s)
	if s == "taxonomyterm" { // its name until Hugo 0.73
		return "taxonomy"
	}
	if slices.Contains(pageKinds(), s) {
		return s
	}
	return ""
}

func readDisableKinds(d *decoder, c *Config, v *value) {
	var kinds []string
	d.texts(v, "disableKinds", &kinds)
	c.DisableKinds = nil
	for _, k := range kinds {
		if kind := pageKind(k); kind != "" {
			c.DisableKinds = append(c.DisableKinds, kind)
		} else {
			d.warn(v.at, ruleValue, nearest(k, pageKinds()), "disableKinds: %q is no kind of page", clip(k))
		}
	}
	slices.Sort(c.DisableKinds)
	c.DisableKinds = slices.Compact(c.DisableKinds)
}

func readIgnoreFiles(d *decoder, c *Config, v *value) {
	var patterns []string
	d.texts(v, "ignoreFiles", &patterns)
	c.IgnoreFiles = nil
	for _, p := range patterns {
		if _, err := regexp.Compile(p); err != nil {
			d.fail(v.at, ruleValue, "", "ignoreFiles: %v", err)
			continue
		}
		c.IgnoreFiles = append(c.IgnoreFiles, p)
	}
}

// outputFormats are those that are made, and those that Relearn's search had,
// which has files of its own here.
func outputFormats() []string {
	return []string{"html", "json", "markdown", "print", "robots", "rss", "search", "searchpage", "sitemap", "source"}
}

func readOutputs(d *decoder, c *Config, v *value) {
	for _, e := range d.entries(v, "outputs") {
		var formats []string
		d.texts(e.val, "outputs."+e.name, &formats)
		kind := pageKind(e.key)
		if kind == "" {
			d.warn(e.at, ruleValue, nearest(e.key, pageKinds()), "outputs: %q is no kind of page", clip(e.name))
			continue
		}
		for i, f := range formats {
			formats[i] = strings.ToLower(f)
			if at := e.val.item(i).at; !slices.Contains(outputFormats(), formats[i]) {
				d.warn(at, ruleUnsupported, nearest(f, outputFormats()), "outputs: the format %q is not made", clip(f))
			}
		}
		c.Outputs[kind] = formats
	}
}
