package config

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"lectern/internal/diag"
)

// Check is what checks of the notes are told.
type Check struct {
	// Levels say how findings of a rule are taken, in the order of the file. The
	// rules' names are not known here: who checks says which are wrong.
	Levels []RuleLevel
	// PathStyle is a regular expression for the path of a note from its content
	// folder; "" asks for what most of the notes keep to.
	PathStyle string
	// ImageSize is how many bytes a picture may have; 0 is the default.
	ImageSize int64
	// Words are right, whatever the rule about spelling thinks.
	Words []string
	// Spelling is "american", "british" or "both"; "" is what the language says.
	Spelling string
	// ExternalIgnore are patterns of addresses on other sites that are not asked
	// for; * stands for anything.
	ExternalIgnore []string
}

// RuleLevel says that findings of Rule are of another severity, or none at all.
type RuleLevel struct {
	Rule     string
	Off      bool
	Severity diag.Severity
	At       diag.Position
}

// DefaultImageSize is how many bytes a picture may have before a check says so.
const DefaultImageSize = 2 << 20

// checkSettings are the keys about checks of the notes.
func checkSettings() []setting {
	return []setting{
		{path: "check.rules", form: "table", read: readLevels},
		{
			path: "check.rules.<rule>", form: "off, info, warning or error", def: "the rule's own",
			doc: "How findings of a rule are taken: `todo: off`, `stub: info`. It counts for `lectern check`, `build` and `serve`; the [rules](rules.md) say what each is by default. What keeps a note from being published can't be turned off.",
		},
		{
			path: "check.pathStyle", form: "regular expression", def: "what most of the notes keep to",
			doc: "What the path of a note, from its content folder, has to look like, for the rule `path-style`: `'^[^/]+/[0-9]{2}_[a-z0-9-]+\\.md$'` asks for `day1/03_service-mesh.md`. The notes of folders themselves (`_index.md`) are not asked.",
			read: func(d *decoder, c *Config, v *value) {
				var s string
				d.text(v, "check.pathStyle", &s)
				if _, err := regexp.Compile(s); err != nil {
					d.fail(v.at, ruleValue, "put it in single quotes, so that backslashes count", "check.pathStyle is no regular expression: %v", err)
					return
				}
				c.Check.PathStyle = s
			},
		},
		{
			path: "check.imageSize", form: "size such as 500kB or 2MB", def: "2MB",
			doc:  "How large a picture may be, for the rule `image-too-large`.",
			read: readImageSize,
		},
		{
			path: "check.words", form: "list of words", def: "none",
			doc:  "Words of your own that are right, for the rule `spelling`: `[referal, Kubernets]`. Their case does not count.",
			read: func(d *decoder, c *Config, v *value) { d.texts(v, "check.words", &c.Check.Words) },
		},
		{
			path: "check.spelling", form: "american, british or both", def: "what `language` says: `en-US`, `en-GB`, else both",
			doc:  "Which English is used, for the rule `spelling`: `british` finds “color”, `american` finds “colour”.",
			read: readSpelling,
		},
		{
			path: "check.external.ignore", form: "list of patterns", def: "none",
			doc:  "Addresses on other sites that `lectern check --external` does not ask for; `*` stands for anything: `['https://www.linkedin.com/*', '*/intranet/*']`.",
			read: func(d *decoder, c *Config, v *value) { d.texts(v, "check.external.ignore", &c.Check.ExternalIgnore) },
		},
	}
}

func readLevels(d *decoder, c *Config, v *value) {
	levels := []string{"off", "info", "warning", "error"}
	for _, e := range d.entries(v, "check.rules") {
		s, ok := e.val.asText()
		switch s = strings.ToLower(s); {
		case s == "false":
			s = "off"
		case s == "warn":
			s = "warning"
		}
		i := slices.Index(levels, s)
		if !ok || i < 0 {
			hint := nearest(s, levels)
			if hint == "" {
				hint = "write off, info, warning or error"
			}
			d.fail(e.val.at, ruleValue, hint, "check.rules.%s has no value %q", clip(e.name), clip(s))
			continue
		}
		severity := [...]diag.Severity{diag.Info, diag.Info, diag.Warning, diag.Error}[i]
		c.Check.Levels = append(c.Check.Levels, RuleLevel{e.key, i == 0, severity, e.at})
	}
}

func readSpelling(d *decoder, c *Config, v *value) {
	var s string
	d.text(v, "check.spelling", &s)
	all := []string{"american", "british", "both"}
	if s = strings.ToLower(s); s != "" && !slices.Contains(all, s) {
		hint := nearest(s, all)
		if hint == "" {
			hint = "write american, british or both"
		}
		d.fail(v.at, ruleValue, hint, "check.spelling has no value %q", clip(s))
		return
	}
	c.Check.Spelling = s
}

func readImageSize(d *decoder, c *Config, v *value) {
	var s string
	d.text(v, "check.imageSize", &s)
	n, ok := parseSize(s)
	if !ok {
		d.fail(v.at, ruleValue, "write it like 500kB or 2MB", "check.imageSize: %q is no size", clip(s))
		return
	}
	c.Check.ImageSize = n
}

// parseSize reads a number of bytes: 500000, 500kB, 2 MB, 1.5M.
func parseSize(s string) (int64, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimSuffix(strings.TrimSuffix(s, "b"), "i")
	unit := float64(1)
	for suffix, size := range map[string]float64{"k": 1 << 10, "m": 1 << 20, "g": 1 << 30} {
		if rest, ok := strings.CutSuffix(s, suffix); ok {
			s, unit = rest, size
			break
		}
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || n <= 0 || n*unit > 1<<40 {
		return 0, false
	}
	return int64(n * unit), true
}
