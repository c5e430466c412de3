package site

import (
	"path"
	"strings"
	"unicode"

	"lectern/internal/config"
)

// sanitize makes a path as Hugo does (checked against 0.145): letters, digits,
// marks and . / _ # + ~ - @ stay, as does % before two hexadecimal digits;
// each white space becomes a hyphen; all else goes.
func sanitize(s string, cfg *config.Config) string {
	if plainPath(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i, r := range s {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), strings.ContainsRune("./_#+~-@", r),
			r == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b.WriteRune(r)
		case unicode.IsSpace(r):
			b.WriteByte('-')
		}
	}
	out := b.String()
	if cfg.RemovePathAccents {
		out = removeAccents(out)
	}
	if !cfg.DisablePathToLower {
		out = strings.ToLower(out)
	}
	return out
}

// sanitizeTitle makes a path of a title or a slug as Hugo does: as sanitize, but
// white space, with what goes and what hyphens stand in it, makes one hyphen,
// and none at the ends.
func sanitizeTitle(s string, cfg *config.Config) string {
	var b strings.Builder
	var last rune
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = true
			continue
		case r == '-' && space, sanitize(string(r), cfg) == "":
			continue
		case space && last != 0 && last != '-':
			b.WriteByte('-')
		}
		b.WriteRune(r)
		last, space = r, false
	}
	return sanitize(b.String(), cfg)
}

// plainPath reports whether sanitize would leave s as it is; most names are plain.
func plainPath(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '/' || c == '_' || c == '-') {
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// segment makes one part of an address from a file's or folder's name. A name
// of nothing but characters that addresses leave out keeps them: an empty part
// would put the page at the place of its section.
func segment(name string, cfg *config.Config) string {
	if s := sanitize(name, cfg); strings.Trim(s, ".") != "" {
		return s
	}
	return strings.Trim(name, ".")
}

// escape percent-encodes a path for an address. What RFC 3986 allows in a path
// segment and Hugo leaves alone stays; % itself is encoded, since the file's
// name holds it.
func escape(p string) string {
	const upper = "0123456789ABCDEF"
	n := 0
	for i := range len(p) {
		if !pathByte(p[i]) {
			n++
		}
	}
	if n == 0 {
		return p
	}
	b := make([]byte, 0, len(p)+2*n)
	for i := range len(p) {
		if c := p[i]; pathByte(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', upper[c>>4], upper[c&15])
		}
	}
	return string(b)
}

func pathByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~/@+!$&'()*,;=", c) >= 0
}

// address is where a page stands: key is its path without a trailing slash
// ("/" for home), url and out as in Page.
type address struct{ key, url, out string }

// folderAddress is the address of a page that is a folder with an index.html.
func folderAddress(dir string) address {
	if dir == "" {
		return address{"/", "/", "index.html"}
	}
	// One string serves all three where nothing has to be escaped.
	url := escape("/" + dir + "/")
	return address{"/" + dir, url, dir + "/index.html"}
}

// noteAddress is the address of the page in folder dir named name.
func noteAddress(dir, name string, cfg *config.Config) address {
	p := name
	if dir != "" {
		p = dir + "/" + name
	}
	if cfg.UglyURLs {
		return address{"/" + p, escape("/" + p + ".html"), p + ".html"}
	}
	return folderAddress(p)
}

// fixedAddress is the address that front matter's `url` asks for. One with a
// file's extension is a file, any other a folder. It can't leave the site.
func fixedAddress(url string) address {
	p := strings.TrimPrefix(path.Clean("/"+url), "/")
	if strings.HasSuffix(url, "/") || path.Ext(p) == "" {
		return folderAddress(p)
	}
	return address{"/" + p, escape("/" + p), p}
}

// pageAddress is the address of the page that p, a path without slashes at its
// ends, stands for. A home is always a folder.
func (b *builder) pageAddress(p string) address {
	if p == b.cfg.LanguageDir {
		return folderAddress(p)
	}
	return noteAddress("", p, b.cfg)
}

// folder is the folder of the output that belongs to p: its own, or one beside
// its file, with a final slash; "" for the root.
func (p *Page) folder() string {
	if dir, ok := strings.CutSuffix(p.OutPath, "index.html"); ok && (dir == "" || strings.HasSuffix(dir, "/")) {
		return dir
	}
	return strings.TrimSuffix(p.OutPath, path.Ext(p.OutPath)) + "/"
}

// fixed is the address that front matter's `url` asks for in the builder's
// language. As with Hugo, one that begins with a slash is meant from the site's
// root, any other from the language's folder.
func (b *builder) fixed(url string) address {
	if b.cfg.LanguageDir == "" || strings.HasPrefix(url, "/") {
		return fixedAddress(url)
	}
	return fixedAddress(b.cfg.LanguageDir + path.Clean("/"+url) + url[len(strings.TrimRight(url, "/")):])
}
