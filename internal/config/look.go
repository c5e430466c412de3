package config

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Look is how a site looks other than the theme does.
type Look struct {
	// Accent is the colour of links and marks as #rrggbb, "" for the theme's own.
	Accent string
	// Logo is the slash path from the project's folder of the picture beside the
	// site's title, "" for the theme's.
	Logo string
	// TextFont and CodeFont are lists of font families as CSS has them, "" for
	// the system's.
	TextFont, CodeFont string
	// Footer is a line of text for the foot of all pages, in which [text](address)
	// is a link.
	Footer string
	// CSS is the text of the site's own style sheets, in their order.
	CSS string
	// Head, Top and Bottom are HTML for the end of the head element, for above
	// the page and for below it.
	Head, Top, Bottom Fragment
}

// Fragment is HTML with placeholders, in order.
type Fragment []FragmentPart

// FragmentPart is a piece of HTML, or the name of a placeholder where that is
// not empty.
type FragmentPart struct{ HTML, Name string }

// Source returns the HTML as it was written, as far as it is the same on all
// pages.
func (f Fragment) Source() string {
	var b strings.Builder
	for _, part := range f {
		b.WriteString(part.HTML)
	}
	return b.String()
}

// placeholders are the names that may stand between {{ and }} in a fragment,
// with what they stand for.
func placeholders() [][2]string {
	return [][2]string{
		{"site.title", "the site's title"},
		{"site.url", "the site's address, where it is known"},
		{"site.root", "the way from the page to the site's root, such as `../../`: put it before an address in the site"},
		{"site.language", "the language's code"},
		{"page.title", "the page's title"},
		{"page.url", "the page's address from the site's root, without a leading slash"},
		{"page.edit", "the address at which the page can be edited, if there is one"},
	}
}

// What own files may have at most.
const (
	maxOwnFile  = 512 << 10
	maxOwnFiles = 20
)

// lookSettings are the keys below look.
func lookSettings() []setting {
	return []setting{
		{
			path: "look.accent", form: "colour as #rrggbb", def: "the theme's own",
			doc:  "The colour of links and marks. Where it could not be read on the page's ground it is made darker or lighter, in each colour scheme by itself.",
			read: readAccent,
		},
		{
			path: "look.logo", form: "path", def: "none",
			doc:  "A picture beside the site's title, as a path in the project: `static/logo.svg`.",
			read: func(d *decoder, c *Config, v *value) { d.ownPath(v, "look.logo", &c.Look.Logo) },
		},
		{
			path: "look.font.text", form: "CSS font families", def: "the system's",
			doc:  "The font of texts: `\"Source Serif 4\", Georgia, serif`. Fonts of the site's own are declared in `look.css`.",
			read: func(d *decoder, c *Config, v *value) { d.fonts(v, "look.font.text", &c.Look.TextFont) },
		},
		{
			path: "look.font.code", form: "CSS font families", def: "the system's", doc: "The font of code.",
			read: func(d *decoder, c *Config, v *value) { d.fonts(v, "look.font.code", &c.Look.CodeFont) },
		},
		textSetting("look.footer", "A line at the foot of all pages. `[text](address)` is a link; an address without `https:` begins at the site's root.",
			func(c *Config) *string { return &c.Look.Footer }),
		{
			path: "look.css", form: "path, or a list of them", def: "none",
			doc:  "Style sheets of the site's own, added to the theme's. In them `url(/fonts/x.woff2)` means a file at the site's root.",
			read: func(d *decoder, c *Config, v *value) { c.Look.CSS = d.ownFiles(c, v, "look.css") },
		},
		fragmentSetting("look.html.head", "HTML for the end of each page's `head`.", func(c *Config) *Fragment { return &c.Look.Head }),
		fragmentSetting("look.html.top", "HTML shown above each page, below the bar with the title.", func(c *Config) *Fragment { return &c.Look.Top }),
		fragmentSetting("look.html.bottom", "HTML shown below each page, above the foot.", func(c *Config) *Fragment { return &c.Look.Bottom }),
	}
}

func fragmentSetting(key, doc string, field func(*Config) *Fragment) setting {
	var names []string
	for _, p := range placeholders() {
		names = append(names, fmt.Sprintf("`{{ %s }}` is %s", p[0], p[1]))
	}
	return setting{
		path: key, form: "path", def: "none",
		doc:  "A file with " + doc + " In it " + strings.Join(names, ", ") + "; nothing else is replaced.",
		read: func(d *decoder, c *Config, v *value) { *field(c) = d.fragment(v, d.ownFiles(c, v, key), key) },
	}
}

