package note

import (
	"regexp"
	"strconv"
	"strings"

	"lectern/internal/diag"
)

// Call is a shortcode that shows what only the site knows: a list of pages or
// of files. The text has a hole of kind [CallHole] in its place.
type Call struct {
	// Pages or Files says what is listed; the other is nil.
	Pages *PagesCall
	Files *FilesCall
	// Line and Col are the shortcode's place in the file.
	Line, Col int
}

// PagesCall asks for a list of pages, of children or pages.
type PagesCall struct {
	// Ref names the page whose pages are listed; "" is the note's own.
	Ref string
	// Axis is descendants, siblings, ancestors, taxonomy or term; "" is what the
	// page's kind suggests.
	Axis string
	// Levels is how many levels down or up are listed.
	Levels int
	// Flatten makes one list of all levels.
	Flatten bool
	// Kind is all, leaf or branch.
	Kind string
	// Hidden lists hidden pages too.
	Hidden bool
	Where  Condition
	// GroupBy is nil for one group; GroupLabel is nil for the value itself.
	GroupBy, GroupLabel *Expr
	GroupDesc           bool
	// OrderBy is nil for the site's own order.
	OrderBy []Order
	// Limit is how many pages are kept; 0 is all.
	Limit int

	// Display is tree, headings, sections, list or cards.
	Display string
	// Heading is the level of the first heading, Columns how many the list has.
	Heading, Columns               int
	Description, Breadcrumb, Image bool
}

// FilesCall asks for a list of the files that belong to a page.
type FilesCall struct {
	Ref string
	// Desc turns the order of names round.
	Desc bool
	// Pattern is a regular expression that names must match; "" is any.
	Pattern string
	// Attachments prefers the folder name.files beside the note, where Relearn
	// once looked.
	Attachments bool
}

// listings are the shortcodes that list pages and files.
func listings() []*shortcode {
	files := []param{
		{name: "style", pos: 1},
		{name: "color"},
		{name: "title", pos: 2},
		{name: "icon", pos: 3},
		{name: "expanded", flag: true},
		{name: "groupid"},
		{name: "sort"},
		{name: "pattern"},
		{name: "pageref"},
	}
	return []*shortcode{
		{
			name: "children", block: true,
			about: "A list of the pages below this one.",
			params: []param{
				{name: "type"},
				{name: "sort"},
				{name: "depth"},
				{name: "description", flag: true},
				{name: "showhidden", flag: true},
				{name: "breadcrumb", flag: true},
				{name: "headingdepth"},
				{name: "image", flag: true},
				{name: "style"},
				{name: "containerstyle"},
				{name: "page"},
				{name: "cardtemplate"},
			},
			show: func(r *render, c *call) { r.childPages(c, "") },
		},
		{
			name: "children-cards", block: true,
			about: "Cards of the pages below this one.",
			params: []param{
				{name: "sort"},
				{name: "depth"},
				{name: "description", flag: true},
				{name: "showhidden", flag: true},
				{name: "image", flag: true},
				{name: "style"},
				{name: "containerstyle"},
			},
			show: func(r *render, c *call) { r.childPages(c, "card") },
		},
		{
			name: "pages", block: true,
			about: "A list of pages, filtered, ordered and grouped.",
			params: []param{
				{name: "pageref", pos: 1},
				{name: "axis"},
				{name: "levels"},
				{name: "flatten", flag: true},
				{name: "kind"},
				{name: "hidden", flag: true},
				{name: "where"},
				{name: "groupby"},
				{name: "grouplabel"},
				{name: "grouporder"},
				{name: "orderby"},
				{name: "limit"},
				{name: "display"},
				{name: "headinglevel"},
				{name: "columns"},
				{name: "description", flag: true},
				{name: "breadcrumb", flag: true},
				{name: "image", flag: true},
				{name: "cardtemplate"},
				{name: "params"},
			},
			show: (*render).pages,
		},
		{
			name: "resources", inner: innerOptional, block: true,
			about: "A box with the files of the page's folder.", params: files,
			show: func(r *render, c *call) { r.files(c, "resources") },
		},
		{
			name: "attachments", inner: innerOptional, block: true,
			about: "A box with the files of the folder `name.files` beside the page, else of its own folder.", params: files,
			show: func(r *render, c *call) { r.files(c, "attachments") },
		},
	}
}

// siteCall leaves the hole for what the site fills in.
func (r *render) siteCall(c *call, call Call) {
	call.Line, call.Col = r.position(c.start)
	r.n.HasParts = true
	r.holes = append(r.holes, Hole{Pos: len(r.out), Kind: CallHole, Link: len(r.n.Calls)})
	r.n.Calls = append(r.n.Calls, call)
}

// choice returns a parameter that must be one of options; def stands for it
// where it is none or not given.
func (r *render) choice(c *call, name, def string, options ...string) string {
	a, given := c.arg(name)
	value := strings.ToLower(strings.TrimSpace(a.value))
	if !given || value == "" {
		return def
	}
	for _, o := range options {
		if o == value {
			return value
		}
	}
	hint := "it may be " + strings.Join(options, ", ")
	if near := diag.Nearest(value, options); near != "" {
		hint = "the nearest is \"" + near + "\""
	}
	r.report(diag.Warning, ruleParameter, a.off, "parameter \""+name+"\" can't be \""+a.value+"\"", hint)
	return def
}

