package build

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"lectern/internal/check"
	"lectern/internal/config"
	"lectern/internal/diag"
	"lectern/internal/note"
)

// Checked is what a check found.
type Checked struct {
	// Diags are all findings, sorted; those that can be mended have a fix.
	Diags []diag.Diagnostic
	// Notes is how many notes were checked: those that are published.
	Notes int
	// Config is the configuration that was used.
	Config *config.Config
	// Read returns the bytes of a file of the project.
	Read func(path string) ([]byte, error)
}

// Check looks for everything that can be found in the project, and makes no
// site: nothing is rendered, and the history is not read. The builder must have
// been opened with [Options.Check].
func (b *Builder) Check(ctx context.Context, paths []string) (*Checked, error) {
	b.dir.Release()
	defer b.dir.Release()
	if b.tree == nil || b.tree.HasLinks() || slices.ContainsFunc(paths, isRoot) {
		paths = nil
	}
	if err := b.configure(paths); err != nil {
		return nil, err
	}
	if err := b.list(ctx, paths); err != nil {
		return nil, err
	}
	stats := Stats{}
	changed, err := b.parse(ctx, paths, &stats)
	if err != nil {
		return nil, err
	}
	if err := b.model(ctx, changed); err != nil {
		return nil, err
	}
	if err := b.publish(ctx); err != nil {
		return nil, err
	}
	if err := b.askOthers(ctx); err != nil {
		return nil, err
	}
	c := &Checked{Diags: b.examine(b.bytesOf), Config: b.cfg, Read: b.bytesOf}
	for _, l := range b.langs {
		for _, p := range l.site.Pages {
			if p.Note != nil {
				c.Notes++
			}
		}
	}
	return c, nil
}

// askOthers asks about the links to other sites, where that is wanted.
func (b *Builder) askOthers(ctx context.Context) error {
	if b.opts.External == nil {
		return nil
	}
	addresses := check.Addresses(check.Input{Site: b.site, Notes: b.input.Notes})
	answers, err := b.opts.External(ctx, addresses)
	if err != nil {
		return fmt.Errorf("ask about links to other sites: %w", err)
	}
	b.external = answers
	return nil
}

// bytesOf reads a note as it is now.
func (b *Builder) bytesOf(name string) ([]byte, error) {
	f := b.tree.Lookup(name)
	if f == nil {
		return nil, fmt.Errorf("read %s: %w", name, errVanished)
	}
	return f.Read(note.MaxSize)
}

// examine gathers all findings: those of the build and, where they are wanted,
// those of the checks, as the project wants to be told of them. With read,
// findings are given fixes.
func (b *Builder) examine(read func(string) ([]byte, error)) []diag.Diagnostic {
	ds := b.diagnostics()
	if !b.opts.Check {
		return check.Filter(&b.cfg.Check, b.told(), ds, false)
	}
	found := ds
	ds = check.Run(check.Input{
		Site: b.site, Notes: b.input.Notes, Files: b.input.Files, Found: found, Now: b.input.Now, Read: read,
		External: b.external,
	})
	ds = check.Filter(&b.cfg.Check, b.told(), ds, true)
	b.checked.learn(found, ds)
	return ds
}

// glance is examine before the notes have been checked anew, so that nobody has to
// wait for that: what the checks found last stands in for what they will, but in
// the files that changed.
func (b *Builder) glance(changed []string) []diag.Diagnostic {
	found := slices.DeleteFunc(b.diagnostics(), func(d diag.Diagnostic) bool { return b.checked.better[d.Bare()] })
	found = check.Filter(&b.cfg.Check, b.told(), found, false)
	return b.checked.join(found, changed)
}

// checked is what the checks said last, beside the findings of the build. There
// may be tens of thousands, so that no step of an update does more than pass them.
type checked struct {
	// added are their own findings, sorted; better are those of the build that
	// they say better, or that the project does not want. All are without fixes.
	added  []diag.Diagnostic
	better map[diag.Diagnostic]bool
}

// learn takes the difference between what the build found and all there is.
func (c *checked) learn(found, all []diag.Diagnostic) {
	*c = checked{better: make(map[diag.Diagnostic]bool, len(found))}
	for _, d := range found {
		c.better[d.Bare()] = true
	}
	for _, d := range all {
		if bare := d.Bare(); c.better[bare] {
			delete(c.better, bare)
		} else {
			c.added = append(c.added, bare)
		}
	}
}

// join merges the checks' findings into the build's, both in order.
func (c *checked) join(found []diag.Diagnostic, changed []string) []diag.Diagnostic {
	out := make([]diag.Diagnostic, 0, len(found)+len(c.added))
	file, stale := "", false
	for _, d := range c.added {
		if d.File != file {
			file = d.File
			stale = slices.ContainsFunc(changed, func(p string) bool { return file == p || strings.HasPrefix(file, p+"/") })
		}
		if stale {
			continue
		}
		for len(found) > 0 && diag.Compare(found[0], d) < 0 {
			out, found = append(out, found[0]), found[1:]
		}
		out = append(out, d)
	}
	return slices.Concat(out, found)
}

// told are the notes of which findings may speak and that silence any.
func (b *Builder) told() []*note.Note {
	var out []*note.Note
	for _, l := range b.langs {
		for _, p := range l.site.Pages {
			if p.Note == nil {
				continue
			}
			if r := b.notes[p.Note.Path]; r != nil && r.note != nil && len(r.note.Ignores) > 0 {
				out = append(out, r.note)
			}
		}
		for _, n := range l.site.Unpublished {
			if len(n.Ignores) > 0 {
				out = append(out, n)
			}
		}
	}
	return out
}
