// Package move plans how a note or a section gets another name or another
// place, with all that refers to it.
//
// A plan is made from the project's notes and their model, and changes nothing
// itself. It guarantees that every link that led somewhere leads to the same
// note or file afterwards, in the form in which it was written, and that old
// addresses lead to the new ones. It takes no form on trust: the model is made
// anew as the project will be, each link is looked up in it, only those that
// would lead elsewhere are rewritten, and each changed note is read again to
// see that just these links changed. So nothing but a link's destination is
// touched, and never what stands in code. Where a link cannot be kept that way,
// the plan says so and leaves it alone.
package move

import (
	"fmt"
	"maps"
	"slices"

	"lectern/internal/diag"
	"lectern/internal/edit"
	"lectern/internal/note"
	"lectern/internal/site"
)

// Project is what a plan is made from.
type Project struct {
	// Site is the model of the project with all notes that can be shown, private
	// ones, drafts and those of other times included; it was made of Input.
	Site  *site.Site
	Input site.Input
	// Read returns a file as it is on the disk.
	Read func(path string) ([]byte, error)
	// Below lists all plain files below a folder of the project, those that are
	// none of the site's included.
	Below func(dir string) ([]string, error)
	// Exists says whether there is a file or a folder at a path.
	Exists func(path string) (is, dir bool)
	// IsNote says whether a file at path would be a note.
	IsNote func(path string) bool
	// Parse reads data as if it stood at path, with open for what it includes.
	Parse func(path string, data []byte, open func(name string) ([]byte, bool)) *note.Note
}

// Plan is what a move changes.
type Plan struct {
	// Changes are all changes of files, in the order in which they can be made.
	Changes []edit.Change
	// From and To are the note or the folder that moves, as paths in the project.
	From, To string
	// Notes are the moved notes by their old paths.
	Notes map[string]string
	// Linked are the other notes whose text changes, sorted, and how many links
	// are rewritten in all. Withheld counts the private ones, which are not named.
	Linked   []string
	Links    int
	Withheld int
	// Aliases counts the old addresses that lead to the new ones.
	Aliases int
	// Left are the links that could not be kept, and addresses that are lost.
	Left []diag.Diagnostic
}

// Refusal says why something cannot be moved as asked.
type Refusal struct{ Msg, What string }

func (e *Refusal) Error() string { return e.Msg }

// Hint says what to do about it.
func (e *Refusal) Hint() string { return e.What }

func refuse(hint, format string, args ...any) error {
	return &Refusal{fmt.Sprintf(format, args...), hint}
}

