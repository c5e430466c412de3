package page

import (
	"cmp"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"lectern/internal/note"
	"lectern/internal/site"
)

// pageSingle is for templates that can't name the package besides their own view.
const pageSingle = site.Single

// view is what the templates show of one page. Its methods compute; the
// templates only place.
type view struct {
	r    *Renderer
	pass *Pass
	w    *words
	s    *sheet
	// page is nil for 404.html.
	page *site.Page
	root string

	title, description  string
	canonical, feed     templ.SafeURL
	noindex             bool
	hasCode, hasMermaid bool
	// hasParts is true for what the rarer shortcodes make, whose style is a file
	// of its own; hasTabGroups for tabs that switch together.
	hasParts, hasTabGroups bool
	hasMath                bool

	kept []resource // backing of resources, used again for each row
	// embed shows the notes of a page that has several, once one is asked for.
	embed *embedder
	// plate is the recording's, once watched.
	plate   watch
	watched bool
	// filter is that of the page's list, once useFilter has made it.
	filter *filter
}

func (p *Pass) view(s *sheet, pg *site.Page) *view {
	v := &view{r: p.r, pass: p, w: p.r.words, s: s, page: pg}
	if pg == nil {
		v.root, v.title, v.noindex = p.r.basePath, v.w.notFound, true
		return v
	}
	v.root, v.title, v.noindex = rootFrom(pg.Depth()), pg.Title, pg.Unlisted || p.r.hides(pg)
	if n := pg.Note; n != nil {
		v.description = n.Front.Description
		if v.description == "" {
			v.description = n.Summary
		}
		v.hasCode, v.hasMermaid, v.hasMath = n.HasCode, n.HasMermaid, n.HasMath
		v.hasParts, v.hasTabGroups = n.HasParts, n.HasTabGroups
	}
	if pg.Kind.Special() {
		for _, m := range pg.Members {
			if n := m.Note; n != nil && embeds(pg.Kind) {
				v.hasCode, v.hasMermaid = v.hasCode || n.HasCode, v.hasMermaid || n.HasMermaid
				v.hasParts, v.hasTabGroups = v.hasParts || n.HasParts, v.hasTabGroups || n.HasTabGroups
				v.hasMath = v.hasMath || n.HasMath
			}
		}
	}
	if v.description == "" && pg.Kind == site.Home {
		v.description = plain(p.r.cfg.Description)
	}
	if pg.Lead != nil { // its text stands there as well
		v.noindex = pg.Lead.Unlisted
		if p.r.known && !pg.Lead.Unlisted {
			v.canonical = templ.SafeURL(absolute(p.r.base, pg.Lead.URL))
		}
	}
	if p.r.known && !pg.Unlisted {
		v.canonical = templ.SafeURL(absolute(p.r.base, pg.URL))
	}
	if p.hasFeed(pg) {
		v.feed = v.rel(feedPath(pg.URL))
	}
	return v
}

// writeHTML renders what is a document: a page, a redirect, 404.html.
func (p *Pass) writeHTML(s *sheet, o Output) {
	switch o.Form {
	case Redirect:
		v := p.view(s, o.Page)
		v.root = rootFrom(strings.Count(o.Path, "/"))
		p.must(s, redirect(v))
	case NotFound:
		p.must(s, document(p.view(s, nil)))
	default:
		p.must(s, document(p.view(s, o.Page)))
	}
}

// must renders c. Templates write to memory and ask nothing of the outside, so
// that an error can only be a mistake in this package.
func (p *Pass) must(s *sheet, c templ.Component) {
	if err := s.render(c); err != nil {
		panic("page: a template failed: " + err.Error())
	}
}

func (p *Pass) siteTitle() string { return cmp.Or(p.r.cfg.Title, p.site.Home.Title) }

// headTitle is the document's title: "Page · Site", and at home the site's alone.
func (v *view) headTitle() string {
	if v.page != nil && v.page.Kind == site.Home {
		return v.pass.siteTitle()
	}
	return v.title + v.separator() + v.pass.siteTitle()
}

func (v *view) isHome() bool { return v.page != nil && v.page.Kind == site.Home }

func (v *view) ogType() string {
	if v.page.Kind == site.Single {
		return "article"
	}
	return "website"
}

func (v *view) rel(url string) templ.SafeURL     { return templ.SafeURL(rel(v.root, url)) }
func (m *menuView) rel(url string) templ.SafeURL { return templ.SafeURL(rel(m.root, url)) }

func (v *view) asset(id assetID) templ.SafeURL { return templ.SafeURL(v.root + v.r.assets[id].path) }

