// Package note turns one Markdown file into a [Note].
//
// Parse is a pure function of the file's path, its bytes and the [Options]:
// it reads no other file, knows no site and no clock. So a Note may be kept
// and used again for as long as those three stay the same, and notes may be
// parsed in parallel. Its diagnostics travel with it and are reported again
// whenever it is used again.
//
// What only the site can know (where a link leads, whether a picture exists)
// stays open: the HTML has holes, and [Fragment] says where they are.
package note

import (
	"time"

	"lectern/internal/diag"
)

// Note is what one file says. It is immutable once Parse has returned it.
type Note struct {
	// Path is the slash path of the file from the project's folder.
	Path string
	// Key identifies path, bytes, options and what was included: equal keys, equal
	// Notes. It is stable within a process only.
	Key uint64
	// FactsKey identifies all that other pages show of this note (front
	// matter, title, words in minutes, resources, summary): while it stays the
	// same, an edit changes no other page.
	FactsKey uint64

	// FrontKey identifies the front matter as written.
	FrontKey uint64

	// Readable is false where the front matter could not be read for sure. Such
	// a note might be private, so it is never published; the diagnostics say why.
	Readable bool
	// Mentions are the names of files (their last parts) that the note speaks of
	// anywhere, front matter and comments included, sorted, each once. Any note may
	// be withheld, by itself or with its folder: what nobody else uses must not be
	// published then.
	Mentions []string
	// Suspect is true where a note is not Readable and its front matter speaks of
	// visibility, as far as can be told: what a section's index says holds for
	// all that lies in it, so such a section is left out whole.
	Suspect bool
	Front   FrontMatter

	// Title is the front matter's title, else the first heading of level 1
	// that opens the text (which then is not part of Body), else the file's
	// name made readable. It is plain text, without markup or typographic quotes.
	Title string
	// TitleSource says which of the three it was.
	TitleSource TitleSource
	// TitleID is the id of the heading that became the title, for the page's own
	// heading to keep; empty where the title came from elsewhere.
	TitleID string

	Body     Fragment
	Headings []Heading
	Links    []Link
	// Includes are the files that the text was made of beside the note's own, in
	// order of first use, and places where one was looked for.
	Includes []Include
	// OwnShortcodes are the uses of the project's own shortcodes, in order.
	OwnShortcodes []Use
	// Calls are the lists of pages and files that the site makes, in order.
	Calls []Call
	// Text is what readers see of Body, headings included, without markup: blocks
	// end with a line's end, and blanks are one each. Nothing may write to it.
	Text []byte
	// Anchors are the ids in the text that are not headings' (raw HTML,
	// footnotes, block attributes, terms) and TitleID, sorted, each once: a link's
	// fragment may name them.
	Anchors []string
	// Icons are the names of the icons that Body shows, sorted, each once.
	Icons []string

	// Recommendations are the links below headings for them, in order.
	Recommendations []Recommendation
	// Hallway are the parts of the text about people met and things learned outside
	// the talks, in order; those with nothing to read are not among them.
	Hallway []Passage
	// Stub is true for a note without anything of its own to read yet: headings,
	// buttons, what is yet to be done, or the promise of more.
	Stub bool

	// Summary is the beginning of the text (or the front matter's
	// description), plain, at most some 200 runes, whole words.
	Summary string
	// Words counts the words of the text.
	Words     int
	Resources Resources

	// HasMermaid, HasCode and HasMath say what the page must load: the diagram
	// library, the style of highlighted code, that of formulas.
	HasMermaid, HasCode, HasMath bool
	// HasParts says that the text has tabs, cards or another of the rarer parts,
	// whose style is a file of its own.
	HasParts bool
	// HasTabGroups says that tabs switch together, which takes a script.
	HasTabGroups bool

	// Source is the text as its author wrote it, without front matter, where the
	// options ask for it and it has no remarks, which are not published.
	Source []byte

	// Ignores are the comments that silence findings about this file, in order.
	Ignores []Ignore
	// Marks are for checks; nil where the options do not ask for them, and for a
	// note that is not Readable.
	Marks *Marks

	// Diags are the findings in this file alone, in the order of the text.
	Diags []diag.Diagnostic
}

// Use is a place in a note, or in what it includes, where a shortcode is used.
type Use struct {
	Name, File string
	Line       int
}

// Minutes is the reading time, at least one for a note with any words and zero
// for one without.
func (n *Note) Minutes() int { return (n.Words + wordsPerMinute - 1) / wordsPerMinute }

// Eighths is the reading time in eighths of a minute, to the nearest: what sums are
// made of. Minutes of many short notes would sum to far too many; words would
// change the sum with every edit.
func (n *Note) Eighths() int { return (8*n.Words + wordsPerMinute/2) / wordsPerMinute }

// wordsPerMinute is how fast people read, as Hugo has it.
const wordsPerMinute = 213

