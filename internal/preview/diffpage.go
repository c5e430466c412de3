package preview

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"lectern/internal/server"
)

// serveDiff answers with what differs from the live site.
func (p *pageOf) serveDiff(rw http.ResponseWriter) {
	w := p.words
	d, err := p.h.set.difference(p.r.Context(), &p.view)
	if err != nil {
		return // the reader went away
	}
	var b strings.Builder
	b.WriteString(`<p><a href="` + p.root() + `">` + esc(w.back) + `</a></p>` + p.about())
	if note := p.note(); note != "" {
		b.WriteString(`<p role="status">` + esc(note) + `</p>`)
	}
	switch {
	case d == nil:
	case d.Empty():
		b.WriteString(`<p>` + esc(w.nothing) + `</p>`)
	default:
		b.WriteString(`<p>` + esc(w.intro) + `</p>`)
		if n := w.counts(d); n != "" {
			b.WriteString(`<p><strong>` + esc(n) + `</strong></p>`)
		}
		p.writePages(&b, d)
		p.writeFiles(&b, d)
	}
	b.WriteString(p.findings(p.view.site.Found, p.view.site.Elsewhere))
	if p.view.site.Cleaned {
		b.WriteString(`<p class="small">` + esc(w.cleaned) + `</p>`)
	}
	server.ServeDocument(rw, p.r, http.StatusOK, p.document(w.title, b.String()))
}

// openPages is how many pages are shown unfolded.
const openPages = 20

func (p *pageOf) writePages(b *strings.Builder, d *Difference) {
	for i, c := range d.Pages {
		open := ""
		if i < openPages {
			open = " open"
		}
		fmt.Fprintf(b, `<details class="change"%s><summary>%s <span>%s</span> <code>/%s</code></summary>`, open, p.mark(c.Kind), esc(c.Title), esc(c.Path))
		if c.Kind != Removed {
			href := (&url.URL{Path: p.root() + c.Path}).EscapedPath()
			b.WriteString(`<p><a href="` + esc(href) + `">` + esc(p.words.openPage) + `<span class="unseen"> ` + esc(c.Title) + `</span></a></p>`)
		}
		p.writeLines(b, c)
		b.WriteString(`</details>`)
	}
	if d.MorePages > 0 {
		b.WriteString(`<p>` + esc(fmt.Sprintf(p.words.moreOf, d.MorePages)) + `</p>`)
	}
}

// mark is the word for what happened.
func (p *pageOf) mark(k Kind) string {
	switch k {
	case Added:
		return `<b class="mark added">` + esc(p.words.added) + `</b>`
	case Removed:
		return `<b class="mark removed">` + esc(p.words.removed) + `</b>`
	}
	return `<b class="mark">` + esc(p.words.changed) + `</b>`
}

func (p *pageOf) writeLines(b *strings.Builder, c PageChange) {
	b.WriteString(`<div class="lines">`)
	for _, l := range c.Lines {
		switch l.Op {
		case Gap:
			b.WriteString(`<p class="gap"><span aria-hidden="true">⋯</span><span class="unseen">` + esc(p.words.leftOut) + `</span></p>`)
			continue
		case Insert:
			b.WriteString(`<p class="line ins">`)
		case Delete:
			b.WriteString(`<p class="line del">`)
		default:
			b.WriteString(`<p class="line">`)
		}
		for _, w := range l.Words {
			switch {
			case c.Kind != Changed: // all of it is new, or gone
				b.WriteString(esc(w.Text))
			case w.Op == Insert:
				b.WriteString(`<ins><span class="unseen">` + esc(p.words.inserted) + ` </span>` + esc(w.Text) + `</ins>`)
			case w.Op == Delete:
				b.WriteString(`<del><span class="unseen">` + esc(p.words.deleted) + ` </span>` + esc(w.Text) + `</del>`)
			default:
				b.WriteString(esc(w.Text))
			}
		}
		b.WriteString(`</p>`)
	}
	b.WriteString(`</div>`)
	if c.More {
		b.WriteString(`<p>` + esc(p.words.more) + `</p>`)
	}
}

func (p *pageOf) writeFiles(b *strings.Builder, d *Difference) {
	if len(d.Files) == 0 {
		return
	}
	b.WriteString(`<h2>` + esc(p.words.files) + `</h2><ul>`)
	for _, f := range d.Files {
		b.WriteString(`<li>` + p.mark(f.Kind) + ` <code>/` + esc(f.Path) + `</code></li>`)
	}
	if d.MoreFiles > 0 {
		b.WriteString(`<li>` + esc(fmt.Sprintf(p.words.moreOf, d.MoreFiles)) + `</li>`)
	}
	b.WriteString(`</ul>`)
}
