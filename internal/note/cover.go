package note

import (
	"bytes"
	"strings"
)

// cover adds the picture that the front matter names for the page as a whole
// (Hugo's `images`, of which the first counts, or `image`) to the links. It is
// shown where others link to the page, and so has no hole.
func (r *render) cover() {
	for _, name := range []string{"images", "image"} {
		var dest string
		for key, v := range r.n.Front.Params {
			if strings.EqualFold(key, name) {
				dest = firstText(v)
			}
		}
		if dest = strings.TrimSpace(dest); dest == "" {
			continue
		}
		off := max(bytes.Index(r.data, []byte(dest)), 0)
		r.addLink(destination{url: dest, kind: Cover, off: off}, "", "")
		return
	}
}

func firstText(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []any:
		if len(v) > 0 {
			return firstText(v[0])
		}
	}
	return ""
}
