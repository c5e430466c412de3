package config

import (
	"strings"
)

// relearnKey is one parameter of Hugo's Relearn theme, as its versions 5 to 9
// have it. The list of all is the single source of which are honoured;
// docs/reference/relearn.md is made from it.
type relearnKey struct {
	name string
	// page and site say where it may stand: in front matter, below params.
	page, site bool
	// does says what Lectern does for it; "" where it is accepted in silence.
	does string
	// why says, where it is accepted, what stands in its place.
	why string
}

const (
	onPage = 1 << iota
	onSite
)

func honoured(name string, where int, does string) relearnKey {
	return relearnKey{name: name, page: where&onPage != 0, site: where&onSite != 0, does: does}
}

func accepted(name string, where int, why string) relearnKey {
	return relearnKey{name: name, page: where&onPage != 0, site: where&onSite != 0, why: why}
}

// relearnKeys are all of them, in the order of the reference.
func relearnKeys() []relearnKey {
	const both = onPage | onSite
	const look, script = "Lectern has its own look", "Lectern brings its own script"
	return []relearnKey{
		honoured("title", onPage, "the title of the page"),
		honoured("linkTitle", onPage, "the title in menus and lists"),
		honoured("menuTitle", onPage, "the former name of `linkTitle`"),
		honoured("description", both, "what search engines, feeds and cards show"),
		honoured("author", both, "the author's name, in the page's head; on a page also beside its title (`author.name` on the site)"),
		honoured("titleSeparator", onSite, "what stands between a page's title and the site's in the title of the window; ` · ` where it is not given"),
		honoured("headingPre", onPage, "icons and text before the title"),
		honoured("headingPost", onPage, "icons and text behind the title"),
		honoured("LastModifierDisplayName", onPage, "who changed the page last, beside the day"),
		honoured("hideAuthorName", onSite, "leaves out who wrote and who changed a page"),
		honoured("hideAuthorDate", onSite, "leaves out when a page was changed"),

		honoured("ordersectionsby", both, "the order of a section's pages and of those below it: `weight`, `title`, `linktitle`, `modifieddate` (`lastmod`), `expirydate`, `publishdate`, `date`, `length`, or `default`, which is Hugo's"),
		honoured("hidden", onPage, "no menu and no list shows the page"),
		honoured("headless", onPage, "Hugo's: no page is made"),
		honoured("disableSeoHiddenPages", onSite, "hidden pages are not in the sitemap, and search engines are asked to leave them out"),
		honoured("disableSearchHiddenPages", onSite, "hidden pages are not found by the search"),
		accepted("disableTagHiddenPages", onSite, "no list shows hidden pages, those of terms included"),
		accepted("disableTermsHiddenPages", onSite, "the same by another name"),

		honoured("menuPre", onPage, "icons before the page's line in the menu"),
		honoured("menuPost", onPage, "icons behind the page's line in the menu"),
		honoured("menuPageRef", onPage, "another page that the menu's line leads to"),
		honoured("menuUrl", onPage, "an address that the menu's line leads to"),
		honoured("alwaysopen", both, "the menu shows the section's notes wherever the reader is, in a site of up to 60 sections"),
		honoured("disableLandingPageButton", onSite, "leaves the line for home out of the menu"),
		honoured("landingPageName", onSite, "the words of that line"),
		honoured("linkTitle", onSite, "the same, by its newer name"),
		honoured("disableShortcutsTitle", onSite, "no heading above the configured menus"),
		honoured("sidebarmenus", onSite, "which of the configured menus (`type: menu`) are shown, in which order, with which title; without it `shortcuts` and `main`"),
		honoured("sidebarheadermenus", onSite, "its entries of `type: menu` come first"),
		honoured("sidebarfootermenus", onSite, "its entries of `type: menu` come last"),
		accepted("sidebarmenus", onPage, "all pages have one menu"),
		accepted("sidebarheadermenus", onPage, "all pages have one menu"),
		accepted("sidebarfootermenus", onPage, "all pages have one menu"),
		honoured("menus", onPage, "Hugo's: puts the page into configured menus (also `menu`)"),
		accepted("collapsibleMenu", both, "the menu opens where the reader is"),
		accepted("showVisitedLinks", onSite, look),

		honoured("disableToc", both, "no table of contents"),
		honoured("disableBreadcrumb", both, "no line of sections above the title"),
		honoured("disableRootBreadcrumb", onSite, "that line begins below home"),
		honoured("disableTermBreadcrumbs", onSite, "no such line on the pages of terms"),
		honoured("disableNextPrev", both, "no links to the next page and the one before"),
		honoured("editURL", both, "where the page can be changed; an empty one in front matter shows no link. `${FilePath}` is the note's path"),
		honoured("disableMarkdownButton", both, "no link to the page as Markdown"),
		honoured("disablePrintButton", both, "no link to the page for printing"),
		honoured("disableSourceButton", both, "no link to the page's source"),

		honoured("errorignore", both, "regular expressions: dead links and pictures whose address one of them matches are not reported"),
		honoured("urlIgnoreCheck", both, "the same, by its newer name"),
		honoured("link.errorlevel", both, "`warning` makes warnings of dead links, which are errors otherwise"),
		honoured("image.errorlevel", both, "the same for missing pictures"),
		accepted("include.errorlevel", both, "a missing file is reported always"),
		accepted("openapi.errorlevel", both, "a missing file is reported always"),
		accepted("urlExternalCheck", both, "a build asks nothing of the network"),

		honoured("math", both, "formulas between dollars; on a page `false` leaves them alone. `math.force` means the same"),
		honoured("boxStyle", onSite, "styles of the site's own for notices, buttons and badges"),
		honoured("siteparam", onSite, "what the shortcode `siteparam` shows; so is any other parameter"),
		accepted("math.output", both, "formulas are MathML"),
		accepted("mathJaxInitialize", both, "formulas need no script"),
		accepted("customMathJaxURL", both, "formulas need no script"),
		accepted("disableMathJax", both, "formulas need no script"),
		accepted("mermaid.force", both, "diagrams load what they need"),
		accepted("mermaidInitialize", both, script),
		accepted("mermaidZoom", both, script),
		accepted("customMermaidURL", both, "no page loads anything from elsewhere"),
		accepted("disableMermaid", both, "diagrams load what they need"),
		accepted("openapi.force", both, "specifications are a table and a link"),
		accepted("customOpenapiURL", both, "no page loads anything from elsewhere"),
		accepted("disableOpenapi", both, "specifications are a table and a link"),

		accepted("type", onPage, "kept; pages have one design"),
		accepted("layout", onPage, "kept; pages have one design"),
		accepted("archetype", onPage, "kept; pages have one design"),
		accepted("chapter", onPage, "a section is one with or without it"),
		honoured("images", both, "the picture of a page's card, in place of a drawn one"),
		accepted("social", onSite, look),
		accepted("themeVariant", onSite, "light, dark and automatic are the reader's choice"),
		accepted("themeVariantAuto", onSite, "light, dark and automatic are the reader's choice"),
		accepted("custom_css", onSite, "see `look.css`"),
		accepted("minify", onSite, "all is minified"),
		accepted("breadcrumbSeparator", onSite, look),
		accepted("dateFormat", onSite, "dates are written as the site's language has them"),
		accepted("LastModifierEmail", onPage, "no address of a person is published"),
		accepted("hideAuthorEmail", onSite, "no address of a person is published"),
		honoured("imageEffects", both, "`lightbox`, `lazy`, `border`, `shadow`, and effects of your own as classes; so does the query of a picture's address"),
		accepted("linkEffects", both, look),
		accepted("externalLinkTarget", both, "a link opens where its reader wants it"),
		accepted("highlightWrap", both, "code scrolls inside itself"),
		accepted("disableInlineCopyToClipBoard", onSite, look),
		accepted("disableHoverBlockCopyToClipBoard", onSite, look),
		accepted("disableAnchorCopy", onSite, look),
		accepted("disableAnchorScrolling", onSite, look),
		accepted("topbarstart", onPage, look),
		accepted("topbarend", onPage, look),
		accepted("topbarmore", onPage, look),
		accepted("landingPageURL", onSite, "home is at the site's root"),
		accepted("disableLanguageSwitchingButton", onSite, look),
		accepted("enableLegacyLanguageLinks", onSite, "links are found with and without the language"),
		honoured("disableSearch", onSite, "no search"),
		honoured("disableSearchIndex", onSite, "the same: without an index nothing is found"),
		honoured("disableSearchPage", onSite, "no page `/search/`"),
		accepted("searchIndexURL", onSite, "the index has addresses of its own"),
		accepted("searchPageURL", onSite, "the index has addresses of its own"),
		accepted("additionalContentLanguage", onSite, "each page is searched in its own language"),
		accepted("disableAssetsBusting", onSite, "names of assets change with their content"),
		accepted("disableGeneratorVersion", onSite, "pages do not say what made them"),
		accepted("disableRandomIds", onSite, "the same input gives the same bytes"),
		accepted("disableDefaultRelref", onSite, "links are relative to their page"),
		accepted("disableExplicitIndexURLs", onSite, "links are relative to their page"),
		accepted("relearn.dependencies", onSite, "templates of a theme are not run"),
	}
}

