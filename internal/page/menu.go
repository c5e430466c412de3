package page

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"lectern/internal/site"
)

// What bounds a menu, so that it does not grow with the site.
const (
	// wholeTree is the number of sections up to which a menu shows them all.
	wholeTree = 60
	// siblings is how many are shown on each side of the current section, and
	// of its parent, in a site with more; farther up it is fewSiblings.
	siblings, fewSiblings = 10, 2
	// noteBlock is how many notes of one section a menu shows together.
	noteBlock = 60
	// menuDepth is how many levels of a bigger site a menu shows at most.
	menuDepth = 6
)

// menuLine is one line of a menu, in order; level says how it nests.
type menuLine struct {
	level int
	// page is where the line leads.
	page *site.Page
	url  string
	// text is the words of a line that is not a page's own, such as "Later notes".
	text string
}

// label returns the line's words.
func (l menuLine) label() string {
	if l.text != "" {
		return l.text
	}
	if n := l.page.Note; n != nil && n.Front.MenuPre+n.Front.MenuPost != "" {
		return strings.TrimSpace(plain(n.Front.MenuPre) + " " + l.page.LinkTitle + " " + plain(n.Front.MenuPost))
	}
	return l.page.LinkTitle
}

// menuID says which menu: that of a section, as seen from documents of one
// depth, with one block of the section's notes.
type menuID struct {
	section *site.Page
	// depth is that of the documents, or absolutely for 404.html, which may be
	// shown at any.
	depth int
	block int
}

const absolutely = -1

// root returns the prefix of the menu's links.
func (id menuID) root(r *Renderer) string {
	if id.depth == absolutely {
		return r.basePath
	}
	return rootFrom(id.depth)
}

// menu is a section's menu as HTML. It is the same for all pages of one
// menuID but for the mark of the current page, which each puts in for itself.
type menu struct {
	key  uint64
	once sync.Once
	html []byte
}

// passMenus are the menus of one pass.
type passMenus struct {
	mu   sync.Mutex
	byID map[menuID]*menu
	// place gives each note's index in its section, for sections of several blocks.
	place func() map[*site.Page]int
	// common is the part of each menu's key that is the same for all.
	common func() uint64
}

func (m *passMenus) init(p *Pass) {
	m.byID = map[menuID]*menu{}
	m.place = sync.OnceValue(func() map[*site.Page]int { return noteIndexes(p.site.Pages) })
	m.common = sync.OnceValue(p.hashMenuFrame)
}

func noteIndexes(pages []*site.Page) map[*site.Page]int {
	place := map[*site.Page]int{}
	for _, pg := range pages {
		if len(pg.Notes) > noteBlock {
			for i, n := range pg.Notes {
				place[n] = i
			}
		}
	}
	return place
}

// menuFor returns the menu that pg shows; for nil the one of 404.html.
func (p *Pass) menuFor(pg *site.Page) *menu {
	id := p.menuID(pg)
	p.menus.mu.Lock()
	defer p.menus.mu.Unlock()
	if m := p.menus.byID[id]; m != nil {
		return m
	}
	h := hash(p.menus.common())
	h.str(id.root(p.r))
	for _, l := range p.menuLines(id) {
		h.num(uint64(l.level))
		h.str(l.text)
		h.str(l.url)
		h.str(l.label())
		h.str(menuIcon(l.page))
		h.str(menuIconAfter(l.page))
	}
	m := p.r.menus.get(uint64(h))
	p.menus.byID[id] = m
	return m
}

func (p *Pass) menuID(pg *site.Page) menuID {
	if pg == nil {
		return menuID{section: p.site.Home, depth: absolutely}
	}
	id := menuID{section: p.site.Home, depth: pg.Depth()}
	switch pg.Kind {
	case site.Section:
		id.section = pg
	case site.Single:
		if pg.Parent != nil {
			id.section = pg.Parent
		}
		if len(id.section.Notes) > noteBlock {
			id.block = p.menus.place()[pg] / noteBlock
		}
	}
	return id
}

// htmlOf returns the menu's bytes, made when the first page asks.
func (p *Pass) htmlOf(m *menu, id menuID) []byte {
	m.once.Do(func() {
		s := p.r.sheets.get()
		defer p.r.sheets.put(s)
		p.must(s, menuFrame(&menuView{pass: p, root: id.root(p.r), lines: p.menuLines(id)}))
		m.html = bytes.Clone(s.own)
	})
	return m.html
}

// putMenu puts pg's menu into s, with the line of pg itself marked.
func (p *Pass) putMenu(s *sheet, pg *site.Page) {
	id := p.menuID(pg)
	html := p.htmlOf(p.menuFor(pg), id)
	if pg != nil {
		link := append(make([]byte, 0, 128), `<a href="`...)
		link = append(appendEscaped(link, rel(id.root(p.r), pg.URL)), '"')
		if i := bytes.Index(html, link); i >= 0 {
			i += len(`<a`)
			s.share(html[:i])
			s.own = append(s.own, ` aria-current="page"`...)
			html = html[i:]
		}
	}
	s.share(html)
}

