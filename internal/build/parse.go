package build

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"lectern/internal/diag"
	"lectern/internal/note"
	"lectern/internal/source"
)

// parsed is a note as it was made from a file.
type parsed struct {
	file *source.File
	// note is what the file says now; nil where it could not be read at all.
	note *note.Note
	// last is the newest version whose front matter could be read.
	last *note.Note
	diag *diag.Diagnostic
	// included are the files that the note was made of beside its own, nil for
	// places where there is none.
	included map[string]*source.File
}

// changes is what the files say now, and how it differs from the last build.
type changes struct {
	notes []*note.Note // in order of Path
	files []string     // all others, in order
	// structure is true if notes or files came or went.
	structure bool
	edits     []edit
}

type edit struct{ old, new *note.Note }

// parse reads and parses the notes that changed.
func (b *Builder) parse(ctx context.Context, paths []string, stats *Stats) (changes, error) {
	var ch changes
	var todo []*source.File
	touched := make(map[string]bool, len(paths))
	for _, p := range paths {
		touched[p] = true
	}
	count := 0
	for _, f := range b.tree.Files() {
		if b.cfg.Ignored(f.Path) {
			continue
		}
		if !b.isNote(f.Path) {
			ch.files = append(ch.files, f.Path)
			continue
		}
		count++
		// A file that was reported as changed is read whatever its times say:
		// two saves may fall into one tick of the file system's clock.
		if old := b.notes[f.Path]; old == nil || touched[f.Path] || old.file != f && !old.file.Same(f) ||
			len(old.included) > 0 && b.stale(old, touched) {
			todo = append(todo, f)
		} else {
			old.file = f
		}
	}
	results := make([]*parsed, len(todo))
	err := b.each(ctx, len(todo), 2*len(todo), 0, func(i int) error {
		var err error
		results[i], err = b.read(todo[i])
		return err
	})
	if err != nil {
		return ch, err
	}
	stats.Parsed = len(todo)
	ch.structure = !slices.Equal(ch.files, b.input.Files)
	b.diags = nil
	for _, r := range results {
		ch.add(b.notes[r.file.Path], r)
		b.notes[r.file.Path] = r
	}
	b.gather(&ch, count)
	return ch, nil
}

// add notes how r differs from what was there before.
func (ch *changes) add(old, r *parsed) {
	switch {
	case old == nil || old.note == nil || r.note == nil:
		ch.structure = true
	case old.note.Key != r.note.Key:
		if !r.note.Readable && old.last != nil {
			r.last = old.last
		}
		ch.edits = append(ch.edits, edit{old.note, r.note})
	default:
		// The same bytes: the old note is what everything refers to.
		r.note, r.last = old.note, old.last
	}
}

// gather lists the notes that the site is made of and forgets those that are gone.
func (b *Builder) gather(ch *changes, count int) {
	if len(b.notes) != count {
		ch.structure = true
		for name := range b.notes {
			if b.tree.Lookup(name) == nil || b.cfg.Ignored(name) {
				delete(b.notes, name)
			}
		}
	}
	ch.notes = make([]*note.Note, 0, count)
	for _, f := range b.tree.Files() {
		p := b.notes[f.Path]
		if p == nil {
			continue
		}
		if p.diag != nil {
			b.diags = append(b.diags, *p.diag)
		}
		n := p.note
		if n != nil && !n.Readable && b.opts.KeepLast && p.last != nil {
			b.diags = append(b.diags, n.Diags...)
			b.diags = append(b.diags, diag.Diagnostic{
				Position: diag.Position{File: n.Path, Line: 1, Col: 1}, Severity: diag.Info, Rule: "note-last-good",
				Message: "its last good version stays on the site until this is mended",
			})
			n = p.last
		}
		if n != nil {
			ch.notes = append(ch.notes, n)
		}
	}
}

// isNote reports whether the file is a Markdown file of the content folder.
func (b *Builder) isNote(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".markdown", ".mdown", ".mkd", ".mkdn":
	default:
		return false
	}
	if b.cfg.ContentDir == "." {
		return !slices.ContainsFunc(b.cfg.StaticDirs, func(dir string) bool { return strings.HasPrefix(name, dir+"/") })
	}
	return b.inContent(name)
}

// inContent reports whether the file lies in a content folder.
func (b *Builder) inContent(name string) bool {
	for _, l := range b.langs {
		if dir := l.cfg.ContentDir; dir == "." || strings.HasPrefix(name, dir) && len(name) > len(dir) && name[len(dir)] == '/' {
			return true
		}
	}
	return false
}

// read reads and parses one note. What can't be read is a finding, not an
// error: the other notes go on.
func (b *Builder) read(f *source.File) (*parsed, error) {
	p := &parsed{file: f}
	buf, _ := b.buffers.Get().(*[]byte)
	if buf == nil {
		buf = new([]byte)
	}
	data, err := f.ReadIn(*buf, note.MaxSize)
	switch {
	case err == nil:
		in := inclusion{b: b}
		p.note = b.parserFor(f.Path).ParseWith(f.Path, data, in.open)
		p.included = in.files
		if p.note.Readable {
			p.last = p.note
		}
		*buf = data // notes keep nothing of it
		b.buffers.Put(buf)
	case errors.Is(err, fs.ErrNotExist):
		// It disappeared after it was listed: as if it had never been there.
	case errors.Is(err, source.ErrTooLarge):
		p.refuse("note-size", fmt.Sprintf("this note is larger than %d MB and is left out", note.MaxSize>>20), "split it, or link to the file instead")
	default:
		reason := err
		var pe *fs.PathError
		if errors.As(err, &pe) {
			reason = pe.Err
		}
		p.refuse("file-unreadable", "this note can't be read and is left out: "+reason.Error(), "look at its permissions")
	}
	return p, nil
}

// refuse puts a note that says nothing in the place of one that could not be
// read: the site then knows that it is withheld, and a folder whose index it
// is, with it.
func (p *parsed) refuse(rule, msg, hint string) {
	p.note = &note.Note{Path: p.file.Path, Suspect: true}
	p.diag = &diag.Diagnostic{Position: diag.Position{File: p.file.Path}, Severity: diag.Error, Rule: rule, Message: msg, Hint: hint}
}
