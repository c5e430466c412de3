package page

import (
	"cmp"
	"strings"

	"github.com/a-h/templ"

	"lectern/internal/config"
	"lectern/internal/site"
)

// front is the front matter's further fields; nil for a page without a note.
func front(pg *site.Page) map[string]any {
	if pg == nil || pg.Note == nil {
		return nil
	}
	return pg.Note.Front.Params
}

// flag is one of Relearn's parameters, of the page or else of the site.
func (v *view) flag(name string) bool { return v.r.cfg.ParamFlag(front(v.page), name) }

// separator stands between the titles of page and site.
func (v *view) separator() string {
	if s := strings.TrimSpace(v.r.cfg.ParamText(nil, "titleseparator")); s != "" {
		return " " + s + " "
	}
	return " · "
}

// author is who the page's head says it is by.
func (v *view) author() string {
	if v.page == nil || v.flag("hideauthorname") {
		return ""
	}
	if n := v.page.Note; n != nil && len(n.Front.Authors) > 0 {
		return strings.Join(n.Front.Authors, ", ")
	}
	return v.r.cfg.Author()
}

// updatedBy is who changed the note last.
func (v *view) updatedBy() string {
	if v.flag("hideauthorname") {
		return ""
	}
	s, _ := config.OwnParam(front(v.page), "lastmodifierdisplayname").(string)
	return plain(s)
}

// crumbs are the pages that the line above the title leads to.
func (v *view) crumbs() []*site.Page {
	if v.flag("disablebreadcrumb") || v.page.Kind == site.Term && v.flag("disabletermbreadcrumbs") {
		return nil
	}
	return v.ancestors()
}

// hides reports whether search engines shall not know of pg.
func (r *Renderer) hides(pg *site.Page) bool {
	return pg.Hidden && r.cfg.ParamFlag(nil, "disableseohiddenpages")
}

// heading is the page's title between what its front matter wants there.
func (v *view) heading() templ.Component {
	return slot{v.s, func(s *sheet) {
		v.beside(s, "headingpre", "", " ")
		s.own = appendEscaped(s.own, v.title)
		v.beside(s, "headingpost", " ", "")
	}}
}

// beside writes the icon and the words of a piece of HTML beside the title. It
// is no part of the title.
func (v *view) beside(s *sheet, name, before, after string) {
	html, _ := config.OwnParam(front(v.page), name).(string)
	icon, text := inlineIcon(fontAwesome(html)), plain(html)
	if icon == "" && text == "" {
		return
	}
	s.own = append(s.own, before+`<span data-chrome>`...)
	s.own = append(s.own, icon...)
	s.own = appendEscaped(s.own, text)
	s.own = append(s.own, `</span>`+after...)
}

// menuURL is where the menu's line for pg leads.
func (p *Pass) menuURL(pg *site.Page) string {
	params := front(pg)
	if params == nil {
		return pg.URL
	}
	if ref, _ := config.OwnParam(params, "menupageref").(string); ref != "" {
		if other := p.pageAt(ref); other != nil {
			return other.URL
		}
	}
	if url, _ := config.OwnParam(params, "menuurl").(string); url != "" && !unsafeScheme(url) {
		return url
	}
	return pg.URL
}

// isOpen reports whether the menu shows the notes of sec wherever the reader
// is: the section says so, or one above it, or the site.
func (p *Pass) isOpen(sec *site.Page) bool {
	for at := sec; at != nil; at = at.Parent {
		if v := config.OwnParam(front(at), "alwaysopen"); v != nil && v != "" {
			return p.r.cfg.ParamFlag(front(at), "alwaysopen")
		}
	}
	return p.r.cfg.ParamFlag(nil, "alwaysopen")
}

// homeLine is what the menu calls home; ok is false where it shall not.
func (p *Pass) homeLine() (text string, ok bool) {
	cfg := p.r.cfg
	return cmp.Or(plain(cfg.ParamText(nil, "linktitle")), plain(cfg.ParamText(nil, "landingpagename")), p.r.words.home),
		!cfg.ParamFlag(nil, "disablelandingpagebutton")
}
