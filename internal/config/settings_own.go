package config

import (
	"net/url"
	"strings"
	"time"
)

// ownSettings are the keys that Hugo's configuration has no place for. They
// come last, so that they overrule what Hugo's keys say about the same thing.
func ownSettings() []setting {
	const ext = "markup.goldmark.renderer.unsafe"
	own := []setting{
		textSetting("language", "The language of the site; the same as `languageCode`.", func(c *Config) *string { return &c.Language }),
		textSetting("description", "What the site is about, in a sentence or two: for search engines and feeds. The same as `params.description`.",
			func(c *Config) *string { return &c.Description }),
		boolSetting("unsafeHTML", "Keep HTML in notes as it is written. `false` cleans it of all that could harm a reader, for notes from people you do not know; the same as `"+ext+"`.",
			func(c *Config) *bool { return &c.Markup.UnsafeHTML }),
		boolSetting("changes", "Tell readers what was changed, from the project's git history: a page, feeds, and the day on which each note was last changed.",
			func(c *Config) *bool { return &c.Changes }),
		{
			path: "markdown", form: "auto, on or off", def: "auto",
			doc:  "Whether each page stands there as Markdown too (`index.md` beside it), for programs; `auto` is up to 2,000 pages. `off` also leaves out `llms.txt` and `index.json`, which lists the sessions.",
			read: readAuto("markdown", func(c *Config) *string { return &c.Markdown }),
		},
		{
			path: "cards", form: "auto, on or off", def: "auto",
			doc:  "Whether each page has a picture with its title, for chats and social networks to show beside a link to it. They are made only where the site's address is known; `auto` makes them for up to 500 notes. `images` in a note's front matter names another picture for it.",
			read: readAuto("cards", func(c *Config) *string { return &c.Cards }),
		},
		boolSetting("smallerPictures", "Make smaller versions of large pictures, which small screens load instead. `false` publishes the originals alone (without what cameras write into them), and decodes none.",
			func(c *Config) *bool { return &c.SmallerPictures }),
		{
			path: "math", form: "auto, true or false", def: "auto",
			doc:  "Where formulas are found beside fenced blocks (```` ```math ````) and the shortcode `math`. `true`: `$…$`, `$$…$$`, `\\(…\\)`, `\\[…\\]`. `auto`: in a plain folder of notes `$…$` and `$$…$$` where they can hardly be anything else, in a project of Hugo's shape what `passthrough` says. A note's own `math: true` or `false` is stronger; `params.math` means the same.",
			read: func(d *decoder, c *Config, v *value) { readMath(d, c, v, "math") },
		},
		{
			path: "requires", form: "constraint", def: "none",
			doc:  "The versions of Lectern that can build this site, such as `>=0.3` or `>=0.3, <2`. An older binary says so and stops.",
			read: readRequires,
		},
		{
			path: "repository.url", form: "address", def: "none",
			doc:  "Where the project's repository can be seen, such as `https://github.com/gophers/notes`. With it, pages link to their source.",
			read: readRepositoryURL,
		},
		textSetting("repository.branch", "The branch that the site is made from.", func(c *Config) *string { return &c.Branch }),
		textSetting("repository.dir", "The folder of the project in its repository, where it is not the topmost one.", func(c *Config) *string { return &c.repositoryDir }),
		{
			path: "repository.edit", form: "address, or false", def: "made from `repository.url`",
			doc:  "The address of “edit this page”, with `${FilePath}` where the note's path in the content folder goes. `false` shows no such link.",
			read: readRepositoryEdit,
		},
	}
	own = append(own, meaningSettings()...)
	own = append(own, checkSettings()...)
	own = append(own, boolSetting("offline", "Let readers install the site, and read without a network what they have read before or chosen to keep. `false` also takes what is kept from their devices at the next visit.",
		func(c *Config) *bool { return &c.Offline }))
	own = append(own, lookSettings()...)
	own = append(own, policySetting(), setting{path: "contentSecurityPolicy", form: "table", read: readPolicy})
	own = append(own, ownSearchSettings()...)
	for i := range own {
		own[i].own = true
	}
	return own
}

// readAuto reads what is on, off or as is sensible.
func readAuto(key string, field func(*Config) *string) func(*decoder, *Config, *value) {
	return func(d *decoder, c *Config, v *value) {
		var s string
		d.text(v, key, &s)
		switch s = strings.ToLower(s); s {
		case "auto", "on", "off":
			*field(c) = s
		case "true":
			*field(c) = "on"
		case "false":
			*field(c) = "off"
		default:
			d.warn(v.at, ruleValue, "write auto, on or off", "%s has no value %q", key, clip(s))
		}
	}
}

func readRequires(d *decoder, c *Config, v *value) {
	d.text(v, "requires", &c.Requires)
	if _, err := parseConstraint(c.Requires); err != nil {
		d.fail(v.at, ruleValue, `write it like ">=0.3"`, "requires: %v", err)
	}
}

func readRepositoryURL(d *decoder, c *Config, v *value) {
	var s string
	d.text(v, "repository.url", &s)
	s = strings.TrimSuffix(strings.TrimRight(strings.TrimSpace(s), "/"), ".git")
	if s == "" {
		return
	}
	if !isWebAddress(s) {
		d.fail(v.at, ruleValue, "write the address that a browser shows: https://github.com/gophers/notes", "repository.url %q is not a web address", clip(s))
		return
	}
	c.Repository = s
}

func readRepositoryEdit(d *decoder, c *Config, v *value) {
	if off, ok := v.scalar.(bool); ok && !off {
		c.EditURL, c.noEdit = "", true
		return
	}
	d.text(v, "repository.edit", &c.EditURL)
	c.ownEdit = c.EditURL != ""
}

func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// finish checks what several settings say together and fills in what follows from them.
func (d *decoder) finish(c *Config, t *table) {
	if c.FolderName == "" {
		c.FolderName = "Notes"
	}
	if _, err := time.LoadLocation(c.TimeZone); err != nil || c.TimeZone == "Local" {
		at := t.get("timezone").at
		d.fail(at, ruleValue, `use an IANA name such as "Europe/Berlin"`, "timeZone %q is not known", clip(c.TimeZone))
		c.TimeZone = ""
	}
	if c.Repository != "" && !c.ownEdit && !c.noEdit {
		c.EditURL = editURL(c)
	}
	if c.EditURL != "" && !isWebAddress(c.EditURL) {
		at := firstOf(t, "repository.edit", "params.editurl")
		d.warn(at.at, ruleValue, "write it with its scheme: https://…", "the address for editing, %q, is not a web address: pages get no such link", clip(c.EditURL))
		c.EditURL = ""
	}
}

func firstOf(t *table, paths ...string) *value {
	for _, p := range paths {
		if v := t.get(p); v != nil {
			return v
		}
	}
	return &value{}
}
