package build

import (
	"slices"
	"time"

	"lectern/internal/config"
	"lectern/internal/icon"
	"lectern/internal/note"
)

// noteOptions translates the configuration for package note, which knows none.
func noteOptions(cfg *config.Config) *note.Options {
	m := cfg.Markup
	opts := &note.Options{
		UnsafeHTML: m.UnsafeHTML, Emoji: m.Emoji,
		DefinitionList: m.DefinitionList, Footnote: m.Footnote, Strikethrough: m.Strikethrough,
		Table: m.Table, TaskList: m.TaskList, Linkify: m.Linkify, LinkifyProtocol: m.LinkifyProtocol,
		Typographer: m.Typographer, TypographerPunctuation: m.TypographerPunctuation,
		HardWraps: m.HardWraps, XHTML: m.XHTML,
		AttributeTitle: m.AttributeTitle, AttributeBlock: m.AttributeBlock,
		AutoHeadingID: m.AutoHeadingID, AutoIDType: m.AutoIDType, AutoDefinitionTermID: m.AutoDefinitionTermID,
		WrapStandAloneImage: m.WrapStandAloneImage,
		Subscript:           m.Subscript, Superscript: m.Superscript, Mark: m.Mark, Insert: m.Insert, Delete: m.Delete,
		CJK: m.CJK, CJKEastAsianLineBreaks: m.CJKEastAsianLineBreaks, CJKEscapedSpace: m.CJKEscapedSpace,
		HighlightLineNumbers: m.HighlightLineNumbers, HighlightLineNumbersInTable: m.HighlightLineNumbersInTable,
		HighlightTabWidth: m.HighlightTabWidth,
		KeepSource:        keepsSource(cfg),
		Math:              mathMode(cfg), MathInline: delimiters(m.MathInline), MathDisplay: delimiters(m.MathDisplay),
		Hugo: cfg.Hugo,
		Meanings: &note.Meanings{
			Recommendations: cfg.Meanings.Recommendations, People: cfg.Meanings.People, Questions: cfg.Meanings.Questions,
		},
		HideTodos: cfg.HideTodos,
		Icon:      icon.Lookup,
		IconNames: icon.Names,
		BoxStyles: boxStyles(cfg.Params), Params: cfg.Params, Language: cfg.Language,
	}
	for _, t := range cfg.Taxonomies {
		opts.Taxonomies = append(opts.Taxonomies, note.Taxonomy{Singular: t.Singular, Plural: t.Plural})
	}
	if loc, err := time.LoadLocation(cfg.TimeZone); err == nil && cfg.TimeZone != "" {
		opts.Location = loc // config has checked the name
	}
	return opts
}

// keepsSource reports whether any kind of page is asked for as its author wrote it.
func keepsSource(cfg *config.Config) bool {
	for _, formats := range cfg.Outputs {
		if slices.Contains(formats, "source") {
			return true
		}
	}
	return false
}

// mathMode says where formulas are found. A project of Hugo's shape has them
// where it says so, for Hugo itself takes dollars for dollars.
func mathMode(cfg *config.Config) note.MathMode {
	switch {
	case cfg.Markup.Math == "true", cfg.Markup.Math == "auto" && len(cfg.Markup.MathInline)+len(cfg.Markup.MathDisplay) > 0:
		return note.MathMarked
	case cfg.Markup.Math == "auto" && !cfg.Hugo:
		return note.MathCareful
	}
	return note.MathCalled
}

func delimiters(pairs [][2]string) []note.Delimiters {
	var out []note.Delimiters
	for _, p := range pairs {
		out = append(out, note.Delimiters{Open: p[0], Close: p[1]})
	}
	return out
}
