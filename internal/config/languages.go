package config

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"lectern/internal/diag"
)

// maxLanguages bounds the languages of a site: each is a site of its own.
const maxLanguages = 64

// All returns the configurations of all languages in order; for a site of one
// language c alone.
func (c *Config) All() []*Config {
	if len(c.Languages) == 0 {
		return []*Config{c}
	}
	return c.Languages
}

// FileLanguage returns the configuration of the language that a file of the
// project is in: the one whose key stands before its extension (talk.de.md),
// else the one whose content folder it lies in, else the default one, which c
// must be.
func (c *Config) FileLanguage(name string) *Config {
	if len(c.Languages) == 0 {
		return c
	}
	key := FileKey(name)
	var best *Config
	for _, l := range c.Languages {
		if key == l.LanguageKey {
			return l
		}
		if inFolder(name, l.ContentDir) && (best == nil || len(l.ContentDir) > len(best.ContentDir) || l == c && l.ContentDir == best.ContentDir) {
			best = l
		}
	}
	return cmp.Or(best, c)
}

// FileKey returns what may be a language's key in a file's name: "de" for
// day1/talk.de.md, "" for day1/talk.md.
func FileKey(name string) string {
	name = name[strings.LastIndexByte(name, '/')+1:]
	bare := strings.TrimSuffix(name, path.Ext(name))
	if ext := path.Ext(bare); ext != "" && ext != bare {
		return strings.ToLower(ext[1:])
	}
	return ""
}

func inFolder(name, dir string) bool {
	return dir == "." || strings.HasPrefix(name, dir) && len(name) > len(dir) && name[len(dir)] == '/'
}

// ContentDirs returns the content folders of all languages, each once.
func (c *Config) ContentDirs() []string {
	var dirs []string
	for _, l := range c.All() {
		if !slices.Contains(dirs, l.ContentDir) {
			dirs = append(dirs, l.ContentDir)
		}
	}
	return dirs
}

// variant is what the files say about one language.
type variant struct {
	key  string // lower case, "" where the files name no language
	name string // the key as written
	// own is the language's table, nil where there is none.
	own *table
	// root is what holds for the language, its own table laid over the rest.
	root   *table
	weight int
}

// variants lays what each language says over the settings of the whole site,
// the default language first. What lectern.yaml says is stronger than Hugo's
// files, and what it says about one language stronger still.
func (l *loader) variants(hugo, own *table) []variant {
	lang := "en"
	for _, t := range []*table{hugo, own} {
		if v := t.get("defaultcontentlanguage"); v != nil {
			l.text(v, "defaultContentLanguage", &lang)
		}
	}
	first := variant{key: strings.ToLower(lang), name: strings.ToLower(lang)}
	langs := newTable()
	var at diag.Position
	for _, t := range []*table{hugo, own} {
		if v := t.get("languages"); v != nil && v.table != nil {
			langs.set(v.table)
			at = v.at
		}
	}
	if len(langs.entries) == 0 {
		hugo.set(own)
		first.root = hugo
		return []variant{first}
	}
	e := langs.byKey[first.key]
	if e == nil || e.val.table == nil && e.val.scalar != nil {
		names := make([]string, len(langs.entries))
		for i, e := range langs.entries {
			names[i] = e.name
		}
		l.fail(at, ruleValue, nearest(lang, names), "the default language %q is not among the languages", clip(lang))
		first.root = hugo
		return []variant{first}
	}
	off := l.disabledLanguages(hugo, own, langs)
	if off[first.key] {
		l.fail(e.at, ruleValue, "choose another defaultContentLanguage", "the default language %q is disabled", clip(lang))
	}
	var out []variant
	for _, e := range langs.entries {
		switch {
		case e.key == first.key:
		case off[e.key] || e.val.table == nil && e.val.scalar != nil:
			l.disabled = append(l.disabled, e.key)
			continue
		}
		out = append(out, l.variant(e, hugo, own))
	}
	if len(out) > maxLanguages {
		l.fail(at, ruleValue, "", "more than %d languages", maxLanguages)
		out = out[:maxLanguages]
	}
	slices.Sort(l.disabled)
	slices.SortStableFunc(out, func(a, b variant) int {
		return cmp.Or(compareWeights(a.weight, b.weight), cmp.Compare(a.key, b.key))
	})
	if len(out) > 1 {
		l.together(out, hugo, own)
	}
	i := slices.IndexFunc(out, func(v variant) bool { return v.key == first.key })
	if i < 0 { // cut off above
		return out[:1]
	}
	l.order = make([]string, len(out))
	for i := range out {
		l.order[i] = out[i].key
	}
	return slices.Concat(out[i:i+1], out[:i], out[i+1:])
}

