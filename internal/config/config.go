// Package config reads what a project says about itself: hugo.toml and its
// kin, then lectern.yaml, then the environment and the flags, each stronger
// than the one before. A folder without any of them is a project too.
//
// The result is one typed, validated value. A key nobody knows is a warning
// with the nearest known one; a value of the wrong type or a file that cannot
// be read is an error, because guessing could publish what should not be.
package config

import "regexp"

// Config is a project's configuration, complete with defaults.
type Config struct {
	// Title is the site's as configured. Where it is empty, home's title serves,
	// and if home has none either, FolderName.
	Title string
	// FolderName is the project folder's name made readable.
	FolderName string
	// BaseURL is the site's address with a trailing slash, or "" where none is
	// configured. Links never need it; canonical links, feeds and the sitemap do.
	BaseURL string
	// Language is a BCP 47 code, "en" by default.
	Language string
	// LanguageKey is the language's key, which Hugo lets stand before a file's
	// extension (talk.en.md), in lower case; LanguageName is what readers call it
	// ("Deutsch"), if the configuration says it.
	LanguageKey, LanguageName string
	// Direction is "ltr" or "rtl" where the configuration says it, else "".
	Direction string
	// LanguageDir is the folder of the site that the language's pages stand in:
	// "de", or "" for its root.
	LanguageDir string
	// DisableLanguageRedirect leaves out the page that leads from the default
	// language's other possible place to its home.
	DisableLanguageRedirect bool
	// DisabledLanguages are the keys of the languages that are not published,
	// sorted, whose files are no part of the site.
	DisabledLanguages []string
	// Languages are the configurations of all languages in order, this one
	// included, each complete; nil for a site of one language. [Load] returns the
	// default language's.
	Languages []*Config

	Description string
	Copyright   string
	// Params are the site's parameters as written, by lower-cased key.
	Params map[string]any
	// Menus are the configured menus by name, each in order of weight.
	Menus map[string][]MenuEntry
	// Taxonomies in order of their plural names; tags and categories by default.
	Taxonomies []Taxonomy

	// Hugo is true for a project of Hugo's shape, false for a plain folder of notes.
	Hugo bool
	// ContentDir and StaticDirs are slash paths from the project's folder;
	// "." is the folder itself (the content of a plain folder).
	ContentDir string
	StaticDirs []string
	// Files are the configuration files that were read, as slash paths.
	Files []string

	Markup Markup
	Look   Look
	// Offline lets readers install the site and read it without a network.
	Offline bool
	// ContentSecurityPolicy is what pages may do beside what the theme needs:
	// sources by directive.
	ContentSecurityPolicy map[string][]string
	Search                Search

	// Cards says whether pages have social cards: always, never, or, with "auto",
	// where there are not too many notes.
	Cards string
	// SmallerPictures has smaller versions of pictures made for small screens.
	SmallerPictures bool
	// Markdown says the same of each page as Markdown, for programs; with "off"
	// there is no llms.txt and no index.json either.
	Markdown string

	BuildDrafts, BuildFuture, BuildExpired bool
	// DisablePathToLower and RemovePathAccents are Hugo's settings of those names.
	DisablePathToLower, RemovePathAccents bool
	UglyURLs                              bool
	// DisableKinds are Hugo's names of page kinds that are not wanted, lower-cased
	// ("rss", "sitemap", "robotstxt", "404", "taxonomy", "term").
	DisableKinds []string
	// Outputs are the wanted output formats by page kind ("home", "section",
	// "taxonomy", "term", "page"), lower-cased; a kind that is absent has the defaults.
	Outputs map[string][]string
	// Permalinks are Hugo's address patterns for pages, by lower-cased section
	// ("posts": "/:year/:slug/").
	Permalinks map[string]string
	// IgnoreFiles are regular expressions; a file whose path one of them matches is
	// none of the site's. Use [Config.Ignored].
	IgnoreFiles []string
	// RSSLimit is how many items a feed holds at most; 0 is without a limit.
	RSSLimit int
	// CapitalizeListTitles and TitleCaseStyle are Hugo's; they shape the titles
	// of generated sections, taxonomies and terms.
	CapitalizeListTitles, PluralizeListTitles bool
	TitleCaseStyle                            string

	// EditURL is the address for "edit this page" with ${FilePath} where the
	// note's path from ContentDir goes (as in Relearn's params.editURL); "" shows no
	// link. Use [Config.EditLink].
	EditURL string
	// Repository is where the project's sources can be seen, without a trailing
	// slash, and Branch the branch that the site is made from.
	Repository, Branch string
	// Changes says that readers may see what was changed, from the project's history.
	Changes bool
	// TimeZone is the IANA name of the conference's zone, "" for UTC.
	TimeZone string
	// Meanings are the names of headings that mean something, where they are not
	// the default ones.
	Meanings Meanings
	// HideTodos leaves lines that begin with TODO out of the pages.
	HideTodos bool
	// Check is what checks of the notes are told.
	Check Check
	// Requires is the constraint on Lectern's version, such as ">=0.3".
	Requires string

	// What repository says; finish makes EditURL of it.
	repositoryDir   string
	ownEdit, noEdit bool
	ignore          []*regexp.Regexp
}

