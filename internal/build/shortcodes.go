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
