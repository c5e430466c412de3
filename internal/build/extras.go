package build

import (
	"context"
	"fmt"
	"slices"
	"time"

	"lectern/internal/diag"
	"lectern/internal/site"
	"lectern/internal/snapshot"
)

// An extra makes files that no reader has to wait for: pages are shown before
// them, and again with them. What they are must depend on the site alone, so
// that a finished build has the digest of any other of the same input. Each
// language has extras of its own; l is the language.
type extra interface {
	// ready returns the files that stand for the site as b has it now, as far as
	// they are made, and whether they are all. It is quick. What is not made yet
	// may be left out, or be what was made for the site before.
	ready(b *Builder, l *language) (files []*snapshot.File, all bool)
	// finish makes what is missing. It reports whether pages have to be rendered
	// again to show it. An error, such as ctx's, loses nothing that was made.
	finish(ctx context.Context, b *Builder, l *language) (pages bool, err error)
	// diagnostics are the extra's findings about the site, as far as known.
	diagnostics() []diag.Diagnostic
}

// newExtras returns the extras of a language with a new configuration.
func (b *Builder) newExtras(l *language) []extra {
	all := b.opts.extras
	if l.cfg == b.cfg {
		all = append(all[:len(all):len(all)], b.renditions)
	}
	all = append(all[:len(all):len(all)], newCards(b.opts.Cache))
	if b.chronicle != nil && l.cfg == b.cfg { // one for all languages
		all = append(all[:len(all):len(all)], b.chronicle)
	}
	if !l.cfg.Search.Off {
		all = append(all[:len(all):len(all)], newSearchIndex(b, l))
	}
	return all
}

// readyExtras gathers the files of all extras and notes whether any lacks some.
func (b *Builder) readyExtras() []*snapshot.File {
	var files []*snapshot.File
	b.pending = false
	for _, l := range b.langs {
		for _, e := range l.extras {
			f, all := e.ready(b, l)
			files = append(files, f...)
			b.pending = b.pending || !all
		}
	}
	made := make(map[string]bool, len(files))
	return slices.DeleteFunc(files, func(f *snapshot.File) bool {
		twice := made[f.Path] // by two languages: what only the files decide is the same in both
		made[f.Path] = true
		return twice || !b.site.Free(f.Path)
	})
}

// maxRounds is how often extras may ask each other for more.
const maxRounds = 4

// Finish makes what the last build left pending and returns the whole site. It
// may be broken off through ctx at any time; the next build or Finish goes on
// from there. Without anything pending it returns the last result again. Where
// [Options.Check] asks for them, the checks' findings are those of now only then.
func (b *Builder) Finish(ctx context.Context) (*Result, error) {
	if b.snap == nil {
		return nil, fmt.Errorf("finish the site: %w", errNoBuild)
	}
	start := time.Now()
	stats := Stats{}
	b.dir.Release()
	defer b.dir.Release()
	for round := 0; b.pending; round++ {
		if round == maxRounds {
			return nil, fmt.Errorf("finish the site: %w", errEndless)
		}
		again := false
		for _, l := range b.langs {
			for _, e := range l.extras {
				pages, err := e.finish(ctx, b, l)
				if err != nil {
					return nil, fmt.Errorf("finish the site: %w", err)
				}
				again = again || pages
			}
		}
		b.touched = nil
		if !again && len(b.outputs) > 0 {
			b.touched = map[*site.Page]bool{} // no page changed
		}
		if err := b.render(ctx, &stats); err != nil {
			return nil, err
		}
	}
	return b.result(stats, start, b.examine(nil)), nil
}
