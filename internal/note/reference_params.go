package note

// aboutParam says what a parameter does: for one shortcode alone, else for all
// that have one of its name. For the reference.
func aboutParam(shortcode, name string) string {
	texts := paramTexts()
	if s, ok := texts[shortcode+" "+name]; ok {
		return s
	}
	return texts[name]
}

// noEffect is said of parameters that are accepted because files have them.
const noEffect = "accepted, without effect: "

func paramTexts() map[string]string {
	const (
		theme  = noEffect + "the theme decides"
		player = noEffect + "the player belongs to the video's site"
		code   = noEffect + "the theme decides about colours"
	)
	return map[string]string{
		"style":        "the style; see above",
		"color":        "the colour, instead of the style's; see above",
		"title":        "the title; Markdown is read. One space leaves out the style's own title",
		"icon":         "an icon of Font Awesome's, instead of the style's; one space leaves it out",
		"groupid":      "of those with the same value only one is open",
		"expanded":     "given, it folds: `true` is open at first, `false` is closed",
		"sort":         "the order: `auto`, `weight`, `title`, `linktitle`, `lastmod`, `expirydate`, `publishdate`, `date` or `length`",
		"pageref":      "the page that is meant, by its path; the page itself where it is not given",
		"class":        "classes for a style sheet of your own",
		"id":           "the id at that site, or the address as the browser shows it",
		"loading":      "`eager` or `lazy`",
		"align":        "`left`, `center` or `right`",
		"description":  "with what each page is about",
		"breadcrumb":   "with the way to each page",
		"image":        "with each page's picture, in cards",
		"cardtemplate": noEffect + "templates are not run",
		"template":     noEffect + "templates are not run",
		"params":       noEffect + "they are a template's",
		"target":       "the window it opens in, such as `_blank`",
		"href":         "where it leads; checked like any link",
		"name":         "the name; `a.b` is b in the table a",
		"alt":          "what is seen, in words, for those who can't see it",
		"user":         "the name of its author there",

		"attachments sort":    "`asc` or `desc`, by name",
		"resources sort":      "`asc` or `desc`, by name",
		"attachments pattern": "a regular expression that the names of the files must match",
		"resources pattern":   "a regular expression that the names of the files must match",

		"badge title": "a first part, in another tone",
		"icon style":  "a style whose colour it has",
		"icon color":  "its colour",
		"icon icon":   "its name",

		"button href":         "where it leads; without one it only looks like a button",
		"button iconposition": "`left` or `right` of the text",
		"button type":         "`submit`, `reset` or `button`, for one within a form",
		"button hint":         "what a pointer that rests on it reads",
		"button borderless":   "without a border",

		"card image":  "the address of a picture",
		"cards title": noEffect + "cards have titles of their own",

		"children type":           "`tree`, `list` (headings), `flat` (one list), `group` (by first letter) or `card`",
		"children depth":          "how many levels down; 999 is all",
		"children showhidden":     "hidden pages too",
		"children headingdepth":   "the level of the headings of `list`, from 1 to 6",
		"children style":          "what `type` was once called: `li`, `card`, or the element of each entry, such as `h2`",
		"children containerstyle": "what `type` was once called: the element around all, such as `ul` or `div`",
		"children page":           "the page whose pages are listed, where it is not the page itself",

		"children-cards depth":          "how many levels down",
		"children-cards showhidden":     "hidden pages too",
		"children-cards style":          theme,
		"children-cards containerstyle": theme,

		"details summary": "the line that opens it",
		"details open":    "open at first",
		"details name":    "of those with the same name only one is open",
		"details title":   "the line, as Relearn has it; with `summary` what a pointer that rests on it reads",
		"expand title":    "the line that opens it",
		"expand expanded": "open at first",

		"figure src":      "the address of the picture",
		"figure caption":  "what stands below it; Markdown is read",
		"figure title":    "a heading above the caption",
		"figure link":     "where a click leads",
		"figure rel":      "the relation of that link, such as `nofollow`",
		"figure width":    "in pixels",
		"figure height":   "in pixels",
		"figure attr":     "who made it; Markdown is read",
		"figure attrlink": "where that leads",

		"gist id":   "the gist's id",
		"gist file": "the name of one of its files",

		"highlight type":               "the language",
		"highlight options":            "all other options in one text, with commas: `linenos=table,hl_lines=2-3`",
		"highlight title":              "a title above the code",
		"highlight linenos":            "numbers of lines: `true`, `false`, `table` or `inline`",
		"highlight linenostart":        "the number of the first line",
		"highlight hl_lines":           "the lines to set off: `3 5-7`",
		"highlight hl_inline":          "in a line of text",
		"highlight anchorlinenos":      "each number is a link to its line",
		"highlight lineanchors":        "what the ids of lines begin with",
		"highlight linenumbersintable": "numbers in a column of their own, so that copying leaves them out",
		"highlight tabwidth":           "how wide a tab is",
		"highlight style":              code,
		"highlight noclasses":          code,
		"highlight guesssyntax":        noEffect + "name the language",
		"highlight wrap":               "long lines fold instead of being scrolled",

		"include file":             "the path of the file: from the note, from the content folder or from the project's",
		"include hidefirstheading": "without the file's first heading",
		"include showfirstheading": "the former way to say the opposite",

		"instagram id":          "the post's id",
		"instagram hidecaption": noEffect + "it is a link",

		"mermaid zoom":   noEffect + "large diagrams have a button that opens them",
		"mermaid config": noEffect + "write it above the diagram, between `---` lines",
		"mermaid class":  theme,
		"mermaid show":   theme,

		"openapi src": "its address, or its path in the project",

		"pages axis":         "which pages: `descendants`, `siblings`, `ancestors`, `taxonomy` (all terms) or `term` (a term's pages)",
		"pages levels":       "how many levels down or up",
		"pages flatten":      "one list of all levels",
		"pages kind":         "`all`, `branch` (sections) or `leaf` (notes)",
		"pages hidden":       "hidden pages too",
		"pages where":        "a condition: `params.level = advanced`",
		"pages groupby":      "a field; a heading stands above the pages of each of its values",
		"pages grouplabel":   "an expression for the words of that heading",
		"pages grouporder":   "`asc` or `desc`",
		"pages orderby":      "fields, each with `desc` behind it if it is to go down: `date desc, title`",
		"pages limit":        "how many at most",
		"pages display":      "`tree`, `headings`, `sections`, `list` or `cards`",
		"pages headinglevel": "the level of headings, from 1 to 6",
		"pages columns":      "how many columns, from 1 to 5",

		"qr text":      "what it says",
		"qr level":     "how much may be damaged: `low`, `medium`, `quartile` or `high`",
		"qr scale":     "how many pixels each square has",
		"qr id":        "an id, for links to it",
		"qr title":     theme,
		"qr loading":   noEffect + "it is part of the page",
		"qr targetdir": noEffect + "it is part of the page",

		"ref path":         "the page's path or name, and a heading's id behind `#`",
		"ref lang":         "the key of a language, for its page in that language",
		"ref outputformat": noEffect + "it leads to the page",

		"tabs groupid": "tabs with the same value switch together, on all pages",
		"tabs title":   "words before the tabs",
		"tabs icon":    "an icon before the tabs",
		"tab title":    "what stands on the tab; Markdown is read",
		"tab icon":     "an icon on the tab",

		"vimeo dnt":         player,
		"youtube start":     "the second at which it begins",
		"youtube end":       player,
		"youtube autoplay":  player,
		"youtube autotitle": player,
		"youtube controls":  player,
		"youtube loop":      player,
		"youtube mute":      player,
		"youtube title":     "what stands on the plate",
		"vimeo title":       "what stands on the plate",
		"allowfullscreen":   player,
		"youtube loading":   noEffect + "nothing is loaded before a click",
		"vimeo loading":     noEffect + "nothing is loaded before a click",

		"x id": "the post's id",
	}
}
