package build

import (
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"lectern/internal/page"
	"lectern/internal/snapshot"
	"lectern/internal/source"
)

// rendered is a generated file and the key of all that it was made from.
type rendered struct {
	key  uint64
	file *snapshot.File
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
		i = len(todo) - 1 - i // long lists and files about the whole site come last: no worker shall wait for them
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
	return b.assemble()
}

// assemble makes the snapshot of the generated files, the theme's assets and
// the author's own files.
func (b *Builder) assemble() error {
	files := slices.Concat(b.files, b.assets(), b.published, b.readyExtras())
	if list := b.langs[0].pass.OfflineList(files); list != nil {
		files = append(files, list)
	}
	snap, err := snapshot.New(files)
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

// eachAlone is each for work that takes long: every piece is given out alone.
func (b *Builder) eachAlone(ctx context.Context, n int, f func(i int) error) error {
	var next atomic.Int64
	errs := make([]error, n)
	var wg sync.WaitGroup
	for range min(b.opts.Jobs, n) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if errs[i] = ctx.Err(); errs[i] == nil {
					errs[i] = f(i)
				}
				if errs[i] != nil {
					next.Store(int64(n))
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
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
