// Package scaffold makes notes of a conference's programme, and brings them up
// to date when the programme changes.
//
// What came from the programme and what a person wrote live in one file, so
// the programme is kept as it was at the last import ([Stored]). A part of a
// note that still is what that programme made of it follows the new one; a part
// that a person changed stays as it is, and is told of. All other bytes of a
// note are never touched, no file is renamed or removed, and importing the same
// programme twice changes nothing.
//
// The package only plans: what it returns are changes for package edit.
package scaffold

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"lectern/internal/diag"
	"lectern/internal/edit"
	"lectern/internal/note"
	"lectern/internal/schedule"
)

// File is a Markdown file of the project.
type File struct {
	// Path is the slash path from the project's folder.
	Path string
	Data []byte
}

// Project is what is there already.
type Project struct {
	// Into is the folder below which the days lie; "" is the project's own.
	Into string
	// Files are all Markdown files below Into.
	Files []File
	// Language is the site's, for the few words that a new note begins with.
	Language string
	// Last is the programme of the last import, nil before the first one.
	Last *Stored
	// LastData is what [StorePath] holds, nil if it is not there.
	LastData []byte
}

// Options says what to import.
type Options struct {
	// Chosen are the ids of the sessions that are to have notes, beside those that
	// were chosen before; nil is all that are talks, unless some were chosen before.
	Chosen map[string]bool
	// Source is where the programme came from, to be remembered; "" for nothing.
	Source string
}

// Plan is what an import would do.
type Plan struct {
	// Changes are the files to write, the notes first.
	Changes []edit.Change
	// Created, Updated and Same count the notes of chosen sessions.
	Created, Updated, Same int
	// Skipped is how many entries of the programme are no talks, and were left
	// out for that.
	Skipped int
	// Diags tell what a person should know: what could not be brought up to date
	// and why, sessions that are cancelled or gone.
	Diags []diag.Diagnostic
	// Chosen are the sessions that are chosen now, in the programme's order.
	Chosen []schedule.Session
	// Noted are the notes of each session, by its id; new ones are among them.
	Noted map[string][]string
}

// The rules of the findings.
const (
	ruleGone      = "programme-gone"
	ruleCancelled = "programme-cancelled"
	ruleKept      = "programme-kept"
	ruleMoved     = "programme-moved"
	ruleDeleted   = "programme-deleted"
	ruleFront     = "front-matter"
)

// Import plans how the project's notes follow from p.
func Import(project Project, p *schedule.Programme, opts Options) (*Plan, error) {
	im := &importer{
		project: project, p: p, opts: opts, words: wordsOf(project.Language),
		plan:  &Plan{Noted: map[string][]string{}},
		tamer: tamer{note.NewParser(&note.Options{})},
	}
	im.index()
	im.choose()
	im.days()
	for i := range im.chosen {
		if err := im.session(&im.chosen[i]); err != nil {
			return nil, err
		}
	}
	im.gone()
	if err := im.store(); err != nil {
		return nil, err
	}
	im.plan.Diags = diag.Sort(im.plan.Diags)
	return im.plan, nil
}

// importer is one [Import].
type importer struct {
	project Project
	p       *schedule.Programme
	opts    Options
	words   words
	plan    *Plan
	tamer   tamer

	notes []existing
	// bySession are the notes of a session by all names it goes by.
	bySession map[string][]*existing
	// byTitle are the notes of no session, by their folded title: a person may
	// have written before the programme came. titles counts those of sessions.
	byTitle map[string][]*existing
	titles  map[string]int
	taken   map[string]bool            // paths, in lower case
	numbers map[string]map[string]bool // that the names of a folder's files begin with
	own     map[string]bool            // the sessions' own ids
	chosen  []selected
	folders map[string]string // of a conference day
}

// existing is a note that is there.
type existing struct {
	File
	layout  note.FrontLayout
	session string
	err     error
}

// selected is a session that is to have a note.
type selected struct {
	schedule.Session
	weight   int
	explicit bool // asked for by name this time
	last     *storedSession
}

