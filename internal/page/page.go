// Package page renders the pages of a [site.Site]: the theme, as compiled
// templates, its style sheets, scripts and icons, the feeds and the sitemap.
//
// A page is a [snapshot.Body] made of parts: the note's own HTML and the menu
// of its section stand in memory once and are shared by all that show them.
// The menu names sections and the current section's notes, never the whole
// site's, so that a page does not grow with the site.
//
// Every link is relative to its document. Nothing is read from disk and no
// clock is asked: equal sites give equal bytes.
//
// What a page needs besides its own note it reads through few doors (menu,
// neighbours, rows of lists, counts), and each door has its share of the
// page's key in key.go beside it: what is rendered and what is hashed must
// change together. A test edits sites at random to hold them to it.
package page

//go:generate go tool templ generate -log-level warn
//go:generate go run lectern/web/gen templates page

import (
	"cmp"
	"strings"
	"sync"

	"lectern/internal/config"
	"lectern/internal/site"
	"lectern/internal/snapshot"
)

// Form is what an [Output] is.
type Form uint8

// The forms of generated files.
const (
	HTML Form = iota
	RSS
	Sitemap
	Robots
	NotFound
	Redirect
	ServiceWorker
	WebManifest
	// SitemapIndex lists the sitemaps of all languages.
	SitemapIndex
	Calendar
	// JSONFeed is a feed as of jsonfeed.org.
	JSONFeed
	OpenSearch
	// Markdown is a page as Markdown, Source what its author wrote, PrintHTML the
	// page and all below it for a printer.
	Markdown
	Source
	PrintHTML
	// LLMs and SessionsJSON are for programs.
	LLMs
	SessionsJSON
)

// Output is one file that the site's model asks for.
type Output struct {
	// Path is the slash-separated path of the file in the site.
	Path string
	Form Form
	// Page is the page it shows (for a Redirect, the one it leads to); nil for
	// files about the site as a whole.
	Page *site.Page
}

// Renderer holds what stays the same from build to build: configuration,
// templates, assets. It may be used by many goroutines.
type Renderer struct {
	cfg   *config.Config
	words *words
	// base is the site's address with a final slash; "/" where none is known.
	base string
	// known says that base has a host, so that canonical links can be given.
	known bool
	// basePath is the path of base, the root of links in 404.html.
	basePath string
	// lang and dir are the attributes of the html element.
	lang, dir string
	// many says that the site's languages have folders of their own.
	many bool
	// labels are what the languages are called, in their order.
	labels []string
	// html and rss say of each kind of page whether it has such an output.
	html, rss [site.Kinds]bool
	assets    *[assetCount]asset
	key       uint64

	previews previews
	sheets   sheets
	symbols  sync.Map // icon's name → []byte
	menus    menuCache
}

// Options says how a site is shown, beside its configuration.
type Options struct {
	// Root is the path under which the site is served where that is not the path
	// of its BaseURL, with slashes at both ends. The links of 404.html, which may
	// be shown at any address, begin with it.
	Root string
}

// New returns the renderer for a site with configuration cfg.
func New(cfg *config.Config, opts Options) *Renderer {
	r := &Renderer{cfg: cfg, words: wordsFor(cfg.Language), base: "/", lang: cfg.Language, assets: readManifest()}
	if cfg.BaseURL != "" {
		r.base = strings.TrimSuffix(cfg.BaseURL, "/") + "/"
	}
	if r.lang == "" {
		r.lang = "en"
	}
	r.dir = cmp.Or(cfg.Direction, direction(r.lang))
	if r.dir == "ltr" {
		r.dir = ""
	}
	r.labels = languageLabels(cfg)
	r.many = len(cfg.Languages) > 0 || cfg.LanguageDir != ""
	scheme, _, ok := strings.Cut(r.base, "://")
	r.known = ok && scheme != ""
	r.basePath = cmp.Or(opts.Root, cfg.BasePath())
	for k := range r.html {
		r.html[k] = r.wanted(site.Kind(k), "html")
		r.rss[k] = r.wanted(site.Kind(k), "rss") && site.Kind(k) != site.Single && (!site.Kind(k).Special() || site.Kind(k) == site.Changes)
	}
	r.assets[themeCSS] = r.assets[themeCSS].styled(ownStyle(&cfg.Look))
	r.key = configKey(cfg, r.assets)
	return r
}

// direction returns "rtl" for languages that are written from right to left.
func direction(lang string) string {
	primary, _, _ := strings.Cut(strings.ToLower(lang), "-")
	switch primary {
	case "ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi":
		return "rtl"
	}
	return ""
}

// Pass is the rendering of one state of a site. Its methods may be called by
// many goroutines; what several pages share (a section's menu) is made once,
// when the first of them asks.
type Pass struct {
	r    *Renderer
	site *site.Site
	// icon is the path of the site's icon.
	icon string
	// writesMarkdown says that all pages stand there as Markdown too.
	writesMarkdown bool
	// key covers what all files read: the configuration, the site's title and icon.
	key uint64

	menus     passMenus
	mastheads sync.Map // by the way to the root
	digests   func() map[*site.Page]digest
	stats     func() map[*site.Page]*stats
	shortcuts func() []shortcutMenu
	specials  func() map[specialOf]*site.Page
	singles   func() int
}

// Pass returns the pass over s, which must not change while it is used.
func (r *Renderer) Pass(s *site.Site) *Pass {
	p := &Pass{r: r, site: s}
	key := hash(r.key)
	key.str(p.siteTitle())
	p.icon = p.findIcon()
	key.str(p.icon)
	if s.Logo != nil {
		key.str(s.Logo.OutPath)
	}
	p.digests = sync.OnceValue(p.digestAll)
	p.stats = sync.OnceValue(p.countAll)
	p.shortcuts = sync.OnceValue(p.findShortcuts)
	p.specials = sync.OnceValue(p.findSpecials)
	p.singles = sync.OnceValue(p.countSingles)
	hashLink(&key, p.changesPage())
	key.str(p.searchURL())
	p.writesMarkdown = p.wantsMarkdown()
	key.flag(p.writesMarkdown)
	p.key = uint64(key)
	p.menus.init(p)
	r.menus.age()
	return p
}

// Render makes o's content.
func (p *Pass) Render(o Output) snapshot.Body {
	s := p.r.sheets.get()
	s.words = p.r.words
	defer p.r.sheets.put(s)
	switch o.Form {
	case RSS:
		p.writeFeed(s, o)
	case JSONFeed:
		p.writeChangesJSON(s, o.Page)
	case Sitemap:
		p.writeSitemap(s)
	case SitemapIndex:
		p.writeSitemapIndex(s)
	case Robots:
		p.writeRobots(s)
	case ServiceWorker:
		p.writeWorker(s)
	case WebManifest:
		p.writeManifest(s)
	case Calendar:
		p.writeCalendar(s, o)
	case OpenSearch:
		p.writeOpenSearch(s)
	case Markdown:
		p.writeMarkdown(s, o)
	case Source:
		p.writeSource(s, o)
	case PrintHTML:
		p.writePrint(s, o)
	case LLMs:
		p.writeLLMs(s, o)
	case SessionsJSON:
		p.writeSessions(s, o)
	default:
		p.writeHTML(s, o)
	}
	return s.body()
}
