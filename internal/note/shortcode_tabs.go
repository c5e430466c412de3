package note

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// tabbed are texts side by side of which one shows. Radio buttons switch
// between them, so that it needs no script and the arrow keys work.
func tabbed() []*shortcode {
	return []*shortcode{
		{
			name: "tabs", inner: innerRequired, block: true,
			about: "Texts of which one shows. Those with one groupid switch together, where script runs.",
			params: []param{
				{name: "groupid"}, {name: "style"}, {name: "color"}, {name: "title"}, {name: "icon"},
			},
			show: (*render).tabs,
		},
		{
			name: "tab", inner: innerRequired, block: true,
			about: "One of the texts in tabs, or one by itself.",
			params: []param{
				{name: "title", pos: 1, aliases: []string{"name"}}, {name: "style"}, {name: "color"}, {name: "icon"},
			},
			show: (*render).tab,
		},
	}
}

// tabset is the tabs shortcode being written.
type tabset struct {
	// id is its own among those of all notes that may be shown on one page.
	id   string
	call *call
	n    int // tabs written so far
}

func (r *render) tabs(c *call) {
	r.n.HasParts = true
	r.tabsets++
	r.str(`<div class="tabs"`)
	if group := strings.TrimSpace(c.str("groupid")); group != "" {
		r.attr("data-group", group)
		r.n.HasTabGroups = true
	}
	r.str(">\n")
	icon := ""
	if c.has("icon") {
		icon = r.iconOf(c, tone{})
	}
	if title := c.titleOf(tone{}); title.value != "" || icon != "" {
		r.str(`<p class="tabs-title">`)
		r.iconSVG(icon)
		r.quiet++
		r.title(title)
		r.quiet--
		r.str("</p>\n")
		r.gap()
	}
	outer := r.tabset
	r.tabset = &tabset{id: r.tabsID(), call: c}
	r.inner(c, false)
	r.tabset = outer
	r.str("</div>\n")
}

// tabsID begins with a hash of the note's path: pages may show several notes.
func (r *render) tabsID() string {
	h := fnv.New32a()
	h.Write([]byte(r.n.Path))
	return "tab:" + strconv.FormatUint(uint64(h.Sum32()), 36) + ":" + strconv.Itoa(r.tabsets)
}

func (r *render) tab(c *call) {
	set := r.tabset
	r.tabset = nil
	defer func() { r.tabset = set }()
	if set == nil {
		r.n.HasParts = true
		t := r.tone(c, "default")
		r.str(`<div class="tabs"><p class="tab ` + t.tint() + `">`)
		r.tabTitle(c, t, 1)
		r.str("</p>")
		r.tabBody(c)
		r.str("</div>\n")
		return
	}
	set.n++
	t := r.tone(c, "default")
	if !c.has("style") && !c.has("color") && (set.call.has("style") || set.call.has("color")) {
		t = r.tone(set.call, "default")
	}
	id := set.id + ":" + strconv.Itoa(set.n)
	r.str(`<input class="tab-pick" type="radio" name="` + set.id + `" id="` + id + `"`)
	if set.n == 1 {
		r.str(` checked`)
	}
	r.str(`><label class="tab ` + t.tint() + `" for="` + id + `">`)
	r.tabTitle(c, t, set.n)
	r.str("</label>")
	r.tabBody(c)
}

// tabTitle writes what stands on a tab; its number where that is nothing.
func (r *render) tabTitle(c *call, t tone, n int) {
	icon, title := r.iconOf(c, t), c.titleOf(t)
	if title.value == "" && icon == "" {
		title.value = strconv.Itoa(n)
	}
	r.iconSVG(icon)
	r.quiet++
	r.title(title)
	r.quiet--
	r.gap()
}

func (r *render) tabBody(c *call) {
	r.str(`<div class="tab-body">` + "\n")
	r.inner(c, false)
	r.str("</div>\n")
}
