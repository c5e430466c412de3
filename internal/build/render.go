package build

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"lectern/internal/diag"
	"lectern/internal/page"
	"lectern/internal/snapshot"
	"lectern/internal/source"
)

// rendered is a generated file and the key of all that it was made from.
type rendered struct {
	key  uint64
	file *snapshot.File
}

// hashed is the hash of a file that is published as it is.
type hashed struct {
	file *source.File
	sum  [sha256.Size]byte
}

// render makes the files whose keys changed and puts the snapshot together.
// Only the touched pages' files are looked at, where those are known.
func (b *Builder) render(ctx context.Context, stats *Stats) error {
	for _, l := range b.langs {
		l.pass = l.renderer.Pass(l.site)
	}
	if b.touched == nil {
		b.outputs = b.own()
		b.files = make([]*snapshot.File, len(b.outputs))
	}
	var todo []int
	for i, o := range b.outputs {
		if b.touched == nil || b.touched[o.Page] {
			todo = append(todo, i)
		}
	}
	touched := b.touched
	b.touched = nil // until all of it is done, nothing is known
	keys := make([]uint64, len(todo))
	made := make([]*snapshot.File, len(todo))
	var fresh atomic.Int64
	err := b.each(ctx, len(todo), 2*len(todo), len(todo), func(i int) error {
		o := b.outputs[todo[i]]
		keys[i] = o.lang.pass.Key(o.Output)
		if old, ok := b.rendered[o.Path]; ok && old.key == keys[i] {
			made[i] = old.file
			return nil
		}
		if o.Form == page.HTML {
			fresh.Add(1)
		}
		body := o.lang.pass.Render(o.Output)
		made[i] = &snapshot.File{Path: o.Path, Body: body, Hash: body.Hash()}
		return nil
	})
	if err != nil {
		b.outputs = nil
		return err
	}
	stats.Rendered = int(fresh.Load())
	if touched == nil {
		b.rendered = make(map[string]rendered, len(b.outputs))
	}
	for i, at := range todo {
		b.files[at] = made[i]
		b.rendered[b.outputs[at].Path] = rendered{keys[i], made[i]}
	}
	return b.assemble(ctx)
}

// assemble makes the snapshot of the generated files, the theme's assets and
// the author's own files.
func (b *Builder) assemble(ctx context.Context) error {
	published, err := b.published(ctx)
	if err != nil {
		return err
	}
	snap, err := snapshot.New(slices.Concat(b.files, b.assets(), published, b.readyExtras()))
	if err != nil {
		return fmt.Errorf("put the site together: %w", err)
	}
	b.snap = snap
	return nil
}

// own lists the generated files of all languages, without those whose place
// the author's pages and files take.
func (b *Builder) own() []output {
	files := make(map[string]bool, len(b.site.Files))
	for _, f := range b.site.Files {
		files[f.OutPath] = true
	}
	var all []output
	for _, l := range b.langs {
		outputs := l.pass.Outputs()
		all = slices.Grow(all, len(outputs))
		for _, o := range outputs {
			free := !files[o.Path]
			if o.Form != page.HTML && o.Form != page.Redirect { // to those the model has given their places
				free = b.site.Free(o.Path)
			}
			if free {
				all = append(all, output{o, l})
			}
		}
	}
	return all
}

// published hashes the files that are published as they are, where they
// changed. One that can't be read is left out, with a finding.
func (b *Builder) published(ctx context.Context) ([]*snapshot.File, error) {
	files := make([]*snapshot.File, len(b.site.Files))
	sums := make([]hashed, len(files))
	findings := make([]*diag.Diagnostic, len(files))
	err := b.each(ctx, len(files), 0, 0, func(i int) error {
		f := b.tree.Lookup(b.site.Files[i].Path)
		if f == nil {
			return fmt.Errorf("put the site together: %s: %w", b.site.Files[i].Path, errVanished)
		}
		sum, ok := b.hashes[f.Path]
		if !ok || !sum.file.Same(f) {
			if b.foreignContent(f) {
				findings[i] = &diag.Diagnostic{
					Position: diag.Position{File: f.Path, Line: 1, Col: 1}, Severity: diag.Error, Rule: "content-format",
					Message: "this is a page in a format other than Markdown, which is not supported, and is left out", Hint: "write it in Markdown; HTML may stand in a .md file",
				}
				return nil
			}
			var n int64
			var err error
			sum.sum, n, err = f.Hash()
			switch {
			case errors.Is(err, fs.ErrNotExist) || err == nil && n != f.Bytes:
				findings[i] = &diag.Diagnostic{
					Position: diag.Position{File: f.Path}, Severity: diag.Warning, Rule: "file-changing",
					Message: "this file changed while it was read and is left out of this build", Hint: "build again when it is written",
				}
				return nil
			case err != nil:
				findings[i] = &diag.Diagnostic{
					Position: diag.Position{File: f.Path}, Severity: diag.Error, Rule: "file-unreadable",
					Message: "this file can't be read and is left out", Hint: "look at its permissions",
				}
				return nil
			}
		}
		sums[i] = hashed{f, sum.sum}
		files[i] = &snapshot.File{Path: b.site.Files[i].OutPath, Hash: sum.sum, Source: f}
		return nil
	})
	if err != nil {
		return nil, err
	}
	clear(b.hashes)
	for i, f := range files {
		if f != nil {
			b.hashes[sums[i].file.Path] = sums[i]
		}
		if findings[i] != nil {
			b.diags = append(b.diags, *findings[i])
		}
	}
	return slices.DeleteFunc(files, func(f *snapshot.File) bool { return f == nil }), nil
}

// foreignContent reports whether f is what Hugo takes for a page in another
// format than Markdown: its front matter could say that it is private, and must
// not be published as it stands. What can't be read is found out later.
func (b *Builder) foreignContent(f *source.File) bool {
	switch strings.ToLower(path.Ext(f.Path)) {
	case ".html", ".htm", ".org", ".ad", ".adoc", ".asciidoc", ".rst", ".pandoc", ".pdc":
	default:
		return false
	}
	if !b.inContent(f.Path) {
		return false
	}
	r, err := f.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	head := make([]byte, 64)
	n, _ := io.ReadFull(r, head) // a shorter file is no error here
	text := strings.TrimLeft(strings.TrimPrefix(string(head[:n]), "\ufeff"), " \t\r\n")
	return strings.HasPrefix(text, "---") || strings.HasPrefix(text, "+++") || strings.HasPrefix(text, "{") || strings.HasPrefix(text, "#+")
}

// each calls f for 0 to n-1 on several goroutines and waits for all. The first
// error, or the context's, ends the work. With total > 0 progress is told,
// counted from base.
func (b *Builder) each(ctx context.Context, n, total, base int, f func(i int) error) error {
	const batch = 32
	var next atomic.Int64
	var mu sync.Mutex
	var first error
	done := base
	work := func() {
		for {
			end := int(next.Add(batch))
			start := end - batch
			if start >= n {
				return
			}
			end = min(end, n)
			err := ctx.Err()
			for i := start; i < end && err == nil; i++ {
				err = f(i)
			}
			mu.Lock()
			if first == nil {
				first = err
			}
			done += end - start
			if total > 0 {
				b.opts.Progress(done, total)
			}
			stop := first != nil
			mu.Unlock()
			if stop {
				return
			}
		}
	}
	jobs := min(b.opts.Jobs, (n+batch-1)/batch)
	if jobs <= 1 {
		work()
		return first
	}
	var wg sync.WaitGroup
	for range jobs {
		wg.Go(work)
	}
	wg.Wait()
	return first
}