// index reads the front matter of all notes.
func (im *importer) index() {
	im.bySession, im.taken, im.numbers = map[string][]*existing{}, map[string]bool{}, map[string]map[string]bool{}
	im.byTitle, im.titles, im.own = map[string][]*existing{}, map[string]int{}, map[string]bool{}
	im.notes = make([]existing, len(im.project.Files))
	for i, f := range im.project.Files {
		n := &im.notes[i]
		n.File = f
		im.take(f.Path)
		if n.layout, n.err = note.ReadFrontLayout(f.Data); n.err != nil {
			continue
		}
		if field := n.layout.Field("session"); field != nil {
			n.session = fmt.Sprint(field.Value)
			im.bySession[n.session] = append(im.bySession[n.session], n)
			continue
		}
		if field := n.layout.Field("title"); field != nil && !isIndex(n.Path) {
			if title, ok := field.Value.(string); ok && foldTitle(title) != "" {
				im.byTitle[foldTitle(title)] = append(im.byTitle[foldTitle(title)], n)
			}
		}
	}
	for i := range im.p.Sessions {
		im.titles[foldTitle(titleOf(&im.p.Sessions[i]))]++
		im.own[im.p.Sessions[i].ID] = true
	}
}

// foldTitle leaves a title's letters and digits, in lower case.
func foldTitle(title string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, title)
}

