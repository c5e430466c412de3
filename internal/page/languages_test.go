package page

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"lectern/internal/config"
	"lectern/internal/site"
)

// twoLanguages makes the small site in English and a smaller one in German
// beside it, whose home and first day are translations.
func twoLanguages(edit ...func(en, de *config.Config)) (en, de *site.Site) {
	enCfg, deCfg := testConfig(), testConfig()
	enCfg.LanguageKey = "en"
	deCfg.Title, deCfg.Language, deCfg.LanguageKey, deCfg.LanguageDir = "GopherCamp & Freunde", "de-CH", "de", "de"
	enCfg.Languages = []*config.Config{enCfg, deCfg}
	deCfg.Languages = enCfg.Languages
	for _, e := range edit {
		e(enCfg, deCfg)
	}
	en = smallSite(enCfg)
	b := newBuilder(deCfg)
	b.s.Home.URL, b.s.Home.OutPath = "/de/", "de/index.html"
	day := b.section(b.s.Home, "day1", "Tag 1", nil)
	b.single(day, "eroeffnung", b.note("Eröffnung", "<p>Hallo.</p>"))
	b.s.Pages = append(b.s.Pages[:1], b.s.Pages[2:]...) // no tags
	b.s.Taxonomies = nil
	de = b.done()
	de.Redirects = []site.Redirect{{OutPath: "de/alt/index.html", To: day}}
	en.Languages = []*site.Site{en, de}
	de.Languages, de.Secondary = en.Languages, true
	pair := func(p, q *site.Page) {
		p.Translations = []site.Translation{{Site: de, Page: q}}
		q.Translations = []site.Translation{{Site: en, Page: p}}
	}
	pair(en.Home, de.Home)
	pair(at(en, "/day1/"), day)
	pair(at(en, "/day2/secret/"), at(de, "/de/day1/eroeffnung/"))
	return en, de
}

func at(s *site.Site, url string) *site.Page {
	for _, p := range s.Pages {
		if p.URL == url {
			return p
		}
	}
	panic("no page " + url)
}

func TestLanguageSwitch(t *testing.T) {
	en, de := twoLanguages(func(_, de *config.Config) { de.LanguageName = "Schwiizerdütsch" })
	files := rendered(t, New(en.Config, Options{}).Pass(en))
	for path, want := range rendered(t, New(de.Config, Options{}).Pass(de)) {
		if _, both := files[path]; both && strings.HasSuffix(path, "index.html") {
			t.Errorf("both languages have %s", path)
		}
		files[path] = want
	}
	for path, want := range map[string][]string{
		"index.html": {
			`<a href="./" lang="en" hreflang="en" aria-current="true">English</a>`, `<a href="./de/" lang="de-CH" hreflang="de-CH">Schwiizerdütsch</a>`,
			`<link rel="alternate" hreflang="en" href="https://camp.example.org/2025/">`, `<link rel="alternate" hreflang="de-CH" href="https://camp.example.org/2025/de/">`,
		},
		"day1/index.html":               {`href="../de/day1/" lang="de-CH"`, `hreflang="de-CH" href="https://camp.example.org/2025/de/day1/"`},
		"day1/01_opening/index.html":    {`href="../../de/" lang="de-CH"`},
		"de/index.html":                 {`<html lang="de-CH">`, `aria-label="Sprachen"`, `<a href="../" lang="en"`, `<a class="brand" href="../de/">`, `href="../de/" lang="de-CH" hreflang="de-CH" aria-current="true"`},
		"de/day1/eroeffnung/index.html": {`href="../../../day2/secret/" lang="en"`},
		"404.html":                      {`<a href="/2025/de/" lang="de-CH"`},
		"de/404.html":                   {`<a href="/2025/" lang="en"`, "Seite nicht gefunden", `<a class="btn btn-primary" href="/2025/de/">`},
	} {
		for _, w := range want {
			if !strings.Contains(files[path], w) {
				t.Errorf("%s lacks %s:\n%s", path, w, breakLines(files[path]))
			}
		}
	}
	for path, not := range map[string]string{
		"day1/01_opening/index.html": `rel="alternate" hreflang`, // there is no translation
		"day2/secret/index.html":     `rel="alternate" hreflang`, // nobody is told of it
	} {
		if strings.Contains(files[path], not) {
			t.Errorf("%s has %s", path, not)
		}
	}
}

