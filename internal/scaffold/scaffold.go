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
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

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
	// Into is the folder below which new days go; "" is the project's own.
	Into string
	// Home is what Into is when nobody asks for another folder. A different one
	// is remembered for the next import.
	Home string
	// Files are all Markdown files with notes, those outside of Into too: a note
	// is found wherever it was moved.
	Files []File
	// Language is that of a file, for the few words that a new note begins with;
	// nil is English for all.
	Language func(file string) string
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
	// All says that all talks are chosen: nobody picked some.
	All bool
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
		project: project, p: p, opts: opts,
		plan:  &Plan{Noted: map[string][]string{}},
		tamer: tamer{note.NewParser(&note.Options{})},
	}
	im.index()
	im.pair()
	im.choose()
	im.days()
	im.weigh()
	for i := range im.chosen {
		if err := im.session(&im.chosen[i]); err != nil {
			return nil, err
		}
	}
	if err := im.fill(); err != nil {
		return nil, err
	}
	im.gone()
	if err := im.store(); err != nil {
		return nil, err
	}
	im.plan.Diags = diag.Sort(im.plan.Diags)
	return im.plan, nil
}

// choose fills chosen.
func (im *importer) choose() {
	last := im.project.Last
	all := im.opts.Chosen == nil && (last == nil || last.All)
	im.plan.All = all || last != nil && last.All
	for i, s := range im.p.Sessions {
		sel := selected{Session: s, explicit: im.opts.Chosen[s.ID], last: im.before[i]}
		sel.notes = im.of(&s, sel.last)
		switch {
		case sel.last != nil && sel.last.Chosen, sel.explicit, len(sel.notes) > 0:
		case !all:
			continue
		case s.Break || s.Cancelled:
			im.plan.Skipped++
			continue
		}
		im.chosen = append(im.chosen, sel)
		im.plan.Chosen = append(im.plan.Chosen, s)
	}
}

// gone tells, once, of sessions that were chosen and are no longer in the
// programme.
func (im *importer) gone() {
	var gone []*storedSession
	for _, s := range im.lost {
		if !s.Gone && len(im.of(&s.Session, nil)) > 0 {
			gone = append(gone, s)
		}
	}
	if len(gone) > 1 && !slices.ContainsFunc(im.before, func(s *storedSession) bool { return s != nil }) {
		im.report(StorePath, diag.Warning, ruleGone,
			fmt.Sprintf("none of the %d sessions with notes is in this programme: it is another one than the last", len(gone)),
			"their notes stay as they are; to undo this, take the files back from git")
		return
	}
	for _, s := range gone {
		for _, n := range im.of(&s.Session, nil) {
			im.report(n.Path, diag.Warning, ruleGone, fmt.Sprintf("%q is no longer in the programme", s.Title),
				"the note stays as it is; remove it if there was no such talk")
		}
	}
}

// session plans what becomes of one chosen session.
func (im *importer) session(s *selected) error {
	if len(s.notes) == 0 {
		if s.last != nil && s.last.Chosen && !s.explicit {
			im.report(StorePath, diag.Info, ruleDeleted, fmt.Sprintf("the note of %q was removed, and is not made again", s.Title),
				"to have it again, name the session with --only")
			return nil
		}
		return im.create(s)
	}
	for _, n := range s.notes {
		im.plan.Noted[s.ID] = append(im.plan.Noted[s.ID], n.Path)
		if n.err != nil {
			im.report(n.Path, diag.Warning, ruleFront, fmt.Sprintf("the note of %q cannot be brought up to date: %v", s.Title, n.err),
				"mend its front matter, and import once more")
			im.late[s.ID] = s.last
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
	p := im.free(folder, s.weight, Slug(s.Title))
	im.blank = append(im.blank, blank{s, len(im.plan.Changes)})
	im.plan.Changes = append(im.plan.Changes, edit.Change{Path: p, Made: true})
	im.plan.Noted[s.ID] = append(im.plan.Noted[s.ID], p)
	im.plan.Created++
	return nil
}

// blank is a note that is to be made: the change of its file has no words yet.
type blank struct {
	s      *selected
	change int
}

// fill writes the new notes, each by itself and so several at once.
func (im *importer) fill() error {
	workers := min(runtime.GOMAXPROCS(0), len(im.blank))
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			t := tamer{note.NewParser(&note.Options{})}
			for i := w; i < len(im.blank) && errs[w] == nil; i += workers {
				c := &im.plan.Changes[im.blank[i].change]
				c.New, errs[w] = newNote(im.blank[i].s, im.words(c.Path), &t)
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}
