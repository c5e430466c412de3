package note

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// trees show folders and files, or whatever else nests.
func trees() []*shortcode {
	return []*shortcode{{
		name: "tree", inner: innerRequired, raw: true, block: true,
		about: "A tree of names, from a Markdown list (`- name | icon | colour`) or from what the command `tree` prints.",
		show:  func(r *render, c *call) { r.tree(r.rawInner(c), c.innerFrom) },
	}}
}

// maxTree is how many names a tree shows.
const maxTree = 2000

// branch is one line of a tree.
type branch struct {
	depth int
	name  []byte
	off   int // in the tree's text
}

// tree writes text, which begins at offset off of the file.
func (r *render) tree(text []byte, off int) {
	list := treeLines(text)
	if len(list) == 0 {
		return
	}
	r.n.HasParts = true
	r.quiet++
	r.str(`<div class="tree">`)
	var open []int // depths of the lists that are open
	for i, b := range list {
		for len(open) > 0 && open[len(open)-1] > b.depth {
			r.str("</li></ul>")
			open = open[:len(open)-1]
		}
		if len(open) > 0 && open[len(open)-1] == b.depth {
			r.str("</li>\n")
		} else {
			r.str("<ul>\n")
			open = append(open, b.depth)
		}
		r.str("<li>")
		r.branch(b, off, i+1 < len(list) && list[i+1].depth > b.depth)
	}
	for range open {
		r.str("</li></ul>")
	}
	r.str("</div>\n")
	r.quiet--
	r.gap()
}

// branch writes one name with its icon.
func (r *render) branch(b branch, off int, folder bool) {
	parts := splitBranch(string(b.name))
	icon, color := "", ""
	if len(parts) > 1 {
		icon = strings.TrimSpace(parts[1])
	}
	if len(parts) > 2 {
		color = strings.TrimSpace(parts[2])
	}
	at := off + b.off
	if icon != "" {
		if name := r.iconName(arg{value: icon, off: at}); name != "" {
			t := tone{style: "default"}
			if named, ok := r.styleNamed(color); ok {
				t = named
			} else {
				r.paint(&t, color, func() { r.noColor(arg{value: color, off: at}) })
			}
			r.str(`<span class="` + t.tint() + `">`)
			r.iconSVG(name)
			r.str("</span> ")
		}
	}
	if folder {
		r.str(`<span class="tree-folder">`)
	}
	r.title(arg{value: strings.TrimSpace(parts[0]), off: at})
	if folder {
		r.str("</span>")
	}
	r.gap()
}

// splitBranch takes "name | icon | colour" apart, or name::icon::colour as
// Relearn once had it.
func splitBranch(s string) []string {
	if strings.Contains(s, "|") {
		return strings.SplitN(s, "|", 3)
	}
	if i := strings.Index(s, "::"); i > 0 {
		return strings.SplitN(s, "::", 3)
	}
	return []string{s}
}

// treeLines reads the lines of a tree: list items by their indentation, or what
// `tree` prints, whose lines have four columns for each level.
func treeLines(text []byte) []branch {
	var list []branch
	drawn := bytes.ContainsAny(text, "├└│") || bytes.Contains(text, []byte("+--")) || bytes.Contains(text, []byte("|-- "))
	for pos := 0; pos < len(text) && len(list) < maxTree; {
		end := len(text)
		if i := bytes.IndexByte(text[pos:], '\n'); i >= 0 {
			end = pos + i
		}
		line := text[pos:end]
		b, ok := listBranch(line)
		if drawn {
			b, ok = drawnBranch(line)
		}
		b.off += pos
		pos = end + 1
		if ok && !(drawn && (len(list) == 0 && isTreeRoot(b.name) || isTreeSummary(b.name))) {
			list = append(list, b)
		}
	}
	return list
}

// listBranch reads an item of a list; a line that is none counts as one.
func listBranch(line []byte) (branch, bool) {
	cols, i := 0, 0
	for ; i < len(line) && (line[i] == ' ' || line[i] == '\t'); i++ {
		if line[i] == '\t' {
			cols += 3
		}
		cols++
	}
	rest := line[i:]
	if n := markersWidth(rest); n > 0 {
		rest = rest[n:]
		i += n
	}
	rest = bytes.TrimSpace(rest)
	return branch{depth: cols, name: rest, off: i}, len(rest) > 0
}

// drawnBranch reads a line with branches drawn before the name.
func drawnBranch(line []byte) (branch, bool) {
	cols, i := 0, 0
	for i < len(line) {
		c, n := utf8.DecodeRune(line[i:])
		drawing := strings.ContainsRune(" \t\u00a0│├└─┬╰╭┌|`+\\", c) || c == '-' && i > 0 && strings.ContainsRune("-+`\\├└|", prevRune(line[:i]))
		if !drawing {
			break
		}
		cols++
		i += n
	}
	name := bytes.TrimSpace(line[i:])
	return branch{depth: (cols + 3) / 4, name: name, off: i}, len(name) > 0
}

func prevRune(s []byte) rune {
	c, _ := utf8.DecodeLastRune(s)
	return c
}

// isTreeRoot is true for the folder that a tree begins with.
func isTreeRoot(name []byte) bool {
	return string(name) == "." || bytes.HasSuffix(name, []byte(":.")) || string(name) == "./"
}

// isTreeSummary is true for "3 directories, 5 files".
func isTreeSummary(name []byte) bool {
	first, rest, _ := bytes.Cut(name, []byte{' '})
	return len(bytes.Trim(first, "0123456789")) == 0 && len(first) > 0 &&
		(bytes.HasPrefix(rest, []byte("director")) || bytes.HasPrefix(rest, []byte("file")))
}
