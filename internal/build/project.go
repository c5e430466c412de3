package build

import (
	"context"

	"lectern/internal/diag"
	"lectern/internal/note"
	"lectern/internal/site"
)

// Model is a project as far as it is known without rendering a page.
type Model struct {
	// Site is the default language's; it was made of Input.
	Site  *site.Site
	Input site.Input
	// Diags are the findings so far, sorted.
	Diags []diag.Diagnostic
}

// Model reads all notes and makes the site's model, for commands that work on
// the notes themselves.
func (b *Builder) Model(ctx context.Context) (*Model, error) {
	b.dir.Release()
	defer b.dir.Release()
	if err := b.configure(nil); err != nil {
		return nil, err
	}
	if err := b.list(ctx, nil); err != nil {
		return nil, err
	}
	changed, err := b.parse(ctx, nil, &Stats{})
	if err != nil {
		return nil, err
	}
	if err := b.model(ctx, changed); err != nil {
		return nil, err
	}
	return &Model{Site: b.site, Input: b.input, Diags: b.diagnostics()}, nil
}

// ParseAs reads data as if it stood in the project at path. What the note
// includes comes from open, which says what each path of the project holds. It is
// for use after a build or a [Builder.Model].
func (b *Builder) ParseAs(path string, data []byte, open func(name string) ([]byte, bool)) *note.Note {
	in := inclusion{b: b, over: open}
	return b.parserFor(path).ParseWith(path, data, in.open)
}

// IsNote reports whether the file at path would be read as a note.
func (b *Builder) IsNote(path string) bool { return b.isNote(path) && !b.cfg.Ignored(path) }