// variant lays the language at e over the rest.
func (l *loader) variant(e *entry, hugo, own *table) variant {
	v := variant{key: e.key, name: e.name, own: newTable(), root: newTable()}
	v.root.set(hugo)
	if t := hugo.get("languages." + e.key); t != nil && t.table != nil {
		v.own.set(t.table)
		v.root.set(t.table)
	}
	v.root.set(own)
	if t := own.get("languages." + e.key); t != nil && t.table != nil {
		v.own.set(t.table)
		v.root.set(t.table)
	}
	if w := v.own.get("weight"); w != nil {
		l.integer(w, "languages."+e.name+".weight", &v.weight)
	}
	return v
}

// disabledLanguages returns the keys of the languages that are not published.
func (l *loader) disabledLanguages(hugo, own, langs *table) map[string]bool {
	off := map[string]bool{}
	for _, t := range []*table{hugo, own} {
		if v := t.get("disablelanguages"); v != nil {
			var names []string
			l.texts(v, "disableLanguages", &names)
			for _, name := range names {
				off[strings.ToLower(name)] = true
			}
		}
	}
	for _, e := range langs.entries {
		if e.val.table == nil {
			continue
		}
		if v := e.val.table.get("disabled"); v != nil {
			var b bool
			l.boolean(v, "languages."+e.name+".disabled", &b)
			off[e.key] = off[e.key] || b
		}
	}
	return off
}

// together takes from the settings of several languages what can only hold for
// a site of one: Hugo takes each language's own code alone, and an address of
// its own for a language is not supported.
func (l *loader) together(all []variant, hugo, own *table) {
	for i := range all {
		v := &all[i]
		if base := v.own.get("baseurl"); base != nil {
			l.warn(base.at, ruleUnsupported, "the languages share the site's address: leave it out", "an address of its own for a language is not supported")
			v.root.remove("baseurl")
			for _, t := range []*table{hugo, own} {
				if base := t.get("baseurl"); base != nil {
					v.root.put("baseURL", base.at, base)
				}
			}
		}
		for _, key := range []string{"languagecode", "language"} {
			if v.own.get(key) == nil {
				v.root.remove(key)
			}
		}
	}
}

// describe sets what the language is called and where its pages stand.
func (v *variant) describe(d *decoder, c *Config, first bool) {
	c.LanguageKey = v.key
	c.Language = v.name
	if v.own != nil {
		for _, text := range []struct {
			key string
			to  *string
		}{
			{"languageName", &c.LanguageName},
			{"label", &c.LanguageName},
			{"locale", &c.Language},
			{"languageDirection", &c.Direction},
			{"direction", &c.Direction},
		} {
			if at := v.own.get(strings.ToLower(text.key)); at != nil {
				d.text(at, "languages."+v.name+"."+text.key, text.to)
				if text.to == &c.Direction && c.Direction != "" && c.Direction != "ltr" && c.Direction != "rtl" {
					d.warn(at.at, ruleValue, `write "ltr" or "rtl"`, "languages.%s.%s has no value %q", v.name, text.key, clip(c.Direction))
					c.Direction = ""
				}
			}
		}
	}
	sub := false
	if at := v.root.get("defaultcontentlanguageinsubdir"); at != nil {
		d.boolean(at, "defaultContentLanguageInSubdir", &sub)
	}
	if at := v.root.get("disabledefaultlanguageredirect"); at != nil {
		d.boolean(at, "disableDefaultLanguageRedirect", &c.DisableLanguageRedirect)
	}
	if !first || sub {
		c.LanguageDir = v.key
	}
}
