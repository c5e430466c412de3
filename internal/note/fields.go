package note

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"lectern/internal/diag"
)

// setter puts one field into the front matter.
type setter func(*decoder, *field)

// decoder turns fields into typed front matter and reports wrong types.
type decoder struct {
	p *Parser
	n *Note
	f *FrontMatter
	// start and end wait for the date, where they are times of day.
	start, end *field
}

// frontFields are the known fields by their lower-cased names.
func frontFields(taxonomies []Taxonomy) map[string]setter {
	m := map[string]setter{
		"title":       shortField(maxShort, func(f *FrontMatter) *string { return &f.Title }),
		"linktitle":   shortField(maxShort, func(f *FrontMatter) *string { return &f.LinkTitle }),
		"description": shortField(maxAbout, func(f *FrontMatter) *string { return &f.Description }),
		"slug":        textField(func(f *FrontMatter) *string { return &f.Slug }),
		"url":         textField(func(f *FrontMatter) *string { return &f.URL }),
		"type":        textField(func(f *FrontMatter) *string { return &f.Type }),
		"layout":      textField(func(f *FrontMatter) *string { return &f.Layout }),
		"archetype":   textField(func(f *FrontMatter) *string { return &f.Archetype }),
		"menupre":     shortField(maxShort, func(f *FrontMatter) *string { return &f.MenuPre }),
		"menupost":    shortField(maxShort, func(f *FrontMatter) *string { return &f.MenuPost }),
		"event":       shortField(maxShort, func(f *FrontMatter) *string { return &f.Event }),
		"room":        shortField(maxShort, func(f *FrontMatter) *string { return &f.Room }),
		"track":       shortField(maxShort, func(f *FrontMatter) *string { return &f.Track }),
		"session":     shortField(maxShort, func(f *FrontMatter) *string { return &f.Session }),
		"language":    textField(func(f *FrontMatter) *string { return &f.Language }),

		"weight": (*decoder).weight,
		"draft":  func(d *decoder, f *field) { d.flag(f, &d.f.Draft, true) },
		"hidden": func(d *decoder, f *field) { d.flag(f, &d.f.Hidden, true) },

		"cancelled": func(d *decoder, f *field) { d.flag(f, &d.f.Cancelled, false) },
		"canceled":  func(d *decoder, f *field) { d.flag(f, &d.f.Cancelled, false) },

		"date":        dateField(func(f *FrontMatter) *time.Time { return &f.Date }, false),
		"lastmod":     dateField(func(f *FrontMatter) *time.Time { return &f.Lastmod }, false),
		"publishdate": dateField(func(f *FrontMatter) *time.Time { return &f.PublishDate }, true),
		"expirydate":  dateField(func(f *FrontMatter) *time.Time { return &f.ExpiryDate }, true),

		"aliases":  listField(func(f *FrontMatter) *[]string { return &f.Aliases }),
		"speakers": peopleField(func(f *FrontMatter) *[]string { return &f.Speakers }),
		"authors":  peopleField(func(f *FrontMatter) *[]string { return &f.Authors }),

		"start":      func(d *decoder, f *field) { d.start = f },
		"end":        func(d *decoder, f *field) { d.end = f },
		"visibility": (*decoder).visibility,
	}
	// Other names that Hugo and its themes have for the same.
	for alias, name := range fieldAliases() {
		m[alias] = m[name]
	}
	published := m["published"]
	m["published"] = func(d *decoder, f *field) {
		if is, ok := f.value.(bool); ok {
			d.f.Draft = d.f.Draft || !is
			return
		}
		published(d, f)
	}
	for _, t := range taxonomies {
		name := strings.ToLower(t.Plural)
		m[name] = taxonomyField(t.Plural, m[name])
	}
	return m
}

// fieldAliases are the other names of fields.
func fieldAliases() map[string]string {
	return map[string]string{
		"modified": "lastmod", "pubdate": "publishdate", "published": "publishdate", "unpublishdate": "expirydate",
		"alias": "aliases", "speaker": "speakers", "author": "authors",
		"menutitle": "linktitle", "pre": "menupre", "post": "menupost", // of Relearn and of Learn before it
	}
}

// taxonomyField reads the terms of a taxonomy. Where the taxonomy has the name
// of a field, it is that field as well; one that holds a text gets the terms
// with commas between them.
func taxonomyField(plural string, known setter) setter {
	return func(d *decoder, f *field) {
		if people := plural == "speakers" || plural == "authors"; people && hasTable(f.value) {
			d.people(plural, f, known)
			return
		}
		d.terms(plural, f)
		if known == nil {
			return
		}
		switch items, ok := asList(f.value); {
		case !ok:
		case isList(f.value) && !slices.Contains([]string{"aliases", "speakers", "authors"}, f.name):
			known(d, &field{f.name, strings.Join(items, ", "), f.key, f.at})
		default:
			known(d, f)
		}
	}
}

func isList(v any) bool {
	_, is := v.([]any)
	return is
}