func readAccent(d *decoder, c *Config, v *value) {
	var s string
	d.text(v, "look.accent", &s)
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" {
		return
	}
	hex := strings.TrimPrefix(s, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	if len(hex) != 6 || strings.Trim(hex, "0123456789abcdef") != "" || s == hex {
		d.fail(v.at, ruleValue, `write it like "#0b676b", in quotes`, "look.accent %q is not a colour", clip(s))
		return
	}
	c.Look.Accent = "#" + hex
}

// fonts reads a list of font families. It becomes part of a style sheet, and
// must not end the declaration that it stands in.
func (d *decoder) fonts(v *value, key string, p *string) {
	var s string
	d.text(v, key, &s)
	if strings.ContainsAny(s, ";{}<>\\\n/*()@") || strings.Count(s, `"`)%2 != 0 || strings.Count(s, `'`)%2 != 0 {
		d.fail(v.at, ruleValue, `write it like "Inter, sans-serif"`, "%s %q is not a list of font families", key, clip(s))
		return
	}
	*p = strings.TrimSpace(s)
}

// ownPath reads a slash path that must stay in the project.
func (d *decoder) ownPath(v *value, key string, p *string) {
	var s string
	d.text(v, key, &s)
	if s == "" {
		return
	}
	clean := path.Clean(strings.TrimPrefix(s, "/"))
	if !fs.ValidPath(clean) || clean == "." {
		d.fail(v.at, ruleValue, "name a file in the project's folder", "%s: %q is not a path in the project", key, clip(s))
		return
	}
	*p = clean
}

// ownFiles reads the files that v names and returns their texts, one after the
// other. They join the configuration's files: when one changes, all is built anew.
func (d *decoder) ownFiles(c *Config, v *value, key string) string {
	items := []*value{v}
	if v.isList {
		items = v.list
	}
	if len(items) > maxOwnFiles {
		d.fail(v.at, ruleValue, "put them together", "%s names more than %d files", key, maxOwnFiles)
		return ""
	}
	var b strings.Builder
	for _, item := range items {
		var name string
		d.ownPath(item, key, &name)
		if name == "" {
			continue
		}
		c.Files = append(c.Files[:len(c.Files):len(c.Files)], name)
		text, err := d.ownFile(name)
		if err != nil {
			d.fail(item.at, ruleValue, "name a text file in the project's folder", "%s: %v", key, err)
			continue
		}
		b.WriteString(text)
		if !strings.HasSuffix(text, "\n") {
			b.WriteString("\n")
		}
	}
	return b.String()
}

func (d *decoder) ownFile(name string) (string, error) {
	if info, err := fs.Stat(d.fsys, name); err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("read %s: it is not a file", name)
	}
	f, err := d.fsys.Open(name)
	if err != nil {
		return "", fmt.Errorf("read the file: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxOwnFile+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("read the file: %w", err)
	case len(data) > maxOwnFile:
		return "", fmt.Errorf("%s is larger than %d kB", name, maxOwnFile>>10)
	}
	return strings.ToValidUTF8(strings.TrimPrefix(string(data), "\ufeff"), "\ufffd"), nil
}

// fragment finds the placeholders in HTML. One that is not known is an error:
// a page must not show what nobody filled in.
func (d *decoder) fragment(v *value, html, key string) Fragment {
	var f Fragment
	var names []string
	for _, p := range placeholders() {
		names = append(names, p[0])
	}
	for html != "" {
		before, rest, found := strings.Cut(html, "{{")
		if before != "" {
			f = append(f, FragmentPart{HTML: before})
		}
		if !found {
			break
		}
		inner, after, closed := strings.Cut(rest, "}}")
		name := strings.TrimSpace(inner)
		if !closed || !slices.Contains(names, name) {
			hint := nearest(name, names)
			if hint == "" {
				hint = "there are " + strings.Join(names, ", ")
			}
			d.fail(v.at, ruleValue, hint, "%s: there is no placeholder {{ %s }}; templates are not run", key, clip(name))
			return nil
		}
		f = append(f, FragmentPart{Name: name})
		html = after
	}
	return f
}