func TestSitemapsOfLanguages(t *testing.T) {
	en, de := twoLanguages()
	files, german := rendered(t, New(en.Config, Options{}).Pass(en)), New(de.Config, Options{}).Pass(de)
	if s := files["sitemap.xml"]; !strings.Contains(s, "<sitemapindex") ||
		!strings.Contains(s, "<loc>https://camp.example.org/2025/en/sitemap.xml</loc>") || !strings.Contains(s, "<loc>https://camp.example.org/2025/de/sitemap.xml</loc>") {
		t.Errorf("the index is\n%s", s)
	}
	if s := files["en/sitemap.xml"]; !strings.Contains(s, `<loc>https://camp.example.org/2025/day1/</loc><xhtml:link rel="alternate" hreflang="en" href="https://camp.example.org/2025/day1/"/><xhtml:link rel="alternate" hreflang="de-CH" href="https://camp.example.org/2025/de/day1/"/></url>`) {
		t.Errorf("the English one is\n%s", s)
	}
	if s := files["robots.txt"]; !strings.Contains(s, "Sitemap: https://camp.example.org/2025/sitemap.xml") {
		t.Errorf("robots.txt is\n%s", s)
	}
	var got []string
	for _, o := range german.Outputs() {
		if o.Page == nil {
			got = append(got, o.Path)
		}
	}
	if fmt.Sprint(got) != "[de/404.html de/sitemap.xml]" {
		t.Errorf("beside pages German has %q", got)
	}
}

// A language alone in its folder has no switch, and 404.html at the root too.
func TestLanguageInFolder(t *testing.T) {
	cfg := testConfig()
	cfg.LanguageKey, cfg.LanguageDir = "en", "en"
	files := rendered(t, New(cfg, Options{}).Pass(smallSite(cfg)))
	for _, path := range []string{"404.html", "en/404.html", "sitemap.xml", "en/sitemap.xml", "robots.txt"} {
		if files[path] == "" {
			t.Errorf("there is no %s", path)
		}
	}
	if strings.Contains(files["404.html"], "l-langs") {
		t.Error("there is a switch to nowhere")
	}
}

// Relearn's parameter leaves the switch out.
func TestNoLanguageSwitch(t *testing.T) {
	en, _ := twoLanguages(func(en, _ *config.Config) { en.Params = map[string]any{"disablelanguageswitchingbutton": true} })
	if s := rendered(t, New(en.Config, Options{}).Pass(en))["index.html"]; strings.Contains(s, "l-langs") || !strings.Contains(s, `hreflang="de-CH"`) {
		t.Errorf("got\n%s", breakLines(s))
	}
}

// TestKeySeesLanguages is TestKeySeesEverything for what a page reads of the
// other languages.
func TestKeySeesLanguages(t *testing.T) {
	en, de := twoLanguages()
	r, g := New(en.Config, Options{}), New(de.Config, Options{})
	both := func(en, de *site.Site) map[string]keyed {
		all := keysAndBytes(r.Pass(en))
		for path, k := range keysAndBytes(g.Pass(de)) {
			all[path] = k
		}
		return all
	}
	before := both(en, de)
	for seed := range uint64(600) {
		rng := rand.New(rand.NewPCG(seed, 2))
		en, de := twoLanguagesOf(en, de)
		s, o := en, de
		if seed%2 == 0 {
			s, o = de, en
		}
		did := "edit of the other"
		switch rng.IntN(3) {
		case 0:
			pg := s.Pages[rng.IntN(len(s.Pages))]
			did, pg.Translations = "no translation of "+pg.URL, nil
		case 1:
			pg := s.Pages[rng.IntN(len(s.Pages))]
			did, pg.Translations = "a translation of "+pg.URL, []site.Translation{{Site: o, Page: o.Pages[rng.IntN(len(o.Pages))]}}
		default:
			did = editSite(s, rng)
		}
		for path, now := range both(en, de) {
			if was, ok := before[path]; ok && now.key == was.key && now.body != was.body {
				t.Fatalf("seed %d: %s: %s has other bytes and the same key:\n%s", seed, did, path, firstDifference(breakLines(now.body), breakLines(was.body)))
			}
		}
	}
}

// twoLanguagesOf makes the two sites anew with the configurations of en and de.
func twoLanguagesOf(en, de *site.Site) (*site.Site, *site.Site) {
	return twoLanguages(func(e, d *config.Config) {
		*e, *d = *en.Config, *de.Config
		e.Languages = []*config.Config{e, d}
		d.Languages = e.Languages
	})
}
