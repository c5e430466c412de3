package page

import (
	"slices"
	"strings"

	"lectern/internal/site"
)

// wanted reports whether the configuration asks for pages of kind k in the
// given format. By default all pages are HTML, and all that list others are
// feeds too.
func (r *Renderer) wanted(k site.Kind, format string) bool {
	if r.disabled(k.String()) || format == "rss" && r.disabled("rss") {
		return false
	}
	if formats, ok := r.cfg.Outputs[k.String()]; ok {
		return slices.Contains(formats, format)
	}
	return true
}

// disabled reports whether kind is one of Hugo's disableKinds, whatever its case.
func (r *Renderer) disabled(kind string) bool {
	return slices.ContainsFunc(r.cfg.DisableKinds, func(k string) bool { return strings.EqualFold(k, kind) })
}

// Outputs lists every generated file: a page for each of the site's pages,
// feeds, sitemap, robots.txt, 404.html, redirects. Files that the author's own
// win over are the caller's to leave out.
func (p *Pass) Outputs() []Output {
	out := make([]Output, 0, len(p.site.Pages)+p.site.Sections+len(p.site.Redirects)+8)
	for _, pg := range p.site.Pages {
		if p.r.html[pg.Kind] {
			out = append(out, Output{Path: pg.OutPath, Form: HTML, Page: pg})
		}
		out = p.formatOutputs(out, pg)
		if p.hasFeed(pg) {
			out = append(out, Output{Path: feedPath(pg.OutPath), Form: RSS, Page: pg})
			if pg.Kind == site.Changes {
				out = append(out, Output{Path: jsonFeedPath(pg.OutPath), Form: JSONFeed, Page: pg})
			}
		}
		if p.hasCalendar(pg) {
			out = append(out, Output{Path: calendarPath(pg.Kind, pg.OutPath), Form: Calendar, Page: pg})
		}
	}
	for _, alias := range p.site.Redirects {
		if p.r.html[alias.To.Kind] {
			out = append(out, Output{Path: alias.OutPath, Form: Redirect, Page: alias.To})
		}
	}
	if p.describesSearch() {
		out = append(out, Output{Path: p.openSearchPath(), Form: OpenSearch})
	}
	return append(p.machineOutputs(out), p.wholes()...)
}

// wholes are the files about the site as a whole, of which some stand once for
// all languages.
func (p *Pass) wholes() []Output {
	var out []Output
	add := func(kind, path string, form Form) {
		if !p.r.disabled(kind) {
			out = append(out, Output{Path: path, Form: form})
		}
	}
	cfg, main := p.r.cfg, !p.site.Secondary
	dir := cfg.LanguageDir
	if dir != "" {
		add("404", dir+"/404.html", NotFound)
	}
	if main {
		add("404", "404.html", NotFound)
	}
	if p.r.many {
		add("sitemap", cfg.LanguageKey+"/sitemap.xml", Sitemap)
	}
	switch {
	case !main:
	case p.r.many:
		add("sitemap", "sitemap.xml", SitemapIndex)
	default:
		add("sitemap", "sitemap.xml", Sitemap)
	}
	if main {
		add("robotstxt", "robots.txt", Robots)
		add("offline", workerPath, ServiceWorker)
	}
	if p.offline() {
		add("offline", manifestPath, WebManifest)
	}
	return out
}

// hasFeed reports whether pg has a feed. An unlisted section has none: nobody
// is told of it.
func (p *Pass) hasFeed(pg *site.Page) bool { return p.r.rss[pg.Kind] && !pg.Unlisted }

// feedPath returns the path or URL of the feed of the page at the path or URL
// of: beside its index.html, or in the folder of its name for go.html.
func feedPath(of string) string {
	if dir, ok := strings.CutSuffix(of, "index.html"); ok && (dir == "" || strings.HasSuffix(dir, "/")) {
		of = dir
	}
	if of == "" || strings.HasSuffix(of, "/") {
		return of + "index.xml"
	}
	return strings.TrimSuffix(of, ".html") + "/index.xml"
}
