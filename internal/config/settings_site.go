package config

import (
	"cmp"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// siteSettings are the keys about the site as a whole.
func siteSettings() []setting {
	return []setting{
		{
			path: "title", form: "text", def: "home's title, else made of the folder's name", doc: "The site's title.",
			read: func(d *decoder, c *Config, v *value) { d.text(v, "title", &c.Title) },
		},
		{
			path: "baseURL", form: "address", def: "none",
			doc:  "Where the site is published, such as `https://notes.example.org/2026/`. Links never need it: canonical links, feeds and the sitemap do.",
			read: readBaseURL,
		},
		textSetting("languageCode", "The language of the site, as BCP 47 writes it (`en`, `de-CH`).",
			func(c *Config) *string { return &c.Language }),
		textSetting("copyright", "A line about rights, shown at the foot of pages and in feeds.",
			func(c *Config) *string { return &c.Copyright }),
		textSetting("timeZone", "The IANA name of the conference's time zone, such as `Europe/Berlin`; times without a zone are meant in it. UTC where none is given.",
			func(c *Config) *string { return &c.TimeZone }),
		{
			path: "params.<name>", form: "anything", def: "none",
			doc: "The site's parameters. Lectern shows `params.description` and `params.editURL` (see there) and keeps all others.",
		},
		{
			path: "params", form: "table", def: "{}", doc: "",
			read: readParams,
		},
		{
			path: "params.editURL", form: "address", def: "none",
			doc: "Relearn's address for “edit this page”: `${FilePath}` is where the note's path in the content folder goes, the end if it does not occur.",
			read: func(d *decoder, c *Config, v *value) {
				d.text(v, "params.editURL", &c.EditURL)
			},
		},
		{
			path: "params.math", form: "true or false, or a table", def: "none",
			doc:  "Relearn's: formulas between the usual delimiters; `params.math.force` means the same.",
			read: readForcedMath,
		},
		{
			path: "menus.<menu>", form: "list of tables", def: "none",
			doc:  "The entries of one menu (`main`, `shortcuts`): `identifier`, `name`, `parent`, `pre`, `post`, `title`, `url`, `pageRef`, `weight`, `params`. Hugo's older name `menu` means the same.",
			read: nil,
		},
		{path: "menus", form: "table", read: readMenus},
		{
			path: "taxonomies.<singular>", form: "text", def: "tag: tags, category: categories",
			doc: "The plural name of a way to group notes; the front matter's field has that name. Naming any replaces the default ones; an empty table has none.",
		},
		{path: "taxonomies", form: "table", read: readTaxonomies},
		{
			path: "permalinks.<section>", form: "pattern", def: "none",
			doc: "Hugo's pattern for the addresses of the pages of a section, such as `/:year/:slug/`; `permalinks.page.<section>` means the same. Patterns for other kinds of pages are not supported.",
		},
		{path: "permalinks", form: "table", read: readPermalinks},
	}
}

func readBaseURL(d *decoder, c *Config, v *value) {
	var s string
	d.text(v, "baseURL", &s)
	base, ok := cleanBaseURL(s)
	if !ok {
		d.fail(v.at, ruleValue, "write it with its scheme: https://notes.example.org/", "baseURL %q is not an address of a site", clip(s))
		return
	}
	c.BaseURL = base
}

// cleanBaseURL checks the address of a site and gives it its trailing slash.
// Hugo's "/" and "" mean that no address is known.
func cleanBaseURL(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if s == "" || s == "/" {
		return "", true
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", false
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
		u.RawPath = ""
	}
	return u.String(), true
}

func readParams(d *decoder, c *Config, v *value) {
	for _, e := range d.entries(v, "params") {
		switch e.key {
		case "errorignore", "urlignorecheck":
			for _, pattern := range Texts(e.val.plain()) {
				if _, err := regexp.Compile(pattern); err != nil {
					d.warn(e.at, ruleValue, "mend the regular expression", "params.%s: %v", e.name, err)
				}
			}
		}
		c.Params[e.key] = e.val.plain()
		if s, ok := e.val.scalar.(string); ok && e.key == "description" {
			c.Description = s
		}
	}
}

func readMenus(d *decoder, c *Config, v *value) {
	for _, e := range d.entries(v, "menus") {
		if !e.val.isList {
			d.mismatch(e.val, "menus."+e.name, "a list of entries")
			continue
		}
		entries := make([]MenuEntry, 0, len(e.val.list))
		for _, item := range e.val.list {
			if item.table == nil {
				d.mismatch(item, "each of menus."+e.name, "a table")
				continue
			}
			entries = append(entries, readMenuEntry(d, "menus."+e.name, item.table))
		}
		SortMenu(entries)
		c.Menus[e.key] = entries
	}
}

func readMenuEntry(d *decoder, menu string, t *table) MenuEntry {
	var m MenuEntry
	texts := map[string]*string{
		"identifier": &m.Identifier, "name": &m.Name, "parent": &m.Parent, "pre": &m.Pre,
		"post": &m.Post, "title": &m.Title, "url": &m.URL, "pageref": &m.PageRef,
	}
	for _, e := range t.entries {
		if p := texts[e.key]; p != nil {
			d.text(e.val, menu+"."+e.name, p)
			continue
		}
		switch e.key {
		case "weight":
			d.integer(e.val, menu+".weight", &m.Weight)
		case "params":
			m.Params = map[string]any{}
			for _, p := range d.entries(e.val, menu+".params") {
				m.Params[p.key] = p.val.plain()
			}
		}
	}
	return m
}

// SortMenu puts entries into Hugo's order: those with a weight first, then by
// name and identifier.
func SortMenu(entries []MenuEntry) { slices.SortStableFunc(entries, compareEntries) }

func compareEntries(a, b MenuEntry) int {
	return cmp.Or(
		compareWeights(a.Weight, b.Weight),
		cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
		cmp.Compare(a.Identifier, b.Identifier),
	)
}

func compareWeights(a, b int) int {
	switch {
	case a == b:
		return 0
	case a == 0:
		return 1
	case b == 0:
		return -1
	default:
		return cmp.Compare(a, b)
	}
}

func readTaxonomies(d *decoder, c *Config, v *value) {
	c.Taxonomies = nil
	for _, e := range d.entries(v, "taxonomies") {
		var plural string
		d.text(e.val, "taxonomies."+e.name, &plural)
		if plural = strings.ToLower(strings.TrimSpace(plural)); plural == "" {
			continue
		}
		c.Taxonomies = append(c.Taxonomies, Taxonomy{Singular: e.key, Plural: plural})
	}
	slices.SortFunc(c.Taxonomies, func(a, b Taxonomy) int {
		return cmp.Or(cmp.Compare(a.Plural, b.Plural), cmp.Compare(a.Singular, b.Singular))
	})
}

func readPermalinks(d *decoder, c *Config, v *value) {
	for _, e := range d.entries(v, "permalinks") {
		switch {
		case e.val.table == nil:
			readPermalink(d, c, e)
		case e.key == "page":
			for _, p := range e.val.table.entries {
				readPermalink(d, c, p)
			}
		case pageKind(e.key) != "":
			d.warn(e.at, ruleUnsupported, "", "permalinks for pages of the kind %s are not supported", e.key)
		default:
			d.fail(e.at, ruleValue, nearest(e.key, pageKinds()), "permalinks: %q is no kind of page", clip(e.name))
		}
	}
}

func readPermalink(d *decoder, c *Config, e *entry) {
	var pattern string
	d.text(e.val, "permalinks."+e.name, &pattern)
	for rest := pattern; ; {
		var found bool
		if _, rest, found = strings.Cut(rest, ":"); !found {
			break
		}
		after := strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyz")
		if token := rest[:len(rest)-len(after)]; !slices.Contains(permalinkTokens(), token) {
			d.warn(e.val.at, ruleValue, nearest(token, permalinkTokens()), "permalinks.%s has no token \":%s\": it stays as it is written", e.name, clip(token))
		}
		if rest = after; strings.HasPrefix(rest, "[") {
			_, rest, _ = strings.Cut(rest, "]") // [1:] of sections
		}
	}
	if pattern != "" {
		c.Permalinks[strings.Trim(e.key, "/")] = pattern
	}
}

// permalinkTokens are the names that stand for something in a pattern.
func permalinkTokens() []string {
	return strings.Fields("year month monthname day weekday weekdayname yearday section sections title slug " +
		"slugorfilename slugorcontentbasename filename contentbasename")
}

// readDir decodes a folder of the project, as a slash path.
func readDir(d *decoder, v *value, key string) (string, bool) {
	s, ok := v.asText()
	if !ok {
		d.mismatch(v, key, "a folder's path")
		return "", false
	}
	return checkDir(d, v, key, s)
}

func checkDir(d *decoder, v *value, key, s string) (string, bool) {
	clean := path.Clean(strings.ReplaceAll(s, `\`, "/"))
	if s == "" || path.IsAbs(clean) || clean == ".." || strings.HasPrefix(clean, "../") || strings.Contains(clean, ":") {
		d.fail(v.at, ruleValue, "name a folder inside the project", "%s %q is not inside the project", key, clip(s))
		return "", false
	}
	return clean, true
}
