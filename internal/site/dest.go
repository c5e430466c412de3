package site

import (
	"net/url"
	"path"
	"strings"

	"lectern/internal/config"
)

// dest is a link's destination in its parts.
type dest struct {
	// path is decoded; suffix is "?query#fragment" as written, fragment decoded.
	path, suffix, fragment string
}

// parseDest takes a destination apart; ok is false for what no link can mean.
func parseDest(s string) (d dest, ok bool) {
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		d.suffix = s[i:]
		s = s[:i]
		if _, frag, found := strings.Cut(d.suffix, "#"); found {
			d.fragment = unescape(frag)
		}
	}
	d.path = unescape(s)
	return d, !strings.ContainsAny(d.path, "\x00\n\r")
}

func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s // a lone percent sign means itself
}

// fromURL resolves d as a browser would on the document base, a decoded path
// such as "/day0/10_x/": it never leaves the root. The result has no trailing
// slash and no index.html.
func (d dest) fromURL(base string) string {
	p := d.path
	if p == "" || p[0] != '/' {
		p = base[:strings.LastIndexByte(base, '/')+1] + p
	}
	p = path.Clean("/" + p)
	if strings.HasSuffix(p, "/index.html") {
		p = path.Dir(p)
	}
	return p
}

// fromFile resolves d as a file beside the note at notePath, or from the roots
// where it begins with a slash. The results are paths in the project; none if
// it would leave it.
func (d dest) fromFile(notePath string, cfg *config.Config) []string {
	if strings.HasPrefix(d.path, "/") {
		out := []string{path.Join(cfg.ContentDir, path.Clean(d.path))}
		for _, dir := range cfg.StaticDirs {
			out = append(out, path.Join(dir, path.Clean(d.path)))
		}
		return out
	}
	p := path.Join(path.Dir(notePath), d.path)
	if p == ".." || strings.HasPrefix(p, "../") {
		return nil
	}
	return []string{p}
}

// outside reports whether d, read as a file beside the note, leaves the project.
func (d dest) outside(notePath string) bool {
	if strings.HasPrefix(d.path, "/") {
		return false
	}
	p := path.Join(path.Dir(notePath), d.path)
	return p == ".." || strings.HasPrefix(p, "../")
}

// relative writes the address key (decoded, from the root) as a link on base.
func relative(base, key string) string {
	from := strings.Split(strings.Trim(base[:strings.LastIndexByte(base, '/')+1], "/"), "/")
	to := strings.Split(strings.Trim(key, "/"), "/")
	if from[0] == "" {
		from = nil
	}
	n := 0
	for n < len(from) && n < len(to) && from[n] == to[n] {
		n++
	}
	up := strings.Repeat("../", len(from)-n)
	if up == "" {
		up = "./"
	}
	return up + strings.Join(to[n:], "/")
}
