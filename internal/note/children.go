package note

import (
	"strconv"
	"strings"
)

// childPages reads the children shortcode in all its spellings and asks for the
// list that it means.
func (r *render) childPages(c *call, kind string) {
	if kind == "" {
		kind = r.choice(c, "type", "", "tree", "list", "flat", "group", "card")
	}
	style, container := strings.ToLower(c.str("style")), strings.ToLower(c.str("containerstyle"))
	p := &PagesCall{
		Ref: strings.TrimSpace(c.str("page")), Kind: "all", Axis: "descendants", Levels: r.number(c, "depth", 1, 1, maxLevels), Display: "tree", Columns: 1,
		Hidden: c.flag("showhidden"), Description: c.flag("description"), Breadcrumb: c.flag("breadcrumb"),
		Image: c.truth("image", true), Heading: r.number(c, "headingdepth", 2, 1, 6),
	}
	if kind == "" {
		kind = oldChildren(style, container)
		if n, err := strconv.Atoi(strings.TrimPrefix(style, "h")); err == nil && n >= 1 && n <= 6 && kind == "list" {
			p.Heading = n
		}
	}
	switch kind {
	case "list":
		p.Display = "headings"
	case "flat":
		p.Display = "list"
	case "group":
		p.GroupBy = &Expr{Field: "linktitle", Steps: []Step{{Func: "left", N: 1}, {Func: "upper"}}}
		p.OrderBy = []Order{{Expr: Expr{Field: "linktitle"}}}
		p.Columns, p.Levels = 3, 1
	case "card":
		p.Display, p.Columns, p.Levels = "cards", 3, 1
	}
	if p.OrderBy == nil {
		p.OrderBy = r.childrenOrder(c)
	}
	r.siteCall(c, Call{Pages: p})
}

// oldChildren is the type that style and containerstyle meant before there was
// one.
func oldChildren(style, container string) string {
	switch {
	case style == "" && container == "", container == "ul", style == "li":
		return "tree"
	case strings.HasPrefix(style, "h"):
		return "list"
	case style == "card":
		return "card"
	}
	return "flat"
}

func (r *render) childrenOrder(c *call) []Order {
	field := ""
	switch r.choice(c, "sort", "auto", "auto", "default", "weight", "title", "linktitle", "name", "identifier",
		"modifieddate", "lastmod", "expirydate", "publishdate", "date", "length") {
	case "auto", "default", "identifier":
		return nil
	case "title", "linktitle", "name":
		field = "linktitle"
	case "modifieddate", "lastmod":
		field = "lastmod"
	default:
		field = strings.ToLower(strings.TrimSpace(c.str("sort")))
	}
	return []Order{{Expr: Expr{Field: field}}}
}