// menuLines returns the lines of a menu: all sections in a site of few, else
// those around the current one; and in the current section its notes.
func (p *Pass) menuLines(id menuID) []menuLine {
	b := menuBuilder{pass: p, id: id, lines: make([]menuLine, 0, 64)}
	home := p.site.Home
	if text, ok := p.homeLine(); ok {
		b.add(0, home, text)
	}
	if p.site.Sections <= wholeTree {
		b.tree(home, 0)
		return b.lines
	}
	if id.section == home {
		b.notes(0)
	}
	var path []*site.Page // from below home to the current section
	for at := id.section; at != nil && at != home; at = at.Parent {
		path = append(path, at)
	}
	slices.Reverse(path)
	if len(path) > menuDepth {
		path = path[len(path)-menuDepth:]
	}
	b.around(home.Sections, path, 0)
	b.add(0, home, p.r.words.allSections.of(p.site.Sections))
	return b.lines
}

type menuBuilder struct {
	pass  *Pass
	id    menuID
	lines []menuLine
}

func (b *menuBuilder) add(level int, pg *site.Page, text string) {
	b.lines = append(b.lines, menuLine{level: level, page: pg, url: b.pass.menuURL(pg), text: text})
}

// block returns which of the current section's notes are shown.
func (b *menuBuilder) block() (from, to int) {
	from = b.id.block * noteBlock
	return from, min(from+noteBlock, len(b.id.section.Notes))
}

// notes adds the block of the current section's notes.
func (b *menuBuilder) notes(level int) {
	from, to := b.block()
	b.earlier(level, from)
	for _, n := range b.id.section.Notes[from:to] {
		b.add(level, n, "")
	}
	b.later(level, to)
}

func (b *menuBuilder) earlier(level, from int) {
	if from > 0 {
		b.add(level, b.id.section, b.pass.r.words.earlier)
	}
}

func (b *menuBuilder) later(level, to int) {
	if to < len(b.id.section.Notes) {
		b.add(level, b.id.section, b.pass.r.words.later)
	}
}

// tree adds all sections below sec, and among them, where sec is the current
// section or always open, the block of its notes.
func (b *menuBuilder) tree(sec *site.Page, level int) {
	from, to := 0, 0
	switch {
	case sec == b.id.section:
		from, to = b.block()
	case b.pass.isOpen(sec):
		to = min(noteBlock, len(sec.Notes))
	}
	i := 0 // of the next note
	for _, c := range sec.Children {
		if c.Kind == site.Section {
			b.add(level, c, "")
			b.tree(c, level+1)
			continue
		}
		if i == from && from > 0 {
			b.add(level, sec, b.pass.r.words.earlier)
		}
		if i >= from && i < to {
			b.add(level, c, "")
			if i == to-1 && to < len(sec.Notes) {
				b.add(level, sec, b.pass.r.words.later)
			}
		}
		i++
	}
}

// around adds those of level's sections that are near the first of path, and
// what is below that one. Where path has ended, it adds the first few.
func (b *menuBuilder) around(sections, path []*site.Page, level int) {
	if len(path) == 0 {
		for _, s := range sections[:min(2*siblings, len(sections))] {
			b.add(level, s, "")
		}
		return
	}
	span := siblings
	if len(path) > 2 {
		span = fewSiblings
	}
	i := slices.Index(sections, path[0])
	from, to := max(0, i-span), min(len(sections), max(i, 0)+span+1)
	if i < 0 { // hidden, or its ancestors were cut off
		from, to = 0, 0
		b.current(path, level)
	}
	for _, s := range sections[from:to] {
		if s == path[0] {
			b.current(path, level)
		} else {
			b.add(level, s, "")
		}
	}
}

// current adds the first section of path with all below it.
func (b *menuBuilder) current(path []*site.Page, level int) {
	s := path[0]
	b.add(level, s, "")
	if s == b.id.section {
		b.notes(level + 1)
	}
	b.around(s.Sections, path[1:], level+1)
}

// menuCache keeps menus from pass to pass, by their keys, so that pages made
// in different passes share one copy. What two passes in a row did not ask for
// goes.
type menuCache struct {
	mu   sync.Mutex
	now  map[uint64]*menu
	last map[uint64]*menu
}

// age begins a new pass.
func (c *menuCache) age() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last, c.now = c.now, make(map[uint64]*menu, len(c.now))
}

func (c *menuCache) get(key uint64) *menu {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.now[key]
	if m == nil {
		if m = c.last[key]; m == nil {
			m = &menu{key: key}
		}
		c.now[key] = m
	}
	return m
}

// menuView is what the menu's template shows.
type menuView struct {
	pass  *Pass
	root  string
	lines []menuLine
}

// below returns the end of the lines that nest below lines[i].
func below(lines []menuLine, i int) int {
	end := i + 1
	for end < len(lines) && lines[end].level > lines[i].level {
		end++
	}
	return end
}
