// Package page renders the pages of a [site.Site]: the theme, as compiled
// templates, its style sheets, scripts and icons, the feeds and the sitemap.
//
// A page is a [snapshot.Body] made of parts: the note's own HTML and the menu
// of its section stand in memory once and are shared by all that show them.
// The menu names sections and the current section's notes, never the whole
// site's, so that a page does not grow with the site.
//
// Every link is relative to its document. Nothing is read from disk and no
// clock is asked: equal sites give equal bytes.
package page

import (
	"lectern/internal/config"
	"lectern/internal/site"
	"lectern/internal/snapshot"
)

// Form is what an [Output] is.
type Form uint8

// The forms of generated files.
const (
	HTML Form = iota
	RSS
	Sitemap
	Robots
	NotFound
	Redirect
)

// Output is one file that the site's model asks for.
type Output struct {
	// Path is the slash-separated path of the file in the site.
	Path string
	Form Form
	// Page is the page it shows (for a Redirect, the one it leads to); nil for
	// files about the site as a whole.
	Page *site.Page
}

// Renderer holds what stays the same from build to build: configuration,
// templates, assets. It may be used by many goroutines.
type Renderer struct{ cfg *config.Config }

// New returns the renderer for a site with configuration cfg.
func New(cfg *config.Config) *Renderer { return &Renderer{cfg: cfg} }

// Pass is the rendering of one state of a site. Its methods may be called by
// many goroutines; what several pages share (a section's menu) is made once,
// when the first of them asks.
type Pass struct {
	r    *Renderer
	site *site.Site
}

// Pass returns the pass over s, which must not change while it is used.
func (r *Renderer) Pass(s *site.Site) *Pass { return &Pass{r: r, site: s} }

// Outputs lists every generated file: a page for each of the site's pages,
// feeds, sitemap, robots.txt, 404.html, redirects. Files that the author's own
// win over are the caller's to leave out.
func (p *Pass) Outputs() []Output { panic("TODO") }

// Key identifies all that Render reads to make o: equal keys (in one process)
// mean equal bytes, so that the file made before can be used again. It is
// far cheaper than Render.
func (p *Pass) Key(o Output) uint64 { panic("TODO") }

// Render makes o's content.
func (p *Pass) Render(o Output) snapshot.Body { panic("TODO") }

// Assets returns the style sheets, scripts and libraries that the site's pages
// load, by their hashed names under lectern/. What no page needs is not there.
func (p *Pass) Assets() []*snapshot.File { panic("TODO") }
