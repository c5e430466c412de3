// Package site makes the model of the whole site from the notes: pages and
// their addresses, sections and their order, terms, the menu's tree, links
// resolved against all of it.
//
// Build is pure and single-threaded: sorted notes and files in, the same Site
// out, whatever order they were read in. It renders nothing and opens no file.
package site

import (
	"regexp"
	"time"

	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/history"
	"lectern/internal/note"
)

// Site is the model of a whole site. Renderers only read it.
type Site struct {
	Config *config.Config
	Home   *Page
	// Pages are all pages in order of their URLs: home, sections, notes,
	// taxonomies, terms. Private, draft and otherwise withheld notes are not among them.
	Pages []*Page
	// Taxonomies are the pages of kind Taxonomy, in the configuration's order.
	Taxonomies []*Page
	// Specials are the pages of special kinds, in the order in which they were
	// made. Those about the whole site have home as their parent.
	Specials []*Page
	// Files are the files that are published as they are, in order of OutPath.
	Files []*File
	// Changes are what readers may know of the project's history, the newest
	// first; Untold are the edits of notes that nothing was known of when they
	// were made: with facts about them there may be more (see [Site.Tell]).
	Changes []Change
	Untold  []history.Edit
	// Logo is the one of Files that stands beside the site's title; nil for none.
	Logo *File
	// Recommended are the notes that pages of the site recommend, in reading order
	// of these and in the order in which they are written there.
	Recommended []Recommendation
	// Redirects are the aliases, in order of OutPath.
	Redirects []Redirect
	// Sections counts the pages of kind Section.
	Sections int
	// Diags are the findings about the site as a whole (clashing addresses);
	// those about links are in each page, those of each note in the note.
	Diags []diag.Diagnostic
	// Next is when a note's publishDate or expiryDate changes the site; zero for never.
	Next time.Time

	// Unreadable are the notes that were left out because their front matter
	// could not be read for sure; their diagnostics say why.
	Unreadable []*note.Note

	// Unpublished are the notes that are left out for another reason than
	// privacy: drafts, those whose time has not come or is over, those whose
	// address another page has.
	Unpublished []*note.Note

	// Languages are the sites of all languages in order, this one included; nil
	// where there is one. They share Files, Next and the places of the output.
	Languages []*Site
	// Secondary is true for another language than the default one, whose site has
	// what stands once for all.
	Secondary bool

	index *index
	// byLength is true where a section is in order of its pages' lengths.
	byLength bool
	// patterns are the regular expressions that were asked for.
	patterns map[string]*regexp.Regexp
}

// Page returns the page made from the note at path (a path in the project), or nil.
func (s *Site) Page(path string) *Page { return s.owner(path).index.notes[path] }

// SourceOf returns the path of the note that the page at outPath was made from,
// or "". Unlike the rest of Site it may be called while notes are replaced. It
// looks at all notes, for it is asked rarely.
func (s *Site) SourceOf(outPath string) string {
	for _, l := range s.All() {
		for path, p := range l.index.notes {
			if p.OutPath == outPath {
				return path
			}
		}
	}
	return ""
}

// Sources returns, for the output path of each page that is made of a note, the
// note's path.
func (s *Site) Sources() map[string]string {
	out := map[string]string{}
	for _, l := range s.All() {
		for path, p := range l.index.notes {
			out[p.OutPath] = path
		}
	}
	return out
}

// Kind is a kind of page, with Hugo's names.
type Kind uint8

// The kinds of pages.
const (
	Home Kind = iota
	Section
	// Single is the page of one note.
	Single
	// Taxonomy lists the terms of one taxonomy (/tags/).
	Taxonomy
	// Term lists the notes of one term (/tags/go/).
	Term
	// Print has all notes of a section, or of the site, on one page (/day1/print/).
	Print
	// Timetable has the sessions of a section, or of the site, by time and room.
	Timetable
	// Sessions lists all notes of the site (/sessions/).
	Sessions
	// People lists everybody who spoke, or wrote (/speakers/, /authors/).
	People
	// Person has the sessions of one of them (/speakers/ada-lovelace/).
	Person
	// Changes tells what was changed last (/changes/).
	Changes
	// Hallway has what was learned outside the talks (/hallway/).
	Hallway
	// Search is the page that readers search on, with or without script (/search/).
	Search
	// Kinds is how many there are.
	Kinds
)

// String returns Hugo's name of the kind (home, section, page, taxonomy,
// term); those that Hugo does not have are named as their address.
func (k Kind) String() string {
	return [...]string{
		"home", "section", "page", "taxonomy", "term", "print",
		"timetable",
		"sessions",
		"people",
		"person",
		"changes",
		"hallway",
		"search",
	}[k]
}

// Special reports whether pages of the kind stand beside the tree of sections.
func (k Kind) Special() bool { return k > Term }

