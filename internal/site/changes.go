package site

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"

	"lectern/internal/history"
)

// What bounds the page of changes.
const (
	// maxChangeEntries is how many commits it shows.
	maxChangeEntries = 100
	// maxCommitNotes is how many notes a commit may have changed for somebody to
	// look at each of them: one with more is an import or a change of format. It
	// is not shown, and neither is what was before, for it might have made notes
	// public.
	maxCommitNotes = 500
	// maxChangeWalk is how many commits are looked at for that.
	maxChangeWalk = 20_000
)

// Change is what one commit changed for readers.
type Change struct {
	// ID is the commit's, shortened.
	ID string
	// Time is the commit's, in the conference's zone if that is known, else in its own.
	Time time.Time
	// Author is the author's name; Subject the message's first line, empty where
	// the commit also touched what is not public.
	Author, Subject string
	Notes           []NoteChange
	// Pictures and Videos count the files that are new.
	Pictures, Videos int
}

// NoteChange is one note that a commit changed.
type NoteChange struct {
	Page *Page
	// New is true where readers could not see the note before.
	New bool
	// Words are the words added, Video says that the session's video has come.
	Words int
	Video bool
}

// placeChanges gives the page of changes its place.
func (b *builder) placeChanges() {
	if b.in.History == nil || !b.cfg.Changes {
		return
	}
	b.special(Changes, b.s.Home, "changes")
}

// Tell takes from log what readers may know of it: Site.Changes, and each
// page's Changed. Build does that too; Tell is for when nothing but the log's
// facts is new. Afterwards Untold lists the edits whose facts are missing.
//
// Only what is public now and was public then is told. A commit whose files
// are all withheld, or lie outside the content, is left out whole; one that
// touched such files too is shown without its subject, which might speak of
// them. What a note had been before it became public is not told, nor are notes
// that are gone: nobody can say any more whether they were private.
func (s *Site) Tell(log *history.Log) {
	published := map[string]bool{}
	for _, f := range s.Files {
		published[f.Path] = true
	}
	untold := map[history.Edit]bool{}
	for _, l := range s.All() {
		l.Changes, l.Untold = nil, nil
		if log == nil {
			continue
		}
		l.dateChanges(log)
		w := changeWalk{
			s: l, log: log, trace: history.NewTrace(), closed: map[string]bool{}, published: published, untold: untold,
			contents: s.Config.ContentDirs(), statics: s.Config.StaticDirs,
		}
		w.walk()
	}
	for edit := range untold {
		s.Untold = append(s.Untold, edit)
	}
	slices.SortFunc(s.Untold, func(a, b history.Edit) int { return cmp.Or(cmp.Compare(a.New, b.New), cmp.Compare(a.Old, b.Old)) })
}

// dateChanges tells each page when its note was last changed.
func (s *Site) dateChanges(log *history.Log) {
	for name, p := range s.index.notes {
		p.Changed = time.Time{}
		if t, ok := log.Changed[name]; ok && !p.Unlisted {
			p.Changed = inZone(t, log.Zone)
		}
	}
}

func inZone(t time.Time, zone *time.Location) time.Time {
	if zone == nil {
		return t
	}
	return t.In(zone)
}

// changeWalk goes back through the commits, for one language's site.
type changeWalk struct {
	s     *Site
	log   *history.Log
	trace *history.Trace
	// closed are the paths of today's notes, and the folders with a slash behind,
	// that were not public at some time after the commit that is looked at: before
	// that, nothing is told of them.
	closed    map[string]bool
	published map[string]bool
	untold    map[history.Edit]bool
	// contents and statics are the folders that files are published from.
	contents, statics []string
}

func (w *changeWalk) walk() {
	told, whole := 0, true
	for i := range w.log.Commits {
		if told == maxChangeEntries || i == maxChangeWalk {
			break
		}
		c := &w.log.Commits[i]
		if w.tooMuch(c) {
			break
		}
		if w.unknown(c) {
			// What it made of older commits is not known: none of them is told yet.
			told, whole = told+1, false
		} else if ch, ok := w.commit(c); ok {
			told++
			if whole {
				w.s.Changes = append(w.s.Changes, ch)
			}
		}
		w.trace.Back(c)
	}
	// The order is git's: parents after their children. For a reader's eye, and
	// for grouping by day, time counts.
	slices.SortStableFunc(w.s.Changes, func(a, b Change) int { return b.Time.Compare(a.Time) })
}

// tooMuch reports whether c changed more than anybody looks at.
func (w *changeWalk) tooMuch(c *history.Commit) bool {
	notes := 0
	for i := range c.Files {
		if w.isNote(&c.Files[i]) {
			notes++
		}
	}
	return notes > maxCommitNotes || c.Partial
}

// unknown reports whether facts about c are missing, and notes which.
func (w *changeWalk) unknown(c *history.Commit) (is bool) {
	for i := range c.Files {
		f := &c.Files[i]
		edit := history.Edit{Old: f.Old, New: f.New}
		if _, ok := w.log.Facts[edit]; !ok && w.isNote(f) {
			is, w.untold[edit] = true, true
		}
	}
	return is
}