// TitleSource says where a title came from.
type TitleSource uint8

// The sources of a title.
const (
	TitleFromFront TitleSource = iota
	TitleFromHeading
	TitleFromName
)

// FrontMatter is the typed front matter. Fields keep their zero value where
// the file says nothing.
type FrontMatter struct {
	Title, LinkTitle, Description string
	Weight                        int
	// Date falls back to PublishDate and then to Lastmod, as in Hugo.
	Date, Lastmod time.Time
	// DateFromLastmod is true where Date is Lastmod for want of any other: such
	// a date says nothing about when the note is published.
	DateFromLastmod         bool
	PublishDate, ExpiryDate time.Time
	Draft, Hidden           bool
	// Taxonomies holds, by the taxonomy's plural name ("tags"), the terms as
	// written, in order, without empty ones and repetitions.
	Taxonomies map[string][]string
	Aliases    []string
	Slug, URL  string
	// Type, Layout and Archetype are kept as written ("chapter", "home").
	Type, Layout, Archetype string
	MenuPre, MenuPost       string

	Event string
	// Speakers and Authors are names; People is what else is said of some of them.
	Speakers, Authors []string
	People            []Person
	Room, Track       string
	// Session names the session that several people's notes may be of.
	Session    string
	Start, End time.Time
	// Cancelled says that there was no such session after all.
	Cancelled  bool
	Language   string
	Visibility Visibility

	// Params holds every field of the front matter that is not one of the
	// above, as read: string, bool, int64, float64, time.Time, []any, map[string]any.
	Params map[string]any
}

// Visibility says who may see a note.
type Visibility uint8

// The visibilities.
const (
	// Public notes are listed everywhere.
	Public Visibility = iota
	// Unlisted notes have a page, but no list, menu, feed or sitemap names them.
	Unlisted
	// Private notes leave no trace in the output.
	Private
)

// Heading is one heading of the text, in order.
type Heading struct {
	Level int
	// ID is the fragment, unique in the note.
	ID string
	// Text is plain.
	Text string
	// Mark says what stands below it, as far as its words tell.
	Mark Mark
	// At and End are where its own words begin in Note.Text, and where the text
	// below it does.
	At, End int
}

// LinkKind says what wrote a link.
type LinkKind uint8

// The kinds of links.
const (
	// Anchor is a Markdown link, or a shortcode's that shows like one.
	Anchor LinkKind = iota
	// Image is a Markdown picture or a figure.
	Image
	// Ref is the target of a ref or relref shortcode: it must be a page.
	Ref
	// Attr is an href or src in raw HTML; AttrImage one of a picture.
	Attr
	AttrImage
	// Cover is the picture that the front matter names for the page as a whole. It
	// has no hole.
	Cover
)

// Link is one reference from the note to something else.
type Link struct {
	Kind LinkKind
	// Dest is the destination as the author meant it: Markdown's backslashes
	// resolved, percent-encoding as written.
	Dest string
	// External is true for destinations with a scheme or a host (https:,
	// mailto:, //host): they need no resolving and have no hole.
	External bool
	// Attrs are the further attributes of the tag, escaped, each with a leading
	// space (` title="…" class="btn"`). For an Image they include alt.
	Attrs string
	// Alt is the plain alternative text of an Image.
	Alt string
	// Lang is the key of the language that a Ref asks for, in lower case; empty
	// for the note's own.
	Lang string
	// Look says how an Image, or an AttrImage that has a hole for it, is to be
	// shown; nil for all other links.
	Look      *Look
	Line, Col int
}

// Fragment is HTML with holes for what the site knows.
type Fragment struct {
	HTML []byte
	// Holes are ordered by Pos.
	Holes []Hole
}

// Hole is a place in a Fragment's HTML where something has to be put in.
type Hole struct {
	// Pos is the offset in HTML before which it goes.
	Pos  int
	Kind HoleKind
	// Link is the index in Note.Links; for a [CallHole] that in Note.Calls.
	Link int
}

// HoleKind says what goes into a hole.
type HoleKind uint8

// The kinds of holes. For a link that leads nowhere that may be named (a
// private note), LinkOpen and LinkClose are left empty, which leaves the text.
const (
	// LinkOpen is a start tag: <a href="…"ATTRS>.
	LinkOpen HoleKind = iota
	// LinkClose is </a>.
	LinkClose
	// ImageTag is a whole tag: <img src="…"ATTRS>. Attrs do not have width and
	// height: Look has them.
	ImageTag
	// URLOnly is the escaped URL alone, inside an attribute or a text.
	URLOnly
	// CallHole is a list that the site makes.
	CallHole
	// ImageMore is the end of an img tag that the author wrote: the place for
	// attributes that it lacks.
	ImageMore
)

// Resources are what belongs to a session beside its notes, found by its
// buttons: the first of each kind.
type Resources struct {
	Video, Slides, Code string // addresses; empty where there is none
}