// number returns a parameter that must be a number between low and high.
func (r *render) number(c *call, name string, def, low, high int) int {
	a, given := c.arg(name)
	value := strings.TrimSpace(a.value)
	if !given || value == "" {
		return def
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		r.report(diag.Warning, ruleParameter, a.off, "parameter \""+name+"\" is no number", "")
		return def
	}
	return min(max(n, low), high)
}

// truth returns a parameter that is true or false.
func (c *call) truth(name string, def bool) bool {
	v, given := c.get(name)
	if !given || strings.TrimSpace(v) == "" {
		return def
	}
	return isTrue(v)
}

// maxLevels is how deep a list of pages goes.
const maxLevels = 100

// pages reads the pages shortcode. What its front matter says below
// params.pages stands in for parameters that are not given.
func (r *render) pages(c *call) {
	c.defaults(r.pagesDefaults())
	p := &PagesCall{
		Ref:    strings.TrimSpace(c.str("pageref")),
		Axis:   r.choice(c, "axis", "", "descendants", "siblings", "ancestors", "taxonomy", "term"),
		Levels: r.number(c, "levels", 1, 1, maxLevels), Flatten: c.flag("flatten"),
		Kind: r.choice(c, "kind", "all", "all", "leaf", "branch"), Hidden: c.flag("hidden"),
		GroupDesc: r.choice(c, "grouporder", "asc", "asc", "desc") == "desc",
		Limit:     r.number(c, "limit", 0, 0, 1_000_000),
		Display:   r.choice(c, "display", "tree", "tree", "headings", "sections", "list", "cards"),
		Heading:   r.number(c, "headinglevel", 2, 1, 6), Description: c.flag("description"),
		Breadcrumb: c.flag("breadcrumb"), Image: c.truth("image", true),
	}
	columns := 1
	if p.Display == "cards" {
		columns = 3
	}
	p.Columns = r.number(c, "columns", columns, 1, 5)
	var err error
	wrong := func(name string) {
		if err != nil {
			a, _ := c.arg(name)
			r.report(diag.Warning, ruleParameter, a.off, "parameter \""+name+"\" can't be read: "+err.Error(), "")
		}
	}
	p.Where, err = parseCondition(c.str("where"))
	wrong("where")
	p.GroupBy, err = parseWholeExpr(c.str("groupby"))
	wrong("groupby")
	p.GroupLabel, err = parseWholeExpr(c.str("grouplabel"))
	wrong("grouplabel")
	if order := strings.TrimSpace(c.str("orderby")); !strings.EqualFold(order, "auto") {
		p.OrderBy, err = parseOrder(order)
		wrong("orderby")
	}
	r.siteCall(c, Call{Pages: p})
}

func (r *render) pagesDefaults() map[string]any {
	params, _ := r.n.Front.Params["params"].(map[string]any)
	if m, ok := params["pages"].(map[string]any); ok {
		return m
	}
	m, _ := r.n.Front.Params["pages"].(map[string]any)
	return m
}

// defaults adds parameters that are not given from values.
func (c *call) defaults(values map[string]any) {
	for _, p := range c.def.params {
		if _, given := c.arg(p.name); given {
			continue
		}
		if v, ok := values[p.name]; ok {
			if text, ok := asText(v); ok {
				c.args = append(c.args, arg{name: p.name, value: text, off: c.start})
			}
		}
	}
}

// files writes the box of a list of files.
func (r *render) files(c *call, kind string) {
	t := r.tone(c, "transparent")
	if t.look.icon == "" {
		t.look.icon = "paperclip"
	}
	if t.look.title == "" {
		t.look.title = r.p.opts.word(kind)
	}
	call := FilesCall{
		Ref: strings.TrimSpace(c.str("pageref")), Desc: r.choice(c, "sort", "asc", "asc", "desc") == "desc",
		Attachments: kind == "attachments",
	}
	if a, given := c.arg("pattern"); given {
		pattern, ok := filePattern(a.value)
		if !ok {
			r.report(diag.Warning, ruleParameter, a.off, "parameter \"pattern\" is no regular expression; all files are listed",
				`write ".*\.pdf" for the files that end in .pdf`)
		}
		call.Pattern = pattern
	}
	b := box{tone: t, icon: r.iconOf(c, t), body: func(r *render) {
		r.siteCall(c, Call{Files: &call})
		r.inner(c, false)
	}}
	if title := c.titleOf(t); title.value != "" {
		b.title = func(r *render) { r.title(title) }
	}
	if expanded, given := c.get("expanded"); given && strings.TrimSpace(expanded) != "" {
		b.fold, b.open, b.group = true, isTrue(expanded), strings.TrimSpace(c.str("groupid"))
	}
	r.box(b)
}

// maxPattern is how long a pattern for files may be.
const maxPattern = 1000

// filePattern returns the regular expression that a pattern for names is. Where
// it is none it is taken as one with wildcards, as the Learn theme had them.
func filePattern(s string) (pattern string, ok bool) {
	if len(s) > maxPattern {
		return "", false
	}
	if _, err := regexp.Compile(s); err == nil {
		return s, true
	}
	if !strings.Contains(s, "*") {
		return "", false
	}
	wild := "^" + strings.ReplaceAll(strings.ReplaceAll(regexp.QuoteMeta(s), `\*`, ".*"), `\?`, ".") + "$"
	_, err := regexp.Compile(wild)
	return wild, err == nil
}