// dayOf reads the day of a date or a time in front matter.
func dayOf(v any) string {
	switch v := v.(type) {
	case time.Time:
		return v.Format(time.DateOnly)
	case string:
		if t, err := time.Parse(time.DateOnly, v[:min(len(v), len(time.DateOnly))]); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	return ""
}

// of returns the notes of a session.
func (im *importer) of(s *schedule.Session) []*existing {
	out := slices.Clone(im.bySession[s.ID])
	for _, id := range s.OtherIDs {
		if id != s.ID && !im.own[id] { // else it is another session's
			out = append(out, im.bySession[id]...)
		}
	}
	// Its only note by its title, where no other session has the same.
	if title := foldTitle(titleOf(s)); len(out) == 0 && im.titles[title] == 1 && len(im.byTitle[title]) == 1 {
		out = im.byTitle[title]
	}
	return out
}

// take remembers that there is a file.
func (im *importer) take(p string) {
	p = strings.ToLower(p)
	im.taken[p] = true
	dir, base := path.Dir(p), path.Base(p)
	if im.numbers[dir] == nil {
		im.numbers[dir] = map[string]bool{}
	}
	number, _, _ := strings.Cut(base, "_")
	im.numbers[dir][number] = true
}

// choose fills chosen, with the weights that the sessions have on their days.
func (im *importer) choose() {
	last := im.project.Last
	all := im.opts.Chosen == nil && (last == nil || last.All)
	before := map[string]*storedSession{}
	if last != nil {
		for i := range last.Sessions {
			before[last.Sessions[i].ID] = &last.Sessions[i]
		}
	}
	weights := map[string]int{}
	for _, s := range im.p.Sessions {
		sel := selected{Session: s, explicit: im.opts.Chosen[s.ID], last: before[s.ID]}
		switch {
		case sel.last != nil && sel.last.Chosen, sel.explicit, len(im.of(&s)) > 0:
		case !all:
			continue
		case s.Break || s.Cancelled:
			im.plan.Skipped++
			continue
		}
		weights[s.Day]++
		sel.weight = weights[s.Day]
		im.chosen = append(im.chosen, sel)
		im.plan.Chosen = append(im.plan.Chosen, s)
	}
}

// days finds the folder of each conference day: the one in which notes of that
// day lie, the one whose index names the day, or a new one.
func (im *importer) days() {
	im.folders = map[string]string{}
	votes := map[string]map[string]int{}
	for _, s := range im.chosen {
		for _, n := range im.of(&s.Session) {
			day := s.Day
			if s.last != nil {
				day = s.last.Day // where it lay when the note was made
			}
			if votes[day] == nil {
				votes[day] = map[string]int{}
			}
			votes[day][path.Dir(n.Path)]++
		}
	}
	for day, folders := range votes {
		best := ""
		for folder, n := range folders {
			if best == "" || n > folders[best] || n == folders[best] && folder < best {
				best = folder
			}
		}
		im.folders[day] = best
	}
	for _, n := range im.notes {
		if field := n.layout.Field("day"); field != nil && isIndex(n.Path) {
			if day := dayOf(field.Value); day != "" && im.folders[day] == "" {
				im.folders[day] = path.Dir(n.Path)
			}
		}
	}
}

func isIndex(p string) bool { return strings.HasPrefix(path.Base(p), "_index.") }

// gone tells of sessions that were chosen and are no longer in the programme.
func (im *importer) gone() {
	if im.project.Last == nil {
		return
	}
	for _, s := range im.project.Last.Sessions {
		if !s.Chosen || im.own[s.ID] {
			continue
		}
		for _, n := range im.bySession[s.ID] {
			im.report(n.Path, diag.Warning, ruleGone, fmt.Sprintf("%q is no longer in the programme", s.Title),
				"the note stays as it is; remove it if there was no such talk")
		}
	}
}

func (im *importer) report(file string, sev diag.Severity, rule, msg, hint string) {
	im.plan.Diags = append(im.plan.Diags, diag.Diagnostic{
		Position: diag.Position{File: file}, Severity: sev, Rule: rule, Message: msg, Hint: hint,
	})
}

// session plans what becomes of one chosen session.
func (im *importer) session(s *selected) error {
	notes := im.of(&s.Session)
	if len(notes) == 0 {
		if s.last != nil && s.last.Chosen && !s.explicit {
			im.report(StorePath, diag.Info, ruleDeleted, fmt.Sprintf("the note of %q was removed, and is not made again", s.Title),
				"to have it again, name the session with --only")
			return nil
		}
		return im.create(s)
	}
	for _, n := range notes {
		im.plan.Noted[s.ID] = append(im.plan.Noted[s.ID], n.Path)
		if n.err != nil {
			continue
		}
		if err := im.update(s, n); err != nil {
			return err
		}
	}
	return nil
}

// create plans a new note, and its day's index if that is not there.
func (im *importer) create(s *selected) error {
	folder, err := im.folder(s.Day)
	if err != nil {
		return err
	}
	data, err := im.newNote(s)
	if err != nil {
		return err
	}
	p := im.free(folder, s.weight, Slug(s.Title))
	im.plan.Changes = append(im.plan.Changes, edit.Change{Path: p, New: data, Made: true})
	im.plan.Noted[s.ID] = append(im.plan.Noted[s.ID], p)
	im.plan.Created++
	return nil
}

// folder is where notes of a day go. A new one gets an index with its title.
func (im *importer) folder(day string) (string, error) {
	if f := im.folders[day]; f != "" {
		return f, nil
	}
	number := slices.Index(im.p.Days, day) + 1
	name, title := "unscheduled", im.words.unscheduled
	if number > 0 {
		name, title = fmt.Sprintf("day%d", number), fmt.Sprintf("%s %d", im.words.day, number)
	} else {
		number = len(im.p.Days) + 1
	}
	folder := path.Join(im.project.Into, name)
	im.folders[day] = folder
	index := path.Join(folder, "_index.md")
	if im.taken[strings.ToLower(index)] {
		return folder, nil // a person's own, which stays as it is
	}
	fields := []edit.Field{{Name: "title", Value: title}, {Name: "weight", Value: number}}
	if day != "" {
		fields = append(fields, edit.Field{Name: "day", Value: day})
	}
	edits, err := edit.SetFields(nil, fields...)
	if err != nil {
		return "", fmt.Errorf("make %s: %w", index, err)
	}
	data, err := edit.Apply(nil, edits)
	if err != nil {
		return "", fmt.Errorf("make %s: %w", index, err)
	}
	im.take(index)
	im.plan.Changes = append(im.plan.Changes, edit.Change{Path: index, New: data, Made: true})
	return folder, nil
}

// free is a path that no file has: the number is the session's place on its day
// where that is free, else the next.
func (im *importer) free(folder string, number int, slug string) string {
	used := im.numbers[strings.ToLower(path.Clean(folder))]
	for used[fmt.Sprintf("%02d", number)] {
		number++
	}
	p := path.Join(folder, fmt.Sprintf("%02d_%s.md", number, cmp.Or(slug, "session")))
	im.take(p)
	return p
}
