package site

import (
	"fmt"
	"io/fs"
	"strings"

	"lectern/internal/diag"
)

// What every system and every web server can hold.
const (
	maxNameLength = 255
	maxPathLength = 1024
	// reserved begins the names of the files in which Lectern keeps what it
	// knows about an output folder.
	reserved = ".lectern-"
	// assetsDir is the folder of the theme's own files.
	assetsDir = "lectern"
)

// claim gives an address to p, or reports why it can't have it; then p has no
// place in the site.
func (b *builder) claim(p *Page, a address) bool {
	problem, hint := b.ix.conflict(a.out), "give one of them another name, `slug` or `url`"
	if o, taken := b.ix.outs[a.out]; taken {
		other := "a generated page"
		if o.page != nil && o.page.Note != nil {
			other = o.page.Note.Path
		}
		problem = fmt.Sprintf("%s has the address %s already", other, a.url)
	}
	if problem != "" {
		switch {
		case p.Note != nil:
			b.report(p.Note, diag.Error, "url-duplicate", problem+", so this note is left out", hint)
			b.s.Unpublished = append(b.s.Unpublished, p.Note) // its own findings are told all the same
		case len(p.Members) > 0 && p.Members[0].Note != nil:
			b.report(p.Members[0].Note, diag.Warning, "url-duplicate", fmt.Sprintf("the term %q has no page: %s", p.LinkTitle, problem), "")
		}
		return false
	}
	p.URL, p.OutPath = a.url, a.out
	b.ix.reserve(a.out, owner{page: p})
	b.ix.pages[a.key] = p
	if p.Note != nil {
		b.ix.notes[p.Note.Path] = p
	}
	return true
}

// reserve notes what stands at out.
func (ix *index) reserve(out string, o owner) {
	ix.outs[out] = o
	for dir := parentFolder(out); dir != "" && !ix.dirs[dir]; dir = parentFolder(dir) {
		ix.dirs[dir] = true
	}
}

// conflict says why no file can be written at out beside those that are
// reserved, whatever front matter or a file's name asks for; "" if one can.
// That another file has the very same path is not its matter.
func (ix *index) conflict(out string) string {
	switch {
	case !fs.ValidPath(out) || out == "." || len(out) > maxPathLength:
		return fmt.Sprintf("no file can have the path %q", shorten(out))
	case strings.HasPrefix(out, reserved) || strings.Contains(out, "/"+reserved):
		return fmt.Sprintf("names that begin with %s are Lectern's own", reserved)
	case strings.ContainsFunc(out, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return fmt.Sprintf("the address %q has control characters", shorten(out))
	case isGenerated(out):
		first, _, _ := strings.Cut(out, "/")
		return fmt.Sprintf("/%s is a file that Lectern makes, and can't be a folder", first)
	case ix.dirs[out]:
		return fmt.Sprintf("/%s is a folder of other pages", out)
	}
	if len(out) > maxNameLength {
		for name := range strings.SplitSeq(out, "/") {
			if len(name) > maxNameLength {
				return fmt.Sprintf("the name %q is too long for a file", shorten(name))
			}
		}
	}
	for dir := parentFolder(out); dir != "" && !ix.dirs[dir]; dir = parentFolder(dir) {
		if _, taken := ix.outs[dir]; taken {
			return fmt.Sprintf("/%s is a file already, and can't be a folder", dir)
		}
	}
	return ""
}

// isGenerated reports whether out lies in a folder that has the name of a file
// which Lectern makes at the root of a site, and whose address programs know.
func isGenerated(out string) bool {
	first, _, below := strings.Cut(out, "/")
	if !below {
		return false
	}
	switch first {
	case "sw.js", "manifest.webmanifest", "robots.txt", "sitemap.xml", "404.html", "index.json", "llms.txt", "index.xml", "index.html":
		return true
	}
	return false
}

func shorten(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}

// Free reports whether a generated file can stand at out: no page, redirect or
// file of the author's has that place or needs it for a folder.
func (s *Site) Free(out string) bool {
	_, taken := s.index.outs[out]
	return !taken && s.index.conflict(out) == ""
}