// redirectCanonical is the address that an alias leads to, complete where the
// site's is known.
func (v *view) redirectCanonical() templ.SafeURL {
	if v.canonical != "" {
		return v.canonical
	}
	return v.rel(v.page.URL)
}

func (v *view) copyright() string { return plain(v.r.cfg.Copyright) }

func (v *view) menu() templ.Component {
	return slot{v.s, func(s *sheet) { v.pass.putMenu(s, v.page) }}
}

func (v *view) text() templ.Component {
	return slot{v.s, func(s *sheet) {
		appendNote(s, v.page.Note, v.page.Links, v.root, func(i int) { v.pass.list(s, v.page, i, v.root) })
	}}
}

func (m *menuView) icon(name string) templ.Component {
	if name == "" {
		return templ.NopComponent
	}
	return templ.Raw(inlineIcon(name))
}

func (v *view) hasText() bool { return v.page.Note != nil && len(v.page.Note.Body.HTML) > 0 }

// noteLang is the note's language where it is not the site's.
func (v *view) noteLang() string {
	if v.page.Note == nil || strings.EqualFold(v.page.Note.Front.Language, v.r.lang) {
		return ""
	}
	return v.page.Note.Front.Language
}

// ancestors are the sections above the page, home first.
func (v *view) ancestors() []*site.Page {
	var up []*site.Page
	for at := v.page.Parent; at != nil; at = at.Parent {
		if at.Kind != site.Home || !v.flag("disablerootbreadcrumb") {
			up = append(up, at)
		}
	}
	for i, j := 0, len(up)-1; i < j; i, j = i+1, j-1 {
		up[i], up[j] = up[j], up[i]
	}
	return up
}

// crumb is the short name of a page in a line that leads to it.
func (v *view) crumb(pg *site.Page) string {
	if pg.Kind == site.Home {
		return v.w.home
	}
	return pg.LinkTitle
}

// toc returns the headings of the levels that the configuration asks for.
func (v *view) toc() []note.Heading {
	if v.page.Note == nil || v.flag("disabletoc") {
		return nil
	}
	from, to := v.tocLevels()
	all := v.page.Note.Headings
	var out []note.Heading
	for i := range all {
		if all[i].Level >= from && all[i].Level <= to && all[i].ID != "" {
			if out == nil {
				out = make([]note.Heading, 0, len(all)-i)
			}
			out = append(out, all[i])
		}
	}
	return out
}

// tocLevels are Hugo's settings, with its defaults where there are none.
func (v *view) tocLevels() (from, to int) {
	m := &v.r.cfg.Markup
	if m.TOCStart == 0 && m.TOCEnd == 0 {
		return 2, 3
	}
	if m.TOCEnd < 0 {
		return m.TOCStart, 6
	}
	return m.TOCStart, m.TOCEnd
}

func (v *view) tocDepth(h note.Heading) int {
	from, _ := v.tocLevels()
	return h.Level - max(from, 1)
}

func tocClass(depth int) string { return [...]string{"", "t1", "t2", "t3", "t4", "t5"}[min(depth, 5)] }

func fragment(id string) templ.SafeURL { return templ.SafeURL("#" + escapeFragment(id)) }

// editURL is where the page's file can be changed, as Relearn makes it: the
// path below the content folder replaces ${FilePath}, or else is added.
func (v *view) editURL() templ.SafeURL {
	if v.page.Note == nil {
		return ""
	}
	link := v.r.cfg.EditLink(v.page.Note.Path, v.page.Note.Front.Params)
	if link == "" {
		return ""
	}
	return templ.URL(link)
}

// hasSprite reports whether the page shows icons that a sprite must hold.
func (v *view) hasSprite() bool {
	return v.page != nil && (v.listsNotes() || len(v.icons()) > 0)
}

// icons are the names of those that the texts of the page show.
func (v *view) icons() []string {
	switch {
	case v.page.Note != nil:
		return v.page.Note.Icons
	case !embeds(v.page.Kind):
		return nil
	}
	var all []string
	for _, m := range v.page.Members {
		if m.Note != nil {
			all = append(all, m.Note.Icons...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func (v *view) listsNotes() bool {
	switch v.page.Kind {
	case site.Home, site.Section:
		return len(v.page.Notes) > 0 || v.page.Kind == site.Section && len(v.page.Members) > 0
	case site.Term, site.Single, site.Person, site.Sessions:
		return len(v.page.Members) > 0
	}
	return false
}

func (v *view) sprite() templ.Component {
	return slot{v.s, func(s *sheet) {
		if v.listsNotes() {
			s.share([]byte(rowSymbols))
		}
		v.r.putSprite(s, v.icons())
	}}
}
