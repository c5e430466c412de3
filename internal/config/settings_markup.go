package config

import "strings"

// markupSettings are the keys about how Markdown is read: the ones of Hugo's
// `markup` table that change what a note looks like.
func markupSettings() []setting {
	const ext, extras = "markup.goldmark.extensions.", "markup.goldmark.extensions.extras."
	const parser, render = "markup.goldmark.parser.", "markup.goldmark.renderer."
	const light = "markup.highlight."
	m := func(field func(*Markup) *bool) func(*Config) *bool {
		return func(c *Config) *bool { return field(&c.Markup) }
	}
	return []setting{
		boolSetting("enableEmoji", "Show `:smile:` as an emoji. On by default in a plain folder of notes.", m(func(m *Markup) *bool { return &m.Emoji })),
		boolSetting(render+"unsafe", "Keep HTML in notes as it is written; `false` cleans it of all that could harm a reader. (Hugo's default is false.)", m(func(m *Markup) *bool { return &m.UnsafeHTML })),
		boolSetting(render+"hardWraps", "Make a line break of each end of line.", m(func(m *Markup) *bool { return &m.HardWraps })),
		boolSetting(render+"xhtml", "Write empty elements as `<br />`.", m(func(m *Markup) *bool { return &m.XHTML })),
		boolSetting(ext+"definitionList", "Lists of terms and definitions.", m(func(m *Markup) *bool { return &m.DefinitionList })),
		boolSetting(ext+"footnote", "Footnotes.", m(func(m *Markup) *bool { return &m.Footnote })),
		boolSetting(ext+"strikethrough", "`~~text~~` is struck through.", m(func(m *Markup) *bool { return &m.Strikethrough })),
		boolSetting(ext+"table", "Tables.", m(func(m *Markup) *bool { return &m.Table })),
		boolSetting(ext+"taskList", "`- [x]` is a box with a tick.", m(func(m *Markup) *bool { return &m.TaskList })),
		boolSetting(ext+"linkify", "Make links of bare addresses.", m(func(m *Markup) *bool { return &m.Linkify })),
		textSetting(ext+"linkifyProtocol", "The scheme of bare addresses that begin with `www.`.", func(c *Config) *string { return &c.Markup.LinkifyProtocol }),
		{
			path: ext + "typographer", form: "table, or true or false", def: "true",
			doc:  "Typographic quotes, dashes and dots. `disable: true` turns them off; `leftDoubleQuote`, `rightDoubleQuote`, `leftSingleQuote`, `rightSingleQuote`, `apostrophe`, `leftAngleQuote`, `rightAngleQuote`, `enDash`, `emDash` and `ellipsis` say what is written.",
			read: readTypographer,
		},
		boolSetting(extras+"subscript.enable", "`~text~` is set below the line.", m(func(m *Markup) *bool { return &m.Subscript })),
		boolSetting(extras+"superscript.enable", "`^text^` is set above the line.", m(func(m *Markup) *bool { return &m.Superscript })),
		boolSetting(extras+"mark.enable", "`==text==` is marked.", m(func(m *Markup) *bool { return &m.Mark })),
		boolSetting(extras+"insert.enable", "`++text++` is an insertion.", m(func(m *Markup) *bool { return &m.Insert })),
		boolSetting(extras+"delete.enable", "`~~text~~` is a deletion, in place of `strikethrough`.", m(func(m *Markup) *bool { return &m.Delete })),
		boolSetting(ext+"cjk.enable", "Hugo's support for Chinese, Japanese and Korean text.", m(func(m *Markup) *bool { return &m.CJK })),
		boolSetting(ext+"cjk.eastAsianLineBreaks", "Ignore ends of lines between wide characters.", m(func(m *Markup) *bool { return &m.CJKEastAsianLineBreaks })),
		boolSetting(ext+"cjk.escapedSpace", "Leave out a space that a backslash escapes.", m(func(m *Markup) *bool { return &m.CJKEscapedSpace })),
		{
			path: ext + "passthrough", form: "table", def: "enable: false",
			doc:  "Where formulas are found: `delimiters.inline` and `delimiters.block` are lists of pairs. (Hugo leaves what stands between them to a script; Lectern makes MathML of it.)",
			read: readPassthrough,
		},
		boolSetting(parser+"autoHeadingID", "Give headings ids.", m(func(m *Markup) *bool { return &m.AutoHeadingID })),
		boolSetting(parser+"autoDefinitionTermID", "Give terms of definition lists ids.", m(func(m *Markup) *bool { return &m.AutoDefinitionTermID })),
		choiceSetting(parser+"autoIDType", "How ids are made of text.", func(c *Config) *string { return &c.Markup.AutoIDType }, "github", "github-ascii", "blackfriday"),
		choiceSetting(parser+"autoHeadingIDType", "The same, by its name before Hugo 0.144.", func(c *Config) *string { return &c.Markup.AutoIDType }, "github", "github-ascii", "blackfriday"),
		{
			path: parser + "attribute", form: "table, or true or false", def: "title: true, block: false",
			doc:  "Whether `{#id .class}` gives attributes to headings (`title`) and to blocks (`block`, on by default in a plain folder of notes).",
			read: readAttribute,
		},
		boolSetting(parser+"wrapStandAloneImageWithinParagraph", "Keep a picture that stands alone inside its paragraph.", m(func(m *Markup) *bool { return &m.WrapStandAloneImage })),
		boolSetting(light+"lineNos", "Number the lines of code.", m(func(m *Markup) *bool { return &m.HighlightLineNumbers })),
		boolSetting(light+"lineNumbersInTable", "Put the numbers in a column of their own, so that copying leaves them out.", m(func(m *Markup) *bool { return &m.HighlightLineNumbersInTable })),
		intSetting(light+"tabWidth", "How wide a tab in code is.", func(c *Config) *int { return &c.Markup.HighlightTabWidth }),
		intSetting("markup.tableOfContents.startLevel", "The first level of headings in a table of contents.", func(c *Config) *int { return &c.Markup.TOCStart }),
		intSetting("markup.tableOfContents.endLevel", "The last one; -1 for all.", func(c *Config) *int { return &c.Markup.TOCEnd }),
	}
}

func readTypographer(d *decoder, c *Config, v *value) {
	const key = "markup.goldmark.extensions.typographer"
	if v.table == nil {
		d.boolean(v, key, &c.Markup.Typographer)
		return
	}
	names := []string{
		"leftSingleQuote", "rightSingleQuote", "leftDoubleQuote", "rightDoubleQuote", "enDash",
		"emDash", "ellipsis", "leftAngleQuote", "rightAngleQuote", "apostrophe",
	}
	c.Markup.TypographerPunctuation = map[string]string{}
	for _, name := range names {
		if e := v.table.byKey[strings.ToLower(name)]; e != nil {
			var s string
			d.text(e.val, key+"."+name, &s)
			c.Markup.TypographerPunctuation[name] = s
		}
	}
	if e := v.table.byKey["disable"]; e != nil {
		var off bool
		d.boolean(e.val, key+".disable", &off)
		c.Markup.Typographer = !off
	}
}

func readAttribute(d *decoder, c *Config, v *value) {
	const key = "markup.goldmark.parser.attribute"
	if v.table == nil { // a bool until Hugo 0.81, about headings alone
		d.boolean(v, key, &c.Markup.AttributeTitle)
		return
	}
	if e := v.table.byKey["title"]; e != nil {
		d.boolean(e.val, key+".title", &c.Markup.AttributeTitle)
	}
	if e := v.table.byKey["block"]; e != nil {
		d.boolean(e.val, key+".block", &c.Markup.AttributeBlock)
	}
}