// Param returns the parameter of a page or, where its front matter has none,
// of the site; nil for none. The name is in lower case, with dots between
// those of nested tables.
func (c *Config) Param(front map[string]any, name string) any {
	if v := OwnParam(front, name); v != nil {
		return v
	}
	return nested(c.Params, name)
}

// OwnParam is a page's own parameter, at the top of its front matter or below
// params there; nil for none.
func OwnParam(front map[string]any, name string) any {
	if front == nil {
		return nil
	}
	if v := nested(front, name); v != nil {
		return v
	}
	params, _ := front["params"].(map[string]any)
	return nested(params, name)
}

func nested(m map[string]any, name string) any {
	first, rest, deeper := strings.Cut(name, ".")
	v, ok := m[first]
	if !ok {
		for key, other := range m { // front matter keeps the case below its top
			if strings.EqualFold(key, first) {
				v = other
				break
			}
		}
	}
	if !deeper {
		return v
	}
	below, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	return nested(below, rest)
}

// ParamFlag is [Config.Param] for one that is true or false; what is neither is
// false.
func (c *Config) ParamFlag(front map[string]any, name string) bool {
	switch v := c.Param(front, name).(type) {
	case bool:
		return v
	case string:
		switch strings.ToLower(strings.TrimSpace(v)) {
		case "true", "yes", "on", "1":
			return true
		}
	}
	return false
}

// ParamText is [Config.Param] for a text; what is none is "".
func (c *Config) ParamText(front map[string]any, name string) string {
	s, _ := c.Param(front, name).(string)
	return s
}

// Author is the author of the site; "" where none is named.
func (c *Config) Author() string {
	if s := c.ParamText(nil, "author"); s != "" {
		return s
	}
	return c.ParamText(nil, "author.name")
}

// ParamTexts is [Config.Param] for a list of texts, those of the site and the
// page's own together.
func (c *Config) ParamTexts(front map[string]any, name string) []string {
	return append(Texts(nested(c.Params, name)), Texts(OwnParam(front, name))...)
}

// Texts takes a parameter as a list of texts; a single one is a list of one.
func Texts(v any) []string {
	var out []string
	switch v := v.(type) {
	case string:
		if v != "" {
			out = append(out, v)
		}
	case []any:
		for _, item := range v {
			if s, ok := item.(string); ok && s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}
