package note

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"slices"
	"time"
)

// Options is everything beside a file's path and bytes that Parse depends on.
// The Markdown settings have the names and the meaning of Hugo's markup
// configuration; at their zero value they give plain CommonMark with HTML
// sanitised.
type Options struct {
	// UnsafeHTML keeps HTML in notes as written; false sanitises it and refuses
	// addresses such as javascript:.
	UnsafeHTML bool
	// Emoji turns :smile: into the character.
	Emoji bool

	DefinitionList, Footnote, Strikethrough, Table, TaskList bool
	// Linkify makes links of bare addresses; LinkifyProtocol is what www.… gets.
	Linkify         bool
	LinkifyProtocol string
	Typographer     bool
	// TypographerPunctuation maps Hugo's names (leftDoubleQuote, …) to what is
	// written instead, as HTML.
	TypographerPunctuation map[string]string
	HardWraps, XHTML       bool
	// AttributeTitle and AttributeBlock allow {#id .class} behind headings and
	// below blocks.
	AttributeTitle, AttributeBlock bool
	// AutoHeadingID gives headings ids; AutoIDType is github, github-ascii or
	// blackfriday.
	AutoHeadingID        bool
	AutoIDType           string
	AutoDefinitionTermID bool
	// WrapStandAloneImage keeps a lone picture inside its paragraph.
	WrapStandAloneImage bool

	Subscript, Superscript, Mark, Insert, Delete bool
	CJK, CJKEastAsianLineBreaks, CJKEscapedSpace bool

	HighlightLineNumbers, HighlightLineNumbersInTable bool
	// HighlightTabWidth is how many spaces stand for a tab in code; 0 keeps tabs.
	HighlightTabWidth int
	// TOCStart and TOCEnd are no matter of Parse; they are here so that the
	// fields are those of config.Markup.
	TOCStart, TOCEnd int

	// KeepSource keeps the text as written in Note.Source.
	KeepSource bool
	// Math says where formulas are found, unless a note's front matter has math:
	// true or false. MathInline and MathDisplay are the delimiters of Hugo's
	// passthrough extension; where there are none and Math is MathMarked, the
	// usual ones hold.
	Math                    MathMode
	MathInline, MathDisplay []Delimiters

	// Taxonomies are the ways to group notes; nil means tags and categories.
	Taxonomies []Taxonomy
	// Meanings are the names of headings that mean something; nil, and a nil list
	// in it, are the default ones.
	Meanings *Meanings
	// Language is the site's, for the words that shortcodes bring; English and
	// German are known.
	Language string
	// Params are the site's parameters, by lower-cased key.
	Params map[string]any
	// Own are the names, in lower case and sorted, of the project's own shortcodes,
	// which are templates and not run.
	Own []string
	// BoxStyles are the site's own styles for boxes, buttons and badges.
	BoxStyles []BoxStyle
	// Marks fills in Note.Marks.
	Marks bool
	// HideTodos leaves out lines that begin with TODO.
	HideTodos bool
	// Location is the zone of times in front matter that name none; nil is UTC.
	Location *time.Location
	// Hugo is true for a project of Hugo's shape, where README.md is a page like
	// any other; in a plain folder it stands for the folder, as index.md does.
	Hugo bool
	// Icon gives the stable id of an icon by any name people write for it; nil
	// knows none. It is not part of the Key: the set of icons belongs to the
	// program.
	Icon func(name string) (canonical string, ok bool)
	// IconNames gives the names that a hint may name where there is no such icon;
	// nil gives no such hints.
	IconNames func() []string
}

// Taxonomy is a way to group notes: Singular "tag", Plural "tags".
type Taxonomy struct{ Singular, Plural string }

// Key identifies the options: equal keys, equal Notes from equal files. It is
// the same in every process.
func (o *Options) Key() uint64 {
	h := fnv.New64a()
	str := func(s string) {
		var n [8]byte
		binary.LittleEndian.PutUint64(n[:], uint64(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	for _, b := range []bool{
		o.UnsafeHTML, o.Emoji, o.DefinitionList, o.Footnote, o.Strikethrough, o.Table, o.TaskList,
		o.Linkify, o.Typographer, o.HardWraps, o.XHTML, o.AttributeTitle, o.AttributeBlock,
		o.KeepSource, o.AutoHeadingID, o.AutoDefinitionTermID, o.WrapStandAloneImage, o.Subscript, o.Superscript,
		o.Mark, o.Insert, o.Delete, o.CJK, o.CJKEastAsianLineBreaks, o.CJKEscapedSpace,
		o.HighlightLineNumbers, o.HighlightLineNumbersInTable, o.Hugo, o.HideTodos, o.Marks, o.Taxonomies == nil,
	} {
		if b {
			h.Write([]byte{1})
		} else {
			h.Write([]byte{0})
		}
	}
	var n [8]byte
	binary.LittleEndian.PutUint64(n[:], uint64(o.HighlightTabWidth))
	h.Write(n[:])
	binary.LittleEndian.PutUint64(n[:], uint64(o.Math))
	h.Write(n[:])
	for _, list := range [][]Delimiters{o.MathInline, o.MathDisplay} {
		for _, d := range list {
			str(d.Open)
			str(d.Close)
		}
		str("")
	}
	str(o.LinkifyProtocol)
	str(o.AutoIDType)
	names := make([]string, 0, len(o.TypographerPunctuation))
	for name := range o.TypographerPunctuation {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		str(name)
		str(o.TypographerPunctuation[name])
	}
	for _, t := range o.Taxonomies {
		str(t.Singular)
		str(t.Plural)
	}
	if o.Location != nil {
		str(o.Location.String())
	}
	if m := o.Meanings; m != nil {
		for _, list := range [][]string{m.Recommendations, m.People, m.Questions} {
			str(fmt.Sprintf("%t%q", list == nil, list))
		}
	}
	str(o.Language)
	for _, name := range o.Own {
		str("own " + name)
	}
	if len(o.Params) > 0 {
		str(fmt.Sprintf("%#v", o.Params)) // in order of keys
	}
	for _, s := range o.BoxStyles {
		for _, v := range []string{s.Identifier, s.Style, s.Title, s.Icon, s.Color} {
			str(v)
		}
	}
	return h.Sum64()
}

// taxonomies returns the configured taxonomies or the default ones.
func (o *Options) taxonomies() []Taxonomy {
	if o.Taxonomies != nil {
		return o.Taxonomies
	}
	return []Taxonomy{{"category", "categories"}, {"tag", "tags"}}
}

func (o *Options) location() *time.Location {
	if o.Location != nil {
		return o.Location
	}
	return time.UTC
}
