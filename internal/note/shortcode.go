package note

import (
	"slices"
	"sort"
	"strings"

	"lectern/internal/diag"
)

// shortcode defines one shortcode. To add one, write its definition and put it
// into newRegistry.
type shortcode struct {
	name    string
	aliases []string
	// about says in a sentence what it shows, for the reference.
	about  string
	params []param
	inner  innerText
	// raw inner text is taken as it stands: no Markdown, no shortcodes in it.
	raw bool
	// block is true for one that shows as a block: it ends a paragraph.
	block bool
	// inLine is true for inner text with which such a one stays in its line.
	inLine func(inner []byte) bool
	// text is true for one that stands for a mere text, in code too; ref for one
	// whose text is the address of a page.
	text, ref bool
	// plain returns the text of one that stands for a text and is no ref.
	plain func(r *render, c *call) string
	show  func(r *render, c *call)
}

// innerText says whether a shortcode has text between two tags.
type innerText uint8

const (
	innerNone innerText = iota
	innerOptional
	innerRequired
)

// param defines one parameter.
type param struct {
	name    string
	aliases []string
	// pos is its place among positional parameters, from 1; 0 for none.
	pos  int
	flag bool // true or false
}

// registry finds shortcodes by name or alias.
type registry struct {
	byName map[string]*shortcode
	names  []string // sorted, for hints
}

func newRegistry() *registry {
	g := &registry{byName: map[string]*shortcode{}}
	for _, defs := range [][]*shortcode{boxes(), inlines(), references(), media(), tabbed(), decks(), trees(), embeds(), listings(), parameters(), includes(), specs()} {
		for _, d := range defs {
			for _, name := range append([]string{d.name}, d.aliases...) {
				g.byName[name] = d
				g.names = append(g.names, name)
			}
		}
	}
	sort.Strings(g.names)
	return g
}

func (g *registry) find(name string) *shortcode {
	if d, ok := g.byName[name]; ok {
		return d
	}
	return g.byName[strings.ToLower(name)]
}

// param finds a named parameter of the definition.
func (d *shortcode) param(name string) *param {
	for i := range d.params {
		if p := &d.params[i]; p.name == name || slices.Contains(p.aliases, name) {
			return p
		}
	}
	return nil
}

// showsThing is true for a shortcode that shows something to read by itself: a
// picture, a list, code. Those with a text show what that says; a recording is
// no notes, as a button to one is none.
func (d *shortcode) showsThing() bool {
	switch d.name {
	case "icon", "comment", "youtube", "vimeo":
		return false
	}
	return d.raw || d.inner == innerNone && !d.text || d.name == "resources" || d.name == "attachments"
}

// get returns the value of a parameter by its definition's name.
func (c *call) get(name string) (value string, given bool) {
	a, given := c.arg(name)
	return a.value, given
}

func (c *call) str(name string) string {
	v, _ := c.get(name)
	return v
}

// has is true where the parameter is given and not empty.
func (c *call) has(name string) bool { return strings.TrimSpace(c.str(name)) != "" }

// arg returns the parameter as written, for the place of a finding.
func (c *call) arg(name string) (arg, bool) {
	p := c.def.param(name)
	if p == nil {
		return arg{}, false
	}
	position := 0
	for _, a := range c.args {
		if a.name == "" {
			position++
		}
		if a.name == "" && position == p.pos || a.name != "" && (a.name == p.name || slices.Contains(p.aliases, a.name)) {
			return a, true
		}
	}
	return arg{}, false
}

func (c *call) flag(name string) bool {
	v, ok := c.get(name)
	return ok && isTrue(v)
}

func isTrue(v string) bool {
	switch strings.ToLower(strings.TrimSpace(v)) {
	case "true", "1", "yes", "on":
		return true
	}
	return false
}

func isFalse(v string) bool {
	switch strings.ToLower(strings.TrimSpace(v)) {
	case "false", "0", "no", "off", "":
		return true
	}
	return false
}

// check reports, once, what is wrong with the call's name and parameters.
func (c *call) check(r *render) {
	if c.checked {
		return
	}
	c.checked = true
	if c.def == nil {
		if c.name == "" {
			return
		}
		if _, own := slices.BinarySearch(r.p.opts.Own, strings.ToLower(c.name)); own {
			r.useOwn(c)
			return
		}
		hint := "its inner text is shown as it is"
		if near := diag.Nearest(c.name, r.p.shortcodes.names); near != "" {
			hint = "the nearest is \"" + near + "\""
			c.markUnknown(r, near)
		}
		r.report(diag.Warning, ruleUnknown, c.start, "no such shortcode \""+c.name+"\"", hint)
		return
	}
	c.markDated(r)
	position := 0
	for _, a := range c.args {
		if a.name == "" {
			position++
			if !slices.ContainsFunc(c.def.params, func(p param) bool { return p.pos == position }) {
				r.report(diag.Warning, ruleParameter, a.off, "shortcode \""+c.name+"\" takes no parameter at this place", c.def.usage())
			}
			continue
		}
		p := c.def.param(a.name)
		if p == nil {
			r.report(diag.Warning, ruleParameter, a.off, "shortcode \""+c.name+"\" has no parameter \""+a.name+"\"", c.def.hint(a.name))
			continue
		}
		if p.flag && !isTrue(a.value) && !isFalse(a.value) {
			r.report(diag.Warning, ruleParameter, a.off, "parameter \""+a.name+"\" is neither true nor false", "")
		}
	}
}

// useOwn keeps the use of one of the project's own shortcodes.
func (r *render) useOwn(c *call) {
	if len(r.n.OwnShortcodes) >= maxDiags {
		return
	}
	u := Use{Name: c.name, File: r.n.Path}
	if len(r.sources) > 0 {
		u.File, u.Line, _, _ = r.whence(c.start)
	} else {
		u.Line, _ = r.position(c.start)
	}
	r.n.OwnShortcodes = append(r.n.OwnShortcodes, u)
}

// hint names the parameter most like name, or all of them.
func (d *shortcode) hint(name string) string {
	var names []string
	for _, p := range d.params {
		names = append(append(names, p.name), p.aliases...)
	}
	if near := diag.Nearest(name, names); near != "" {
		return "the nearest is \"" + near + "\""
	}
	return d.usage()
}

func (d *shortcode) usage() string {
	if len(d.params) == 0 {
		return "it takes no parameters"
	}
	names := make([]string, len(d.params))
	for i, p := range d.params {
		names[i] = p.name
	}
	return "it takes " + strings.Join(names, ", ")
}
