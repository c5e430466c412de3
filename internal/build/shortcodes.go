package build

import (
	"lectern/internal/note"
)

// boxStyles reads the site's own styles for boxes (Relearn's params.boxStyle).
// What has no identifier can't be named, and is nobody's.
func boxStyles(params map[string]any) []note.BoxStyle {
	list, _ := params["boxstyle"].([]any)
	if maps, ok := params["boxstyle"].([]map[string]any); ok {
		for _, m := range maps {
			list = append(list, m)
		}
	}
	var out []note.BoxStyle
	for _, item := range list {
		m, ok := item.(map[string]any)
		if !ok {
			continue
		}
		text := func(key string) string {
			s, _ := m[key].(string)
			return s
		}
		if text("identifier") != "" {
			out = append(out, note.BoxStyle{
				Identifier: text("identifier"), Style: text("style"), Title: text("title"), Icon: text("icon"), Color: text("color"),
			})
		}
	}
	return out
}

// size returns the length of one of the project's files.
func (b *Builder) size(path string) int64 {
	if f := b.tree.Lookup(path); f != nil {
		return f.Bytes
	}
	return 0
}

// resized reports whether a file that some page lists has another length than
// when the model was made, which says so.
func (b *Builder) resized() bool {
	for _, s := range b.site.All() {
		for _, p := range s.Pages {
			for i := range p.Lists {
				for _, f := range p.Lists[i].Files {
					if b.size(f.File.Path) != f.File.Size {
						return true
					}
				}
			}
		}
	}
	return false
}

// touchLists marks the pages that list others: any edit may change what such a
// list shows or its order. Their keys say whether it did.
func (b *Builder) touchLists() {
	if b.touched == nil {
		return
	}
	for _, s := range b.site.All() {
		for _, p := range s.Pages {
			if len(p.Lists) > 0 {
				b.touched[p] = true
			}
		}
	}
}
