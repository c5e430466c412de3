package note

import (
	"slices"

	"github.com/microcosm-cc/bluemonday"
)

// sanitizer cleans HTML of people nobody vouches for.
type sanitizer interface{ SanitizeBytes([]byte) []byte }

// newSanitizer allows what text needs: no scripts, no styles, no forms, no frames.
func newSanitizer() sanitizer {
	p := bluemonday.UGCPolicy()
	p.AllowAttrs("class").Globally()
	p.AllowElements("kbd", "mark", "small", "u", "wbr", "picture")
	p.AllowAttrs("open").OnElements("details")
	p.AllowAttrs("src", "type", "media").OnElements("source")
	p.AllowAttrs("controls", "src", "poster", "width", "height", "loop", "muted", "preload").OnElements("video", "audio")
	return p
}

// sanitized cleans a piece of HTML. Addresses that stand for pages are put in
// before, for the sanitiser to see; other shortcodes stay, they are not its matter.
func (r *render) sanitized(raw []byte) []byte {
	raw = r.expand(raw, func(dst []byte, id int) []byte {
		if c := &r.calls[id]; c.isRef() {
			c.check(r)
			return appendHTML(dst, c.target())
		}
		return appendToken(dst, id)
	})
	return r.p.policy().SanitizeBytes(raw)
}

// popTag forgets the innermost open tag of that name in the present element;
// false means there is none, so that an end tag would close the site's own.
func (r *render) popTag(name string) bool {
	for i := len(r.openTags) - 1; i >= r.tagBase; i-- {
		if r.openTags[i] == name {
			r.openTags = slices.Delete(r.openTags, i, i+1)
			return true
		}
	}
	return false
}

// closeTags ends the author's tags that are open since there were base.
func (r *render) closeTags(base int) {
	for i := len(r.openTags) - 1; i >= base; i-- {
		r.str("</" + r.openTags[i] + ">")
	}
	r.openTags = r.openTags[:min(base, len(r.openTags))]
}
