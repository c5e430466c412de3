// Package check looks at notes for what their author wants to know and no
// build has to: what is left to be done, what was forgotten, what will look
// odd, what a reader finds by hand. It also knows all that a build reports, so
// that every finding has one name, one explanation and one place to be
// configured.
//
// [Run] is pure: it reads the site's model, the notes and what the parser
// marked in them ([note.Marks]), and no file but those whose findings it can
// mend, through a function that it is handed. It says nothing of notes that are
// withheld for privacy, and nothing of what they alone use.
//
// A rule is an entry of the catalogue (its name, how bad it is, what it is for,
// and whether it can be mended) and a function that reports:
//
//   - Write the entry into the file of the catalogue that it belongs to. The
//     reference and `lectern check --explain` are made from it, and a test
//     demands that nothing is reported that is not in it.
//   - Where it looks at one note, add a func(*checker, *subject) to perNote;
//     where it compares notes, a func(*checker) to perSite. Report with
//     [checker.report], which fills in how bad it is.
//   - What it needs of the text that a Note does not say yet becomes a mark in
//     package note, made by the walk that renders it: then it is right about
//     code, comments and shortcodes by construction.
//   - A fix is made with [checker.replace], which gives none where the file's
//     bytes are not what was expected. It is sure only if it has the one right
//     answer.
package check

import (
	"path"
	"strings"
	"time"

	"lectern/internal/diag"
	"lectern/internal/note"
	"lectern/internal/site"
)

// Input is what a check looks at.
type Input struct {
	// Site is the model; of several languages, any of them.
	Site *site.Site
	// Notes are all notes as they were parsed, in order of path, with marks.
	Notes []*note.Note
	// Files are the paths of all other files of the project's content, sorted.
	Files []string
	// Found are the findings of the build.
	Found []diag.Diagnostic
	// Now is what dates are compared with; zero where no note has any.
	Now time.Time
	// Read returns the bytes of a file that can be mended, as they were parsed;
	// nil where no fixes are wanted.
	Read func(path string) ([]byte, error)
	// External are the answers about the [Addresses] on other sites; nil where
	// nobody was asked.
	External map[string]Answer
}

// Run returns all findings, those of the build among them, sorted: what the
// build found and a rule here says better is said once.
func Run(in Input) []diag.Diagnostic {
	all := in.Site.All()
	byPath := make(map[string]*note.Note, len(in.Notes))
	for _, n := range in.Notes {
		byPath[n.Path] = n
	}
	var out []diag.Diagnostic
	found := newFindings(in.Found)
	for _, s := range all {
		c := checker{in: &in, s: s, found: found}
		c.collect(byPath)
		for i := range c.subjects {
			for _, rule := range perNote() {
				rule(&c, &c.subjects[i])
			}
		}
		for _, rule := range perSite() {
			rule(&c)
		}
		out = append(out, c.diags...)
	}
	return diag.Sort(append(out, found.left()...))
}

// perNote are the rules that look at one note.
func perNote() []func(*checker, *subject) {
	return []func(*checker, *subject){
		(*checker).links,
		(*checker).pictures,
		(*checker).unnamedPictures,
		(*checker).headings,
		(*checker).todos,
		(*checker).stub,
		(*checker).comments,
		(*checker).datedShortcodes,
		(*checker).unknownShortcodes,
		(*checker).title,
		(*checker).spelling,
	}
}

// perSite are the rules that compare notes, or look at other files.
func perSite() []func(*checker) {
	return []func(*checker){
		(*checker).weights,
		(*checker).titles,
		(*checker).paths,
		(*checker).terms,
		(*checker).recordings,
		(*checker).buttons,
		(*checker).futureDates,
		(*checker).pictureFiles,
		(*checker).externalLinks,
	}
}

// checker checks the site of one language.
type checker struct {
	in       *Input
	s        *site.Site
	subjects []subject
	found    *findings
	diags    []diag.Diagnostic
	// ordered are the subjects in order of path, once somebody asked.
	ordered []*subject
	// spell is what the rule about spelling knows of the site.
	spell *speller
	// file is the one that was read last, for its fixes.
	file *file
}

// subject is a published note with its page. Where several notes share a page,
// each is a subject of its own.
type subject struct {
	page *site.Page
	note *note.Note
	// links are the note's own, and where they lead.
	links   []note.Link
	targets []site.Target
}

// collect lists the published notes.
func (c *checker) collect(byPath map[string]*note.Note) {
	c.subjects = make([]subject, 0, len(c.s.Pages))
	for _, p := range c.s.Pages {
		if p.Note == nil {
			continue
		}
		n := byPath[p.Note.Path]
		if n == nil || n.Marks == nil {
			continue
		}
		k := min(len(n.Links), len(p.Links))
		c.subjects = append(c.subjects, subject{p, n, n.Links[:k], p.Links[:k]})
	}
}

// report adds a finding of a rule at a place of the note.
func (c *checker) report(s *subject, rule string, at note.Place, msg, hint string) *diag.Diagnostic {
	return c.reportFile(s.note.Path, rule, at, msg, hint)
}

// reportFile adds a finding about a file.
func (c *checker) reportFile(name, rule string, at note.Place, msg, hint string) *diag.Diagnostic {
	r, _ := Lookup(rule) // a test holds that it is there
	c.diags = append(c.diags, diag.Diagnostic{
		Position: diag.Position{File: name, Line: at.Line, Col: at.Col},
		Severity: r.Severity, Rule: rule, Message: msg, Hint: hint,
	})
	return &c.diags[len(c.diags)-1]
}

// isTalk reports whether the page is that of a single note that lists name:
// sections, people and terms are none.
func (s *subject) isTalk() bool {
	return s.page.Kind == site.Single && !s.page.Hidden && (!s.page.Unlisted || s.page.Lead != nil)
}

// start is where a finding about a note as a whole stands.
func start() note.Place { return note.Place{Line: 1, Col: 1} }

func placeOf(k *note.Link) note.Place { return note.Place{Line: k.Line, Col: k.Col} }

// isPicture reports whether a file's name says that it is a picture.
func isPicture(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".jfif", ".png", ".apng", ".gif", ".webp", ".avif", ".heic", ".heif", ".svg", ".bmp", ".tif", ".tiff":
		return true
	}
	return false
}
