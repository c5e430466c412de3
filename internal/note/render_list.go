package note

import (
	"strconv"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer/html"
)

func (r *render) list(n *ast.List) {
	if r.p.opts.HideTodos && !r.dropTodos(n) {
		return
	}
	tag := "ul"
	if n.IsOrdered() {
		tag = "ol"
	}
	r.str("<" + tag)
	if n.IsOrdered() && n.Start != 1 {
		r.str(` start="` + strconv.Itoa(n.Start) + `"`)
	}
	r.attrs(n, html.ListAttributeFilter)
	r.str(">\n")
	r.children(n)
	r.str("</" + tag + ">\n")
}

func (r *render) listItem(n *ast.ListItem) {
	r.str("<li")
	r.attrs(n, html.ListItemAttributeFilter)
	r.str(">")
	if first := n.FirstChild(); first != nil {
		if _, tight := first.(*ast.TextBlock); !tight {
			r.str("\n")
		}
	}
	if !r.p.exact && r.todoItem(n) {
		start := r.beginAside()
		r.children(n)
		r.endAside(start)
	} else {
		r.children(n)
	}
	r.str("</li>\n")
}

// todoItem reports whether a point of a list, with all below it, is yet to be done.
func (r *render) todoItem(n ast.Node) bool {
	switch first := n.FirstChild().(type) {
	case *ast.TextBlock, *ast.Paragraph:
		return r.todo(first.FirstChild())
	}
	return false
}

// dropTodos takes the points that are yet to be done out of a list and reports
// whether any are left.
func (r *render) dropTodos(list *ast.List) bool {
	for item := list.FirstChild(); item != nil; {
		next := item.NextSibling()
		if r.todoItem(item) {
			list.RemoveChild(list, item)
			r.hidden++
		}
		item = next
	}
	return list.HasChildren()
}