// Page is one page of the site.
type Page struct {
	Kind Kind
	// URL is the address from the site's root, percent-encoded, with a leading
	// slash and (but for ugly ones) a trailing one: "/day0/10_abstractions/".
	URL string
	// OutPath is the file it is written to: "day0/10_abstractions/index.html".
	OutPath string
	// Title and LinkTitle (never empty) are plain text.
	Title, LinkTitle string
	// Note is the note with the page's text; nil for a generated page (a
	// section without a file, taxonomies, terms).
	Note *note.Note

	// Parent is the section that holds the page; nil for home. A taxonomy's is
	// home, a term's its taxonomy.
	Parent *Page
	// Sections and Notes are the children in reading order, Children both
	// together. Hidden and unlisted pages are not among them.
	Sections, Notes, Children []*Page
	// Concealed are the hidden pages below this one that a list may ask for;
	// unlisted ones are not among them.
	Concealed []*Page
	// Prev and Next are the neighbours in the site's reading order.
	Prev, Next *Page

	// Terms are the terms that this page's note carries.
	Terms []*Page
	// Members are a term's pages, a taxonomy's terms, or the pages that a special
	// page shows, in order; a person's sessions, also where the author wrote the
	// person's page.
	Members []*Page

	// Translations are the same page in the other languages, in their order.
	Translations []Translation

	// Speakers and Authors are the pages about those whom the note's front matter
	// names; same indexes, nil where somebody has none.
	Speakers, Authors []*Page
	// Person is what the notes say of the person whom a page of kind Person is about.
	Person note.Person

	// Parts are the further notes of the session whose first note the page was made
	// from: Note has the texts of all. Each has a page of its own, too, so that no
	// address is lost; its Lead is this page, and no list names it.
	Parts []*Page
	Lead  *Page
	// own is how many of Note.Links are the page's own note's; where there are
	// Parts, idPrefix is what stands before a part's ids on its lead's page.
	own      int
	ownCalls int
	idPrefix string

	// Recommended says who recommends the note, and why; nil where nobody does.
	Recommended *Recommendation
	// Backlinks are the listed pages whose text mentions the note, in reading
	// order, without the sections that it lies in.
	Backlinks []*Page

	// Links says where each of Note.Links leads; same indexes.
	Links []Target
	// Lists says what each of Note.Calls is about; same indexes.
	Lists []List

	// Diags are the findings about this page's links; same order as Note.Links.
	Diags []diag.Diagnostic

	// Changed is when the note was last changed, as the project's history says;
	// zero where it says nothing.
	Changed time.Time

	sorting sorting // of a section's children

	// Hidden pages are in no menu and no list, but may be found by feeds and
	// search; unlisted ones by their address alone.
	Hidden, Unlisted bool

	// order is the page's place in the reading order of all listed ones, from 1.
	order int
	// linked are the pages that the note's links lead to, in order of the links.
	linked []linked
}

// Translation is a page in another language.
type Translation struct {
	Site *Site
	Page *Page
}

// Depth returns how many folders deep the page lies below the site's root: 0
// for "/", 2 for "/day0/10_abstractions/".
func (p *Page) Depth() int {
	n := 0
	for i := range len(p.OutPath) {
		if p.OutPath[i] == '/' {
			n++
		}
	}
	return n
}

// Target is where a link leads.
type Target struct {
	Kind TargetKind
	// URL is from the site's root, percent-encoded, with query and fragment:
	// "/day1/03_x/#demo". A mere fragment stays "#demo". For TargetBroken and
	// TargetExternal it is the destination as written.
	URL string
	// File is the author's file that a TargetFile leads to; nil for a generated one.
	File *File
}

// TargetKind says what a link was found to lead to.
type TargetKind uint8

// The kinds of targets.
const (
	// TargetBroken leads nowhere; the link is written as it stands.
	TargetBroken TargetKind = iota
	TargetPage
	TargetFile
	TargetExternal
	// TargetSelf is a fragment of the same page.
	TargetSelf
	// TargetWithheld is a note or picture that must leave no trace: the link's
	// text stays, its address does not.
	TargetWithheld
)

// File is a file that is published as it is.
type File struct {
	// Path is where it lies in the project, OutPath where it is published.
	Path, OutPath string
	// Size is its length in bytes, where [Input.Size] tells.
	Size int64
	// Picture is what is known of the file where it is one that can be shown. Build
	// leaves it empty; who looks into files fills it in before pages are rendered.
	Picture *Picture
}

// URL returns the file's address from the site's root, percent-encoded.
func (f *File) URL() string { return escape("/" + f.OutPath) }

// Redirect is an alias of a page.
type Redirect struct {
	// OutPath is the file of the redirect page.
	OutPath string
	// To is the page it leads to.
	To *Page
}

// Input is everything that Build reads.
type Input struct {
	Config *config.Config
	// Notes are the parsed notes, in order of Path.
	Notes []*note.Note
	// Files are the slash paths of all other files in the content and static
	// folders, sorted.
	Files []string
	// Size returns the length of one of Files; nil where nobody knows.
	Size func(path string) int64
	// Now decides about publishDate and expiryDate.
	Now time.Time
	// History is the project's, as far as it is known; nil for none.
	History *history.Log
	// Drafts and Private show such notes too (serve --private, --drafts).
	Drafts, Private bool
}
