package page

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/a-h/templ"
	templruntime "github.com/a-h/templ/runtime"

	"lectern/internal/snapshot"
)

// minShared is the length from which a piece that others hold too is worth a
// part of its own: below, its slice header and the extra write cost more than
// the copy.
const minShared = 256

// sheet is where one page comes together: bytes of its own in one buffer, and
// between them slices of what it shares with other pages. Sheets are pooled.
type sheet struct {
	own   []byte
	parts []shared
	// words are the page's own, for what stands in a note's text.
	words *words
	// out is what the templates write to; it must be flushed before own is touched.
	out templruntime.Buffer
	// ctx carries templ's state, so that it is made once for each sheet and not
	// for each page.
	ctx context.Context
}

// shared is a slice of someone else's bytes that comes after own[:end].
type shared struct {
	end   int
	bytes []byte
}

// sheets are kept from page to page; a pool is emptied by the collector, so it
// holds nothing for long.
type sheets struct{ pool sync.Pool }

func (p *sheets) get() *sheet {
	if s, ok := p.pool.Get().(*sheet); ok {
		return s
	}
	s := &sheet{own: make([]byte, 0, 16<<10), ctx: templ.InitializeContext(context.Background())}
	s.out.Reset(s)
	return s
}

// put gives s back without the slices it held.
func (p *sheets) put(s *sheet) {
	s.own = s.own[:0]
	clear(s.parts)
	s.parts = s.parts[:0]
	p.pool.Put(s)
}

// Write appends to the page's own bytes. It is for templ's buffer alone.
func (s *sheet) Write(b []byte) (int, error) {
	s.own = append(s.own, b...)
	return len(b), nil
}

// flush brings what templates have written into own.
func (s *sheet) flush() error { return s.out.Flush() }

// share puts b, which never changes, into the page without copying it.
func (s *sheet) share(b []byte) {
	if len(b) < minShared {
		s.own = append(s.own, b...)
		return
	}
	s.parts = append(s.parts, shared{len(s.own), b})
}

// body returns the page. The sheet's buffer is free afterwards: own bytes are
// copied into one slice of their exact length.
func (s *sheet) body() snapshot.Body {
	own := make([]byte, len(s.own))
	copy(own, s.own)
	parts := make([][]byte, 0, 2*len(s.parts)+1)
	at := 0
	for _, p := range s.parts {
		if p.end > at {
			parts = append(parts, own[at:p.end:p.end])
			at = p.end
		}
		parts = append(parts, p.bytes)
	}
	if at < len(own) {
		parts = append(parts, own[at:])
	}
	return snapshot.MakeBody(parts...)
}

// render writes c into the page.
func (s *sheet) render(c templ.Component) error {
	if err := c.Render(s.ctx, &s.out); err != nil {
		return err
	}
	return s.flush()
}

// textOf is what compiled templates make of each expression, in the place of
// templ's own function for it (see templates.go in web/gen).
func textOf[T ~string](text T, errs ...error) (string, error) {
	if len(errs) == 0 {
		return string(text), nil
	}
	return string(text), errors.Join(errs...)
}

// classList is what compiled templates make of a class attribute's value.
type classList []any

// String returns the classes as templ does; one text is taken as it is.
func (c classList) String() string {
	if len(c) == 1 {
		if s, ok := c[0].(string); ok {
			return s
		}
	}
	return templ.CSSClasses(c).String()
}

// slot is a place in a template where Go code puts bytes into the sheet.
type slot struct {
	s    *sheet
	fill func(*sheet)
}

// Render fills the slot. The writer is the sheet's own.
func (p slot) Render(context.Context, io.Writer) error {
	if err := p.s.flush(); err != nil {
		return err
	}
	p.fill(p.s)
	return nil
}