// commit returns what is told of c, if anything.
func (w *changeWalk) commit(c *history.Commit) (Change, bool) {
	ch := Change{ID: c.ID.String(), Time: inZone(c.Time, w.log.Zone), Author: c.Author, Subject: c.Subject}
	ch.ID = ch.ID[:min(len(ch.ID), 12)]
	w.close(c, func(f history.Facts) (shut, hides bool) { return !f.NewOpen, f.NewHides })
	secret := false
	for i := range c.Files {
		open := true
		switch f := &c.Files[i]; {
		case w.isNote(f):
			open = w.note(f, &ch)
		case w.inside(f.Path):
			open = w.file(f, &ch)
		case isMarkdown(f.Path):
			open = !strings.Contains(f.Path, "/")
		}
		secret = secret || !open
	}
	w.close(c, func(f history.Facts) (shut, hides bool) { return !f.OldOpen, f.OldHides })
	if secret {
		ch.Subject = ""
	}
	return ch, len(ch.Notes) > 0 || !secret && ch.Pictures+ch.Videos > 0
}

// close notes which notes and folders c left, or found, not public.
func (w *changeWalk) close(c *history.Commit, what func(history.Facts) (shut, hides bool)) {
	for i := range c.Files {
		f := &c.Files[i]
		if !w.isNote(f) {
			continue
		}
		shut, hides := what(w.log.Facts[history.Edit{Old: f.Old, New: f.New}])
		if now := w.trace.Now(f.Path); now != "" && shut {
			w.closed[now] = true
		}
		if !hides {
			continue
		}
		for _, name := range []string{f.Path, f.From} {
			if name == "" {
				continue
			}
			// A note beside a folder of its name may be that folder's index.
			w.closed[strings.TrimSuffix(name, path.Ext(name))+"/"] = true
			base := strings.ToLower(path.Base(name))
			if strings.HasPrefix(base, "_index.") || strings.HasPrefix(base, "index.") || strings.HasPrefix(base, "readme.") {
				w.closed[path.Dir(name)+"/"] = true
			}
		}
	}
}

// note adds what is told of a note's change, if anything, and reports whether
// the note was and is open to all.
func (w *changeWalk) note(f *history.Change, ch *Change) (open bool) {
	now := w.trace.Now(f.Path)
	p := w.s.Page(now) // in any language
	facts := w.log.Facts[history.Edit{Old: f.Old, New: f.New}]
	if f.New == "" || p == nil || p.Unlisted || !facts.NewOpen || w.closed[now] || w.shut(f.Path) {
		return false
	}
	before := facts.OldOpen && (f.From == "" || !w.shut(f.From))
	own := w.s.index.notes[now] == p
	if own && !p.Hidden && !(before && f.Old == f.New) { // no list names it, or it was only moved
		ch.Notes = append(ch.Notes, NoteChange{Page: p, New: !before, Words: facts.Words, Video: facts.Video})
	}
	return before || f.Old == ""
}

// shut reports whether a folder that the file lies in is, or was later, not public.
func (w *changeWalk) shut(name string) bool {
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		if w.closed[dir+"/"] || slices.ContainsFunc(w.s.All(), func(l *Site) bool { return l.hiddenFolder(dir) }) {
			return true
		}
		if dir == "." || dir == "/" {
			return false
		}
	}
}

// hiddenFolder reports whether the section of a folder of the project is not
// listed today.
func (s *Site) hiddenFolder(dir string) bool {
	rel, ok := strings.CutPrefix(dir+"/", s.Config.ContentDir+"/")
	if s.Config.ContentDir == "." {
		rel, ok = dir+"/", dir != "."
	}
	if !ok {
		return false
	}
	rel = strings.TrimSuffix(rel, "/")
	if inFolders(s.index.withheld.folders, rel) {
		return true
	}
	sec := s.index.sections[rel]
	return sec != nil && sec.unlistedAbove()
}

// file counts a file that is published as it is, and reports whether it is
// one. What is neither published nor a note may belong to a private one; but
// for what a plain folder has at its top to set things up.
func (w *changeWalk) file(f *history.Change, ch *Change) bool {
	if !w.published[w.trace.Now(f.Path)] || f.New == "" || w.shut(f.Path) {
		return isSetup(f.Path)
	}
	if f.Old == "" {
		switch fileKind(f.Path) {
		case "picture":
			ch.Pictures++
		case "video":
			ch.Videos++
		}
	}
	return true
}

func fileKind(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg":
		return "picture"
	case ".mp4", ".webm", ".mov", ".m4v", ".ogv":
		return "video"
	}
	return ""
}

func isSetup(name string) bool {
	if strings.HasPrefix(name, ".") || strings.Contains(name, "/.") {
		return true
	}
	switch path.Ext(name) {
	case ".toml", ".yaml", ".yml", ".json":
		return !strings.Contains(name, "/")
	}
	return false
}

// isNote reports whether the file is, or was, a note.
func (w *changeWalk) isNote(f *history.Change) bool {
	return w.noteAt(f.Path) || f.From != "" && w.noteAt(f.From)
}

func (w *changeWalk) noteAt(name string) bool {
	if !isMarkdown(name) || !withinAny(name, w.contents) {
		return false
	}
	return !slices.Contains(w.contents, ".") || !withinAny(name, w.statics)
}

// inside reports whether the file at name lies where files are published from.
func (w *changeWalk) inside(name string) bool {
	return withinAny(name, w.contents) || withinAny(name, w.statics)
}

func withinAny(name string, dirs []string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool { return within(name, dir) })
}

func isMarkdown(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown", ".mdown", ".mkd", ".mkdn":
		return true
	}
	return false
}
