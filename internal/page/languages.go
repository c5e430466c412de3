package page

import (
	"cmp"
	"strings"

	"github.com/a-h/templ"

	"lectern/internal/config"
	"lectern/internal/site"
)

// alternate is a page in one of the site's languages.
type alternate struct {
	// lang is the language's BCP 47 code, label what its readers call it.
	lang, label string
	url         string
	// current is true for the page itself.
	current bool
}

// alternates are a page and its translations in the order of the languages, for
// search engines; nil where it has none, or where the site's address is not known.
func (p *Pass) alternates(pg *site.Page) []alternate {
	if !p.r.known || pg == nil || pg.Unlisted || len(pg.Translations) == 0 {
		return nil
	}
	out := make([]alternate, 0, len(pg.Translations)+1)
	p.eachLanguage(pg, func(s *site.Site, t *site.Page) {
		if t != nil && p.r.html[t.Kind] {
			out = append(out, alternate{lang: s.Config.Language, url: t.URL})
		}
	})
	return out
}

// switches lead to the page in each language, and where it has no translation
// to that language's home. There are none in a site of one language.
func (p *Pass) switches(pg *site.Page) []alternate {
	if len(p.site.Languages) == 0 || p.r.cfg.Params["disablelanguageswitchingbutton"] == true { // Relearn's
		return nil
	}
	out := make([]alternate, 0, len(p.site.Languages))
	p.eachLanguage(pg, func(s *site.Site, t *site.Page) {
		if t == nil {
			t = s.Home
		}
		out = append(out, alternate{lang: s.Config.Language, label: p.r.labels[len(out)], url: t.URL, current: s == p.site})
	})
	return out
}

// eachLanguage calls f for each language with the page that stands for pg in
// it, nil for none.
func (p *Pass) eachLanguage(pg *site.Page, f func(*site.Site, *site.Page)) {
	for _, s := range p.site.Languages {
		if s == p.site {
			f(s, pg)
			continue
		}
		var found *site.Page
		if pg != nil {
			for _, t := range pg.Translations {
				if t.Site == s {
					found = t.Page
				}
			}
		}
		f(s, found)
	}
}

// hashLanguages covers what a page reads of the other languages.
func (p *Pass) hashLanguages(h *hash, pg *site.Page) {
	for _, s := range p.site.Languages {
		h.str(s.Home.URL)
	}
	if pg != nil {
		hashTranslations(h, pg)
	}
}

func hashTranslations(h *hash, pg *site.Page) {
	for _, t := range pg.Translations {
		h.str(t.Site.Config.LanguageKey)
		h.str(t.Page.URL)
	}
}

// languageLabels are the labels of the site's languages in order.
func languageLabels(cfg *config.Config) []string {
	labels := make([]string, len(cfg.Languages))
	for i, l := range cfg.Languages {
		labels[i] = languageLabel(l)
	}
	return labels
}

// languageLabel is what readers call a language: as configured, else its own
// name for itself, else its code.
func languageLabel(cfg *config.Config) string {
	if cfg.LanguageName != "" {
		return cfg.LanguageName
	}
	primary, _, _ := strings.Cut(strings.ToLower(cfg.Language), "-")
	return cmp.Or(ownNames()[primary], cfg.Language)
}

// ownNames are what some languages call themselves, by the first part of their codes.
func ownNames() map[string]string {
	return map[string]string{
		"ar": "العربية", "bg": "Български", "ca": "Català", "cs": "Čeština", "da": "Dansk", "de": "Deutsch",
		"el": "Ελληνικά", "en": "English", "es": "Español", "et": "Eesti", "fa": "فارسی", "fi": "Suomi",
		"fr": "Français", "he": "עברית", "hi": "हिन्दी", "hr": "Hrvatski", "hu": "Magyar", "id": "Bahasa Indonesia",
		"it": "Italiano", "ja": "日本語", "ko": "한국어", "lt": "Lietuvių", "lv": "Latviešu", "nb": "Norsk bokmål",
		"nl": "Nederlands", "no": "Norsk", "pl": "Polski", "pt": "Português", "ro": "Română", "ru": "Русский",
		"sk": "Slovenčina", "sl": "Slovenščina", "sr": "Српски", "sv": "Svenska", "th": "ไทย", "tr": "Türkçe",
		"uk": "Українська", "vi": "Tiếng Việt", "zh": "中文",
	}
}

// writeSitemapIndex renders the root's sitemap.xml where languages have
// sitemaps of their own.
func (p *Pass) writeSitemapIndex(s *sheet) {
	b := append(s.own, xmlHeader+`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`...)
	for _, l := range p.r.cfg.All() {
		b = append(b, "\n<sitemap>"...)
		b = appendElement(b, "loc", absolute(p.r.base, l.LanguageKey+"/sitemap.xml"))
		b = append(b, "</sitemap>"...)
	}
	s.own = append(b, "\n</sitemapindex>\n"...)
}

func (v *view) homeURL() templ.SafeURL { return v.rel(v.pass.site.Home.URL) }

func (v *view) alternates() []alternate { return v.pass.alternates(v.page) }

func (v *view) switches() []alternate { return v.pass.switches(v.page) }

func (v *view) absolute(url string) templ.SafeURL { return templ.SafeURL(absolute(v.r.base, url)) }
