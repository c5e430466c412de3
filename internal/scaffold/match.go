package scaffold

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"lectern/internal/diag"
	"lectern/internal/note"
	"lectern/internal/schedule"
)

// importer is one [Import].
type importer struct {
	project Project
	p       *schedule.Programme
	opts    Options
	plan    *Plan
	tamer   tamer

	notes []existing
	// bySession are the notes of a session by all names it goes by.
	bySession map[string][]*existing
	// byTitle are the notes of no session, by their folded title: a person may
	// have written before the programme came. titles counts those of sessions.
	byTitle  map[string][]*existing
	titles   map[string]int
	taken    map[string]bool            // paths, in lower case
	numbers  map[string]map[string]bool // that the names of a folder's files begin with
	own      map[string]bool            // the sessions' own ids
	chosen   []selected
	blank    []blank
	folders  map[string]string    // of a conference day
	indexes  map[string]*existing // of folders
	sections map[int]bool         // places of sections below Into that are taken

	// before is for each session of the programme what it was at the last import,
	// or nil; lost are the sessions that were chosen and are in it no longer.
	before []*storedSession
	lost   []*storedSession
	// late are sessions whose note could not be brought up to date: they are kept
	// as they were, so that the next import does it.
	late map[string]*storedSession
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
	notes    []*existing
}

// index reads the front matter of all notes.
func (im *importer) index() {
	im.bySession, im.taken, im.numbers = map[string][]*existing{}, map[string]bool{}, map[string]map[string]bool{}
	im.byTitle, im.titles, im.own = map[string][]*existing{}, map[string]int{}, map[string]bool{}
	im.indexes, im.late = map[string]*existing{}, map[string]*storedSession{}
	im.notes = make([]existing, len(im.project.Files))
	for i, f := range im.project.Files {
		n := &im.notes[i]
		n.File = f
		im.take(f.Path)
		if isIndex(f.Path) {
			im.indexes[path.Dir(f.Path)] = n
		}
		if n.layout, n.err = note.ReadFrontLayout(f.Data); n.err != nil {
			n.session = sessionLine(f.Data)
		} else if field := n.layout.Field("session"); field != nil {
			n.session = fmt.Sprint(field.Value)
		}
		if n.session != "" {
			im.bySession[n.session] = append(im.bySession[n.session], n)
			continue
		}
		if title := schedule.FoldTitle(n.title()); title != "" && !isIndex(n.Path) {
			im.byTitle[title] = append(im.byTitle[title], n)
		}
	}
	for i := range im.p.Sessions {
		im.titles[schedule.FoldTitle(titleOf(&im.p.Sessions[i]))]++
		im.own[im.p.Sessions[i].ID] = true
	}
}

// sessionLine finds the session that front matter names which cannot be read.
func sessionLine(data []byte) string {
	for range 100 {
		line, rest, more := bytes.Cut(data, []byte{'\n'})
		name, value, ok := bytes.Cut(line, []byte{':'})
		if !ok {
			name, value, ok = bytes.Cut(line, []byte{'='})
		}
		if ok && string(bytes.Trim(name, " \t\"")) == "session" {
			return string(bytes.Trim(value, " \t\r\"',"))
		}
		if !more {
			break
		}
		data = rest
	}
	return ""
}

// title is the one that the front matter gives.
func (n *existing) title() string {
	if field := n.layout.Field("title"); field != nil {
		title, _ := field.Value.(string)
		return title
	}
	return ""
}

// weight is the note's place, if its front matter gives one.
func (n *existing) weight() (int, bool) {
	field := n.layout.Field("weight")
	if field == nil {
		return 0, false
	}
	w, ok := field.Value.(int64)
	return int(w), ok
}

// date is the day that the front matter gives, most trusted first; zero for none.
func (n *existing) date() time.Time {
	for _, name := range []string{"start", "day", "date"} {
		if field := n.layout.Field(name); field != nil {
			if t, err := time.Parse(time.DateOnly, dayOf(field.Value)); err == nil {
				return t
			}
		}
	}
	return time.Time{}
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

// pair finds what each session was at the last import.
func (im *importer) pair() {
	im.before = make([]*storedSession, len(im.p.Sessions))
	last := im.project.Last
	if last == nil {
		return
	}
	old := make([]schedule.Session, len(last.Sessions))
	for i := range last.Sessions {
		old[i] = last.Sessions[i].Session
	}
	found := make([]bool, len(old))
	for i, o := range schedule.Pairs(old, im.p.Sessions) {
		if o >= 0 {
			im.before[i], found[o] = &last.Sessions[o], true
		}
	}
	for i := range old {
		if s := &last.Sessions[i]; !found[i] && s.Chosen {
			im.lost = append(im.lost, s)
		}
	}
}

// of returns the notes of a session; last is what it was.
func (im *importer) of(s *schedule.Session, last *storedSession) []*existing {
	var out []*existing
	add := func(id string) {
		for _, n := range im.bySession[id] {
			// A number may be that of another year's session.
			if !slices.Contains(out, n) && (last != nil || !schedule.FarApart(n.date(), s.Start)) {
				out = append(out, n)
			}
		}
	}
	add(s.ID)
	if last != nil && !im.own[last.ID] {
		add(last.ID)
	}
	for _, id := range s.OtherIDs {
		if !im.own[id] { // else it is another session's
			add(id)
		}
	}
	// Its only note by its title, where no other session has the same.
	if title := schedule.FoldTitle(titleOf(s)); len(out) == 0 && im.titles[title] == 1 && len(im.byTitle[title]) == 1 {
		n := im.byTitle[title][0]
		day := im.indexes[path.Dir(n.Path)]
		if !schedule.FarApart(n.date(), s.Start) && (day == nil || !schedule.FarApart(day.date(), s.Start)) {
			out = append(out, n)
		}
	}
	return out
}

func isIndex(p string) bool { return strings.HasPrefix(path.Base(p), "_index.") }

func (im *importer) report(file string, sev diag.Severity, rule, msg, hint string) {
	im.plan.Diags = append(im.plan.Diags, diag.Diagnostic{
		Position: diag.Position{File: file}, Severity: sev, Rule: rule, Message: msg, Hint: hint,
	})
}
