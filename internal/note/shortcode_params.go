package note

import (
	"strconv"
	"strings"
	"time"

	"lectern/internal/diag"
)

// parameters are the shortcodes that show a setting.
func parameters() []*shortcode {
	return []*shortcode{
		{
			name: "siteparam", text: true,
			about:  "A parameter of the site's configuration, as Markdown; `a.b` looks for b in a.",
			params: []param{{name: "name", pos: 1}},
			plain:  (*render).siteParam,
			show:   (*render).showParam,
		},
		{
			name: "param", text: true,
			about:  "A field of the note's front matter, else a parameter of the site.",
			params: []param{{name: "name", pos: 1}},
			plain:  (*render).pageParam,
			show:   (*render).showParam,
		},
	}
}

func (r *render) showParam(c *call) {
	text := c.def.plain(r, c)
	a, _ := c.arg("name")
	r.markdownArg(arg{value: text, off: a.off}, true)
}

func (r *render) siteParam(c *call) string {
	name := strings.TrimSpace(c.str("name"))
	v, ok := lookup(r.p.opts.Params, name)
	if !ok {
		r.noParam(c, "the site's configuration has no parameter \""+name+"\"")
	}
	return paramText(v)
}

func (r *render) pageParam(c *call) string {
	name := strings.TrimSpace(c.str("name"))
	if v, ok := r.n.Front.field(strings.ToLower(name)); ok {
		return paramText(v)
	}
	for _, params := range []map[string]any{below(r.n.Front.Params, "params"), r.n.Front.Params, r.p.opts.Params} {
		if v, ok := lookup(params, name); ok {
			return paramText(v)
		}
	}
	r.noParam(c, "neither the front matter nor the site's configuration has \""+name+"\"")
	return ""
}

func (r *render) noParam(c *call, message string) {
	a, given := c.arg("name")
	if !given {
		a.off = c.start
	}
	r.report(diag.Warning, ruleParameter, a.off, message, "")
}

func below(m map[string]any, name string) map[string]any {
	inner, _ := m[name].(map[string]any)
	return inner
}

// lookup finds a value by a path of names with dots between, whatever their case.
func lookup(m map[string]any, path string) (any, bool) {
	name, rest, deeper := strings.Cut(path, ".")
	v, ok := m[name]
	if !ok {
		low := strings.ToLower(name)
		if v, ok = m[low]; !ok {
			for key, value := range m {
				if strings.EqualFold(key, name) && (!ok || key < low) {
					v, ok, low = value, true, key
				}
			}
		}
	}
	if !ok || !deeper {
		return v, ok
	}
	inner, is := v.(map[string]any)
	if !is {
		return nil, false
	}
	return lookup(inner, rest)
}

// paramText is a value as text; lists with commas between.
func paramText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		if v.Equal(v.Truncate(24 * time.Hour)) {
			return v.Format(time.DateOnly)
		}
		return v.Format(time.RFC3339)
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = paramText(e)
		}
		return strings.Join(parts, ", ")
	case []string:
		return strings.Join(v, ", ")
	}
	return ""
}

// field returns a typed field by its name in lower case, if it is set.
func (f *FrontMatter) field(name string) (any, bool) {
	texts := map[string]string{
		"title": f.Title, "linktitle": f.LinkTitle, "description": f.Description, "slug": f.Slug, "url": f.URL, "type": f.Type,
		"layout": f.Layout, "archetype": f.Archetype, "menupre": f.MenuPre, "menupost": f.MenuPost, "event": f.Event,
		"room": f.Room, "track": f.Track, "language": f.Language,
	}
	times := map[string]time.Time{
		"date": f.Date, "lastmod": f.Lastmod, "publishdate": f.PublishDate, "expirydate": f.ExpiryDate, "start": f.Start, "end": f.End,
	}
	switch name {
	case "weight":
		return f.Weight, f.Weight != 0
	case "draft":
		return f.Draft, true
	case "hidden":
		return f.Hidden, true
	case "speakers":
		return f.Speakers, len(f.Speakers) > 0
	case "authors":
		return f.Authors, len(f.Authors) > 0
	case "aliases":
		return f.Aliases, len(f.Aliases) > 0
	}
	if s := texts[name]; s != "" {
		return s, true
	}
	if t := times[name]; !t.IsZero() {
		return t, true
	}
	for plural, terms := range f.Taxonomies {
		if strings.EqualFold(plural, name) && len(terms) > 0 {
			return terms, true
		}
	}
	return nil, false
}
