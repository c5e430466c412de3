package page

import (
	"html"
	"net/url"
	"strings"

	"lectern/internal/site"
)

// roots are the ways up to the site's root from documents of each depth.
const roots = "../../../../../../../../../../../../../../../../"

// rootFrom returns the prefix that leads from a document depth folders below
// the site's root to that root: "./" at the root itself (so that a first
// segment with a colon is not taken for a scheme), "../../" two below.
func rootFrom(depth int) string {
	switch {
	case depth <= 0:
		return "./"
	case 3*depth <= len(roots):
		return roots[:3*depth]
	default:
		return strings.Repeat("../", depth)
	}
}

// rel turns the URL of a page or file, which begins at the site's root, into
// one that begins at root. Any other URL (a fragment, one with a scheme or a
// host, one relative to the document already) stays as it is.
func rel(root, url string) string {
	if len(url) == 0 || url[0] != '/' || strings.HasPrefix(url, "//") {
		return url
	}
	return root + url[1:]
}

// linkURL returns the address that a resolved link has in a document.
func linkURL(root string, t site.Target) string {
	switch t.Kind {
	case site.TargetPage, site.TargetFile:
		return rel(root, t.URL)
	default:
		return t.URL
	}
}

// absolute returns url, which begins at the site's root, below base, which
// ends with a slash.
func absolute(base, url string) string { return base + strings.TrimPrefix(url, "/") }

// appendEscaped appends s as HTML text or as the value of a quoted attribute.
func appendEscaped(dst []byte, s string) []byte {
	if !strings.ContainsAny(s, `&<>"'`) {
		return append(dst, s...)
	}
	return append(dst, html.EscapeString(s)...)
}

// escapeURLPath percent-encodes what a path in an address may not hold.
func escapeURLPath(p string) string { return (&url.URL{Path: p}).EscapedPath() }

// escapeFragment percent-encodes what a fragment may not hold; letters of any
// script stay, as browsers and people write them.
func escapeFragment(s string) string {
	plain := func(c byte) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
			c >= 0x80 || strings.IndexByte("-._~/!$'()*,;=:@?&+", c) >= 0
	}
	i := 0
	for i < len(s) && plain(s[i]) {
		i++
	}
	if i == len(s) {
		return s
	}
	const upper = "0123456789ABCDEF"
	b := append(make([]byte, 0, len(s)+12), s[:i]...)
	for ; i < len(s); i++ {
		if c := s[i]; plain(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', upper[c>>4], upper[c&15])
		}
	}
	return string(b)
}