// New plans to move the note or the section at from to the place to, both slash
// paths from the project's folder. A to that is a folder, or ends with a slash,
// is the folder that it is moved into.
func New(p Project, from, to string) (*Plan, error) {
	m := &mover{Project: p, plan: &Plan{}, to: map[string]string{}, from: map[string]string{}, data: map[string][]byte{}, made: map[string]string{}, sections: map[*site.Site]map[*site.Page]string{}}
	if err := m.name(from, to); err != nil {
		return nil, err
	}
	if err := m.model(); err != nil {
		return nil, err
	}
	if err := m.includes(); err != nil {
		return nil, err
	}
	if err := m.links(); err != nil {
		return nil, err
	}
	if err := m.aliases(); err != nil {
		return nil, err
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	m.menus()
	return m.plan, m.changes()
}

// mover makes one plan.
type mover struct {
	Project
	plan *Plan
	// to and from are the moved files by their old and by their new paths.
	to, from map[string]string
	// dirs are the moved folders, old and new.
	dirs [][2]string
	// made are the texts that moved sections without one get, by their folders.
	made map[string]string

	// notes are the notes as they will be, by their new paths; data is the bytes
	// of those files that were read or changed, by their new paths too.
	notes map[string]*note.Note
	data  map[string][]byte
	after *site.Site
	// public and publicAfter are the sites that readers see.
	public, publicAfter *site.Site
	// sections are the folders that pages of each model stand for.
	sections map[*site.Site]map[*site.Page]string
}

// moved returns where the file at an old path will be.
func (m *mover) moved(p string) string {
	if to, ok := m.to[p]; ok {
		return to
	}
	return p
}

// was returns where the file is that will be at a path.
func (m *mover) was(p string) (old string, ok bool) {
	if old, ok := m.from[p]; ok {
		return old, true
	}
	_, left := m.to[p]
	return p, !left
}

// bytes returns what the file that will be at p holds then.
func (m *mover) bytes(p string) ([]byte, error) {
	if data, ok := m.data[p]; ok {
		return data, nil
	}
	old, ok := m.was(p)
	if !ok {
		return nil, fmt.Errorf("%s is not there", p)
	}
	return m.Read(old)
}

// open is what notes include, as it will be.
func (m *mover) open(p string) ([]byte, bool) {
	if is, dir := m.willExist(p); !is || dir {
		return nil, false
	}
	data, err := m.bytes(p)
	return data, err == nil
}

func (m *mover) willExist(p string) (is, dir bool) {
	old, ok := m.was(p)
	if !ok {
		return false, false
	}
	return m.Exists(old)
}

// model makes the model of the project as it will be, its links not yet
// rewritten.
func (m *mover) model() error {
	m.public = site.Build(readers(m.Input))

	m.notes = make(map[string]*note.Note, len(m.Input.Notes))
	for _, n := range m.Input.Notes {
		to, moves := m.to[n.Path]
		if !moves && !m.includesMoved(n) {
			m.notes[n.Path] = n
			continue
		}
		if moves && !n.Readable {
			return refuse("mend it first: `lectern build` says what is wrong", "the front matter of %s can't be read, so nobody knows its address", n.Path)
		}
		if !moves {
			to = n.Path
		}
		data, err := m.bytes(to)
		if err != nil {
			return err
		}
		m.notes[to] = m.Parse(to, data, m.open)
	}
	m.build()
	made, err := m.folders()
	if err != nil {
		return err
	}
	if made {
		m.build()
	}
	return m.compare()
}

func (m *mover) includesMoved(n *note.Note) bool {
	return slices.ContainsFunc(n.Includes, func(i note.Include) bool { return m.to[i.Path] != "" || m.from[i.Path] != "" })
}

// build makes the model of the notes as they are now planned to be.
func (m *mover) build() {
	in := m.Input
	in.Notes = make([]*note.Note, 0, len(m.notes))
	for _, p := range slices.Sorted(maps.Keys(m.notes)) {
		in.Notes = append(in.Notes, m.notes[p])
	}
	in.Files = make([]string, len(m.Input.Files))
	for i, f := range m.Input.Files {
		in.Files[i] = m.moved(f)
	}
	slices.Sort(in.Files)
	if size := m.Input.Size; size != nil {
		in.Size = func(p string) int64 {
			old, _ := m.was(p)
			return size(old)
		}
	}
	m.after = site.Build(in)
	m.publicAfter = site.Build(readers(in))
}

// readers is what a site is made of that is published.
func readers(in site.Input) site.Input {
	in.Drafts, in.Private = false, false
	return in
}

// compare refuses a move after which a note would have no place. A private note
// that is in the way is not named.
func (m *mover) compare() error {
	for _, n := range m.Input.Notes {
		to := m.moved(n.Path)
		if m.Site.Page(n.Path) == nil || m.after.Page(to) != nil {
			continue
		}
		if m.secret(n.Path) && m.to[n.Path] == "" {
			return refuse("choose another name", "%s would take the address of a note that is there", m.plan.From)
		}
		for _, s := range m.after.All() {
			for _, d := range s.Diags {
				if d.File == to && !m.names(d.Message) {
					return refuse("choose another name", "%s could not stay on the site: %s", m.plan.From, d.Message)
				}
			}
		}
		return refuse("choose another place", "%s would be no page of its own at %s", n.Path, to)
	}
	return nil
}

// changes lists what is to be done to the files.
func (m *mover) changes() error {
	var moves, edits []edit.Change
	for _, p := range slices.Sorted(maps.Keys(m.from)) {
		old := m.from[p]
		c := edit.Change{Path: p, From: old}
		if data, ok := m.data[p]; ok {
			was, err := m.Read(old)
			if err != nil {
				return err
			}
			if c.Old = was; string(was) != string(data) {
				c.New = data
			}
		}
		moves = append(moves, c)
	}
	for _, p := range slices.Sorted(maps.Keys(m.data)) {
		if _, moves := m.from[p]; moves {
			continue
		}
		c := edit.Change{Path: p, New: m.data[p]}
		if is, _ := m.Exists(p); is {
			was, err := m.Read(p)
			if err != nil {
				return err
			}
			if string(was) == string(c.New) {
				continue
			}
			c.Old = was
			m.linked(p)
		}
		edits = append(edits, c)
	}
	m.plan.Changes = append(moves, edits...)
	slices.Sort(m.plan.Linked)
	return nil
}

// linked notes that another file than the moved ones is changed. One that
// readers must not know of is counted, not named.
func (m *mover) linked(p string) {
	for _, n := range m.Input.Notes {
		if n.Path == p && m.secret(p) {
			m.plan.Withheld++
			return
		}
	}
	m.plan.Linked = append(m.plan.Linked, p)
}