// MenuEntry is one entry of a configured menu.
type MenuEntry struct {
	Identifier, Name, Parent, Pre, Post, Title string
	// URL or PageRef says where it leads.
	URL, PageRef string
	Weight       int
	Params       map[string]any
}

// Taxonomy is a way to group notes: Singular "tag", Plural "tags".
type Taxonomy struct{ Singular, Plural string }

// Meanings are names of headings by what stands below them. A nil list is the
// default one, an empty one knows no name.
type Meanings struct{ Recommendations, People, Questions []string }

// Markup is how Markdown is read, Hugo's markup.goldmark settings and Lectern's own.
type Markup struct {
	// UnsafeHTML keeps HTML in notes as written (the default); false sanitises it.
	UnsafeHTML bool
	Emoji      bool

	DefinitionList, Footnote, Strikethrough, Table, TaskList bool
	Linkify                                                  bool
	LinkifyProtocol                                          string
	Typographer                                              bool
	// TypographerPunctuation maps Hugo's names (leftDoubleQuote, …) to what is
	// written instead, where it differs from the default.
	TypographerPunctuation map[string]string
	HardWraps, XHTML       bool
	// AttributeTitle and AttributeBlock allow {#id .class} behind headings and blocks.
	AttributeTitle, AttributeBlock bool
	// AutoHeadingID gives headings ids; AutoIDType is github, github-ascii or blackfriday.
	AutoHeadingID bool
	AutoIDType    string
	// AutoDefinitionTermID gives terms of definition lists ids.
	AutoDefinitionTermID bool
	// WrapStandAloneImage keeps a lone picture inside its paragraph.
	WrapStandAloneImage bool
	// Subscript … are Hugo's extras.
	Subscript, Superscript, Mark, Insert, Delete bool
	// CJK are Hugo's settings for East Asian line breaks and escaped spaces.
	CJK, CJKEastAsianLineBreaks, CJKEscapedSpace bool
	// HighlightLineNumbers numbers the lines of code, HighlightLineNumbersInTable
	// does so in a column of their own; HighlightTabWidth is how many spaces stand
	// for a tab in code.
	HighlightLineNumbers, HighlightLineNumbersInTable bool
	HighlightTabWidth                                 int
	// Math is where formulas are found: "true" between $…$, $$…$$, \(…\) and
	// \[…\], "false" nowhere but in fenced blocks and shortcodes, "auto" as is
	// sensible. MathInline and MathDisplay are the delimiters that Hugo's
	// passthrough extension is configured with.
	Math                    string
	MathInline, MathDisplay [][2]string
	// TOCStart and TOCEnd are the heading levels that a table of contents shows.
	TOCStart, TOCEnd int
}