func textField(slot func(*FrontMatter) *string) setter {
	return func(d *decoder, f *field) {
		if s, ok := asText(f.value); ok {
			*slot(d.f) = s
			return
		}
		d.wrong(f, "a text")
	}
}

// asText takes a scalar as text: a title may be a number.
func asText(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(v), true
	case time.Time:
		if v.Hour() == 0 && v.Minute() == 0 && v.Second() == 0 {
			return v.Format(time.DateOnly), true
		}
		return v.Format(time.RFC3339), true
	}
	return "", false
}

func listField(slot func(*FrontMatter) *[]string) setter {
	return func(d *decoder, f *field) {
		items, ok := asList(f.value)
		if !ok {
			d.wrong(f, "a text or a list of texts")
			return
		}
		*slot(d.f) = appendNew(*slot(d.f), items)
	}
}

// asList takes a text or a list of scalars.
func asList(v any) ([]string, bool) {
	if s, ok := asText(v); ok {
		return []string{s}, true
	}
	items, ok := v.([]any)
	if !ok {
		return nil, false
	}
	out := make([]string, 0, len(items))
	for _, item := range items {
		if item == nil {
			continue
		}
		s, ok := asText(item)
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, true
}

// appendNew adds the items that are neither empty nor there yet.
func appendNew(dst, items []string) []string {
	var seen map[string]bool // for more than a few
	if len(dst)+len(items) > 32 {
		seen = make(map[string]bool, len(dst)+len(items))
		for _, s := range dst {
			seen[s] = true
		}
	}
	for _, s := range items {
		s = strings.TrimSpace(s)
		if s == "" || seen[s] || seen == nil && slices.Contains(dst, s) {
			continue
		}
		dst = append(dst, s)
		if seen != nil {
			seen[s] = true
		}
	}
	return dst
}

func (d *decoder) terms(plural string, f *field) {
	items, ok := asList(f.value)
	if !ok {
		d.wrong(f, "a text or a list of texts")
		return
	}
	if terms := appendNew(nil, d.shorts(f, items)); len(terms) > 0 {
		if d.f.Taxonomies == nil {
			d.f.Taxonomies = make(map[string][]string, 2)
		}
		d.f.Taxonomies[plural] = terms
	}
}

func (d *decoder) weight(f *field) {
	switch v := f.value.(type) {
	case int64:
		if v >= math.MinInt32 && v <= math.MaxInt32 {
			d.f.Weight = int(v)
			return
		}
	case float64:
		if v == math.Trunc(v) && math.Abs(v) <= math.MaxInt32 {
			d.f.Weight = int(v)
			return
		}
	case string:
		if n, err := strconv.ParseInt(strings.TrimSpace(v), 10, 32); err == nil {
			d.f.Weight = int(n)
			return
		}
	}
	d.wrong(f, "a whole number")
}

// flag reads true or false. Where it is neither, the note is treated as
// withheld would be: a mistake must not publish it.
func (d *decoder) flag(f *field, slot *bool, doubt bool) {
	switch v := f.value.(type) {
	case bool:
		*slot = v
		return
	case string:
		switch strings.ToLower(strings.TrimSpace(v)) {
		case "true", "yes", "on":
			*slot = true
			return
		case "false", "no", "off":
			*slot = false
			return
		}
	}
	*slot = doubt
	d.n.report(diag.Warning, ruleFrontType, f.at.line, f.at.col,
		fmt.Sprintf("front matter field %q must be true or false, not %s", f.name, describe(f.value)), "it counts as true until it is")
}

func (d *decoder) visibility(f *field) {
	if s, ok := f.value.(string); ok {
		switch strings.ToLower(strings.TrimSpace(s)) {
		case "public":
			d.f.Visibility = Public
			return
		case "unlisted":
			d.f.Visibility = Unlisted
			return
		case "private":
			d.f.Visibility = Private
			return
		}
	}
	d.n.Readable = false
	d.n.report(diag.Error, ruleVisibility, f.at.line, f.at.col,
		"front matter field \"visibility\" must be public, unlisted or private, not "+describe(f.value),
		"the note is left out until this is clear")
}

// finish reads what depends on other fields, and cleans HTML.
func (d *decoder) finish() {
	d.moment(d.start, &d.f.Start)
	d.moment(d.end, &d.f.End)
	d.dates()
	if !d.p.opts.UnsafeHTML {
		for _, html := range []*string{&d.f.MenuPre, &d.f.MenuPost} {
			if *html != "" {
				*html = string(d.p.policy().SanitizeBytes([]byte(*html)))
			}
		}
	}
}

func (d *decoder) wrong(f *field, expected string) {
	d.n.report(diag.Warning, ruleFrontType, f.at.line, f.at.col,
		fmt.Sprintf("front matter field %q must be %s, not %s", f.name, expected, describe(f.value)), "")
}

// describe says what a value is, for a message.
func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		if r := []rune(v); len(r) > 40 {
			v = string(r[:40]) + "…"
		}
		return strconv.Quote(v)
	case []any:
		return "a list"
	case map[string]any:
		return "a table of fields"
	case time.Time:
		return "a date"
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}
